//! What can go wrong, in words that carry nothing of the text.

use model::{HasKind, Kind};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key file could not be read or written.
    #[error("{act} the {what} file: {source}")]
    KeyFile {
        /// `read` or `write`.
        act: &'static str,
        /// Which key.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// A key file is not a key.
    #[error("read the {what} file: expected exactly {expected} bytes, found {found}")]
    KeyLength {
        /// Which key.
        what: &'static str,
        /// How long a key is.
        expected: usize,
        /// How long the file is.
        found: usize,
    },
    /// Others may read the key file.
    #[error("use the {what} file: its mode is {mode:03o}, so others can read it; make it 600")]
    KeyOpen {
        /// Which key.
        what: &'static str,
        /// The permission bits found.
        mode: u32,
    },
    /// An outbox row is not what was written, or was written under another key.
    #[error("read an outbox row: {0}")]
    Row(&'static str),
    /// The input or output of a JSONL run failed.
    #[error("{act} the JSONL stream: {source}")]
    Stream {
        /// `read` or `write`.
        act: &'static str,
        /// Why.
        source: std::io::Error,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::KeyFile { .. } | Self::Stream { .. } => Kind::Unavailable,
            Self::KeyLength { .. } | Self::Row(_) => Kind::Damaged,
            Self::KeyOpen { .. } => Kind::Refused,
        }
    }
}
