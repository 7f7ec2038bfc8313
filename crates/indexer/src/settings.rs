//! How an index is laid out and merged, and how much its writer may take.

use tantivy::IndexSettings;
use tantivy::indexer::LogMergePolicy;
use tantivy::store::{Compressor, ZstdCompressor};

/// zstd's level in the document store: a third smaller than lz4 at little more CPU.
const STORE_LEVEL: i32 = 3;

/// Segments of one size before they are merged.
const SEGMENTS_BEFORE_MERGE: usize = 8;

/// Documents of the largest segment that is merged further; it bounds what an erasure has to rewrite.
const DOCUMENTS_BEFORE_NO_MERGE: usize = 5_000_000;

/// Share of deleted documents at which a segment is rewritten anyway; tantivy's own default never does.
const DELETED_BEFORE_MERGE: f32 = 0.1;

/// How much the writer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Threads that cut and invert texts.
    pub threads: usize,
    /// Bytes of memory for each; 15 MiB to 4 GiB. Too few make many small segments.
    pub bytes_per_thread: usize,
}

/// Steady work beside a crawl.
impl Default for Settings {
    fn default() -> Self {
        Self { threads: 1, bytes_per_thread: 64 << 20 }
    }
}

/// What the index is created with, and what a check compares it with.
pub(crate) fn index_settings() -> IndexSettings {
    let zstd = ZstdCompressor { compression_level: Some(STORE_LEVEL) };
    IndexSettings { docstore_compression: Compressor::Zstd(zstd), ..IndexSettings::default() }
}

pub(crate) fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS_BEFORE_MERGE);
    policy.set_max_docs_before_merge(DOCUMENTS_BEFORE_NO_MERGE);
    policy.set_del_docs_ratio_before_merge(DELETED_BEFORE_MERGE);
    policy
}
