//! The check value of a row: SQLite has no page checksums, so each row carries its own.
//!
//! `row_check` is the first 16 bytes of BLAKE3 over the table's name and, for every other column that is not NULL and
//! in table order, the column's name, storage type and value. NULLs are left out so that a column added later leaves
//! old rows valid; since names are hashed, a value that turns into NULL still shows. The rowid enters through the
//! INTEGER PRIMARY KEY column where a table has one, and through its indices otherwise.

use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{Column as _, Decode, Row as _, Sqlite, TypeInfo as _, ValueRef as _};

/// The column that every table has.
pub(crate) const CHECK_COLUMN: &str = "row_check";

/// What a query that also wants the rowid calls it; never part of the check value.
pub(crate) const ROWID_COLUMN: &str = "rowid of the row";

/// What a query over several tables calls the number of the table; never part of the check value.
pub(crate) const TABLE_COLUMN: &str = "table of the row";

/// Bytes of a check value.
pub(crate) const CHECK_BYTES: usize = 16;

const CONTEXT: &str = "lanthorn 2026-11 control database row check";

/// The check value of a row that was read with `SELECT *`.
pub(crate) fn digest(table: &str, row: &SqliteRow) -> Result<[u8; CHECK_BYTES], sqlx::Error> {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    put(&mut hasher, table.as_bytes());
    let apart = [CHECK_COLUMN, ROWID_COLUMN, TABLE_COLUMN];
    for column in row.columns().iter().filter(|column| !apart.contains(&column.name())) {
        let value = row.try_get_raw(column.ordinal())?;
        if value.is_null() {
            continue;
        }
        put(&mut hasher, column.name().as_bytes());
        let storage = value.type_info().name().to_owned();
        put(&mut hasher, storage.as_bytes());
        match storage.as_str() {
            "INTEGER" => put(&mut hasher, &decode::<i64>(value)?.to_be_bytes()),
            "REAL" => put(&mut hasher, &decode::<f64>(value)?.to_bits().to_be_bytes()),
            _ => put(&mut hasher, decode::<&[u8]>(value)?), // TEXT too: damaged text need not be UTF-8
        }
    }
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&hasher.finalize().as_bytes()[..CHECK_BYTES]);
    Ok(check)
}

/// The check value that the row carries; `None` if it carries none.
pub(crate) fn stored(row: &SqliteRow) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let value = row.try_get_raw(CHECK_COLUMN)?;
    if value.is_null() { Ok(None) } else { decode::<&[u8]>(value).map(|bytes| Some(bytes.to_vec())) }
}

/// A table's or column's name as an SQL identifier.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Decodes without asking the column's declared type, which says nothing about a damaged row.
fn decode<'r, T: Decode<'r, Sqlite>>(value: SqliteValueRef<'r>) -> Result<T, sqlx::Error> {
    T::decode(value).map_err(sqlx::Error::Decode)
}

fn put(hasher: &mut blake3::Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_be_bytes()).update(bytes);
}
