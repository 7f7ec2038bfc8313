//! What can go wrong with sealed originals.

use model::{CaptureId, HasKind, Kind};

/// A failure of the vault. No variant carries content.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The control database could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The journal could not do it.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The page could not be sealed.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// SQLite said no.
    #[error("{during} in the vault's table: {source}")]
    Table {
        /// What was being done.
        during: &'static str,
        /// SQLite's answer.
        source: sqlx::Error,
    },
    /// A file could not be used.
    #[error("{during} in the vault: {source}")]
    File {
        /// What was being done.
        during: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// There is no such capture.
    #[error("find capture {0} in the vault: there is none")]
    Unknown(CaptureId),
    /// Its header has been destroyed.
    #[error("read capture {0} from the vault: it has been erased")]
    Erased(CaptureId),
    /// There is one already.
    #[error("seal capture {0}: the vault holds one with this id")]
    Exists(CaptureId),
    /// A capture is being sealed by some process, so that what has no entry yet cannot be told from what never will.
    #[error("sweep the vault: a page is being sealed; try again")]
    Busy,
    /// A legal hold stands on it.
    #[error(
        "erase capture {capture}: refused by rule `legal-hold`: hold {hold} stands on it; two persons release it with `lanthorn retention release {hold}`"
    )]
    Held {
        /// Which capture.
        capture: CaptureId,
        /// The hold's number.
        hold: i64,
    },
    /// There is no such hold, or it has been released.
    #[error("release hold {0}: there is none that stands; `lanthorn retention holds` lists them")]
    NoHold(i64),
    /// The same person asked before.
    #[error("release hold {0}: refused by rule `two-release`: you have asked already; another person has to ask, too")]
    SecondPerson(i64),
    /// What is stored is not what was sealed.
    #[error("read what was sealed: {0}")]
    Damaged(crate::Fault),
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => error.kind(),
            Self::Audit(error) => error.kind(),
            Self::Seal(error) => error.kind(),
            Self::Table { source, .. } => store::kind_of(source),
            Self::File { .. } | Self::Busy => Kind::Unavailable,
            Self::Unknown(_) | Self::NoHold(_) => Kind::Usage,
            Self::Erased(_) | Self::Held { .. } | Self::SecondPerson(_) => Kind::Refused,
            Self::Exists(_) => Kind::Internal,
            Self::Damaged(_) => Kind::Damaged,
        }
    }
}

pub(crate) fn in_table(during: &'static str) -> impl Fn(sqlx::Error) -> Error {
    move |source| Error::Table { during, source }
}

pub(crate) fn in_file(during: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::File { during, source }
}

/// Runs file work and cryptography away from the threads that wait for events.
pub(crate) async fn blocking<T: Send + 'static>(
    during: &'static str,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|stopped| in_file(during)(stopped.into()))?
}
