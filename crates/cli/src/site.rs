//! An installation, opened: its folder, configuration, database and journal.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use audit::{Journal, LogKey, Sequencer};
use model::{Clock, HasKind, Kind};
use store::Store;

use crate::config::Config;
use crate::failure::failure;
use crate::layout::Layout;

/// An opened data folder.
pub(crate) struct Site {
    pub(crate) layout: Layout,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) journal: Journal,
}

impl Site {
    pub(crate) async fn open(root: &Path, clock: Clock) -> anyhow::Result<Self> {
        let layout = Layout::open(root)?;
        let config = Config::load(&layout.config())?;
        let store = Store::open(&layout.database(), clock.clone()).await.context("failed to open the data folder")?;
        let journal = Journal::new(store.clone());
        Ok(Self { layout, config, clock, store, journal })
    }

    /// Closes intents that ended processes left open, and says so.
    pub(crate) async fn recover(&self) -> anyhow::Result<usize> {
        let recovered = self.journal.recover().await.context("failed to recover the journal")?;
        for intent in &recovered {
            tracing::warn!(seq = intent.seq, kind = %intent.kind, "a process ended before it could tell how this act ended: outcome unknown");
        }
        Ok(recovered.len())
    }

    /// In one-user mode, where this process can read the log's key and no `lanthorn log` runs, signs what the command
    /// has written. Otherwise the log process does it within a second.
    pub(crate) async fn settle_log(&self) {
        match self.sequencer().await {
            Ok(sequencer) => {
                if let Err(error) = sequencer.run_once().await {
                    tracing::error!(%error, "the log was not signed");
                }
            }
            Err(error) => tracing::debug!(%error, "leaving the log to its own process"),
        }
    }

    /// The log's writer, if this process may have it.
    pub(crate) async fn sequencer(&self) -> anyhow::Result<Sequencer> {
        let key = LogKey::load(&self.layout.log_key()).context("failed to read the log's key")?;
        Sequencer::open(self.store.clone(), &self.layout.log(), key).await.context("failed to open the log")
    }

    /// Takes the one place of a process (`crawl`) on this data folder for as long as the file is held.
    pub(crate) fn alone(&self, process: &str) -> anyhow::Result<File> {
        let path = self.layout.lock(process);
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = file.with_context(|| format!("failed to open {}", path.display()))?;
        file.try_lock().map_err(|_| {
            failure(Kind::Unavailable, format!("another `lanthorn {process}` works on this data folder; wait for it or stop it"))
        })?;
        Ok(file)
    }
}

/// Adds "failed to" in front of a crate's own error, and keeps its kind.
pub(crate) fn failed<E: HasKind + Send + Sync + 'static>(error: E) -> anyhow::Error {
    anyhow::Error::from(error).context("failed to")
}
