//! Everything that shares a hidden identifier.

use std::collections::HashMap;

use model::{CaptureId, Timestamp, Token};
use schema::day_to_text;
use schema::frequent::Documents;
use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::schema::IndexRecordOption;
use tantivy::{DateTime, DocId, DocSet as _, Score, SegmentOrdinal, SegmentReader, TERMINATED, TantivyDocument, Term};

use crate::collect::Deadline;
use crate::document::{DAMAGED, Stored, as_text};
use crate::error::during;
use crate::limits::{DEFAULT_BUDGET_MILLIS, DOCUMENTS_PER_LOOK, MAX_PIVOT_CAPTURES, MAX_TOGETHER};
use crate::seen::{SeenWith, Span};
use crate::snippet::one_line;
use crate::{Document, Error, Licence, Searcher};

/// Tokens beside a token that room is made for before they are counted: most of those in lists are the same few.
const MOST_RESERVED: usize = 1 << 16;

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
        self.pivot_by(licence, token, limit, true)
    }

    /// The same with or without the lists of frequent tokens: the answer is the same.
    pub(crate) fn pivot_by(&self, licence: &Licence, token: Token, limit: usize, lists: bool) -> Result<Pivot, Error> {
        self.licensed(licence)?;
        let deadline = self.deadline(DEFAULT_BUDGET_MILLIS);
        let searcher = self.state();
        let columns = self.columns()?;
        let mut seen = SeenWith::new(&columns, limit.min(MAX_PIVOT_CAPTURES));
        let found: Vec<_> = columns.segments.iter().map(|segment| segment.list(token).filter(|_| lists)).collect();
        let beside: usize = found.iter().flatten().map(Documents::beside).sum();
        seen.tokens.reserve(beside.min(MOST_RESERVED));
        for ((place, segment), list) in searcher.segment_readers().iter().enumerate().zip(found) {
            deadline.keep()?;
            if let Some(list) = list {
                seen.read(place, list, segment.alive_bitset(), &deadline)?;
            } else {
                self.walk(segment, token, &deadline, |docs| seen.look(place, docs))?;
            }
        }

        let mut captures = Vec::new();
        for (address, line) in seen.newest() {
            deadline.keep()?;
            captures.push(match line.filter(|_| lists) {
                Some(line) => line,
                None => self.pivot_capture(&searcher.doc(address).map_err(during("read a document of"))?)?,
            });
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

    /// Hands `each` the documents of a segment that carry a token, some at a time.
    pub(crate) fn walk(
        &self,
        segment: &SegmentReader,
        token: Token,
        deadline: &Deadline,
        mut each: impl FnMut(&[DocId]) -> tantivy::Result<()>,
    ) -> Result<(), Error> {
        let failed = during("search");
        let term = Term::from_field_text(self.fields().token, &token.to_string());
        let index = segment.inverted_index(self.fields().token).map_err(&failed)?;
        let postings = index.read_postings(&term, IndexRecordOption::Basic);
        let Some(mut postings) = postings.map_err(|error| failed(error.into()))? else { return Ok(()) };
        let alive = segment.alive_bitset();
        let most = DOCUMENTS_PER_LOOK.min(postings.doc_freq()) as usize;
        let mut docs = Vec::with_capacity(most);
        while postings.doc() != TERMINATED {
            docs.clear();
            while postings.doc() != TERMINATED && docs.len() < DOCUMENTS_PER_LOOK as usize {
                docs.push(postings.doc());
                postings.advance();
            }
            docs.retain(|doc| alive.is_none_or(|alive| alive.is_alive(*doc)));
            each(&docs).map_err(&failed)?;
            deadline.keep()?;
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
