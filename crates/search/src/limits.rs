//! Every bound of the crate.

/// Characters of a query.
pub const MAX_QUERY_CHARS: usize = 4_000;

/// Parentheses and NOTs inside one another.
pub const MAX_DEPTH: usize = 24;

/// Words, phrases, tokens and field values of one query.
pub const MAX_LEAVES: usize = 64;

/// Phrases of one query: each may walk through the positions of common words, the costliest step there is.
pub const MAX_PHRASES: usize = 12;

/// Words of one phrase.
pub const MAX_PHRASE_WORDS: usize = 24;

/// Words with `*` or `~` of one query.
pub const MAX_PATTERNS: usize = 8;

/// Letters before a star.
pub const MIN_PREFIX_CHARS: usize = 2;

/// Words between the two sides of NEAR, the second included.
pub const MAX_DISTANCE: u32 = 100;

/// Words that one pattern stands for, commonest first; the answer says when there are more.
pub const MAX_EXPANSIONS: usize = 128;

/// Words of the dictionary that are looked at for one pattern.
pub const MAX_DICTIONARY_LOOKS: usize = 200_000;

/// Hits of one answer.
pub const MAX_HITS: usize = 1_000;

/// How far paging goes: offset and limit together.
pub const MAX_WINDOW: usize = 10_000;

/// Values of one facet.
pub const MAX_FACET_VALUES: usize = 50;

/// Bars of a histogram.
pub const MAX_BARS: usize = 60;

/// A count below this is not told exactly in a facet.
pub const SMALL_COUNT: u64 = 10;

/// Tokens listed with one hit.
pub const MAX_HIT_TOKENS: usize = 64;

/// Bytes of a body that a snippet is looked for in.
pub const MAX_SNIPPET_SCAN_BYTES: usize = 64 << 10;

/// Characters of a snippet, give or take one word.
pub const SNIPPET_CHARS: usize = 240;

/// Captures listed by a pivot, newest first.
pub const MAX_PIVOT_CAPTURES: usize = 1_000;

/// Tokens that occur together, listed by a pivot, commonest first.
pub const MAX_TOGETHER: usize = 200;

/// Milliseconds that a question may take unless the caller says otherwise.
pub const DEFAULT_BUDGET_MILLIS: i64 = 5_000;

/// Documents between two looks at the clock.
pub const DOCUMENTS_PER_LOOK: u32 = 2_048;
