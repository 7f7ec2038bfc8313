//! A crawl: several pages on their way at once, the index behind them, and an orderly end.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use crawler::NothingDue;
use model::Label;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::MissedTickBehavior;

use crate::line::{Next, panicked};
use crate::stage::Pass;
use crate::{Error, Indexing, Line, Stage, Step};

/// Under this name the crawl of a case holds its leases; the lock of the data folder allows one.
const WORKER: &str = "crawl";

/// How long a crawl that is not to end looks away when nothing is due.
const IDLE_LOOK: Duration = Duration::from_secs(1);

/// How a crawl is run.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// Pages on their way at once.
    pub workers: usize,
    /// End when nothing is left to do, or nothing will be due within `max_wait`.
    pub until_idle: bool,
    /// The longest wait for a page that is due later.
    pub max_wait: Duration,
    /// End after this many pages were kept.
    pub max_pages: Option<u64>,
    /// Bring what was kept into the index at least this often.
    pub index_every: Duration,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            workers: 4,
            until_idle: true,
            max_wait: Duration::from_secs(300),
            max_pages: None,
            index_every: Duration::from_secs(5),
        }
    }
}

/// Counts of a running crawl.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Pages kept.
    pub kept: u64,
    /// Requests of which there was nothing to keep.
    pub turned_back: u64,
    /// Pages that a fault of ours stopped; each is asked for again.
    pub failed: u64,
    /// Pages written into the index.
    pub indexed: u64,
}

/// Why a crawl ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is due, or not within the wait that was allowed; the reason is for people.
    Idle(NothingDue),
    /// As many pages as were asked for.
    Enough,
    /// Somebody asked it to.
    Stopped,
}

/// What was found at the start, left by a process that ended in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// Announced acts whose outcome nobody knows; each is an alarm for the auditor.
    pub unknown_outcomes: u64,
    /// Leases taken back.
    pub leases: u64,
    /// Sealed files that were never acknowledged, removed.
    pub orphans: u64,
    /// Pages that were in the outbox and not yet in the index.
    pub indexed: u64,
}

/// A case's crawl.
pub struct Crawl {
    line: Line,
    indexing: Arc<Indexing>,
    /// Pages on their way at once over everything that shares them; whoever waits longest comes first.
    turns: Option<Arc<Semaphore>>,
}

impl Crawl {
    /// Puts line and index together.
    #[must_use]
    pub fn new(line: Line, indexing: Indexing) -> Self {
        Self { line, indexing: Arc::new(indexing), turns: None }
    }

    /// Takes turns with other crawls: a page is sent on its way only with a permit of theirs all.
    #[must_use]
    pub fn sharing(mut self, turns: Arc<Semaphore>) -> Self {
        self.turns = Some(turns);
        self
    }

    /// How many stretches were hidden under each label, in the pages that this crawl has kept so far.
    #[must_use]
    pub fn hidden(&self) -> BTreeMap<Label, u64> {
        self.line.hidden()
    }

    /// Puts in order what a kill may have left; whoever calls it holds the lock of the data folder.
    ///
    /// # Errors
    /// When the log, the frontier, the vault or the index cannot be read or written.
    pub async fn recover(&self) -> Result<Recovered, Error> {
        let parts = self.line.parts();
        Ok(Recovered {
            unknown_outcomes: parts.journal.recover().await?.len() as u64,
            leases: parts.frontier.recover(WORKER).await?,
            orphans: parts.vault.sweep().await?.orphans.len() as u64,
            indexed: self.indexing.drain().await?,
        })
    }

    /// Collects until there is an end; `seen` hears the counts, and what is waited for if something is. Whatever the end is, pages that are on their way are finished, and everything
    /// that was kept is in the index.
    ///
    /// # Errors
    /// When something failed that would fail for every page.
    pub async fn run(
        &self,
        options: RunOptions,
        mut stop: watch::Receiver<bool>,
        mut seen: impl FnMut(Progress, Option<&NothingDue>),
    ) -> Result<(Ended, Progress), Error> {
        let mut run = Run {
            crawl: self,
            walking: JoinSet::new(),
            indexing: None,
            progress: Progress::default(),
            taken: 0,
            turn: None,
            waits_for_turn: false,
        };
        let ended = run.until_an_end(options, &mut stop, &mut seen).await;
        // On the way out: nothing that was begun is left in the middle, not even after an error.
        while let Some(step) = run.walking.join_next().await {
            run.count(step.map_err(|_| Error::Panicked { stage: Stage::Lease })?)?;
            seen(run.progress, None);
        }
        run.index().await?;
        seen(run.progress, None);
        Ok((ended?, run.progress))
    }
}

struct Run<'a> {
    crawl: &'a Crawl,
    walking: JoinSet<Result<Step, Error>>,
    indexing: Option<JoinHandle<Result<u64, Error>>>,
    progress: Progress,
    /// Pages kept when the index was last looked after.
    taken: u64,
    /// A permit that came while there was none, and whether one is wanted.
    turn: Option<OwnedSemaphorePermit>,
    waits_for_turn: bool,
}

impl Run<'_> {
    async fn until_an_end(
        &mut self,
        options: RunOptions,
        stop: &mut watch::Receiver<bool>,
        seen: &mut impl FnMut(Progress, Option<&NothingDue>),
    ) -> Result<Ended, Error> {
        let mut index_due = tokio::time::interval(options.index_every);
        index_due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if *stop.borrow() {
                return Ok(Ended::Stopped);
            }
            if options.max_pages.is_some_and(|most| self.progress.kept >= most) {
                return Ok(Ended::Enough);
            }
            let due = self.fill(options).await?;
            if let Some(due) = &due
                && self.walking.is_empty()
                && options.until_idle
                && self.wait(due).is_none_or(|wait| wait > options.max_wait)
            {
                return Ok(Ended::Idle(due.clone()));
            }
            seen(self.progress, due.as_ref());
            let wait = due.map(|due| self.wait(&due).unwrap_or(IDLE_LOOK).min(IDLE_LOOK));
            tokio::select! {
                Some(step) = self.walking.join_next() => {
                    self.count(step.map_err(|_| Error::Panicked { stage: Stage::Lease })?)?;
                }
                turn = next_turn(self.crawl.turns.clone()), if self.waits_for_turn => self.turn = turn,
                _ = index_due.tick() => self.index_behind().await?,
                () = pause(wait) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Sends pages on their way while there is room. Says why there is none to send, if that is why it ended.
    async fn fill(&mut self, options: RunOptions) -> Result<Option<NothingDue>, Error> {
        let parts = self.crawl.line.parts();
        self.waits_for_turn = false;
        while self.walking.len() < options.workers.max(1) {
            let turn = match (self.turn.take(), &self.crawl.turns) {
                (None, Some(turns)) => match Arc::clone(turns).try_acquire_owned() {
                    Ok(turn) => Some(turn),
                    Err(_) => {
                        self.waits_for_turn = true;
                        break;
                    }
                },
                (turn, _) => turn,
            };
            let begun = catch_unwind(AssertUnwindSafe(|| Pass::begin(&*parts.watch, Stage::Lease)));
            let _pass = begun.unwrap_or_else(panicked(Stage::Lease))?;
            match self.crawl.line.begin(WORKER).await? {
                Next::Page(begun) => {
                    let line = self.crawl.line.clone();
                    self.walking.spawn(async move {
                        let _turn = turn;
                        line.walk(begun).await
                    });
                }
                Next::Nothing(due) => return Ok(Some(due)),
            }
        }
        Ok(None)
    }

    /// How long until something is due; `None` if waiting will not help.
    fn wait(&self, due: &NothingDue) -> Option<Duration> {
        let millis = due.until?.since_millis(self.crawl.line.parts().clock.now());
        Some(Duration::from_millis(u64::try_from(millis).unwrap_or_default().max(1)))
    }

    fn count(&mut self, step: Result<Step, Error>) -> Result<(), Error> {
        match step? {
            Step::Kept => self.progress.kept += 1,
            Step::TurnedBack => self.progress.turned_back += 1,
            Step::Failed => self.progress.failed += 1,
        }
        Ok(())
    }

    /// Starts an indexing run if there is something to index, and takes in the count of one that has ended.
    async fn index_behind(&mut self) -> Result<(), Error> {
        if self.indexing.as_ref().is_some_and(JoinHandle::is_finished) {
            self.indexed().await?;
        }
        if self.indexing.is_none() && self.progress.kept > self.taken {
            self.taken = self.progress.kept;
            let indexing = Arc::clone(&self.crawl.indexing);
            self.indexing = Some(tokio::spawn(async move { indexing.drain().await }));
        }
        Ok(())
    }

    async fn indexed(&mut self) -> Result<(), Error> {
        if let Some(running) = self.indexing.take() {
            self.progress.indexed += running.await.map_err(|_| Error::Panicked { stage: Stage::Index })??;
        }
        Ok(())
    }

    /// Indexes what is left.
    async fn index(&mut self) -> Result<(), Error> {
        self.indexed().await?;
        let indexing = Arc::clone(&self.crawl.indexing);
        self.indexing = Some(tokio::spawn(async move { indexing.drain().await }));
        self.indexed().await
    }
}

/// The next turn; waiting for it is a place in the queue.
async fn next_turn(turns: Option<Arc<Semaphore>>) -> Option<OwnedSemaphorePermit> {
    match turns {
        Some(turns) => turns.acquire_owned().await.ok(),
        None => std::future::pending().await,
    }
}

/// Waits, or for ever when there is nothing to wait for.
async fn pause(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}
