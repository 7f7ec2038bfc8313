//! What access control refuses, and what would make it lawful.

use model::{Action, HasKind, Kind, PersonId, Role};

use crate::Refusal;

/// A refusal or a failure of access control.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The control database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A statement on the control database failed.
    #[error("use the control database: {0}")]
    Sql(#[from] sqlx::Error),
    /// The log could not be written, so nothing was done.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// Unknown person or wrong passphrase; which of the two is not said.
    #[error("sign in: refused by rule `sign-in`: unknown person or wrong passphrase")]
    SignIn,
    /// Too many wrong passphrases.
    #[error("sign in: refused by rule `sign-in-rate`: too many wrong passphrases; try again in {seconds} s")]
    Locked {
        /// Seconds to wait.
        seconds: i64,
    },
    /// A security key is not taken.
    #[error("use a security key: refused by rule `{rule}`: {0}", rule = .0.rule())]
    Key(Refusal),
    /// The role signs in on the web with a key, and the person has one.
    #[error(
        "sign in: refused by rule `key-demanded`: a {role} signs in with a security key here; one that is lost is taken away with `lanthorn people forget-key`"
    )]
    KeyDemanded {
        /// The role.
        role: Role,
    },
    /// The role demands a key and the person has none yet.
    #[error("go on: refused by rule `key-first`: a {role} signs in with a security key here; add one first")]
    KeyFirst {
        /// The role.
        role: Role,
    },
    /// Keys are changed by whoever has just proved that it is them.
    #[error(
        "change security keys: refused by rule `prove-again`: prove again that it is you; it counts for five minutes"
    )]
    NotProved,
    /// The last key of somebody whose role demands one stays.
    #[error(
        "remove a security key: refused by rule `last-key`: it is the last, and a {role} needs one here; add another first"
    )]
    LastKey {
        /// The role.
        role: Role,
    },
    /// A key's name is no name.
    #[error("name a security key: {why}")]
    KeyName {
        /// What is wrong.
        why: &'static str,
    },
    /// Nobody needs so many keys.
    #[error("add a security key: refused by rule `key-limit`: {most} are the most; remove one first")]
    TooManyKeys {
        /// How many there may be.
        most: usize,
    },
    /// An address that no key can be bound to.
    #[error("bind security keys to {origin:?}: {why}")]
    Origin {
        /// What was given.
        origin: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The role may not do that.
    #[error("{action:?}: refused by rule `role-table`: a {role} never may; ask somebody whose role is granted it")]
    Role {
        /// Who asked, by role.
        role: Role,
        /// What was asked.
        action: Action,
    },
    /// The site's own policy denies what the role table grants.
    #[error("{action:?}: refused by rule `site-policy`: {policies}; `lanthorn policy show` prints it")]
    SitePolicy {
        /// What was asked.
        action: Action,
        /// By which policies.
        policies: String,
    },
    /// A file that is no policy of a site.
    #[error("read the site's policy: {why}")]
    Policy {
        /// What is wrong with it.
        why: String,
    },
    /// A message of a ceremony or a repair is not taken.
    #[error("hand in mail: refused by rule `{rule}`: {why}")]
    Mail {
        /// The rule.
        rule: &'static str,
        /// What is wrong, and what to do.
        why: &'static str,
    },
    /// The same person twice where two are needed.
    #[error("confirm: refused by rule `two-persons`: {person} proposed it; another supervisor has to confirm")]
    SamePerson {
        /// Who.
        person: PersonId,
    },
    /// Fewer than two supervisors would be left.
    #[error(
        "change a role: refused by rule `two-supervisors`: fewer than two would be left; add another supervisor first"
    )]
    TooFewSupervisors,
    /// The permit is for something else.
    #[error("{needed:?}: refused by rule `permit-fits`: the permit at hand is for another action; ask for this one")]
    OtherPermit {
        /// What a permit is needed for.
        needed: Action,
    },
    /// Before two supervisors exist, only supervisors can be added.
    #[error(
        "add a person: refused by rule `supervisors-first`: until two supervisors exist only supervisors can be added"
    )]
    SupervisorsFirst,
    /// Nobody signed in where it is needed.
    #[error(
        "add a person: refused by rule `two-persons`: two supervisors exist, so one of them has to propose; sign in with --as"
    )]
    NeedsProposer,
    /// A supervisor without keys could neither sign nor hold a share.
    #[error(
        "add a supervisor: refused by rule `supervisor-keys`: give --enrolment FILE, made by `lanthorn supervisor enrol`"
    )]
    NeedsKeys,
    /// The passphrase is too short.
    #[error("set a passphrase: refused by rule `passphrase-length`: use {least} characters or more")]
    ShortPassphrase {
        /// The least length.
        least: usize,
    },
    /// The name is taken.
    #[error("add {person}: refused by rule `one-account`: there is a person or an open proposal of that name")]
    Taken {
        /// Who.
        person: PersonId,
    },
    /// There is no such thing.
    #[error("find {what}: there is none; see `lanthorn {list}`")]
    Unknown {
        /// What was looked for.
        what: String,
        /// The command that lists what there is.
        list: &'static str,
    },
    /// A case that is closed takes no more.
    #[error("use case {case}: refused by rule `open-case`: it is closed")]
    ClosedCase {
        /// The case.
        case: model::CaseId,
    },
    /// A case that others work on.
    #[error(
        "read case {case}: refused by rule `own-case`: you do not work on it; a supervisor who does may run `lanthorn case assign {case} YOU`"
    )]
    OthersCase {
        /// The case.
        case: model::CaseId,
    },
    /// The requester decides about the own request.
    #[error(
        "decide request {request}: refused by rule `no-self-approval`: the requester never decides; another supervisor has to"
    )]
    OwnRequest {
        /// The request.
        request: i64,
    },
    /// Somebody else's request.
    #[error(
        "withdraw request {request}: refused by rule `own-request`: only whoever asked withdraws; a supervisor denies"
    )]
    OthersRequest {
        /// The request.
        request: i64,
    },
    /// A second decision of one person about one request.
    #[error("decide request {request}: refused by rule `one-decision`: this supervisor has decided already")]
    DecidedAlready {
        /// The request.
        request: i64,
    },
    /// The request's time is over, or somebody denied it.
    #[error("use request {request}: refused by rule `live-grant`: {why}; make a new request")]
    Dead {
        /// The request.
        request: i64,
        /// Expired or denied.
        why: &'static str,
    },
    /// An earlier use of break-glass has not been reviewed.
    #[error(
        "ask: refused by rule `review-first`: request {request} broke the glass and nobody has reviewed it; a supervisor or an \
         auditor who had no part in it has to run `lanthorn supervisor review {request}`"
    )]
    ReviewOwed {
        /// The earlier request.
        request: i64,
    },
    /// Whoever asked or approved reviews nothing of it.
    #[error(
        "review request {request}: refused by rule `review-by-others`: you asked for it or approved it; somebody else reviews"
    )]
    OwnReview {
        /// The request.
        request: i64,
    },
    /// A review is given once.
    #[error("review request {request}: refused by rule `one-review`: it has been reviewed")]
    ReviewedAlready {
        /// The request.
        request: i64,
    },
    /// Nobody has looked for too long whether the case is still necessary.
    #[error(
        "read case {case}: refused by rule `case-review`: its review was due on {due}; a supervisor looks whether it is still necessary, and runs `lanthorn case review {case}`"
    )]
    ReviewOverdue {
        /// The case.
        case: model::CaseId,
        /// When it was due.
        due: model::Timestamp,
    },
    /// What still collects is not destroyed.
    #[error("destroy case {case}: refused by rule `closed-case`: it is open; `lanthorn case close {case}` first")]
    OpenCase {
        /// The case.
        case: model::CaseId,
    },
    /// A row is not what was written.
    #[error("read a row of `{table}`: it is not what was written; run `lanthorn doctor --deep`")]
    Row {
        /// The table.
        table: &'static str,
    },
    /// The passphrase could not be hashed.
    #[error("hash a passphrase: {0}")]
    Hash(argon2::password_hash::Error),
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => error.kind(),
            Self::Sql(error) => store::kind_of(error),
            Self::Audit(error) => error.kind(),
            Self::Unknown { .. } | Self::Policy { .. } | Self::Origin { .. } | Self::KeyName { .. } => Kind::Usage,
            Self::Row { .. } => Kind::Damaged,
            Self::Hash(_) => Kind::Internal,
            _ => Kind::Refused,
        }
    }
}
