//! What a fetch goes through: Tor in the product, a map in memory under test.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use authorisation::{LoginTarget, Target};
use futures_util::Stream;
use page::Method;

use crate::FormBody;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A stream that a trait object can return.
pub type BoxStream<'a, T> = Pin<Box<dyn Stream<Item = T> + Send + 'a>>;

/// Something that asks a server for one page.
///
/// It takes a [`Target`], which only `authorisation::scope` makes. It never follows a redirect, never retries, never
/// undoes a content coding and never resolves a name on this machine; it gives up when it is dropped.
pub trait Transport: Send + Sync {
    /// Asks once. The body comes piece by piece, as on the wire, and may be dropped at any time.
    fn fetch<'a>(&'a self, target: &'a Target, request: Request) -> BoxFuture<'a, Result<Response, TransportError>>;

    /// Sends the login form of an authorised account, once: the only POST that there is. Where it may go, scope has said.
    fn log_in<'a>(
        &'a self,
        target: &'a LoginTarget,
        request: LoginRequest<'a>,
    ) -> BoxFuture<'a, Result<Response, TransportError>>;
}

/// Under whose name a page is asked for: nobody's, or that of one session of an account. What is asked for under different
/// ones shares no connection and no circuit, so that neither a site nor a relay is told that they belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guise(u64);

impl Guise {
    /// Nobody's.
    pub const NOBODY: Self = Self(0);

    /// A session's, by the account's label and the session's version.
    #[must_use]
    pub fn of_session(label: &str, version: i64) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("lanthorn crawler guise v1");
        hasher.update(&version.to_be_bytes()).update(label.as_bytes());
        let mut number = [0; 8];
        hasher.finalize_xof().fill(&mut number);
        Self(u64::from_be_bytes(number).max(1))
    }

    /// Its number, 0 for nobody's.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The one of a number.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }
}

/// How a login form is sent.
pub struct LoginRequest<'a> {
    /// Headers in order; a transport adds `Host` and `Content-Length` and nothing else.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// As in [`Request`].
    pub lane: u32,
    /// As in [`Request`].
    pub guise: Guise,
    /// The form, filled in.
    pub form: &'a FormBody,
}

/// How a page is asked for.
#[derive(Clone)]
pub struct Request {
    /// GET or HEAD.
    pub method: Method,
    /// Headers in order; a transport adds `Host` and nothing else.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// Which of several separate ways to the host is taken: a higher number after a failure means another circuit.
    pub lane: u32,
    /// Under whose name.
    pub guise: Guise,
}

/// A server's answer.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers as received, in order.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The body as on the wire.
    pub body: BoxStream<'static, Result<Vec<u8>, TransportError>>,
    /// What the transport knows and HTTP does not say. `transport.own_ms` is taken off the server's latency.
    pub facts: BTreeMap<String, String>,
}

/// Milliseconds that the transport itself took, among a response's facts.
pub(crate) const OWN_MILLIS_FACT: &str = "transport.own_ms";

/// Why there was no answer, or not a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct TransportError {
    /// When it makes sense to ask again.
    pub advice: Advice,
    /// Whether the server itself was reached. What fails on the way to it is no fault of the page that was asked for.
    pub reached: bool,
    /// What happened, in words that name no host.
    pub what: &'static str,
}

/// When it makes sense to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Advice {
    /// Never: the target cannot be reached like this.
    Never,
    /// After hours: the service is not there.
    MuchLater,
    /// After minutes: the service or the network has trouble.
    Later,
    /// As soon as is polite, on another lane.
    Soon,
}

impl fmt::Debug for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Request({:?}, {} headers, lane {})", self.method, self.headers.len(), self.lane)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Response({}, {} headers, {} facts)", self.status, self.headers.len(), self.facts.len())
    }
}
