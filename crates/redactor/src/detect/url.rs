//! Web addresses: with a scheme, with `www.`, and bare names under a common top level.

use std::ops::Range;
use std::sync::LazyLock;

use model::Label;
use rustc_hash::FxHashSet;

use super::email;
use super::platform::LINK_HOSTS;
use super::scan::{BARRIER, word_before};
use super::signs;
use super::trigger::Trigger;
use crate::letter::is_word;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "url", name, reason, strength }
}

static SCHEME: Rule = rule("scheme", "a scheme and what follows it", strength::SYNTAX - 5);
static WWW: Rule = rule("www", "a name that begins with www", strength::SYNTAX - 5);
static SPELLED: Rule = rule("spelled", "a domain name with words or brackets for its dots", strength::FORM);
static LETTERS: Rule = rule("letters", "a domain name behind www with a space after each letter", strength::SYNTAX - 5);
static BARE: Rule = rule("bare", "a domain name under a common top level", strength::FORM);

/// The longest address that is read; what goes on behind it is hidden with it.
const MAX_URL_BYTES: usize = 4_096;

/// The longest host of a bare name, by RFC 1035, with room for scripts of more than one byte a letter.
const MAX_HOST_BYTES: usize = 512;

/// Top levels under which a bare name is an address, most used first. Those that are words of a large language
/// (`is`, `in`, `so`) count only with a path behind them.
const TOP_LEVELS: &[&str] = &[
    "com", "org", "net", "info", "biz", "de", "uk", "ru", "fr", "nl", "eu", "br", "pl", "au", "ca", "jp", "cn", "kr",
    "ch", "cz", "ua", "se", "dk", "fi", "gr", "hu", "ro", "pt", "tr", "mx", "ar", "cl", "co", "io", "xyz", "online",
    "site", "shop", "club", "top", "app", "dev", "link", "live", "page", "cc", "tv", "ws", "bg", "rs", "hr", "sk",
    "lt", "lv", "ee", "kz", "ge", "il", "ae", "sa", "th", "vn", "hk", "sg", "tw", "nz", "za", "ie", "example", "test",
    "invalid", "onion", "рф", "укр", "бг", "срб", "edu", "gov", "mil", "int", "mobi", "name", "pro", "adult", "xxx",
    "sex", "porn", "cam", "chat", "dating", "es", "icu", "store", "website", "space", "fun", "ly", "gg", "gl", "su",
    "md", "lu", "li", "al", "ba", "mk", "si", "ec", "ve", "cr", "uy",
];
const TOP_LEVELS_WITH_PATH: &[&str] =
    &["me", "is", "in", "it", "so", "to", "at", "be", "no", "my", "us", "by", "am", "as", "la", "id", "pe", "do"];

/// Country codes in use as top levels, two letters each.
const COUNTRIES: &str = "acadaeafagaialamaoaqarasatauawaxazbabbbdbebfbgbhbibjbmbnbobrbsbtbwbybzcacccdcfcgchcickclcmcn\
    cocrcucvcwcxcyczdedjdkdmdodzeceeegereseteufifjfkfmfofrgagdgegfggghgiglgmgngpgqgrgsgtgugwgyhkhmhnhrhthuidieiliminio\
    iqirisitjejmjojpkekgkhkikmknkpkrkwkykzlalblclilklrlsltlulvlymamcmdmemgmhmkmlmmmnmompmqmrmsmtmumvmwmxmymznanc\
    nenfngninlnonpnrnunzompapepfpgphpkplpmpnprpsptpwpyqarerorsrurwsasbscsdsesgshsiskslsmsnsosrssstsusvsxsysztctd\
    tftgthtjtktltmtntotrtttvtwtzuaugukusuyuzvavcvevgvivnvuwfwsyeytzazmzw";

/// The longest top level above, with room for capitals that are written in more bytes.
const MAX_TOP_BYTES: usize = 16;

/// Whether `label`, in lower case, is a common top level or a country's.
pub(crate) fn is_top_level(label: &str) -> bool {
    static COUNTRY: LazyLock<FxHashSet<&[u8]>> = LazyLock::new(|| COUNTRIES.as_bytes().chunks(2).collect());
    is_common(label) || label.len() == 2 && COUNTRY.contains(label.as_bytes())
}

fn is_common(label: &str) -> bool {
    static COMMON: LazyLock<FxHashSet<&str>> = LazyLock::new(|| TOP_LEVELS.iter().copied().collect());
    label.len() <= MAX_TOP_BYTES && COMMON.contains(label)
}

/// Reads addresses at every trigger and every dot.
pub(crate) fn find(text: &str, triggers: &[(Trigger, Range<usize>)], found: &mut Vec<Candidate>) {
    for (trigger, at) in triggers {
        match trigger {
            Trigger::Scheme => found.extend(with_scheme(text, at)),
            Trigger::Www if word_before(text, at.start) => {}
            Trigger::Www if text[at.clone()].contains(' ') => found.extend(letter_by_letter(text, at.start)),
            Trigger::Www => found.extend(whole(text, at.start, &WWW)),
            Trigger::Dot => found.extend(spelled(text, at.start)),
            _ => {}
        }
    }
    let (mut after, mut run) = (0, 0);
    for dot in memchr::memchr_iter(b'.', text.as_bytes()) {
        if dot >= after
            && let Some(candidate) = bare(text, dot, &mut run)
        {
            after = candidate.range.end;
            found.push(candidate);
        }
    }
}

/// `mail dot example dot org`, `example[.]com/x`: a label, a form of the dot, and on to a top level that is no word.
fn spelled(text: &str, dot: usize) -> Option<Candidate> {
    const NO_LABELS: [&str; 14] =
        ["the", "a", "at", "on", "by", "to", "and", "this", "that", "one", "your", "my", "is", "of"];
    let from = signs::lead(text, dot);
    let length: usize =
        text[..from].chars().rev().take(64).take_while(|c| is_word(*c) || *c == '-').map(char::len_utf8).sum();
    let start = from - length;
    let (end, domain, disguised) = email::spelled_domain(text, start)?;
    let (label, _) = domain.split_once('.')?;
    let top = domain.rsplit('.').next().unwrap_or_default().to_lowercase();
    let sure = is_common(&top);
    if length < 2
        || !disguised
        || !sure
        || NO_LABELS.contains(&label.to_lowercase().as_str())
        || text[..start].ends_with('@')
    {
        return None;
    }
    let path = text[end..].starts_with(['/', '?', '#']);
    let tail = if path { &text[end..end + self::length(&text[end..])] } else { "" };
    let value = canonical(&format!("{domain}{tail}"));
    Some(Candidate::new(start..end + tail.len(), Label::Url, value, &SPELLED))
}

/// `w w w . e x a m p l e . c o m`.
fn letter_by_letter(text: &str, start: usize) -> Option<Candidate> {
    let (letters, ends) = email::spaced_letters(&text[start..]);
    let length = email::spelled_top_level(&letters)?;
    let range = start..start + ends[length - 1];
    Some(Candidate::new(range, Label::Url, canonical(&letters[..length]), &LETTERS))
}

fn with_scheme(text: &str, at: &Range<usize>) -> Option<Candidate> {
    let part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let length = text[..at.start].chars().rev().take(20).take_while(part).count();
    let scheme = text[at.start - length..at.start].trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let mut candidate = whole(text, at.end, &SCHEME)?;
    candidate.range.start = at.start - scheme.len();
    Some(candidate)
}

/// The address whose host begins at `start`.
fn whole(text: &str, start: usize, rule: &'static Rule) -> Option<Candidate> {
    let end = start + length(&text[start..]);
    let body = &text[start..end];
    // A platform's own address names nobody; its accounts are handles.
    let platform = is_platform(body);
    (!body.is_empty() && !platform && body.chars().any(is_word))
        .then(|| Candidate::new(start..end, Label::Url, canonical(body), rule))
}

/// A domain name around a dot: labels to the left, labels and a path to the right. `run`: where the labels and dots end that
/// the last dot stood among.
fn bare(text: &str, dot: usize, run: &mut usize) -> Option<Candidate> {
    let label = |c: char| is_word(c) || c == '-';
    let left: usize = text[..dot].chars().rev().take(64).take_while(|c| label(*c)).map(char::len_utf8).sum();
    let start = dot - left;
    // A sentence ends here, or nothing begins.
    if left == 0 || !text[dot + 1..].starts_with(|c: char| label(c) || c == '.') {
        return None;
    }
    if *run <= dot {
        *run = dot + text[dot..].find(|c: char| !label(c) && c != '.').unwrap_or(text.len() - dot);
    }
    // A longer host is none.
    let window = text.floor_char_boundary((start + MAX_HOST_BYTES).min(text.len()));
    let host_length = (*run).min(window) - start;
    let host = text[start..start + host_length].trim_end_matches(['.', '-']);
    let top = host.rsplit('.').next().unwrap_or_default();
    let path = text[start + host.len()..].starts_with(['/', '?', ':', '#'])
        && text[start + host.len() + 1..].starts_with(|c: char| is_word(c));
    // Where a sentence ends without a space, the next begins with a capital: `call me.So` is no address.
    if top.is_empty() || host.len() <= top.len() + 1 {
        return None;
    }
    if top.len() > MAX_TOP_BYTES {
        return None;
    }
    let lower = top.to_lowercase();
    let cased = || top == lower || host == host.to_uppercase();
    let known = is_common(&lower) || path && TOP_LEVELS_WITH_PATH.contains(&lower.as_str());
    let named = || !host.contains("..") && host[..host.len() - top.len()].chars().any(char::is_alphabetic);
    if !known || !cased() || !named() || text[..start].ends_with(['@', '_']) {
        return None;
    }
    let end = if path { start + length(&text[start..]) } else { start + host.len() };
    let body = &text[start..end];
    (!is_platform(body)).then(|| Candidate::new(start..end, Label::Url, canonical(body), &BARE))
}

/// Whether this is a platform's link host, whose account another detector reads.
fn is_platform(body: &str) -> bool {
    let lower = body.to_lowercase();
    let lower = lower.strip_prefix("www.").or_else(|| lower.strip_prefix("m.")).unwrap_or(&lower);
    // Most hosts begin with another letter: no need to compare more.
    let first = lower.as_bytes().first();
    LINK_HOSTS.iter().map(|link| link.host.trim_start_matches('/')).any(|host| {
        host.as_bytes().first() == first && (lower.starts_with(host) || host.split('/').next() == Some(lower))
    })
}

/// How far an address goes: to a space, a bracket or a quote, without the punctuation of the sentence.
fn length(rest: &str) -> usize {
    let rest = &rest[..rest.floor_char_boundary(MAX_URL_BYTES)];
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, '<' | '>' | '"' | '\'' | '`' | '|' | '{' | '}' | '\\' | '^')
            || c == char::from(BARRIER)
    };
    let body = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let mut body = body.trim_end_matches(['.', ',', ';', '!', '?', ':']);
    // A closing bracket belongs to the address only if it was opened there.
    for (open, close) in [('(', ')'), ('[', ']')] {
        if body.ends_with(close) && body.matches(open).count() < body.matches(close).count() {
            body = body.trim_end_matches(close).trim_end_matches(['.', ',', ';', '!', '?', ':']);
        }
    }
    body.len()
}

/// Host in lower case without `www.`, path as it is without the last slash: one page, one value, with or without a scheme.
pub(crate) fn canonical(body: &str) -> String {
    let cut = body.find(['/', '?', '#']).unwrap_or(body.len());
    let (host, path) = body.split_at(cut);
    let host = host.to_lowercase();
    format!("{}{}", host.strip_prefix("www.").unwrap_or(&host), path.trim_end_matches('/'))
}
