//! The collector that keeps the deadline around any other.

use std::sync::atomic::{AtomicBool, Ordering};

use model::{Clock, Timestamp};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Weight;
use tantivy::schema::Schema;
use tantivy::{DocSet as _, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError};

use crate::Error;
use crate::limits::DOCUMENTS_PER_LOOK;

/// A moment after which no more work is done.
pub(crate) struct Deadline {
    clock: Clock,
    until: Timestamp,
    budget_millis: i64,
    missed: AtomicBool,
}

impl Deadline {
    pub(crate) fn new(clock: &Clock, budget_millis: i64) -> Self {
        Self {
            clock: clock.clone(),
            until: clock.now().plus_millis(budget_millis),
            budget_millis,
            missed: AtomicBool::new(false),
        }
    }

    /// Looks at the clock.
    pub(crate) fn check(&self) -> tantivy::Result<()> {
        if self.clock.now() <= self.until {
            return Ok(());
        }
        self.missed.store(true, Ordering::Relaxed);
        Err(TantivyError::SystemError("deadline".to_owned()))
    }

    /// Looks at the clock between steps of our own.
    pub(crate) fn keep(&self) -> Result<(), Error> {
        self.check().map_err(|_| self.error())
    }

    /// What is answered when the time is up.
    pub(crate) const fn error(&self) -> Error {
        Error::Deadline { millis: self.budget_millis }
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
    pub(crate) deadline: &'d Deadline,
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
