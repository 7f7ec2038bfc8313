//! From nothing to a network: the stages of a start, each with a limit and a reason when it fails.
//!
//! Three things make it quick. The vote is not waited for but moved: the authorities begin with a vote far away, and when
//! all of them hold every descriptor it is set to the next possible second. Clients and onion hosts connect only when there
//! is a consensus, so that they never back off. And nothing sleeps for a guessed time: every wait asks until it is true.

use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;
use std::thread;
use std::time::Duration;

use crate::control::Control;
use crate::crew::Signal;
use crate::dns::CHECK_NAME;
use crate::fault::{Fault, Patience, now, unix_seconds};
use crate::keys::{make_authority, read_identity};
use crate::network::{Network, Service};
use crate::plan::{Kind, Place};
use crate::socks::{self, Ask};
use crate::torrc::{ONIONS, VOTING_INTERVAL};

/// Between two questions to a node.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a control port may take to open.
const OPENING: Duration = Duration::from_secs(60);
/// How long descriptors may be missing before they are asked for again: far longer than a relay takes to start.
const PUBLISHING: Duration = Duration::from_secs(8);
/// An onion host that has said nothing for this long, and owes no upload, has uploaded all it wants to.
const QUIET: Duration = Duration::from_millis(300);
/// How long the first attempt to reach an onion service may take. Each round gives the next one half as much again: on a
/// slow machine a limit that is always the same would end every attempt just before it succeeds.
const ATTEMPT: Duration = Duration::from_secs(12);
/// How long onion services may be out of reach before their hosts and the client begin anew; twice as long the next time.
const STUCK: Duration = Duration::from_secs(45);
/// How many onion services are tried at once.
const AT_ONCE: usize = 8;
/// Seconds given to votes and to signatures, each; a busy machine that misses a vote gets the next pair. tor takes no less than 2.
const VOTE_DELAYS: [u64; 3] = [2, 3, 6];
/// Seconds that a consensus may come later than it was set for.
const VOTE_GRACE: u64 = 6;

/// The stages of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The authorities have keys.
    Keys,
    /// Every authority holds every relay's descriptor.
    Descriptors,
    /// Every authority has a list with all relays.
    Consensus,
    /// The C tor client has joined.
    Client,
    /// Every onion host has uploaded its services' descriptors.
    OnionDescriptors,
    /// Every exit knows the list of relays, without which it serves nobody, and one has resolved a name for the C tor client.
    Exits,
    /// Every onion service was reached through the C tor client.
    Onions,
}

impl fmt::Display for Stage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Keys => "keys",
            Self::Descriptors => "descriptors",
            Self::Consensus => "consensus",
            Self::Client => "client",
            Self::OnionDescriptors => "onion descriptors",
            Self::Exits => "exits",
            Self::Onions => "onions",
        })
    }
}

/// What reaches a stage.
type Step<'a> = fn(&mut Start<'a>) -> Result<(), Fault>;

/// Open control connections, by the name of the node.
type Controls = BTreeMap<String, Control>;

/// A start on its way.
pub(crate) struct Start<'a> {
    pub(crate) network: &'a mut Network,
    pub(crate) patience: Patience,
    controls: Controls,
}

impl<'a> Start<'a> {
    pub(crate) fn new(network: &'a mut Network, patience: Patience) -> Self {
        Self { network, patience, controls: Controls::new() }
    }

    /// Every stage in turn; `reached` hears of each.
    pub(crate) fn run(mut self, mut reached: impl FnMut(Stage, Duration)) -> Result<(), (Stage, Fault)> {
        let stages: [(Stage, Step<'a>); 7] = [
            (Stage::Keys, Self::keys),
            (Stage::Descriptors, Self::descriptors),
            (Stage::Consensus, Self::consensus),
            (Stage::Client, Self::client),
            (Stage::OnionDescriptors, Self::onion_descriptors),
            (Stage::Exits, Self::exits),
            (Stage::Onions, Self::onions),
        ];
        let begun = now();
        for (stage, run) in stages {
            run(&mut self).map_err(|fault| (stage, fault))?;
            reached(stage, begun.elapsed());
        }
        Ok(())
    }

    fn keys(&mut self) -> Result<(), Fault> {
        let network = &mut *self.network;
        let (folder, starter) = (&network.folder, network.crew.starter());
        let places: Vec<_> = network.plan.of(&[Kind::Authority]).collect();
        network.authorities = thread::scope(|scope| {
            let made: Vec<_> = places
                .into_iter()
                .map(|place| scope.spawn(move || make_authority(place, folder, &starter.clone())))
                .collect();
            let joined = made.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|_| Err(Fault::everywhere("the thread that makes keys has panicked")))
            });
            joined.collect::<Result<Vec<_>, _>>()
        })?;
        // An authority makes its identity when it starts. So they start held back, not knowing each other, and read the
        // whole truth as soon as it is written: quicker than a run of tor for the identities alone.
        let vote = vote_at(unix_seconds() + VOTING_INTERVAL as f64 / 2.0);
        network.write_torrcs(vote, &[Kind::Authority]).map_err(Fault::everywhere)?;
        let names = self.launch(&[Kind::Authority])?;
        self.connect(&names)?;
        self.wait(|start| {
            let network = &mut *start.network;
            network.authorities.iter_mut().try_for_each(|authority| read_identity(authority, &network.folder))
        })?;
        self.network.write_torrcs(vote, &[Kind::OnionHost, Kind::Client]).map_err(Fault::everywhere)?;
        for name in &names {
            let asked = self.control(name)?.ask("SIGNAL RELOAD");
            asked.map_err(|error| Fault::final_of(name, error))?;
        }
        self.wait(|start| {
            start.each_has(&names, "net/listeners/dir", "250-net/listeners/dir=\"127.", 1, "open ports")
        })?;
        self.publish_again(&names, 0)
    }

    fn descriptors(&mut self) -> Result<(), Fault> {
        let authorities = self.names(&[Kind::Authority]);
        let relays = self.launch(&[Kind::Relay, Kind::Exit])?;
        let servers = [&authorities[..], &relays].concat();
        for round in 1.. {
            let limit = self.patience.at_most(PUBLISHING);
            let all = |start: &mut Self| {
                start.each_has(&authorities, "desc/all-recent", "router ", servers.len(), "descriptors")
            };
            match self.wait_within(&limit, all) {
                Err(fault) if !fault.is_final && !self.patience.left().is_zero() => {}
                outcome => return outcome,
            }
            self.connect(&servers)?;
            self.publish_again(&servers, round)?;
        }
        Ok(())
    }

    /// Makes these servers send their descriptors to every authority: one that was not ready for them is otherwise tried
    /// again only much later. A descriptor is sent when something in it has changed, for example whom to write to.
    fn publish_again(&mut self, names: &[String], round: u32) -> Result<(), Fault> {
        for name in names {
            let asked = self.control(name)?.ask(&format!("SETCONF ContactInfo=tornet-{round}@example.test"));
            asked.map_err(|error| Fault::final_of(name, error))?;
        }
        Ok(())
    }

    fn consensus(&mut self) -> Result<(), Fault> {
        let authorities = self.names(&[Kind::Authority]);
        let wanted = self.network.plan.servers().count();
        let mut outcome = Ok(());
        for delay in VOTE_DELAYS {
            // Votes, signatures, and what is left of a second.
            let offset = vote_at(unix_seconds() + 2.0 * delay as f64 + 1.5);
            let command = format!(
                "SETCONF TestingV3AuthInitialVoteDelay={delay} TestingV3AuthInitialDistDelay={delay} \
                 TestingV3AuthVotingStartOffset={offset}"
            );
            for name in &authorities {
                let asked = self.control(name)?.ask(&command);
                asked.map_err(|error| Fault::final_of(name, error))?;
            }
            // Meanwhile these come up, make their keys, and wait for the word.
            let late = self.launch(&[Kind::OnionHost, Kind::Client])?;
            self.connect(&late)?;
            let limit = self.patience.at_most(Duration::from_secs(2 * delay + VOTE_GRACE));
            outcome = self.wait_within(&limit, |start| start.each_has(&authorities, "ns/all", "r ", wanted, "relays"));
            match &outcome {
                Err(fault) if !fault.is_final && !self.patience.left().is_zero() => {}
                _ => break,
            }
        }
        // Relays have asked for a consensus all along, and ask more and more seldom: this makes them ask now.
        for name in self.names(&[Kind::Relay, Kind::Exit]) {
            self.network.crew.reload(&name);
        }
        outcome
    }

    fn client(&mut self) -> Result<(), Fault> {
        let hosts = self.names(&[Kind::OnionHost]);
        let clients = self.names(&[Kind::Client]);
        for name in &hosts {
            let control = self.control(name)?;
            control.ask("SETEVENTS HS_DESC").map_err(|error| Fault::final_of(name, error))?;
        }
        for name in hosts.iter().chain(&clients) {
            let control = self.control(name)?;
            control.ask("SETCONF DisableNetwork=0").map_err(|error| Fault::final_of(name, error))?;
        }
        // Whoever starts these again later wants them to join at once.
        self.network.write_torrcs(vote_at(unix_seconds()), &[]).map_err(Fault::everywhere)?;
        self.wait(|start| {
            for name in &clients {
                let answer = start.control(name)?.ask("GETINFO status/bootstrap-phase");
                let answer = answer.map_err(|error| Fault::not_yet(name, error))?.concat();
                if !answer.contains("PROGRESS=100") {
                    return Err(Fault::not_yet(name, format!("{name} has not joined: {answer}")));
                }
            }
            Ok(())
        })
    }

    fn onion_descriptors(&mut self) -> Result<(), Fault> {
        self.network.services = self.addresses()?;
        for host in self.names(&[Kind::OnionHost]) {
            let own = self.network.services.iter().filter(|service| service.host == host);
            let mut uploads = Uploads::of(own);
            let mut last = String::new();
            let patience = self.patience.clone();
            patience.until(Duration::ZERO, || {
                let event = self.control(&host)?.event(QUIET).map_err(|error| Fault::final_of(&host, error))?;
                self.network.crew.check()?;
                match event {
                    Some(event) => {
                        uploads.hear(&event);
                        last = event;
                    }
                    None if uploads.are_done() => return Ok(()),
                    None => {}
                }
                Err(Fault::not_yet(&host, format!("{}; the last event: {last}", uploads.state())))
            })?;
        }
        Ok(())
    }

    /// The addresses that tor wrote, in the order of the options.
    fn addresses(&mut self) -> Result<Vec<Service>, Fault> {
        let read = |network: &Network, index: usize| {
            let onion = &network.options.onions[index];
            let host = network.host_of(index).to_owned();
            let path = network.folder.path().join(ONIONS).join(&onion.name).join("hostname");
            let text = std::fs::read_to_string(&path)
                .map_err(|error| Fault::not_yet(&host, format!("the address of {}: {error}", onion.name)))?;
            Ok(Service { name: onion.name.clone(), address: text.trim().to_owned(), host, ports: onion.ports.clone() })
        };
        self.wait(|start| (0..start.network.options.onions.len()).map(|index| read(start.network, index)).collect())
    }

    fn exits(&mut self) -> Result<(), Fault> {
        let exits = self.names(&[Kind::Exit]);
        self.connect(&exits)?;
        self.wait(|start| {
            for name in &exits {
                let known = start.control(name)?.ask("GETINFO status/enough-dir-info");
                let known = known.map_err(|error| Fault::not_yet(name, error))?.concat();
                if !known.contains("enough-dir-info=1") {
                    return Err(Fault::not_yet(name, format!("{name} does not know the relays yet: {known}")));
                }
            }
            Ok(())
        })?;
        self.wait(|start| {
            let (proxy, limit) = (start.network.plan.socks, ATTEMPT.min(start.patience.left()));
            let resolved = socks::ask(proxy, Ask::Resolve, CHECK_NAME, 0, limit);
            let resolved = resolved.map_err(|error| Fault::not_yet(&exits[0], format!("{CHECK_NAME}: {error}")))?;
            match resolved.1 {
                Ipv4Addr::LOCALHOST => Ok(()),
                other => Err(Fault::final_of(&exits[0], format!("{CHECK_NAME} was resolved to {other}"))),
            }
        })
    }

    /// On a starved machine a client and an onion host can settle on guards and circuits that never meet, and no waiting
    /// helps: after a while both begin anew, with what they have settled on forgotten.
    fn onions(&mut self) -> Result<(), Fault> {
        if !self.network.options.probe {
            return Ok(());
        }
        let mut stuck = STUCK;
        loop {
            match reach(self.network, &self.patience.at_most(stuck)) {
                Err(fault) if !fault.is_final && !self.patience.left().is_zero() => {}
                outcome => return outcome,
            }
            for name in self.names(&[Kind::OnionHost, Kind::Client]) {
                self.network.crew.halt(&name, Signal::Kill);
                // Absent when tor had nothing to remember yet, which is just as good.
                let _ = std::fs::remove_file(self.network.folder.path().join(&name).join("state"));
            }
            self.launch(&[Kind::OnionHost, Kind::Client])?;
            stuck *= 2;
        }
    }

    fn launch(&mut self, kinds: &[Kind]) -> Result<Vec<String>, Fault> {
        let names = self.names(kinds);
        let network = &mut *self.network;
        for name in &names {
            network.crew.launch(name, &network.folder).map_err(|error| Fault::final_of(name, error))?;
        }
        Ok(names)
    }

    /// Opens the control connections that are not open yet.
    fn connect(&mut self, names: &[String]) -> Result<(), Fault> {
        let limit = self.patience.at_most(OPENING);
        for name in names {
            if self.controls.contains_key(name) {
                continue;
            }
            let control = self.wait_within(&limit, |start| {
                let place = start.network.place(name).map_err(Fault::everywhere)?;
                let data = start.network.folder.path().join(name);
                Control::connect(place.control, &data)
                    .map_err(|error| Fault::not_yet(name, format!("the control port of {name}: {error}")))
            })?;
            self.controls.insert(name.clone(), control);
        }
        Ok(())
    }

    fn control(&mut self, name: &str) -> Result<&mut Control, Fault> {
        self.controls.get_mut(name).ok_or_else(|| Fault::final_of(name, "no control connection is open"))
    }

    /// Whether each of these nodes knows so many things.
    fn each_has(
        &mut self,
        names: &[String],
        key: &str,
        beginning: &str,
        wanted: usize,
        what: &str,
    ) -> Result<(), Fault> {
        for name in names {
            let counted = self.control(name)?.count(key, beginning);
            let count = counted.map_err(|error| Fault::not_yet(name, format!("{name} knows no {what}: {error}")))?;
            if count < wanted {
                return Err(Fault::not_yet(name, format!("{name} knows {count} of {wanted} {what}")));
            }
        }
        Ok(())
    }

    fn names(&self, kinds: &[Kind]) -> Vec<String> {
        self.network.plan.of(kinds).map(|place: &Place| place.name.clone()).collect()
    }

    fn wait<T>(&mut self, ask: impl FnMut(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let patience = self.patience.clone();
        self.wait_within(&patience, ask)
    }

    /// Waits, and fails at once when a node has ended.
    fn wait_within<T>(
        &mut self,
        patience: &Patience,
        mut ask: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        patience.until(PAUSE, || {
            self.network.crew.check()?;
            ask(self)
        })
    }
}

/// Connects to the first port of every onion service through the C tor client, several at once, until each has succeeded.
///
/// A client remembers where a service could be found, and asks there long after the service has moved on. So before
/// services are tried again it is made to forget: what counts is whether somebody new would find them.
pub(crate) fn reach(network: &Network, patience: &Patience) -> Result<(), Fault> {
    let Some(client) = network.plan.of(&[Kind::Client]).next() else { return Ok(()) };
    let attempt = |service: &Service, limit: Duration| {
        let (port, _) = service.ports.first().copied().unwrap_or_default();
        let limit = limit.min(patience.left());
        socks::ask(network.plan.socks, Ask::Connect, &service.address, port, limit)
            .map(drop)
            .map_err(|error| Fault::not_yet(&client.name, format!("{} cannot be reached: {error}", service.name)))
    };
    let mut pending: Vec<_> = network.services.iter().collect();
    let mut limit = ATTEMPT;
    patience.until(PAUSE, || {
        let group = pending.len().min(AT_ONCE);
        let outcomes: Vec<_> = thread::scope(|scope| {
            let attempts: Vec<_> = pending[..group].iter().map(|one| scope.spawn(|| attempt(one, limit))).collect();
            let panicked = |_| Err(Fault::everywhere("a thread that connects has panicked"));
            attempts.into_iter().map(|attempt| attempt.join().unwrap_or_else(panicked)).collect()
        });
        let mut failed = None;
        let tried: Vec<_> = pending.drain(..group).collect();
        for (service, outcome) in tried.into_iter().zip(outcomes) {
            if let Err(fault) = outcome {
                pending.push(service);
                failed = Some(fault);
            }
        }
        match failed {
            None if pending.is_empty() => Ok(()),
            None => Err(Fault::not_yet(&client.name, format!("{} services were not tried yet", pending.len()))),
            Some(fault) => {
                limit += limit / 2;
                forget(network, client).and(Err(fault))
            }
        }
    })
}

/// Makes a client forget descriptors, circuits and vanguards (control-spec, "NEWNYM"; tor does so every 10 seconds at most).
fn forget(network: &Network, client: &Place) -> Result<(), Fault> {
    let data = network.folder.path().join(&client.name);
    let told = Control::connect(client.control, &data).and_then(|mut control| control.ask("SIGNAL NEWNYM"));
    told.map(drop)
        .map_err(|error| Fault::not_yet(&client.name, format!("the control port of {}: {error}", client.name)))
}

/// Where in the voting interval a moment stands, in seconds.
fn vote_at(unix_seconds: f64) -> u64 {
    unix_seconds as u64 % VOTING_INTERVAL
}

/// Uploads of the descriptors of one host's services: asked for and answered.
///
/// tor uploads two descriptors per service, of this time period and the next, each to several directories; how many is
/// known only by counting.
#[derive(Debug)]
struct Uploads(BTreeMap<String, (u32, u32)>);

impl Uploads {
    fn of<'a>(services: impl Iterator<Item = &'a Service>) -> Self {
        let key = |service: &Service| service.address.trim_end_matches(".onion").to_owned();
        Self(services.map(|service| (key(service), (0, 0))).collect())
    }

    /// `650 HS_DESC ACTION ADDRESS …`: control-spec, "Onion service descriptors". A failed upload is tried elsewhere, and
    /// is then asked for again.
    fn hear(&mut self, event: &str) {
        let mut words = event.split(' ').skip(1);
        let (Some("HS_DESC"), Some(action), Some(address)) = (words.next(), words.next(), words.next()) else { return };
        let Some((asked, answered)) = self.0.get_mut(address) else { return };
        match action {
            "UPLOAD" => *asked += 1,
            "UPLOADED" => *answered += 1,
            "FAILED" => *asked = asked.saturating_sub(1),
            _ => {}
        }
    }

    fn are_done(&self) -> bool {
        self.0.values().all(|(asked, answered)| *answered > 0 && answered >= asked)
    }

    fn state(&self) -> String {
        let (asked, answered) = self.0.values().fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
        format!("{answered} of {asked} uploads are answered for {} services", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(name: &str) -> Service {
        Service {
            name: name.to_owned(),
            address: format!("{name}.onion"),
            host: "onionhost0".to_owned(),
            ports: vec![],
        }
    }

    #[test]
    fn uploads_are_done_when_each_service_has_one_and_owes_none() {
        let mut uploads = Uploads::of([service("a"), service("b")].iter());
        for (event, done) in [
            ("650 HS_DESC UPLOAD a UNKNOWN $X y HSDIR_INDEX=z", false),
            ("650 HS_DESC UPLOADED a UNKNOWN $X", false),
            ("650 HS_DESC UPLOAD b UNKNOWN $X y", false),
            ("650 HS_DESC UPLOAD b UNKNOWN $Y y", false),
            ("650 HS_DESC UPLOADED b UNKNOWN $X", false),
            ("650 HS_DESC UPLOADED somebody UNKNOWN $X", false),
            ("650 HS_DESC FAILED b UNKNOWN $Y y REASON=UPLOAD_REJECTED", true),
            ("650 HS_DESC UPLOAD b", false),
            ("650", false),
            ("650 HS_DESC UPLOADED b", true),
        ] {
            uploads.hear(event);
            assert_eq!(uploads.are_done(), done, "{event}");
        }
        assert_eq!(uploads.state(), "3 of 3 uploads are answered for 2 services");
    }

    #[test]
    fn a_host_without_services_owes_nothing() {
        assert!(Uploads::of([].iter()).are_done());
    }

    #[test]
    fn a_vote_stands_in_its_interval() {
        assert_eq!((vote_at(1800.0), vote_at(3599.9), vote_at(3600.5)), (0, 1799, 0));
    }
}
