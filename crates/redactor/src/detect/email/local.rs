//! The name before an at sign, with the words for dots, underscores and hyphens that may stand in it.

use super::super::signs::{self, Sign};
use super::MAX_LOCAL_BYTES;
use crate::letter::is_word;

/// Most parts of a name that words for signs join.
const MAX_PARTS: usize = 4;

/// Where the name before `at` begins, and the name.
pub(super) fn local_before(text: &str, at: usize) -> Option<(usize, String)> {
    let mut start = run_before(text, at)?;
    let mut local = text[start..at].to_owned();
    for _ in 1..MAX_PARTS {
        let Some((sign, before)) = sign_before(text, start, text[at..].starts_with(' ')) else { break };
        let Some(from) = run_before(text, before) else { break };
        local = format!("{}{sign}{local}", &text[from..before]);
        start = from;
    }
    Some((start, local))
}

/// Where the letters, digits and signs before `at` begin.
fn run_before(text: &str, at: usize) -> Option<usize> {
    let part = |c: char| is_word(c) || matches!(c, '.' | '_' | '%' | '+' | '-');
    let before = &text[..at];
    let length: usize =
        before.chars().rev().take_while(|c| part(*c)).map(char::len_utf8).take(MAX_LOCAL_BYTES * 4).sum();
    let local = before[at - length..].trim_start_matches(['.', '-', '+', '%']);
    let skip = local.char_indices().rev().nth(MAX_LOCAL_BYTES).map_or(0, |(at, c)| at + c.len_utf8());
    let local = &local[skip..];
    (!local.is_empty()).then(|| at - local.len())
}

/// A word for a sign that ends at `at`, and where the form of it begins. Bare signs count in spaced addresses alone.
fn sign_before(text: &str, at: usize, spaced: bool) -> Option<(char, usize)> {
    for (written, sign) in [(" . ", '.'), (" _ ", '_')] {
        if spaced && text[..at].ends_with(written) {
            return Some((sign, at - written.len()));
        }
    }
    // What stands around the word, the word of one or two words, and what stands around it again.
    let trimmed = text[..at].trim_end_matches(|c: char| c == ' ' || c.is_ascii_punctuation());
    if at - trimmed.len() > 6 || at == trimmed.len() {
        return None;
    }
    let mut word = trimmed.len();
    for _ in 0..2 {
        let letters = text[..word].chars().rev().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum::<usize>();
        if letters == 0 || letters > 40 {
            return None;
        }
        word -= letters;
        let from = signs::lead(text, word);
        let joins = |sign| sign != Sign::At;
        if let Some(form) = signs::form(text, from, joins).filter(|form| form.word && from + form.length == at) {
            let sign = match form.sign {
                Sign::Underscore => '_',
                Sign::Hyphen => '-',
                Sign::Dot | Sign::At => '.',
            };
            return Some((sign, from));
        }
        word = text[..word].strip_suffix(' ')?.len();
    }
    None
}
