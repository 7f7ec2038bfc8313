//! A name that was surely found once on a page is hidden wherever else it stands there.

use std::collections::BTreeSet;
use std::ops::Range;

use model::Label;

use super::spans::candidate;
use super::token::{each, word_hash};
use super::{built_in, spans};
use crate::agreement::Part;
use crate::letter::is_word;
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
            for word in candidate.canonical.split(|letter: char| !is_word(letter)) {
                let hash = word_hash(word).filter(|hash| word.len() >= MIN_WORD_BYTES && speaks_for_itself(*hash));
                if names.len() < MAX_AGREED_VALUES {
                    names.extend(hash);
                }
            }
        }
    }
    if names.is_empty() {
        return;
    }
    // Of the few names hardly one shares its last six bits with a word that is none.
    let bit = |word: u64| 1_u64 << (word & 63);
    let may_be = names.iter().fold(0, |bits, name| bits | bit(*name));
    for part in parts {
        let text = part.text;
        let free = |range: &Range<usize>| {
            let place = part.hidden.partition_point(|hidden| hidden.range.end <= range.start);
            part.hidden.get(place).is_none_or(|hidden| hidden.range.start >= range.end)
        };
        let mut fresh: Vec<Candidate> = Vec::new();
        each(text, |token| {
            let range = token.start..token.end;
            if may_be & bit(token.word) != 0 && names.contains(&token.word) && free(&range) {
                fresh.push(candidate(text, range, Label::Person, &AGREED));
            }
        });
        if fresh.is_empty() {
            continue;
        }
        let known = std::mem::take(&mut part.hidden).into_iter().flat_map(Hidden::into_candidates);
        part.hidden = resolve(fresh.into_iter().chain(known).collect());
    }
}

/// Whether a word is a name wherever it stands: not one that running text is made of, such as `rose` or `will`.
fn speaks_for_itself(word: u64) -> bool {
    built_in().lexicon().get(word).common() == 0
}
