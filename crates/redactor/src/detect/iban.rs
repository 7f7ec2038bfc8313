//! International bank account numbers (ISO 13616): a country, its length, and the check modulo 97.

use std::ops::Range;

use model::Label;

use super::scan::{word_after, word_before};
use crate::rule::{Candidate, Rule, strength};

static IBAN: Rule = Rule {
    detector: "iban",
    name: "mod-97",
    reason: "a country of the registry, its length, and a right check modulo 97",
    strength: strength::CHECKSUM,
};

/// Countries of the registry and the length of their numbers.
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// Finds account numbers that begin at the places the scan noted.
pub(crate) fn find(text: &str, starts: &[usize], found: &mut Vec<Candidate>) {
    let mut after = 0;
    for &start in starts {
        if start < after || word_before(text, start) {
            continue;
        }
        if let Some((range, value)) = read(text, start) {
            after = range.end;
            found.push(Candidate::new(range, Label::Iban, value, &IBAN));
        }
    }
}

fn read(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let country = [bytes[start].to_ascii_uppercase(), bytes[start + 1].to_ascii_uppercase()];
    let &(_, length) = LENGTHS.iter().find(|(known, _)| **known == country)?;
    let mut value = String::with_capacity(length);
    let mut end = start;
    while value.len() < length {
        match *bytes.get(end)? {
            byte if byte.is_ascii_alphanumeric() => value.push(char::from(byte.to_ascii_uppercase())),
            // One sign between groups, never two.
            b' ' | b'-' | b'.' if bytes[end - 1].is_ascii_alphanumeric() => {}
            _ => return None,
        }
        end += 1;
    }
    (!word_after(text, end) && has_check(&value)).then_some((start..end, value))
}

/// The number, its first four characters moved behind, is 1 modulo 97 where letters count from 10.
fn has_check(value: &str) -> bool {
    let moved = value.bytes().skip(4).chain(value.bytes().take(4));
    let rest = moved.fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}
