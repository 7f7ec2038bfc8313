//! `cargo xtask train` and `cargo xtask eval`: the name tagger trained, the redactor measured.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::command::{self, cargo};

#[derive(Debug, Args)]
pub(crate) struct Train {
    /// The folder with the training sets, and below it `lists`; docs/model-card.md says where both come from.
    #[arg(long)]
    data: PathBuf,
    /// The folder with the lists, if it is another.
    #[arg(long)]
    lists: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Eval {
    /// The redactor, over the repository's own set and over the sets of a folder.
    Redaction {
        /// A folder of sets.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Write JSON instead of a table.
        #[arg(long)]
        json: bool,
        /// List the commonest misses of each set and label instead, this many.
        #[arg(long, value_name = "N")]
        misses: Option<usize>,
    },
}

/// Trains the tagger anew and writes its files where the redactor builds them in.
pub(crate) fn train(options: &Train) -> Result<()> {
    let mut trainer = trainer("train");
    trainer.arg("--data").arg(absolute(&options.data)?);
    if let Some(lists) = &options.lists {
        trainer.arg("--lists").arg(absolute(lists)?);
    }
    command::run(&mut trainer)
}

/// Measures, and prints the tables.
pub(crate) fn eval(what: &Eval) -> Result<()> {
    let Eval::Redaction { data, json, misses } = what;
    let mut trainer = trainer("eval");
    if let Some(data) = data {
        trainer.arg("--data").arg(absolute(data)?);
    }
    if *json {
        trainer.arg("--json");
    }
    if let Some(most) = misses {
        trainer.arg("--misses").arg(most.to_string());
    }
    command::run(&mut trainer)
}

fn trainer(task: &str) -> Command {
    cargo(["run", "--quiet", "--release", "--package", "trainer", "--bin", "lanthorn-train", "--", task])
}

/// The program runs at the root of the repository: a path that was typed elsewhere must still lead there.
fn absolute(path: &PathBuf) -> Result<PathBuf> {
    Ok(std::path::absolute(path)?)
}
