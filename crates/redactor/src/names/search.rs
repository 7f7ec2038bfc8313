//! Looking for names again and again, as hiding one changes what stands beside another.

use model::Label;
use zeroize::Zeroizing;

use super::tagger::Line;
use super::{built_in, spans};
use crate::detect::LIMIT;
use crate::limits::MAX_NAME_PASSES;
use crate::rule::Candidate;

/// A search of one text; each line is tagged again only when something in it was hidden since.
#[derive(Default)]
pub(crate) struct Search {
    last: Zeroizing<Vec<u8>>,
    passes: usize,
    line: Line,
}

impl Search {
    /// The names in `text`, in which everything found so far is overwritten. Between two calls nothing else changes in it, and
    /// its length never does.
    pub(crate) fn find(&mut self, text: &str) -> Vec<Candidate> {
        self.passes += 1;
        let (mut found, mut from) = (Vec::new(), 0);
        for part in text.split('\n') {
            let range = from..from + part.len();
            from = range.end + 1;
            if self.last.get(range.clone()) == Some(part.as_bytes()) {
                continue;
            }
            let before = found.len();
            built_in().tag(part, range.start, &mut self.line);
            spans::find(text, &self.line, built_in(), &mut found);
            if self.passes > MAX_NAME_PASSES && found.len() > before {
                found.truncate(before);
                found.push(Candidate::new(range, Label::OtherId, "limit", &LIMIT));
            }
        }
        self.last.clear();
        self.last.extend_from_slice(text.as_bytes());
        found
    }
}
