//! Normalisation: one canonical writing for what people and disguises write in many, and the way back.
//!
//! Every source character becomes nothing, one character or several, whatever stands beside it; numeric character
//! references and percent escapes count as one character. So a text cut between two characters normalises to the two
//! parts' normal forms, which is what makes screening of redacted output sound.

mod escape;
mod fold;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use fold::fold;

use crate::letter::is_own_form;

/// A normalised text and, for each of its bytes, where in the source it came from.
pub(crate) struct Normalised<'a> {
    source: &'a str,
    text: Cow<'a, str>,
    /// For each byte of `text`, the source byte at which its character begins; `None` if both texts are equal.
    starts: Option<Vec<u32>>,
}

impl<'a> Normalised<'a> {
    /// Normalises `source`, which the caller keeps below 4 GiB.
    pub(crate) fn new(source: &'a str) -> Self {
        if is_plain(source.as_bytes()) {
            return Self { source, text: Cow::Borrowed(source), starts: None };
        }
        let mut text = String::with_capacity(source.len());
        let mut starts = Vec::with_capacity(source.len());
        let mut at = 0;
        loop {
            let from = at;
            at = own_form(source, at, &mut starts);
            text.push_str(&source[from..at]);
            let Some((character, length)) = escape::next(source, at) else { break };
            let from = text.len();
            fold(character, &mut text);
            starts.resize(starts.len() + text.len() - from, at as u32);
            at += length;
        }
        Self { source, text: Cow::Owned(text), starts: Some(starts) }
    }

    /// The normalised text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The source bytes that a stretch of the normalised text came from, with every ignored character after it.
    pub(crate) fn to_source(&self, range: &Range<usize>) -> Range<usize> {
        let Some(starts) = &self.starts else { return range.clone() };
        let Some(&start) = starts.get(range.start) else { return self.source.len()..self.source.len() };
        if range.is_empty() {
            return start as usize..start as usize;
        }
        let last = starts[range.end - 1];
        let end = starts[range.end..].iter().find(|next| **next != last);
        start as usize..end.map_or(self.source.len(), |next| *next as usize)
    }

    /// The normalised bytes that a stretch of the source became.
    pub(crate) fn to_normalised(&self, range: &Range<usize>) -> Range<usize> {
        let Some(starts) = &self.starts else { return range.clone() };
        let place = |source: usize| starts.partition_point(|start| (*start as usize) < source);
        place(range.start)..place(range.end)
    }
}

/// Whether a byte is a character by itself that stays what it is.
const fn is_its_own_form(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~') && !matches!(byte, b'&' | b'%')
}

/// How far characters go from `at` on that stay what they are; notes for each of their bytes where its character begins.
/// Those beyond the basic plane are left to be asked one by one.
fn own_form(source: &str, mut at: usize, starts: &mut Vec<u32>) -> usize {
    let bytes = source.as_bytes();
    loop {
        let plain = bytes[at..].iter().take_while(|byte| is_its_own_form(**byte)).count();
        starts.extend(at as u32..(at + plain) as u32);
        at += plain;
        while bytes.get(at).is_some_and(|byte| *byte >= 0x80) {
            let Some(character) = source[at..].chars().next().filter(|one| *one <= '\u{ffff}' && is_own_form(*one))
            else {
                return at;
            };
            let length = character.len_utf8();
            starts.resize(starts.len() + length, at as u32);
            at += length;
        }
        if !bytes.get(at).is_some_and(|byte| is_its_own_form(*byte)) {
            return at;
        }
    }
}

/// Whether normalising would change nothing: printable ASCII and line breaks without anything that may be an escape.
fn is_plain(bytes: &[u8]) -> bool {
    let odd = |byte: u8| byte >= 0x7f || (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    !bytes.iter().fold(false, |found, byte| found | odd(*byte))
        && !memchr::memchr2_iter(b'&', b'%', bytes).any(|at| escape::starts(&bytes[at..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normal(text: &str) -> String {
        Normalised::new(text).text().to_owned()
    }

    #[test]
    fn disguised_characters_take_their_plain_form() {
        for (written, plain) in [
            ("２０２－５５５", "202-555"),
            ("𝟐𝟎𝟐", "202"),
            ("٢٠٢ ۵۵۵ ०१ ೪ ๙", "202 555 01 4 9"),
            ("⓪①②❸➃➎⓽", "0123459"),
            ("2️⃣0️⃣2️⃣", "202"),
            ("²⁰₂", "202"),
            ("🔟", "10"),
            ("2\u{200b}0\u{ad}2\u{feff}\u{202e}5", "2025"),
            ("2\u{336}0\u{336}2\u{336}", "202"),
            ("a＠b．com", "a@b.com"),
            ("&#50;&#x30;2&commat;", "202@"),
            ("x%40y%2Ecom %2B44%207", "x@y.com +44+7"),
            ("100% real & 5%", "100% real & 5%"),
            ("‒–—−", "----"),
            ("a\u{a0}b\u{3000}c", "a b c"),
            ("ﬁne ＡＢ", "fine AB"),
            ("\u{1}x\u{7f}", "x"),
            ("𝓙𝓪𝓭𝓮", "Jade"),
        ] {
            assert_eq!(normal(written), plain, "{written:?}");
        }
    }

    #[test]
    fn every_decimal_digit_of_unicode_becomes_ascii() {
        let decimal = regex::Regex::new(r"^\p{Nd}$").expect("a pattern");
        let mut seen = 0;
        for character in ('\u{80}'..=char::MAX).filter(|c| c.is_numeric()) {
            let text = character.to_string();
            if decimal.is_match(&text) {
                let plain = normal(&text);
                assert!(plain.len() == 1 && plain.as_bytes()[0].is_ascii_digit(), "{:x}", character as u32);
                seen += 1;
            }
        }
        assert!(seen >= 650, "{seen}");
    }

    #[test]
    fn spans_cover_what_was_ignored_inside_and_behind() {
        let written = "a2\u{200b}0\u{336}2️⃣ b";
        let normalised = Normalised::new(written);
        assert_eq!(normalised.text(), "a202 b");
        let source = normalised.to_source(&(1..4));
        assert_eq!(&written[source], "2\u{200b}0\u{336}2️⃣");
    }

    proptest! {
        #[test]
        fn the_map_is_exact_both_ways(written in r"(\PC|[0-9&#;%x@.\u{200b}\u{336}\u{fe0f}]|&#[0-9]{1,4};|%[0-9a-f]{2}){0,60}") {
            let normalised = Normalised::new(&written);
            let borders: Vec<usize> = normalised.text().char_indices().map(|(at, _)| at).chain([normalised.text().len()]).collect();
            let mut covered = 0;
            for pair in borders.windows(2) {
                let source = normalised.to_source(&(pair[0]..pair[1]));
                prop_assert!(written.is_char_boundary(source.start) && written.is_char_boundary(source.end));
                let back = normalised.to_normalised(&source);
                prop_assert!(back.start <= pair[0] && back.end >= pair[1]);
                prop_assert_eq!(normalised.to_source(&back), source.clone());
                prop_assert!(covered == 0 || source.start <= covered, "a gap between two neighbours");
                covered = covered.max(source.end);
            }
            prop_assert!(borders.len() == 1 || covered == written.len());
        }

        #[test]
        fn a_text_cut_at_a_mapped_border_normalises_in_parts(written in r"(\PC|[0-9&#;%x@.]|&#[0-9]{1,4};|%[0-9a-f]{2}){0,40}") {
            let normalised = Normalised::new(&written);
            for (at, _) in normalised.text().char_indices() {
                let cut = normalised.to_source(&(at..at)).start;
                let tail = normal(&written[cut..]);
                prop_assert!(normalised.text().ends_with(&tail));
            }
        }

        #[test]
        fn normalising_twice_changes_nothing_but_escapes(written in r"[^&%]{0,60}") {
            let once = normal(&written);
            if !once.contains(['&', '%']) {
                prop_assert_eq!(normal(&once), once);
            }
        }
    }
}
