//! The tagger: a model file and the lists, and what they say of a line.

use super::crf::{Scores, TAGS, chances};
use super::features::{Known, MAX_LINE_TOKENS, ROW_BITS, beside, line_style, look_up_phrase};
use super::lexicon::Lexicon;
use super::memory::Memory;
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
    /// Rows of all tokens one after the other, and where those of each end.
    pending: Vec<u32>,
    ends: Vec<usize>,
    forward: Vec<Scores>,
    /// What is known of words from lines before it.
    memory: Memory,
}

impl Line {
    /// Room, and what is known of words already.
    pub(super) fn with(memory: Memory) -> Self {
        Self { memory, ..Self::default() }
    }

    /// What is known of ordinary words now.
    pub(super) fn into_memory(mut self) -> Memory {
        self.memory.forget();
        self.memory
    }
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
        let Line { tokens, known, marginals: found, sums, pending, ends, forward, memory } = line;
        let mut memory = memory.of(self);
        found.clear();
        known.clear();
        known.resize(tokens.len(), Known::default());
        for from in (0..tokens.len()).step_by(MAX_LINE_TOKENS) {
            let part = from..tokens.len().min(from + MAX_LINE_TOKENS);
            sums.clear();
            sums.resize(part.len(), [0; TAGS]);
            let levels = memory.add(&tokens[part.clone()], &mut known[part.clone()], sums);
            for (at, level) in part.clone().zip(levels) {
                look_up_phrase(tokens, at, level, &self.lexicon, known);
            }
            let (tokens, known) = (&tokens[part.clone()], &known[part]);
            let style = line_style(tokens);
            // Rows first, weights after that: the processor waits for many of them at once.
            pending.clear();
            ends.clear();
            for at in 0..tokens.len() {
                beside(tokens, known, at, style, |rows| pending.extend_from_slice(rows));
                ends.push(pending.len());
            }
            let mut begin = 0;
            for (sum, end) in sums.iter_mut().zip(&*ends) {
                self.add(&pending[begin..*end], sum);
                begin = *end;
            }
            let first = found.len();
            found.extend(sums.iter().map(|sum| self.emissions(sum)));
            chances(&mut found[first..], &self.transitions, forward);
        }
    }

    /// Adds the weights of some rows.
    fn add(&self, rows: &[u32], sum: &mut [i32; TAGS]) {
        let mut added = *sum;
        for row in rows {
            let weights = self.weights[*row as usize & (ROWS - 1)];
            (0..TAGS).for_each(|tag| added[tag] += i32::from(weights[tag] as i8));
        }
        *sum = added;
    }

    /// The weights of a few rows.
    pub(super) fn sum(&self, rows: &[u32]) -> [i16; TAGS] {
        let mut sum = [0; TAGS];
        for row in rows {
            let weights = self.weights[*row as usize & (ROWS - 1)];
            (0..TAGS).for_each(|tag| sum[tag] += i16::from(weights[tag] as i8));
        }
        sum
    }

    /// Where the model lies: two models are two places.
    pub(super) fn place(&self) -> usize {
        self.weights.as_ptr().addr()
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
    use super::super::features::{look_up, rows};
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
    fn words_are_weighed_by_all_of_their_rows_whether_they_are_remembered_or_not() {
        let mut seed = 1_u32;
        let mut weight = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from((seed >> 24) as i8)
        };
        let model: Vec<Scores> = (0..ROWS).map(|_| std::array::from_fn(|_| weight())).collect();
        let model = Tagger::write(&model, &[[0.0; TAGS]; TAGS]);
        let lexicon = *super::super::built_in().lexicon();
        let tagger = Tagger::read(&model, lexicon).unwrap();
        let mut line = Line::default();
        for text in
            ["the quick girl Anna is in New York, the quick one 22!", "the the THE The 我们 the", "सरिता the O'Neil"]
        {
            let text = text.repeat(MAX_LINE_TOKENS / 5);
            for _ in 0..2 {
                tagger.tag(&text, 0, &mut line);
                let mut known = Vec::new();
                look_up(&line.tokens, &lexicon, &mut known);
                let mut expected = Vec::new();
                for (tokens, known) in line.tokens.chunks(MAX_LINE_TOKENS).zip(known.chunks(MAX_LINE_TOKENS)) {
                    let mut sums = vec![[0; TAGS]; tokens.len()];
                    rows(tokens, known, |at, rows| tagger.add(rows, &mut sums[at]));
                    let first = expected.len();
                    expected.extend(sums.iter().map(|sum| tagger.emissions(sum)));
                    chances(&mut expected[first..], &tagger.transitions, &mut Vec::new());
                }
                assert_eq!(line.marginals, expected);
            }
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
