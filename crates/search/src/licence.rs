//! No search without a permit: the type that says so.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use model::CaseId;

static TAKEN: AtomicBool = AtomicBool::new(false);

/// The power to make licences. A process holds one at most, and `access` takes it at start: whoever comes later
/// finds it gone.
#[must_use = "the capability is given back when it is dropped"]
pub struct SearchCapability(());

impl SearchCapability {
    /// The capability, unless somebody in this process holds it.
    #[must_use]
    pub fn take() -> Option<Self> {
        let free = TAKEN.compare_exchange(false, true, Ordering::SeqCst, Ordering::SeqCst).is_ok();
        free.then_some(Self(()))
    }
}

impl Drop for SearchCapability {
    fn drop(&mut self) {
        TAKEN.store(false, Ordering::SeqCst);
    }
}

/// Leave to search one case; part of a permit.
#[derive(PartialEq, Eq)]
pub struct Licence {
    case: CaseId,
}

impl Licence {
    /// A licence for `case`, made by whoever holds the capability.
    #[must_use]
    pub const fn mint(_: &SearchCapability, case: CaseId) -> Self {
        Self { case }
    }

    /// The case it is for.
    #[must_use]
    pub const fn case(&self) -> &CaseId {
        &self.case
    }
}

impl fmt::Debug for Licence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Licence({})", self.case)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_capability_at_a_time() {
        let first = SearchCapability::take().unwrap();
        assert!(SearchCapability::take().is_none());
        let case: CaseId = "op-harbour".parse().unwrap();
        assert_eq!(Licence::mint(&first, case.clone()).case(), &case);
        drop(first);
        assert!(SearchCapability::take().is_some());
    }
}
