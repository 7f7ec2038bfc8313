//! What holds for every text: nothing planted survives, the output screens clean, and a second pass finds tokens alone.

use model::TOKEN_DIGEST_CHARS;
use proptest::prelude::*;
use redactor::{Options, RedactedText, redact_text, screen};

use crate::tools::{onion, redact, redactor};

/// An identifier as it is written, and forms of which none may be left in the output.
#[derive(Clone, Debug)]
struct Planted {
    written: String,
    values: Vec<String>,
}

fn planted(written: impl Into<String>, values: &[&str]) -> Planted {
    Planted { written: written.into(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

/// Numbers of the ranges for fiction, with signs that people put between the digits.
fn phones() -> impl Strategy<Value = Planted> {
    let signs = prop::sample::select(vec!["", " ", "-", ".", " - ", "/", "\u{200b}", "*"]);
    (0..1000u32, signs, prop::bool::ANY).prop_map(|(last, sign, fullwidth)| {
        let tail = format!("{last:03}");
        let digits = format!("7700900{tail}");
        let mut written = format!("+44{sign}7700{sign}900{sign}{tail}");
        if fullwidth {
            let wide = |c: char| c.to_digit(10).and_then(|digit| char::from_u32(0xff10 + digit)).unwrap_or(c);
            written = written.chars().map(wide).collect();
        }
        planted(written, &[&digits, &format!("900{tail}")])
    })
}

fn mails() -> impl Strategy<Value = Planted> {
    let at = prop::sample::select(vec!["@", " [at] ", "(at)", "＠", "&#64;", " (at) "]);
    let dot = prop::sample::select(vec![".", " [dot] ", "(dot)", "．"]);
    ("q[a-z]{5,9}z", "w[a-z]{4,8}", at, dot)
        .prop_map(|(name, domain, at, dot)| planted(format!("{name}{at}{domain}{dot}com"), &[&name, &domain]))
}

fn accounts() -> impl Strategy<Value = Planted> {
    let before = prop::sample::select(vec!["telegram: ", "insta: ", "https://t.me/", "snap: ", "@"]);
    ("q[a-z]{5,9}_[0-9]{2}", before).prop_map(|(name, before)| planted(format!("{before}{name}"), &[&name]))
}

fn fixed() -> impl Strategy<Value = Planted> {
    let values = [
        "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "GB82WEST12345698765432",
        "4242424242424242",
        "192.0.2.44",
        "2001:db8::7",
        "51.50735, -0.12776",
        "https://shop.example/ad/7",
    ];
    let onions = (1..40u8).prop_map(|seed| {
        let name = onion(seed);
        planted(format!("http://{name}.onion/x"), &[&name])
    });
    prop_oneof![prop::sample::select(values.to_vec()).prop_map(|value| planted(value, &[value])), onions]
}

/// Words that a page has between its identifiers; none is hidden.
fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec![
            "room",
            "нежная",
            "nouveau",
            "price $200",
            "now",
            "市中心",
            "24 y.o.",
            "мир,",
            "a",
            "–",
        ]),
        1..4,
    )
    .prop_map(|words| format!(" {} ", words.join(" ")))
}

fn pages() -> impl Strategy<Value = (String, Vec<Planted>)> {
    let one = prop_oneof![3 => phones(), 3 => mails(), 3 => accounts(), 4 => fixed()];
    prop::collection::vec((words(), one), 1..6).prop_map(|parts| {
        let text = parts.iter().map(|(before, planted)| format!("{before}{}", planted.written)).collect::<String>();
        (text + " end", parts.into_iter().map(|(_, planted)| planted).collect())
    })
}

/// The output without its tokens, in the forms that a reader or a machine could read it in.
fn rest(redacted: &RedactedText) -> [String; 3] {
    let mut text = redacted.redacted.clone();
    for span in &redacted.spans {
        text = text.replace(&span.token.to_string(), "\u{0}");
    }
    let seen: String = text.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{ad}')).collect();
    let digits = seen.chars().filter(|c| c.is_ascii_digit() || *c == '\u{0}').collect();
    [seen.to_lowercase(), digits, text]
}

/// Redacting once more finds tokens, each in its place, and nothing else, unless it finds a name: those are looked for once, a
/// name that was hidden is context that is gone here, and hiding another lets more stand out. Whatever the screen looks for is
/// all found the first time.
fn only_tokens_and_names_are_found(redacted: &str) -> bool {
    let again = redact(redacted);
    let points: Vec<char> = redacted.chars().collect();
    let is_token = |span: &redactor::Span| {
        let written: String = points[span.start..span.end].iter().collect();
        span.detector == "token" && written.parse::<model::Token>().is_ok()
    };
    let names = again.spans.iter().any(|span| span.detector == "names");
    names || again.spans.iter().all(is_token)
}

/// Found by the fuzzer: what agreement hid let an account beside it stand out.
#[test]
fn what_agreement_hides_is_looked_beside_again() {
    let redacted = redact("-@a\u{0}15L@a@a\u{0}15L@aN5");
    assert!(screen(&redacted.redacted).is_ok(), "{redacted:?}");
}

proptest! {
    #[test]
    fn nothing_planted_survives_and_the_output_is_clean((text, planted) in pages()) {
        let redacted = redact(&text);
        for form in rest(&redacted) {
            for value in planted.iter().flat_map(|planted| &planted.values) {
                prop_assert!(!form.contains(&value.to_lowercase()), "{value} is left of {text:?}: {form:?}");
            }
        }
        prop_assert!(screen(&redacted.redacted).is_ok(), "{text:?}");
        prop_assert!(only_tokens_and_names_are_found(&redacted.redacted), "{text:?}");
    }

    #[test]
    fn any_text_screens_clean_once_it_is_redacted(text in r"(\PC|[0-9 .:/@+()_-]|[a-z]{1,6}|\n|&#[0-9]{2};|%4[0-9]){0,60}") {
        let redacted = redact(&text);
        prop_assert!(screen(&redacted.redacted).is_ok(), "{text:?} -> {:?}", redacted.redacted);
        prop_assert!(only_tokens_and_names_are_found(&redacted.redacted), "{text:?}");
    }

    /// Offsets are in order, inside the text, and what stands between them is kept as it was.
    #[test]
    fn what_is_not_hidden_is_kept_to_the_character(text in r"(\PC|[0-9 .:/@+-]|[a-z]{1,8}|\n){0,80}") {
        let redacted = redact(&text);
        let points: Vec<char> = text.chars().collect();
        let (mut kept, mut from) = (String::new(), 0);
        for span in &redacted.spans {
            prop_assert!(from <= span.start && span.start < span.end && span.end <= points.len());
            kept.extend(&points[from..span.start]);
            kept.push_str(&span.token.to_string());
            prop_assert_eq!(span.token.digest().len(), TOKEN_DIGEST_CHARS);
            from = span.end;
        }
        kept.extend(&points[from..]);
        prop_assert_eq!(kept, redacted.redacted);
    }

    #[test]
    fn the_same_text_gives_the_same_bytes(text in r"(\PC|[0-9 .:/@+-]){0,60}") {
        let options = Options { lang: Some("de".to_owned()), region: None };
        let once = redact_text(&redactor(), &text, &options);
        prop_assert_eq!(once, redact_text(&redactor(), &text, &options));
    }

    /// The short form of the fuzz target `redact_text`: bytes of any kind, and JSONL lines of any kind.
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, lang in "[a-zA-Z-]{0,6}") {
        let text = String::from_utf8_lossy(&bytes);
        let _ = redact_text(&redactor(), &text, &Options { lang: Some(lang), region: None });
        let mut out = Vec::new();
        let summary = redactor::jsonl::run(&bytes[..], &mut out, &redactor(), &redactor::jsonl::JsonlOptions::default());
        let summary = summary.expect("reading memory does not fail");
        prop_assert!(out.iter().filter(|byte| **byte == b'\n').count() as u64 == summary.texts + summary.bad_lines);
    }
}
