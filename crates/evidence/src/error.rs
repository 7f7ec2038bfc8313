//! What can go wrong, in words that fit after "failed to".

use std::io;
use std::path::PathBuf;

use model::{CaptureId, HasKind, Kind};

/// Why a pack or report was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the pack could not be written.
    #[error("write {}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The log does not show what the pack is to show.
    #[error("prove an entry: {0}")]
    Log(#[from] audit::Fault),
    /// A page of an early build, without what a pack needs.
    #[error(
        "export capture {0}: it was redacted by a build that kept no derivation; collect it again, or leave it out with --except"
    )]
    NoDerivation(CaptureId),
    /// More than the format can hold.
    #[error("write the archive: {what} has more than {limit} bytes; export fewer captures at a time")]
    TooLarge {
        /// What.
        what: &'static str,
        /// How much there may be.
        limit: u64,
    },
    /// A disclosure grant that is none.
    #[error("read the disclosure grant: {0}")]
    Grant(&'static str),
    /// A domain's key or certificate that cannot be used.
    #[error("sign for the domain: {0}")]
    Domain(&'static str),
    /// A report that cannot be set as PDF.
    #[error("set the report as PDF: {0}")]
    Pdf(&'static str),
    /// A value that cannot be written as JSON.
    #[error("write a value: {0}")]
    Value(#[from] serde_json::Error),
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::File { .. } => Kind::Unavailable,
            Self::Log(fault) => fault.kind(),
            Self::NoDerivation(_) | Self::TooLarge { .. } => Kind::Refused,
            Self::Grant(_) | Self::Domain(_) => Kind::Usage,
            Self::Pdf(_) | Self::Value(_) => Kind::Internal,
        }
    }
}

/// Puts the file's name to an error of the system.
pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { path, source }
}
