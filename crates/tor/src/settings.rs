//! What a Tor client is started with.

use std::path::PathBuf;
use std::time::Duration;

/// How long arti may take until it can carry traffic. It would wait for ever by itself.
const BOOTSTRAP: Duration = Duration::from_secs(120);

/// How long one stream may take to open, circuit included. Below the crawler's own limit for the first byte, so that a
/// circuit that never comes is told from a server that never answers.
const CONNECT: Duration = Duration::from_secs(45);

/// What a Tor client is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where guards and learned facts are kept. One process at a time holds it.
    pub state: PathBuf,
    /// Where the directory of relays is kept.
    pub cache: PathBuf,
    /// Which Tor network.
    pub network: Network,
    /// How long until it must be able to carry traffic.
    pub bootstrap: Duration,
    /// How long one stream may take to open.
    pub connect: Duration,
}

/// Which Tor network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Network {
    /// The one that everybody uses.
    Public,
    /// Another one, with authorities of its own, as arti's configuration in TOML names them: demo, tests, benches. Its
    /// `storage` paths are not used.
    Private(String),
}

impl Settings {
    /// The public network with the usual limits.
    #[must_use]
    pub const fn new(state: PathBuf, cache: PathBuf) -> Self {
        Self { state, cache, network: Network::Public, bootstrap: BOOTSTRAP, connect: CONNECT }
    }
}
