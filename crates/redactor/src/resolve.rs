//! From overlapping candidates to stretches: the strongest names a stretch, all together cover it.

use std::cmp::Reverse;
use std::ops::Range;

use crate::rule::Candidate;

/// A stretch of a normalised text that will be hidden.
#[derive(Clone, Debug)]
pub(crate) struct Hidden {
    /// The union of everything found there.
    pub(crate) range: Range<usize>,
    /// What it is called.
    pub(crate) named: Candidate,
    /// What else was found there: it contributes tokens to a page, such as the number inside a link.
    pub(crate) others: Vec<Candidate>,
}

/// Unites overlapping candidates; in each union the strongest names it, then the longest, then the leftmost.
pub(crate) fn resolve(mut found: Vec<Candidate>) -> Vec<Hidden> {
    found.retain(|candidate| !candidate.range.is_empty());
    found.sort_by_key(|candidate| (candidate.range.start, Reverse(candidate.range.end)));
    let mut hidden: Vec<Hidden> = Vec::new();
    for candidate in found {
        match hidden.last_mut() {
            Some(last) if candidate.range.start < last.range.end => last.unite(candidate),
            _ => hidden.push(Hidden { range: candidate.range.clone(), named: candidate, others: Vec::new() }),
        }
    }
    hidden
}

impl Hidden {
    /// Everything that was found there; what names it covers all of it.
    pub(crate) fn into_candidates(self) -> impl Iterator<Item = Candidate> {
        let Self { range, mut named, others } = self;
        named.range = range;
        std::iter::once(named).chain(others)
    }

    fn unite(&mut self, candidate: Candidate) {
        self.range.end = self.range.end.max(candidate.range.end);
        let rank = |candidate: &Candidate| (candidate.rule.strength, candidate.range.len());
        if rank(&candidate) > rank(&self.named) {
            self.others.push(std::mem::replace(&mut self.named, candidate));
        } else if (candidate.label, &candidate.canonical) != (self.named.label, &self.named.canonical) {
            self.others.push(candidate);
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Label;

    use super::*;
    use crate::rule::Rule;

    static WEAK: Rule = Rule { detector: "test", name: "weak", reason: "", strength: 1 };
    static STRONG: Rule = Rule { detector: "test", name: "strong", reason: "", strength: 2 };

    #[test]
    fn the_strongest_names_what_all_cover() {
        let hidden = resolve(vec![
            Candidate::new(8..12, Label::Url, "c", &WEAK),
            Candidate::new(0..5, Label::Digits, "a", &WEAK),
            Candidate::new(4..10, Label::Phone, "b", &STRONG),
            Candidate::new(12..13, Label::Ip, "d", &WEAK),
        ]);
        let shown: Vec<_> = hidden.iter().map(|h| (h.range.clone(), h.named.label, h.others.len())).collect();
        assert_eq!(shown, [(0..12, Label::Phone, 2), (12..13, Label::Ip, 0)]);
    }

    #[test]
    fn of_equals_the_longest_names() {
        let hidden =
            resolve(vec![Candidate::new(0..3, Label::Url, "a", &WEAK), Candidate::new(2..9, Label::Email, "b", &WEAK)]);
        assert_eq!((hidden[0].named.label, hidden[0].range.clone()), (Label::Email, 0..9));
    }
}
