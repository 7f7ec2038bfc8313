//! Words, numbers and signs of a line, each with what the features are made from.

use super::sound::indian;
use crate::letter::{Fold, Folded, bare, is_lower, is_mark, is_upper, is_word};
use std::sync::LazyLock;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Letters, perhaps with digits among them.
    Word,
    /// Digits alone.
    Number,
    /// A run of one sign.
    Sign,
    /// Letters of a script that puts no space between words: the whole run is one token.
    Unspaced,
}

/// One token of a line.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is made of.
    pub class: Class,
    /// Its folded letters: the same for every case and with or without accents.
    pub word: u64,
    /// How it is written: see [`Shape`].
    pub shape: Shape,
    /// Whether no space parts it from the token before it.
    pub glued: bool,
    /// What it sounds like, for scripts whose lists are short ([`super::sound`]); 0 for others.
    pub sound: u64,
    /// Hashes of its first two and three folded characters.
    prefixes: [u32; 2],
    /// Its last four folded characters, the last one first.
    last: [u32; 4],
}

impl Token {
    /// Hashes of its first two and three, and its last one to four folded characters.
    pub(super) fn affixes(&self) -> [u32; 6] {
        let mut affixes = [self.prefixes[0], self.prefixes[1], 0, 0, 0, 0];
        let mut hash = SEED;
        for (affix, character) in affixes[2..].iter_mut().zip(self.last) {
            hash = step(hash, character);
            *affix = (finish(hash) >> 16) as u32;
        }
        affixes
    }
}

/// How a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Shape {
    /// A sign or number.
    Other,
    /// `amber`.
    Lower,
    /// `Amber`.
    Title,
    /// `AMBER`, of two letters or more.
    Upper,
    /// `A`.
    Initial,
    /// `McBride`, `iPhone`.
    Mixed,
    /// With a digit.
    Digits,
    /// Letters of a script without case.
    Caseless,
}

impl Shape {
    /// Whether it begins with a capital.
    #[must_use]
    pub const fn is_capital(self) -> bool {
        matches!(self, Self::Title | Self::Upper | Self::Initial | Self::Mixed)
    }
}

/// Cuts `line` into `tokens`; `from` is where the line stands in its text.
pub fn tokenise(line: &str, from: usize, tokens: &mut Vec<Token>) {
    cut::<true>(line, from, |token| tokens.push(token));
}

/// Hands over each token of a line, without its sound.
pub(super) fn each(line: &str, take: impl FnMut(Token)) {
    cut::<false>(line, 0, take);
}

fn cut<const SOUND: bool>(line: &str, from: usize, mut take: impl FnMut(Token)) {
    let bytes = line.as_bytes();
    let mut at = 0;
    let mut end_of_last = usize::MAX;
    while at < bytes.len() {
        let start = at;
        let token = if bytes[at].is_ascii() {
            if bytes[at] <= b' ' && bytes[at] != super::BARRIER {
                at += 1;
                continue;
            }
            if bytes[at].is_ascii_alphanumeric() { word::<SOUND>(line, &mut at) } else { sign(line, &mut at) }
        } else {
            let character = char_at(line, at);
            if character.is_whitespace() {
                at += character.len_utf8();
                continue;
            }
            if is_unspaced(character) {
                unspaced(line, &mut at)
            } else if is_word(character) {
                word::<SOUND>(line, &mut at)
            } else {
                sign(line, &mut at)
            }
        };
        take(Token { start: from + start, end: from + at, glued: start == end_of_last, ..token });
        end_of_last = at;
    }
}

/// The hash of a word by itself, as tokens carry it; `None` if it is not one token.
#[must_use]
pub fn word_hash(word: &str) -> Option<u64> {
    let (mut first, mut tokens) = (None, 0);
    each(word, |token| {
        tokens += 1;
        first.get_or_insert(token);
    });
    first.filter(|token| tokens == 1 && matches!(token.class, Class::Word | Class::Unspaced)).map(|token| token.word)
}

/// Scripts written without spaces between words.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

pub(super) const fn step(hash: u64, value: u32) -> u64 {
    (hash ^ value as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Spreads the bits, so that each of them depends on all.
pub(super) const fn finish(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('\u{fffd}')
}

const fn prefix(hash: u64) -> u32 {
    (finish(hash) >> 16) as u32
}

/// Letters of ASCII in small letters, `0` for every digit, 0 for what is neither.
static FOLDED: [u8; 256] = {
    let (mut folded, mut byte) = ([0; 256], 0u8);
    while byte < 0x80 {
        folded[byte as usize] = match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'z' | b'A'..=b'Z' => byte | 0x20,
            _ => 0,
        };
        byte += 1;
    }
    folded
};

const EMPTY: Token = Token {
    start: 0,
    end: 0,
    class: Class::Sign,
    word: 0,
    shape: Shape::Other,
    glued: false,
    sound: 0,
    prefixes: [0; 2],
    last: [0; 4],
};

/// What a word's letters add up to as they are read, one folded character after the other.
struct Reading {
    hash: u64,
    letters: u32,
    digits: u32,
    upper: u32,
    lower: u32,
    first_upper: bool,
    prefixes: [u32; 2],
    last: [u32; 4],
}

impl Reading {
    const fn new() -> Self {
        Self {
            hash: SEED,
            letters: 0,
            digits: 0,
            upper: 0,
            lower: 0,
            first_upper: false,
            prefixes: [0; 2],
            last: [0; 4],
        }
    }

    fn push(&mut self, folded: u32) {
        self.hash = step(self.hash, folded);
        let length = self.letters + self.digits;
        if length == 2 || length == 3 {
            self.prefixes[length as usize - 2] = prefix(self.hash);
        }
        self.last = [folded, self.last[0], self.last[1], self.last[2]];
    }

    /// Reads letters and digits of ASCII, as many as stand at the beginning: how many they are.
    fn ascii(&mut self, bytes: &[u8]) -> usize {
        let before = (self.letters + self.digits) as usize;
        let (mut hash, mut length, mut digits, mut upper) = (self.hash, 0, 0, 0);
        while let Some(byte) = bytes.get(length)
            && let folded = FOLDED[usize::from(*byte)]
            && folded != 0
        {
            hash = step(hash, u32::from(folded));
            digits += u32::from(folded == b'0');
            upper += u32::from(byte.is_ascii_uppercase());
            length += 1;
            if let place @ 2..=3 = before + length {
                self.prefixes[place - 2] = prefix(hash);
            }
        }
        let read = &bytes[..length];
        let letters = length as u32 - digits;
        if self.letters == 0 {
            self.first_upper = read.iter().find(|byte| byte.is_ascii_alphabetic()).is_some_and(u8::is_ascii_uppercase);
        }
        self.hash = hash;
        self.letters += letters;
        self.digits += digits;
        self.upper += upper;
        self.lower += letters - upper;
        for byte in &read[length.saturating_sub(4)..] {
            self.last = [u32::from(FOLDED[usize::from(*byte)]), self.last[0], self.last[1], self.last[2]];
        }
        length
    }

    fn wide(&mut self, character: char) {
        static BARE: LazyLock<Fold> =
            LazyLock::new(|| Fold::of(|one, text| bare(one, |part| text.extend(one_writing(part)))));
        if is_upper(character) {
            self.first_upper |= self.letters == 0;
            self.upper += 1;
        } else if is_lower(character) {
            self.lower += 1;
        }
        self.letters += 1;
        match BARE.get(character) {
            Folded::Nothing => {}
            Folded::One(part) => self.push(u32::from(part)),
            Folded::Many => bare(character, |part| {
                if let Some(part) = one_writing(part) {
                    self.push(u32::from(part));
                }
            }),
        }
    }

    fn token(&self) -> Token {
        let shape = if self.letters == 0 {
            Shape::Other
        } else if self.digits > 0 {
            Shape::Digits
        } else if self.upper + self.lower == 0 {
            Shape::Caseless
        } else if self.upper == 0 {
            Shape::Lower
        } else if self.lower == 0 {
            if self.letters == 1 { Shape::Initial } else { Shape::Upper }
        } else if self.first_upper && self.upper == 1 {
            Shape::Title
        } else {
            Shape::Mixed
        };
        let class = if self.letters == 0 { Class::Number } else { Class::Word };
        Token { class, word: finish(self.hash), shape, prefixes: self.prefixes, last: self.last, ..EMPTY }
    }
}

/// The letters that Arabic, Persian, Kurdish and Urdu type differently are one, and signs for short vowels are none.
const fn one_writing(letter: char) -> Option<char> {
    match letter {
        '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => None,
        '\u{6cc}' | '\u{649}' => Some('\u{64a}'),
        '\u{6a9}' => Some('\u{643}'),
        '\u{629}' | '\u{6d5}' | '\u{6be}' | '\u{6c1}' => Some('\u{647}'),
        '\u{671}' => Some('\u{627}'),
        _ => Some(letter),
    }
}

fn word<const SOUND: bool>(line: &str, at: &mut usize) -> Token {
    let bytes = line.as_bytes();
    let start = *at;
    let mut reading = Reading::new();
    while let Some(&byte) = bytes.get(*at) {
        if byte.is_ascii() {
            let length = reading.ascii(&bytes[*at..]);
            if length == 0 {
                break;
            }
            *at += length;
        } else {
            let character = char_at(line, *at);
            let mark = is_mark(character);
            if !mark && (!is_word(character) || is_unspaced(character)) {
                break;
            }
            if !mark {
                reading.wide(character)
            } else if one_writing(character).is_some() {
                reading.push(u32::from(character))
            }
            *at += character.len_utf8();
        }
    }
    let sound = if SOUND && bytes[start] == INDIAN { indian(&line[start..*at]).unwrap_or(0) } else { 0 };
    Token { sound, ..reading.token() }
}

/// The first byte of every letter between U+0800 and U+0FFF, which is where the scripts of India are.
const INDIAN: u8 = 0xe0;

fn unspaced(line: &str, at: &mut usize) -> Token {
    let mut hash = SEED;
    for character in line[*at..].chars().take_while(|character| is_unspaced(*character)) {
        hash = step(hash, u32::from(character));
        *at += character.len_utf8();
    }
    Token { class: Class::Unspaced, word: finish(hash), shape: Shape::Caseless, ..EMPTY }
}

/// A run of one sign; signs beyond ASCII that are no punctuation (emoji, bullets, hearts) count as one sign.
fn sign(line: &str, at: &mut usize) -> Token {
    let character = char_at(line, *at);
    *at += character.len_utf8();
    while line[*at..].starts_with(character) {
        *at += character.len_utf8();
    }
    let plain = if character.is_ascii() || matches!(character, '\u{2010}'..='\u{203a}' | '\u{ab}' | '\u{bb}') {
        u32::from(character)
    } else {
        0x1f600
    };
    Token { class: Class::Sign, word: finish(step(SEED, plain)), ..EMPTY }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> Vec<(&str, Class, Shape)> {
        let mut tokens = Vec::new();
        tokenise(line, 0, &mut tokens);
        tokens.iter().map(|token| (&line[token.start..token.end], token.class, token.shape)).collect()
    }

    #[test]
    fn words_numbers_signs_and_unspaced_runs() {
        use Class::{Number, Sign, Unspaced, Word};
        assert_eq!(
            cut("Zoë, 22!! 我叫 st8 O'NEIL 💕💕 x"),
            [
                ("Zoë", Word, Shape::Title),
                (",", Sign, Shape::Other),
                ("22", Number, Shape::Other),
                ("!!", Sign, Shape::Other),
                ("我叫", Unspaced, Shape::Caseless),
                ("st8", Word, Shape::Digits),
                ("O", Word, Shape::Initial),
                ("'", Sign, Shape::Other),
                ("NEIL", Word, Shape::Upper),
                ("💕💕", Sign, Shape::Other),
                ("x", Word, Shape::Lower),
            ]
        );
    }

    #[test]
    fn a_word_is_the_same_in_every_case_and_without_accents() {
        for pair in
            [("José", "JOSE"), ("Алёна", "алена"), ("Ζωή", "ζωη"), ("Łucja", "łucja"), ("أَحْمَد", "احمد"), ("علی", "علي")]
        {
            assert_eq!(word_hash(pair.0), word_hash(pair.1), "{pair:?}");
        }
        assert_ne!(word_hash("amber"), word_hash("ambre"));
        assert_eq!(word_hash("two words"), None);
    }
}
