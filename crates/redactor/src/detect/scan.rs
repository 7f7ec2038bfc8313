//! One pass over a normalised text that collects the places where a detector may have work to do.

use crate::letter::is_word;
use std::ops::Range;

/// Stands where something is already hidden: no letter, no digit, no joiner. Normalised text never holds it.
pub(crate) const BARRIER: u8 = 1;

/// Shortest run of letters and digits that may be an address or a key.
const LONG_WORD_BYTES: usize = 25;

/// What the pass found. All ranges are bytes of the normalised text.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Every maximal run of digits.
    pub(crate) groups: Vec<Range<usize>>,
    /// Every maximal run of ASCII letters and digits of at least [`LONG_WORD_BYTES`].
    pub(crate) long_words: Vec<Range<usize>>,
    /// Where two letters and two digits begin a word, as an IBAN does.
    pub(crate) iban_starts: Vec<usize>,
    /// Where a word begins as friendly TON addresses do.
    pub(crate) ton_starts: Vec<usize>,
}

impl Scan {
    /// Looks at every byte once.
    pub(crate) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut scan = Self { groups: Vec::with_capacity(bytes.len() / 32), ..Self::default() };
        let mut at = 0;
        while let Some(start) = bytes[at..].iter().position(u8::is_ascii_alphanumeric).map(|skip| at + skip) {
            let mut digits_from = None;
            let mut end = start;
            while let Some(byte) = bytes.get(end).filter(|byte| byte.is_ascii_alphanumeric()) {
                match (byte.is_ascii_digit(), digits_from) {
                    (true, None) => digits_from = Some(end),
                    (false, Some(from)) => {
                        scan.groups.push(from..end);
                        digits_from = None;
                    }
                    _ => {}
                }
                end += 1;
            }
            if let Some(from) = digits_from {
                scan.groups.push(from..end);
            }
            scan.word(bytes, start..end);
            at = end;
        }
        scan
    }

    fn word(&mut self, bytes: &[u8], word: Range<usize>) {
        if word.len() >= LONG_WORD_BYTES {
            self.long_words.push(word.clone());
        }
        match bytes[word.clone()] {
            [b'E' | b'U' | b'k' | b'0', b'Q', ..] => self.ton_starts.push(word.start),
            [a, b, c, d, ..] if is_letter(a) && is_letter(b) && c.is_ascii_digit() && d.is_ascii_digit() => {
                self.iban_starts.push(word.start);
            }
            _ => {}
        }
    }
}

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic()
}

/// Whether a word could go on across this place: a letter or digit of any script stands before `at`.
pub(crate) fn word_before(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(is_word)
}

/// Whether a letter or digit of any script stands at `at`.
pub(crate) fn word_after(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(is_word)
}

/// The greatest character border at or below `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

/// The digits of a stretch.
pub(crate) fn digits_of(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    digits.extend(text.bytes().filter(u8::is_ascii_digit).map(char::from));
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_words_and_starts_are_found_in_one_pass() {
        let text = "call202 555-0143 GB82 WEST EQabc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
        let scan = Scan::new(text);
        let groups: Vec<&str> = scan.groups.iter().map(|group| &text[group.clone()]).collect();
        assert_eq!(groups[..4], ["202", "555", "0143", "82"]);
        assert_eq!(scan.iban_starts.iter().map(|at| &text[*at..*at + 4]).collect::<Vec<_>>(), ["GB82"]);
        assert_eq!(scan.ton_starts.len(), 1);
        assert_eq!(scan.long_words.len(), 1);
    }
}
