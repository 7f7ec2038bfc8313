//! From a redacted page to an index document.

use model::{AuthorisationId, DocumentKey, Timestamp};
use redactor::RedactedPage;
use schema::{Fields, Shingles, day_from_text};
use tantivy::{DateTime, TantivyDocument};

/// Bytes of a label such as a site or a board; what is longer is cut.
const MAX_LABEL_BYTES: usize = 256;

/// Where a page belongs: its document, and the authorisation it was collected under where the caller knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The document it becomes or replaces.
    pub document: DocumentKey,
    /// The authorisation.
    pub authorisation: Option<AuthorisationId>,
}

impl From<DocumentKey> for Placed {
    fn from(document: DocumentKey) -> Self {
        Self { document, authorisation: None }
    }
}

impl From<(DocumentKey, AuthorisationId)> for Placed {
    fn from((document, authorisation): (DocumentKey, AuthorisationId)) -> Self {
        Self { document, authorisation: Some(authorisation) }
    }
}

/// The document of a page.
pub(crate) fn document(fields: &Fields, page: &RedactedPage, placed: Placed, captured: Timestamp) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_bytes(fields.document, placed.document.as_bytes());
    document.add_text(fields.capture, page.capture().to_string());
    if let Some(authorisation) = placed.authorisation {
        document.add_text(fields.authorisation, authorisation.to_string());
    }
    document.add_text(fields.title, page.title());
    document.add_text(fields.body, page.body());
    for author in page.authors() {
        document.add_text(fields.author, author.to_string());
    }
    for token in page.tokens() {
        document.add_text(fields.token, token.to_string());
        let (digest, label) = schema::token_numbers(*token);
        document.add_u64(fields.token_digest, digest);
        document.add_u64(fields.token_label, label);
    }
    document.add_text(fields.url, page.url().to_string());
    document.add_text(fields.site, label(page.site()));
    if let Some(board) = page.board() {
        document.add_text(fields.board, label(board));
    }
    if let Some(language) = page.language() {
        document.add_text(fields.language, label(language));
    }
    for place in page.places() {
        document.add_text(fields.place, label(place));
    }
    // A page may claim any day; one that no calendar has is left out.
    if let Some(posted) = page.posted_day().and_then(|day| day_from_text(day).ok()) {
        document.add_date(fields.posted, posted);
    }
    document.add_date(fields.captured, DateTime::from_timestamp_millis(captured.millis()));
    if let Some(price) = page.price() {
        document.add_u64(fields.price, price.minor_units);
        if let Some(currency) = price.currency {
            document.add_text(fields.currency, String::from_utf8_lossy(&currency));
        }
    }
    document.add_text(fields.kind, page.kind().as_str());
    document.add_text(fields.rules, label(page.rule_version()));
    for band in schema::bands(&Shingles::of(page.title(), page.body())) {
        document.add_u64(fields.band, band);
    }
    document
}

fn label(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_LABEL_BYTES)]
}
