//! Looking for names in a text, once, in what the other detectors leave of it.
//!
//! Once is enough for names: what is beside a hidden name is read by the other detectors again, but a name needs no context
//! that hiding another name could give it.

use std::cell::Cell;

use super::memory::Memory;
use super::tagger::Line;
use super::{built_in, spans};
use crate::limits::MAX_PIECE_BYTES;
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
        for piece in pieces(part) {
            built_in().tag(piece, from, &mut line);
            spans::find(text, &line, built_in(), &mut found);
            from += piece.len();
        }
        from += '\n'.len_utf8();
    }
    MEMORY.set(line.into_memory());
    found
}

/// A line in pieces of [`MAX_PIECE_BYTES`] at most, each but the last up to a space if it has any: only the last word of one
/// and the first of the next do not see each other. So room is made for the words of one piece, however long a line is.
fn pieces(mut line: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let whole = line.floor_char_boundary(MAX_PIECE_BYTES);
        let end = match line[..whole].rfind(' ') {
            Some(space) if whole < line.len() => space + 1,
            _ => whole,
        };
        let piece;
        (piece, line) = line.split_at(end);
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_line_and_end_behind_a_space_where_there_is_one() {
        let words = "Анна from Köln ".repeat(MAX_PIECE_BYTES / 8);
        let one = "é".repeat(MAX_PIECE_BYTES);
        for line in ["", "short", &words, &one] {
            let cut: Vec<&str> = pieces(line).collect();
            assert_eq!(cut.concat(), line);
            assert!(cut.iter().all(|piece| piece.len() <= MAX_PIECE_BYTES));
            let (_, all_but_last) = cut.split_last().unwrap_or((&"", &[]));
            assert!(all_but_last.iter().all(|piece| piece.ends_with(' ') == line.contains(' ')));
        }
    }

    #[test]
    fn a_name_is_found_wherever_a_long_line_is_cut() {
        for before in MAX_PIECE_BYTES - 12..MAX_PIECE_BYTES + 2 {
            let text = format!("{} Maria Schmidt", "x".repeat(before));
            let found = find(&text);
            assert!(found.iter().any(|name| name.range.contains(&(before + 1))), "{before}");
            assert!(found.iter().any(|name| name.range.contains(&(text.len() - 1))), "{before}");
        }
    }
}
