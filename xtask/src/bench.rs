//! `cargo xtask bench`: the benches, built for speed.

use anyhow::Result;
use clap::Args;

use crate::command::{self, cargo};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this bench.
    name: Option<String>,
    /// Print one JSON document on standard output and nothing else.
    #[arg(long)]
    json: bool,
}

/// Builds in release mode (cargo's progress goes to standard error) and runs.
pub(crate) fn run(options: &Options) -> Result<()> {
    // The line's bench drives the command, so that has to be there, too.
    command::run(&mut cargo(["build", "--release", "--locked", "--package", "rehearsal", "--bins"]))?;
    let mut command = cargo(["run", "--release", "--locked", "--package", "benches", "--"]);
    command.args(&options.name);
    if options.json {
        command.arg("--json");
    }
    command::run(&mut command)
}
