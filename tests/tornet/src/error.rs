//! What can go wrong, each with what is needed to put it right.

use std::path::{Path, PathBuf};

use crate::start::Stage;

/// Why there is no network, or why it did not do what it was told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program is not installed.
    #[error("start {program}: it is missing here: apt-get install {package}")]
    Missing {
        /// The program.
        program: &'static str,
        /// The Debian package that brings it.
        package: &'static str,
    },
    /// The options contradict themselves or leave their bounds.
    #[error("lay out a network: {0}")]
    Options(String),
    /// Every slot of this machine is taken.
    #[error("find a free slot: all {slots} are taken by other networks or by programs on their ports")]
    NoSlot {
        /// How many slots there are.
        slots: usize,
    },
    /// A file or folder could not be made, read or written.
    #[error("{doing} {}: {source}", path.display())]
    File {
        /// What was to be done with it.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The network did not come up: the stage that it stopped at, and the last words of the tor to blame.
    #[error("bring up the network: {stage}: {why}{}", said(node.as_deref(), log))]
    NotUp {
        /// Where it stopped.
        stage: Stage,
        /// What was missing.
        why: String,
        /// The node to blame, when it is known.
        node: Option<String>,
        /// The last lines of its log.
        log: String,
    },
    /// There is no node of that name.
    #[error("find a node {0}: the network has none of that name")]
    NoNode(String),
    /// A running network did not do in time what it was asked for.
    #[error("{doing}: {why}")]
    Late {
        /// What it was asked for.
        doing: &'static str,
        /// What was missing.
        why: String,
    },
}

impl Error {
    /// For `map_err` after a call on a file.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }
}

fn said(node: Option<&str>, log: &str) -> String {
    match node {
        Some(node) if !log.is_empty() => format!("\nthe last lines of {node}'s log:\n{log}"),
        _ => String::new(),
    }
}
