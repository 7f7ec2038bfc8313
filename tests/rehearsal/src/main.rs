//! `lanthorn` with a synthetic site in memory where Tor would be: the same commands, the same data folder.
//!
//! `LANTHORN_SITE=SEED:PAGES,…` chooses the sites, `LANTHORN_MEMBERS=SEED:HABIT,…` forums with a login in their place; `LANTHORN_LOOPBACK=HOST:PORT=ADDRESS,…` asks servers on loopback instead
//! and writes every connection that it opens to the file `LANTHORN_OPENED`. `LANTHORN_TIMES=FILE` names the file that tells
//! when each request began and ended. `LANTHORN_BROKEN=HOST` lets every request to that host fail. `LANTHORN_FAULT=STAGE:error|panic:N` makes the N-th pass of a stage fail;
//! the panic's message holds an identifier that was planted, as a careless panic would. `LANTHORN_ASKED=FILE` names the
//! file that every request is appended to, so that a test can see what the site saw. `LANTHORN_HOURS_LATER=N` lets the clock
//! stand that many hours from now. `LANTHORN_PROBE=DIR` tries, in the middle of a crawl, what a hostile page would like to do
//! there, and tells whether it could.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use authorisation::{LoginTarget, Target};
use crawler::{Advice, BoxFuture, LoginRequest, Request, Response, Transport, TransportError};
use futures_util::StreamExt as _;
use model::Clock;
use pipeline::{Error, Stage, Watch};
use synthetic::loopback::Loopback as Sockets;
use synthetic::memory::MemoryTransport;
use synthetic::site::Site;

#[expect(clippy::disallowed_methods, reason = "this is a composition root, and tests steer it by its environment")]
fn main() -> ExitCode {
    let sites: Vec<Site> = std::env::var("LANTHORN_SITE").map_or_else(|_| Vec::new(), |text| generated(&text));
    let fault = std::env::var("LANTHORN_FAULT").ok().map(|text| Fault::parse(&text, sites.first()));
    let asked = std::env::var_os("LANTHORN_ASKED").map(PathBuf::from);
    let opened = std::env::var_os("LANTHORN_OPENED").map(PathBuf::from);
    let loopback = std::env::var("LANTHORN_LOOPBACK").ok();
    let loopback = loopback.map(|text| Sockets::parse(&text, opened.as_deref()).expect("LANTHORN_LOOPBACK"));
    let members = std::env::var("LANTHORN_MEMBERS").ok();
    let members = members.map(|text| Arc::new(synthetic::members::Members::parse(&text)) as Arc<dyn Transport>);
    let inner: Option<Arc<dyn Transport>> = match loopback {
        Some(loopback) => Some(Arc::new(loopback)),
        None if members.is_some() => members,
        None if sites.is_empty() => None,
        None => Some(Arc::new(MemoryTransport::new(sites))),
    };
    let transport = inner.map(|inner| Told {
        inner,
        asked: asked.clone(),
        times: std::env::var_os("LANTHORN_TIMES").map(PathBuf::from),
        broken: std::env::var("LANTHORN_BROKEN").ok(),
        probe: std::env::var_os("LANTHORN_PROBE").map(PathBuf::from),
    });
    let later = std::env::var("LANTHORN_HOURS_LATER").ok().map(|text| text.parse::<i64>().expect("a number of hours"));
    let clock =
        later.map_or_else(Clock::system, |hours| Clock::manual(Clock::system().now().plus_millis(hours * 3_600_000)));
    cli::main(cli::Composition {
        clock,
        network: transport.map_or(cli::Network::Absent, |transport| cli::Network::Ready(Arc::new(transport))),
        watch: fault.map(|fault| Arc::new(fault) as Arc<dyn Watch>),
        hardness: access::Hardness::for_tests(),
        key_file_work: client::WorkFactor::for_tests(),
        post: Some(Arc::new(Loopback)),
        also_writes: asked.iter().filter_map(|file| file.parent()).map(PathBuf::from).collect(),
    })
}

/// The sites of `SEED:PAGES,SEED:PAGES`, or of `onions:SEED:COUNT:PAGES:BYTES`.
fn generated(text: &str) -> Vec<Site> {
    if let Some(many) = text.strip_prefix("onions:") {
        let numbers: Vec<usize> = many.split(':').filter_map(|number| number.parse().ok()).collect();
        let [seed, count, pages_each, bytes] = numbers[..] else { return Vec::new() };
        return synthetic::site::onions(seed as u64, count, pages_each, bytes);
    }
    let site = |one: &str| {
        let (seed, pages) = one.split_once(':')?;
        Some(Site::generate(seed.parse().ok()?, pages.parse().ok()?))
    };
    text.split(',').filter_map(site).collect()
}

/// A time-stamping authority on this machine, where the product would ask one over Tor.
struct Loopback;

impl cli::Post for Loopback {
    fn post(&self, url: &str, query: &[u8]) -> Result<Vec<u8>, String> {
        let address = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).ok_or("it is no http URL")?;
        let loopback = address.parse::<SocketAddr>().ok().filter(|address| address.ip().is_loopback());
        let loopback = loopback.ok_or("it is not on the loopback address")?;
        let asked = || -> std::io::Result<Vec<u8>> {
            let mut stream = TcpStream::connect_timeout(&loopback, Duration::from_secs(5))?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            let length = query.len();
            write!(
                stream,
                "POST /tsa HTTP/1.0\r\ncontent-type: application/timestamp-query\r\ncontent-length: {length}\r\n\r\n"
            )?;
            stream.write_all(query)?;
            let mut answer = Vec::new();
            std::io::Read::read_to_end(&mut std::io::Read::take(&mut stream, 1 << 20), &mut answer)?;
            Ok(answer)
        };
        let answer = asked().map_err(|error| error.to_string())?;
        let body = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("it answered no HTTP")?;
        Ok(answer[body + 4..].to_vec())
    }
}

/// Tells each request to a file before it is answered.
struct Told {
    inner: Arc<dyn Transport>,
    asked: Option<PathBuf>,
    times: Option<PathBuf>,
    broken: Option<String>,
    probe: Option<PathBuf>,
}

/// What a page that had taken the process over would try, and whether it can.
fn tried(probe: &Path) -> String {
    let tries = [
        ("read", std::fs::read(probe.join("secret")).is_ok()),
        ("write", std::fs::write(probe.join("taken"), b"x").is_ok()),
        ("list", std::fs::read_dir(probe).is_ok()),
        ("start", std::process::Command::new("/bin/true").status().is_ok()),
        ("listen", std::net::TcpListener::bind("127.0.0.1:48219").is_ok()),
    ];
    tries.iter().map(|(what, could)| format!("tried to {what}: {could}\n")).collect()
}

impl Transport for Told {
    fn fetch<'a>(&'a self, target: &'a Target, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        if let Some(file) = &self.asked {
            let line = format!("{:?} {}\n", request.method, target.url());
            let line = self.probe.as_deref().map_or_else(String::new, tried) + &line;
            append(file, &line);
        }
        if self.broken.as_deref() == Some(target.host()) {
            let error = TransportError { advice: Advice::Later, reached: true, what: "the service is broken" };
            return Box::pin(std::future::ready(Err(error)));
        }
        self.timed(target, self.inner.fetch(target, request))
    }

    fn log_in<'a>(
        &'a self,
        target: &'a LoginTarget,
        request: LoginRequest<'a>,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        if let Some(file) = &self.asked {
            append(file, &format!("Post {}\n", target.target().url()));
        }
        self.timed(target.target(), self.inner.log_in(target, request))
    }
}

impl Told {
    /// Tells when a request begins and when it ends.
    fn timed<'a>(
        &self,
        target: &Target,
        asking: BoxFuture<'a, Result<Response, TransportError>>,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        let Some(file) = self.times.clone() else { return asking };
        let host = target.host().to_owned();
        Box::pin(async move {
            // One write each, so that a line is whole even if this process is killed.
            let moment = Moment::begin(file, host);
            let mut response = asking.await?;
            let body = std::mem::replace(&mut response.body, Box::pin(futures_util::stream::empty()));
            response.body = Box::pin(body.map(move |piece| {
                let _until_the_body_is_dropped = &moment;
                piece
            }));
            Ok(response)
        })
    }
}

fn append(file: &Path, line: &str) {
    let file = OpenOptions::new().append(true).create(true).open(file);
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("the list of requests can be written");
}

/// A request that is under way; told when it begins and when it ends.
struct Moment {
    file: PathBuf,
    host: String,
}

impl Moment {
    fn begin(file: PathBuf, host: String) -> Self {
        append(&file, &format!("began {} {host}\n", Clock::system().now().millis()));
        Self { file, host }
    }
}

impl Drop for Moment {
    fn drop(&mut self) {
        append(&self.file, &format!("ended {} {}\n", Clock::system().now().millis(), self.host));
    }
}

/// Fails once, at one pass of one stage.
struct Fault {
    stage: Stage,
    panics: bool,
    at: usize,
    passes: AtomicUsize,
    careless: String,
}

impl Fault {
    fn parse(text: &str, site: Option<&Site>) -> Self {
        let mut words = text.split(':');
        let stage = words.next().unwrap_or_default();
        let stage = Stage::ALL.into_iter().find(|known| known.as_str() == stage).expect("LANTHORN_FAULT names a stage");
        let panics = words.next() == Some("panic");
        let at = words.next().and_then(|number| number.parse().ok()).unwrap_or(1);
        let careless =
            site.map(|site| site.planted.iter().map(|planted| &*planted.written).collect::<Vec<_>>().join(" "));
        Self { stage, panics, at, passes: AtomicUsize::new(0), careless: careless.unwrap_or_default() }
    }
}

impl Watch for Fault {
    fn enter(&self, stage: Stage) -> Result<(), Error> {
        if stage != self.stage || self.passes.fetch_add(1, Ordering::SeqCst) + 1 != self.at {
            return Ok(());
        }
        assert!(!self.panics, "cannot go on with {}", self.careless);
        Err(Error::Stopped { stage })
    }

    fn leave(&self, _: Stage, _: Duration) {}
}
