//! A transport over real sockets of this machine: hosts are names for ports of loopback, and everything that is not such
//! a name leads into a drain that somebody watches. For tests and benches; the product has no such thing.
//!
//! It is what a packet capture would be on a real network: every connection that is opened is written down with the host
//! and port that it was opened for, before it is opened.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authorisation::{LoginTarget, Scheme, Target};
use crawler::{Advice, BoxFuture, LoginRequest, Request, Response, Transport, TransportError};
use futures_util::StreamExt as _;
use http_body_util::{BodyDataStream, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Idle connections that are kept for one host.
const MAX_IDLE: usize = 64;

type Connection = SendRequest<Full<Bytes>>;

/// Names, and the ports that stand for them; clones share connections.
#[derive(Clone)]
pub struct Loopback(Arc<Inner>);

struct Inner {
    /// By host and port.
    places: BTreeMap<(String, u16), SocketAddr>,
    /// Where everything else leads.
    drain: Option<SocketAddr>,
    /// Where every opening is written down.
    opened: Option<PathBuf>,
    idle: Mutex<HashMap<SocketAddr, Vec<Connection>>>,
}

impl Loopback {
    /// Over these places; `drain` is where every other name leads, `opened` the file of all openings.
    ///
    /// # Panics
    /// If an address is not on loopback.
    #[must_use]
    pub fn new(places: BTreeMap<(String, u16), SocketAddr>, drain: Option<SocketAddr>, opened: Option<&Path>) -> Self {
        assert!(places.values().chain(&drain).all(|address| address.ip().is_loopback()), "loopback alone");
        Self(Arc::new(Inner { places, drain, opened: opened.map(Path::to_owned), idle: Mutex::default() }))
    }

    /// Reads `host:port=127.0.0.1:1234,…`; the place of `*` is the drain.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn parse(text: &str, opened: Option<&Path>) -> Result<Self, String> {
        let mut places = BTreeMap::new();
        let mut drain = None;
        for one in text.split(',').filter(|one| !one.is_empty()) {
            let bad = || format!("{one:?} is not HOST:PORT=ADDRESS");
            let (name, address) = one.split_once('=').ok_or_else(bad)?;
            let address: SocketAddr = address.parse().map_err(|_| bad())?;
            if name == "*" {
                drain = Some(address);
                continue;
            }
            let (host, port) = name.rsplit_once(':').ok_or_else(bad)?;
            places.insert((host.to_owned(), port.parse().map_err(|_| bad())?), address);
        }
        Ok(Self::new(places, drain, opened))
    }

    fn idle(&self) -> MutexGuard<'_, HashMap<SocketAddr, Vec<Connection>>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connection(&self, target: &Target) -> Result<(SocketAddr, Connection), TransportError> {
        let place = (target.host().to_owned(), target.port());
        let address = self.0.places.get(&place).copied().or(self.0.drain).ok_or(NOWHERE)?;
        if let Some(file) = &self.0.opened {
            // Before it is opened: an opening that is not allowed must not go unseen because it failed.
            append(file, &format!("{}://{}:{}\n", target.scheme(), place.0, place.1));
        }
        loop {
            let kept = self.idle().get_mut(&address).and_then(Vec::pop);
            match kept {
                Some(kept) if kept.is_ready() => return Ok((address, kept)),
                Some(_) => {}
                None => break,
            }
        }
        let stream = TcpStream::connect(address).await.map_err(|_| BROKEN)?;
        stream.set_nodelay(true).map_err(|_| BROKEN)?;
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| BROKEN)?;
        tokio::spawn(connection);
        Ok((address, sender))
    }

    async fn ask(
        &self,
        target: &Target,
        method: &str,
        headers: &[(Vec<u8>, Vec<u8>)],
        body: Bytes,
    ) -> Result<Response, TransportError> {
        let (address, mut connection) = self.connection(target).await?;
        let default = if target.scheme() == Scheme::Https { 443 } else { 80 };
        let host = match target.port() {
            port if port == default => target.host().to_owned(),
            port => format!("{}:{port}", target.host()),
        };
        let mut asking = hyper::Request::builder().method(method).uri(target.path_and_query()).header("host", host);
        for (name, value) in headers {
            asking = asking.header(name.as_slice(), value.as_slice());
        }
        let asking = asking.body(Full::new(body)).map_err(|_| NOWHERE)?;
        let answer = connection.send_request(asking).await.map_err(|_| BROKEN)?;
        let status = answer.status().as_u16();
        let headers =
            answer.headers().iter().map(|(name, value)| (name.as_str().into(), value.as_bytes().to_vec())).collect();
        let body = self.body(address, connection, answer.into_body());
        Ok(Response { status, headers, body, facts: BTreeMap::from([("transport".into(), "loopback".into())]) })
    }

    /// The body; its connection can be used again once it has been read to its end.
    fn body(
        &self,
        address: SocketAddr,
        connection: Connection,
        body: Incoming,
    ) -> crawler::BoxStream<'static, Result<Vec<u8>, TransportError>> {
        let pieces = BodyDataStream::new(body).map(|piece| piece.map(|bytes| bytes.to_vec()).map_err(|_| BROKEN));
        let this = self.clone();
        let back = futures_util::stream::once(async move {
            let mut idle = this.idle();
            let kept = idle.entry(address).or_default();
            if kept.len() < MAX_IDLE {
                kept.push(connection);
            }
            None
        });
        Box::pin(pieces.map(Some).chain(back).filter_map(std::future::ready))
    }
}

impl Transport for Loopback {
    fn fetch<'a>(&'a self, target: &'a Target, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move { self.ask(target, "GET", &request.headers, Bytes::new()).await })
    }

    fn log_in<'a>(
        &'a self,
        target: &'a LoginTarget,
        request: LoginRequest<'a>,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        let form = Bytes::copy_from_slice(request.form.bytes());
        Box::pin(async move { self.ask(target.target(), "POST", &request.headers, form).await })
    }
}

const NOWHERE: TransportError =
    TransportError { advice: Advice::Never, reached: false, what: "the name stands for no port of this machine" };

const BROKEN: TransportError =
    TransportError { advice: Advice::Later, reached: true, what: "the connection ended early" };

fn append(file: &Path, line: &str) {
    use std::io::Write as _;
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(file);
    let written = opened.and_then(|mut file| file.write_all(line.as_bytes()));
    written.expect("an opening that cannot be written down does not happen");
}
