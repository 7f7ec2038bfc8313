//! Machine set-up, tests, benches and long runs: the commands that stand beside the house.
//!
//! `cargo xtask test` is the one command a newcomer and the build server share. It sets up a fresh Debian machine that has
//! nothing but a Rust toolchain, runs every check in stages with a time budget each, and leaves the test runner's own
//! summary as the last thing on the screen.
//!
//! Deliberately absent: the house's insides. No crate of the house is named here and none names this one; `xtask` drives
//! only commands that anybody could type.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to the person at the keyboard is what this program is for"
)]

mod bench;
mod command;
mod demo;
mod dependencies;
mod fuzz;
mod machine;
mod names;
mod soak;
mod stage;
mod test;
mod text;

use std::process::ExitCode;

use clap::Parser;

/// Tests, benches and long runs of Lanthorn.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Show the whole job on a private Tor network: from an empty folder to an opened original and a verified log.
    Demo(demo::Options),
    /// Set this machine up and run every test; the last lines are the test runner's own.
    Test,
    /// Only set this machine up for the tests.
    SetUp,
    /// Measure, each bench beside a peer in the same run.
    Bench(bench::Options),
    /// Do what the tests do for a minute, for hours.
    #[command(subcommand)]
    Soak(soak::Soak),
    /// Run the fuzz targets (needs a nightly toolchain).
    Fuzz(fuzz::Options),
    /// Train the name tagger from a folder of sets and lists.
    Train(names::Train),
    /// Measure what is found and what is missed.
    #[command(subcommand)]
    Eval(names::Eval),
    /// Check the licence, the source and the ban list of every dependency against deny.toml.
    Dependencies,
}

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Demo(options) => demo::run(&options),
        Task::Test => test::run(),
        Task::SetUp => machine::set_up(stage::minutes(15)),
        Task::Bench(options) => bench::run(&options),
        Task::Soak(soak) => soak::run(&soak),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Train(options) => names::train(&options),
        Task::Eval(what) => names::eval(&what),
        Task::Dependencies => dependencies::check(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // A tool that failed has said why, better than we could: its own words stay last.
        Err(error) if error.is::<command::Failed>() => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
