//! What can be wrong with an authorisation's file.

use model::{HasKind, Kind};

use crate::Refusal;

/// Why a text is no authorisation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is too large to be one.
    #[error("read the authorisation: it has {bytes} bytes, and at most {most} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The largest that is read.
        most: usize,
    },
    /// It is not TOML of the right shape.
    #[error("read the authorisation{}: {message}", line_text(*.line))]
    Syntax {
        /// The line at fault, from 1, where the reader knows it.
        line: Option<usize>,
        /// What the TOML reader says.
        message: String,
    },
    /// It is well formed, and not lawful.
    #[error("accept the authorisation: {}{}", .0.first().map(ToString::to_string).unwrap_or_default(), more(.0.len()))]
    Refused(Vec<Refusal>),
    /// A signature table is not a signature.
    #[error("read signature {number} of the authorisation: {what}")]
    Signature {
        /// Which, from 1.
        number: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// The protected-destination list cannot be read.
    #[error("read the list of protected destinations: {0}")]
    Protected(String),
}

impl Error {
    /// Everything the document was refused for.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Refused(refusals) => refusals,
            _ => &[],
        }
    }
}

impl HasKind for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(_) => Kind::Refused,
            _ => Kind::Usage,
        }
    }
}

fn line_text(line: Option<usize>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

fn more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => " (and one more)".to_owned(),
        more => format!(" (and {} more)", more - 1),
    }
}
