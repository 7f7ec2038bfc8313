//! A site with every trick we know for leading a crawler out of its scope, over real sockets: nobody else is connected
//! to, and nothing else is asked for.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use rehearsal::{CASE, Installation};
use synthetic::server::Server;
use synthetic::site::adversary;

use crate::binary;

/// Tricks that the issue asks for; there are more than twice as many.
const FEWEST_TRICKS: usize = 40;

/// Links are refused for so many different reasons at least.
const FEWEST_RULES: usize = 8;

#[test]
fn no_trick_leads_out_of_scope_seen_from_the_servers_and_from_the_wire() {
    let names = adversary::names();
    assert!(names.len() >= FEWEST_TRICKS, "{} tricks", names.len());
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "each trick once");
    let drain = Drain::start();
    let site = adversary::site();
    let server = Server::start(site.clone(), 0, None).unwrap();
    let places = format!("{}:80={},*={}", adversary::HOST, server.address(), drain.address);
    let targets = vec![(&site).into()];
    let lanthorn = Installation::over(binary(), site, targets, vec![("LANTHORN_LOOPBACK", places)], |_| {});

    foretold(&lanthorn);
    let crawled = lanthorn.crawl().good();

    // Seen from the servers: the one that is authorised, and the one that stands for everybody else.
    let asked = server.asked();
    for name in &names {
        let page = adversary::page(name);
        assert_eq!(asked.iter().filter(|asked| asked.path == page).count(), 1, "{name} was tried: {crawled:?}");
    }
    for one in &asked {
        assert_eq!(one.host, adversary::HOST, "{one:?}");
        assert!(one.path == "/robots.txt" || one.path.starts_with(adversary::PREFIX), "{one:?}");
        assert!(!one.path.contains(".."), "{one:?}");
    }
    assert_eq!(drain.connections(), 0, "somebody else was connected to");
    // Seen from the wire: every opening is written down before it happens.
    let opened = std::fs::read_to_string(lanthorn.path("opened")).unwrap();
    let opened: BTreeSet<_> = opened.lines().collect();
    assert_eq!(opened, [format!("http://{}:80", adversary::HOST).as_str()].into());

    let status = lanthorn.run(&["crawl", "status", CASE]).good().json();
    let refused = status[0]["refused"].as_object().unwrap();
    assert!(refused.len() >= FEWEST_RULES, "{refused:?}");
    let after = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(after["open_intents"], 0);

    // The drain does see who comes: a control of the test itself.
    assert!(knock(drain.address));
    assert!(drain.saw_somebody());
}

/// `authorisation check` says beforehand that none of the addresses would be asked for.
fn foretold(lanthorn: &Installation) {
    let addresses = adversary::addresses();
    assert!(addresses.len() >= FEWEST_TRICKS, "{} addresses", addresses.len());
    let file = lanthorn.authorisation_file().display().to_string();
    let mut args = vec!["authorisation".to_owned(), "check".to_owned(), file];
    for address in &addresses {
        args.extend(["--url".to_owned(), address.clone()]);
    }
    let checked = lanthorn.run(&args).good().json();
    let decided = checked["urls"].as_array().unwrap();
    assert_eq!(decided.len(), addresses.len());
    for one in decided {
        let url = one["url"].as_str().unwrap();
        match one["as"].as_str() {
            // Two spellings of the very host that is authorised: asked for in the one normal form.
            Some(sent) => assert!(sent.starts_with("http://board.example/board/"), "{url} as {sent}"),
            None => assert!(one["rule"].is_string() && one["why"].is_string(), "{one}"),
        }
    }
}

/// Connects, and nothing else.
#[expect(clippy::disallowed_methods, reason = "the test's own drain, on loopback")]
fn knock(address: SocketAddr) -> bool {
    std::net::TcpStream::connect(address).is_ok()
}

/// Accepts connections and counts them; nobody should come.
struct Drain {
    address: SocketAddr,
    count: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Drain {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (count, stopped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, ended) = (Arc::clone(&count), Arc::clone(&stopped));
        let accepting = std::thread::spawn(move || {
            for _ in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                if ended.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        Self { address, count, stopped, accepting: Some(accepting) }
    }

    fn connections(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// Waits for the connection that the test itself has made.
    fn saw_somebody(&self) -> bool {
        (0..1_000_000).any(|_| {
            std::thread::yield_now();
            self.connections() > 0
        })
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let woken = knock(self.address);
        if let Some(accepting) = self.accepting.take().filter(|_| woken) {
            let _ = accepting.join();
        }
    }
}
