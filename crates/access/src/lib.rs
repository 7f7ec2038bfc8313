//! Sign-in, roles, permits: the only maker of a [`Principal`] or a [`Permit`].
//!
//! The role × action table is `model`'s; this crate asks it, writes every refusal into the log, and hands out values
//! that nobody else can make. It takes the one [`search::SearchCapability`] of the process with it, so there is no
//! search without a permit either.
//!
//! Deliberately absent: keys that open originals, and any way to be two persons at once. The mailbox of the unsealing
//! ([`Mailbox`]) stores answers that are encrypted to the requester; nothing here can read them.
//!
//! A role cannot be invented, because a principal has no constructor:
//!
//! ```compile_fail
//! let _ = access::Principal { person: "a.ivan".parse().unwrap(), role: model::Role::Supervisor };
//! ```

mod cases;
mod error;
mod mail;
mod mailbox;
mod passphrase;
mod people;
mod permit;
mod review;
mod second_factor;
mod security_key;
mod sign_in;
mod site_policy;
mod witnessing;

pub use cases::{Case, Cases, Destruction};
pub use error::Error;
pub use mail::{Mail, MailOf, Messages};
pub use mailbox::{Answered, Asked, Decision, Mailbox, Request};
pub use passphrase::Hardness;
pub use people::{Enrolment, People, Person, Proposal, Standing, signers};
pub use permit::{Access, Permit, Principal};
pub use review::{Reviews, Use};
pub use second_factor::{Enrolling, SecondFactorKey, SignedIn, code_at};
pub use security_key::{
    Asserted, Assertion, CHALLENGE_BYTES, KnownKey, MAX_KEYS, MAX_NAME_CHARS, NewKey, Proof, Proved, Refusal,
    Registration, RelyingParty, SecurityKey, assert, register,
};
pub use site_policy::SitePolicy;
pub use witnessing::Witnessing;
