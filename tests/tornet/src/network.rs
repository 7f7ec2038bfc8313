//! A running network: where its parts are, and what can be done to them.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::arti;
use crate::crew::{Crew, Signal, resident_bytes, write_empty};
use crate::dns::{Dns, Names};
use crate::error::Error;
use crate::fault::Patience;
use crate::folder::{Folder, make};
use crate::keys::{Authority, lay_onion};
use crate::options::Options;
use crate::plan::{Kind, Place, Plan};
use crate::slot::Slot;
use crate::start::{Stage, Start, reach};
use crate::torrc::{ONIONS, RESOLV_CONF, Setting, torrc};

/// The file in the network's folder that describes it, and the variable that tells a child process where it is.
const DESCRIPTION: &str = "tornet.json";
const DNS_LOG: &str = "dns.log";

/// A private Tor network. Dropping it ends every process and removes its folder, unless that is to be kept.
///
/// The fields are dropped in this order: first whatever writes to the folder, then the folder, then the right to the ports.
#[derive(Debug)]
pub struct Network {
    pub(crate) crew: Crew,
    _dns: Dns,
    pub(crate) folder: Folder,
    pub(crate) plan: Plan,
    pub(crate) options: Options,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) services: Vec<Service>,
    stages: Vec<(Stage, Duration)>,
    _slot: Slot,
}

/// An onion service that runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Service {
    /// What the options call it.
    pub name: String,
    /// Its host name, `.onion` included.
    pub address: String,
    /// The node that runs it.
    pub host: String,
    /// Its ports, and the port of 127.0.0.1 behind each.
    pub ports: Vec<(u16, u16)>,
}

/// A node.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Node {
    /// Its name: the kind and a number.
    pub name: String,
    /// What it does.
    pub kind: Kind,
    /// The address that its connections come from and, if it is a relay, go to.
    pub address: Ipv4Addr,
    /// Its process, unless it was stopped.
    pub pid: Option<u32>,
}

impl Network {
    /// Brings up a network, and returns when it can be used.
    ///
    /// # Errors
    /// If a program is missing, the options leave their bounds, no slot is free, or a stage is not reached in time: the
    /// error then names the stage and shows the end of the log of the node to blame. Nothing is left running.
    pub fn start(options: Options) -> Result<Self, Error> {
        let patience = Patience::of(options.patience, &options.cancelled);
        let mut network = Self::prepare(options)?;
        let mut stages = Vec::new();
        let started = Start::new(&mut network, patience).run(|stage, time| stages.push((stage, time)));
        started.map_err(|(stage, fault)| {
            let log = fault.node.as_deref().map(|node| network.folder.tail(node)).unwrap_or_default();
            Error::NotUp { stage, why: fault.why, node: fault.node, log }
        })?;
        network.stages = stages;
        network.folder.write(DESCRIPTION, &format!("{:#}\n", network.describe()))?;
        Ok(network)
    }

    /// Everything that stands still: slot, folder, name server, keys of onion services.
    fn prepare(options: Options) -> Result<Self, Error> {
        options.check()?;
        let crew = Crew::new()?;
        let slot = Slot::take(|slot| Plan::new(slot, &options).is_free())?;
        let plan = Plan::new(&slot, &options);
        let folder = Folder::take(options.folder.as_deref(), options.keep)?;
        write_empty(&folder)?;
        folder.write(RESOLV_CONF, &format!("nameserver {}\n", plan.dns))?;
        for place in &plan.places {
            make(&folder.path().join(&place.name))?;
        }
        make(&folder.path().join(ONIONS))?;
        for onion in &options.onions {
            lay_onion(onion, &folder.path().join(ONIONS).join(&onion.name))?;
        }
        let log = folder.path().join(DNS_LOG);
        let dns =
            Dns::serve(plan.dns, Names::new(&options.names), &log).map_err(Error::file("serve names to", &log))?;
        let (authorities, services, stages) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { crew, _dns: dns, folder, plan, options, authorities, services, stages, _slot: slot })
    }

    /// The onion services, in the order of the options.
    #[must_use]
    pub fn onions(&self) -> &[Service] {
        &self.services
    }

    /// The SOCKS5 port of the C tor client.
    #[must_use]
    pub fn socks(&self) -> SocketAddrV4 {
        self.plan.socks
    }

    /// The nodes, authorities first.
    #[must_use]
    pub fn nodes(&self) -> Vec<Node> {
        let node = |place: &Place| Node {
            name: place.name.clone(),
            kind: place.kind,
            address: place.address,
            pid: self.crew.pid(&place.name),
        };
        self.plan.places.iter().map(node).collect()
    }

    /// The network's folder: a folder with `log` for every node, the name server's log, the description.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The description in JSON, as [`Network::describe`] gives it at the end of the start.
    #[must_use]
    pub fn description_file(&self) -> PathBuf {
        self.folder.path().join(DESCRIPTION)
    }

    /// A line for every name that an exit asked for: name, type of record, `known` or `unknown`.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn dns_questions(&self) -> Result<Vec<String>, Error> {
        let path = self.folder.path().join(DNS_LOG);
        let text = std::fs::read_to_string(&path).map_err(Error::file("read", &path))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// When each stage of the start was reached, from its beginning.
    #[must_use]
    pub fn stages(&self) -> &[(Stage, Duration)] {
        &self.stages
    }

    /// Memory that all nodes have in use, in bytes.
    #[must_use]
    pub fn resident_bytes(&self) -> u64 {
        self.nodes().iter().filter_map(|node| node.pid).map(resident_bytes).sum()
    }

    /// The TOML with which arti-client 0.47 joins this network: it reads into a `TorClientConfigBuilder`.
    ///
    /// Each arti process needs a state folder of its own, and a fresh one for each network: arti keeps what it learned.
    #[must_use]
    pub fn arti_config(&self, state: &Path, cache: &Path) -> String {
        arti::config(&self.authorities, state, cache)
    }

    /// Stops a node; a stopped node stays stopped.
    ///
    /// # Errors
    /// If there is no node of that name.
    pub fn stop_node(&mut self, name: &str, signal: Signal) -> Result<(), Error> {
        self.place(name)?;
        self.crew.halt(name, signal);
        Ok(())
    }

    /// Starts a node that was stopped. It needs some seconds to join again: see [`Network::wait_for_onions`].
    ///
    /// # Errors
    /// If there is no node of that name, or its process cannot be started.
    pub fn start_node(&mut self, name: &str) -> Result<(), Error> {
        self.place(name)?;
        self.crew.launch(name, &self.folder)
    }

    /// Stops these nodes, then starts them again.
    ///
    /// Relays keep the descriptors of onion services in memory alone. Whoever restarts all of them restarts the onion hosts
    /// after them, or nobody finds a service until it uploads again, which takes up to an hour.
    ///
    /// # Errors
    /// As [`Network::start_node`]; the names are checked before anything is stopped.
    pub fn restart_nodes<S: AsRef<str>>(&mut self, names: &[S], signal: Signal) -> Result<(), Error> {
        for name in names {
            self.place(name.as_ref())?;
        }
        names.iter().for_each(|name| self.crew.halt(name.as_ref(), signal));
        names.iter().try_for_each(|name| self.crew.launch(name.as_ref(), &self.folder))
    }

    /// Cuts the network: every node stands still (SIGSTOP) until [`Network::heal`].
    ///
    /// This is the silent kind of fault. Connections stay open and nothing answers, as with a cable pulled somewhere on the
    /// way; a node that was stopped refuses connections instead. A node that is started during a cut runs.
    pub fn cut(&self) {
        self.crew.freeze();
    }

    /// Ends a cut: every node goes on where it stood (SIGCONT).
    pub fn heal(&self) {
        self.crew.thaw();
    }

    /// Waits until every onion service's first port accepts a connection through the C tor client.
    ///
    /// # Errors
    /// If one does not within the limit. After a fault it takes seconds in most cases and half a minute in some.
    pub fn wait_for_onions(&self, limit: Duration) -> Result<(), Error> {
        let patience = Patience::of(limit, &Arc::clone(&self.options.cancelled));
        reach(self, &patience).map_err(|fault| Error::Late { doing: "wait for the onion services", why: fault.why })
    }

    /// What a child process needs to know, in JSON.
    #[must_use]
    pub fn describe(&self) -> Value {
        let nodes = self.nodes().into_iter().map(|node| {
            json!({ "name": node.name, "kind": node.kind.to_string(), "address": node.address.to_string(), "pid": node.pid })
        });
        let onions = self.services.iter().map(|service| {
            let ports = service
                .ports
                .iter()
                .map(|(port, target)| json!({ "port": port, "target": format!("127.0.0.1:{target}") }));
            json!({
                "name": service.name,
                "address": service.address,
                "host": service.host,
                "ports": ports.collect::<Vec<_>>(),
            })
        });
        let seconds = self.stages.iter().map(|(stage, time)| (stage.to_string(), json!(hundredths(*time))));
        let arti = self.folder.path().join("arti");
        json!({
            "folder": self.folder.text(),
            "slot": self.plan.slot,
            "owner": std::process::id(),
            "socks": self.plan.socks.to_string(),
            "dns_log": self.folder.path().join(DNS_LOG),
            "names": self.options.names,
            "onions": onions.collect::<Vec<_>>(),
            "nodes": nodes.collect::<Vec<_>>(),
            "arti_config": self.arti_config(&arti.join("state"), &arti.join("cache")),
            "seconds": seconds.collect::<serde_json::Map<_, _>>(),
            "resident_bytes": self.resident_bytes(),
        })
    }

    pub(crate) fn place(&self, name: &str) -> Result<&Place, Error> {
        let found = self.plan.places.iter().find(|place| place.name == name);
        found.ok_or_else(|| Error::NoNode(name.to_owned()))
    }

    /// The node that the n-th onion service is dealt to.
    pub(crate) fn host_of(&self, onion: usize) -> &str {
        let hosts: Vec<_> = self.plan.of(&[Kind::OnionHost]).collect();
        hosts.get(onion % hosts.len().max(1)).map_or("", |place| &place.name)
    }

    pub(crate) fn write_torrcs(&self, vote_offset: u64, held_back: &[Kind]) -> Result<(), Error> {
        let onions = self.options.onions.iter().enumerate();
        let setting = Setting {
            folder: self.folder.text(),
            plan: &self.plan,
            authorities: &self.authorities,
            onions: onions.map(|(index, onion)| (self.host_of(index), onion)).collect(),
            owner: std::process::id(),
            vote_offset,
            held_back,
        };
        for place in &self.plan.places {
            self.folder.write(&format!("{}/torrc", place.name), &torrc(place, &setting))?;
        }
        Ok(())
    }
}

/// Seconds with two places: more would pretend to a precision that a busy machine does not have.
fn hundredths(time: Duration) -> f64 {
    (time.as_secs_f64() * 100.0).round() / 100.0
}
