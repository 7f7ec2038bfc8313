//! What can go wrong, in words that carry nothing of the query or of a page.

use model::{HasKind, Kind};

use crate::ParseError;

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The query was not understood.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// Nothing has been indexed for the case.
    #[error("find an index of this case: nothing has been indexed yet")]
    NoIndex,
    /// The folder's name is no case.
    #[error("open the index: its folder is not named by a case")]
    FolderName,
    /// Another version wrote the index.
    #[error(
        "open the index: it has version {found}, this program reads version {known}; have the case's folder below `index/` removed and run `lanthorn crawl run`: it writes it anew from the outbox"
    )]
    Version {
        /// The version in the folder.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// What is in the folder is not what was written.
    #[error("read the index: {0}; run `lanthorn doctor --deep`")]
    Damaged(&'static str),
    /// The licence is for another case.
    #[error("refused by rule `licence-case`: the permit is for another case; ask for one for this case")]
    OtherCase,
    /// The index has no such capture.
    #[error("find the capture: this case's index has none of that id; it was not collected, or has been erased")]
    NoCapture,
    /// Paging went too far.
    #[error("page through the hits: offset and limit together may not exceed {most}; narrow the query instead")]
    Window {
        /// The bound.
        most: usize,
    },
    /// The time was up.
    #[error("answer within {millis} ms: the query takes longer; narrow it, or take a common word out of a phrase")]
    Deadline {
        /// The budget.
        millis: i64,
    },
    /// The folder cannot be read.
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
            Self::Parse(error) => error.kind(),
            Self::NoIndex | Self::Version { .. } | Self::Deadline { .. } | Self::File { .. } => Kind::Unavailable,
            Self::FolderName | Self::NoCapture | Self::Window { .. } => Kind::Usage,
            Self::Damaged(_) => Kind::Damaged,
            Self::OtherCase => Kind::Refused,
            Self::Engine { source, .. } => match source {
                T::DataCorruption(_) | T::SchemaError(_) | T::IncompatibleIndex(_) | T::DeserializeError(_) => {
                    Kind::Damaged
                }
                T::IoError(_) | T::OpenDirectoryError(_) | T::OpenReadError(_) | T::LockFailure(..) => {
                    Kind::Unavailable
                }
                _ => Kind::Internal,
            },
        }
    }
}

/// Puts what was being done before tantivy's answer.
pub(crate) fn during(during: &'static str) -> impl Fn(tantivy::TantivyError) -> Error {
    move |source| Error::Engine { during, source }
}
