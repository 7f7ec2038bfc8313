//! The keys behind the onion hosts: Ed25519 pairs whose secrets anybody can make again from the seed.

use rand::RngCore as _;
use sha2::{Digest as _, Sha512};

use super::stream;
use crate::identifier;

/// The secret of a site's key pair, from the seed and the site's own stream.
pub(super) fn seed(seed: u64, part: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    stream(seed, part).fill_bytes(&mut bytes);
    bytes
}

/// The host of its public key.
pub(super) fn host(seed: &[u8; 32]) -> String {
    identifier::onion_of(seed)
}

/// The secret as it is used for signing: SHA-512 of the seed, its first half made a scalar (RFC 8032, section 5.1.5).
pub(super) fn expanded(seed: &[u8; 32]) -> [u8; 64] {
    let mut bytes: [u8; 64] = Sha512::digest(seed).into();
    bytes[0] &= 0b1111_1000;
    bytes[31] &= 0b0111_1111;
    bytes[31] |= 0b0100_0000;
    bytes
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::edwards::EdwardsPoint;

    use super::*;

    /// What a C tor does with its key file: the public key is the scalar times the base point.
    #[test]
    fn an_expanded_secret_is_the_key_of_its_host() {
        for part in 0..8 {
            let seed = seed(9, part);
            let secret = expanded(&seed);
            let public = EdwardsPoint::mul_base_clamped(secret[..32].try_into().unwrap()).compress();
            assert_eq!(authorisation::onion_v3(public.as_bytes()), host(&seed));
            // Clamping once more changes nothing: a tor that does not clamp uses the same scalar.
            assert_eq!(curve25519_dalek::scalar::clamp_integer(secret[..32].try_into().unwrap()), secret[..32]);
        }
    }
}
