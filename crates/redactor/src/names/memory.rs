//! What words say to the tagger by themselves and in pairs, kept for the next time they are read.
//!
//! Half of a page is the same few hundred words. What such a word says to itself and to its neighbours is one line of the
//! processor's cache here, instead of thirty rows of a table that is larger than the cache; and so is what two of them say.
//!
//! Only words that running text is made of outlive the text they were read in, and signs, and how many digits a number has.
//! Other words are kept as long as their text is read: a name or a word that no list has leaves no trace.

use super::crf::TAGS;
use super::features::{
    DISTANCES, Known, MAX_LINE_TOKENS, REACH, Seen, Two, alone, begins_phrase, entry_of, pair_level,
};
use super::lexicon::Entry;
use super::tagger::Tagger;
use super::token::{Class, Token};

/// How many words are kept, and how many pairs of them, as powers of two.
const WORD_BITS: u32 = 12;
const PAIR_BITS: u32 = 12;

/// How many words or pairs are noted, to be forgotten one by one.
const MOST_PASSING: usize = 1 << WORD_BITS;

/// What the lists say of the pairs that begin at each token of a line, where they were asked.
pub(super) type Levels = [Option<u8>; MAX_LINE_TOKENS];

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

/// What two words in a row say.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Both {
    /// The two words; 0 for none.
    key: u64,
    /// What the lists say of them as the name of a place.
    level: u8,
    /// What they add to the one before them, to themselves, and to the one behind them.
    sums: [[i16; TAGS]; 4],
}

/// The words that one model was asked for.
#[derive(Debug, Default)]
pub(super) struct Memory {
    model: usize,
    words: Vec<Told>,
    pairs: Vec<Both>,
    /// The keys of a line's tokens, and whether they outlive their text.
    keys: Vec<(u64, bool)>,
    /// Places of words and of pairs that do not.
    passing: [Vec<u16>; 2],
}

impl Memory {
    /// The memory for one model; what it knew of another is forgotten.
    pub(super) fn of<'m>(&'m mut self, tagger: &'m Tagger<'_>) -> Remembered<'m> {
        if self.model != tagger.place() || self.words.is_empty() {
            self.model = tagger.place();
            self.words = vec![Told::default(); 1 << WORD_BITS];
            self.pairs = vec![Both::default(); 1 << PAIR_BITS];
        }
        Remembered { tagger, memory: self }
    }

    /// Forgets every word that is not an ordinary word, and every pair with one.
    pub(super) fn forget(&mut self) {
        let [words, pairs] = &mut self.passing;
        if words.len() < MOST_PASSING && pairs.len() < MOST_PASSING {
            words.drain(..).for_each(|place| self.words[usize::from(place)] = Told::default());
            pairs.drain(..).for_each(|place| self.pairs[usize::from(place)] = Both::default());
        } else {
            // So many were kept that hardly another is left.
            [words, pairs].into_iter().for_each(Vec::clear);
            self.words.fill(Told::default());
            self.pairs.fill(Both::default());
        }
    }
}

/// The memory, and the model that it is of.
pub(super) struct Remembered<'m> {
    tagger: &'m Tagger<'m>,
    memory: &'m mut Memory,
}

impl Remembered<'_> {
    /// Asks the lists for every token of a line, and adds what each says by itself and with its neighbours.
    pub(super) fn add(&mut self, tokens: &[Token], known: &mut [Known], sums: &mut [[i32; TAGS]]) -> Levels {
        self.memory.keys.clear();
        for (at, token) in tokens.iter().enumerate() {
            let (entry, key) = self.alone(token, at, sums);
            known[at].entry = entry;
            self.memory.keys.push(key);
        }
        let mut levels = [None; MAX_LINE_TOKENS];
        let seen = |at: usize| tokens.get(at).map_or(Seen::default(), |token| Seen::of(token, known[at].entry));
        // Beyond the ends of the line there is nothing, and that says something, too.
        let beyond = usize::MAX;
        let ends = [
            (beyond, beyond, 0),
            (beyond, 0, 1),
            (tokens.len() - 1, beyond, tokens.len() + 1),
            (beyond, beyond, tokens.len() + 2),
        ];
        for (first, second, at) in ends {
            self.both(seen(first), seen(second), 0).tell(at, sums);
        }
        for at in 1..tokens.len() {
            let ((one, stays), (two, stays_too)) = (self.memory.keys[at - 1], self.memory.keys[at]);
            let key = one.rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ two;
            let slot = (key >> (64 - PAIR_BITS)) as usize;
            if self.memory.pairs[slot].key != key {
                let mut both = self.both(seen(at - 1), seen(at), key);
                if begins_phrase(&tokens[at - 1], known[at - 1].entry) && tokens[at].class == Class::Word {
                    both.level = pair_level(&tokens[at - 1], &tokens[at], self.tagger.lexicon());
                }
                self.memory.pairs[slot] = both;
                if !stays || !stays_too {
                    note(&mut self.memory.passing[1], slot);
                }
            }
            let both = &self.memory.pairs[slot];
            both.tell(at + 1, sums);
            levels[at - 1] = Some(both.level);
        }
        levels
    }

    /// Adds what a token says by itself, if it stands at `at`: what the lists say of it, its key, and whether that stays.
    fn alone(&mut self, token: &Token, at: usize, sums: &mut [[i32; TAGS]]) -> (Entry, (u64, bool)) {
        let form = (token.shape as u64) << 3 | (token.class as u64) << 1 | u64::from(token.glued);
        let key = token.word ^ token.sound.rotate_left(32) ^ (form + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = (key >> (64 - WORD_BITS)) as usize;
        let slot = &mut self.memory.words[place];
        let known = slot.key == key;
        if !known {
            *slot = Told::by(self.tagger, token, key);
        }
        add(&slot.sums, at, REACH, sums);
        let entry = slot.entry;
        let stays = entry.common() > 0 || matches!(token.class, Class::Sign | Class::Number);
        if !known && !stays {
            note(&mut self.memory.passing[0], place);
        }
        (entry, (key, stays))
    }

    fn both(&self, first: Seen, second: Seen, key: u64) -> Both {
        let two = Two::of(first, second);
        let rows: [&[u32]; 4] = [&two.before, &two.first, &two.second, &two.behind];
        Both { key, level: 0, sums: rows.map(|rows| self.tagger.sum(rows)) }
    }
}

impl Told {
    fn by(tagger: &Tagger<'_>, token: &Token, key: u64) -> Self {
        let entry = entry_of(token, tagger.lexicon());
        let mut sums = [[0; TAGS]; DISTANCES];
        alone(token, Known { entry, ..Known::default() }, |distance, rows| {
            let sum = tagger.sum(rows);
            (0..TAGS).for_each(|tag| sums[distance][tag] += sum[tag]);
        });
        Self { key, entry, sums }
    }
}

impl Both {
    /// Tells those around it, of whom the last stands at `at`, counted from one before the line.
    fn tell(&self, at: usize, sums: &mut [[i32; TAGS]]) {
        add(&self.sums, at, 3, sums);
    }
}

fn note(passing: &mut Vec<u16>, place: usize) {
    if passing.len() < MOST_PASSING {
        passing.push(place as u16);
    }
}

/// Adds each of a row of sums to its place; that of the `middle` is `at`. What falls beyond the ends is heard by nobody.
fn add(said: &[[i16; TAGS]], at: usize, middle: usize, sums: &mut [[i32; TAGS]]) {
    let (skipped, first) = (middle.saturating_sub(at), at.saturating_sub(middle));
    for (said, sum) in said[skipped..].iter().zip(sums.get_mut(first..).unwrap_or_default()) {
        (0..TAGS).for_each(|tag| sum[tag] += i32::from(said[tag]));
    }
}
