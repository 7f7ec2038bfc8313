//! Merkle trees as RFC 6962 hashes them, and the proofs of RFC 9162.
//!
//! Trees are seen through a function that gives the hash of a complete subtree: `node(level, index)` covers the leaves
//! from `index << level` on, `1 << level` of them. Whether that reads tiles or memory is its own matter.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf: SHA-256(0x00 || entry).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 || left || right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the tree without leaves.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest(b"").into()
}

/// The right edge of a growing tree: one root for each set bit of its size, largest subtree first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edge {
    size: u64,
    roots: Vec<Hash>,
}

impl Edge {
    pub(crate) fn of(hashes: &[Hash]) -> Self {
        let mut edge = Self::default();
        hashes.iter().for_each(|hash| edge.push(*hash));
        edge
    }

    pub(crate) fn push(&mut self, mut hash: Hash) {
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    pub(crate) fn root(&self) -> Hash {
        join(&self.roots)
    }

    pub(crate) fn into_roots(self) -> Vec<Hash> {
        self.roots
    }
}

/// The root over complete subtrees, largest first.
pub(crate) fn join(roots: &[Hash]) -> Hash {
    let mut from_right = roots.iter().rev();
    let Some(last) = from_right.next() else { return empty_root() };
    from_right.fold(*last, |right, left| node_hash(left, &right))
}

/// The hashes that lead from leaf `index` to the root of the tree of `size` leaves (RFC 9162, 2.1.3.1).
///
/// # Errors
/// Those of `node`; an index outside the tree yields an empty proof, which proves nothing.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let (mut low, mut high) = (0, size);
    let mut proof = Vec::new();
    while high - low > 1 && index < size {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(range_root(middle, high, node)?);
            high = middle;
        } else {
            proof.push(range_root(low, middle, node)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Whether `proof` leads from the leaf's hash at `index` to `root` (RFC 9162, 2.1.3.2).
#[must_use]
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut from, mut last, mut hash) = (index, size - 1, *leaf);
    for step in proof {
        if last == 0 {
            return false;
        }
        if from & 1 == 1 || from == last {
            hash = node_hash(step, &hash);
            while from & 1 == 0 && from != 0 {
                from >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        from >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// The hashes that show the tree of `old` leaves to be the beginning of the tree of `size` leaves (RFC 9162, 2.1.4.1).
///
/// # Errors
/// Those of `node`; nothing needs proving, and nothing is proved, unless `0 < old < size`.
pub fn consistency_proof<E>(
    old: u64,
    size: u64,
    node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    if old == 0 || old >= size {
        return Ok(proof);
    }
    let (mut low, mut high) = (0, size);
    // Invariant: low <= old <= high; what is left of low is complete in both trees.
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(range_root(middle, high, node)?);
            high = middle;
        } else {
            proof.push(range_root(low, middle, node)?);
            low = middle;
        }
    }
    if low != 0 {
        proof.push(range_root(low, high, node)?); // otherwise the old root itself, which the verifier has
    }
    proof.reverse();
    Ok(proof)
}

/// Whether `proof` shows the first tree to be the beginning of the second (RFC 9162, 2.1.4.2). Every tree begins with
/// the empty one.
#[must_use]
pub fn verify_consistency(old: u64, size: u64, old_root: &Hash, root: &Hash, proof: &[Hash]) -> bool {
    if old > size {
        return false;
    }
    if old == size {
        return proof.is_empty() && old_root == root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == empty_root();
    }
    let mut steps = proof.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut from, mut last) = (old - 1, size - 1);
    while from & 1 == 1 {
        from >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if from & 1 == 1 || from == last {
            old_hash = node_hash(step, &old_hash);
            new_hash = node_hash(step, &new_hash);
            while from & 1 == 0 && from != 0 {
                from >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, step);
        }
        from >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *root
}

/// The root over the leaves from `low` to `high`, where `low` is a multiple of a power of two not below the length.
fn range_root<E>(low: u64, high: u64, node: &mut impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let (mut low, mut roots) = (low, Vec::new());
    while low < high {
        let level = (high - low).ilog2();
        roots.push(node(level, low >> level)?);
        low += 1 << level;
    }
    Ok(join(&roots))
}

/// The largest power of two smaller than `count`, which is at least 2.
const fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    /// The definition, word for word: slow, and nothing to get wrong.
    fn defined_root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(split(many.len() as u64) as usize);
                node_hash(&defined_root(left), &defined_root(right))
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
    }

    fn node(leaves: &[Hash]) -> impl FnMut(u32, u64) -> Result<Hash, Infallible> {
        |level, index| Ok(defined_root(&leaves[(index << level) as usize..((index + 1) << level) as usize]))
    }

    #[test]
    fn roots_are_those_of_rfc_6962() {
        // The vectors of the reference implementation: trees over the first n of these entries.
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let hex = |hash: Hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        for (count, root) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ] {
            assert_eq!(hex(Edge::of(&leaves[..count]).root()), root, "{count} leaves");
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_holds_and_for_nothing_else() {
        const SMALL: u64 = 40;
        let all = leaves(SMALL);
        let roots: Vec<Hash> = (0..=SMALL).map(|size| defined_root(&all[..size as usize])).collect();
        for size in 0..=SMALL {
            let root = &roots[size as usize];
            assert_eq!(Edge::of(&all[..size as usize]).root(), *root);
            for index in 0..size {
                let leaf = &all[index as usize];
                let Ok(proof) = inclusion_proof(index, size, &mut node(&all));
                assert!(verify_inclusion(index, size, leaf, &proof, root), "{index} in {size}");
                for other in (0..size).filter(|other| *other != index) {
                    assert!(!verify_inclusion(other, size, leaf, &proof, root), "{index} as {other} in {size}");
                }
                assert!(!verify_inclusion(index, size, &[7; 32], &proof, root));
                assert!(!verify_inclusion(index, size, leaf, &[proof.as_slice(), &[[0; 32]]].concat(), root));
                assert!(proof.is_empty() || !verify_inclusion(index, size, leaf, &proof[1..], root));
            }
            for old in 0..=size {
                let old_root = &roots[old as usize];
                let Ok(proof) = consistency_proof(old, size, &mut node(&all));
                assert!(verify_consistency(old, size, old_root, root, &proof), "{old} to {size}");
                assert!(!verify_consistency(old, size, &[7; 32], root, &proof), "{old} to {size}");
                assert!(old == 0 || !verify_consistency(old, size, old_root, &[7; 32], &proof), "{old} to {size}");
                assert!(proof.is_empty() || !verify_consistency(old, size, old_root, root, &proof[1..]));
                for at in 0..proof.len() {
                    let mut forged = proof.clone();
                    forged[at][at % 32] ^= 1;
                    assert!(!verify_consistency(old, size, old_root, root, &forged), "{old} to {size}, step {at}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn proofs_of_larger_trees_hold(size in 1u64..1500, index: u64, old: u64, flip: (usize, u8)) {
            let all = leaves(size);
            let root = defined_root(&all);
            let index = index % size;
            let Ok(mut proof) = inclusion_proof(index, size, &mut node(&all));
            prop_assert!(verify_inclusion(index, size, &all[index as usize], &proof, &root));
            if !proof.is_empty() && flip.1 != 0 {
                let at = flip.0 % proof.len();
                proof[at][flip.0 % 32] ^= flip.1;
                prop_assert!(!verify_inclusion(index, size, &all[index as usize], &proof, &root));
            }
            let old = 1 + old % size;
            let old_root = defined_root(&all[..old as usize]);
            let Ok(proof) = consistency_proof(old, size, &mut node(&all));
            prop_assert!(verify_consistency(old, size, &old_root, &root, &proof));
        }

        #[test]
        fn no_proof_panics_the_verifier(index: u64, size: u64, proof: Vec<Hash>) {
            prop_assert!(!verify_inclusion(index, size, &[1; 32], &proof, &[2; 32]));
            prop_assert!(!verify_consistency(index, size, &[1; 32], &[2; 32], &proof));
        }
    }
}
