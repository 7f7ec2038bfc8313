//! Ceremonies in one process, where there is nobody to keep secrets from: for a first installation around one table, for
//! demonstrations and for tests.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use model::{PersonId, Sensitive, Timestamp};
use rand::{CryptoRng, RngCore};

use super::frost::stop;
use super::{AwaitingMessages, EpochCertificate, EpochPublic, Generated, KeyShare, Plan, begin};
use crate::Error;

/// What a ceremony in one process leaves: for demonstrations and tests, where there is nobody to keep secrets from.
#[derive(Debug)]
pub struct Ceremony {
    /// The certificate, signed by all.
    pub certificate: EpochCertificate,
    /// The epoch, believed.
    pub epoch: EpochPublic,
    /// Everybody's share, in the order of the members.
    pub shares: Vec<KeyShare>,
}

/// All rounds of a key generation in one process.
///
/// # Errors
/// If the plan is not a possible one.
pub fn ceremony(
    created: Timestamp,
    threshold: u16,
    members: &[(PersonId, SigningKey)],
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Ceremony, Error> {
    let public = members.iter().map(|(person, key)| (person.clone(), key.verifying_key()));
    let plan = Plan::new(created, threshold, public)?;
    let last = |state: AwaitingMessages, mail: &[Sensitive<Vec<u8>>]| {
        let key = members.get(usize::from(state.index()).wrapping_sub(1)).map(|(_, key)| key.clone());
        Ok((state.receive(mail)?, key.ok_or(stop("the plan has no such member", None))?))
    };
    let (certificate, shares) = rounds(&plan, last, rng)?;
    let epoch = certificate.verify(&plan.trusted())?;
    Ok(Ceremony { certificate, epoch, shares })
}

/// All rounds of a refresh in one process: the shares of those who stay, in the order of their indices.
///
/// # Errors
/// If somebody who stays has no share here, or fewer stay than are needed.
pub fn refresh(
    created: Timestamp,
    previous: &EpochPublic,
    staying: &[(&KeyShare, SigningKey)],
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Ceremony, Error> {
    let person = |(share, _): &(&KeyShare, SigningKey)| previous.member(share.index()).map(|one| one.person().clone());
    let people = staying.iter().map(person).collect::<Option<_>>();
    let plan = Plan::renew(previous, created, &people.ok_or(Error::OtherEpoch)?)?;
    let last = |state: AwaitingMessages, mail: &[Sensitive<Vec<u8>>]| {
        let own = staying.iter().find(|(share, _)| share.index() == state.index());
        let (share, key) = own.ok_or(Error::OtherEpoch)?;
        Ok((state.refresh(mail, previous, share)?, key.clone()))
    };
    let (certificate, shares) = rounds(&plan, last, rng)?;
    let epoch = certificate.renew(previous)?;
    Ok(Ceremony { certificate, epoch, shares })
}

/// The three rounds, the last of them as told.
fn rounds(
    plan: &Plan,
    last: impl Fn(AwaitingMessages, &[Sensitive<Vec<u8>>]) -> Result<(Generated, SigningKey), Error>,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<(EpochCertificate, Vec<KeyShare>), Error> {
    let (mut waiting, mut broadcasts) = (Vec::new(), Vec::new());
    for index in plan.members.keys() {
        let (state, broadcast) = begin(plan, *index, rng)?;
        waiting.push(state);
        broadcasts.push(broadcast);
    }
    let (mut states, mut mailboxes) = (Vec::new(), BTreeMap::<u16, Vec<_>>::new());
    for state in waiting {
        let (state, messages) = state.receive(&broadcasts)?;
        states.push(state);
        messages.into_iter().for_each(|(to, message)| mailboxes.entry(to).or_default().push(message));
    }
    let (mut shares, mut signatures, mut bodies) = (Vec::new(), BTreeMap::new(), Vec::new());
    for state in states {
        let mail = mailboxes.remove(&state.index()).unwrap_or_default();
        let (Generated { share, body }, key) = last(state, &mail)?;
        signatures.insert(share.index(), body.sign(&key));
        shares.push(share);
        bodies.push(body);
    }
    let body = bodies.first().ok_or(stop("the plan has no members", None))?;
    Ok((body.certify(signatures), shares))
}
