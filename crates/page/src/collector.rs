//! Gathers segments and links within bounds.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use model::Sensitive;

use crate::limits::{MAX_LINKS, MAX_SEGMENT_BYTES, MAX_SEGMENTS, MAX_TEXT_BYTES};
use crate::{Field, Link, Problem, Problems, Provenance, Segment};

/// What was gathered from a page so far.
#[derive(Default)]
pub(crate) struct Collector {
    pub(crate) segments: Vec<Segment>,
    pub(crate) links: Vec<Link>,
    pub(crate) problems: Problems,
    /// Whether a link says in words that it ends our session.
    pub(crate) ends_session: bool,
    bytes: usize,
    /// Hashes of side texts already kept: navigation repeats the same addresses and titles hundreds of times.
    seen: HashSet<u64>,
}

impl Collector {
    /// Keeps a text where it stands, unless it is empty.
    pub(crate) fn push(&mut self, provenance: Provenance, text: &str, field: Option<Field>, record: Option<usize>) {
        let mut text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.segments.len() == MAX_SEGMENTS {
            self.problems.add(Problem::TooManySegments);
            return;
        }
        let room = MAX_SEGMENT_BYTES.min(MAX_TEXT_BYTES - self.bytes);
        if text.len() > room {
            self.problems.add(Problem::TooMuchText);
            text = &text[..text.floor_char_boundary(room)];
            if text.is_empty() {
                return;
            }
        }
        self.bytes += text.len();
        self.segments.push(Segment { provenance, text: Sensitive::new(text.to_owned()), field, record });
    }

    /// Keeps a text that is not part of the running text, once for each record it stands in.
    pub(crate) fn push_aside(&mut self, provenance: Provenance, text: &str, record: Option<usize>) {
        if self.is_new(&(provenance, text.trim(), record)) {
            self.push(provenance, text, None, record);
        }
    }

    /// Keeps a link, once for each address and kind.
    pub(crate) fn link(&mut self, link: Link) {
        if !self.is_new(&(link.href.expose(), link.kind, link.target)) {
            return;
        }
        if self.links.len() == MAX_LINKS {
            self.problems.add(Problem::TooManyLinks);
        } else {
            self.links.push(link);
        }
    }

    fn is_new(&mut self, value: &impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stops_at_its_bounds_on_a_character() {
        let mut out = Collector::default();
        out.push(Provenance::Visible, &"ж".repeat(MAX_SEGMENT_BYTES), None, None);
        assert_eq!(out.segments[0].text.expose().len(), MAX_SEGMENT_BYTES);
        for _ in 0..MAX_TEXT_BYTES / MAX_SEGMENT_BYTES {
            out.push(Provenance::Visible, &"a".repeat(MAX_SEGMENT_BYTES), None, None);
        }
        assert_eq!(out.segments.iter().map(|s| s.text.expose().len()).sum::<usize>(), MAX_TEXT_BYTES);
        assert_eq!(out.problems.count(Problem::TooMuchText), 2);
    }

    #[test]
    fn side_texts_are_kept_once() {
        let mut out = Collector::default();
        for record in [None, None, Some(1)] {
            out.push_aside(Provenance::Alt, " cat ", record);
        }
        assert_eq!(out.segments.len(), 2);
    }
}
