//! The capture record: one fetch attempt, exactly as it came over the wire.

mod form;

use std::collections::BTreeMap;
use std::fmt;

use model::{AuthorisationId, CaptureId, CaseId, Sensitive, Timestamp};

pub use form::RECORD_VERSION;

/// One fetch attempt. `Debug` prints counts.
pub struct CaptureRecord {
    /// The capture id.
    pub capture: CaptureId,
    /// The authorisation under which it was fetched.
    pub authorisation: AuthorisationId,
    /// The case.
    pub case: CaseId,
    /// The label that the authorisation gives the target; never an address.
    pub site: String,
    /// How it was asked for.
    pub method: Method,
    /// The URL asked for, normalised, without fragment.
    pub url: Sensitive<String>,
    /// Request headers as sent.
    pub request_headers: Headers,
    /// The HTTP status.
    pub status: u16,
    /// Response headers as received.
    pub response_headers: Headers,
    /// The body with its content coding left on.
    pub body: Sensitive<Vec<u8>>,
    /// When the request was sent.
    pub started: Timestamp,
    /// When the last byte had come.
    pub ended: Timestamp,
    /// How far our clock was ahead of a trusted one, if that was measured.
    pub clock_offset_millis: Option<i64>,
    /// Why the body is not whole, if it is not.
    pub truncated: Option<Truncation>,
    /// What the transport knows and HTTP does not say, such as `tor.version`.
    pub facts: BTreeMap<String, String>,
}

/// How a page was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// HEAD: headers alone.
    Head,
}

/// Why a body is not whole: the three causes of `WARC-Truncated`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncation {
    /// Cut at the size limit.
    Length,
    /// Cut at the time limit.
    Time,
    /// The other side ended early.
    Disconnect,
}

/// A list of headers, in order, as raw bytes. `Debug` prints its length.
#[derive(Default)]
pub struct Headers(Sensitive<Vec<(Vec<u8>, Vec<u8>)>>);

impl Headers {
    /// From names and values.
    #[must_use]
    pub const fn new(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> Self {
        Self(Sensitive::new(pairs))
    }

    /// All of them, in order.
    #[must_use]
    pub fn pairs(&self) -> &[(Vec<u8>, Vec<u8>)] {
        self.0.expose()
    }

    /// The value of the first header of that name, whatever its case.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.pairs()
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.as_slice())
    }
}

impl From<Vec<(Vec<u8>, Vec<u8>)>> for Headers {
    fn from(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> Self {
        Self::new(pairs)
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} headers", self.pairs().len())
    }
}

impl fmt::Debug for CaptureRecord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "CaptureRecord({}, status {}, {} headers, {} bytes{})",
            self.capture,
            self.status,
            self.response_headers.pairs().len(),
            self.body.expose().len(),
            if self.truncated.is_some() { ", truncated" } else { "" }
        )
    }
}

impl CaptureRecord {
    /// A record of a GET of `url` at `started` with nothing received yet; its fields are filled in as things arrive.
    #[must_use]
    pub fn begun(
        capture: CaptureId,
        authorisation: AuthorisationId,
        case: CaseId,
        site: impl Into<String>,
        url: impl Into<String>,
        started: Timestamp,
    ) -> Self {
        Self {
            capture,
            authorisation,
            case,
            site: site.into(),
            method: Method::Get,
            url: Sensitive::new(url.into()),
            request_headers: Headers::default(),
            status: 0,
            response_headers: Headers::default(),
            body: Sensitive::default(),
            started,
            ended: started,
            clock_offset_millis: None,
            truncated: None,
            facts: BTreeMap::new(),
        }
    }
}

impl Method {
    /// The word of HTTP.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
        }
    }
}

impl Truncation {
    /// The word of `WARC-Truncated`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Time => "time",
            Self::Disconnect => "disconnect",
        }
    }
}
