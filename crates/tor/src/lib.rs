//! Tor, by arti, behind the crawler's `Transport`: the only room of the house that opens a socket to fetch a page.
//!
//! [`open`] starts a Tor client inside this process and waits, within a limit, until it can carry traffic. Pages are
//! asked for by `reqwest`, whose connector cannot be replaced; so it speaks SOCKS5 to a *gate* in this same process
//! (`gate.rs`), behind a password that nobody else has. The gate opens a stream through Tor for a host and port only
//! while a fetch of a `Target` with that host and port is under way: whatever `reqwest` might do by itself, it reaches
//! nothing else. Streams share a circuit only when case, host and lane are equal.
//!
//! Deliberately absent: any way to the network but Tor, name resolution on this machine, redirect following, retries,
//! undoing of content codings, cookies, a system proxy, certificates of this machine.
//!
//! ```no_run
//! # async fn example() -> Result<(), tor::Error> {
//! let settings = tor::Settings::new("state".into(), "cache".into());
//! let transport = tor::open(&settings, |told| eprintln!("{told}")).await?;
//! # let _: tor::TorTransport = transport; Ok(()) }
//! ```

mod admission;
mod advice;
mod body;
mod client;
mod error;
mod gate;
mod route;
mod settings;
mod transport;

pub use client::Bootstrap;
pub use error::Error;
pub use settings::{Network, Settings};
pub use transport::{TorTransport, open};
