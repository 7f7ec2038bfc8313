use std::collections::BTreeMap;

use super::*;
use crate::site::{Size, Town, TrapKind};

/// One answer, its body put together again.
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
    /// Whether the connection ended before the body did.
    cut: bool,
}

/// A client that keeps its connection.
struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Client {
    fn of(server: &Server) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the server under test, on loopback")]
        let stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self { stream, read: Vec::new() }
    }

    fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    /// Reads more; `false` at the end.
    fn more(&mut self) -> bool {
        let mut piece = vec![0; 64 << 10];
        let count = self.stream.read(&mut piece).unwrap_or(0);
        self.read.extend_from_slice(&piece[..count]);
        count > 0
    }

    fn ask(&mut self, method: &str, path: &str) -> Option<Answer> {
        self.send(&format!("{method} {path} HTTP/1.1\r\nHost: somewhere.example:81\r\n\r\n"));
        self.answer(method == "HEAD")
    }

    fn answer(&mut self, without_body: bool) -> Option<Answer> {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if !self.more() {
                return None;
            }
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let headers: BTreeMap<String, String> = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut answer = Answer { status, headers, body: Vec::new(), cut: false };
        if without_body {
            return Some(answer);
        }
        if answer.headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            while let size @ 1.. = self.chunk_size() {
                answer.body.extend(self.take(size));
                assert_eq!(self.take(2), b"\r\n");
            }
            assert_eq!(self.take(2), b"\r\n");
        } else {
            let length: usize = answer.headers["content-length"].parse().unwrap();
            answer.body = self.take(length);
            answer.cut = answer.body.len() < length;
        }
        Some(answer)
    }

    fn chunk_size(&mut self) -> usize {
        let end = loop {
            if let Some(at) = self.read.windows(2).position(|two| two == b"\r\n") {
                break at;
            }
            assert!(self.more());
        };
        let line = String::from_utf8(self.take(end + 2)).unwrap();
        usize::from_str_radix(line.trim(), 16).unwrap()
    }

    /// The next bytes; fewer if the connection ends.
    fn take(&mut self, count: usize) -> Vec<u8> {
        while self.read.len() < count && self.more() {}
        self.read.drain(..count.min(self.read.len())).collect()
    }
}

fn town() -> Town {
    Town::generate(41, Size::SMALL)
}

fn served(number: usize) -> (Site, Server) {
    let site = town().sites.swap_remove(number);
    (site.clone(), Server::start(site, 0, None).unwrap())
}

#[test]
fn every_good_page_of_every_site_comes_as_it_is() {
    for site in town().sites {
        let server = Server::start(site.clone(), 0, None).unwrap();
        let mut client = Client::of(&server);
        for path in &site.in_scope {
            let answer = client.ask("GET", path).unwrap();
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.body == site.pages[path].body, "{path}");
            let media = String::from_utf8(site.pages[path].headers[0].1.clone()).unwrap();
            assert_eq!(answer.headers["content-type"], media);
        }
        let asked: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
        assert_eq!(asked, site.in_scope, "on one connection, and in order");
    }
}

#[test]
fn a_head_has_the_length_and_no_body_and_the_connection_goes_on() {
    let (site, server) = served(0);
    let mut client = Client::of(&server);
    let path = &site.in_scope[0];
    let head = client.ask("HEAD", path).unwrap();
    assert_eq!((head.status, &head.headers["content-length"]), (200, &site.pages[path].body.len().to_string()));
    assert_eq!(client.ask("GET", "/nothing.html").unwrap().status, 404);
    assert!(client.ask("GET", path).unwrap().body == site.pages[path].body);

    let asked = server.asked();
    assert_eq!((asked[0].method, asked[1].method), ("HEAD", "GET"));
    assert_eq!((&*asked[0].host, &*asked[1].path), ("somewhere.example:81", "/nothing.html"));
    assert_eq!((server.requests(), asked.len()), (3, 3));
}

#[test]
fn requests_sent_together_are_answered_in_order() {
    let (site, server) = served(2);
    let mut client = Client::of(&server);
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
    let (first, second) = (&site.in_scope[0], &site.in_scope[1]);
    client.send(&format!("{}{}GET {first} HTTP/1.0\r\n\r\n", ask(first), ask(second)));
    for path in [first, second, first] {
        assert!(client.answer(false).unwrap().body == site.pages[path].body);
    }
    assert!(!client.more(), "HTTP/1.0 ends after its answer");
}

#[test]
fn traps_do_what_they_say() {
    let sites = town().sites;
    let servers: Vec<Server> = sites.iter().map(|site| Server::start(site.clone(), 0, None).unwrap()).collect();
    let at = |kind: TrapKind| {
        let number = sites.iter().position(|site| !site.trap(kind).is_empty()).unwrap();
        let path = sites[number].trap(kind)[0].to_owned();
        (Client::of(&servers[number]), &sites[number].pages[&path], path)
    };
    let (mut client, canned, path) = at(TrapKind::Busy);
    let busy = client.ask("GET", &path).unwrap();
    assert_eq!((busy.status, &*busy.headers["retry-after"], busy.body.len()), (429, "1", 0));
    assert!(client.ask("GET", &path).unwrap().body == canned.body);

    let (mut client, canned, path) = at(TrapKind::Slow);
    let slow = client.ask("GET", &path).unwrap();
    assert!(slow.headers.contains_key("transfer-encoding") && slow.body == canned.body);
    assert!(!slow.headers.contains_key("content-length"));

    let (mut client, canned, path) = at(TrapKind::Cut);
    let cut = client.ask("GET", &path).unwrap();
    assert!(cut.cut && canned.body.starts_with(&cut.body) && !cut.body.is_empty());
    assert!(!client.more());

    let (mut client, canned, path) = at(TrapKind::Huge);
    assert!(client.ask("GET", &path).unwrap().body == canned.body);
    let (mut client, _, path) = at(TrapKind::RedirectOut);
    assert_eq!(client.ask("GET", &path).unwrap().headers["location"], "http://elsewhere.example/landing");
}

#[test]
fn a_site_that_is_down_answers_nobody_until_it_is_up() {
    let (site, server) = served(1);
    let path = &site.in_scope[0];
    let mut before = Client::of(&server);
    assert!(before.ask("GET", path).is_some());
    server.down();
    assert!(before.ask("GET", path).is_none());
    assert!(Client::of(&server).answer(false).is_none());
    server.up();
    assert!(Client::of(&server).ask("GET", path).is_some());
    server.replace(path, Canned::html(b"edited".to_vec()));
    assert_eq!(Client::of(&server).ask("GET", path).unwrap().body, b"edited");
    assert_eq!(server.requests(), 3, "what is not answered is not written down");
}

#[test]
fn requests_that_are_none_are_refused_and_harm_nobody() {
    let (site, server) = served(0);
    for (request, status) in [
        ("POST / HTTP/1.1\r\nhost: a\r\n\r\n".to_owned(), 405),
        ("GET / HTTP/1.1\r\ncontent-length: 4\r\n\r\nbody".to_owned(), 413),
        ("what is this\r\n\r\n".to_owned(), 400),
        (format!("GET /{}", "a".repeat(MAX_HEAD_BYTES - 5)), 431),
    ] {
        let mut client = Client::of(&server);
        client.send(&request);
        assert_eq!(client.answer(false).map(|answer| answer.status), Some(status), "{request:.40}");
        assert!(!client.more());
    }
    assert!(Client::of(&server).ask("GET", &site.in_scope[0]).is_some());
}

#[test]
fn the_file_has_every_request_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("asked.log");
    let site = town().sites.swap_remove(2);
    let server = Server::start(site.clone(), 0, Some(&file)).unwrap();
    let mut client = Client::of(&server);
    client.ask("GET", &site.in_scope[0]).unwrap();
    client.ask("HEAD", "/a?b=c").unwrap();
    client.send("GET /no-host HTTP/1.0\r\n\r\n");
    client.answer(false).unwrap();
    let expected =
        format!("GET somewhere.example:81 {}\nHEAD somewhere.example:81 /a?b=c\nGET - /no-host\n", site.in_scope[0]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), expected);
}
