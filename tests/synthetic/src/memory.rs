//! A transport that serves synthetic sites from memory and remembers every request.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authorisation::{LoginTarget, Target};
use crawler::{Advice, BoxFuture, BoxStream, LoginRequest, Request, Response, Transport, TransportError};
use futures_util::stream::{self, StreamExt as _};
use page::Method;

pub use crate::answers::Asked;
use crate::answers::{self, Answers};
use crate::site::{Canned, Site};

/// Bytes of one piece of a body that is not sent slowly.
const PIECE_BYTES: usize = 64 << 10;

/// What follows the last piece of a body that is cut.
const CUT: TransportError =
    TransportError { advice: Advice::Soon, reached: true, what: "the connection ended before the body did" };

/// Serves some sites; clones share the sites, the record of requests and the failures to come.
#[derive(Clone, Default)]
pub struct MemoryTransport(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By host.
    hosts: BTreeMap<String, Answers>,
    asked: Vec<Asked>,
    failures: BTreeMap<(String, String), VecDeque<TransportError>>,
}

impl MemoryTransport {
    /// A transport over some sites.
    pub fn new(sites: impl IntoIterator<Item = Site>) -> Self {
        let hosts = sites.into_iter().map(|site| (site.host.clone(), Answers::of(site)));
        let state = State { hosts: hosts.collect(), ..State::default() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.state().asked.clone()
    }

    /// How often each URL was asked for with GET.
    #[must_use]
    pub fn gets(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for asked in self.state().asked.iter().filter(|asked| asked.method == "GET") {
            *counts.entry(asked.url.clone()).or_default() += 1;
        }
        counts
    }

    /// Makes the next `times` requests for a page fail.
    pub fn fail(&self, host: &str, path: &str, error: TransportError, times: usize) {
        let mut state = self.state();
        let failures = state.failures.entry((host.to_owned(), path.to_owned())).or_default();
        failures.extend(std::iter::repeat_n(error, times));
    }

    /// Puts another answer at a page, as if its author had edited it.
    pub fn replace(&self, host: &str, path: &str, canned: Canned) {
        self.state().hosts.entry(host.to_owned()).or_default().replace(path, canned);
    }

    /// A panic in one test thread leaves the maps whole: each change is a single insertion.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, target: &Target, request: &Request) -> Result<Response, TransportError> {
        let (host, path) = (target.host().to_owned(), target.path_and_query().to_owned());
        let head = request.method == Method::Head;
        let mut state = self.state();
        let method = if head { "HEAD" } else { "GET" };
        state.asked.push(Asked { method, url: target.url().to_owned(), host: host.clone(), path: path.clone() });
        let place = (host, path);
        if let Some(error) = state.failures.get_mut(&place).and_then(VecDeque::pop_front) {
            return Err(error);
        }
        let canned = state.hosts.get_mut(&place.0).map_or_else(answers::not_found, |host| host.next(&place.1));
        Ok(Response {
            status: canned.status,
            headers: canned.headers.clone(),
            body: body(if head { Arc::default() } else { canned }),
            facts: BTreeMap::from([("transport".to_owned(), "memory".to_owned())]),
        })
    }
}

impl Transport for MemoryTransport {
    fn fetch<'a>(&'a self, target: &'a Target, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move { self.answer(target, &request) })
    }

    /// These sites have no members.
    fn log_in<'a>(
        &'a self,
        _: &'a LoginTarget,
        _: LoginRequest<'a>,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(std::future::ready(Err(TransportError {
            advice: Advice::Never,
            reached: true,
            what: "no login is known",
        })))
    }
}

/// The body in pieces; a slow one lets everybody else go first before each, one that is cut ends with an error.
fn body(canned: Arc<Canned>) -> BoxStream<'static, Result<Vec<u8>, TransportError>> {
    let slow = canned.pieces > 0;
    let ends_early = canned.cut_at.is_some_and(|cut| cut < canned.body.len());
    let pieces = stream::iter(answers::pieces(&canned, PIECE_BYTES)).then(move |(start, end)| {
        let canned = Arc::clone(&canned);
        async move {
            if slow {
                tokio::task::yield_now().await;
            }
            Ok(canned.body[start..end].to_vec())
        }
    });
    Box::pin(pieces.chain(stream::iter(ends_early.then_some(Err(CUT)))))
}

/// Prints counts.
impl fmt::Debug for MemoryTransport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        write!(out, "MemoryTransport({} hosts, {} requests)", state.hosts.len(), state.asked.len())
    }
}

#[cfg(test)]
mod tests {
    use authorisation::{Authorised, scope};
    use crawler::Guise;
    use futures_util::TryStreamExt as _;
    use model::Timestamp;

    use super::*;
    use crate::paper;
    use crate::site::TrapKind;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    async fn ask(
        transport: &MemoryTransport,
        paper: &Authorised,
        url: &str,
        method: Method,
    ) -> Result<(u16, Vec<u8>), TransportError> {
        let target = scope::admit(paper, url, NOW).unwrap();
        let answer =
            transport.fetch(&target, Request { method, headers: Vec::new(), lane: 0, guise: Guise::NOBODY }).await?;
        let body: Vec<Vec<u8>> = answer.body.try_collect().await?;
        Ok((answer.status, body.concat()))
    }

    #[tokio::test]
    async fn pages_come_as_they_are_and_every_request_is_remembered() {
        let site = Site::generate(5, 120);
        let paper = paper::authorised(&site, "op-harbour-2026", "lanthorn.example", NOW);
        let transport = MemoryTransport::new([site.clone()]);
        for path in &site.in_scope {
            let (status, body) = ask(&transport, &paper, &site.url(path), Method::Get).await.unwrap();
            assert_eq!((status, &body), (200, &site.pages[path].body), "{path}");
        }
        assert_eq!(transport.gets().len(), 120);

        let home = site.seed_url();
        assert_eq!(ask(&transport, &paper, &home, Method::Head).await, Ok((200, Vec::new())));
        assert_eq!(ask(&transport, &paper, &site.url("/pages/nothing.html"), Method::Get).await, Ok((404, Vec::new())));
        let asked = transport.asked();
        assert_eq!((asked.len(), asked[120].method, &asked[120].url), (122, "HEAD", &home));
        assert!(!format!("{transport:?}").contains(&site.host));
    }

    #[tokio::test]
    async fn busy_slow_and_failing_pages_behave() {
        let site = Site::generate(6, 120);
        let paper = paper::authorised(&site, "op-harbour-2026", "lanthorn.example", NOW);
        let transport = MemoryTransport::new([site.clone()]);
        let busy = site.url(site.trap(TrapKind::Busy)[0]);
        assert_eq!(ask(&transport, &paper, &busy, Method::Get).await.unwrap().0, 429);
        assert_eq!(ask(&transport, &paper, &busy, Method::Get).await.unwrap().0, 200);

        let slow = site.trap(TrapKind::Slow)[0];
        assert_eq!(ask(&transport, &paper, &site.url(slow), Method::Get).await.unwrap().1, site.pages[slow].body);

        let error = TransportError { advice: Advice::Soon, reached: false, what: "the circuit died" };
        transport.fail(&site.host, slow, error, 1);
        assert_eq!(ask(&transport, &paper, &site.url(slow), Method::Get).await, Err(error));
        assert!(ask(&transport, &paper, &site.url(slow), Method::Get).await.is_ok());
        transport.replace(&site.host, slow, Canned::html(b"edited".to_vec()));
        assert_eq!(ask(&transport, &paper, &site.url(slow), Method::Get).await, Ok((200, b"edited".to_vec())));
    }
}
