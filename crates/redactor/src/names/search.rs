//! Looking for names in a text, once, in what the other detectors leave of it.
//!
//! Once is enough for names: what is beside a hidden name is read by the other detectors again, but a name needs no context
//! that hiding another name could give it.

use std::cell::Cell;

use super::memory::Memory;
use super::tagger::Line;
use super::{built_in, spans};
use crate::rule::Candidate;

thread_local! {
    /// What is known of ordinary words, from one text to the next.
    static MEMORY: Cell<Memory> = Cell::default();
}

/// The names in `text`, in which everything found so far is overwritten.
pub(crate) fn find(text: &str) -> Vec<Candidate> {
    let mut line = Line::with(MEMORY.take());
    let (mut found, mut from) = (Vec::new(), 0);
    for part in text.split('\n') {
        built_in().tag(part, from, &mut line);
        spans::find(text, &line, built_in(), &mut found);
        from += part.len() + 1;
    }
    MEMORY.set(line.into_memory());
    found
}
