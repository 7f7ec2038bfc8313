//! Near-duplicates: which texts say almost the same.
//!
//! A text's [`Shingles`] are its pairs of neighbouring words, hidden identifiers replaced by their kind, so that an ad that is
//! posted again under another number is the same ad. Two texts are alike by the Jaccard index of their shingles: shared ones
//! over all. To find candidates without comparing everything, [`bands`] gives each text 42 keys: MinHash (Broder, 1997) in 42
//! bands of 3 rows, so that two texts of Jaccard index *s* share a key with probability 1 - (1 - s³)⁴². Whoever shares one is
//! compared exactly; so a key needs no more than the 32 bits by which a million texts share few by chance.

use crate::words;

/// Bands of one text.
pub const BANDS: usize = 42;

/// MinHash rows of one band.
pub const ROWS: usize = 3;

/// Numbers in which the keys of one text are kept: two keys in each.
pub const BAND_NUMBERS: usize = BANDS / 2;

/// Words of a text that are looked at; what follows does not count.
const MAX_WORDS: usize = 4_000;

/// What a word takes on the average, the space behind it included: so much room is made at once.
const BYTES_A_WORD: usize = 7;

/// Shingles that a text needs to be compared: of "call me" nobody says that it was copied.
const LEAST_SHINGLES: usize = 8;

/// The set of a text's shingles, as sorted 64-bit hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    /// The shingles of title and body together.
    #[must_use]
    pub fn of(title: &str, body: &str) -> Self {
        let mut hashes = Vec::with_capacity((title.len() + body.len()) / BYTES_A_WORD);
        let mut term = String::new();
        for text in [title, body] {
            let mut before: Option<u64> = None;
            let mut words = words(text);
            for _ in 0..MAX_WORDS {
                if words.next_into(&mut term).is_none() {
                    break;
                }
                let hash = hash(kind_or_word(&term).as_bytes());
                if let Some(before) = before {
                    hashes.push(mix(before.rotate_left(23) ^ hash));
                }
                before = Some(hash);
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text is too short to be compared.
    #[must_use]
    pub const fn is_too_few(&self) -> bool {
        self.0.len() < LEAST_SHINGLES
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The Jaccard index: shared over all, from 0 to 1; 0 where either is too short to be compared.
    #[must_use]
    pub fn jaccard(&self, other: &Self) -> f64 {
        if self.is_too_few() || other.is_too_few() {
            return 0.0;
        }
        let (mut a, mut b, mut shared) = (0, 0, 0_u32);
        while let (Some(x), Some(y)) = (self.0.get(a), other.0.get(b)) {
            shared += u32::from(x == y);
            a += usize::from(x <= y);
            b += usize::from(y <= x);
        }
        let all = u32::try_from(self.0.len() + other.0.len()).unwrap_or(u32::MAX) - shared;
        f64::from(shared) / f64::from(all)
    }
}

/// The keys of a text, [`BAND_NUMBERS`] numbers with two keys in each; none where it is too short to be compared.
#[must_use]
pub fn bands(shingles: &Shingles) -> Vec<u64> {
    if shingles.is_too_few() {
        return Vec::new();
    }
    let mut least = [i32::MAX; BANDS * ROWS];
    for shingle in &shingles.0 {
        // Double hashing (Kirsch and Mitzenmacher, 2006): 126 hashes for the price of two. Signed, because that is what the
        // oldest of the processors that we run on can compare four at a time.
        let (mut value, step) = (*shingle as i32, (*shingle >> 32) as i32 | 1);
        for row in &mut least {
            value = value.wrapping_add(step);
            *row = (*row).min(value);
        }
    }
    let key = |(band, rows): (usize, &[i32])| {
        let seed = mix(band as u64 + 1);
        mix(rows.iter().fold(seed, |key, row| mix(key ^ u64::from(row.cast_unsigned())))) as u32
    };
    let keys: Vec<u32> = least.chunks_exact(ROWS).enumerate().map(key).collect();
    keys.chunks_exact(2).map(|two| u64::from(two[0]) | u64::from(two[1]) << 32).collect()
}

/// The two keys in one of the numbers.
#[must_use]
pub const fn two_keys(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

/// Whether two texts share a key, by their numbers.
#[must_use]
pub fn share_a_key(one: &[u64], other: &[u64]) -> bool {
    one.iter().zip(other).any(|(one, other)| two_keys(one ^ other).contains(&0))
}

/// A hidden identifier counts as its kind, whichever it is.
fn kind_or_word(term: &str) -> &str {
    if term.starts_with('[') { term.split_once(':').map_or(term, |(kind, _)| kind) } else { term }
}

/// Splitmix64's step over eight bytes at a time: short keys, no adversary that gains more than a group nobody looks at.
fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    words.fold(bytes.len() as u64, |hash, word| mix(hash.rotate_left(29) ^ word))
}

/// The finishing step of splitmix64 (Steele, Lea, Flood, 2014).
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AD: &str = "New in town, only this week: quiet flat near the harbour, day and night. Call [PHONE:k7f3a9q2m4xtc] \
                      or write, no hidden numbers, no questions, cash only";

    fn shared(one: &Shingles, other: &Shingles) -> usize {
        let keys = |shingles| bands(shingles).into_iter().flat_map(two_keys);
        keys(one).zip(keys(other)).filter(|(a, b)| a == b).count()
    }

    #[test]
    fn an_ad_under_another_number_is_the_same_ad() {
        let one = Shingles::of("Sunny", AD);
        let other = Shingles::of("Sunny", &AD.replace("k7f3a9q2m4xtc", "0000000000000"));
        assert_eq!((one == other, shared(&one, &other)), (true, BANDS));
    }

    #[test]
    fn a_changed_ad_is_alike_and_another_is_not() {
        let one = Shingles::of("", AD);
        let changed = Shingles::of("", &AD.replace("harbour", "station").replace("week", "month"));
        let another = Shingles::of(
            "",
            "Second hand bicycle for sale, hardly used, blue, with lights and a lock, collect it here",
        );
        assert!(one.jaccard(&changed) > 0.5 && shared(&one, &changed) > 0);
        assert!(one.jaccard(&another) < 0.01 && shared(&one, &another) == 0);
        assert!(share_a_key(&bands(&one), &bands(&changed)) && !share_a_key(&bands(&one), &bands(&another)));
    }

    #[test]
    fn short_texts_have_no_keys() {
        let short = Shingles::of("Hello", "call me now");
        assert!(short.is_too_few() && bands(&short).is_empty());
        assert!(short.jaccard(&short).abs() < f64::EPSILON);
    }
}
