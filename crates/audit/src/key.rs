//! The log's signing key and its public half, in the text forms of Go's `note` package.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use rand::{CryptoRng, RngCore};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::Error;
use crate::error::in_file;

/// The em dash and space that begin a signature line.
pub(crate) const SIGNATURE_MARK: &str = "\u{2014} ";

/// The algorithm byte of Ed25519 in signed notes.
const ED25519: u8 = 1;

/// Longest origin, in bytes.
const MAX_ORIGIN_BYTES: usize = 200;

/// Longest key file that is read.
const MAX_KEY_FILE_BYTES: u64 = 1024;

/// The key that signs the log's checkpoints: `lanthorn log` alone holds it.
pub struct LogKey {
    origin: String,
    key: SigningKey,
}

impl LogKey {
    /// A fresh key for the log called `origin`, such as `unit-7.example/audit`.
    ///
    /// # Errors
    /// When the origin is empty, too long, or holds spaces or a `+`.
    pub fn generate(origin: &str, rng: &mut (impl RngCore + CryptoRng)) -> Result<Self, Error> {
        check_origin(origin)?;
        Ok(Self { origin: origin.to_owned(), key: SigningKey::generate(rng) })
    }

    /// Reads the key file, which only its owner may read.
    ///
    /// # Errors
    /// When it cannot be read, others can read it, or it is no log key.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(in_file("open the log's key"))?;
        let mode = file.metadata().map_err(in_file("look at the log's key"))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Error::KeyExposed);
        }
        let mut text = Zeroizing::new(String::new());
        file.take(MAX_KEY_FILE_BYTES).read_to_string(&mut text).map_err(in_file("read the log's key"))?;
        Self::parse(text.trim_end()).ok_or(Error::Key("its file holds no key of this kind"))
    }

    /// Writes the key to a new file with mode 0600.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(in_file("make the file of the log's key"))?;
        let mut blob = Zeroizing::new(vec![ED25519]);
        blob.extend_from_slice(self.key.as_bytes());
        let blob = Zeroizing::new(BASE64_STANDARD.encode(&*blob));
        let text = Zeroizing::new(format!("PRIVATE+KEY+{}+{}+{}\n", self.origin, hex(self.verifier().id()), *blob));
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(in_file("write the log's key"))
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> LogVerifier {
        LogVerifier::new(&self.origin, self.key.verifying_key())
    }

    /// A note: the text, an empty line, and the signature under it. Only the sequencer decides what is signed.
    pub(crate) fn sign(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let blob = BASE64_STANDARD.encode([self.verifier().id().as_slice(), &signature].concat());
        format!("{text}\n{SIGNATURE_MARK}{} {blob}\n", self.origin)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("PRIVATE+KEY+")?.splitn(3, '+');
        let (origin, id, blob) = (parts.next()?, parts.next()?, parts.next()?);
        let blob = Zeroizing::new(BASE64_STANDARD.decode(blob).ok()?);
        let seed: &[u8; 32] = blob.strip_prefix(&[ED25519])?.try_into().ok()?;
        check_origin(origin).ok()?;
        let key = Self { origin: origin.to_owned(), key: SigningKey::from_bytes(seed) };
        (hex(key.verifier().id()) == id).then_some(key)
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "LogKey({})", self.origin)
    }
}

/// The public half of a log's key: what a verifier trusts. Its text is the `vkey` of Go's `note` package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogVerifier {
    origin: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl LogVerifier {
    fn new(origin: &str, key: VerifyingKey) -> Self {
        let digest =
            Sha256::new().chain_update(origin).chain_update([b'\n', ED25519]).chain_update(key.as_bytes()).finalize();
        Self { origin: origin.to_owned(), id: [digest[0], digest[1], digest[2], digest[3]], key }
    }

    /// Reads `origin+id+key`.
    ///
    /// # Errors
    /// When it is not in exactly the form that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let read = || {
            let mut parts = text.splitn(3, '+');
            let (origin, _, blob) = (parts.next()?, parts.next()?, parts.next()?);
            let blob = BASE64_STANDARD.decode(blob).ok()?;
            let key = VerifyingKey::from_bytes(blob.strip_prefix(&[ED25519])?.try_into().ok()?).ok()?;
            check_origin(origin).ok()?;
            Some(Self::new(origin, key)).filter(|verifier| verifier.to_string() == text)
        };
        read().ok_or(Error::Key("the text is not `origin+id+key` of a log"))
    }

    /// The log's name.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The key itself.
    #[must_use]
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }

    pub(crate) const fn id(&self) -> &[u8; 4] {
        &self.id
    }
}

/// `unit-7.example/audit+1a2b3c4d+AV…`.
impl fmt::Display for LogVerifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(out, "{}+{}+{}", self.origin, hex(&self.id), BASE64_STANDARD.encode(blob))
    }
}

pub(crate) fn check_origin(origin: &str) -> Result<(), Error> {
    let plain = |character: char| !character.is_whitespace() && !character.is_control() && character != '+';
    let fits = (1..=MAX_ORIGIN_BYTES).contains(&origin.len()) && origin.chars().all(plain);
    if fits {
        Ok(())
    } else {
        Err(Error::Key("a log's name is 1 to 200 bytes without spaces or `+`, such as `unit-7.example/audit`"))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_reads_back_and_is_refused_when_others_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.key");
        let key = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng).unwrap();
        key.save(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(LogKey::load(&path).unwrap().verifier(), key.verifier());
        assert!(matches!(key.save(&path), Err(Error::File { .. })), "a key is never overwritten");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(LogKey::load(&path), Err(Error::KeyExposed)));
    }

    #[test]
    fn a_verifier_reads_back_and_every_flipped_byte_is_refused() {
        let key = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng).unwrap();
        let text = key.verifier().to_string();
        assert_eq!(LogVerifier::parse(&text).unwrap(), key.verifier());
        for at in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[at] ^= 1;
            assert!(LogVerifier::parse(&String::from_utf8(altered).unwrap()).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_log_needs_a_name_that_fits_a_note() {
        for bad in ["", "a b", "a+b", "a\nb", &"a".repeat(201)] {
            assert!(LogKey::generate(bad, &mut rand::rngs::OsRng).is_err(), "{bad:?}");
        }
    }
}
