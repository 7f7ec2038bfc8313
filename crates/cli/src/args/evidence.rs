//! Evidence out, reports, and checking them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use model::{CaptureId, CaseId};

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Write down what is to leave, to whom and why: the grant that other supervisors sign.
    Ask {
        /// The case.
        case: CaseId,
        /// Who gets the pack: an office and a person, in words.
        #[arg(long)]
        recipient: String,
        /// Why it is necessary, in words.
        #[arg(long)]
        reason: String,
        /// The legal basis of the disclosure: instrument and article.
        #[arg(long)]
        legal_basis: String,
        /// A capture (repeat); without any, all captures of the case.
        #[arg(long = "capture", value_name = "CAPTURE")]
        captures: Vec<CaptureId>,
        /// Ask for the unredacted edition: beside the redacted views, a web archive of the originals that `export` is given with
        /// --original, encrypted for the recipient.
        #[arg(long)]
        unredacted: bool,
        /// Hours until the grant dies.
        #[arg(long, default_value_t = 168, value_parser = clap::value_parser!(u32).range(1..=2160))]
        hours: u32,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Approve a grant with your signature, on your own machine; it is written beside it as FILE.PERSON.sig.
    Sign {
        /// The grant.
        file: PathBuf,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
    },
    /// Make the pack of a grant that as many supervisors have approved as it takes to open an original.
    Export(ExportArgs),
    /// Who has got what of a case.
    Recipients {
        /// The case.
        case: CaseId,
    },
    /// Something that has left was wrong: write a notice for everybody who has got something of the case. The log says so.
    Correct {
        /// The case.
        case: CaseId,
        /// What was wrong, without personal data: name captures and exhibits.
        #[arg(long)]
        note: String,
        /// The folder to make for the notices.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Say in plain words what a pack proves and what it does not.
    Explain {
        /// The pack's folder.
        pack: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// The rights report (auditors): what was done in a period, and what no record tells. Signed HTML and JSON.
    Rights {
        /// A year, a month, a day, or two days with dots between: 2026, 2026-11, 2026-11-24, 2026-11-01..2026-11-30.
        #[arg(long)]
        period: String,
        /// Your key folder: you sign the report.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// The folder to make.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReferralCommand {
    /// Write a referral: address, time and ground of one capture, from an original that enough supervisors agreed to open.
    /// Never an image, never a text.
    Make {
        /// Your approved unseal request.
        request: i64,
        /// Your key folder.
        #[arg(long, value_name = "DIR")]
        keys: PathBuf,
        /// To whom: a platform or a hotline, in words.
        #[arg(long)]
        to: String,
        /// The ground: the law or the rule that the page breaks.
        #[arg(long)]
        ground: String,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The log's public key, if it is kept outside the data folder.
        #[arg(long, value_name = "FILE")]
        log_key: Option<PathBuf>,
    },
    /// All referrals, and how many hours each has waited.
    List,
    /// Note what has become of one.
    Answer {
        /// Its number.
        referral: i64,
        /// What has become of it.
        #[arg(value_parser = ["acknowledged", "acted", "refused", "silent"])]
        state: String,
        /// What was said, without personal data.
        #[arg(long)]
        note: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The grant; the approvals lie beside it.
    pub(crate) grant: PathBuf,
    /// Your key folder: you sign the manifest.
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: PathBuf,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Also put in the original of this approved unseal request of yours (repeat).
    #[arg(long = "original", value_name = "REQUEST", requires = "to")]
    pub(crate) originals: Vec<i64>,
    /// The age key that opens the originals in the pack: age1….
    #[arg(long, value_name = "RECIPIENT")]
    pub(crate) to: Option<String>,
    /// Sign the archive for this domain, too, with a time stamp of the first configured authority that answers.
    #[arg(long, value_name = "NAME", requires_all = ["domain_key", "domain_cert", "authority_cert"])]
    pub(crate) domain: Option<String>,
    /// The domain's key: PKCS#8 on P-256, PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) domain_key: Option<PathBuf>,
    /// The domain's certificate and those above it, PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) domain_cert: Option<PathBuf>,
    /// The authority's certificate and those above it, PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) authority_cert: Option<PathBuf>,
    /// The log's public key, if it is kept outside the data folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) log_key: Option<PathBuf>,
}

/// What `verify` trusts.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The pack's folder.
    pub(crate) pack: PathBuf,
    /// The log's public key, handed to you by another way than the pack.
    #[arg(long, value_name = "FILE")]
    pub(crate) log_key: Option<PathBuf>,
    /// Who may approve and make packs: an OpenSSH allowed_signers file, handed to you by another way than the pack.
    #[arg(long, value_name = "FILE")]
    pub(crate) signers: Option<PathBuf>,
    /// Roots of time-stamping authorities and domains (PEM) that you trust.
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
    /// Reject an archive that no domain has signed.
    #[arg(long)]
    pub(crate) domain_signed: bool,
}
