//! Hiding one normalised text: detect, resolve, hide, and look again at what is left.
//!
//! The second look makes redaction and screening agree: hiding one thing changes what stands beside another.

use model::Label;
use zeroize::Zeroizing;

use crate::detect::{self, BARRIER, Hints, LIMIT};
use crate::limits::{MAX_PASSES, MAX_TEXT_BYTES};
use crate::resolve::{Hidden, resolve};
use crate::rule::Candidate;

/// Every stretch to hide, in order, not overlapping.
pub(crate) fn hide(text: &str, hints: &Hints) -> Vec<Hidden> {
    hide_with(text, hints, Vec::new())
}

/// What stands in a text and in none of its forged tokens, and those: their letters and digits are nobody's number, and
/// must not lengthen what stands beside them.
fn beside_tokens(text: &str, hints: &Hints) -> Vec<Candidate> {
    let forged = detect::forged(text);
    if forged.is_empty() {
        return detect::all(text, hints);
    }
    let mut left = Zeroizing::new(text.to_owned());
    for token in &forged {
        left.replace_range(token.range.clone(), &char::from(BARRIER).to_string().repeat(token.range.len()));
    }
    let mut found = detect::all(&left, hints);
    found.extend(forged);
    found
}

/// As [`hide`], together with `known`, which is hidden whatever is found.
pub(crate) fn hide_with(text: &str, hints: &Hints, known: Vec<Candidate>) -> Vec<Hidden> {
    let mut found = Vec::new();
    let limit = text.floor_char_boundary(MAX_TEXT_BYTES);
    let read = &text[..limit];
    if limit < text.len() {
        found.push(Candidate::new(limit..text.len(), Label::OtherId, "limit", &LIMIT));
    }
    let mut first = beside_tokens(read, hints);
    first.extend(known.into_iter().filter(|candidate| candidate.range.end <= limit && !candidate.range.is_empty()));
    if first.is_empty() {
        return resolve(found);
    }
    let mut left = Zeroizing::new(read.as_bytes().to_vec());
    let mut fresh = first;
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
        fresh = detect::all(text_left, hints);
        let Some(from) = fresh.iter().map(|candidate| candidate.range.start).min() else { break };
        if pass == MAX_PASSES {
            found.push(Candidate::new(from..text.len(), Label::OtherId, "limit", &LIMIT));
            break;
        }
    }
    resolve(found)
}
