//! What was hidden of what should have been: the measures of the evaluation.
//!
//! `masked` is the leak measure: the share of names whose every letter and digit is covered, by any label. Precision is over
//! stretches: one counts as right if it covers at least half of the union with a name of the same label, one to one.

use std::collections::BTreeMap;
use std::ops::Range;

use model::Label;
use serde::Serialize;

use crate::text::Text;

/// A stretch that was hidden, in bytes of the text, and its label.
pub type Stretch = (Range<usize>, Label);

/// Counts for one label or group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Names.
    pub gold: usize,
    /// Names that are covered whole.
    pub masked: usize,
    /// Names with a stretch of their label that covers at least half of the union.
    pub typed: usize,
    /// Names with a stretch of their label and bounds.
    pub exact: usize,
    /// Stretches.
    pub hidden: usize,
}

impl Counts {
    /// Share of names covered whole.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.masked, self.gold)
    }

    /// Share of stretches that are right.
    #[must_use]
    pub fn precision(&self) -> f64 {
        ratio(self.typed, self.hidden)
    }

    /// Harmonic mean of exact precision and recall.
    #[must_use]
    pub fn exact_f1(&self) -> f64 {
        ratio(2 * self.exact, self.gold + self.hidden)
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: &Self) {
        self.gold += other.gold;
        self.masked += other.masked;
        self.typed += other.typed;
        self.exact += other.exact;
        self.hidden += other.hidden;
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { f64::NAN } else { part as f64 / whole as f64 }
}

/// Counts by label over texts, for these labels alone. A stretch that meets a name of another label and none of these is
/// neither right nor wrong. Of names inside one another the outermost counts for coverage like any other.
pub fn score(texts: &[Text], labels: &[Label], hide: impl Fn(&Text) -> Vec<Stretch>) -> BTreeMap<Label, Counts> {
    let mut by_label: BTreeMap<Label, Counts> = labels.iter().map(|label| (*label, Counts::default())).collect();
    for text in texts {
        let all = hide(text);
        for (label, counts) in score_one(text, labels, &all) {
            by_label.entry(label).or_default().add(&counts);
        }
    }
    by_label
}

/// The counts of one text.
#[must_use]
pub fn score_one(text: &Text, labels: &[Label], all: &[Stretch]) -> BTreeMap<Label, Counts> {
    let mut by_label: BTreeMap<Label, Counts> = BTreeMap::new();
    let (gold, other): (Vec<&Stretch>, Vec<&Stretch>) =
        text.names.iter().partition(|(_, label)| labels.contains(label));
    let meets = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
    let hidden: Vec<&Stretch> = all
        .iter()
        .filter(|(range, label)| {
            labels.contains(label)
                && (gold.iter().any(|(name, _)| meets(range, name))
                    || !other.iter().any(|(name, _)| meets(range, name)))
        })
        .collect();
    for (_, label) in &hidden {
        by_label.entry(*label).or_default().hidden += 1;
    }
    for (range, label) in &gold {
        let counts = by_label.entry(*label).or_default();
        counts.gold += 1;
        let covered = text.text[range.clone()].char_indices().all(|(at, character)| {
            let at = range.start + at;
            !character.is_alphanumeric() || all.iter().any(|(stretch, _)| stretch.contains(&at))
        });
        counts.masked += usize::from(covered);
    }
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for (place, (name, label)) in gold.iter().enumerate() {
        for (other, (stretch, found)) in hidden.iter().enumerate() {
            let overlap = overlap(name, stretch);
            if label == found && overlap >= 0.5 {
                pairs.push((place, other, overlap));
            }
        }
    }
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
    let (mut used_names, mut used_stretches) = (Vec::new(), Vec::new());
    for (name, stretch, overlap) in pairs {
        if used_names.contains(&name) || used_stretches.contains(&stretch) {
            continue;
        }
        used_names.push(name);
        used_stretches.push(stretch);
        let counts = by_label.entry(gold[name].1).or_default();
        counts.typed += 1;
        counts.exact += usize::from(overlap >= 1.0);
    }
    by_label
}

/// Intersection over union.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> f64 {
    let both = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    both as f64 / (a.end.max(b.end) - a.start.min(b.start)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_and_precision_are_told_apart() {
        let mut text = Text::default();
        text.plain("ask ");
        text.name("Mary Ann", Label::Person);
        text.plain(" in ");
        text.name("Leeds", Label::Location);
        let labels = [Label::Person, Label::Location];
        let wide = vec![(0..12, Label::Person), (16..21, Label::Person)];
        let counts = score_one(&text, &labels, &wide);
        let person = counts[&Label::Person];
        assert_eq!((person.gold, person.masked, person.typed, person.exact, person.hidden), (1, 1, 1, 0, 2));
        let place = counts[&Label::Location];
        assert_eq!((place.gold, place.masked, place.typed, place.hidden), (1, 1, 0, 0));
        let part = score_one(&text, &labels, &[(4..8, Label::Person)]);
        assert_eq!((part[&Label::Person].masked, part[&Label::Person].typed), (0, 1));
    }
}
