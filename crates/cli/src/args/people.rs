//! What is typed about the site itself: its policy, its cases, its people.

use std::path::PathBuf;

use clap::Subcommand;
use model::{CaseId, PersonId, Role};

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Print the policy in force, and its hash as records name it.
    Show,
    /// Check a file without putting it in force.
    Check {
        /// The policy.
        file: PathBuf,
    },
    /// Put a policy in force; the log keeps its hash and that of the one before.
    Install {
        /// The policy.
        file: PathBuf,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    /// Open a case.
    New {
        /// Its id, such as op-harbour-2026.
        case: CaseId,
        /// What it is about, without personal data.
        #[arg(long)]
        title: String,
        /// Who works on it beside you; may be repeated. Nobody else reads it. `case assign` puts others on it later.
        #[arg(long = "with", value_name = "PERSON")]
        with: Vec<PersonId>,
    },
    /// List cases.
    List,
    /// Put a person on a case that you work on: nobody reads it but those who were put there.
    Assign {
        /// The case.
        case: CaseId,
        /// The person.
        person: PersonId,
    },
    /// Take a person off a case.
    Dismiss {
        /// The case.
        case: CaseId,
        /// The person.
        person: PersonId,
    },
    /// List who works on a case.
    People {
        /// The case.
        case: CaseId,
    },
    /// Close a case: no more collection; what was collected stays under retention.
    Close {
        /// The case.
        case: CaseId,
    },
    /// Say that you have looked whether the case, and what is kept of it, is still necessary and proportionate. A case whose
    /// review is overdue cannot be searched.
    Review {
        /// The case.
        case: CaseId,
        /// What you found: the log keeps it.
        #[arg(long)]
        note: String,
    },
    /// Destroy everything of a closed case: its captures, queue, index and keys. Two supervisors have to run it; it cannot be
    /// undone, and goes on where a kill has ended it.
    Destroy {
        /// The case.
        case: CaseId,
        /// Why: the log keeps it.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Propose a person with a role. Until two supervisors exist the proposal takes effect at once, and is logged so.
    Add {
        /// The account name, such as s.maria.
        name: PersonId,
        /// analyst, supervisor, operator or auditor.
        #[arg(long)]
        role: Role,
        /// The person's enrolment file with public keys (supervisors and those who open originals).
        #[arg(long, value_name = "FILE")]
        enrolment: Option<PathBuf>,
        /// Read the new person's passphrase from FILE instead of asking.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Propose another role for a person.
    Role {
        /// The person.
        name: PersonId,
        /// The new role.
        role: Role,
    },
    /// Take a person's second factor away because it is lost: they set up another when they sign in on the web next.
    ForgetSecondFactor {
        /// The person.
        name: PersonId,
    },
    /// Show a person's security keys: names, when they were added and used; nothing that signs in.
    Keys {
        /// The person.
        name: PersonId,
    },
    /// Take a security key of somebody else away, because it is lost or in wrong hands; sessions that began with it end.
    ForgetKey {
        /// The person.
        name: PersonId,
        /// The key's number, as `people keys` shows it.
        key: i64,
    },
    /// Confirm somebody else's proposal.
    Confirm {
        /// The proposal's number, as `people list` shows it.
        proposal: i64,
    },
    /// List people and open proposals.
    List,
}
