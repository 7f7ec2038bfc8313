//! The command line: what can be typed, and the help that explains it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::{AuthorisationId, CaptureId, CaseId, PersonId, Role, Token};

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
    /// Extraction profiles.
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Signed authorisations: what may be collected, and why.
    #[command(subcommand)]
    Authorisation(AuthorisationCommand),
    /// Collect pages inside a signed authorisation.
    #[command(subcommand)]
    Crawl(CrawlCommand),
    /// Hide personal data in text from standard input; needs no case and is no oracle for one.
    Redact(RedactArgs),
    /// Search the redacted index of a case.
    Search {
        /// The case.
        case: CaseId,
        /// Words, "phrases", AND OR NOT ( ), field:value, [PHONE:…] tokens.
        query: String,
        /// The most hits to print.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Everything that shares a hidden identifier: captures, tokens beside it, first and last seen.
    Pivot {
        /// The case.
        case: CaseId,
        /// The token, such as '[PHONE:k7f3a9q2m4xtc]'.
        token: Token,
    },
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
pub(crate) enum CaseCommand {
    /// Open a case.
    New {
        /// Its id, such as op-harbour-2026.
        case: CaseId,
        /// What it is about, without personal data.
        #[arg(long)]
        title: String,
    },
    /// List cases.
    List,
    /// Close a case: no more collection; what was collected stays under retention.
    Close {
        /// The case.
        case: CaseId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Propose a person with a role. Until two supervisors exist the proposal takes effect at once, and is logged so.
    Add {
        /// The account name, such as s.maria.
        name: PersonId,
        /// analyst, supervisor, operator or auditor.
        #[arg(long)]
        role: Role,
        /// The person's enrolment file with public keys (supervisors and those who open originals).
        #[arg(long, value_name = "FILE")]
        enrolment: Option<PathBuf>,
        /// Read the new person's passphrase from FILE instead of asking.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Propose another role for a person.
    Role {
        /// The person.
        name: PersonId,
        /// The new role.
        role: Role,
    },
    /// Confirm somebody else's proposal.
    Confirm {
        /// The proposal's number, as `people list` shows it.
        proposal: i64,
    },
    /// List people and open proposals.
    List,
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
    /// Collect pages of a case.
    Run {
        /// The case.
        case: CaseId,
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
    /// Take a pause back.
    Resume {
        /// The case.
        case: CaseId,
    },
    /// Why a site is slow, paused or finished.
    Why {
        /// The case.
        case: CaseId,
        /// The site's label in the authorisation.
        site: String,
    },
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

#[derive(Debug, Subcommand)]
pub(crate) enum UnsealCommand {
    /// Ask that one capture be opened.
    Request {
        /// The capture.
        capture: CaptureId,
        /// A reason code, such as R1-victim-safety.
        #[arg(long)]
        code: String,
        /// The reason in words.
        #[arg(long)]
        reason: String,
        /// The legal basis: instrument and article.
        #[arg(long)]
        legal_basis: String,
        /// Hours until the grant dies.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=168))]
        hours: u32,
    },
    /// List requests and how many approvals each has.
    List,
    /// Withdraw a request of your own: nobody can use it any more.
    Withdraw {
        /// The request's number.
        request: i64,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Combine the shares that were granted to you and show the original as text.
    Open {
        /// The request's number.
        request: i64,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The log's key as you keep it outside the installation; without it the log's own is believed.
        #[arg(long, value_name = "FILE")]
        log_key: Option<PathBuf>,
        /// A new folder for the grant and the supervisors' signatures, for `ssh-keygen -Y verify`.
        #[arg(long, value_name = "DIR")]
        approvals: Option<PathBuf>,
    },
    /// Write the original as an age file for a named recipient: same payload, new header.
    Disclose {
        /// The request's number.
        request: i64,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The log's key as you keep it outside the installation; without it the log's own is believed.
        #[arg(long, value_name = "FILE")]
        log_key: Option<PathBuf>,
        /// The recipient's age public key (age1…).
        #[arg(long)]
        recipient: String,
        /// The file to write; refused if it exists.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SupervisorCommand {
    /// Make your own key folder and an enrolment file with its public halves.
    Enrol {
        /// The folder to make.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// Make a group key a step at a time, each member on a machine of their own.
    #[command(subcommand)]
    Ceremony(CeremonyCommand),
    /// Make a share on a document of no content and check it: twice a year, so that nobody's passphrase is forgotten.
    Drill {
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// The same around one table, in one process: every member's key folder and passphrase at hand.
    Keygen {
        /// A member's key folder (repeat; passphrases are asked in the same order).
        #[arg(long = "member", value_name = "DIR", required = true)]
        members: Vec<PathBuf>,
        /// How many of them must agree to open an original.
        #[arg(long, default_value_t = 2)]
        threshold: u16,
        /// Where to write the certificate for crawlers.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Install an epoch certificate that every supervisor signed: crawlers seal to it from now on.
    Epoch {
        /// The certificate.
        file: PathBuf,
    },
    /// Requests that wait for a decision.
    Queue,
    /// Give your share for one request, after your own checks of the header, the grant and the log.
    Approve {
        /// The request's number.
        request: i64,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The log's key as you keep it outside the installation; without it the log's own is believed.
        #[arg(long, value_name = "FILE")]
        log_key: Option<PathBuf>,
    },
    /// Cosign the newest state of the log, if it goes on from what your key folder saw last (auditors, too).
    Witness {
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The log's key as you keep it outside the installation; without it the log's own is believed.
        #[arg(long, value_name = "FILE")]
        log_key: Option<PathBuf>,
    },
    /// Show or change what your own client asks for before it gives a share; the server cannot.
    Policy {
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// How many others must have cosigned a log in which the request stands.
        #[arg(long, value_name = "N")]
        cosignatures: Option<usize>,
        /// Trust a witness beside the epoch's members, by the line that `supervisor witness` prints (repeat).
        #[arg(long, value_name = "KEY")]
        trust: Vec<String>,
        /// Trust it no longer.
        #[arg(long, value_name = "KEY")]
        distrust: Vec<String>,
        /// Approvals in 24 hours, all together.
        #[arg(long, value_name = "N")]
        a_day: Option<usize>,
        /// Approvals in 24 hours for one person's requests.
        #[arg(long, value_name = "N")]
        a_day_for_one_person: Option<usize>,
        /// Approvals in 24 hours in one case.
        #[arg(long, value_name = "N")]
        a_day_in_one_case: Option<usize>,
    },
    /// Deny a request, with a reason; also one that you have approved.
    Deny {
        /// The request's number.
        request: i64,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RetentionCommand {
    /// What is kept, what is due, what is held, and which erasures wait for backups to expire.
    Report,
    /// List what is due and what would be confirmed; with --do erase and confirm it.
    Run {
        /// Do it, not only say it.
        #[arg(long = "do")]
        perform: bool,
    },
    /// Keep a capture although its time is over, for proceedings that need it.
    Hold {
        /// The capture.
        capture: CaptureId,
        /// Why: the proceedings.
        #[arg(long)]
        reason: String,
    },
    /// Ask that a hold be released; the second person who asks releases it.
    Release {
        /// The hold's number.
        hold: i64,
    },
    /// Every hold that stands.
    Holds,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CeremonyCommand {
    /// Lay out a new folder from the members' enrolment files; carry it, or put it where all can reach it.
    Plan {
        /// The folder to make.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
        /// A member's enrolment.toml (repeat).
        #[arg(long = "member", value_name = "FILE", required = true)]
        members: Vec<PathBuf>,
        /// How many of them must agree to open an original.
        #[arg(long, default_value_t = 2)]
        threshold: u16,
    },
    /// Do all that you can do now, and say who is waited for; again and again until the certificate is there.
    Step {
        /// The ceremony's folder.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// Show the plan and how far each member has come.
    Status {
        /// The ceremony's folder.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
    },
    /// End a ceremony for everybody and forget your part of it.
    Abort {
        /// The ceremony's folder.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check the whole log; names the first bad entry.
    Verify {
        /// A log folder elsewhere: tiles, checkpoint and log.vkey; nothing else is needed.
        #[arg(long, value_name = "DIR")]
        log: Option<PathBuf>,
    },
    /// Print the last records (auditors; each reading is itself logged).
    Tail {
        /// How many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        lines: u32,
    },
    /// Copy the public log (tiles, checkpoint, key) into a folder for an outside expert.
    Export {
        /// The folder to make.
        out: PathBuf,
    },
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
