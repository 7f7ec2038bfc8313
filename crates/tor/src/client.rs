//! arti in this process: started within a limit, connected by route.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arti_client::config::{CfgPath, TorClientConfigBuilder};
use arti_client::{DataStream, StreamPrefs, TorClient, TorClientConfig};
use crawler::{Advice, TransportError};
use futures_util::StreamExt as _;
use tokio::time::timeout;
use tor_error::{ErrorKind, ErrorReport as _, HasKind as _};
use tor_rtcompat::tokio::TokioRustlsRuntime;

use crate::route::Route;
use crate::{Error, Network, Settings, advice};

/// What arti has learned about how long circuits take, below its state folder. On a network that was idle and fast it
/// learns times that a busy one never keeps, and then no circuit is ever "built in time" again, in this process or the
/// next. Learning anew takes seconds, so each start begins without it.
const LEARNED_TIMES: &str = "state/circuit_timeouts.json";

/// Characters of arti's words that a capture keeps.
const MOST_OF_STATUS: usize = 300;

/// How far Tor has come with its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// From 0 to 100.
    pub percent: u8,
    /// What stands in its way, in arti's words, if anything does.
    pub blocked: Option<String>,
}

impl fmt::Display for Bootstrap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Tor is {} % ready", self.percent)?;
        self.blocked.as_ref().map_or(Ok(()), |blocked| write!(out, ": {blocked}"))
    }
}

/// A Tor client that can carry traffic; clones are the same client.
#[derive(Clone)]
pub(crate) struct Client {
    arti: Arc<TorClient<TokioRustlsRuntime>>,
    limit: Duration,
}

impl Client {
    /// Starts Tor and waits until it can carry traffic; `told` hears how far it has come.
    pub(crate) async fn start(settings: &Settings, mut told: impl FnMut(Bootstrap)) -> Result<Self, Error> {
        let config = config(settings)?;
        forget_learned_times(&settings.state);
        let runtime = TokioRustlsRuntime::current().map_err(|error| Error::Start {
            what: error.to_string(),
            advice: "call this from the crawl's own runtime",
        })?;
        let arti =
            TorClient::with_runtime(runtime).config(config).create_unbootstrapped().map_err(|error| refused(&error))?;
        let mut events = arti.bootstrap_events();
        let starting = async {
            let bootstrap = arti.bootstrap();
            tokio::pin!(bootstrap);
            loop {
                tokio::select! {
                    done = &mut bootstrap => return done.map_err(|error| refused(&error)),
                    Some(_) = events.next() => told(progress(&arti)),
                }
            }
        };
        match timeout(settings.bootstrap, starting).await {
            Ok(done) => done?,
            Err(_) => {
                let Bootstrap { percent, blocked } = progress(&arti);
                let blocked = blocked.map(|blocked| format!(": {blocked}")).unwrap_or_default();
                return Err(Error::Bootstrap {
                    seconds: settings.bootstrap.as_secs(),
                    percent,
                    blocked,
                    advice: NO_ANSWER,
                });
            }
        }
        Ok(Self { arti, limit: settings.connect })
    }

    /// How far Tor is, in arti's own words, which name the consensus by the times until which it is fresh and valid.
    pub(crate) fn status(&self) -> String {
        self.arti.bootstrap_status().to_string().chars().take(MOST_OF_STATUS).collect()
    }

    /// Opens a stream to a port of the route's host. The name goes to the exit or the onion service as a name: nothing
    /// is looked up here.
    pub(crate) async fn connect(&self, route: &Route, port: u16) -> Result<DataStream, TransportError> {
        let mut prefs = StreamPrefs::new();
        prefs.set_isolation(route.clone());
        match timeout(self.limit, self.arti.connect_with_prefs((route.host.as_str(), port), &prefs)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(advice::of(error.kind())),
            Err(_) => {
                Err(TransportError { advice: Advice::Soon, reached: false, what: "no circuit came about in time" })
            }
        }
    }
}

const NO_ANSWER: &str = "look whether this machine may make outgoing connections and whether its clock is right";

fn progress(arti: &TorClient<TokioRustlsRuntime>) -> Bootstrap {
    let status = arti.bootstrap_status();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100 before")]
    let percent = (status.as_frac() * 100.0).clamp(0.0, 100.0) as u8;
    let blocked = status.blocked().map(|blocked| blocked.message().to_string());
    Bootstrap { percent, blocked }
}

fn config(settings: &Settings) -> Result<TorClientConfig, Error> {
    let unreadable = |what: String| Error::Network { what };
    let mut builder: TorClientConfigBuilder = match &settings.network {
        Network::Public => TorClientConfigBuilder::default(),
        Network::Private(text) => private(text).map_err(unreadable)?,
    };
    let path = |path: &Path| CfgPath::new_literal(path.to_owned());
    let _ = builder.storage().state_dir(path(&settings.state)).cache_dir(path(&settings.cache));
    builder.build().map_err(|error| unreadable(error.to_string()))
}

/// A network of its own must name its own authorities and relays: arti passes over keys that it does not know and fills
/// what is missing with the public network's, so that a slip of the pen would lead there.
fn private(text: &str) -> Result<TorClientConfigBuilder, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let network = table.get("tor_network");
    let authorities = network.and_then(|network| network.get("authorities")?.get("v3idents"));
    let caches = network.and_then(|network| network.get("fallback_caches"));
    for (list, name) in [(authorities, "authorities.v3idents"), (caches, "fallback_caches")] {
        if list.and_then(toml::Value::as_array).is_none_or(Vec::is_empty) {
            return Err(format!("tor_network.{name} names nobody: a private network must name its own"));
        }
    }
    toml::from_str(text).map_err(|error| error.message().to_owned())
}

fn forget_learned_times(state: &Path) {
    // Not there is as good as removed; what cannot be removed is arti's to complain about.
    let _ = std::fs::remove_file(state.join(LEARNED_TIMES));
}

/// arti's refusal, with what to do about it.
fn refused(error: &arti_client::Error) -> Error {
    let advice = match error.kind() {
        ErrorKind::LocalResourceAlreadyInUse => "another process uses this data folder's Tor: wait for it or stop it",
        ErrorKind::FsPermissions => {
            "others may write to one of the folders above it: take that right away, or move the data folder"
        }
        ErrorKind::ClockSkew => "set this machine's clock",
        ErrorKind::PersistentStateCorrupted | ErrorKind::CacheCorrupted => {
            "remove the folder `tor` in the data folder; it is made anew"
        }
        ErrorKind::InvalidConfig => "correct the description of the Tor network that [tor] network names",
        _ => NO_ANSWER,
    };
    Error::Start { what: error.report().to_string(), advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r#"
        [tor_network]
        fallback_caches = [{ rsa_identity = "B48BD5B7508EA756B8482A472F361994681D1F37", ed_identity = "bYdFUJWA8XrDlQfrkP9prm5oDXMzVC09D/aCxUguVqc", orports = ["127.0.0.1:1"] }]
        [tor_network.authorities]
        v3idents = ["7FEA5061AB54C579F64DA94792C3E94F38C40A78"]
        uploads = []
        downloads = []
        votes = []
    "#;

    #[test]
    fn a_private_network_that_names_nobody_of_its_own_is_refused() {
        assert!(private(OWN).is_ok());
        let no_authorities = OWN.replace("\"7FEA5061AB54C579F64DA94792C3E94F38C40A78\"", "");
        let misspelt = OWN.replace("[tor_network", "[tornetwork");
        let no_caches = OWN.replace("fallback_caches", "fallback_cache");
        for text in ["", "x = 1", "[tor_network]", "no toml", &no_authorities, &misspelt, &no_caches] {
            assert!(private(text).is_err(), "{text}");
        }
    }
}
