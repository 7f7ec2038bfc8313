//! What can go wrong between the frontier and the wire.

use authorisation::Refusal;
use model::{AuthorisationId, HasKind, Kind};

/// Every failure of this crate. None carries a URL or a host.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The control database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A statement on the control database failed.
    #[error("{during} in the frontier: {source}")]
    Sql {
        /// What was being done.
        during: &'static str,
        /// SQLite's answer; values are bound, never part of its text.
        source: sqlx::Error,
    },
    /// Stored rows are not what was written.
    #[error("{during} in the frontier: what is stored is not what was written ({what}); run `lanthorn doctor --deep`")]
    Damaged {
        /// What was being done.
        during: &'static str,
        /// What does not fit.
        what: &'static str,
    },
    /// The lease ran out and the page was given to somebody else.
    #[error("give a lease back: it ran out and was taken back meanwhile; the page will be fetched again")]
    LeaseLost,
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An authorisation's file is not one.
    #[error(transparent)]
    Document(#[from] authorisation::Error),
    /// No such authorisation is registered.
    #[error("find authorisation {0}: it is not registered; `lanthorn authorisation list` shows those that are")]
    Unknown(AuthorisationId),
    /// No such site is known to the frontier of the case.
    #[error("find the site: no host of that label has been crawled in this case; `lanthorn crawl status` lists them")]
    UnknownSite,
    /// What was typed for an account cannot be used.
    #[error("keep the account: {0}")]
    Account(&'static str),
    /// The crawl process has told nobody yet what to encrypt accounts to.
    #[error(
        "keep the account: the crawl process has made no key for accounts of this case yet; run `lanthorn account prepare CASE` as its user"
    )]
    NoAccountKey,
    /// A schedule that is none.
    #[error("read the schedule: {0}")]
    Calendar(String),
    /// The key file cannot be used.
    #[error("{during} the crawl key: {source}")]
    KeyFile {
        /// What was being done.
        during: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The key file can be read by others, or is no key.
    #[error("use the crawl key: {0}")]
    Key(&'static str),
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => error.kind(),
            Self::Sql { source, .. } => store::kind_of(source),
            Self::Damaged { .. } => Kind::Damaged,
            Self::LeaseLost | Self::KeyFile { .. } | Self::NoAccountKey => Kind::Unavailable,
            Self::Refused(_) => Kind::Refused,
            Self::Document(error) => error.kind(),
            Self::Unknown(_) | Self::UnknownSite | Self::Calendar(_) | Self::Account(_) => Kind::Usage,
            Self::Key(_) => Kind::Refused,
        }
    }
}

/// Puts what was being done before SQLite's answer.
pub(crate) fn during(during: &'static str) -> impl Fn(sqlx::Error) -> Error {
    move |source| match store::kind_of(&source) {
        Kind::Damaged => Error::Damaged { during, what: "SQLite cannot read it" },
        _ => Error::Sql { during, source },
    }
}
