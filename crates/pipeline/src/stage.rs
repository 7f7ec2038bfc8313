//! The stages of the line, and those who watch a page pass them.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::Error;

/// A stage of the line, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Taking a page from the frontier.
    Lease,
    /// Asking the site.
    Fetch,
    /// Sealing the original and logging that it was collected.
    Seal,
    /// Bytes to text, links and records.
    Parse,
    /// Hiding personal data.
    Redact,
    /// The redacted row, the admitted links and the finished lease, in one transaction.
    Outbox,
    /// From the outbox into the index.
    Index,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 7] =
        [Self::Lease, Self::Fetch, Self::Seal, Self::Parse, Self::Redact, Self::Outbox, Self::Index];

    /// The word used in progress, benches and errors.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lease => "lease",
            Self::Fetch => "fetch",
            Self::Seal => "seal",
            Self::Parse => "parse",
            Self::Redact => "redact",
            Self::Outbox => "outbox",
            Self::Index => "index",
        }
    }
}

/// Sees every stage begin and end. It is told the stage and nothing of the page.
pub trait Watch: Send + Sync {
    /// A page enters a stage; an error here stops that page as a failure of the stage would.
    ///
    /// # Errors
    /// Only watchers that force faults in tests return one.
    fn enter(&self, stage: Stage) -> Result<(), Error>;

    /// A page has left a stage after `took`.
    fn leave(&self, stage: Stage, took: Duration);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWatch;

impl Watch for NoWatch {
    fn enter(&self, _: Stage) -> Result<(), Error> {
        Ok(())
    }

    fn leave(&self, _: Stage, _: Duration) {}
}

/// Adds up how long pages spent in each stage, for progress and benches.
#[derive(Debug, Default)]
pub struct StageTimes(Mutex<[(u64, Duration); Stage::ALL.len()]>);

impl StageTimes {
    /// For each stage: how many passes, and their wall-clock time added up.
    #[must_use]
    pub fn totals(&self) -> Vec<(Stage, u64, Duration)> {
        let totals = self.0.lock().map_or_else(|poisoned| *poisoned.into_inner(), |totals| *totals);
        Stage::ALL.into_iter().zip(totals).map(|(stage, (passes, time))| (stage, passes, time)).collect()
    }
}

impl Watch for StageTimes {
    fn enter(&self, _: Stage) -> Result<(), Error> {
        Ok(())
    }

    fn leave(&self, stage: Stage, took: Duration) {
        if let Ok(mut totals) = self.0.lock() {
            totals[stage as usize].0 += 1;
            totals[stage as usize].1 += took;
        }
    }
}

/// A pass through one stage: reports its length when it is dropped, also when the stage failed.
pub(crate) struct Pass<'a> {
    watch: &'a dyn Watch,
    stage: Stage,
    began: Instant,
}

impl<'a> Pass<'a> {
    #[expect(clippy::disallowed_methods, reason = "measures how long a stage took; nothing is decided by it")]
    pub(crate) fn begin(watch: &'a dyn Watch, stage: Stage) -> Result<Self, Error> {
        let began = Instant::now();
        watch.enter(stage)?;
        Ok(Self { watch, stage, began })
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.watch.leave(self.stage, self.began.elapsed());
    }
}
