//! Checkpoints as C2SP signed notes: `origin`, size and root, an empty line, signatures.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::Signature;

use crate::key::{LogVerifier, SIGNATURE_MARK};
use crate::merkle::Hash;

/// Longest checkpoint that is read: room for a hundred cosignatures.
pub const MAX_CHECKPOINT_BYTES: usize = 16 * 1024;

/// The state of a log at one size: what the log's key signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a text is not a checkpoint of this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadCheckpoint {
    /// It is not a signed note with three lines.
    #[error("the checkpoint is malformed")]
    Malformed,
    /// It is a checkpoint of another log.
    #[error("the checkpoint names another log")]
    OtherLog,
    /// It carries no signature by the log's key.
    #[error("the checkpoint has no signature by the log's key")]
    Unsigned,
    /// The signature is not over this text.
    #[error("the checkpoint's signature does not fit its text")]
    BadSignature,
}

impl Checkpoint {
    /// Reads a checkpoint and verifies the log's signature on it.
    ///
    /// Signature lines by other keys (witnesses) must be well formed and are passed over.
    ///
    /// # Errors
    /// When it is not a checkpoint of the log whose key is `verifier`.
    pub fn open(note: &[u8], verifier: &LogVerifier) -> Result<Self, BadCheckpoint> {
        use BadCheckpoint::{BadSignature, Malformed, OtherLog, Unsigned};

        let note = std::str::from_utf8(note).ok().filter(|note| note.len() <= MAX_CHECKPOINT_BYTES).ok_or(Malformed)?;
        let (text, signatures) = note.split_once("\n\n").ok_or(Malformed)?;
        let checkpoint = Self::read(text).ok_or(Malformed)?;
        if checkpoint.origin != verifier.origin() {
            return Err(OtherLog);
        }
        let mut verdict = Err(Unsigned);
        for line in signatures.strip_suffix('\n').ok_or(Malformed)?.split('\n') {
            let (name, blob) =
                line.strip_prefix(SIGNATURE_MARK).and_then(|rest| rest.split_once(' ')).ok_or(Malformed)?;
            let blob = BASE64_STANDARD.decode(blob).map_err(|_| Malformed)?;
            let (id, signature) = blob.split_at_checked(4).ok_or(Malformed)?;
            if name == verifier.origin() && id == verifier.id() && verdict != Ok(()) {
                let signature = Signature::from_slice(signature).map_err(|_| Malformed)?;
                let good = verifier.key().verify_strict(checkpoint.to_string().as_bytes(), &signature).is_ok();
                verdict = if good { Ok(()) } else { Err(BadSignature) };
            }
        }
        verdict.map(|()| checkpoint)
    }

    /// Reads exactly what [`fmt::Display`] writes, without the last line feed.
    fn read(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next()?.to_owned(), lines.next()?, lines.next()?);
        let root = BASE64_STANDARD.decode(root).ok()?.try_into().ok()?;
        let checkpoint = Self { origin, size: size.parse().ok()?, root };
        (lines.next().is_none() && checkpoint.to_string().strip_suffix('\n') == Some(text)).then_some(checkpoint)
    }
}

/// The signed text: three lines, each ended.
impl fmt::Display for Checkpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}\n{}\n{}\n", self.origin, self.size, BASE64_STANDARD.encode(self.root))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::LogKey;

    fn signed() -> (String, LogVerifier) {
        let key = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng).unwrap();
        let checkpoint = Checkpoint { origin: "unit-7.example/audit".into(), size: 1792, root: [9; 32] };
        (key.sign(&checkpoint.to_string()), key.verifier())
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let (note, verifier) = signed();
        assert_eq!(Checkpoint::open(note.as_bytes(), &verifier).unwrap().size, 1792);
        for at in 0..note.len() {
            for flip in 1..=255 {
                let mut altered = note.clone().into_bytes();
                altered[at] ^= flip;
                assert!(Checkpoint::open(&altered, &verifier).is_err(), "byte {at} ^ {flip}");
            }
        }
    }

    #[test]
    fn anothers_signature_or_log_is_refused_and_a_witness_line_is_passed_over() {
        let (note, verifier) = signed();
        let (_, other) = signed();
        assert_eq!(Checkpoint::open(note.as_bytes(), &other), Err(BadCheckpoint::Unsigned));
        let elsewhere = LogKey::generate("unit-8.example/audit", &mut rand::rngs::OsRng).unwrap();
        assert_eq!(Checkpoint::open(note.as_bytes(), &elsewhere.verifier()), Err(BadCheckpoint::OtherLog));
        let witnessed = format!("{note}{SIGNATURE_MARK}witness.example {}\n", BASE64_STANDARD.encode([1; 76]));
        assert_eq!(Checkpoint::open(witnessed.as_bytes(), &verifier).unwrap().size, 1792);
        let (text, _) = note.split_once("\n\n").unwrap();
        assert_eq!(Checkpoint::open(format!("{text}\n\n\n").as_bytes(), &verifier), Err(BadCheckpoint::Malformed));
    }

    proptest! {
        #[test]
        fn no_text_panics(note: Vec<u8>) {
            let (_, verifier) = signed();
            prop_assert!(Checkpoint::open(&note, &verifier).is_err());
        }
    }
}
