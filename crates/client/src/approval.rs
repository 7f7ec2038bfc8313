//! A supervisor's own checks, and the share that follows them.

use audit::{ActKind, Checkpoint, Evidence, LogVerifier};
use model::Timestamp;
use seal::{EpochPublic, Header, make_share};

use crate::answer::Answer;
use crate::{Error, Grant, KeyFolder, Unlocked};

/// Gives a share for one original under one grant, encrypted to the requester.
///
/// The label comes from the ciphertext, never from the server; its proof is checked before the share is touched. The
/// grant must stand in the log's signed tree, and that tree must go on from the one this folder saw last, so that no
/// opening stays unseen and no history is rewritten. What was seen is remembered before a share is made.
///
/// # Errors
/// A refusal that names its rule.
#[expect(clippy::too_many_arguments, reason = "each is a thing that a supervisor checks or uses once, here")]
pub fn approve(
    folder: &KeyFolder,
    unlocked: &Unlocked,
    epoch: &EpochPublic,
    grant: &Grant,
    header: &[u8],
    evidence: &Evidence,
    log: &LogVerifier,
    now: Timestamp,
    rng: &mut (impl rand::CryptoRng + rand::RngCore),
) -> Result<Vec<u8>, Error> {
    if grant.requester == *unlocked.person() {
        return Err(Error::OwnRequest);
    }
    if now > grant.not_after {
        return Err(Error::Expired);
    }
    let header = Header::parse(header)?;
    let proven = header.verify()?;
    if proven.label().capture != grant.capture {
        return Err(Error::OtherCapture { found: proven.label().capture, named: grant.capture });
    }
    if header.hash() != grant.header_hash {
        return Err(Error::OtherHeader);
    }
    let hash = grant.hash()?;
    let seen = folder.seen()?;
    let checkpoint = logged(evidence, log, seen.as_ref(), &hash.0)?;
    folder.remember(&checkpoint)?;
    let share = folder.share(epoch, unlocked)?;
    let contribution = make_share(&proven, &share, &hash, rng)?;
    Answer::new(unlocked.person(), unlocked.signing_key(), grant, contribution)?.lock(&grant.recipient)
}

/// The log entry that announces the request names this very grant, and is in the tree that the log signed.
fn logged(
    evidence: &Evidence,
    log: &LogVerifier,
    seen: Option<&Checkpoint>,
    grant: &[u8; 32],
) -> Result<Checkpoint, Error> {
    let proven = evidence.verify(log, seen).map_err(|fault| Error::NotLogged { why: fault.to_string() })?;
    let says = |field: &str| proven.record.get(field).map(String::as_str);
    if says("act") != Some(ActKind::UnsealRequest.as_str()) {
        return Err(Error::NotLogged { why: "the log entry does not announce a request".to_owned() });
    }
    if says("grant") != Some(crate::grant::hex(grant).as_str()) {
        return Err(Error::NotLogged { why: "the log entry announces another grant".to_owned() });
    }
    Ok(proven.checkpoint)
}
