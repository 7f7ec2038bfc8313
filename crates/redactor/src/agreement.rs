//! Document agreement: what is known of a value in one place holds everywhere on the page.
//!
//! An account named once behind its platform is hidden wherever its name stands alone, and a number written once with
//! its calling code settles what the same digits mean elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use model::Label;

use crate::detect::{Hints, Words, word_after, word_before};
use crate::limits::MAX_AGREED_VALUES;
use crate::names;
use crate::passes::{again, hide_with, words_of};
use crate::resolve::{Hidden, resolve};
use crate::rule::{Candidate, Rule, strength};

static AGREED: Rule = Rule {
    detector: "agreement",
    name: "same-page",
    reason: "the same value was recognised elsewhere on the page",
    strength: strength::PLAN,
};

/// Shortest name that is hidden where nothing but another place on the page speaks for it.
const MIN_NAME_CHARS: usize = 4;
/// Fewest last digits that two writings of a number must share.
const MIN_SHARED_DIGITS: usize = 7;
/// The platform of a handle whose platform is not known.
const ANY_PLATFORM: &str = "handle:";

/// One text of a page and what is hidden in it.
pub(crate) struct Part<'t> {
    pub(crate) text: &'t str,
    pub(crate) hidden: Vec<Hidden>,
    words: Words,
}

impl<'t> Part<'t> {
    /// What the detectors and the tagger find in `text`, together with `known`, which is hidden whatever is found.
    pub(crate) fn of(text: &'t str, hints: &Hints, known: Vec<Candidate>) -> Self {
        let words = words_of(text);
        Self { text, hidden: hide_with(text, &words, hints, known), words }
    }
}

/// Times that parts are made to agree and looked at again; what would be agreed on after that stays as the detectors left it.
const MAX_ROUNDS: usize = 4;

/// Makes all parts agree. Where that hides more, the detectors look again at what is left.
pub(crate) fn agree(parts: &mut [Part<'_>], hints: &Hints) {
    for _ in 0..MAX_ROUNDS {
        let before: Vec<usize> = parts.iter().map(hidden_bytes).collect();
        agree_on_numbers(parts);
        agree_on_names(parts);
        names::agree(parts);
        let mut changed = false;
        for (part, before) in parts.iter_mut().zip(before) {
            if hidden_bytes(part) > before {
                part.hidden = again(part.text, &part.words, hints, std::mem::take(&mut part.hidden));
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

fn hidden_bytes(part: &Part<'_>) -> usize {
    part.hidden.iter().map(|hidden| hidden.range.len()).sum()
}

fn candidates<'p>(parts: &'p [Part<'_>]) -> impl Iterator<Item = &'p Candidate> {
    parts.iter().flat_map(|part| &part.hidden).flat_map(|hidden| std::iter::once(&hidden.named).chain(&hidden.others))
}

fn candidates_mut<'p>(parts: &'p mut [Part<'_>]) -> impl Iterator<Item = &'p mut Candidate> {
    let hidden = parts.iter_mut().flat_map(|part| &mut part.hidden);
    hidden.flat_map(|hidden| std::iter::once(&mut hidden.named).chain(&mut hidden.others))
}

/// A number that only its form or its digits speak for takes the meaning of the one surer number that ends alike.
fn agree_on_numbers(parts: &mut [Part<'_>]) {
    let sure = |candidate: &&Candidate| candidate.label == Label::Phone && candidate.rule.strength >= strength::SYNTAX;
    let known: BTreeSet<String> = candidates(parts)
        .filter(sure)
        .map(|c| c.canonical.trim_start_matches(['+', '?']).to_owned())
        .take(MAX_AGREED_VALUES)
        .collect();
    if known.is_empty() {
        return;
    }
    // By their last digits, so that looking one up does not walk them all.
    let tail = |digits: &str| {
        let from = digits.len().checked_sub(MIN_SHARED_DIGITS)?;
        digits.get(from..).map(str::to_owned) // what is no run of ASCII digits agrees with nothing
    };
    let mut by_tail: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for number in &known {
        if let Some(tail) = tail(number) {
            by_tail.entry(tail).or_default().push(number);
        }
    }
    for candidate in candidates_mut(parts) {
        let open =
            matches!(candidate.label, Label::Digits | Label::Phone) && candidate.rule.strength < strength::SYNTAX;
        // A reading by a plan carries a calling code of its own; what it was written with stands behind it.
        let digits = candidate.canonical.trim_start_matches(['+', '?']).trim_start_matches('0').to_owned();
        let Some(numbers) = tail(&digits).filter(|_| open).and_then(|tail| by_tail.get(&tail)) else { continue };
        let alike: Vec<_> = numbers.iter().filter(|number| number.ends_with(&digits)).collect();
        if let [only] = alike[..] {
            *candidate = Candidate::new(candidate.range.clone(), Label::Phone, format!("+{only}"), &AGREED);
        }
    }
}

/// Names that are looked for in a text, in any case of ASCII.
enum Names<'n> {
    /// A few, by their first letter: compared one by one.
    Few { names: Vec<&'n str>, first: Box<[bool; 256]> },
    /// So many that building an automaton is worth its time.
    Many(Option<AhoCorasick>),
}

/// Most names that are compared one by one.
const FEW: usize = 16;

impl<'n> Names<'n> {
    /// Names of one letter at least.
    fn new(names: Vec<&'n str>) -> Self {
        if names.len() > FEW {
            let builder = &mut AhoCorasick::builder();
            let builder = builder.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest);
            // Quick to build: there is one page to read with it.
            return Self::Many(builder.kind(Some(AhoCorasickKind::NoncontiguousNFA)).build(names).ok());
        }
        let mut first = Box::new([false; 256]);
        for byte in names.iter().filter_map(|name| name.bytes().next()) {
            first[usize::from(byte.to_ascii_lowercase())] = true;
            first[usize::from(byte.to_ascii_uppercase())] = true;
        }
        Self::Few { names, first }
    }

    /// The places of the names in their list, and where they stand: the leftmost first, of those the longest.
    fn find(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let (names, first) = match self {
            Self::Few { names, first } => (names, first),
            Self::Many(automaton) => {
                let found = automaton.iter().flat_map(|automaton| automaton.find_iter(text));
                return found.map(|found| (found.pattern().as_usize(), found.range())).collect();
            }
        };
        let bytes = text.as_bytes();
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(skip) = bytes[at..].iter().position(|byte| first[usize::from(*byte)]) {
            at += skip;
            let stands = |name: &&str| {
                bytes[at..].get(..name.len()).is_some_and(|here| here.eq_ignore_ascii_case(name.as_bytes()))
            };
            // Of two of one length the earlier.
            let longest =
                (0..names.len()).rev().filter(|place| stands(&names[*place])).max_by_key(|place| names[*place].len());
            match longest {
                Some(place) => {
                    found.push((place, at..at + names[place].len()));
                    at += names[place].len();
                }
                None => at += 1,
            }
        }
        found
    }
}

fn agree_on_names(parts: &mut [Part<'_>]) {
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for candidate in candidates(parts).filter(|candidate| candidate.label == Label::Handle) {
        let Some((_, name)) = candidate.canonical.split_once(':') else { continue };
        if name.chars().count() >= MIN_NAME_CHARS && names.len() < MAX_AGREED_VALUES {
            names.entry(name.to_owned()).or_default().insert(candidate.canonical.to_string());
        }
    }
    if names.is_empty() {
        return;
    }
    // One platform known for a name is the platform of that name.
    let settled: BTreeMap<&String, String> = names
        .iter()
        .map(|(name, values)| {
            let mut platforms = values.iter().filter(|value| !value.starts_with(ANY_PLATFORM));
            let one = platforms.next().filter(|_| platforms.next().is_none());
            (name, one.cloned().unwrap_or_else(|| format!("{ANY_PLATFORM}{name}")))
        })
        .collect();
    for candidate in candidates_mut(parts).filter(|candidate| candidate.label == Label::Handle) {
        let name = candidate.canonical.strip_prefix(ANY_PLATFORM).map(str::to_owned);
        if let Some(value) = name.as_ref().and_then(|name| settled.get(name)) {
            candidate.canonical = value.clone().into();
        }
    }
    let words = Names::new(settled.keys().map(|name| name.as_str()).collect());
    let values: Vec<&String> = settled.values().collect();
    for part in parts {
        let text = part.text;
        let mut fresh: Vec<Candidate> = words
            .find(text)
            .into_iter()
            .filter(|(_, found)| !word_before(text, found.start) && !word_after(text, found.end))
            .filter(|(_, found)| {
                let place = part.hidden.partition_point(|hidden| hidden.range.end <= found.start);
                // What was only thought to be a person's name may turn out to be an account's.
                let free = |hidden: &Hidden| hidden.range.start > found.start || names::is_name(&hidden.named);
                part.hidden.get(place).is_none_or(free)
            })
            .map(|(name, found)| Candidate::new(found, Label::Handle, values[name].as_str(), &AGREED))
            .collect();
        if !fresh.is_empty() {
            let known = std::mem::take(&mut part.hidden);
            fresh.extend(known.into_iter().flat_map(Hidden::into_candidates));
            part.hidden = resolve(fresh);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn few_names_are_found_as_many_are(
            names in proptest::collection::btree_set("[abA_é]{1,5}", 1..=FEW),
            text in "[abA_éB ]{0,60}",
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                .build(&names)
                .expect("an automaton");
            prop_assert_eq!(Names::new(names).find(&text), Names::Many(Some(automaton)).find(&text));
        }
    }
}
