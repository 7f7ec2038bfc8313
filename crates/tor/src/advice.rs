//! From arti's kinds of error to when it makes sense to ask again.

use crawler::{Advice, TransportError};
use tor_error::ErrorKind;

/// What a failed connection means for the crawl. The kinds and what brings each about were seen on a private network
/// with stopped, missing and misconfigured services.
pub(crate) const fn of(kind: ErrorKind) -> TransportError {
    use ErrorKind as K;
    let (advice, what) = match kind {
        K::InvalidStreamTarget | K::OnionServiceAddressInvalid => {
            (Advice::Never, "this is no address of an onion service")
        }
        K::ForbiddenStreamTarget => (Advice::Never, "Tor does not connect to such an address"),
        K::FeatureDisabled | K::NotImplemented | K::InvalidConfig => {
            (Advice::Never, "this Tor client is not made for such an address")
        }
        K::OnionServiceMissingClientAuth | K::OnionServiceWrongClientAuth => {
            (Advice::Never, "the onion service wants a key that is not held here")
        }
        K::RemoteStreamClosed => (Advice::Never, "the service does not offer this port"),
        K::OnionServiceNotFound | K::OnionServiceNotRunning => {
            (Advice::MuchLater, "no description of the onion service is to be had: it is down, or gone")
        }
        K::OnionServiceConnectionFailed => (Advice::Later, "the onion service does not answer where it said it would"),
        K::OnionServiceProtocolViolation => {
            (Advice::Later, "the onion service answers in a way that Tor does not know")
        }
        K::RemoteStreamError | K::RemoteStreamReset | K::RemoteConnectionRefused => {
            (Advice::Later, "the service behind the onion or the exit is not running")
        }
        K::RemoteHostResolutionFailed | K::RemoteHostNotFound => (Advice::Later, "the exit cannot find this name"),
        K::ExitPolicyRejected | K::NoExit => (Advice::Later, "no exit of the network leads to this port"),
        K::ExitTimeout | K::RemoteNetworkTimeout => (Advice::Soon, "the other end of the circuit was silent"),
        K::TorNetworkTimeout => (Advice::Soon, "a circuit took too long to build"),
        K::BootstrapRequired | K::DirectoryExpired | K::TorDirectoryError | K::TorDirectoryUnusable | K::NoPath => {
            (Advice::Soon, "Tor knows too few relays at present")
        }
        K::TorAccessFailed | K::LocalNetworkError => {
            (Advice::Soon, "this machine does not reach the Tor network at present")
        }
        K::ClockSkew => (Advice::Later, "the clock of this machine is wrong, so that Tor cannot be used"),
        // A circuit that went away, a relay that is busy, an internal state that passes: another circuit may do. This
        // includes `BadApiUsage`, which arti reports for a stream on a circuit that has just died.
        _ => (Advice::Soon, "the circuit failed"),
    };
    TransportError { advice, reached: false, what }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_asked_for_soon_and_what_cannot_be_never() {
        for (kind, advice) in [
            (ErrorKind::InvalidStreamTarget, Advice::Never),
            (ErrorKind::RemoteStreamClosed, Advice::Never),
            (ErrorKind::OnionServiceNotFound, Advice::MuchLater),
            (ErrorKind::OnionServiceConnectionFailed, Advice::Later),
            (ErrorKind::RemoteStreamError, Advice::Later),
            (ErrorKind::RemoteHostResolutionFailed, Advice::Later),
            (ErrorKind::TorNetworkTimeout, Advice::Soon),
            (ErrorKind::RemoteNetworkTimeout, Advice::Soon),
            (ErrorKind::BadApiUsage, Advice::Soon),
            (ErrorKind::CircuitCollapse, Advice::Soon),
        ] {
            assert_eq!(of(kind).advice, advice, "{kind:?}");
            assert!(!of(kind).reached, "{kind:?}: a stream that did not open reached nobody");
        }
    }
}
