//! Everything that shares a hidden identifier.

use std::collections::HashMap;

use model::{CaptureId, Timestamp, Token};
use schema::day_to_text;
use serde::Serialize;
use tantivy::collector::{Collector, Count, SegmentCollector, TopDocs};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DateTime, DocId, Order, Score, SegmentOrdinal, SegmentReader, TantivyDocument, Term};

use crate::counts::LabelCounts;
use crate::document::{DAMAGED, Stored, as_text};
use crate::error::during;
use crate::limits::{DEFAULT_BUDGET_MILLIS, MAX_PIVOT_CAPTURES, MAX_TOGETHER};
use crate::searcher::run;
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
        let term = Term::from_field_text(self.fields().token, &token.to_string());
        let engine = TermQuery::new(term, IndexRecordOption::Basic);
        let newest = TopDocs::with_limit(limit.clamp(1, MAX_PIVOT_CAPTURES));
        let newest = newest.order_by_fast_field::<DateTime>("captured", Order::Desc);
        let labels = LabelCounts(&["token", "site"]);
        let what = ((newest, Count, PlacesSeen), (labels, (FirstLast("captured"), FirstLast("posted"))));
        let ((newest, count, places), (labels, (captured, posted))) = run(&searcher, &engine, what, &deadline)?;

        let mut captures = Vec::with_capacity(newest.len());
        for (_, address) in newest.into_iter().take(limit) {
            deadline.keep()?;
            captures.push(self.pivot_capture(&searcher.doc(address).map_err(during("read a document of"))?)?);
        }
        let mut labels = labels.into_iter();
        let (together, together_count) = together(token, labels.next().unwrap_or_default());
        let moment = |at: DateTime| Timestamp::from_millis(at.into_timestamp_millis());
        Ok(Pivot {
            token,
            count: count as u64,
            documents: searcher.num_docs(),
            captures,
            together,
            together_count,
            sites: sites(labels.next().unwrap_or_default()),
            places: in_order(places),
            first_seen: captured.map(|(first, _)| moment(first)),
            last_seen: captured.map(|(_, last)| moment(last)),
            posted: posted.map(|(first, last)| Seen { first: day_to_text(first), last: day_to_text(last) }),
        })
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

/// The tokens beside `token`, commonest first, and how many there are.
pub(crate) fn together(token: Token, counts: HashMap<String, u64>) -> (Vec<Together>, usize) {
    let beside =
        counts.into_iter().filter_map(|(text, captures)| Some(Together { token: text.parse().ok()?, captures }));
    let mut beside: Vec<Together> = beside.filter(|other| other.token != token).collect();
    let count = beside.len();
    beside.sort_by(|a, b| b.captures.cmp(&a.captures).then(a.token.cmp(&b.token)));
    beside.truncate(MAX_TOGETHER);
    (beside, count)
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

/// Counts countries, each with its first and last day.
struct PlacesSeen;

/// By country: how many documents, and their first and last moment.
type Places = HashMap<String, (u64, DateTime, DateTime)>;

struct SegmentPlaces {
    places: Option<StrColumn>,
    posted: Column<DateTime>,
    captured: Column<DateTime>,
    seen: HashMap<u64, (u64, DateTime, DateTime)>,
}

fn in_order(places: Places) -> Vec<PlaceSeen> {
    let seen = |(place, (captures, first, last)): (String, (u64, DateTime, DateTime))| PlaceSeen {
        place,
        captures,
        first: day_to_text(first),
        last: day_to_text(last),
    };
    let mut places: Vec<PlaceSeen> = places.into_iter().map(seen).collect();
    places.sort_by(|a, b| a.first.cmp(&b.first).then_with(|| a.place.cmp(&b.place)));
    places
}

impl Collector for PlacesSeen {
    type Fruit = Places;
    type Child = SegmentPlaces;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentPlaces> {
        let columns = reader.fast_fields();
        Ok(SegmentPlaces {
            places: columns.str("place")?,
            posted: columns.date("posted")?,
            captured: columns.date("captured")?,
            seen: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Places>>) -> tantivy::Result<Places> {
        let mut merged = Places::new();
        for segment in segments {
            for (place, (count, first, last)) in segment? {
                let known = merged.entry(place).or_insert((0, first, last));
                *known = (known.0 + count, known.1.min(first), known.2.max(last));
            }
        }
        Ok(merged)
    }
}

impl SegmentCollector for SegmentPlaces {
    type Fruit = tantivy::Result<Places>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let Some(column) = &self.places else { return };
        let Some(at) = self.posted.first(doc).or_else(|| self.captured.first(doc)) else { return };
        for place in column.term_ords(doc) {
            let known = self.seen.entry(place).or_insert((0, at, at));
            *known = (known.0 + 1, known.1.min(at), known.2.max(at));
        }
    }

    fn harvest(self) -> tantivy::Result<Places> {
        let Some(column) = self.places else { return Ok(Places::new()) };
        let named = |(place, seen): (u64, (u64, DateTime, DateTime))| {
            let mut text = String::new();
            column.ord_to_str(place, &mut text)?;
            Ok((text, seen))
        };
        self.seen.into_iter().map(named).collect()
    }
}
