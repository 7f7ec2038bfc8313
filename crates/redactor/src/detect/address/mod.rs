//! Street addresses with a house number, hotels with a room, and postcodes that show what they are. A street or a town
//! alone is a name; the name tagger hides those.

mod postcode;
mod told;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use model::Label;

use self::postcode::tail_with_postcode;
use super::scan::{BARRIER, floor, word_after, word_before};
use super::table::words_of;
use super::trigger::Trigger;
use crate::letter::is_word;
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str) -> Rule {
    Rule { detector: "address", name, reason, strength: strength::CONTEXT - 5 }
}

static STREET: Rule = rule("street", "a street's name with a house number");
static ROOM: Rule = rule("hotel-room", "a hotel with the number of a room");
static POSTCODE: Rule = rule("postcode", "a postcode in the form of its country");

const TABLE: &str = include_str!("words.txt");

/// Most words of a street's name, and of what stands between a hotel and its room.
const MAX_NAME_WORDS: usize = 4;
const MAX_HOTEL_BYTES: usize = 48;
const MAX_UNITS: usize = 5;

/// What may stand between two lines of an address, which a quotation begins with signs of its own.
const LINE_SIGNS: [char; 6] = [' ', ',', '\n', '>', '?', '|'];
const MAX_LINE_SIGNS: usize = 8;

/// Where a word stands in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Behind the name: `12 Baker Street`.
    Behind,
    /// Before the name: `calle Mayor 5`.
    Before,
    /// The end of the name: `Hauptstraße 5`.
    End,
    /// A flat or a suite, which no text but an address numbers.
    Unit,
    /// A hotel.
    Hotel,
    /// What announces an address: `lives at`.
    Told,
    /// A box of a post office.
    PostBox,
    /// Where two streets meet.
    Corner,
}

static UNITS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| section("[unit]").map(|(word, _)| word).collect());
static ROOMS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut words: Vec<_> = section("[room]").map(|(word, _)| word).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
});

/// Kinds of streets with the house number behind them.
const NUMBER_LAST: &[&str] = &[
    "utca",
    "u.",
    "út",
    "útja",
    "tér",
    "tere",
    "körút",
    "köz",
    "caddesi",
    "cad",
    "cad.",
    "sokak",
    "sokağı",
    "sok.",
    "bulvarı",
    "mahallesi",
];

/// Small words inside names of streets.
const PARTICLES: &[&str] = &[
    "de", "del", "della", "delle", "dei", "di", "da", "do", "dos", "das", "du", "des", "la", "le", "les", "el", "los",
    "las", "l", "d", "van", "der", "den", "von", "zum", "zur", "am", "an", "im", "of", "and", "y", "e", "i", "lui",
];

/// Words that end a name to the left of a street's kind.
const STOPS: &[&str] = &[
    "a", "about", "all", "and", "any", "are", "at", "away", "by", "every", "for", "from", "girls", "hour", "hours",
    "in", "is", "it", "just", "me", "min", "mins", "minute", "minutes", "my", "new", "no", "off", "on", "only", "or",
    "our", "per", "right", "same", "that", "the", "this", "to", "up", "was", "we", "with", "you", "your", "years",
    "year", "days", "day", "two", "one",
];

fn section(name: &str) -> impl Iterator<Item = (&'static str, bool)> {
    words_of(TABLE, name).map(|word| (word.trim_end_matches('?'), word.ends_with('?')))
}

/// Every word, where it stands, and whether it is an ordinary word, for the automaton that looks for them all.
pub(super) fn words() -> impl Iterator<Item = (&'static str, Part, bool)> {
    const FLATS: [&str; 8] = ["apt", "apt.", "apartment", "suite", "ste.", "apto", "appt", "lgh"];
    let parts = [
        ("[behind]", Part::Behind),
        ("[before]", Part::Before),
        ("[end]", Part::End),
        ("[hotel]", Part::Hotel),
        ("[told]", Part::Told),
        ("[post box]", Part::PostBox),
        ("[corner]", Part::Corner),
    ];
    let streets =
        parts.into_iter().flat_map(|(name, part)| section(name).map(move |(word, ordinary)| (word, part, ordinary)));
    streets.chain(FLATS.map(|word| (word, Part::Unit, false)))
}

/// Whether a word is one where it stands.
pub(super) fn is_whole(text: &str, word: &Range<usize>, part: Part) -> bool {
    let ends = !word_after(text, word.end) || text[..word.end].ends_with('.');
    ends && (part == Part::End || !word_before(text, word.start))
}

/// Reads addresses at every word, and postcodes.
pub(super) fn find(
    text: &str,
    triggers: &[(Trigger, Range<usize>)],
    groups: &[Range<usize>],
    found: &mut Vec<Candidate>,
) {
    for (trigger, word) in triggers {
        let Trigger::Address(part, ordinary) = trigger else { continue };
        let range = match part {
            Part::Behind => behind(text, word, *ordinary),
            Part::Before => before(text, word, *ordinary),
            Part::End => ends(text, word),
            Part::Unit => by_unit(text, word),
            Part::Hotel => hotel(text, word),
            Part::Told => told::announced(text, word),
            Part::PostBox => told::post_box(text, word),
            Part::Corner => told::corner(text, word),
        };
        let rule = if *part == Part::Hotel { &ROOM } else { &STREET };
        found.extend(range.map(|range| candidate(text, range, rule)));
    }
    for range in postcode::find(text, groups) {
        found.push(candidate(text, range, &POSTCODE));
    }
}

fn candidate(text: &str, range: Range<usize>, rule: &'static Rule) -> Candidate {
    let parts = text[range.clone()].split(|c: char| !is_word(c)).filter(|part| !part.is_empty());
    let value = parts.collect::<Vec<_>>().join(" ").to_lowercase();
    Candidate::new(range, Label::Location, value, rule)
}

/// Whether a word names a part of a house, such as a flat.
fn is_unit(word: &str) -> bool {
    let lower = word.to_lowercase();
    UNITS.contains(lower.as_str()) || UNITS.contains(format!("{lower}.").as_str())
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase() && c.is_alphabetic())
}

/// The word that ends at `at`, past spaces, and where it begins.
fn word_to_the_left(text: &str, at: usize) -> Option<Range<usize>> {
    let head = text[..at].trim_end_matches([' ', '.']);
    if at - head.len() > 2 {
        return None;
    }
    let part = |c: &char| is_word(*c) || matches!(c, '\'' | '-' | '’');
    let length: usize = head.chars().rev().take(32).take_while(part).map(char::len_utf8).sum();
    (length > 0).then(|| head.len() - length..head.len())
}

/// A house number: up to five digits and a letter, or two of them with a dash.
fn is_house_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &word[digits..];
    (1..=5).contains(&digits)
        && (rest.len() <= 1 && rest.chars().all(char::is_alphabetic)
            || rest
                .strip_prefix('-')
                .is_some_and(|tail| tail.len() <= 4 && tail.bytes().all(|b| b.is_ascii_alphanumeric())))
}

/// `12 Baker Street, Flat 3, London NW1 6XE`.
fn behind(text: &str, word: &Range<usize>, ordinary: bool) -> Option<Range<usize>> {
    if NUMBER_LAST.contains(&text[word.clone()].to_lowercase().as_str())
        && let Some(range) = number_last(text, word)
    {
        return Some(range);
    }
    if ordinary && !is_capital(&text[word.clone()]) {
        return None;
    }
    let mut at = word.start;
    for place in 0..=MAX_NAME_WORDS {
        let left = word_to_the_left(text, at)?;
        let written = &text[left.clone()];
        if place > 0
            && is_house_number(written)
            && !word_before(text, left.start)
            && !text[..left.start].ends_with(['$', '€', '£'])
        {
            return Some(another_number(text, left.start)..tail(text, word.end));
        }
        let stops = STOPS.contains(&written.to_lowercase().as_str());
        if stops || ordinary && !is_capital(written) && !written.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        at = left.start;
    }
    None
}

/// `Minta utca 12`, `Örnek sokak No: 5`: names in capitals before the kind of street, the number behind it.
fn number_last(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let rest = &text[word.end..];
    let gap = rest.len() - rest.trim_start_matches([' ', '.', ',']).len();
    let label = ["No:", "No.", "no:", "no", "No"].into_iter().find(|label| rest[gap..].starts_with(label));
    let number = gap + label.map_or(0, str::len);
    let spaces = rest[number..].len() - rest[number..].trim_start_matches(' ').len();
    let number = word.end + number + spaces;
    let length = text[number..].find(|c: char| !is_word(c) && !matches!(c, '-' | '/')).unwrap_or(text.len() - number);
    let house = text[number..number + length].split(['/', '-']).next().is_some_and(is_house_number);
    if gap > 3 || spaces > 1 || !house || is_measured(&text[number + length..]) {
        return None;
    }
    let mut start = None;
    for _ in 0..MAX_NAME_WORDS {
        let from = start.unwrap_or(word.start);
        let Some(left) = word_to_the_left(text, from).filter(|left| is_capital(&text[left.clone()])) else { break };
        start = Some(left.start);
    }
    start.map(|start| another_number(text, start)..tail(text, number + length))
}

/// `calle Mayor 5`, `ул. Ленина, д. 5, кв. 12`, `12 rue de la Paix`.
fn before(text: &str, word: &Range<usize>, ordinary: bool) -> Option<Range<usize>> {
    let mut at = word.end;
    let mut names = 0;
    let mut last_name = word.end;
    for _ in 0..MAX_NAME_WORDS + 3 {
        let rest = &text[at..];
        let gap = rest.find(|c: char| is_word(c) || c == char::from(BARRIER)).unwrap_or(rest.len());
        let signs = &rest[..gap];
        if gap > 4
            || !signs.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\'' | '’' | '"' | '«' | '»' | '№' | '#'))
            || signs.contains(". ") && names > 1
        {
            break;
        }
        let start = at + gap;
        let part = |c: char| is_word(c) || matches!(c, '-' | '\'' | '’' | '/');
        let length = text[start..].find(|c: char| !part(c)).unwrap_or(text.len() - start);
        let written = &text[start..start + length];
        let lower = written.to_lowercase();
        if length == 0 {
            break;
        }
        if written.starts_with(|c: char| c.is_ascii_digit()) {
            if names == 0 && !matches!(lower.as_str(), _ if is_house_number(written)) {
                break;
            }
            let number = written.find(|c: char| !is_word(c) && c != '/' && c != '-').unwrap_or(written.len());
            let house = written[..number].split(['/', '-']).next().is_some_and(is_house_number);
            // A price or an hour is no house.
            if house && names > 0 && !is_measured(&text[start + number..]) {
                return Some(word.start..tail(text, start + number));
            }
            break;
        }
        let unit = UNITS.contains(lower.as_str())
            || UNITS.contains(format!("{lower}.").as_str())
            || matches!(lower.as_str(), "no" | "nr" | "n");
        let particle = PARTICLES.contains(&lower.as_str());
        if !unit {
            if ordinary && !is_capital(written) && !particle || STOPS.contains(&lower.as_str()) && !particle {
                break;
            }
            names += usize::from(!particle);
            if is_capital(written) {
                last_name = start + length;
            }
        }
        if names > MAX_NAME_WORDS {
            break;
        }
        at = start + length;
    }
    // The number may stand before: `12 rue de la Paix`, `12, avenue Foch`, `12 bis rue X`.
    let head = text[..word.start].trim_end_matches([' ', ',']);
    let left = word_to_the_left(text, head.len())?;
    let left =
        if matches!(&text[left.clone()], "bis" | "ter" | "B") { word_to_the_left(text, left.start)? } else { left };
    let number = is_house_number(&text[left.clone()]) && !word_before(text, left.start) && word.start - head.len() <= 2;
    (number && last_name > word.end).then(|| left.start..tail(text, last_name))
}

/// `Hauptstraße 5a`, `Lange Straße 12, 10115 Berlin`.
fn ends(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let head: usize = text[..word.start]
        .chars()
        .rev()
        .take(32)
        .take_while(|c| c.is_alphabetic() || *c == '-')
        .map(char::len_utf8)
        .sum();
    let mut start = word.start - head;
    let short = word.len() <= 5 && text[word.clone()].is_ascii();
    if head == 0 {
        let left = word_to_the_left(text, word.start).filter(|left| is_capital(&text[left.clone()]))?;
        start = left.start;
    } else if head < 3 || short && !is_capital(&text[start..]) {
        return None;
    }
    let rest = &text[word.end..];
    let gap = rest.len() - rest.trim_start_matches([' ', '.', ',']).len();
    let number = word.end + gap;
    let length = text[number..].find(|c: char| !is_word(c) && c != '-' && c != '/').unwrap_or(text.len() - number);
    let written = text[number..number + length].trim_end_matches(['-', '/']);
    let house = written.split(['/', '-']).next().is_some_and(is_house_number);
    let fits = (1..=3).contains(&gap) && house && !is_measured(&text[number + written.len()..]);
    fits.then(|| another_number(text, start)..tail(text, number + written.len()))
}

/// Where a second house number begins right before an address, if one does: `6750 Hauptstraße 25`.
fn another_number(text: &str, start: usize) -> usize {
    let left =
        word_to_the_left(text, start).filter(|left| left.end + 1 == start && is_house_number(&text[left.clone()]));
    left.filter(|left| !word_before(text, left.start)).map_or(start, |left| left.start)
}

/// `2035 Gewerbepark 45 Apt. 815`: a street of no known kind, by the flat behind it.
fn by_unit(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let end = unit(text, word.start)?;
    let (mut at, mut start) = (word.start, None);
    for place in 0..MAX_NAME_WORDS + 2 {
        let head = text[..at].trim_end_matches(LINE_SIGNS);
        let Some(left) = word_to_the_left(text, head.len()).filter(|_| at - head.len() <= MAX_LINE_SIGNS) else {
            break;
        };
        let written = &text[left.clone()];
        if is_house_number(written) && !word_before(text, left.start) {
            start = (place > 0 || start.is_some()).then_some(left.start).or(start);
        } else if !is_capital(written) && !PARTICLES.contains(&written.to_lowercase().as_str()) {
            break;
        }
        at = left.start;
    }
    // On a line of its own it stands below a street that nothing else shows.
    let first = text[..word.start].trim_end_matches([' ', '>', '?', '|', '\t']);
    let alone = (first.is_empty() || first.ends_with('\n')) && is_capital(&text[word.clone()]);
    start.or(alone.then_some(word.start)).map(|start| start..tail(text, end))
}

fn is_measured(rest: &str) -> bool {
    const UNITS: [&str; 16] =
        ["€", "$", "£", "eur", "usd", "euro", "min", "uhr", "h ", "km", "am ", "pm ", "%", "руб", "zł", "kr"];
    let rest = rest.trim_start_matches(' ');
    rest.starts_with(':') && rest[1..].starts_with(|c: char| c.is_ascii_digit())
        || UNITS.iter().any(|unit| rest.get(..unit.len()).is_some_and(|head| head.eq_ignore_ascii_case(unit)))
}

/// Flats, floors and the line with the postcode that follow a street.
fn tail(text: &str, end: usize) -> usize {
    let mut end = end;
    for _ in 0..MAX_UNITS {
        let Some(next) = unit(text, end) else { break };
        end = next;
    }
    tail_with_postcode(text, end).unwrap_or(end)
}

/// `, Flat 3`, ` #12B`, `, кв. 5`.
fn unit(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let gap = rest.len() - rest.trim_start_matches([' ', ',', '.', ';', '\n']).len();
    let rest = &rest[gap..];
    let word = rest
        .find(|c: char| !c.is_alphabetic() && !matches!(c, '.' | '#' | 'º' | '°' | ':' | '\''))
        .unwrap_or(rest.len());
    let name = &rest[..word];
    let lower = name.to_lowercase();
    let known = UNITS.contains(lower.as_str()) || UNITS.contains(lower.trim_end_matches(['.', ':']));
    let after = &rest[word..];
    let space = after.len() - after.trim_start_matches([' ', '#', '№']).len();
    let value = &after[space..];
    let length = value.find(|c: char| !is_word(c) && c != '-').unwrap_or(value.len());
    let number =
        length <= 6 && value[..length].bytes().any(|byte| byte.is_ascii_digit()) || length == 1 && is_capital(value);
    (gap <= 6 && !name.is_empty() && known && space <= 2 && number && length > 0)
        .then(|| at + gap + word + space + length)
}

/// `Hotel Astoria room 214`: the hotel's name goes with the room.
fn hotel(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let window = &text[word.end..text.floor_char_boundary((word.end + MAX_HOTEL_BYTES).min(text.len()))];
    let window = &window[..window.find(['\n', '\u{1}', '!', '?', ';']).unwrap_or(window.len())];
    let lower = window.to_lowercase();
    if lower.len() != window.len() {
        return None;
    }
    let (at, length) = ROOMS.iter().find_map(|room| {
        let at = lower.find(room)?;
        let free = !word_before(&lower, at) || room.chars().all(|c| c as u32 >= 0xe00);
        let rest = &lower[at + room.len()..];
        let gap = rest.len() - rest.trim_start_matches([' ', '#', ':', '.', '№']).len();
        let digits = rest[gap..].bytes().take_while(u8::is_ascii_digit).count();
        let letter = usize::from(
            rest[gap + digits..].starts_with(|c: char| c.is_ascii_lowercase()) && !word_after(rest, gap + digits + 1),
        );
        (free && gap <= 3 && (1..=5).contains(&digits)).then_some((at, room.len() + gap + digits + letter))
    })?;
    let mut start = word.start;
    for _ in 0..3 {
        let Some(left) = word_to_the_left(text, start).filter(|left| is_capital(&text[left.clone()])) else { break };
        start = left.start;
    }
    Some(floor(text, start)..floor(text, word.end + at + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn hidden(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(
            text,
            &super::super::trigger::find(text, &super::super::Words::of(text)),
            &super::super::scan::Scan::new(text).groups,
            &mut found,
        );
        found.into_iter().map(|candidate| &text[candidate.range]).collect()
    }

    #[test]
    fn addresses_are_found_with_all_their_parts() {
        for (text, address) in [
            ("at 12 Baker Street, Flat 3 now", "12 Baker Street, Flat 3"),
            (
                "go to 4450 Example Ave Apt 12B, Springfield, IL 62704 today",
                "4450 Example Ave Apt 12B, Springfield, IL 62704",
            ),
            ("in der Hauptstraße 5a, 10115 Berlin wohnen", "Hauptstraße 5a, 10115 Berlin"),
            ("calle Mayor 5, piso 2", "calle Mayor 5, piso 2"),
            ("au 12 rue de la Paix", "12 rue de la Paix"),
            ("ул. Примерная, д. 5, кв. 12", "ул. Примерная, д. 5, кв. 12"),
            ("Hotel Astoria room 214 ok", "Hotel Astoria room 214"),
        ] {
            assert!(hidden(text).contains(&address), "{text}: {:?}", hidden(text));
        }
    }

    #[test]
    fn prices_hours_and_rooms_alone_are_no_addresses() {
        for text in [
            "24 hours drive, 10 minutes drive",
            "room 1405, floor 14, suite 200, gate code at the desk",
            "via email 100 times",
            "on the way 5 stars",
            "strip club weg 5 min",
        ] {
            assert_eq!(hidden(text), [""; 0], "{text}");
        }
    }
}
