//! Who may do what: one table, every pair of it tested.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a person is, in one case or on the whole site. Exclusive per person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Searches the redacted index of own cases; asks to unseal single captures.
    Analyst,
    /// Decides requests, holds one share, signs authorisations.
    Supervisor,
    /// Runs crawls inside a signed authorisation; reads no content.
    Operator,
    /// Verifies the log, sees every use and refusal; reads no originals.
    Auditor,
}

impl Role {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Analyst, Self::Supervisor, Self::Operator, Self::Auditor];

    /// The table: may this role do that? Anything not granted here is refused.
    #[must_use]
    pub const fn may(self, action: Action) -> bool {
        use Action as A;
        match self {
            Self::Analyst => matches!(action, A::Search | A::Pivot | A::RequestUnseal | A::OpenOriginal),
            Self::Supervisor => matches!(
                action,
                A::Search
                    | A::Pivot
                    | A::Export
                    | A::RequestUnseal
                    | A::OpenOriginal
                    | A::DecideUnseal
                    | A::SignAuthorisation
                    | A::AddAuthorisation
                    | A::RevokeAuthorisation
                    | A::ManageCase
                    | A::ManagePeople
                    | A::InstallEpoch
                    | A::Erase
                    | A::WitnessLog
                    | A::ReviewUse
                    | A::ExportEvidence
                    | A::ReadStatus
            ),
            Self::Operator => matches!(action, A::AddAuthorisation | A::RunCrawl | A::ReadStatus),
            Self::Auditor => {
                matches!(action, A::ReadLog | A::WitnessLog | A::ReviewUse | A::PauseSystem | A::ReadStatus)
            }
        }
    }

    /// The word used in files, commands and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Supervisor => "supervisor",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// The word names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role: use analyst, supervisor, operator or auditor")]
pub struct UnknownRole;

/// An act that needs a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Search the redacted index of a case.
    Search,
    /// Pivot on a hidden-identifier token.
    Pivot,
    /// Hand redacted search results to a recipient.
    Export,
    /// Ask that one capture be unsealed.
    RequestUnseal,
    /// Combine granted shares and read one original.
    OpenOriginal,
    /// Approve or deny a request to unseal, and give a share.
    DecideUnseal,
    /// Put one's signature under an authorisation.
    SignAuthorisation,
    /// Register a signed authorisation with the system.
    AddAuthorisation,
    /// Revoke an authorisation.
    RevokeAuthorisation,
    /// Plan, run, pause or stop a crawl inside an authorisation.
    RunCrawl,
    /// Open or close a case.
    ManageCase,
    /// Propose or confirm a person or a role (two persons each time).
    ManagePeople,
    /// Install a certified epoch for crawlers.
    InstallEpoch,
    /// Erase a capture.
    Erase,
    /// Read the audit log.
    ReadLog,
    /// Cosign the log's checkpoints with one's own client.
    WitnessLog,
    /// Review an opening that broke the glass.
    ReviewUse,
    /// Ask for a disclosure, and make the pack once others have approved it.
    ExportEvidence,
    /// Pause the whole system.
    PauseSystem,
    /// See health, schedules and counts: no content.
    ReadStatus,
}

impl Action {
    /// All of them, for the exhaustive test.
    pub const ALL: [Self; 20] = [
        Self::Search,
        Self::Pivot,
        Self::Export,
        Self::RequestUnseal,
        Self::OpenOriginal,
        Self::DecideUnseal,
        Self::SignAuthorisation,
        Self::AddAuthorisation,
        Self::RevokeAuthorisation,
        Self::RunCrawl,
        Self::ManageCase,
        Self::ManagePeople,
        Self::InstallEpoch,
        Self::Erase,
        Self::ReadLog,
        Self::WitnessLog,
        Self::ReviewUse,
        Self::ExportEvidence,
        Self::PauseSystem,
        Self::ReadStatus,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table a second time, drawn by hand, so that a slip in one place shows.
    #[test]
    fn every_role_and_action_pair_is_decided_as_drawn() {
        #[rustfmt::skip]
        let drawn = [
            // action                      analyst supervisor operator auditor
            (Action::Search,              "x x . ."),
            (Action::Pivot,               "x x . ."),
            (Action::Export,              ". x . ."),
            (Action::RequestUnseal,       "x x . ."),
            (Action::OpenOriginal,        "x x . ."),
            (Action::DecideUnseal,        ". x . ."),
            (Action::SignAuthorisation,   ". x . ."),
            (Action::AddAuthorisation,    ". x x ."),
            (Action::RevokeAuthorisation, ". x . ."),
            (Action::RunCrawl,            ". . x ."),
            (Action::ManageCase,          ". x . ."),
            (Action::ManagePeople,        ". x . ."),
            (Action::InstallEpoch,        ". x . ."),
            (Action::Erase,               ". x . ."),
            (Action::ReadLog,             ". . . x"),
            (Action::WitnessLog,          ". x . x"),
            (Action::ReviewUse,           ". x . x"),
            (Action::ExportEvidence,      ". x . ."),
            (Action::PauseSystem,         ". . . x"),
            (Action::ReadStatus,          ". x x x"),
        ];
        assert_eq!(drawn.len(), Action::ALL.len());
        for (action, row) in drawn {
            for (role, cell) in Role::ALL.into_iter().zip(row.split(' ')) {
                assert_eq!(role.may(action), cell == "x", "{role} {action:?}");
            }
        }
    }

    #[test]
    fn role_words_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }
}
