//! `cargo xtask demo`: the whole job on a private Tor network, told step by step.
//!
//! Everything is done by commands that anybody could type; each is shown before it runs. Three programs stand beside the
//! shipped one: the synthetic sites, the private network, and the judge, who knows what was planted.

mod cast;
mod figures;
mod pages;
mod scenery;
mod story;
mod verdict;
mod workshop;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use self::cast::Cast;
use self::figures::Figures;
use self::scenery::Scenery;
use self::workshop::Programs;
use crate::stage::{Watch, minutes};
use crate::{machine, text};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Keep everything in this folder, which must not exist or be empty, and look round afterwards.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Print one JSON document with the figures on standard output and nothing else; the story goes to standard error.
    #[arg(long)]
    json: bool,
    /// Leave the web pages up when the story is told, with one sign-in for each role, until Ctrl-C.
    #[arg(long, conflicts_with = "json")]
    serve: bool,
    /// The seed of the synthetic sites.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
}

/// Sets the machine up, builds, and plays the whole story.
pub(crate) fn run(options: &Options) -> Result<()> {
    let stdout = if options.json { text::Voice::Error } else { text::Voice::Output };
    machine::packages(minutes(15))?;
    let programs = Programs::build(stdout)?;
    let place = Place::new(options.keep.as_deref())?;

    let whole = Watch::begin();
    let scenery = Scenery::raise(&programs, place.path(), options.seed, stdout)?;
    let cast = Cast::new(&programs, place.path(), stdout)?;
    let figures = story::play(&cast, &scenery, &programs)?;
    let figures = Figures { seconds_total: whole.seconds(), ..figures };
    drop(scenery); // the network and the sites are gone before anything is said about them

    if options.json {
        text::print_json(&figures.to_json());
    } else {
        figures.tell(stdout, &place.shown());
    }
    let faults = figures.faults();
    if !faults.is_empty() {
        bail!("the demonstration did not show what it should:\n  {}", faults.join("\n  "));
    }
    if options.serve { pages::serve(&cast) } else { Ok(()) }
}

/// Where the demonstration takes place: a folder that goes when it ends, or one that is kept.
enum Place {
    Passing(tempfile::TempDir),
    Kept(PathBuf),
}

impl Place {
    fn new(keep: Option<&Path>) -> Result<Self> {
        let Some(keep) = keep else {
            return Ok(Self::Passing(tempfile::Builder::new().prefix("lanthorn-demo-").tempdir()?));
        };
        if std::fs::read_dir(keep).is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{} is not empty: name a folder that does not exist yet", keep.display());
        }
        std::fs::create_dir_all(keep).with_context(|| format!("make {}", keep.display()))?;
        Ok(Self::Kept(keep.canonicalize()?))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Passing(folder) => folder.path(),
            Self::Kept(path) => path,
        }
    }

    /// The kept folder, for the commands to look further.
    fn shown(&self) -> Option<PathBuf> {
        match self {
            Self::Passing(_) => None,
            Self::Kept(path) => Some(path.clone()),
        }
    }
}
