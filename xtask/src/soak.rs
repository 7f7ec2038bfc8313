//! `cargo xtask soak`: what the tests do a few times, done until rare things happen.

use anyhow::Result;
use clap::Subcommand;

use crate::command::{self, cargo};

#[derive(Debug, Subcommand)]
pub(crate) enum Soak {
    /// Kill the crawl at random moments and start it again; nothing may be lost, doubled or left open.
    Kill {
        /// How many kills.
        #[arg(long, default_value_t = 500)]
        times: u32,
    },
}

/// Runs the same test as `cargo xtask test`, with a larger number: one harness, so that the long form proves the short one.
pub(crate) fn run(soak: &Soak) -> Result<()> {
    match soak {
        Soak::Kill { times } => {
            let mut test = cargo(["nextest", "run", "--locked", "--profile", "soak", "--package", "rehearsal"]);
            test.args(["--test", "end-to-end", "--no-capture", "kills::"]).env("LANTHORN_KILLS", times.to_string());
            command::run(&mut test)
        }
    }
}
