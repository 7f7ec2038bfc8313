//! The shipped command over a real, private Tor network: nothing out of scope, nothing lost, whatever fails on the way.
//!
//! Each test has a network of its own. `cargo xtask soak tor` runs the same tests longer.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use rehearsal::scene::Scene;
use rehearsal::{CASE, Installation, finish};
use synthetic::scan::{Needle, Scan};
use synthetic::site::TrapKind;
use tornet::{Kind, Signal};

use crate::{stamps, whole};

/// Kills of the crawl; `LANTHORN_KILLS` asks for more.
const KILLS: u32 = 4;
/// Seconds for which the network is cut; `LANTHORN_CUT_SECONDS` asks for more.
const CUT_SECONDS: u64 = 5;
/// The latest moment of a kill after the start of its run.
const LATEST_MILLIS: u64 = 6_000;
/// Seconds that a crawl waits for a site that rests.
const PATIENCE: u32 = 150;
/// Rounds of a tenth of a second that are waited for requests to come in.
const ROUNDS: u32 = 3_000;

#[test]
fn kill_9_over_tor_loses_nothing_doubles_nothing_and_leaves_the_scope_nowhere() {
    let lanthorn = Installation::over_tor(&shipped(), Scene::town(11));
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    let mut in_the_middle = 0;
    let kills = asked("LANTHORN_KILLS", KILLS);
    for _ in 0..kills {
        let mut crawl = crawl(&lanthorn);
        std::thread::sleep(Duration::from_millis(rng.gen_range(200..LATEST_MILLIS))); // the moment is what is tested
        in_the_middle += u32::from(crawl.try_wait().expect("its state").is_none());
        crawl.kill().expect("it can be killed"); // SIGKILL
        let _ = crawl.wait().expect("it is gone");
    }
    assert!(in_the_middle * 2 >= kills, "only {in_the_middle} of {kills} kills met a running crawl");
    let crawled = finish(lanthorn.crawling_with_patience(PATIENCE)).good();
    assert!(crawled.err.contains("private Tor network") || crawled.err.is_empty(), "{crawled:?}");
    everything_is_there_once(&lanthorn);
    the_scope_was_kept(&lanthorn);
}

#[test]
fn a_crawl_outlives_a_dead_service_restarted_relays_and_a_cut_network() {
    let mut lanthorn = Installation::over_tor(&shipped(), Scene::town(12));
    let mut crawl = crawl(&lanthorn);

    after_requests(&lanthorn, &mut crawl, 15);
    lanthorn.site.network.stop_node("onionhost0", Signal::Kill).unwrap();
    std::thread::sleep(Duration::from_secs(3)); // for so long the service is dead
    lanthorn.site.network.start_node("onionhost0").unwrap();

    after_requests(&lanthorn, &mut crawl, 40);
    let network = &mut lanthorn.site.network;
    let relays: Vec<String> =
        network.nodes().into_iter().filter(|node| node.kind == Kind::Relay).map(|node| node.name).collect();
    network.restart_nodes(&relays, Signal::Kill).unwrap();
    // Descriptors are in the memory of the relays that have gone: the service uploads them as it starts.
    network.restart_nodes(&["onionhost0"], Signal::Kill).unwrap();

    after_requests(&lanthorn, &mut crawl, 60);
    let seconds = u64::from(asked("LANTHORN_CUT_SECONDS", u32::try_from(CUT_SECONDS).unwrap()));
    lanthorn.site.network.cut();
    std::thread::sleep(Duration::from_secs(seconds)); // for so long nothing goes through
    let status = lanthorn.run(&["crawl", "status", CASE]).good().json();
    lanthorn.site.network.heal();
    assert!(status.as_array().unwrap().iter().all(|site| !site["reason"].as_str().unwrap().is_empty()), "{status}");

    let ended = crawl.wait().expect("it ends");
    assert!(ended.success(), "{}", std::fs::read_to_string(lanthorn.path("said")).unwrap());
    everything_is_there_once(&lanthorn);
    the_scope_was_kept(&lanthorn);
}

/// The authority has a name of the clearnet: what it answers comes through an exit.
#[test]
fn a_checkpoint_is_stamped_over_tor_by_an_authority_that_was_offline_at_first() {
    let lanthorn = Installation::over_tor(&shipped(), Scene::town(13));
    let host = lanthorn.site.sites.iter().map(|site| &site.host).find(|host| !host.ends_with(".onion")).unwrap();
    // Nobody listens there yet. It lies outside of the range from which others are given a port without asking.
    let listener = (7_800..8_000).find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).expect("a free port");
    let address = listener.local_addr().unwrap();
    drop(listener);
    let authority = format!("authorities = [\"http://{host}:{}/tsa\"]", address.port());
    let file = lanthorn.data().join("lanthorn.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, config.replace("authorities = []", &authority)).unwrap();

    let stamp = || lanthorn.by("u.paul", &["audit", "stamp"]);
    let offline = stamp();
    assert_eq!((offline.code, &offline.json()["waiting"]), (4, &1.into()), "{offline:?}");

    let home = lanthorn.path("tsa");
    stamps::prepare(&home);
    stamps::serve(home.clone(), TcpListener::bind(address).unwrap());
    let online = stamp().good().json();
    assert_eq!((online["stamped"].as_array().unwrap().len(), &online["waiting"]), (1, &0.into()), "{online}");

    let ca = home.join("ca.pem").display().to_string();
    let listed = lanthorn.run(&["audit", "stamps", "--ca", &ca]).good().json();
    assert_eq!(listed[0]["signature"], "holds", "{listed}");
    let questions = lanthorn.site.network.dns_questions().unwrap();
    assert!(questions.iter().any(|question| question.split(' ').next() == Some(host)), "{questions:?}");
}

/// Starts a crawl. What it says goes to a file: nobody reads a pipe while it runs, and a full one would stop it.
fn crawl(lanthorn: &Installation<Scene>) -> Child {
    let said = std::fs::File::create(lanthorn.path("said")).expect("a file for what it says");
    let mut command = lanthorn.crawling_with_patience(PATIENCE);
    command.stdout(Stdio::null()).stderr(said).spawn().expect("the crawl starts")
}

/// The command that ships: beside the one that these tests bring.
fn shipped() -> PathBuf {
    let shipped = crate::binary().with_file_name("lanthorn");
    assert!(shipped.exists(), "build the shipped command first: cargo build --package lanthorn");
    shipped
}

#[expect(clippy::disallowed_methods, reason = "`cargo xtask soak` asks for more of the same test")]
fn asked(name: &str, usual: u32) -> u32 {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

/// Waits until the sites have seen so many requests.
fn after_requests(lanthorn: &Installation<Scene>, crawl: &mut Child, count: usize) {
    for _ in 0..ROUNDS {
        if lanthorn.site.requests() >= count {
            return;
        }
        if crawl.try_wait().expect("its state").is_some() {
            let said = std::fs::read_to_string(lanthorn.path("said")).unwrap_or_default();
            panic!("the crawl ended before {count} requests: {said}");
        }
        std::thread::sleep(Duration::from_millis(100)); // between two looks
    }
    panic!("{} of {count} requests", lanthorn.site.requests());
}

fn everything_is_there_once(lanthorn: &Installation<Scene>) {
    let captures: usize = lanthorn.site.sites.iter().map(synthetic::site::Site::captures).sum();
    whole(lanthorn, captures);
    let status = lanthorn.run(&["crawl", "status", CASE]).good().json();
    assert!(status.as_array().unwrap().iter().all(|site| site["waiting"] == 0), "{status}");
    let scan = Scan::new(&Needle::all(&lanthorn.site.sites));
    assert_eq!(scan.folder(&lanthorn.data()).unwrap().leaks, []);
}

fn the_scope_was_kept(lanthorn: &Installation<Scene>) {
    for (site, server) in lanthorn.site.sites.iter().zip(&lanthorn.site.servers) {
        let mut asked: BTreeMap<String, usize> = BTreeMap::new();
        for request in server.asked() {
            assert_eq!(request.method, "GET", "{request:?}");
            assert_eq!(request.host.split(':').next(), Some(&*site.host), "{request:?}");
            assert!(!site.is_forbidden(&request.path), "{request:?}");
            *asked.entry(request.path).or_default() += 1;
        }
        let missing: Vec<_> = site.in_scope.iter().filter(|path| !asked.contains_key(*path)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", site.name);
        assert!(site.trap(TrapKind::Image).iter().all(|path| !asked.contains_key(*path)), "an image was asked for");
    }
    let questions = lanthorn.site.network.dns_questions().unwrap();
    // A line is the name, the kind of record and whether it is known; the exits themselves look for one that they test.
    let names = questions.iter().filter_map(|question| question.split(' ').next());
    let names: BTreeSet<&str> = names.filter(|name| !name.ends_with("check.test")).collect();
    let own: BTreeSet<&str> =
        lanthorn.site.sites.iter().map(|site| &*site.host).filter(|host| !host.ends_with(".onion")).collect();
    assert_eq!(names, own, "what the exits were asked to look up");
}
