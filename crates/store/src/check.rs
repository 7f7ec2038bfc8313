//! Every byte that holds data: SQLite's own structure checks, then each row against its check value.

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use crate::error::{during, file_error};
use crate::{Error, Store, database, migration, row, wal};

/// What a check that found nothing wrong looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Tables.
    pub tables: u64,
    /// Rows whose check value was computed anew.
    pub rows: u64,
}

/// `17 tables, 1234 rows are what was written`.
impl std::fmt::Display for Report {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} tables, {} rows are what was written", self.tables, self.rows)
    }
}

impl Store {
    /// Reads the whole database and compares it with what was written; names the first table and row that differ.
    ///
    /// Writers wait while it runs, so that the write-ahead log stands still. Damage to bytes that hold no data (free
    /// space inside pages, reserved header bytes) is not looked for.
    ///
    /// # Errors
    /// [`Error::Damaged`] with the first fault in words; others when the database cannot be read at all.
    pub async fn check(&self) -> Result<Report, Error> {
        let mut tx = self.begin().await?;
        let log = database::beside(self.file(), "-wal");
        let inspected = tokio::task::spawn_blocking(move || wal::inspect(&log)).await;
        inspected.map_err(|stopped| file_error("read the write-ahead log of")(stopped.into()))??;

        // The schema first: SQLite answers every later question through it.
        schema(&mut tx).await?;
        structure(&mut tx).await?;
        let mut report = Report::default();
        counters(&mut tx).await?;
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'sqlite_sequence' ORDER BY name";
        let tables: Vec<String> =
            sqlx::query_scalar(tables).fetch_all(&mut *tx).await.map_err(during("list the tables"))?;
        for table in tables {
            report.rows += rows(&mut tx, &table).await?;
            report.tables += 1;
        }
        Ok(report)
    }
}

async fn schema(connection: &mut SqliteConnection) -> Result<(), Error> {
    let application: i64 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *connection)
        .await
        .map_err(during("read the file's header"))?;
    if application != migration::APPLICATION_ID {
        return Err(damaged("the file's header does not carry our application id"));
    }
    let now = migration::schema_digest(&mut *connection).await.map_err(during("read the schema"))?;
    let then: Option<Vec<u8>> = sqlx::query_scalar("SELECT schema FROM migrations ORDER BY number DESC LIMIT 1")
        .fetch_optional(connection)
        .await
        .map_err(during("read the applied migrations"))?;
    if then.as_deref() == Some(now.as_slice()) {
        Ok(())
    } else {
        Err(damaged("the schema is not the one that was recorded"))
    }
}

async fn structure(connection: &mut SqliteConnection) -> Result<(), Error> {
    let answers: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(&mut *connection)
        .await
        .map_err(during("check the file's structure"))?;
    match answers.first().map(String::as_str) {
        Some("ok") => {}
        first => return Err(damaged(&format!("SQLite's integrity check says: {}", first.unwrap_or("nothing")))),
    }
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_optional(connection).await;
    if let Some(dangling) = dangling.map_err(during("check the foreign keys"))? {
        let table: String = dangling.try_get(0).map_err(during("check the foreign keys"))?;
        let rowid: Option<i64> = dangling.try_get(1).map_err(during("check the foreign keys"))?;
        return Err(damaged(&format!("table {table}, row {} refers to a row that is gone", rowid.unwrap_or_default())));
    }
    Ok(())
}

async fn counters(connection: &mut SqliteConnection) -> Result<(), Error> {
    let any = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')";
    let any: bool = sqlx::query_scalar(any).fetch_one(&mut *connection).await.map_err(during("look for counters"))?;
    if !any {
        return Ok(());
    }
    let differ = "SELECT EXISTS (SELECT name, seq FROM sqlite_sequence EXCEPT SELECT name, seq FROM counters) \
                  OR EXISTS (SELECT name, seq FROM counters EXCEPT SELECT name, seq FROM sqlite_sequence)";
    let differ: bool =
        sqlx::query_scalar(differ).fetch_one(connection).await.map_err(during("compare the counters"))?;
    if differ { Err(damaged("a counter of row numbers is not what was written")) } else { Ok(()) }
}

async fn rows(connection: &mut SqliteConnection, table: &str) -> Result<u64, Error> {
    use futures_util::TryStreamExt as _;

    let name = row::quoted(table);
    let ids = AssertSqlSafe(format!("SELECT *, rowid AS \"{}\" FROM {name} ORDER BY rowid", row::ROWID_COLUMN));
    let mut rows = sqlx::query(ids).fetch(connection);
    let mut count = 0;
    while let Some(found) = rows.try_next().await.map_err(during("read a row"))? {
        count += 1;
        let rowid: i64 = found.try_get(row::ROWID_COLUMN).map_err(during("read a row's number"))?;
        let computed = row::digest(table, &found).map_err(during("compute a row's check"))?;
        let stored = row::stored(&found).map_err(during("read a row's check"))?;
        match stored {
            Some(stored) if stored == computed => {}
            Some(_) => return Err(damaged(&format!("table {table}, row {rowid} is not what was written"))),
            None => {
                return Err(damaged(&format!(
                    "table {table}, row {rowid} has no check value: it was not written by us"
                )));
            }
        }
    }
    Ok(count)
}

fn damaged(fault: &str) -> Error {
    Error::Damaged { fault: fault.to_owned() }
}
