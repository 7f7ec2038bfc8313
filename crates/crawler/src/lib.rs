//! What to ask for next, when, and how: the frontier, politeness, and one fetch over a [`Transport`].
//!
//! The [`Frontier`] is durable. A page is handed out as a [`Lease`], in the same transaction that books the host's next
//! moment and every ceiling of the authorisation, so that neither a race nor a crash can be impolite or overshoot. Every
//! state carries a reason that a person can read ([`status`]). [`fetch`] asks once, for text, within named bounds.
//! [`Registry`] keeps the authorisations; each is verified again whenever pages are collected under it.
//!
//! Deliberately absent: sockets (a `Transport` is handed in), forms but the login form of an authorised account, redirect following, retries inside a fetch, any
//! reading of a page beyond its type, any URL in clear on disk.
//!
//! ```
//! use crawler::CrawlKey;
//!
//! let key = CrawlKey::from_bytes([7; 32]);
//! assert_eq!(format!("{key:?}"), "CrawlKey");
//! assert_eq!(key.url_hash("http://ads.example/"), key.url_hash("http://ads.example/"));
//! assert_ne!(key.url_hash("http://ads.example/"), CrawlKey::from_bytes([8; 32]).url_hash("http://ads.example/"));
//! ```

mod account;
mod counts;
mod error;
mod fetch;
mod found;
mod frontier;
mod key;
mod lease;
mod limits;
mod media;
mod minute;
mod politeness;
mod reading;
mod registry;
mod remembered;
mod revisit;
mod robots;
mod runs;
mod schedule;
mod sketch;
mod transport;
mod trap;

pub use account::{AccountStatus, Accounts, FormBody, LoginShown, MAX_LOGINS, Typed};
pub use counts::{Counts, counts};
pub use error::Error;
pub use fetch::{Fetched, fetch};
pub use found::Found;
pub use frontier::{
    Frontier, HostState, HostStatus, Leased, LoginOutcome, NothingDue, Planned, Seeded, beginnings, forget, pause,
    release, resume, status, why,
};
pub use key::CrawlKey;
pub use lease::{Lease, Purpose};
pub use limits::{LEASE_MILLIS, Limits, MAX_ATTEMPTS, MAX_REDIRECTS};
pub use registry::{Entry, Registry};
pub use runs::{Run, begin_run, last_runs, run_lives, stop_runs};
pub use schedule::{Calendar, Due, Schedule, add_schedule, looked, remove_schedule, schedules};
pub use transport::{Advice, BoxFuture, BoxStream, Guise, LoginRequest, Request, Response, Transport, TransportError};
