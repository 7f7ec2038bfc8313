//! Points, scalars and hashes of ristretto255, each in one encoding.

use std::sync::LazyLock;

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoBasepointTable};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;
use sha2::{Digest as _, Sha512};

/// The second generator and its table: hashed to the group, so that nobody knows its logarithm.
static SECOND: LazyLock<(RistrettoPoint, RistrettoBasepointTable)> = LazyLock::new(|| {
    let point = RistrettoPoint::from_uniform_bytes(&Sha512::digest(b"lanthorn 2026-11 tdh2 second generator").into());
    (point, RistrettoBasepointTable::create(&point))
});

pub(crate) fn second_generator() -> RistrettoPoint {
    SECOND.0
}

pub(crate) fn second_table() -> &'static RistrettoBasepointTable {
    &SECOND.1
}

/// Decodes a point; the identity is none.
pub(crate) fn point(bytes: &[u8; 32]) -> Option<RistrettoPoint> {
    CompressedRistretto(*bytes).decompress().filter(|point| *point != RistrettoPoint::identity())
}

/// Decodes a reduced scalar.
pub(crate) fn scalar(bytes: &[u8; 32]) -> Option<Scalar> {
    Scalar::from_canonical_bytes(*bytes).into()
}

/// `HS` of the format page: every part under its own length, so that no two lists of parts hash alike.
pub(crate) fn hash_to_scalar(domain: &str, parts: &[&[u8]]) -> Scalar {
    let mut hasher = Sha512::new();
    for part in std::iter::once(&domain.as_bytes()).chain(parts) {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Scalar::from_bytes_mod_order_wide(&hasher.finalize().into())
}

/// `B3` of the format page.
pub(crate) fn blake3_over<'a>(context: &'static str, parts: impl IntoIterator<Item = &'a [u8]>) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    hasher
}

/// The Lagrange coefficient of `index` at `x` among `indices`.
pub(crate) fn lagrange(indices: &[u16], index: u16, x: u16) -> Scalar {
    let (x, own) = (Scalar::from(x), Scalar::from(index));
    let (mut above, mut below) = (Scalar::ONE, Scalar::ONE);
    for other in indices.iter().filter(|other| **other != index) {
        let other = Scalar::from(*other);
        above *= x - other;
        below *= own - other;
    }
    above * below.invert()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_parts_that_join_alike_hash_apart() {
        assert_ne!(hash_to_scalar("d", &[b"ab", b"c"]), hash_to_scalar("d", &[b"a", b"bc"]));
        assert_ne!(blake3_over("d", [&b"ab"[..], b"c"]).finalize(), blake3_over("d", [&b"a"[..], b"bc"]).finalize());
    }

    #[test]
    fn the_identity_and_unreduced_scalars_are_refused() {
        assert!(point(&[0; 32]).is_none() && point(&[0xff; 32]).is_none() && scalar(&[0xff; 32]).is_none());
        assert!(point(&second_generator().compress().to_bytes()).is_some());
    }

    #[test]
    fn lagrange_coefficients_interpolate() {
        let at = |x: u16| Scalar::from(7u8) + Scalar::from(5u8) * Scalar::from(x);
        let sum = |x| [2u16, 9].iter().map(|i| lagrange(&[2, 9], *i, x) * at(*i)).sum::<Scalar>();
        assert_eq!((sum(0), sum(4)), (at(0), at(4)));
    }
}
