//! What a site sets.

use std::net::SocketAddr;

use access::RelyingParty;

/// How the server listens and how long people stay signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The name of the installation, as authenticator programs show it.
    pub site: String,
    /// Where to listen: the loopback address alone. An onion service or a TLS proxy stands before it.
    pub listen: SocketAddr,
    /// Names under which browsers reach it, besides the address itself: `name` or `name:port`. A request for another name
    /// is turned away, so that no foreign page can lead a browser here by a name of its own.
    pub names: Vec<String>,
    /// The address that security keys are bound to: they work there and nowhere else.
    pub keys: RelyingParty,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which it ends in any case.
    pub session_hours: u32,
    /// Requests a minute that one session may make; a quarter of it at once.
    pub requests_a_minute: u32,
    /// Whether browsers are told to come by TLS only; for sites that stand behind a TLS proxy.
    pub tls_only: bool,
}
