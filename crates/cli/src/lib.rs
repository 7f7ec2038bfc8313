//! The composition root of the `lanthorn` command: configuration, clock, signals, exit codes, subcommands.
//!
//! It opens the parts, hands them to one another and prints what they say; it has no logic of its own. It is a library
//! so that a test binary can put another [`Composition`] under the very same commands.
//!
//! Deliberately absent: a way round Tor. The shipped command is composed with it, in `main.rs`; there is no option, no
//! variable and no setting that puts something else in its place.
//!
//! ```
//! let mut composition = cli::Composition::new(cli::Network::Absent);
//! composition.watch = None;
//! ```

mod args;
mod commands;
mod config;
mod confinement;
mod context;
mod desk;
mod failure;
mod guard;
mod layout;
mod network;
mod signal;
mod site;
mod terminal;

use std::io::{IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use model::{Clock, Kind};
use pipeline::Watch;

use crate::context::Context;
pub use crate::network::{Network, Post};

/// The allocator of every program that has these commands.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the commands are composed with.
pub struct Composition {
    /// The time.
    pub clock: Clock,
    /// What pages are asked through.
    pub network: Network,
    /// Who watches pages pass the stages of the line; `None`: only the progress display.
    pub watch: Option<Arc<dyn Watch>>,
    /// How much work a passphrase guess costs.
    pub hardness: access::Hardness,
    /// The work factor of key files that `supervisor enrol` makes.
    pub key_file_work: client::WorkFactor,
    /// What a crawl may write beside its data folder: nothing, but for tests that listen.
    pub also_writes: Vec<PathBuf>,
    /// What time-stamping authorities are asked through instead of Tor: nothing, but for tests.
    pub post: Option<Arc<dyn Post>>,
}

impl Composition {
    /// The real clock, real costs, nobody watching.
    #[must_use]
    pub fn new(network: Network) -> Self {
        Self {
            clock: Clock::system(),
            network,
            watch: None,
            hardness: access::Hardness::standard(),
            key_file_work: client::WorkFactor::standard(),
            also_writes: Vec::new(),
            post: None,
        }
    }
}

/// Runs the command line of this process and returns its exit code.
#[must_use]
pub fn main(composition: Composition) -> ExitCode {
    guard::install();
    log();
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(Kind::Usage.exit_code()) } else { ExitCode::SUCCESS };
        }
    };
    if let Err(error) = confine(&cli, &composition) {
        return fail(&error);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("lanthorn").build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::from(error).context("failed to start")),
    };
    let context = Context::new(cli.common, composition);
    let code = match runtime.block_on(commands::run(&context, cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    };
    // Blocking work that hangs must not keep the process; everything acknowledged is on the disk by now.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    code
}

/// Locks memory where people's secrets will be; lets go of what a crawl does not need, before the first thread is started.
fn confine(cli: &args::Cli, composition: &Composition) -> anyhow::Result<()> {
    use args::Command::{Audit, Authorisation, Supervisor, Unseal};
    if matches!(cli.command, Supervisor(_) | Unseal(_) | Authorisation(_) | Audit(_)) {
        let _ = guard::keep_in_memory();
    }
    if !matches!(cli.command, args::Command::Crawl(args::CrawlCommand::Run { .. })) {
        return Ok(());
    }
    // What is wrong with the data folder is told by the command itself.
    let Ok(config) = config::Config::load(&cli.common.data.join("lanthorn.toml")) else { return Ok(()) };
    let mut reads = cli.common.passphrase_file.clone();
    if !config.tor.network.is_empty() {
        reads.push(PathBuf::from(&config.tor.network));
    }
    let writes: Vec<_> = [cli.common.data.clone()].into_iter().chain(composition.also_writes.iter().cloned()).collect();
    let confined =
        confinement::confine(&writes, &reads, config.crawl.metrics_port).context("failed to confine the crawl")?;
    guard::confined(confined);
    Ok(())
}

/// The program's own messages go to standard error; `LANTHORN_LOG` takes a `tracing` filter such as `info`,
/// `LANTHORN_LOG_FORMAT=json` makes each an object of its own.
///
/// Guests are heard from errors upwards only, and those that know URLs not at all: at finer levels they would tell hosts
/// and addresses, and Tor warns of every circuit that fails, which is its daily bread.
fn log() {
    use tracing_subscriber::filter::{EnvFilter, filter_fn};
    use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
    use tracing_subscriber::util::SubscriberInitExt as _;

    let wanted = EnvFilter::try_from_env("LANTHORN_LOG").unwrap_or_else(|_| "warn".into());
    let discreet = filter_fn(|message| {
        let room = message.target().split("::").next().unwrap_or_default();
        ROOMS.contains(&room) || (*message.level() == tracing::Level::ERROR && !KNOW_URLS.contains(&room))
    });
    // Colours are for a terminal whose owner has not said no (no-color.org): a file of them is hard to read.
    let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(coloured);
    let registry = tracing_subscriber::registry().with(wanted);
    // One object a line, fields apart from words: for programs that gather logs.
    let _ = match std::env::var_os("LANTHORN_LOG_FORMAT").is_some_and(|format| format == "json") {
        true => registry.with(lines.json().with_filter(discreet)).try_init(),
        false => registry.with(lines.with_filter(discreet)).try_init(),
    };
}

/// The rooms of the house that log.
const ROOMS: [&str; 9] = ["access", "audit", "cli", "crawler", "indexer", "pipeline", "server", "tor", "vault"];

/// Guests whose messages hold URLs at every level.
const KNOW_URLS: [&str; 3] = ["reqwest", "hyper", "hyper_util"];

fn fail(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "lanthorn: {error:#}");
    ExitCode::from(failure::kind(error).exit_code())
}
