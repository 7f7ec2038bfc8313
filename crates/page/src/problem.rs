//! What was wrong with a page: counted, never fatal.

use std::collections::BTreeMap;

/// One way in which a page is less than whole or less than honest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// The body was cut while it was fetched.
    Truncated,
    /// The body's content coding is one that we do not undo; the body was not read.
    UnknownCoding,
    /// The body breaks the rules of its content coding; what came before was read.
    BrokenCoding,
    /// The body is larger than allowed once decoded; the rest was not read.
    DecodedTooLarge,
    /// The body is no text; it was not read.
    NotText,
    /// Bytes that are not of the declared charset were replaced.
    BrokenCharset,
    /// The charset named by header or document is not known; it was guessed.
    UnknownCharset,
    /// Elements deeper than allowed were taken out; their text was kept.
    TooDeep,
    /// Markup after the last allowed node was not read.
    TooManyNodes,
    /// Attributes beyond the allowed number were dropped.
    TooManyAttributes,
    /// A tag was so made that reading it would have cost too much; the rest was not read.
    HostileTag,
    /// Text beyond the allowed amount was dropped.
    TooMuchText,
    /// Segments beyond the allowed number were dropped.
    TooManySegments,
    /// Links beyond the allowed number were dropped.
    TooManyLinks,
    /// Records beyond the allowed number were left without fields.
    TooManyRecords,
    /// A link is no URL, is too long, or is of a scheme that is never fetched.
    UnusableLink,
    /// A script was dropped: its text is in the sealed original and nowhere else.
    ScriptDropped,
    /// A style sheet was dropped.
    StyleDropped,
    /// A `data:` URL was dropped.
    DataUrlDropped,
    /// A JSON-LD block ends inside a string; what could be read was.
    BrokenJsonLd,
    /// A date was not understood.
    UnknownDate,
    /// A price was not understood.
    UnknownPrice,
    /// A required field of a record was not found: the layout may have changed.
    MissingField,
    /// The profile that fits the site knows no such page.
    UnknownPage,
}

impl Problem {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::UnknownCoding => "unknown-coding",
            Self::BrokenCoding => "broken-coding",
            Self::DecodedTooLarge => "decoded-too-large",
            Self::NotText => "not-text",
            Self::BrokenCharset => "broken-charset",
            Self::UnknownCharset => "unknown-charset",
            Self::TooDeep => "too-deep",
            Self::TooManyNodes => "too-many-nodes",
            Self::TooManyAttributes => "too-many-attributes",
            Self::HostileTag => "hostile-tag",
            Self::TooMuchText => "too-much-text",
            Self::TooManySegments => "too-many-segments",
            Self::TooManyLinks => "too-many-links",
            Self::TooManyRecords => "too-many-records",
            Self::UnusableLink => "unusable-link",
            Self::ScriptDropped => "script-dropped",
            Self::StyleDropped => "style-dropped",
            Self::DataUrlDropped => "data-url-dropped",
            Self::BrokenJsonLd => "broken-json-ld",
            Self::UnknownDate => "unknown-date",
            Self::UnknownPrice => "unknown-price",
            Self::MissingField => "missing-field",
            Self::UnknownPage => "unknown-page",
        }
    }
}

/// The problems of one page, with how often each was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(BTreeMap<Problem, u32>);

impl Problems {
    /// How often a problem was met.
    #[must_use]
    pub fn count(&self, problem: Problem) -> u32 {
        self.0.get(&problem).copied().unwrap_or_default()
    }

    /// All problems met, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Problem, u32)> {
        self.0.iter().map(|(problem, count)| (*problem, *count))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, problem: Problem) {
        self.add_many(problem, 1);
    }

    pub(crate) fn add_many(&mut self, problem: Problem, times: u32) {
        let count = self.0.entry(problem).or_default();
        *count = count.saturating_add(times);
    }
}
