//! Payment cards: an issuer's range, a length it uses, and the Luhn digit (ISO/IEC 7812-1).

use std::ops::Range;

use model::Label;

use super::number::Chain;
use crate::rule::{Candidate, Rule, strength};

static CARD: Rule = Rule {
    detector: "card",
    name: "luhn",
    reason: "an issuer's range, one of its lengths, and a right Luhn digit",
    strength: strength::CHECK_DIGIT,
};

/// Issuer ranges: first and last prefix, and the lengths in use.
const ISSUERS: &[(u32, u32, &[usize])] = &[
    (4, 4, &[13, 16, 19]),                       // Visa
    (51, 55, &[16]),                             // Mastercard
    (2221, 2720, &[16]),                         // Mastercard
    (34, 34, &[15]),                             // American Express
    (37, 37, &[15]),                             // American Express
    (300, 305, &[14, 16, 17, 18, 19]),           // Diners Club
    (36, 36, &[14, 15, 16, 17, 18, 19]),         // Diners Club
    (38, 39, &[16, 17, 18, 19]),                 // Diners Club
    (6011, 6011, &[16, 17, 18, 19]),             // Discover
    (644, 649, &[16, 17, 18, 19]),               // Discover
    (65, 65, &[16, 17, 18, 19]),                 // Discover, RuPay
    (60, 60, &[16]),                             // RuPay
    (62, 62, &[16, 17, 18, 19]),                 // UnionPay
    (81, 81, &[16, 17, 18, 19]),                 // UnionPay
    (3528, 3589, &[16, 17, 18, 19]),             // JCB
    (1800, 1800, &[15]),                         // JCB
    (2131, 2131, &[15]),                         // JCB
    (50, 50, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    (56, 58, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    (63, 64, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    (67, 69, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    (2200, 2204, &[16, 17, 18, 19]),             // Mir
    (9792, 9792, &[16]),                         // Troy
];

/// The first card in a chain: its groups, and what was found.
pub(crate) fn find(chain: Chain<'_>) -> Option<(Range<usize>, Candidate)> {
    let count = chain.groups.len();
    for start in 0..count {
        let mut length = 0;
        let mut longest = None;
        for end in start + 1..=count {
            length += chain.groups[end - 1].len();
            if length > 19 {
                break;
            }
            if (12..=19).contains(&length) {
                let part = Chain { text: chain.text, groups: &chain.groups[start..end] };
                let digits = part.digits();
                // A plus makes it a telephone number.
                if is_card(&digits) && is_grouped(part) && !chain.text[..part.range().start].ends_with('+') {
                    longest = Some((start..end, Candidate::new(part.range(), Label::Card, digits, &CARD)));
                }
            }
        }
        if longest.is_some() {
            return longest;
        }
    }
    None
}

/// In one piece, in groups of four (or four, six, five), or digit by digit; all with one sign between them.
fn is_grouped(chain: Chain<'_>) -> bool {
    let lengths: Vec<usize> = chain.groups.iter().map(Range::len).collect();
    let last = lengths.len() - 1;
    let fours = lengths[..last].iter().all(|length| *length == 4) && lengths[last] <= 7;
    let singles = lengths.iter().all(|length| *length == 1);
    (lengths.len() == 1 || fours || singles || matches!(lengths[..], [4, 6, 4 | 5]))
        && (1..last).all(|place| chain.gap(place) == chain.gap(0))
}

pub(crate) fn is_card(digits: &str) -> bool {
    let issued = ISSUERS.iter().any(|(first, last, lengths)| {
        let width = first.checked_ilog10().unwrap_or_default() as usize + 1;
        let prefix = digits.get(..width).and_then(|head| head.parse().ok());
        prefix.is_some_and(|prefix| (*first..=*last).contains(&prefix)) && lengths.contains(&digits.len())
    });
    issued && has_luhn_digit(digits)
}

fn has_luhn_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}
