//! Collectors: one that keeps the deadline around any other, and one that counts labels.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use model::{Clock, Timestamp};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::query::Weight;
use tantivy::schema::Schema;
use tantivy::{DocId, DocSet as _, Score, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError};

use crate::limits::DOCUMENTS_PER_LOOK;

/// A moment after which no more work is done.
pub(crate) struct Deadline<'c> {
    clock: &'c Clock,
    until: Timestamp,
    missed: AtomicBool,
}

impl<'c> Deadline<'c> {
    pub(crate) fn new(clock: &'c Clock, budget_millis: i64) -> Self {
        Self { clock, until: clock.now().plus_millis(budget_millis), missed: AtomicBool::new(false) }
    }

    /// Looks at the clock.
    pub(crate) fn check(&self) -> tantivy::Result<()> {
        if self.clock.now() <= self.until {
            return Ok(());
        }
        self.missed.store(true, Ordering::Relaxed);
        Err(TantivyError::SystemError("deadline".to_owned()))
    }

    /// Whether some look came too late.
    pub(crate) fn was_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }
}

/// Another collector, with a look at the clock at each segment and every [`DOCUMENTS_PER_LOOK`] documents.
///
/// tantivy itself cannot be interrupted: its own loops run to the end, so this one takes their place.
pub(crate) struct Timed<'d, C> {
    pub(crate) inner: C,
    pub(crate) deadline: &'d Deadline<'d>,
}

impl<C: Collector> Collector for Timed<'_, C> {
    type Fruit = C::Fruit;
    type Child = C::Child;

    fn check_schema(&self, schema: &Schema) -> tantivy::Result<()> {
        self.inner.check_schema(schema)
    }

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<C::Child> {
        self.inner.for_segment(segment, reader)
    }

    fn requires_scoring(&self) -> bool {
        self.inner.requires_scoring()
    }

    fn merge_fruits(&self, fruits: Vec<<C::Child as SegmentCollector>::Fruit>) -> tantivy::Result<C::Fruit> {
        self.inner.merge_fruits(fruits)
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<<C::Child as SegmentCollector>::Fruit> {
        self.deadline.check()?;
        let scoring = self.inner.requires_scoring();
        let mut child = self.inner.for_segment(segment, reader)?;
        let mut scorer = weight.scorer(reader, 1.0)?;
        let alive = reader.alive_bitset();
        let mut until_look = DOCUMENTS_PER_LOOK;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                let score = if scoring { scorer.score() } else { 0.0 };
                child.collect(doc, score);
            }
            until_look -= 1;
            if until_look == 0 {
                until_look = DOCUMENTS_PER_LOOK;
                self.deadline.check()?;
            }
            doc = scorer.advance();
        }
        Ok(child.harvest())
    }
}

/// Counts, for each of some label fields, how many documents carry each label.
pub(crate) struct LabelCounts(pub(crate) &'static [&'static str]);

/// One map a field, in the order of the fields.
pub(crate) type Labels = Vec<HashMap<String, u64>>;

pub(crate) struct SegmentLabels(Vec<Option<(StrColumn, Vec<u64>)>>);

impl Collector for LabelCounts {
    type Fruit = Labels;
    type Child = SegmentLabels;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentLabels> {
        let column = |field: &&str| {
            let column = reader.fast_fields().str(field)?;
            Ok(column.map(|column| {
                let counts = vec![0; column.num_terms()];
                (column, counts)
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
        for (column, counts) in self.0.iter_mut().flatten() {
            for label in column.term_ords(doc) {
                // Every ordinal of a column lies below its number of terms.
                if let Some(count) = usize::try_from(label).ok().and_then(|label| counts.get_mut(label)) {
                    *count += 1;
                }
            }
        }
    }

    fn harvest(self) -> tantivy::Result<Labels> {
        let named = |(column, counts): (StrColumn, Vec<u64>)| {
            let mut labels = HashMap::new();
            for (label, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                let mut text = String::new();
                column.ord_to_str(label as u64, &mut text)?;
                labels.insert(text, count);
            }
            Ok(labels)
        };
        self.0.into_iter().map(|field| field.map_or_else(|| Ok(HashMap::new()), named)).collect()
    }
}
