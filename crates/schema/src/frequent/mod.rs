//! What a pivot reads, side by side: a file of its own in each segment.
//!
//! A pivot wants five columns of every document that carries a token. For a token on thousands of documents that is tens of
//! thousands of looks all over the segment, each a wait for memory. So each segment lists its frequent tokens once more, with
//! what the columns hold of their documents one behind the other. And of every document that carries a token it has a line,
//! capture and title, so that nobody decompresses twenty blocks of the store to show twenty titles.
//!
//! tantivy has the file written whenever it writes a segment, when it merges some included ([`SegmentPlugin`]): a document that
//! a merge leaves out is not in it. A list names its documents, so that a reader leaves out those that are deleted, as it does
//! with postings. Whatever does not fit is not there: whoever finds no list looks into the columns, whoever finds no line
//! into the store, and learns the same. `docs/formats/index.md` describes the bytes.

mod read;
mod write;

use std::sync::Arc;

use tantivy::plugin::SegmentPlugin;
use tantivy::{Index, IndexBuilder};

pub use read::{Documents, Frequent, Row, TOUCHED_BYTES};

/// The extension of the file.
pub const FREQUENT: &str = "frequent";

/// Documents of a segment that make a token frequent there.
pub const LEAST_DOCUMENTS: u32 = 32;

/// Bytes of a title that is kept in a line; a document with a longer one has none.
const MAX_TITLE_BYTES: usize = 1024;

/// Bytes of all lines of a segment; documents behind have none.
const MOST_LINE_BYTES: u64 = u32::MAX as u64;

/// Bytes of a capture at the beginning of a line.
const CAPTURE: usize = 16;

/// Labels of a field that have numbers in a segment.
pub const MOST_LABELS: usize = 4096;

/// Tokens beside a token in one row: each of them has a row of its own for the same document, so that the bytes of a document
/// grow with the square. A token on a document with more has no list.
const MOST_BESIDE: usize = 64;

/// Bytes of all lists of a segment, for each of its documents. The most frequent tokens have theirs first.
const LIST_BYTES: usize = 1024;

/// Bytes of one list, which is in memory while it is written.
const MOST_LIST_BYTES: usize = 64 << 20;

/// Bytes of a row: document, moment of the capture, day, site, how many places, how many tokens beside.
const ROW: usize = 4 + 8 + 4 + 2 + 2 + 2;

/// Bytes of a place.
const PLACE: usize = 2;

/// Bytes of a token beside: digest and label.
const BESIDE: usize = 8 + 1;

/// Bytes of an entry in the directory: digest, label, where the list begins, its rows, places and tokens beside.
const ENTRY: usize = 8 + 8 + 8 + 3 * 4;

/// Bytes of the tail: where the ends of the lines stand, how many there are, how many entries the directory has.
const TAIL: usize = 8 + 4 + 4;

/// A row without a day.
const NO_DAY: i32 = i32::MIN;

/// A row without a site.
const NO_SITE: u16 = u16::MAX;

/// What a new index is made with: its fields, and that its segments have such a file.
#[must_use]
pub fn builder() -> IndexBuilder {
    Index::builder().schema(crate::build().0).register_plugin(plugin())
}

/// Makes known to an index that was opened for writing how such a file is written; readers do without.
pub fn register_writer(index: &mut Index) {
    index.register_plugin(plugin());
}

fn plugin() -> Arc<dyn SegmentPlugin> {
    Arc::new(write::Lists)
}
