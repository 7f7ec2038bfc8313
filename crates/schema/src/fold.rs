//! One written form for one word: NFKC, case fold, marks that readers ignore taken away.

use unicode_normalization::{UnicodeNormalization, is_nfkc_quick};

/// Writes the folded form of one word to the end of `out`.
///
/// Compatibility forms become plain ones, capitals small (`ẞ` and `ß` both `ss`, final `ς` is `σ`), and these go:
/// Arabic vowel signs and the stretching stroke, hamza and madda on alef, Cyrillic stress marks, the dots of `ё`, and
/// characters that show nothing, such as the soft hyphen. `й` and `ї` keep theirs: they are letters of their own.
pub fn fold(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.push_str(word);
        let from = out.len() - word.len();
        out[from..].make_ascii_lowercase();
        return;
    }
    if word.chars().all(is_plain_cyrillic) {
        out.extend(word.chars().map(small_cyrillic));
        return;
    }
    fold_any(word, out);
}

/// Russian's letters but for `ё`: most Cyrillic words have no other, and nothing about them needs a table.
const fn is_plain_cyrillic(character: char) -> bool {
    matches!(character, 'А'..='я')
}

/// Its small form.
fn small_cyrillic(character: char) -> char {
    match character {
        // The small letters stand 32 places after the capitals.
        'А'..='Я' => char::from_u32(u32::from(character) + 32).unwrap_or(character),
        small => small,
    }
}

fn fold_any(word: &str, out: &mut String) {
    let mut cyrillic = false;
    let mut push = |character: char| {
        let character = plain(character);
        if shows_nothing(character) || (cyrillic && is_stress(character)) {
            return;
        }
        cyrillic = ('\u{400}'..='\u{52f}').contains(&character);
        out.push(character);
    };
    // Up and down again: small letters alone would keep `ß` apart from `SS` and `ς` apart from `σ`.
    let mut folded = |character: char| character.to_uppercase().flat_map(char::to_lowercase).for_each(&mut push);
    if is_nfkc_quick(word.chars()) == unicode_normalization::IsNormalized::Yes {
        word.chars().for_each(&mut folded);
    } else {
        word.nfkc().for_each(&mut folded);
    }
}

/// Letters that are written with and without their marks, and quotation marks that serve as apostrophes.
const fn plain(character: char) -> char {
    match character {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ё' | 'ѐ' => 'е',
        'ѝ' => 'и',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        _ => character,
    }
}

const fn shows_nothing(character: char) -> bool {
    matches!(character,
        // Arabic: honorifics, vowel signs, the stretching stroke, the superscript alef, Quranic signs.
        '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}'
        // Cyrillic titlo and its kin.
        | '\u{483}'..='\u{489}'
        // The dot that Turkish capital I leaves behind.
        | '\u{307}'
        // Soft hyphen, joiners, marks of direction, variation selectors.
        | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Combining marks that a Cyrillic letter may carry; NFKC has already made one character of `й` and `ї`.
const fn is_stress(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(word: &str) -> String {
        let mut out = String::new();
        fold(word, &mut out);
        out
    }

    #[test]
    fn words_that_readers_take_for_the_same_are_the_same() {
        for (one, other) in [
            ("HARBOUR", "harbour"),
            ("ＨＡＲＢＯＵＲ", "harbour"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("Éva", "e\u{301}va"),
            ("İzmir", "izmir"),
            ("don’t", "don't"),
            ("за́мок", "замок"),
            ("Ещё", "еще"),
            ("مُحَمَّد", "محمد"),
            ("أحمد", "احمد"),
            ("جمـــيل", "جميل"),
            ("ho\u{ad}tel", "hotel"),
            ("ﬁne", "fine"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn letters_of_their_own_stay_apart() {
        for (one, other) in [("й", "и"), ("ї", "і"), ("ñ", "n"), ("ö", "o"), ("ب", "ت")] {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn short_ways_lead_to_the_same() {
        let words = ('А'..='я').map(String::from).chain((' '..='~').map(String::from));
        for word in words.chain(["ЩеДРыЙ".to_owned(), "HarBOUR-3".to_owned()]) {
            let mut long = String::new();
            fold_any(&word, &mut long);
            assert_eq!(folded(&word), long, "{word}");
        }
    }

    #[test]
    fn what_shows_nothing_folds_to_nothing() {
        assert_eq!(folded("\u{640}\u{64b}\u{200d}"), "");
    }
}
