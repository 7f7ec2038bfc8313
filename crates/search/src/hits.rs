//! Answers to a search.

use std::collections::HashMap;

use model::{CaptureId, Token};
use serde::{Serialize, Serializer};

use crate::Snippet;
use crate::collect::Labels;
use crate::limits::{MAX_FACET_VALUES, SMALL_COUNT};

/// One page of hits.
#[derive(Clone, Debug, Serialize)]
pub struct Hits {
    /// The query as it was understood; reading it again asks the same.
    pub understood: String,
    /// How many documents fit, exactly.
    pub count: u64,
    /// How many hits were skipped.
    pub offset: usize,
    /// The best of them, newest first where they fit equally well.
    pub hits: Vec<Hit>,
    /// What the documents that fit have in common.
    pub facets: Facets,
}

/// One document that fits.
#[derive(Clone, Serialize)]
pub struct Hit {
    /// Which capture.
    pub capture: CaptureId,
    /// The site's label.
    pub site: String,
    /// The board or section.
    pub board: Option<String>,
    /// `thread`, `ad`, `listing` or `other`.
    pub kind: String,
    /// The language tag.
    pub language: Option<String>,
    /// The day it was posted where the page says so, else the day it was captured.
    pub day: String,
    /// The day it says it was posted.
    pub posted: Option<String>,
    /// The day it was captured.
    pub captured: String,
    /// The redacted title.
    pub title: String,
    /// A piece of the redacted text.
    pub snippet: Snippet,
    /// How well it fits; comparable within one answer only.
    pub score: f32,
    /// Its hidden identifiers, at most [`MAX_HIT_TOKENS`](crate::limits::MAX_HIT_TOKENS).
    #[serde(serialize_with = "as_texts")]
    pub tokens: Vec<Token>,
    /// How many hidden identifiers it has.
    pub token_count: usize,
    /// Its address as a token.
    #[serde(serialize_with = "as_text_if_any")]
    pub url: Option<Token>,
}

/// Prints which capture, nothing of its content.
impl std::fmt::Debug for Hit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Hit({}, {} tokens)", self.capture, self.tokens.len())
    }
}

/// Labels of the documents that fit, commonest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// By site.
    pub site: Vec<FacetValue>,
    /// By language.
    pub language: Vec<FacetValue>,
    /// By kind.
    pub kind: Vec<FacetValue>,
}

/// A label and how many documents carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// The label.
    pub value: String,
    /// How many.
    pub count: Count,
}

/// A count that is exact only where it is large enough not to point at single pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exactly(u64),
    /// Fewer than [`SMALL_COUNT`].
    Few,
}

impl Count {
    const fn of(count: u64) -> Self {
        if count < SMALL_COUNT { Self::Few } else { Self::Exactly(count) }
    }
}

/// `12` or `<5`.
impl std::fmt::Display for Count {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(count) => write!(out, "{count}"),
            Self::Few => write!(out, "<{SMALL_COUNT}"),
        }
    }
}

/// The number 12 or the text `<5`.
impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Exactly(count) => serializer.serialize_u64(*count),
            Self::Few => serializer.collect_str(self),
        }
    }
}

impl Facets {
    /// The fields that are counted, in the order of [`Facets::new`]'s argument.
    pub(crate) const FIELDS: &'static [&'static str] = &["site", "language", "kind"];

    pub(crate) fn new(labels: Labels) -> Self {
        let mut fields = labels.into_iter().map(values);
        let mut next = || fields.next().unwrap_or_default();
        Self { site: next(), language: next(), kind: next() }
    }
}

/// Commonest first. Small counts are ordered by label alone, so that their order does not tell what is not told.
fn values(labels: HashMap<String, u64>) -> Vec<FacetValue> {
    let mut values: Vec<FacetValue> =
        labels.into_iter().map(|(value, count)| FacetValue { value, count: Count::of(count) }).collect();
    let rank = |count: Count| match count {
        Count::Exactly(count) => count,
        Count::Few => 0,
    };
    values.sort_by(|a, b| rank(b.count).cmp(&rank(a.count)).then_with(|| a.value.cmp(&b.value)));
    values.truncate(MAX_FACET_VALUES);
    values
}

pub(crate) fn as_text<S: Serializer>(token: &Token, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(token)
}

fn as_texts<S: Serializer>(tokens: &[Token], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(tokens.iter().map(Token::to_string))
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn as_text_if_any<S: Serializer>(token: &Option<Token>, serializer: S) -> Result<S::Ok, S::Error> {
    token.map(|token| token.to_string()).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_not_told_by_number_or_by_order() {
        let labels = [("a", 3), ("b", 4), ("c", 5), ("d", 90)].map(|(label, count)| (label.to_owned(), count));
        let told: Vec<String> =
            values(labels.into()).iter().map(|value| format!("{} {}", value.value, value.count)).collect();
        assert_eq!(told, ["d 90", "c 5", "a <5", "b <5"]);
    }
}
