//! Account names: after a platform's name, behind an at sign, and in a platform's links.

use std::ops::Range;

use model::Label;

use super::phone::{self, Hints, Setting, Tier};
use super::platform::{LINK_HOSTS, NAMES};
use super::scan::{BARRIER, digits_of, floor, word_after, word_before};
use super::trigger::Trigger;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "handle", name, reason, strength }
}

static NAMED: Rule = rule("platform", "a name right after a platform's name", strength::CONTEXT);
static AT_SIGN: Rule = rule("at-sign", "a name behind an at sign that no address explains", strength::FORM);
static LINK: Rule = rule("link", "the account in a platform's link", strength::LINK);

/// Bounds of a name, and of what may stand between a platform and a name.
const MIN_NAME_BYTES: usize = 3;
const MAX_NAME_BYTES: usize = 64;
const MAX_GAP_BYTES: usize = 24;

/// Words between a platform and a name.
const FILLERS: &[&str] = &[
    "me", "is", "id", "name", "username", "user", "my", "at", "add", "handle", "account", "acc", "nick", "contact",
    "@", "ник", "мой", "es", "mi", "ist", "mein", "mon", "moi", "il", "mio", "jest",
];

/// Words that stand where a name could, and are none.
const NOT_NAMES: &[&str] = &[
    "only",
    "available",
    "and",
    "or",
    "yes",
    "no",
    "me",
    "here",
    "below",
    "link",
    "in",
    "on",
    "for",
    "is",
    "the",
    "at",
    "to",
    "dm",
    "add",
    "follow",
    "call",
    "text",
    "chat",
    "sms",
    "viber",
    "signal",
    "telegram",
    "whatsapp",
    "instagram",
    "snapchat",
    "you",
    "your",
    "my",
    "with",
    "not",
    "ask",
    "please",
    "pls",
    "if",
    "are",
    "now",
    "app",
    "bot",
    "channel",
    "group",
    "video",
    "premium",
    "content",
    "pics",
    "photos",
    "verified",
    "accepted",
    "payment",
    "deposit",
    "http",
    "https",
    "www",
    "com",
    "also",
    "too",
    "same",
    "number",
    "preferred",
    "first",
    "ok",
    "welcome",
    "just",
    "via",
    "per",
    "und",
    "oder",
    "nur",
    "mit",
    "solo",
    "por",
    "para",
    "con",
    "avec",
    "pour",
    "sur",
    "est",
    "aqui",
    "aquí",
    "sans",
    "ohne",
];

/// Reads accounts at every trigger, and behind at signs that mail addresses left over.
pub(crate) fn find(text: &str, triggers: &[(Trigger, Range<usize>)], hints: &Hints, found: &mut Vec<Candidate>) {
    for (trigger, at) in triggers {
        match trigger {
            Trigger::Platform(place) => found.extend(named(text, at, NAMES[*place].1)),
            Trigger::Link(place) => found.extend(linked(text, at, *place, hints)),
            _ => {}
        }
    }
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        found.extend(behind_at_sign(text, at, triggers));
    }
}

/// `insta: jade.example`, `kik me jade_x`, `snap 👻 jade`.
fn named(text: &str, at: &Range<usize>, platform: &str) -> Option<Candidate> {
    if word_before(text, at.start) || word_after(text, at.end) {
        return None;
    }
    // A second name of a platform right behind belongs to the first: `wh@tsapp/1g: jade`.
    let mut place = at.end;
    let mut marked = text[..at.end].ends_with(':');
    loop {
        let (gap, mark) = gap(&text[place..]);
        if place + gap - at.end > MAX_GAP_BYTES {
            return None;
        }
        marked |= mark;
        place += gap;
        let word = word_at(text, place);
        let lower = word.to_lowercase();
        let next = place + word.len();
        let another = NAMES.iter().any(|(name, _)| *name == lower) && next < text.len();
        let filler = FILLERS.contains(&lower.as_str()) && text[next..].starts_with([' ', ':', '=', '-']);
        if !(filler || another) || word.is_empty() {
            break;
        }
        place = next;
    }
    let name = name_at(text, place);
    let whole = text[place..place + name.len()].to_owned();
    let lower = name.to_lowercase();
    let structured = name.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_' || byte == b'.');
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    let fits = name.len() >= MIN_NAME_BYTES && (marked || structured) && !digits;
    let known = NOT_NAMES.contains(&lower.as_str()) || NAMES.iter().any(|(name, _)| *name == lower);
    // A name with an at sign behind it is the local part of an address.
    let address = text[place + name.len()..].starts_with('@') || text[place + name.len()..].starts_with("://");
    (fits && !known && !address)
        .then(|| Candidate::new(place..place + whole.len(), Label::Handle, format!("{platform}:{lower}"), &NAMED))
}

/// The signs between a platform and a name: their length, and whether they announce a name.
fn gap(rest: &str) -> (usize, bool) {
    let end =
        rest.char_indices().find(|(_, c)| c.is_alphanumeric() || *c == char::from(BARRIER) || *c == '_' || *c == '\n');
    let signs = &rest[..end.map_or(rest.len(), |(at, _)| at)];
    // An end of a sentence, a slash or a bracket announces nothing.
    let announces = signs.chars().any(|c| matches!(c, ':' | '=' | '-' | '>' | '@' | '$' | '~' | '|') || !c.is_ascii());
    (signs.len(), announces && !signs.contains(". "))
}

fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.char_indices().find(|(_, c)| !c.is_alphanumeric()).map_or(rest.len(), |(at, _)| at);
    &rest[..end]
}

/// The name that begins at `at`: letters, digits, dots, dashes and underscores, without a full stop behind.
fn name_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let end = rest.char_indices().find(|(_, c)| !part(*c)).map_or(rest.len(), |(at, _)| at);
    rest[..end.min(MAX_NAME_BYTES)].trim_end_matches(['.', '-'])
}

/// `https://t.me/jade`: the platform's address may stay, the account goes with everything behind it.
fn linked(text: &str, at: &Range<usize>, place: usize, hints: &Hints) -> Option<Candidate> {
    let link = &LINK_HOSTS[place];
    // `chat.me/` is not `t.me/`.
    let before = text[..at.start].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '-')
        || text[at.start..].starts_with("//") && before != Some(':')
    {
        return None;
    }
    let rest = &text[at.end..];
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | ']' | '\u{1}'))
        .unwrap_or(rest.len());
    let tail = rest[..length].trim_end_matches(['.', ',', ';', '!', '?', ':', '/']);
    if tail.is_empty() {
        return None;
    }
    let range = at.end..at.end + tail.len();
    if link.number {
        let digits = digits_of(tail.split(['?', '&']).next().unwrap_or(tail));
        let reading = phone::read(&digits, Setting { plus: true, called: true, hints }, Tier::Sure)?;
        return Some(Candidate::new(range, Label::Phone, reading.canonical, &phone::LINK));
    }
    let name =
        tail.trim_start_matches(['@', '~', '$', '+', '#', '/']).split(['?', '/', '#', '&']).next().unwrap_or(tail);
    let canonical = format!("{}:{}", link.platform, name.to_lowercase());
    (!name.is_empty()).then(|| Candidate::new(range, Label::Handle, canonical, &LINK))
}

/// `@jade_x`, with the platform named shortly before, if one is.
fn behind_at_sign(text: &str, at: usize, triggers: &[(Trigger, Range<usize>)]) -> Option<Candidate> {
    let name = name_at(text, at + 1);
    let before = text[..at].chars().next_back();
    let free = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '/' | '='));
    let letters = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !free || !letters || name.len() < MIN_NAME_BYTES || name.len() > MAX_NAME_BYTES {
        return None;
    }
    let near = floor(text, at.saturating_sub(MAX_GAP_BYTES));
    let platform = triggers.iter().rev().find_map(|(trigger, place)| match trigger {
        Trigger::Platform(named) if place.end <= at && place.start >= near => Some(NAMES[*named].1),
        _ => None,
    });
    let canonical = format!("{}:{}", platform.unwrap_or("handle"), name.to_lowercase());
    Some(Candidate::new(at..at + 1 + name.len(), Label::Handle, canonical, &AT_SIGN))
}
