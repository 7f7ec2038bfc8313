//! What a page holds: threads, posts, advertisements, and the few values read from them.

use std::fmt;

/// One thing on a page. Its texts are the segments that carry its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: RecordKind,
    /// The day it says it was posted.
    pub posted: Option<Day>,
    /// What is asked for it.
    pub price: Option<Price>,
    /// The record of the same page that it answers, by its place: the one whose words it repeats first.
    pub answers: Option<usize>,
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    /// A line of a list of threads.
    Thread,
    /// A post of a thread.
    Post,
    /// An advertisement, or a line of a list of them.
    Ad,
}

/// A calendar day, as the page states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// 1970 to 2100.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// `2026-11-24`.
impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// An asking price as the page states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Hundredths of the currency's unit.
    pub minor_units: u64,
    /// ISO 4217 code, if the page says which.
    pub currency: Option<[u8; 3]>,
}
