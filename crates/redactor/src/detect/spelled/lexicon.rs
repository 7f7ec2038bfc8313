//! The number words of all languages, as one dictionary. Every language is always on: short advertisements defeat
//! every guess at their language, and people mix several in one number.

use std::sync::LazyLock;

use rustc_hash::FxHashMap as HashMap;
use unicode_normalization::UnicodeNormalization;

use crate::letter::{Fold, Folded};

/// The table, one language a line; its head says how it is written.
const TABLE: &str = include_str!("words.txt");

/// Shortest and longest word in bytes that is looked up.
const MIN_WORD_BYTES: usize = 1;
const MAX_WORD_BYTES: usize = 64;

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A number below 1,000.
    Number(u16),
    /// What follows is said so many times.
    Times(u8),
    /// A digit in the plural: a count stands before it.
    Plural(u8),
    /// The sign of a calling code.
    Plus,
    /// Stands between tens and units.
    And,
}

/// One meaning of a word in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sense {
    /// The place of the language in the table.
    pub(super) language: u8,
    pub(super) meaning: Meaning,
    /// Whether the word is an ordinary word, too.
    pub(super) weak: bool,
}

/// Every word, its senses, and filters that let most other words be passed over without a look at the dictionary.
pub(super) struct Lexicon {
    words: HashMap<String, Vec<Sense>>,
    /// The same words without their doubled letters.
    squeezed: HashMap<String, Vec<Sense>>,
    /// The first three bytes of words in ASCII, by [`head_slot`].
    heads: Bits,
    /// The first letters of words; one beyond the basic plane stands for the last of it.
    initials: Bits,
    /// The first two letters of words as they are folded, by [`pair_slot`].
    pairs: Bits,
    /// Words of one letter.
    singles: Bits,
    /// Words by [`slot`].
    filter: Bits,
    /// Languages in the table.
    pub(super) languages: usize,
    /// The place of French, which counts in twenties and sixties.
    pub(super) french: u8,
}

/// The dictionary, read once.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(TABLE));

impl Lexicon {
    fn read(table: &str) -> Self {
        let mut lexicon = Self {
            words: HashMap::default(),
            squeezed: HashMap::default(),
            heads: Bits::new(),
            initials: Bits::new(),
            pairs: Bits::new(),
            singles: Bits::new(),
            filter: Bits::new(),
            languages: 0,
            french: u8::MAX,
        };
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with("fr ") {
                lexicon.french = lexicon.languages as u8;
            }
            for entry in line.split('|').skip(1) {
                let mut words = entry.split_whitespace();
                let Some(meaning) = words.next().and_then(meaning) else { continue };
                for word in words {
                    lexicon.add(word, meaning);
                }
            }
            lexicon.languages += 1;
        }
        lexicon
    }

    fn add(&mut self, written: &str, meaning: Meaning) {
        let word = written.trim_end_matches('?');
        let sense = Sense { language: self.languages as u8, meaning, weak: word.len() < written.len() };
        let key = fold(word);
        self.filter.set(slot(key.as_bytes()));
        if let Some(head) = key.as_bytes().first_chunk() {
            self.heads.set(head_slot(*head));
        }
        let mut letters = key.chars();
        match (letters.next(), letters.next()) {
            (Some(first), Some(second)) => self.pairs.set(pair_slot(first, second)),
            (Some(only), None) => self.singles.set(only as usize),
            _ => {}
        }
        // As it is folded, and as it may be written with its accent.
        key.chars().next().into_iter().chain(word.chars().next()).for_each(|first| self.initials.set(first as usize));
        let short = squeeze(&key);
        self.filter.set(slot(short.as_bytes()));
        let senses = self.words.entry(key).or_default();
        if !senses.contains(&sense) {
            senses.push(sense);
        }
        let senses = self.squeezed.entry(short).or_default();
        if !senses.contains(&sense) {
            senses.push(sense);
        }
    }

    /// The senses of a word, as it is written or stretched.
    pub(super) fn word(&self, written: &str) -> Option<&[Sense]> {
        if !(MIN_WORD_BYTES..=MAX_WORD_BYTES).contains(&written.len()) {
            return None;
        }
        if written.is_ascii() {
            // Most words are neither in the dictionary nor stretched, and that shows without folding them.
            let may_hold = self.may_be(written);
            let stretched = || written.as_bytes().windows(2).any(|pair| pair[0].eq_ignore_ascii_case(&pair[1]));
            if !may_hold && !stretched() {
                return None;
            }
            let mut buffer = [0; MAX_WORD_BYTES];
            let lower = &mut buffer[..written.len()];
            lower.copy_from_slice(written.as_bytes());
            lower.make_ascii_lowercase();
            if may_hold && let Some(senses) = std::str::from_utf8(lower).ok().and_then(|word| self.words.get(word)) {
                return Some(senses);
            }
            // ASCII letters are folded by now; what is left to try is the word without its doubled letters.
            let mut short = [0; MAX_WORD_BYTES];
            let mut length = 0;
            for byte in lower.iter().copied() {
                if length == 0 || short[length - 1] != byte {
                    short[length] = byte;
                    length += 1;
                }
            }
            let short = &short[..length];
            if length == lower.len() || length < 3 || !self.may_hold(short) {
                return None;
            }
            return std::str::from_utf8(short).ok().and_then(|word| self.squeezed.get(word)).map(Vec::as_slice);
        }
        if self.is_none(written) { None } else { self.folded(&fold(written)) }
    }

    /// Whether a word beyond ASCII surely has no sense: by its letters, which are folded one by one and kept nowhere.
    fn is_none(&self, written: &str) -> bool {
        let (mut ends, mut length, mut last) = ([0; 3], 0, '\0');
        for character in written.chars() {
            let one = match FOLD.get(character) {
                Folded::Nothing => continue,
                Folded::One(one) => one,
                Folded::Many => return false,
            };
            // A letter twice may be a stretched one.
            if one == last {
                return false;
            }
            last = one;
            for byte in one.encode_utf8(&mut [0; 4]).bytes() {
                if length < 2 {
                    ends[length] = byte;
                }
                ends[2] = byte;
                length += 1;
            }
        }
        !self.filter.get(slot_of(ends, length))
    }

    /// Whether a word may begin with the first two letters of a text beyond ASCII, or by the first alone.
    pub(super) fn may_begin_with_pair(&self, rest: &str) -> bool {
        let mut letters = rest.chars().map(|character| FOLD.get(character));
        match (letters.next(), letters.next()) {
            (Some(Folded::One(first)), Some(Folded::One(second))) => {
                self.pairs.get(pair_slot(first, second)) || self.singles.get(first as usize)
            }
            _ => true,
        }
    }

    fn folded(&self, word: &str) -> Option<&[Sense]> {
        if self.may_hold(word.as_bytes())
            && let Some(senses) = self.words.get(word)
        {
            return Some(senses);
        }
        if word.chars().zip(word.chars().skip(1)).all(|(one, next)| one != next) {
            return None;
        }
        let short = squeeze(word);
        (short.len() < word.len() && short.len() > 2 && self.may_hold(short.as_bytes()))
            .then(|| self.squeezed.get(&short).map(Vec::as_slice))
            .flatten()
    }

    /// The senses of a word that is already folded, exactly as it is.
    pub(super) fn exact(&self, word: &str) -> Option<&[Sense]> {
        self.may_hold(word.as_bytes()).then(|| self.words.get(word).map(Vec::as_slice)).flatten()
    }

    /// Whether a word of three bytes or more may begin here: by its first three bytes in ASCII, else by its first letter.
    pub(super) fn may_begin(&self, rest: &str) -> bool {
        let Some(first) = rest.chars().next() else { return false };
        match rest.as_bytes().first_chunk::<3>() {
            Some(head) if head.is_ascii() => self.heads.get(head_slot(*head)),
            _ => self.initials.get(first as usize) || self.initials.get(lower(first) as usize),
        }
    }

    /// Whether it may hold a word in ASCII as it is written.
    pub(super) fn may_be(&self, written: &str) -> bool {
        self.filter.get(slot_of_any_case(written.as_bytes()))
    }

    fn may_hold(&self, word: &[u8]) -> bool {
        self.filter.get(slot(word))
    }
}

/// A set of numbers below 65,536; a larger one counts as the largest.
struct Bits(Box<[u64; 1024]>);

impl Bits {
    fn new() -> Self {
        Self(Box::new([0; 1024]))
    }

    fn set(&mut self, number: usize) {
        let number = number.min(0xffff);
        self.0[number / 64] |= 1 << (number % 64);
    }

    fn get(&self, number: usize) -> bool {
        let number = number.min(0xffff);
        self.0[number / 64] >> (number % 64) & 1 == 1
    }
}

/// A number below 32,768 that is the same for small letters and capitals.
const fn head_slot(head: [u8; 3]) -> usize {
    let [a, b, c] = head;
    (a as usize & 31) << 10 | (b as usize & 31) << 5 | c as usize & 31
}

/// A number below 65,536 from the first, second and last byte and the length.
fn slot(word: &[u8]) -> usize {
    slot_by(word, |byte| byte)
}

/// The same of the small letters of a word in ASCII.
fn slot_of_any_case(word: &[u8]) -> usize {
    slot_by(word, |byte| byte.to_ascii_lowercase())
}

fn slot_by(word: &[u8], fold: impl Fn(u8) -> u8) -> usize {
    let byte = |at: usize| word.get(at).copied().map_or(0, &fold);
    slot_of([byte(0), byte(1), byte(word.len().wrapping_sub(1))], word.len())
}

fn slot_of([first, second, last]: [u8; 3], length: usize) -> usize {
    let mixed = usize::from(first) | usize::from(second) << 8 | usize::from(last) << 16 | length << 24;
    mixed.wrapping_mul(0x9E37_79B1) >> 12 & 0xffff
}

/// A number below 65,536 for two letters.
fn pair_slot(first: char, second: char) -> usize {
    (first as usize).wrapping_mul(0x9E37_79B1).wrapping_add((second as usize).wrapping_mul(0x85EB_CA6B)) >> 8 & 0xffff
}

fn meaning(written: &str) -> Option<Meaning> {
    match written.as_bytes().first()? {
        b'+' => Some(Meaning::Plus),
        b'&' => Some(Meaning::And),
        b'x' => written[1..].parse().ok().map(Meaning::Times),
        b'*' => written[1..].parse().ok().map(Meaning::Plural),
        _ => written.parse().ok().map(Meaning::Number),
    }
}

/// Single characters of [`fold`].
static FOLD: LazyLock<Fold> = LazyLock::new(|| Fold::of(|one, text| text.extend(folded(one.encode_utf8(&mut [0; 4])))));

/// Lower case without accents: the marks of Latin, Greek, Cyrillic and Arabic letters are often left out.
pub(super) fn fold(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for character in word.chars() {
        match FOLD.get(character) {
            Folded::Nothing => {}
            Folded::One(one) => plain.push(one),
            Folded::Many => return folded(word).collect(),
        }
    }
    plain
}

/// Appends what [`fold`] makes of one character by itself.
pub(super) fn fold_one(character: char, text: &mut String) {
    match FOLD.get(character) {
        Folded::Nothing => {}
        Folded::One(one) => text.push(one),
        Folded::Many => text.extend(folded(character.encode_utf8(&mut [0; 4]))),
    }
}

fn folded(word: &str) -> impl Iterator<Item = char> + '_ {
    let mark = |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{5b0}'..='\u{5c7}');
    let plain = |c: char| match c {
        'ł' => 'l',
        'ı' => 'i',
        'ø' => 'o',
        'ى' => 'ي',
        'ک' => 'ك',
        'ی' => 'ي',
        'ة' => 'ه',
        other => other,
    };
    let joined = |c: &char| !matches!(c, '\'' | '\u{2019}' | '\u{2bc}');
    word.chars().flat_map(char::to_lowercase).filter(joined).nfd().filter(move |c| !mark(*c)).map(plain)
}

fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

/// Each run of one letter as that letter once.
fn squeeze(word: &str) -> String {
    let mut last = None;
    word.chars().filter(|character| last.replace(*character) != Some(*character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_ten_digits() {
        assert!((60..=128).contains(&LEXICON.languages), "{}: a set of them is 128 bits", LEXICON.languages);
        for language in 0..LEXICON.languages as u8 {
            for digit in 0..10 {
                let named = LEXICON.words.values().flatten();
                let mut named = named.filter(|sense| sense.language == language);
                assert!(
                    named.any(|sense| sense.meaning == Meaning::Number(digit)),
                    "language {language} digit {digit}"
                );
            }
        }
    }

    #[test]
    fn folding_by_table_is_folding() {
        for word in [
            "Zoë",
            "Ёлка",
            "e\u{301}\u{5b0}",
            "ΆΝΝΑ",
            "İ",
            "ﷺ",
            "한국",
            "がく",
            "二千",
            "کی",
            "l\u{2019}\u{327}\u{301}",
        ] {
            assert_eq!(fold(word), folded(word).collect::<String>(), "{word}");
        }
        for one in (0..=char::MAX as u32).filter_map(char::from_u32) {
            let (mut text, mut buffer) = (String::new(), [0; 4]);
            fold_one(one, &mut text);
            assert_eq!(text, folded(one.encode_utf8(&mut buffer)).collect::<String>(), "{one:?}");
        }
    }

    #[test]
    fn case_accents_and_stretching_make_no_difference() {
        let digit = |word: &str| LEXICON.word(word).map(|senses| senses[0].meaning);
        for (word, number) in
            [("SEVEN", 7), ("seeeveeen", 7), ("fünf", 5), ("zero", 0), ("zéro", 0), ("Пять", 5), ("threeee", 3)]
        {
            assert_eq!(digit(word), Some(Meaning::Number(number)), "{word}");
        }
        assert_eq!(digit("massage"), None);
    }
}
