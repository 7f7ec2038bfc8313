//! Documents for this crate's own tests. Pages and receipts cannot be made here, by design; `tests/indexing.rs` has
//! them.

use std::path::Path;

use model::{AuthorisationId, CaptureId, DocumentKey, Token, UrlHash};
use tantivy::{DateTime, TantivyDocument};

use crate::{Indexer, Settings};

/// A small writer.
pub(crate) fn open(folder: &Path) -> Indexer {
    Indexer::open_with(folder, Settings { threads: 1, bytes_per_thread: 15 << 20 }).unwrap()
}

pub(crate) fn capture(number: u8) -> CaptureId {
    CaptureId::from_bytes([number; 16])
}

/// Puts a document as [`Indexer::add`] does; `page` is its URL.
pub(crate) fn put(indexer: &mut Indexer, page: u8, capture: CaptureId, body: &str) {
    put_with(indexer, page, capture, body, &["[PHONE:k7f3a9q2m4xtc]"]);
}

/// The same with tokens of one's own.
pub(crate) fn put_with(indexer: &mut Indexer, page: u8, capture: CaptureId, body: &str, tokens: &[&str]) {
    let key = DocumentKey::new(AuthorisationId::from_bytes([1; 16]), UrlHash::from_bytes([page; 32]), 0);
    let fields = indexer.fields;
    let mut document = TantivyDocument::default();
    document.add_bytes(fields.document, key.as_bytes());
    document.add_text(fields.capture, capture.to_string());
    document.add_text(fields.title, "An advertisement");
    document.add_text(fields.body, body);
    for token in tokens {
        let (digest, label) = schema::token_numbers(token.parse::<Token>().unwrap());
        document.add_text(fields.token, token);
        document.add_u64(fields.token_digest, digest);
        document.add_u64(fields.token_label, label);
    }
    document.add_text(fields.site, "forum-a");
    document.add_text(fields.kind, "ad");
    document.add_date(fields.captured, DateTime::from_timestamp_secs(1_795_000_000 + i64::from(page)));
    indexer.put(key, document).unwrap();
}
