//! Characters by table: what the standard library searches for beyond ASCII, most texts ask of every letter.

use std::sync::LazyLock;

use unicode_normalization::char::{canonical_combining_class, decompose_canonical, is_combining_mark};

use crate::normalise::fold;

/// A property of characters, a bit for each of the basic plane; the others are asked one by one.
struct Plane {
    bits: LazyLock<Box<[u64]>>,
    beyond: fn(char) -> bool,
}

macro_rules! plane {
    ($name:ident, $property:expr) => {
        static $name: Plane = Plane {
            bits: LazyLock::new(|| {
                let mut bits = vec![0; 0x1_0000 / 64].into_boxed_slice();
                for character in ('\0'..='\u{ffff}').filter(|character| $property(*character)) {
                    bits[character as usize / 64] |= 1 << (character as usize % 64);
                }
                bits
            }),
            beyond: $property,
        };
    };
}

plane!(WORDS, char::is_alphanumeric);
plane!(LETTERS, char::is_alphabetic);
plane!(MARKS, is_combining_mark);
plane!(UPPER, char::is_uppercase);
plane!(LOWER, char::is_lowercase);
plane!(OWN_FORM, folds_to_itself);

impl Plane {
    #[inline]
    fn has(&self, character: char) -> bool {
        let code = character as usize;
        match self.bits.get(code / 64) {
            Some(bits) => bits >> (code % 64) & 1 == 1,
            None => (self.beyond)(character),
        }
    }
}

/// The same answer as [`char::is_alphanumeric`].
#[inline]
pub(crate) fn is_word(character: char) -> bool {
    WORDS.has(character)
}

/// The same answer as [`char::is_alphabetic`].
#[inline]
pub(crate) fn is_letter(character: char) -> bool {
    LETTERS.has(character)
}

/// Whether it is a combining mark.
#[inline]
pub(crate) fn is_mark(character: char) -> bool {
    MARKS.has(character)
}

/// The same answer as [`char::is_uppercase`].
#[inline]
pub(crate) fn is_upper(character: char) -> bool {
    UPPER.has(character)
}

/// The same answer as [`char::is_lowercase`].
#[inline]
pub(crate) fn is_lower(character: char) -> bool {
    LOWER.has(character)
}

/// Whether a character is its own plain form, as [`fold`] makes it.
#[inline]
pub(crate) fn is_own_form(character: char) -> bool {
    OWN_FORM.has(character)
}

fn folds_to_itself(character: char) -> bool {
    let mut plain = String::new();
    fold(character, &mut plain);
    plain.chars().eq([character])
}

/// Characters below this have a place in [`Fold`]: all alphabets but the writings of East Asia.
const FOLDED: usize = 0x3100;

/// What one character is replaced by, whatever stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folded {
    /// By nothing.
    Nothing,
    /// By one character.
    One(char),
    /// By several, or by one that may change places with its neighbours: the whole word must be folded.
    Many,
}

/// A way of folding single characters, by table.
pub(crate) struct Fold(Box<[Folded]>);

impl Fold {
    /// The table of `fold`, which writes what a character becomes.
    pub(crate) fn of(fold: impl Fn(char, &mut String)) -> Self {
        let mut text = String::new();
        let folded = |code: usize| {
            let Some(character) = char::from_u32(code as u32) else { return Folded::Many };
            text.clear();
            fold(character, &mut text);
            let mut characters = text.chars();
            match (characters.next(), characters.next()) {
                (None, _) => Folded::Nothing,
                (Some(one), None) if canonical_combining_class(one) == 0 => Folded::One(one),
                _ => Folded::Many,
            }
        };
        Self((0..FOLDED).map(folded).collect())
    }

    /// What a character becomes; [`Folded::Many`] for one that the table has no place for.
    #[inline]
    pub(crate) fn get(&self, character: char) -> Folded {
        match character {
            // The unified ideographs have neither case nor parts.
            '\u{4e00}'..='\u{9fff}' => Folded::One(character),
            _ => self.0.get(character as usize).copied().unwrap_or(Folded::Many),
        }
    }
}

/// Calls `take` with the small letters that a character is made of, without the marks of Latin, Greek and Cyrillic.
pub(crate) fn bare(character: char, mut take: impl FnMut(char)) {
    for lower in character.to_lowercase() {
        decompose_canonical(lower, |part| {
            if !('\u{300}'..='\u{36f}').contains(&part) {
                take(part);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_say_what_the_libraries_say() {
        for c in (0..=char::MAX as u32).filter_map(char::from_u32) {
            let asked =
                [c.is_alphanumeric(), c.is_alphabetic(), is_combining_mark(c), c.is_uppercase(), c.is_lowercase()];
            assert_eq!([is_word(c), is_letter(c), is_mark(c), is_upper(c), is_lower(c)], asked, "{c:?}");
        }
    }

    #[test]
    fn what_is_folded_by_table_is_folded_as_written() {
        let fold = Fold::of(|character, text| bare(character, |part| text.push(part)));
        assert_eq!(fold.get('É'), Folded::One('e'));
        assert_eq!(fold.get('\u{301}'), Folded::Nothing);
        assert_eq!([fold.get('\u{5b0}'), fold.get('한')], [Folded::Many; 2]);
        assert_eq!(fold.get('語'), Folded::One('語'));
    }
}
