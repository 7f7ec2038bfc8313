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
///
/// One look: where anything is found the query is refused, whatever else hiding it would bring to light.
pub(crate) fn hide(text: &str, hints: &Hints) -> Vec<Hidden> {
    let words = Words::of(readable(text));
    let search = Search::new(text, &words, hints);
    let mut found = beside_tokens(search.read(), &words, hints);
    found.extend(search.found);
    resolve(found)
}

/// Every stretch to hide, names too, together with `known`, which is hidden whatever is found.
pub(crate) fn hide_with(text: &str, words: &Words, hints: &Hints, known: Vec<Candidate>) -> Vec<Hidden> {
    let search = Search::new(text, words, hints);
    let mut fresh = beside_tokens(search.read(), words, hints);
    let limit = search.limit;
    fresh.extend(known.into_iter().filter(|candidate| candidate.range.end <= limit && !candidate.range.is_empty()));
    // Where nothing was hidden the detectors have seen the text as it is; names are looked for in what they leave.
    let seen = fresh.is_empty();
    search.exhaust(fresh, seen, true)
}

/// The triggers' words in what is read of a text that is looked at several times.
pub(crate) fn words_of(text: &str) -> Words {
    Words::of_several_looks(readable(text))
}

/// What is read of a text.
fn readable(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT_BYTES)]
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

/// Looks at what is left beside stretches that were hidden for another reason than the detectors': hiding them has changed
/// what stands beside others.
pub(crate) fn again(text: &str, words: &Words, hints: &Hints, hidden: Vec<Hidden>) -> Vec<Hidden> {
    Search::new(text, words, hints).exhaust(
        hidden.into_iter().flat_map(Hidden::into_candidates).collect(),
        false,
        false,
    )
}

/// One text that is searched until nothing new is found.
struct Search<'t> {
    text: &'t str,
    /// What is read of it; the rest is hidden unread.
    limit: usize,
    words: &'t Words,
    hints: &'t Hints,
    found: Vec<Candidate>,
}

impl<'t> Search<'t> {
    fn new(text: &'t str, words: &'t Words, hints: &'t Hints) -> Self {
        let limit = text.floor_char_boundary(MAX_TEXT_BYTES);
        let mut found = Vec::new();
        if limit < text.len() {
            found.push(Candidate::new(limit..text.len(), Label::OtherId, "limit", &LIMIT));
        }
        Self { text, limit, words, hints, found }
    }

    fn read(&self) -> &'t str {
        &self.text[..self.limit]
    }

    /// Hides what is `fresh` and looks again, until nothing new is found. `seen`: the detectors have read the text as it is
    /// now. Names are looked for once, in what is left of the text after that.
    fn exhaust(mut self, mut fresh: Vec<Candidate>, mut seen: bool, mut names: bool) -> Vec<Hidden> {
        if seen && !names {
            return resolve(self.found);
        }
        let mut left = Zeroizing::new(self.read().as_bytes().to_vec());
        let all = self.text.len();
        for pass in 1.. {
            for candidate in &fresh {
                let end = candidate.range.end.min(self.limit);
                left[candidate.range.start.min(end)..end].fill(BARRIER);
            }
            self.found.append(&mut fresh);
            // Ranges are on character borders, so what is left is UTF-8; if not, hide everything.
            let Ok(text_left) = std::str::from_utf8(&left) else {
                self.found.push(Candidate::new(0..all, Label::OtherId, "limit", &LIMIT));
                break;
            };
            // Names first: what they leave is then read by the detectors once, not once before them and once behind.
            if std::mem::take(&mut names) {
                fresh = names::find(text_left);
            }
            if fresh.is_empty() && !seen {
                fresh = detect::all(text_left, self.words, self.hints);
            }
            seen = false;
            let Some(from) = fresh.iter().map(|candidate| candidate.range.start).min() else { break };
            if pass == MAX_PASSES {
                self.found.push(Candidate::new(from..all, Label::OtherId, "limit", &LIMIT));
                break;
            }
        }
        resolve(self.found)
    }
}
