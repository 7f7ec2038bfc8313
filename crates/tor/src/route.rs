//! Who may share a circuit with whom.

use arti_client::isolation::IsolationHelper;
use crawler::Guise;
use model::CaseId;

/// The way to one host for one case under one name. Streams share a circuit only when all parts are equal, so that no relay
/// can tell that two cases, or two hosts, are read by the same people, and no site that an account and a visitor are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Route {
    pub(crate) case: CaseId,
    pub(crate) host: String,
    pub(crate) guise: Guise,
    /// Another number, another circuit: a lane is left when something on it failed.
    pub(crate) lane: u8,
}

/// Lanes of a host; after the last comes the first again, whose circuit is long gone by then.
pub(crate) const LANES: u8 = 32;

impl IsolationHelper for Route {
    fn compatible_same_type(&self, other: &Self) -> bool {
        self == other
    }

    fn join_same_type(&self, other: &Self) -> Option<Self> {
        (self == other).then(|| self.clone())
    }
}
