//! Benches, each beside a peer in the same run.
//!
//! A figure alone says nothing about a machine nobody else has; a figure beside a peer, measured a moment apart on the
//! same data, says how we stand anywhere. `cargo xtask bench [NAME] [--json]` builds this in release mode and runs it.
//!
//! Deliberately absent: thresholds. A bench reports; tests and people judge.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing figures is what this program is for")]

mod capture;
mod crawl;
mod evidence;
mod frontier;
mod ground;
mod line;
mod load;
mod log;
mod pages;
mod redact;
mod report;
mod sealing;
mod search;
mod tor;
mod watch;

use std::collections::BTreeMap;

use anyhow::bail;

use crate::report::Format;

/// The allocator of the shipped programs, for both sides of what is measured in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Ours and the peer's figure for the same work, in the same unit.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// What ours reached.
    pub ours: f64,
    /// What the peer reached on the same data, a moment apart.
    pub peer: f64,
    /// The unit of both, such as `MB/s`.
    pub unit: &'static str,
    /// Which way is good: [`HIGHER`] or [`LOWER`].
    pub better: &'static str,
}

/// For rates.
pub const HIGHER: &str = "higher";
/// For times and sizes.
pub const LOWER: &str = "lower";

impl Pair {
    /// Ours over the peer's; with [`HIGHER`], 1.0 and above means that ours is at least as good.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.ours / self.peer
    }
}

/// Pairs by name.
pub type Pairs = BTreeMap<String, Pair>;

/// What one bench measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Beside a peer.
    pub pairs: Pairs,
    /// What helps to read the figures: lines for people, on standard error.
    pub notes: Vec<String>,
}

impl Measured {
    fn one(name: &str, pair: Pair) -> Self {
        let mut measured = Self::default();
        measured.pair(name, pair);
        measured
    }

    fn pair(&mut self, name: &str, pair: Pair) {
        self.pairs.insert(name.to_owned(), pair);
    }
}

/// One bench: its module's name, and the function that measures.
struct Bench {
    name: &'static str,
    measure: fn() -> anyhow::Result<Measured>,
}

/// All of them, cheapest first. A module adds itself here.
const BENCHES: &[Bench] = &[
    Bench { name: "sealing", measure: sealing::measure },
    Bench { name: "log", measure: log::measure },
    Bench { name: "capture", measure: capture::measure },
    Bench { name: "redact", measure: redact::measure },
    Bench { name: "search", measure: search::measure },
    Bench { name: "line", measure: line::measure },
    Bench { name: "evidence", measure: evidence::measure },
    Bench { name: "frontier", measure: frontier::measure },
    Bench { name: "crawl", measure: crawl::measure },
    Bench { name: "pages", measure: pages::measure },
    Bench { name: "tor", measure: tor::measure },
    Bench { name: "load", measure: load::measure },
];

/// Those that take so long that they run by their name alone.
const ALONE: &[&str] = &["load"];

fn main() -> anyhow::Result<()> {
    let (mut wanted, mut format) = (None, Format::Table);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => format = Format::Json,
            name if BENCHES.iter().any(|bench| bench.name == name) => wanted = Some(argument),
            _ => bail!("unknown bench; there are: {}", names()),
        }
    }
    let mut pairs = Pairs::new();
    let mut notes = Vec::new();
    let is_wanted = |bench: &&Bench| wanted.as_deref().map_or(!ALONE.contains(&bench.name), |name| name == bench.name);
    for bench in BENCHES.iter().filter(is_wanted) {
        let measured = (bench.measure)()?;
        pairs.extend(measured.pairs);
        notes.extend(measured.notes);
    }
    println!("{}", format.write(&pairs));
    notes.iter().for_each(|note| eprintln!("{note}"));
    Ok(())
}

fn names() -> String {
    BENCHES.iter().map(|bench| bench.name).collect::<Vec<_>>().join(", ")
}
