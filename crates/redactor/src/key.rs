//! The two keys of this crate: the case's token key, and the key that guards rows of the outbox.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use model::{Label, Token};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Error;

/// Bytes of either key.
pub const KEY_BYTES: usize = 32;

/// The secret of one case under which identifiers become tokens.
///
/// Whoever holds it can try every phone number, so it lives with the crawl process alone and dies with the case.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct TokenKey([u8; KEY_BYTES]);

/// The secret that shows a row of the outbox was written by this redactor.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct OutboxKey([u8; KEY_BYTES]);

macro_rules! key_file {
    ($name:ident, $what:literal) => {
        impl $name {
            /// A fresh key.
            #[must_use]
            pub fn generate(rng: &mut impl rand::RngCore) -> Self {
                let mut bytes = [0; KEY_BYTES];
                rng.fill_bytes(&mut bytes);
                Self(bytes)
            }

            /// From its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
                Self(bytes)
            }

            /// Reads a key file.
            ///
            /// # Errors
            /// If the file cannot be read, is not exactly [`KEY_BYTES`] long, or is open to group or others.
            pub fn load(path: &Path) -> Result<Self, Error> {
                read_key(path, $what).map(Self)
            }

            /// Writes a new key file that only its owner can read; an existing file is left alone.
            ///
            /// # Errors
            /// If the file exists or cannot be written.
            pub fn save(&self, path: &Path) -> Result<(), Error> {
                write_key(path, $what, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(concat!(stringify!($name), "([sensitive])"))
            }
        }
    };
}

key_file!(TokenKey, "token key");
key_file!(OutboxKey, "outbox key");

impl OutboxKey {
    /// The authentication code of a row, given in parts.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> blake3::Hash {
        let key = zeroize::Zeroizing::new(blake3::derive_key("lanthorn 2026-11 outbox row", &self.0));
        let mut hasher = blake3::Hasher::new_keyed(&key);
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize()
    }
}

/// One subkey per label, so that equal text of two kinds has unrelated tokens and a kind can be audited alone.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Tokeniser(Vec<[u8; KEY_BYTES]>);

impl Tokeniser {
    pub(crate) fn new(key: &TokenKey) -> Self {
        Self(
            Label::ALL
                .iter()
                .map(|label| {
                    let mut hasher = blake3::Hasher::new_derive_key("lanthorn 2026-11 token subkey");
                    hasher.update(&key.0).update(label.as_str().as_bytes());
                    *hasher.finalize().as_bytes()
                })
                .collect(),
        )
    }

    /// The token of a canonical value.
    pub(crate) fn token(&self, label: Label, canonical: &str) -> Token {
        let place = Label::ALL.iter().position(|known| *known == label).unwrap_or_default();
        Token::from_hash(label, blake3::keyed_hash(&self.0[place], canonical.as_bytes()).as_bytes())
    }
}

fn read_key(path: &Path, what: &'static str) -> Result<[u8; KEY_BYTES], Error> {
    let failed = |source| Error::KeyFile { act: "read", what, source };
    let mut file = fs::File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Error::KeyOpen { what, mode });
    }
    let found = usize::try_from(meta.len()).unwrap_or(usize::MAX);
    if found != KEY_BYTES {
        return Err(Error::KeyLength { what, expected: KEY_BYTES, found });
    }
    let mut bytes = [0; KEY_BYTES];
    file.read_exact(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn write_key(path: &Path, what: &'static str, bytes: &[u8; KEY_BYTES]) -> Result<(), Error> {
    let failed = |source| Error::KeyFile { act: "write", what, source };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    #[test]
    fn a_key_file_reads_back_and_is_the_owners_alone() {
        let dir = folder();
        let path = dir.path().join("token.key");
        TokenKey::from_bytes([7; KEY_BYTES]).save(&path).expect("saved");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(TokenKey::load(&path).expect("loaded").0, [7; KEY_BYTES]);
        assert!(matches!(TokenKey::from_bytes([8; 32]).save(&path), Err(Error::KeyFile { act: "write", .. })));
    }

    #[test]
    fn a_key_file_that_others_can_read_or_of_another_length_is_refused() {
        let dir = folder();
        let path = dir.path().join("outbox.key");
        OutboxKey::from_bytes([7; KEY_BYTES]).save(&path).expect("saved");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("changed");
        assert!(matches!(OutboxKey::load(&path), Err(Error::KeyOpen { mode: 0o640, .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("changed");
        fs::write(&path, [1; 31]).expect("shortened");
        assert!(matches!(OutboxKey::load(&path), Err(Error::KeyLength { found: 31, .. })));
    }

    #[test]
    fn tokens_differ_by_key_kind_and_value() {
        let one = Tokeniser::new(&TokenKey::from_bytes([1; KEY_BYTES]));
        let two = Tokeniser::new(&TokenKey::from_bytes([2; KEY_BYTES]));
        let token = one.token(Label::Phone, "+12025550143");
        assert_eq!(token, one.token(Label::Phone, "+12025550143"));
        assert_ne!(token, one.token(Label::Phone, "+12025550144"));
        assert_ne!(token, two.token(Label::Phone, "+12025550143"));
        assert_ne!(token.digest(), one.token(Label::Digits, "+12025550143").digest());
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", TokenKey::from_bytes([7; KEY_BYTES])), "TokenKey([sensitive])");
    }
}
