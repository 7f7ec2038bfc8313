//! A connection to a tor's control port: cookie authentication, one command at a time, events in between.
//!
//! Only what a start needs of tor's control-spec; the crates that speak it all are not kept any more.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, SocketAddrV4, TcpStream};
use std::path::Path;
use std::time::Duration;

use data_encoding::HEXLOWER;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(2);
/// Longest line, and longest answer, in bytes. A network of 30 relays fills about a hundredth of it.
const LONGEST: usize = 8 << 20;

/// An authenticated control connection.
#[derive(Debug)]
pub(crate) struct Control {
    stream: BufReader<TcpStream>,
    /// The beginning of a line that had not ended when time was up.
    begun: Vec<u8>,
    events: VecDeque<String>,
}

impl Control {
    /// Connects to the control port of the tor whose data folder this is.
    pub(crate) fn connect(address: SocketAddrV4, data: &Path) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&SocketAddr::V4(address), CONNECT)?;
        let cookie = std::fs::read(data.join("control_auth_cookie"))?;
        let mut control = Self { stream: BufReader::new(stream), begun: Vec::new(), events: VecDeque::new() };
        control.ask(&format!("AUTHENTICATE {}", HEXLOWER.encode(&cookie)))?;
        Ok(control)
    }

    /// Sends a command and returns the lines of its answer, if that is a good one.
    pub(crate) fn ask(&mut self, command: &str) -> io::Result<Vec<String>> {
        self.stream.get_mut().write_all(format!("{command}\r\n").as_bytes())?;
        let mut answer = Vec::new();
        let mut length = 0;
        let mut is_data = false;
        loop {
            let line = self.line(ANSWER)?;
            length += line.len();
            if length > LONGEST {
                return Err(io::Error::other("an answer without end"));
            }
            if is_data {
                is_data = line != ".";
                answer.push(line);
            } else if line.starts_with("650") {
                self.events.push_back(line);
            } else {
                let last = line.get(3..4) == Some(" ");
                is_data = line.get(3..4) == Some("+");
                if last && !line.starts_with("250") {
                    let verb = command.split(' ').next().unwrap_or_default();
                    return Err(io::Error::other(format!("{verb}: {line}")));
                }
                answer.push(line);
                if last {
                    return Ok(answer);
                }
            }
        }
    }

    /// How many lines of the answer to `GETINFO` begin like this.
    pub(crate) fn count(&mut self, question: &str, beginning: &str) -> io::Result<usize> {
        let answer = self.ask(&format!("GETINFO {question}"))?;
        Ok(answer.iter().filter(|line| line.starts_with(beginning)).count())
    }

    /// The next event, or nothing when there is none within this time.
    pub(crate) fn event(&mut self, within: Duration) -> io::Result<Option<String>> {
        if let Some(event) = self.events.pop_front() {
            return Ok(Some(event));
        }
        match self.line(within) {
            Ok(line) => Ok(Some(line)),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn line(&mut self, within: Duration) -> io::Result<String> {
        self.stream.get_ref().set_read_timeout(Some(within))?;
        let room = (LONGEST - self.begun.len()) as u64;
        self.stream.by_ref().take(room).read_until(b'\n', &mut self.begun)?;
        if self.begun.last() != Some(&b'\n') {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the control connection is closed"));
        }
        let line = std::mem::take(&mut self.begun);
        Ok(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    /// A tor that says these words to whoever connects.
    fn saying(words: &'static str) -> (SocketAddrV4, tempfile::TempDir) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            stream.write_all(words.as_bytes()).expect("the words go out");
            // Until the other side has read them and goes.
            let _ = io::copy(&mut stream, &mut io::sink());
        });
        let data = tempfile::tempdir().expect("a folder");
        std::fs::write(data.path().join("control_auth_cookie"), [0xab; 32]).expect("a cookie");
        (SocketAddrV4::new(Ipv4Addr::LOCALHOST, port), data)
    }

    #[test]
    fn answers_data_and_events_are_told_apart() {
        let words = "250 OK\r\n650 HS_DESC UPLOAD x\r\n250+ns/all=\r\nr one\r\n650 r two\r\nr three\r\n.\r\n250 OK\r\n650 late\r\n";
        let (address, data) = saying(words);
        let mut control = Control::connect(address, data.path()).expect("a control connection");
        assert_eq!(control.count("ns/all", "r ").expect("an answer"), 2);
        let mut event = || control.event(Duration::from_millis(50)).expect("no fault");
        assert_eq!(event().as_deref(), Some("650 HS_DESC UPLOAD x"));
        assert_eq!(event().as_deref(), Some("650 late"));
        assert_eq!(event(), None);
    }

    #[test]
    fn a_refusal_names_the_command_and_not_its_cookie() {
        let (address, data) = saying("515 Authentication failed\r\n");
        let error = Control::connect(address, data.path()).expect_err("a refusal");
        assert_eq!(error.to_string(), "AUTHENTICATE: 515 Authentication failed");
    }

    #[test]
    fn a_line_that_comes_in_two_parts_is_one() {
        let (address, data) = saying("250 OK\r\n650 HALF");
        let mut control = Control::connect(address, data.path()).expect("a control connection");
        assert_eq!(control.event(Duration::from_millis(50)).expect("no fault"), None);
        assert_eq!(control.begun, b"650 HALF");
    }
}
