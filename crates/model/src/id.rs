//! Names of things. Each has one written form, and reading it back refuses everything else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Timestamp;
use crate::token::CROCKFORD;

/// The text is not a valid id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}: expected {expected}")]
pub struct InvalidId {
    what: &'static str,
    expected: &'static str,
}

/// One fetch attempt: 48 bits of milliseconds and 80 random bits, so that ids sort by time (the ULID layout).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaptureId([u8; 16]);

impl CaptureId {
    /// A fresh id at `now`.
    pub fn generate(now: Timestamp, rng: &mut impl rand::RngCore) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes[6..]);
        bytes[..6].copy_from_slice(&now.millis().to_be_bytes()[2..]);
        Self(bytes)
    }

    /// From its 16 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// 26 characters of Crockford base32 in lower case.
impl fmt::Display for CaptureId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = u128::from_be_bytes(self.0);
        for place in (0..26).rev() {
            let character = CROCKFORD[usize::try_from(value >> (place * 5) & 31).unwrap_or_default()];
            write!(out, "{}", char::from(character))?;
        }
        Ok(())
    }
}

impl FromStr for CaptureId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let wrong = InvalidId { what: "capture id", expected: "26 characters of lower-case Crockford base32" };
        if text.len() != 26 || text.as_bytes()[0] > b'7' {
            return Err(wrong);
        }
        let mut value = 0u128;
        for byte in text.bytes() {
            let digit = CROCKFORD.iter().position(|known| *known == byte).ok_or(wrong)?;
            value = value << 5 | digit as u128;
        }
        Ok(Self(value.to_be_bytes()))
    }
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal, $what:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// From its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                data_encoding::HEXLOWER
                    .decode(text.as_bytes())
                    .ok()
                    .and_then(|bytes| bytes.try_into().ok())
                    .map(Self)
                    .ok_or(InvalidId { what: $what, expected: $expected })
            }
        }
    };
}

hex_id!(
    /// An authorisation: the first 16 bytes of BLAKE3 of its canonical form.
    AuthorisationId, 16, "authorisation id", "32 hexadecimal digits"
);
hex_id!(
    /// A key epoch: the first 16 bytes of BLAKE3 of its certificate's body.
    EpochId, 16, "epoch id", "32 hexadecimal digits"
);
hex_id!(
    /// A keyed hash of a normalised URL under the crawl key: equal URLs, equal hashes; nothing else can be learnt.
    UrlHash, 32, "URL hash", "64 hexadecimal digits"
);
hex_id!(
    /// The key of an index document: a hash of (authorisation, keyed URL hash, visit). Replay replaces, never doubles.
    DocumentKey, 32, "document key", "64 hexadecimal digits"
);

impl DocumentKey {
    /// The key of visit number `visit` (from 0) to a URL under an authorisation.
    #[must_use]
    pub fn new(authorisation: AuthorisationId, url: UrlHash, visit: u64) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("lanthorn 2026-11 index document key");
        hasher.update(authorisation.as_bytes()).update(url.as_bytes()).update(&visit.to_be_bytes());
        Self(*hasher.finalize().as_bytes())
    }
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
                let fits = (1..=40).contains(&text.len())
                    && text.bytes().all(|byte| plain(byte) || byte == b'-' || byte == b'.')
                    && text.bytes().next().is_some_and(plain)
                    && text.bytes().last().is_some_and(plain)
                    && !text.contains("..");
                if fits { Ok(Self(text.to_owned())) } else { Err(InvalidId { what: $what, expected: "1 to 40 of a-z, 0-9, '-' and single '.', beginning and ending with a letter or digit" }) }
            }
        }
    };
}

slug_id!(
    /// A case, such as `op-harbour-2026`. Safe as a folder name.
    CaseId, "case id"
);
slug_id!(
    /// A person, such as `s.maria`: an account name, not a legal name.
    PersonId, "person id"
);

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{self}")
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

as_text!(CaptureId, AuthorisationId, EpochId, UrlHash, DocumentKey, CaseId, PersonId);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn capture_ids_sort_by_time() {
        let mut rng = rand::rngs::mock::StepRng::new(7, 13);
        let earlier = CaptureId::generate(Timestamp::from_secs(1_795_000_000), &mut rng);
        let later = CaptureId::generate(Timestamp::from_secs(1_795_000_001), &mut rng);
        assert!(earlier < later && earlier.to_string() < later.to_string());
    }

    #[test]
    fn slugs_are_safe_folder_names() {
        for good in ["a", "op-harbour-2026", "s.maria"] {
            assert_eq!(good.parse::<CaseId>().unwrap().as_str(), good);
        }
        for bad in ["", ".", "..", "a..b", "-a", "a-", "A", "a/b", "a b", "ä", &"a".repeat(41)] {
            assert!(bad.parse::<CaseId>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn ids_read_back(bytes: [u8; 16], long: [u8; 32]) {
            let capture = CaptureId::from_bytes(bytes);
            prop_assert_eq!(capture.to_string().parse(), Ok(capture));
            let url = UrlHash::from_bytes(long);
            prop_assert_eq!(url.to_string().parse(), Ok(url));
        }
    }
}
