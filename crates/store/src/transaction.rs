//! The one way to write: a transaction that stamps every row it touched before it commits.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::sqlite::{SqliteConnection, SqliteOperation};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use crate::Error;
use crate::error::during;
use crate::row;

/// A write transaction on the one writer connection; rolled back if dropped before [`commit`](Self::commit).
///
/// Run queries on it with `.execute(&mut *tx)`.
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Tx {
    inner: Transaction<'static, Sqlite>,
    touched: Touched,
}

impl Tx {
    pub(crate) const fn new(inner: Transaction<'static, Sqlite>, touched: Touched) -> Self {
        Self { inner, touched }
    }

    /// Sets aside what was touched up to here; [`take_back`](Self::take_back) brings it back.
    pub(crate) fn set_aside(&self) -> BTreeSet<(String, i64)> {
        self.touched.take()
    }

    /// Adds what was set aside to what was touched since, or puts it in its place where that was rolled back: a stamp must not
    /// vouch for a row that nobody wrote.
    pub(crate) fn take_back(&self, mut aside: BTreeSet<(String, i64)>, rolled_back: bool) {
        let mut touched = self.touched.lock();
        if !rolled_back {
            aside.extend(std::mem::take(&mut *touched));
        }
        *touched = aside;
    }

    /// Stamps the check value of every row that was inserted or updated, then commits durably.
    ///
    /// # Errors
    /// When SQLite cannot; then nothing of the transaction is kept.
    pub async fn commit(mut self) -> Result<(), Error> {
        copy_counters(&mut self.inner).await.map_err(during("copy the counters"))?;
        for (table, rowid) in self.touched.take() {
            stamp(&mut self.inner, &table, rowid).await?;
        }
        self.touched.clear(); // the stamps themselves
        self.inner.commit().await.map_err(during("commit a transaction"))
    }
}

impl Deref for Tx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Tx({} rows touched)", self.touched.lock().len())
    }
}

/// Rows that the open transaction inserted or updated, as SQLite's update hook reports them.
#[derive(Clone, Default)]
pub(crate) struct Touched(Arc<Mutex<BTreeSet<(String, i64)>>>);

impl Touched {
    /// Asks a connection to report into this set.
    pub(crate) async fn watch(&self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let touched = self.clone();
        connection.lock_handle().await?.set_update_hook(move |change| {
            if change.operation != SqliteOperation::Delete {
                touched.lock().insert((change.table.to_owned(), change.rowid));
            }
        });
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn take(&self) -> BTreeSet<(String, i64)> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<(String, i64)>> {
        // A set of names is whole after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Copies the AUTOINCREMENT counters that moved into a table whose rows carry check values.
async fn copy_counters(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let any = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')";
    if sqlx::query_scalar::<_, bool>(any).fetch_one(&mut *connection).await? {
        let copy = "INSERT INTO counters (name, seq) SELECT name, seq FROM sqlite_sequence WHERE true \
                    ON CONFLICT (name) DO UPDATE SET seq = excluded.seq WHERE seq <> excluded.seq";
        sqlx::query(copy).execute(connection).await?;
    }
    Ok(())
}

async fn stamp(connection: &mut SqliteConnection, table: &str, rowid: i64) -> Result<(), Error> {
    let name = row::quoted(table);
    let select = AssertSqlSafe(format!("SELECT * FROM {name} WHERE rowid = ?"));
    let found =
        sqlx::query(select).bind(rowid).fetch_optional(&mut *connection).await.map_err(during("read a written row"))?;
    let Some(found) = found else { return Ok(()) }; // deleted again in the same transaction
    let check = row::digest(table, &found).map_err(during("compute a row's check"))?;
    let update = AssertSqlSafe(format!("UPDATE {name} SET {} = ? WHERE rowid = ?", row::CHECK_COLUMN));
    let stamped = sqlx::query(update).bind(check.as_slice()).bind(rowid).execute(&mut *connection).await;
    stamped.map_err(during("write a row's check"))?;
    Ok(())
}
