//! From the outbox into the index, and again from the start when the index has to be rebuilt.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use indexer::Indexer;
use model::CaseId;
use redactor::{OutboxKey, RedactedPage};
use tokio::sync::Mutex;
use vault::Vault;

use crate::line::panicked;
use crate::stage::Pass;
use crate::{Error, Outbox, OutboxRow, Stage, Watch};

/// Sees each page as it is indexed, before it can be found; pages that a crash made the line repeat are seen again.
pub type Notice =
    Arc<dyn for<'p> Fn(&'p RedactedPage, &'p OutboxRow) -> BoxFuture<'static, Result<(), Error>> + Send + Sync>;

/// Rows read from the outbox at a time.
const BATCH_ROWS: u32 = 256;

/// When the index is committed.
#[derive(Clone, Copy, Debug)]
pub struct IndexingSettings {
    /// After this many documents.
    pub commit_documents: u32,
}

/// Writes one case's index from its outbox.
pub struct Indexing {
    case: CaseId,
    outbox: Outbox,
    vault: Arc<Vault>,
    key: Arc<OutboxKey>,
    indexer: Arc<Mutex<Indexer>>,
    watch: Arc<dyn Watch>,
    settings: IndexingSettings,
    notice: Option<Notice>,
}

impl Indexing {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        case: CaseId,
        outbox: Outbox,
        vault: Arc<Vault>,
        key: Arc<OutboxKey>,
        indexer: Indexer,
        watch: Arc<dyn Watch>,
        settings: IndexingSettings,
    ) -> Self {
        Self { case, outbox, vault, key, indexer: Arc::new(Mutex::new(indexer)), watch, settings, notice: None }
    }

    /// Shows each page to somebody else, too.
    #[must_use]
    pub fn noticed_by(mut self, notice: Notice) -> Self {
        self.notice = Some(notice);
        self
    }

    /// Indexes everything that waits in the outbox and commits it. Returns how many pages were added.
    ///
    /// What the last commit covered is known from the commit itself, so a crash at any moment repeats some rows and
    /// loses none; repeating replaces, because the document key is the same.
    ///
    /// # Errors
    /// When a row cannot be read back, the log does not know its capture, or the index cannot be written.
    pub async fn drain(&self) -> Result<u64, Error> {
        let mut added = 0;
        let mut uncommitted = 0;
        let mut seq = self.committed_seq().await;
        loop {
            let rows = self.outbox.after(&self.case, seq, BATCH_ROWS).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let begun = catch_unwind(AssertUnwindSafe(|| Pass::begin(&*self.watch, Stage::Index)));
                let _pass = begun.unwrap_or_else(panicked(Stage::Index))?;
                let page = RedactedPage::from_row(&row.page, &self.key)?;
                if let Some(notice) = &self.notice {
                    notice(&page, &row).await?;
                }
                let collected = self.vault.recall(row.capture).await?.ok_or(Error::NotCollected { seq: row.seq })?;
                let placed = (row.document, row.authorisation);
                self.indexer.lock().await.add(collected, page, placed, row.captured_at, row.seq)?;
                seq = row.seq;
                added += 1;
                uncommitted += 1;
                if uncommitted >= self.settings.commit_documents {
                    self.commit().await?;
                    uncommitted = 0;
                }
            }
        }
        if uncommitted > 0 {
            self.commit().await?;
        }
        Ok(added)
    }

    /// The last outbox row that the index has committed.
    pub async fn committed_seq(&self) -> i64 {
        self.indexer.lock().await.committed_seq()
    }

    /// tantivy's commit writes and syncs files, so it runs on the blocking pool.
    async fn commit(&self) -> Result<(), Error> {
        let indexer = Arc::clone(&self.indexer);
        let done = tokio::task::spawn_blocking(move || indexer.blocking_lock().commit()).await;
        done.map_err(|_| Error::Panicked { stage: Stage::Index })??;
        Ok(())
    }
}
