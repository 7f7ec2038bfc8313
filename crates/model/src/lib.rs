//! Words every other crate speaks: ids, roles, time, sensitive values, tokens, error kinds.
//!
//! Deliberately absent: anything that touches a disk, a network or a clock of its own. [`Clock`] is the one place
//! where the system's time is read, and it is handed down from the composition root.
//!
//! ```
//! use model::{Action, Role, Sensitive};
//!
//! assert!(Role::Analyst.may(Action::Search));
//! assert!(!Role::Operator.may(Action::Search));
//! assert_eq!(format!("{:?}", Sensitive::new("a name".to_owned())), "[sensitive]");
//! ```

mod error;
mod id;
mod role;
mod sensitive;
mod sharing;
mod time;
mod token;

pub use error::{HasKind, Kind};
pub use id::{AuthorisationId, CaptureId, CaseId, DocumentKey, EpochId, InvalidId, PersonId, UrlHash};
pub use role::{Action, Role};
pub use sensitive::Sensitive;
pub use sharing::Sharing;
pub use time::{Clock, Timestamp};
pub use token::{InvalidToken, Label, TOKEN_DIGEST_CHARS, Token};
