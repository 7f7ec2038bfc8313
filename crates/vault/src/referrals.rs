//! Referrals to a platform or a hotline: what was asked, and the clock that runs until somebody acts.

use model::{CaptureId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use store::Tx;

use crate::error::in_table;
use crate::row::fixed;
use crate::{Error, Shelf};

/// One referral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Referral {
    /// Its number.
    pub referral: i64,
    /// The capture that showed the page.
    pub capture: CaptureId,
    /// To whom it went, in words.
    pub recipient: String,
    /// On which ground.
    pub ground: String,
    /// Who made it.
    pub made_by: PersonId,
    /// When.
    pub made_at: Timestamp,
    /// `sent`, `acknowledged`, `acted`, `refused` or `silent`.
    pub state: String,
    /// Since when.
    pub state_at: Timestamp,
}

impl Shelf {
    /// Enters a referral, in the transaction of its announcement; returns its number.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn enter_referral(
        &self,
        tx: &mut Tx,
        capture: CaptureId,
        (recipient, ground): (&str, &str),
        by: &PersonId,
        now: Timestamp,
    ) -> Result<i64, Error> {
        let insert = "INSERT INTO referrals (capture, recipient, ground, made_by, made_at, state, state_at) \
                      VALUES (?, ?, ?, ?, ?, 'sent', ?)";
        let done = sqlx::query(insert)
            .bind(capture.as_bytes().as_slice())
            .bind(recipient)
            .bind(ground)
            .bind(by.as_str())
            .bind(now.millis())
            .bind(now.millis())
            .execute(&mut **tx)
            .await
            .map_err(in_table("enter a referral"))?;
        Ok(done.last_insert_rowid())
    }

    /// Notes what has become of a referral; says whether there is such a one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn settle_referral(
        &self,
        tx: &mut Tx,
        referral: i64,
        state: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let update = sqlx::query("UPDATE referrals SET state = ?, state_at = ? WHERE referral = ?");
        let done = update.bind(state).bind(now.millis()).bind(referral).execute(&mut **tx).await;
        Ok(done.map_err(in_table("settle a referral"))?.rows_affected() == 1)
    }

    /// All referrals, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn referrals(&self) -> Result<Vec<Referral>, Error> {
        let rows = sqlx::query("SELECT * FROM referrals ORDER BY referral").fetch_all(self.store.reader()).await;
        let rows = rows.map_err(in_table("list referrals"))?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(in_table("read a referral"))
    }
}

fn read(row: &SqliteRow) -> Result<Referral, sqlx::Error> {
    let person: String = row.try_get("made_by")?;
    Ok(Referral {
        referral: row.try_get("referral")?,
        capture: CaptureId::from_bytes(fixed(row, "capture")?),
        recipient: row.try_get("recipient")?,
        ground: row.try_get("ground")?,
        made_by: person.parse().map_err(|_| sqlx::Error::Decode("it names no person".into()))?,
        made_at: Timestamp::from_millis(row.try_get("made_at")?),
        state: row.try_get("state")?,
        state_at: Timestamp::from_millis(row.try_get("state_at")?),
    })
}
