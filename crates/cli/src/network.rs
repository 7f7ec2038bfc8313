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

/// An opened way, and what is to be said about it.
pub(crate) struct Opened {
    pub(crate) transport: Arc<dyn Transport>,
    /// For people and for the log.
    pub(crate) name: &'static str,
}

impl Network {
    /// Opens the way. `told` hears how far Tor has come.
    pub(crate) async fn open(&self, site: &Site, told: impl FnMut(String)) -> anyhow::Result<Opened> {
        match self {
            #[cfg(feature = "tor")]
            Self::Tor => by_tor::open(site, told).await,
            Self::Ready(transport) => {
                drop(told);
                let _ = site;
                Ok(Opened { transport: Arc::clone(transport), name: "what this build was composed with" })
            }
            Self::Absent => {
                Err(failure(Kind::Unavailable, "this build has no way to the network, so that nothing was fetched"))
            }
        }
    }
}

#[cfg(feature = "tor")]
mod by_tor {
    use std::path::Path;
    use std::time::Duration;

    use anyhow::Context as _;

    use super::{Arc, Opened, Site};
    use crate::site::failed;

    pub(super) async fn open(site: &Site, mut told: impl FnMut(String)) -> anyhow::Result<Opened> {
        let config = &site.config.tor;
        let mut settings = tor::Settings::new(site.layout.tor_state(), site.layout.tor_cache());
        settings.bootstrap = Duration::from_secs(config.bootstrap_seconds);
        settings.connect = Duration::from_secs(config.connect_seconds);
        let mut name = "the public Tor network";
        if !config.network.is_empty() {
            settings.network = tor::Network::Private(read(Path::new(&config.network))?);
            name = "a private Tor network, for demo and tests alone";
        }
        let transport = tor::open(&settings, |progress| told(progress.to_string())).await.map_err(failed)?;
        Ok(Opened { transport: Arc::new(transport), name })
    }

    fn read(path: &Path) -> anyhow::Result<String> {
        std::fs::read_to_string(path)
            .with_context(|| format!("failed to read {}, which [tor] network names", path.display()))
    }
}
