//! An adversary that composes disguises at random and knows what it hid: each digit in a writing of its own, words of ten
//! languages in one number, signs, emoji and invisible characters between them, and other people's text around.

use proptest::prelude::*;

use crate::tools::redact;

/// Digits in ten languages: only words that are nothing else.
const WORDS: [[&str; 10]; 10] = [
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    ["zéro", "one", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    ["zero", "uno", "due", "tre", "quattro", "cinque", "six", "sette", "otto", "nove"],
    ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"],
    ["zero", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć"],
    ["sıfır", "uno", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"],
    ["nul", "uno", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
    ["noll", "uno", "två", "tre", "fyra", "fem", "six", "sju", "åtta", "nio"],
];

/// One digit in one of its writings; a word must have signs at its sides.
fn written(digit: usize, style: usize, language: usize) -> (String, bool) {
    let character = |zero: u32| char::from_u32(zero + digit as u32).map(String::from).unwrap_or_default();
    match style {
        0 => (digit.to_string(), false),
        1 => (character(0xff10), false),
        2 => (character(0x1d7ce), false),
        3 => (character(0x660), false),
        4 => (format!("{digit}\u{fe0f}\u{20e3}"), false),
        5 => (format!("{digit}\u{336}"), false),
        6 => (format!("{digit}\u{200b}"), false),
        _ => (WORDS[language][digit].to_owned(), true),
    }
}

fn numbers() -> impl Strategy<Value = String> {
    let us = (0..100usize).prop_map(|last| format!("20255501{last:02}"));
    let gb = (0..1000usize).prop_map(|last| format!("07700900{last:03}"));
    prop_oneof![us, gb]
}

/// A number, each digit disguised on its own.
fn disguised() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec![" ", "-", ".", " - ", "*", "\u{a0}", "🌹", " \u{200b}"]);
    let choices = prop::collection::vec((0..12usize, 0..WORDS.len()), 11);
    (numbers(), sign, choices, any::<bool>()).prop_map(|(number, sign, choices, tight)| {
        let mut out = String::new();
        let mut word_before = false;
        for (digit, (style, language)) in number.bytes().zip(choices) {
            let (text, word) = written(usize::from(digit - b'0'), style, language);
            if !out.is_empty() && (!tight || word || word_before) {
                out.push_str(sign);
            }
            out.push_str(&text);
            word_before = word;
        }
        out
    })
}

fn mails() -> impl Strategy<Value = String> {
    let at = prop::sample::select(vec![
        "@",
        " @ ",
        " at ",
        "(at)",
        " [at] ",
        "{at}",
        " *at* ",
        "-at-",
        " arroba ",
        " собака ",
        " małpa ",
        " kukac ",
        "＠",
        "&#64;",
    ]);
    let dot = prop::sample::select(vec![
        ".",
        " dot ",
        "(dot)",
        " [.] ",
        "{dot}",
        " punkt ",
        " punto ",
        " точка ",
        "．",
        "-dot-",
    ]);
    ("q[a-z]{5,9}z", "w[a-z]{4,8}", at, dot).prop_map(|(name, domain, at, dot)| format!("{name}{at}{domain}{dot}com"))
}

fn around() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("", ""),
        ("call ", " now"),
        ("New in town, ", " serious only"),
        ("💋 ", " 💋"),
        ("нежная, ", ", пиши"),
        ("24 y.o. \n", "\nno blocked calls"),
    ])
}

/// Letters and digits of what was planted that no span covers.
fn uncovered(before: &str, planted: &str, after: &str) -> String {
    let text = format!("{before}{planted}{after}");
    let redacted = redact(&text);
    let start = before.chars().count();
    planted
        .chars()
        .enumerate()
        .filter(|(_, c)| c.is_alphanumeric())
        .filter(|(at, _)| !redacted.spans.iter().any(|span| (span.start..span.end).contains(&(start + at))))
        .map(|(_, c)| c)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_digit_of_a_disguised_number_is_left(planted in disguised(), (before, after) in around()) {
        let left = uncovered(before, &planted, after);
        prop_assert!(left.is_empty(), "{planted:?} between {before:?} and {after:?}: {left:?}");
    }

    #[test]
    fn no_letter_of_a_disguised_mail_address_is_left(planted in mails(), (before, after) in around()) {
        let left = uncovered(before, &planted, after);
        // An entity is written in letters and digits of its own, which go with the address.
        prop_assert!(left.is_empty(), "{planted:?} between {before:?} and {after:?}: {left:?}");
    }
}
