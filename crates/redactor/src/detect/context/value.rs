//! How values are written that words announce.

use std::ops::Range;

use super::super::scan::BARRIER;
use crate::letter::is_word;

/// What was read: where, and in the one form that it is compared in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) range: Range<usize>,
    pub(super) canonical: String,
}

const MAX_GROUPS: usize = 12;
const MAX_VALUE_BYTES: usize = 40;
const MIN_VALUE_CHARS: usize = 5;

fn value(text: &str, range: Range<usize>) -> Value {
    let canonical = text[range.clone()].chars().filter(|c| is_word(*c)).flat_map(char::to_uppercase).collect();
    Value { range, canonical }
}

/// Groups of letters and digits with one sign between them, at least `digits` digits and five characters: `L01X00T44`,
/// `20-05536168-2`, `AL J 91402501 L`. Groups of letters alone are short and in upper case, or a sign ties them.
pub(super) fn number(text: &str, start: usize, digits: usize) -> Option<Value> {
    let mut end = start;
    let mut at = start;
    let (mut seen, mut signs) = (0, 0);
    let mut last_with_digits = start;
    for place in 0..MAX_GROUPS {
        let rest = &text[at..];
        let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let group = &rest[..length];
        let count = group.bytes().filter(u8::is_ascii_digit).count();
        let tied = place > 0 && !text[end..at].contains(' ');
        let letters = group.chars().count() <= 5 && (group.chars().all(char::is_uppercase) || tied && length <= 2);
        let before_sign = length <= 2 && rest[length..].starts_with('-');
        let fits = length > 0 && (count > 0 && (length <= 24) || letters || before_sign);
        if !fits || at + length - start > MAX_VALUE_BYTES {
            break;
        }
        // A price or an hour behind a space is no part of the number.
        if place > 0 && !tied && count == length && is_measured(&rest[length..]) && seen >= digits {
            break;
        }
        seen += count;
        signs += group.chars().count();
        end = at + length;
        if count > 0 || tied || letters && length <= 4 && seen >= digits && place > 0 && stands_last(&text[end..]) {
            last_with_digits = end;
        }
        let gap =
            text[end..].chars().take_while(|c| matches!(c, ' ' | '-' | '.' | '/' | '–' | '+' | ':' | '\u{a0}')).count();
        let bytes: usize = text[end..].chars().take(gap).map(char::len_utf8).sum();
        let between = &text[end..end + bytes];
        let joins =
            gap == 1 && !between.contains(':') || gap == 3 && between.starts_with(' ') && between.ends_with(' ');
        if !joins || between == ". " {
            break;
        }
        at = end + bytes;
    }
    let range = start..last_with_digits;
    let enough = seen >= digits && signs >= MIN_VALUE_CHARS && !range.is_empty();
    enough.then(|| value(text, range))
}

/// Whether a group of letters ends a value rather than beginning a sentence.
fn stands_last(rest: &str) -> bool {
    let mut characters = rest.trim_start_matches(' ').chars();
    characters.next().is_none_or(|c| !is_word(c) || c.is_lowercase())
}

fn is_measured(rest: &str) -> bool {
    let rest = rest.trim_start();
    ["€", "$", "£", "eur", "usd", "euro", "hr", "hour", "min", "am", "pm", "h ", "%"]
        .iter()
        .any(|unit| rest.get(..unit.len()).is_some_and(|head| head.eq_ignore_ascii_case(unit)))
}

/// Three to ten letters and digits in at most two groups, with three digits or more among them.
pub(super) fn postcode(text: &str, start: usize) -> Option<Value> {
    let (mut at, mut end, mut digits) = (start, start, 0);
    for place in 0..2 {
        let rest = &text[at..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let group = &rest[..length];
        let count = group.bytes().filter(u8::is_ascii_digit).count();
        let capitals = group.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        let short = length <= if place == 0 { 8 } else { 4 };
        if length == 0 || !short || !capitals || count == 0 && (place == 0 || length != 2) {
            break;
        }
        digits += count;
        end = at + length;
        if !text[end..].starts_with([' ', '-']) {
            break;
        }
        at = end + 1;
    }
    (digits >= 2 && (3..=10).contains(&(end - start))).then(|| value(text, start..end))
}

/// Letters in upper case and digits, five to eight of them with at least one of each: a record locator.
pub(super) fn locator(text: &str, start: usize) -> Option<Value> {
    let rest = &text[start..];
    let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let word = &rest[..length];
    let upper = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    (upper && (5..=8).contains(&length)).then(|| value(text, start..start + length))
}

/// Two to ten letters and digits in at most four groups, with both among them.
pub(super) fn plate(text: &str, start: usize) -> Option<Value> {
    let (mut at, mut end) = (start, start);
    let (mut letters, mut digits) = (0, 0);
    for place in 0..4 {
        let rest = &text[at..];
        let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let group = &rest[..length];
        let count = group.chars().filter(char::is_ascii_digit).count();
        let chars = group.chars().count();
        let word = count == 0 && (chars > 3 || place > 0 && group.chars().any(char::is_lowercase));
        if length == 0 || word || chars > 10 || letters + digits + chars > 11 {
            break;
        }
        digits += count;
        letters += chars - count;
        end = at + length;
        if !text[end..].starts_with([' ', '-', '.', '·', '•']) {
            break;
        }
        at = end + text[end..].chars().next().map_or(1, char::len_utf8);
    }
    let lone = text[start..end].chars().all(|c| c.is_ascii_digit());
    ((4..=11).contains(&(letters + digits)) && digits >= 1 && (letters >= 1 || lone && digits >= 5))
        .then(|| value(text, start..end))
}

/// Three to ten digits, or a short word of digits and capitals.
pub(super) fn code(text: &str, start: usize) -> Option<Value> {
    let rest = &text[start..];
    let length = rest.find(|c: char| !is_word(c) && c != '-').unwrap_or(rest.len());
    let word = rest[..length].trim_end_matches('-');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let fits = (3..=12).contains(&word.len())
        && digits >= 3
        && word.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-');
    fits.then(|| value(text, start..start + word.len()))
}

/// What follows a colon or an equals sign behind the word, up to a space or a quote; and without such a sign only what no
/// word of a language looks like.
pub(super) fn secret(text: &str, from: usize, signed: bool) -> Option<Value> {
    let gap = text[from..]
        .bytes()
        .take_while(|byte| matches!(byte, b' ' | b':' | b'=' | b'"' | b'\'' | b'`' | b'>' | b'\t'))
        .count();
    let signed = signed || text[from..from + gap].contains([':', '=', '"', '\'']);
    let start = from + gap;
    let rest = &text[start..];
    let length = rest
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | ',') || c == char::from(BARRIER)
        })
        .unwrap_or(rest.len());
    let word = rest[..length.min(rest.floor_char_boundary(512))].trim_end_matches(['.', ';', ')', ']', '!', '?', ',']);
    let has = |class: fn(char) -> bool| word.chars().any(class);
    let kinds = usize::from(has(char::is_lowercase))
        + usize::from(has(char::is_uppercase))
        + usize::from(has(|c| c.is_ascii_digit()))
        + usize::from(has(|c| c.is_ascii_punctuation()));
    let strong = word.chars().count() >= 6 && kinds >= 2 && has(|c| c.is_ascii_digit());
    let fits =
        if signed { word.chars().count() >= 4 && (kinds >= 2 || word.len() >= 6) && !is_plain(word) } else { strong };
    fits.then(|| Value { range: start..start + word.len(), canonical: word.to_owned() })
}

/// A word that says something about a password rather than being one.
fn is_plain(word: &str) -> bool {
    const WORDS: [&str; 16] = [
        "required",
        "needed",
        "protected",
        "forgotten",
        "please",
        "reset",
        "changed",
        "none",
        "optional",
        "length",
        "characters",
        "strong",
        "manager",
        "string",
        "number",
        "unknown",
    ];
    WORDS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Option<Value>, text: &str) -> Option<String> {
        value.map(|value| text[value.range].to_owned())
    }

    #[test]
    fn numbers_go_as_far_as_they_are_written() {
        for (text, number_in_it) in [
            ("54362315-K is", Some("54362315-K")),
            ("AL J 91402501 L, and", Some("AL J 91402501 L")),
            ("x-2482300w please", Some("x-2482300w")),
            ("2 95 10 99 126 111 93 she", Some("2 95 10 99 126 111 93")),
            ("16.727.230/0001-97.", Some("16.727.230/0001-97")),
            ("8 pm today", None),
            ("ready", None),
        ] {
            assert_eq!(read(number(text, 0, 4), text).as_deref(), number_in_it, "{text}");
        }
    }

    #[test]
    fn secrets_follow_a_sign_or_look_like_one() {
        for (text, found) in [
            (": hunter22", Some("hunter22")),
            (" = \"S3cr3t!pass\"", Some("S3cr3t!pass")),
            (" is required", None),
            (" forgotten again", None),
            (" Tr0ub4dor&3", Some("Tr0ub4dor&3")),
        ] {
            assert_eq!(read(secret(text, 0, false), text).as_deref(), found, "{text}");
        }
    }
}
