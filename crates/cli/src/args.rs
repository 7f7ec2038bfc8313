//! The command line: what can be typed, and the help that explains it.

mod account;
mod casework;
mod evidence;
mod people;
mod trust;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::{AuthorisationId, CaptureId, CaseId, PersonId, Token};

pub(crate) use self::account::AccountCommand;
pub(crate) use self::casework::{
    AlertCommand, AssessArgs, FolderCommand, HitExportArgs, IndicatorsCommand, LinksArgs, NoteCommand, SearchArgs,
    SelectorCommand, Statement, Sureness, Written,
};
pub(crate) use self::evidence::{EvidenceCommand, ExportArgs, ReferralCommand, ReportCommand, VerifyArgs};
pub(crate) use self::people::{CaseCommand, PeopleCommand, PolicyCommand};
pub(crate) use self::trust::{
    AuditCommand, CeremonyCommand, FilterArgs, PolicyChange, RepairCommand, RetentionCommand, SupervisorCommand,
    UnsealCommand,
};

/// Authorised, redacted, sealed and accountable collection of ad and forum pages.
#[derive(Debug, Parser)]
#[command(name = "lanthorn", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 a check failed, 2 wrong use, 3 refused by a rule, \
4 a dependency is not available, 5 the data are damaged, 130 interrupted.";

/// Options that every command understands.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// The data folder.
    #[arg(long, global = true, value_name = "DIR", env = "LANTHORN_DATA", default_value = "lanthorn-data")]
    pub(crate) data: PathBuf,
    /// Who is at the keyboard.
    #[arg(long = "as", global = true, value_name = "PERSON", env = "LANTHORN_AS")]
    pub(crate) person: Option<PersonId>,
    /// Read the passphrase from the first line of FILE instead of asking (repeat it where several people are asked).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Vec<PathBuf>,
    /// Print one JSON document on standard output and nothing else.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a data folder: keys, log, complete example configuration.
    Init {
        /// The name of this installation; authorisations name it as their audience.
        #[arg(long, default_value = "lanthorn.example")]
        name: String,
    },
    /// Check every dependency and setting, each with a verdict and what to do.
    Doctor {
        /// Also check every byte of vault, log, database and index.
        #[arg(long)]
        deep: bool,
        /// Also start Tor and see whether it reaches its network; nothing is fetched.
        #[arg(long)]
        online: bool,
    },
    /// Open, close and list cases.
    #[command(subcommand)]
    Case(CaseCommand),
    /// People and their roles; every change needs two persons.
    #[command(subcommand)]
    People(PeopleCommand),
    /// Give crawl, log and people's commands users of their own: the crawl's keys to one, the log's to another, the rest to
    /// their group. Run it once, as root, after `init`; `doctor` says what each of them reads.
    Separate {
        /// The group of all three; people's commands need nothing else.
        #[arg(long, value_name = "GROUP")]
        group: String,
        /// The user that crawls.
        #[arg(long, value_name = "USER")]
        crawl: String,
        /// The user that signs the log.
        #[arg(long, value_name = "USER")]
        log: String,
    },
    /// The site's own rules, in Cedar: they deny more than the role table, and never less.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Extraction profiles.
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Signed authorisations: what may be collected, and why.
    #[command(subcommand)]
    Authorisation(AuthorisationCommand),
    /// Accounts that an authorisation names: their user names and passwords, kept so that only the crawl opens them.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Collect pages inside a signed authorisation.
    #[command(subcommand)]
    Crawl(CrawlCommand),
    /// Hide personal data in text from standard input; needs no case and is no oracle for one.
    Redact(RedactArgs),
    /// Search the redacted index of a case: hits, exact count, facets, histogram, the query as understood.
    Search(SearchArgs),
    /// Read one redacted page whole; the log keeps the reason.
    Page {
        /// The case.
        case: CaseId,
        /// The capture, as hits show it.
        capture: CaptureId,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// Everything that shares a hidden identifier: captures, tokens beside it, countries over time, first and last seen.
    Pivot {
        /// The case.
        case: CaseId,
        /// The token, such as '[PHONE:k7f3a9q2m4xtc]'.
        token: Token,
        /// The most captures to print, newest first.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// What hangs together with a hidden identifier: tokens on the same pages, link by link, each with its reason.
    Links(LinksArgs),
    /// Pages that say almost the same, as templates with slots, and sites that mirror one another.
    Groups {
        /// The case.
        case: CaseId,
        /// Only the near-duplicates of this capture.
        #[arg(long, value_name = "CAPTURE")]
        of: Option<CaptureId>,
        /// The most groups to print, largest first.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Case folders: captures that belong together.
    #[command(subcommand)]
    Folder(FolderCommand),
    /// Notes and tags about a case, a capture or a token.
    #[command(subcommand)]
    Note(NoteCommand),
    /// Write down an assessment: what is captured, derived or thought, on what basis, how sure, until when.
    Assess(AssessArgs),
    /// Saved searches, and alerts that new pages set off as they are indexed.
    #[command(subcommand)]
    Alert(AlertCommand),
    /// Search for every line of a list.
    Batch {
        /// The case.
        case: CaseId,
        /// The list, one query a line; standard input if it is left out.
        file: Option<PathBuf>,
    },
    /// Hand redacted hits to a recipient: exactly what `search` shows, as CSV or JSON lines (supervisors).
    Export(HitExportArgs),
    /// Indicators of trafficking: transparent rules with their sources; every flag needs somebody's decision.
    #[command(subcommand)]
    Indicators(IndicatorsCommand),
    /// Identifiers that may be searched for, because somebody asked with a reason and a supervisor approved.
    #[command(subcommand)]
    Selector(SelectorCommand),
    /// The requester's side of opening one original.
    #[command(subcommand)]
    Unseal(UnsealCommand),
    /// The supervisor's side: own machine, own key files.
    #[command(subcommand)]
    Supervisor(SupervisorCommand),
    /// The transparency log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Erase captures: header destroyed, index bytes gone, proved.
    Erase {
        /// The captures.
        #[arg(required = true)]
        captures: Vec<CaptureId>,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// How long things are kept, what is held, and what has outlived its time.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Evidence packs: what leaves the house, and under whose approval.
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Reports about the installation itself, from its own records.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Tell a platform or a hotline where something stands, and watch the clock until it acts.
    #[command(subcommand)]
    Referral(ReferralCommand),
    /// Check an evidence pack: every file, digest, signature and proof. It needs no data folder and no network.
    Verify(VerifyArgs),
    /// Serve the web pages and the JSON API on the loopback address.
    Serve {
        /// Listen here instead of where the configuration says.
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<std::net::SocketAddr>,
        /// Leave the signing of the log to the `lanthorn log` that runs beside it, as `lanthorn up` does.
        #[arg(long)]
        log_beside: bool,
    },
    /// Run everything that a site runs, `log` and `serve`, each as a process of its own, and start again what ends.
    Up {
        /// Serve the pages here instead of where the configuration says.
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<std::net::SocketAddr>,
    },
    /// Run the log's sequencer: journal rows become tiles and signed checkpoints.
    Log {
        /// Sequence what is waiting, then end.
        #[arg(long)]
        once: bool,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// List the extraction profiles.
    List,
    /// Check a profile file.
    Check {
        /// The TOML file.
        file: PathBuf,
    },
    /// Put your signature behind a profile for this installation (supervisors, on their own machine).
    Sign {
        /// The TOML file; the signature is added to it.
        file: PathBuf,
        /// Your key folder, made by `supervisor enrol`.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The name of the installation, as its authorisations have it as their audience.
        #[arg(long, value_name = "NAME")]
        audience: String,
    },
    /// Use a profile that carries the required signatures from the next crawl on; it takes the place of one of the same name.
    Install {
        /// The signed TOML file.
        file: PathBuf,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// Use an installed profile no more: a built-in one of the same name counts again.
    Remove {
        /// Its name.
        name: String,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// How well the sites of a case are read, and an alarm where that dropped.
    Health {
        /// The case.
        case: CaseId,
    },
    /// Propose a profile from saved pages of one site: what repeats on them, and where its parts stand.
    Propose {
        /// Pages saved as HTML; three to five of each kind serve best.
        #[arg(required = true)]
        pages: Vec<PathBuf>,
        /// The name of the profile.
        #[arg(long, default_value = "proposed")]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuthorisationCommand {
    /// Print a template to fill in.
    New {
        /// The case it is for.
        case: CaseId,
    },
    /// Say exactly what a document would admit and refuse, and why.
    Check {
        /// The document.
        file: PathBuf,
        /// Also decide this URL (repeat for more).
        #[arg(long = "url", value_name = "URL")]
        urls: Vec<String>,
    },
    /// Put your signature under a document (supervisors, on their own machine).
    Sign {
        /// The document; the signature is added to it.
        file: PathBuf,
        /// Your key folder, made by `supervisor enrol`.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// Register a document that carries the required signatures.
    Add {
        /// The signed document.
        file: PathBuf,
    },
    /// List registered authorisations.
    List,
    /// Print one.
    Show {
        /// Its id.
        id: AuthorisationId,
    },
    /// Revoke one; a running crawl stops within 60 seconds.
    Revoke {
        /// Its id.
        id: AuthorisationId,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CrawlCommand {
    /// Collect pages of one case or several, or of every case that a schedule names, when it is due.
    Run {
        /// The cases; they share the connections and take turns.
        #[arg(required_unless_present = "scheduled", conflicts_with = "scheduled", value_name = "CASE")]
        cases: Vec<CaseId>,
        /// Wait for what `crawl schedule` says and collect that, until stopped.
        #[arg(long, conflicts_with = "until_idle")]
        scheduled: bool,
        /// End when the frontier is exhausted or every host is snoozed past --max-wait.
        #[arg(long)]
        until_idle: bool,
        /// Seconds that --until-idle waits for a snoozed host.
        #[arg(long, default_value_t = 60, value_name = "SECONDS")]
        max_wait: u64,
        /// Pages in flight at once, over all hosts; one host never has more than one.
        #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
        workers: u16,
        /// End after this many pages were kept.
        #[arg(long, value_name = "N")]
        max_pages: Option<u64>,
        /// How it is shown while it goes, on standard error: bars, lines of JSON, or not at all.
        #[arg(long, value_enum, default_value_t = ProgressKind::Auto, value_name = "KIND")]
        progress: ProgressKind,
    },
    /// What would be asked for next, when and why; and what would become of an address.
    Plan {
        /// The case.
        case: CaseId,
        /// Also judge this address; may be repeated.
        #[arg(long = "url", value_name = "URL")]
        urls: Vec<String>,
        /// How many pages to show.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
        count: u16,
    },
    /// Show the calendars by which a case is crawled; add one, or take one away.
    Schedule {
        /// The case.
        case: CaseId,
        /// Add one: minute, hour, day of the month, month, day of the week, as cron has them.
        #[arg(long, value_name = "PATTERN")]
        at: Option<String>,
        /// In whose clocks: a time zone of the IANA list.
        #[arg(long, default_value = "UTC", value_name = "ZONE")]
        zone: String,
        /// Minutes after which a run ends.
        #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=10_080))]
        minutes: u32,
        /// Take the one of this number away.
        #[arg(long, value_name = "NUMBER", conflicts_with = "at")]
        remove: Option<i64>,
    },
    /// Ask a running crawl of a case to finish the pages that are on their way and end.
    Stop {
        /// The case.
        case: CaseId,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// Counts and states per host, each with its reason.
    Status {
        /// The case.
        case: CaseId,
    },
    /// Pause all collection of a case; a running crawl asks for no further page.
    Pause {
        /// The case.
        case: CaseId,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
    /// Take a pause back, or let a site go on that is held because of a login wall or a CAPTCHA.
    Resume {
        /// The case.
        case: CaseId,
        /// The site's label in the authorisation; forms of address that were given up are tried once more, too.
        #[arg(long, value_name = "LABEL")]
        site: Option<String>,
    },
    /// Why a site is slow, paused or finished.
    Why {
        /// The case.
        case: CaseId,
        /// The site's label in the authorisation.
        site: String,
    },
}

/// How a crawl is shown while it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ProgressKind {
    /// Bars on a terminal, nothing elsewhere.
    Auto,
    /// Bars.
    Bar,
    /// A line of JSON every two seconds.
    Json,
    /// Nothing.
    None,
}

/// How `redact` reads and writes.
#[derive(Debug, Args)]
pub(crate) struct RedactArgs {
    /// One JSON object a line in, one out: {"id","text"} to {"id","spans","redacted"}.
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// One page of HTML in: its title and visible text out, everything else searched and left out.
    #[arg(long, conflicts_with_all = ["jsonl", "explain", "lang"])]
    pub(crate) html: bool,
    /// The language of the text, as a BCP 47 tag: helps with national telephone numbers.
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    /// Say for each span which rule found it and why.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print counts by label on standard error at the end.
    #[arg(long)]
    pub(crate) stats: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
