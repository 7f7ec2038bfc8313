//! Padmé: sizes that tell little, for at most 12 % more bytes (Nikitin and others, PETS 2019).

/// The size that `length` bytes are padded to.
pub(crate) const fn padded(length: usize) -> usize {
    if length < 2 {
        return length;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << exponent.saturating_sub(kept)) - 1;
    (length + mask) & !mask
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_the_paper_s() {
        // Lengths of which the paper's formula keeps all bits, then the first that it rounds.
        for (length, expected) in
            [(0, 0), (1, 1), (2, 2), (7, 7), (8, 8), (9, 10), (100, 104), (1_000, 1_024), (100_041, 100_352)]
        {
            assert_eq!(padded(length), expected, "{length}");
        }
    }

    proptest! {
        #[test]
        fn at_most_an_eighth_is_added_and_padding_is_stable(length in 1usize..(64 << 20)) {
            let size = padded(length);
            prop_assert!(size >= length && (size - length) * 100 <= length * 12);
            prop_assert_eq!(padded(size), size);
        }
    }
}
