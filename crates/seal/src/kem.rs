//! ML-KEM-768, the leg that keeps an original sealed against a quantum computer.

use std::fmt;

use ml_kem::kem::Decapsulate as _;
use ml_kem::{EncapsulateDeterministic as _, Encoded, EncodedSizeUser as _, KemCore as _, MlKem768};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Error;

/// Bytes of an encapsulation key.
pub const MLKEM_KEY_BYTES: usize = 1184;
/// Bytes of a ciphertext.
pub const MLKEM_CIPHERTEXT_BYTES: usize = 1088;
/// Bytes of the seed of a decapsulation key: `d ‖ z` of FIPS 203.
pub const MLKEM_SEED_BYTES: usize = 64;

type EncapsulationKey = <MlKem768 as ml_kem::KemCore>::EncapsulationKey;
type DecapsulationKey = <MlKem768 as ml_kem::KemCore>::DecapsulationKey;

/// An encapsulation key, decoded and checked.
#[derive(Clone)]
pub(crate) struct PublicKey {
    key: EncapsulationKey,
}

impl PublicKey {
    pub(crate) fn from_bytes(bytes: &[u8; MLKEM_KEY_BYTES]) -> Result<Self, Error> {
        let encoded = Encoded::<EncapsulationKey>::from(*bytes);
        let key = EncapsulationKey::from_bytes(&encoded);
        // The modulus check of FIPS 203, section 7.2: what decodes must encode to the same bytes.
        if key.as_bytes() == encoded {
            Ok(Self { key })
        } else {
            Err(Error::Malformed { what: "ML-KEM key", why: "a coefficient is not reduced" })
        }
    }

    pub(crate) fn to_bytes(&self) -> [u8; MLKEM_KEY_BYTES] {
        self.key.as_bytes().into()
    }

    /// The ciphertext of a message of 32 random bytes, and the secret in it.
    pub(crate) fn encapsulate(&self, message: &[u8; 32]) -> ([u8; MLKEM_CIPHERTEXT_BYTES], MlKemSecret) {
        let (ciphertext, mut secret) =
            self.key.encapsulate_deterministic(message.into()).expect("encapsulation cannot fail");
        let taken = MlKemSecret(secret.into());
        secret.as_mut_slice().zeroize();
        (ciphertext.into(), taken)
    }
}

/// The secret that ML-KEM put into one ciphertext. It opens nothing without k shares, and nothing else with them.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct MlKemSecret([u8; 32]);

impl MlKemSecret {
    /// From its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes: for the requester's eyes only.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for MlKemSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MlKemSecret(32 bytes)")
    }
}

/// The seed of the epoch's decapsulation key. It never leaves a supervisor's machine.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Seed(pub(crate) [u8; MLKEM_SEED_BYTES]);

impl Seed {
    fn keys(&self) -> (DecapsulationKey, PublicKey) {
        let (d, z) = self.0.split_at(32);
        let half =
            |bytes: &[u8]| Zeroizing::new(<[u8; 32]>::try_from(bytes).expect("the seed has two halves of 32 bytes"));
        let (secret, key) = MlKem768::generate_deterministic((&*half(d)).into(), (&*half(z)).into());
        (secret, PublicKey { key })
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        self.keys().1
    }

    pub(crate) fn decapsulate(&self, ciphertext: &[u8; MLKEM_CIPHERTEXT_BYTES]) -> MlKemSecret {
        let mut secret = self.keys().0.decapsulate(&(*ciphertext).into()).expect("decapsulation cannot fail");
        let taken = MlKemSecret(secret.into());
        secret.as_mut_slice().zeroize();
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encapsulated_is_decapsulated() {
        let seed = Seed([7; 64]);
        let key = PublicKey::from_bytes(&seed.public_key().to_bytes()).unwrap();
        let (ciphertext, secret) = key.encapsulate(&[9; 32]);
        assert!(seed.decapsulate(&ciphertext) == secret);
        let mut other = ciphertext;
        other[0] ^= 1;
        assert!(seed.decapsulate(&other) != secret);
    }

    #[test]
    fn an_unreduced_coefficient_is_refused() {
        let mut bytes = Seed([7; 64]).public_key().to_bytes();
        (bytes[0], bytes[1]) = (0xff, 0xff);
        assert!(PublicKey::from_bytes(&bytes).is_err());
    }
}
