//! Other terms that a reader expects a word to be found by.
//!
//! They are written at the word's own position, in the index alone: whoever types the plain form finds the marked one, and
//! whoever types the marked form finds only that. Bounded: one word gives at most [`MAX_ALSO`] more.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// More terms of one word.
pub const MAX_ALSO: usize = 8;

/// Letters of a part that stands by itself.
const LEAST_PART_CHARS: usize = 3;

/// Letters from which on a word may be a German compound.
const LEAST_COMPOUND_BYTES: usize = 8;

/// Bytes of the longest word that is looked through for parts: the search is quadratic in them.
const MAX_COMPOUND_BYTES: usize = 48;

/// Parts of German compounds in the trade's own words, folded, one a line.
const PARTS: &str = include_str!("compound_parts.txt");

/// What German puts between two parts, and after the last.
const LINKS: [&str; 5] = ["", "s", "n", "en", "es"];
const ENDINGS: [&str; 7] = ["", "s", "n", "en", "es", "e", "er"];

/// Hands over each other term of a folded word.
///
/// * Latin letters without their marks (`habitacion`), and `ae oe ue` for `ä ö ü`;
/// * what stands on either side of an apostrophe (`istanbul'da`, `l'hotel`);
/// * Arabic without article and the particles written with it, and final `ه` for `ة`;
/// * the parts of German compounds (`ferienwohnung` gives `ferien` and `wohnung`).
pub fn also(term: &str, mut each: impl FnMut(&str)) {
    if term.starts_with('[') {
        return;
    }
    let mut left = MAX_ALSO;
    let mut give = |other: &str| {
        if left > 0 && !other.is_empty() && other != term {
            left -= 1;
            each(other);
        }
    };
    let quoted = term.as_bytes().contains(&b'\'').then(|| term.split_once('\'')).flatten();
    if let Some((before, after)) = quoted {
        for part in [before, after] {
            if part.chars().nth(LEAST_PART_CHARS - 1).is_some() {
                give(part);
            }
        }
    }
    if term.is_ascii() {
        parts(term, &mut give);
        return;
    }
    match term.chars().next() {
        Some('\u{600}'..='\u{6ff}') => arabic(term, &mut give),
        _ if term.chars().any(|character| ('\u{c0}'..='\u{24f}').contains(&character) || is_vietnamese(character)) => {
            latin(term, &mut give);
            parts(term, &mut give);
        }
        _ => {}
    }
}

/// Latin extended additional.
const fn is_vietnamese(character: char) -> bool {
    matches!(character, '\u{1e00}'..='\u{1eff}')
}

fn latin(term: &str, give: &mut impl FnMut(&str)) {
    let mut plain = String::with_capacity(term.len());
    for character in term.nfd().filter(|character| !is_combining_mark(*character)) {
        match character {
            'ł' => plain.push('l'),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            other => plain.push(other),
        }
    }
    give(&plain);
    if term.contains(['ä', 'ö', 'ü']) {
        give(&term.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue"));
    }
}

fn arabic(term: &str, give: &mut impl FnMut(&str)) {
    let long_enough = |rest: &&str| rest.chars().nth(LEAST_PART_CHARS - 1).is_some();
    let article = ["وال", "فال", "بال", "كال", "لل"].into_iter().find_map(|prefix| term.strip_prefix(prefix));
    let bare = if let Some(rest) = article.filter(long_enough) {
        give(&format!("ال{rest}"));
        rest
    } else {
        term.strip_prefix("ال").filter(long_enough).unwrap_or(term)
    };
    give(bare);
    if let Some(stem) = bare.strip_suffix('ة') {
        give(&format!("{stem}ه"));
    }
}

/// Gives the parts of a German compound if all of it can be accounted for; a word of which anything is left is none.
fn parts(term: &str, give: &mut impl FnMut(&str)) {
    let fits = (LEAST_COMPOUND_BYTES..=MAX_COMPOUND_BYTES).contains(&term.len());
    if !fits || known_like(term).is_empty() || !term.chars().all(char::is_alphabetic) {
        return;
    }
    let mut found = Vec::new();
    if split(term, &mut found) {
        found.iter().for_each(|part| give(part));
    }
}

/// At most four parts; the first part that leads to a whole account wins, longest first.
fn split<'t>(rest: &'t str, found: &mut Vec<&'t str>) -> bool {
    const MOST_PARTS: usize = 4;
    if found.len() >= MOST_PARTS {
        return false;
    }
    for known in known_like(rest) {
        let Some(after) = rest.strip_prefix(known) else { continue };
        found.push(&rest[..known.len()]);
        if found.len() > 1 && ENDINGS.contains(&after) {
            return true;
        }
        if LINKS.iter().any(|link| after.strip_prefix(link).is_some_and(|next| !next.is_empty() && split(next, found)))
        {
            return true;
        }
        found.pop();
    }
    false
}

/// The parts that begin with the same three bytes, longest first.
///
/// Every word of every page comes by here, and few begin like any part: so that is looked up first.
fn known_like(text: &str) -> &'static [&'static str] {
    static KNOWN: LazyLock<Known> = LazyLock::new(|| {
        let mut known: BTreeMap<[u8; 3], Vec<&'static str>> = BTreeMap::new();
        for part in PARTS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace) {
            if let Some(begin) = part.as_bytes().first_chunk() {
                known.entry(*begin).or_default().push(part);
            }
        }
        for parts in known.values_mut() {
            parts.sort_unstable_by_key(|part| (Reverse(part.len()), *part));
            parts.dedup();
        }
        let mut perhaps = [false; BEGINNINGS];
        known.keys().for_each(|begin| perhaps[beginning(*begin)] = true);
        Known { perhaps, by_beginning: known }
    });
    let known: &'static Known = &KNOWN;
    let begin = text.as_bytes().first_chunk().filter(|begin| known.perhaps[beginning(**begin)]);
    begin.and_then(|begin| known.by_beginning.get(begin)).map_or(&[], Vec::as_slice)
}

/// The parts of compounds.
struct Known {
    /// Whether any part begins so, by three bytes in twelve bits.
    perhaps: [bool; BEGINNINGS],
    by_beginning: BTreeMap<[u8; 3], Vec<&'static str>>,
}

const BEGINNINGS: usize = 1 << 12;

/// Small letters differ in their low five bits.
const fn beginning(bytes: [u8; 3]) -> usize {
    let [one, two, three] = bytes;
    ((one as usize & 31) << 7 ^ (two as usize & 31) << 3 ^ three as usize & 31) % BEGINNINGS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn others(word: &str) -> Vec<String> {
        let mut folded = String::new();
        crate::fold(word, &mut folded);
        let mut found = Vec::new();
        also(&folded, |other| found.push(other.to_owned()));
        found
    }

    #[test]
    fn words_are_found_by_what_a_reader_types() {
        for (word, expected) in [
            ("habitación", vec!["habitacion"]),
            ("Görüşme", vec!["gorusme", "goerueşme"]),
            ("Łódź", vec!["lodz"]),
            ("İstanbul'da", vec!["istanbul"]),
            ("l'hôtel", vec!["hôtel", "l'hotel"]),
            ("Ferienwohnung", vec!["ferien", "wohnung"]),
            ("Arbeitsvertrages", vec!["arbeit", "vertrag"]),
            ("Massagesalons", vec!["massage", "salon"]),
            ("Hotelzimmer", vec!["hotel", "zimmer"]),
            ("والبيت", vec!["البيت", "بيت"]),
            ("المدينة", vec!["مدينة", "مدينه"]),
        ] {
            assert_eq!(others(word), expected, "{word}");
        }
    }

    #[test]
    fn every_part_can_be_found() {
        let listed = PARTS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        for part in listed {
            assert!(known_like(part).contains(&part), "{part} is too short to be a part");
        }
    }

    #[test]
    fn what_is_no_compound_is_left_alone() {
        for word in ["wohnung", "harbour", "information", "understanding", "hotelier", "[PHONE:k7f3a9q2m4xtc]", "الى"]
        {
            assert_eq!(others(word), Vec::<String>::new(), "{word}");
        }
    }

    proptest! {
        #[test]
        fn any_word_gives_few_others(word in "\\PC{0,60}") {
            prop_assert!(others(&word).len() <= MAX_ALSO);
        }
    }
}
