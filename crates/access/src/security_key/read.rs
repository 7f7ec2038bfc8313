//! What a browser hands over, read: client data (JSON), attestation objects and keys (CBOR), authenticator data (bytes at
//! fixed places). All of it comes from anybody, before anybody has signed in: everything is bounded, every byte is accounted
//! for, and nothing is allocated for a length that only was claimed.

use minicbor::Decoder;
use serde::Deserialize;

use super::{MAX_CREDENTIAL_BYTES, Refusal};

/// The longest client data; browsers send about 250 bytes.
const MAX_CLIENT_DATA_BYTES: usize = 4 << 10;
/// The longest attestation object and the longest authenticator data; without attestation they have about 200 bytes.
const MAX_OBJECT_BYTES: usize = 8 << 10;
/// `rpIdHash`, `flags`, `signCount` (section 6.1).
const FIXED_BYTES: usize = 37;

const USER_PRESENT: u8 = 1 << 0;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// Client data (section 5.8.1). Members that later editions add are passed over, as it asks; one that comes twice is refused.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    pub(super) ceremony: String,
    pub(super) challenge: String,
    pub(super) origin: String,
    #[serde(default)]
    pub(super) cross_origin: Option<bool>,
    #[serde(default)]
    pub(super) top_origin: Option<serde_json::Value>,
}

impl ClientData {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_CLIENT_DATA_BYTES {
            return Err(Refusal::TooLong);
        }
        // "UTF-8 decode" passes over a byte order mark.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        serde_json::from_slice(bytes).map_err(|_| Refusal::ClientData)
    }
}

/// Authenticator data (section 6.1).
#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    pub(super) rp_id_hash: &'a [u8],
    flags: u8,
    pub(super) counter: u32,
    pub(super) attested: Option<Attested<'a>>,
}

/// A key that was made (section 6.5.1).
#[derive(Debug)]
pub(super) struct Attested<'a> {
    pub(super) credential: &'a [u8],
    pub(super) key: PublicKey,
}

/// A public key (COSE, RFC 9052 and 9053), of one of the two algorithms that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// ECDSA with SHA-256 on P-256: both coordinates.
    Es256([u8; 64]),
    /// Ed25519.
    EdDsa([u8; 32]),
}

impl<'a> AuthenticatorData<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_OBJECT_BYTES {
            return Err(Refusal::TooLong);
        }
        let (fixed, mut rest) = bytes.split_at_checked(FIXED_BYTES).ok_or(Refusal::AuthenticatorData)?;
        let (rp_id_hash, tail) = fixed.split_at(32);
        let [flags, counter @ ..] = tail else { return Err(Refusal::AuthenticatorData) };
        let counter = u32::from_be_bytes(counter.try_into().map_err(|_| Refusal::AuthenticatorData)?);
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (found, after) = Attested::read(rest)?;
            (attested, rest) = (Some(found), after);
        }
        if flags & EXTENSIONS != 0 {
            // We ask for none. Browsers and keys add some of their own accord; what they say is passed over.
            let unreadable = |_| Refusal::AuthenticatorData;
            let mut decoder = Decoder::new(rest);
            decoder.map().map_err(unreadable)?;
            decoder.set_position(0);
            decoder.skip().map_err(unreadable)?;
            rest = rest.get(decoder.position()..).unwrap_or_default();
        }
        if rest.is_empty() {
            Ok(Self { rp_id_hash, flags: *flags, counter, attested })
        } else {
            Err(Refusal::AuthenticatorData)
        }
    }

    pub(super) const fn user_present(&self) -> bool {
        self.flags & USER_PRESENT != 0
    }

    pub(super) const fn user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    pub(super) const fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    pub(super) const fn backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }
}

impl<'a> Attested<'a> {
    /// The key, and what comes after it.
    fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Refusal> {
        let (_aaguid, rest) = bytes.split_at_checked(16).ok_or(Refusal::AuthenticatorData)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Refusal::AuthenticatorData)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if !(1..=MAX_CREDENTIAL_BYTES).contains(&length) {
            return Err(Refusal::CredentialLength);
        }
        let (credential, rest) = rest.split_at_checked(length).ok_or(Refusal::AuthenticatorData)?;
        let (key, used) = PublicKey::read(rest)?;
        Ok((Self { credential, key }, rest.get(used..).unwrap_or_default()))
    }
}

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;

impl PublicKey {
    /// Reads a COSE key and nothing that is not needed (section 6.5.1: no optional parameters), and tells its length.
    fn read(bytes: &[u8]) -> Result<(Self, usize), Refusal> {
        let mut decoder = Decoder::new(bytes);
        let fields = Fields::read(&mut decoder)?;
        let key = match fields {
            Fields { kind: Some(2), algorithm: Some(-7), curve: Some(1), x: Some(x), y: Some(y) } => {
                let mut point = [0; 64];
                point[..32].copy_from_slice(&x);
                point[32..].copy_from_slice(&y);
                Self::Es256(point)
            }
            Fields { kind: Some(1), algorithm: Some(-8), curve: Some(6), x: Some(x), y: None } => Self::EdDsa(x),
            _ => return Err(Refusal::Algorithm),
        };
        Ok((key, decoder.position()))
    }
}

#[derive(Default)]
struct Fields {
    kind: Option<i64>,
    algorithm: Option<i64>,
    curve: Option<i64>,
    x: Option<[u8; 32]>,
    y: Option<[u8; 32]>,
}

impl Fields {
    fn read(decoder: &mut Decoder<'_>) -> Result<Self, Refusal> {
        let unreadable = |_| Refusal::AuthenticatorData;
        // A map of unknown length is not of the canonical form that keys write (CTAP2, section 8).
        let count = decoder.map().map_err(unreadable)?.ok_or(Refusal::AuthenticatorData)?;
        let mut fields = Self::default();
        for _ in 0..count {
            let twice = match decoder.i64().map_err(unreadable)? {
                KEY_TYPE => fields.kind.replace(decoder.i64().map_err(|_| Refusal::Algorithm)?).is_some(),
                ALGORITHM => fields.algorithm.replace(decoder.i64().map_err(|_| Refusal::Algorithm)?).is_some(),
                CURVE => fields.curve.replace(decoder.i64().map_err(|_| Refusal::Algorithm)?).is_some(),
                X => fields.x.replace(coordinate(decoder)?).is_some(),
                Y => fields.y.replace(coordinate(decoder)?).is_some(),
                _ => return Err(Refusal::Algorithm),
            };
            if twice {
                return Err(Refusal::AuthenticatorData);
            }
        }
        Ok(fields)
    }
}

/// A coordinate in full: 32 bytes, and never the compressed form (section 5.8.5).
fn coordinate(decoder: &mut Decoder<'_>) -> Result<[u8; 32], Refusal> {
    decoder.bytes().ok().and_then(|bytes| bytes.try_into().ok()).ok_or(Refusal::PublicKey)
}

/// The authenticator data of an attestation object (section 6.5.4) that attests nothing.
pub(super) fn unattested(bytes: &[u8]) -> Result<&[u8], Refusal> {
    if bytes.len() > MAX_OBJECT_BYTES {
        return Err(Refusal::TooLong);
    }
    let unreadable = |_| Refusal::AttestationObject;
    let mut decoder = Decoder::new(bytes);
    let (mut format, mut says_nothing, mut data) = (None, None, None);
    for _ in 0..decoder.map().map_err(unreadable)?.ok_or(Refusal::AttestationObject)? {
        let twice = match decoder.str().map_err(unreadable)? {
            "fmt" => format.replace(decoder.str().map_err(unreadable)?).is_some(),
            "attStmt" => {
                let begins = decoder.position();
                let empty = decoder.map().map_err(unreadable)? == Some(0);
                decoder.set_position(begins);
                decoder.skip().map_err(unreadable)?;
                says_nothing.replace(empty).is_some()
            }
            "authData" => data.replace(decoder.bytes().map_err(unreadable)?).is_some(),
            _ => return Err(Refusal::AttestationObject),
        };
        if twice {
            return Err(Refusal::AttestationObject);
        }
    }
    if decoder.position() != bytes.len() {
        return Err(Refusal::AttestationObject);
    }
    match (format, says_nothing, data) {
        (Some("none"), Some(true), Some(data)) => Ok(data),
        (Some("none"), Some(false), Some(_)) => Err(Refusal::AttestationStatement),
        (Some(_), Some(_), Some(_)) => Err(Refusal::AttestationFormat),
        _ => Err(Refusal::AttestationObject),
    }
}
