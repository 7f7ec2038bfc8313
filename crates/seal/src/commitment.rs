//! Commitments that hide: what the log holds instead of hashes of an original.

use std::fmt;

/// Bytes of the salt in front of an original.
pub(crate) const SALT_BYTES: usize = 32;

/// Two commitments to one original. They open with the salt, which travels inside the payload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Commitments {
    /// `BLAKE3-derive(salt ‖ BLAKE3(original))`.
    pub blake3: [u8; 32],
    /// SHA-256 of the payload's whole plaintext, in which the salt comes before the original: what
    /// `age --decrypt … | sha256sum` prints for a disclosed copy.
    pub sha256: [u8; 32],
}

impl Commitments {
    /// Of an original, its salt and the plaintext that both are framed in.
    pub(crate) fn new(salt: &[u8; SALT_BYTES], original: &blake3::Hash, plaintext: [u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("lanthorn 2026-11 hiding commitment");
        hasher.update(salt).update(original.as_bytes());
        Self { blake3: *hasher.finalize().as_bytes(), sha256: plaintext }
    }
}

impl fmt::Debug for Commitments {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Commitments(2 of 32 bytes)")
    }
}
