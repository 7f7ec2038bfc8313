//! The payload: a framed, padded plaintext in age's STREAM, written over ring's assembly.
//!
//! Reading goes through the `age` crate, so that every opened original was read by another implementation than the one
//! that wrote it.

use std::fmt;
use std::io::Read as _;

use age::{DecryptError, Identity};
use age_core::format::Stanza;
use hkdf::Hkdf;
use model::Sensitive;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::digest::{Context, SHA256};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::commitment::SALT_BYTES;
use crate::padding::padded;
use crate::{Commitments, Error, FileKey, Header};

/// Bytes of the largest original.
pub const MAX_ORIGINAL_BYTES: usize = 64 << 20;
/// Bytes of the largest payload.
pub const MAX_PAYLOAD_BYTES: usize = payload_bytes(MAX_ORIGINAL_BYTES);

const VERSION: u8 = 1;
const LENGTH_BYTES: usize = 8;
/// Version, length, salt.
const FRAME_BYTES: usize = 1 + LENGTH_BYTES + SALT_BYTES;
pub(crate) const NONCE_BYTES: usize = 16;
const CHUNK_BYTES: usize = 64 << 10;
const TAG_BYTES: usize = 16;
const WHAT: &str = "payload";

/// Bytes of the payload of an original of `length` bytes.
const fn payload_bytes(length: usize) -> usize {
    let plain = padded(FRAME_BYTES + length);
    NONCE_BYTES + plain + plain.div_ceil(CHUNK_BYTES) * TAG_BYTES
}

/// Random values of one payload.
pub(crate) struct Fresh {
    pub(crate) salt: Zeroizing<[u8; SALT_BYTES]>,
    pub(crate) nonce: [u8; NONCE_BYTES],
}

/// Frames, pads, commits to and encrypts an original.
pub(crate) fn write(original: &[u8], key: &FileKey, fresh: &Fresh) -> Result<(Vec<u8>, Commitments), Error> {
    if original.len() > MAX_ORIGINAL_BYTES {
        return Err(Error::TooLarge { what: "original", bytes: original.len(), limit: MAX_ORIGINAL_BYTES });
    }
    let mut frame = Zeroizing::new([0; FRAME_BYTES]);
    frame[0] = VERSION;
    frame[1..=LENGTH_BYTES].copy_from_slice(&(original.len() as u64).to_be_bytes());
    frame[1 + LENGTH_BYTES..].copy_from_slice(&*fresh.salt);

    let mut payload = Vec::with_capacity(payload_bytes(original.len()));
    payload.extend_from_slice(&fresh.nonce);
    let mut stream = Stream { key: stream_key(key, &fresh.nonce), counter: 0 };
    let mut plaintext = Context::new(&SHA256);
    let (mut head, mut rest) = (&frame[..], original);
    let mut left = padded(FRAME_BYTES + original.len());
    while left > 0 {
        let size = left.min(CHUNK_BYTES);
        let start = payload.len();
        payload.extend_from_slice(std::mem::take(&mut head));
        let (chunk, later) = rest.split_at(rest.len().min(size - (payload.len() - start)));
        payload.extend_from_slice(chunk);
        payload.resize(start + size, 0);
        plaintext.update(&payload[start..]);
        rest = later;
        left -= size;
        stream.encrypt(&mut payload, start, left == 0);
    }
    let sha256 = plaintext.finish().as_ref().try_into().expect("SHA-256 has 32 bytes");
    // One call over the whole: updates that are not aligned to BLAKE3's subtrees lose its width.
    let commitments = Commitments::new(&fresh.salt, &blake3::hash(original), sha256);
    Ok((payload, commitments))
}

/// age's STREAM, one chunk after the other.
struct Stream {
    key: LessSafeKey,
    counter: u64,
}

impl Stream {
    /// Encrypts `bytes[start..]` in place and puts its tag behind it.
    fn encrypt(&mut self, bytes: &mut Vec<u8>, start: usize, last: bool) {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&self.counter.to_be_bytes());
        nonce[11] = u8::from(last);
        self.counter += 1;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce, Aad::empty(), &mut bytes[start..])
            .expect("a chunk is far below the cipher's limit");
        bytes.extend_from_slice(tag.as_ref());
    }
}

fn stream_key(key: &FileKey, nonce: &[u8; NONCE_BYTES]) -> LessSafeKey {
    let mut bytes = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(nonce), key.expose())
        .expand(b"payload", &mut *bytes)
        .expect("32 bytes are within HKDF's limit");
    LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &*bytes).expect("the key has 32 bytes"))
}

/// Decrypts a payload, and takes the original out of its frame.
pub(crate) fn read(header: &Header, payload: &[u8], key: &FileKey) -> Result<(Sensitive<Vec<u8>>, Commitments), Error> {
    if payload.len() > MAX_PAYLOAD_BYTES {
        return Err(Error::TooLarge { what: WHAT, bytes: payload.len(), limit: MAX_PAYLOAD_BYTES });
    }
    let file = header.as_bytes().chain(payload);
    let decryptor = age::Decryptor::new_buffered(file).map_err(|_| Error::Altered)?;
    let identity = Holder(key.clone());
    let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn Identity)).map_err(|_| Error::Altered)?;
    // Room for everything at once: a vector that grows would leave copies of the original in freed memory.
    let mut plaintext = Sensitive::new(Vec::with_capacity(payload.len() + 32));
    reader.read_to_end(plaintext.expose_mut()).map_err(|_| Error::Altered)?;
    unframe(plaintext)
}

fn unframe(mut plaintext: Sensitive<Vec<u8>>) -> Result<(Sensitive<Vec<u8>>, Commitments), Error> {
    let malformed = |why| Error::Malformed { what: WHAT, why };
    let bytes = plaintext.expose();
    let (frame, rest) = bytes.split_at_checked(FRAME_BYTES).ok_or(malformed("it is shorter than its frame"))?;
    if frame[0] != VERSION {
        return Err(Error::Version { what: WHAT, found: u64::from(frame[0]), known: u64::from(VERSION) });
    }
    let (length, salt) = frame[1..].split_at(LENGTH_BYTES);
    let length = u64::from_be_bytes(length.try_into().expect("the frame has eight bytes of length"));
    let length = usize::try_from(length).ok().filter(|length| *length <= rest.len());
    let length = length.ok_or(malformed("its length is longer than what follows"))?;
    let (original, padding) = rest.split_at(length);
    if bytes.len() != padded(FRAME_BYTES + length) || padding.iter().any(|byte| *byte != 0) {
        return Err(malformed("its padding is not the one that its length asks for"));
    }
    let salt = Zeroizing::new(salt.try_into().expect("the frame has 32 bytes of salt"));
    let commitments = Commitments::new(&salt, &blake3::hash(original), Sha256::digest(bytes).into());
    let bytes = plaintext.expose_mut();
    bytes.drain(..FRAME_BYTES);
    bytes.truncate(length);
    Ok((plaintext, commitments))
}

/// An identity that has the file key already.
struct Holder(FileKey);

impl Identity for Holder {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<age_core::format::FileKey, DecryptError>> {
        (stanza.tag == crate::header::STANZA_TAG).then(|| Ok(self.0.to_age()))
    }
}

impl fmt::Debug for Fresh {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Fresh(48 bytes)")
    }
}
