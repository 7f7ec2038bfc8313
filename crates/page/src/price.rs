//! Prices as ads state them.

use crate::Price;

/// Signs and words of currencies, in lower case.
const CURRENCIES: [(&str, [u8; 3]); 30] = [
    ("€", *b"EUR"),
    ("eur", *b"EUR"),
    ("ευρώ", *b"EUR"),
    ("евро", *b"EUR"),
    ("євро", *b"EUR"),
    ("£", *b"GBP"),
    ("gbp", *b"GBP"),
    ("us$", *b"USD"),
    ("usd", *b"USD"),
    ("₽", *b"RUB"),
    ("руб", *b"RUB"),
    ("rub", *b"RUB"),
    ("₴", *b"UAH"),
    ("грн", *b"UAH"),
    ("uah", *b"UAH"),
    ("lei", *b"RON"),
    ("ron", *b"RON"),
    ("chf", *b"CHF"),
    ("zł", *b"PLN"),
    ("pln", *b"PLN"),
    ("kč", *b"CZK"),
    ("czk", *b"CZK"),
    ("₺", *b"TRY"),
    ("฿", *b"THB"),
    ("thb", *b"THB"),
    ("aud", *b"AUD"),
    ("cad", *b"CAD"),
    ("sek", *b"SEK"),
    ("aed", *b"AED"),
    // Last: a bare dollar sign is many countries' own.
    ("$", *b"USD"),
];

/// Digits of a price before its decimals; longer runs are no prices.
const MAX_DIGITS: usize = 9;

/// Reads the first amount in `text`: `1.250,50 €`, `£80`, `2 000 грн`, `USD 150/h`.
pub(crate) fn read(text: &str) -> Option<Price> {
    let text = text.to_lowercase();
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let separator = |c: char| matches!(c, '.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let end = rest.find(|c: char| !(c.is_ascii_digit() || separator(c))).unwrap_or(rest.len());
    let (amount, _) = rest.split_at(end);
    let groups: Vec<&str> = amount.split(separator).collect();
    let minor_units = value(&groups, amount)?;
    let currency = CURRENCIES.iter().find(|(word, _)| text.contains(word)).map(|(_, code)| *code);
    Some(Price { minor_units, currency })
}

/// Groups of three belong together; a last group of one or two after a point or comma are decimals.
fn value(groups: &[&str], amount: &str) -> Option<u64> {
    let mut whole = groups.first().filter(|first| !first.is_empty())?.to_string();
    let mut decimals = "";
    let mut rest = &amount[whole.len()..];
    for group in &groups[1..] {
        let sign = rest.chars().next()?;
        rest = &rest[sign.len_utf8() + group.len()..];
        if group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()) {
            whole.push_str(group);
        } else {
            if matches!(sign, '.' | ',') && (1..=2).contains(&group.len()) {
                decimals = group;
            }
            break;
        }
    }
    if whole.len() > MAX_DIGITS {
        return None;
    }
    let hundredths: u64 = match decimals.len() {
        0 => 0,
        1 => decimals.parse::<u64>().ok()? * 10,
        _ => decimals.parse().ok()?,
    };
    Some(whole.parse::<u64>().ok()? * 100 + hundredths)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_and_currencies() {
        for (text, minor, currency) in [
            ("£80", 8_000, Some("GBP")),
            ("1.250,50 €", 125_050, Some("EUR")),
            ("1,250.50 USD", 125_050, Some("USD")),
            ("2 000 грн", 200_000, Some("UAH")),
            ("Цена: 5 000 ₽ / час", 500_000, Some("RUB")),
            ("150", 15_000, None),
            ("99,5 lei", 9_950, Some("RON")),
            ("80, negotiable", 8_000, None),
        ] {
            let price = read(text).unwrap();
            let found = price.currency.map(|code| String::from_utf8(code.to_vec()).unwrap());
            assert_eq!((price.minor_units, found.as_deref()), (minor, currency), "{text}");
        }
    }

    #[test]
    fn what_is_no_price_is_none() {
        for text in ["", "free", "on request", "447700900123"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".*") {
            let _ = read(&text);
        }
    }
}
