//! The line: one page's whole way, in one function.

use std::sync::Arc;

use audit::{Act, ActKind, Actor, Intent, Journal, Outcome};
use crawler::{Fetched, Frontier, Lease, Limits, Transport};
use model::{CaptureId, Clock};
use page::{FetchedPage, ParsedPage, Profiles};
use redactor::{OutboxKey, RedactedPage, Redactor};
use store::Store;
use vault::Vault;

use crate::stage::Pass;
use crate::{Error, Outbox, Stage, Watch};

/// Everything one case's line is made of.
pub struct Parts {
    /// The control database.
    pub store: Store,
    /// The log's journal.
    pub journal: Journal,
    /// What pages are asked through: Tor, or a map in memory under test.
    pub transport: Arc<dyn Transport>,
    /// Where pages to visit come from and links go.
    pub frontier: Frontier,
    /// Where originals are sealed.
    pub vault: Arc<Vault>,
    /// The only door from raw to redacted, under this case's token key.
    pub redactor: Redactor,
    /// Marks outbox rows as the redactor's own.
    pub outbox_key: Arc<OutboxKey>,
    /// How sites are read.
    pub profiles: Profiles,
    /// Bounds of one fetch.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
    /// Who watches.
    pub watch: Arc<dyn Watch>,
}

/// One case's line.
pub struct Line(Arc<Parts>);

/// How a page's walk ended; the frontier knows the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sealed, logged, redacted and in the outbox.
    Kept,
    /// Nothing to keep: a redirect, a refusal, a snooze or a failure that the frontier has noted.
    TurnedBack,
}
