//! The durable frontier under load: two hundred hosts with five hundred pages each, every page leased and completed in two
//! transactions that are on the disk before the next begins. Beside it: as many bare transactions of one row on the same
//! disk, which is what durability costs whoever pays it.
//!
//! What it holds in memory is told a quarter of the way and at the end, and how long a lease takes then: both must be flat.

use anyhow::{Context as _, Result, ensure};
use crawler::{CrawlKey, Fetched, Found, Frontier, Leased, Purpose, Registry};
use model::{Clock, Timestamp};
use rehearsal::{CASE, NAME};
use sqlx::Connection as _;
use store::Store;
use synthetic::paper::{self, Target};

use crate::watch::Wall;
use crate::{HIGHER, Measured, Pair};

const HOSTS: usize = 200;
const PAGES_EACH: usize = 500;

/// Bare transactions that the disk is measured by.
const BARE: usize = 2_000;

pub(crate) fn measure() -> Result<Measured> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut measured = Measured::default();
    let ours = runtime.block_on(ours(&mut measured.notes))?;
    let peer = runtime.block_on(bare())?;
    measured.pair("frontier/lease-and-complete", Pair { ours, peer, unit: "pages/s", better: HIGHER });
    Ok(measured)
}

async fn ours(notes: &mut Vec<String>) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    // The clock is moved by hand: politeness is part of the work, waiting for it is not.
    let clock = Clock::manual(Clock::system().now());
    let store = Store::open(&folder.path().join("control.db"), clock.clone()).await?;
    let host = |number: usize| format!("host-{number}.example");
    // An authorisation names at most so many targets: several share the work.
    let mut frontier = None;
    let trust = paper::trust(NAME);
    for first in (0..HOSTS).step_by(50) {
        let targets: Vec<Target> = (first..first + 50)
            .map(|number| Target {
                host: host(number),
                port: 80,
                path_prefixes: vec!["/".to_owned()],
                label: Some(format!("host-{number}")),
                min_delay_ms: 3_000,
                login: None,
            })
            .collect();
        // The moment tells one authorisation's revocation id from the next.
        let at = Timestamp::from_secs(clock.now().secs() + first as i64);
        let signed = paper::signed(targets, CASE, NAME, at);
        let authorised = signed.verify(&trust, clock.now()).map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
        let frontier = frontier.get_or_insert_with(|| {
            Frontier::new(store.clone(), CrawlKey::from_bytes([7; 32]), authorised.case().clone(), trust.clone())
        });
        let mut tx = store.begin().await?;
        Registry::new(store.clone()).add(&mut tx, &signed, &authorised).await?;
        for number in first..first + 50 {
            let urls: Vec<_> = (0..PAGES_EACH).map(|page| format!("http://{}/page/{page}", host(number))).collect();
            frontier.seed(&mut tx, &authorised, &urls).await?;
        }
        tx.commit().await?;
    }
    let frontier = frontier.context("no authorisation")?;
    let all = HOSTS * PAGES_EACH;
    let (mut pages, mut quarter) = (0, (0.0, 0));
    let wall = Wall::begin();
    let mut lap = Wall::begin();
    while pages < all {
        let lease = match frontier.lease("bench").await? {
            Leased::Lease(lease) => lease,
            Leased::Nothing(due) => {
                let until = due.until.context("nothing is left too early")?;
                clock.advance_millis(until.since_millis(clock.now()).max(1));
                continue;
            }
        };
        let mut tx = store.begin().await?;
        if lease.purpose() == Purpose::Page {
            let found = Found::on(&lease, clock.now());
            frontier.complete(&mut tx, lease, found).await?;
            pages += 1;
        } else {
            frontier.turn_back(&mut tx, lease, Fetched::Status(404)).await?;
        }
        tx.commit().await?;
        if pages == all / 4 && quarter.1 == 0 {
            quarter = (lap.seconds(), resident_kilobytes()?);
        }
        if pages == all * 3 / 4 {
            lap = Wall::begin();
        }
    }
    let seconds = wall.seconds();
    let (last, resident) = (lap.seconds(), resident_kilobytes()?);
    ensure!(pages == all, "{pages} of {all}");
    notes.push(format!(
        "frontier: {HOSTS} hosts, {all} pages; first quarter {:.0} s and {} MB, last quarter {last:.0} s and {} MB",
        quarter.0,
        quarter.1 / 1024,
        resident / 1024
    ));
    Ok(all as f64 / seconds)
}

/// Pairs of one-row transactions a second, with the durability of the control database.
async fn bare() -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("bare.db").display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await?;
    for statement in [
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "CREATE TABLE t (a INTEGER)",
        "INSERT INTO t VALUES (0)",
    ] {
        sqlx::query(statement).execute(&mut connection).await?;
    }
    let wall = Wall::begin();
    for _ in 0..BARE {
        for _ in 0..2 {
            sqlx::query("UPDATE t SET a = a + 1").execute(&mut connection).await?;
        }
    }
    Ok(BARE as f64 / wall.seconds())
}

fn resident_kilobytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
