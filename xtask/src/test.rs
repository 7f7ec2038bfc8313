//! `cargo xtask test`: everything that must hold before a change is taken.

use anyhow::Result;

use crate::command::{cargo, run_within};
use crate::stage::{Stages, minutes};
use crate::{dependencies, machine};

/// Runs every stage. The budgets are for two cores that have built nothing yet; each is roomy, all of them are never spent at once.
pub(crate) fn run() -> Result<()> {
    let mut stages = Stages::begin();
    stages.run("set-up", minutes(15), machine::set_up)?;
    stages.run("format", minutes(1), |limit| run_within(limit, &cargo(["fmt", "--all", "--check"])))?;
    stages.run("lint", minutes(12), |limit| {
        // On the command line and not through RUSTFLAGS, which would build every dependency a second time.
        run_within(limit, &cargo(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    })?;
    stages.run("dependencies", minutes(1), |_| dependencies::check())?;
    stages.run("build", minutes(20), |limit| {
        run_within(limit, &cargo(["build", "--workspace", "--all-targets", "--locked"]))
    })?;
    stages
        .run("doctests", minutes(5), |limit| run_within(limit, &cargo(["test", "--doc", "--workspace", "--locked"])))?;
    // The table comes before the tests and not after: the runner's own summary has the last word.
    let limit = minutes(30);
    println!("{}\n\n── tests (at most 30 min) ──", stages.table());
    run_within(limit, &cargo(["nextest", "run", "--workspace", "--locked"]))
}
