//! Safe snippets: a window of redacted text around what was found, tokens whole, nothing in it that a terminal or a
//! browser would obey.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::limits::{MAX_SNIPPET_SCAN_BYTES, SNIPPET_CHARS};

/// A piece of a page's redacted text.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The text: one line, no control characters, no marks that turn the reading direction.
    pub text: String,
    /// Where in it the words that were looked for stand, in Unicode code points, end exclusive.
    pub marks: Vec<(usize, usize)>,
    /// Whether text was left out before it.
    pub cut_before: bool,
    /// Whether text was left out after it.
    pub cut_after: bool,
}

impl Snippet {
    /// The window of `text` with the most of `terms` (sorted), or its beginning.
    pub(crate) fn of(text: &str, terms: &[String]) -> Self {
        let scanned = &text[..text.floor_char_boundary(MAX_SNIPPET_SCAN_BYTES)];
        let words: Vec<(Range<usize>, bool)> =
            schema::words(scanned).map(|word| (word.range, is_looked_for(&word.text, terms))).collect();
        let window = best_window(scanned, &words);
        let marked = words.iter().filter(|(range, hit)| *hit && range.start >= window.start && range.end <= window.end);
        let mut snippet = Self {
            text: String::new(),
            marks: Vec::new(),
            cut_before: window.start > 0,
            cut_after: window.end < text.len(),
        };
        let mut written = 0;
        let mut at = window.start;
        for (range, _) in marked {
            written += snippet.push(&scanned[at..range.start]);
            let length = snippet.push(&scanned[range.clone()]);
            snippet.marks.push((written, written + length));
            written += length;
            at = range.end;
        }
        snippet.push(&scanned[at..window.end]);
        snippet
    }

    /// Writes a stretch and returns how many characters became of it.
    fn push(&mut self, stretch: &str) -> usize {
        let mut count = 0;
        for character in stretch.chars().filter_map(harmless) {
            if character == ' ' && self.text.ends_with(' ') {
                continue;
            }
            self.text.push(character);
            count += 1;
        }
        count
    }
}

/// The text, with dots where something was left out.
impl fmt::Display for Snippet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dots = |cut: bool| if cut { "…" } else { "" };
        write!(out, "{}{}{}", dots(self.cut_before), self.text.trim(), dots(self.cut_after))
    }
}

impl fmt::Debug for Snippet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Snippet({} characters, {} marks)", self.text.chars().count(), self.marks.len())
    }
}

/// Whether a word, or another that it is found by, is among the sorted terms.
fn is_looked_for(word: &str, terms: &[String]) -> bool {
    let among = |word: &str| terms.binary_search_by(|term| term.as_str().cmp(word)).is_ok();
    let mut found = among(word);
    if !found && !terms.is_empty() {
        schema::also(word, |other| found |= among(other));
    }
    found
}

/// A line that can be shown anywhere: without control characters, marks of direction, and characters that show nothing.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars().filter_map(harmless) {
        if character != ' ' || !line.ends_with(' ') {
            line.push(character);
        }
    }
    line.trim().to_owned()
}

/// White space becomes a space; what would steer a terminal, turn the reading direction or hide goes.
fn harmless(character: char) -> Option<char> {
    match character {
        _ if character.is_whitespace() => Some(' '),
        _ if character.is_control() => None,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => None,
        other => Some(other),
    }
}

/// The stretch of about [`SNIPPET_CHARS`] characters that holds the most words looked for, a little before the first of
/// them. It begins and ends at the edges of words, so no word and no token is ever cut.
fn best_window(text: &str, words: &[(Range<usize>, bool)]) -> Range<usize> {
    let Some((last_word, _)) = words.last() else { return 0..text.floor_char_boundary(SNIPPET_CHARS) };
    // Widths in bytes are taken for characters while the window is looked for: scripts of two or three bytes get
    // shorter windows, which they fill as well.
    let mut best = (0, 0, 0);
    let (mut from, mut hits) = (0, 0);
    for to in 0..words.len() {
        hits += usize::from(words[to].1);
        while from < to && words[to].0.end - words[from].0.start > SNIPPET_CHARS {
            hits -= usize::from(words[from].1);
            from += 1;
        }
        if hits > best.0 {
            best = (hits, from, to);
        }
    }
    let (hits, mut from, mut to) = best;
    if hits > 0 {
        // Begin at the first word looked for, then widen to both sides while there is room, one third of it before.
        while !words[from].1 {
            from += 1;
        }
        let first = words[from].0.start;
        while from > 0 && first - words[from - 1].0.start <= SNIPPET_CHARS / 3 {
            from -= 1;
        }
    }
    while to + 1 < words.len() && words[to + 1].0.end - words[from].0.start <= SNIPPET_CHARS {
        to += 1;
    }
    let start = if from == 0 { 0 } else { words[from].0.start };
    let end =
        if to + 1 == words.len() && text.len() - last_word.end <= SNIPPET_CHARS { text.len() } else { words[to].0.end };
    // What stands before the first word is shown only if it is short.
    let start = if words[from].0.start - start <= SNIPPET_CHARS { start } else { words[from].0.start };
    start..end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str, terms: &[&str]) -> Snippet {
        let mut terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
        terms.sort();
        Snippet::of(text, &terms)
    }

    fn marked(snippet: &Snippet) -> Vec<String> {
        let characters: Vec<char> = snippet.text.chars().collect();
        snippet.marks.iter().map(|(from, to)| characters[*from..*to].iter().collect()).collect()
    }

    #[test]
    fn the_window_goes_where_the_words_are() {
        let far = "filler words here ".repeat(60);
        let text = format!("{far}the HARBOUR by night. Call [PHONE:k7f3a9q2m4xtc] now {far}");
        let snippet = of(&text, &["harbour", "[PHONE:k7f3a9q2m4xtc]"]);
        assert_eq!(marked(&snippet), ["HARBOUR", "[PHONE:k7f3a9q2m4xtc]"]);
        assert!(snippet.cut_before && snippet.cut_after);
        assert!(snippet.to_string().starts_with('…'));
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        let snippet = of("  New\n\tin   town! ", &["town"]);
        assert_eq!((snippet.to_string().as_str(), marked(&snippet)), ("New in town!", vec!["town".to_owned()]));
        assert_eq!(of("", &["town"]).text, "");
        assert_eq!(of("…!?", &[]).text, "…!?");
    }

    #[test]
    fn nothing_that_steers_a_terminal_or_hides_gets_through() {
        let snippet = of("a\u{1b}[31mred\u{7} \u{202e}txet\u{202c} b\u{0}\u{200b}c", &["red"]);
        assert!(snippet.text.chars().all(|character| !character.is_control()), "{}", snippet.text);
        assert_eq!(one_line("x\u{1b}]0;title\u{7}\r\ny\u{2066}"), "x]0;title y");
    }

    fn any_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<String>(),
            Just("[PHONE:k7f3a9q2m4xtc]".to_owned()),
            Just("harbour ".to_owned()),
            Just("ééééé ".repeat(30)),
            Just("\u{1b}[2J \u{202e}".to_owned()),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_gives_a_bounded_snippet_with_whole_tokens(text in any_text()) {
            let snippet = of(&text, &["harbour", "[PHONE:k7f3a9q2m4xtc]"]);
            prop_assert!(snippet.text.chars().count() <= 3 * SNIPPET_CHARS + schema::MAX_TERM_BYTES);
            prop_assert!(snippet.text.chars().all(|character| !character.is_control()));
            let whole = snippet.text.matches("[PHONE:k7f3a9q2m4xtc]").count();
            let begun = snippet.text.matches("[PHONE:").count();
            prop_assert_eq!(whole, begun);
            for mark in marked(&snippet) {
                // A word is marked whole, what stands before its apostrophe as well: `l'harbour`.
                let word = mark.ends_with("harbour") && !mark.contains(' ');
                prop_assert!(word || mark == "[PHONE:k7f3a9q2m4xtc]", "{}", mark);
            }
        }
    }
}
