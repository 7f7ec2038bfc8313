//! The frontier: durable queues, one for each host of an authorisation, and what may be taken from them now.

mod accounts;
mod allowance;
mod forgetting;
mod forms;
mod heed;
mod holds;
mod idle;
mod known;
mod leasing;
mod pages;
mod parameters;
mod plan;
mod recovery;
mod rows;
mod servers;
mod settling;
mod status;
#[cfg(test)]
pub(crate) mod tests;
mod visits;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authorisation::Trust;
use model::{AuthorisationId, CaseId, Timestamp};
use store::Store;

pub use accounts::LoginOutcome;
pub use forgetting::forget;
pub use holds::release;
pub use pages::Seeded;
pub use plan::{Planned, beginnings};
pub use status::{HostState, HostStatus, pause, resume, status, why};

use crate::account::{Credentials, Pending};
use crate::registry::Standing;
use crate::robots::Rules;
use crate::{CrawlKey, Lease};

/// One case's frontier; clones share what they remember. All truth is in the store.
#[derive(Clone)]
pub struct Frontier(Arc<Inner>);

struct Inner {
    store: Store,
    key: CrawlKey,
    case: CaseId,
    trust: Mutex<Trust>,
    /// Verified once; revocation and expiry are looked at with every lease.
    verified: Mutex<BTreeMap<AuthorisationId, Standing>>,
    rules: Mutex<ParsedRules>,
    /// Parameters that change nothing, by host.
    idle: Mutex<BTreeMap<i64, Arc<BTreeSet<[u8; 32]>>>>,
    /// Login pages that extraction profiles know, by name of the profile.
    logins: Mutex<BTreeMap<String, String>>,
    /// User names and passwords of accounts in use, by account and the moment at which they were set.
    credentials: Mutex<BTreeMap<(i64, i64), Arc<Credentials>>>,
    /// Login forms that were read and are sent next, by host. A crash forgets them: the page is read again.
    pending: Mutex<BTreeMap<i64, (Timestamp, Pending)>>,
}

/// robots.txt, parsed once: by host and origin, with the moment at which it was read from the host.
type ParsedRules = BTreeMap<(i64, String), (i64, Arc<Rules>)>;

/// What there is to do.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one is made a request, and it moves on at once")]
pub enum Leased {
    /// Fetch this.
    Lease(Lease),
    /// Nothing now.
    Nothing(NothingDue),
}

/// Why nothing may be fetched now, and when something may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NothingDue {
    /// When it makes sense to ask again; `None` if nothing will become due by waiting.
    pub until: Option<Timestamp>,
    /// Why, for people.
    pub reason: String,
    /// Leases that are out: what they find may be due earlier.
    pub leased: u64,
}

impl Frontier {
    /// The frontier of `case`, sealed under that case's key. Time is the store's clock.
    #[must_use]
    pub fn new(store: Store, key: CrawlKey, case: CaseId, trust: Trust) -> Self {
        Self(Arc::new(Inner {
            store,
            key,
            case,
            trust: Mutex::new(trust),
            verified: Mutex::default(),
            rules: Mutex::default(),
            idle: Mutex::default(),
            logins: Mutex::default(),
            credentials: Mutex::default(),
            pending: Mutex::default(),
        }))
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        &self.0.case
    }

    /// Trusts other people from now on: every authorisation is verified again.
    pub fn trust(&self, trust: Trust) {
        *lock(&self.0.trust) = trust;
        lock(&self.0.verified).clear();
    }

    fn now(&self) -> Timestamp {
        self.0.store.clock().now()
    }
}

impl fmt::Debug for Frontier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Frontier({})", self.0.case)
    }
}

/// What these locks guard is whole after any panic: each change is one assignment or insertion.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
