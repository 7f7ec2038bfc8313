//! What can go wrong with files of ours; pages of others never fail, they have [problems](crate::Problem).

use model::{HasKind, Kind};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no capture record.
    #[error("read a capture record: {0}")]
    Record(&'static str),
    /// The record is of a version that this program does not know.
    #[error("read a capture record: it is of version {found}, and this program reads up to {known}")]
    RecordVersion {
        /// What the record says.
        found: u64,
        /// The newest version known here.
        known: u64,
    },
    /// A profile file or its folder could not be read.
    #[error("read the profile {name}: {source}")]
    ProfileFile {
        /// The file's name, without its folder.
        name: String,
        /// Why.
        source: std::io::Error,
    },
    /// A profile is not TOML of the right shape.
    #[error("read the profile {name}: {reason}")]
    ProfileSyntax {
        /// The file's name, without its folder.
        name: String,
        /// What the TOML reader says, with its line.
        reason: String,
    },
    /// A profile says something it may not.
    #[error("use the profile {name}: {place}: {reason}")]
    Profile {
        /// The file's name, without its folder.
        name: String,
        /// The key at fault, such as `pages[2].fields.author`.
        place: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Record(_) | Self::RecordVersion { .. } => Kind::Damaged,
            Self::ProfileFile { .. } => Kind::Unavailable,
            Self::ProfileSyntax { .. } | Self::Profile { .. } => Kind::Usage,
        }
    }
}
