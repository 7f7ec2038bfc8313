//! Screening without a key: finds identifiers in a query and refuses them. Tokens are what a query may hold instead.

use std::fmt;

use model::{HasKind, Kind, Label};

/// A text in which no identifier was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened(String);

impl Screened {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the text out.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }
}

/// One identifier in a screened text. Offsets are Unicode code points, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it seems to be.
    pub label: Label,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Why a text was refused: labels and positions, never the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found(Vec<Finding>);

impl Found {
    /// Everything found, in order.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    pub(crate) const fn new(findings: Vec<Finding>) -> Self {
        Self(findings)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("refused by rule `no-identifier-in-query`: the text holds ")?;
        for (place, found) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(out, "{comma}{} at characters {} to {}", found.label, found.start, found.end)?;
        }
        out.write_str("; search for its token instead, or have the selector approved")
    }
}

impl std::error::Error for Found {}

impl HasKind for Found {
    fn kind(&self) -> Kind {
        Kind::Refused
    }
}
