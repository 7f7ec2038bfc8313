//! Account names: after a platform's name, behind an at sign, and in a platform's links.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use model::Label;

use super::email;
use super::phone::{self, Hints, Setting, Tier};
use super::platform::{LINK_HOSTS, NAMES};
use super::scan::{BARRIER, digits_of, floor, word_after, word_before};
use super::signs::{self, Sign};
use super::trigger::Trigger;
use crate::letter::is_word;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "handle", name, reason, strength }
}

static NAMED: Rule = rule("platform", "a name right after a platform's name", strength::CONTEXT);
static AT_SIGN: Rule = rule("at-sign", "a name behind an at sign that no address explains", strength::FORM);
static LETTERS: Rule = rule("letters", "single letters right after a platform's name", strength::CONTEXT);
static BEHIND: Rule =
    rule("platform-behind", "a name with a sign or digit in it, and a platform's name behind", strength::CONTEXT);
static LINK: Rule = rule("link", "the account in a platform's link", strength::LINK);

/// Bounds of a name, and of what may stand between a platform and a name.
const MIN_NAME_BYTES: usize = 3;
const MAX_NAME_BYTES: usize = 64;
const MAX_GAP_BYTES: usize = 24;

/// Words between a platform and a name, of all languages, and those among them that announce one.
static FILLERS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words("[fillers]"));
const ANNOUNCING: &[&str] = &[
    "is",
    "id",
    "username",
    "user",
    "handle",
    "ник",
    "ist",
    "es",
    "est",
    "jest",
    "adım",
    "아이디",
    "name",
    "nick",
    "nickname",
    "account",
    "acc",
    "acct",
    "konto",
    "compte",
    "cuenta",
    "perfil",
    "аккаунт",
    "акк",
    "логин",
    "s",
];

/// Words that stand where a name could, and are none.
static NOT_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words("[not-names]"));

/// Words between a name and the platform behind it.
static BEFORE: LazyLock<HashSet<&'static str>> = LazyLock::new(|| words("[before-platform]"));

/// Platforms whose names are ordinary words: only a name with a digit or a sign in it counts behind them.
const ORDINARY: &[&str] = &[
    "chime", "disc", "element", "gram", "line", "matrix", "session", "simplex", "steam", "threads", "tweet", "whats",
    "wire",
];

/// The words of one section of the table.
fn words(section: &str) -> HashSet<&'static str> {
    let lines = include_str!("handle_words.txt").lines();
    lines
        .skip_while(|line| *line != section)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .flat_map(str::split_whitespace)
        .collect()
}

/// Reads accounts at every trigger, and behind at signs that mail addresses left over.
pub(crate) fn find(text: &str, triggers: &[(Trigger, Range<usize>)], hints: &Hints, found: &mut Vec<Candidate>) {
    for (trigger, at) in triggers {
        match trigger {
            Trigger::Platform(place) => {
                found.extend(named(text, at, NAMES[*place].1));
                found.extend(before(text, at, NAMES[*place].1));
            }
            Trigger::Link(place) => found.extend(linked(text, at, *place, hints)),
            _ => {}
        }
    }
    let mut signs = memchr::memchr_iter(b'@', text.as_bytes()).peekable();
    if signs.peek().is_some() {
        let platforms = Platforms::of(triggers);
        found.extend(signs.filter_map(|at| behind_at_sign(text, at, &platforms)));
    }
}

/// The platforms that a text names, by where their names end, with their places in the list of all triggers.
struct Platforms(Vec<(Range<usize>, usize, &'static str)>);

impl Platforms {
    fn of(triggers: &[(Trigger, Range<usize>)]) -> Self {
        let mut platforms: Vec<_> = triggers
            .iter()
            .enumerate()
            .filter_map(|(number, (trigger, place))| match trigger {
                Trigger::Platform(named) => Some((place.clone(), number, NAMES[*named].1)),
                _ => None,
            })
            .collect();
        platforms.sort_by_key(|(place, ..)| place.end);
        Self(platforms)
    }

    /// The last trigger that stands between two places.
    fn between(&self, from: usize, to: usize) -> Option<&'static str> {
        let before = self.0.partition_point(|(place, ..)| place.end <= to);
        let near = self.0[..before].iter().rev().take_while(|(place, ..)| place.end >= from);
        near.filter(|(place, ..)| place.start >= from).max_by_key(|(_, number, _)| *number).map(|(.., name)| *name)
    }
}

/// `insta: jade.example`, `kik me jade_x`, `snap 👻 jade`, `ig j a d e`.
fn named(text: &str, at: &Range<usize>, platform: &str) -> Option<Candidate> {
    let unspaced = text[at.clone()].chars().all(|c| c as u32 >= 0xe00);
    if !unspaced && (word_before(text, at.start) || word_after(text, at.end)) {
        return None;
    }
    // A second name of a platform right behind belongs to the first: `wh@tsapp/1g: jade`.
    let mut place = at.end;
    // Behind a picture, or a name in another script, Latin letters stand out.
    let written = &text[at.clone()];
    let mut marked =
        written.ends_with(':') || written.ends_with(" id") || !written.is_ascii() && !written.contains(' ');
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
        let plain: String = lower
            .chars()
            .map(|c| match c {
                '1' => 'i',
                '0' => 'o',
                '3' => 'e',
                '4' => 'a',
                _ => c,
            })
            .collect();
        let another = platform_names().contains(plain.as_str()) && next < text.len();
        let filler = FILLERS.contains(lower.as_str()) && text[next..].starts_with([' ', ':', '=', '-', '/']);
        if !(filler || another) || word.is_empty() {
            break;
        }
        marked |= ANNOUNCING.contains(&lower.as_str());
        place = next;
    }
    if let Some(form) = signs::form(text, place, |sign| sign == Sign::At).filter(|form| form.marked) {
        place += form.length;
        marked = true;
    }
    if let Some((length, letters)) = single_letters(&text[place..]) {
        return Some(Candidate::new(place..place + length, Label::Handle, format!("{platform}:{letters}"), &LETTERS));
    }
    let (length, name) = spelled_name(text, place);
    let tail = suffix(&text[place + length..], &name);
    let (length, name) = (length + tail.len(), name + tail);
    let lower = name.to_lowercase();
    let structured = name.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_' || byte == b'.');
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    let ordinary = ORDINARY.contains(&text[at.clone()].to_ascii_lowercase().as_str());
    let fits = name.len() >= MIN_NAME_BYTES && (marked && !ordinary || structured) && !digits;
    let known = NOT_NAMES.contains(lower.as_str()) || platform_names().contains(lower.as_str());
    // A name with an at sign behind it is the local part of an address.
    let end = place + length;
    let address = text[end..].starts_with('@') || text[end..].starts_with("://");
    let unit = structured && is_measure(&lower);
    (fits && !known && !address && !unit)
        .then(|| Candidate::new(place..end, Label::Handle, format!("{platform}:{lower}"), &NAMED))
}

/// What goes on behind a name on some platforms: `#1234`, and the account behind `live:`.
fn suffix<'t>(rest: &'t str, name: &str) -> &'t str {
    let digits = rest.strip_prefix('#').map_or(0, |tail| tail.bytes().take_while(u8::is_ascii_digit).count());
    if digits == 4 {
        return &rest[..5];
    }
    let account =
        rest.strip_prefix(':').filter(|_| name.eq_ignore_ascii_case("live")).map_or(0, |_| name_at(rest, 1).len());
    if account > 0 { &rest[..=account] } else { "" }
}

fn platform_names() -> &'static HashSet<&'static str> {
    static ALL: LazyLock<HashSet<&'static str>> = LazyLock::new(|| NAMES.iter().map(|(name, _)| *name).collect());
    &ALL
}

/// `24h`, `100eur`, `18.00`: what begins with a digit and has few letters measures something.
fn is_measure(name: &str) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    name.starts_with(|c: char| c.is_ascii_digit()) && letters <= 3
}

/// `jade_x on insta`, `jade.x99 (telegram)`.
fn before(text: &str, at: &Range<usize>, platform: &str) -> Option<Candidate> {
    if word_before(text, at.start) || word_after(text, at.end) {
        return None;
    }
    let base = floor(text, at.start.saturating_sub(MAX_NAME_BYTES + MAX_GAP_BYTES));
    let mut head = text[base..at.start].trim_end();
    let bracket = head.ends_with(['(', '[', '-', '|', '=', '/', '–', '@']);
    head = head.trim_end_matches(['(', '[', '-', '|', '=', '/', '–', '@']).trim_end();
    if !bracket {
        let word = head.rsplit(|c: char| !is_word(c)).next()?;
        if !BEFORE.contains(word.to_lowercase().as_str()) {
            return None;
        }
        head = head[..head.len() - word.len()].trim_end();
    }
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let length = head.bytes().rev().take_while(|byte| part(char::from(*byte))).count();
    let name = head[head.len() - length..].trim_start_matches(['.', '-']);
    let end = base + head.len();
    let free = !word_before(text, end - name.len()) && !text[..end - name.len()].ends_with(['/', '<']);
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    let addressed = text[..end - name.len()].trim_end().ends_with('@');
    let signed = addressed || name.contains('_') || name.bytes().any(|byte| byte.is_ascii_digit()) && letters >= 3;
    (name.len() > MIN_NAME_BYTES && free && signed && letters > 1 && !is_measure(name)).then(|| {
        let range = end - name.len()..end;
        Candidate::new(range, Label::Handle, format!("{platform}:{}", name.to_lowercase()), &BEHIND)
    })
}

/// Single letters with one space between them: how far they go, and the name they spell.
fn single_letters(rest: &str) -> Option<(usize, String)> {
    const MIN_LETTERS: usize = 4;
    let (letters, ends) = email::spaced_letters(rest);
    let name = letters.trim_end_matches(['.', '/', '-']);
    let spaced = rest.as_bytes().get(1) == Some(&b' ');
    (spaced && name.len() >= MIN_LETTERS).then(|| (ends[name.len() - 1], name.to_lowercase()))
}

/// The name that begins at `at`, with words for its signs: `jade underscore x`.
fn spelled_name(text: &str, at: usize) -> (usize, String) {
    const MAX_PARTS: usize = 4;
    let first = name_at(text, at);
    let (mut end, mut name) = (at + first.len(), first.to_owned());
    for _ in 1..MAX_PARTS {
        let Some(form) = signs::form(text, end, |sign| sign != Sign::At).filter(|form| form.word) else { break };
        let next = name_at(text, end + form.length);
        if name.is_empty() || next.is_empty() {
            break;
        }
        name.push(match form.sign {
            Sign::Underscore => '_',
            Sign::Hyphen => '-',
            Sign::Dot | Sign::At => '.',
        });
        name.push_str(next);
        end += form.length + next.len();
    }
    (end - at, name)
}

/// The signs between a platform and a name: their length, and whether they announce a name.
fn gap(rest: &str) -> (usize, bool) {
    let end = rest.char_indices().find(|(_, c)| is_word(*c) || *c == char::from(BARRIER) || *c == '_' || *c == '\n');
    let signs = &rest[..end.map_or(rest.len(), |(at, _)| at)];
    // An end of a sentence, a slash or a bracket announces nothing.
    let announces = signs
        .chars()
        .any(|c| matches!(c, ':' | '=' | '-' | '>' | '@' | '$' | '~' | '|' | '(' | '[' | '/') || !c.is_ascii());
    (signs.len(), announces && !signs.contains(". "))
}

fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.char_indices().find(|(_, c)| !is_word(*c)).map_or(rest.len(), |(at, _)| at);
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
    if before.is_some_and(|c| is_word(c) || c == '-') || text[at.start..].starts_with("//") && before != Some(':') {
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
fn behind_at_sign(text: &str, at: usize, platforms: &Platforms) -> Option<Candidate> {
    let name = name_at(text, at + 1);
    let before = text[..at].chars().next_back();
    let free = before.is_none_or(|c| !is_word(c) && !matches!(c, '.' | '_' | '/' | '='));
    let letters = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !free || !letters || name.len() < MIN_NAME_BYTES || name.len() > MAX_NAME_BYTES {
        return None;
    }
    let near = floor(text, at.saturating_sub(MAX_GAP_BYTES));
    let platform = platforms.between(near, at);
    let canonical = format!("{}:{}", platform.unwrap_or("handle"), name.to_lowercase());
    Some(Candidate::new(at..at + 1 + name.len(), Label::Handle, canonical, &AT_SIGN))
}
