//! `lanthorn-train`: trains the name tagger, and measures the redactor.
#![expect(clippy::print_stdout, reason = "talking to the person at the keyboard is what this program is for")]

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Parser};
use model::Label;
use redactor::names::lexicon::Lexicon;
use redactor::names::tagger::{Line, Tagger};
use redactor::names::{Thresholds, named};
use redactor::{Redactor, TokenKey};
use trainer::score::{Stretch, score};
use trainer::text::{Text, read_set};
use trainer::train::{Family, Plan};
use trainer::{course, measure, pages, plain};

#[derive(Debug, Parser)]
#[command(name = "lanthorn-train")]
enum Task {
    /// Train the tagger from a folder of sets and a folder of lists.
    Train(Train),
    /// Measure the whole redactor over its own set, and over the sets of a folder.
    Eval(Eval),
    /// Measure what is found on pages that other people annotated.
    Pages(Pages),
}

#[derive(Debug, Args)]
struct Pages {
    /// The folder `autopager/data` of TeamHG-Memex/autopager.
    #[arg(long, value_name = "DIR")]
    autopager: Option<PathBuf>,
    /// The folder `formasaurus/data` of TeamHG-Memex/Formasaurus.
    #[arg(long, value_name = "DIR")]
    formasaurus: Option<PathBuf>,
    /// Write JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Also list what was missed or wrong.
    #[arg(long)]
    misses: bool,
}

#[derive(Debug, Args)]
struct Train {
    /// The folder with the sets `wnut17`, `btc` and `wikigold`.
    #[arg(long)]
    data: PathBuf,
    /// The folder with the lists that gather.py and clusters.py made [default: DATA/lists].
    #[arg(long)]
    lists: Option<PathBuf>,
    /// Where `names.model` and `names.lexicon` are written.
    #[arg(long, default_value = "crates/redactor/data")]
    out: PathBuf,
    /// How many advertisements are generated.
    #[arg(long, default_value_t = 14_000)]
    ads: usize,
    /// Which family of models is trained.
    #[arg(long, value_enum, default_value_t)]
    family: Family,
    /// How often all lines are seen.
    #[arg(long)]
    rounds: Option<u32>,
    /// The first step of a weight.
    #[arg(long)]
    rate: Option<f32>,
    /// The share of words whose letters are left out in a round.
    #[arg(long)]
    blind: Option<f32>,
}

#[derive(Debug, Args)]
struct Eval {
    /// A folder of sets; only the repository's own set without it.
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
}

fn main() -> Result<()> {
    match Task::parse() {
        Task::Train(options) => train(&options),
        Task::Eval(Eval { data, names, json, misses: Some(most) }) => {
            let misses = measure::misses(data.as_deref(), names.as_deref(), most)?;
            if json {
                println!("{}", serde_json::to_string_pretty(&misses)?);
            }
            for misses in misses.iter().filter(|_| !json) {
                println!("{} {}", misses.set, misses.label);
                misses.commonest.iter().for_each(|(count, written)| println!("{count:>5}  {written}"));
            }
            Ok(())
        }
        Task::Pages(options) => measured_pages(&options),
        Task::Eval(options) => {
            let rows = measure::measure(options.data.as_deref(), options.names.as_deref())?;
            let plain = plain::measure(&Redactor::new(TokenKey::from_bytes([7; 32])));
            if options.json {
                println!("{}", serde_json::to_string_pretty(&serde_json::json!({ "rows": rows, "plain": plain }))?);
            } else {
                print!("{}{}", measure::table(&rows), plain::table(&plain));
            }
            Ok(())
        }
    }
}

fn measured_pages(options: &Pages) -> Result<()> {
    let mut rows = Vec::new();
    let tell = |how: &str, page: &str, what: &str| {
        if options.misses {
            println!("{how}: {what} on {page}");
        }
    };
    if let Some(data) = &options.autopager {
        rows.extend(pages::next_links(data, tell)?);
    }
    if let Some(data) = &options.formasaurus {
        rows.extend(pages::login_walls(data, tell)?);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print!("{}", pages::table(&rows));
    }
    Ok(())
}

fn train(options: &Train) -> Result<()> {
    let plan = Plan::default();
    let plan = Plan {
        family: options.family,
        rounds: options.rounds.unwrap_or(plan.rounds),
        rate: options.rate.unwrap_or(plan.rate),
        blind: options.blind.unwrap_or(plan.blind),
        ..plan
    };
    let lists = options.lists.clone().unwrap_or_else(|| options.data.join("lists"));
    let trained = course::run(&options.data, &lists, options.ads, &plan, |line| println!("{line}"))?;
    for (name, bytes) in [("names.model", &trained.model), ("names.lexicon", &trained.lexicon)] {
        let path = options.out.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))?;
    }
    let lexicon = Lexicon::read(&trained.lexicon).context("read the lists back")?;
    let tagger = Tagger::read(&trained.model, lexicon).context("read the model back")?;
    thresholds(options, &tagger)
}

/// What the tagger alone finds at several thresholds, on the sets that it has not seen.
fn thresholds(options: &Train, tagger: &Tagger<'_>) -> Result<()> {
    println!("share of names masked / precision, exact F1, by threshold");
    for set in ["uner_ewt/dev", "ads_names/ads", "wnut17/test", "presidio_synth/synth_v2"] {
        let path = options.data.join(format!("{set}.jsonl"));
        if !path.exists() {
            continue;
        }
        let texts = read_set(&path)?;
        for threshold in [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5] {
            let thresholds = Thresholds { seed: threshold, grow: threshold, ..Thresholds::TUNED };
            let counts =
                score(&texts, &[Label::Person, Label::Location, Label::Org], |text| tagged(tagger, text, thresholds));
            let cells: Vec<String> = counts
                .iter()
                .map(|(label, counts)| {
                    let (masked, precision, exact) = (counts.recall(), counts.precision(), counts.exact_f1());
                    format!("{label} {masked:.3} / {precision:.3}, {exact:.3}")
                })
                .collect();
            println!("{set:<24} {threshold:.2}  {}", cells.join("   "));
        }
    }
    Ok(())
}

fn tagged(tagger: &Tagger<'_>, text: &Text, thresholds: Thresholds) -> Vec<Stretch> {
    let (mut found, mut line, mut from) = (Vec::new(), Line::default(), 0);
    for part in text.text.split('\n') {
        tagger.tag(part, from, &mut line);
        named(&text.text, &line, thresholds, |named| found.push((named.range, named.label)));
        from += part.len() + 1;
    }
    found
}
