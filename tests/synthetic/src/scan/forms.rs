//! The byte strings in which one value may hide.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use data_encoding::{HEXLOWER, HEXUPPER};
use model::Label;

use super::{Coding, Form, MIN_NEEDLE_BYTES, Needle};

/// Fewest digits of a number to call or a card that are looked for without what stands between them.
const MIN_DIGITS: usize = 7;

/// The same for kinds whose digits alone nobody would recognise: a row of eight stands in any timestamp.
const MIN_DIGITS_OF_OTHERS: usize = 10;

/// Last digits of a number to call that give it away.
const TELLING_DIGITS: usize = 9;

/// Fewest characters of a base64 pattern: shorter ones turn up in any key.
const MIN_BASE64_CHARS: usize = 7;

/// Every byte string of a needle, with its form and encoding.
pub(super) fn of(needle: &Needle) -> BTreeMap<Vec<u8>, (Form, Coding)> {
    let mut patterns = BTreeMap::new();
    for (text, form) in texts(needle) {
        for (bytes, coding) in codings(&text) {
            patterns.entry(bytes).or_insert((form, coding));
        }
    }
    patterns
}

/// The forms, the most telling name for each first.
fn texts(needle: &Needle) -> Vec<(String, Form)> {
    let Needle { label, canonical, written } = needle;
    let floor = if matches!(label, Label::Phone | Label::Card) { MIN_DIGITS } else { MIN_DIGITS_OF_OTHERS };
    let mut texts = vec![(written.clone(), Form::Written), (canonical.clone(), Form::Canonical)];
    for value in [written, canonical] {
        texts.push((value.to_lowercase(), Form::Lower));
        let digits = digits(value);
        if digits.len() >= floor {
            texts.push((digits, Form::Digits));
        }
    }
    texts.extend(core(*label, canonical).map(|core| (core, Form::Core)));
    texts.retain(|(text, _)| text.len() >= MIN_NEEDLE_BYTES);
    texts
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The part of a value that tells whose it is.
fn core(label: Label, canonical: &str) -> Option<String> {
    match label {
        Label::Phone => {
            let digits = digits(canonical);
            digits.get(digits.len().checked_sub(TELLING_DIGITS)?..).map(str::to_owned)
        }
        Label::Email => canonical.split_once('@').map(|(mailbox, _)| mailbox.to_owned()),
        Label::Handle => canonical.split_once(':').map(|(_, account)| account.to_owned()),
        Label::Url => canonical.split_once("://").map(|(_, rest)| rest.trim_start_matches("www.").to_owned()),
        Label::Onion => canonical.strip_suffix(".onion").map(str::to_owned),
        _ => None,
    }
}

fn codings(text: &str) -> Vec<(Vec<u8>, Coding)> {
    let bytes = text.as_bytes();
    let units = || text.encode_utf16();
    let mut codings = vec![
        (bytes.to_vec(), Coding::Utf8),
        (units().flat_map(u16::to_le_bytes).collect(), Coding::Utf16Le),
        (units().flat_map(u16::to_be_bytes).collect(), Coding::Utf16Be),
        (HEXLOWER.encode(bytes).into_bytes(), Coding::Hex),
        (HEXUPPER.encode(bytes).into_bytes(), Coding::Hex),
    ];
    for (space, upper) in [("%20", true), ("%20", false), ("+", true), ("+", false)] {
        codings.push((percent(text, space, upper).into_bytes(), Coding::Percent));
    }
    for before in 0..3 {
        codings.extend(base64_inside(bytes, before).into_iter().map(|inside| (inside, Coding::Base64)));
    }
    codings
}

/// Everything but the unreserved signs of RFC 3986 as `%XX`.
fn percent(text: &str, space: &str, upper: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let _ = match byte {
            b' ' => out.write_str(space),
            b'-' | b'.' | b'_' | b'~' => out.write_char(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.write_char(char::from(byte)),
            _ if upper => write!(out, "%{byte:02X}"),
            _ => write!(out, "%{byte:02x}"),
        };
    }
    out
}

/// The base64 signs that come from these bytes alone when `before` (0 to 2) other bytes stand in front of them, in both
/// alphabets.
fn base64_inside(bytes: &[u8], before: usize) -> Vec<Vec<u8>> {
    let padded: Vec<u8> = std::iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
    // Six bits a sign: the first whole one after the neighbours' bits, and the last that needs none of what follows.
    let (first, end) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
    [STANDARD_NO_PAD, URL_SAFE_NO_PAD]
        .iter()
        .map(|alphabet| alphabet.encode(&padded).as_bytes()[first..end].to_vec())
        .filter(|inside| inside.len() >= MIN_BASE64_CHARS)
        .collect()
}
