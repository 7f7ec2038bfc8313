//! Everything that shares a hidden identifier.

use std::cmp::Reverse;
use std::collections::HashMap;

use model::{CaptureId, Timestamp, Token};
use schema::day_to_text;
use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{
    DateTime, DocAddress, DocId, DocSet as _, Score, SegmentOrdinal, SegmentReader, TERMINATED, TantivyDocument, Term,
};

use crate::collect::Deadline;
use crate::columns::{Columns, Facet, Rows, SegmentColumns};
use crate::counts::{Sum, Tally, TokenCounts};
use crate::document::{DAMAGED, Stored, as_text};
use crate::error::during;
use crate::limits::{DEFAULT_BUDGET_MILLIS, DOCUMENTS_PER_LOOK, MAX_PIVOT_CAPTURES, MAX_TOGETHER};
use crate::snippet::one_line;
use crate::{Document, Error, Licence, Searcher};

/// What is known about one token in one case.
#[derive(Clone, Serialize)]
pub struct Pivot {
    /// The token.
    #[serde(serialize_with = "as_text")]
    pub token: Token,
    /// How many documents carry it, exactly.
    pub count: u64,
    /// How many documents the case has.
    pub documents: u64,
    /// The newest of them, as many as were asked for.
    pub captures: Vec<PivotCapture>,
    /// Tokens that occur in the same documents, commonest first, at most [`MAX_TOGETHER`].
    pub together: Vec<Together>,
    /// How many different tokens occur in the same documents.
    pub together_count: usize,
    /// The sites it occurs on, commonest first.
    pub sites: Vec<SiteCount>,
    /// The countries its pages name, first seen there first: where it was over time, never finer.
    pub places: Vec<PlaceSeen>,
    /// When it was first captured.
    pub first_seen: Option<Timestamp>,
    /// When it was last captured.
    pub last_seen: Option<Timestamp>,
    /// The days that its pages say they were posted, first and last.
    pub posted: Option<Seen>,
}

/// Prints counts.
impl std::fmt::Debug for Pivot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Pivot({} documents, {} tokens together)", self.count, self.together_count)
    }
}

/// One document that carries the token.
#[derive(Clone, Debug, Serialize)]
pub struct PivotCapture {
    /// Which capture.
    pub capture: CaptureId,
    /// The site's label.
    pub site: String,
    /// `thread`, `ad`, `listing` or `other`.
    pub kind: String,
    /// The day it was posted where the page says so, else the day it was captured.
    pub day: String,
    /// The redacted title.
    pub title: String,
}

impl PivotCapture {
    pub(crate) fn of(page: &Document) -> Self {
        let (day, title) = (page.day(), one_line(&page.title));
        Self { capture: page.capture, site: page.site.clone(), kind: page.kind.clone(), day, title }
    }
}

/// A token that occurs in the same documents.
#[derive(Clone, Serialize)]
pub struct Together {
    /// The token.
    #[serde(serialize_with = "as_text")]
    pub token: Token,
    /// In how many of them.
    pub captures: u64,
}

impl std::fmt::Debug for Together {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Together({}, {} captures)", self.token.label(), self.captures)
    }
}

/// A site and how many documents with the token it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SiteCount {
    /// The site's label.
    pub site: String,
    /// How many.
    pub captures: u64,
}

/// A country and when pages with the token named it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceSeen {
    /// The country code.
    pub place: String,
    /// In how many documents.
    pub captures: u64,
    /// The first day: as posted where the page says so, else as captured.
    pub first: String,
    /// The last day.
    pub last: String,
}

/// The first and the last day of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
}

impl Searcher {
    /// Everything that shares a hidden identifier, with the newest [`MAX_PIVOT_CAPTURES`] captures.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case, [`Error::Deadline`] when the time is up.
    pub fn pivot(&self, licence: &Licence, token: Token) -> Result<Pivot, Error> {
        self.pivot_newest(licence, token, MAX_PIVOT_CAPTURES)
    }

    /// The same with the newest `limit` captures: reading a thousand takes far longer than finding them.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case, [`Error::Deadline`] when the time is up.
    pub fn pivot_newest(&self, licence: &Licence, token: Token, limit: usize) -> Result<Pivot, Error> {
        self.licensed(licence)?;
        let deadline = self.deadline(DEFAULT_BUDGET_MILLIS);
        let searcher = self.state();
        let columns = self.columns()?;
        let limit = limit.min(MAX_PIVOT_CAPTURES);
        let mut seen = SeenWith::new(&columns, limit);
        self.walk(&searcher, token, &deadline, |segment, docs| seen.look(segment, &columns.segments[segment], docs))?;

        let mut captures = Vec::new();
        for address in seen.newest.addresses() {
            deadline.keep()?;
            captures.push(self.pivot_capture(&searcher.doc(address).map_err(during("read a document of"))?)?);
        }
        let (together, together_count) = seen.tokens.beside(token, MAX_TOGETHER);
        let moment = |at: DateTime| Timestamp::from_millis(at.into_timestamp_millis());
        Ok(Pivot {
            token,
            count: seen.count,
            documents: searcher.num_docs(),
            captures,
            together: together.into_iter().map(|(token, captures)| Together { token, captures }).collect(),
            together_count,
            sites: sites(seen.sites.by_label(&columns, |count| *count > 0)),
            places: in_order(seen.places.by_label(&columns, |span| span.0 > 0)),
            first_seen: seen.captured.map(|(first, _)| moment(first)),
            last_seen: seen.captured.map(|(_, last)| moment(last)),
            posted: seen.posted.map(|(first, last)| Seen { first: day_to_text(first), last: day_to_text(last) }),
        })
    }

    /// Hands `each` the documents that carry a token, segment by segment, some at a time.
    pub(crate) fn walk(
        &self,
        searcher: &tantivy::Searcher,
        token: Token,
        deadline: &Deadline,
        mut each: impl FnMut(usize, &[DocId]) -> tantivy::Result<()>,
    ) -> Result<(), Error> {
        let failed = during("search");
        let term = Term::from_field_text(self.fields().token, &token.to_string());
        let mut docs = Vec::with_capacity(DOCUMENTS_PER_LOOK as usize);
        for (place, segment) in searcher.segment_readers().iter().enumerate() {
            deadline.keep()?;
            let index = segment.inverted_index(self.fields().token).map_err(&failed)?;
            let postings = index.read_postings(&term, IndexRecordOption::Basic);
            let Some(mut postings) = postings.map_err(|error| failed(error.into()))? else { continue };
            let alive = segment.alive_bitset();
            while postings.doc() != TERMINATED {
                docs.clear();
                while postings.doc() != TERMINATED && docs.len() < DOCUMENTS_PER_LOOK as usize {
                    docs.push(postings.doc());
                    postings.advance();
                }
                docs.retain(|doc| alive.is_none_or(|alive| alive.is_alive(*doc)));
                each(place, &docs).map_err(&failed)?;
                deadline.keep()?;
            }
        }
        Ok(())
    }

    pub(crate) fn pivot_capture(&self, document: &TantivyDocument) -> Result<PivotCapture, Error> {
        let fields = self.fields();
        let stored = Stored { document, fields };
        Ok(PivotCapture {
            capture: stored.capture()?,
            site: stored.label(fields.site),
            kind: stored.label(fields.kind),
            day: stored.day(fields.posted).or_else(|| stored.day(fields.captured)).ok_or(DAMAGED)?,
            title: one_line(&stored.label(fields.title)),
        })
    }
}

pub(crate) fn sites(counts: HashMap<String, u64>) -> Vec<SiteCount> {
    let mut sites: Vec<SiteCount> = counts.into_iter().map(|(site, captures)| SiteCount { site, captures }).collect();
    sites.sort_by(|a, b| b.captures.cmp(&a.captures).then_with(|| a.site.cmp(&b.site)));
    sites
}

/// Finds the first and the last moment in a date field.
pub(crate) struct FirstLast(pub(crate) &'static str);

/// The first and the last moment, if there is any.
pub(crate) type Moments = Option<(DateTime, DateTime)>;

pub(crate) struct SegmentFirstLast(Column<DateTime>, Moments);

impl Collector for FirstLast {
    type Fruit = Moments;
    type Child = SegmentFirstLast;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentFirstLast> {
        Ok(SegmentFirstLast(reader.fast_fields().date(self.0)?, None))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Moments>) -> tantivy::Result<Moments> {
        let spans = segments.into_iter().flatten();
        Ok(spans.reduce(|(first, last), (earlier, later)| (first.min(earlier), last.max(later))))
    }
}

impl SegmentCollector for SegmentFirstLast {
    type Fruit = Moments;

    fn collect(&mut self, doc: DocId, _: Score) {
        if let Some(at) = self.0.first(doc) {
            self.1 = Some(self.1.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        }
    }

    fn harvest(self) -> Moments {
        self.1
    }
}

/// What the documents that carry a token have in their columns.
struct SeenWith {
    count: u64,
    newest: Newest,
    tokens: TokenCounts,
    sites: Tally<u64>,
    places: Tally<Span>,
    captured: Moments,
    posted: Moments,
    rows: Rows,
}

/// How many documents, and the first and last moment they show.
#[derive(Clone, Copy, Default)]
struct Span(u64, DateTime, DateTime);

impl Sum for Span {
    fn add(&mut self, other: Self) {
        *self = match (self.0, other.0) {
            (_, 0) => *self,
            (0, _) => other,
            (one, more) => Self(one + more, self.1.min(other.1), self.2.max(other.2)),
        };
    }
}

impl SeenWith {
    fn new(columns: &Columns, captures: usize) -> Self {
        Self {
            count: 0,
            newest: Newest { most: captures, found: Vec::new() },
            tokens: TokenCounts::default(),
            sites: Tally::new(columns, Facet::Site),
            places: Tally::new(columns, Facet::Place),
            captured: None,
            posted: None,
            rows: Rows::default(),
        }
    }

    /// One column after the other, so that each stays in the processor's caches.
    fn look(&mut self, place: usize, segment: &SegmentColumns, docs: &[DocId]) -> tantivy::Result<()> {
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
}

/// The documents that were captured last; of those captured at one moment, the first in the index.
struct Newest {
    most: usize,
    found: Vec<(Reverse<DateTime>, DocAddress)>,
}

impl Newest {
    fn offer(&mut self, at: DateTime, address: DocAddress) {
        self.found.push((Reverse(at), address));
    }

    fn keep_most(&mut self) {
        if self.found.len() > self.most {
            self.found.select_nth_unstable(self.most);
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

fn in_order(places: HashMap<String, Span>) -> Vec<PlaceSeen> {
    let seen = |(place, Span(captures, first, last)): (String, Span)| PlaceSeen {
        place,
        captures,
        first: day_to_text(first),
        last: day_to_text(last),
    };
    let mut places: Vec<PlaceSeen> = places.into_iter().map(seen).collect();
    places.sort_by(|a, b| a.first.cmp(&b.first).then_with(|| a.place.cmp(&b.place)));
    places
}
