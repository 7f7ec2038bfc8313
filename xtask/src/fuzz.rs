//! `cargo xtask fuzz`: coverage-guided fuzzing of the code that meets hostile bytes.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::command::{self, cargo, root, succeeds};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this target; all of them without it.
    target: Option<String>,
    /// Seconds for each target.
    #[arg(long, default_value_t = 600)]
    seconds: u32,
}

/// Fuzzes each target for its time; the first crash ends the run, with the input kept by cargo-fuzz.
pub(crate) fn run(options: &Options) -> Result<()> {
    let targets = targets()?;
    let chosen: Vec<_> = match &options.target {
        Some(name) if targets.contains(name) => vec![name.clone()],
        Some(name) => bail!("there is no fuzz target {name}; there are: {}", targets.join(", ")),
        None => targets,
    };
    if !succeeds("cargo", &["+nightly", "--version"]) {
        bail!("the fuzzers need a nightly toolchain: rustup toolchain install nightly");
    }
    if !succeeds("cargo", &["fuzz", "--version"]) {
        bail!("cargo-fuzz is not installed: cargo install cargo-fuzz --locked");
    }
    for target in chosen {
        println!("── {target}, {} s ──", options.seconds);
        let limit = format!("-max_total_time={}", options.seconds);
        // Threads that end leave their locals to the standard library, which the leak detector sometimes reports; without
        // unsafe code of our own a leak is no fault that is looked for here.
        let mut fuzz = cargo(["+nightly", "fuzz", "run", "--fuzz-dir", "tests/fuzz", &target, "--", &limit]);
        command::run(fuzz.arg("-detect_leaks=0"))?;
    }
    Ok(())
}

/// One file, one target.
fn targets() -> Result<Vec<String>> {
    let folder: PathBuf = root().join("tests/fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).context("read tests/fuzz/fuzz_targets")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}
