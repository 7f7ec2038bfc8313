//! How a name sounds, roughly: one key for its writings in the scripts of India and in Latin letters.
//!
//! The open lists of names in Bengali or Odia are short, those in Latin letters and in Devanagari are not. A word of such a
//! script that no list has is therefore looked for once more by its key. Vowels are written in Latin letters as each writer
//! likes, and the vowel that the Indian scripts leave out may be spoken or not; so `a` counts at the beginning of a word alone,
//! and the others are of two kinds, `i` and `u`. Two consonants that one ear takes for one are one.
//!
//! Romanisation after ISO 15919, less its marks; the blocks of Unicode for these scripts are laid out alike.

use super::token::{finish, step};

/// Fewest letters of a key: a shorter one fits too many words.
const FEWEST: usize = 3;
/// Most letters of a word that is looked at.
const LONGEST: usize = 24;
/// Where the hash of a key begins, so that it is never that of a word.
const SEED: u64 = 0x6a09_e667_f3bc_c908;

/// The key of a word in a script of India, as a hash that the lists hold; `None` for other scripts and for short words.
#[must_use]
pub fn indian(word: &str) -> Option<u64> {
    let first = word.chars().next()?;
    if !('\u{900}'..'\u{d80}').contains(&first) {
        return None;
    }
    let mut key = Key::default();
    let mut joined = false;
    for letter in word.chars().take(LONGEST) {
        if !('\u{900}'..'\u{d80}').contains(&letter) {
            return None;
        }
        let bengali = ('\u{980}'..'\u{a00}').contains(&letter);
        // A nukta makes the Bengali `j` before it a `y`.
        if u32::from(letter) & 0x7f == 0x3c && bengali {
            key.soften();
        } else {
            key.extend(spoken(letter, bengali, joined));
        }
        joined = u32::from(letter) & 0x7f == 0x4d;
    }
    key.hash()
}

/// The key of a name in Latin letters, for the lists.
#[must_use]
pub fn latin(word: &str) -> Option<u64> {
    let mut key = Key::default();
    let mut letters = word.chars().flat_map(char::to_lowercase).take(LONGEST).peekable();
    while let Some(letter) = letters.next() {
        // An `h` behind one of these makes another consonant of it, or breath, which the key leaves out.
        let breath = "bcdgkpstz".contains(letter) && letters.next_if_eq(&'h').is_some();
        key.extend(match letter {
            'c' if breath => "c",
            'p' if breath => "f",
            'c' | 'k' | 'q' => "k",
            'z' | 'j' => "j",
            'x' => "ks",
            'v' | 'b' => "b",
            'a' => "a",
            'e' | 'i' | 'y' => "i",
            'o' | 'u' | 'w' => "u",
            'd' => "d",
            'f' => "f",
            'g' => "g",
            'h' => "h",
            'l' => "l",
            'm' => "m",
            'n' => "n",
            'p' => "p",
            'r' => "r",
            's' => "s",
            't' => "t",
            _ => return None,
        });
    }
    key.hash()
}

/// What a letter of these blocks sounds like; `joined` if the sign before it took the vowel from the consonant there.
fn spoken(letter: char, bengali: bool, joined: bool) -> &'static str {
    match u32::from(letter) & 0x7f {
        0x05 | 0x06 => "a",
        0x07 | 0x08 | 0x0d..=0x0f | 0x3f | 0x40 | 0x46 | 0x47 => "i",
        0x10 | 0x48 => "ai",
        0x09 | 0x0a | 0x11..=0x13 | 0x41 | 0x42 | 0x4a | 0x4b => "u",
        0x14 | 0x4c => "au",
        0x0b | 0x43 => "ri",
        0x15 | 0x16 | 0x58 | 0x59 => "k",
        0x17 | 0x18 | 0x5a => "g",
        0x1a | 0x1b => "c",
        0x1c | 0x1d | 0x5b => "j",
        0x1f | 0x20 | 0x24 | 0x25 | 0x4e => "t",
        0x21 | 0x22 | 0x26 | 0x27 => "d",
        0x19 | 0x1e | 0x23 | 0x28 | 0x29 | 0x02 => "n",
        0x2a => "p",
        0x2b | 0x5e => "f",
        0x2c | 0x2d | 0x35 => "b",
        0x2e => "m",
        // Bengali writes its `j` so, and a doubled consonant.
        0x2f if bengali && joined => "",
        0x2f if bengali => "j",
        0x2f | 0x5f => "i",
        0x30 | 0x31 | 0x5c | 0x5d | 0x70 => "r",
        0x32..=0x34 => "l",
        0x36..=0x38 => "s",
        0x39 => "h",
        _ => "",
    }
}

#[derive(Default)]
struct Key {
    letters: Vec<u8>,
}

impl Key {
    fn extend(&mut self, sounds: &str) {
        for sound in sounds.bytes() {
            // Only at the beginning, and never twice the same.
            if !(sound == b'a' && !self.letters.is_empty() || self.letters.last() == Some(&sound)) {
                self.letters.push(sound);
            }
        }
    }

    /// The last `j` was a `y`.
    fn soften(&mut self) {
        if self.letters.last() == Some(&b'j') {
            self.letters.pop();
            self.extend("i");
        }
    }

    fn hash(mut self) -> Option<u64> {
        // `Fatemah`, `Zahrah`: an `h` at the end is written by some.
        if self.letters.last() == Some(&b'h') {
            self.letters.pop();
        }
        let hash = self.letters.iter().fold(SEED, |hash, letter| step(hash, u32::from(*letter)));
        (self.letters.len() >= FEWEST).then(|| finish(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_key_in_every_script_and_spelling() {
        for (written, spelled) in [
            ("নুসরাত", "Nusrat"),
            ("সুমাইয়া", "Sumaiya"),
            ("সুমাইয়া", "Sumaya"),
            ("আয়েশা", "Ayesha"),
            ("মৌসুমী", "Mousumi"),
            ("ফারজানা", "Farzana"),
            ("চৌধুরী", "Chowdhury"),
            ("নাসরিন", "Nasreen"),
            ("शालिनी", "Shalini"),
            ("દીપિકા", "Deepika"),
        ] {
            assert_eq!(indian(written), latin(spelled), "{written} {spelled}");
            assert!(indian(written).is_some());
        }
        assert_ne!(latin("Nusrat"), latin("Nazrul"));
    }

    #[test]
    fn short_words_and_other_scripts_have_none() {
        for word in ["", "মা", "Анна", "রহিমx", "فاطمة"] {
            assert_eq!(indian(word), None, "{word}");
        }
        assert_eq!(latin("Zoë"), None);
    }
}
