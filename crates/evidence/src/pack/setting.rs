//! What a pack is made of, beside its captures.

use model::{AuthorisationId, CaptureId, PersonId, Timestamp};

use crate::disclosure::Disclosure;

/// What holds for the whole pack.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What may leave, and to whom.
    pub disclosure: Disclosure,
    /// Who approved it, each with the signature that `ssh-keygen -Y verify` reads.
    pub approvals: Vec<Approval>,
    /// How many approvals it takes.
    pub threshold: u16,
    /// Lines of `allowed_signers` beyond those of the approvals.
    pub signers: Vec<String>,
    /// When the pack is made.
    pub made: Timestamp,
    /// The installation's name.
    pub site: String,
    /// The case's title.
    pub case_title: String,
    /// The program and its version: `lanthorn 0.1.0`.
    pub tool: String,
    /// The authorisations that the captures were collected under.
    pub authorisations: Vec<Authority>,
    /// What was not collected.
    pub gaps: Vec<Gap>,
    /// Captures of the case that the pack leaves out.
    pub unused: Vec<CaptureId>,
    /// Refusals and searches of the case that are about captures which the pack leaves out.
    pub about_others: u64,
    /// When the collecting machine's clock was held against another's.
    pub clock_checks: Vec<ClockCheck>,
}

/// The collecting machine's clock beside a time-stamping authority's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockCheck {
    /// The entry of the log that says so.
    pub entry: i64,
    /// When, by the machine's clock.
    pub at: Timestamp,
    /// The authority.
    pub authority: String,
    /// Milliseconds by which the machine's clock was ahead.
    pub ahead_millis: i64,
    /// How far off that may be.
    pub within_millis: i64,
}

/// One approval.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Whose.
    pub person: PersonId,
    /// The armoured signature.
    pub signature: String,
    /// The signer's line for `allowed_signers`.
    pub signer: String,
}

/// One authorisation, as signed.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its id.
    pub id: AuthorisationId,
    /// From when.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// What it says, for people.
    pub summary: Vec<String>,
    /// The signed file.
    pub document: String,
}

/// Something that was not collected.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The site's label.
    pub site: String,
    /// What, and by which rule.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// A time stamp under a checkpoint of the log, as it lies there.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Entries of the checkpoint.
    pub entries: u64,
    /// The authority's name in file names.
    pub authority: String,
    /// The signed checkpoint.
    pub checkpoint: Vec<u8>,
    /// The query.
    pub query: Vec<u8>,
    /// The reply.
    pub reply: Vec<u8>,
}

/// What others sign of an archive whose records are closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// The package's digest, as text: what a domain signs.
    pub hash: String,
    /// Its date.
    pub created: String,
    /// SHA-256 of the WARC file in it: what time-stamping authorities are asked about.
    pub warc_sha256: [u8; 32],
}

/// An authority's token over the WARC file.
#[derive(Clone, Debug)]
pub struct ArchiveStamp {
    /// The authority's name in file names.
    pub authority: String,
    /// The query.
    pub query: Vec<u8>,
    /// The reply.
    pub reply: Vec<u8>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of `MANIFEST.sha256`: what the log says of the pack.
    pub manifest_sha256: [u8; 32],
    /// Captures in it.
    pub captures: usize,
    /// Bytes of its files.
    pub bytes: u64,
}
