//! What the log costs a crawl: pages a second through the shipped line under the log, beside the same line's steps without any.
//!
//! Eight hosts with ads of 30 kB in memory, a worker each, no interval between requests. Ours is [`pipeline::Line`]: lent and
//! announced, fetched, sealed, entered with its outcome, parsed, redacted, put into the outbox, given back with its links, while
//! the sequencer signs. The peer does all of that but for the journal's rows, the receipts and the signing. Both keep
//! everything else that is asked of them: one fsync before a page is asked for, one when it is sealed, one when it is
//! delivered, each shared with whatever pages are on their way.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, ensure};
use audit::{Collector, Journal, LogKey, Sequencer};
use crawler::{Fetched, Found, Lease, Leased, Limits, Purpose};
use futures_util::future::try_join_all;
use model::CaptureId;
use page::Profiles;
use pipeline::{Line, Next, NoWatch, Parts, Step};
use rand::rngs::OsRng;
use redactor::{OutboxKey, Redactor, TokenKey};
use seal::{EpochPublic, Sealer};
use synthetic::memory::MemoryTransport;
use synthetic::site::{Site, onions};
use tokio::sync::Semaphore;

use crate::ground::{Ground, target};
use crate::log::{Unlogged, epoch};
use crate::watch::Wall;
use crate::{HIGHER, Measured, Pair};

const HOSTS: usize = 8;
const PAGES_EACH: usize = if cfg!(debug_assertions) { 3 } else { 60 };
const PAGE_BYTES: usize = 30_000;
const ROUNDS: usize = if cfg!(debug_assertions) { 1 } else { 5 };

pub(crate) fn measure() -> Result<Measured> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let sites = onions(11, HOSTS, PAGES_EACH, PAGE_BYTES);
    let epoch = epoch()?;
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(runtime.block_on(under_the_log(&sites, &epoch))?);
        peer.push(runtime.block_on(without_a_log(&sites, &epoch))?);
    }
    let median = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        (HOSTS * PAGES_EACH) as f64 / seconds[seconds.len() / 2]
    };
    let unit = "pages/s (no log)";
    Ok(Measured::one("capturing under the log", Pair { ours: median(ours), peer: median(peer), unit, better: HIGHER }))
}

/// What both crawls stand on.
async fn ground(folder: &Path, sites: &[Site]) -> Result<Ground> {
    let targets = sites.iter().map(|site| target(&site.name, &site.host, 80));
    Ground::prepare(folder, targets, &sites.iter().map(Site::seed_url).collect::<Vec<_>>()).await
}

/// Every page of every site was kept.
fn whole(kept: &[usize]) -> Result<()> {
    let kept: usize = kept.iter().sum();
    ensure!(kept == HOSTS * PAGES_EACH, "{kept} of {} pages were kept", HOSTS * PAGES_EACH);
    Ok(())
}

async fn under_the_log(sites: &[Site], epoch: &EpochPublic) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let ground = ground(folder.path(), sites).await?;
    let journal = Journal::new(ground.store.clone());
    let key = LogKey::generate("bench.example/audit", &mut OsRng)?;
    let sequencer = Sequencer::open(ground.store.clone(), &folder.path().join("log"), key).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let signing = tokio::spawn(async move { sequencer.run(stopped).await });
    let collector = Collector::take(journal.clone())?;
    let vault = vault::Vault::new(&folder.path().join("vault"), ground.store.clone(), collector, epoch);
    let line = Line::new(Parts {
        store: ground.store.clone(),
        journal,
        transport: Arc::new(MemoryTransport::new(sites.iter().cloned())),
        frontier: ground.frontier.clone(),
        vault: Arc::new(vault),
        redactor: Redactor::new(TokenKey::generate(&mut OsRng)),
        outbox_key: Arc::new(OutboxKey::generate(&mut OsRng)),
        profiles: Profiles::builtin(),
        limits: Limits::default(),
        clock: ground.clock.clone(),
        watch: Arc::new(NoWatch),
    });
    let wall = Wall::begin();
    let worker = async |number: usize| -> Result<usize> {
        let (name, mut kept) = (format!("worker-{number}"), 0);
        loop {
            match line.begin(&name).await? {
                Next::Page(begun) => kept += usize::from(line.walk(begun).await? == Step::Kept),
                Next::Nothing(due) if ground.wait(&due).await => {}
                Next::Nothing(_) => return Ok(kept),
            }
        }
    };
    whole(&try_join_all((0..HOSTS).map(&worker)).await?)?;
    let seconds = wall.seconds();
    stop.send(true)?;
    signing.await??;
    Ok(seconds)
}

async fn without_a_log(sites: &[Site], epoch: &EpochPublic) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let ground = ground(folder.path(), sites).await?;
    let line = Bare {
        vault: Unlogged {
            store: ground.store.clone(),
            folder: folder.path().join("vault"),
            sealer: Arc::new(Sealer::new(epoch)),
            epoch: epoch.id(),
        },
        profiles: Arc::new(Profiles::builtin()),
        redactor: Arc::new(Redactor::new(TokenKey::generate(&mut OsRng))),
        transport: MemoryTransport::new(sites.iter().cloned()),
        outbox_key: OutboxKey::generate(&mut OsRng),
        cores: Semaphore::new(std::thread::available_parallelism()?.get()),
        ground,
    };
    let wall = Wall::begin();
    let worker = async |number: usize| -> Result<usize> {
        let (name, mut kept) = (format!("worker-{number}"), 0);
        loop {
            let mut tx = line.ground.store.begin().await?;
            let leased = line.ground.frontier.lease_in(&mut tx, &name).await?;
            tx.commit().await?;
            match leased {
                Leased::Lease(lease) => kept += usize::from(line.walk(lease).await?),
                Leased::Nothing(due) if line.ground.wait(&due).await => {}
                Leased::Nothing(_) => return Ok(kept),
            }
        }
    };
    whole(&try_join_all((0..HOSTS).map(&worker)).await?)?;
    Ok(wall.seconds())
}

/// The line's steps, written down again without a log.
struct Bare {
    ground: Ground,
    vault: Unlogged,
    profiles: Arc<Profiles>,
    redactor: Arc<Redactor>,
    transport: MemoryTransport,
    outbox_key: OutboxKey,
    cores: Semaphore,
}

impl Bare {
    /// Whether the page was kept.
    async fn walk(&self, lease: Lease) -> Result<bool> {
        let ground = &self.ground;
        let capture = CaptureId::generate(ground.clock.now(), &mut OsRng);
        let fetched = crawler::fetch(&self.transport, &lease, capture, Limits::default(), &ground.clock).await;
        let page = match fetched {
            Fetched::Page(page) if lease.purpose() == Purpose::Page => page,
            other => {
                let mut tx = ground.store.begin().await?;
                ground.frontier.turn_back(&mut tx, lease, other).await?;
                tx.commit().await?;
                return Ok(false);
            }
        };
        self.vault.keep(lease.case().clone(), lease.authorisation(), capture, page.encode()).await?;
        let profiles = Arc::clone(&self.profiles);
        let mut parsed = self.on_a_core(move || page::parse(page, &profiles)).await?;
        let found = Found::read(&lease, &mut parsed, ground.clock.now());
        let redactor = Arc::clone(&self.redactor);
        let redacted = self.on_a_core(move || redactor.redact(parsed)).await?;
        let row = redacted.to_row(&self.outbox_key);
        let frontier = ground.frontier.clone();
        let delivered = ground.store.together(move |tx| {
            Box::pin(async move {
                let insert = "INSERT INTO outbox (case_id, authorisation, document_key, capture, captured_at, page) \
                              VALUES (?, ?, ?, ?, 0, ?)";
                let insert = sqlx::query(insert)
                    .bind(lease.case().as_str().to_owned())
                    .bind(lease.authorisation().as_bytes().to_vec())
                    .bind(lease.document_key().as_bytes().to_vec())
                    .bind(capture.as_bytes().to_vec())
                    .bind(row);
                insert.execute(&mut **tx).await?;
                frontier.complete(tx, lease, found).await?;
                Ok::<_, anyhow::Error>(())
            })
        });
        delivered.await??;
        Ok(true)
    }

    async fn on_a_core<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.cores.acquire().await?;
        Ok(tokio::task::spawn_blocking(work).await?)
    }
}
