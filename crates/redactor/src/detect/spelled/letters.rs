//! Letters that stand for digits by their shape, and digits that stand for letters.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// A letter, and the digit it looks like. Cyrillic and Greek shapes are listed where they differ from Latin ones.
const SHAPES: &[(char, char)] = &[
    ('O', '0'),
    ('o', '0'),
    ('О', '0'),
    ('о', '0'),
    ('Ο', '0'),
    ('ο', '0'),
    ('Օ', '0'),
    ('օ', '0'),
    ('Q', '0'),
    ('D', '0'),
    ('l', '1'),
    ('I', '1'),
    ('i', '1'),
    ('І', '1'),
    ('і', '1'),
    ('Ι', '1'),
    ('ι', '1'),
    ('ӏ', '1'),
    ('Ӏ', '1'),
    ('ו', '1'),
    ('Z', '2'),
    ('z', '2'),
    ('З', '3'),
    ('з', '3'),
    ('Ʒ', '3'),
    ('ʒ', '3'),
    ('Ȝ', '3'),
    ('Э', '3'),
    ('э', '3'),
    ('Ε', '3'),
    ('E', '3'),
    ('A', '4'),
    ('А', '4'),
    ('Ч', '4'),
    ('ч', '4'),
    ('S', '5'),
    ('s', '5'),
    ('Ѕ', '5'),
    ('ѕ', '5'),
    ('G', '6'),
    ('b', '6'),
    ('б', '6'),
    ('Б', '6'),
    ('T', '7'),
    ('Т', '7'),
    ('L', '7'),
    ('B', '8'),
    ('В', '8'),
    ('&', '8'),
    ('g', '9'),
    ('q', '9'),
    ('Р', '9'),
];

/// A letter that looks like a digit, and one that looks like none.
const SHAPE: u8 = 1;
pub(super) const PLAIN: u8 = 2;

/// What every byte is: a letter of ASCII of one of the two kinds, or 0.
pub(super) static KINDS: [u8; 256] = {
    let (mut kinds, mut byte) = ([0; 256], 0u8);
    while byte < 0x80 {
        if byte.is_ascii_alphabetic() {
            kinds[byte as usize] = PLAIN;
        }
        byte += 1;
    }
    let mut place = 0;
    while place < SHAPES.len() {
        if SHAPES[place].0.is_ascii_alphabetic() {
            kinds[SHAPES[place].0 as usize] = SHAPE;
        }
        place += 1;
    }
    kinds
};

static BY_SHAPE: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| SHAPES.iter().copied().collect());

/// Words of these shapes that are words all the same.
static WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| WORDS_OF_SHAPES.iter().copied().collect());

const WORDS_OF_SHAPES: &[&str] = &[
    "so", "go", "is", "big", "oil", "lol", "bill", "bills", "gig", "boss", "sis", "bis", "los", "sol", "sb", "gb",
    "lbs", "lb", "oz", "ii", "iii", "bio", "solo", "soil", "blog", "bib", "bib", "ol", "ok", "bi", "ba", "sa", "la",
    "lil", "biz", "gold", "bob", "big", "si", "il", "li", "lo", "io", "id", "ad", "as", "at", "to", "at", "ass", "all",
    "tall", "salt", "last", "least", "boots", "ts", "tv", "gas", "bag", "dad", "add", "so", "also", "sea", "see",
    "set", "tea", "old", "do", "did", "bad", "bed", "tits", "tds", "id", "ba", "по", "со", "во", "за", "об", "от",
    "то", "аз", "из",
];

/// The digits that a word of letters and digits looks like, if all its letters look like digits. A measure behind a
/// number (`20S`, `120lbs`) is none.
pub(super) fn digits(word: &str) -> Option<String> {
    let digit = |character: char| match character {
        '0'..='9' => Some(character),
        // Most letters of most words are none of these.
        'c'..='f' | 'h' | 'j' | 'k' | 'm' | 'n' | 'p' | 'r' | 't'..='y' => None,
        _ => BY_SHAPE.get(&character).copied(),
    };
    if word.chars().any(|character| digit(character).is_none()) {
        return None;
    }
    let digits: String = word.chars().filter_map(digit).collect();
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let known = |word: &str| WORDS.contains(word.to_lowercase().as_str());
    let word_all_the_same = known(word) || letters.len() > 1 && letters.len() < word.len() && known(letters);
    (!word_all_the_same).then_some(digits)
}

/// The word behind digits that stand for letters: `s3v3n`.
pub(super) fn leet(word: &str) -> Option<String> {
    let mut plain = String::with_capacity(word.len());
    for byte in word.bytes() {
        plain.push(match byte {
            b'0' => 'o',
            b'1' => 'i',
            b'3' => 'e',
            b'4' => 'a',
            b'5' => 's',
            b'7' => 't',
            b'8' => 'b',
            b'9' => 'g',
            b'a'..=b'z' | b'A'..=b'Z' => char::from(byte.to_ascii_lowercase()),
            _ => return None,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_read_and_measures_are_not() {
        assert_eq!(digits("2O2").as_deref(), Some("202"));
        assert_eq!(digits("Ol43").as_deref(), Some("0143"));
        assert_eq!(digits("чЗб").as_deref(), Some("436"));
        for word in ["120lbs", "so", "go", "massage"] {
            assert_eq!(digits(word), None, "{word}");
        }
    }

    #[test]
    fn digits_are_read_as_the_letters_they_replace() {
        assert_eq!(leet("5even").as_deref(), Some("seven"));
        assert_eq!(leet("thr33").as_deref(), Some("three"));
    }
}
