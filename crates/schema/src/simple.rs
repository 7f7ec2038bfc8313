//! Word boundaries of ordinary text, by UAX #29's rules for the characters that most pages are written with.
//!
//! Latin, Cyrillic and Arabic letters, digits and common punctuation need five of the rules and neither a dictionary nor a
//! look at combining marks. A stretch between two spaces that holds only such characters is cut here, any other by
//! `icu_segmenter`: the words are the same, found some ten times sooner. A test holds the two against each other.

use std::ops::Range;

/// What a character does to a boundary: UAX #29's word break property, as far as ordinary text needs it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// `ALetter`.
    Letter,
    /// `Numeric`.
    Digit,
    /// `ExtendNumLet`: joins what stands on either side.
    Joiner,
    /// `MidLetter`: joins two letters.
    MidLetter,
    /// `MidNum`: joins two digits.
    MidDigit,
    /// `MidNumLet` and `Single_Quote`: joins two letters or two digits.
    Mid,
    /// No part of a word.
    Other,
    /// A character that needs the whole algorithm.
    Intricate,
}

const fn class(character: char) -> Class {
    match character {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '_' => Class::Joiner,
        ':' => Class::MidLetter,
        ',' | ';' => Class::MidDigit,
        '.' | '\'' | '\u{2018}' | '\u{2019}' => Class::Mid,
        '\0'..='\u{7f}' => Class::Other,
        // Latin-1 signs, but for the soft hyphen, the middle dot, and fractions and raised digits, which are numbers to some.
        '\u{a0}'..='\u{a9}' | '\u{ab}' | '\u{ac}' | '\u{ae}'..='\u{b1}' | '\u{b4}' | '\u{b6}' | '\u{bb}' | '\u{bf}' => {
            Class::Other
        }
        '\u{d7}' | '\u{f7}' => Class::Other,
        '\u{c0}'..='\u{24f}' => Class::Letter,
        // Cyrillic without its combining marks.
        '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => Class::Letter,
        // Arabic without its vowel signs.
        '\u{621}'..='\u{63a}' | '\u{641}'..='\u{64a}' => Class::Letter,
        // Dashes, quotation marks, the bullet, the ellipsis, the euro.
        '\u{2010}'..='\u{2015}' | '\u{201c}'..='\u{201e}' | '\u{2022}' | '\u{2026}' | '\u{20ac}' => Class::Other,
        _ => Class::Intricate,
    }
}

/// The class of each byte as a character of its own; for the bytes of longer characters, [`class`] is asked.
static ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = class(byte as char);
        byte += 1;
    }
    classes
};

/// Where the ASCII letters that begin at `at` end.
fn letters(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
}

/// The class of the character at `at`, and where the next one begins.
#[inline]
fn look(text: &str, at: usize) -> Option<(Class, usize)> {
    let byte = *text.as_bytes().get(at)?;
    if let Some(class) = ASCII.get(usize::from(byte)) {
        return Some((*class, at + 1));
    }
    let character = text[at..].chars().next()?;
    Some((class(character), at + character.len_utf8()))
}

/// The length of the longest piece at the beginning of `text` of which every character, or hardly any, is ordinary: whether
/// it is, and where it ends. It ends before a space or a line feed, or with the text.
pub(crate) fn piece(text: &str) -> (bool, usize) {
    let (mut end, mut simple) = (0, None);
    while end < text.len() {
        if simple != Some(false) {
            // What is ASCII alone is ordinary: up to its last space nothing has to be looked at.
            let ascii = ascii_before(&text.as_bytes()[end..]);
            if ascii.len() == text.len() - end {
                return (true, text.len());
            }
            if let Some(space) = ascii.iter().rposition(|byte| is_space(*byte)).filter(|space| *space > 0) {
                (simple, end) = (Some(true), end + space);
            }
        }
        let (next_is_simple, next) = between_spaces(text, end);
        if *simple.get_or_insert(next_is_simple) != next_is_simple {
            break;
        }
        end = next;
    }
    (simple.unwrap_or(true), end)
}

/// The beginning of a text, as far as it is ASCII or a little less.
fn ascii_before(bytes: &[u8]) -> &[u8] {
    let (blocks, rest) = bytes.as_chunks::<16>();
    match blocks.iter().position(|block| !block.is_ascii()) {
        Some(block) => &bytes[..block * 16],
        None if rest.is_ascii() => bytes,
        None => &bytes[..bytes.len() - rest.len()],
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n')
}

/// Looks at what stands from `from`, a space perhaps, to the next space: whether all of it is ordinary, and where it ends.
fn between_spaces(text: &str, from: usize) -> (bool, usize) {
    let (mut simple, mut at) = (true, from);
    while let Some((class, next)) = look(text, at) {
        // Before a space there is always a boundary, and nothing before one decides over a word behind it.
        if at > from && is_space(text.as_bytes()[at]) {
            break;
        }
        simple &= class != Class::Intricate;
        at = next;
    }
    (simple, at)
}

/// The next segment with a letter or digit at or after `from`, in text that is ordinary throughout; and whether it is letters
/// and digits alone.
pub(crate) fn segment(text: &str, mut from: usize) -> Option<(Range<usize>, bool)> {
    loop {
        // Most words are ASCII letters and end before a space.
        let end = letters(text, from);
        if end > from && text.as_bytes().get(end).is_none_or(|byte| is_space(*byte)) {
            return Some((from..end, true));
        }
        let (mut class, mut end) = look(text, from)?;
        if !matches!(class, Class::Letter | Class::Digit | Class::Joiner) {
            from = end;
            continue;
        }
        let mut has_letter_or_digit = class != Class::Joiner;
        let mut plain = has_letter_or_digit;
        while let Some((next, after)) = look(text, end) {
            match next {
                Class::Letter | Class::Digit | Class::Joiner => {
                    has_letter_or_digit |= next != Class::Joiner;
                    plain &= next != Class::Joiner;
                    (class, end) = (next, after);
                }
                Class::MidLetter | Class::MidDigit | Class::Mid if joins(next, class) => match look(text, after) {
                    Some((beyond, after)) if beyond == class => (plain, end) = (false, after),
                    _ => break,
                },
                _ => break,
            }
        }
        if has_letter_or_digit {
            return Some((from..end, plain));
        }
        from = end;
    }
}

/// Whether a sign joins two characters of that class.
fn joins(sign: Class, class: Class) -> bool {
    match class {
        Class::Letter => matches!(sign, Class::Mid | Class::MidLetter),
        Class::Digit => matches!(sign, Class::Mid | Class::MidDigit),
        _ => false,
    }
}
