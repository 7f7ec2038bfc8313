//! The register of copies that have left the house. An erasure reaches none of them; it says who has one, and forgets them.

use model::{CaptureId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use store::Tx;

use crate::error::in_table;
use crate::row::fixed;
use crate::{Error, Shelf};

/// A copy of an original that somebody else can open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Of which capture.
    pub capture: CaptureId,
    /// Under which request.
    pub request: i64,
    /// The age key that opens it.
    pub recipient: String,
    /// Who made it.
    pub made_by: PersonId,
    /// When.
    pub made_at: Timestamp,
    /// BLAKE3 of the copy's file.
    #[serde(skip)]
    pub copy_blake3: [u8; 32],
}

impl Shelf {
    /// Enters a copy, in the caller's transaction: before its file is written.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn enter_copy(&self, tx: &mut Tx, copied: &Copied) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO copies (capture, request, recipient, made_by, made_at, copy_blake3) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(copied.capture.as_bytes().as_slice())
        .bind(copied.request)
        .bind(&copied.recipient)
        .bind(copied.made_by.as_str())
        .bind(copied.made_at.millis())
        .bind(copied.copy_blake3.as_slice())
        .execute(&mut **tx)
        .await
        .map_err(in_table("enter a copy"))?;
        Ok(())
    }

    /// The copies of one capture, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn copies(&self, capture: CaptureId) -> Result<Vec<Copied>, Error> {
        let select = sqlx::query("SELECT * FROM copies WHERE capture = ? ORDER BY copy");
        let rows = select.bind(capture.as_bytes().as_slice()).fetch_all(self.store.reader()).await;
        let rows = rows.map_err(in_table("list the copies"))?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(in_table("read a copy"))
    }

    /// Forgets the copies of captures as part of their erasure. How many there were.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_copies(tx: &mut Tx, captures: &[CaptureId]) -> Result<u64, Error> {
        let mut gone = 0;
        for capture in captures {
            let delete = sqlx::query("DELETE FROM copies WHERE capture = ?").bind(capture.as_bytes().as_slice());
            gone += delete.execute(&mut **tx).await.map_err(in_table("forget copies"))?.rows_affected();
            let delete = sqlx::query("DELETE FROM referrals WHERE capture = ?").bind(capture.as_bytes().as_slice());
            delete.execute(&mut **tx).await.map_err(in_table("forget referrals"))?;
        }
        Ok(gone)
    }
}

fn read(row: &SqliteRow) -> Result<Copied, sqlx::Error> {
    let person: String = row.try_get("made_by")?;
    Ok(Copied {
        capture: CaptureId::from_bytes(fixed(row, "capture")?),
        request: row.try_get("request")?,
        recipient: row.try_get("recipient")?,
        made_by: person.parse().map_err(|_| sqlx::Error::Decode("it names no person".into()))?,
        made_at: Timestamp::from_millis(row.try_get("made_at")?),
        copy_blake3: fixed(row, "copy_blake3")?,
    })
}
