//! Mail addresses: plain, with the signs as words in any language and any brackets, letter by letter, with the provider
//! alone behind the sign, and backwards.

mod local;

use std::ops::Range;

use model::Label;

use self::local::local_before;
use super::scan::{BARRIER, word_after};
use super::signs::{self, Form, Sign};
use super::trigger::Trigger;
use super::url::is_top_level;
use crate::letter::is_word;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "email", name, reason, strength }
}

static PLAIN: Rule = rule("plain", "a name, an at sign and a domain", strength::SYNTAX);
static SPACED: Rule =
    rule("spaced", "a name, an at sign between spaces and a domain of a known kind", strength::SYNTAX);
static WORDS: Rule =
    rule("at-and-dot", "a name and a domain of a known kind with words or brackets for at and dot", strength::SYNTAX);
static LETTERS: Rule = rule("letters", "an address with a space after each letter", strength::SYNTAX);
static PROVIDER: Rule =
    rule("provider", "a name, an at sign and a mail provider without its ending", strength::CONTEXT);
static BACKWARDS: Rule = rule("backwards", "an address written from its end to its beginning", strength::SYNTAX);

/// Bounds of RFC 5321, with room for disguises.
pub(super) const MAX_LOCAL_BYTES: usize = 64;
const MAX_DOMAIN_BYTES: usize = 255;
const MAX_LABELS: usize = 6;
const MAX_LABEL_BYTES: usize = 63;

/// Fewest letters with spaces between them at one side of the sign.
const MIN_SPACED_LETTERS: usize = 3;

/// Providers that people name without the ending, and the domain that they mean.
const PROVIDERS: &[(&str, &str)] = &[
    ("gmail", "gmail.com"),
    ("googlemail", "googlemail.com"),
    ("hotmail", "hotmail.com"),
    ("outlook", "outlook.com"),
    ("yahoo", "yahoo.com"),
    ("ymail", "ymail.com"),
    ("icloud", "icloud.com"),
    ("protonmail", "protonmail.com"),
    ("proton", "proton.me"),
    ("tutanota", "tutanota.com"),
    ("tuta", "tuta.com"),
    ("aol", "aol.com"),
    ("gmx", "gmx.net"),
    ("yandex", "yandex.ru"),
    ("rambler", "rambler.ru"),
    ("hushmail", "hushmail.com"),
    ("fastmail", "fastmail.com"),
    ("zohomail", "zohomail.com"),
    ("rediffmail", "rediffmail.com"),
    ("hanmail", "hanmail.net"),
    ("naver", "naver.com"),
    ("seznam", "seznam.cz"),
    ("riseup", "riseup.net"),
];

/// Words before a bare ` at ` that begin no address.
const NOT_LOCAL: &[&str] = &[
    "a",
    "about",
    "all",
    "also",
    "am",
    "and",
    "are",
    "arrive",
    "available",
    "back",
    "be",
    "been",
    "book",
    "but",
    "buy",
    "call",
    "come",
    "contact",
    "down",
    "email",
    "find",
    "for",
    "free",
    "from",
    "get",
    "good",
    "have",
    "held",
    "her",
    "here",
    "him",
    "home",
    "i",
    "in",
    "info's",
    "is",
    "it",
    "just",
    "live",
    "located",
    "look",
    "looked",
    "looking",
    "mail",
    "me",
    "meet",
    "message",
    "more",
    "my",
    "not",
    "now",
    "off",
    "on",
    "online",
    "only",
    "or",
    "out",
    "over",
    "page",
    "party",
    "see",
    "shop",
    "site",
    "sold",
    "start",
    "starting",
    "stay",
    "stop",
    "text",
    "that",
    "the",
    "them",
    "there",
    "this",
    "time",
    "to",
    "up",
    "us",
    "visit",
    "was",
    "website",
    "were",
    "with",
    "work",
    "working",
    "write",
    "you",
    "your",
];

/// Reads addresses around every at sign and every form of one.
pub(super) fn find(text: &str, triggers: &[(Trigger, Range<usize>)], found: &mut Vec<Candidate>) {
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        let candidate = plain(text, at)
            .or_else(|| letter_by_letter(text, at))
            .or_else(|| around(text, at))
            .or_else(|| backwards(text, at));
        found.extend(candidate);
    }
    for (_, word) in triggers.iter().filter(|(trigger, _)| *trigger == Trigger::At) {
        found.extend(around(text, word.start));
    }
}

fn plain(text: &str, at: usize) -> Option<Candidate> {
    let end = at + 1 + domain_length(&text[at + 1..]);
    let domain = &text[at + 1..end];
    let (_, top) = domain.rsplit_once('.')?;
    if top.len() < 2 || top.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (start, local) = local_before(text, at)?;
    let canonical = canonical(&local, domain);
    // The scheme of RFC 6068 goes with the address that it is for.
    let start = text[..start].strip_suffix("mailto:").map_or(start, str::len);
    Some(Candidate::new(start..end, Label::Email, canonical, &PLAIN))
}

/// An address around a form of the at sign that has its word or sign at `word`. The domain must end in a known top
/// level, or be a provider's name, because words are no syntax.
fn around(text: &str, word: usize) -> Option<Candidate> {
    let from = signs::lead(text, word);
    // The signs before the word may belong to the name: the nearest form that is one counts.
    let (from, form) = (from..=word)
        .filter(|from| text.is_char_boundary(*from))
        .find_map(|from| Some((from, signs::form(text, from, |sign| sign == Sign::At)?)))
        .filter(|(from, form)| from + form.length > word)?;
    let (start, local) = local_before(text, from)?;
    let domain_start = from + form.length;
    let read = domain(text, domain_start).or_else(|| provider(text, domain_start, form));
    let (end, domain, disguised, rule) = read?;
    let bare = form.word && !form.marked;
    let written = text[word..].chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let prose =
        bare && written && (NOT_LOCAL.contains(&local.to_lowercase().as_str()) || !disguised && local.len() < 3);
    let rule = if form.word || form.marked || rule == &PROVIDER { rule } else { &SPACED };
    (!prose).then(|| Candidate::new(start..end, Label::Email, canonical(&local, &domain), rule))
}

/// Labels joined by dots in any of their forms, up to a known top level: its end, the domain, and whether a form other
/// than a plain dot was used.
fn domain(text: &str, start: usize) -> Option<(usize, String, bool, &'static Rule)> {
    let (end, domain, disguised) = spelled_domain(text, start)?;
    Some((end, domain, disguised, &WORDS))
}

/// As the second half of [`domain`]; addresses of pages are spelled alike.
pub(super) fn spelled_domain(text: &str, start: usize) -> Option<(usize, String, bool)> {
    let mut domain = String::new();
    let (mut at, mut disguised) = (start, false);
    let mut best = None;
    for _ in 0..MAX_LABELS {
        let rest = &text[at..];
        let mut length = rest.find(|c: char| !is_word(c) && c != '-').unwrap_or(rest.len());
        // A word for a dot that stands out by its case ends a label: `mailDOTorg`.
        if let Some(cut) = cased_dot(rest, length) {
            length = cut;
        }
        if length == 0 || length > MAX_LABEL_BYTES || rest.as_bytes()[0] == BARRIER {
            break;
        }
        domain.push_str(&rest[..length]);
        at += length;
        let cased = signs::form(text, at, |sign| sign == Sign::Dot);
        let top = rest[..length].to_lowercase();
        if domain.contains('.') && is_top_level(&top) && (!word_after(text, at) || cased.is_some()) {
            best = Some((at, domain.clone(), disguised));
        }
        let Some(form) = cased else { break };
        disguised |= form.length > 1;
        domain.push('.');
        at += form.length;
    }
    best
}

/// Where a label ends before a word for a dot that its case or hyphens set off: `mailDOTorg`, `mail-dot-org`.
fn cased_dot(rest: &str, length: usize) -> Option<usize> {
    let label = &rest[..length];
    if !label.bytes().any(|byte| matches!(byte, b'-' | b'd' | b'D' | b'P')) {
        return None;
    }
    let hyphens = label.match_indices('-').map(|(at, _)| at).take(4);
    let cased = ["DOT", "dot", "PUNKT", "PUNTO", "POINT", "PONTO"].iter().filter_map(|word| label.find(word));
    hyphens.chain(cased).filter(|at| *at > 0).find(|at| {
        signs::form(rest, *at, |sign| sign == Sign::Dot).is_some_and(|form| form.word && at + form.length < length)
    })
}

fn provider(text: &str, start: usize, form: Form) -> Option<(usize, String, bool, &'static Rule)> {
    let rest = &text[start..];
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let name = rest[..length].to_ascii_lowercase();
    let (_, domain) = PROVIDERS.iter().find(|(known, _)| *known == name)?;
    let marked = form.marked || !form.word;
    (!word_after(text, start + length)).then(|| (start + length, (*domain).to_owned(), marked, &PROVIDER))
}

/// The length of the domain that begins here: labels and dots, ending in a letter or digit.
fn domain_length(rest: &str) -> usize {
    let part = |c: char| is_word(c) || matches!(c, '.' | '-');
    let end = rest
        .char_indices()
        .take(MAX_DOMAIN_BYTES)
        .find(|(_, c)| !part(*c))
        .map_or(rest.len().min(MAX_DOMAIN_BYTES * 4), |(at, _)| at);
    let end = rest.floor_char_boundary(end);
    let domain = rest[..end].trim_end_matches(['.', '-']);
    // Two dots end a domain: they begin an ellipsis.
    domain.as_bytes().windows(2).position(|pair| pair == b"..").unwrap_or(domain.len())
}

/// `j a d e @ m a i l . c o m`: single letters with one space between them at both sides of the sign.
fn letter_by_letter(text: &str, at: usize) -> Option<Candidate> {
    if !text[..at].ends_with(' ') {
        return None;
    }
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let single = |before: Option<char>| before.is_none_or(|c| !part(c));
    let mut left = String::new();
    let mut start = at;
    for _ in 0..MAX_LOCAL_BYTES {
        let before = text[..start].strip_suffix(' ').unwrap_or(&text[..start]);
        let Some(character) = before.chars().next_back().filter(|c| part(*c)) else { break };
        let head = &before[..before.len() - 1];
        // A letter that another one touches belongs to a word.
        if !single(head.chars().next_back()) || before.len() == start && start != at {
            break;
        }
        left.insert(0, character);
        start = head.len();
    }
    let (right, ends) = spaced_letters(&text[at + 1..]);
    let spaced = left.len() >= MIN_SPACED_LETTERS || right.len() >= MIN_SPACED_LETTERS * 2;
    if left.is_empty() || !spaced {
        return None;
    }
    let length = spelled_top_level(&right)?;
    let end = at + 1 + ends[length - 1];
    Some(Candidate::new(start..end, Label::Email, canonical(&left, &right[..length]), &LETTERS))
}

/// Single characters of an address with spaces between them, and where each of them ends.
pub(super) fn spaced_letters(rest: &str) -> (String, Vec<usize>) {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let (mut letters, mut ends) = (String::new(), Vec::new());
    let mut at = 0;
    while letters.len() < MAX_DOMAIN_BYTES {
        let body = rest[at..].strip_prefix(' ').unwrap_or(&rest[at..]);
        let skipped = rest.len() - at - body.len();
        let mut characters = body.chars();
        let Some(character) = characters.next().filter(|c| part(*c)) else { break };
        let next = characters.next();
        let touches = next.is_some_and(|c| c.is_ascii_alphanumeric() && character.is_ascii_alphanumeric());
        if touches
            || skipped == 0 && at > 0 && letters.ends_with(|c: char| c.is_ascii_alphanumeric()) && character != '.'
        {
            break;
        }
        letters.push(character);
        at += skipped + 1;
        ends.push(at);
    }
    (letters, ends)
}

/// How much of a domain goes up to its last known top level.
pub(super) fn spelled_top_level(domain: &str) -> Option<usize> {
    let mut dots = domain.rmatch_indices('.').map(|(at, _)| at).filter(|at| *at > 0);
    dots.find_map(|dot| {
        let rest = &domain[dot + 1..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        (2..=letters.min(10))
            .rev()
            .find(|end| is_top_level(&rest[..*end].to_ascii_lowercase()))
            .map(|end| dot + 1 + end)
    })
}

/// `gro.liam@edaj`.
fn backwards(text: &str, at: usize) -> Option<Candidate> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let left = text[..at].bytes().rev().take(MAX_DOMAIN_BYTES).take_while(|byte| part(char::from(*byte))).count();
    let right = text[at + 1..].bytes().take(MAX_LOCAL_BYTES).take_while(|byte| part(char::from(*byte))).count();
    // Its first label is the top level, backwards.
    if right == 0 || !text[at - left..at].trim_start_matches('.').contains('.') {
        return None;
    }
    let domain: String = text[at - left..at].chars().rev().collect();
    let written = text[at + 1..at + 1 + right].trim_end_matches(['.', '-', '_', '+']);
    let (name, top) = domain.trim_end_matches('.').rsplit_once('.')?;
    let sound =
        !name.is_empty() && !name.starts_with('.') && !written.is_empty() && is_top_level(&top.to_ascii_lowercase());
    sound.then(|| {
        let local: String = written.chars().rev().collect();
        let start = at - domain.trim_end_matches('.').len();
        let range = start..at + 1 + written.len();
        Candidate::new(range, Label::Email, canonical(&local, domain.trim_end_matches('.')), &BACKWARDS)
    })
}

/// Lower case, without the words that only keep machines away.
fn canonical(local: &str, domain: &str) -> String {
    const FENDERS: [&str; 6] = ["nospam", "no-spam", "no_spam", "remove-this", "removethis", "antispam"];
    let mut local = local.to_lowercase();
    let mut domain = domain.to_lowercase();
    for word in FENDERS {
        for part in [&mut local, &mut domain] {
            if part.len() > word.len() && part.contains(word) {
                *part = part.replace(word, "");
            }
        }
    }
    let signs = ['.', '-', '_', '+'];
    format!("{}@{}", local.trim_matches(signs), domain.trim_matches(signs).replace("..", "."))
}
