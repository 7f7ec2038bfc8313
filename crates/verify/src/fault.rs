//! The first thing that does not hold.

use std::fmt;

use model::{HasKind, Kind};
use serde::Serialize;

/// Where a pack fails, and how, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file of the pack that is at fault, or the place in it.
    pub at: String,
    /// What does not hold.
    pub says: String,
}

impl Fault {
    pub(crate) fn new(at: impl Into<String>, says: impl Into<String>) -> Self {
        Self { at: at.into(), says: says.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.at, self.says)
    }
}

impl std::error::Error for Fault {}

impl HasKind for Fault {
    fn kind(&self) -> Kind {
        Kind::CheckFailed
    }
}

/// Ends a check with a fault unless something holds.
pub(crate) fn hold(holds: bool, at: &str, says: impl FnOnce() -> String) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::new(at, says())) }
}
