//! The configuration of each node, as tables: what every node says, what its kind adds, and what is its own.

use crate::dns::CHECK_NAME;
use crate::keys::Authority;
use crate::options::Onion;
use crate::plan::{Kind, Place, Plan};

/// Seconds between two votes: long, so that nothing turns over under a test. It must divide a day.
pub(crate) const VOTING_INTERVAL: u64 = 1800;

/// Shortest learned circuit timeout, in milliseconds. On loopback a client learns 60 ms, keeps that, and on a busy day
/// everything "times out".
pub(crate) const LEAST_CIRCUIT_TIMEOUT_MS: u32 = 2000;

/// What every node says.
const COMMON: &[&str] = &[
    "TestingTorNetwork 1",
    "SafeLogging 0", // synthetic traffic: a log that hides addresses explains no failure
    "LogTimeGranularity 1",
    "RunAsDaemon 0",
    "AvoidDiskWrites 1",
    "ShutdownWaitLength 0",
    "NumCPUs 1",
    "Sandbox 0",
    "PathsNeededToBuildCircuits 0.67",
    "CookieAuthentication 1",
];

/// What everything that is on the list of relays says.
const SERVER: &[&str] = &[
    "SocksPort 0",
    "AssumeReachable 1",
    // On a starved machine a queue looks endless, and a relay that refuses at once is asked again at once.
    "MaxOnionQueueDelay 30 seconds",
    "ServerDNSAllowBrokenConfig 1",
    "ServerDNSDetectHijacking 0",
    "ContactInfo tornet@example.test",
];

const NO_EXIT: &[&str] = &["ExitRelay 0", "ExitPolicy reject *:*"];

const AUTHORITY: &[&str] = &[
    "AuthoritativeDirectory 1",
    "V3AuthoritativeDirectory 1",
    "V3AuthNIntervalsValid 6", // a consensus is valid for three hours
    "V3AuthVoteDelay 2",
    "V3AuthDistDelay 2",
    "TestingV3AuthInitialVoteDelay 2",
    "TestingV3AuthInitialDistDelay 2",
    "TestingDirAuthVoteHSDir *",
    "TestingMinExitFlagThreshold 0",
];

/// The one-line summary of the policy that clients see counts public addresses only: "accept 127.0.0.0/8:*" alone reads there
/// as "reject 1-65535". `OutboundBindAddress` keeps the traffic on the machine all the same.
const EXIT: &[&str] = &["ExitRelay 1", "ExitPolicyRejectPrivate 0", "IPv6Exit 0", "ExitPolicy accept *:*"];

const CLIENT: &[&str] = &[
    // Without these two a client sits for ten seconds on a short list of wanted descriptors.
    "FetchDirInfoEarly 1",
    "TestingClientMaxIntervalWithoutRequest 1",
    // What is learned on a quiet machine is too short on a busy one: circuits are then given up before they are built.
    "LearnCircuitBuildTimeout 0",
    "CircuitBuildTimeout 20",
];

/// What the nodes of one network have in common.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) folder: &'a str,
    pub(crate) plan: &'a Plan,
    pub(crate) authorities: &'a [Authority],
    /// Each onion service, with the name of the node that runs it.
    pub(crate) onions: Vec<(&'a str, &'a Onion)>,
    /// The process that every node looks for now and then, to end when it is gone.
    pub(crate) owner: u32,
    /// Seconds into the voting interval at which the authorities vote.
    pub(crate) vote_offset: u64,
    /// Kinds that are not to open or make connections yet.
    pub(crate) held_back: &'a [Kind],
}

/// The configuration of the node at this place.
pub(crate) fn torrc(place: &Place, setting: &Setting<'_>) -> String {
    let mut lines: Vec<String> = COMMON.iter().map(|line| (*line).to_owned()).collect();
    let (folder, name) = (setting.folder, &place.name);
    lines.extend([
        format!("Nickname {name}"),
        format!("DataDirectory {folder}/{name}"),
        format!("PidFile {folder}/{name}/pid"),
        // Why a service cannot be found is told at this level alone.
        format!("Log [rend]info [~rend]notice file {folder}/{name}/log"),
        format!("ControlPort {}", place.control),
        // From an address of 127/8 the kernel sends nothing off the machine.
        format!("OutboundBindAddress {}", place.address),
        format!("__OwningControllerProcess {}", setting.owner),
    ]);
    lines.extend(setting.authorities.iter().map(|authority| {
        let Authority { place, v3ident, rsa, .. } = authority;
        let Place { name, address, or_port, dir_port, .. } = place;
        format!("DirAuthority {name} orport={or_port} v3ident={v3ident} {address}:{dir_port} {rsa}")
    }));
    let mut say = |table: &[&str]| lines.extend(table.iter().map(|line| (*line).to_owned()));
    match place.kind {
        Kind::Authority => {
            say(SERVER);
            say(NO_EXIT);
            say(AUTHORITY);
            lines.extend(authority_lines(place, setting));
        }
        Kind::Relay => {
            say(SERVER);
            say(NO_EXIT);
        }
        Kind::Exit => {
            say(SERVER);
            say(EXIT);
        }
        Kind::OnionHost => {
            say(CLIENT);
            lines.push("SocksPort 0".to_owned());
            lines.extend(onion_lines(name, setting));
        }
        Kind::Client => {
            say(CLIENT);
            lines.push(format!("SocksPort {}", setting.plan.socks));
        }
    }
    if place.kind.is_server() {
        let (address, or_port) = (place.address, place.or_port);
        lines.push(format!("Address {address}"));
        lines.push(format!("ORPort {address}:{or_port} IPv4Only"));
        lines.push(format!("ServerDNSResolvConfFile {folder}/{RESOLV_CONF}"));
        lines.push(format!("ServerDNSTestAddresses {CHECK_NAME}"));
    }
    lines.push(format!("DisableNetwork {}", u8::from(setting.held_back.contains(&place.kind))));
    lines.join("\n") + "\n"
}

fn authority_lines(place: &Place, setting: &Setting<'_>) -> Vec<String> {
    let guards: Vec<_> =
        setting.plan.places.iter().filter(|place| place.is_guard).map(|place| place.address.to_string()).collect();
    vec![
        format!("DirPort {}:{}", place.address, place.dir_port),
        format!("V3AuthVotingInterval {VOTING_INTERVAL}"),
        format!("TestingV3AuthInitialVotingInterval {VOTING_INTERVAL}"),
        format!("TestingV3AuthVotingStartOffset {}", setting.vote_offset),
        // Not all: guards and exits get no weight as middles, and arti wants four middles for its vanguards.
        format!("TestingDirAuthVoteGuard {}", guards.join(",")),
        // In a testing network C tor makes the onion time period 24 voting intervals; everybody else reads it here. Without
        // it arti looks for descriptors under another period's key, and every directory answers 404.
        format!(
            "ConsensusParams hsdir_interval={} cbtmintimeout={LEAST_CIRCUIT_TIMEOUT_MS}",
            24 * VOTING_INTERVAL / 60
        ),
    ]
}

fn onion_lines(host: &str, setting: &Setting<'_>) -> Vec<String> {
    let own = setting.onions.iter().filter(|(at, _)| *at == host);
    own.flat_map(|(_, Onion { name, ports, .. })| {
        let service =
            [format!("HiddenServiceDir {}/{ONIONS}/{name}", setting.folder), "HiddenServiceVersion 3".to_owned()];
        let port = |(port, target): &(u16, u16)| format!("HiddenServicePort {port} 127.0.0.1:{target}");
        service.into_iter().chain(ports.iter().map(port))
    })
    .collect()
}

/// The file that tells the exits where their name server is.
pub(crate) const RESOLV_CONF: &str = "resolv.conf";
/// The folder of the onion services' folders.
pub(crate) const ONIONS: &str = "onions";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::slot::Slot;

    fn of(kind: Kind, held_back: &[Kind]) -> String {
        let slot = Slot::take(|_| true).expect("a slot");
        let plan = Plan::new(&slot, &Options { onion_hosts: 2, ..Options::default() });
        let authority = |place: &Place| Authority {
            place: place.clone(),
            v3ident: "A".repeat(40),
            rsa: "B".repeat(40),
            ed25519: "C".repeat(43),
        };
        let authorities: Vec<_> = plan.of(&[Kind::Authority]).map(authority).collect();
        let quay = Onion { ports: vec![(80, 8080), (81, 8081)], ..Onion::new("quay", 0) };
        let onions = [("onionhost0", quay), ("onionhost1", Onion::new("pier", 8082))];
        let setting = Setting {
            folder: "/net",
            plan: &plan,
            authorities: &authorities,
            onions: onions.iter().map(|(host, onion)| (*host, onion)).collect(),
            owner: 4711,
            vote_offset: 900,
            held_back,
        };
        let place = plan.of(&[kind]).next().expect("one of every kind");
        // The slot that is free differs from run to run; the text is the first slot's.
        let mut text = torrc(place, &setting);
        for node in 0..crate::slot::SUBNETS {
            text = text.replace(&format!("{}", slot.address(node)), &format!("NODE{node}"));
        }
        text.replace(&format!("{}", plan.socks), "SOCKS")
    }

    fn has(text: &str, lines: &[&str]) {
        for line in lines {
            assert!(
                text.lines().any(|found| found == *line || found.starts_with(&format!("{line} "))),
                "{line}\n{text}"
            );
        }
    }

    fn lacks(text: &str, words: &[&str]) {
        for word in words {
            assert!(!text.lines().any(|line| line.split(' ').next() == Some(word)), "{word}\n{text}");
        }
    }

    #[test]
    fn every_node_keeps_to_the_machine_and_ends_with_its_owner() {
        for (kind, node) in [
            (Kind::Authority, "NODE0"),
            (Kind::Relay, "NODE3"),
            (Kind::Exit, "NODE10"),
            (Kind::OnionHost, "NODE13"),
            (Kind::Client, "NODE15"),
        ] {
            let text = of(kind, &[]);
            has(
                &text,
                &[&format!("OutboundBindAddress {node}"), "__OwningControllerProcess 4711", "TestingTorNetwork 1"],
            );
            assert_eq!(text.matches("\nDirAuthority ").count(), 3, "{text}");
        }
    }

    #[test]
    fn authorities_vote_guards_by_address_and_the_onion_time_period_by_parameter() {
        let text = of(Kind::Authority, &[]);
        has(
            &text,
            &[
                "TestingDirAuthVoteGuard NODE0,NODE1,NODE2,NODE3,NODE4",
                "ConsensusParams hsdir_interval=720 cbtmintimeout=2000",
                "TestingV3AuthVotingStartOffset 900",
                "ExitPolicy reject *:*",
                "DirPort",
            ],
        );
    }

    #[test]
    fn only_exits_let_anything_out_and_ask_the_name_server_of_the_network() {
        has(&of(Kind::Exit, &[]), &["ExitPolicy accept *:*", "ServerDNSResolvConfFile /net/resolv.conf"]);
        has(&of(Kind::Relay, &[]), &["ExitPolicy reject *:*", "ORPort", "Address NODE3"]);
        for kind in [Kind::OnionHost, Kind::Client] {
            lacks(&of(kind, &[]), &["ORPort", "ExitPolicy", "DirPort"]);
        }
    }

    #[test]
    fn an_onion_host_has_its_own_services_and_waits_to_be_told() {
        let text = of(Kind::OnionHost, &[Kind::OnionHost]);
        has(
            &text,
            &[
                "DisableNetwork 1",
                "FetchDirInfoEarly 1",
                "HiddenServiceDir /net/onions/quay",
                "HiddenServicePort 80 127.0.0.1:8080",
                "HiddenServicePort 81 127.0.0.1:8081",
            ],
        );
        assert!(!text.contains("pier"), "{text}");
        has(&of(Kind::OnionHost, &[]), &["DisableNetwork 0"]);
        has(&of(Kind::Client, &[]), &["SocksPort SOCKS", "TestingClientMaxIntervalWithoutRequest 1"]);
    }
}
