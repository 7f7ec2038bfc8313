//! The server as a whole, and what it is composed of.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use access::{Access, Cases, Mailbox, SecondFactorKey};
use audit::Journal;
use axum::Router;
use model::Clock;
use search::Readers;
use store::Store;
use tokio::sync::Semaphore;
use vault::Shelf;

use crate::session::Sessions;
use crate::{Desk, Settings, guard};

/// Passphrases that are hashed at once: each takes 64 MiB for a tenth of a second.
const HASHING: usize = 2;
/// Questions to an index at once; the rest wait for their turn.
const SEARCHING: usize = 8;

/// What a server is made of.
pub struct Parts {
    /// Who may do what.
    pub access: Access,
    /// The control database.
    pub store: Store,
    /// The log.
    pub journal: Journal,
    /// The time.
    pub clock: Clock,
    /// Sealed originals: to say that one is there, not to open it.
    pub shelf: Shelf,
    /// The folder with one index for each case.
    pub indexes: PathBuf,
    /// The log's folder.
    pub log: PathBuf,
    /// What secrets of second steps lie encrypted under.
    pub second_factors: SecondFactorKey,
    /// The door to other rooms.
    pub desk: Arc<dyn Desk>,
    /// What the site sets.
    pub settings: Settings,
}

/// The web server.
#[derive(Clone)]
pub struct Server(pub(crate) App);

pub(crate) type App = Arc<Inner>;

pub(crate) struct Inner {
    pub(crate) parts: Parts,
    pub(crate) sessions: Sessions,
    pub(crate) readers: Arc<Readers>,
    pub(crate) hashing: Semaphore,
    pub(crate) searching: Semaphore,
    /// What browsers refused to do for our pages: nothing, or there is a mistake in them, or somebody has been at them.
    pub(crate) reports: Mutex<Vec<String>>,
}

impl Server {
    /// Composes it; nothing is listened to yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let sessions = Sessions::new(parts.settings.clone(), parts.clock.now());
        let (hashing, searching) = (Semaphore::new(HASHING), Semaphore::new(SEARCHING));
        let readers = Arc::new(Readers::new(parts.indexes.clone(), parts.clock.clone()));
        Self(Arc::new(Inner { parts, sessions, readers, hashing, searching, reports: Mutex::default() }))
    }

    /// Every route, behind the guard.
    pub fn router(&self) -> Router {
        guard::router(&self.0)
    }
}

impl Inner {
    pub(crate) fn cases(&self) -> Cases {
        Cases::new(self.parts.store.clone(), self.parts.journal.clone())
    }

    pub(crate) fn mailbox(&self) -> Mailbox {
        Mailbox::new(self.parts.store.clone(), self.parts.journal.clone())
    }
}
