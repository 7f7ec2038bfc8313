//! What can go wrong at the desk.

use model::{HasKind, Kind};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Access control refused, or failed.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The log could not be written, so nothing was done.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The note for auditors could not be encrypted.
    #[error(transparent)]
    Client(#[from] client::Error),
    /// What was typed holds an identifier.
    #[error(transparent)]
    Identifier(#[from] redactor::Found),
    /// The query was not understood.
    #[error(transparent)]
    Query(#[from] search::ParseError),
    /// The index could not answer.
    #[error(transparent)]
    Search(#[from] search::Error),
    /// The control database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A fault of ours while the index was read.
    #[error("read the index: the search ended in a fault; its message is withheld because it could hold page text")]
    Panicked,
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Access(error) => error.kind(),
            Self::Audit(error) => error.kind(),
            Self::Client(error) => error.kind(),
            Self::Identifier(error) => error.kind(),
            Self::Query(error) => error.kind(),
            Self::Search(error) => error.kind(),
            Self::Store(error) => error.kind(),
            Self::Panicked => Kind::Internal,
        }
    }
}
