//! The heads of requests and answers (RFC 9112), as far as a site of pages needs them.

use std::io::Write as _;

use crate::site::Canned;

/// What ends a head.
pub(super) const HEAD_END: &[u8] = b"\r\n\r\n";

/// Headers that a request may have.
const MAX_HEADERS: usize = 64;

/// Characters of a `Host` header that are written down.
const MAX_HOST_CHARS: usize = 255;

/// A request for a page.
pub(super) struct Asking {
    /// `HEAD`, and not `GET`.
    pub(super) head_only: bool,
    /// The `Host` header, its port included.
    pub(super) host: String,
    /// Path and query.
    pub(super) path: String,
    /// Whether the connection goes on after the answer.
    pub(super) keep_alive: bool,
    /// Whether the client knows chunks.
    pub(super) chunks_allowed: bool,
}

/// Why a request gets no page. Each ends its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is no HTTP/1 request with a plain path.
    Malformed,
    /// Neither `GET` nor `HEAD`.
    Method,
    /// It brings a body.
    Body,
    /// Its head is too long.
    TooLong,
    /// The request cannot be written down.
    NoLog,
}

impl Refusal {
    pub(super) const fn answer(self) -> &'static [u8] {
        match self {
            Self::Malformed => b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            Self::Method => {
                b"HTTP/1.1 405 Method Not Allowed\r\nallow: GET, HEAD\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            }
            Self::Body => b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            Self::TooLong => {
                b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            }
            Self::NoLog => b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        }
    }
}

/// Reads a whole head.
pub(super) fn parse(head: &[u8]) -> Result<Asking, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    if !request.parse(head).is_ok_and(|status| status.is_complete()) {
        return Err(Refusal::Malformed);
    }
    let header = |wanted: &str| request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(wanted));
    let length = header("content-length").map_or(&b"0"[..], |header| header.value);
    if header("transfer-encoding").is_some() || length != b"0" {
        return Err(Refusal::Body);
    }
    let head_only = match request.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Refusal::Method),
    };
    let path = request.path.filter(|path| path.starts_with('/')).ok_or(Refusal::Malformed)?;
    let chunks_allowed = request.version == Some(1);
    let said = |word: &str| {
        let connection = header("connection").map(|header| String::from_utf8_lossy(header.value));
        connection.is_some_and(|words| words.split(',').any(|said| said.trim().eq_ignore_ascii_case(word)))
    };
    // HTTP/1.1 goes on unless somebody says otherwise, HTTP/1.0 ends unless somebody does.
    let keep_alive = if chunks_allowed { !said("close") } else { said("keep-alive") };
    let host = header("host").map_or(&b""[..], |header| header.value);
    let host = host.iter().copied().filter(u8::is_ascii_graphic).map(char::from).take(MAX_HOST_CHARS).collect();
    Ok(Asking { head_only, host, path: path.to_owned(), keep_alive, chunks_allowed })
}

/// The head of an answer.
pub(super) struct Head<'c> {
    pub(super) canned: &'c Canned,
    pub(super) chunked: bool,
    pub(super) keep_alive: bool,
}

impl Head<'_> {
    /// As it goes out, with room for a page behind it.
    pub(super) fn write(&self) -> Vec<u8> {
        let Self { canned, chunked, keep_alive } = self;
        let mut out = Vec::with_capacity(256 + canned.body.len().min(super::PIECE_BYTES));
        let _ = write!(out, "HTTP/1.1 {} {}\r\n", canned.status, reason(canned.status));
        for (name, value) in &canned.headers {
            out.extend_from_slice(name);
            out.extend_from_slice(b": ");
            out.extend_from_slice(value);
            out.extend_from_slice(b"\r\n");
        }
        let _ = match chunked {
            true => out.write_all(b"transfer-encoding: chunked\r\n"),
            false => write!(out, "content-length: {}\r\n", canned.body.len()),
        };
        out.extend_from_slice(if *keep_alive { b"\r\n" } else { b"connection: close\r\n\r\n" });
        out
    }
}

/// The words of RFC 9110 for the statuses that sites give; clients do not read them.
const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        404 => "Not Found",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read() {
        let asking = parse(b"HEAD /forum/viewtopic.php?f=1&t=2 HTTP/1.1\r\nHost: a.example:81\r\n\r\n").unwrap();
        assert!(asking.head_only && asking.keep_alive && asking.chunks_allowed);
        assert_eq!((&*asking.host, &*asking.path), ("a.example:81", "/forum/viewtopic.php?f=1&t=2"));
        assert!(!parse(b"GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n").unwrap().keep_alive);
        assert!(!parse(b"GET / HTTP/1.0\r\n\r\n").unwrap().keep_alive);
        assert!(parse(b"GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n").unwrap().keep_alive);
    }

    #[test]
    fn everything_else_is_refused() {
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(MAX_HEADERS + 1));
        for (head, refusal) in [
            (&b"GET\r\n\r\n"[..], Refusal::Malformed),
            (b"GET / HTTP/2.0\r\n\r\n", Refusal::Malformed),
            (b"GET http://a.example/ HTTP/1.1\r\n\r\n", Refusal::Malformed),
            (b"\xff\xfe / HTTP/1.1\r\n\r\n", Refusal::Malformed),
            (many.as_bytes(), Refusal::Malformed),
            (b"POST / HTTP/1.1\r\n\r\n", Refusal::Method),
            (b"GET / HTTP/1.1\r\ncontent-length: 3\r\n\r\n", Refusal::Body),
            (b"GET / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", Refusal::Body),
        ] {
            assert_eq!(parse(head).err(), Some(refusal), "{}", String::from_utf8_lossy(head));
        }
    }
}
