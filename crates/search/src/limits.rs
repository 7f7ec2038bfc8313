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

/// Characters of a page that is shown as a whole.
pub const MAX_PAGE_CHARS: usize = 200_000;

/// Captures listed by a pivot, newest first.
pub const MAX_PIVOT_CAPTURES: usize = 1_000;

/// Tokens that occur together, listed by a pivot, commonest first.
pub const MAX_TOGETHER: usize = 200;

/// Milliseconds that a question may take unless the caller says otherwise.
pub const DEFAULT_BUDGET_MILLIS: i64 = 5_000;

/// Documents between two looks at the clock.
pub const DOCUMENTS_PER_LOOK: u32 = 2_048;

/// Jaccard index from which on two pages are near-duplicates.
pub const LEAST_ALIKE: f64 = 0.3;

/// Documents of which all pairs are compared where they share a key; in a larger bucket each with the next.
pub const MAX_BUCKET_PAIRS: usize = 32;

/// Documents that are compared for near-duplicates.
pub const MAX_COMPARED: usize = 200_000;

/// Members of a group that are listed.
pub const MAX_MEMBERS: usize = 200;

/// Members of a group that its template is made of.
pub const MAX_ALIGNED: usize = 40;

/// Words of a page that its template is made of.
pub const MAX_TEMPLATE_WORDS: usize = 600;

/// Values of a slot that are listed.
pub const MAX_SLOT_VALUES: usize = 20;

/// Milliseconds that grouping a whole case may take.
pub const GROUPING_BUDGET_MILLIS: i64 = 30_000;

/// How far a link view goes.
pub const MAX_LINK_DEPTH: u8 = 4;

/// Tokens of a link view.
pub const MAX_NODES: usize = 300;

/// Tokens that are followed from one.
pub const MAX_NEIGHBOURS: usize = 50;

/// Captures named as the reason of a link.
pub const MAX_EDGE_CAPTURES: usize = 3;

/// Documents that a token may be in, whatever the size of the case, before it is a hub.
pub const LEAST_HUB: u64 = 10;

/// Milliseconds that the first question of a state spends on having its lists mapped, so that the next ones need not wait for it.
pub(crate) const TOUCH_MILLIS: i64 = 50;
