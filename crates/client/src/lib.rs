//! What a supervisor or requester runs on their own machine: shares, grants, combining, viewing.
//!
//! A supervisor keeps a [`KeyFolder`]: a signing key and a share of each epoch, encrypted with a passphrase. To approve
//! a request ([`approve`]) the label is taken from the ciphertext itself, its proof is checked, and the grant must stand
//! in the log's signed tree; only then is a share made, bound to that grant and encrypted to the requester. The requester
//! combines enough answers ([`Opened::combine`]) and reads the original as text. What passes through the server is
//! encrypted to somebody else.
//!
//! Deliberately absent: approval in bulk, images, and any opening without a grant. Witness cosignatures and hardware
//! keys have their place in [`Evidence`](audit::Evidence) and [`KeyFolder`], and come later.
//!
//! ```
//! use client::Grant;
//!
//! assert!(Grant::parse(b"grant without a version").is_err());
//! ```

mod answer;
mod approval;
mod enrolment;
mod error;
mod grant;
mod key_folder;
mod opening;
mod view;

pub use answer::Answer;
pub use approval::approve;
pub use enrolment::Enrolment;
pub use error::Error;
pub use grant::Grant;
pub use key_folder::{KeyFolder, Unlocked, WorkFactor};
pub use opening::Opened;
pub use view::render;
