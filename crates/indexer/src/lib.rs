//! Redacted pages in, commits and proven erasures out.
//!
//! An [`Indexer`] is the one writer of one case's index. [`Indexer::add`] takes a page only together with the receipt
//! that its original is sealed and logged; each commit says which outbox row it reaches to, so that a crash repeats
//! rows and loses none; [`Indexer::erase`] ends with a proof or with what is still in its way; [`check`] reads every
//! byte of an index and names the first that is not what was written. `docs/formats/index.md` describes the folder.
//!
//! Deliberately absent: raw pages (the crate has no name for one), queries, and any decision what to erase.
//!
//! ```
//! # let folder = tempfile::tempdir()?;
//! use indexer::Indexer;
//!
//! let index = folder.path().join("op-harbour-2026"); // named by its case
//! let mut indexer = Indexer::open(&index)?;
//! assert_eq!(indexer.committed_seq(), 0);
//! indexer.commit()?;
//! assert_eq!(indexer::check(&index)?.documents, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod directory;
mod document;
mod error;
mod folder;
mod known;
mod settings;
mod writer;

mod check;
mod erase;
mod traces;

#[cfg(test)]
mod fixture;

pub use check::{Report, check};
pub use document::Placed;
pub use erase::{Erasure, ErasureProof, Pending, Why};
pub use error::Error;
pub use known::KnownDocuments;
pub use settings::Settings;
pub use writer::Indexer;
