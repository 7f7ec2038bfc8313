//! Synthetic advertisements of about 1 KB: the same in every run, no real text, names or numbers.
//!
//! Words and phrases follow Zipf's law, one word in eight is Cyrillic, hidden identifiers are drawn so that a few are on many
//! pages and most on few.

use model::{CaptureId, Label, Token};

/// Splitmix64 (Steele, Lea, Flood, 2014).
pub(super) struct Rng(u64);

impl Rng {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        // The product's upper half lies below the bound.
        usize::try_from((u128::from(self.next()) * bound as u128) >> 64).unwrap_or(0)
    }
}

/// A table of quantiles: one look a sample.
struct Zipf(Vec<u32>);

impl Zipf {
    const QUANTILES: u32 = 1 << 20;

    fn new(ranks: u32, exponent: f64) -> Self {
        let weight = |rank: u32| f64::from(rank).powf(-exponent);
        let total: f64 = (1..=ranks).map(weight).sum();
        let mut table = Vec::with_capacity(Self::QUANTILES as usize);
        let (mut rank, mut reached) = (1, weight(1) / total);
        for quantile in 0..Self::QUANTILES {
            while f64::from(quantile) / f64::from(Self::QUANTILES) > reached && rank < ranks {
                rank += 1;
                reached += weight(rank) / total;
            }
            table.push(rank - 1);
        }
        Self(table)
    }

    fn pick(&self, rng: &mut Rng) -> usize {
        self.0[rng.below(self.0.len())] as usize
    }
}

/// One advertisement.
pub(super) struct Ad {
    pub(super) capture: CaptureId,
    pub(super) site: String,
    pub(super) place: &'static str,
    pub(super) language: &'static str,
    /// Seconds since 1970.
    pub(super) posted: i64,
    pub(super) price: u64,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) tokens: Vec<Token>,
}

/// 2021-01-01.
pub(super) const START: i64 = 1_609_459_200;
const SPAN: usize = 5 * 365 * 86_400;
const PLACES: [&str; 8] = ["RO", "DE", "NL", "GB", "ES", "FR", "IT", "AT"];

pub(super) struct Corpus {
    pub(super) words: Vec<String>,
    phrases: Vec<Vec<usize>>,
    by_rank: Zipf,
    phrase_by_rank: Zipf,
    site_by_rank: Zipf,
    token_by_rank: Zipf,
}

impl Corpus {
    /// A corpus for so many advertisements.
    pub(super) fn new(ads: usize) -> Self {
        let mut rng = Rng::new(7);
        let latin = ["ka", "lo", "mi", "ren", "sta", "vu", "per", "di", "no", "tra", "qui", "ble", "sho", "en"];
        let cyrillic = ["ка", "ло", "ми", "рен", "ста", "ву", "пер", "ди", "но", "тра"];
        let (mut words, mut seen) = (Vec::new(), std::collections::HashSet::new());
        while words.len() < 60_000 {
            let parts: &[&str] = if rng.below(8) == 0 { &cyrillic } else { &latin };
            let word: String = (0..2 + rng.below(4)).map(|_| parts[rng.below(parts.len())]).collect();
            if seen.insert(word.clone()) {
                words.push(word);
            }
        }
        let by_rank = Zipf::new(60_000, 1.0);
        let phrases = (0..20_000).map(|_| (0..3 + rng.below(3)).map(|_| by_rank.pick(&mut rng)).collect()).collect();
        let tokens = u32::try_from((ads / 3).max(1000)).unwrap_or(u32::MAX);
        Self {
            words,
            phrases,
            by_rank,
            phrase_by_rank: Zipf::new(20_000, 0.8),
            site_by_rank: Zipf::new(200, 1.0),
            token_by_rank: Zipf::new(tokens, 0.7),
        }
    }

    /// A word whose rank lies between the two.
    pub(super) fn word(&self, from: usize, to: usize, rng: &mut Rng) -> &str {
        &self.words[from + rng.below(to - from)]
    }

    pub(super) fn token(&self, rng: &mut Rng) -> Token {
        let rank = self.token_by_rank.pick(rng);
        let label = [Label::Phone, Label::Email, Label::Handle, Label::OtherId][rank % 4];
        let mut hash = Rng::new(rank as u64 ^ 0xa5a5);
        let mut bytes = [0; 32];
        bytes.chunks_exact_mut(8).for_each(|chunk| chunk.copy_from_slice(&hash.next().to_be_bytes()));
        Token::from_hash(label, &bytes)
    }

    fn text(&self, rng: &mut Rng, words: usize) -> String {
        let mut out = String::with_capacity(words * 8);
        let mut written = 0;
        while written < words {
            if rng.below(5) == 0 {
                for word in &self.phrases[self.phrase_by_rank.pick(rng)] {
                    out.push_str(&self.words[*word]);
                    out.push(' ');
                    written += 1;
                }
            } else {
                out.push_str(&self.words[self.by_rank.pick(rng)]);
                out.push_str(if rng.below(12) == 0 { ". " } else { " " });
                written += 1;
            }
        }
        out
    }

    pub(super) fn ad(&self, number: usize) -> Ad {
        let mut rng = Rng::new((number as u64).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ 0x51);
        let tokens: Vec<Token> = (0..=rng.below(3)).map(|_| self.token(&mut rng)).collect();
        let mut body = self.text(&mut rng, 70);
        for token in &tokens {
            body.push_str(&token.to_string());
            body.push(' ');
        }
        Ad {
            capture: CaptureId::from_bytes((number as u128).to_be_bytes()),
            site: format!("site-{:03}", self.site_by_rank.pick(&mut rng)),
            place: PLACES[rng.below(PLACES.len())],
            language: ["en", "de", "ru", "ro", "es", "th"][rng.below(6)],
            posted: START + i64::try_from(rng.below(SPAN)).unwrap_or(0),
            price: 5000 + 1000 * rng.below(60) as u64,
            title: self.text(&mut rng, 7),
            body,
            tokens,
        }
    }
}
