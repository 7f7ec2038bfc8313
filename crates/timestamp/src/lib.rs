//! RFC 3161 time stamps: the query, and what a reply to it says.
//!
//! A [`Query`] names a SHA-256 digest and a nonce; [`Query::read`] holds a reply against it: granted, the same digest, the same
//! nonce. [`judge`] looks at a reply without its query, and at the authority's signature and certificates; beside it OpenSSL judges
//! (`openssl ts -verify`), which a court's expert has as well, from the very files that are kept. Deliberately absent: a list of
//! roots to trust, and lists of revoked certificates.
//!
//! Shapes: queries and replies are DER as in RFC 3161, section 2.4; both are what `openssl ts` reads and writes. Bounds: a
//! reply has at most [`MAX_REPLY_BYTES`].
//!
//! ```
//! let query = timestamp::Query::new([7; 32], &mut rand::rngs::OsRng);
//! assert_eq!(timestamp::Query::from_der(&query.to_der())?.digest(), &[7; 32]);
//! # Ok::<(), timestamp::Error>(())
//! ```

mod certificate;
mod info;
mod judge;

use cms::signed_data::SignedData;
use der::asn1::{Int, ObjectIdentifier, OctetString};
use der::{Any, Decode as _, Encode as _};
use model::{HasKind, Kind, Timestamp};
use rand::{CryptoRng, RngCore};
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion};

use crate::info::Info;

pub use certificate::Chain;
pub use judge::{Judged, judge};

/// Bytes of the longest reply that is read: a chain of a few certificates.
pub const MAX_REPLY_BYTES: usize = 64 << 10;

/// The media type of a query, RFC 3161, section 3.4.
pub const QUERY_TYPE: &str = "application/timestamp-query";
/// The media type of a reply.
pub const REPLY_TYPE: &str = "application/timestamp-reply";

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// What is asked: that this digest existed, answered to this nonce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    digest: [u8; 32],
    nonce: [u8; 8],
}

/// What a reply says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the authority saw the digest.
    pub time: Timestamp,
    /// The authority's policy, as an object identifier.
    pub policy: String,
    /// The token's serial number, in hexadecimal.
    pub serial: String,
}

/// Why a query or a reply is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is not in the form of RFC 3161, or longer than is read.
    #[error("read the time stamp's {what}: it is not in the form of RFC 3161")]
    Malformed {
        /// Query or reply.
        what: &'static str,
    },
    /// The authority said no.
    #[error("ask for a time stamp: the authority did not grant it")]
    NotGranted,
    /// A certificate or a signature that does not hold.
    #[error("judge the time stamp: {why}")]
    Certificate {
        /// What does not hold.
        why: &'static str,
    },
    /// The reply is to something else.
    #[error("take the time stamp: refused by rule `own-stamp`: the reply is for another {what}")]
    Other {
        /// Digest or nonce.
        what: &'static str,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Malformed { .. } | Self::Certificate { .. } => Kind::CheckFailed,
            Self::NotGranted => Kind::Unavailable,
            Self::Other { .. } => Kind::Refused,
        }
    }
}

impl Query {
    /// A query for a digest, with a fresh nonce.
    #[must_use]
    pub fn new(digest: [u8; 32], rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut nonce = [0; 8];
        rng.fill_bytes(&mut nonce);
        // A positive INTEGER of exactly eight bytes: one form, whatever the draw.
        nonce[0] = nonce[0] & 0x3f | 0x40;
        Self { digest, nonce }
    }

    /// The SHA-256 digest.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The query as it is sent; it asks for the authority's certificate as well.
    ///
    /// # Panics
    /// Never: every field has a fixed form.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let asked = || -> der::Result<Vec<u8>> {
            let algorithm = cms::cert::x509::spki::AlgorithmIdentifier { oid: SHA_256, parameters: Some(Any::null()) };
            let message_imprint =
                MessageImprint { hash_algorithm: algorithm, hashed_message: OctetString::new(&self.digest[..])? };
            let nonce = Some(Int::new(&self.nonce)?);
            let version = TspVersion::V1;
            TimeStampReq { version, message_imprint, req_policy: None, nonce, cert_req: true, extensions: None }
                .to_der()
        };
        asked().expect("every field has a fixed form")
    }

    /// Reads a query of ours again.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_der(bytes: &[u8]) -> Result<Self, Error> {
        let malformed = || Error::Malformed { what: "query" };
        let read = TimeStampReq::from_der(bytes).map_err(|_| malformed())?;
        let digest = read.message_imprint.hashed_message.as_bytes().try_into().map_err(|_| malformed())?;
        let nonce = read.nonce.ok_or_else(malformed)?.as_bytes().try_into().map_err(|_| malformed())?;
        let query = Self { digest, nonce };
        if query.to_der() == bytes { Ok(query) } else { Err(malformed()) }
    }

    /// Holds a reply against this query. The signature is not looked at.
    ///
    /// # Errors
    /// When the reply is malformed, not granted, or to another digest or nonce.
    pub fn read(&self, reply: &[u8]) -> Result<Stamp, Error> {
        let malformed = || Error::Malformed { what: "reply" };
        if reply.len() > MAX_REPLY_BYTES {
            return Err(malformed());
        }
        let reply = TimeStampResp::from_der(reply).map_err(|_| malformed())?;
        // 0: granted; 1: granted with modifications, which the comparison below would find.
        if reply.status.status as u32 > 1 {
            return Err(Error::NotGranted);
        }
        let token = reply.time_stamp_token.ok_or(Error::NotGranted)?;
        if token.content_type != SIGNED_DATA {
            return Err(malformed());
        }
        let signed: SignedData = token.content.decode_as().map_err(|_| malformed())?;
        if signed.encap_content_info.econtent_type != TST_INFO {
            return Err(malformed());
        }
        let content = signed.encap_content_info.econtent.ok_or_else(malformed)?;
        let info = Info::from_der(content.value()).map_err(|_| malformed())?;
        let imprint = &info.imprint;
        if imprint.hash_algorithm.oid != SHA_256 || imprint.hashed_message.as_bytes() != self.digest {
            return Err(Error::Other { what: "digest" });
        }
        if info.nonce.as_ref().map(Int::as_bytes) != Some(&self.nonce[..]) {
            return Err(Error::Other { what: "nonce" });
        }
        let serial = info.serial.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Stamp { time: info.time, policy: info.policy.to_string(), serial })
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::OsRng;

    use super::*;

    #[test]
    fn a_query_reads_back_and_no_flipped_bit_of_it_is_another_writing_of_the_same() {
        for _ in 0..200 {
            let query = Query::new([0xab; 32], &mut OsRng);
            let bytes = query.to_der();
            assert_eq!(Query::from_der(&bytes).unwrap(), query);
            for bit in 0..bytes.len() * 8 {
                let mut changed = bytes.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_ne!(Query::from_der(&changed).ok().as_ref(), Some(&query), "bit {bit}");
            }
        }
    }

    #[test]
    fn rubbish_is_no_reply() {
        let query = Query::new([1; 32], &mut OsRng);
        for reply in [&b""[..], b"\x30\x03\x02\x01\x00", &query.to_der(), &[0x30; 70_000]] {
            assert!(query.read(reply).is_err());
        }
    }
}
