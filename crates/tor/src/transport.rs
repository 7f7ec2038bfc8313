//! The transport: one request of a crawl, over the route of its case and host.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use authorisation::{LoginTarget, Target};
use crawler::{Advice, BoxFuture, Guise, LoginRequest, Request, Response, Transport, TransportError};
use model::CaseId;
use page::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rustls::{ClientConfig, RootCertStore};

use crate::admission::{Admissions, Opening};
use crate::body::{Unfinished, pieces};
use crate::client::{Bootstrap, Client};
use crate::gate::Gate;
use crate::route::Route;
use crate::{Error, Network, Settings};

/// What a capture says it was fetched with; a test holds it against the version that is built.
const CLIENT: &str = "arti-client 0.47.0";

/// What a capture says of its circuit: what [`Client::connect`] asks arti for.
const ISOLATION: &str = "a circuit of its own for this case, this host and this account's session";

/// How long an unused connection is kept for the next page. A crawl rests 3 s or more between two.
const IDLE: Duration = Duration::from_secs(60);

/// Unused connections to one host. A crawl has one; benches have more.
const IDLE_CONNECTIONS: usize = 8;

/// The route of time stamps: no case may share their circuits.
const STAMPS: &str = "time-stamps";

/// How long an authority may take, Tor's circuits included.
const STAMP_TIME: Duration = Duration::from_secs(90);

/// Bytes of the longest reply that is read.
const MAX_STAMP_BYTES: usize = 64 << 10;

/// Pages over Tor; clones are the same client.
#[derive(Clone)]
pub struct TorTransport(Arc<Inner>);

struct Inner {
    gate: Gate,
    tor: Client,
    admissions: Admissions,
    tls: ClientConfig,
    connect: Duration,
    network: &'static str,
    /// A client for each case, lane and guise, because a client has one proxy address and shares its connections.
    clients: Mutex<BTreeMap<(CaseId, u8, Guise), reqwest::Client>>,
}

/// Starts Tor and waits until it can carry traffic; `told` hears how far it has come.
///
/// # Errors
/// When arti refuses its settings or folders, when it is not ready within [`Settings::bootstrap`], when the loopback
/// address cannot be used.
pub async fn open(settings: &Settings, told: impl FnMut(Bootstrap)) -> Result<TorTransport, Error> {
    // arti and reqwest both ask the process for its one provider of cryptography. Somebody may have said it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::start(settings, told).await?;
    let admissions = Admissions::default();
    let gate = Gate::open(client.clone(), admissions.clone()).await.map_err(Error::Gate)?;
    let network = match settings.network {
        Network::Public => "public",
        Network::Private(_) => "private",
    };
    let inner = Inner {
        gate,
        tor: client,
        admissions,
        tls: tls(),
        connect: settings.connect,
        network,
        clients: Mutex::default(),
    };
    Ok(TorTransport(Arc::new(inner)))
}

impl Transport for TorTransport {
    fn fetch<'a>(&'a self, target: &'a Target, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(self.0.fetch(target, request))
    }

    fn log_in<'a>(
        &'a self,
        target: &'a LoginTarget,
        request: LoginRequest<'a>,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(self.0.log_in(target, request))
    }
}

impl TorTransport {
    /// Sends a time-stamp query (RFC 3161) to an authority on the open network or behind an onion address; its reply.
    ///
    /// # Errors
    /// When the authority cannot be reached, or answers with an error or with too much.
    pub async fn stamp(&self, url: &str, query: Vec<u8>) -> Result<Vec<u8>, TransportError> {
        self.0.stamp(url, query).await
    }
}

impl Inner {
    async fn fetch(&self, target: &Target, request: Request) -> Result<Response, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
        };
        self.send(target, request.guise, ask(target, method, &request.headers)?).await
    }

    /// The one POST to a site: its target can only be the login form of an authorised account.
    async fn log_in(&self, target: &LoginTarget, request: LoginRequest<'_>) -> Result<Response, TransportError> {
        let target = target.target();
        let mut ask = ask(target, reqwest::Method::POST, &request.headers)?;
        *ask.body_mut() = Some(request.form.bytes().to_vec().into());
        self.send(target, request.guise, ask).await
    }

    async fn send(&self, target: &Target, guise: Guise, ask: reqwest::Request) -> Result<Response, TransportError> {
        let route = self.admissions.route(target.case(), target.host(), guise);
        let client = self.client(&route)?;
        let mut unfinished = Unfinished::new(self.admissions.enter((route, target.port())));
        let answer = client.execute(ask).await.map_err(|error| failure(&error, unfinished.opening()))?;
        unfinished.answered();
        let mut facts = BTreeMap::from([
            ("transport".to_owned(), "tor".to_owned()),
            ("tor.network".to_owned(), self.network.to_owned()),
            ("tor.client".to_owned(), CLIENT.to_owned()),
            ("tor.isolation".to_owned(), ISOLATION.to_owned()),
            ("tor.status".to_owned(), self.tor.status()),
        ]);
        if let Opening::Opened(millis) = unfinished.opening() {
            facts.insert("transport.own_ms".to_owned(), millis.to_string());
        }
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str().as_bytes().to_vec(), value.as_bytes().to_vec()));
        Ok(Response {
            status: answer.status().as_u16(),
            headers: headers.collect(),
            facts,
            body: pieces(answer, unfinished),
        })
    }

    /// Asks a time-stamping authority, over a route of its own: the one request that is no page of a case.
    async fn stamp(&self, url: &str, query: Vec<u8>) -> Result<Vec<u8>, TransportError> {
        let never = |what| TransportError { advice: Advice::Never, reached: false, what };
        let soon = |what| TransportError { advice: Advice::Soon, reached: true, what };
        let url = reqwest::Url::parse(url).map_err(|_| never("the authority's address is no URL"))?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(never("the authority's address names no host"));
        };
        let route = self.admissions.route(&STAMPS.parse().map_err(|_| never("a constant"))?, host, Guise::NOBODY);
        let client = self.client(&route)?;
        let mut unfinished = Unfinished::new(self.admissions.enter((route, port)));
        let ask = client
            .post(url)
            .header(reqwest::header::CONTENT_TYPE, "application/timestamp-query")
            .header(reqwest::header::USER_AGENT, "")
            .timeout(STAMP_TIME)
            .body(query);
        let mut answer = ask.send().await.map_err(|error| failure(&error, unfinished.opening()))?;
        unfinished.answered();
        if !answer.status().is_success() {
            return Err(soon("the authority answered with an error"));
        }
        let mut reply = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|_| soon("the answer was cut short"))? {
            reply.extend_from_slice(&piece);
            if reply.len() > MAX_STAMP_BYTES {
                return Err(never("the answer is longer than a time stamp"));
            }
        }
        Ok(reply)
    }

    fn client(&self, route: &Route) -> Result<reqwest::Client, TransportError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (route.case.clone(), route.lane, route.guise);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let proxy = self.gate.proxy(&route.case, route.lane, route.guise);
        let client = build(&proxy, self.tls.clone(), self.connect).map_err(|_| TransportError {
            advice: Advice::Later,
            reached: false,
            what: "no HTTP client could be made",
        })?;
        clients.insert(key, client.clone());
        Ok(client)
    }
}

/// A client that reaches nothing but the gate and does nothing by itself.
fn build(proxy: &str, tls: ClientConfig, connect: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .proxy(reqwest::Proxy::all(proxy)?)
        .dns_resolver(Arc::new(NoDns))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE)
        .http1_only()
        .tcp_nodelay(true)
        .tls_backend_preconfigured(tls)
        .build()
}

/// Every look-up fails: a request that missed the gate would stop here and not at this machine's resolver.
struct NoDns;

impl reqwest::dns::Resolve for NoDns {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let refused = std::io::Error::other("names are looked up at the far end of Tor, never here");
        Box::pin(std::future::ready(Err(refused.into())))
    }
}

/// The certificates that Mozilla's list vouches for.
fn tls() -> ClientConfig {
    let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

/// The request as it will be sent: the target's own URL and the given headers.
fn ask(
    target: &Target,
    method: reqwest::Method,
    sent: &[(Vec<u8>, Vec<u8>)],
) -> Result<reqwest::Request, TransportError> {
    let never = |what| TransportError { advice: Advice::Never, reached: false, what };
    let url = reqwest::Url::parse(target.url()).ok().filter(|url| url.as_str() == target.url());
    let url = url.ok_or_else(|| never("the address reads differently a second time"))?;
    let mut headers = HeaderMap::with_capacity(sent.len());
    for (name, value) in sent {
        let name =
            HeaderName::from_bytes(name).map_err(|_| never("a header of ours has a name that HTTP does not allow"))?;
        let mut value =
            HeaderValue::from_bytes(value).map_err(|_| never("a header of ours holds what HTTP does not allow"))?;
        value.set_sensitive(name == reqwest::header::COOKIE);
        headers.append(name, value);
    }
    let mut ask = reqwest::Request::new(method, url);
    *ask.headers_mut() = headers;
    Ok(ask)
}

/// What `reqwest` cannot know, the gate has noted.
fn failure(error: &reqwest::Error, opening: Opening) -> TransportError {
    let soon = |reached, what| TransportError { advice: Advice::Soon, reached, what };
    match opening {
        Opening::Failed(error) => error,
        _ if error.is_connect() && error.is_timeout() => soon(false, "no connection came about in time"),
        Opening::Opened(_) if error.is_connect() => TransportError {
            advice: Advice::Later,
            reached: true,
            what: "the server's certificate, or its answer to TLS, cannot be accepted",
        },
        Opening::None if error.is_connect() => soon(false, "the gate to Tor was not passed"),
        Opening::Opened(_) | Opening::None => soon(true, "the connection ended before the answer"),
    }
}

/// Prints counts.
impl fmt::Debug for TorTransport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner).len();
        write!(out, "TorTransport({} network, {clients} clients)", self.0.network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_name_the_version_that_is_built() {
        let (name, version) = CLIENT.split_once(' ').unwrap();
        let lock = include_str!("../../../Cargo.lock");
        assert!(
            lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"\n")),
            "{CLIENT} is not what is built"
        );
    }
}
