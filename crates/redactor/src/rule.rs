//! Rules: each span names the one that found it, so that a person can ask why.

use std::fmt;
use std::ops::Range;

use model::Label;
use zeroize::Zeroizing;

/// The version of the rule set. Any change to what is found, or to a canonical form, raises it.
pub const RULES: &str = "2026.11-8";

/// One rule of one detector.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The detector, such as `phone`.
    pub(crate) detector: &'static str,
    /// The rule within it, such as `international`.
    pub(crate) name: &'static str,
    /// Why it fired, as a clause.
    pub(crate) reason: &'static str,
    /// Which label wins where candidates overlap; higher is stronger.
    pub(crate) strength: u8,
}

/// Strengths, weakest first. Coverage is the union whoever wins; only the label and the token are decided by these.
pub(crate) mod strength {
    /// Hidden because nothing explains it.
    pub(crate) const UNEXPLAINED: u8 = 10;
    /// The form alone, which other things may share.
    pub(crate) const FORM: u8 = 30;
    /// The form, and a number plan or a list confirms it.
    pub(crate) const PLAN: u8 = 50;
    /// The form, and words beside it say what it is.
    pub(crate) const CONTEXT: u8 = 60;
    /// A written form that nothing else has.
    pub(crate) const SYNTAX: u8 = 70;
    /// A checksum of 8 bits or fewer.
    pub(crate) const CHECK_DIGIT: u8 = 80;
    /// A link of a known platform.
    pub(crate) const LINK: u8 = 85;
    /// A checksum of 16 bits or more.
    pub(crate) const CHECKSUM: u8 = 90;
    /// Hidden whatever is inside: a limit, or a forged token.
    pub(crate) const FENCE: u8 = 100;
}

/// Something found in a normalised text.
#[derive(Clone)]
pub(crate) struct Candidate {
    /// Bytes of the normalised text.
    pub(crate) range: Range<usize>,
    pub(crate) label: Label,
    /// The value a token is made from.
    pub(crate) canonical: Zeroizing<String>,
    pub(crate) rule: &'static Rule,
}

impl Candidate {
    pub(crate) fn new(range: Range<usize>, label: Label, canonical: impl Into<String>, rule: &'static Rule) -> Self {
        Self { range, label, canonical: Zeroizing::new(canonical.into()), rule }
    }
}

/// Prints no value.
impl fmt::Debug for Candidate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} at {:?} by {}.{}", self.label, self.range, self.rule.detector, self.rule.name)
    }
}
