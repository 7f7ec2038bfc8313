//! Names, types, tokenizer and version of the index: what `indexer` writes and `search` reads.
//!
//! One tantivy index per case. [`build`] gives its fields, [`register`] the tokenizer that its texts are cut with,
//! [`folder`] the names of the files that Lanthorn adds to tantivy's own. `docs/formats/index.md` describes all three;
//! a change to any of them raises [`VERSION`], and an index of another version is rebuilt from the outbox.
//!
//! Deliberately absent: the disk. This crate opens nothing; it only says what must be there, and hands tantivy what it writes
//! into each segment besides its own ([`frequent`]).
//!
//! ```
//! let words: Vec<String> = schema::words("Call [PHONE:k7f3a9q2m4xtc] NOW").map(|word| word.text).collect();
//! assert_eq!(words, ["call", "[PHONE:k7f3a9q2m4xtc]", "now"]);
//! ```

mod alike;
mod also;
mod fields;
mod fold;
pub mod folder;
pub mod frequent;
mod numbers;
mod simple;
mod words;

pub use alike::{BAND_NUMBERS, BANDS, ROWS, Shingles, bands, mix, share_a_key, two_keys};
pub use also::{MAX_ALSO, also};
pub use fields::{DAY_SECS, Fields, InvalidDay, build, day_from_text, day_to_text};
pub use fold::fold;
pub use numbers::{token_from_numbers, token_numbers};
pub use words::{MAX_TERM_BYTES, Word, WordTokenizer, Words, register, words};

/// The version of fields, tokenizer and folder layout together.
pub const VERSION: u32 = 4;

/// The name under which the tokenizer is registered with tantivy.
pub const TOKENIZER: &str = "lanthorn-words-3";
