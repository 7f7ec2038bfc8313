//! One static site on loopback, crawled to its end: pages for each second of processor time, beside Scrapy and beside the
//! `spider` crate. Everybody parses every page and extracts its links; nginx serves, and its time counts for nobody.
//!
//! Ours is the durable frontier, the fetch, the parser and the links; giving a page back and lending the next share a transaction,
//! which is on the disk before that is asked for. A second figure is the shipped command with redaction, sealing, log and index. Scrapy keeps its queue in memory,
//! as `spider` does. Peers that are not there are left out and a note says how to get them: `LANTHORN_SCRAPY` names a
//! Python that has Scrapy, and `cargo build` in `benches/peers` makes the other.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use crawler::{Fetched, Found, Leased, Limits, Purpose};
use model::CaptureId;
use page::Profiles;
use rand::{Rng as _, SeedableRng as _};
use rehearsal::Installation;
use synthetic::loopback::Loopback;

use crate::ground::{Ground, target};
use crate::watch::processor_seconds;
use crate::{HIGHER, Measured, Pair};

const PAGES: usize = 3_000;
const LINKS: usize = 21;
const PAGE_BYTES: usize = 15_000;
const HOST: &str = "static.example";
const VOCABULARY: f64 = 30_000.0;

pub(crate) fn measure() -> Result<Measured> {
    let site = StaticSite::start()?;
    // One page at a time needs one thread; the database brings its own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut all = Measured::default();
    let mut rate = |name: &str, work: &mut dyn FnMut() -> Result<(usize, f64)>| -> Result<f64> {
        let (pages, seconds) = work()?;
        ensure!(pages >= PAGES, "{name} found {pages} of {PAGES} pages");
        all.notes.push(format!("crawl: {name}: {pages} pages in {seconds:.2} s of processor time"));
        Ok(pages as f64 / seconds.max(0.01))
    };
    let ours = rate("frontier, fetch, parse, links", &mut || {
        let before = processor_seconds()?.own;
        let pages = runtime.block_on(ours(site.address))?;
        Ok((pages, processor_seconds()?.own - before))
    })?;
    let whole = rate("the whole line", &mut || whole_line(site.address))?;
    let scrapy = match scrapy() {
        Some(python) => Some(rate("Scrapy", &mut || over_scrapy(&python, &site))?),
        None => None,
    };
    let spider = match spider() {
        Some(program) => Some(rate("spider", &mut || counted(Command::new(&program).arg(site.url())))?),
        None => None,
    };
    let mut pair = |name: &str, ours: f64, peer: Option<f64>| {
        match peer {
        Some(peer) => all.pair(name, Pair { ours, peer, unit: "pages/CPU s", better: HIGHER }),
        None => all.notes.push(format!(
            "crawl: {name} is not here, ours is {ours:.0} pages/CPU s; `python3 -m venv V && V/bin/pip install scrapy==2.19.0`, \
             LANTHORN_SCRAPY=V/bin/python; `cargo build --release` in benches/peers"
        )),
    }
    };
    pair("crawl/scrapy", ours, scrapy);
    pair("crawl/spider", ours, spider);
    pair("crawl/whole-line/scrapy", whole, scrapy);
    pair("crawl/whole-line/spider", whole, spider);
    Ok(all)
}

/// The site behind nginx. It stops when it is dropped.
struct StaticSite {
    _folder: tempfile::TempDir,
    nginx: Child,
    address: SocketAddr,
}

impl StaticSite {
    fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let www = folder.path().join("www");
        std::fs::create_dir(&www)?;
        let mut rng = rand::rngs::StdRng::seed_from_u64(7);
        for number in 0..PAGES {
            std::fs::write(www.join(format!("p{number}.html")), page(number, &mut rng))?;
        }
        std::fs::copy(www.join("p0.html"), www.join("index.html"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let here = folder.path().display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {here}/{kind};"))
            .join("\n");
        let config = format!(
            "daemon off;\nworker_processes 1;\npid {here}/pid;\nerror_log stderr crit;\nevents {{ worker_connections 256; }}\n\
             http {{\naccess_log off;\n{temporary}\ntypes {{ text/html html; }}\nkeepalive_requests 100000;\n\
             server {{ listen 127.0.0.1:{port}; root {here}/www; }}\n}}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, config)?;
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .args(["-e", "stderr"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("failed to start nginx; the Debian package `nginx` has it")?;
        let site = Self { _folder: folder, nginx, address: SocketAddr::from(([127, 0, 0, 1], port)) };
        for _ in 0..100 {
            #[expect(clippy::disallowed_methods, reason = "a server on loopback that this bench has started")]
            if TcpStream::connect(site.address).is_ok() {
                return Ok(site);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        anyhow::bail!("nginx does not answer")
    }

    fn url(&self) -> String {
        format!("http://{}/p0.html", self.address)
    }
}

impl Drop for StaticSite {
    fn drop(&mut self) {
        // The master ends its worker when it is asked to; killed, it would leave the worker behind.
        let _ = Command::new("kill").args(["-TERM", &self.nginx.id().to_string()]).status();
        let _ = self.nginx.wait();
    }
}

/// A page of prose with links down a tree and across it.
fn page(number: usize, rng: &mut rand::rngs::StdRng) -> String {
    let mut html = format!("<html><head><title>page {number}</title></head><body><h1>page {number}</h1><ul>");
    let down = [2 * number + 1, 2 * number + 2].into_iter().filter(|child| *child < PAGES);
    let across = (0..LINKS).map(|_| rng.gen_range(0..PAGES));
    for link in down.chain(across).take(LINKS) {
        html.push_str(&format!("<li><a href=\"p{link}.html\">to {link}</a></li>"));
    }
    html.push_str("</ul>");
    while html.len() < PAGE_BYTES {
        html.push_str("<p>");
        for _ in 0..60 {
            // The word of rank r comes with a frequency of about 1/r, as in what people write.
            let mut rank = VOCABULARY.powf(rng.gen_range(0.0..1.0_f64)) as usize;
            while rank > 0 {
                html.push(char::from(b'b' + u8::try_from(rank % 20).unwrap_or_default()));
                html.push(['a', 'e', 'i', 'o', 'u'][rank % 5]);
                rank /= 20;
            }
            html.push(' ');
        }
        html.push_str("</p>\n");
    }
    html + "</body></html>"
}

/// Our own crawl without redaction, sealing, log and index.
async fn ours(address: SocketAddr) -> Result<usize> {
    let folder = tempfile::tempdir()?;
    let seed = format!("http://{HOST}:{}/p0.html", address.port());
    let ground = Ground::prepare(folder.path(), [target("static", HOST, address.port())], &[seed]).await?;
    let Ground { clock, store, frontier } = &ground;
    let places = [((HOST.to_owned(), address.port()), address)].into();
    let transport = Loopback::new(places, None, None);
    let (profiles, limits) = (Profiles::builtin(), Limits::default());
    let mut pages = 0;
    let mut leased = frontier.lease("bench").await?;
    loop {
        let lease = match leased {
            Leased::Lease(lease) => lease,
            Leased::Nothing(due) if ground.wait(&due).await => {
                leased = frontier.lease("bench").await?;
                continue;
            }
            Leased::Nothing(_) => break,
        };
        let capture = CaptureId::generate(clock.now(), &mut rand::rngs::OsRng);
        let fetched = crawler::fetch(&transport, &lease, capture, limits, clock).await;
        let mut tx = store.begin().await?;
        match fetched {
            Fetched::Page(page) if lease.purpose() == Purpose::Page => {
                let mut parsed = page::parse(page, &profiles);
                let found = Found::read(&lease, &mut parsed, clock.now());
                frontier.complete(&mut tx, lease, found).await?;
                pages += 1;
            }
            other => frontier.turn_back(&mut tx, lease, other).await?,
        }
        leased = frontier.lease_in(&mut tx, "bench").await?;
        tx.commit().await?;
    }
    Ok(pages)
}

/// The shipped command, everything on, from its start to its end.
fn whole_line(address: SocketAddr) -> Result<(usize, f64)> {
    let binary = beside("lanthorn-in-memory")?;
    let places = format!("{HOST}:{}={address}", address.port());
    let environment = vec![("LANTHORN_LOOPBACK", places)];
    let lanthorn = Installation::over(&binary, (), vec![target("static", HOST, address.port())], environment, |_| {});
    let before = processor_seconds()?.children;
    let crawled = rehearsal::finish(lanthorn.crawling()).good().json();
    let seconds = processor_seconds()?.children - before;
    Ok((usize::try_from(crawled["pages"]["kept"].as_u64().unwrap_or_default())?, seconds))
}

pub(crate) fn beside(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{} is not built; `cargo xtask bench` builds it", path.display());
    Ok(path)
}

/// A Python that has Scrapy.
#[expect(clippy::disallowed_methods, reason = "a bench is told by its environment where a peer is")]
fn scrapy() -> Option<PathBuf> {
    let named = std::env::var("LANTHORN_SCRAPY").ok().map(PathBuf::from);
    let python = named.unwrap_or_else(|| PathBuf::from("python3"));
    let there = Command::new(&python).args(["-c", "import scrapy"]).stderr(Stdio::null()).status();
    there.is_ok_and(|status| status.success()).then_some(python)
}

/// The program in `benches/peers`, where cargo puts it.
fn spider() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    [folder.join("peers/target/release/lanthorn-peers"), folder.join("../target/peers/release/lanthorn-peers")]
        .into_iter()
        .find(|path| path.exists())
}

/// Scrapy with its own defaults but for what would slow it down: no delay, no robots.txt, 16 requests at once.
const SPIDER: &str = r#"
import sys, scrapy, logging
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
logging.disable(logging.CRITICAL)
count = [0, 0]
class Whole(scrapy.Spider):
    name = "whole"
    start_urls = [sys.argv[1]]
    links = LinkExtractor()
    def parse(self, response):
        count[0] += 1
        for link in self.links.extract_links(response):
            count[1] += 1
            yield scrapy.Request(link.url)
process = CrawlerProcess({"ROBOTSTXT_OBEY": False, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "DOWNLOAD_DELAY": 0})
process.crawl(Whole)
process.start()
print(*count)
"#;

fn over_scrapy(python: &Path, site: &StaticSite) -> Result<(usize, f64)> {
    counted(Command::new(python).args(["-c", SPIDER, &site.url()]))
}

/// Runs a peer that prints its count of pages first.
fn counted(command: &mut Command) -> Result<(usize, f64)> {
    let before = processor_seconds()?.children;
    let done = command.stderr(Stdio::null()).output().context("failed to start a peer")?;
    ensure!(done.status.success(), "a peer failed: {}", done.status);
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let seconds = processor_seconds()?.children - before;
    let pages =
        text.split_whitespace().next().and_then(|count| count.parse().ok()).context("a peer printed no count")?;
    Ok((pages, seconds))
}
