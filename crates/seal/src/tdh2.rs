//! The key part of a header: a TDH2 ciphertext whose proof covers the label (Shoup and Gennaro, J. Cryptology 15, 2002).

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::constants::{RISTRETTO_BASEPOINT_POINT, RISTRETTO_BASEPOINT_TABLE};
use curve25519_dalek::ristretto::RistrettoBasepointTable;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use rand::{CryptoRng, RngCore};
use zeroize::{Zeroize as _, Zeroizing};

use crate::Error;
use crate::group::{hash_to_scalar, point, scalar, second_generator, second_table};

/// Bytes of `u ‖ ū ‖ e ‖ f`.
pub(crate) const KEY_PART_BYTES: usize = 128;

const DOMAIN: &str = "lanthorn 2026-11 tdh2 ciphertext";

/// What the proof covers beside its own points.
#[derive(Clone, Copy)]
pub(crate) struct Statement<'a> {
    pub(crate) label: &'a [u8],
    pub(crate) ciphertext: &'a [u8],
    pub(crate) wrapped: &'a [u8],
}

/// An ephemeral key whose shared secret is known and whose proof is not made yet: the wrapped key, which depends on the
/// secret, goes into the proof.
pub(crate) struct Ephemeral {
    r: Zeroizing<Scalar>,
    s: Zeroizing<Scalar>,
    u: [u8; 32],
    u_bar: [u8; 32],
    w: [u8; 32],
    w_bar: [u8; 32],
    shared: Zeroizing<[u8; 32]>,
}

impl Ephemeral {
    /// Draws the scalars, and computes the five points in one batch: doubling them while encoding costs one inversion
    /// instead of five square roots, so each is computed from half its scalar.
    pub(crate) fn draw(group_key: &RistrettoBasepointTable, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let half_r = Zeroizing::new(Scalar::random(rng));
        let half_s = Zeroizing::new(Scalar::random(rng));
        let mut halves = [
            &*half_r * RISTRETTO_BASEPOINT_TABLE,
            &*half_r * second_table(),
            &*half_s * RISTRETTO_BASEPOINT_TABLE,
            &*half_s * second_table(),
            &*half_r * group_key,
        ];
        let mut encoded = RistrettoPoint::double_and_compress_batch(&halves);
        let ephemeral = Self {
            r: Zeroizing::new(*half_r + *half_r),
            s: Zeroizing::new(*half_s + *half_s),
            u: encoded[0].to_bytes(),
            u_bar: encoded[1].to_bytes(),
            w: encoded[2].to_bytes(),
            w_bar: encoded[3].to_bytes(),
            shared: Zeroizing::new(encoded[4].to_bytes()),
        };
        halves.zeroize();
        encoded.zeroize();
        ephemeral
    }

    pub(crate) fn u(&self) -> &[u8; 32] {
        &self.u
    }

    pub(crate) fn shared(&self) -> &[u8; 32] {
        &self.shared
    }

    /// The key part, with the proof that it was made for this label, ciphertext and wrapped key.
    pub(crate) fn prove(self, statement: Statement<'_>) -> [u8; KEY_PART_BYTES] {
        let e = challenge(statement, &self.u, &self.u_bar, &self.w, &self.w_bar);
        let f = *self.s + *self.r * e;
        let mut part = [0; KEY_PART_BYTES];
        for (place, value) in part.chunks_exact_mut(32).zip([&self.u, &self.u_bar, e.as_bytes(), f.as_bytes()]) {
            place.copy_from_slice(value);
        }
        part
    }
}

fn challenge(statement: Statement<'_>, u: &[u8], u_bar: &[u8], w: &[u8], w_bar: &[u8]) -> Scalar {
    let Statement { label, ciphertext, wrapped } = statement;
    hash_to_scalar(DOMAIN, &[label, ciphertext, wrapped, u, u_bar, w, w_bar])
}

/// Checks the label proof and returns `u`. Anybody can: it takes no key.
pub(crate) fn verify(part: &[u8; KEY_PART_BYTES], statement: Statement<'_>) -> Result<RistrettoPoint, Error> {
    let mut words = [[0; 32]; 4];
    for (word, bytes) in words.iter_mut().zip(part.chunks_exact(32)) {
        word.copy_from_slice(bytes);
    }
    let [u, u_bar, e, f] = &words;
    let (Some(u_point), Some(u_bar_point), Some(e), Some(f)) = (point(u), point(u_bar), scalar(e), scalar(f)) else {
        return Err(Error::LabelProof);
    };
    let w = RistrettoPoint::vartime_multiscalar_mul([f, -e], [RISTRETTO_BASEPOINT_POINT, u_point]);
    let w_bar = RistrettoPoint::vartime_multiscalar_mul([f, -e], [second_generator(), u_bar_point]);
    let expected = challenge(statement, u, u_bar, w.compress().as_bytes(), w_bar.compress().as_bytes());
    if e == expected { Ok(u_point) } else { Err(Error::LabelProof) }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    use super::*;

    const STATEMENT: Statement<'_> = Statement { label: b"label", ciphertext: b"ciphertext", wrapped: b"wrapped" };

    fn made() -> ([u8; KEY_PART_BYTES], [u8; 32], Scalar) {
        let secret = Scalar::from(1234567u32);
        let table = RistrettoBasepointTable::create(&(&secret * RISTRETTO_BASEPOINT_TABLE));
        let ephemeral = Ephemeral::draw(&table, &mut ChaCha20Rng::seed_from_u64(1));
        let shared = *ephemeral.shared();
        (ephemeral.prove(STATEMENT), shared, secret)
    }

    #[test]
    fn the_secret_key_finds_the_shared_secret() {
        let (part, shared, secret) = made();
        let u = verify(&part, STATEMENT).unwrap();
        assert_eq!((secret * u).compress().to_bytes(), shared);
    }

    #[test]
    fn every_flipped_bit_and_every_changed_statement_is_refused() {
        let (part, ..) = made();
        for bit in 0..part.len() * 8 {
            let mut changed = part;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(verify(&changed, STATEMENT), Err(Error::LabelProof), "bit {bit}");
        }
        for changed in [
            Statement { label: b"another label", ..STATEMENT },
            Statement { ciphertext: b"another", ..STATEMENT },
            Statement { wrapped: b"another", ..STATEMENT },
            // The same bytes, divided otherwise.
            Statement { label: b"labelc", ciphertext: b"iphertext", ..STATEMENT },
        ] {
            assert_eq!(verify(&part, changed), Err(Error::LabelProof));
        }
    }
}
