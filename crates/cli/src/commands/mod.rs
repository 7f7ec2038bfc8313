//! One file a command.

mod account;
pub(crate) mod alert;
mod audit;
mod authorisation;
mod case;
mod casework;
mod ceremony;
mod crawl;
mod doctor;
mod epoch;
mod erase;
mod evidence;
mod init;
mod links;
mod mail;
mod people;
pub(crate) mod policy;
mod profile;
mod redact;
mod referral;
mod repair;
mod report;
pub(crate) mod retention;
mod review;
mod search;
pub(crate) mod selector;
mod separate;
mod serve;
mod supervisor;
mod unseal;
mod verify;
mod witness;

use clap::CommandFactory;

use crate::args::{Cli, Command};
use crate::context::Context;

/// Does what was typed.
pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Init { name } => init::run(context, &name).await,
        Command::Doctor { deep, online } => doctor::run(context, deep, online).await,
        Command::Case(command) => case::run(context, command).await,
        Command::People(command) => people::run(context, command).await,
        Command::Profile(command) => profile::run(context, &command).await,
        Command::Authorisation(command) => authorisation::run(context, command).await,
        Command::Separate { group, crawl, log } => separate::run(context, &group, &crawl, &log),
        Command::Policy(command) => policy::run(context, command).await,
        Command::Account(command) => account::run(context, command).await,
        Command::Crawl(command) => crawl::run(context, command).await,
        Command::Redact(args) => redact::run(&args),
        Command::Search(args) => search::search(context, &args).await,
        Command::Page { case, capture, reason } => search::page(context, &case, capture, &reason).await,
        Command::Pivot { case, token, limit } => search::pivot(context, &case, token, limit).await,
        Command::Links(args) => links::links(context, &args).await,
        Command::Groups { case, of, limit } => links::groups(context, &case, of, limit).await,
        Command::Folder(command) => casework::folder(context, command).await,
        Command::Note(command) => casework::note(context, command).await,
        Command::Assess(args) => casework::assess(context, &args).await,
        Command::Alert(command) => alert::run(context, command).await,
        Command::Batch { case, file } => casework::batch(context, &case, file.as_deref()).await,
        Command::Export(args) => casework::export(context, &args).await,
        Command::Indicators(command) => casework::indicators(context, command).await,
        Command::Selector(command) => selector::run(context, command).await,
        Command::Unseal(command) => unseal::run(context, command).await,
        Command::Supervisor(command) => supervisor::run(context, command).await,
        Command::Audit(command) => audit::run(context, command).await,
        Command::Erase { captures, reason } => erase::run(context, &captures, &reason).await,
        Command::Retention(command) => retention::run(context, command).await,
        Command::Evidence(command) => evidence::run(context, command).await,
        Command::Report(command) => report::run(context, command).await,
        Command::Referral(command) => referral::run(context, command).await,
        Command::Verify(args) => verify::run(context, &args),
        Command::Serve { listen, log_beside } => serve::run(context, listen, log_beside).await,
        Command::Up { listen } => serve::up(context, listen).await,
        Command::Log { once } => audit::log(context, once).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "lanthorn", &mut std::io::stdout());
            Ok(())
        }
    }
}
