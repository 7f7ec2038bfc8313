//! The vault on a temporary folder, with an epoch of invented supervisors.

mod checking;
mod collecting;
mod erasing;

use std::path::{Path, PathBuf};

use audit::{Act, ActKind, Actor, Collected, Collector, Intent, Journal};
use ed25519_dalek::SigningKey;
use model::{AuthorisationId, CaptureId, CaseId, Clock, Sensitive, Timestamp};
use rand::SeedableRng as _;
use rand::rngs::{OsRng, StdRng};
use store::Store;
use tempfile::TempDir;

use crate::folder::Part;
use crate::{Error, Vault};

/// What is sealed in these tests; it must be found nowhere on the disk.
const ORIGINAL: &[u8] = b"call Anna on 07700 900123, ask for the room above the harbour";

struct Desk {
    folder: TempDir,
    store: Store,
    journal: Journal,
    vault: Vault,
}

impl Desk {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("control.db"), Clock::manual(start())).await.unwrap();
        let journal = Journal::new(store.clone());
        let collector = Collector::take(journal.clone()).unwrap();
        let vault = Vault::new(&folder.path().join("vault"), store.clone(), collector, epoch());
        Self { folder, store, journal, vault }
    }

    /// With one capture in it.
    async fn with_capture() -> (Self, CaptureId) {
        let desk = Self::new().await;
        let capture = capture();
        assert_eq!(desk.collect(capture).await.unwrap().capture(), capture);
        (desk, capture)
    }

    async fn intent(&self, capture: CaptureId) -> Intent {
        let act = Act::new(ActKind::Collection, Actor::Process("crawl")).capture(capture);
        self.journal.intend_now(act).await.unwrap()
    }

    async fn collect(&self, capture: CaptureId) -> Result<Collected, Error> {
        let intent = self.intent(capture).await;
        self.vault.collect(intent, case(), authorisation(), capture, Sensitive::new(ORIGINAL.to_vec())).await
    }

    fn path(&self, part: Part, capture: CaptureId) -> PathBuf {
        self.vault.shelf().folder.path(part, capture)
    }

    /// Files below the vault's folder, its lock left out.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = below(&self.folder.path().join("vault"));
        files.retain(|path| path.file_name().is_none_or(|name| name != "vault.lock"));
        files
    }

    /// What was done to the vault's files since this was last asked.
    fn steps(&self) -> Vec<String> {
        std::mem::take(&mut self.vault.shelf().folder.steps.lock().unwrap().taken)
    }

    /// Lets the disk fail after so many steps, or never.
    fn fail_after(&self, steps: Option<usize>) {
        self.vault.shelf().folder.steps.lock().unwrap().left = steps;
    }

    async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.store.reader()).await.unwrap()
    }

    async fn sentences(&self) -> Vec<String> {
        let report = self.vault.shelf().check_all().await.unwrap();
        report.faults.iter().map(ToString::to_string).collect()
    }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let Ok(listed) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = listed.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

/// One ceremony for all tests: it takes longer than everything else here.
fn epoch() -> &'static seal::EpochPublic {
    static EPOCH: std::sync::LazyLock<seal::EpochPublic> = std::sync::LazyLock::new(|| {
        let members =
            ["s.maria", "s.omar", "s.li"].map(|name| (name.parse().unwrap(), SigningKey::generate(&mut OsRng)));
        seal::ceremony(start(), 2, &members, &mut StdRng::seed_from_u64(7)).unwrap().epoch
    });
    &EPOCH
}

fn capture() -> CaptureId {
    CaptureId::generate(start(), &mut OsRng)
}

fn case() -> CaseId {
    "op-harbour-2026".parse().unwrap()
}

const fn authorisation() -> AuthorisationId {
    AuthorisationId::from_bytes([7; 16])
}

fn start() -> Timestamp {
    Timestamp::from_secs(1_795_000_000)
}
