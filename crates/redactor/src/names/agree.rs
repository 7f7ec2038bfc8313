//! A name that was surely found once on a page is hidden wherever else it stands there.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use model::Label;

use super::spans::candidate;
use super::token::word_hash;
use super::{built_in, spans};
use crate::agreement::Part;
use crate::detect::{word_after, word_before};
use crate::limits::MAX_AGREED_VALUES;
use crate::resolve::{Hidden, resolve};
use crate::rule::{Candidate, Rule, strength};

static AGREED: Rule = Rule {
    detector: "names",
    name: "same-page",
    reason: "the same name was recognised elsewhere on the page",
    strength: strength::FORM,
};

/// Shortest word of a name that is looked for by itself.
const MIN_WORD_BYTES: usize = 3;

/// Makes all parts agree on names of persons.
pub(crate) fn agree(parts: &mut [Part<'_>]) {
    let mut names = BTreeSet::new();
    for hidden in parts.iter().flat_map(|part| &part.hidden) {
        let surely = std::iter::once(&hidden.named).chain(&hidden.others).filter(|candidate| spans::is_sure(candidate));
        for candidate in surely {
            for word in candidate.canonical.split(|letter: char| !letter.is_alphanumeric()) {
                if word.len() >= MIN_WORD_BYTES && names.len() < MAX_AGREED_VALUES && speaks_for_itself(word) {
                    names.insert(word.to_owned());
                }
            }
        }
    }
    if names.is_empty() {
        return;
    }
    let built =
        AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).build(&names);
    let Ok(words) = built else { return };
    for part in parts {
        let text = part.text;
        let fresh: Vec<Candidate> = words
            .find_iter(text)
            .filter(|found| !word_before(text, found.start()) && !word_after(text, found.end()))
            .filter(|found| {
                let place = part.hidden.partition_point(|hidden| hidden.range.end <= found.start());
                part.hidden.get(place).is_none_or(|hidden| hidden.range.start >= found.end())
            })
            .map(|found| candidate(text, found.range(), Label::Person, &AGREED))
            .collect();
        if fresh.is_empty() {
            continue;
        }
        let known = std::mem::take(&mut part.hidden).into_iter().flat_map(|hidden| {
            // The union keeps its range: its name carries it on.
            let Hidden { range, mut named, others } = hidden;
            named.range = range;
            std::iter::once(named).chain(others)
        });
        part.hidden = resolve(fresh.into_iter().chain(known).collect());
    }
}

/// Whether a word is a name wherever it stands: not one that running text is made of, such as `rose` or `will`.
fn speaks_for_itself(word: &str) -> bool {
    word_hash(word).is_some_and(|hash| built_in().lexicon().get(hash).common() == 0)
}
