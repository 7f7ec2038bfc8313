//! Bounds of one fetch, and of what the frontier does with its outcome.

use std::time::Duration;

/// Milliseconds until the first byte of the answer, circuit included.
const CONNECT: Duration = Duration::from_secs(60);

/// Milliseconds between two pieces of the body: a dead onion host shows as silence.
const IDLE: Duration = Duration::from_secs(30);

/// The whole fetch.
const TOTAL: Duration = Duration::from_secs(180);

/// How long a page is lent: a whole fetch, and time to seal and redact it.
pub const LEASE_MILLIS: i64 = 300_000;

/// Times that a page is asked for before it is given up.
pub const MAX_ATTEMPTS: i64 = 5;

/// Times that a page is asked for that the server fails on (5xx).
pub(crate) const MAX_SERVER_ERRORS: i64 = 3;

/// Redirects from one page to the next.
pub const MAX_REDIRECTS: i64 = 5;

/// Bytes of a body that are looked at to tell text from everything else.
pub(crate) const SNIFF_BYTES: usize = 512;

/// Bytes of a robots.txt that count; RFC 9309 asks for at least 500 KiB.
pub(crate) const MAX_ROBOTS_BYTES: usize = 500 << 10;

/// How long an answer about robots.txt is believed.
pub(crate) const ROBOTS_FRESH_MILLIS: i64 = 86_400_000;

/// Pages that one call may pass over because they may not be visited any more.
pub(crate) const MAX_PASSED_OVER: usize = 64;

/// Bounds of one fetch.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until the head of the answer, circuit included.
    pub connect: Duration,
    /// Between two pieces of the body.
    pub idle: Duration,
    /// The whole fetch.
    pub total: Duration,
    /// Bytes of the body as it comes over the wire; the rest is not read.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: CONNECT, idle: IDLE, total: TOTAL, body_bytes: page::limits::MAX_BODY_BYTES }
    }
}
