//! What one supervisor holds of an epoch.

use std::fmt;

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_TABLE;
use curve25519_dalek::scalar::Scalar;
use minicbor::Encoder;
use model::{EpochId, Sensitive};
use zeroize::Zeroizing;

use super::EpochPublic;
use crate::cbor::{Reader, VECTOR, same};
use crate::group::scalar;
use crate::kem::{MLKEM_CIPHERTEXT_BYTES, Seed};
use crate::{Error, MlKemSecret};

const WHAT: &str = "key share";
const VERSION: u64 = 1;

/// A supervisor's secret share of the group key and the seed of the ML-KEM key. Wiped when dropped; written only through
/// [`to_bytes`](Self::to_bytes), and then encrypted by whoever asked for it.
pub struct KeyShare {
    epoch: EpochId,
    index: u16,
    secret: Zeroizing<Scalar>,
    verification: [u8; 32],
    seed: Seed,
}

impl KeyShare {
    pub(super) fn new(epoch: EpochId, index: u16, secret: Zeroizing<Scalar>, seed: Seed) -> Self {
        let verification = (&*secret * RISTRETTO_BASEPOINT_TABLE).compress().to_bytes();
        Self { epoch, index, secret, verification, seed }
    }

    /// The epoch it belongs to.
    #[must_use]
    pub const fn epoch(&self) -> EpochId {
        self.epoch
    }

    /// Whose it is, by index in the roster.
    #[must_use]
    pub const fn index(&self) -> u16 {
        self.index
    }

    /// Its bytes, which must not be written as they are.
    #[must_use]
    pub fn to_bytes(&self) -> Sensitive<Vec<u8>> {
        let mut bytes = Vec::with_capacity(160);
        let mut out = Encoder::new(&mut bytes);
        out.array(5)
            .and_then(|out| out.u64(VERSION)?.bytes(self.epoch.as_bytes())?.u16(self.index))
            .and_then(|out| out.bytes(self.secret.as_bytes())?.bytes(&self.seed.0))
            .expect(VECTOR);
        Sensitive::new(bytes)
    }

    /// Reads a share, and checks it against the epoch it says it belongs to.
    ///
    /// # Errors
    /// If the bytes are no share, or not the one of this epoch's roster.
    pub fn from_bytes(bytes: &[u8], epoch: &EpochPublic) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, WHAT);
        input.versioned_array(5, VERSION)?;
        let id = EpochId::from_bytes(input.fixed()?);
        let index = input.u16()?;
        let secret = Zeroizing::new(input.fixed()?);
        let secret = scalar(&secret).ok_or_else(|| input.error("its secret is not reduced"))?;
        let share = Self::new(id, index, Zeroizing::new(secret), Seed(input.fixed()?));
        same(share.to_bytes().expose(), bytes, WHAT)?;
        share.check(epoch)?;
        Ok(share)
    }

    /// Whether it is the share that the epoch's certificate publishes for its index.
    ///
    /// # Errors
    /// If not. A share that was repaired or copied wrongly is found here, not when it is needed.
    pub fn check(&self, epoch: &EpochPublic) -> Result<(), Error> {
        if self.epoch != epoch.id() {
            return Err(Error::OtherEpoch);
        }
        let published = epoch.member(self.index).map(super::Member::verification_bytes);
        let fits =
            published == Some(&self.verification) && self.seed.public_key().to_bytes() == epoch.mlkem().to_bytes();
        let why = "it is not the one that the epoch's certificate publishes";
        if fits { Ok(()) } else { Err(Error::Malformed { what: WHAT, why }) }
    }

    pub(crate) fn secret(&self) -> &Scalar {
        &self.secret
    }

    pub(crate) const fn verification(&self) -> &[u8; 32] {
        &self.verification
    }

    pub(super) fn seed(&self) -> Seed {
        self.seed.clone()
    }

    pub(crate) fn decapsulate(&self, ciphertext: &[u8; MLKEM_CIPHERTEXT_BYTES]) -> MlKemSecret {
        self.seed.decapsulate(ciphertext)
    }
}

impl fmt::Debug for KeyShare {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "KeyShare(epoch {}, supervisor {})", self.epoch, self.index)
    }
}
