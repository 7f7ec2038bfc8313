//! What the client refuses, and what would make it lawful.

use model::{CaptureId, HasKind, Kind};

/// A refusal or a failure on a supervisor's or requester's machine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key file could not be used.
    #[error("{during}: {source}")]
    File {
        /// What was being done.
        during: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// There is a key folder already.
    #[error("make a key folder: refused by rule `keys-once`: there is one already; choose another with --keys")]
    Exists,
    /// A file is not of the expected form.
    #[error("read {what}: it is not of the expected form")]
    Malformed {
        /// Which file or message.
        what: &'static str,
    },
    /// The passphrase does not fit, or the file was changed.
    #[error("unlock {what}: wrong passphrase, or the file is damaged")]
    Locked {
        /// Which file.
        what: &'static str,
    },
    /// Encryption failed.
    #[error("encrypt {what}: {why}")]
    Encrypt {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// The cryptography of sealing refused.
    #[error(transparent)]
    Seal(#[from] seal::Error),
    /// The page inside could not be read.
    #[error(transparent)]
    Page(#[from] page::Error),
    /// The log's evidence does not hold.
    #[error(
        "approve: refused by rule `logged-grant`: {why}; run `lanthorn log --once` and try again, and tell the auditor if it stays"
    )]
    NotLogged {
        /// What does not hold.
        why: String,
    },
    /// Too few others have witnessed the log in which the grant stands.
    #[error(
        "use the grant: refused by rule `witnessed-grant`: {found} of {needed} witnesses have cosigned a log in which the \
         request stands; another supervisor or an auditor has to run `lanthorn supervisor witness` first"
    )]
    Unwitnessed {
        /// How many there are.
        found: usize,
        /// How many this folder's policy asks for.
        needed: usize,
    },
    /// What the witness is shown is not the log that it saw.
    #[error("witness: refused by rule `one-history`: {why}")]
    Forked {
        /// What does not hold.
        why: String,
    },
    /// The folder has approved enough for a day.
    #[error(
        "approve: refused by rule `ceiling`: {most} approvals in 24 hours {of} are what this key folder's policy.toml allows"
    )]
    Ceiling {
        /// The ceiling.
        most: usize,
        /// What it is for.
        of: &'static str,
    },
    /// A class that is none.
    #[error(
        "read a class: it is a name of 1 to 64 letters, digits and hyphens and 1 to {most} people, such as prosecution=s.amina,s.noor"
    )]
    Class {
        /// Most people.
        most: usize,
    },
    /// Somebody else has to speak first.
    #[error(
        "approve: refused by rule `every-class`: this key folder's policy.toml asks that somebody of class `{class}` ({people}) has \
         approved this very request first, and nobody of it has yet; let them decide, then approve again"
    )]
    ClassSilent {
        /// Which class.
        class: String,
        /// Who is in it.
        people: String,
    },
    /// A step of a ceremony that cannot be taken.
    #[error("key ceremony: refused by rule `{rule}`: {why}")]
    Ceremony {
        /// Which rule.
        rule: &'static str,
        /// Why, and what to do.
        why: String,
    },
    /// A share that was made for practice does not hold.
    #[error(
        "drill: your share does not hold against the epoch's certificate; a new epoch is needed, and nobody's share but yours is in doubt"
    )]
    DrillFailed,
    /// The requester is the supervisor.
    #[error("approve: refused by rule `no-self-approval`: the request is your own; another supervisor has to decide")]
    OwnRequest,
    /// The person is not in the roster of the certificate in force.
    #[error(
        "use your share: refused by rule `in-roster`: the epoch's certificate in force does not name you, so that no share of yours \
         opens anything of it; ask whoever keeps the epoch whether it was refreshed without you"
    )]
    NotInRoster,
    /// The grant's time is over.
    #[error("use the grant: refused by rule `live-grant`: its time is over; make a new request")]
    Expired,
    /// What is urgent is done soon.
    #[error(
        "approve: refused by rule `short-break-glass`: a request that breaks the glass lasts 8 hours at most; make a new one with fewer --hours"
    )]
    LongBreakGlass,
    /// The header is another capture's than the grant says.
    #[error(
        "approve: refused by rule `label-from-ciphertext`: the sealed header is capture {found}'s, and the grant names {named}"
    )]
    OtherCapture {
        /// What the ciphertext says.
        found: CaptureId,
        /// What the grant says.
        named: CaptureId,
    },
    /// The header was exchanged after the request.
    #[error("use the grant: refused by rule `same-header`: the sealed header is not the one that was asked for")]
    OtherHeader,
    /// The grant names another key to answer to.
    #[error(
        "use the grant: refused by rule `own-key`: the grant's answers are for another key than the one in this folder"
    )]
    OtherRecipient,
    /// A text of a grant has control characters or is too long.
    #[error("write a grant: {field} must be one line of at most {most} characters")]
    Text {
        /// Which field.
        field: &'static str,
        /// The limit.
        most: usize,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::File { .. } => Kind::Unavailable,
            Self::Malformed { .. } | Self::Text { .. } | Self::Class { .. } => Kind::Usage,
            Self::Seal(error) => error.kind(),
            Self::Page(error) => error.kind(),
            Self::Encrypt { .. } => Kind::Internal,
            Self::DrillFailed => Kind::CheckFailed,
            _ => Kind::Refused,
        }
    }
}

pub(crate) fn in_file(during: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::File { during, source }
}
