//! What a verification finds.

use std::fmt;

use model::{HasKind, Kind};

/// The first thing that is wrong with a log, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The first entry that is touched, counted from 0; `None` when the fault is not about single entries.
    pub index: Option<u64>,
    /// What is wrong.
    pub sentence: String,
}

impl Fault {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { index: None, sentence: sentence.into() }
    }

    pub(crate) fn at(index: u64, sentence: impl Into<String>) -> Self {
        Self { index: Some(index), sentence: sentence.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(out, "verify the log: entry {index}: {}", self.sentence),
            None => write!(out, "verify the log: {}", self.sentence),
        }
    }
}

impl std::error::Error for Fault {}

impl HasKind for Fault {
    fn kind(&self) -> Kind {
        Kind::CheckFailed
    }
}
