//! `lanthorn serve` under load: two hundred searches in flight for two minutes, beside the same load on a page that asks
//! neither index nor log. Times are a reader's, from the request's first byte to the answer's last. Memory is the server's, as
//! the system counts it: the most in the second tenth of the time, when everything is warm, and in the last.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use rehearsal::http::between;
use rehearsal::served::Served;
use rehearsal::{CASE, Installation};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::{LOWER, Measured, Pair};

const SEED: u64 = 2026;
const PAGES: usize = 300;
const IN_FLIGHT: usize = 200;
/// Two minutes; a short look says so in its notes.
const SECONDS: u64 = 120;
/// The peer's share of that time: its page does the same for everybody, and shows its time sooner.
const PEER_SHARE: u32 = 6;

pub(crate) fn measure() -> Result<Measured> {
    let command = command()?;
    let whole = whole()?;
    let installation = Installation::ready(&command, SEED, PAGES);
    let _ = installation.crawl().good();
    let served = Served::start(&installation);
    let cookie = served.session("a.ivan");

    let peer = load(&served, "/help", &cookie, whole / PEER_SHARE)?;
    let searched = format!("/cases/{CASE}/search?q=kind%3Aad+AND+NOT+zzzz");
    let ours = load(&served, &searched, &cookie, whole)?;
    let mut measured = Measured::default();
    for (name, percent) in [("pages_p50", 50), ("pages_p99", 99)] {
        measured.pair(name, Pair { ours: ours.at(percent), peer: peer.at(percent), unit: "ms", better: LOWER });
    }
    let memory = Pair { ours: ours.memory_late, peer: ours.memory_early, unit: "MB", better: LOWER };
    measured.pair("pages_memory", memory);
    measured.notes.push(format!(
        "pages: {} searches, {IN_FLIGHT} in flight for {} s, {:.0} a second, {} errors; the peer is the help page, {:.0} a second, {} errors; memory's peer is itself, early",
        ours.millis.len(),
        whole.as_secs(),
        ours.millis.len() as f64 / whole.as_secs_f64(),
        ours.errors,
        peer.millis.len() as f64 / (whole / PEER_SHARE).as_secs_f64(),
        peer.errors,
    ));
    served.stop();
    ensure!(
        ours.errors + peer.errors == 0,
        "{} of ours and {} of the peer's requests failed",
        ours.errors,
        peer.errors
    );
    Ok(measured)
}

#[expect(clippy::disallowed_methods, reason = "a bench is told by its environment how long it takes")]
fn whole() -> Result<Duration> {
    let seconds = std::env::var("LANTHORN_LOAD_SECONDS").map_or(Ok(SECONDS), |seconds| seconds.parse())?;
    Ok(Duration::from_secs(seconds))
}

/// The command with a site in memory, beside this program.
fn command() -> Result<PathBuf> {
    let command = std::env::current_exe()?.with_file_name("lanthorn-in-memory");
    ensure!(command.exists(), "build it first: cargo build --release --package rehearsal --bins");
    Ok(command)
}

/// What a stretch of load showed.
struct Load {
    /// Of good answers, sorted.
    millis: Vec<f64>,
    errors: usize,
    memory_early: f64,
    memory_late: f64,
}

impl Load {
    fn at(&self, percent: usize) -> f64 {
        let place = (self.millis.len() * percent / 100).min(self.millis.len().saturating_sub(1));
        self.millis.get(place).copied().unwrap_or(f64::INFINITY)
    }
}

fn load(served: &Served, path: &str, cookie: &str, whole: Duration) -> Result<Load> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let address = served.address();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n\r\n");
    runtime.block_on(async {
        let began = Instant::now();
        let end = began + whole;
        let mut readers = tokio::task::JoinSet::new();
        for _ in 0..IN_FLIGHT {
            readers.spawn(reader(address, request.clone(), end));
        }
        tokio::time::sleep_until(began + whole / 10).await;
        let memory_early = most_memory(served, began + whole / 5).await;
        tokio::time::sleep_until(end - whole / 10).await;
        let memory_late = most_memory(served, end).await;
        let mut load = Load { millis: Vec::new(), errors: 0, memory_early, memory_late };
        while let Some(done) = readers.join_next().await {
            let (millis, errors) = done?;
            load.millis.extend(millis);
            load.errors += errors;
        }
        load.millis.sort_by(f64::total_cmp);
        Ok(load)
    })
}

/// The most of it until then, looked at ten times a second: one look could fall between two requests.
async fn most_memory(served: &Served, until: Instant) -> f64 {
    let mut most = served.memory_mb();
    while Instant::now() < until {
        most = most.max(served.memory_mb());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    most
}

/// Asks again as soon as it is answered, on one connection; times of good answers in milliseconds, and how many failed.
async fn reader(address: SocketAddr, request: String, end: Instant) -> (Vec<f64>, usize) {
    let (mut millis, mut errors, mut connection) = (Vec::new(), 0, None);
    while Instant::now() < end {
        let began = Instant::now();
        match once(address, &mut connection, request.as_bytes()).await {
            Ok(true) => millis.push(began.elapsed().as_secs_f64() * 1_000.0),
            Ok(false) | Err(_) => {
                errors += 1;
                connection = None;
            }
        }
    }
    (millis, errors)
}

async fn once(address: SocketAddr, kept: &mut Option<TcpStream>, request: &[u8]) -> std::io::Result<bool> {
    let stream = match kept {
        Some(stream) => stream,
        None => kept.insert(TcpStream::connect(address).await?),
    };
    stream.write_all(request).await?;
    let mut answer = Vec::with_capacity(64 << 10);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Ok(false);
        }
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
        let Some(length) = between(&text, "content-length: ", "\r\n").and_then(|length| length.parse::<usize>().ok())
        else {
            return Ok(false);
        };
        if answer.len() >= head + 4 + length {
            return Ok(text.starts_with("http/1.1 200"));
        }
    }
}
