//! What a failure means for the person at the keyboard, and the exit code that says so.

/// The kind of an error: every crate's error enum maps to one of these, and the command's exit code follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A check ran and did not pass (exit 1).
    CheckFailed,
    /// The command or its input was not understood (exit 2).
    Usage,
    /// A rule forbids it; the message says which rule and what would make it lawful (exit 3).
    Refused,
    /// Something outside is missing, busy or unreachable (exit 4).
    Unavailable,
    /// Stored data are not what was written (exit 5).
    Damaged,
    /// The person or the system asked us to stop (exit 130).
    Interrupted,
    /// A fault of ours (exit 1).
    Internal,
}

impl Kind {
    /// The process exit code, as `docs/manual` lists them.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::CheckFailed | Self::Internal => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Unavailable => 4,
            Self::Damaged => 5,
            Self::Interrupted => 130,
        }
    }
}

/// Implemented by every crate's error enum.
pub trait HasKind: std::error::Error {
    /// What the failure means.
    fn kind(&self) -> Kind;
}
