//! What a crawl in this process stands on: targets that may be asked without an interval, and a frontier in a fresh database.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use authorisation::Authorised;
use crawler::{CrawlKey, Frontier, NothingDue, Registry};
use model::Clock;
use rehearsal::{CASE, NAME};
use store::Store;
use synthetic::paper::{self, Target};

/// A lease that is due later than this comes too late for a bench.
const SOON_MILLIS: i64 = 10_000;

pub(crate) struct Ground {
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) frontier: Frontier,
}

/// A whole host, without an interval between two requests: a service of one's own.
pub(crate) fn target(label: &str, host: &str, port: u16) -> Target {
    Target {
        host: host.to_owned(),
        port,
        path_prefixes: vec!["/".to_owned()],
        label: Some(label.to_owned()),
        min_delay_ms: 0,
        login: None,
    }
}

impl Ground {
    /// Authorises the targets and seeds the frontier, in a control database in this folder.
    pub(crate) async fn prepare(
        folder: &Path,
        targets: impl IntoIterator<Item = Target>,
        seeds: &[String],
    ) -> Result<Self> {
        let clock = Clock::system();
        let store = Store::open(&folder.join("control.db"), clock.clone()).await?;
        let signed = paper::signed(targets, CASE, NAME, clock.now());
        let trust = paper::trust(NAME);
        let authorised: Authorised =
            signed.verify(&trust, clock.now()).map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
        let frontier = Frontier::new(store.clone(), CrawlKey::from_bytes([7; 32]), authorised.case().clone(), trust);
        let mut tx = store.begin().await?;
        Registry::new(store.clone()).add(&mut tx, &signed, &authorised).await?;
        frontier.seed(&mut tx, &authorised, seeds).await?;
        tx.commit().await?;
        Ok(Self { clock, store, frontier })
    }

    /// Whether something will be due soon; it has been waited for then.
    pub(crate) async fn wait(&self, due: &NothingDue) -> bool {
        let soon = due.until.is_some_and(|until| until.since_millis(self.clock.now()) < SOON_MILLIS);
        if soon {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        soon
    }
}
