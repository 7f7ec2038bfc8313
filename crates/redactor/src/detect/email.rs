//! Mail addresses: with an at sign, and with the commonest words and brackets for one.

use std::ops::Range;

use model::Label;

use super::scan::{BARRIER, word_after};
use super::trigger::Trigger;
use super::url::is_top_level;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "email", name, reason, strength }
}

static PLAIN: Rule = rule("plain", "a name, an at sign and a domain", strength::SYNTAX);
static SPACED: Rule =
    rule("spaced", "a name, an at sign between spaces and a domain of a known kind", strength::SYNTAX);
static WORDS: Rule =
    rule("at-and-dot", "a name and a domain of a known kind with words or brackets for at and dot", strength::SYNTAX);

/// Bounds of RFC 5321, with room for disguises.
const MAX_LOCAL_BYTES: usize = 64;
const MAX_DOMAIN_BYTES: usize = 255;

/// Ways to write the dot of a domain, apart from the dot. Those in words stand between spaces.
const DOTS: &[&str] = &[
    "(dot)",
    "[dot]",
    "{dot}",
    "<dot>",
    " (dot) ",
    " [dot] ",
    " {dot} ",
    "( dot )",
    "[ dot ]",
    " dot ",
    "(.)",
    "[.]",
    " . ",
    " punkt ",
    "(punkt)",
    "[punkt]",
    " punto ",
    "(punto)",
    "[punto]",
    " ponto ",
    "(ponto)",
    " point ",
    "(point)",
    "[point]",
    " точка ",
    "(точка)",
    "[точка]",
    " kropka ",
    "(kropka)",
    " nokta ",
    "(nokta)",
    " tečka ",
    " pont ",
    " (.) ",
    " [.] ",
];

/// Words before ` at ` that begin no address.
const NOT_LOCAL: &[&str] = &[
    "me",
    "us",
    "look",
    "him",
    "her",
    "is",
    "are",
    "call",
    "visit",
    "here",
    "available",
    "meet",
    "find",
    "and",
    "or",
    "i",
    "you",
    "back",
    "stay",
    "arrive",
    "contact",
    "out",
    "live",
    "only",
    "book",
    "it",
    "them",
    "up",
    "over",
    "more",
    "online",
    "now",
    "am",
    "was",
    "were",
    "be",
    "been",
    "not",
    "work",
    "working",
    "located",
    "site",
    "website",
    "page",
    "info's",
];

/// Reads addresses around every at sign and every form of one.
pub(crate) fn find(text: &str, triggers: &[(Trigger, Range<usize>)], found: &mut Vec<Candidate>) {
    for at in memchr::memchr_iter(b'@', text.as_bytes()) {
        found.extend(plain(text, at).or_else(|| around(text, &(at..at + 1), &SPACED)));
    }
    for (_, at) in triggers.iter().filter(|(trigger, _)| *trigger == Trigger::At) {
        found.extend(around(text, at, &WORDS));
    }
}

fn plain(text: &str, at: usize) -> Option<Candidate> {
    let start = local_start(text, at)?;
    let end = at + 1 + domain_length(&text[at + 1..]);
    let domain = &text[at + 1..end];
    let (_, top) = domain.rsplit_once('.')?;
    if top.len() < 2 || top.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let canonical = canonical(&text[start..at], domain);
    // The scheme of RFC 6068 goes with the address that it is for.
    let start = text[..start].strip_suffix("mailto:").map_or(start, str::len);
    Some(Candidate::new(start..end, Label::Email, canonical, &PLAIN))
}

/// An address around a form of the at sign. The domain must end in a common top level, because words are no syntax.
fn around(text: &str, at: &Range<usize>, rule: &'static Rule) -> Option<Candidate> {
    let before = text[..at.start].trim_end_matches(' ');
    let start = local_start(text, before.len())?;
    let local = &text[start..before.len()];
    let spaces = at.end + text[at.end..].len() - text[at.end..].trim_start_matches(' ').len();
    let (end, domain, disguised) = spelled_domain(text, spaces)?;
    let in_words = text[at.clone()].starts_with(' ') && !text[at.clone()].contains(['(', '[']);
    let prose = in_words
        && (NOT_LOCAL.contains(&local.to_ascii_lowercase().as_str())
            || !disguised && text[at.clone()].trim() == "at" && local.len() < 3);
    (!prose).then(|| Candidate::new(start..end, Label::Email, canonical(local, &domain), rule))
}

/// Where the name before `at` begins.
fn local_start(text: &str, at: usize) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let before = &text[..at];
    let length: usize = before.chars().rev().take_while(|c| part(*c)).map(char::len_utf8).sum();
    let local = &before[at - length..];
    // A link's scheme may stand right before a name.
    let local = local.trim_start_matches(['.', '-', '+', '%']);
    let skip = local.char_indices().rev().nth(MAX_LOCAL_BYTES).map_or(0, |(at, c)| at + c.len_utf8());
    let local = &local[skip..];
    (!local.is_empty()).then(|| at - local.len())
}

/// The length of the domain that begins here: labels and dots, ending in a letter or digit.
fn domain_length(rest: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let end = rest
        .char_indices()
        .take(MAX_DOMAIN_BYTES)
        .find(|(_, c)| !part(*c))
        .map_or(rest.len().min(MAX_DOMAIN_BYTES * 4), |(at, _)| at);
    let end = rest.floor_char_boundary(end);
    let domain = rest[..end].trim_end_matches(['.', '-']);
    // Two dots end a domain: they begin an ellipsis.
    domain.find("..").unwrap_or(domain.len())
}

/// Labels joined by dots in any of their forms, up to a common top level: its end, the domain, and whether a form other
/// than a plain dot was used.
fn spelled_domain(text: &str, start: usize) -> Option<(usize, String, bool)> {
    let mut domain = String::new();
    let (mut at, mut disguised) = (start, false);
    let mut best = None;
    for _ in 0..6 {
        let rest = &text[at..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
        if length == 0 || length > 63 || rest.as_bytes()[0] == BARRIER {
            break;
        }
        domain.push_str(&rest[..length]);
        at += length;
        if domain.contains('.') && is_top_level(&rest[..length].to_ascii_lowercase()) && !word_after(text, at) {
            best = Some((at, domain.clone(), disguised));
        }
        let rest = &text[at..];
        let form = if rest.starts_with('.') { Some(1) } else { dot_form(rest) };
        let Some(form) = form else { break };
        disguised |= form > 1;
        domain.push('.');
        at += form;
    }
    best
}

fn dot_form(rest: &str) -> Option<usize> {
    DOTS.iter().filter(|form| rest.len() >= form.len()).find_map(|form| {
        let head = rest.get(..form.len())?;
        (head == *form || head.to_lowercase() == *form).then_some(form.len())
    })
}

/// Lower case, without the words that only keep machines away.
fn canonical(local: &str, domain: &str) -> String {
    let domain = domain.to_lowercase();
    let domain =
        ["nospam.", "no-spam.", "remove-this."].iter().find_map(|word| domain.strip_prefix(word)).unwrap_or(&domain);
    format!("{}@{domain}", local.to_lowercase())
}
