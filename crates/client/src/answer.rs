//! A supervisor's answer: a share and one decapsulated secret, signed, encrypted to the requester.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use minicbor::{Decoder, Encoder};
use model::{PersonId, Sensitive};
use seal::{Contribution, DecryptionShare, MlKemSecret};

use crate::{Error, Grant};
use seal::sshsig::{self, GRANT_NAMESPACE};

const VERSION: u64 = 1;
const WHAT: &str = "the answer";

/// An opened answer; the server only ever sees it encrypted.
#[derive(Debug)]
pub struct Answer {
    /// Who gave it.
    pub supervisor: PersonId,
    pub(crate) contribution: Contribution,
    /// The supervisor's signature under the grant.
    pub signature: Signature,
}

impl Answer {
    pub(crate) fn new(
        supervisor: &PersonId,
        key: &SigningKey,
        grant: &Grant,
        contribution: Contribution,
    ) -> Result<Self, Error> {
        let signature = sshsig::sign(GRANT_NAMESPACE, &grant.to_bytes()?, key);
        Ok(Self { supervisor: supervisor.clone(), contribution, signature })
    }

    /// Whether the signature is this person's, under this grant.
    #[must_use]
    pub fn is_signed_by(&self, key: &VerifyingKey, grant: &Grant) -> bool {
        grant.to_bytes().is_ok_and(|grant| sshsig::verifies(GRANT_NAMESPACE, &grant, &self.signature, key))
    }

    /// Encrypts it so that only the requester can read it.
    pub(crate) fn lock(&self, recipient: &str) -> Result<Vec<u8>, Error> {
        let recipient: age::x25519::Recipient =
            recipient.parse().map_err(|_| Error::Malformed { what: "the requester's age key" })?;
        let mut bytes = Sensitive::new(Vec::new());
        Encoder::new(bytes.expose_mut())
            .array(5)
            .and_then(|out| out.u64(VERSION)?.str(self.supervisor.as_str())?.bytes(&self.contribution.share.to_bytes()))
            .and_then(|out| out.bytes(self.contribution.secret.expose())?.bytes(&self.signature.to_bytes()))
            .map_err(|_| Error::Malformed { what: WHAT })?;
        age::encrypt(&recipient, bytes.expose()).map_err(|error| Error::Encrypt { what: WHAT, why: error.to_string() })
    }

    /// Decrypts and reads one.
    pub(crate) fn unlock(file: &[u8], identity: &age::x25519::Identity) -> Result<Self, Error> {
        let bytes = Sensitive::new(age::decrypt(identity, file).map_err(|_| Error::Locked { what: WHAT })?);
        Self::read(bytes.expose()).ok_or(Error::Malformed { what: WHAT })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut input = Decoder::new(bytes);
        if input.array().ok()? != Some(5) || input.u64().ok()? != VERSION {
            return None;
        }
        let supervisor = input.str().ok()?.parse().ok()?;
        let share = DecryptionShare::from_bytes(input.bytes().ok()?).ok()?;
        let secret = MlKemSecret::from_bytes(input.bytes().ok()?.try_into().ok()?);
        let signature = Signature::from_slice(input.bytes().ok()?).ok()?;
        (input.position() == bytes.len()).then_some(Self {
            supervisor,
            contribution: Contribution { share, secret },
            signature,
        })
    }
}
