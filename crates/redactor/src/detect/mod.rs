//! Detectors: each reads a normalised text and says where an identifier stands and what it is.
//!
//! One pass ([`scan`]) collects digit groups and long words, one ([`trigger`]) collects words that make a detector look;
//! the detectors then read around those places only. A number grammar, spelled letters and a name tagger will be
//! further modules here, with the same signature.

mod address;
mod card;
mod context;
mod coordinate;
mod crypto;
mod dictionary;
mod email;
mod explain;
mod forged;
mod handle;
mod iban;
mod lookalike;
mod markup;
mod national;
mod net;
mod number;
mod onion;
mod phone;
mod platform;
mod scan;
mod secret;
mod signs;
mod spelled;
mod table;
mod trigger;
mod url;
mod view;

use model::Label;

pub(crate) use self::forged::{find as forged, tokens_in};
pub(crate) use self::phone::Hints;
use self::scan::Scan;
pub(crate) use self::scan::{BARRIER, word_after, word_before};
use self::trigger::Trigger;
pub(crate) use self::trigger::Words;
pub(crate) use self::url::canonical as canonical_url;
use crate::limits::MAX_CANDIDATES;
use crate::rule::{Candidate, Rule, strength};

pub(crate) static LIMIT: Rule = Rule {
    detector: "limit",
    name: "rest-hidden",
    reason: "a limit was reached, so the rest is hidden unread",
    strength: strength::FENCE,
};

/// Everything in a normalised text but [`forged`] tokens, overlapping and in no order. `words` are those of this text, or of
/// what it was before parts of it were hidden.
pub(crate) fn all(text: &str, words: &Words, hints: &Hints) -> Vec<Candidate> {
    let mut found = as_written(text, words, hints);
    if let Some(view) = markup::without_tags(text) {
        for candidate in as_written(view.text(), &Words::of(view.text()), hints)
            .into_iter()
            .filter(|found| view.is_cut(&found.range))
        {
            let parts = view.origins(&candidate.range).into_iter();
            found.extend(parts.map(|range| Candidate { range, ..candidate.clone() }));
        }
    }
    found
}

fn as_written(text: &str, words: &Words, hints: &Hints) -> Vec<Candidate> {
    let mut found = Vec::new();
    let scan = Scan::new(text);
    let triggers = trigger::find(text, words);
    let onions: Vec<_> =
        triggers.iter().filter(|(trigger, _)| *trigger == Trigger::Onion).map(|(_, at)| at.clone()).collect();
    if scan.groups.len() + triggers.len() > MAX_CANDIDATES {
        found.push(Candidate::new(0..text.len(), Label::OtherId, "limit", &LIMIT));
        return found;
    }
    onion::find(text, &onions, &scan, &mut found);
    crypto::find(text, &scan, &mut found);
    iban::find(text, &scan.iban_starts, &mut found);
    email::find(text, &triggers, &mut found);
    url::find(text, &triggers, &mut found);
    net::find(text, &mut found);
    let hints = hints.with_script_of(text);
    spelled::find(text, words.plain(), &hints, &mut found);
    national::find(text, &scan.groups, &mut found);
    context::find(text, &triggers, &mut found);
    secret::find(text, &triggers, &mut found);
    address::find(text, &triggers, &scan.groups, &mut found);
    coordinate::find(text, &scan.groups, &mut found);
    number::find(text, &scan.groups, &hints, &mut found);
    handle::find(text, &triggers, &hints, &mut found);
    found
}
