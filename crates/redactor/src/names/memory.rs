//! What words by themselves say to the tagger, kept for the next time they are read.
//!
//! Half of a page is the same few hundred words. What such a word says to itself and to its neighbours is one line of the
//! processor's cache here, instead of thirty rows of a table that is larger than the cache.
//!
//! Only words that running text is made of are kept, and signs: a name, a number or a word that no list has leaves no trace.

use super::crf::TAGS;
use super::features::{DISTANCES, Known, REACH, alone, entry_of};
use super::lexicon::Entry;
use super::tagger::Tagger;
use super::token::{Class, Token};

/// How many words are kept: a power of two.
const WORDS: usize = 1 << 12;

/// What one word says.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Told {
    /// The word, how it is written, and whether it is glued to what stands before it; 0 for none.
    key: u64,
    entry: Entry,
    /// What it adds to those at each distance.
    sums: [[i16; TAGS]; DISTANCES],
}

/// The words that one model was asked for.
#[derive(Debug, Default)]
pub(super) struct Memory {
    model: usize,
    words: Vec<Told>,
}

impl Memory {
    /// The memory for one model; what it knew of another is forgotten.
    pub(super) fn of<'m>(&'m mut self, tagger: &'m Tagger<'_>) -> Remembered<'m> {
        if self.model != tagger.place() || self.words.is_empty() {
            self.model = tagger.place();
            self.words.clear();
            self.words.resize(WORDS, Told::default());
        }
        Remembered { tagger, words: &mut self.words }
    }
}

/// The memory, and the model that it is of.
pub(super) struct Remembered<'m> {
    tagger: &'m Tagger<'m>,
    words: &'m mut [Told],
}

impl Remembered<'_> {
    /// Adds what a token says by itself to the sums of a line, in which it stands at `at`: what the lists say of it.
    pub(super) fn add(&mut self, token: &Token, at: usize, sums: &mut [[i32; TAGS]]) -> Entry {
        let form = (token.shape as u64) << 3 | (token.class as u64) << 1 | u64::from(token.glued);
        let key = token.word ^ token.sound.rotate_left(32) ^ (form + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let slot = &mut self.words[(key >> 40) as usize % WORDS];
        if slot.key == key {
            slot.tell(at, sums);
            return slot.entry;
        }
        let told = Told::by(self.tagger, token, key);
        told.tell(at, sums);
        if told.entry.common() > 0 || matches!(token.class, Class::Sign) {
            *slot = told;
        }
        told.entry
    }
}

impl Told {
    fn by(tagger: &Tagger<'_>, token: &Token, key: u64) -> Self {
        let entry = entry_of(token, tagger.lexicon());
        let mut sums = [[0; TAGS]; DISTANCES];
        alone(token, Known { entry, ..Known::default() }, |distance, rows| tagger.add(rows, &mut sums[distance]));
        // Some twenty weights of eight bits at most.
        Self { key, entry, sums: sums.map(|sum| sum.map(|value| value as i16)) }
    }

    fn tell(&self, at: usize, sums: &mut [[i32; TAGS]]) {
        let (skipped, first) = (REACH.saturating_sub(at), at.saturating_sub(REACH));
        for (said, sum) in self.sums[skipped..].iter().zip(&mut sums[first..]) {
            (0..TAGS).for_each(|tag| sum[tag] += i32::from(said[tag]));
        }
    }
}
