//! The redactor: a token key and the rules.

use std::fmt;

use crate::TokenKey;
use crate::key::Tokeniser;
use crate::rule::RULES;

/// Finds identifiers and puts tokens in their place, under the token key of one case.
pub struct Redactor {
    pub(crate) tokeniser: Tokeniser,
}

impl Redactor {
    /// A redactor under `key`, which is wiped once its subkeys are derived.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "the key is handed over: nobody else should go on holding it")]
    pub fn new(key: TokenKey) -> Self {
        Self { tokeniser: Tokeniser::new(&key) }
    }

    /// The version of the rule set.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        RULES
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Redactor(rules {RULES})")
    }
}
