//! Checks an evidence pack offline: every file, every digest, every signature, every proof, and that nothing else is there.
//!
//! It is stricter than the tools of others that read the same files, and shares no code with the room that writes packs. It names
//! the first fault in a sentence. `docs/formats/evidence-pack.md` says what is checked in which order.
//!
//! Deliberately absent: a network, a database, a key of any installation, any repair.
//!
//! ```
//! use verify::{Trust, check};
//!
//! let fault = check(std::path::Path::new("no-such-folder"), &Trust::default()).unwrap_err();
//! assert_eq!(fault.at, "no-such-folder");
//! ```

mod about;
mod archive;
mod captures;
mod defence;
mod derivation;
mod explain;
mod fault;
mod files;
mod json;
mod log;
mod originals;
mod signers;
mod stamps;
mod warc;
mod zip;

use std::path::Path;

use serde::Serialize;

pub use explain::explain;
pub use fault::Fault;

/// What the reader trusts, handed over by another way than the pack.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The log's public key: `name+id+base64`. Without it the pack's own is taken, and the report says so.
    pub log_key: Option<String>,
    /// Who may approve and make packs, as an OpenSSH `allowed_signers` file. Without it the pack's own is taken.
    pub signers: Option<String>,
    /// Roots of time-stamping authorities and of domains, as PEM. Without them signatures are judged, and whom they lead to is not.
    pub roots: Option<String>,
    /// Whether the archive has to be signed by a domain.
    pub domain_signed: bool,
}

/// What was found to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The case.
    pub case: String,
    /// Who got the pack.
    pub recipient: String,
    /// Who made it.
    pub made_by: String,
    /// Who approved that it leaves.
    pub approved_by: Vec<String>,
    /// Files that are listed and were read.
    pub files: usize,
    /// Captures: each with its view, its derivation and its entries in the log.
    pub captures: usize,
    /// Originals: each disclosed under a grant, and known to the log.
    pub originals: usize,
    /// Entries of the log that were proved.
    pub entries: usize,
    /// The log's name and the number of its entries at the checkpoint.
    pub log: (String, u64),
    /// SHA-256 of `MANIFEST.sha256`: what the log calls the pack.
    pub manifest_sha256: String,
    /// What time stamps of others prove, in sentences.
    pub stamped: Vec<String>,
    /// What was taken on the pack's own word, in sentences. Empty if keys were given.
    pub on_its_own_word: Vec<String>,
}

/// Checks a pack.
///
/// # Errors
/// The first thing that does not hold.
pub fn check(pack: &Path, trust: &Trust) -> Result<Report, Fault> {
    let files = files::Files::check(pack)?;
    let signers = signers::Signers::read(&files, trust)?;
    files.check_signature(&signers)?;
    let about = about::About::check(&files, &signers)?;
    let log = log::Entries::check(&files, &about, trust)?;
    let captures = captures::check(&files, &about, &log)?;
    defence::check(&files, &captures, &log)?;
    let mut stamped = stamps::check_log(&files, &log, trust)?;
    let views = archive::check(&files, &captures, trust, &mut stamped)?;
    derivation::check(&files, &captures, &views)?;
    originals::check(&files, &about, &captures, &log, &signers)?;
    let mut on_its_own_word = Vec::new();
    if trust.log_key.is_none() {
        on_its_own_word
            .push("the log's key is the one in the pack: compare log/log.vkey with the one you were given".to_owned());
    }
    if trust.signers.is_none() {
        on_its_own_word.push(
            "the signers' keys are those in the pack: compare approvals/allowed_signers with what you were given"
                .to_owned(),
        );
    }
    if stamped.unrooted {
        on_its_own_word
            .push("signatures of time stamps and domains hold, and nobody said which roots to trust".to_owned());
    }
    Ok(Report {
        case: about.case,
        recipient: about.recipient,
        made_by: about.requester,
        approved_by: about.approved_by,
        files: files.count(),
        captures: captures.len(),
        originals: about.originals.len(),
        entries: log.count(),
        log: (log.origin().to_owned(), log.size()),
        manifest_sha256: files.manifest_sha256(),
        stamped: stamped.says,
        on_its_own_word,
    })
}
