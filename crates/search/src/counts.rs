//! Counting: labels, tokens, and days.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use model::Token;
use schema::{DAY_SECS, token_from_numbers};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DateTime, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::columns::{Columns, Facet, Labels, Rows, SegmentColumns};

/// What is known of a label can be put together from parts.
pub(crate) trait Sum: Default {
    fn add(&mut self, other: Self);
}

impl Sum for u64 {
    fn add(&mut self, other: Self) {
        *self += other;
    }
}

/// Something for each label of a field.
pub(crate) struct Tally<T> {
    facet: Facet,
    /// By number.
    numbered: Vec<T>,
    /// By number within the segment that is being looked at, where it has more than are numbered.
    open: HashMap<u64, T>,
    /// By label: what such segments had.
    named: HashMap<String, T>,
}

impl<T: Sum> Tally<T> {
    pub(crate) fn new(columns: &Columns, facet: Facet) -> Self {
        let numbered = columns.names(facet).iter().map(|_| T::default()).collect();
        Self { facet, numbered, open: HashMap::new(), named: HashMap::new() }
    }

    /// Tells `each` of every label of a document.
    pub(crate) fn count(&mut self, labels: &Labels, doc: DocId, mut each: impl FnMut(&mut T)) {
        match labels {
            Labels::None => {}
            Labels::Numbered(column, numbers) => {
                for label in column.values_for_doc(doc) {
                    let number = usize::try_from(label).ok().and_then(|label| numbers.get(label));
                    if let Some(known) = number.and_then(|number| self.numbered.get_mut(*number)) {
                        each(known);
                    }
                }
            }
            Labels::Many(column) => {
                column.term_ords(doc).for_each(|label| each(self.open.entry(label).or_default()));
            }
        }
    }

    /// Tells `each` of every label of some documents, with the document's place among them.
    pub(crate) fn count_all(
        &mut self,
        labels: &Labels,
        docs: &[DocId],
        rows: &mut Rows,
        mut each: impl FnMut(&mut T, usize),
    ) {
        match labels {
            Labels::Numbered(column, numbers) => rows.each(column, docs, |place, label| {
                let number = usize::try_from(label).ok().and_then(|label| numbers.get(label));
                if let Some(known) = number.and_then(|number| self.numbered.get_mut(*number)) {
                    each(known, place);
                }
            }),
            labels => {
                for (place, doc) in docs.iter().enumerate() {
                    self.count(labels, *doc, |known| each(known, place));
                }
            }
        }
    }

    /// Tells `each` of a label, by its number.
    pub(crate) fn of(&mut self, number: usize, each: impl FnOnce(&mut T)) {
        self.numbered.get_mut(number).map(each);
    }

    /// No more documents of the segment come.
    pub(crate) fn end_segment(&mut self, labels: &Labels) -> tantivy::Result<()> {
        if let Labels::Many(column) = labels {
            for (label, known) in self.open.drain() {
                let mut text = String::new();
                column.ord_to_str(label, &mut text)?;
                self.named.entry(text).or_default().add(known);
            }
        }
        Ok(())
    }

    fn add(&mut self, other: Self) {
        self.numbered.iter_mut().zip(other.numbered).for_each(|(all, some)| all.add(some));
        other.named.into_iter().for_each(|(label, some)| self.named.entry(label).or_default().add(some));
    }

    /// By label; those that nothing is known of among them.
    pub(crate) fn by_label(self, columns: &Columns, is_known: impl Fn(&T) -> bool) -> HashMap<String, T> {
        let mut all = self.named;
        for (label, known) in columns.names(self.facet).iter().zip(self.numbered) {
            if is_known(&known) {
                all.entry(label.clone()).or_default().add(known);
            }
        }
        all
    }
}

/// Counts, for each of some label fields, how many documents carry each label.
pub(crate) struct LabelCounts(pub(crate) Arc<Columns>, pub(crate) &'static [Facet]);

/// One map a field, in the order of the fields.
pub(crate) type Labelled = Vec<HashMap<String, u64>>;

pub(crate) struct SegmentLabels {
    columns: Arc<Columns>,
    segment: usize,
    tallies: Vec<Tally<u64>>,
}

impl LabelCounts {
    fn tallies(&self) -> Vec<Tally<u64>> {
        self.1.iter().map(|facet| Tally::new(&self.0, *facet)).collect()
    }
}

impl Collector for LabelCounts {
    type Fruit = Labelled;
    type Child = SegmentLabels;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentLabels> {
        Ok(SegmentLabels { columns: Arc::clone(&self.0), segment: segment as usize, tallies: self.tallies() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Vec<Tally<u64>>>>) -> tantivy::Result<Labelled> {
        let mut merged = self.tallies();
        for segment in segments {
            merged.iter_mut().zip(segment?).for_each(|(all, some)| all.add(some));
        }
        Ok(merged.into_iter().map(|tally| tally.by_label(&self.0, |count| *count > 0)).collect())
    }
}

impl SegmentCollector for SegmentLabels {
    type Fruit = tantivy::Result<Vec<Tally<u64>>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let segment = &self.columns.segments[self.segment];
        for tally in &mut self.tallies {
            tally.count(segment.labels(tally.facet), doc, |count| *count += 1);
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        let segment = &self.columns.segments[self.segment];
        for tally in &mut self.tallies {
            tally.end_segment(segment.labels(tally.facet))?;
        }
        Ok(self.tallies)
    }
}

/// How many documents carry each token, by the token's numbers.
#[derive(Default)]
pub(crate) struct TokenCounts(HashMap<Numbers, u32, BuildHasherDefault<Spread>>);

/// A token's numbers in twelve bytes, with the count sixteen: a pivot may count tens of thousands.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Numbers {
    label: u32,
    digest: [u32; 2],
}

impl Numbers {
    const fn new(digest: u64, label: u64) -> Self {
        Self { label: label as u32, digest: [(digest >> 32) as u32, digest as u32] }
    }

    /// Label and digest: tokens are in their order.
    const fn both(self) -> (u64, u64) {
        (self.label as u64, (self.digest[0] as u64) << 32 | self.digest[1] as u64)
    }
}

impl Hash for Numbers {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (label, digest) = self.both();
        state.write_u64(label.rotate_left(7) ^ digest);
    }
}

/// Digests of tokens are hashes under a secret key already: nobody chooses where they fall.
#[derive(Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = self.0.rotate_left(7) ^ number;
    }
}

impl TokenCounts {
    pub(crate) fn count(&mut self, segment: &SegmentColumns, docs: &[DocId], rows: &mut Rows) {
        // A page has two or three.
        self.reserve(2 * docs.len());
        segment.each_token(docs, rows, |label, digest| self.add(digest, label));
    }

    /// Makes room for so many more.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.0.reserve(more);
    }

    pub(crate) fn add(&mut self, digest: u64, label: u64) {
        *self.0.entry(Numbers::new(digest, label)).or_default() += 1;
    }

    /// The `most` commonest but for `token`, equals in the order of tokens, and how many there are.
    pub(crate) fn beside(self, token: Token, most: usize) -> (Vec<(Token, u64)>, usize) {
        let (digest, label) = schema::token_numbers(token);
        let mut counts = self.0;
        counts.remove(&Numbers::new(digest, label));
        let all = counts.len();
        let ranks = |once: bool| {
            let wanted = counts.iter().filter(move |(_, count)| (**count == 1) == once);
            wanted.map(|(token, count)| (Reverse(*count), token.both()))
        };
        // Most stand beside it once; those are looked at only where there are too few others.
        let mut ranked: Vec<_> = ranks(false).collect();
        if ranked.len() < most {
            ranked.extend(ranks(true));
        }
        if ranked.len() > most {
            ranked.select_nth_unstable(most);
            ranked.truncate(most);
        }
        ranked.sort_unstable();
        let named = |(count, (label, digest)): (Reverse<u32>, (u64, u64))| {
            Some((token_from_numbers(digest, label).ok()?, u64::from(count.0)))
        };
        (ranked.into_iter().filter_map(named).collect(), all)
    }
}

/// Counts documents by the day that hits show: as posted where the page says so, else as captured.
pub(crate) struct DayCounts(pub(crate) Arc<Columns>);

/// How many documents on each day, in days since 1970-01-01.
pub(crate) type Days = BTreeMap<i64, u64>;

pub(crate) struct SegmentDays {
    columns: Arc<Columns>,
    segment: usize,
    /// The day of the first place in `near`.
    first: i64,
    /// One place a day.
    near: Vec<u32>,
    /// A page may claim any day.
    far: Days,
}

/// Days before the last capture that get a place of their own.
const MOST_NEAR_DAYS: i64 = 10_000;

fn day(at: DateTime) -> i64 {
    at.into_timestamp_secs().div_euclid(DAY_SECS)
}

/// The first moment of a day, in days since 1970-01-01.
pub(crate) fn midnight(day: i32) -> DateTime {
    DateTime::from_timestamp_secs(i64::from(day) * DAY_SECS)
}

impl Collector for DayCounts {
    type Fruit = Days;
    type Child = SegmentDays;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentDays> {
        let segment = segment as usize;
        let columns = &self.0.segments[segment];
        let span = |column: &Column<DateTime>| {
            (column.values.num_vals() > 0).then(|| (day(column.min_value()), day(column.max_value())))
        };
        // What a page claims may be any day; when it was captured is known.
        let (_, last) = span(&columns.captured).unwrap_or_default();
        let first = span(&columns.posted).map_or(last, |(first, _)| first.min(last));
        let first = first.max(last - MOST_NEAR_DAYS);
        let places = usize::try_from(last - first + 1).unwrap_or_default();
        Ok(SegmentDays { columns: Arc::clone(&self.0), segment, first, near: vec![0; places], far: Days::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Days>) -> tantivy::Result<Days> {
        let mut merged = Days::new();
        for (day, count) in segments.into_iter().flatten() {
            *merged.entry(day).or_default() += count;
        }
        Ok(merged)
    }
}

impl SegmentCollector for SegmentDays {
    type Fruit = Days;

    fn collect(&mut self, doc: DocId, _: Score) {
        let Some(at) = self.columns.segments[self.segment].shown(doc) else { return };
        let day = day(at);
        match usize::try_from(day - self.first).ok().and_then(|place| self.near.get_mut(place)) {
            Some(count) => *count += 1,
            None => *self.far.entry(day).or_default() += 1,
        }
    }

    fn harvest(mut self) -> Days {
        let near = (self.first..).zip(&self.near).filter(|(_, count)| **count > 0);
        self.far.extend(near.map(|(day, count)| (day, u64::from(*count))));
        self.far
    }
}
