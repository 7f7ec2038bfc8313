//! What can go wrong with the journal and the log.

use model::{HasKind, Kind};

/// A failure of the journal or of the log's writer. What a verification finds is a [`Fault`](crate::Fault).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The control database could not do it; the act must not happen.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// SQLite said no; the act must not happen.
    #[error("{during} in the journal: {source}")]
    Journal {
        /// What was being done.
        during: &'static str,
        /// SQLite's answer.
        source: sqlx::Error,
    },
    /// A file of the log or of a run could not be used.
    #[error("{during}: {source}")]
    File {
        /// What was being done.
        during: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A record is longer than a log entry may be.
    #[error("write the record of an act: it has {bytes} bytes, {limit} are allowed; shorten the reason")]
    RecordTooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The intent is not an open one of the journal.
    #[error(
        "close an intent: it is not open in the journal (closed by a recovery, or its transaction was rolled back)"
    )]
    NotOpen,
    /// The intent does not announce what was done.
    #[error("issue a receipt: the intent does not announce the collection of this capture")]
    OtherIntent,
    /// The one collector of a journal has been given out.
    #[error("take the collector: it has been taken; there is one per journal")]
    CollectorTaken,
    /// A key, or the name it signs under, is malformed.
    #[error("read the log's key: {0}")]
    Key(&'static str),
    /// Others can read the log's signing key.
    #[error("read the log's key: its file is open to other users of this machine; take that away with `chmod 600`")]
    KeyExposed,
    /// Another process signs this log.
    #[error("open the log for signing: another process has it open")]
    Locked,
    /// A cosigned checkpoint is none of this log, or its witness's line does not hold.
    #[error("keep a cosigned checkpoint: {0}")]
    Cosigned(crate::BadCheckpoint),
    /// Journal, tiles and checkpoint contradict one another: signing on would fork history.
    #[error("sign the log: {fault}; nothing was signed")]
    Fork {
        /// What contradicts what.
        fault: String,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => error.kind(),
            Self::Journal { source, .. } => store::kind_of(source),
            Self::File { .. } | Self::Locked => Kind::Unavailable,
            Self::RecordTooLong { .. } | Self::Key(_) => Kind::Usage,
            Self::KeyExposed | Self::Cosigned(_) => Kind::Refused,
            Self::NotOpen | Self::OtherIntent | Self::CollectorTaken => Kind::Internal,
            Self::Fork { .. } => Kind::Damaged,
        }
    }
}

pub(crate) fn in_journal(during: &'static str) -> impl Fn(sqlx::Error) -> Error {
    move |source| Error::Journal { during, source }
}

pub(crate) fn in_file(during: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::File { during, source }
}
