//! The words of a page, and a sketch of them by which pages that say nearly the same are told.

use zeroize::Zeroizing;

/// From so many words on a page is long.
const LONG_WORDS: usize = 150;

/// Minima of a sketch.
pub(crate) const SKETCH: usize = 32;

/// From so many pieces on the sketch takes one hash of each.
const MANY_PIECES: usize = 16 * SKETCH;

/// Words without digits, in lower case, one behind the other in one text.
#[derive(Default)]
pub(crate) struct Words {
    text: Zeroizing<String>,
    ends: Vec<usize>,
}

impl Words {
    pub(crate) fn add(&mut self, text: &str) {
        for word in text.split(|character: char| !character.is_alphabetic()).filter(|word| !word.is_empty()) {
            let start = self.text.len();
            if word.is_ascii() {
                self.text.push_str(word);
                self.text[start..].make_ascii_lowercase();
            } else {
                self.text.push_str(&word.to_lowercase());
            }
            self.ends.push(self.text.len());
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| &self.text[std::mem::replace(&mut start, *end)..*end])
    }

    /// What is compared, each once: short pages by their words, long ones by pairs of words: in a long text every usual
    /// word occurs.
    pub(crate) fn pieces(&self) -> Vec<u64> {
        let words: Vec<u64> = self.iter().map(|word| mixed(fnv(word.as_bytes()))).collect();
        let mut pieces = if words.len() < LONG_WORDS {
            words
        } else {
            words.windows(2).map(|pair| mixed(pair[0].rotate_left(1) ^ pair[1])).collect()
        };
        // Sorted rather than put into a table: whoever writes the page could choose words that meet in one place of it.
        pieces.sort_unstable();
        pieces.dedup();
        pieces
    }
}

/// FNV-1a, 64 bits (G. Fowler, L. Noll, K.-P. Vo).
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood 2014).
const fn mixed(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A. Broder, "On the resemblance of documents" (1997): the share of equal minima estimates how many pieces two pages have
/// in common.
///
/// A short page draws each minimum from a hash of its own. A long one sorts its pieces by one hash into as many parts, and takes
/// the minimum of each (P. Li, A. Owen, C.-H. Zhang, "One permutation hashing", 2012), which says as much for a part of the
/// work; a part that got none falls back.
pub(crate) fn sketch(pieces: &[u64]) -> [u64; SKETCH] {
    let mut parts = [u64::MAX; SKETCH];
    if pieces.len() >= MANY_PIECES {
        for piece in pieces {
            let minimum = &mut parts[(piece >> (u64::BITS - SKETCH.trailing_zeros())) as usize];
            *minimum = (*minimum).min(*piece);
        }
    }
    if !parts.contains(&u64::MAX) {
        return parts;
    }
    let mut minima = [u64::MAX; SKETCH];
    for piece in pieces {
        let mut state = *piece;
        for minimum in &mut minima {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            *minimum = (*minimum).min(mixed(state));
        }
    }
    std::array::from_fn(|at| if parts[at] == u64::MAX { minima[at] } else { parts[at] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        let mut words = Words::default();
        words.add(text);
        words
    }

    #[test]
    fn words_are_in_lower_case_and_without_digits() {
        let found: Vec<String> = words("Two ROOMS, 3rd floor; Ёлка\u{130}x").iter().map(str::to_owned).collect();
        assert_eq!(found, ["two", "rooms", "rd", "floor", "ёлкаi\u{307}x"]);
    }

    /// What two texts have in common, as their sketches tell it, is near to what they have: long and short.
    #[test]
    fn equal_minima_estimate_what_is_shared() {
        for (count, within) in [(100, 0.2), (600, 0.2), (5_000, 0.2)] {
            let text = |from: usize| (from..from + count).map(|word| mixed(word as u64)).collect::<Vec<_>>();
            for shared in [0.0, 0.5, 0.9, 1.0] {
                let other = text((count as f64 * (1.0 - shared)) as usize);
                let equal = sketch(&text(0)).iter().zip(sketch(&other)).filter(|(one, other)| **one == *other).count();
                let told = equal as f64 / SKETCH as f64;
                let true_share = shared / (2.0 - shared);
                assert!((told - true_share).abs() <= within, "{count}, {shared}: {told} for {true_share}");
            }
        }
    }
}
