//! What went wrong, as a person or a program is told: a status, the rule, and what to do.

use axum::http::StatusCode;
use model::{HasKind, Kind};

use crate::DeskError;

/// An answer that is none of what was asked for.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// The sentence's key; `problem-KEY` and, for what to do, `problem-KEY-do`.
    pub(crate) key: &'static str,
    /// What a room said, in English; it holds no content.
    pub(crate) detail: Option<String>,
    /// Seconds after which it is worth trying again.
    pub(crate) retry_seconds: Option<i64>,
    /// What was typed and where in it the mistake is.
    pub(crate) at: Option<usize>,
}

impl Problem {
    pub(crate) const fn new(status: StatusCode, key: &'static str) -> Self {
        Self { status, key, detail: None, retry_seconds: None, at: None }
    }

    pub(crate) fn detail(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    pub(crate) const fn after(mut self, seconds: i64) -> Self {
        self.retry_seconds = Some(seconds);
        self
    }

    pub(crate) const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    pub(crate) const fn bad(key: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, key)
    }

    /// Whether whoever filled in a form can mend it there.
    pub(crate) fn mends(&self) -> bool {
        matches!(self.status, StatusCode::BAD_REQUEST | StatusCode::CONFLICT)
    }

    /// The rule that forbade it, where the detail names one.
    pub(crate) fn rule(&self) -> Option<&str> {
        self.detail.as_deref()?.split_once("rule `")?.1.split_once('`').map(|(rule, _)| rule)
    }

    fn of_kind(kind: Kind, error: &dyn std::error::Error) -> Self {
        match kind {
            Kind::Refused => Self::new(StatusCode::FORBIDDEN, "refused").detail(error),
            Kind::Usage => Self::bad("usage").detail(error),
            Kind::Unavailable => Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            _ => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed"),
        }
    }
}

/// What failed inside is told to whoever keeps the machine, and to nobody else.
fn failed(error: &(dyn std::error::Error + 'static)) {
    tracing::error!(%error, "a request failed");
}

impl From<access::Error> for Problem {
    fn from(error: access::Error) -> Self {
        use access::Error as E;
        match &error {
            // A case that is another's and a case that is not there look alike: names of cases are not to be guessed.
            E::Unknown { .. } | E::OthersCase { .. } => Self::not_found(),
            E::SignIn => Self::new(StatusCode::UNAUTHORIZED, "sign-in"),
            E::Locked { seconds } => Self::new(StatusCode::TOO_MANY_REQUESTS, "locked").after(*seconds),
            // Whoever is asking is not told which step has failed: the log is.
            E::Key(_) => Self::new(StatusCode::UNAUTHORIZED, "key"),
            E::KeyDemanded { .. } => Self::new(StatusCode::UNAUTHORIZED, "key-demanded"),
            E::KeyFirst { .. } => Self::new(StatusCode::FORBIDDEN, "key-first"),
            E::KeyName { why } => Self::bad("key-name").detail(why),
            E::TooManyKeys { most } => Self::new(StatusCode::CONFLICT, "key-limit").detail(most),
            E::LastKey { .. } => Self::new(StatusCode::CONFLICT, "last-key"),
            E::Role { .. } => Self::new(StatusCode::FORBIDDEN, "role").detail(&error),
            _ => {
                if !matches!(error.kind(), Kind::Refused | Kind::Usage) {
                    failed(&error);
                }
                Self::of_kind(error.kind(), &error)
            }
        }
    }
}

impl From<casework::Error> for Problem {
    fn from(error: casework::Error) -> Self {
        use casework::Error as E;
        match error {
            E::Access(error) => error.into(),
            E::Audit(error) => error.into(),
            E::Identifier(found) => found.into(),
            E::Query(error) => {
                let mut problem = Self::bad("query");
                problem.at = Some(error.at());
                problem.detail(error)
            }
            E::Search(error) => error.into(),
            E::Store(error) => error.into(),
            E::Unknown { .. } => Self::not_found(),
            E::Taken { .. } => Self::new(StatusCode::CONFLICT, "taken"),
            E::Length { most } => Self::bad("length").detail(most),
            E::Unfounded => Self::bad("unfounded"),
            other => {
                if !matches!(other.kind(), Kind::Refused | Kind::Usage) {
                    failed(&other);
                }
                Self::of_kind(other.kind(), &other)
            }
        }
    }
}

/// What was found and where; never what was typed.
impl From<redactor::Found> for Problem {
    fn from(found: redactor::Found) -> Self {
        let findings = found.findings().iter();
        let labels: Vec<_> = findings.map(|one| format!("{} {}–{}", one.label, one.start + 1, one.end)).collect();
        Self::bad("identifier").detail(labels.join(", "))
    }
}

impl From<search::Error> for Problem {
    fn from(error: search::Error) -> Self {
        match &error {
            search::Error::NoIndex => Self::new(StatusCode::NOT_FOUND, "no-index"),
            search::Error::NoCapture => Self::new(StatusCode::NOT_FOUND, "not-indexed"),
            search::Error::Deadline { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "deadline"),
            search::Error::Window { .. } => Self::bad("window"),
            _ => {
                failed(&error);
                Self::of_kind(error.kind(), &error)
            }
        }
    }
}

impl From<vault::Error> for Problem {
    fn from(error: vault::Error) -> Self {
        match &error {
            vault::Error::Unknown(_) => Self::not_found(),
            vault::Error::Erased(_) => Self::new(StatusCode::GONE, "erased"),
            _ => {
                failed(&error);
                Self::of_kind(error.kind(), &error)
            }
        }
    }
}

impl From<audit::Error> for Problem {
    fn from(error: audit::Error) -> Self {
        // What cannot be logged is not done.
        failed(&error);
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no-log")
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        failed(&error);
        Self::of_kind(error.kind(), &error)
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Refused(why) => Self::bad("usage").detail(why),
            DeskError::Failed(_) => {
                failed(&error);
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed")
            }
        }
    }
}
