//! Hiding one normalised text: detect, resolve, hide, and look again at what is left.
//!
//! The second look makes redaction and screening agree: hiding one thing changes what stands beside another.

use model::Label;
use zeroize::Zeroizing;

use crate::detect::{self, BARRIER, Hints, LIMIT, Words};
use crate::limits::{MAX_PASSES, MAX_TEXT_BYTES};
use crate::names;
use crate::resolve::{Hidden, resolve};
use crate::rule::Candidate;

/// Every stretch to hide but names, in order, not overlapping: a query has no context that a name could be told by.
pub(crate) fn hide(text: &str, hints: &Hints) -> Vec<Hidden> {
    search(text, hints, Vec::new(), false)
}

/// Every stretch to hide, names too, together with `known`, which is hidden whatever is found.
pub(crate) fn hide_with(text: &str, hints: &Hints, known: Vec<Candidate>) -> Vec<Hidden> {
    search(text, hints, known, true)
}

/// What stands in a text and in none of its forged tokens, and those: their letters and digits are nobody's number, and
/// must not lengthen what stands beside them.
fn beside_tokens(text: &str, words: &Words, hints: &Hints) -> Vec<Candidate> {
    let forged = detect::forged(text);
    if forged.is_empty() {
        return detect::all(text, words, hints);
    }
    let mut left = Zeroizing::new(text.to_owned());
    for token in &forged {
        left.replace_range(token.range.clone(), &char::from(BARRIER).to_string().repeat(token.range.len()));
    }
    let mut found = detect::all(&left, words, hints);
    found.extend(forged);
    found
}

fn search(text: &str, hints: &Hints, known: Vec<Candidate>, mut names: bool) -> Vec<Hidden> {
    let mut found = Vec::new();
    let limit = text.floor_char_boundary(MAX_TEXT_BYTES);
    let read = &text[..limit];
    if limit < text.len() {
        found.push(Candidate::new(limit..text.len(), Label::OtherId, "limit", &LIMIT));
    }
    let words = Words::of(read);
    let mut fresh = beside_tokens(read, &words, hints);
    fresh.extend(known.into_iter().filter(|candidate| candidate.range.end <= limit && !candidate.range.is_empty()));
    // Where nothing was hidden the detectors have seen the text as it is; names are looked for in what they leave.
    let mut seen = fresh.is_empty();
    if seen && !names {
        return resolve(found);
    }
    let mut left = Zeroizing::new(read.as_bytes().to_vec());
    for pass in 1.. {
        for candidate in &fresh {
            left[candidate.range.clone()].fill(BARRIER);
        }
        found.append(&mut fresh);
        // Ranges are on character borders, so what is left is UTF-8; if not, hide everything.
        let Ok(text_left) = std::str::from_utf8(&left) else {
            found.push(Candidate::new(0..text.len(), Label::OtherId, "limit", &LIMIT));
            break;
        };
        // Names first: what they leave is then read by the detectors once, not once before them and once behind.
        if std::mem::take(&mut names) {
            fresh = names::find(text_left);
        }
        if fresh.is_empty() && !seen {
            fresh = detect::all(text_left, &words, hints);
        }
        seen = false;
        let Some(from) = fresh.iter().map(|candidate| candidate.range.start).min() else { break };
        if pass == MAX_PASSES {
            found.push(Candidate::new(from..text.len(), Label::OtherId, "limit", &LIMIT));
            break;
        }
    }
    resolve(found)
}
