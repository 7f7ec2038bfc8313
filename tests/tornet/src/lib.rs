//! A private Tor network on the loopback addresses of this machine, for tests, benches and the demonstration.
//!
//! Real `tor` processes of the Debian package: three directory authorities, relays, exits, hosts of onion services, one C tor
//! client with a SOCKS port, and a name server for the exits. Nothing leaves the machine: every node binds outgoing
//! connections to an address of 127/8, and the kernel routes those nowhere else. [`Network::start`] returns when every onion
//! service can be reached, some 15 seconds later; dropping the [`Network`] leaves no process and no file behind.
//!
//! ```no_run
//! use tornet::{Network, Onion, Options};
//!
//! let options = Options { onions: vec![Onion::new("harbour", 8080)], ..Options::default() };
//! let network = Network::start(options)?;
//! println!("http://{}/ through SOCKS at {}", network.onions()[0].address, network.socks());
//! # Ok::<(), tornet::Error>(())
//! ```
//!
//! Deliberately absent: the public Tor network, which no setting reaches; arti, because whoever tests a client must not
//! test it against itself; web sites, which the caller serves on ports of 127.0.0.1; and secrecy, because the keys, logs and
//! passphrases of a network that dies with its test protect nothing.

mod address;
mod arti;
mod control;
mod crew;
mod dns;
mod error;
mod fault;
mod folder;
mod keys;
mod network;
mod options;
mod plan;
mod slot;
mod socks;
mod start;
mod torrc;

pub use address::onion_address;
pub use crew::Signal;
pub use error::Error;
pub use network::{Network, Node, Service};
pub use options::{Onion, Options};
pub use plan::Kind;
pub use start::Stage;
