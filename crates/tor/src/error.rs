//! Why there is no Tor.

use model::{HasKind, Kind};

/// Tor could not be started. The texts are arti's own about relays and folders; none names a site.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The description of a private network cannot be used.
    #[error("read the description of the Tor network: {what}")]
    Network {
        /// What is wrong with it.
        what: String,
    },
    /// arti refused to start.
    #[error("start Tor: {what}; {advice}")]
    Start {
        /// arti's own words.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// It started, and could not carry traffic in time.
    #[error("connect to the Tor network: after {seconds} s it was {percent} % ready{blocked}; {advice}")]
    Bootstrap {
        /// How long it was given.
        seconds: u64,
        /// How far it came.
        percent: u8,
        /// What it says stands in its way, with a colon before it, or nothing.
        blocked: String,
        /// What to do.
        advice: &'static str,
    },
    /// The gate inside this process could not be opened.
    #[error("open the gate on the loopback address: {0}")]
    Gate(#[source] std::io::Error),
    /// The HTTP client could not be built.
    #[error("build the HTTP client: {what}")]
    Client {
        /// Why.
        what: String,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Network { .. } => Kind::Usage,
            Self::Client { .. } => Kind::Internal,
            Self::Start { .. } | Self::Bootstrap { .. } | Self::Gate(_) => Kind::Unavailable,
        }
    }
}
