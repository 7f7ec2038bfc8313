//! Sealing: what a crawler does with public keys alone.

use std::fmt;

use curve25519_dalek::ristretto::RistrettoBasepointTable;
use model::{AuthorisationId, CaptureId, CaseId, EpochId};
use rand::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::file_key::Legs;
use crate::header::Stanza;
use crate::kem::PublicKey;
use crate::payload::{self, Fresh};
use crate::tdh2::{Ephemeral, Statement};
use crate::{Commitments, EpochPublic, Error, FileKey, Header, Label};

/// Seals originals to one epoch. Making one precomputes tables; keep it.
#[derive(Clone)]
pub struct Sealer {
    epoch: EpochId,
    group_key: Box<RistrettoBasepointTable>,
    mlkem: PublicKey,
}

/// A sealed original: two files, and what may be known about them.
pub struct Sealed {
    /// The header file.
    pub header: Vec<u8>,
    /// The payload file.
    pub payload: Vec<u8>,
    /// BLAKE3 of the header file.
    pub header_hash: [u8; 32],
    /// BLAKE3 of the payload file.
    pub payload_hash: [u8; 32],
    /// What the log holds.
    pub commitments: Commitments,
}

impl Sealer {
    /// A sealer to the keys of a certified epoch.
    #[must_use]
    pub fn new(epoch: &EpochPublic) -> Self {
        Self {
            epoch: epoch.id(),
            group_key: Box::new(RistrettoBasepointTable::create(epoch.group_key())),
            mlkem: epoch.mlkem().clone(),
        }
    }

    /// The label of a capture sealed here: it names this sealer's epoch.
    #[must_use]
    pub const fn label(&self, case: CaseId, authorisation: AuthorisationId, capture: CaptureId) -> Label {
        Label { case, authorisation, capture, epoch: self.epoch }
    }

    /// Seals an original under a label.
    ///
    /// # Errors
    /// If the label names another epoch, or the original is larger than [`MAX_ORIGINAL_BYTES`](crate::MAX_ORIGINAL_BYTES).
    pub fn seal(&self, label: &Label, original: &[u8], rng: &mut (impl RngCore + CryptoRng)) -> Result<Sealed, Error> {
        if label.epoch != self.epoch {
            return Err(Error::OtherEpoch);
        }
        let mut key = Zeroizing::new([0; 16]);
        rng.fill_bytes(&mut *key);
        let key = FileKey::new(*key);
        let mut fresh = Fresh { salt: Zeroizing::default(), nonce: Default::default() };
        rng.fill_bytes(&mut *fresh.salt);
        rng.fill_bytes(&mut fresh.nonce);
        let header = self.header(label, &key, rng);
        let (payload, commitments) = payload::write(original, &key, &fresh)?;
        Ok(Sealed {
            header_hash: header.hash(),
            payload_hash: *blake3::hash(&payload).as_bytes(),
            header: header.into_bytes(),
            payload,
            commitments,
        })
    }

    fn header(&self, label: &Label, key: &FileKey, rng: &mut (impl RngCore + CryptoRng)) -> Header {
        let ephemeral = Ephemeral::draw(&self.group_key, rng);
        let mut message = Zeroizing::new([0; 32]);
        rng.fill_bytes(&mut *message);
        let (ciphertext, secret) = self.mlkem.encapsulate(&message);
        let bytes = label.to_bytes();
        let wrapped = key.wrap(Legs {
            shared: ephemeral.shared(),
            secret: &secret,
            label: &bytes,
            u: ephemeral.u(),
            ciphertext: &ciphertext,
        });
        let key_part = ephemeral.prove(Statement { label: &bytes, ciphertext: &ciphertext, wrapped: &wrapped });
        Header::new(label.clone(), &bytes, Stanza { key_part, ciphertext, wrapped }, key)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sealer(epoch {})", self.epoch)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sealed({} + {} bytes)", self.header.len(), self.payload.len())
    }
}
