//! One redacted page as the index keeps it.

use model::{CaptureId, Timestamp, Token};
use schema::{Fields, day_to_text};
use serde::{Serialize, Serializer};
use tantivy::TantivyDocument;
use tantivy::schema::{Field, Value as _};

use crate::Error;

/// One redacted page, whole. [`Searcher::document`](crate::Searcher::document) reads one from the index; whoever indexes
/// fills one in to see at once which queries it fits.
#[derive(Clone, Serialize)]
pub struct Document {
    /// Which capture.
    pub capture: CaptureId,
    /// The authorisation it was made under, in hexadecimal.
    pub authorisation: Option<String>,
    /// The site's label.
    pub site: String,
    /// The board or section.
    pub board: Option<String>,
    /// `board`, `thread`, `ad-list`, `ad` or `other`.
    pub kind: String,
    /// The language tag.
    pub language: Option<String>,
    /// Country codes.
    pub places: Vec<String>,
    /// The day it says it was posted, such as `2026-11-24`.
    pub posted: Option<String>,
    /// When it was captured.
    pub captured: Timestamp,
    /// The asking price in hundredths of the currency's unit.
    pub price: Option<u64>,
    /// The currency's ISO 4217 code.
    pub currency: Option<String>,
    /// Its address as a token.
    #[serde(serialize_with = "as_text_if_any")]
    pub url: Option<Token>,
    /// Who wrote it, as tokens.
    #[serde(serialize_with = "as_texts")]
    pub authors: Vec<Token>,
    /// Its hidden identifiers.
    #[serde(serialize_with = "as_texts")]
    pub tokens: Vec<Token>,
    /// The rule set that redacted it.
    pub rules: String,
    /// The redacted title.
    pub title: String,
    /// The redacted text.
    pub body: String,
}

impl Document {
    /// The day that hits show: as posted where the page says so, else as captured.
    #[must_use]
    pub fn day(&self) -> String {
        self.posted.clone().unwrap_or_else(|| self.captured.day())
    }

    pub(crate) fn read(document: &TantivyDocument, fields: &Fields) -> Result<Self, Error> {
        let stored = Stored { document, fields };
        Ok(Self {
            capture: stored.capture()?,
            authorisation: stored.text_of(fields.authorisation),
            site: stored.label(fields.site),
            board: stored.text_of(fields.board),
            kind: stored.label(fields.kind),
            language: stored.text_of(fields.language),
            places: stored.texts(fields.place).map(str::to_owned).collect(),
            posted: stored.day(fields.posted),
            captured: stored.moment(fields.captured).ok_or(DAMAGED)?,
            price: stored.document.get_first(fields.price).and_then(|value| value.as_u64()),
            currency: stored.text_of(fields.currency),
            url: stored.tokens(fields.url).next(),
            authors: stored.tokens(fields.author).collect(),
            tokens: stored.tokens(fields.token).collect(),
            rules: stored.label(fields.rules),
            title: stored.label(fields.title),
            body: stored.label(fields.body),
        })
    }
}

/// Prints which capture, nothing of its content.
impl std::fmt::Debug for Document {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Document({}, {} body bytes, {} tokens)", self.capture, self.body.len(), self.tokens.len())
    }
}

pub(crate) const DAMAGED: Error = Error::Damaged("a document lacks a field that every document has");

/// The stored fields of one document.
pub(crate) struct Stored<'d> {
    pub(crate) document: &'d TantivyDocument,
    pub(crate) fields: &'d Fields,
}

impl<'d> Stored<'d> {
    fn texts(&self, field: Field) -> impl Iterator<Item = &'d str> {
        self.document.get_all(field).filter_map(|value| value.as_str())
    }

    fn text_of(&self, field: Field) -> Option<String> {
        self.texts(field).next().map(str::to_owned)
    }

    fn tokens(&self, field: Field) -> impl Iterator<Item = Token> {
        self.texts(field).filter_map(|text| text.parse().ok())
    }

    /// A label that every document has; empty where the writer gave none.
    pub(crate) fn label(&self, field: Field) -> String {
        self.text_of(field).unwrap_or_default()
    }

    pub(crate) fn day(&self, field: Field) -> Option<String> {
        self.document.get_first(field)?.as_datetime().map(day_to_text)
    }

    fn moment(&self, field: Field) -> Option<Timestamp> {
        let moment = self.document.get_first(field)?.as_datetime()?;
        Some(Timestamp::from_millis(moment.into_timestamp_millis()))
    }

    pub(crate) fn capture(&self) -> Result<CaptureId, Error> {
        self.texts(self.fields.capture).next().and_then(|text| text.parse().ok()).ok_or(DAMAGED)
    }
}

pub(crate) fn as_text<S: Serializer>(token: &Token, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(token)
}

pub(crate) fn as_texts<S: Serializer>(tokens: &[Token], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(tokens.iter().map(Token::to_string))
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
pub(crate) fn as_text_if_any<S: Serializer>(token: &Option<Token>, serializer: S) -> Result<S::Ok, S::Error> {
    token.map(|token| token.to_string()).serialize(serializer)
}
