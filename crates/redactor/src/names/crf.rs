//! A linear-chain conditional random field: one weight row for each feature, one weight for each pair of labels.
//!
//! Lafferty, McCallum and Pereira, ICML 2001. Marginals by the forward-backward algorithm, scaled at each step.

/// What a token is part of, in the order of a row's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    /// Nothing.
    Outside,
    /// A person's name.
    Person,
    /// A place.
    Place,
    /// An organisation.
    Organisation,
}

/// How many tags there are.
pub const TAGS: usize = 4;

/// One number for each tag.
pub type Scores = [f32; TAGS];

impl Tag {
    /// Every tag, in order.
    pub const ALL: [Self; TAGS] = [Self::Outside, Self::Person, Self::Place, Self::Organisation];
}

/// For each token the probability of each tag, and the logarithm of the sum over all readings.
///
/// `scores` are replaced by the marginals. `transitions[a][b]` are the exponentials of the weights for `b` after `a`.
/// The expected number of each pair of neighbouring tags is added to `pairs`.
pub fn marginals(
    scores: &mut [Scores],
    transitions: &[Scores; TAGS],
    forward: &mut Vec<Scores>,
    pairs: &mut [Scores; TAGS],
) -> f32 {
    let mut log_sum = 0.0;
    for score in scores.iter_mut() {
        let most = score.iter().copied().fold(f32::MIN, f32::max);
        *score = score.map(|value| (value - most).exp());
        log_sum += most;
    }
    forwards(scores, transitions, forward, |sum| log_sum += sum.ln());
    backwards(scores, transitions, forward, |last, ahead| {
        let joint: [Scores; TAGS] =
            std::array::from_fn(|from| std::array::from_fn(|to| last[from] * transitions[from][to] * ahead[to]));
        let sum: f32 = joint.as_flattened().iter().sum();
        for (row, found) in pairs.iter_mut().zip(&joint) {
            for (value, found) in row.iter_mut().zip(found) {
                *value += found / sum;
            }
        }
    });
    log_sum
}

/// As [`marginals`], from the exponentials of the scores, and the probabilities alone.
pub(super) fn chances(emissions: &mut [Scores], transitions: &[Scores; TAGS], forward: &mut Vec<Scores>) {
    forwards(emissions, transitions, forward, |_| ());
    backwards(emissions, transitions, forward, |_, _| ());
}

/// What leads to each tag of each token, scaled to 1; `scaled` is told by how much.
fn forwards(
    emissions: &[Scores],
    transitions: &[Scores; TAGS],
    forward: &mut Vec<Scores>,
    mut scaled: impl FnMut(f32),
) {
    forward.clear();
    let mut last: Option<Scores> = None;
    for emission in emissions {
        let mut now = *emission;
        if let Some(last) = last {
            let before = times(&last, transitions);
            (0..TAGS).for_each(|tag| now[tag] *= before[tag]);
        }
        let sum: f32 = now.iter().sum();
        now = now.map(|value| value / sum);
        scaled(sum);
        forward.push(now);
        last = Some(now);
    }
}

/// Puts the marginals in the place of the emissions; `pair` is told what leads to a token and what follows from the next.
fn backwards(
    emissions: &mut [Scores],
    transitions: &[Scores; TAGS],
    forward: &[Scores],
    mut pair: impl FnMut(&Scores, &Scores),
) {
    let turned: [Scores; TAGS] = std::array::from_fn(|to| std::array::from_fn(|from| transitions[from][to]));
    let mut backward = [1.0; TAGS];
    for at in (0..emissions.len()).rev() {
        let ahead: Scores = std::array::from_fn(|tag| emissions[at][tag] * backward[tag]);
        let joint: Scores = std::array::from_fn(|tag| forward[at][tag] * backward[tag]);
        let sum: f32 = joint.iter().sum();
        emissions[at] = joint.map(|value| value / sum);
        if at == 0 {
            break;
        }
        pair(&forward[at - 1], &ahead);
        backward = times(&ahead, &turned);
        let most = backward.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        backward = backward.map(|value| value / most);
    }
}

/// A row times a matrix.
fn times(row: &Scores, matrix: &[Scores; TAGS]) -> Scores {
    let mut product = [0.0; TAGS];
    for (value, weights) in row.iter().zip(matrix) {
        (0..TAGS).for_each(|tag| product[tag] += value * weights[tag]);
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by adding up all readings one by one.
    #[test]
    fn marginals_are_those_of_all_readings() {
        let scores: [Scores; 3] = [[0.3, -0.2, 1.1, 0.0], [2.0, 0.5, -1.0, 0.25], [0.0, 0.7, 0.1, -0.4]];
        let weights: [Scores; TAGS] =
            [[0.5, -0.5, 0.1, 0.0], [0.2, 1.0, -1.0, 0.3], [0.0, 0.4, 0.6, -0.2], [0.1, -0.3, 0.2, 0.8]];
        let mut sum = 0.0;
        let mut by_tag = [[0.0f32; TAGS]; 3];
        let mut by_pair = [[0.0f32; TAGS]; TAGS];
        for reading in 0..64usize {
            let tags = [reading / 16, reading / 4 % 4, reading % 4];
            let score: f32 = (0..3).map(|at| scores[at][tags[at]]).sum::<f32>()
                + weights[tags[0]][tags[1]]
                + weights[tags[1]][tags[2]];
            let weight = score.exp();
            sum += weight;
            (0..3).for_each(|at| by_tag[at][tags[at]] += weight);
            (0..2).for_each(|at| by_pair[tags[at]][tags[at + 1]] += weight);
        }
        let (mut found, mut pairs) = (scores, [[0.0; TAGS]; TAGS]);
        let transitions = weights.map(|row| row.map(f32::exp));
        let log_sum = marginals(&mut found, &transitions, &mut Vec::new(), &mut pairs);
        assert!((log_sum - sum.ln()).abs() < 1e-4);
        for at in 0..3 {
            for tag in 0..TAGS {
                assert!((found[at][tag] - by_tag[at][tag] / sum).abs() < 1e-5);
            }
        }
        for from in 0..TAGS {
            for to in 0..TAGS {
                assert!((pairs[from][to] - by_pair[from][to] / sum).abs() < 1e-5);
            }
        }
    }
}
