//! The control database: one SQLite file that all processes of a site share.
//!
//! `store` owns how rows are kept, not what they say: durability (WAL, `synchronous=FULL`), one writer at a time,
//! zeroed leftovers (`secure_delete`), a file nobody else can read, and a check value on **every row**, because SQLite
//! itself would return a flipped byte as if it had been written. The SQL lives in the crate that owns the rows.
//!
//! Deliberately absent: any table's meaning, any abstraction over databases, any way to write past the row check.
//! `docs/formats/control-database.md` describes the file.
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! use model::Clock;
//! use store::Store;
//!
//! let store = Store::open(&folder.path().join("control.db"), Clock::system()).await?;
//! let tx = store.begin().await?; // rolled back if dropped
//! tx.commit().await?;
//! assert!(store.check().await?.rows > 0, "the migrations are rows, too");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod database;
mod error;
mod migration;
mod row;
mod together;
mod transaction;
mod wal;

#[cfg(test)]
mod tests;

pub use check::Report;
pub use database::Store;
pub use error::{Error, kind_of};
pub use transaction::Tx;
