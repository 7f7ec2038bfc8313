//! What a supervisor or requester runs on their own machine: shares, grants, combining, viewing.
//!
//! A supervisor keeps a [`KeyFolder`]: a signing key and a share of each epoch, encrypted with a passphrase. To approve
//! a request ([`approve`]) the label is taken from the ciphertext itself, its proof is checked, and the grant must stand
//! in the log's signed tree, and others must have witnessed that tree ([`Logged`]); only then is a share made, bound to that grant and encrypted to the requester. The requester
//! combines enough answers ([`Opened::combine`]) and reads the original as text. What passes through the server is
//! encrypted to somebody else.
//!
//! An epoch's key is made by its members on machines of their own, a step at a time ([`Ceremony`]).
//!
//! Every client is a witness of the log as well ([`witness`]): it cosigns a checkpoint if that goes on from what it saw.
//! What a client asks for, who has to have spoken before it ([`Class`]) and how much it approves in a day stands in its own
//! [`Policy`].
//!
//! Deliberately absent: approval in bulk, images, and any opening without a grant. Hardware keys have their place in
//! [`KeyFolder`], and come later.
//!
//! ```
//! use client::Grant;
//!
//! assert!(Grant::parse(b"grant without a version").is_err());
//! ```

mod announcement;
mod answer;
mod approval;
mod carried;
mod ceiling;
mod ceremony;
mod class;
mod drill;
mod enrolment;
mod error;
mod for_auditors;
mod grant;
mod key_folder;
mod opening;
mod policy;
mod repair;
mod view;
mod witness;

pub use answer::Answer;
pub use approval::{Approval, approve};
pub use ceremony::{Ceremony, Progress, Stage};
pub use class::{Class, Spoken};
pub use drill::drill;
pub use enrolment::Enrolment;
pub use error::Error;
pub use for_auditors::{MAX_NOTE_BYTES, read_as_auditor, to_auditors, to_recipient};
pub use grant::Grant;
pub use key_folder::{KeyFolder, Unlocked, WorkFactor};
pub use opening::{Approved, Opened};
pub use policy::Policy;
pub use repair::Repair;
pub use seal::sshsig::GRANT_NAMESPACE;
pub use view::render;
pub use witness::{Cosigned, Logged, witness};
