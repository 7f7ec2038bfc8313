//! Account numbers and cards: invented, with right check digits.

use model::Label;
use rand_chacha::ChaCha20Rng;

use super::{Identifier, digits, grouped, pick};

/// An international bank account number at a bank that does not exist.
pub(super) fn iban(rng: &mut ChaCha20Rng) -> Identifier {
    // The country, the invented bank and how many digits follow it.
    let (country, bank, count) = pick(
        rng,
        &[
            ("GB", "LNTH", 14),
            ("DE", "", 18),
            ("FR", "", 23),
            ("RO", "LNTH", 16),
            ("GR", "", 23),
            ("ES", "", 20),
            ("NL", "LNTH", 10),
            ("UA", "", 25),
        ],
    );
    let account = format!("{bank}{}", digits(rng, count));
    let rest = remainder(&format!("{account}{country}00"));
    let canonical = format!("{country}{:02}{account}", 98 - rest);
    let written =
        vec![canonical.clone(), grouped(&canonical, 4, " "), canonical.to_lowercase(), grouped(&canonical, 4, "-")];
    let link = format!("https://pay.example.com/transfer?to={canonical}");
    Identifier::new(Label::Iban, canonical, written, link)
}

/// The number modulo 97, letters counted from 10 (ISO 7064 as ISO 13616 uses it).
fn remainder(text: &str) -> u32 {
    text.chars().filter_map(|character| character.to_digit(36)).fold(0, |rest, value| {
        let shift = if value > 9 { 100 } else { 10 };
        (rest * shift + value) % 97
    })
}

/// A card number within the ranges that payment services publish for tests.
pub(super) fn card(rng: &mut ChaCha20Rng) -> Identifier {
    let (range, length) =
        pick(rng, &[("411111", 16), ("400000", 16), ("555555", 16), ("222300", 16), ("601111", 16), ("378282", 15)]);
    let body = format!("{range}{}", digits(rng, length - range.len() - 1));
    let canonical = format!("{body}{}", luhn_digit(&body));
    let mut written = vec![canonical.clone()];
    if length == 15 {
        let (head, middle, tail) = (&canonical[..4], &canonical[4..10], &canonical[10..]);
        written.push(format!("{head} {middle} {tail}"));
        written.push(format!("{head}-{middle}-{tail}"));
    } else {
        written.push(grouped(&canonical, 4, " "));
        written.push(grouped(&canonical, 4, "-"));
    }
    let link = format!("https://pay.example.com/card?number={canonical}");
    Identifier::new(Label::Card, canonical, written, link)
}

/// The digit that makes a number right (ISO/IEC 7812-1).
fn luhn_digit(body: &str) -> u32 {
    let sum: u32 = body
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn check_digits_agree_with_published_examples() {
        // The example numbers of the IBAN registry and the card schemes' best-known test numbers.
        assert_eq!(remainder("WEST12345698765432GB82"), 1);
        assert_eq!(remainder("370400440532013000DE89"), 1);
        for known in ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117"] {
            let (body, digit) = known.split_at(known.len() - 1);
            assert_eq!(luhn_digit(body).to_string(), digit);
        }
    }

    #[test]
    fn made_numbers_pass_their_checks_and_have_their_lengths() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        for _ in 0..200 {
            let account = iban(&mut rng).canonical;
            assert_eq!(remainder(&format!("{}{}", &account[4..], &account[..4])), 1, "{account}");
            let length = match &account[..2] {
                "GB" | "DE" => 22,
                "FR" | "GR" => 27,
                "RO" | "ES" => 24,
                "NL" => 18,
                _ => 29,
            };
            assert_eq!(account.len(), length, "{account}");
            let card = card(&mut rng).canonical;
            let (body, digit) = card.split_at(card.len() - 1);
            assert_eq!(luhn_digit(body).to_string(), digit);
        }
    }
}
