//! Looking for names in a text, once, in what the other detectors leave of it.
//!
//! Once is enough for names: what is beside a hidden name is read by the other detectors again, but a name needs no context
//! that hiding another name could give it.

use std::cell::Cell;

use super::memory::Memory;
use super::tagger::Line;
use super::{built_in, spans};
use crate::letter::{is_mark, is_word};
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
        for (at, piece) in pieces(part) {
            built_in().tag(piece, from + at, &mut line);
            spans::find(text, &line, built_in(), &mut found);
        }
        from += part.len() + 1;
    }
    MEMORY.set(line.into_memory());
    found
}

/// Bytes of a line that are looked at together.
const MAX_PIECE_BYTES: usize = 64 << 10;

/// Bytes that two pieces of a line have in common: each word is far from the ends of one of them at least.
const OVERLAP: usize = 1 << 10;

/// Bytes in which a border between words is looked for.
const REACH: usize = 128;

/// A line in overlapping pieces of [`MAX_PIECE_BYTES`] at most, and where each begins. So room is made for the words of one
/// piece, however long a line is; what stands near an end is seen with what is around it in the other piece.
fn pieces(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let from = next?;
        let rest = &line[from..];
        if rest.len() <= MAX_PIECE_BYTES {
            next = None;
            return Some((from, rest));
        }
        let end = border(rest, MAX_PIECE_BYTES);
        next = Some(from + border(rest, end - OVERLAP));
        Some((from, &rest[..end]))
    })
}

/// The last border between words a little before a place, or a border between characters.
fn border(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let near = &text[text.floor_char_boundary(at.saturating_sub(REACH))..at];
    let before = near.trim_end_matches(|letter| is_word(letter) || is_mark(letter));
    if before.is_empty() { at } else { at - (near.len() - before.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::resolve;

    #[test]
    fn pieces_overlap_cover_the_line_and_begin_and_end_between_words_where_they_can() {
        let words = "Анна from Köln ".repeat(MAX_PIECE_BYTES / 8);
        let lists = "王小明，".repeat(MAX_PIECE_BYTES / 4);
        let one = "é".repeat(MAX_PIECE_BYTES);
        for line in ["", "short", &words, &lists, &one] {
            let mut covered = 0;
            for (from, piece) in pieces(line) {
                assert!(piece.len() <= MAX_PIECE_BYTES && line[from..].starts_with(piece));
                assert!(from == 0 || covered >= from + OVERLAP);
                let inner = |at: usize| line[..at].ends_with(is_word) && line[at..].starts_with(is_word);
                assert!(line == one || !inner(from) && !inner(from + piece.len()));
                covered = from + piece.len();
            }
            assert_eq!(covered, line.len());
        }
    }

    /// Each of them was hidden as a place before (rule set 2026.11-6); the street still is.
    #[test]
    fn peoples_stay_readable_and_streets_do_not() {
        for text in ["Iraqi officials said so", "new Israeli girls in town, call me"] {
            assert_eq!(find(text).len(), 0, "{text}");
        }
        let street = find("she lives in Greek Street");
        assert!(matches!(&street[..], [one] if one.range == (13..25)), "{} stretches", street.len());
    }

    #[test]
    fn a_name_is_found_wherever_a_long_line_is_cut() {
        let count = |text: &str| resolve(find(text)).len();
        for name in ["Maria Schmidt", "меня зовут анчар", "我叫王小明"] {
            for (before, unit) in [("x ", 2), ("你", 3)] {
                for place in MAX_PIECE_BYTES / unit - 12..MAX_PIECE_BYTES / unit + 2 {
                    let text = format!("{} {name} {}", before.repeat(place), before.repeat(700));
                    let alone = count(&format!("{} {name} {}", before.repeat(700), before.repeat(700)));
                    assert!(alone > 0, "or this test could not fail");
                    assert_eq!(count(&text), alone, "{name} behind {place} of {before}");
                }
            }
        }
    }
}
