//! Redacting under a fixed key, and texts that mark what must be hidden in them.

use data_encoding::BASE32_NOPAD;
use model::{Label, Token};
use redactor::{Options, RedactedText, Redactor, TokenKey, redact_text};
use sha3::{Digest as _, Sha3_256};

pub(crate) fn redactor() -> Redactor {
    Redactor::new(TokenKey::from_bytes([7; 32]))
}

pub(crate) fn options(lang: &str) -> Options {
    Options { lang: (!lang.is_empty()).then(|| lang.to_owned()), region: None }
}

pub(crate) fn redact(text: &str) -> RedactedText {
    redact_text(&redactor(), text, &Options::default())
}

/// What was hidden, names left out: its label and how it was written.
pub(crate) fn hidden(text: &str, lang: &str) -> Vec<(Label, String)> {
    let spans = redact_text(&redactor(), text, &options(lang)).spans;
    let written = |start: usize, end: usize| text.chars().skip(start).take(end - start).collect();
    let formed = spans.iter().filter(|span| span.detector != "names");
    formed.map(|span| (span.label, written(span.start, span.end))).collect()
}

/// The text hides exactly what stands between « and », under this label.
#[track_caller]
pub(crate) fn hides(label: Label, lang: &str, marked: &str) {
    let text = marked.replace(['«', '»'], "");
    let wanted: Vec<_> =
        marked.split('«').skip(1).map(|rest| (label, rest.split('»').next().unwrap_or_default().to_owned())).collect();
    assert_eq!(hidden(&text, lang), wanted, "{text}");
}

/// The only token of a text, whose whole value it stands for.
#[track_caller]
pub(crate) fn only_token(text: &str, options: &Options) -> Token {
    let spans = redact_text(&redactor(), text, options).spans;
    match spans.iter().filter(|span| span.detector != "names").collect::<Vec<_>>()[..] {
        [span] => span.token,
        ref spans => panic!("{} spans in {text}", spans.len()),
    }
}

/// A version 3 onion name with a right checksum, of a key that nobody drew.
pub(crate) fn onion(seed: u8) -> String {
    let key = [seed; 32];
    let hash = Sha3_256::new().chain_update(b".onion checksum").chain_update(key).chain_update([3]).finalize();
    BASE32_NOPAD.encode(&[&key[..], &hash[..2], &[3]].concat()).to_ascii_lowercase()
}
