//! What the documents that carry a token have in common: counted from their columns or, where the segment has one, from the
//! token's list (`schema::frequent`), to the same end.

use std::cmp::Reverse;

use schema::frequent::Documents;
use tantivy::fastfield::AliveBitSet;
use tantivy::{DateTime, DocAddress, DocId};

use crate::collect::Deadline;
use crate::columns::{Columns, Facet, Rows};
use crate::counts::{Sum, Tally, TokenCounts};
use crate::limits::DOCUMENTS_PER_LOOK;
use crate::pivot::{Moments, PivotCapture};
use crate::{Error, counts};

/// What is known so far.
pub(crate) struct SeenWith<'c> {
    columns: &'c Columns,
    pub(crate) count: u64,
    newest: Newest,
    pub(crate) tokens: TokenCounts,
    pub(crate) sites: Tally<u64>,
    pub(crate) places: Tally<Span>,
    pub(crate) captured: Moments,
    pub(crate) posted: Moments,
    rows: Rows,
}

/// How many documents, and the first and last moment they show.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span(pub(crate) u64, pub(crate) DateTime, pub(crate) DateTime);

impl Sum for Span {
    fn add(&mut self, other: Self) {
        *self = match (self.0, other.0) {
            (_, 0) => *self,
            (0, _) => other,
            (one, more) => Self(one + more, self.1.min(other.1), self.2.max(other.2)),
        };
    }
}

impl<'c> SeenWith<'c> {
    pub(crate) fn new(columns: &'c Columns, captures: usize) -> Self {
        Self {
            columns,
            count: 0,
            newest: Newest { most: captures, found: Vec::with_capacity(captures.min(MOST_WAITING)), beyond: None },
            tokens: TokenCounts::default(),
            sites: Tally::new(columns, Facet::Site),
            places: Tally::new(columns, Facet::Place),
            captured: None,
            posted: None,
            rows: Rows::default(),
        }
    }

    /// Looks at some documents of a segment, one column after the other, so that each stays in the processor's caches.
    pub(crate) fn look(&mut self, place: usize, docs: &[DocId]) -> tantivy::Result<()> {
        let segment = &self.columns.segments[place];
        self.count += docs.len() as u64;
        let (sites, places) = (segment.labels(Facet::Site), segment.labels(Facet::Place));
        let mut captured = vec![None; docs.len()];
        segment.captured.first_vals(docs, &mut captured);
        for (doc, at) in docs.iter().zip(&captured) {
            if let Some(at) = *at {
                widen(&mut self.captured, at);
                self.newest.offer(at, DocAddress::new(place as u32, *doc));
            }
        }
        let mut posted = vec![None; docs.len()];
        segment.posted.first_vals(docs, &mut posted);
        posted.iter().flatten().for_each(|at| widen(&mut self.posted, *at));
        self.tokens.count(segment, docs, &mut self.rows);
        self.sites.count_all(sites, docs, &mut self.rows, |count, _| *count += 1);
        self.places.count_all(places, docs, &mut self.rows, |span, place| {
            // As posted where the page says so, else as captured.
            if let Some(at) = posted[place].or(captured[place]) {
                span.add(Span(1, at, at));
            }
        });
        self.newest.keep_most();
        self.sites.end_segment(sites)?;
        self.places.end_segment(places)
    }

    /// Reads a segment's list, front to back.
    pub(crate) fn read(
        &mut self,
        place: usize,
        list: Documents<'_>,
        alive: Option<&AliveBitSet>,
        deadline: &Deadline,
    ) -> Result<(), Error> {
        let segment = &self.columns.segments[place];
        let (sites, places) = (segment.numbers(Facet::Site), segment.numbers(Facet::Place));
        for (looked, row) in (0_u32..).zip(list.rows()) {
            if looked.is_multiple_of(DOCUMENTS_PER_LOOK) {
                deadline.keep()?;
            }
            if alive.is_some_and(|alive| alive.is_deleted(row.doc)) {
                continue;
            }
            self.count += 1;
            let captured = DateTime::from_timestamp_secs(row.captured);
            widen(&mut self.captured, captured);
            self.newest.offer(captured, DocAddress::new(place as u32, row.doc));
            // Of the moment that a page says it was posted only the day is ever told.
            let posted = row.posted.map(counts::midnight);
            posted.iter().for_each(|at| widen(&mut self.posted, *at));
            if let Some(site) = row.site.and_then(|site| sites.get(usize::from(site))) {
                self.sites.of(*site, |count| *count += 1);
            }
            let shown = posted.unwrap_or(captured);
            for place in row.places().filter_map(|place| places.get(usize::from(place))) {
                self.places.of(*place, |span| span.add(Span(1, shown, shown)));
            }
            row.beside().for_each(|(digest, label)| self.tokens.add(digest, label));
        }
        self.newest.keep_most();
        Ok(())
    }

    /// The documents that were captured last, the newest first, with what a list of captures shows where that is at hand.
    pub(crate) fn newest(&mut self) -> Vec<(DocAddress, Option<PivotCapture>)> {
        let columns = self.columns;
        let addresses = self.newest.addresses().into_iter();
        addresses
            .map(|address| (address, columns.segments[address.segment_ord as usize].line(columns, address.doc_id)))
            .collect()
    }
}

/// The documents that were captured last; of those captured at one moment, the first in the index.
struct Newest {
    most: usize,
    found: Vec<Found>,
    /// What comes no earlier than this is not among them.
    beyond: Option<Found>,
}

type Found = (Reverse<DateTime>, DocAddress);

/// Documents that may wait beside those that are kept.
const MOST_WAITING: usize = 256;

impl Newest {
    fn offer(&mut self, at: DateTime, address: DocAddress) {
        let found = (Reverse(at), address);
        if self.beyond.is_none_or(|beyond| found < beyond) {
            self.found.push(found);
            if self.found.len() >= self.most + MOST_WAITING {
                self.keep_most();
            }
        }
    }

    fn keep_most(&mut self) {
        if self.found.len() > self.most {
            let (_, beyond, _) = self.found.select_nth_unstable(self.most);
            self.beyond = Some(*beyond);
            self.found.truncate(self.most);
        }
    }

    /// The newest first.
    fn addresses(&mut self) -> Vec<DocAddress> {
        self.found.sort_unstable();
        self.found.iter().map(|(_, address)| *address).collect()
    }
}

fn widen(moments: &mut Moments, at: DateTime) {
    *moments = Some(moments.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
}
