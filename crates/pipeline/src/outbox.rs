//! The outbox: redacted pages that the line has finished with, in the order in which they were finished.

use model::{CaptureId, CaseId, DocumentKey, Timestamp};
use sqlx::Row;
use store::{Store, Tx};

use crate::Error;

/// One redacted page as it lies in the database; only `redactor` can read it back.
pub struct OutboxRow {
    /// Its place in the order, from 1.
    pub seq: i64,
    /// The index document that it becomes or replaces.
    pub document: DocumentKey,
    /// The capture it was made from.
    pub capture: CaptureId,
    /// When that capture was made.
    pub captured_at: Timestamp,
    /// The redacted page under the redactor's MAC.
    pub page: Vec<u8>,
}

/// The table.
#[derive(Clone)]
pub struct Outbox(Store);

impl Outbox {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self(store)
    }

    /// Adds a page inside the caller's transaction.
    pub(crate) async fn put(
        tx: &mut Tx,
        case: &CaseId,
        document: DocumentKey,
        capture: CaptureId,
        captured_at: Timestamp,
        page: &[u8],
    ) -> Result<(), Error> {
        sqlx::query("INSERT INTO outbox (case_id, document_key, capture, captured_at, page) VALUES (?, ?, ?, ?, ?)")
            .bind(case.as_str())
            .bind(&document.as_bytes()[..])
            .bind(&capture.as_bytes()[..])
            .bind(captured_at.millis())
            .bind(page)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// The next rows of a case after `seq`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read, or a row is not what was written.
    pub async fn after(&self, case: &CaseId, seq: i64, limit: u32) -> Result<Vec<OutboxRow>, Error> {
        let rows = sqlx::query(
            "SELECT seq, document_key, capture, captured_at, page FROM outbox WHERE case_id = ? AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(case.as_str())
        .bind(seq)
        .bind(limit)
        .fetch_all(self.0.reader())
        .await?;
        rows.iter().map(Self::read).collect()
    }

    /// How many pages of a case the outbox holds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count(&self, case: &CaseId) -> Result<i64, Error> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM outbox WHERE case_id = ?")
            .bind(case.as_str())
            .fetch_one(self.0.reader())
            .await?)
    }

    /// Takes pages out for ever, as part of an erasure.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn erase(tx: &mut Tx, captures: &[CaptureId]) -> Result<u64, Error> {
        let mut gone = 0;
        for capture in captures {
            let done = sqlx::query("DELETE FROM outbox WHERE capture = ?").bind(&capture.as_bytes()[..]).execute(&mut **tx).await?;
            gone += done.rows_affected();
        }
        Ok(gone)
    }

    fn read(row: &sqlx::sqlite::SqliteRow) -> Result<OutboxRow, Error> {
        let seq = row.try_get("seq")?;
        let bytes = |name: &str| row.try_get::<Vec<u8>, _>(name);
        Ok(OutboxRow {
            seq,
            document: DocumentKey::from_bytes(bytes("document_key")?.try_into().map_err(|_| Error::OutboxRow { seq })?),
            capture: CaptureId::from_bytes(bytes("capture")?.try_into().map_err(|_| Error::OutboxRow { seq })?),
            captured_at: Timestamp::from_millis(row.try_get("captured_at")?),
            page: bytes("page")?,
        })
    }
}
