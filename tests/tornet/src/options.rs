//! What a network is asked to be.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::error::Error;
use crate::plan::MOST_NODES;

/// The authorities: three, so that two still make a consensus.
pub(crate) const AUTHORITIES: usize = 3;
/// Two guards and four middles: guards and exits get no weight as middles, vanguards are four of them, and with fewer some
/// paths to an onion service cannot be built at all.
const LEAST_RELAYS: usize = 6;
/// Longest name of an onion service, in bytes.
const LONGEST_NAME: usize = 32;

/// What a network is asked to be. The defaults are the smallest network that arti uses without a warning.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where its files stand: a folder that is absent or empty. `None`: a new one in the system's temporary folder.
    pub folder: Option<PathBuf>,
    /// Whether the folder stays when the network goes.
    pub keep: bool,
    /// Relays that are no exits; the first two are guards. At least 6.
    pub relays: usize,
    /// Exits. At least 1.
    pub exits: usize,
    /// Processes that the onion services are dealt to in turn. At least 1 where there are onion services.
    pub onion_hosts: usize,
    /// The onion services.
    pub onions: Vec<Onion>,
    /// What the exits' name server answers with 127.0.0.1, as exact names or as `*.suffix`. Other names do not exist.
    pub names: Vec<String>,
    /// Whether the start waits until every onion service's first port accepts a connection through the C tor client. Its
    /// target must listen by then; switch this off where the targets come later.
    pub probe: bool,
    /// The longest time that the start may take: a limit for a machine that starves, not the time that it takes.
    pub patience: Duration,
    /// Set from elsewhere, a signal handler for example, it ends the start early.
    pub cancelled: Arc<AtomicBool>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            folder: None,
            keep: false,
            relays: 7,
            exits: 3,
            onion_hosts: 1,
            onions: Vec::new(),
            names: vec!["*.test".to_owned()],
            probe: true,
            patience: Duration::from_secs(240),
            cancelled: Arc::default(),
        }
    }
}

impl Options {
    /// Refuses what would fail later with a less helpful word.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |why: String| Err(Error::Options(why));
        let nodes = AUTHORITIES.saturating_add(self.relays).saturating_add(self.exits).saturating_add(self.onion_hosts);
        if self.relays < LEAST_RELAYS || self.exits == 0 {
            return refuse(format!("it takes at least {LEAST_RELAYS} relays and one exit"));
        }
        if nodes >= MOST_NODES {
            return refuse(format!(
                "{nodes} nodes and a client are more than the {MOST_NODES} that a slot has room for"
            ));
        }
        if self.onion_hosts == 0 && !self.onions.is_empty() {
            return refuse("onion services need at least one onion host".to_owned());
        }
        for (index, onion) in self.onions.iter().enumerate() {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if onion.name.is_empty() || onion.name.len() > LONGEST_NAME || !onion.name.bytes().all(plain) {
                return refuse(format!("an onion service's name is 1 to {LONGEST_NAME} of a-z, 0-9 and -"));
            }
            if self.onions[..index].iter().any(|other| other.name == onion.name) {
                return refuse(format!("two onion services are called {}", onion.name));
            }
            if onion.ports.is_empty() {
                return refuse(format!("the onion service {} has no port", onion.name));
            }
        }
        Ok(())
    }
}

/// An onion service.
#[derive(Clone)]
pub struct Onion {
    /// What this network calls it: at most 32 of a-z, 0-9 and -.
    pub name: String,
    /// Its expanded ed25519 secret key, as tor keeps it: the clamped scalar, then the hash prefix. The address is then known
    /// before the network starts: [`crate::onion_address`] of the public key. `None`: tor makes one.
    pub key: Option<[u8; 64]>,
    /// Its ports, and the port of 127.0.0.1 behind each.
    pub ports: Vec<(u16, u16)>,
}

impl Onion {
    /// A service whose port 80 leads to a port of 127.0.0.1, with a key of tor's making.
    #[must_use]
    pub fn new(name: &str, target: u16) -> Self {
        Self { name: name.to_owned(), key: None, ports: vec![(80, target)] }
    }

    /// The same with this key.
    #[must_use]
    pub fn with_key(self, key: [u8; 64]) -> Self {
        Self { key: Some(key), ..self }
    }
}

/// Without the key.
impl fmt::Debug for Onion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Onion")
            .field("name", &self.name)
            .field("has_key", &self.key.is_some())
            .field("ports", &self.ports)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_out_of_bounds_are_refused_with_the_bound() {
        let refusal = |options: Options| options.check().unwrap_err().to_string();
        assert_eq!(
            refusal(Options { relays: 5, ..Options::default() }),
            "lay out a network: it takes at least 6 relays and one exit"
        );
        assert_eq!(
            refusal(Options { exits: usize::MAX, ..Options::default() }),
            format!(
                "lay out a network: {} nodes and a client are more than the 30 that a slot has room for",
                usize::MAX
            )
        );
        let onions = |names: &[&str]| names.iter().map(|name| Onion::new(name, 80)).collect();
        let named = |names: &[&str]| Options { onions: onions(names), ..Options::default() };
        assert!(refusal(named(&["../up"])).contains("a-z, 0-9 and -"));
        assert!(refusal(named(&["quay", "quay"])).contains("two onion services are called quay"));
        assert!(refusal(Options { onion_hosts: 0, ..named(&["quay"]) }).contains("at least one onion host"));
        named(&["quay", "pier-2"]).check().expect("two services are no fault");
    }

    #[test]
    fn an_onions_key_is_not_printed() {
        let printed = format!("{:?}", Onion::new("quay", 8080).with_key([171; 64]));
        assert_eq!(printed, "Onion { name: \"quay\", has_key: true, ports: [(80, 8080)] }");
    }
}
