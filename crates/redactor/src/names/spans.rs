//! From what the tagger says of each word to stretches that are hidden.

use std::ops::Range;

use model::Label;

use super::crf::{Scores, TAGS, Tag};
use super::tagger::{Line, Tagger};
use super::thresholds::{SURE, Thresholds, Words};
use super::token::{Class, Token};
use super::{cues, peoples, unspaced};
use crate::rule::{Candidate, Rule, strength};

const fn rule(name: &'static str, reason: &'static str, strength: u8) -> Rule {
    Rule { detector: "names", name, reason, strength }
}

static LIKELY: Rule = rule("tagged", "its letters, its neighbours and the lists say that it is a name", strength::FORM);
static POSSIBLE: Rule =
    rule("possible", "it may be a name, and a name let through cannot be called back", strength::UNEXPLAINED);

/// Words that explain digits and are nobody.
const EXPLAINING: [&str; 8] = ["ISBN", "ISSN", "EAN", "SKU", "ASIN", "ID", "Ref", "Ticket"];

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
    let words = Words::new(text, line, thresholds);
    let (mut at, mut end) = (0, 0);
    while at < line.tokens.len() {
        if !words.carries(at) || !words.belongs(at) {
            at += 1;
            continue;
        }
        let (mut first, mut last) = (at, at);
        let mut next = at + 1;
        while next < line.tokens.len() {
            let inner = words.belongs(next);
            if inner && words.carries(next) {
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
        if (first..=last).any(|at| words.begins(at)) {
            let most = (first..=last).map(|at| words.chance(at)).fold(0.0, f32::max);
            let mut sums = [0.0; TAGS];
            for marginals in &line.marginals[first..=last] {
                (0..TAGS).for_each(|tag| sums[tag] += marginals[tag]);
            }
            let range = line.tokens[first].start..line.tokens[last].end;
            let marginals = line.marginals[first..=last].iter();
            let person = marginals.map(|marginals| marginals[Tag::Person as usize]).fold(0.0, f32::max);
            // Who stands with a person is one.
            let person =
                if (first..=last).any(|at| words.is_paired(at)) { person.max(thresholds.seed) } else { person };
            found(Named { range, label: label(&sums), chance: most, person });
        }
        (at, end) = (last + 1, last + 1);
    }
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
