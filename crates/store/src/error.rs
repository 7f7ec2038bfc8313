//! What can go wrong with the control database.

use model::{HasKind, Kind};

/// A failure of the control database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file can be read or written by others.
    #[error(
        "open the control database: {what} is open to other users of this machine; take that away with `chmod 600`"
    )]
    Exposed {
        /// Which file.
        what: &'static str,
    },
    /// The folder or file cannot be used.
    #[error("{during} the control database's file: {source}")]
    File {
        /// What was being done.
        during: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// SQLite said no.
    #[error("{during} in the control database: {source}")]
    Database {
        /// What was being done.
        during: &'static str,
        /// SQLite's answer; values are bound, never part of its text.
        source: sqlx::Error,
    },
    /// Another process or reader holds the database for longer than we wait.
    #[error("{during} in the control database: another process is using it; try again")]
    Busy {
        /// What was being done.
        during: &'static str,
    },
    /// The transaction that several pieces of work shared was not committed: none of them is kept.
    #[error("write to the control database: {why}")]
    Together {
        /// What went wrong for all of them.
        why: std::sync::Arc<str>,
    },
    /// The database was written by a newer version.
    #[error(
        "open the control database: it holds migration {number}, which this version does not know; use the newer version"
    )]
    Newer {
        /// The unknown migration.
        number: i64,
    },
    /// A migration's text is not the one that made this database.
    #[error("open the control database: migration {number} is not the one that this database was made with")]
    MigrationChanged {
        /// The migration.
        number: i64,
    },
    /// A table breaks the rules of the house.
    #[error("keep table {table} in the control database: {rule}")]
    Table {
        /// Its name.
        table: String,
        /// The rule.
        rule: &'static str,
    },
    /// What is stored is not what was written.
    #[error("find the control database whole: {fault}")]
    Damaged {
        /// Where, in words.
        fault: String,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Exposed { .. } => Kind::Refused,
            Self::File { .. } | Self::Busy { .. } | Self::Together { .. } | Self::Newer { .. } => Kind::Unavailable,
            Self::Database { source, .. } => kind_of(source),
            Self::MigrationChanged { .. } | Self::Table { .. } => Kind::Internal,
            Self::Damaged { .. } => Kind::Damaged,
        }
    }
}

/// What a failure reported by `sqlx` means: for the crates whose SQL runs on a [`Tx`](crate::Tx).
#[must_use]
pub fn kind_of(error: &sqlx::Error) -> Kind {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Kind::Unavailable,
        sqlx::Error::Database(database) => {
            // The primary result code is the low byte of SQLite's extended one.
            match database.code().and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xff) {
                Some(11 | 26) => Kind::Damaged,                      // CORRUPT, NOTADB
                Some(5 | 6 | 8 | 10 | 13 | 14) => Kind::Unavailable, // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
                _ => Kind::Internal,
            }
        }
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Kind::Damaged,
        _ => Kind::Internal,
    }
}

/// Puts what was being done before SQLite's answer.
pub(crate) fn during(during: &'static str) -> impl Fn(sqlx::Error) -> Error {
    move |source| match kind_of(&source) {
        Kind::Damaged => {
            Error::Damaged { fault: format!("SQLite refuses to read it while trying to {during} ({source})") }
        }
        _ => Error::Database { during, source },
    }
}

/// Puts what was being done before the system's answer.
pub(crate) fn file_error(during: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::File { during, source }
}
