//! What somebody says to all others of a ceremony or a repair before any secret is sent to them, signed.

use crate::{Error, Unlocked};
use ed25519_dalek::{Signature, VerifyingKey};
use minicbor::{Decoder, Encoder};
use seal::sshsig;

const VERSION: u64 = 1;

/// A member's broadcast, and the key that messages to them are encrypted to; signed by them.
pub(crate) struct Announcement {
    pub(crate) broadcast: Vec<u8>,
    pub(crate) recipient: String,
}

/// What announcements are signed for: one plan, in one kind of signature.
#[derive(Clone, Copy)]
pub(crate) struct Purpose<'p> {
    pub(crate) namespace: &'static str,
    pub(crate) plan: &'p [u8],
}

impl Announcement {
    /// What is signed: the plan, the broadcast, and the key that messages are to be encrypted to.
    fn statement(&self, plan: &[u8]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes)
            .array(3)
            .ok()?
            .bytes(plan)
            .ok()?
            .bytes(&self.broadcast)
            .ok()?
            .str(&self.recipient)
            .ok()?;
        Some(bytes)
    }

    pub(crate) fn sign(&self, purpose: Purpose<'_>, unlocked: &Unlocked) -> Result<Vec<u8>, Error> {
        let wrong = || Error::Malformed { what: "the announcement" };
        let statement = self.statement(purpose.plan).ok_or_else(wrong)?;
        let signature = sshsig::sign(purpose.namespace, &statement, unlocked.signing_key()).to_bytes();
        let mut bytes = Vec::new();
        let mut out = Encoder::new(&mut bytes);
        let written = out
            .array(4)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.broadcast)?.str(&self.recipient)?.bytes(&signature));
        written.map_err(|_| wrong())?;
        Ok(bytes)
    }

    pub(crate) fn read(bytes: &[u8], purpose: Purpose<'_>, key: &VerifyingKey) -> Option<Self> {
        let mut input = Decoder::new(bytes);
        if input.array().ok()? != Some(4) || input.u64().ok()? != VERSION {
            return None;
        }
        let announcement = Self { broadcast: input.bytes().ok()?.to_vec(), recipient: input.str().ok()?.to_owned() };
        let signature = Signature::from_slice(input.bytes().ok()?).ok()?;
        let good = input.position() == bytes.len()
            && sshsig::verifies(purpose.namespace, &announcement.statement(purpose.plan)?, &signature, key);
        good.then_some(announcement)
    }
}
