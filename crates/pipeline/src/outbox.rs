//! The outbox: redacted pages that the line has finished with, in the order in which they were finished.

use audit::Collected;
use crawler::Lease;
use model::{AuthorisationId, CaptureId, CaseId, DocumentKey, Timestamp};
use sqlx::Row;
use store::{Store, Tx};

use crate::Error;

/// One redacted page as it lies in the database; only `redactor` can read it back.
pub struct OutboxRow {
    /// Its place in the order, from 1.
    pub seq: i64,
    /// The index document that it becomes or replaces.
    pub document: DocumentKey,
    /// The authorisation it was collected under.
    pub authorisation: AuthorisationId,
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

    /// Adds the page of a lease inside the caller's transaction. The receipt is used up: the page has been collected.
    pub(crate) async fn put(
        tx: &mut Tx,
        lease: &Lease,
        collected: Collected,
        captured_at: Timestamp,
        page: &[u8],
    ) -> Result<(), Error> {
        let insert = "INSERT INTO outbox (case_id, authorisation, document_key, capture, captured_at, page) \
                      VALUES (?, ?, ?, ?, ?, ?)";
        sqlx::query(insert)
            .bind(lease.case().as_str())
            .bind(&lease.authorisation().as_bytes()[..])
            .bind(&lease.document_key().as_bytes()[..])
            .bind(&collected.capture().as_bytes()[..])
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
        let rows = sqlx::query("SELECT * FROM outbox WHERE case_id = ? AND seq > ? ORDER BY seq LIMIT ?")
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
            let done = sqlx::query("DELETE FROM outbox WHERE capture = ?")
                .bind(&capture.as_bytes()[..])
                .execute(&mut **tx)
                .await?;
            gone += done.rows_affected();
        }
        Ok(gone)
    }

    fn read(row: &sqlx::sqlite::SqliteRow) -> Result<OutboxRow, Error> {
        let seq = row.try_get("seq")?;
        let damaged = |_| Error::OutboxRow { seq };
        let bytes = |name: &str| row.try_get::<Vec<u8>, _>(name);
        Ok(OutboxRow {
            seq,
            document: DocumentKey::from_bytes(bytes("document_key")?.try_into().map_err(damaged)?),
            authorisation: AuthorisationId::from_bytes(bytes("authorisation")?.try_into().map_err(damaged)?),
            capture: CaptureId::from_bytes(bytes("capture")?.try_into().map_err(damaged)?),
            captured_at: Timestamp::from_millis(row.try_get("captured_at")?),
            page: bytes("page")?,
        })
    }
}
