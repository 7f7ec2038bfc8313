//! Training: stochastic gradient descent on the likelihood of a conditional random field, with a rate of its own for each
//! weight (AdaGrad: Duchi, Hazan and Singer, JMLR 2011); the mean of the later rounds is kept.

use model::Label;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use redactor::names::crf::{Scores, TAGS, Tag, marginals};
use redactor::names::features::{Known, MAX_LINE_TOKENS, ROW_BITS, look_up, rows};
use redactor::names::lexicon::{Entry, Lexicon};
use redactor::names::token::{Shape, Token, tokenise};

use crate::text::Text;

/// A family of models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Family {
    /// A conditional random field: what is built in.
    #[default]
    Field,
    /// An averaged perceptron: what it was compared with.
    Perceptron,
}

/// How a model is trained.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Which family it is of.
    pub family: Family,
    /// Times that all lines are seen.
    pub rounds: u32,
    /// The first step of a weight.
    pub rate: f32,
    /// How strongly weights are drawn to zero.
    pub decay: f32,
    /// The share of words whose letters are left out in a round.
    pub blind: f32,
    /// The share of words that the lists are taken not to have in a round.
    pub unlisted: f32,
    /// Where chance begins.
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            family: Family::Field,
            rounds: 7,
            rate: 0.05,
            decay: 2e-5,
            blind: 0.25,
            unlisted: 0.12,
            seed: 20_261_125,
        }
    }
}

/// A line as it is learnt from.
pub(crate) struct Lesson {
    pub(crate) tokens: Vec<Token>,
    pub(crate) tags: Vec<Tag>,
}

/// A trained model: rows and pairs.
#[derive(Debug)]
pub struct Model {
    /// A weight for each tag, by row.
    pub rows: Vec<Scores>,
    /// A weight for one tag after another.
    pub transitions: [Scores; TAGS],
}

pub(crate) fn lessons(texts: &[Text]) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for text in texts {
        let mut from = 0;
        for line in text.text.split('\n') {
            let mut tokens = Vec::new();
            tokenise(line, from, &mut tokens);
            from += line.len() + 1;
            for tokens in tokens.chunks(MAX_LINE_TOKENS) {
                let tags = tokens.iter().map(|token| tag_of(token, text)).collect();
                lessons.push(Lesson { tokens: tokens.to_vec(), tags });
            }
        }
    }
    lessons
}

fn tag_of(token: &Token, text: &Text) -> Tag {
    let next = text.names.partition_point(|(range, _)| range.end <= token.start);
    match text.names.get(next) {
        Some((range, label)) if range.start < token.end => match label {
            Label::Person => Tag::Person,
            Label::Location => Tag::Place,
            Label::Org => Tag::Organisation,
            _ => Tag::Outside,
        },
        _ => Tag::Outside,
    }
}

/// What a round leaves out of a line, so that neither letters nor lists are all that is learnt.
///
/// Generated names are drawn from the lists, and the names of a real text are not, least of all in the scripts without case,
/// whose lists are short: of a person's name there the lists are taken to say less, or nothing, more often.
pub(crate) fn leave_out(known: &mut [Known], lesson: &Lesson, plan: &Plan, chance: &mut ChaCha8Rng) {
    for (known, (token, tag)) in known.iter_mut().zip(lesson.tokens.iter().zip(&lesson.tags)) {
        known.blind = chance.gen_bool(f64::from(plan.blind));
        let short = *tag == Tag::Person && token.shape == Shape::Caseless;
        let unlisted = if short { 3.0 } else { 1.0 } * plan.unlisted;
        let drawn = chance.gen_range(0.0..1.0f32);
        if drawn < unlisted {
            known.entry = Entry::default();
            known.phrase = (0, false);
        } else if short && drawn > 1.0 - unlisted {
            let entry = known.entry;
            let (forename, surname) = (entry.forename().min(1), entry.surname().min(1));
            known.entry = Entry::new(forename, surname, entry.place(), entry.common(), entry.cluster());
        }
    }
}

/// Trains a conditional random field.
#[must_use]
pub fn train(texts: &[Text], lexicon: &Lexicon<'_>, plan: &Plan, mut tell: impl FnMut(u32, f64)) -> Model {
    let lessons = lessons(texts);
    let mut chance = ChaCha8Rng::seed_from_u64(plan.seed);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut weights = vec![[0.0f32; TAGS]; 1 << ROW_BITS];
    let mut squares = vec![[1e-2f32; TAGS]; 1 << ROW_BITS];
    let (mut transitions, mut pair_squares) = ([[0.0f32; TAGS]; TAGS], [[1.0f32; TAGS]; TAGS]);
    let (mut mean, mut averaged) = (vec![[0.0f32; TAGS]; 1 << ROW_BITS], 0.0f32);
    let (mut known, mut used, mut forward) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        order.shuffle(&mut chance);
        let rate = plan.rate * (1.0 - 0.85 * round as f32 / plan.rounds as f32);
        let mut loss = 0.0f64;
        for lesson in order.iter().map(|place| &lessons[*place]) {
            look_up(&lesson.tokens, lexicon, &mut known);
            leave_out(&mut known, lesson, plan, &mut chance);
            used.clear();
            let mut scores = vec![[0.0f32; TAGS]; lesson.tokens.len()];
            rows(&lesson.tokens, &known, |at, rows| {
                for row in rows.iter().map(|row| *row as usize) {
                    used.push((at, row));
                    for (score, weight) in scores[at].iter_mut().zip(&weights[row]) {
                        *score += weight;
                    }
                }
            });
            let gold: f32 = lesson.tags.iter().enumerate().map(|(at, tag)| scores[at][*tag as usize]).sum::<f32>()
                + lesson.tags.windows(2).map(|pair| transitions[pair[0] as usize][pair[1] as usize]).sum::<f32>();
            let mut pairs = [[0.0; TAGS]; TAGS];
            let powers = transitions.map(|row| row.map(f32::exp));
            loss += f64::from(marginals(&mut scores, &powers, &mut forward, &mut pairs) - gold);
            for (slope, tag) in scores.iter_mut().zip(&lesson.tags) {
                slope[*tag as usize] -= 1.0;
            }
            for &(at, row) in &used {
                for tag in 0..TAGS {
                    let slope = scores[at][tag];
                    if slope.abs() > 1e-3 {
                        let square = &mut squares[row][tag];
                        *square += slope * slope;
                        let weight = &mut weights[row][tag];
                        *weight -= rate * (slope + plan.decay * *weight) / square.sqrt();
                    }
                }
            }
            for pair in lesson.tags.windows(2) {
                pairs[pair[0] as usize][pair[1] as usize] -= 1.0;
            }
            for ((weights, squares), slopes) in transitions.iter_mut().zip(&mut pair_squares).zip(&pairs) {
                for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slopes) {
                    *square += slope * slope;
                    *weight -= rate * slope / square.sqrt();
                }
            }
        }
        // The mean over the later rounds wavers less than where the last line left the weights.
        if round >= plan.rounds / 2 {
            mean.iter_mut().zip(&weights).for_each(|(sum, row)| (0..TAGS).for_each(|tag| sum[tag] += row[tag]));
            averaged += 1.0;
        }
        tell(round, loss / lessons.len().max(1) as f64);
    }
    mean.iter_mut().for_each(|row| *row = row.map(|sum| sum / averaged));
    Model { rows: mean, transitions }
}

#[cfg(test)]
mod tests {
    use redactor::names::tagger::{Line, Tagger};

    use super::*;

    /// Persons behind `ask for`, places behind `near`; no word of the lists.
    fn tiny() -> Vec<Text> {
        let names = ["Qadira", "Wenlow", "Zubin", "Ottilo", "Ferrin", "Maqui", "Tavell", "Ruvio"];
        let mut texts = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let other = names[(place + 3) % names.len()];
            for (before, label, after) in
                [("ask for ", Label::Person, " today"), ("parking near ", Label::Location, " station")]
            {
                let mut text = Text::default();
                text.plain(before);
                text.name(if label == Label::Person { name } else { other }, label);
                text.plain(after);
                texts.push(text.changed(str::to_lowercase));
                texts.push(text);
            }
            let mut none = Text::default();
            none.plain("open today from ten to eight, parking free");
            texts.push(none);
        }
        texts
    }

    #[test]
    fn a_small_training_learns_and_is_the_same_every_time() {
        let lists = Lexicon::write([]);
        let lexicon = Lexicon::read(&lists).unwrap();
        let plan = Plan { rounds: 6, rate: 0.2, ..Plan::default() };
        let mut losses = Vec::new();
        let model = train(&tiny(), &lexicon, &plan, |_, loss| losses.push(loss));
        assert!(losses.last() < losses.first(), "{losses:?}");
        let bytes = Tagger::write(&model.rows, &model.transitions);
        let again = train(&tiny(), &lexicon, &plan, |_, _| ());
        assert!(bytes == Tagger::write(&again.rows, &again.transitions), "two runs differ");

        let tagger = Tagger::read(&bytes, lexicon).unwrap();
        let mut line = Line::default();
        for (text, tag) in [("ask for Xelora today", Tag::Person), ("parking near Xelora station", Tag::Place)] {
            tagger.tag(text, 0, &mut line);
            let name = line.marginals[2];
            let likely = (0..TAGS).max_by(|a, b| name[*a].total_cmp(&name[*b])).unwrap();
            assert_eq!(Tag::ALL[likely], tag, "{text}: {name:?}");
            assert!(line.marginals[0][0] > 0.5, "{text}: the first word is no name");
        }
    }
}
