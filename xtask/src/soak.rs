//! `cargo xtask soak`: what the tests do a few times, done until rare things happen.

use anyhow::Result;
use clap::Subcommand;

use crate::command::{self, cargo};

#[derive(Debug, Subcommand)]
pub(crate) enum Soak {
    /// Kill the crawl at random moments and start it again; nothing may be lost, doubled or left open, no host hurried, no
    /// ceiling passed.
    Kill {
        /// How many kills.
        #[arg(long, default_value_t = 1_000)]
        times: u32,
    },
    /// Crawl many hosts at once, one of them broken: every page once, and memory does not grow with the pages.
    Load {
        /// How many hosts.
        #[arg(long, default_value_t = 200)]
        hosts: u32,
        /// Pages of each.
        #[arg(long, default_value_t = 500)]
        pages: u32,
    },
    /// Kill sealing, signing, asking, approving, opening and erasing at random moments; each is done or undone, never half.
    Cut {
        /// How many kills.
        #[arg(long, default_value_t = 500)]
        times: u32,
    },
    /// Send many synthetic sites through the redactor; nothing that any of them plants may be left.
    Sites {
        /// How many sites.
        #[arg(long, default_value_t = 100)]
        sites: u32,
        /// Pages of each.
        #[arg(long, default_value_t = 500)]
        pages: u32,
        /// The seed of the first; the others follow.
        #[arg(long, default_value_t = 20_000)]
        seed: u32,
    },
    /// The kills over a private Tor network, with dead services, restarted relays and a network that is cut.
    Tor {
        /// How many kills.
        #[arg(long, default_value_t = 20)]
        times: u32,
        /// For how many seconds the network is cut.
        #[arg(long, default_value_t = 60)]
        cut_seconds: u32,
    },
}

/// Runs the same test as `cargo xtask test`, with a larger number: one harness, so that the long form proves the short one.
pub(crate) fn run(soak: &Soak) -> Result<()> {
    match soak {
        Soak::Kill { times } => {
            let mut test = rehearsal("kills::");
            command::run(test.env("LANTHORN_KILLS", times.to_string()))
        }
        Soak::Load { hosts, pages } => {
            let mut test = rehearsal("load::");
            test.env("LANTHORN_HOSTS", hosts.to_string()).env("LANTHORN_PAGES", pages.to_string());
            command::run(&mut test)
        }
        Soak::Cut { times } => {
            let mut test = rehearsal("cut_short::");
            command::run(test.env("LANTHORN_CUTS", times.to_string()))
        }
        Soak::Sites { sites, pages, seed } => {
            let mut test = rehearsal("sites::");
            test.env("LANTHORN_SITES", sites.to_string()).env("LANTHORN_PAGES", pages.to_string());
            command::run(test.env("LANTHORN_SEED", seed.to_string()))
        }
        Soak::Tor { times, cut_seconds } => {
            command::run(&mut cargo(["build", "--locked", "--package", "lanthorn"]))?;
            let mut test = rehearsal("over_tor::");
            test.env("LANTHORN_KILLS", times.to_string()).env("LANTHORN_CUT_SECONDS", cut_seconds.to_string());
            command::run(&mut test)
        }
    }
}

/// Some of the end-to-end tests, one after the other, everything they say on the screen.
fn rehearsal(tests: &str) -> std::process::Command {
    let mut test = cargo(["nextest", "run", "--locked", "--profile", "soak", "--package", "rehearsal"]);
    test.args(["--test", "end-to-end", "--no-capture", tests]);
    test
}
