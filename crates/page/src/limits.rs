//! Every bound of the crate. Reaching one is a [`Problem`](crate::Problem) of that page, never a failure.

/// Bytes of a body as it comes over the wire; the fetcher cuts there and says so.
pub const MAX_BODY_BYTES: usize = 8 << 20;

/// Bytes of a body once its content coding is undone; what follows is not read.
pub const MAX_DECODED_BYTES: usize = 16 << 20;

/// Content codings that may be laid over each other.
pub const MAX_CODINGS: usize = 2;

/// Nodes of the document tree; markup after the last one is not read.
pub const MAX_NODES: usize = 200_000;

/// Elements inside each other; deeper ones are dropped and their text belongs to the deepest one kept.
pub const MAX_DEPTH: usize = 256;

/// Attributes of one tag; further ones are dropped.
pub const MAX_ATTRIBUTES: usize = 256;

/// Attributes that one tag may write before the page is taken for an attack on the parser and read no further.
pub const MAX_ATTRIBUTES_WRITTEN: usize = 1_024;

/// Bytes of text over all segments of a page; later text is not kept.
pub const MAX_TEXT_BYTES: usize = 8 << 20;

/// Bytes of one segment; a longer one is cut at the last character before.
pub const MAX_SEGMENT_BYTES: usize = 1 << 20;

/// Segments of a page.
pub const MAX_SEGMENTS: usize = 100_000;

/// Links of a page.
pub const MAX_LINKS: usize = 10_000;

/// Records (threads, posts, ads) of a page.
pub const MAX_RECORDS: usize = 2_000;

/// Bytes of a URL; a longer one is no link.
pub const MAX_URL_BYTES: usize = 8 << 10;

/// Pairs of one list of headers that a fetcher keeps; an answer with more is refused.
pub const MAX_HEADERS: usize = 256;

/// Bytes of one list of headers that a fetcher keeps.
pub const MAX_HEADER_BYTES: usize = 256 << 10;

/// Facts that a transport may state.
pub const MAX_FACTS: usize = 64;

/// Bytes of all facts that a transport may state.
pub const MAX_FACT_BYTES: usize = 64 << 10;

/// Bytes of an encoded capture record.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// Bytes of one profile file.
pub const MAX_PROFILE_BYTES: usize = 256 << 10;

/// Profiles loaded together.
pub const MAX_PROFILES: usize = 256;
