//! What analysts do with a case: searches, pivots, links, and what they make of them.
//!
//! A [`Desk`] stands between people and the index, for the command line and the web pages alike, so that both do the same
//! things in the same order: ask `access` for leave, screen what was typed for identifiers, announce the use in the log, and
//! only then read. Answers are `search`'s own plain structs.
//!
//! Deliberately absent: sign-in, roles and sessions (`access`), anything that writes the index, and any way to an original.

mod desk;
mod error;

pub use desk::Desk;
pub use error::Error;
