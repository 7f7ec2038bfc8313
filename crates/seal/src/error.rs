//! What can go wrong, in words that fit after "failed to".

use std::fmt;

use model::{HasKind, Kind};

/// Why something sealed was not made, not read or not believed. No variant carries content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes that are not of the form that the format's page describes.
    #[error("read the {what}: {why}")]
    Malformed {
        /// Which format.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A version from elsewhere or from later.
    #[error("read the {what}: it is of version {found}, and the newest known here is {known}")]
    Version {
        /// Which format.
        what: &'static str,
        /// Its version.
        found: u64,
        /// The newest we read.
        known: u64,
    },
    /// More bytes than the format allows.
    #[error("take the {what}: it has {bytes} bytes, and at most {limit} are allowed")]
    TooLarge {
        /// Which format.
        what: &'static str,
        /// How many it has.
        bytes: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// The header's label and key part do not belong together.
    #[error(
        "accept the header: refused by rule `label-proof`: its label proof does not hold, so its label or its key part was changed or taken from another"
    )]
    LabelProof,
    /// The header was sealed to other keys than the ones at hand.
    #[error(
        "use this epoch's keys: refused by rule `same-epoch`: the header names another epoch; take the shares and the certificate of that one"
    )]
    OtherEpoch,
    /// Too few shares that hold.
    #[error("open the original: refused by rule `enough-shares`: {good} of the shares hold and {needed} are needed{}; other supervisors have to approve as well", Named(.blamed))]
    NotEnoughShares {
        /// How many distinct supervisors' shares hold.
        good: usize,
        /// The epoch's threshold.
        needed: usize,
        /// Which do not, and why.
        blamed: Vec<Blame>,
    },
    /// Enough shares hold, and no supervisor's ML-KEM secret opens the file key.
    #[error(
        "open the original: refused by rule `own-secret`: none of the ML-KEM secrets that came with the shares fits this header"
    )]
    NoSecretFits,
    /// The header's MAC or a payload chunk is not what was written.
    #[error("open the original: refused by rule `as-written`: the header or the payload is not what was written")]
    Altered,
    /// The payload opens, and holds something else than what the log committed to.
    #[error("accept the original: refused by rule `as-committed`: it is not the one that the log committed to")]
    OtherOriginal,
    /// A certificate that is not believed.
    #[error("believe the epoch certificate: refused by rule `certified-epoch`: {0}")]
    Certificate(&'static str),
    /// Key generation, or a refresh of shares, stopped.
    #[error("make the epoch's shares: {why}{}", Culprit(.culprit))]
    KeyGeneration {
        /// What was wrong.
        why: &'static str,
        /// Whose message it was, where that is known.
        culprit: Option<u16>,
    },
    /// The repair of a share stopped.
    #[error("repair the share: {why}{}", Culprit(.culprit))]
    Repair {
        /// What was wrong.
        why: &'static str,
        /// Whose message it was, where that is known.
        culprit: Option<u16>,
    },
    /// The recipient of a disclosure did not take the file key.
    #[error("disclose the original: the recipient's key cannot be used")]
    Recipient,
}

/// A supervisor whose contribution does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The supervisor's index in the roster.
    pub index: u16,
    /// What is wrong with the contribution.
    pub fault: Fault,
}

/// What is wrong with a supervisor's contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No supervisor of this epoch has that index.
    NotInRoster,
    /// The share's proof does not hold for this header and this grant.
    BadProof,
    /// The share holds, and the ML-KEM secret beside it is not this header's.
    WrongSecret,
}

impl Fault {
    /// In words that follow "supervisor 3".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotInRoster => "is not in the epoch's roster",
            Self::BadProof => "sent a share whose proof does not hold for this header and this grant",
            Self::WrongSecret => "sent an ML-KEM secret that is not this header's",
        }
    }
}

struct Named<'a>(&'a [Blame]);

impl fmt::Display for Named<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|blame| write!(out, "; supervisor {} {}", blame.index, blame.fault.as_str()))
    }
}

struct Culprit<'a>(&'a Option<u16>);

impl fmt::Display for Culprit<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |index| write!(out, " (member {index})"))
    }
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Malformed { .. } | Self::Version { .. } | Self::LabelProof | Self::Altered | Self::OtherOriginal => {
                Kind::Damaged
            }
            Self::TooLarge { .. } | Self::Recipient => Kind::Usage,
            Self::OtherEpoch | Self::NotEnoughShares { .. } | Self::NoSecretFits | Self::Certificate(_) => {
                Kind::Refused
            }
            Self::KeyGeneration { .. } | Self::Repair { .. } => Kind::CheckFailed,
        }
    }
}
