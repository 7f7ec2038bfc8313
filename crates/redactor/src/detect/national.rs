//! Identity numbers that show what they are by their own form: a shape that little else has, and a check digit or a date
//! where the format has one. Formats of bare digits need words beside them; `context` reads those.
//!
//! The checks are the issuers' published rules: ISO/IEC 7064, Luhn, the remainders modulo 11, 23 and 97.

use std::ops::Range;
use std::sync::LazyLock;

use model::Label;

use super::scan::{word_after, word_before};
use crate::rule::{Candidate, Rule, strength};

static SHAPED: Rule = Rule {
    detector: "national-id",
    name: "shape-and-check",
    reason: "the form of an identity number, and a right check digit or date",
    strength: strength::CHECK_DIGIT - 5,
};

const MIN_BYTES: usize = 8;
const MAX_BYTES: usize = 20;

/// What must hold for the letters and digits of a number.
type Check = fn(&[u8]) -> bool;

/// A shape (`9` a digit, `A` a letter, other signs themselves) and what must hold for its characters without signs.
const SHAPES: &[(&str, Check)] = &[
    ("999-99-9999", us_social_security),
    ("999 99 9999", us_social_security),
    ("99999999A", spanish_letter),
    ("99999999-A", spanish_letter),
    ("9999999-A", spanish_letter),
    ("99.999.999-A", spanish_letter),
    ("A9999999A", spanish_foreigner),
    ("A-9999999-A", spanish_foreigner),
    ("A9999999-A", spanish_foreigner),
    ("AAAAAA99A99A999A", italian_tax_code),
    ("AAAA999999AAAAAA99", mexican_population),
    ("AAAA999999AAAAAAA9", mexican_population),
    ("AAAA999999AA9", mexican_taxpayer),
    ("AAAA999999A99", mexican_taxpayer),
    ("AAAA999999999", mexican_taxpayer),
    ("AAAA999999AAA", mexican_taxpayer),
    ("AAAA-999999-AA9", mexican_taxpayer),
    ("AAAA999999A9A", mexican_taxpayer),
    ("999999-9999", nordic),
    ("999999+9999", nordic),
    ("99999999-9999", nordic_long),
    ("999999-9999999", korean),
    ("999999-999A", finnish),
    ("999999A9999", finnish),
    ("999999A999A", finnish),
    ("999999+999A", finnish),
    ("AA999999A", british_insurance),
    ("AA 99 99 99 A", british_insurance),
    ("AAAAA9999A", indian_account),
    ("99AAAAA9999A9A9", indian_goods),
    ("999.999.999-99", brazilian_person),
    ("99.999.999/9999-99", brazilian_company),
    ("9.999.999-9", chilean),
    ("99.999.999-9", chilean),
    ("99.999.999-A", chilean),
    ("9.999.999-A", chilean),
    ("999.9999.9999.99", swiss),
    ("9-9999-99999-99-9", thai),
    ("999999-99-9999", malaysian),
    ("99-99999999-9", argentinian),
    ("99.99.99-999.99", belgian),
    ("99999999999999999A", chinese),
    ("999999999999999999", chinese),
    ("999999/9999", czech),
    ("99999999A999", german_pension),
];

/// Tries each shape on each run of letters, digits and signs.
pub(super) fn find(text: &str, groups: &[Range<usize>], found: &mut Vec<Candidate>) {
    let bytes = text.as_bytes();
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b'+');
    let mut after = 0;
    for group in groups {
        if group.start < after {
            continue;
        }
        let start =
            group.start - bytes[..group.start].iter().rev().take(MAX_BYTES).take_while(|byte| part(**byte)).count();
        let mut end = group.end + bytes[group.end..].iter().take(MAX_BYTES + 1).take_while(|byte| part(**byte)).count();
        while end > start && !bytes[end - 1].is_ascii_alphanumeric() {
            end -= 1;
        }
        after = end.max(group.end);
        let spaced = spaced(bytes, start);
        for range in [Some(start..end), spaced].into_iter().flatten() {
            let whole = !word_before(text, range.start) && !word_after(text, range.end);
            if whole && (MIN_BYTES..=MAX_BYTES).contains(&range.len()) && holds(&bytes[range.clone()]) {
                let value = text[range.clone()].chars().filter(char::is_ascii_alphanumeric).collect::<String>();
                found.push(Candidate::new(range, Label::NationalId, value.to_ascii_uppercase(), &SHAPED));
                break;
            }
        }
    }
}

/// The stretch of a shape with spaces in it that begins here.
fn spaced(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    static SPACED: LazyLock<Vec<&[u8]>> = LazyLock::new(|| {
        SHAPES.iter().filter(|(shape, _)| shape.contains(' ')).map(|(shape, _)| shape.as_bytes()).collect()
    });
    SPACED.iter().find_map(|shape| {
        let written = bytes.get(start..start + shape.len())?;
        fits(shape, written).then(|| start..start + shape.len())
    })
}

fn holds(written: &[u8]) -> bool {
    let mut plain = [0; MAX_BYTES];
    let mut length = 0;
    for byte in written.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
        plain[length] = byte.to_ascii_uppercase();
        length += 1;
    }
    SHAPES.iter().any(|(shape, check)| {
        shape.len() == written.len() && fits(shape.as_bytes(), written) && check(&plain[..length])
    })
}

fn fits(shape: &[u8], written: &[u8]) -> bool {
    shape.iter().zip(written).all(|(sign, byte)| match sign {
        b'9' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_alphabetic(),
        sign => sign == byte,
    })
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().filter(|byte| byte.is_ascii_digit()).fold(0, |value, byte| value * 10 + u64::from(byte - b'0'))
}

fn digit(byte: u8) -> u64 {
    u64::from(byte.saturating_sub(b'0'))
}

/// The sum of the digits, each times its weight.
fn weighted(digits: &[u8], weights: &[u64]) -> u64 {
    digits.iter().zip(weights).map(|(byte, weight)| digit(*byte) * weight).sum()
}

fn is_date(month: u64, day: u64) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u64 = digits
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(byte, weight)| digit(*byte) * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

/// No area 000 or 666, no group 00, no serial 0000; areas from 900 on are taxpayers without a social security number.
fn us_social_security(plain: &[u8]) -> bool {
    let (area, group, serial) = (number(&plain[..3]), number(&plain[3..5]), number(&plain[5..]));
    !matches!(area, 0 | 666) && group != 0 && serial != 0
}

fn spanish_letter(plain: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    plain.last() == Some(&LETTERS[(number(&plain[..plain.len() - 1]) % 23) as usize])
}

fn spanish_foreigner(plain: &[u8]) -> bool {
    let head = match plain[0] {
        b'X' => b'0',
        b'Y' => b'1',
        b'Z' => b'2',
        // Companies and special persons have a check of another kind.
        letter => return b"ABCDEFGHJKLMNPQRSUVW".contains(&letter) && matches!(plain[0], b'K' | b'L' | b'M'),
    };
    let mut moved = plain.to_vec();
    moved[0] = head;
    spanish_letter(&moved)
}

/// Month letters, a day (women's from 41 on), and a control letter over odd and even places.
fn italian_tax_code(plain: &[u8]) -> bool {
    const ODD: [u64; 36] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
        10, 22, 25, 24, 23,
    ];
    let place = |byte: u8| if byte.is_ascii_digit() { digit(byte) as usize } else { usize::from(byte - b'A') + 10 };
    let even = |byte: u8| if byte.is_ascii_digit() { digit(byte) } else { u64::from(byte - b'A') };
    let sum: u64 = plain[..15]
        .iter()
        .enumerate()
        .map(|(at, byte)| if at % 2 == 0 { ODD[place(*byte)] } else { even(*byte) })
        .sum();
    u64::from(plain[15] - b'A') == sum % 26
}

fn mexican_population(plain: &[u8]) -> bool {
    is_date(number(&plain[6..8]), number(&plain[8..10])) && matches!(plain[10], b'H' | b'M' | b'X')
}

fn mexican_taxpayer(plain: &[u8]) -> bool {
    is_date(number(&plain[6..8]), number(&plain[8..10]))
}

/// Year, month, day and four digits: Sweden's Luhn digit, or Denmark's and Iceland's day first.
fn nordic(plain: &[u8]) -> bool {
    let swedish =
        is_date(number(&plain[2..4]) % 20, number(&plain[4..6]).saturating_sub(1) % 60 % 31 + 1) && luhn(plain);
    let day_first = is_date(number(&plain[2..4]), number(&plain[..2]) % 40);
    swedish && number(&plain[4..6]) > 0 || day_first
}

fn nordic_long(plain: &[u8]) -> bool {
    matches!(number(&plain[..2]), 19 | 20) && is_date(number(&plain[4..6]), number(&plain[6..8])) && luhn(&plain[2..])
}

fn korean(plain: &[u8]) -> bool {
    is_date(number(&plain[2..4]), number(&plain[4..6])) && plain[6] != b'9'
        || number(&plain[2..4]) <= 12 && digit(plain[6]) >= 5
}

/// Nine digits modulo 31 name the last character.
fn finnish(plain: &[u8]) -> bool {
    const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let value = number(&plain[..6]) * 1000 + number(&plain[plain.len() - 4..plain.len() - 1]);
    is_date(number(&plain[2..4]), number(&plain[..2])) && plain.last() == Some(&CHECK[(value % 31) as usize])
}

fn british_insurance(plain: &[u8]) -> bool {
    let first = !b"DFIQUV".contains(&plain[0]);
    let second = !b"DFIOQUV".contains(&plain[1]);
    let prefix = !matches!(&plain[..2], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ");
    first && second && prefix && (b'A'..=b'D').contains(&plain[8])
}

fn indian_account(plain: &[u8]) -> bool {
    b"ABCFGHJLPT".contains(&plain[3])
}

fn indian_goods(plain: &[u8]) -> bool {
    (1..=38).contains(&number(&plain[..2])) && plain[13] == b'Z'
}

fn modulo_11(digits: &[u8], length: usize) -> bool {
    let weights: Vec<u64> = (2..=length as u64 + 1).rev().collect();
    let rest = weighted(&digits[..length], &weights) * 10 % 11 % 10;
    digit(digits[length]) == rest
}

fn brazilian_person(plain: &[u8]) -> bool {
    modulo_11(plain, 9) && modulo_11(plain, 10) && plain.iter().any(|byte| *byte != plain[0])
}

fn brazilian_company(plain: &[u8]) -> bool {
    let check = |length: usize, weights: &[u64]| {
        let rest = weighted(&plain[..length], weights) % 11;
        digit(plain[length]) == if rest < 2 { 0 } else { 11 - rest }
    };
    check(12, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) && check(13, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
}

fn chilean(plain: &[u8]) -> bool {
    let (check, digits) = (plain[plain.len() - 1], &plain[..plain.len() - 1]);
    let sum: u64 = digits
        .iter()
        .rev()
        .zip([2, 3, 4, 5, 6, 7].into_iter().cycle())
        .map(|(byte, weight)| digit(*byte) * weight)
        .sum();
    match 11 - sum % 11 {
        11 => check == b'0',
        10 => check == b'K',
        rest => digit(check) == rest,
    }
}

fn swiss(plain: &[u8]) -> bool {
    let sum: u64 = plain.iter().zip([1, 3].into_iter().cycle()).map(|(byte, weight)| digit(*byte) * weight).sum();
    plain.starts_with(b"756") && sum.is_multiple_of(10)
}

fn thai(plain: &[u8]) -> bool {
    let weights: Vec<u64> = (2..=13).rev().collect();
    digit(plain[12]) == (11 - weighted(&plain[..12], &weights) % 11) % 10
}

fn malaysian(plain: &[u8]) -> bool {
    is_date(number(&plain[2..4]), number(&plain[4..6]))
}

fn argentinian(plain: &[u8]) -> bool {
    let rest = 11 - weighted(&plain[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(number(&plain[..2]), 20 | 23 | 24 | 27 | 30 | 33 | 34) && digit(plain[10]) == rest % 11
}

fn belgian(plain: &[u8]) -> bool {
    let value = number(&plain[..9]);
    let check = number(&plain[9..]);
    97 - value % 97 == check || 97 - (2_000_000_000 + value) % 97 == check
}

/// ISO 7064 modulo 11-2 over the first 17.
fn chinese(plain: &[u8]) -> bool {
    const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: &[u8; 11] = b"10X98765432";
    let rest = weighted(&plain[..17], &WEIGHTS) % 11;
    is_date(number(&plain[10..12]), number(&plain[12..14])) && plain[17] == CHECK[rest as usize]
}

fn czech(plain: &[u8]) -> bool {
    let month = number(&plain[2..4]) % 50 % 20;
    is_date(month, number(&plain[4..6])) && number(plain).is_multiple_of(11)
}

fn german_pension(plain: &[u8]) -> bool {
    let (day, month) = (number(&plain[2..4]) % 50, number(&plain[4..6]));
    is_date(month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made up by the rules above, or the issuers' own examples.
    #[test]
    fn right_numbers_are_found_and_wrong_ones_are_not() {
        for (written, right) in [
            ("12345678Z", true),
            ("12345678A", false),
            ("X1234567L", true),
            ("RSSMRA85T10A562S", true),
            ("RSSMRA85T10A562T", false),
            ("131052-308T", true),
            ("131052-308U", false),
            ("219-09-9999", true),
            ("000-12-3456", false),
            ("529.982.247-25", true),
            ("529.982.247-26", false),
            ("11.222.333/0001-81", true),
            ("12.345.678-5", true),
            ("756.9217.0769.85", true),
            ("11010519491231002X", true),
            ("QQ123456C", false),
            ("AB123456C", true),
        ] {
            let text = format!("x {written} y");
            let groups = super::super::scan::Scan::new(&text).groups;
            let mut found = Vec::new();
            find(&text, &groups, &mut found);
            assert_eq!(!found.is_empty(), right, "{written}");
        }
    }
}
