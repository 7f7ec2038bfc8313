//! `tornet`: a private Tor network for the length of a command, or until it is told to stop.
//!
//! The composition root of its own crate: it reads the command line and the signals, and prints.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "talking to the person at the keyboard is its job")]

use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Args, Parser};
use data_encoding::HEXLOWER;
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use tornet::{Error, Network, Onion, Options};

/// Exit codes of this program's own: failed, and interrupted.
const FAILED: u8 = 1;
const INTERRUPTED: u8 = 130;
/// How often it looks whether there is news.
const PAUSE: Duration = Duration::from_millis(50);
/// Rounds of [`PAUSE`] that a command may take to end by itself after an interrupt, before it is asked and then made to.
const PATIENCE_ROUNDS: u32 = 200;

/// A private Tor network on this machine's loopback addresses: real tor processes, nothing leaves the machine.
#[derive(Debug, Parser)]
#[command(name = "tornet", version)]
enum Task {
    /// Start a network, run a command with TORNET_JSON naming the network's description, stop the network.
    ///
    /// The exit code is the command's; 128 and its signal's number if one ended it; 1 if the network did not come up.
    Run {
        #[command(flatten)]
        network: NetworkArgs,
        /// The command and its arguments, after `--`.
        #[arg(last = true, required = true, value_name = "CMD")]
        command: Vec<String>,
    },
    /// Start a network and keep it up until an interrupt (Ctrl-C, SIGTERM).
    Start {
        #[command(flatten)]
        network: NetworkArgs,
    },
}

#[derive(Debug, Args)]
struct NetworkArgs {
    /// The network's folder: absent or empty now, and removed at the end.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// An onion service: its port 80 leads to PORT of 127.0.0.1. With a key, 64 bytes in hexadecimal as tor stores them,
    /// its address is known beforehand; without one tor makes it. May be given more than once.
    #[arg(long = "onion", value_name = "NAME=PORT[:KEY]", value_parser = onion)]
    onions: Vec<Onion>,
    /// A name that resolves to 127.0.0.1 at the exits, or *.SUFFIX; *.test always does. May be given more than once.
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// Relays that are no exits, at least 6.
    #[arg(long, default_value_t = Options::default().relays)]
    relays: usize,
    /// Exits.
    #[arg(long, default_value_t = Options::default().exits)]
    exits: usize,
    /// Processes that the onion services are dealt to.
    #[arg(long, default_value_t = Options::default().onion_hosts)]
    onion_hosts: usize,
    /// Do not wait until every onion service accepts a connection: for targets that come up later.
    #[arg(long)]
    no_probe: bool,
    /// Leave the folder, with every log, at the end.
    #[arg(long)]
    keep: bool,
    /// Longest time that the start may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = Options::default().patience.as_secs())]
    patience: u64,
    /// Print the network's description as one JSON document on standard output when it is up.
    #[arg(long)]
    json: bool,
}

fn onion(text: &str) -> Result<Onion, String> {
    let (name, rest) = text.split_once('=').ok_or("it has the form NAME=PORT[:KEY]")?;
    let (port, key) = rest.split_once(':').map_or((rest, None), |(port, key)| (port, Some(key)));
    let onion = Onion::new(name, port.parse().map_err(|_| "PORT is a number up to 65535".to_owned())?);
    let Some(key) = key else { return Ok(onion) };
    let key = HEXLOWER.decode(key.as_bytes()).ok().and_then(|key| key.try_into().ok());
    Ok(onion.with_key(key.ok_or("KEY is 64 bytes in hexadecimal")?))
}

/// What the signals have said so far.
#[derive(Clone, Debug, Default)]
struct Told {
    /// Any signal to stop.
    stop: Arc<AtomicBool>,
    /// One that a command in the foreground has not got by itself, as it gets the keyboard's interrupt.
    to_pass_on: Arc<AtomicBool>,
}

impl Told {
    fn listen() -> std::io::Result<Self> {
        let told = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&told.stop))?;
        }
        signal_hook::flag::register(SIGTERM, Arc::clone(&told.to_pass_on))?;
        Ok(told)
    }

    fn is_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

fn main() -> ExitCode {
    let task = Task::parse();
    let told = match Told::listen() {
        Ok(told) => told,
        Err(error) => return fail(&format!("listen for signals: {error}")),
    };
    let outcome = match task {
        Task::Run { network, command } => start(network, &told).map(|network| run(&network, &command, &told)),
        Task::Start { network } => start(network, &told).map(|_network| {
            while !told.is_stop() {
                std::thread::sleep(PAUSE);
            }
            ExitCode::SUCCESS
        }),
    };
    match outcome {
        Ok(code) => code,
        Err(_) if told.is_stop() => ExitCode::from(INTERRUPTED),
        Err(error) => fail(&error.to_string()),
    }
}

fn start(args: NetworkArgs, told: &Told) -> Result<Network, Error> {
    let mut names = Options::default().names;
    names.extend(args.names);
    let network = Network::start(Options {
        folder: Some(args.folder),
        keep: args.keep,
        relays: args.relays,
        exits: args.exits,
        onion_hosts: args.onion_hosts,
        onions: args.onions,
        names,
        probe: !args.no_probe,
        patience: Duration::from_secs(args.patience),
        cancelled: Arc::clone(&told.stop),
    })?;
    if args.json {
        println!("{}", network.describe());
    }
    let reached = network.stages().iter().map(|(stage, time)| format!("{stage} {:.1} s", time.as_secs_f64()));
    eprintln!("up: {}", reached.collect::<Vec<_>>().join(", "));
    for service in network.onions() {
        eprintln!("{}: {}", service.name, service.address);
    }
    eprintln!("SOCKS at {}; described in {}", network.socks(), network.description_file().display());
    Ok(network)
}

/// Runs the command in the foreground, so that it shares the terminal and its interrupts.
fn run(network: &Network, command: &[String], told: &Told) -> ExitCode {
    let mut child =
        match Command::new(&command[0]).args(&command[1..]).env("TORNET_JSON", network.description_file()).spawn() {
            Ok(child) => child,
            Err(error) => return fail(&format!("start {}: {error}", command[0])),
        };
    let mut rounds = 0;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return code(status),
            Ok(None) => {}
            Err(error) => return fail(&format!("wait for {}: {error}", command[0])),
        }
        if told.to_pass_on.swap(false, Ordering::Relaxed) {
            ask_to_end(&child);
        }
        rounds += u32::from(told.is_stop());
        match rounds {
            PATIENCE_ROUNDS => ask_to_end(&child),
            rounds if rounds >= 2 * PATIENCE_ROUNDS => drop(child.kill()),
            _ => {}
        }
        std::thread::sleep(PAUSE);
    }
}

fn ask_to_end(child: &Child) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

/// As shells tell it: the code, or 128 and the number of the signal.
fn code(status: ExitStatus) -> ExitCode {
    let number = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    ExitCode::from(number.and_then(|number| u8::try_from(number).ok()).unwrap_or(FAILED))
}

fn fail(why: &str) -> ExitCode {
    eprintln!("error: failed to {why}");
    ExitCode::from(FAILED)
}
