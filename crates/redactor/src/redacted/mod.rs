//! A page after the door: what may be indexed, and nothing else.

mod row;

use std::collections::BTreeMap;
use std::fmt;

use model::{CaptureId, Label, Token};
use page::{Circumstances, PageKind, Price};

use crate::Derivation;

/// A page in which every identifier is a token.
///
/// Only [`Redactor::redact`](crate::Redactor::redact) and [`RedactedPage::from_row`] make one: the fields are private,
/// and there is no `Clone`, `Default`, `Deserialize`, `From` or public constructor.
///
/// `title` and `body` hold visible text alone. Alternative texts, meta data, comments, JSON-LD, attributes, hidden text,
/// URLs, file names, headers and authors contribute tokens and nothing else.
#[derive(PartialEq, Eq)]
pub struct RedactedPage {
    pub(crate) capture: CaptureId,
    pub(crate) site: String,
    pub(crate) board: Option<String>,
    pub(crate) kind: PageKind,
    pub(crate) language: Option<String>,
    pub(crate) url: Token,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) authors: Vec<Token>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) posted_day: Option<String>,
    pub(crate) price: Option<Price>,
    pub(crate) places: Vec<String>,
    pub(crate) counts: BTreeMap<Label, u32>,
    pub(crate) rules: String,
    pub(crate) derivation: Option<Derivation>,
    pub(crate) circumstances: Option<Circumstances>,
}

impl RedactedPage {
    /// The fetch it came from.
    #[must_use]
    pub const fn capture(&self) -> CaptureId {
        self.capture
    }

    /// The label of the site in its authorisation.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The board or section, redacted.
    #[must_use]
    pub fn board(&self) -> Option<&str> {
        self.board.as_deref()
    }

    /// What kind of page it was.
    #[must_use]
    pub const fn kind(&self) -> PageKind {
        self.kind
    }

    /// The language tag, if known.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// Its address as a token: `[URL:k7f3a9q2m4xtc]`; [`site`](Self::site) says where.
    #[must_use]
    pub const fn url(&self) -> Token {
        self.url
    }

    /// The redacted title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The redacted visible text, one paragraph a line.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Who wrote it, as tokens, in order of appearance.
    #[must_use]
    pub fn authors(&self) -> &[Token] {
        &self.authors
    }

    /// Every token of the page, from all its segments, sorted, each once.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The day it says it was posted, `2026-11-24`.
    #[must_use]
    pub fn posted_day(&self) -> Option<&str> {
        self.posted_day.as_deref()
    }

    /// The asking price.
    #[must_use]
    pub const fn price(&self) -> Option<Price> {
        self.price
    }

    /// Coarse places: ISO 3166 country codes, never anything finer.
    #[must_use]
    pub fn places(&self) -> &[String] {
        &self.places
    }

    /// How many stretches were hidden, by label.
    #[must_use]
    pub const fn counts(&self) -> &BTreeMap<Label, u32> {
        &self.counts
    }

    /// How its texts follow from the original; pages redacted by an early build have none.
    #[must_use]
    pub const fn derivation(&self) -> Option<&Derivation> {
        self.derivation.as_ref()
    }

    /// How the fetch went; pages redacted by an early build have none.
    #[must_use]
    pub const fn circumstances(&self) -> Option<&Circumstances> {
        self.circumstances.as_ref()
    }

    /// The rule set that redacted it.
    #[must_use]
    pub fn rule_version(&self) -> &str {
        &self.rules
    }
}

/// Prints the capture and counts.
impl fmt::Debug for RedactedPage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "RedactedPage({}, {} title bytes, {} body bytes, {} tokens)",
            self.capture,
            self.title.len(),
            self.body.len(),
            self.tokens.len()
        )
    }
}
