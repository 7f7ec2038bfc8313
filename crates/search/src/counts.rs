//! Collectors that count: labels, and days.

use std::collections::{BTreeMap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DateTime, DocId, Score, SegmentOrdinal, SegmentReader};

/// Counts, for each of some label fields, how many documents carry each label.
pub(crate) struct LabelCounts(pub(crate) &'static [&'static str]);

/// One map a field, in the order of the fields.
pub(crate) type Labels = Vec<HashMap<String, u64>>;

pub(crate) struct SegmentLabels(Vec<Option<(StrColumn, Tally)>>);

/// Counts by ordinal. A column of few labels has a place for each; one of many (tokens) only for those that are met, so that a
/// pivot costs what it finds and not what the case has.
pub(crate) enum Tally {
    Dense(Vec<u64>),
    Sparse(HashMap<u64, u64>),
}

impl Tally {
    const MOST_DENSE: usize = 4096;

    fn new(labels: usize) -> Self {
        if labels <= Self::MOST_DENSE { Self::Dense(vec![0; labels]) } else { Self::Sparse(HashMap::new()) }
    }

    fn count(&mut self, label: u64) {
        match self {
            // Every ordinal of a column lies below its number of terms.
            Self::Dense(counts) => {
                if let Some(count) = usize::try_from(label).ok().and_then(|label| counts.get_mut(label)) {
                    *count += 1;
                }
            }
            Self::Sparse(counts) => *counts.entry(label).or_default() += 1,
        }
    }

    fn into_counts(self) -> Vec<(u64, u64)> {
        match self {
            Self::Dense(counts) => (0..).zip(counts).filter(|(_, count)| *count > 0).collect(),
            Self::Sparse(counts) => counts.into_iter().collect(),
        }
    }
}

impl Collector for LabelCounts {
    type Fruit = Labels;
    type Child = SegmentLabels;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentLabels> {
        let column = |field: &&str| {
            let column = reader.fast_fields().str(field)?;
            Ok(column.map(|column| {
                let tally = Tally::new(column.num_terms());
                (column, tally)
            }))
        };
        self.0.iter().map(column).collect::<tantivy::Result<_>>().map(SegmentLabels)
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Labels>>) -> tantivy::Result<Labels> {
        let mut merged: Labels = self.0.iter().map(|_| HashMap::new()).collect();
        for segment in segments {
            for (all, some) in merged.iter_mut().zip(segment?) {
                for (label, count) in some {
                    *all.entry(label).or_default() += count;
                }
            }
        }
        Ok(merged)
    }
}

impl SegmentCollector for SegmentLabels {
    type Fruit = tantivy::Result<Labels>;

    fn collect(&mut self, doc: DocId, _: Score) {
        for (column, tally) in self.0.iter_mut().flatten() {
            column.term_ords(doc).for_each(|label| tally.count(label));
        }
    }

    fn harvest(self) -> tantivy::Result<Labels> {
        let named = |(column, tally): (StrColumn, Tally)| {
            let mut labels = HashMap::new();
            for (label, count) in tally.into_counts() {
                let mut text = String::new();
                column.ord_to_str(label, &mut text)?;
                labels.insert(text, count);
            }
            Ok(labels)
        };
        self.0.into_iter().map(|field| field.map_or_else(|| Ok(HashMap::new()), named)).collect()
    }
}

/// Counts documents by the day that hits show: as posted where the page says so, else as captured.
pub(crate) struct DayCounts;

/// How many documents on each day, in days since 1970-01-01.
pub(crate) type Days = BTreeMap<i64, u64>;

pub(crate) struct SegmentDays {
    posted: Column<DateTime>,
    captured: Column<DateTime>,
    /// One place a day of the years 1970 to 2100.
    near: Vec<u32>,
    /// A page may claim any day.
    far: Days,
}

const NEAR_DAYS: usize = 47_482;
const DAY_SECS: i64 = 86_400;

impl Collector for DayCounts {
    type Fruit = Days;
    type Child = SegmentDays;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentDays> {
        let columns = reader.fast_fields();
        let (posted, captured) = (columns.date("posted")?, columns.date("captured")?);
        Ok(SegmentDays { posted, captured, near: vec![0; NEAR_DAYS], far: Days::new() })
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
        let Some(at) = self.posted.first(doc).or_else(|| self.captured.first(doc)) else { return };
        let day = at.into_timestamp_secs().div_euclid(DAY_SECS);
        match usize::try_from(day).ok().and_then(|day| self.near.get_mut(day)) {
            Some(count) => *count += 1,
            None => *self.far.entry(day).or_default() += 1,
        }
    }

    fn harvest(mut self) -> Days {
        let near = (0_i64..).zip(&self.near).filter(|(_, count)| **count > 0);
        self.far.extend(near.map(|(day, count)| (day, u64::from(*count))));
        self.far
    }
}
