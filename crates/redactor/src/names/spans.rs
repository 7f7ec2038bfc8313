//! From what the tagger says of each word to stretches that are hidden.

use std::ops::Range;

use model::Label;

use super::crf::{Scores, TAGS, Tag};
use super::tagger::{Line, Tagger};
use super::token::{Class, Shape, Token};
use super::{cues, peoples, unspaced};
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "names", name, reason, strength }
}

static LIKELY: Rule = rule("tagged", "its letters, its neighbours and the lists say that it is a name", strength::FORM);
static POSSIBLE: Rule =
    rule("possible", "it may be a name, and a name let through cannot be called back", strength::UNEXPLAINED);

/// How much must speak for a name before it is hidden: the sum of the probabilities of the three kinds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// A word that begins or carries a name.
    pub seed: f32,
    /// A word beside one.
    pub grow: f32,
    /// A word of another script than Latin that no list has and no capital sets apart, or any word of a script without capitals:
    /// the tagger has learnt such words from generated sentences alone.
    pub unlisted: f32,
    /// The same in a script whose names have capitals, in a line that is not English; and of such a word that has a line to itself, in any script:
    /// nothing but its letters speaks for it.
    pub foreign: f32,
}

impl Thresholds {
    /// Tuned on texts that were not trained on: recall first.
    pub const TUNED: Self = Self { seed: 0.2, grow: 0.15, unlisted: 0.08, foreign: 0.8 };

    /// What is asked of a word: more where nothing but the tagger speaks for it, no list and no capital.
    fn of(&self, text: &str, line: &Line, about: About, at: usize) -> f32 {
        let (token, known) = (&line.tokens[at], &line.known[at]);
        let entry = known.entry;
        let listed = entry.forename().max(entry.surname()).max(entry.place()).max(known.phrase.0) > 0;
        let small = matches!(token.shape, Shape::Caseless | Shape::Lower);
        let latin = |letter: char| letter < '\u{370}' || ('\u{1e00}'..'\u{1f00}').contains(&letter);
        let georgian = |letter: char| ('\u{10d0}'..='\u{10ff}').contains(&letter);
        let first = text[token.start..].chars().next().unwrap_or_default();
        match () {
            () if !small => self.grow,
            // The lists of such a script are short: what they do have is not asked for more than what they do not.
            () if listed && token.shape == Shape::Caseless => self.unlisted,
            () if listed => self.grow,
            () if about.alone => self.foreign,
            // Where names have capitals a small letter says something, whatever the language. Georgian's are not used so.
            () if about.foreign && entry.cluster() == 0 && token.shape == Shape::Lower && !georgian(first) => {
                self.foreign
            }
            () if !latin(first) => self.unlisted,
            () => self.grow,
        }
    }
}

/// What is known of a line as a whole.
#[derive(Clone, Copy)]
struct About {
    foreign: bool,
    alone: bool,
}

/// Whether a line has one word and no more.
fn is_alone(line: &Line) -> bool {
    line.tokens.iter().filter(|token| matches!(token.class, Class::Word | Class::Unspaced)).take(2).count() == 1
}

/// Words that explain digits and are nobody.
const EXPLAINING: [&str; 8] = ["ISBN", "ISSN", "EAN", "SKU", "ASIN", "ID", "Ref", "Ticket"];

/// The probability from which a name is hidden wherever it stands on the page.
const SURE: f32 = 0.6;

/// A name that the tagger found.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Person, place or organisation.
    pub label: Label,
    /// The largest sum of probabilities among its words.
    pub chance: f32,
    /// The largest probability of being a person among its words.
    pub person: f32,
}

/// The names of a line that was tagged.
pub fn named(text: &str, line: &Line, thresholds: Thresholds, mut found: impl FnMut(Named)) {
    let chance = |at: usize| 1.0 - line.marginals[at][Tag::Outside as usize];
    let about = About { foreign: is_foreign(line), alone: is_alone(line) };
    // Most words are far from every threshold.
    let least = thresholds.grow.min(thresholds.unlisted).min(thresholds.foreign);
    let enough = |at: usize| chance(at) >= least && chance(at) >= thresholds.of(text, line, about, at);
    let carries = |at: usize| matches!(line.tokens[at].class, Class::Word);
    let (mut at, mut end) = (0, 0);
    while at < line.tokens.len() {
        if !carries(at) || !enough(at) {
            at += 1;
            continue;
        }
        let (mut first, mut last) = (at, at);
        let mut next = at + 1;
        while next < line.tokens.len() {
            let inner = enough(next);
            if inner && carries(next) {
                if splits(&line.marginals[last], &line.marginals[next]) {
                    break;
                }
                last = next;
            } else if !(inner || joins(text, &line.tokens, next)) {
                break;
            }
            next += 1;
        }
        // A syllable of a name by itself is as often a word: `Soo-ah`, `Do-yun`.
        let known = |at: usize| line.known[at].entry.forename().max(line.known[at].entry.surname()) > 0;
        let hyphen = |at: usize| joins(text, &line.tokens, at) && known(at - 1) && known(at + 1);
        if last + 2 < line.tokens.len() && hyphen(last + 1) {
            last += 2;
        }
        if first > 1 && first - 2 >= end && hyphen(first - 1) {
            first -= 2;
        }
        let most = (first..=last).map(chance).fold(0.0, f32::max);
        if most >= thresholds.seed {
            let mut sums = [0.0; TAGS];
            for marginals in &line.marginals[first..=last] {
                (0..TAGS).for_each(|tag| sums[tag] += marginals[tag]);
            }
            let range = line.tokens[first].start..line.tokens[last].end;
            let marginals = line.marginals[first..=last].iter();
            let person = marginals.map(|marginals| marginals[Tag::Person as usize]).fold(0.0, f32::max);
            found(Named { range, label: label(&sums), chance: most, person });
        }
        (at, end) = (last + 1, last + 1);
    }
}

/// Fewest small words of a line that tell its language.
const LEAST_SMALL_WORDS: usize = 4;

/// Whether most of a line's small words are of no group that English running text has taught.
fn is_foreign(line: &Line) -> bool {
    let small = line
        .tokens
        .iter()
        .zip(&line.known)
        .filter(|(token, _)| token.class == Class::Word && token.shape == Shape::Lower);
    let (mut words, mut strange) = (0, 0);
    for (_, known) in small {
        words += 1;
        strange += usize::from(known.entry.cluster() == 0);
    }
    words >= LEAST_SMALL_WORDS && strange * 2 > words
}

/// Whether two words in a row are surely names of two kinds.
fn splits(left: &Scores, right: &Scores) -> bool {
    let best = |scores: &Scores| (1..TAGS).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(1);
    let (a, b) = (best(left), best(right));
    a != b && left[a] > 0.5 && right[b] > 0.5
}

/// A sign inside a name, with no space around it: `O'Neil`, `Jean-Luc`.
fn joins(text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let after = tokens.get(at + 1).is_some_and(|after| after.glued && after.class == Class::Word);
    token.glued && after && matches!(&text[token.start..token.end], "'" | "-")
}

fn label(sums: &Scores) -> Label {
    let [_, person, place, organisation] = *sums;
    // Of equals a person: the kind that harms most when it is told from nothing.
    if person >= place && person >= organisation {
        Label::Person
    } else if place >= organisation {
        Label::Location
    } else {
        Label::Org
    }
}

/// Adds every name of a line that was tagged.
pub(super) fn find(text: &str, line: &Line, tagger: &Tagger<'_>, found: &mut Vec<Candidate>) {
    named(text, line, Thresholds::TUNED, |named| {
        // Hidden, they could no longer say what the digits behind them are.
        if EXPLAINING.iter().any(|word| text[named.range.clone()].eq_ignore_ascii_case(word)) {
            return;
        }
        let may_be_a_person = named.person >= Thresholds::TUNED.seed;
        if peoples::are_all(&text[named.range.clone()], may_be_a_person, tagger.lexicon()) {
            return;
        }
        let rule = if named.chance >= SURE { &LIKELY } else { &POSSIBLE };
        found.push(candidate(text, named.range, named.label, rule));
    });
    cues::find(text, line, tagger.lexicon(), found);
    for token in line.tokens.iter().filter(|token| token.class == Class::Unspaced) {
        unspaced::find(text, token.start..token.end, tagger.lexicon(), found);
    }
}

/// Whether a candidate was found by its being a name, and not by a form that nothing else has.
pub(crate) fn is_name(candidate: &Candidate) -> bool {
    candidate.rule.detector == LIKELY.detector
}

/// Whether a person was found with little doubt.
pub(super) fn is_sure(candidate: &Candidate) -> bool {
    candidate.label == Label::Person && [&LIKELY, &cues::INTRODUCED].contains(&candidate.rule)
}

/// A candidate whose value is the name in small letters with single spaces.
pub(super) fn candidate(text: &str, range: Range<usize>, label: Label, rule: &'static Rule) -> Candidate {
    let words: Vec<&str> = text[range.clone()].split_whitespace().collect();
    Candidate::new(range, label, words.join(" ").to_lowercase(), rule)
}
