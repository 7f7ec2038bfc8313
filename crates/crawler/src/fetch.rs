//! One fetch: asked once, for text, within bounds; nothing followed, nothing repeated.

use std::fmt;
use std::time::Duration;

use authorisation::Refusal;
use futures_util::StreamExt as _;
use model::{CaptureId, Clock, Sensitive};
use page::limits::{MAX_FACT_BYTES, MAX_FACTS, MAX_HEADER_BYTES, MAX_HEADERS, MAX_URL_BYTES};
use page::{CaptureRecord, FetchedPage, Headers, Method, Truncation};
use tokio::time::{sleep, timeout};
use zeroize::Zeroize as _;

use crate::account::MAX_LOGIN_BYTES;
use crate::limits::{MAX_ROBOTS_BYTES, SNIFF_BYTES};
use crate::media;
use crate::politeness::retry_after_millis;
use crate::remembered::Remembered;
use crate::transport::OWN_MILLIS_FACT;
use crate::{
    Advice, BoxStream, Guise, Lease, Limits, LoginRequest, Purpose, Request, Response, Transport, TransportError,
};

/// What a browser of the Tor Project sends: whoever crawls over Tor shall not stand out among its users.
const USER_AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Most pages fit without moving.
const FIRST_ROOM_BYTES: usize = 64 << 10;

/// What came of one fetch. `Debug` prints no URL and no content.
#[expect(clippy::large_enum_variant, reason = "one is made a fetch, and it moves on at once")]
pub enum Fetched {
    /// A page of text with a status from 200 to 299, perhaps cut.
    Page(FetchedPage),
    /// It is what the last visit kept: the server says so, or the body is the same byte for byte.
    Unchanged,
    /// It is elsewhere: the `Location`, as the server wrote it. It has not been followed, nor admitted.
    Redirect(Sensitive<String>),
    /// It is there and not text; its body has not been read, or no further than its first bytes.
    Refused(Refusal),
    /// The server answered with another status; nothing is kept.
    Status(u16),
    /// The server wants to be left alone.
    Backoff {
        /// 429 or 503.
        status: u16,
        /// How long it asks for, if it says.
        retry_after_millis: Option<i64>,
    },
    /// There was no answer.
    Failed(TransportError),
}

impl fmt::Debug for Fetched {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(page) => write!(out, "{page:?}"),
            Self::Unchanged => out.write_str("Unchanged"),
            Self::Redirect(_) => out.write_str("Redirect"),
            Self::Refused(refusal) => write!(out, "Refused({})", refusal.rule()),
            Self::Status(status) => write!(out, "Status({status})"),
            Self::Backoff { status, .. } => write!(out, "Backoff({status})"),
            Self::Failed(error) => write!(out, "Failed({error})"),
        }
    }
}

/// Asks once for what is leased. What it uses is noted in the lease.
///
/// It can be cancelled at any point; what was received is gone then, and counted.
pub async fn fetch(
    transport: &dyn Transport,
    lease: &Lease,
    capture: CaptureId,
    limits: Limits,
    clock: &Clock,
) -> Fetched {
    let started = clock.now();
    let target = lease.target();
    let mut record = CaptureRecord::begun(
        capture,
        target.authorisation(),
        target.case().clone(),
        target.site(),
        target.url(),
        started,
    );
    record.request_headers = Headers::new(request_headers(lease));
    let headers = signed_in(lease, record.request_headers.pairs().to_vec(), clock);
    if let Some((label, version)) = lease.account() {
        record.facts.insert("account".to_owned(), label.to_owned());
        record.facts.insert("account.session".to_owned(), version.to_string());
    }

    let deadline = sleep(limits.total);
    tokio::pin!(deadline);
    let guise = lease.account().map_or(Guise::NOBODY, |(label, version)| Guise::of_session(label, version));
    let asking = match &lease.login {
        Some(login) => {
            let request = LoginRequest { headers, lane: lease.lane(), guise, form: &login.body };
            transport.log_in(&login.target, request)
        }
        None => transport.fetch(target, Request { method: Method::Get, headers, lane: lease.lane(), guise }),
    };
    let answer = tokio::select! {
        answer = timeout(limits.connect.min(limits.total), asking) => answer,
        () = &mut deadline => return silent(),
    };
    let mut response = match answer {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Fetched::Failed(error),
        Err(_) => return silent(),
    };
    let own = response.facts.get(OWN_MILLIS_FACT).and_then(|millis| millis.parse::<i64>().ok()).unwrap_or_default();
    lease.meter.answered_after(clock.now().since_millis(started).saturating_sub(own.max(0)));

    if lease.account.is_some() {
        keep_cookies(lease, &mut response.headers);
    }
    if response.status == 304 && lease.remembered.is_some() {
        return Fetched::Unchanged;
    }
    if let Some(turned) = turned_away(&response, lease.purpose(), clock) {
        return turned;
    }
    let coding = match media::declared(&response.headers) {
        Ok(coding) => coding,
        Err(refusal) => return Fetched::Refused(refusal),
    };
    record.status = response.status;
    record.response_headers = Headers::new(response.headers);
    record.facts.append(&mut response.facts);

    let mut most = limits.body_bytes.min(usize::try_from(lease.byte_limit()).unwrap_or(usize::MAX));
    match lease.purpose() {
        Purpose::Page => {}
        Purpose::Robots => most = most.min(MAX_ROBOTS_BYTES),
        Purpose::LoginPage | Purpose::LogIn => most = most.min(MAX_LOGIN_BYTES),
    }
    let mut body = Body { stream: response.body, bytes: Sensitive::default(), most, ended: None };
    body.read(SNIFF_BYTES, limits.idle, deadline.as_mut(), lease).await;
    if let Err(refusal) = media::sniffed(body.bytes.expose(), coding) {
        return Fetched::Refused(refusal);
    }
    body.read(usize::MAX, limits.idle, deadline.as_mut(), lease).await;
    let nothing = body.bytes.expose().is_empty();
    match body.ended {
        Some(End::Failed(error)) if nothing => return Fetched::Failed(error),
        Some(End::Silent) if nothing => return silent(),
        Some(End::Failed(_)) => record.truncated = Some(Truncation::Disconnect),
        Some(End::Silent) => record.truncated = Some(Truncation::Time),
        Some(End::Full) => record.truncated = Some(Truncation::Length),
        Some(End::Whole) | None => {}
    }
    if lease.purpose() == Purpose::Page && record.truncated.is_none() {
        let seen = Remembered::of(body.bytes.expose(), record.response_headers.pairs());
        if lease.remembered.as_ref().is_some_and(|last| last.body == seen.body) {
            return Fetched::Unchanged;
        }
        lease.meter.learn(seen);
    }
    record.body = body.bytes;
    record.ended = clock.now();
    Fetched::Page(FetchedPage::new(record))
}

fn request_headers(lease: &Lease) -> Vec<(Vec<u8>, Vec<u8>)> {
    let purpose = lease.purpose();
    let accept = match purpose {
        Purpose::Page | Purpose::LoginPage | Purpose::LogIn => "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8",
        Purpose::Robots => "text/plain",
    };
    let headers = [
        ("User-Agent", USER_AGENT),
        ("Accept", accept),
        ("Accept-Language", "en-US,en;q=0.5"),
        ("Accept-Encoding", "gzip, deflate"),
    ];
    let headers = headers.into_iter().take(if purpose == Purpose::Robots { 3 } else { 4 });
    let headers = headers.map(|(name, value)| (name, value.as_bytes()));
    let condition = lease.remembered.as_ref().and_then(Remembered::condition);
    headers.chain(condition).map(|(name, value)| (name.as_bytes().to_vec(), value.to_vec())).collect()
}

/// What takes the place of a cookie in what is recorded.
const WITHHELD: &[u8] = b"(withheld: the session of an authorised account)";

/// What is sent beside what is recorded: the cookies of the account's session, and what a form needs.
fn signed_in(lease: &Lease, mut headers: Vec<(Vec<u8>, Vec<u8>)>, clock: &Clock) -> Vec<(Vec<u8>, Vec<u8>)> {
    let jar = match (&lease.login, &lease.account) {
        (Some(login), _) => &login.jar,
        (None, Some(account)) => &account.jar,
        (None, None) => return headers,
    };
    if lease.login.is_some() {
        headers.push((b"Content-Type".to_vec(), b"application/x-www-form-urlencoded".to_vec()));
    }
    if let Some(cookies) = jar.header(lease.target(), clock.now()) {
        headers.push((b"Cookie".to_vec(), cookies.expose().clone()));
    }
    headers
}

/// Keeps the cookies of an account's session for the session, and out of what is recorded: whoever is shown the original
/// one day is not given the account.
fn keep_cookies(lease: &Lease, headers: &mut [(Vec<u8>, Vec<u8>)]) {
    for (name, value) in headers {
        if name.eq_ignore_ascii_case(b"set-cookie") {
            lease.meter.keep_cookie(value);
            value.zeroize();
            value.extend_from_slice(WITHHELD);
        }
    }
}

/// The outcomes that the head of an answer decides.
fn turned_away(response: &Response, purpose: Purpose, clock: &Clock) -> Option<Fetched> {
    let size: usize = response.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    let facts: usize = response.facts.iter().map(|(name, value)| name.len() + value.len()).sum();
    if response.headers.len() > MAX_HEADERS
        || size > MAX_HEADER_BYTES
        || response.facts.len() > MAX_FACTS
        || facts > MAX_FACT_BYTES
    {
        return Some(Fetched::Failed(TransportError {
            advice: Advice::Never,
            reached: true,
            what: "the answer's head is larger than is read",
        }));
    }
    let header = |wanted: &str| {
        let found = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()));
        found.map(|(_, value)| value.as_slice())
    };
    match response.status {
        200..=299 => None,
        status @ (429 | 503) => {
            let retry_after_millis = header("retry-after").and_then(|value| retry_after_millis(value, clock.now()));
            Some(Fetched::Backoff { status, retry_after_millis })
        }
        // A robots.txt that is elsewhere is none of this host: RFC 9309 would let us follow it, scope would not.
        status @ (301 | 302 | 303 | 307 | 308) if purpose != Purpose::Robots => match header("location") {
            Some(location) if location.len() <= MAX_URL_BYTES => {
                Some(Fetched::Redirect(Sensitive::new(String::from_utf8_lossy(location).into_owned())))
            }
            _ => Some(Fetched::Status(status)),
        },
        status => Some(Fetched::Status(status)),
    }
}

fn silent() -> Fetched {
    Fetched::Failed(TransportError { advice: Advice::Soon, reached: true, what: "there was no answer in time" })
}

/// A body on its way.
struct Body {
    stream: BoxStream<'static, Result<Vec<u8>, TransportError>>,
    bytes: Sensitive<Vec<u8>>,
    most: usize,
    ended: Option<End>,
}

enum End {
    Whole,
    Full,
    Silent,
    Failed(TransportError),
}

impl Body {
    /// Reads until there are `enough` bytes, or an end.
    async fn read(
        &mut self,
        enough: usize,
        idle: Duration,
        mut deadline: std::pin::Pin<&mut tokio::time::Sleep>,
        lease: &Lease,
    ) {
        while self.ended.is_none() && self.bytes.expose().len() < enough {
            let piece = tokio::select! {
                piece = timeout(idle, self.stream.next()) => piece.ok(),
                () = deadline.as_mut() => None,
            };
            match piece {
                Some(Some(Ok(mut piece))) => {
                    let kept = piece.len().min(self.most - self.bytes.expose().len());
                    self.keep(&piece[..kept]);
                    lease.meter.count(kept);
                    if kept < piece.len() {
                        self.ended = Some(End::Full);
                    }
                    piece.zeroize();
                }
                Some(Some(Err(error))) => self.ended = Some(End::Failed(error)),
                Some(None) => self.ended = Some(End::Whole),
                None => self.ended = Some(End::Silent),
            }
        }
    }

    /// Appends; a vector that grows by itself would leave copies of raw text in freed memory.
    fn keep(&mut self, piece: &[u8]) {
        let have = self.bytes.expose();
        if have.capacity() - have.len() < piece.len() {
            let mut roomier =
                Vec::with_capacity((2 * have.capacity()).max(have.len() + piece.len()).max(FIRST_ROOM_BYTES));
            roomier.extend_from_slice(have);
            self.bytes = Sensitive::new(roomier); // the old one is wiped as it is dropped
        }
        self.bytes.expose_mut().extend_from_slice(piece);
    }
}
