//! A real network, brought up once for everything that can be asked of it, beside a second one that shares nothing with it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::{self, sleep};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use rustix::process::{Pid, Signal as RawSignal, kill_process};
use serde_json::Value;
use sha2::{Digest as _, Sha512};
use tornet::{Network, Onion, Options, Signal, onion_address};

/// How long a look at something that goes on elsewhere is repeated, and how often.
const ROUNDS: u32 = 4800;
const PAUSE: Duration = Duration::from_millis(50);

/// The whole of it: addresses, both ways in, names, what a client is told, faults, and the end.
#[test]
fn a_network_comes_up_beside_another_serves_survives_faults_and_goes() {
    let quay = site("the quay");
    let pier = site("the pier");
    let beside = thread::spawn(move || run_beside(pier));
    let (key, address) = key_of([7; 32]);
    let mut network = Network::start(Options {
        onions: vec![Onion::new("quay", quay).with_key(key), Onion::new("pier", pier)],
        names: vec!["*.test".to_owned(), "Harbour.example".to_owned()],
        ..Options::default()
    })
    .expect("the network comes up");
    let folder = network.folder().to_owned();

    // The address that we made of the key is the one that tor made of it, and it leads to the right site.
    assert_eq!(network.onions()[0].address, address);
    assert_eq!(fs::read_to_string(folder.join("onions/quay/hostname")).expect("tor's word").trim(), address);
    assert!(get(&network, &address, 80).expect("an onion page").ends_with("the quay"));
    let other = network.onions()[1].address.clone();
    assert!(get(&network, &other, 80).expect("an onion page").ends_with("the pier"));

    // Plain sites stand behind exits, where their names are resolved; onion names are resolved nowhere.
    for name in ["plain.test", "harbour.example"] {
        assert!(get(&network, name, quay).expect("a plain page").ends_with("the quay"), "{name}");
    }
    get(&network, "elsewhere.example", quay).expect_err("a name that does not exist");
    let questions = network.dns_questions().expect("the name server's log");
    for wanted in ["plain.test A known", "harbour.example A known", "elsewhere.example A unknown"] {
        assert!(questions.iter().any(|line| line == wanted), "{wanted}: {questions:?}");
    }
    assert!(!questions.iter().any(|line| line.contains(".onion")), "{questions:?}");

    // Nobody listens or connects elsewhere than on this machine.
    for node in network.nodes() {
        assert!(node.address.is_loopback());
        for address in sockets(node.pid.expect("it runs")) {
            assert!(address.is_loopback(), "{} is at {address}", node.name);
        }
    }

    let described = fs::read_to_string(network.description_file()).expect("the description");
    let described: Value = serde_json::from_str(&described).expect("JSON");
    assert_eq!(described["onions"][0]["address"], address.as_str());
    assert_eq!(described["socks"], network.socks().to_string());
    assert_eq!(described["nodes"].as_array().map(Vec::len), Some(3 + 7 + 3 + 1 + 1));
    assert!(network.resident_bytes() < 1 << 30, "{} bytes in use", network.resident_bytes());

    // The network of the command was there at the same time, and shared nothing with this one.
    let beside = beside.join().expect("the command's thread ends");
    for (ours, theirs) in [("nodes", "address"), ("nodes", "pid"), ("onions", "address")].map(|(list, key)| {
        let values =
            |of: &Value| of[list].as_array().expect("a list").iter().map(|one| one[key].clone()).collect::<Vec<_>>();
        (values(&described), values(&beside))
    }) {
        assert!(!ours.is_empty() && !theirs.is_empty() && ours.iter().all(|one| !theirs.contains(one)));
    }
    assert_ne!((&beside["socks"], &beside["slot"]), (&described["socks"], &described["slot"]));

    // A stopped node is gone, and the network goes on without a relay.
    network.stop_node("relay6", Signal::Term).expect("relay6 stops");
    assert!(network.nodes().iter().all(|node| (node.name == "relay6") == node.pid.is_none()));
    assert!(network.stop_node("relay99", Signal::Kill).unwrap_err().to_string().contains("relay99"));
    network.start_node("relay6").expect("relay6 starts");

    // A cut network says nothing at all; a healed one goes on.
    network.cut();
    // A stop takes effect when the process is next scheduled.
    let frozen = || network.nodes().iter().filter_map(|node| node.pid).all(|pid| state(pid) == Some('T'));
    wait_for("every node to stand still", || frozen().then_some(()));
    let error = get_within(&network, &address, 80, Duration::from_secs(2)).expect_err("nobody answers");
    assert!(matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut), "{error}");
    network.heal();
    network.wait_for_onions(Duration::from_secs(60)).expect("the healed network answers");

    // An onion host that lost power comes back under its address.
    network.restart_nodes(&["onionhost0"], Signal::Kill).expect("the host restarts");
    network.wait_for_onions(Duration::from_secs(90)).expect("the services are back");
    assert!(get(&network, &address, 80).expect("an onion page").ends_with("the quay"));

    let pids: Vec<_> = network.nodes().into_iter().filter_map(|node| node.pid).collect();
    assert_eq!(pids.len(), 15);
    drop(network);
    assert!(pids.iter().all(|pid| state(*pid).is_none()), "a node has outlived its network");
    assert!(!folder.exists(), "the folder is still there");
}

/// `tornet run`: the command is told where the description is, its exit code is handed on, and nothing stays.
fn run_beside(target: u16) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let network = folder.path().join("network");
    // A small one, to be quick.
    let done = Command::new(env!("CARGO_BIN_EXE_tornet"))
        .args(["run", "--relays", "6", "--exits", "1", "--onion", &format!("pier={target}")])
        .arg(&network)
        .args(["--", "sh", "-c", "cat \"$TORNET_JSON\"; exit 7"])
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(7), "{said}");
    assert!(said.starts_with("up: keys "), "{said}");
    assert!(!network.exists(), "the folder is still there");
    assert_eq!(tors_of(&network), [0; 0]);
    serde_json::from_slice(&done.stdout).expect("the description, in JSON")
}

/// kill -9 on the owner, and in a moment nothing is left of its network; a politer signal takes the folder away, too.
#[test]
fn no_tor_outlives_an_owner_that_is_killed_or_interrupted() {
    let folder = tempfile::tempdir().expect("a folder");
    // In the midst of a start, when most can go wrong: authorities and relays, then only the first few.
    for (signal, tors, code) in [(RawSignal::KILL, 6, None), (RawSignal::TERM, 1, Some(130))] {
        let network = folder.path().join(format!("network-{tors}"));
        let mut owner = Command::new(env!("CARGO_BIN_EXE_tornet"))
            .args(["start", "--no-probe"])
            .arg(&network)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the owner starts");
        let running = wait_for("tor processes", || Some(tors_of(&network)).filter(|found| found.len() >= tors));
        let pid = Pid::from_raw(owner.id().try_into().expect("a small number")).expect("not zero");
        kill_process(pid, signal).expect("the owner gets the signal");
        assert_eq!(owner.wait().expect("the owner ends").code(), code);
        // A process that ends loses its command line a moment before its state: both have to go.
        let gone = || tors_of(&network).is_empty() && running.iter().all(|pid| state(*pid).is_none());
        wait_for("their end", || gone().then_some(()));
        assert_eq!(network.exists(), code.is_none(), "only a killed owner leaves its folder");
    }
}

/// What cannot become a network is refused before anything starts, with what to do about it.
#[test]
fn a_command_that_cannot_be_helped_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("letter"), "text").expect("somebody's file");
    let run = |args: &[&str], programs: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tornet"));
        let done = command.args(args).env("PATH", programs).output().expect("it runs");
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let usual = "/usr/sbin:/usr/bin:/sbin:/bin";
    let path = folder.path().display().to_string();
    let new = format!("{path}/new");
    for (args, programs, code, why) in [
        (&["run", &path, "--", "true"][..], usual, 1, "is not empty"),
        (&["run", &path, "--onion", "quay", "--", "true"], usual, 2, "NAME=PORT"),
        (&["run", &path], usual, 2, "CMD"),
        (&["start", &new, "--relays", "1"], usual, 1, "at least 6 relays"),
        (&["start", &new], "/nowhere", 1, "start tor: it is missing here: apt-get install tor"),
        (&["start", &new, "--patience", "0"], usual, 1, "bring up the network: keys: "),
    ] {
        let (ended, said) = run(args, programs);
        assert!(ended == Some(code) && said.contains(why), "{args:?}: {ended:?} {said}");
        assert!(!Path::new(&new).exists(), "{args:?} left a folder");
    }
    assert!(folder.path().join("letter").exists());
}

/// An ed25519 key as tor keeps it, of RFC 8032's seed, and its address.
fn key_of(seed: [u8; 32]) -> ([u8; 64], String) {
    let mut key: [u8; 64] = Sha512::digest(seed).into();
    key[0] &= 248;
    key[31] &= 63;
    key[31] |= 64;
    (key, onion_address(SigningKey::from_bytes(&seed).verifying_key().as_bytes()))
}

/// A web site of one page.
fn site(text: &'static str) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            thread::spawn(move || {
                let mut asked = [0; 1024];
                // A probe connects and goes; that is no request and no fault.
                if stream.read(&mut asked).is_ok_and(|length| length > 0) {
                    let _ = stream.write_all(format!("HTTP/1.0 200 OK\r\n\r\n{text}").as_bytes());
                }
            });
        }
    });
    port
}

fn get(network: &Network, host: &str, port: u16) -> std::io::Result<String> {
    get_within(network, host, port, Duration::from_secs(60))
}

/// A page through the C tor client.
fn get_within(network: &Network, host: &str, port: u16, within: Duration) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&SocketAddr::V4(network.socks()), within)?;
    stream.set_read_timeout(Some(within))?;
    stream.write_all(&[5, 1, 0])?;
    stream.read_exact(&mut [0; 2])?;
    let length = u8::try_from(host.len()).expect("a short name");
    stream.write_all(&[&[5, 1, 0, 3, length], host.as_bytes(), &port.to_be_bytes()].concat())?;
    let mut reply = [0; 10];
    stream.read_exact(&mut reply)?;
    if reply[1] != 0 {
        return Err(std::io::Error::other(format!("reply {}", reply[1])));
    }
    stream.write_all(format!("GET / HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes())?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    Ok(page)
}

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..ROUNDS {
        if let Some(found) = look() {
            return found;
        }
        sleep(PAUSE);
    }
    panic!("{what}: not within {:?}", PAUSE * ROUNDS);
}

/// The tor processes whose configuration stands in this folder.
fn tors_of(folder: &Path) -> Vec<u32> {
    let folder = folder.display().to_string();
    let processes = fs::read_dir("/proc").expect("the list of processes");
    let pids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let mut words = words.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        words.next().is_some_and(|program| ["tor", "tor-gencert"].contains(&&*program))
            && words.any(|word| word.starts_with(&folder))
    })
    .collect()
}

/// The state of a process, as one letter; nothing when it is gone, or is dead and only not counted yet (a zombie).
fn state(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(PathBuf::from(format!("/proc/{pid}/stat"))).ok()?;
    stat.rsplit_once(") ")?.1.chars().next().filter(|state| *state != 'Z')
}

/// The local addresses of a process's TCP sockets.
fn sockets(pid: u32) -> Vec<Ipv4Addr> {
    let table = fs::read_to_string("/proc/net/tcp").expect("the list of sockets");
    let open: Vec<_> = fs::read_dir(format!("/proc/{pid}/fd"))
        .expect("its files")
        .filter_map(|entry| Some(fs::read_link(entry.ok()?.path()).ok()?.to_str()?.to_owned()))
        .collect();
    let local = |line: &str| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let inode = format!("socket:[{}]", fields.get(9)?);
        let (address, _) = fields.get(1)?.split_once(':')?;
        // The kernel writes the four bytes as one number of this machine.
        let address = Ipv4Addr::from(u32::from_str_radix(address, 16).ok()?.to_ne_bytes());
        open.contains(&inode).then_some(address)
    };
    let found: Vec<_> = table.lines().filter_map(local).collect();
    assert!(!found.is_empty(), "process {pid} has no socket at all");
    found
}
