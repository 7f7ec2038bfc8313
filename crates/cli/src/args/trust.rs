//! What supervisors, requesters and auditors type: opening, keys, witnessing, keeping, the log.

use std::path::PathBuf;

use audit::ActKind;
use clap::{Args, Subcommand};
use model::{CaptureId, PersonId, Timestamp};

#[derive(Debug, Subcommand)]
pub(crate) enum UnsealCommand {
    /// Ask that one capture be opened.
    Request {
        /// The capture.
        capture: CaptureId,
        /// A reason code, such as R1-victim-safety.
        #[arg(long, required_unless_present = "break_glass", conflicts_with = "break_glass")]
        code: Option<String>,
        /// Life or limb is at risk now: waives the approvers' daily ceilings, never their number. It lasts 8 hours at most and owes
        /// a review; until somebody who had no part in it has given one, you can ask for nothing more.
        #[arg(long)]
        break_glass: bool,
        /// The reason in words.
        #[arg(long)]
        reason: String,
        /// The legal basis: instrument and article.
        #[arg(long)]
        legal_basis: String,
        /// Hours until the grant dies; 24 if you say nothing, 4 with --break-glass.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=168))]
        hours: Option<u32>,
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
    /// Repair a share that its holder has lost, with the help of as many others as it takes to open an original.
    #[command(subcommand)]
    Repair(RepairCommand),
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
    /// Carry the folder of a ceremony or a repair through the site: hand in what is yours, bring what the others have handed in.
    /// Without a folder, list what is under way. The site can read nothing that is for one person's eyes.
    Mail {
        /// The folder; made if it is not there yet.
        #[arg(long, value_name = "DIR")]
        at: Option<PathBuf>,
        /// The plan's name, to bring it into a new folder.
        #[arg(long, value_name = "NAME", requires = "at")]
        plan: Option<String>,
        /// Throw away what the site has under this plan.
        #[arg(long, value_name = "NAME", conflicts_with_all = ["at", "plan"])]
        clear: Option<String>,
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
    /// Uses of break-glass, and which of them nobody has reviewed (auditors, too).
    Reviews,
    /// Say whether a use of break-glass was justified. Whoever asked or approved cannot (auditors can).
    Review {
        /// The request's number.
        request: i64,
        /// What you found.
        #[arg(long, value_parser = ["justified", "not-justified"])]
        finding: String,
        /// Why.
        #[arg(long)]
        note: String,
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
        #[command(flatten)]
        change: PolicyChange,
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

/// What is to be different in a key folder's policy.
#[derive(Debug, Args)]
pub(crate) struct PolicyChange {
    /// How many others must have cosigned a log in which the request stands.
    #[arg(long, value_name = "N")]
    pub(crate) cosignatures: Option<usize>,
    /// Trust a witness beside the epoch's members, by the line that `supervisor witness` prints (repeat).
    #[arg(long, value_name = "KEY")]
    pub(crate) trust: Vec<String>,
    /// Trust it no longer.
    #[arg(long, value_name = "KEY")]
    pub(crate) distrust: Vec<String>,
    /// Approvals in 24 hours, all together.
    #[arg(long, value_name = "N")]
    pub(crate) a_day: Option<usize>,
    /// Approvals in 24 hours for one person's requests.
    #[arg(long, value_name = "N")]
    pub(crate) a_day_for_one_person: Option<usize>,
    /// Approvals in 24 hours in one case.
    #[arg(long, value_name = "N")]
    pub(crate) a_day_in_one_case: Option<usize>,
    /// Give a share only after somebody of this class of supervisors has approved, such as prosecution=s.amina,s.noor
    /// (repeat). Those whom others wait for must not wait themselves.
    #[arg(long, value_name = "NAME=PEOPLE")]
    pub(crate) class: Vec<String>,
    /// Wait for that class no longer.
    #[arg(long, value_name = "NAME")]
    pub(crate) no_class: Vec<String>,
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
pub(crate) enum RepairCommand {
    /// Lay out a new folder for the repair; carry it, or put it where all can reach it.
    Plan {
        /// The folder to make.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
        /// A certificate of the epoch: the first, and every refresh since (repeat, oldest first).
        #[arg(long = "certificate", value_name = "FILE", required = true)]
        certificates: Vec<PathBuf>,
        /// Whose share is lost. That person still needs their key folder: who has lost that, too, is left out by a refresh.
        #[arg(long, value_name = "PERSON")]
        lost: PersonId,
        /// Who helps (repeat): at least as many as it takes to open an original.
        #[arg(long = "helper", value_name = "PERSON", required = true)]
        helpers: Vec<PersonId>,
    },
    /// Do all that you can do now, and say who is waited for; again and again until the share is restored.
    Step {
        /// The repair's folder.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// Show whose share is repaired, who helps, and who is waited for.
    Status {
        /// The repair's folder.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
    },
    /// End a repair for everybody and forget your part of it.
    Abort {
        /// The repair's folder.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
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
    /// Lay out a new folder for refreshing an epoch's shares: who stays gets another share of the same key, who is left out
    /// holds one that fits no other. Then `step`, as in a new ceremony.
    Refresh {
        /// The folder to make.
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
        /// A certificate of the epoch: the first, and every refresh since (repeat, oldest first).
        #[arg(long = "certificate", value_name = "FILE", required = true)]
        certificates: Vec<PathBuf>,
        /// Who is left out (repeat). Everybody else stays.
        #[arg(long, value_name = "PERSON")]
        without: Vec<PersonId>,
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
        #[command(flatten)]
        filter: FilterArgs,
        /// Go on with what is added, until Ctrl-C; with --json one object a line.
        #[arg(long)]
        follow: bool,
    },
    /// What was searched for, readable with an auditor's own key alone.
    Queries {
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// How many of the latest.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        lines: u32,
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// What an auditor looks at first: favours, haste, one supervisor for everything, refusals, nights.
    Patterns {
        /// How many of the latest records are read.
        #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        lines: u32,
        /// Hours that your clocks are ahead of UTC.
        #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(-12..=14))]
        offset_hours: i64,
        /// The night: from this hour
        #[arg(long, default_value_t = 22, value_parser = clap::value_parser!(i64).range(0..=23))]
        night_from: i64,
        /// to before this one.
        #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(i64).range(0..=23))]
        night_to: i64,
    },
    /// Let the time-stamping authorities of the configuration put their time under the newest checkpoint, over Tor; what could
    /// not be sent before is sent first.
    Stamp {
        /// Also where the last stamp is younger than [timestamp] every_hours.
        #[arg(long)]
        now: bool,
    },
    /// List time stamps, check that each is of this very log, and with --ca let OpenSSL judge the signatures.
    Stamps {
        /// The authorities' root certificates, in PEM.
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
    },
    /// Copy the public log (tiles, checkpoint, key) into a folder for an outside expert.
    Export {
        /// The folder to make.
        out: PathBuf,
        /// Add records.jsonl: the records that fit the filters, each with the salt that opens its entry (auditors; logged).
        #[arg(long)]
        records: bool,
        #[command(flatten)]
        filter: FilterArgs,
    },
}

/// Which records.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct FilterArgs {
    /// Of this kind of act, such as consult or refuse (repeat).
    #[arg(long = "kind", value_name = "KIND")]
    pub(crate) kinds: Vec<ActKind>,
    /// Of this person.
    #[arg(long, value_name = "PERSON")]
    pub(crate) who: Option<PersonId>,
    /// On this capture.
    #[arg(long, value_name = "CAPTURE")]
    pub(crate) on: Option<CaptureId>,
    /// Not before: a day such as 2026-11-27, or a moment such as 2026-11-27T08:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) since: Option<Timestamp>,
    /// Not after; a day means its beginning.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) until: Option<Timestamp>,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    let day = format!("{text}T00:00:00Z");
    Timestamp::parse_rfc3339(text)
        .or_else(|| Timestamp::parse_rfc3339(&day))
        .ok_or_else(|| "it is no day such as 2026-11-27 and no moment such as 2026-11-27T08:00:00Z".to_owned())
}
