//! A supervisor's own checks, and the share that follows them.

use audit::{Evidence, LogVerifier};
use model::Timestamp;
use seal::{EpochPublic, Header, make_share};

use crate::answer::Answer;
use crate::ceiling::Given;
use crate::class::{Spoken, all_have_spoken};
use crate::witness::{Cosigned, Logged};
use crate::{Error, Grant, KeyFolder, Unlocked};

/// The longest time of a grant that breaks the glass: what is urgent is done soon.
const BREAK_GLASS_MILLIS: i64 = 8 * 3_600_000;

/// What a supervisor's client hands to the server.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The share, encrypted to the requester.
    pub answer: Vec<u8>,
    /// The supervisor's signature under the grant, as it also stands in the answer: no secret, and what the clients of other
    /// classes wait for.
    pub signature: [u8; 64],
    /// The client's word for the log in which the request stands.
    pub cosigned: Cosigned,
}

/// Gives a share for one original under one grant, encrypted to the requester.
///
/// The label comes from the ciphertext, never from the server; its proof is checked before the share is touched. The
/// grant must stand in the log's signed tree, which must go on from the one this folder saw last and be witnessed by
/// others ([`Logged`]), so that no opening stays unseen and no history is rewritten. What was seen and what is given
/// is remembered before a share is made.
///
/// Where the folder's policy has classes, somebody of each has to have signed this very grant before: `spoken` is what the
/// server has of that.
///
/// A grant that breaks the glass waives the folder's ceilings; it still counts against them. Everything else is asked of it as
/// of any other, and it must be short.
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
    spoken: &[Spoken],
    log: &LogVerifier,
    now: Timestamp,
    rng: &mut (impl rand::CryptoRng + rand::RngCore),
) -> Result<Approval, Error> {
    if grant.requester == *unlocked.person() {
        return Err(Error::OwnRequest);
    }
    if now > grant.not_after {
        return Err(Error::Expired);
    }
    if grant.breaks_glass() && grant.not_after.since_millis(now) > BREAK_GLASS_MILLIS {
        return Err(Error::LongBreakGlass);
    }
    let header = Header::parse(header)?;
    let proven = header.verify()?;
    if proven.label().capture != grant.capture {
        return Err(Error::OtherCapture { found: proven.label().capture, named: grant.capture });
    }
    if header.hash() != grant.header_hash {
        return Err(Error::OtherHeader);
    }
    let logged = Logged::check(folder, epoch, grant, evidence, log)?;
    all_have_spoken(&folder.policy()?.classes, unlocked.person(), epoch, grant, spoken)?;
    let share = folder.share(epoch, unlocked)?;
    folder.count(Given {
        at: now,
        request: grant.request,
        requester: grant.requester.clone(),
        case: proven.label().case.clone(),
        whatever_the_ceilings: grant.breaks_glass(),
    })?;
    let contribution = make_share(&proven, &share, &grant.hash()?, rng)?;
    let answer = Answer::new(unlocked.person(), unlocked.signing_key(), grant, contribution)?;
    Ok(Approval {
        answer: answer.lock(&grant.recipient)?,
        signature: answer.signature.to_bytes(),
        cosigned: logged.cosign(folder, unlocked, now)?,
    })
}
