//! The one way to write: a transaction that stamps every row it touched before it commits.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER;
use sqlx::sqlite::{SqliteConnection, SqliteOperation, SqliteTransactionManager};
use sqlx::{AssertSqlSafe, Row as _, SqlStr};
use sqlx_core::transaction::TransactionManager as _;
use tokio::sync::OwnedMappedMutexGuard;

use crate::Error;
use crate::error::during;
use crate::row;

/// Rows that are stamped by one question and one answer.
const STAMPED_AT_ONCE: usize = 64;

/// The one writer connection, until the store is closed.
pub(crate) type Writer = OwnedMappedMutexGuard<Option<SqliteConnection>, SqliteConnection>;

/// A write transaction on the one writer connection; rolled back if dropped before [`commit`](Self::commit).
///
/// Run queries on it with `.execute(&mut *tx)`.
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Tx {
    writer: Writer,
    open: bool,
    touched: Touched,
    /// Tables that have no AUTOINCREMENT counter, once the tables stand.
    uncounted: Arc<BTreeSet<String>>,
}

impl Tx {
    pub(crate) async fn begin(
        mut writer: Writer,
        touched: Touched,
        uncounted: Arc<BTreeSet<String>>,
    ) -> Result<Self, sqlx::Error> {
        SqliteTransactionManager::begin(&mut writer, Some(SqlStr::from_static("BEGIN IMMEDIATE"))).await?;
        touched.clear(); // of a transaction that was dropped
        Ok(Self { writer, open: true, touched, uncounted })
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
        let counts = self.touched.lock().iter().any(|(table, _)| !self.uncounted.contains(table));
        if counts {
            copy_counters(&mut self.writer).await.map_err(during("copy the counters"))?;
        }
        let touched: Vec<_> = self.touched.take().into_iter().collect();
        for rows in touched.chunks(STAMPED_AT_ONCE) {
            stamp(&mut self.writer, rows).await?;
        }
        self.touched.clear(); // the stamps themselves
        SqliteTransactionManager::commit(&mut self.writer).await.map_err(during("commit a transaction"))?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.open {
            // Queued on the connection before anything that comes after.
            SqliteTransactionManager::start_rollback(&mut self.writer);
        }
    }
}

impl Deref for Tx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.writer
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.writer
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

/// Stamps rows: one question for all of them, and one change. Each is sent to the connection's own thread and back, which
/// costs more than what SQLite does for it.
async fn stamp(connection: &mut SqliteConnection, rows: &[(String, i64)]) -> Result<(), Error> {
    let mut tables: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (table, rowid) in rows {
        tables.entry(table).or_default().push(*rowid);
    }
    let select = tables.keys().enumerate().map(|(number, table)| {
        format!(
            "SELECT {number} AS \"{}\", rowid AS \"{}\", * FROM {} WHERE rowid IN (SELECT value FROM json_each(?))",
            row::TABLE_COLUMN,
            row::ROWID_COLUMN,
            row::quoted(table)
        )
    });
    let select = AssertSqlSafe(select.collect::<Vec<_>>().join(";"));
    let select = tables.values().fold(sqlx::query(select), |select, rowids| select.bind(list(rowids)));
    let written = select.fetch_all(&mut *connection).await.map_err(during("read written rows"))?;

    // A row that was deleted again in the same transaction is not there.
    let mut checks: Vec<Vec<(i64, String)>> = vec![Vec::new(); tables.len()];
    let names: Vec<&str> = tables.keys().copied().collect();
    for row in &written {
        let read = during("compute a row's check");
        let table: i64 = row.try_get(row::TABLE_COLUMN).map_err(&read)?;
        let table = usize::try_from(table).unwrap_or(usize::MAX);
        let (Some(name), Some(checks)) = (names.get(table), checks.get_mut(table)) else { continue };
        let rowid = row.try_get(row::ROWID_COLUMN).map_err(&read)?;
        checks.push((rowid, HEXLOWER.encode(&row::digest(name, row).map_err(&read)?)));
    }
    let stamped: Vec<_> = names.iter().zip(&checks).filter(|(_, checks)| !checks.is_empty()).collect();
    if stamped.is_empty() {
        return Ok(());
    }
    let update = stamped.iter().map(|(table, _)| {
        format!(
            "UPDATE {} SET {} = unhex(json_extract(?, '$.' || rowid)) WHERE rowid IN (SELECT value FROM json_each(?))",
            row::quoted(table),
            row::CHECK_COLUMN
        )
    });
    let mut update = sqlx::query(AssertSqlSafe(update.collect::<Vec<_>>().join(";")));
    for (_, checks) in stamped {
        let pairs: Vec<String> = checks.iter().map(|(rowid, check)| format!("\"{rowid}\":\"{check}\"")).collect();
        let rowids: Vec<i64> = checks.iter().map(|(rowid, _)| *rowid).collect();
        update = update.bind(format!("{{{}}}", pairs.join(","))).bind(list(&rowids));
    }
    update.execute(&mut *connection).await.map_err(during("write rows' checks"))?;
    Ok(())
}

/// Numbers as JSON.
fn list(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    format!("[{}]", numbers.join(","))
}
