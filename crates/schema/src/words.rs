//! The tokenizer: hidden-identifier tokens first, then words as Unicode and its dictionaries see them.

use std::ops::Range;

use icu_segmenter::iterators::WordBreakIterator;
use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::scaffold::Utf8;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use memchr::memchr;
use tantivy::Index;
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

use crate::TOKENIZER;
use crate::also::also;
use crate::fold::fold;
use crate::simple;

/// Bytes of one term; what is longer is cut, in the index and in queries alike.
pub const MAX_TERM_BYTES: usize = 256;

/// Bytes of the longest hidden-identifier token, brackets included.
const MAX_TOKEN_BYTES: usize = 32;

/// Makes the tokenizer known to an index that was opened or built.
pub fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, TextAnalyzer::builder(WordTokenizer).build());
}

/// The words of a text, in order.
#[must_use]
pub fn words(text: &str) -> Words<'_> {
    Words { text, stretch: 0..0, piece: None, always_whole: false, token: None, scanned: 0, pending: 0..0 }
}

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes of the original text; both ends lie between characters.
    pub range: Range<usize>,
    /// Its folded form: the term.
    pub text: String,
}

/// The words of a text; made by [`words`].
pub struct Words<'t> {
    text: &'t str,
    /// What is left to cut before the next hidden-identifier token.
    stretch: Range<usize>,
    /// The beginning of that, while it is being cut.
    piece: Option<Piece<'t>>,
    /// Whether ordinary text, too, is cut by the whole algorithm: so that a test can compare the two.
    always_whole: bool,
    /// The hidden-identifier token that follows the stretch.
    token: Option<Range<usize>>,
    /// Where the search for the next token goes on.
    scanned: usize,
    /// What is left of a segment that is being cut further.
    pending: Range<usize>,
}

enum Piece<'t> {
    /// Ordinary text.
    Simple(Range<usize>),
    /// Any text.
    Any { base: usize, last: usize, breaks: Box<WordBreakIterator<'static, 't, Utf8>> },
}

/// The whole algorithm, with its dictionaries and models.
fn segmenter() -> WordSegmenterBorrowed<'static> {
    WordSegmenter::new_auto(WordBreakInvariantOptions::default())
}

impl Words<'_> {
    /// Writes the next term into `out` (cleared first) and returns where its word stands.
    pub(crate) fn next_into(&mut self, out: &mut String) -> Option<Range<usize>> {
        loop {
            while !self.pending.is_empty() {
                let range = self.cut_pending();
                out.clear();
                fold(&self.text[range.clone()], out);
                if !out.is_empty() {
                    shorten(out);
                    return Some(range);
                }
            }
            if let Some(piece) = &mut self.piece {
                match piece.next(self.text) {
                    // Nothing in it ends a word.
                    Some((range, true)) => {
                        out.clear();
                        fold(&self.text[range.clone()], out);
                        if !out.is_empty() {
                            shorten(out);
                            return Some(range);
                        }
                    }
                    Some((range, false)) => self.pending = range,
                    None => self.piece = None,
                }
                continue;
            }
            if !self.stretch.is_empty() {
                self.next_piece();
                continue;
            }
            if let Some(range) = self.token.take() {
                out.clear();
                out.push_str(&self.text[range.clone()]);
                return Some(range);
            }
            if self.scanned >= self.text.len() {
                return None;
            }
            self.next_stretch();
        }
    }

    /// Finds the next token: what stands before it is cut first.
    fn next_stretch(&mut self) {
        let from = self.scanned;
        let token = find_token(self.text, from);
        self.stretch = from..token.as_ref().map_or(self.text.len(), |range| range.start);
        self.scanned = token.as_ref().map_or(self.text.len(), |range| range.end);
        self.token = token;
    }

    /// Begins to cut the next piece of the stretch.
    fn next_piece(&mut self) {
        let text = &self.text[self.stretch.clone()];
        let (simple, length) = if self.always_whole { (false, text.len()) } else { simple::piece(text) };
        let range = self.stretch.start..self.stretch.start + length;
        self.stretch.start = range.end;
        self.piece = Some(if simple {
            Piece::Simple(range)
        } else {
            let breaks = Box::new(segmenter().segment_str(&text[..length]));
            Piece::Any { base: range.start, last: 0, breaks }
        });
    }

    /// Takes the next part of a segment. Unicode keeps `port.call` and `snake_case` whole; whoever searches for `call`
    /// wants both, so a point, colon or stroke between letters ends a word. Numbers such as `3.50` stay whole.
    fn cut_pending(&mut self) -> Range<usize> {
        let whole = self.pending.clone();
        // Most segments have none of the signs: not one byte that may be the last of one.
        if !self.text.as_bytes()[whole.clone()].iter().any(|byte| matches!(byte, b'.' | b':' | b'_' | 0xb7 | 0xa7)) {
            self.pending = whole.end..whole.end;
            return whole;
        }
        let mut before: Option<char> = None;
        let mut characters = self.text[whole.clone()].char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let mut between_digits =
                || before.is_some_and(char::is_numeric) && characters.peek().is_some_and(|(_, next)| next.is_numeric());
            if matches!(character, '.' | ':' | '_' | '\u{b7}' | '\u{2027}') && !between_digits() {
                let cut = whole.start + at;
                self.pending = cut + character.len_utf8()..whole.end;
                return whole.start..cut;
            }
            before = Some(character);
        }
        self.pending = whole.end..whole.end;
        whole
    }
}

impl Piece<'_> {
    /// The next segment with a letter or digit, and whether it is known to hold nothing else.
    fn next(&mut self, text: &str) -> Option<(Range<usize>, bool)> {
        match self {
            Self::Simple(range) => {
                let found = simple::segment(&text[..range.end], range.start);
                range.start = found.as_ref().map_or(range.end, |(found, _)| found.end);
                found
            }
            Self::Any { base, last, breaks } => loop {
                let end = breaks.next()?;
                let range = *base + *last..*base + end;
                *last = end;
                // Not the segmenter's own `is_word_like`: it says no of vocalised Arabic that ends in a vowel sign.
                // Nor is it one where a vowel sign stands alone behind a space, and counts as a letter to `char`.
                let segment = &text[range.clone()];
                if segment.contains(char::is_alphanumeric) && !segment.starts_with(char::is_whitespace) {
                    return Some((range, false));
                }
            },
        }
    }
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let mut text = String::new();
        let range = self.next_into(&mut text)?;
        Some(Word { range, text })
    }
}

/// Where the next hidden-identifier token stands. Each bracket costs a bounded look, so the whole search is linear.
fn find_token(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    while let Some(found) = memchr(b'[', &text.as_bytes()[at..]) {
        let start = at + found;
        let bytes = &text.as_bytes()[start..text.len().min(start + MAX_TOKEN_BYTES)];
        if let Some(length) = bytes.iter().position(|byte| *byte == b']') {
            let range = start..start + length + 1;
            if text[range.clone()].parse::<model::Token>().is_ok() {
                return Some(range);
            }
        }
        at = start + 1;
    }
    None
}

/// Cuts a term at the last character that fits.
fn shorten(term: &mut String) {
    if term.len() > MAX_TERM_BYTES {
        term.truncate(term.floor_char_boundary(MAX_TERM_BYTES));
    }
}

/// The same words for tantivy, each followed by the other terms it is found by, at its own position.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordTokenizer;

/// The stream that tantivy reads.
pub struct WordStream<'t> {
    words: Words<'t>,
    token: Token,
    /// Other terms of the word that was given last, in reverse.
    also: Vec<String>,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'t> = WordStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> WordStream<'t> {
        WordStream { words: words(text), token: Token::default(), also: Vec::new() }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(other) = self.also.pop() {
            self.token.text = other;
            return true;
        }
        let Some(range) = self.words.next_into(&mut self.token.text) else { return false };
        also(&self.token.text, |other| self.also.push(other.to_owned()));
        self.also.reverse();
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = range.start;
        self.token.offset_to = range.end;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(text: &str) -> Vec<String> {
        words(text).map(|word| word.text).collect()
    }

    #[test]
    fn a_hidden_identifier_stays_one_term() {
        assert_eq!(
            terms("tel[PHONE:k7f3a9q2m4xtc],[NATIONAL_ID:0123456789abc]x"),
            ["tel", "[PHONE:k7f3a9q2m4xtc]", "[NATIONAL_ID:0123456789abc]", "x"]
        );
    }

    #[test]
    fn what_only_looks_like_a_token_is_cut_into_words() {
        assert_eq!(
            terms("[PHONE:short] [FONE:k7f3a9q2m4xtc] [[PHONE:k7f3a9q2m4xtc]"),
            ["phone", "short", "fone", "k7f3a9q2m4xtc", "[PHONE:k7f3a9q2m4xtc]"]
        );
    }

    #[test]
    fn scripts_are_cut_each_in_its_way() {
        assert_eq!(terms("New in town. Call now!"), ["new", "in", "town", "call", "now"]);
        assert_eq!(terms("port.call snake_case 3.50 24/7"), ["port", "call", "snake", "case", "3.50", "24", "7"]);
        assert_eq!(terms("Новая в го́роде"), ["новая", "в", "городе"]);
        assert_eq!(terms("ภาษาไทย").len(), 2, "Thai writes no spaces");
        assert_eq!(terms("don’t  \u{64b} a"), ["don't", "a"]);
        assert_eq!(terms("الشَّقَّةُ cafe\u{301}"), ["الشقة", "café"]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let long = "é".repeat(1000);
        assert_eq!(terms(&long), ["é".repeat(128)]);
    }

    proptest! {
        #[test]
        fn any_text_gives_valid_ranges_in_order(text in any_text()) {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.range.start >= end && word.range.start < word.range.end);
                prop_assert!(text.get(word.range.clone()).is_some(), "both ends lie between characters");
                prop_assert!(!word.text.is_empty() && word.text.len() <= MAX_TERM_BYTES);
                end = word.range.end;
            }
        }

        #[test]
        fn tantivy_sees_the_same_words(text in any_text()) {
            let mut tokenizer = WordTokenizer;
            let mut stream = tokenizer.token_stream(&text);
            let mut seen: Vec<Word> = Vec::new();
            while stream.advance() {
                let token = stream.token();
                if token.position + 1 == seen.len() {
                    let word = seen.last().unwrap();
                    let mut others = Vec::new();
                    also(&word.text, |other| others.push(other.to_owned()));
                    prop_assert!(others.contains(&token.text), "{} beside {}", token.text, word.text);
                    continue;
                }
                prop_assert_eq!(token.position, seen.len());
                seen.push(Word { range: token.offset_from..token.offset_to, text: token.text.clone() });
            }
            prop_assert_eq!(seen, words(&text).collect::<Vec<_>>());
        }

        #[test]
        fn ordinary_text_is_cut_as_any_text_is(text in prop_oneof![any_text(), mixed_text()]) {
            let whole = Words { always_whole: true, ..words(&text) };
            prop_assert_eq!(words(&text).collect::<Vec<_>>(), whole.collect::<Vec<_>>());
        }

        #[test]
        fn tokens_survive_any_neighbour(before in any_text(), after in any_text(), hash: [u8; 32]) {
            let token = model::Token::from_hash(model::Label::Email, &hash).to_string();
            let text = format!("{before} {token} {after}");
            let whole = words(&text).filter(|word| word.text == token).count();
            prop_assert!(whole >= 1);
        }
    }

    /// Arbitrary characters, and pieces that lead to the tokenizer's own branches.
    fn any_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<String>(),
            "[a-zA-Z]{0,8}[.:_]?[0-9]{0,3}",
            Just("[PHONE:k7f3a9q2m4xtc]".to_owned()),
            Just("[PHONE:".to_owned()),
            Just("]".to_owned()),
            "[а-яё\u{301}]{0,6}",
            "[ا-ي\u{64b}-\u{652}\u{640}]{0,6}",
            "[ก-ฮ]{0,12}",
            Just("İß\u{307}\u{ad}".to_owned()),
        ];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    /// Characters of every class, ordinary and not, close together.
    fn mixed_text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            4 => prop::sample::select(vec!['a', 'B', '1', '9', '_', ':', ',', ';', '.', '\'', '\u{2019}', ' ', '\n', '"', '-']),
            2 => prop::sample::select(vec!['é', 'я', 'ё', 'Ї', 'ب', 'ى', '\u{24f}', 'ª', '\u{2018}', '…', '€', '«', '\t', '\r']),
            1 => prop::sample::select(vec!['\u{301}', '\u{ad}', '\u{b7}', '²', '½', '\u{200d}', '\u{64b}', 'ก', '語', 'カ', 'א', '🇷', '\u{3000}', '\u{85}']),
            1 => proptest::char::range('\0', '\u{600}'),
        ];
        prop::collection::vec(character, 0..24).prop_map(|characters| characters.into_iter().collect())
    }
}
