//! From number words to digits: tens and units, doubles and triples, hundreds, and the one language that fits a row best.

use std::ops::Range;

use super::lexer::{Kind, Numeral};
use super::lexicon::{LEXICON, Meaning, Sense};

/// Digits, and the numerals they were said with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) digits: String,
    /// Places in the row.
    pub(super) numerals: Range<usize>,
}

/// Languages of the row by how many of its words they have, best first, as a rank for each language.
fn ranks(row: &[Numeral]) -> Vec<u32> {
    let mut counts = vec![0; LEXICON.languages];
    for numeral in row {
        let Kind::Word(senses) = &numeral.kind else { continue };
        for sense in *senses {
            counts[sense.language as usize] += if sense.weak { 2 } else { 3 };
        }
    }
    counts
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
    (0..LEXICON.languages).any(|language| {
        row.iter().all(|numeral| match &numeral.kind {
            Kind::Word(senses) => senses.iter().any(|sense| sense.language as usize == language),
            _ => true,
        })
    })
}

/// Whether a numeral is a word that is an ordinary word, too, whatever its language.
pub(super) fn is_weak(numeral: &Numeral) -> bool {
    matches!(&numeral.kind, Kind::Word(senses) if senses.iter().all(|sense| sense.weak))
}

/// Says a row in digits; `None` if some word of it is no number where it stands.
pub(super) fn compose(row: &[Numeral], text: &str) -> Option<Vec<Piece>> {
    let said = row.iter().any(|numeral| matches!(numeral.kind, Kind::Word(_)));
    let ranks = if said { ranks(row) } else { Vec::new() };
    let sense = |numeral: &Numeral| match &numeral.kind {
        Kind::Word(senses) => senses
            .iter()
            .max_by_key(|sense| (ranks[sense.language as usize], std::cmp::Reverse(sense.language)))
            .copied(),
        _ => None,
    };
    let senses: Vec<Option<Sense>> = row.iter().map(sense).collect();
    let reader = Reader { row, text, senses: &senses };
    let mut pieces = Vec::with_capacity(row.len());
    let mut at = 0;
    while at < row.len() {
        let (digits, length) = reader.piece(at)?;
        if !digits.is_empty() {
            pieces.push(Piece { digits, numerals: at..at + length });
        }
        at += length;
    }
    Some(pieces)
}

struct Reader<'r> {
    row: &'r [Numeral],
    text: &'r str,
    senses: &'r [Option<Sense>],
}

impl Reader<'_> {
    fn number(&self, at: usize) -> Option<u16> {
        match self.senses.get(at)?.as_ref()?.meaning {
            Meaning::Number(value) => Some(value),
            _ => None,
        }
    }

    fn is_and(&self, at: usize) -> bool {
        self.senses.get(at).copied().flatten().is_some_and(|sense| sense.meaning == Meaning::And)
    }

    /// A digit in digits or in words.
    fn single(&self, at: usize) -> Option<char> {
        let numeral = self.row.get(at)?;
        match &numeral.kind {
            Kind::Digits if numeral.range.len() == 1 => self.text[numeral.range.clone()].chars().next(),
            _ => match self.senses[at]?.meaning {
                Meaning::Number(value @ 0..=9) => char::from_digit(u32::from(value), 10),
                Meaning::Plural(value) => char::from_digit(u32::from(value), 10),
                _ => None,
            },
        }
    }

    /// The digits that begin at `at`, and how many numerals they take.
    fn piece(&self, at: usize) -> Option<(String, usize)> {
        let numeral = &self.row[at];
        let sense = match (&numeral.kind, self.senses[at]) {
            (Kind::Digits, _) => {
                // `3 sevens` and `2 x five`.
                if let (Some(count @ '2'..='6'), Some(Meaning::Plural(digit))) =
                    (self.single(at), self.senses.get(at + 1).copied().flatten().map(|sense| sense.meaning))
                {
                    return Some((repeat(digit, count as u8 - b'0'), 2));
                }
                return Some((self.text[numeral.range.clone()].to_owned(), 1));
            }
            (Kind::Letters(digits), _) => return Some((digits.clone(), 1)),
            (Kind::Word(_), sense) => sense?,
        };
        match sense.meaning {
            Meaning::Plus => Some(("+".to_owned(), 1)),
            Meaning::And => None,
            Meaning::Plural(digit) => Some((digit.to_string(), 1)),
            Meaning::Times(count) => match self.single(at + 1) {
                Some(digit) => Some((digit.to_string().repeat(usize::from(count)), 2)),
                None => Some((String::new(), 1)),
            },
            Meaning::Number(value) => Some(self.spoken(at, value)),
        }
    }

    fn spoken(&self, at: usize, value: u16) -> (String, usize) {
        let next = self.number(at + 1);
        match value {
            // Three sevens.
            2..=6
                if matches!(
                    self.senses.get(at + 1).copied().flatten().map(|s| s.meaning),
                    Some(Meaning::Plural(_))
                ) =>
            {
                let digit = self.single(at + 1).and_then(|digit| digit.to_digit(10)).unwrap_or_default();
                (repeat(digit as u8, value as u8), 2)
            }
            // Eight hundred (and) fifty five.
            1..=9 if next == Some(100) => {
                let (below, length) = self.below_hundred(at + 2);
                ((value * 100 + below).to_string(), 2 + length)
            }
            // Quatre-vingt, and what it is followed by.
            4 if next == Some(20) && self.is_french(at + 1) => {
                let (more, length) = self.units(at + 2, 80);
                ((80 + more).to_string(), 2 + length)
            }
            // Fünf und zwanzig, خمسة وعشرون.
            1..=9 if self.is_and(at + 1) => match self.number(at + 2) {
                Some(tens @ 20..=90) => ((tens + value).to_string(), 3),
                _ => (value.to_string(), 1),
            },
            20..=90 if value.is_multiple_of(10) => {
                let (more, length) = self.units(at + 1, value);
                ((value + more).to_string(), 1 + length)
            }
            // Dix-sept.
            10 if self.is_french(at) && matches!(next, Some(7..=9)) => ((10 + next.unwrap_or_default()).to_string(), 2),
            100..=900 => {
                let (below, length) = self.below_hundred(at + 1);
                ((value + below).to_string(), 1 + length)
            }
            _ => (value.to_string(), 1),
        }
    }

    fn is_french(&self, at: usize) -> bool {
        self.senses[at].is_some_and(|sense| sense.language == LEXICON.french)
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

fn repeat(digit: u8, count: u8) -> String {
    digit.to_string().repeat(usize::from(count))
}
