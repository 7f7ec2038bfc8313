//! Synthetic sites behind a private Tor network, for tests and benches of the shipped command.

use std::path::{Path, PathBuf};

use synthetic::paper::Target;
use synthetic::server::Server;
use synthetic::site::{Site, Size, Town, onions};
use tornet::{Network, Onion, Options};

use crate::Installation;

/// Milliseconds between two requests to one site: they are ours.
const DELAY_MILLIS: u32 = 5;

/// Sites, served, and the network in front of them.
pub struct Scene {
    /// The sites, and the truth about them.
    pub sites: Vec<Site>,
    /// What serves each, in the same order.
    pub servers: Vec<Server>,
    /// The network.
    pub network: Network,
}

impl Scene {
    /// A small town: a forum and a board of advertisements on onions, plain pages behind an exit.
    ///
    /// # Panics
    /// If the network does not come up.
    #[must_use]
    pub fn town(seed: u64) -> Self {
        Self::raise(Town::generate(seed, Size::SMALL).sites, 1)
    }

    /// Plain pages of one size on many onions.
    ///
    /// # Panics
    /// If the network does not come up.
    #[must_use]
    pub fn onions(seed: u64, count: usize, pages_each: usize, page_bytes: usize) -> Self {
        Self::raise(onions(seed, count, pages_each, page_bytes), 2)
    }

    fn raise(mut sites: Vec<Site>, onion_hosts: usize) -> Self {
        let mut servers = Vec::new();
        let mut services = Vec::new();
        for site in &mut sites {
            let server = Server::start(site.clone(), 0, None).expect("a port of loopback");
            let port = server.address().port();
            match site.onion_secret() {
                Some(key) => services.push(Onion::new(&site.name, port).with_key(key)),
                None => site.port = port, // a name of the clearnet: the exit connects to the port in the URL
            }
            servers.push(server);
        }
        let options = Options { onions: services, onion_hosts, ..Options::default() };
        let network = Network::start(options).unwrap_or_else(|error| panic!("failed to {error}"));
        Self { sites, servers, network }
    }

    /// The targets of an authorisation for all of them.
    #[must_use]
    pub fn targets(&self) -> Vec<Target> {
        let target = |site: &Site| Target { label: Some(site.name.clone()), min_delay_ms: DELAY_MILLIS, ..site.into() };
        self.sites.iter().map(target).collect()
    }

    /// How often each good page was asked for, over all sites, in the order of the sites' own lists.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.servers.iter().map(Server::requests).sum()
    }
}

impl Installation<Scene> {
    /// The shipped command, over this scene.
    ///
    /// # Panics
    /// If any command fails.
    #[must_use]
    pub fn over_tor(binary: &Path, scene: Scene) -> Self {
        let targets = scene.targets();
        Self::over_tor_with(binary, scene, targets)
    }

    /// The same with these targets.
    ///
    /// # Panics
    /// If any command fails.
    #[must_use]
    pub fn over_tor_with(binary: &Path, scene: Scene, targets: Vec<Target>) -> Self {
        let file: PathBuf = scene.network.folder().join("lanthorn-network.toml");
        let state = scene.network.folder().join("unused");
        std::fs::write(&file, scene.network.arti_config(&state, &state)).expect("the network's description");
        Self::over(binary, scene, targets, Vec::new(), |config| {
            *config = config.replace("network = \"\"", &format!("network = {:?}", file.display().to_string()));
        })
    }
}
