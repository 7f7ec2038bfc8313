//! What can go wrong with an index.

use model::{HasKind, Kind};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Receipt and page are not of the same capture.
    #[error(
        "refused by rule `sealed-first`: the receipt is for another capture than the page; seal and log this one first"
    )]
    Mismatch,
    /// The folder's name is no case.
    #[error("open the index: its folder is not named by a case; one index belongs to one case")]
    FolderName,
    /// Another version wrote the index.
    #[error(
        "open the index: it has version {found}, this program writes version {known}; remove the case's folder below `index/` and run `lanthorn crawl run`: it writes it anew from the outbox"
    )]
    Version {
        /// The version in the folder.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// Somebody else writes it.
    #[error("open the index: another process is writing it; stop that one first")]
    Busy,
    /// What is in the folder is not what was written.
    #[error("find the index whole: {file}: {fault}; remove the folder and rebuild it from the outbox")]
    Damaged {
        /// The file.
        file: String,
        /// What is wrong with it.
        fault: String,
    },
    /// Nothing was named.
    #[error("erase from the index: no capture was named, or more than {most} at once")]
    Captures {
        /// The bound.
        most: usize,
    },
    /// The folder cannot be used.
    #[error("{during} the index folder: {source}")]
    File {
        /// What was being done.
        during: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// tantivy failed.
    #[error("{during} the index: {source}")]
    Engine {
        /// What was being done.
        during: &'static str,
        /// tantivy's answer.
        source: tantivy::TantivyError,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        use tantivy::TantivyError as T;
        match self {
            Self::Mismatch => Kind::Refused,
            Self::FolderName | Self::Captures { .. } => Kind::Usage,
            Self::Version { .. } | Self::Busy | Self::File { .. } => Kind::Unavailable,
            Self::Damaged { .. } => Kind::Damaged,
            Self::Engine { source, .. } => match source {
                T::DataCorruption(_) | T::SchemaError(_) | T::IncompatibleIndex(_) | T::DeserializeError(_) => {
                    Kind::Damaged
                }
                T::IoError(_)
                | T::OpenDirectoryError(_)
                | T::OpenReadError(_)
                | T::OpenWriteError(_)
                | T::LockFailure(..) => Kind::Unavailable,
                _ => Kind::Internal,
            },
        }
    }
}

impl Error {
    pub(crate) fn damaged(file: impl Into<String>, fault: impl Into<String>) -> Self {
        Self::Damaged { file: file.into(), fault: fault.into() }
    }
}

/// Puts what was being done before tantivy's answer.
pub(crate) fn during(during: &'static str) -> impl Fn(tantivy::TantivyError) -> Error {
    move |source| Error::Engine { during, source }
}

/// Puts what was being done before the system's answer.
pub(crate) fn in_folder(during: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::File { during, source }
}
