//! Every bound of the crate. Where one is reached, the rest is hidden: a limit never lets text through.

/// Bytes of one text that are searched; what follows is hidden in one span.
pub const MAX_TEXT_BYTES: usize = 4 << 20;

/// Bytes of all segments of one page that are searched; later segments are hidden whole.
pub const MAX_PAGE_BYTES: usize = 16 << 20;

/// Candidates kept for one text; from the last one on, the rest of the text is hidden.
pub const MAX_CANDIDATES: usize = 65_536;

/// Digits that one number-like chain may hold; a longer chain is hidden whole, unparsed.
pub const MAX_CHAIN_DIGITS: usize = 64;

/// Characters of a token-like word (an address, a key) that a checksum is tried on.
pub const MAX_WORD_BYTES: usize = 256;

/// Times a text is searched again after hiding, until nothing new is found; after that the rest is hidden.
pub const MAX_PASSES: usize = 12;

/// Values one page may contribute to document agreement.
pub const MAX_AGREED_VALUES: usize = 4_096;

/// Bytes of one line of the JSONL protocol.
pub const MAX_LINE_BYTES: usize = 32 << 20;

/// Bytes of a search query.
pub const MAX_QUERY_BYTES: usize = 8 << 10;

/// Bytes of one outbox row.
pub const MAX_ROW_BYTES: usize = 32 << 20;
