//! The whole line over a private Tor network, in pages a second, beside two loops that do nothing but fetch the same
//! pages one after the other: over arti, through our own transport, and over C tor.
//!
//! One stream to each onion, because that is the product's politeness; eight onions, and sixty-four for a network under
//! load. The two loops and the product run one after the other on the same network. Ours is the shipped command from
//! start to end, sign-in and Tor's start included.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use authorisation::{Authorised, scope};
use crawler::{Guise, Request, Transport as _};
use futures_util::StreamExt as _;
use futures_util::future::try_join_all;
use model::{Clock, Timestamp};
use page::Method;
use rehearsal::scene::Scene;
use rehearsal::{CASE, Installation, NAME, finish};
use synthetic::paper;
use synthetic::site::Site;
use tor::TorTransport;

use crate::line::stages;
use crate::watch::Wall;
use crate::{HIGHER, Measured, Pair};

const SEED: u64 = 2026;
const PAGE_BYTES: usize = 20_000;

/// Onions, and pages of each.
const LOADS: [(usize, usize); 2] = [(8, 120), (64, 40)];

pub(crate) fn measure() -> Result<Measured> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut all = Measured::default();
    for (onions, pages_each) in LOADS {
        let lanthorn = Installation::over_tor(&command()?, Scene::onions(SEED, onions, pages_each, PAGE_BYTES));
        let pages = (onions * pages_each) as f64;
        let sites = &lanthorn.site.sites;
        let rate = |seconds: f64| pages / seconds;

        let folder = tempfile::tempdir()?;
        let (state, cache) = (folder.path().join("state"), folder.path().join("cache"));
        let description = lanthorn.site.network.arti_config(&state, &cache);
        let arti = rate(runtime.block_on(over_arti(sites, description, state, cache))?);
        let c_tor = rate(runtime.block_on(over_c_tor(sites, &lanthorn.site.network.socks().to_string()))?);
        let wall = Wall::begin();
        let mut crawling = lanthorn.crawling_with_patience(60);
        crawling.args(["--workers", &onions.to_string()]);
        let crawled = finish(crawling).good().json();
        let ours = rate(wall.seconds());
        ensure!(crawled["pages"]["kept"].as_f64() == Some(pages), "{} of {pages} pages kept", crawled["pages"]["kept"]);

        let pair = |peer| Pair { ours, peer, unit: "pages/s", better: HIGHER };
        all.pairs.insert(format!("tor/{onions}-onions/arti"), pair(arti));
        all.pairs.insert(format!("tor/{onions}-onions/c-tor"), pair(c_tor));
        all.notes.push(format!("{onions} onions, one stream each:"));
        all.notes.extend(stages(&crawled, pages));
    }
    Ok(all)
}

fn command() -> Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("lanthorn");
    ensure!(beside.exists(), "build it first: cargo build --release --package lanthorn");
    Ok(beside)
}

/// Seconds for every page of every site over arti: the transport of the product, and nothing behind it.
async fn over_arti(sites: &[Site], description: String, state: PathBuf, cache: PathBuf) -> Result<f64> {
    let mut settings = tor::Settings::new(state, cache);
    settings.network = tor::Network::Private(description);
    let transport = tor::open(&settings, |_| {}).await?;
    let now = Clock::system().now();
    let paper = paper::signed(sites, CASE, NAME, now).verify(&paper::trust(NAME), now).map_err(anyhow::Error::msg)?;
    let wall = Wall::begin();
    try_join_all(sites.iter().map(|site| all_pages(&transport, &paper, site, now))).await?;
    Ok(wall.seconds())
}

async fn all_pages(transport: &TorTransport, paper: &Authorised, site: &Site, now: Timestamp) -> Result<()> {
    for path in &site.in_scope {
        let target = scope::admit(paper, &site.url(path), now).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        let request = Request { method: Method::Get, headers: Vec::new(), lane: 0, guise: Guise::NOBODY };
        let answer = transport.fetch(&target, request).await?;
        let mut body = answer.body;
        let mut bytes = 0;
        while let Some(piece) = body.next().await {
            bytes += piece?.len();
        }
        ensure!(answer.status == 200 && bytes == site.pages[path].body.len(), "a page did not come whole");
    }
    Ok(())
}

/// Seconds for the same over C tor's SOCKS port, with plain `reqwest`.
async fn over_c_tor(sites: &[Site], socks: &str) -> Result<f64> {
    let client = |site: &Site| {
        // A user name of its own: C tor then gives each site a circuit of its own, as ours does.
        let proxy = reqwest::Proxy::all(format!("socks5h://{}:x@{socks}", site.name))?;
        reqwest::Client::builder().proxy(proxy).http1_only().timeout(Duration::from_secs(120)).build()
    };
    let wall = Wall::begin();
    try_join_all(sites.iter().map(|site| async {
        let client = client(site)?;
        for path in &site.in_scope {
            let body = client.get(site.url(path)).send().await?.bytes().await.context("read a page over C tor")?;
            ensure!(body.len() == site.pages[path].body.len(), "a page did not come whole");
        }
        Ok(())
    }))
    .await?;
    Ok(wall.seconds())
}
