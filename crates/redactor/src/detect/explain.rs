//! What explains digits so that they may stay: dates, times, prices, measures, years, references.
//!
//! Each explanation is narrow on purpose, because whoever writes a page chooses what stands beside a number.

use super::number::Chain;
use super::phone::{self, Hints, Setting, Tier};
use super::scan::floor;

/// Most digits of a reference that only the plans of the page's own country speak against.
const MAX_SHORT_REFERENCE_DIGITS: usize = 8;

/// How many groups from `at` on are a date, a time or opening hours; 0 if none.
pub(crate) fn moment(chain: Chain<'_>, at: usize) -> usize {
    let left = chain.groups.len() - at;
    // A group that is joined to another by the same sign belongs to a longer row, such as a number in pairs.
    let joined = |place: usize, sign: &str| place > 0 && chain.gap(place - 1) == sign;
    let followed = |place: usize, sign: &str| place + 1 < chain.groups.len() && chain.gap(place) == sign;
    if left >= 3 {
        let sign = chain.gap(at);
        if ["-", "/", "."].contains(&sign) && sign == chain.gap(at + 1) && !joined(at, sign) && !followed(at + 2, sign)
        {
            let parts = [chain.group(at), chain.group(at + 1), chain.group(at + 2)];
            if is_date(parts) {
                return 3;
            }
        }
    }
    // The port behind a dotted address is no minute of an hour: `198.51.100.7:22`.
    let dotted = at >= 3 && (at - 3..at).all(|place| chain.gap(place) == ".");
    if left >= 2 && chain.gap(at) == ":" && !joined(at, ":") && !dotted {
        let hour = chain.group(at).len() <= 2 && below(chain.group(at), 25);
        let sixty = |place: usize| chain.group(place).len() == 2 && below(chain.group(place), 60);
        let seconds = left >= 3 && chain.gap(at + 1) == ":";
        let end = at + if seconds { 3 } else { 2 };
        if hour && (at + 1..end).all(sixty) && !followed(end - 1, ":") {
            return end - at;
        }
    }
    if left >= 2 && chain.gap(at) == "/" && !joined(at, "/") && !followed(at + 1, "/") {
        let pair = (chain.group(at), chain.group(at + 1));
        if matches!(pair, ("24", "7") | ("24", "24")) {
            return 2;
        }
    }
    0
}

fn is_date(parts: [&str; 3]) -> bool {
    let short = |text: &str| text.len() <= 2 && !below(text, 1);
    let day_and_month =
        |a: &str, b: &str| short(a) && short(b) && below(a, 32) && below(b, 32) && (below(a, 13) || below(b, 13));
    match parts {
        [a, b, c] if is_year(a) => day_and_month(b, c),
        [a, b, c] if is_year(c) => day_and_month(a, b),
        [a, b, c] => c.len() == 2 && a.len() == 2 && day_and_month(a, b),
    }
}

fn below(text: &str, bound: u32) -> bool {
    text.parse().is_ok_and(|value: u32| value < bound)
}

/// Whether a chain that is no telephone number is an amount of money, a measure, a row of years, a version, a book
/// number, or the number of an advertisement, an order or a posting.
pub(crate) fn amount_or_reference(chain: Chain<'_>, hints: &Hints) -> bool {
    is_amount(chain) || are_years(chain) || is_version(chain) || is_reference(chain, hints)
}

/// Whether money or a measure explains a chain.
pub(crate) fn is_money(chain: Chain<'_>) -> bool {
    is_amount(chain)
}

/// Whether the chain is one unbroken group, or one with a year before it, after a word that numbers things.
pub(crate) fn is_numbered(chain: Chain<'_>) -> bool {
    let unbroken = chain.groups.len() == 1 || chain.groups.len() == 2 && is_year(chain.group(0));
    unbroken && chain.digit_count() <= 12 && says(chain, &NUMBERING)
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
}

/// Words that number advertisements, orders, postings and parts.
const NUMBERING: [&str; 29] = [
    "id",
    "ref",
    "reference",
    "nr",
    "num",
    "order",
    "invoice",
    "post",
    "topic",
    "thread",
    "ad",
    "listing",
    "item",
    "sku",
    "tracking",
    "ticket",
    "views",
    "build",
    "объявление",
    "anzeige",
    "anuncio",
    "annonce",
    "annuncio",
    "№",
    "#",
    "oferta",
    "заказ",
    "номер объявления",
    "serial",
];

/// Money or a measure of at most nine whole digits: `1,555.01 $`, `₽ 1 200 000`, `150.00 / 250.00 / 450.00`.
fn is_amount(chain: Chain<'_>) -> bool {
    const SIGNS: [char; 14] = ['$', '€', '£', '¥', '₽', '₴', '₹', '₩', '฿', '₪', '₫', '₺', '₸', '₾'];
    const WORDS: [&str; 34] = [
        "usd",
        "eur",
        "euro",
        "gbp",
        "dollar",
        "pound",
        "руб",
        "р.",
        "грн",
        "тенге",
        "zł",
        "zl",
        "kč",
        "kc",
        "лв",
        "lei",
        "peso",
        "reais",
        "rub",
        "uah",
        "pln",
        "czk",
        "chf",
        "sek",
        "nok",
        "dkk",
        "huf",
        "ft",
        "inr",
        "rs",
        "baht",
        "views",
        "km",
        "bytes",
    ];
    let decimals = chain.groups.len().is_multiple_of(2)
        && (0..chain.groups.len() / 2).all(|pair| {
            let (whole, cents) = (chain.group(pair * 2), chain.group(pair * 2 + 1));
            // Amounts are not parted from one another by their own sign: `61370.10.50.11` is none.
            let parted = pair == 0 || ![".", ","].contains(&chain.gap(pair * 2 - 1));
            parted
                && [".", ","].contains(&chain.gap(pair * 2))
                && whole.len() <= 5
                && !whole.starts_with('0')
                && cents.len() == 2
        });
    if decimals {
        return true;
    }
    let range = chain.range();
    let (before, after) = (chain.text[..range.start].trim_end(), chain.text[range.end..].trim_start());
    let after: String = after.chars().take(8).flat_map(char::to_lowercase).collect();
    let valued =
        before.ends_with(SIGNS) || after.starts_with(SIGNS) || WORDS.iter().any(|word| after.starts_with(word));
    let thousands = (1..chain.groups.len()).all(|place| {
        let last = place + 1 == chain.groups.len();
        let sign = [",", ".", " ", "'"].contains(&chain.gap(place - 1));
        sign && (chain.group(place).len() == 3 || last && chain.group(place).len() == 2)
    });
    valued && thousands && chain.digit_count() <= 9 && chain.group(0).len() <= 7 && !chain.group(0).starts_with('0')
}

/// `version 10.0.19045.3570`.
fn is_version(chain: Chain<'_>) -> bool {
    (1..chain.groups.len()).all(|place| chain.gap(place - 1) == ".")
        && chain.groups.len() > 1
        && says(chain, &["version", "ver", "build", "release", "firmware", "v", "версия"])
}

/// `1998-2016`, `2024/2025/2026`.
fn are_years(chain: Chain<'_>) -> bool {
    (0..chain.groups.len()).all(|place| is_year(chain.group(place))) && chain.groups.len() <= 3
}

/// ISBN-13 with its check digit, after the word.
pub(crate) fn is_book(chain: Chain<'_>) -> bool {
    let digits = chain.digits();
    let sum: u32 =
        digits.bytes().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    digits.len() == 13
        && (digits.starts_with("978") || digits.starts_with("979"))
        && sum.is_multiple_of(10)
        && says(chain, &["isbn", "ean"])
}

/// A numbered chain, unless a plan of the page could call it: `ad id` before a number to call must not save it.
fn is_reference(chain: Chain<'_>, hints: &Hints) -> bool {
    if !is_numbered(chain) {
        return false;
    }
    if is_furniture(chain) {
        return true;
    }
    // Few digits are a reference unless the page's own plan calls them; many, unless any plan does.
    let digits = chain.digits();
    let english = &hints.or_english();
    let read = |hints, tier| phone::read(&digits, Setting { plus: false, called: false, hints }, tier).is_some();
    let callable = if digits.len() <= MAX_SHORT_REFERENCE_DIGITS {
        read(hints, Tier::Sure)
    } else {
        read(english, Tier::Sure) || read(english, Tier::Likely)
    };
    !callable
}

/// Whether a page's own furniture stands behind a number: who sells an advertisement's number as one to call does not
/// write `posted` behind it, and whoever writes `call` before it is heard first.
fn is_furniture(chain: Chain<'_>) -> bool {
    const BEHIND: [&str; 22] = [
        "posted",
        "renewed",
        "updated",
        "expires",
        "views",
        "viewed",
        "shipped",
        "total",
        "due",
        "paid",
        "created",
        "edited",
        "published",
        "reported",
        "размещено",
        "просмотр",
        "обновлено",
        "publicado",
        "publié",
        "erstellt",
        "aufrufe",
        "visto",
    ];
    let after = chain.text[chain.range().end..].trim_start_matches([' ', ',', '(', '-', '|', '·', '•']);
    let after: String = after.chars().take(16).flat_map(char::to_lowercase).collect();
    BEHIND.iter().any(|word| after.starts_with(word)) && !phone::is_called(chain.text, chain.range().start)
}

/// Whether one of `words` stands right before the chain, apart from signs.
fn says(chain: Chain<'_>, words: &[&str]) -> bool {
    let start = chain.range().start;
    let before = chain.text[floor(chain.text, start.saturating_sub(32))..start].to_lowercase();
    let before = before.trim_end_matches([' ', ':', '.', '=', '-', '(', '#', '\u{a0}']);
    words.iter().any(|word| {
        before.strip_suffix(word).is_some_and(|rest| !rest.chars().next_back().is_some_and(char::is_alphanumeric))
    }) || words.contains(&"#") && chain.text[..start].ends_with('#')
}
