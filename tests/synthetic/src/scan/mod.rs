//! The byte scan: looks through everything below a folder for values that should be nowhere in it.
//!
//! Each value is looked for as it was written, in its canonical form, in lower case, by its digits alone and by its
//! telling part alone; each of those in UTF-8, UTF-16 of both byte orders, percent-encoded, in hexadecimal, and in base64
//! at the three alignments; and all of that in the bytes of the files, inside zlib, gzip and zstd frames at any offset of
//! them, in what tantivy stores and lists in its dictionaries, and across the pages of SQLite files.
//!
//! What cannot be read is an error and never a clean result. A needle shorter than [`MIN_NEEDLE_BYTES`] would be found
//! everywhere by chance and is left out.

mod forms;
mod frames;
mod index;
mod sqlite;
mod summary;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use aho_corasick::{AhoCorasick, MatchKind};
use model::Label;
use serde::Serialize;

pub use self::summary::{Found, Summary};
use crate::site::{Planted, Site};

/// Bytes below which a value is not looked for.
pub const MIN_NEEDLE_BYTES: usize = 6;

/// Bytes of the largest file that is read.
pub const MAX_FILE_BYTES: u64 = 2 << 30;

/// Frames inside frames that are opened.
const MAX_NESTING: usize = 3;

/// A value to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    /// What it is: decides what its telling part is.
    pub label: Label,
    /// Its one value.
    pub canonical: String,
    /// How it was written.
    pub written: String,
}

impl Needle {
    /// Everything that was hidden in some sites, in their order.
    pub fn all<'s>(sites: impl IntoIterator<Item = &'s Site>) -> Vec<Self> {
        sites.into_iter().flat_map(|site| &site.planted).map(Self::from).collect()
    }
}

impl From<&Planted> for Needle {
    fn from(planted: &Planted) -> Self {
        Self { label: planted.label, canonical: planted.canonical.clone(), written: planted.written.clone() }
    }
}

/// Which form of a value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// As it was written.
    Written,
    /// Its one value.
    Canonical,
    /// In lower case.
    Lower,
    /// Its digits without what stands between them.
    Digits,
    /// The part that tells whose it is: an account without its platform, a mailbox without its host, an address without
    /// its scheme, the last nine digits of a number.
    Core,
}

/// In which encoding it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Percent-encoded, as in URLs and forms.
    Percent,
    /// Base64 of either alphabet, at any of the three alignments.
    Base64,
    /// Hexadecimal.
    Hex,
}

/// Inside what it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// The file's own bytes, or its path.
    File,
    /// A zlib stream.
    Zlib,
    /// A gzip member.
    Gzip,
    /// A zstd frame.
    Zstd,
    /// A document that tantivy stores, deleted ones included.
    StoredDocument,
    /// A dictionary of tantivy: terms or columns.
    Dictionary,
    /// Two linked pages of an SQLite file.
    SqlitePages,
}

/// One value found where it should not be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// Which needle.
    pub needle: usize,
    /// In which file, or in which folder for an index.
    pub file: PathBuf,
    /// In which form.
    pub form: Form,
    /// In which encoding.
    pub coding: Coding,
    /// Inside what.
    pub container: Container,
}

/// What a scan saw: a clean result counts only if there was something to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What was found, sorted.
    pub leaks: Vec<Leak>,
    /// Files read.
    pub files: usize,
    /// Bytes read from them.
    pub bytes: u64,
    /// Compressed frames opened.
    pub frames: usize,
    /// Stored documents read.
    pub documents: usize,
    /// Dictionary entries read.
    pub terms: usize,
}

impl Report {
    /// The needles that were found, each once.
    #[must_use]
    pub fn needles(&self) -> BTreeSet<usize> {
        self.leaks.iter().map(|leak| leak.needle).collect()
    }
}

/// Why a folder could not be scanned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("read {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A file is larger than [`MAX_FILE_BYTES`].
    #[error("read {}: it has {bytes} bytes, more than are scanned", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// How large.
        bytes: u64,
    },
    /// What compressed frames hold is more than is looked through.
    #[error("look inside the compressed frames of {}: they hold too much", path.display())]
    Inflated {
        /// Which.
        path: PathBuf,
    },
    /// An index cannot be read.
    #[error("read the index {}: {source}", path.display())]
    Index {
        /// Which.
        path: PathBuf,
        /// tantivy's answer.
        source: tantivy::TantivyError,
    },
}

/// One byte string to look for.
struct Pattern {
    needle: usize,
    form: Form,
    coding: Coding,
}

/// A scan for a set of needles, ready to be used on many folders.
pub struct Scan {
    automaton: AhoCorasick,
    patterns: Vec<Pattern>,
}

impl Scan {
    /// Prepares a scan.
    #[must_use]
    pub fn new(needles: &[Needle]) -> Self {
        // Two needles may share a form, as the advertisements of a group do: both are reported.
        let mut patterns = Vec::new();
        let mut texts = Vec::new();
        for (needle, value) in needles.iter().enumerate() {
            for (text, (form, coding)) in forms::of(value) {
                texts.push(text);
                patterns.push(Pattern { needle, form, coding });
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&texts)
            .expect("the patterns of a test site stay far below the automaton's 2^31 states");
        Self { automaton, patterns }
    }

    /// Looks through every file below a folder; links are not followed.
    ///
    /// # Errors
    /// If anything in it cannot be read: then nothing is known about it.
    pub fn folder(&self, folder: &Path) -> Result<Report, Error> {
        let mut look = Look { scan: self, found: BTreeSet::new(), report: Report::default() };
        look.folder(folder)?;
        look.report.leaks = look.found.into_iter().collect();
        Ok(look.report)
    }

    /// Looks through some bytes, frames inside them included, as if they were a file of that name.
    ///
    /// # Errors
    /// If the frames hold too much.
    pub fn bytes(&self, name: &Path, bytes: &[u8]) -> Result<Vec<Leak>, Error> {
        let mut look = Look { scan: self, found: BTreeSet::new(), report: Report::default() };
        look.content(name, bytes)?;
        Ok(look.found.into_iter().collect())
    }
}

/// A scan under way.
struct Look<'s> {
    scan: &'s Scan,
    found: BTreeSet<Leak>,
    report: Report,
}

impl Look<'_> {
    fn folder(&mut self, folder: &Path) -> Result<(), Error> {
        let failed = |source| Error::File { path: folder.to_owned(), source };
        let mut names = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            names.insert(entry.file_name(), (entry.path(), entry.file_type().map_err(failed)?));
        }
        if index::is_index(folder) {
            let failed = |source| Error::Index { path: folder.to_owned(), source };
            index::read(folder, &mut |container, bytes| self.piece(folder, container, bytes)).map_err(failed)?;
        }
        for (name, (path, kind)) in names {
            // A value may also be the name of a file.
            self.piece(&path, Container::File, name.as_encoded_bytes());
            if kind.is_dir() {
                self.folder(&path)?;
            } else if kind.is_file() {
                self.file(&path)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::File { path: path.to_owned(), source };
        let bytes = fs::metadata(path).map_err(failed)?.len();
        if bytes > MAX_FILE_BYTES {
            return Err(Error::TooLarge { path: path.to_owned(), bytes });
        }
        let content = fs::read(path).map_err(failed)?;
        self.report.files += 1;
        self.report.bytes += content.len() as u64;
        self.content(path, &content)?;
        if sqlite::is_database(&content) {
            let mut beside = path.as_os_str().to_owned();
            beside.push("-wal");
            let journal = match fs::read(&beside) {
                Ok(journal) => journal,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(source) => return Err(Error::File { path: beside.into(), source }),
            };
            sqlite::joints(&content, &journal, &mut |joint| self.piece(path, Container::SqlitePages, joint));
        }
        Ok(())
    }

    /// A file's own bytes and what is compressed in them.
    fn content(&mut self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        self.piece(path, Container::File, bytes);
        let mut budget = frames::MAX_INFLATED_BYTES;
        self.frames(path, bytes, MAX_NESTING, &mut budget)
    }

    fn frames(&mut self, path: &Path, bytes: &[u8], nesting: usize, budget: &mut u64) -> Result<(), Error> {
        for (container, start) in frames::starts(bytes) {
            let Some(inflated) = frames::inflate(container, &bytes[start..], budget) else {
                return Err(Error::Inflated { path: path.to_owned() });
            };
            if inflated.is_empty() {
                continue;
            }
            self.report.frames += 1;
            self.piece(path, container, &inflated);
            if nesting > 1 {
                self.frames(path, &inflated, nesting - 1, budget)?;
            }
        }
        Ok(())
    }

    fn piece(&mut self, path: &Path, container: Container, bytes: &[u8]) {
        match container {
            Container::StoredDocument => self.report.documents += 1,
            Container::Dictionary => self.report.terms += 1,
            _ => {}
        }
        for found in self.scan.automaton.find_overlapping_iter(bytes) {
            let Pattern { needle, form, coding } = self.scan.patterns[found.pattern().as_usize()];
            self.found.insert(Leak { needle, file: path.to_owned(), form, coding, container });
        }
    }
}

#[cfg(test)]
mod tests;
