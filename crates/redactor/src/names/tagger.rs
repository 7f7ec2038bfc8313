//! The tagger: a model file and the lists, and what they say of a line.

use super::crf::{Scores, TAGS, chances};
use super::features::{Known, MAX_LINE_TOKENS, ROW_BITS, look_up, rows};
use super::lexicon::Lexicon;
use super::token::{Token, tokenise};

/// The first bytes of a model file: its name and the version of its form.
pub const MAGIC: &[u8; 8] = b"LTNAMES1";

const HEAD: usize = MAGIC.len() + 4 * (1 + TAGS * TAGS);
const ROWS: usize = 1 << ROW_BITS;

/// Steps from which on a tag is hopeless: each of them is a small part of a weight.
const POWERS: usize = 4096;

/// A trained model, read where it lies.
#[derive(Clone)]
pub struct Tagger<'a> {
    /// One row of a feature: a weight in eight bits for each tag.
    weights: &'a [[u8; TAGS]],
    /// Exponentials of how much less a tag has than the best of its token, by steps of the weights.
    powers: Box<[f32; POWERS]>,
    /// Exponentials of the weights for one tag after another.
    transitions: [Scores; TAGS],
    lexicon: Lexicon<'a>,
}

/// Room for one line, to be used again for the next.
#[derive(Debug, Default)]
pub struct Line {
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// What the lists say of each.
    pub known: Vec<Known>,
    /// The probability of each tag for each token.
    pub marginals: Vec<Scores>,
    sums: Vec<[i32; TAGS]>,
    forward: Vec<Scores>,
}

impl<'a> Tagger<'a> {
    /// Reads a model where it lies: [`MAGIC`], the worth of one step and the weights of the pairs of tags as 32-bit floats,
    /// then the rows; all little-endian. `None` if it is not of that form.
    #[must_use]
    pub fn read(model: &'a [u8], lexicon: Lexicon<'a>) -> Option<Self> {
        let (head, weights) = model.split_at_checked(HEAD)?;
        let numbers = head.strip_prefix(MAGIC)?;
        let (floats, _) = numbers.as_chunks::<4>();
        let float = |place: usize| f32::from_le_bytes(floats[place]);
        let transitions = std::array::from_fn(|from| std::array::from_fn(|to| float(1 + from * TAGS + to).exp()));
        let (weights, rest) = weights.as_chunks();
        let whole = rest.is_empty() && weights.len() == ROWS && float(0).is_finite();
        let powers = (0..POWERS).map(|steps| (-(steps as f32) * float(0)).exp()).collect::<Box<[f32]>>();
        let powers = powers.try_into().ok()?;
        whole.then_some(Self { weights, powers, transitions, lexicon })
    }

    /// Writes a model: weights are rounded to eight bits.
    #[must_use]
    pub fn write(rows: &[Scores], transitions: &[Scores; TAGS]) -> Vec<u8> {
        // The largest few weights may be cut: one of them does not decide alone.
        let mut sizes: Vec<f32> = rows.as_flattened().iter().map(|weight| weight.abs()).filter(|w| *w > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        let largest = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 20_000)).copied().unwrap_or(1.0);
        let scale = largest / 127.0;
        let mut model = MAGIC.to_vec();
        model.extend(scale.to_le_bytes());
        model.extend(transitions.as_flattened().iter().flat_map(|weight| weight.to_le_bytes()));
        model
            .extend(rows.as_flattened().iter().map(|weight| (weight / scale).round().clamp(-127.0, 127.0) as i8 as u8));
        model
    }

    /// The lists.
    #[must_use]
    pub const fn lexicon(&self) -> &Lexicon<'a> {
        &self.lexicon
    }

    /// Cuts a line into tokens and says of each how likely it is to be part of what. `from` is where the line stands in its
    /// text. Time grows with the length of the line and with nothing else.
    pub fn tag(&self, text: &str, from: usize, line: &mut Line) {
        line.tokens.clear();
        tokenise(text, from, &mut line.tokens);
        self.weigh(line);
    }

    fn weigh(&self, line: &mut Line) {
        let Line { tokens, known, marginals: found, sums, forward } = line;
        look_up(tokens, &self.lexicon, known);
        found.clear();
        for (tokens, known) in tokens.chunks(MAX_LINE_TOKENS).zip(known.chunks(MAX_LINE_TOKENS)) {
            sums.clear();
            sums.resize(tokens.len(), [0; TAGS]);
            rows(tokens, known, |at, rows| {
                let mut sum = sums[at];
                for row in rows {
                    let weights = self.weights[*row as usize & (ROWS - 1)];
                    (0..TAGS).for_each(|tag| sum[tag] += i32::from(weights[tag] as i8));
                }
                sums[at] = sum;
            });
            let first = found.len();
            found.extend(sums.iter().map(|sum| self.emissions(sum)));
            chances(&mut found[first..], &self.transitions, forward);
        }
    }
}

impl Tagger<'_> {
    /// The exponentials of a token's scores, the best of them as 1.
    fn emissions(&self, sum: &[i32; TAGS]) -> Scores {
        let most = sum.iter().copied().max().unwrap_or_default();
        sum.map(|value| self.powers[((most - value) as usize).min(POWERS - 1)])
    }
}

impl std::fmt::Debug for Tagger<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Tagger({} rows, {:?})", self.weights.len(), self.lexicon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_of_another_form_is_not_read() {
        let lexicon = Lexicon::read(&[]).unwrap();
        let good = Tagger::write(&vec![[0.0; TAGS]; ROWS], &[[0.0; TAGS]; TAGS]);
        assert!(Tagger::read(&good, lexicon).is_some());
        let mut other = good.clone();
        other[7] = b'2';
        for bad in [&good[1..], &good[..good.len() - 1], &good[..10], &other, &[]] {
            assert!(Tagger::read(bad, lexicon).is_none());
        }
    }

    #[test]
    fn a_model_that_knows_nothing_gives_every_tag_the_same_chance() {
        let model = Tagger::write(&vec![[0.0; TAGS]; ROWS], &[[0.0; TAGS]; TAGS]);
        let tagger = Tagger::read(&model, Lexicon::read(&[]).unwrap()).unwrap();
        let mut line = Line::default();
        tagger.tag(&"a ".repeat(MAX_LINE_TOKENS + 7), 0, &mut line);
        assert_eq!(line.marginals.len(), MAX_LINE_TOKENS + 7);
        assert!(line.marginals.as_flattened().iter().all(|chance| (chance - 0.25).abs() < 1e-6));
        tagger.tag("", 0, &mut line);
        assert!(line.marginals.is_empty());
    }
}
