//! From journal rows to signed checkpoints: the log's one writer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::Store;
use tokio::sync::watch;

use crate::checkpoint::Checkpoint;
use crate::error::{in_file, in_journal};
use crate::record::Leaf;
use crate::writer::Writer;
use crate::{Error, LogKey, Witnesses};

/// Rows that wait for a checkpoint at most, when the log is looped ([`Sequencer::run`]).
const MAX_WAITING: u64 = 256;

/// How often the loop looks at the journal, and after how many looks it signs whatever waits: one second.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS_BEFORE_SIGNING: u32 = 10;

/// Rows that one checkpoint covers at most: bounds memory when a long journal is caught up with.
const MAX_BATCH: u64 = 65_536;

/// Turns journal rows into entries, tiles and checkpoints, in the journal's order. One process, one folder.
pub struct Sequencer {
    store: Store,
    dir: PathBuf,
    writer: Arc<Mutex<Writer>>,
    signing: tokio::sync::Mutex<()>, // one checkpoint at a time: rows are read and appended in one piece
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at_secs: i64,
    kind: String,
    part: String,
    commitment: Vec<u8>,
}

impl Sequencer {
    /// Opens the log in `dir` for signing with `key`; makes it if there is none.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process signs it; [`Error::Fork`] when checkpoint, tiles and journal contradict
    /// one another, which no retry heals.
    pub async fn open(store: Store, dir: &Path, key: LogKey) -> Result<Self, Error> {
        let dir = dir.to_owned();
        let folder = dir.clone();
        let opened = tokio::task::spawn_blocking(move || Writer::open(&folder, key)).await;
        let writer = opened.map_err(|stopped| in_file("open the log")(stopped.into()))??;
        let sequencer =
            Self { store, dir, writer: Arc::new(Mutex::new(writer)), signing: tokio::sync::Mutex::default() };
        sequencer.agree().await?;
        Ok(sequencer)
    }

    /// Signs every journal row that no checkpoint covers yet; the checkpoint that now stands.
    ///
    /// # Errors
    /// When the journal has a gap or files cannot be written; then nothing wrong was signed, and the next call tries
    /// again.
    pub async fn run_once(&self) -> Result<Checkpoint, Error> {
        let _signing = self.signing.lock().await;
        loop {
            let signed = self.size();
            let rows = self.rows_after(signed).await?;
            let entries = entries(signed, &rows)?;
            let empty = entries.is_empty();
            let writer = Arc::clone(&self.writer);
            let append = move || {
                let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
                if entries.is_empty() { Ok(writer.checkpoint()) } else { writer.append(&entries) }
            };
            let appended = tokio::task::spawn_blocking(append).await;
            let checkpoint = appended.map_err(|stopped| in_file("write the log")(stopped.into()))??;
            self.remember(&checkpoint).await?;
            if empty || (rows.len() as u64) < MAX_BATCH {
                Witnesses::new(self.store.clone()).publish(&self.dir).await?;
                return Ok(checkpoint);
            }
        }
    }

    /// Signs at least every second or 256 rows until cancelled, and once more then.
    ///
    /// # Errors
    /// As [`run_once`](Self::run_once).
    pub async fn run(&self, mut cancel: watch::Receiver<bool>) -> Result<Checkpoint, Error> {
        let mut looks = 0;
        loop {
            tokio::select! {
                changed = cancel.changed() => if changed.is_err() || *cancel.borrow() { return self.run_once().await },
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            looks += 1;
            let waiting = self.newest().await?.saturating_sub(self.size());
            if waiting >= MAX_WAITING || (waiting > 0 && looks >= LOOKS_BEFORE_SIGNING) {
                self.run_once().await?;
                looks = 0;
            }
        }
    }

    fn size(&self) -> u64 {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).size()
    }

    /// Refuses to go on when the log is shorter than what was signed, or the journal shorter than the log.
    async fn agree(&self) -> Result<(), Error> {
        let log = self.writer.lock().unwrap_or_else(PoisonError::into_inner).checkpoint();
        let signed: Option<(i64, Vec<u8>)> = sqlx::query_as("SELECT size, root FROM journal_signed")
            .fetch_optional(self.store.reader())
            .await
            .map_err(in_journal("read how far the log was signed"))?;
        let (signed, root) = signed.unwrap_or_default();
        let signed = signed.unsigned_abs();
        let newest = self.newest().await?;
        if log.size < signed {
            let fault = format!("the checkpoint covers {} entries, but {signed} had been signed", log.size);
            return Err(Error::Fork { fault });
        }
        if log.size == signed && signed > 0 && root != log.root {
            return Err(Error::Fork { fault: "the checkpoint's root is not the one that was signed".into() });
        }
        if newest < log.size {
            let fault =
                format!("the log covers {} entries, but the journal ends at {newest}: rows were lost", log.size);
            return Err(Error::Fork { fault });
        }
        Ok(())
    }

    async fn newest(&self) -> Result<u64, Error> {
        let newest: Option<i64> = sqlx::query_scalar("SELECT max(seq) FROM journal")
            .fetch_one(self.store.reader())
            .await
            .map_err(in_journal("read the last row"))?;
        Ok(newest.unwrap_or_default().unsigned_abs())
    }

    async fn rows_after(&self, signed: u64) -> Result<Vec<Row>, Error> {
        let select = "SELECT seq, at_secs, kind, part, commitment FROM journal WHERE seq > ? ORDER BY seq LIMIT ?";
        sqlx::query_as(select)
            .bind(i64::try_from(signed).unwrap_or(i64::MAX))
            .bind(MAX_BATCH as i64)
            .fetch_all(self.store.reader())
            .await
            .map_err(in_journal("read the rows to sign"))
    }

    async fn remember(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        let upsert = "INSERT INTO journal_signed (one, size, root, signed_at) VALUES (1, ?, ?, ?) \
                      ON CONFLICT (one) DO UPDATE SET size = excluded.size, root = excluded.root, \
                      signed_at = excluded.signed_at WHERE excluded.size > size";
        let mut tx = self.store.begin().await?;
        sqlx::query(upsert)
            .bind(i64::try_from(checkpoint.size).unwrap_or(i64::MAX))
            .bind(checkpoint.root.as_slice())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await
            .map_err(in_journal("remember what was signed"))?;
        Ok(tx.commit().await?)
    }
}

impl std::fmt::Debug for Sequencer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Sequencer({} entries signed)", self.size())
    }
}

/// The entries of rows that must follow the first `signed` without a gap.
fn entries(signed: u64, rows: &[Row]) -> Result<Vec<Vec<u8>>, Error> {
    let mut entries = Vec::with_capacity(rows.len());
    for (row, expected) in rows.iter().zip(signed + 1..) {
        if row.seq.unsigned_abs() != expected {
            return Err(Error::Fork { fault: format!("the journal's row {expected} is missing") });
        }
        let commitment = row.commitment.as_slice().try_into();
        let commitment =
            commitment.map_err(|_| Error::Fork { fault: format!("the journal's row {expected} is malformed") })?;
        entries.push(Leaf::new(row.at_secs, &row.kind, &row.part, commitment).to_string().into_bytes());
    }
    Ok(entries)
}
