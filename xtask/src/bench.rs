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
    // Some benches drive the commands, so those have to be there, too.
    let packages = ["lanthorn", "rehearsal", "benches"].map(|name| ["--package", name]).concat();
    command::run(cargo(["build", "--release", "--locked", "--bins"]).args(packages))?;
    let mut command = cargo(["run", "--release", "--locked", "--package", "benches", "--"]);
    command.args(&options.name);
    if options.json {
        command.arg("--json");
    }
    command::run(&mut command)
}
