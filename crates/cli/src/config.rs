//! The configuration file: one table per part, unknown keys are errors, every default written out in
//! `config/example.toml`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use audit::ActKind;
use serde::{Deserialize, Serialize};

/// `lanthorn.toml` in the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Version of this file's shape.
    pub(crate) version: u32,
    /// The installation.
    pub(crate) site: SiteConfig,
    /// Signatures under authorisations.
    pub(crate) signatures: SignatureConfig,
    /// Crawling.
    pub(crate) crawl: CrawlConfig,
    /// The way to the network.
    pub(crate) tor: TorConfig,
    /// Indexing.
    pub(crate) index: IndexConfig,
    /// Erasing.
    #[serde(default)]
    pub(crate) retention: RetentionConfig,
    /// Time stamps by others.
    #[serde(default)]
    pub(crate) timestamp: TimestampConfig,
    /// Where alerts go.
    #[serde(default)]
    pub(crate) alerts: AlertConfig,
    /// The web pages.
    #[serde(default)]
    pub(crate) server: ServerConfig,
}

/// Where alerts go besides the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertConfig {
    /// A program and its arguments; it is given one line on its standard input.
    pub(crate) command: Vec<String>,
}

/// The web pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerConfig {
    /// Where `lanthorn serve` listens: the loopback address alone.
    pub(crate) listen: SocketAddr,
    /// Names under which browsers reach it.
    pub(crate) names: Vec<String>,
    /// The address that security keys are bound to; empty: `http://localhost` with the port.
    pub(crate) origin: String,
    /// Roles that sign in with a security key, and with nothing else.
    pub(crate) key_roles: Vec<model::Role>,
    /// Minutes without a request after which a session ends.
    pub(crate) idle_minutes: u32,
    /// Hours after which it ends in any case.
    pub(crate) session_hours: u32,
    /// Requests a minute of one session.
    pub(crate) requests_a_minute: u32,
    /// Whether browsers are told to come by TLS only.
    pub(crate) tls_only: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8470)),
            names: Vec::new(),
            origin: String::new(),
            key_roles: Vec::new(),
            idle_minutes: 30,
            session_hours: 10,
            requests_a_minute: 240,
            tls_only: false,
        }
    }
}

impl ServerConfig {
    /// The address that security keys are bound to, for a server that listens there.
    pub(crate) fn relying_party(&self, listen: SocketAddr) -> anyhow::Result<access::RelyingParty> {
        if self.origin.is_empty() {
            let port = if listen.port() == 80 { String::new() } else { format!(":{}", listen.port()) };
            return access::RelyingParty::new(&format!("http://localhost{port}")).context("[server] listen");
        }
        let party = access::RelyingParty::new(&self.origin).context("[server] origin")?;
        let known = party.id() == "localhost" || self.names.iter().any(|name| name.eq_ignore_ascii_case(party.host()));
        anyhow::ensure!(
            known,
            "[server] origin leads to {}, which is not among [server] names: the server would turn browsers away there",
            party.host()
        );
        Ok(party)
    }
}

/// Time-stamping authorities (RFC 3161).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimestampConfig {
    /// Their addresses; two are better than one.
    pub(crate) authorities: Vec<String>,
    /// Hours between two stamps of one authority.
    pub(crate) every_hours: u32,
}

impl Default for TimestampConfig {
    fn default() -> Self {
        Self { authorities: Vec::new(), every_hours: 24 }
    }
}

/// The installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteConfig {
    /// Its name: the audience of its authorisations and, with `/audit` after it, the origin of its log.
    pub(crate) name: String,
}

/// Signatures under authorisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureConfig {
    /// How many different supervisors must sign; 2 or more.
    pub(crate) required: usize,
}

/// Crawling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CrawlConfig {
    /// Seconds after which the crawl looks again whether its authorisations still stand; 60 at most.
    pub(crate) recheck_seconds: u64,
    /// Seconds that pages in flight are given to finish after a stop.
    pub(crate) drain_seconds: u64,
    /// Port of the loopback address on which a running crawl offers its counts to Prometheus; 0: none.
    #[serde(default)]
    pub(crate) metrics_port: u16,
}

/// The way to the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TorConfig {
    /// Seconds until Tor must be able to carry traffic.
    pub(crate) bootstrap_seconds: u64,
    /// Seconds that one connection through Tor may take to open.
    pub(crate) connect_seconds: u64,
    /// A file that describes another Tor network, as arti's configuration does; empty for the public one.
    pub(crate) network: String,
}

/// Indexing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndexConfig {
    /// Commit after this many documents,
    pub(crate) commit_documents: u32,
    /// or after this many seconds, whichever comes first.
    pub(crate) commit_seconds: u64,
}

/// Erasing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionConfig {
    /// Days after which no backup of sealed headers is left: then an erasure is confirmed.
    pub(crate) header_backup_days: u32,
    /// Days after which a case that nobody has reviewed is no longer searched; 0: never.
    #[serde(default)]
    pub(crate) review_days: u32,
    /// Days for which records of the log keep what they say, by kind of act; kinds that are not named keep it.
    #[serde(default)]
    pub(crate) record_days: BTreeMap<String, u32>,
}

impl RetentionConfig {
    /// The kinds of act whose records have an end, with their days.
    pub(crate) fn records(&self) -> anyhow::Result<Vec<(ActKind, u32)>> {
        let kind = |(word, days): (&String, &u32)| {
            let kind = word.parse().with_context(|| format!("[retention.record_days] {word} is no kind of act"))?;
            Ok((kind, *days))
        };
        self.record_days.iter().map(kind).collect()
    }
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self { header_backup_days: 30, review_days: 180, record_days: BTreeMap::from([("consult".to_owned(), 1_825)]) }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            version: 1,
            site: SiteConfig { name: "lanthorn.example".to_owned() },
            signatures: SignatureConfig { required: 2 },
            crawl: CrawlConfig { recheck_seconds: 30, drain_seconds: 30, metrics_port: 0 },
            tor: TorConfig { bootstrap_seconds: 120, connect_seconds: 45, network: String::new() },
            index: IndexConfig { commit_documents: 5_000, commit_seconds: 5 },
            retention: RetentionConfig::default(),
            timestamp: TimestampConfig::default(),
            alerts: AlertConfig::default(),
            server: ServerConfig::default(),
        }
    }
}

/// The example with every key and why it is there; `init` writes it into the data folder.
pub(crate) const EXAMPLE: &str = include_str!("../../../config/example.toml");

impl Config {
    /// Reads and checks a file.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
        let config: Self = toml::from_str(&text).with_context(|| format!("failed to read {}", path.display()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.version == 1,
            "configuration version {} is not known here; this build reads 1",
            self.version
        );
        anyhow::ensure!(
            self.signatures.required >= 2,
            "[signatures] required is {}: one person alone never authorises a crawl; set 2 or more",
            self.signatures.required
        );
        anyhow::ensure!(
            (1..=60).contains(&self.crawl.recheck_seconds),
            "[crawl] recheck_seconds must be 1 to 60: a revocation reaches a running crawl within a minute"
        );
        anyhow::ensure!(
            (5..=3_600).contains(&self.tor.bootstrap_seconds),
            "[tor] bootstrap_seconds must be 5 to 3600: Tor waits for ever by itself"
        );
        anyhow::ensure!(
            (1..=55).contains(&self.tor.connect_seconds),
            "[tor] connect_seconds must be 1 to 55: a page's first byte is waited for 60"
        );
        anyhow::ensure!(
            self.retention.header_backup_days <= 90,
            "[retention] header_backup_days must be 90 or fewer: an erasure that a backup undoes is none"
        );
        self.retention.records()?;
        anyhow::ensure!(self.timestamp.authorities.len() <= 8, "[timestamp] authorities must be 8 or fewer");
        anyhow::ensure!(
            self.timestamp.authorities.iter().all(|url| url.starts_with("https://") || url.starts_with("http://")),
            "[timestamp] authorities must begin with https:// or http://"
        );
        anyhow::ensure!(self.timestamp.every_hours >= 1, "[timestamp] every_hours must be 1 or more");
        anyhow::ensure!(
            self.server.listen.ip().is_loopback(),
            "[server] listen must be on the loopback address: an onion service or a TLS proxy leads to it"
        );
        self.server.relying_party(self.server.listen)?;
        anyhow::ensure!(
            (1..=24 * 60).contains(&self.server.idle_minutes) && (1..=24).contains(&self.server.session_hours),
            "[server] idle_minutes must be 1 to 1440, session_hours 1 to 24"
        );
        anyhow::ensure!(self.server.requests_a_minute >= 30, "[server] requests_a_minute must be 30 or more");
        anyhow::ensure!(
            !self.site.name.is_empty() && !self.site.name.contains(char::is_whitespace),
            "[site] name must be one word"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_complete_and_equal_to_the_defaults() {
        assert_eq!(toml::from_str::<Config>(EXAMPLE).unwrap(), Config::default());
        let keys = |text: &str| text.lines().filter(|line| line.contains('=') && !line.starts_with('#')).count();
        assert_eq!(keys(EXAMPLE), keys(&toml::to_string(&Config::default()).unwrap()));
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(toml::from_str::<Config>(&format!("{EXAMPLE}\nredact = false\n")).is_err());
    }

    #[test]
    fn one_signature_is_never_enough() {
        let mut config = Config::default();
        config.signatures.required = 1;
        assert!(config.check().is_err());
    }
}
