//! What was not understood, and where.

use std::fmt;

use model::{HasKind, Kind};

use super::field::Name;
use crate::limits;

/// A query that was not understood. It names the character, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    at: usize,
    fault: Fault,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The query is empty.
    Empty,
    /// The query is longer than [`limits::MAX_QUERY_CHARS`].
    TooLong,
    /// More than [`limits::MAX_LEAVES`] things to look for.
    TooManyLeaves,
    /// More than [`limits::MAX_PHRASES`] phrases.
    TooManyPhrases,
    /// A phrase of more than [`limits::MAX_PHRASE_WORDS`] words.
    LongPhrase,
    /// Deeper than [`limits::MAX_DEPTH`].
    TooDeep,
    /// A quotation mark that is never closed.
    OpenQuote,
    /// A parenthesis that is never closed.
    OpenParenthesis,
    /// A parenthesis that was never opened.
    StrayParenthesis,
    /// AND, OR or NOT without something to look for on the side where it needs it.
    MissingOperand,
    /// A field's name with nothing after the colon.
    MissingValue,
    /// No field has that name.
    UnknownField,
    /// It begins like a token and is none.
    BadToken,
    /// The field holds tokens and this is none.
    TokenWanted,
    /// The field holds days and this is neither a day nor a range of days.
    DayWanted,
    /// The field holds amounts and this is neither an amount nor a range of amounts.
    AmountWanted,
    /// A range that ends before it begins.
    EmptyRange,
    /// No letter or digit to look for.
    NoWord,
    /// A star anywhere but at the end of one word.
    StrayStar,
    /// A prefix of fewer than [`limits::MIN_PREFIX_CHARS`] characters.
    ShortPrefix,
    /// A field that neither a prefix nor a similar word can be looked for in.
    NoPattern,
    /// `~` with anything but 1 or 2 behind it.
    BadEdits,
    /// Too short a word for so many edits.
    ShortFuzzy,
    /// More than [`limits::MAX_PATTERNS`] prefixes and similar words.
    TooManyPatterns,
    /// NEAR without a distance between 1 and [`limits::MAX_DISTANCE`].
    BadDistance,
    /// NEAR between anything but words of one text.
    NearWhat,
}

impl ParseError {
    pub(crate) const fn new(at: usize, fault: Fault) -> Self {
        Self { at, fault }
    }

    /// Which character, from 0, in Unicode code points; the query's length where something is missing at its end.
    #[must_use]
    pub const fn at(self) -> usize {
        self.at
    }

    /// What is wrong.
    #[must_use]
    pub const fn fault(self) -> Fault {
        self.fault
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "understand the query at character {}: {}", self.at + 1, self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("it is empty"),
            Self::TooLong => write!(out, "it is longer than {} characters", limits::MAX_QUERY_CHARS),
            Self::TooManyLeaves => write!(out, "it looks for more than {} things", limits::MAX_LEAVES),
            Self::TooManyPhrases => write!(out, "it has more than {} phrases", limits::MAX_PHRASES),
            Self::LongPhrase => write!(out, "the phrase has more than {} words", limits::MAX_PHRASE_WORDS),
            Self::TooDeep => write!(out, "it is nested deeper than {}", limits::MAX_DEPTH),
            Self::OpenQuote => out.write_str("this quotation mark is never closed"),
            Self::OpenParenthesis => out.write_str("this parenthesis is never closed"),
            Self::StrayParenthesis => out.write_str("this parenthesis was never opened"),
            Self::MissingOperand => out
                .write_str("something to look for is missing here; put AND, OR or NOT in quotes to look for the word"),
            Self::MissingValue => out.write_str("the field's value is missing; it follows the colon without a space"),
            Self::UnknownField => {
                out.write_str("there is no such field; put the words in quotes to look for them, or use one of ")?;
                for (place, name) in Name::ALL.iter().filter_map(|name| name.as_str()).enumerate() {
                    write!(out, "{}{name}", if place == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::BadToken => out.write_str(
                "this is no token; a token is [LABEL:13 characters of lower-case Crockford base32], as hits show it",
            ),
            Self::TokenWanted => out.write_str("this field holds tokens, such as [PHONE:…] as hits show it"),
            Self::DayWanted => out.write_str("this field holds days: write 2026-11-24, 2026-11, 2026, or 2026-11-01..2026-11-24, between the years 1678 and 2261"),
            Self::AmountWanted => out.write_str("this field holds amounts: write 120, 99.50 or 100..200"),
            Self::EmptyRange => out.write_str("the range ends before it begins"),
            Self::NoWord => out.write_str("there is no letter or digit to look for"),
            Self::StrayStar => out.write_str(
                "a star stands only at the end of one word, as in harb*; put it in quotes to look for words as they stand",
            ),
            Self::ShortPrefix => write!(out, "at least {} letters stand before a star", limits::MIN_PREFIX_CHARS),
            Self::NoPattern => out.write_str("this field takes neither a star nor a ~; write the whole value"),
            Self::BadEdits => out.write_str("after ~ stands how many letters may differ: word~1 or word~2"),
            Self::ShortFuzzy => out.write_str("the word is too short: 4 letters for ~1, 7 for ~2"),
            Self::TooManyPatterns => write!(out, "it has more than {} words with * or ~", limits::MAX_PATTERNS),
            Self::BadDistance => {
                write!(out, "NEAR takes a distance in words: NEAR/1 to NEAR/{}", limits::MAX_DISTANCE)
            }
            Self::NearWhat => out.write_str(
                "NEAR stands between words or phrases of the same text, as in harbour NEAR/5 \"new in town\"",
            ),
        }
    }
}

impl std::error::Error for ParseError {}

impl HasKind for ParseError {
    fn kind(&self) -> Kind {
        Kind::Usage
    }
}
