//! The key of one age file: whoever has it can read one original.

use std::fmt;

use chacha20poly1305::aead::AeadInPlace as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::MlKemSecret;
use crate::group::blake3_over;
use crate::header::WRAPPED_BYTES;

/// Bytes of an age file key.
const FILE_KEY_BYTES: usize = 16;

/// The key of one sealed original. [`combine`](crate::combine) makes one; it is wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct FileKey([u8; FILE_KEY_BYTES]);

impl FileKey {
    pub(crate) const fn new(bytes: [u8; FILE_KEY_BYTES]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn expose(&self) -> &[u8; FILE_KEY_BYTES] {
        &self.0
    }

    pub(crate) fn to_age(&self) -> age_core::format::FileKey {
        age_core::format::FileKey::init_with_mut(|bytes| bytes.copy_from_slice(&self.0))
    }

    /// Wraps this key under both legs.
    pub(crate) fn wrap(&self, legs: Legs<'_>) -> [u8; WRAPPED_BYTES] {
        let mut wrapped = [0; WRAPPED_BYTES];
        let (key, tag) = wrapped.split_at_mut(FILE_KEY_BYTES);
        key.copy_from_slice(&self.0);
        let made =
            legs.cipher().encrypt_in_place_detached(&Default::default(), b"", key).expect("16 bytes are few enough");
        tag.copy_from_slice(&made);
        wrapped
    }

    /// Unwraps a key; `None` if either leg is another's.
    pub(crate) fn unwrap(wrapped: &[u8; WRAPPED_BYTES], legs: Legs<'_>) -> Option<Self> {
        let (key, tag) = wrapped.split_at(FILE_KEY_BYTES);
        let mut opened = Self(key.try_into().ok()?);
        let tag = chacha20poly1305::Tag::from_slice(tag);
        legs.cipher().decrypt_in_place_detached(&Default::default(), b"", &mut opened.0, tag).ok()?;
        Some(opened)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FileKey({FILE_KEY_BYTES} bytes)")
    }
}

/// What the wrapping key is made of: both secrets, and everything public that they came with.
#[derive(Clone, Copy)]
pub(crate) struct Legs<'a> {
    pub(crate) shared: &'a [u8; 32],
    pub(crate) secret: &'a MlKemSecret,
    pub(crate) label: &'a [u8],
    pub(crate) u: &'a [u8],
    pub(crate) ciphertext: &'a [u8],
}

impl Legs<'_> {
    fn cipher(self) -> ChaCha20Poly1305 {
        let salt = blake3_over("lanthorn 2026-11 sealed wrap salt", [self.label, self.u, self.ciphertext]).finalize();
        let mut input = Zeroizing::new([0; 64]);
        input[..32].copy_from_slice(self.shared);
        input[32..].copy_from_slice(self.secret.expose());
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(salt.as_bytes()), &*input)
            .expand(b"lanthorn/tdh2-mlkem768-v1 wrap key", &mut *key)
            .expect("32 bytes are within HKDF's limit");
        ChaCha20Poly1305::new((&*key).into())
    }
}
