//! What Lanthorn adds to a tantivy folder: a manifest, the note in each commit, and the files that readers lock.

use std::fmt;
use std::str::FromStr;

use model::CaseId;
use serde::{Deserialize, Serialize};

use crate::{TOKENIZER, VERSION};

/// The manifest's file name.
pub const MANIFEST: &str = "lanthorn-index.json";

/// Bytes that a manifest may have.
pub const MAX_MANIFEST_BYTES: u64 = 4096;

/// The word that every manifest begins with.
const FORMAT: &str = "lanthorn-index";

/// What a folder says of itself. It is written once, before tantivy's own files, and never changed: each byte of it
/// follows from the case and from the version that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: String,
    /// [`VERSION`] of the crate that made the folder.
    pub version: u32,
    /// The case; also the folder's name, so that one case's index cannot be taken for another's.
    pub case: CaseId,
    tokenizer: String,
}

/// Why a manifest is not one that this version can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Not the bytes that any version of ours would have written.
    Damaged,
    /// Written by another version.
    Version(u32),
}

impl Manifest {
    /// The manifest of a new index.
    #[must_use]
    pub fn new(case: CaseId) -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION, case, tokenizer: TOKENIZER.to_owned() }
    }

    /// The file's content.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        format!(
            "{{\"format\":\"{}\",\"version\":{},\"case\":\"{}\",\"tokenizer\":\"{}\"}}\n",
            self.format, self.version, self.case, self.tokenizer
        )
        .into_bytes()
    }

    /// Reads the file's content; a single changed byte is noticed, since there is only one way to write it.
    ///
    /// # Errors
    /// If the bytes are damaged or another version wrote them.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unfit> {
        let found: Self = serde_json::from_slice(bytes).map_err(|_| Unfit::Damaged)?;
        if found.format != FORMAT || found.to_bytes() != bytes {
            return Err(Unfit::Damaged);
        }
        if found.version != VERSION {
            return Err(Unfit::Version(found.version));
        }
        if found.tokenizer == TOKENIZER { Ok(found) } else { Err(Unfit::Damaged) }
    }
}

/// What each tantivy commit carries as its payload: the last outbox row in it, and a check over it and over tantivy's
/// own counter, because nothing else in `meta.json` would notice a changed digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitNote {
    /// The last outbox row that the index holds; 0 before the first.
    pub seq: i64,
    /// tantivy's operation counter at the commit.
    pub opstamp: u64,
}

/// `lanthorn 4 seq=42 opstamp=97 check=0123456789abcdef`.
impl fmt::Display for CommitNote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stated = format!("lanthorn {VERSION} seq={} opstamp={}", self.seq, self.opstamp);
        let check = blake3::derive_key("lanthorn 2026-11 index commit note", stated.as_bytes());
        write!(out, "{stated} check=")?;
        check[..8].iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl FromStr for CommitNote {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Self, Unfit> {
        let number = |name: &str| text.split(' ').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let seq = number("seq").and_then(|digits| digits.parse().ok()).ok_or(Unfit::Damaged)?;
        let opstamp = number("opstamp").and_then(|digits| digits.parse().ok()).ok_or(Unfit::Damaged)?;
        let note = Self { seq, opstamp };
        if note.to_string() == text { Ok(note) } else { Err(Unfit::Damaged) }
    }
}

/// The name of the file that readers of generation `generation` hold a shared lock on.
///
/// An erasure begins a new generation and then waits for the locks of older ones: who holds one may still have erased
/// bytes mapped into memory.
#[must_use]
pub fn reader_lock(generation: u64) -> String {
    format!(".lanthorn-readers-{generation}.lock")
}

/// The generation in such a name; `None` for any other file.
#[must_use]
pub fn reader_generation(name: &str) -> Option<u64> {
    let generation = name.strip_prefix(".lanthorn-readers-")?.strip_suffix(".lock")?.parse().ok()?;
    (reader_lock(generation) == name).then_some(generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_of_a_manifest_or_note_is_noticed() {
        let case: CaseId = "op-harbour-2026".parse().unwrap();
        let bytes = Manifest::new(case.clone()).to_bytes();
        assert_eq!(Manifest::parse(&bytes).unwrap().case, case);
        let note = CommitNote { seq: 41_207, opstamp: 90_001 };
        assert_eq!(note.to_string().parse(), Ok(note));

        for place in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[place / 8] ^= 1 << (place % 8);
            // The case is free text as far as the manifest goes; the folder's name must agree with it.
            assert!(Manifest::parse(&flipped).map_or(true, |found| found.case != case), "bit {place}");
        }
        let text = note.to_string().into_bytes();
        for place in 0..text.len() * 8 {
            let mut flipped = text.clone();
            flipped[place / 8] ^= 1 << (place % 8);
            let read =
                String::from_utf8(flipped).map_err(|_| Unfit::Damaged).and_then(|text| text.parse::<CommitNote>());
            assert_eq!(read, Err(Unfit::Damaged), "bit {place}");
        }
    }

    #[test]
    fn another_version_is_named() {
        let text = String::from_utf8(Manifest::new("a".parse().unwrap()).to_bytes()).unwrap();
        let newer = text.replace("\"version\":4", "\"version\":9");
        assert_eq!(Manifest::parse(newer.as_bytes()), Err(Unfit::Version(9)));
    }

    #[test]
    fn only_our_own_lock_files_have_a_generation() {
        assert_eq!(reader_generation(&reader_lock(7)), Some(7));
        for other in [".lanthorn-readers-07.lock", ".lanthorn-readers-.lock", "lanthorn-readers-7.lock", "meta.json"] {
            assert_eq!(reader_generation(other), None, "{other}");
        }
    }
}
