//! Everything that shares a hidden identifier.

use std::collections::HashMap;

use model::{CaptureId, Timestamp, Token};
use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DateTime, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::hits::as_text;
use crate::limits::MAX_TOGETHER;

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
    /// The newest of them, at most [`MAX_PIVOT_CAPTURES`](crate::limits::MAX_PIVOT_CAPTURES).
    pub captures: Vec<PivotCapture>,
    /// Tokens that occur in the same documents, commonest first, at most [`MAX_TOGETHER`].
    pub together: Vec<Together>,
    /// How many different tokens occur in the same documents.
    pub together_count: usize,
    /// The sites it occurs on, commonest first.
    pub sites: Vec<SiteCount>,
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

/// The first and the last day of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
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
