//! Addresses that a phrase announces: `lives at 172 Example 75`, `PO Box 104`, `corner of Example Road and Main`, and the
//! addresses of military post offices.

use std::ops::Range;

use super::super::scan::word_before;
use super::{MAX_NAME_WORDS, PARTICLES, is_capital, is_house_number, is_measured, is_unit, tail, word_to_the_left};
use crate::letter::is_word;

/// Most words of an address that a phrase announces.
const MAX_WORDS: usize = 9;
/// Most signs between a phrase and its address.
const MAX_SIGNS: usize = 6;
/// Words that may stand between a phrase and its address: `the address is`, `moi adres to`.
const LINKS: &[&str] = &["is", "ist", "es", "est", "e", "è", "é", "jest", "to", "at", "the", "our", "now", "new"];

/// A word, digits or letters, and what stood before it.
struct Word<'t> {
    gap: &'t str,
    at: Range<usize>,
    text: &'t str,
}

/// The next word of the line, or of the next line where an address goes on.
fn next(text: &str, at: usize) -> Option<Word<'_>> {
    let rest = &text[at..];
    let gap = rest.find(is_word)?;
    if gap > MAX_SIGNS || !rest[..gap].chars().all(|c| matches!(c, ' ' | ',' | '.' | ':' | '\n' | '\'' | '"' | '#')) {
        return None;
    }
    let start = at + gap;
    let part = |c: char| is_word(c) || matches!(c, '-' | '\'' | '’' | '/');
    let length = text[start..].find(|c: char| !part(c)).unwrap_or(text.len() - start);
    Some(Word { gap: &rest[..gap], at: start..start + length, text: &text[start..start + length] })
}

/// Behind `lives at` or `address:` names and house numbers, in any order, are where somebody lives.
pub(super) fn announced(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let mut at = word.end;
    for _ in 0..2 {
        match next(text, at) {
            Some(word) if LINKS.contains(&word.text) => at = word.at.end,
            _ => break,
        }
    }
    let (mut start, mut end) = (None, at);
    let (mut names, mut numbers, mut run) = (0, 0, 0);
    for place in 0..MAX_WORDS {
        let Some(word) = next(text, at) else { break };
        if place > 0 && word.gap.contains(['\n', ':', '"']) {
            break;
        }
        let number = is_house_number(word.text.split(['/', '-']).next().unwrap_or_default());
        let particle = PARTICLES.contains(&word.text.to_lowercase().as_str());
        if number {
            if is_measured(&text[word.at.end..]) {
                break;
            }
            numbers += 1;
            run = 0;
        } else if is_capital(word.text) && !word.text.starts_with(|c: char| c.is_ascii_digit()) || is_unit(word.text) {
            names += 1;
            run += 1;
        } else if !particle || names == 0 {
            break;
        }
        // A name may go on behind the last number, but what follows at length is a sentence.
        if run > MAX_NAME_WORDS {
            break;
        }
        start = start.or(Some(word.at.start));
        if !particle || number {
            end = word.at.end;
        }
        at = word.at.end;
        if numbers > 0 && names > 0 && number && word.gap != " " {
            break;
        }
    }
    (names > 0 && numbers > 0).then(|| Some(start?..tail(text, end)))?
}

/// `PO Box 104`, `Postfach 12 34 56`, `PSC 3294, Box 9168`.
pub(super) fn post_box(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let end = numbered(text, word.end)?;
    let end = boxed(text, end).unwrap_or(end);
    Some(word.start..tail(text, end))
}

/// Where a number of up to six digits ends that follows a word, in one group or in several.
fn numbered(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let gap = rest.len() - rest.trim_start_matches([' ', '.', ':', '#', '№']).len();
    let mut digits = 0;
    let mut end = at + gap;
    for (place, byte) in rest.bytes().enumerate().skip(gap).take(9) {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                end = at + place + 1;
            }
            b' ' if rest.as_bytes().get(place + 1).is_some_and(u8::is_ascii_digit) && digits < 6 => {}
            _ => break,
        }
    }
    (gap > 0 && gap <= 3 && (1..=6).contains(&digits)).then_some(end)
}

/// `, Box 9168`.
fn boxed(text: &str, at: usize) -> Option<usize> {
    let word = next(text, at)?;
    word.text.eq_ignore_ascii_case("box").then(|| numbered(text, word.at.end))?
}

/// `corner of 35 Example St. and Main Turnpike`: two streets that meet.
pub(super) fn corner(text: &str, word: &Range<usize>) -> Option<Range<usize>> {
    let mut at = word.end;
    let (mut end, mut sides, mut words) = (word.end, [0, 0], 0);
    let mut side = 0;
    for _ in 0..MAX_WORDS {
        let Some(next) = next(text, at).filter(|next| !next.gap.contains(['\n', ':', '"'])) else { break };
        let joins = matches!(next.text, "and" | "y" | "et" | "und" | "e" | "i" | "и") && side == 0 && sides[0] > 0;
        if joins {
            (side, words) = (1, 0);
        } else if words < MAX_NAME_WORDS && (is_capital(next.text) || is_ordinal(next.text)) {
            sides[side] += 1;
            words += 1;
            end = next.at.end;
        } else if !PARTICLES.contains(&next.text) && next.text != "the" {
            break;
        }
        at = next.at.end;
    }
    // `&` joins as `and` does.
    if side == 0 && sides[0] > 0 {
        let rest = text[end..].trim_start_matches([' ', '.']);
        let other = next(text, text.len() - rest.strip_prefix('&')?.len())?;
        return is_capital(other.text).then_some(word.start..other.at.end);
    }
    (sides[0] > 0 && sides[1] > 0).then_some(word.start..end)
}

fn is_ordinal(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    (1..=5).contains(&digits) && matches!(&word[digits..], "" | "st" | "nd" | "rd" | "th")
}

/// The address before the state and code of a military post office: `Unit 4719 Box 7394, DPO AP 70942`.
pub(super) fn military(text: &str, state: usize) -> Option<usize> {
    let office = word_to_the_left(text, text[..state].trim_end_matches([' ', ',']).len())?;
    if !matches!(&text[office.clone()], "APO" | "FPO" | "DPO") {
        return None;
    }
    let mut start = office.start;
    let mut at = office.start;
    for _ in 0..5 {
        let head = text[..at].trim_end_matches([' ', ',', '\n', '.']);
        let Some(left) = word_to_the_left(text, head.len()).filter(|_| at - head.len() <= 4) else { break };
        let word = &text[left.clone()];
        at = left.start;
        if matches!(word, "PSC" | "CMR" | "Unit" | "UNIT" | "USS" | "USNS" | "USNV" | "USCGC") {
            return Some(left.start);
        }
        if matches!(word, "Box" | "BOX") && !word_before(text, left.start) {
            start = left.start;
        }
    }
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::super::tests::hidden;

    #[test]
    fn what_a_phrase_announces_is_hidden() {
        for (text, address) in [
            ("she lives at 172 Example 75, ask there", "172 Example 75"),
            ("Address: 10252 Μεγάλη Άμμος 184", "10252 Μεγάλη Άμμος 184"),
            ("the address is 29 Nowhere Mews.", "29 Nowhere Mews"),
            ("Anschrift: Am Beispiel 12", "Am Beispiel 12"),
            ("write to P.O. Box 104 please", "P.O. Box 104"),
            ("an Postfach 12 34 56, 10115 Berlin", "Postfach 12 34 56, 10115 Berlin"),
            ("а/я 17", "а/я 17"),
            (
                "meet at the corner of 35 Example Str. and Nowhere Turnpike",
                "corner of 35 Example Str. and Nowhere Turnpike",
            ),
            ("corner of 5th & Main tonight", "corner of 5th & Main"),
            ("PSC 3294, Box 9168\nAPO AA 61487", "PSC 3294, Box 9168\nAPO AA 61487"),
            ("Unit 4719 Box 7394\nDPO AP 70942", "Unit 4719 Box 7394\nDPO AP 70942"),
            ("> Example Person\n> Apt. 342\n> Town", "Apt. 342"),
            ("itt: Minta Imre u. 12.", "Minta Imre u. 12"),
        ] {
            assert!(hidden(text).contains(&address), "{text}: {:?}", hidden(text));
        }
    }

    #[test]
    fn a_phrase_that_announces_something_else_hides_nothing() {
        for text in [
            "email address is required, 18 years",
            "lives at home with 2 cats",
            "located at the back, 5 min from town",
            "a corner of the room and bed",
            "box 12 of the set",
            "address the issue at 10 am",
            "lives at Example for 20 EUR",
        ] {
            assert_eq!(hidden(text), [""; 0], "{text}");
        }
    }
}
