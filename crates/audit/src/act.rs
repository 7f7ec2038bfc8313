//! What was done, by whom, and the rest of what a record says.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use model::{AuthorisationId, CaptureId, CaseId, EpochId, PersonId, Role};

macro_rules! act_kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The kind of an act: a word in the leaf, and all of the act that stays for ever.
        ///
        /// The first six are the processing operations of Directive (EU) 2016/680, Article 25.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ActKind {
            $($(#[$doc])* $name,)*
        }

        impl ActKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in leaves and records.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

act_kinds! {
    /// A page is fetched and its original sealed.
    Collection = "collect",
    /// Stored data are changed: a note, a tag, an assessment.
    Alteration = "alter",
    /// The index is searched, or a redacted page read.
    Consultation = "consult",
    /// Data are handed to a recipient.
    Disclosure = "disclose",
    /// Data are brought together: a pivot, a link, a merge.
    Combination = "combine",
    /// Data are erased.
    Erasure = "erase",
    /// The last backup of an erased header has expired.
    ErasureConfirmed = "erase-confirm",
    /// Something was asked for that a rule forbids.
    Refusal = "refuse",
    /// A person signed in.
    SignIn = "sign-in",
    /// Signing in failed.
    SignInFailed = "sign-in-failed",
    /// A person signed out, or the session ended.
    SignOut = "sign-out",
    /// A person was proposed, confirmed or removed.
    Person = "person",
    /// A role was proposed, confirmed or taken away.
    Role = "role",
    /// A rule of the site was changed.
    Policy = "policy",
    /// A setting was changed.
    Setting = "setting",
    /// A case was opened or closed.
    Case = "case",
    /// A key epoch was certified, installed or retired.
    Epoch = "epoch",
    /// A key was made, loaded for the first time, or destroyed.
    Key = "key",
    /// A holder made a share on a dummy document.
    Drill = "drill",
    /// An authorisation was signed or registered.
    Authorisation = "authorise",
    /// An authorisation was revoked.
    Revocation = "revoke",
    /// A selector was asked for, approved or denied.
    Selector = "selector",
    /// A crawl was started.
    CrawlStart = "crawl-start",
    /// A crawl was stopped, paused or ended.
    CrawlStop = "crawl-stop",
    /// The unsealing of a capture was asked for.
    UnsealRequest = "unseal-request",
    /// A supervisor granted it.
    UnsealGrant = "unseal-grant",
    /// A supervisor denied it.
    UnsealDenial = "unseal-deny",
    /// A supervisor gave a share.
    UnsealShare = "unseal-share",
    /// An original was opened.
    UnsealOpen = "unseal-open",
    /// An opened original was closed.
    UnsealClose = "unseal-close",
    /// Data were put on hold, or released.
    Hold = "hold",
    /// A use was reviewed.
    Review = "review",
    /// The system was paused or resumed.
    Pause = "pause",
    /// A client cosigned a checkpoint of the log.
    Witness = "witness",
    /// A request was withdrawn by whoever made it.
    UnsealWithdrawal = "unseal-withdraw",
    /// An authority was asked for its time under a checkpoint.
    Stamp = "stamp",
    /// The log itself was read.
    LogRead = "log-read",
    /// The account of a site was set, forgotten, logged in, or its session lost.
    Account = "account",
}

impl fmt::Display for ActKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// The word names no kind of act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of act")]
pub struct UnknownAct;

impl FromStr for ActKind {
    type Err = UnknownAct;

    fn from_str(word: &str) -> Result<Self, UnknownAct> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word).ok_or(UnknownAct)
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, by account name.
    Person(PersonId),
    /// A process of the system, by its name: `crawl`, `serve`, `log`, `recovery`.
    Process(&'static str),
}

/// `person s.maria` or `process crawl`.
impl fmt::Display for Actor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(out, "person {person}"),
            Self::Process(process) => write!(out, "process {process}"),
        }
    }
}

/// An act: kind, actor, and what its record says besides.
///
/// The record is what the law asks for (who, in which role, on which case, why, to whom) and can be erased. Never put
/// page text, a URL, an onion address or a query in clear into it.
#[derive(Clone)]
pub struct Act {
    pub(crate) kind: ActKind,
    pub(crate) who: Actor,
    pub(crate) capture: Option<CaptureId>,
    pub(crate) fields: BTreeMap<&'static str, String>,
}

impl Act {
    /// An act of `who`.
    #[must_use]
    pub const fn new(kind: ActKind, who: Actor) -> Self {
        Self { kind, who, capture: None, fields: BTreeMap::new() }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> ActKind {
        self.kind
    }

    /// In which role.
    #[must_use]
    pub fn role(self, role: Role) -> Self {
        self.detail("role", role)
    }

    /// In which case.
    #[must_use]
    pub fn case(self, case: impl Borrow<CaseId>) -> Self {
        self.detail("case", case.borrow())
    }

    /// Under which authorisation.
    #[must_use]
    pub fn authorisation(self, authorisation: AuthorisationId) -> Self {
        self.detail("authorisation", authorisation)
    }

    /// On which capture.
    #[must_use]
    pub fn capture(mut self, capture: CaptureId) -> Self {
        self.capture = Some(capture);
        self
    }

    /// With which key epoch.
    #[must_use]
    pub fn epoch(self, epoch: EpochId) -> Self {
        self.detail("epoch", epoch)
    }

    /// Why: a reason code of the site, and a person's own words.
    #[must_use]
    pub fn reason(self, code: &str, text: &str) -> Self {
        self.detail("reason", code).detail("reason_text", text)
    }

    /// To whom data are handed, or whose role or request it is about.
    #[must_use]
    pub fn recipient(self, recipient: impl fmt::Display) -> Self {
        self.detail("recipient", recipient)
    }

    /// Under which rules: the hash of the policy in force.
    #[must_use]
    pub fn policy(self, hash: &[u8; 32]) -> Self {
        self.detail("policy", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    /// Anything else worth recording, such as `detail("hits", 12)`; a name used twice keeps the later value.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.fields.insert(name, value.to_string());
        self
    }
}

/// Prints kind, actor and the names of the fields: reasons may tell of persons.
impl fmt::Debug for Act {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Act({} by {}, {:?})", self.kind, self.who, self.fields.keys().collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_fit_a_leaf() {
        for kind in ActKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert!(kind.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{kind}");
        }
        assert_eq!("peek".parse::<ActKind>(), Err(UnknownAct));
    }

    #[test]
    fn debug_shows_no_value() {
        let act =
            Act::new(ActKind::Disclosure, Actor::Process("serve")).reason("R1", "a person's story").recipient("x");
        assert_eq!(format!("{act:?}"), r#"Act(disclose by process serve, ["reason", "reason_text", "recipient"])"#);
    }
}
