//! What must not be erased yet, and what is erased but may still lie in a backup of headers.

use std::collections::BTreeSet;

use model::{CaptureId, PersonId, Timestamp};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use store::Tx;

use crate::error::in_table;
use crate::row::{Sealed, fixed};
use crate::{Error, Shelf};

/// A legal hold on one capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Its number.
    pub hold: i64,
    /// What is held.
    pub capture: CaptureId,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub set_by: PersonId,
    /// When.
    pub set_at: Timestamp,
    /// Who has asked that it be released.
    pub release_asked_by: Option<PersonId>,
}

/// What became of a wish to release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// A second person has to ask, too.
    Waits,
    /// Two have asked: the hold is gone.
    Released,
}

impl Shelf {
    /// Entries in the order of capture ids, which is that of time; at most 1,000 a call.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries(&self, after: Option<CaptureId>, count: u32) -> Result<Vec<Sealed>, Error> {
        Sealed::after(after, count.min(1_000), self.store.reader()).await
    }

    /// Holds a capture. Several holds may lie on one: each is released for itself.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Erased`], or a failure of the database.
    pub async fn hold(&self, tx: &mut Tx, capture: CaptureId, by: &PersonId, reason: &str) -> Result<i64, Error> {
        let entry = Sealed::find(capture, &mut **tx).await?.ok_or(Error::Unknown(capture))?;
        if entry.state != crate::State::Sealed {
            return Err(Error::Erased(capture));
        }
        let done = sqlx::query("INSERT INTO holds (capture, reason, set_by, set_at) VALUES (?, ?, ?, ?)")
            .bind(capture.as_bytes().as_slice())
            .bind(reason)
            .bind(by.as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut **tx)
            .await
            .map_err(in_table("set a hold"))?;
        Ok(done.last_insert_rowid())
    }

    /// Asks that a hold be released; the second person who asks releases it.
    ///
    /// # Errors
    /// [`Error::NoHold`], [`Error::SecondPerson`], or a failure of the database.
    pub async fn release(&self, tx: &mut Tx, hold: i64, by: &PersonId) -> Result<(CaptureId, Release), Error> {
        let row = sqlx::query("SELECT * FROM holds WHERE hold = ? AND released_by IS NULL")
            .bind(hold)
            .fetch_optional(&mut **tx)
            .await
            .map_err(in_table("look for a hold"))?
            .ok_or(Error::NoHold(hold))?;
        let found = read(&row).map_err(in_table("read a hold"))?;
        let (change, released) = match &found.release_asked_by {
            None => ("UPDATE holds SET release_asked_by = ?1 WHERE hold = ?2 AND ?3 > 0", Release::Waits),
            Some(first) if first == by => return Err(Error::SecondPerson(hold)),
            Some(_) => ("UPDATE holds SET released_by = ?1, released_at = ?3 WHERE hold = ?2", Release::Released),
        };
        sqlx::query(change)
            .bind(by.as_str())
            .bind(hold)
            .bind(self.store.clock().now().millis())
            .execute(&mut **tx)
            .await
            .map_err(in_table("release a hold"))?;
        Ok((found.capture, released))
    }

    /// Every hold that stands, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn holds(&self) -> Result<Vec<Hold>, Error> {
        let select = "SELECT * FROM holds WHERE released_by IS NULL ORDER BY hold";
        let rows = sqlx::query(select).fetch_all(self.store.reader()).await.map_err(in_table("list the holds"))?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(in_table("read a hold"))
    }

    /// Refuses when a hold stands on a capture.
    pub(crate) async fn must_not_be_held(&self, capture: CaptureId, tx: &mut Tx) -> Result<(), Error> {
        let hold: Option<i64> =
            sqlx::query_scalar("SELECT hold FROM holds WHERE capture = ? AND released_by IS NULL LIMIT 1")
                .bind(capture.as_bytes().as_slice())
                .fetch_optional(&mut **tx)
                .await
                .map_err(in_table("look for a hold"))?;
        hold.map_or(Ok(()), |hold| Err(Error::Held { capture, hold }))
    }

    /// Writes down that captures are erased, and until when backups of their headers may exist. The reasons of holds that
    /// were once on them go along.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn enter_erasure(
        &self,
        tx: &mut Tx,
        captures: &[CaptureId],
        backups_until: Timestamp,
    ) -> Result<(), Error> {
        for capture in captures {
            sqlx::query("DELETE FROM holds WHERE capture = ?")
                .bind(capture.as_bytes().as_slice())
                .execute(&mut **tx)
                .await
                .map_err(in_table("forget old holds"))?;
            sqlx::query(
                "INSERT INTO erasures (capture, erased_at, backups_until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(capture.as_bytes().as_slice())
            .bind(self.store.clock().now().millis())
            .bind(backups_until.millis())
            .execute(&mut **tx)
            .await
            .map_err(in_table("enter an erasure"))?;
        }
        Ok(())
    }

    /// Which of these captures' erasures are finished: proved, entered, confirmed or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erasures(&self, among: &[CaptureId]) -> Result<BTreeSet<CaptureId>, Error> {
        let select = "SELECT capture FROM erasures";
        let rows = sqlx::query(select).fetch_all(self.store.reader()).await.map_err(in_table("list the erasures"))?;
        let read = |row: &SqliteRow| Ok(CaptureId::from_bytes(fixed(row, "capture")?));
        let all = rows.iter().map(read).collect::<Result<BTreeSet<_>, sqlx::Error>>();
        let all = all.map_err(in_table("read an erasure"))?;
        Ok(among.iter().copied().filter(|capture| all.contains(capture)).collect())
    }

    /// Erased captures that are not confirmed yet, each with the end of its headers' backups, the first to end first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unconfirmed(&self) -> Result<Vec<(CaptureId, Timestamp)>, Error> {
        let select =
            "SELECT capture, backups_until FROM erasures WHERE confirmed_at IS NULL ORDER BY backups_until, capture";
        let rows = sqlx::query(select).fetch_all(self.store.reader()).await.map_err(in_table("list the erasures"))?;
        let read = |row: &SqliteRow| -> Result<_, sqlx::Error> {
            Ok((CaptureId::from_bytes(fixed(row, "capture")?), Timestamp::from_millis(row.try_get("backups_until")?)))
        };
        rows.iter().map(read).collect::<Result<_, _>>().map_err(in_table("read an erasure"))
    }

    /// Writes down that the last backup of a header is gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn confirm_erasure(&self, tx: &mut Tx, capture: CaptureId) -> Result<(), Error> {
        sqlx::query("UPDATE erasures SET confirmed_at = ? WHERE capture = ? AND confirmed_at IS NULL")
            .bind(self.store.clock().now().millis())
            .bind(capture.as_bytes().as_slice())
            .execute(&mut **tx)
            .await
            .map_err(in_table("confirm an erasure"))?;
        Ok(())
    }
}

fn read(row: &SqliteRow) -> Result<Hold, sqlx::Error> {
    let person = |text: String| text.parse::<PersonId>().map_err(|error| sqlx::Error::Decode(Box::new(error)));
    let asked: Option<String> = row.try_get("release_asked_by")?;
    Ok(Hold {
        hold: row.try_get("hold")?,
        capture: CaptureId::from_bytes(fixed(row, "capture")?),
        reason: row.try_get("reason")?,
        set_by: person(row.try_get("set_by")?)?,
        set_at: Timestamp::from_millis(row.try_get("set_at")?),
        release_asked_by: asked.map(person).transpose()?,
    })
}
