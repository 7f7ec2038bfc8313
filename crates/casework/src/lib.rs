//! What analysts do with a case: searches, pivots, links, and what they make of them.
//!
//! A [`Desk`] stands between people and the index, for the command line and the web pages alike, so that both do the same
//! things in the same order: ask `access` for leave, screen what was typed for identifiers, announce the use in the log, and
//! only then read. Answers are `search`'s own plain structs. What people write down (folders, notes, assessments, saved
//! searches, alerts, removed links, decisions about flags) is screened too, stands in the control database, and goes with the
//! capture or the case it is about.
//!
//! Deliberately absent: sign-in, roles and sessions (`access`), anything that writes the index, any way to an original, and
//! any score of a person.
//!
//! ```
//! let rules = casework::Indicators::ours()?;
//! let debt = rules.rules().find(|rule| rule.id == "debt").expect("the rule about debts");
//! assert_eq!((debt.source.as_str(), debt.dated.as_str()), ("ILO, Indicators of forced labour: debt bondage", "2012-10-01"));
//! # Ok::<(), casework::Error>(())
//! ```

mod desk;
mod error;
mod text;

mod batch;
mod export;
mod folders;
mod forgetting;
mod indicators;
mod ingest;
mod notes;
mod removed;
mod saved;
mod selectors;

pub use batch::{BatchLine, MAX_BATCH_LINES};
pub use desk::Desk;
pub use error::Error;
pub use export::{ExportFormat, ExportWant, Exported};
pub use folders::{Folder, FolderItem};
pub use forgetting::{forget_captures, forget_case};
pub use indicators::{Flag, FlagDecision, Indicator, Indicators, Raised};
pub use ingest::document;
pub use notes::{About, Confidence, NewNote, Note, NoteKind};
pub use removed::RemovedLink;
pub use saved::{AlertHit, AlertLine, Alerts, Saved};
pub use selectors::{Selector, SelectorKey, Selectors};
pub use text::{MAX_NAME_CHARS, MAX_TEXT_CHARS};
