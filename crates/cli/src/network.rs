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

    pub(super) async fn open(site: &Site, mut told: impl FnMut(String)) -> anyhow::Result<Arc<dyn Transport>> {
        let config = &site.config.tor;
        let mut settings = tor::Settings::new(site.layout.tor_state(), site.layout.tor_cache());
        settings.bootstrap = Duration::from_secs(config.bootstrap_seconds);
        settings.connect = Duration::from_secs(config.connect_seconds);
        if !config.network.is_empty() {
            settings.network = tor::Network::Private(read(Path::new(&config.network))?);
        }
        let transport = tor::open(&settings, |progress| told(progress.to_string())).await.map_err(failed)?;
        Ok(Arc::new(transport))
    }

    fn read(path: &Path) -> anyhow::Result<String> {
        std::fs::read_to_string(path)
            .with_context(|| format!("failed to read {}, which [tor] network names", path.display()))
    }
}
