//! The record of an act, its salt, and the leaf that commits to both.
//!
//! A record is one JSON object whose values are all strings and whose keys are sorted: for such objects this is the
//! canonical form of RFC 8785. Reserved keys are set here and win over an act's own details.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model::Timestamp;
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

use crate::{Act, Error};

/// Longest record. A leaf holds a hash of it, so this bounds the journal, not the log.
pub(crate) const MAX_RECORD_BYTES: usize = 16 * 1024;

/// Which part of an act an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Before the act.
    Intent,
    /// After it.
    Outcome,
    /// The act is the record.
    Note,
}

impl Part {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Outcome => "outcome",
            Self::Note => "note",
        }
    }
}

/// A record with its salt and commitment.
pub(crate) struct Sealed {
    pub(crate) at: Timestamp,
    pub(crate) record: Vec<u8>,
    pub(crate) salt: [u8; 32],
    pub(crate) commitment: [u8; 32],
}

/// Writes down an act; `closes` is the intent's number and the outcome's word and explanation.
pub(crate) fn seal(act: &Act, part: Part, at: Timestamp, closes: Option<(i64, &str, &str)>) -> Result<Sealed, Error> {
    let mut fields: BTreeMap<&str, String> = act.fields.iter().map(|(name, value)| (*name, value.clone())).collect();
    fields.insert("v", "1".to_owned());
    fields.insert("act", act.kind.to_string());
    fields.insert("part", part.as_str().to_owned());
    fields.insert("who", act.who.to_string());
    fields.insert("at", at.to_string());
    if let Some(capture) = act.capture {
        fields.insert("capture", capture.to_string());
    }
    if let Some((intent, outcome, why)) = closes {
        fields.insert("intent", intent.to_string());
        fields.insert("outcome", outcome.to_owned());
        if !why.is_empty() {
            fields.insert("why", why.to_owned());
        }
    }
    let record = serde_json::to_vec(&fields).unwrap_or_default(); // a map of strings has no way to fail
    if record.len() > MAX_RECORD_BYTES {
        return Err(Error::RecordTooLong { bytes: record.len(), limit: MAX_RECORD_BYTES });
    }
    // Salts hide records from guessing, so they come from the system, never from a test's generator.
    let mut salt = [0; 32];
    rand::rngs::OsRng.fill_bytes(&mut salt);
    let commitment = commit(&salt, &record);
    Ok(Sealed { at, record, salt, commitment })
}

/// SHA-256(salt || record).
pub(crate) fn commit(salt: &[u8], record: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(record).finalize().into()
}

/// A leaf of the log: `v1 <unix time> <kind> <base64 SHA-256(salt || record)>`.
///
/// The kind of an intent or outcome carries its part after a colon: `collect:intent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) at_secs: i64,
    pub(crate) kind: String,
    pub(crate) commitment: [u8; 32],
}

impl Leaf {
    pub(crate) fn new(at_secs: i64, act: &str, part: &str, commitment: [u8; 32]) -> Self {
        let kind = if part == "note" { act.to_owned() } else { format!("{act}:{part}") };
        Self { at_secs, kind, commitment }
    }

    /// Reads exactly what [`fmt::Display`] writes.
    pub(crate) fn parse(entry: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(entry).ok()?;
        let mut words = text.split(' ');
        let (version, at, kind, commitment) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let commitment = BASE64_STANDARD.decode(commitment).ok()?.try_into().ok()?;
        let leaf = Self { at_secs: at.parse().ok()?, kind: kind.to_owned(), commitment };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-' || byte == b':';
        let sound = version == "v1" && !kind.is_empty() && kind.bytes().all(plain) && leaf.to_string() == text;
        sound.then_some(leaf)
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "v1 {} {} {}", self.at_secs, self.kind, BASE64_STANDARD.encode(self.commitment))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ActKind, Actor};

    #[test]
    fn a_record_is_sorted_json_and_reserved_keys_win() {
        let act = Act::new(ActKind::Collection, Actor::Process("crawl")).detail("who", "me").detail("a", "\u{1}\"ä");
        let sealed = seal(&act, Part::Outcome, Timestamp::from_secs(0), Some((7, "done", ""))).unwrap();
        assert_eq!(
            String::from_utf8(sealed.record).unwrap(),
            r#"{"a":"\u0001\"ä","act":"collect","at":"1970-01-01T00:00:00.000Z","intent":"7","outcome":"done","part":"outcome","v":"1","who":"process crawl"}"#
        );
        let long = act.detail("reason_text", "x".repeat(MAX_RECORD_BYTES));
        assert!(matches!(seal(&long, Part::Note, Timestamp::from_secs(0), None), Err(Error::RecordTooLong { .. })));
    }

    #[test]
    fn equal_records_have_unequal_commitments() {
        let act = Act::new(ActKind::SignIn, Actor::Process("serve"));
        let seal = || seal(&act, Part::Note, Timestamp::from_secs(0), None).unwrap();
        let (one, two) = (seal(), seal());
        assert_eq!(one.record, two.record);
        assert_ne!(one.commitment, two.commitment);
    }

    proptest! {
        #[test]
        fn leaves_read_back_and_nothing_else_does(at: i64, commitment: [u8; 32], junk: Vec<u8>) {
            let leaf = Leaf::new(at, "collect", "intent", commitment);
            prop_assert_eq!(Leaf::parse(leaf.to_string().as_bytes()), Some(leaf));
            if let Some(read) = Leaf::parse(&junk) {
                prop_assert_eq!(read.to_string().into_bytes(), junk);
            }
        }
    }
}
