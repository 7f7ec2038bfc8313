//! The name, place and word lists, as a table of hashes: what is known of a word by itself.
//!
//! The table holds no word: a slot has sixteen bits of a word's hash and sixteen of what the lists say. A word that no list
//! has is taken for one that some list has about once in a thousand times, which the tagger bears.

/// What the lists say of a word: four levels from 0 to 3, and the group of words that it is used like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry(u16);

impl Entry {
    /// An entry; levels above 3 count as 3.
    #[must_use]
    pub const fn new(forename: u8, surname: u8, place: u8, common: u8, cluster: u8) -> Self {
        const fn level(value: u8) -> u16 {
            if value > 3 { 3 } else { value as u16 }
        }
        Self(level(forename) | level(surname) << 2 | level(place) << 4 | level(common) << 6 | (cluster as u16) << 8)
    }

    /// How common it is as a forename.
    #[must_use]
    pub const fn forename(self) -> u8 {
        (self.0 & 3) as u8
    }

    /// How common it is as a surname.
    #[must_use]
    pub const fn surname(self) -> u8 {
        (self.0 >> 2 & 3) as u8
    }

    /// How large the largest place of this name is.
    #[must_use]
    pub const fn place(self) -> u8 {
        (self.0 >> 4 & 3) as u8
    }

    /// How common it is as a word of running text.
    #[must_use]
    pub const fn common(self) -> u8 {
        (self.0 >> 6 & 3) as u8
    }

    /// The group of words that it is used like; 0 if none is known.
    #[must_use]
    pub const fn cluster(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// All four levels in one.
    #[must_use]
    pub const fn levels(self) -> u8 {
        (self.0 & 0xff) as u8
    }
}

/// A table of [`Entry`] by word hash, read where it lies.
#[derive(Clone, Copy)]
pub struct Lexicon<'a> {
    slots: &'a [[u8; 4]],
    filter: Option<&'a Filter>,
}

/// Share of the slots that are filled, in percent.
const LOAD: usize = 88;

impl<'a> Lexicon<'a> {
    /// Reads a table where it lies; `None` if its length is no multiple of a slot.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (slots, rest) = bytes.as_chunks();
        rest.is_empty().then_some(Self { slots, filter: None })
    }

    /// Writes a table of these words; of two entries for one hash the later is kept.
    #[must_use]
    pub fn write(words: impl IntoIterator<Item = (u64, Entry)>) -> Vec<u8> {
        let words: std::collections::BTreeMap<u64, Entry> = words.into_iter().collect();
        let mut slots = vec![[0u8; 4]; words.len() * 100 / LOAD + 1];
        for (word, entry) in &words {
            let mut at = place(*word, slots.len());
            while slots[at] != [0; 4] {
                at = (at + 1) % slots.len();
            }
            let (tag, entry) = (tag(*word).to_le_bytes(), entry.0.to_le_bytes());
            slots[at] = [tag[0], tag[1], entry[0], entry[1]];
        }
        slots.concat()
    }

    /// What the lists say of a word; nothing if none has it.
    #[must_use]
    pub fn get(&self, word: u64) -> Entry {
        if self.slots.is_empty() {
            return Entry::default();
        }
        let wanted = tag(word);
        let mut at = place(word, self.slots.len());
        if self.filter.is_some_and(|filter| !filter.may_hold(at, wanted)) {
            return Entry::default();
        }
        let wanted = wanted.to_le_bytes();
        // Ends at the first free slot; a table without one, which `write` never makes, ends the search by the count.
        for _ in 0..self.slots.len().min(MAX_STEPS) {
            let slot = self.slots[at];
            if slot == [0; 4] {
                break;
            }
            if slot[..2] == wanted {
                return Entry(u16::from_le_bytes([slot[2], slot[3]]));
            }
            at += 1;
            if at == self.slots.len() {
                at = 0;
            }
        }
        Entry::default()
    }

    /// The same table with a filter before it, which is made from it.
    #[must_use]
    pub const fn with(self, filter: &'a Filter) -> Self {
        Self { filter: Some(filter), ..self }
    }
}

/// Most slots that a search looks at.
const MAX_STEPS: usize = 512;

/// Tells of most words that a table has not that it has them not, by one bit.
///
/// The table is several times as large as a processor's second cache, and nearly full: without the filter a word that is
/// not there costs three lines of the slow memory behind it, and of pairs of words hardly one is there.
pub struct Filter(Vec<u64>);

/// Bits of a filter: 2 to this power, five for each word of the built-in table.
const FILTER_BITS: u32 = 23;

/// Slots of one block, as a power of two: the filter knows of each tag in which blocks a search for it may begin.
const BLOCK_BITS: u32 = 8;

impl Filter {
    /// The filter of a table.
    #[must_use]
    pub fn of(lexicon: &Lexicon<'_>) -> Self {
        let mut filter = Self(vec![0; 1 << (FILTER_BITS - 6)]);
        let slots = lexicon.slots;
        let Some(free) = slots.iter().position(|slot| *slot == [0; 4]) else {
            filter.0.fill(u64::MAX);
            return filter;
        };
        // Where the row of filled slots begins that a slot belongs to: no search for what it holds begins before that.
        let mut begins = None;
        for at in (free + 1..slots.len()).chain(0..free) {
            let [low, high, ..] = slots[at];
            if slots[at] == [0; 4] {
                begins = None;
                continue;
            }
            let begins = *begins.get_or_insert(at);
            let tag = u16::from_le_bytes([low, high]);
            if begins <= at {
                filter.set(begins, at, tag);
            } else {
                filter.set(begins, slots.len() - 1, tag);
                filter.set(0, at, tag);
            }
        }
        filter
    }

    fn set(&mut self, from: usize, to: usize, tag: u16) {
        for block in from >> BLOCK_BITS..=to >> BLOCK_BITS {
            let (word, bit) = Self::bit(block, tag);
            self.0[word] |= 1 << bit;
        }
    }

    /// Whether a search for a tag that begins at a slot may find it.
    #[inline]
    fn may_hold(&self, at: usize, tag: u16) -> bool {
        let (word, bit) = Self::bit(at >> BLOCK_BITS, tag);
        self.0[word] >> bit & 1 == 1
    }

    const fn bit(block: usize, tag: u16) -> (usize, u32) {
        let hash = ((block as u64) << 16 | tag as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER_BITS);
        ((hash >> 6) as usize, (hash & 63) as u32)
    }
}

impl std::fmt::Debug for Filter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Filter({} bits)", 1 << FILTER_BITS)
    }
}

impl std::fmt::Debug for Lexicon<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Lexicon({} slots)", self.slots.len())
    }
}

/// Never zero, so that a filled slot differs from a free one.
const fn tag(word: u64) -> u16 {
    (word as u16) | 1
}

fn place(word: u64, slots: usize) -> usize {
    (((word >> 32) * slots as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::super::token::word_hash;
    use super::*;

    #[test]
    fn what_was_written_is_found_and_little_else() {
        let word = |number: u32| word_hash(&letters(number)).unwrap();
        let entry = |number: u32| Entry::new((number % 4) as u8, 1, (number % 3) as u8, 2, (number % 200) as u8);
        let bytes = Lexicon::write((0..5_000).map(|number| (word(number), entry(number))));
        let lexicon = Lexicon::read(&bytes).unwrap();
        let filter = Filter::of(&lexicon);
        for number in 0..1_000_000 {
            assert_eq!(lexicon.with(&filter).get(word(number)), lexicon.get(word(number)), "{number}");
        }
        for number in 0..5_000 {
            assert_eq!(lexicon.get(word(number)), entry(number));
        }
        let mistaken = (5_000..105_000).filter(|number| lexicon.get(word(*number)) != Entry::default()).count();
        assert!(mistaken < 200, "{mistaken} of 100,000");
        assert!(Lexicon::read(&bytes[1..]).is_none());
    }

    /// A number in letters.
    fn letters(number: u32) -> String {
        number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
    }

    #[test]
    fn levels_and_group_are_kept_apart() {
        let entry = Entry::new(1, 2, 3, 9, 200);
        let all = (entry.forename(), entry.surname(), entry.place(), entry.common(), entry.cluster());
        assert_eq!(all, (1, 2, 3, 3, 200));
    }
}
