//! `cargo xtask train` and `cargo xtask eval`: the name tagger trained, the redactor measured.

use std::path::{Path, PathBuf};
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
        /// Names for the set on equality, a line each: group, kind (f or s), name, with tabs [default: the repository's].
        #[arg(long, value_name = "FILE")]
        names: Option<PathBuf>,
        /// Write JSON instead of a table.
        #[arg(long)]
        json: bool,
        /// List the commonest misses of each set and label instead, this many.
        #[arg(long, value_name = "N")]
        misses: Option<usize>,
    },
    /// Pagination and login walls, over pages that other people annotated. The sets stay outside of the repository:
    /// `git clone` TeamHG-Memex/autopager and TeamHG-Memex/Formasaurus (both MIT) side by side.
    Pages {
        /// The folder that holds the folders `autopager` and `Formasaurus`; one of them suffices.
        #[arg(long)]
        data: PathBuf,
        /// Write JSON instead of a table.
        #[arg(long)]
        json: bool,
        /// List what was missed or wrong, too.
        #[arg(long)]
        misses: bool,
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
    match what {
        Eval::Redaction { data, names, json, misses } => {
            let mut trainer = trainer("eval");
            for (flag, path) in [("--data", data), ("--names", names)] {
                if let Some(path) = path {
                    trainer.arg(flag).arg(absolute(path)?);
                }
            }
            if *json {
                trainer.arg("--json");
            }
            if let Some(most) = misses {
                trainer.arg("--misses").arg(most.to_string());
            }
            command::run(&mut trainer)
        }
        Eval::Pages { data, json, misses } => pages(&absolute(data)?, *json, *misses),
    }
}

fn pages(data: &Path, json: bool, misses: bool) -> Result<()> {
    let mut trainer = trainer("pages");
    let sets = [("--autopager", "autopager/autopager/data"), ("--formasaurus", "Formasaurus/formasaurus/data")];
    let there: Vec<_> =
        sets.iter().map(|(flag, path)| (flag, data.join(path))).filter(|(_, path)| path.is_dir()).collect();
    anyhow::ensure!(
        !there.is_empty(),
        "{} holds neither autopager nor Formasaurus; clone TeamHG-Memex/autopager and TeamHG-Memex/Formasaurus there",
        data.display()
    );
    for (flag, path) in there {
        trainer.arg(flag).arg(path);
    }
    for (flag, given) in [("--json", json), ("--misses", misses)] {
        if given {
            trainer.arg(flag);
        }
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
