//! Many words looked for at once, each wherever it stands: letters of ASCII in any case, others as they are.
//!
//! Most places of a text begin none of the words. A table of the first four bytes says so at once; only where it does not
//! are the words followed letter by letter. An automaton that follows all of them everywhere takes several times as long,
//! because six thousand words are more of it than a processor keeps near.

use std::collections::BTreeMap;
use std::ops::Range;

use zeroize::Zeroizing;

/// Words by number, as a tree of their bytes.
pub(super) struct Dictionary {
    /// The root first.
    nodes: Vec<Node>,
    /// The branches of each node in a row.
    branches: Vec<(u8, u32)>,
    /// The numbers of the words that end at each node, in a row.
    ends: Vec<u32>,
    /// The node of the words that begin with two bytes; 0 where there is none.
    pairs: Box<[u32]>,
    /// The first three bytes of words by their last five bits, a word of two bytes with all there are: it fits beside what
    /// else is needed near, and most places of a text end here.
    begin: Box<[u64; 1 << 9]>,
    /// Words by the hash of their first four bytes, and words of three and of two bytes.
    heads: Bits,
    threes: Bits,
    twos: Bits,
    /// Words by their first six bytes, shorter ones by all of theirs: what is asked before a word is followed.
    firsts: Firsts,
}

#[derive(Clone, Copy, Default)]
struct Node {
    branches: (u32, u32),
    ends: (u32, u32),
}

/// A word that was found: its number, and where it stands.
pub(super) type Found = (usize, Range<usize>);

impl Dictionary {
    /// The words, numbered in their order. One of less than two bytes is never found.
    pub(super) fn new(words: &[String]) -> Self {
        let mut dictionary = Self {
            nodes: Vec::new(),
            branches: Vec::new(),
            ends: Vec::new(),
            pairs: vec![0; 1 << 16].into(),
            begin: Box::new([0; 1 << 9]),
            heads: Bits::new(),
            threes: Bits::new(),
            twos: Bits::new(),
            firsts: Firsts::new(),
        };
        let mut sorted: BTreeMap<Vec<u8>, Vec<u32>> = BTreeMap::new();
        for (number, word) in words.iter().enumerate().filter(|(_, word)| word.len() > 1) {
            sorted.entry(word.to_ascii_lowercase().into_bytes()).or_default().push(number as u32);
        }
        let sorted: Vec<(Vec<u8>, Vec<u32>)> = sorted.into_iter().collect();
        for (word, _) in &sorted {
            let thirds = word.get(2).map_or(0..32, |third| usize::from(third & 31)..usize::from(third & 31) + 1);
            for third in thirds {
                let place = beginning(beginning(usize::from(word[0] & 31), word[1]), third as u8);
                dictionary.begin[place / 64] |= 1 << (place % 64);
            }
            dictionary.firsts.set(word);
            match **word {
                [a, b, c, d, ..] => dictionary.heads.set(u32::from_le_bytes([a, b, c, d])),
                [a, b, c] => dictionary.threes.set(u32::from_le_bytes([a, b, c, 0])),
                [a, b] => dictionary.twos.set(u32::from_le_bytes([a, b, 0, 0])),
                _ => {}
            }
        }
        dictionary.nodes.push(Node::default());
        dictionary.grow(0, &sorted, 0);
        for (first, node) in dictionary.branches_of(dictionary.nodes[0]).to_vec() {
            for (second, node) in dictionary.branches_of(dictionary.nodes[node as usize]).to_vec() {
                dictionary.pairs[pair(first, second)] = node;
            }
        }
        dictionary
    }

    fn branches_of(&self, node: Node) -> &[(u8, u32)] {
        &self.branches[node.branches.0 as usize..node.branches.1 as usize]
    }

    /// The node of the words that share their first `depth` bytes.
    fn grow(&mut self, node: usize, words: &[(Vec<u8>, Vec<u32>)], depth: usize) {
        let (own, longer) = words.split_at(words.iter().take_while(|(word, _)| word.len() == depth).count());
        let first_end = self.ends.len() as u32;
        self.ends.extend(own.iter().flat_map(|(_, numbers)| numbers));
        let groups: Vec<_> = longer.chunk_by(|(one, _), (next, _)| one[depth] == next[depth]).collect();
        let (branch, child) = (self.branches.len(), self.nodes.len());
        self.nodes[node] = Node {
            branches: (branch as u32, (branch + groups.len()) as u32),
            ends: (first_end, self.ends.len() as u32),
        };
        self.branches.extend(groups.iter().enumerate().map(|(at, group)| (group[0].0[depth], (child + at) as u32)));
        self.nodes.resize(child + groups.len(), Node::default());
        for (at, group) in groups.into_iter().enumerate() {
            self.grow(child + at, group, depth + 1);
        }
    }

    /// Every word in a text, overlapping ones included, by where they end, then by where they begin.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let lower = Lower::new(text);
        let mut found = Vec::with_capacity(text.len() / 16);
        let mut three = beginning(beginning(0, lower.0[0]), lower.0[1]);
        for at in 0..text.len() {
            three = beginning(three, lower.0[at + 2]);
            if self.begin[three / 64] >> (three % 64) & 1 == 0 {
                continue;
            }
            let head = lower.head(at);
            // Without a branch between them: of what most places fail at, no two fail alike.
            let may_begin = self.heads.has(head) | self.threes.has(head & 0x00ff_ffff) | self.twos.has(head & 0xffff);
            if may_begin && self.firsts.has(&lower.0[at..]) {
                self.follow(&lower.0[at..], |number, length| found.push((number as usize, at..at + length)));
            }
        }
        found.sort_unstable_by_key(|(number, range)| (range.end, range.start, *number));
        found
    }

    /// The number of a word, the first of several that are the same.
    pub(super) fn number(&self, word: &str) -> Option<usize> {
        let mut found = None;
        self.follow(&Lower::new(word).0, |number, length| {
            if length == word.len() {
                found.get_or_insert(number as usize);
            }
        });
        found
    }

    /// Hands over every word that begins here, shortest first: its number, and how many bytes it has.
    fn follow(&self, rest: &[u8], mut take: impl FnMut(u32, usize)) {
        let [first, second, ref tail @ ..] = *rest else { return };
        let mut node = self.pairs[pair(first, second)];
        for (length, byte) in (2..).zip(tail) {
            if node == 0 {
                return;
            }
            let here = self.nodes[node as usize];
            self.ends_of(here).iter().for_each(|number| take(*number, length));
            let branches = self.branches_of(here);
            let next = if branches.len() > MANY {
                branches.binary_search_by_key(byte, |(branch, _)| *branch).map_or(0, |place| branches[place].1)
            } else {
                branches.iter().find(|(branch, _)| branch == byte).map_or(0, |(_, next)| *next)
            };
            node = next;
        }
    }

    fn ends_of(&self, node: Node) -> &[u32] {
        &self.ends[node.ends.0 as usize..node.ends.1 as usize]
    }
}

/// The last five bits of three bytes, of which two are known and a third follows.
#[inline]
const fn beginning(three: usize, next: u8) -> usize {
    (three << 5 | next as usize & 31) & 0x7fff
}

/// A text in small letters of ASCII, with a few zeros behind it, so that eight bytes can be taken everywhere.
struct Lower(Zeroizing<Vec<u8>>);

impl Lower {
    fn new(text: &str) -> Self {
        let mut lower = Zeroizing::new(Vec::with_capacity(text.len() + 8));
        lower.extend_from_slice(text.as_bytes());
        lower.make_ascii_lowercase();
        lower.extend_from_slice(&[0; 8]);
        Self(lower)
    }

    /// The four bytes at a place of the text, the first of them lowest.
    #[inline]
    fn head(&self, at: usize) -> u32 {
        self.0[at..].first_chunk().map_or(0, |head| u32::from_le_bytes(*head))
    }
}

/// A set of the first bytes of words, by their hash: it may say yes where it should say no.
struct Bits(Box<[u64; 1 << 10]>);

impl Bits {
    fn new() -> Self {
        Self(Box::new([0; 1 << 10]))
    }

    fn set(&mut self, head: u32) {
        let (word, bit) = Self::place(head);
        self.0[word] |= 1 << bit;
    }

    #[inline]
    fn has(&self, head: u32) -> bool {
        let (word, bit) = Self::place(head);
        self.0[word] >> bit & 1 == 1
    }

    const fn place(head: u32) -> (usize, u32) {
        let hash = head.wrapping_mul(0x9e37_79b1) >> 16;
        (hash as usize >> 6, hash & 63)
    }
}

/// A set of words by their first bytes, six at most, and how many: larger than [`Bits`], and right more often.
struct Firsts(Vec<u64>);

impl Firsts {
    /// Bits of the set: 2 to this power.
    const BITS: u32 = 18;

    /// The fewest and the most bytes of a word that it goes by.
    const LENGTHS: std::ops::RangeInclusive<usize> = 2..=6;

    fn new() -> Self {
        Self(vec![0; 1 << (Self::BITS - 6)])
    }

    fn set(&mut self, word: &[u8]) {
        let length = word.len().min(*Self::LENGTHS.end());
        let mut first = [0; 8];
        first[..length].copy_from_slice(&word[..length]);
        let (word, bit) = Self::place(u64::from_le_bytes(first), length);
        self.0[word] |= 1 << bit;
    }

    /// Whether a word may stand at the beginning of these bytes, of which there are eight at least.
    fn has(&self, rest: &[u8]) -> bool {
        let Some(first) = rest.first_chunk().map(|first| u64::from_le_bytes(*first)) else { return true };
        Self::LENGTHS.fold(0, |any, length| {
            let (word, bit) = Self::place(first & ((1 << (8 * length)) - 1), length);
            any | self.0[word] >> bit & 1
        }) == 1
    }

    const fn place(first: u64, length: usize) -> (usize, u32) {
        let hash = (first ^ (length as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - Self::BITS);
        (hash as usize >> 6, (hash & 63) as u32)
    }
}

/// Branches from which on halving is quicker than looking at each.
const MANY: usize = 8;

const fn pair(first: u8, second: u8) -> usize {
    first as usize | (second as usize) << 8
}

#[cfg(test)]
mod tests {
    use aho_corasick::{AhoCorasick, MatchKind};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_finds_what_an_automaton_finds_in_the_same_order(
            words in proptest::collection::vec("[abéАB .]{0,6}", 0..40),
            text in "[abéАBА .]{0,80}",
        ) {
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .build(words.iter().filter(|word| word.len() > 1))
                .expect("an automaton");
            let numbers: Vec<usize> = (0..words.len()).filter(|number| words[*number].len() > 1).collect();
            let dictionary = Dictionary::new(&words);
            let expected: Vec<Found> = automaton
                .find_overlapping_iter(&text)
                .map(|found| (numbers[found.pattern().as_usize()], found.range()))
                .collect();
            prop_assert_eq!(dictionary.find(&text), expected);
            for word in words.iter().filter(|word| word.len() > 1) {
                let first = words.iter().position(|other| other.eq_ignore_ascii_case(word));
                prop_assert_eq!(dictionary.number(word), first);
            }
            prop_assert_eq!(dictionary.number(""), None);
        }
    }
}
