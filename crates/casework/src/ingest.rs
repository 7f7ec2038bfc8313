//! A redacted page on its way into the index, as a document that queries can be held against.

use model::{AuthorisationId, Timestamp};
use redactor::RedactedPage;
use search::Document;

/// The document that the index will hold of a page.
#[must_use]
pub fn document(page: &RedactedPage, authorisation: AuthorisationId, captured: Timestamp) -> Document {
    Document {
        capture: page.capture(),
        authorisation: Some(authorisation.to_string()),
        site: page.site().to_owned(),
        board: page.board().map(str::to_owned),
        kind: page.kind().as_str().to_owned(),
        language: page.language().map(str::to_owned),
        places: page.places().to_vec(),
        posted: page.posted_day().map(str::to_owned),
        captured,
        price: page.price().map(|price| price.minor_units),
        currency: page.price().and_then(|price| price.currency).map(|code| String::from_utf8_lossy(&code).into_owned()),
        url: Some(page.url()),
        authors: page.authors().to_vec(),
        tokens: page.tokens().to_vec(),
        rules: page.rule_version().to_owned(),
        title: page.title().to_owned(),
        body: page.body().to_owned(),
    }
}
