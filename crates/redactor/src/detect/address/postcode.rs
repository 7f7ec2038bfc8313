//! Postcodes: those whose form nothing else has, and those at the end of an address.

use std::ops::Range;

use super::super::scan::{word_after, word_before};
use super::{is_unit, told};

/// Most bytes and words between a street and its postcode.
const MAX_TAIL_BYTES: usize = 120;
const MAX_TAIL_WORDS: usize = 12;

/// Two-letter codes of the states and territories of the United States and the provinces of Canada.
const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH \
    OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU VI AS MP AB BC MB NB NL NS NT NU ON PE QC SK YT AA AE AP";

/// British and Canadian postcodes, and a state with a zip code.
pub(super) fn find<'t>(text: &'t str, groups: &'t [Range<usize>]) -> impl Iterator<Item = Range<usize>> + 't {
    let mut after = 0;
    groups.iter().filter_map(move |group| {
        if group.start < after {
            return None;
        }
        let range = united_kingdom(text, group.start)
            .or_else(|| canada(text, group.start))
            .or_else(|| united_states(text, group));
        after = range.as_ref().map_or(after, |range| range.end);
        range
    })
}

/// `NW1 6XE`: one or two letters, one or two digits and perhaps a letter, then a digit and two letters, all capitals.
fn united_kingdom(text: &str, digit: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let letters = bytes[..digit].iter().rev().take(3).take_while(|byte| byte.is_ascii_uppercase()).count();
    let start = digit - letters;
    let area = matches!(letters, 1 | 2) && !b"QVX".contains(&bytes[start]);
    if !area || word_before(text, start) {
        return None;
    }
    let mut at = digit;
    let mut outward = 0;
    while outward < 2 && bytes.get(at).is_some_and(|byte| byte.is_ascii_digit()) {
        at += 1;
        outward += 1;
    }
    if outward == 1 && bytes.get(at).is_some_and(u8::is_ascii_uppercase) {
        at += 1;
    }
    for at in [at, at.saturating_sub(1)] {
        let gap = usize::from(bytes.get(at) == Some(&b' '));
        let [digit, first, second] = *bytes.get(at + gap..at + gap + 3)? else { continue };
        let letter = |byte: u8| byte.is_ascii_uppercase() && !b"CIKMOV".contains(&byte);
        if at > start + letters
            && digit.is_ascii_digit()
            && letter(first)
            && letter(second)
            && !word_after(text, at + gap + 3)
        {
            return Some(start..at + gap + 3);
        }
    }
    None
}

/// `K1A 0B1`.
fn canada(text: &str, digit: usize) -> Option<Range<usize>> {
    let start = digit.checked_sub(1)?;
    let bytes = text.as_bytes();
    let first = *bytes.get(start)?;
    let gap = usize::from(matches!(bytes.get(start + 3), Some(b' ' | b'-')));
    let written = bytes.get(start..start + 6 + gap)?;
    let (head, tail) = (&written[..3], &written[3 + gap..]);
    let letter = |byte: u8| byte.is_ascii_uppercase() && !b"DFIOQU".contains(&byte);
    let shape = letter(head[0])
        && head[1].is_ascii_digit()
        && letter(head[2])
        && tail[0].is_ascii_digit()
        && letter(tail[1])
        && tail[2].is_ascii_digit();
    (shape && gap == 1 && !b"WZ".contains(&first) && !word_before(text, start) && !word_after(text, start + 6 + gap))
        .then(|| start..start + 6 + gap)
}

/// `IL 62704`, `CA, 90210-1234`.
fn united_states(text: &str, group: &Range<usize>) -> Option<Range<usize>> {
    if group.len() != 5 || word_after(text, group.end) || word_before(text, group.start) {
        return None;
    }
    let head = text[..group.start].trim_end_matches([' ', ',']);
    let state = head.get(head.len().checked_sub(2)?..)?;
    let known = STATES.split(' ').any(|known| known == state) && !word_before(text, head.len() - 2);
    let end = group.end + plus_four(&text[group.end..]);
    let start = head.len() - 2;
    (known && group.start - head.len() <= 2 && group.start > head.len())
        .then(|| told::military(text, start).unwrap_or(start)..end)
}

fn plus_four(rest: &str) -> usize {
    let digits = rest.strip_prefix('-').map_or(0, |tail| tail.bytes().take_while(u8::is_ascii_digit).count());
    if digits == 4 { 5 } else { 0 }
}

/// Where the town and postcode end that follow a street, if they do.
pub(super) fn tail_with_postcode(text: &str, from: usize) -> Option<usize> {
    let limit = text.floor_char_boundary((from + MAX_TAIL_BYTES).min(text.len()));
    let window = &text[from..limit];
    let mut at = 0;
    let (mut capital, mut unit) = (false, false);
    for _ in 0..MAX_TAIL_WORDS {
        let rest = &window[at..];
        let gap = rest.len() - rest.trim_start_matches([' ', ',', '\n', '-', '.', '(']).len();
        let rest = &rest[gap..];
        let length = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '-')).unwrap_or(rest.len());
        let word = &rest[..length];
        if gap > 6 || length == 0 || gap == 0 {
            return None;
        }
        at += gap + length;
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if digits > 0 {
            let start = from + at - length;
            if let Some(range) = united_kingdom(text, start + word.find(|c: char| c.is_ascii_digit())?) {
                return Some(range.end);
            }
            if unit && digits <= 4 {
                unit = false;
                continue;
            }
            let plain = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && (4..=6).contains(&digits);
            if !plain {
                return None;
            }
            // Before the town, as on the Continent, the town goes with it: `10115 Berlin`.
            let town = town(&window[at..]);
            return (capital || town > 0).then_some(from + at + town);
        }
        unit = is_unit(word);
        let upper = word.chars().next().is_some_and(|c| c.is_uppercase());
        if !upper
            && !matches!(
                word,
                "de" | "la" | "el" | "am" | "an" | "der" | "upon" | "on" | "of" | "du" | "do" | "v" | "nad"
            )
        {
            return None;
        }
        capital |= upper;
    }
    None
}

/// The town right behind a postcode: one or two words in capitals.
fn town(rest: &str) -> usize {
    let mut end = 0;
    for _ in 0..2 {
        let Some(tail) = rest[end..].strip_prefix(' ') else { break };
        let length = tail.find(|c: char| !c.is_alphabetic() && c != '-').unwrap_or(tail.len());
        if length < 2 || !tail.starts_with(char::is_uppercase) {
            break;
        }
        end += 1 + length;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_show_what_they_are() {
        for (text, code) in [
            ("in NW1 6XE now", Some("NW1 6XE")),
            ("SW1A1AA", Some("SW1A1AA")),
            ("Ottawa K1A 0B1", Some("K1A 0B1")),
            ("Springfield, IL 62704", Some("IL 62704")),
            ("w1 2hr rates", None),
            ("IN 5 min", None),
        ] {
            let groups = super::super::super::scan::Scan::new(text).groups;
            let found = find(text, &groups).next().map(|range| &text[range]);
            assert_eq!(found, code, "{text}");
        }
    }
}
