//! Saying something: on standard output, or on standard error where standard output is for a machine.

use std::io::Write as _;

/// Where the story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    Output,
    Error,
}

impl Voice {
    /// One line. A reader who has gone away is no reason to stop.
    pub(crate) fn say(self, line: &str) {
        let _ = match self {
            Self::Output => writeln!(std::io::stdout(), "{line}"),
            Self::Error => writeln!(std::io::stderr(), "{line}"),
        };
    }

    /// A heading with room before it.
    pub(crate) fn head(self, line: &str) {
        self.say(&format!("\n── {line} ──"));
    }
}

/// The one JSON document on standard output.
pub(crate) fn print_json(document: &serde_json::Value) {
    let _ = writeln!(std::io::stdout(), "{document:#}");
}
