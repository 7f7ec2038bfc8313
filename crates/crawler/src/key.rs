//! The crawl key: seals the frontier's URLs and tells them apart.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use model::{Sensitive, UrlHash};
use zeroize::{Zeroize as _, Zeroizing};

use crate::Error;

/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;

/// 32 secret bytes, one key for a case: destroying it makes the case's frontier unreadable.
#[derive(Clone)]
pub struct CrawlKey {
    hashing: Zeroizing<[u8; 32]>,
    sealing: Zeroizing<[u8; 32]>,
    nonces: Zeroizing<[u8; 32]>,
    chance: Zeroizing<[u8; 32]>,
    whole: Zeroizing<[u8; 32]>,
}

impl CrawlKey {
    /// A fresh key.
    pub fn generate(rng: &mut (impl rand::RngCore + rand::CryptoRng)) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        let key = Self::from_bytes(bytes);
        bytes.zeroize();
        key
    }

    /// From its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let derive = |context: &str| Zeroizing::new(blake3::derive_key(context, &bytes));
        Self {
            hashing: derive("lanthorn 2026-11 crawl key: url hash"),
            sealing: derive("lanthorn 2026-11 crawl key: sealing"),
            nonces: derive("lanthorn 2026-11 crawl key: nonces"),
            chance: derive("lanthorn 2026-11 crawl key: jitter"),
            whole: Zeroizing::new(bytes),
        }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read, others could read it, or it is not 32 bytes.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::KeyFile { during: "read", source };
        let mut file = File::open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.mode() & 0o077 != 0 {
            return Err(Error::Key("other users of this machine can read it; take that away with `chmod 600`"));
        }
        let mut bytes = Zeroizing::new([0; 33]);
        let mut length = 0;
        while length < bytes.len() {
            match file.read(&mut bytes[length..]).map_err(failed)? {
                0 => break,
                more => length += more,
            }
        }
        let bytes: [u8; 32] = bytes[..length].try_into().map_err(|_| Error::Key("the file is not 32 bytes"))?;
        Ok(Self::from_bytes(bytes))
    }

    /// Writes a new key file, mode 0600, durably.
    ///
    /// # Errors
    /// When there is a file already, or it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::KeyFile { during: "write", source };
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
        file.write_all(&*self.whole).and_then(|()| file.sync_all()).map_err(failed)
    }

    /// The keyed hash of a URL in normal form.
    #[must_use]
    pub fn url_hash(&self, url: &str) -> UrlHash {
        UrlHash::from_bytes(*blake3::keyed_hash(&self.hashing, url.as_bytes()).as_bytes())
    }

    /// The keyed hash of a host; no URL has this form.
    pub(crate) fn host_hash(&self, host: &str) -> [u8; 32] {
        *blake3::keyed_hash(&self.hashing, format!("host {host}").as_bytes()).as_bytes()
    }

    /// The keyed hash of a file that is kept sealed: tells whether it has changed.
    pub(crate) fn body_hash(&self, body: &[u8]) -> [u8; 32] {
        *blake3::Hasher::new_keyed(&self.hashing).update(b"body ").update(body).finalize().as_bytes()
    }

    /// The keyed hash of the form of an address; no URL and no host has this form.
    pub(crate) fn form_hash(&self, form: &str) -> [u8; 32] {
        *blake3::Hasher::new_keyed(&self.hashing).update(b"form ").update(form.as_bytes()).finalize().as_bytes()
    }

    /// The keyed hash of a parameter's name.
    pub(crate) fn parameter_hash(&self, name: &str) -> [u8; 32] {
        *blake3::Hasher::new_keyed(&self.hashing).update(b"parameter ").update(name.as_bytes()).finalize().as_bytes()
    }

    /// A byte of a keyed hash for each minimum of a sketch: equal where the minima are, and nothing without the key.
    pub(crate) fn sketch<const N: usize>(&self, minima: &[u64; N]) -> [u8; N] {
        minima.map(|minimum| blake3::keyed_hash(&self.hashing, &minimum.to_be_bytes()).as_bytes()[0])
    }

    /// Seals a text, bound to where it is kept.
    ///
    /// The nonce is a keyed hash of everything that is sealed, so that it repeats only if all of it repeats, and a crash
    /// between two draws of randomness can do no harm. Equal texts in the same place give equal bytes; the hash beside
    /// them says as much anyway.
    pub(crate) fn seal(&self, place: &[u8], text: &[u8]) -> Vec<u8> {
        let mut hasher = blake3::Hasher::new_keyed(&self.nonces);
        hasher.update(&(place.len() as u64).to_be_bytes()).update(place).update(text);
        let mut sealed = hasher.finalize().as_bytes()[..NONCE_BYTES].to_vec();
        let payload = Payload { msg: text, aad: place };
        let cipher = XChaCha20Poly1305::new((&*self.sealing).into());
        let body = cipher.encrypt(XNonce::from_slice(&sealed), payload).expect("a text below 256 GiB can be sealed");
        sealed.extend_from_slice(&body);
        sealed
    }

    /// Opens what [`seal`](Self::seal) sealed in that place.
    pub(crate) fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Sensitive<Vec<u8>>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES)?;
        let cipher = XChaCha20Poly1305::new((&*self.sealing).into());
        cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: place }).ok().map(Sensitive::new)
    }

    /// A number that nobody without the key can foresee, the same for the same `seed`: jitter needs no more.
    pub(crate) fn chance(&self, seed: &[u8]) -> u64 {
        let hash = blake3::keyed_hash(&self.chance, seed);
        u64::from_be_bytes(hash.as_bytes()[..8].try_into().expect("8 of 32 bytes are 8 bytes"))
    }
}

impl std::fmt::Debug for CrawlKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("CrawlKey")
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_own_place_only() {
        let key = CrawlKey::from_bytes([1; 32]);
        let sealed = key.seal(b"here", b"http://ads.example/?q=07700900123");
        assert_eq!(key.open(b"here", &sealed).unwrap().expose(), b"http://ads.example/?q=07700900123");
        assert!(key.open(b"there", &sealed).is_none());
        assert!(CrawlKey::from_bytes([2; 32]).open(b"here", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(key.open(b"here", &bad).is_none());
        }
        assert!(key.open(b"here", &sealed[..20]).is_none());
    }

    #[test]
    fn the_same_text_in_two_places_never_shares_a_nonce() {
        let key = CrawlKey::from_bytes([1; 32]);
        assert_ne!(key.seal(b"a", b"text")[..NONCE_BYTES], key.seal(b"b", b"text")[..NONCE_BYTES]);
        assert_ne!(key.seal(b"a", b"btext")[..NONCE_BYTES], key.seal(b"ab", b"text")[..NONCE_BYTES]);
    }

    #[test]
    fn a_key_file_is_private_whole_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crawl.key");
        let key = CrawlKey::from_bytes([9; 32]);
        key.save(&path).unwrap();
        assert_eq!(CrawlKey::load(&path).unwrap().url_hash("u"), key.url_hash("u"));
        assert!(matches!(key.save(&path), Err(Error::KeyFile { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(CrawlKey::load(&path), Err(Error::Key(_))));
        let long = folder.path().join("long.key");
        std::fs::write(&long, [0; 33]).unwrap();
        std::fs::set_permissions(&long, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(CrawlKey::load(&long), Err(Error::Key(_))));
    }
}
