//! `synthetic-sites`: serves synthetic sites on loopback and writes down the truth about them; scans folders for what was
//! hidden in them; writes the authorisation under which they may be crawled.
//!
//! It is what a demonstration starts beside a private Tor network. Deliberately absent: tokens and searches, which need a
//! case's key, and Tor itself.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use model::Clock;
use synthetic::paper;
use synthetic::scan::{Scan, Summary};
use synthetic::server::Server;
use synthetic::site::{DEFAULT_PORT, Site, Size, Town, onions};
use synthetic::truth::Truth;

/// The name of the truth in its folder.
const TRUTH: &str = "truth.json";

/// Exit code of a scan that found something.
const LEAKED: u8 = 1;

/// Exit code of what cannot be done.
const FAILED: u8 = 2;

/// Serve synthetic sites on loopback, and measure against the truth about them.
///
/// Without a subcommand the sites are served. When they are, `truth.json` stands in the folder and one line on standard
/// output says so. Standard input steers: `down NAME` lets a site close every connection without an answer, `up NAME`
/// lets it answer again, and the end of input ends the program.
#[derive(Debug, Parser)]
#[command(name = "synthetic-sites", args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Option<Serve>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look through every byte below a folder for what was hidden in the sites.
    ///
    /// Exit code 0: nothing was found; 1: something was; 2: something could not be read, and nothing is known.
    Scan(ScanFor),
    /// Print the authorisation under which the sites may be crawled, ready to be signed.
    Paper(Paper),
}

#[derive(Debug, Args)]
struct Serve {
    /// The seed: the same seed and size make the same bytes.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// What is served.
    #[arg(long, value_enum, default_value_t = Kind::Demo)]
    size: Kind,
    /// Onions of the size `bench`.
    #[arg(long, default_value_t = 8, value_name = "N")]
    onions: usize,
    /// Pages of each of those onions.
    #[arg(long, default_value_t = 200, value_name = "N")]
    pages: usize,
    /// Bytes of each of those pages, at least.
    #[arg(long, default_value_t = 20_000, value_name = "BYTES")]
    page_bytes: usize,
    /// The port of the site that is no onion, on loopback and in its URLs; 0 is any free one.
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    plain_port: u16,
    /// Go on when standard input ends: only a signal ends the program.
    #[arg(long)]
    until_signal: bool,
    /// The folder for truth.json and each site's NAME/asked.log.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A forum and a board of advertisements on onions, plain pages on a name: more than 400 captures.
    Demo,
    /// The same three, about 110 captures.
    Small,
    /// Plain pages of one size on many onions, without traps.
    Bench,
}

#[derive(Debug, Args)]
struct ScanFor {
    /// The file that was written when the sites were served.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// The folder to look through.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Print one JSON document instead of lines.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Paper {
    /// The file that was written when the sites were served.
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// The case.
    #[arg(long)]
    case: String,
    /// The installation that may collect.
    #[arg(long, value_name = "NAME")]
    audience: String,
    /// Milliseconds between two requests to a site.
    #[arg(long, default_value_t = 5, value_name = "MS")]
    min_delay_ms: u32,
}

fn main() -> ExitCode {
    let Cli { command, serve } = Cli::parse();
    let done = match (command, serve) {
        (Some(Command::Scan(options)), _) => scan(&options),
        (Some(Command::Paper(options)), _) => write_paper(&options),
        (None, Some(options)) => run(&options),
        (None, None) => Err(anyhow::anyhow!("name a folder with --out")),
    };
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "error: {error:#}");
        ExitCode::from(FAILED)
    })
}

/// Serves until the end.
fn run(options: &Serve) -> Result<ExitCode> {
    let Serve { seed, size, out, .. } = options;
    let mut town = match size {
        Kind::Demo => Town::generate(*seed, Size::DEMO),
        Kind::Small => Town::generate(*seed, Size::SMALL),
        Kind::Bench => {
            let sites = onions(*seed, options.onions, options.pages, options.page_bytes);
            Town { sites, groups: Vec::new() }
        }
    };
    let mut servers = Vec::new();
    for site in &mut town.sites {
        let server = start(site, options)?;
        servers.push((site.name.clone(), server));
    }
    let listen: Vec<u16> = servers.iter().map(|(_, server)| server.address().port()).collect();
    write_truth(&Truth::of_town(&town, &listen), out)?;
    // The servers have the pages.
    drop(town);
    say(&format!("serving {} sites: {TRUTH} is written", servers.len()))?;
    steer(&servers)?;
    if options.until_signal {
        loop {
            std::thread::park();
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Serves one site; one that is no onion gets the port on which it is served into its URLs.
fn start(site: &mut Site, options: &Serve) -> Result<Server> {
    let folder = options.out.join(&site.name);
    fs::create_dir_all(&folder).context("make the folder of a site")?;
    let is_onion = site.onion_secret().is_some();
    let port = if is_onion { 0 } else { options.plain_port };
    let server = Server::start(site.clone(), port, Some(&folder.join("asked.log"))).context("serve a site")?;
    site.port = if is_onion { DEFAULT_PORT } else { server.address().port() };
    Ok(server)
}

/// Puts the file in its place whole: whoever sees it can read it.
fn write_truth(truth: &Truth, folder: &Path) -> Result<()> {
    let begun = folder.join("truth.json.begun");
    fs::write(&begun, serde_json::to_vec_pretty(truth)?).context("write the truth")?;
    fs::rename(begun, folder.join(TRUTH)).context("write the truth")
}

/// Does what the lines of standard input say, until they end.
fn steer(servers: &[(String, Server)]) -> Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line.context("read standard input")?;
        let (verb, name) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let server = servers.iter().find(|(known, _)| known == name).map(|(_, server)| server);
        match (verb, server) {
            ("down", Some(server)) => server.down(),
            ("up", Some(server)) => server.up(),
            _ => {
                writeln!(io::stderr(), "say `down NAME` or `up NAME` with the name of a site")?;
                continue;
            }
        }
        say(&format!("{verb} {name}"))?;
    }
    Ok(())
}

fn read_truth(file: &Path) -> Result<Truth> {
    let text = fs::read_to_string(file).context("read the truth")?;
    let truth: Truth = serde_json::from_str(&text).context("read the truth")?;
    if truth.version != synthetic::truth::VERSION {
        bail!("the truth has version {}, and this program reads {}", truth.version, synthetic::truth::VERSION);
    }
    Ok(truth)
}

fn scan(options: &ScanFor) -> Result<ExitCode> {
    let needles = read_truth(&options.truth)?.needles();
    let report = Scan::new(&needles).folder(&options.folder)?;
    let summary = Summary::of(&report, &needles, &options.folder);
    if options.json {
        say(&serde_json::to_string(&summary)?)?;
    } else {
        for found in &summary.found {
            let code = serde_json::to_value(found)?;
            let word = |key: &str| code[key].as_str().unwrap_or_default().to_owned();
            say(&format!(
                "leak: {} no. {} in {} ({}, {}, {})",
                found.label,
                found.planted,
                found.file,
                word("form"),
                word("coding"),
                word("container")
            ))?;
        }
        say(&format!(
            "{} of {} planted values found in {} files of {} bytes",
            summary.leaks, summary.planted, summary.files, summary.bytes
        ))?;
    }
    Ok(if summary.leaks == 0 { ExitCode::SUCCESS } else { ExitCode::from(LEAKED) })
}

fn write_paper(options: &Paper) -> Result<ExitCode> {
    let targets = read_truth(&options.truth)?.targets(options.min_delay_ms);
    let text = paper::document(targets, &options.case, &options.audience, Clock::system().now());
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// One line on standard output, at once: another program may be waiting for it.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
