//! What a person's client says of the log: that it goes on from what the client saw, and what it says of one grant.

use audit::{ActKind, Checkpoint, Evidence, LogVerifier, News, WitnessKey};
use model::{PersonId, Timestamp};
use seal::EpochPublic;

use crate::{Error, Grant, KeyFolder, Unlocked};

/// A checkpoint with this client's line below it: to be handed to the server, which publishes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The signed note with the cosignature.
    pub note: String,
    /// The key that the line is checked with.
    pub key: WitnessKey,
}

/// Cosigns the newest checkpoint, if it goes on from the one that this folder saw last; that one is remembered first.
///
/// # Errors
/// [`Error::Forked`] with both sizes and roots when the log was rewritten, forked or set back, or is another's.
pub fn witness(
    folder: &KeyFolder,
    unlocked: &Unlocked,
    news: &News,
    log: &LogVerifier,
    now: Timestamp,
) -> Result<Cosigned, Error> {
    let seen = folder.seen()?;
    let checkpoint = news.verify(log, seen.as_ref()).map_err(|fault| Error::Forked { why: fault.sentence })?;
    cosign(folder, unlocked, checkpoint, &news.checkpoint, now)
}

fn cosign(
    folder: &KeyFolder,
    unlocked: &Unlocked,
    checkpoint: Checkpoint,
    note: &str,
    now: Timestamp,
) -> Result<Cosigned, Error> {
    folder.remember(&checkpoint)?;
    let key = WitnessKey::of_person(&checkpoint.origin, unlocked.person(), unlocked.signing_key().verifying_key());
    let note = note.to_owned() + &key.cosign(&checkpoint, unlocked.signing_key(), now);
    Ok(Cosigned { checkpoint, note, key })
}

/// A grant that stands in the log's signed tree, and that enough others have witnessed there. Only [`Logged::check`] makes
/// one; shares are given and originals opened for nothing else.
pub struct Logged {
    pub(crate) grant: Grant,
    checkpoint: Checkpoint,
    note: String,
}

impl Logged {
    /// Checks a grant against the evidence that the server hands over: it names this very grant, stands in a tree that the
    /// log's key has signed and that goes on from the one this folder saw last, and in one that the folder's policy counts
    /// as witnessed. What was seen is remembered, durably, before anything is done on the strength of it.
    ///
    /// Members of the epoch are witnesses, and those that the policy names; not the folder's own person and not whoever
    /// asks.
    ///
    /// # Errors
    /// A refusal that names its rule.
    pub fn check(
        folder: &KeyFolder,
        epoch: &EpochPublic,
        grant: &Grant,
        evidence: &Evidence,
        log: &LogVerifier,
    ) -> Result<Self, Error> {
        let not_logged = |why: String| Error::NotLogged { why };
        let seen = folder.seen()?;
        let proven = evidence.verify(log, seen.as_ref()).map_err(|fault| not_logged(fault.to_string()))?;
        let says = |field: &str| proven.record.get(field).map(String::as_str);
        if says("act") != Some(ActKind::UnsealRequest.as_str()) {
            return Err(not_logged("the log entry does not announce a request".to_owned()));
        }
        if says("grant") != Some(grant.log_word()?.as_str()) {
            return Err(not_logged("the log entry announces another grant".to_owned()));
        }
        let policy = folder.policy()?;
        let trusted = trusted(epoch, log, &policy.witnesses, [folder.person(), &grant.requester]);
        let found = evidence.witnesses(&proven.checkpoint, log, &trusted);
        let found = found.map_err(|fault| not_logged(fault.to_string()))?.len();
        if found < policy.cosignatures {
            return Err(Error::Unwitnessed { found, needed: policy.cosignatures });
        }
        folder.remember(&proven.checkpoint)?;
        Ok(Self { grant: grant.clone(), checkpoint: proven.checkpoint, note: evidence.note().to_owned() })
    }

    /// This client's own word for the checkpoint that it has checked.
    pub(crate) fn cosign(&self, folder: &KeyFolder, unlocked: &Unlocked, now: Timestamp) -> Result<Cosigned, Error> {
        cosign(folder, unlocked, self.checkpoint.clone(), &self.note, now)
    }
}

impl std::fmt::Debug for Logged {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Logged(request {} in {} entries)", self.grant.request, self.checkpoint.size)
    }
}

fn trusted(epoch: &EpochPublic, log: &LogVerifier, others: &[WitnessKey], without: [&PersonId; 2]) -> Vec<WitnessKey> {
    let named = |person: &PersonId, key| WitnessKey::of_person(log.origin(), person, key);
    let left_out = |key: &WitnessKey| without.iter().any(|person| key.name() == named(person, *log.key()).name());
    let members = epoch.members().map(|(_, member)| named(member.person(), *member.signing()));
    members.chain(others.iter().cloned()).filter(|key| !left_out(key)).collect()
}
