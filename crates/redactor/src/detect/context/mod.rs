//! Values that words say what they are: identity and tax numbers, plates, bookings and parcels, passwords, codes, and
//! dates of birth. The words are a table, of all languages; how a value is written is one grammar for each kind.

mod date;
mod value;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use model::Label;

use self::value::Value;
use super::scan::{BARRIER, floor, word_after, word_before};
use super::table::words_of;
use super::trigger::Trigger;
use crate::letter::is_word;
use crate::rule::{Candidate, Rule, strength};

const TABLE: &str = include_str!("words.txt");

/// Most bytes and filler words between a word and its value.
const MAX_GAP_BYTES: usize = 40;
const MAX_FILLERS: usize = 4;

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "context", name, reason, strength }
}

static NATIONAL_ID: Rule =
    rule("national-id", "words beside it say that it is an identity, tax or insurance number", strength::CONTEXT + 5);
static PLATE: Rule = rule("plate", "words beside it say that it is a vehicle's registration", strength::CONTEXT);
static BOOKING: Rule =
    rule("booking", "words beside it say that it is a booking, a parcel or a file", strength::FORM + 5);
/// With letters in it a value is no number to call, whatever else stands beside it.
static LETTERED_BOOKING: Rule =
    rule("booking", "words beside it say that it is a booking, a parcel or a file", strength::CONTEXT + 1);
static SECRET: Rule = rule("secret", "words before it say that it is a password or a key", strength::CONTEXT + 5);
static CODE: Rule =
    rule("code", "words before it say that it is a code to open or confirm something", strength::CONTEXT);
static BIRTH: Rule = rule("birth", "words beside it say that it is a date of somebody's life", strength::CONTEXT + 5);

static POSTCODE: Rule = rule("postcode", "words before it say that it is a postcode", strength::CONTEXT);

/// What a word says of the value beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    NationalId,
    Plate,
    Booking,
    Secret,
    Code,
    Birth,
    Postcode,
}

const SECTIONS: [(&str, Context); 7] = [
    ("[postcode]", Context::Postcode),
    ("[national-id]", Context::NationalId),
    ("[plate]", Context::Plate),
    ("[booking]", Context::Booking),
    ("[secret]", Context::Secret),
    ("[code]", Context::Code),
    ("[birth]", Context::Birth),
];

static FILLERS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| section("[fillers]").flat_map(str::split_whitespace).collect());

fn section(name: &str) -> impl Iterator<Item = &'static str> {
    words_of(TABLE, name)
}

/// Every word and what it says, for the automaton that looks for them all.
pub(super) fn words() -> impl Iterator<Item = (&'static str, Context)> {
    SECTIONS.iter().flat_map(|(name, context)| section(name).map(move |word| (word, *context)))
}

/// Reads the values beside every word.
pub(super) fn find(text: &str, triggers: &[(Trigger, Range<usize>)], found: &mut Vec<Candidate>) {
    let mut read_up_to = [0; SECTIONS.len()];
    for (trigger, word) in triggers {
        let Trigger::Context(context) = trigger else { continue };
        let done = &mut read_up_to[*context as usize];
        if word.start < *done {
            continue;
        }
        if let Some(value) = behind(text, word.end, *context).or_else(|| before(text, word.start, *context)) {
            *done = value.range.end;
            let (label, rule) = match context {
                Context::NationalId => (Label::NationalId, &NATIONAL_ID),
                Context::Plate => (Label::Plate, &PLATE),
                Context::Booking if value.canonical.contains(char::is_alphabetic) => {
                    (Label::OtherId, &LETTERED_BOOKING)
                }
                Context::Booking => (Label::OtherId, &BOOKING),
                Context::Secret => (Label::Secret, &SECRET),
                Context::Code => (Label::Secret, &CODE),
                Context::Birth => (Label::Date, &BIRTH),
                Context::Postcode => (Label::Location, &POSTCODE),
            };
            found.push(Candidate::new(value.range, label, value.canonical, rule));
        }
    }
}

/// Whether a word stands by itself.
pub(super) fn is_whole(text: &str, word: &Range<usize>) -> bool {
    let unspaced = |c: Option<char>| c.is_some_and(|c| c as u32 >= 0xe00);
    let written = &text[word.clone()];
    (unspaced(written.chars().next()) || !word_before(text, word.start) || written.starts_with('#'))
        && (unspaced(written.chars().next_back())
            || !word_after(text, word.end)
            || written.ends_with(['.', '#'])
            || text.as_bytes()[word.end].is_ascii_digit() && written.len() > 2)
}

/// The value behind a word, past signs and words such as `number` and `is`.
fn behind(text: &str, from: usize, context: Context) -> Option<Value> {
    let mut at = from;
    let mut signed = false;
    for _ in 0..=MAX_FILLERS {
        let rest = &text[at..];
        let signs = rest.find(|c: char| is_word(c) || c == char::from(BARRIER)).unwrap_or(rest.len());
        let gap = &rest[..signs];
        if gap.matches('\n').count() > 1 || gap.contains(['\u{1}', '!', '?', ';']) || gap.contains(". ") && at > from {
            return None;
        }
        signed |= gap.contains([':', '=', '"', '\'', '>']);
        if context == Context::Secret
            && let Some(value) = value::secret(text, at, signed)
        {
            return Some(value);
        }
        at += signs;
        if at - from > MAX_GAP_BYTES {
            return None;
        }
        let value = match context {
            Context::NationalId => value::number(text, at, 4),
            Context::Plate => value::plate(text, at),
            Context::Booking => value::number(text, at, 5).or_else(|| value::locator(text, at)),
            Context::Secret => None,
            Context::Code => value::code(text, at),
            Context::Birth => date::read(text, at),
            Context::Postcode => value::postcode(text, at),
        };
        if value.is_some() {
            return value;
        }
        let rest = &text[at..];
        let word = rest.find(|c: char| !is_word(c) && c != '.' && c != '\'').unwrap_or(rest.len());
        let word = &rest[..word];
        let lower = word.to_lowercase();
        let filler = FILLERS.contains(lower.as_str()) || FILLERS.contains(lower.trim_end_matches('.'));
        if word.is_empty() || !filler {
            return None;
        }
        at += word.len();
    }
    None
}

/// The value before a word: `54362315-K is my …`, `… (DNI)`.
fn before(text: &str, to: usize, context: Context) -> Option<Value> {
    if !matches!(context, Context::NationalId | Context::Plate) {
        return None;
    }
    let from = floor(text, to.saturating_sub(MAX_GAP_BYTES + 24));
    let window = &text[from..to];
    let window = &window[window.rfind(['\n', '\u{1}', ';', '!', '?']).map_or(0, |at| at + 1)..];
    let mut end = window.trim_end_matches(|c: char| !is_word(c)).len();
    for _ in 0..MAX_FILLERS {
        let word = window[..end]
            .rfind(|c: char| !is_word(c))
            .map_or(0, |at| at + window[at..].chars().next().map_or(1, char::len_utf8));
        if !FILLERS.contains(window[word..end].to_lowercase().as_str()) {
            break;
        }
        end = window[..word].trim_end_matches(|c: char| !is_word(c)).len();
    }
    let start = to - window.len();
    // The value is what a reader from the left would read up to this place.
    let mut starts = window[..end].char_indices().filter(|(at, c)| {
        c.is_ascii_alphanumeric() && !window[..*at].ends_with(|c: char| is_word(c) || matches!(c, '-' | '.' | '/'))
    });
    starts.find_map(|(at, _)| {
        let value = match context {
            Context::Plate => value::plate(text, start + at),
            _ => value::number(text, start + at, 4),
        };
        value.filter(|value| value.range.end == start + end)
    })
}
