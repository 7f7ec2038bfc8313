//! The tables, as numbered files: each is applied once, in order, and must stay as it was.

use sqlx::{AssertSqlSafe, Row as _};

use crate::error::during;
use crate::{Error, Store, Tx, row};

struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// "LNTH": what `file` and SQLite tools show as the application id.
pub(crate) const APPLICATION_ID: i64 = 0x4c4e_5448;

/// One row per applied migration; `schema` is the digest of the whole schema after it.
const OWN_TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number     INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    sql_hash   BLOB    NOT NULL,
    schema     BLOB    NOT NULL,
    applied_at INTEGER NOT NULL,
    row_check  BLOB
)";

/// A checked copy of SQLite's own AUTOINCREMENT counters, which have no room for a check value.
const COUNTERS: &str = "CREATE TABLE IF NOT EXISTS counters (
    name      TEXT    PRIMARY KEY,
    seq       INTEGER NOT NULL,
    row_check BLOB
)";

/// Brings the tables up to date in one transaction, or changes nothing.
pub(crate) async fn migrate(store: &Store) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    for own in [OWN_TABLE, COUNTERS] {
        sqlx::query(own).execute(&mut *tx).await.map_err(during("make the store's own tables"))?;
    }
    let applied = applied(&mut tx).await?;
    if let Some(unknown) = applied.iter().find(|(number, _)| MIGRATIONS.iter().all(|known| known.number != *number)) {
        return Err(Error::Newer { number: unknown.0 });
    }

    let mut fresh = Vec::new();
    for migration in MIGRATIONS {
        let hash = blake3::hash(migration.sql.as_bytes());
        match applied.iter().find(|(number, _)| *number == migration.number) {
            Some((_, then)) if then.as_slice() == hash.as_bytes() => {}
            Some((number, _)) => return Err(Error::MigrationChanged { number: *number }),
            None => {
                let script = sqlx::raw_sql(AssertSqlSafe(migration.sql));
                script.execute(&mut *tx).await.map_err(during("apply a migration"))?;
                fresh.push((migration, hash));
            }
        }
    }
    if fresh.is_empty() {
        return Ok(()); // dropped: nothing was written but a table that exists
    }

    rules(&mut tx).await?;
    let schema = schema_digest(&mut tx).await.map_err(during("read the schema"))?;
    let now = store.clock().now().millis();
    for (migration, hash) in fresh {
        let insert = "INSERT INTO migrations (number, name, sql_hash, schema, applied_at) VALUES (?, ?, ?, ?, ?)";
        let query = sqlx::query(insert).bind(migration.number).bind(migration.name).bind(hash.as_bytes().as_slice());
        let query = query.bind(schema.as_slice()).bind(now);
        query.execute(&mut *tx).await.map_err(during("record a migration"))?;
    }
    // The newest row speaks for the whole schema; older rows follow it, so that one value is enough to compare with.
    let update = sqlx::query("UPDATE migrations SET schema = ?").bind(schema.as_slice());
    update.execute(&mut *tx).await.map_err(during("record the schema"))?;
    let identify = AssertSqlSafe(format!("PRAGMA application_id = {APPLICATION_ID}"));
    sqlx::query(identify).execute(&mut *tx).await.map_err(during("mark the file as ours"))?;
    tx.commit().await
}

/// BLAKE3 over the schema's text: a flipped byte there renames a column or drops a constraint without a word.
pub(crate) async fn schema_digest(connection: &mut sqlx::SqliteConnection) -> Result<[u8; 32], sqlx::Error> {
    let select = "SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB) \
                  FROM sqlite_schema ORDER BY type, name";
    let mut hasher = blake3::Hasher::new_derive_key("lanthorn 2026-11 control database schema");
    for row in sqlx::query(select).fetch_all(connection).await? {
        for column in 0..4 {
            let bytes: Option<Vec<u8>> = row.try_get(column)?;
            let bytes = bytes.unwrap_or_default();
            hasher.update(&(bytes.len() as u64).to_be_bytes()).update(&bytes);
        }
    }
    Ok(*hasher.finalize().as_bytes())
}

async fn applied(tx: &mut Tx) -> Result<Vec<(i64, Vec<u8>)>, Error> {
    let select = sqlx::query_as("SELECT number, sql_hash FROM migrations ORDER BY number");
    select.fetch_all(&mut **tx).await.map_err(during("read the applied migrations"))
}

/// What every table must be, or its rows could not be checked.
async fn rules(tx: &mut Tx) -> Result<(), Error> {
    let tables = "SELECT l.name, l.type, l.wr, EXISTS (SELECT 1 FROM pragma_table_info(l.name) c WHERE c.name = ?) \
                  FROM pragma_table_list l WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let tables: Vec<(String, String, bool, bool)> =
        sqlx::query_as(tables).bind(row::CHECK_COLUMN).fetch_all(&mut **tx).await.map_err(during("list the tables"))?;
    for (table, kind, without_rowid, has_check) in tables {
        let rule = if kind != "table" || without_rowid {
            "only ordinary rowid tables are allowed"
        } else if !has_check {
            "it needs the column `row_check BLOB`"
        } else {
            continue;
        };
        return Err(Error::Table { table, rule });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use model::Clock;

    use super::*;

    #[tokio::test]
    async fn a_database_of_a_newer_version_or_with_another_migration_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("control.db");
        let store = Store::open(&file, Clock::system()).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        sqlx::query("UPDATE migrations SET sql_hash = zeroblob(32) WHERE number = 4").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        assert!(matches!(Store::open(&file, Clock::system()).await, Err(Error::MigrationChanged { number: 4 })));

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("control.db");
        let store = Store::open(&file, Clock::system()).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let later =
            "INSERT INTO migrations (number, name, sql_hash, schema, applied_at) VALUES (9999, 'x', x'', x'', 0)";
        sqlx::query(later).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        assert!(matches!(Store::open(&file, Clock::system()).await, Err(Error::Newer { number: 9999 })));
    }

    #[tokio::test]
    async fn a_table_whose_rows_could_not_be_checked_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
        for bad in [
            "CREATE TABLE t (a INTEGER PRIMARY KEY)",
            "CREATE TABLE t (a INTEGER PRIMARY KEY, row_check BLOB) WITHOUT ROWID",
            "CREATE VIEW t AS SELECT 1 AS row_check",
        ] {
            let mut tx = store.begin().await.unwrap();
            sqlx::query(bad).execute(&mut *tx).await.unwrap();
            assert!(matches!(rules(&mut tx).await, Err(Error::Table { .. })), "{bad}");
        }
    }
}
