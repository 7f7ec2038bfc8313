//! From number words to digits: tens and units, doubles and triples, hundreds, and the one language that fits a row best.

use std::cell::Cell;
use std::ops::Range;

use super::lexer::{Kind, Numeral};
use super::lexicon::{LEXICON, Meaning, Sense};

/// A row said in digits, in pieces: the digits of one number, and the numerals they were said with.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Said {
    pub(super) digits: String,
    pub(super) pieces: Vec<Piece>,
}

/// One number of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its digits, in those of the row.
    pub(super) digits: Range<usize>,
    /// Places in the row.
    pub(super) numerals: Range<usize>,
}

impl Said {
    /// The digits of each piece.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().map(|piece| &self.digits[piece.digits.clone()])
    }
}

/// Languages of a row by how many of its words they have.
pub(super) struct Ranks(Vec<u32>);

impl Ranks {
    pub(super) fn of(row: &[Numeral]) -> Self {
        let mut ranks = Self(Vec::new());
        if row.iter().any(|numeral| matches!(numeral.kind, Kind::Word(_))) {
            ranks.0.resize(LEXICON.languages, 0);
            ranks.each(row, |count, worth| *count += worth);
        }
        ranks
    }

    /// The ranks of a part of the row; `others` are the numerals that are no part of it.
    fn without(&self, others: [&[Numeral]; 2]) -> Self {
        let mut ranks = Self(self.0.clone());
        others.iter().for_each(|row| ranks.each(row, |count, worth| *count -= worth));
        ranks
    }

    fn each(&mut self, row: &[Numeral], change: impl Fn(&mut u32, u32)) {
        for numeral in row {
            let Kind::Word(senses) = &numeral.kind else { continue };
            for sense in *senses {
                change(&mut self.0[sense.language as usize], if sense.weak { 2 } else { 3 });
            }
        }
    }

    /// The sense of a numeral in the language that has most words of the row.
    fn sense(&self, numeral: &Numeral) -> Option<Sense> {
        match &numeral.kind {
            Kind::Word([only]) => Some(*only),
            Kind::Word(senses) => senses
                .iter()
                .max_by_key(|sense| (self.0[sense.language as usize], std::cmp::Reverse(sense.language)))
                .copied(),
            _ => None,
        }
    }
}

/// The language that most of the surer words of a row are of; `None` if it has no such word.
pub(super) fn main_language(row: &[Numeral]) -> Option<u8> {
    let strong = |sense: &&Sense| !sense.weak;
    let words = row.iter().filter_map(|numeral| match &numeral.kind {
        Kind::Word(senses) => Some(*senses),
        _ => None,
    });
    let mut counts = vec![0_u32; LEXICON.languages];
    words.flat_map(|senses| senses.iter().filter(strong)).for_each(|sense| counts[sense.language as usize] += 1);
    let most = *counts.iter().max()?;
    counts.iter().position(|count| *count == most && most > 0).map(|language| language as u8)
}

/// Whether one language has a number for every word of the row.
pub(super) fn is_of_one_language(row: &[Numeral]) -> bool {
    let languages = |senses: &[Sense]| senses.iter().fold(0, |all, sense| all | 1_u128 << sense.language);
    let words = row.iter().filter_map(|numeral| match &numeral.kind {
        Kind::Word(senses) => Some(languages(senses)),
        _ => None,
    });
    let mut common = u128::MAX;
    for languages in words {
        common &= languages;
        if common == 0 {
            return false;
        }
    }
    true
}

/// Whether a numeral is a word that is an ordinary word, too, whatever its language.
pub(super) fn is_weak(numeral: &Numeral) -> bool {
    matches!(&numeral.kind, Kind::Word(senses) if senses.iter().all(|sense| sense.weak))
}

/// Says a row in digits; `None` if some word of it is no number where it stands.
pub(super) fn compose(row: &[Numeral], text: &str) -> Option<Said> {
    let ranks = &Ranks::of(row);
    let reader = Reader::new(row, text, ranks);
    let mut said = Said::default();
    let mut at = 0;
    while at < row.len() {
        let from = said.digits.len();
        let length = reader.piece(at, &mut said.digits)?;
        if said.digits.len() > from {
            said.pieces.push(Piece { digits: from..said.digits.len(), numerals: at..at + length });
        }
        at += length;
    }
    Some(said)
}

/// The digits of the part of a row between two places; `None` also if there are more than `most` of them. `ranks` are those
/// of the whole row.
pub(super) fn digits_within(
    row: &[Numeral],
    part: Range<usize>,
    text: &str,
    ranks: &Ranks,
    most: usize,
) -> Option<String> {
    let ranks = if part.len() < row.len() { &ranks.without([&row[..part.start], &row[part.end..]]) } else { ranks };
    let row = &row[part];
    let reader = Reader::new(row, text, ranks);
    let (mut digits, mut plus) = (String::new(), 0);
    let mut at = 0;
    while at < row.len() {
        let from = digits.len();
        at += reader.piece(at, &mut digits)?;
        plus += usize::from(digits[from..].starts_with('+'));
        if digits.len() - plus > most {
            return None;
        }
    }
    Some(digits)
}

struct Reader<'r> {
    row: &'r [Numeral],
    text: &'r str,
    ranks: &'r Ranks,
    /// Senses that were looked for last, by the last bits of their places.
    known: [Cell<(usize, Option<Sense>)>; 4],
}

impl<'r> Reader<'r> {
    fn new(row: &'r [Numeral], text: &'r str, ranks: &'r Ranks) -> Self {
        Self { row, text, ranks, known: [const { Cell::new((usize::MAX, None)) }; 4] }
    }

    fn sense(&self, at: usize) -> Option<Sense> {
        let known = &self.known[at % 4];
        let (place, sense) = known.get();
        if place == at {
            return sense;
        }
        let sense = self.ranks.sense(self.row.get(at)?);
        known.set((at, sense));
        sense
    }

    fn number(&self, at: usize) -> Option<u16> {
        match self.sense(at)?.meaning {
            Meaning::Number(value) => Some(value),
            _ => None,
        }
    }

    fn is_and(&self, at: usize) -> bool {
        self.sense(at).is_some_and(|sense| sense.meaning == Meaning::And)
    }

    /// A digit in digits or in words.
    fn single(&self, at: usize) -> Option<char> {
        let numeral = self.row.get(at)?;
        match &numeral.kind {
            Kind::Digits if numeral.range.len() == 1 => self.text[numeral.range.clone()].chars().next(),
            _ => match self.sense(at)?.meaning {
                Meaning::Number(value @ 0..=9) => char::from_digit(u32::from(value), 10),
                Meaning::Plural(value) => char::from_digit(u32::from(value), 10),
                _ => None,
            },
        }
    }

    /// Writes the digits that begin at `at`: how many numerals they take.
    fn piece(&self, at: usize, digits: &mut String) -> Option<usize> {
        let numeral = &self.row[at];
        let sense = match &numeral.kind {
            Kind::Digits => {
                // `3 sevens` and `2 x five`.
                if let (Some(count @ '2'..='6'), Some(digit)) = (self.single(at), self.plural(at + 1)) {
                    repeat(digit, count as u8 - b'0', digits);
                    return Some(2);
                }
                digits.push_str(&self.text[numeral.range.clone()]);
                return Some(1);
            }
            Kind::Letters(written) => {
                digits.push_str(written);
                return Some(1);
            }
            Kind::Word(_) => self.sense(at)?,
        };
        match sense.meaning {
            Meaning::Plus => digits.push('+'),
            Meaning::And => return None,
            Meaning::Plural(digit) => repeat(digit, 1, digits),
            Meaning::Times(count) => {
                if let Some(digit) = self.single(at + 1) {
                    digits.extend(std::iter::repeat_n(digit, usize::from(count)));
                    return Some(2);
                }
            }
            Meaning::Number(value) => {
                let (value, length) = self.spoken(at, value);
                match value {
                    Spoken::Once(value) => number(value, digits),
                    Spoken::Again(digit, count) => repeat(digit, count, digits),
                }
                return Some(length);
            }
        }
        Some(1)
    }

    fn plural(&self, at: usize) -> Option<u8> {
        match self.sense(at)?.meaning {
            Meaning::Plural(digit) => Some(digit),
            _ => None,
        }
    }

    fn spoken(&self, at: usize, value: u16) -> (Spoken, usize) {
        let (value, length) = match value {
            // Three sevens.
            2..=6 if let Some(digit) = self.plural(at + 1) => return (Spoken::Again(digit, value as u8), 2),
            // Eight hundred (and) fifty five.
            1..=9 if self.number(at + 1) == Some(100) => {
                let (below, length) = self.below_hundred(at + 2);
                (value * 100 + below, 2 + length)
            }
            // Quatre-vingt, and what it is followed by.
            4 if self.number(at + 1) == Some(20) && self.is_french(at + 1) => {
                let (more, length) = self.units(at + 2, 80);
                (80 + more, 2 + length)
            }
            // Fünf und zwanzig, خمسة وعشرون.
            1..=9 if self.is_and(at + 1) => match self.number(at + 2) {
                Some(tens @ 20..=90) => (tens + value, 3),
                _ => (value, 1),
            },
            20..=90 if value.is_multiple_of(10) => {
                let (more, length) = self.units(at + 1, value);
                (value + more, 1 + length)
            }
            // Dix-sept.
            10 if self.is_french(at) => match self.number(at + 1) {
                Some(unit @ 7..=9) => (10 + unit, 2),
                _ => (value, 1),
            },
            100..=900 => {
                let (below, length) = self.below_hundred(at + 1);
                (value + below, 1 + length)
            }
            _ => (value, 1),
        };
        (Spoken::Once(value), length)
    }

    fn is_french(&self, at: usize) -> bool {
        self.sense(at).is_some_and(|sense| sense.language == LEXICON.french)
    }

    /// Units behind tens: with or without the word between them; in French also the teens behind sixty and eighty.
    fn units(&self, at: usize, tens: u16) -> (u16, usize) {
        let and = usize::from(self.is_and(at));
        let teens = matches!(tens, 60 | 80) && at > 0 && self.is_french(at - 1);
        match self.number(at + and) {
            Some(unit @ 1..=9) => (unit, 1 + and),
            Some(10) if teens => match self.number(at + and + 1) {
                Some(unit @ 7..=9) => (10 + unit, 2 + and),
                _ => (10, 1 + and),
            },
            Some(teen @ 11..=19) if teens => (teen, 1 + and),
            _ => (0, 0),
        }
    }

    /// Tens, teens or, behind `and`, units that belong to a hundred.
    fn below_hundred(&self, at: usize) -> (u16, usize) {
        let and = usize::from(self.is_and(at));
        match self.number(at + and) {
            Some(tens @ 20..=90) if tens.is_multiple_of(10) => {
                let (more, length) = self.units(at + and + 1, tens);
                (tens + more, 1 + and + length)
            }
            Some(teen @ 10..=19) => (teen, 1 + and),
            Some(unit @ 1..=9) if and == 1 => (unit, 2),
            _ => (0, 0),
        }
    }
}

/// What a number word says together with those behind it.
enum Spoken {
    /// A number.
    Once(u16),
    /// A digit so many times.
    Again(u8, u8),
}

fn repeat(digit: u8, count: u8, digits: &mut String) {
    (0..count).for_each(|_| number(u16::from(digit), digits));
}

/// Writes a number below 10,000 without a zero before it.
fn number(value: u16, digits: &mut String) {
    let first = [1000, 100, 10].into_iter().find(|power| value >= *power).unwrap_or(1);
    let mut power = first;
    while power > 0 {
        digits.push(char::from(b'0' + (value / power % 10) as u8));
        power /= 10;
    }
}
