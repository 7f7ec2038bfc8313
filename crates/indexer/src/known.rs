//! Which documents an index may already have.
//!
//! A page that is added again replaces its document, so a deletion goes before each addition; and each deletion has tantivy
//! look into every segment at the next commit, which costs more than the page. Nearly all of them would find nothing. So the
//! writer remembers which keys it has seen, and deletes only where the answer is "perhaps": Bloom's filter (1970) never
//! forgets a key, and for one in a thousand that is new it says perhaps for nothing.
//!
//! It lives in memory beside the one writer, two bytes a document, and is made anew from the index when the writer is opened
//! and after an erasure.

use schema::mix;

/// Bits of one document.
const BITS: usize = 16;

/// Places of one key.
const PLACES: u32 = 8;

/// Documents of the smallest part.
const LEAST: usize = 1 << 14;

/// The keys of documents that were added, and a few others.
#[derive(Debug)]
pub struct KnownDocuments {
    /// A full part stays as it is, and the next is twice as large.
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    bits: Vec<u64>,
    left: usize,
}

impl KnownDocuments {
    /// None yet, with room for so many in one piece.
    #[must_use]
    pub fn with_room_for(documents: usize) -> Self {
        Self { parts: vec![Part::new(documents)] }
    }

    /// Notes a document key; says whether it may have been noted before.
    pub fn note(&mut self, key: &[u8; 32]) -> bool {
        let seen = self.parts.iter().any(|part| part.places(key).all(|(word, bit)| part.bits[word] & bit != 0));
        if !seen {
            if self.parts.last().is_none_or(|part| part.left == 0) {
                self.parts.push(Part::new(LEAST << self.parts.len()));
            }
            if let Some(part) = self.parts.last_mut() {
                part.left -= 1;
                for (word, bit) in part.places(key) {
                    part.bits[word] |= bit;
                }
            }
        }
        seen
    }
}

impl Part {
    fn new(documents: usize) -> Self {
        let documents = documents.max(LEAST);
        Self { bits: vec![0; documents * BITS / 64], left: documents }
    }

    /// Double hashing.
    fn places(&self, key: &[u8; 32]) -> impl Iterator<Item = (usize, u64)> + use<> {
        let words = key.as_chunks().0.iter().map(|word| u64::from_be_bytes(*word));
        let mut value = words.fold(0, |hash, word| mix(hash ^ word));
        let step = mix(value) | 1;
        let bits = self.bits.len() as u128 * 64;
        (0..PLACES).map(move |_| {
            value = value.wrapping_add(step);
            // The product's upper half lies below the number of bits.
            let place = usize::try_from((u128::from(value) * bits) >> 64).unwrap_or_default();
            (place / 64, 1 << (place % 64))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> [u8; 32] {
        let mut key = [0; 32];
        key[24..].copy_from_slice(&number.to_be_bytes());
        key
    }

    #[test]
    fn no_key_is_forgotten_and_few_are_taken_for_another() {
        let count = 10 * LEAST as u64;
        for mut known in [KnownDocuments::with_room_for(0), KnownDocuments::with_room_for(10 * LEAST)] {
            let taken_for_another = (0..count).filter(|number| known.note(&key(*number))).count();
            assert!(taken_for_another < 10 * LEAST / 100, "{taken_for_another}");
            assert!((0..count).all(|number| known.note(&key(number))));
            let bytes: usize = known.parts.iter().map(|part| part.bits.len() * 8).sum();
            assert!(bytes <= 2 * 2 * 10 * LEAST, "two bytes a document, and room for as many again: {bytes}");
        }
    }
}
