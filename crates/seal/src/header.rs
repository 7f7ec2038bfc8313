//! The header of a sealed original: the one recipient stanza, in one way of writing.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;
use curve25519_dalek::RistrettoPoint;
use hkdf::Hkdf;
use hmac::Mac as _;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::kem::MLKEM_CIPHERTEXT_BYTES;
use crate::tdh2::{self, KEY_PART_BYTES, Statement};
use crate::{Error, FileKey, Label};

/// More than this is no header.
pub const MAX_HEADER_BYTES: usize = 16 << 10;
/// Bytes of a file key and the tag it is wrapped with.
pub(crate) const WRAPPED_BYTES: usize = 32;

pub(crate) const FIRST_LINE: &str = "age-encryption.org/v1\n";
/// The stanza's tag, which is also its version.
pub const STANZA_TAG: &str = "lanthorn/tdh2-mlkem768-v1";
const FAMILY: &str = "lanthorn/tdh2-mlkem768-v";
const WHAT: &str = "header";

/// A header as it was read: well formed, and not yet believed.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    bytes: Vec<u8>,
    label: Label,
    stanza: Stanza,
}

/// The values of the stanza beside the label.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Stanza {
    pub(crate) key_part: [u8; KEY_PART_BYTES],
    pub(crate) ciphertext: [u8; MLKEM_CIPHERTEXT_BYTES],
    pub(crate) wrapped: [u8; WRAPPED_BYTES],
}

/// A header whose label proof holds: its label is the one that the original was sealed under.
///
/// Only [`Header::verify`] makes one, and a share is only made for one.
#[derive(Clone, Copy)]
pub struct ProvenHeader<'a> {
    header: &'a Header,
    u: RistrettoPoint,
}

impl Header {
    /// Reads a header's bytes.
    ///
    /// # Errors
    /// If they are anything but the one way of writing a header of version 1.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_HEADER_BYTES {
            return Err(Error::TooLarge { what: WHAT, bytes: bytes.len(), limit: MAX_HEADER_BYTES });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not text"))?;
        let text = text.strip_prefix(FIRST_LINE).ok_or(malformed("it does not begin as an age file of version 1"))?;
        let mut lines = text.split('\n');
        let mut line = || lines.next().ok_or(malformed("a line is missing"));
        let (arguments, body, mac) = (line()?, line()?, line()?);
        let (label, stanza) = read_stanza(arguments, body)?;
        let mac = mac.strip_prefix("--- ").ok_or(malformed("its last line is no MAC; there may be a second stanza"))?;
        let mac = decode::<32>(mac)?;
        if finish(unfinished(&label.to_bytes(), &stanza), &mac).as_bytes() == bytes {
            Ok(Self { bytes: bytes.to_vec(), label, stanza })
        } else {
            Err(malformed("it is not in the one way of writing a header"))
        }
    }

    /// Writes the header of a stanza, with the file key's MAC.
    pub(crate) fn new(label: Label, label_bytes: &[u8], stanza: Stanza, key: &FileKey) -> Self {
        let text = unfinished(label_bytes, &stanza);
        let mac = mac(key, text.as_bytes());
        Self { bytes: finish(text, &mac).into_bytes(), label, stanza }
    }

    /// The header's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// BLAKE3 of the header's bytes.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.bytes).as_bytes()
    }

    /// The label as it stands there: to be believed after [`verify`](Self::verify).
    #[must_use]
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// Checks the label proof. It takes no key: vaults, supervisors and auditors all can.
    ///
    /// # Errors
    /// If label and key part do not belong together.
    pub fn verify(&self) -> Result<ProvenHeader<'_>, Error> {
        let label = self.label.to_bytes();
        let Stanza { key_part, ciphertext, wrapped } = &self.stanza;
        let u = tdh2::verify(key_part, Statement { label: &label, ciphertext, wrapped })?;
        Ok(ProvenHeader { header: self, u })
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) const fn stanza(&self) -> &Stanza {
        &self.stanza
    }
}

impl<'a> ProvenHeader<'a> {
    /// The header.
    #[must_use]
    pub const fn header(&self) -> &'a Header {
        self.header
    }

    /// The label that the original was sealed under.
    #[must_use]
    pub const fn label(&self) -> &'a Label {
        &self.header.label
    }

    pub(crate) const fn u(&self) -> &RistrettoPoint {
        &self.u
    }

    pub(crate) fn u_bytes(&self) -> &'a [u8] {
        &self.header.stanza.key_part[..32]
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Header({}, {} bytes)", self.label.capture, self.bytes.len())
    }
}

impl fmt::Debug for ProvenHeader<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ProvenHeader({:?})", self.header)
    }
}

const fn malformed(why: &'static str) -> Error {
    Error::Malformed { what: WHAT, why }
}

fn decode<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    let bytes = BASE64.decode(text).map_err(|_| malformed("a value is not base64 without padding"))?;
    bytes.try_into().map_err(|_| malformed("a value is not of the right length"))
}

fn read_stanza(arguments: &str, body: &str) -> Result<(Label, Stanza), Error> {
    let mut words = arguments.strip_prefix("-> ").ok_or(malformed("it has no stanza"))?.split(' ');
    let mut word = || words.next().ok_or(malformed("its stanza has too few arguments"));
    let tag = word()?;
    if tag != STANZA_TAG {
        return Err(match tag.strip_prefix(FAMILY).and_then(|version| version.parse().ok()) {
            Some(found) => Error::Version { what: WHAT, found, known: 1 },
            None => malformed("its stanza is for another kind of recipient"),
        });
    }
    let label = BASE64.decode(word()?).map_err(|_| malformed("its label is not base64 without padding"))?;
    let label = Label::from_bytes(&label)?;
    Ok((label, Stanza { key_part: decode(word()?)?, ciphertext: decode(word()?)?, wrapped: decode(body)? }))
}

/// All up to and including the `---` that the MAC covers.
fn unfinished(label: &[u8], stanza: &Stanza) -> String {
    let mut text = String::with_capacity(2048 + label.len() * 2);
    text.push_str(FIRST_LINE);
    text.push_str("-> ");
    text.push_str(STANZA_TAG);
    for argument in [label, &stanza.key_part, &stanza.ciphertext] {
        text.push(' ');
        BASE64.encode_string(argument, &mut text);
    }
    text.push('\n');
    BASE64.encode_string(stanza.wrapped, &mut text);
    text.push_str("\n---");
    text
}

pub(crate) fn finish(mut unfinished: String, mac: &[u8; 32]) -> String {
    unfinished.push(' ');
    BASE64.encode_string(mac, &mut unfinished);
    unfinished.push('\n');
    unfinished
}

/// The MAC of an age header.
pub(crate) fn mac(key: &FileKey, unfinished: &[u8]) -> [u8; 32] {
    let mut mac_key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, key.expose()).expand(b"header", &mut *mac_key).expect("32 bytes are within HKDF's limit");
    let mut mac = hmac::Hmac::<Sha256>::new_from_slice(&*mac_key).expect("HMAC takes a key of any length");
    mac.update(unfinished);
    mac.finalize().into_bytes().into()
}
