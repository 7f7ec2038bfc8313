//! NEAR: words of one text, each at most so many words from the one before it.

use std::sync::Arc;

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use crate::collect::Deadline;

/// Where something stands in a text: its first and its last word.
pub(crate) type Span = (u32, u32);

/// Whether there is a way through the spans, each at most the distance between from the one before it. Spans that share a
/// word are not near each other: they are the same place.
pub(crate) fn fits(operands: &[Vec<Span>], distances: &[u32]) -> bool {
    let Some((first, then)) = operands.split_first() else { return false };
    let mut reached = first.clone();
    for (spans, distance) in then.iter().zip(distances) {
        let (mut starts, mut ends): (Vec<u32>, Vec<u32>) = reached.iter().copied().unzip();
        starts.sort_unstable();
        ends.sort_unstable();
        let within = |sorted: &[u32], from: u32, to: u32| {
            let at = sorted.partition_point(|place| *place < from);
            sorted.get(at).is_some_and(|place| *place <= to)
        };
        reached = spans
            .iter()
            .copied()
            .filter(|(start, end)| {
                let before = *start > 0 && within(&ends, start.saturating_sub(*distance), start - 1);
                before || within(&starts, end + 1, end.saturating_add(*distance))
            })
            .collect();
        if reached.is_empty() {
            return false;
        }
    }
    !reached.is_empty()
}

/// The query. Each operand is some phrases of which any will do; a phrase is one word or more.
#[derive(Clone)]
pub(crate) struct NearQuery {
    pub(crate) field: Field,
    pub(crate) operands: Vec<Vec<Vec<Term>>>,
    pub(crate) distances: Vec<u32>,
    pub(crate) deadline: Arc<Deadline>,
}

impl std::fmt::Debug for NearQuery {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "NearQuery({} operands)", self.operands.len())
    }
}

impl Query for NearQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(NearWeight(self.clone())))
    }
}

struct NearWeight(NearQuery);

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Self(query) = self;
        let index = reader.inverted_index(query.field)?;
        let mut operands = Vec::with_capacity(query.operands.len());
        for phrases in &query.operands {
            let mut runs = Vec::new();
            for terms in phrases {
                let option = IndexRecordOption::WithFreqsAndPositions;
                let postings = terms.iter().map(|term| Ok(index.read_postings(term, option)?));
                // A word that the segment does not have takes its phrase with it.
                if let Some(postings) = postings.collect::<tantivy::Result<Option<Vec<_>>>>()? {
                    runs.push(Run { postings, places: Vec::new() });
                }
            }
            if runs.is_empty() {
                return Ok(Box::new(EmptyScorer));
            }
            operands.push(Operand { runs });
        }
        let spans = operands.iter().map(|_| Vec::new()).collect();
        let (distances, deadline) = (query.distances.clone(), Arc::clone(&query.deadline));
        let mut docs = NearDocs { operands, distances, spans, doc: 0, looks: 0, deadline };
        docs.find(0);
        Ok(Box::new(ConstScorer::new(docs, 0.0)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("a NEAR is explained by `why`".to_owned()))
    }
}

/// One phrase in one segment.
struct Run {
    postings: Vec<SegmentPostings>,
    places: Vec<u32>,
}

impl Run {
    /// The first document from `target` on that has all words.
    fn seek(&mut self, target: DocId) -> DocId {
        let mut doc = target;
        'again: loop {
            for postings in &mut self.postings {
                let found = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
                if found > doc {
                    if found == TERMINATED {
                        return TERMINATED;
                    }
                    doc = found;
                    continue 'again;
                }
            }
            return doc;
        }
    }

    /// Where the phrase stands in `doc`.
    fn spans(&mut self, doc: DocId, spans: &mut Vec<Span>) {
        if self.seek(doc) != doc {
            return;
        }
        let Some((first, rest)) = self.postings.split_first_mut() else { return };
        first.positions(&mut self.places);
        let mut starts = self.places.clone();
        for (offset, postings) in (1..).zip(rest.iter_mut()) {
            postings.positions(&mut self.places);
            starts.retain(|start| self.places.binary_search(&(start + offset)).is_ok());
        }
        let last = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        spans.extend(starts.into_iter().map(|start| (start, start.saturating_add(last))));
    }
}

struct Operand {
    runs: Vec<Run>,
}

impl Operand {
    fn seek(&mut self, target: DocId) -> DocId {
        self.runs.iter_mut().map(|run| run.seek(target)).min().unwrap_or(TERMINATED)
    }
}

/// The documents of one segment.
struct NearDocs {
    operands: Vec<Operand>,
    distances: Vec<u32>,
    spans: Vec<Vec<Span>>,
    doc: DocId,
    looks: u32,
    deadline: Arc<Deadline>,
}

impl NearDocs {
    fn find(&mut self, from: DocId) -> DocId {
        let mut target = from;
        'next: loop {
            self.looks += 1;
            // Documents that have the words but not near each other never reach the collector, so the clock is looked at here.
            if self.looks.is_multiple_of(512) && self.deadline.check().is_err() {
                break;
            }
            let mut doc = target;
            for operand in &mut self.operands {
                let found = operand.seek(doc);
                if found == TERMINATED {
                    break 'next;
                }
                if found > doc {
                    doc = found;
                }
            }
            if doc > target {
                target = doc; // until all of them stand at the same document
                continue;
            }
            for (operand, spans) in self.operands.iter_mut().zip(&mut self.spans) {
                spans.clear();
                operand.runs.iter_mut().for_each(|run| run.spans(doc, spans));
            }
            if fits(&self.spans, &self.distances) {
                self.doc = doc;
                return doc;
            }
            target = doc + 1;
        }
        self.doc = TERMINATED;
        TERMINATED
    }
}

impl DocSet for NearDocs {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.find(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if target >= TERMINATED {
            self.doc = TERMINATED;
            return TERMINATED;
        }
        self.find(target)
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let fewest = |operand: &Operand| operand.runs.iter().map(|run| run.postings[0].size_hint()).sum();
        self.operands.iter().map(fewest).min().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_either_side_and_never_the_same_place() {
        let words = |places: &[u32]| places.iter().map(|place| (*place, *place)).collect::<Vec<_>>();
        assert!(fits(&[words(&[4]), words(&[7])], &[3]) && fits(&[words(&[7]), words(&[4])], &[3]));
        assert!(!fits(&[words(&[4]), words(&[8])], &[3]));
        assert!(!fits(&[words(&[4]), words(&[4])], &[3]));
        // A phrase is near by its nearer end.
        assert!(fits(&[vec![(1, 5)], words(&[7])], &[2]));
        // The same place in the middle serves both sides.
        assert!(fits(&[words(&[1]), words(&[2, 90]), words(&[3])], &[1, 1]));
        assert!(!fits(&[words(&[1]), words(&[2, 90]), words(&[91])], &[1, 1]));
    }
}
