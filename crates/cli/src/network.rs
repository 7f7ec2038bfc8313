//! The way to the network: opened when a command first needs it.

use std::sync::Arc;

use crawler::Transport;
use model::Kind;

use crate::failure::failure;
use crate::site::Site;

/// What pages are asked through.
pub enum Network {
    /// Tor, started in this process for the command that fetches.
    #[cfg(feature = "tor")]
    Tor,
    /// Something that whoever composes has ready: a test's sites in memory.
    Ready(Arc<dyn Transport>),
    /// Nothing: whatever would fetch says so.
    Absent,
}

impl Network {
    /// What it is called, for people and for the log.
    pub(crate) fn name(&self, site: &Site) -> &'static str {
        match self {
            #[cfg(feature = "tor")]
            Self::Tor => by_tor::name(&site.config.tor),
            Self::Ready(_) if site.config.tor.network.is_empty() => "what this build was composed with",
            Self::Ready(_) => "what this build was composed with, instead of the Tor network of the configuration",
            Self::Absent => "nothing: this build has no way to the network",
        }
    }

    /// Opens the way. `told` hears how far Tor has come.
    pub(crate) async fn open(&self, site: &Site, told: impl FnMut(String)) -> anyhow::Result<Arc<dyn Transport>> {
        match self {
            #[cfg(feature = "tor")]
            Self::Tor => by_tor::open(site, told).await,
            Self::Ready(transport) => {
                drop(told);
                Ok(Arc::clone(transport))
            }
            Self::Absent => Err(failure(Kind::Unavailable, format!("pages are asked for through {}", self.name(site)))),
        }
    }
}

/// A way to a time-stamping authority that is not Tor: for tests, whose authority is on the loopback address.
pub trait Post: Send + Sync {
    /// Sends a query; the reply, or why there is none.
    ///
    /// # Errors
    /// When the authority cannot be reached or answers with an error.
    fn post(&self, url: &str, query: &[u8]) -> Result<Vec<u8>, String>;
}

/// A way to the authorities, once it is open.
pub(crate) enum Stamping {
    #[cfg(feature = "tor")]
    Tor(tor::TorTransport),
    Given(Arc<dyn Post>),
}

impl Stamping {
    /// Opens the way: over Tor, unless another was composed in.
    pub(crate) async fn open(
        network: &Network,
        given: Option<&Arc<dyn Post>>,
        site: &Site,
        told: impl FnMut(String),
    ) -> anyhow::Result<Self> {
        match (given, network) {
            (Some(post), _) => Ok(Self::Given(Arc::clone(post))),
            #[cfg(feature = "tor")]
            (None, Network::Tor) => Ok(Self::Tor(by_tor::open_tor(site, told).await?)),
            (None, _) => {
                drop(told);
                Err(failure(Kind::Unavailable, format!("authorities are asked through {}", network.name(site))))
            }
        }
    }

    pub(crate) async fn ask(&self, url: &str, query: Vec<u8>) -> Result<Vec<u8>, String> {
        match self {
            #[cfg(feature = "tor")]
            Self::Tor(tor) => tor.stamp(url, query).await.map_err(|error| error.what.to_owned()),
            Self::Given(post) => {
                let (post, url) = (Arc::clone(post), url.to_owned());
                let asked = tokio::task::spawn_blocking(move || post.post(&url, &query)).await;
                asked.map_err(|_| "the request was cut short".to_owned())?
            }
        }
    }
}

#[cfg(feature = "tor")]
mod by_tor {
    use std::path::Path;
    use std::time::Duration;

    use anyhow::Context as _;

    use super::{Arc, Site, Transport};
    use crate::config::TorConfig;
    use crate::site::failed;

    pub(super) const fn name(config: &TorConfig) -> &'static str {
        if config.network.is_empty() {
            "the public Tor network"
        } else {
            "a private Tor network, for demo and tests alone"
        }
    }

    pub(super) async fn open(site: &Site, told: impl FnMut(String)) -> anyhow::Result<Arc<dyn Transport>> {
        Ok(Arc::new(open_tor(site, told).await?))
    }

    pub(super) async fn open_tor(site: &Site, mut told: impl FnMut(String)) -> anyhow::Result<tor::TorTransport> {
        let config = &site.config.tor;
        let mut settings = tor::Settings::new(site.layout.tor_state(), site.layout.tor_cache());
        settings.bootstrap = Duration::from_secs(config.bootstrap_seconds);
        settings.connect = Duration::from_secs(config.connect_seconds);
        if !config.network.is_empty() {
            settings.network = tor::Network::Private(read(Path::new(&config.network))?);
        }
        tor::open(&settings, |progress| told(progress.to_string())).await.map_err(failed)
    }

    fn read(path: &Path) -> anyhow::Result<String> {
        std::fs::read_to_string(path)
            .with_context(|| format!("failed to read {}, which [tor] network names", path.display()))
    }
}
