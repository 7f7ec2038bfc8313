//! An HTTP/1.1 server on loopback that gives a synthetic site's answers: what stands behind an onion or an exit in a
//! private Tor network, and under a bench.
//!
//! One thread accepts and each connection has one of its own, so that a slow page holds up nobody. Pages come with their
//! length; one that comes in pieces is sent in chunks with a pause before each; one that is cut promises its whole length
//! and ends before it. Whatever the `Host` header says is answered and written down: which host a request was meant for is
//! for the reader of the log to judge.
//!
//! Deliberately absent: TLS, request bodies, ranges, conditional requests, and any address but loopback.
//!
//! ```
//! use synthetic::server::Server;
//! use synthetic::site::{Size, Town};
//!
//! # fn main() -> std::io::Result<()> {
//! let town = Town::generate(7, Size::SMALL);
//! let servers = town.sites.into_iter().map(|site| Server::start(site, 0, None)).collect::<Result<Vec<_>, _>>()?;
//! assert!(servers.iter().all(|server| server.address().ip().is_loopback()));
//! # Ok(())
//! # }
//! ```

mod http;
mod log;

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use self::http::{Asking, Head, Refusal};
use self::log::Log;
pub use self::log::MAX_REMEMBERED;
pub use crate::answers::Asked;
use crate::answers::{self, Answers};
use crate::site::{Canned, Site};

/// Connections of one site at a time; further ones are closed at once.
pub const MAX_CONNECTIONS: usize = 512;

/// Bytes of a request's head.
pub const MAX_HEAD_BYTES: usize = 16 << 10;

/// How long a connection may be idle, and how long a client may take to accept more.
const IDLE: Duration = Duration::from_secs(30);

/// The pause before each piece of a slow page.
const PAUSE: Duration = Duration::from_millis(10);

/// The pause after the system had no connection to give.
const BREATH: Duration = Duration::from_millis(20);

/// Bytes that go out at once.
const PIECE_BYTES: usize = 64 << 10;

/// Stack of a connection's thread: it keeps its buffers on the heap.
const STACK_BYTES: usize = 256 << 10;

/// A site that is being served. It stops when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    answers: Mutex<Answers>,
    log: Log,
    down: AtomicBool,
    stopped: AtomicBool,
    open: AtomicUsize,
}

impl Server {
    /// Serves a site on a port of 127.0.0.1, where 0 means any free one, and appends every request to a file.
    ///
    /// # Errors
    /// If the port cannot be had or the file cannot be opened.
    pub fn start(site: Site, port: u16, asked: Option<&Path>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let name = format!("site {}", site.name);
        let shared = Arc::new(Shared {
            answers: Mutex::new(Answers::of(site)),
            log: Log::open(asked)?,
            down: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            open: AtomicUsize::new(0),
        });
        let accepting = {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name(name).spawn(move || accept(&listener, &shared))?
        };
        Ok(Self { shared, address, accepting: Some(accepting) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The first requests, in order; at most [`MAX_REMEMBERED`], the file has all.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.log.remembered()
    }

    /// How many requests there were.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.shared.log.count()
    }

    /// From now on every connection, old or new, is closed without an answer, bodies under way included.
    pub fn down(&self) {
        self.shared.down.store(true, Ordering::SeqCst);
    }

    /// From now on there are answers again.
    pub fn up(&self) {
        self.shared.down.store(false, Ordering::SeqCst);
    }

    /// Puts another answer at a path, as if its author had edited it.
    pub fn replace(&self, path: &str, canned: Canned) {
        self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner).replace(path, canned);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // The thread waits for a connection: this one lets it look up.
        #[expect(clippy::disallowed_methods, reason = "the server's own address, on loopback")]
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(accepting) = self.accepting.take().filter(|_| woken) {
            let _ = accepting.join();
        }
    }
}

impl Shared {
    fn silent(&self) -> bool {
        self.down.load(Ordering::Relaxed) || self.stopped.load(Ordering::Relaxed)
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else {
            thread::sleep(BREATH);
            continue;
        };
        if shared.silent() || shared.open.load(Ordering::SeqCst) >= MAX_CONNECTIONS {
            continue;
        }
        let place = Place::take(shared);
        // A thread that cannot be had closes its connection, which a client survives as it survives any other.
        let _ = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
            let _ = Connection { stream, shared: &place.0, read: Vec::new() }.serve();
        });
    }
}

/// A connection's place among those that may be open.
struct Place(Arc<Shared>);

impl Place {
    fn take(shared: &Arc<Shared>) -> Self {
        shared.open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(shared))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One connection, and what of it is read but not yet answered.
struct Connection<'s> {
    stream: TcpStream,
    shared: &'s Shared,
    read: Vec<u8>,
}

impl Connection<'_> {
    /// Answers one request after the other until either side has enough.
    fn serve(&mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        self.stream.set_read_timeout(Some(IDLE))?;
        self.stream.set_write_timeout(Some(IDLE))?;
        while let Some(end) = self.head()? {
            let parsed = http::parse(&self.read[..end]);
            self.read.drain(..end);
            if self.shared.silent() {
                return Ok(());
            }
            match parsed {
                Ok(asking) => {
                    self.answer(&asking)?;
                    if !asking.keep_alive {
                        return Ok(());
                    }
                }
                Err(refusal) => return self.stream.write_all(refusal.answer()),
            }
        }
        Ok(())
    }

    /// Reads to the end of the next request's head and says where that is; `None` when there is none to come.
    fn head(&mut self) -> io::Result<Option<usize>> {
        let mut seen = 0;
        loop {
            // The four bytes of an end may come in two readings.
            let from = usize::saturating_sub(seen, http::HEAD_END.len() - 1);
            let end = self.read[from..].windows(http::HEAD_END.len()).position(|window| window == http::HEAD_END);
            if let Some(end) = end {
                return Ok(Some(from + end + http::HEAD_END.len()));
            }
            if self.read.len() >= MAX_HEAD_BYTES {
                self.stream.write_all(Refusal::TooLong.answer())?;
                return Ok(None);
            }
            seen = self.read.len();
            let mut piece = [0; 4 << 10];
            match self.stream.read(&mut piece) {
                Ok(0) => return Ok(None),
                Ok(count) => self.read.extend_from_slice(&piece[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn answer(&mut self, asking: &Asking) -> io::Result<()> {
        if self.shared.log.note(asking).is_err() {
            // A request that nobody can see afterwards is not answered.
            return self.stream.write_all(Refusal::NoLog.answer());
        }
        let canned = self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner).next(&asking.path);
        let chunked = canned.pieces > 0 && asking.chunks_allowed;
        let mut out = Head { canned: &canned, chunked, keep_alive: asking.keep_alive }.write();
        if asking.head_only {
            return self.stream.write_all(&out);
        }
        if chunked {
            self.stream.write_all(&out)?;
            return self.chunks(&canned);
        }
        let mut last = 0;
        for (start, end) in answers::pieces(&canned, PIECE_BYTES) {
            // Head and first piece go out together: most pages are one write.
            out.extend_from_slice(&canned.body[start..end]);
            self.piece(&out)?;
            out.clear();
            last = end;
        }
        self.stream.write_all(&out)?;
        if last < canned.body.len() { Err(ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }

    fn chunks(&mut self, canned: &Canned) -> io::Result<()> {
        for (start, end) in answers::pieces(canned, PIECE_BYTES) {
            thread::sleep(PAUSE);
            let mut out = format!("{:x}\r\n", end - start).into_bytes();
            out.extend_from_slice(&canned.body[start..end]);
            out.extend_from_slice(b"\r\n");
            self.piece(&out)?;
        }
        self.stream.write_all(b"0\r\n\r\n")
    }

    /// Sends a piece, unless the server has gone down meanwhile.
    fn piece(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.shared.silent() {
            return Err(ErrorKind::ConnectionAborted.into());
        }
        self.stream.write_all(bytes)
    }
}

#[cfg(test)]
mod tests;
