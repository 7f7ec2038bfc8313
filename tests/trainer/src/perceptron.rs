//! The averaged perceptron (Collins, EMNLP 2002) over the same features: the other family that was tried.
//!
//! It counts only whether the best reading of a line is right, so its scores are no probabilities: there is no threshold to
//! move, and recall cannot be bought with precision. The model card has the figures.

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use redactor::names::crf::{Scores, TAGS, Tag};
use redactor::names::features::{ROW_BITS, look_up, rows};
use redactor::names::lexicon::Lexicon;

use crate::text::Text;
use crate::train::{Model, Plan, leave_out, lessons};

/// Trains an averaged perceptron.
#[must_use]
pub fn train(texts: &[Text], lexicon: &Lexicon<'_>, plan: &Plan, mut tell: impl FnMut(u32, f64)) -> Model {
    let lessons = lessons(texts);
    let mut chance = ChaCha8Rng::seed_from_u64(plan.seed);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    // The mean of all states is the last state less the sum of each change times the moment it was made, over all moments.
    let mut now = Model { rows: vec![[0.0; TAGS]; 1 << ROW_BITS], transitions: [[0.0; TAGS]; TAGS] };
    let mut late = Model { rows: vec![[0.0; TAGS]; 1 << ROW_BITS], transitions: [[0.0; TAGS]; TAGS] };
    let (mut known, mut used, mut moment) = (Vec::new(), Vec::new(), 1.0f32);
    for round in 0..plan.rounds {
        order.shuffle(&mut chance);
        let mut wrong = 0;
        for lesson in order.iter().map(|place| &lessons[*place]) {
            look_up(&lesson.tokens, lexicon, &mut known);
            leave_out(&mut known, lesson, plan, &mut chance);
            used.clear();
            let mut scores = vec![[0.0f32; TAGS]; lesson.tokens.len()];
            rows(&lesson.tokens, &known, |at, rows| {
                for row in rows.iter().map(|row| *row as usize) {
                    used.push((at, row));
                    for (score, weight) in scores[at].iter_mut().zip(&now.rows[row]) {
                        *score += weight;
                    }
                }
            });
            let best = best(&scores, &now.transitions);
            if best != lesson.tags {
                wrong += 1;
                for &(at, row) in used.iter().filter(|(at, _)| best[*at] != lesson.tags[*at]) {
                    for (tag, step) in [(lesson.tags[at], 1.0), (best[at], -1.0)] {
                        now.rows[row][tag as usize] += step;
                        late.rows[row][tag as usize] += step * moment;
                    }
                }
                for (tags, step) in [(&lesson.tags, 1.0), (&best, -1.0)] {
                    for pair in tags.windows(2) {
                        now.transitions[pair[0] as usize][pair[1] as usize] += step;
                        late.transitions[pair[0] as usize][pair[1] as usize] += step * moment;
                    }
                }
            }
            moment += 1.0;
        }
        tell(round, f64::from(wrong) / lessons.len().max(1) as f64);
    }
    let mean = |now: &mut [Scores], late: &[Scores]| {
        for (row, late) in now.iter_mut().zip(late) {
            row.iter_mut().zip(late).for_each(|(weight, late)| *weight -= late / moment);
        }
    };
    mean(&mut now.rows, &late.rows);
    mean(&mut now.transitions, &late.transitions);
    now
}

/// The reading with the highest score, by dynamic programming (Viterbi).
fn best(scores: &[Scores], transitions: &[Scores; TAGS]) -> Vec<Tag> {
    let mut ways: Vec<[usize; TAGS]> = Vec::with_capacity(scores.len());
    let mut sums = [0.0f32; TAGS];
    for (at, score) in scores.iter().enumerate() {
        let last = sums;
        let mut from = [0; TAGS];
        for tag in 0..TAGS {
            let step = |from: usize| if at == 0 { 0.0 } else { last[from] + transitions[from][tag] };
            from[tag] = (0..TAGS).max_by(|a, b| step(*a).total_cmp(&step(*b))).unwrap_or(0);
            sums[tag] = step(from[tag]) + score[tag];
        }
        ways.push(from);
    }
    let mut tag = (0..TAGS).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(0);
    let mut tags = vec![Tag::Outside; scores.len()];
    for at in (0..scores.len()).rev() {
        tags[at] = Tag::ALL[tag];
        tag = ways[at][tag];
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_reading_weighs_pairs_too() {
        let scores = [[0.0, 1.0, 0.0, 0.0], [0.6, 0.5, 0.0, 0.0]];
        assert_eq!(best(&scores, &[[0.0; TAGS]; TAGS]), [Tag::Person, Tag::Outside]);
        let mut pairs = [[0.0; TAGS]; TAGS];
        pairs[1][1] = 0.2;
        assert_eq!(best(&scores, &pairs), [Tag::Person, Tag::Person]);
    }
}
