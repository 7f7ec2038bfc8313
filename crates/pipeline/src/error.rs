//! What can stop the line.

use model::{HasKind, Kind};

use crate::Stage;

/// A failure of the line, or of one stage of it. None of them carries page text, a URL or a token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The control database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A statement on the control database failed.
    #[error("use the control database: {0}")]
    Sql(#[from] sqlx::Error),
    /// The log failed.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The crawler failed.
    #[error(transparent)]
    Crawler(#[from] crawler::Error),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The index failed.
    #[error(transparent)]
    Indexer(#[from] indexer::Error),
    /// A redacted row did not come back as it was written.
    #[error(transparent)]
    Redactor(#[from] redactor::Error),
    /// An outbox row has ids of the wrong length.
    #[error("read outbox row {seq}: its ids are not what was written; run `lanthorn doctor --deep`")]
    OutboxRow {
        /// The row.
        seq: i64,
    },
    /// An outbox row names a capture of which the log knows nothing.
    #[error("index outbox row {seq}: the log holds no `collected` entry for its capture; run `lanthorn audit verify`")]
    NotCollected {
        /// The row.
        seq: i64,
    },
    /// Whoever else looks at pages as they are indexed failed.
    #[error("hold a page against the alerts: failed to {why}")]
    Notice {
        /// What failed; never of the page.
        why: String,
        /// The kind of failure.
        kind: Kind,
    },
    /// A stage panicked; the page it held is given up for now.
    #[error("finish stage `{}`: it panicked, and its message is withheld", .stage.as_str())]
    Panicked {
        /// Where.
        stage: Stage,
    },
    /// A watcher stopped the page.
    #[error("finish stage `{}`: stopped by a watcher", .stage.as_str())]
    Stopped {
        /// Where.
        stage: Stage,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Notice { kind, .. } => *kind,
            Self::Store(error) => error.kind(),
            Self::Sql(_) => Kind::Unavailable,
            Self::Audit(error) => error.kind(),
            Self::Crawler(error) => error.kind(),
            Self::Vault(error) => error.kind(),
            Self::Indexer(error) => error.kind(),
            Self::Redactor(error) => error.kind(),
            Self::OutboxRow { .. } | Self::NotCollected { .. } => Kind::Damaged,
            Self::Panicked { .. } | Self::Stopped { .. } => Kind::Internal,
        }
    }
}
