//! Refreshing, evicting and repairing: the key stays, what is sealed still opens, and old shares are worth nothing.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use model::{AuthorisationId, CaptureId, PersonId, Timestamp};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng as StdRng;
use seal::{
    Ceremony, EpochCertificate, EpochPublic, Error, Header, Helping, KeyShare, Plan, RepairPlan, Sealed, Sealer,
    ceremony, combine, make_share, open, refresh,
};

use crate::site::{GRANT, people};

fn rng() -> StdRng {
    StdRng::seed_from_u64(7)
}

fn sealed_to(epoch: &EpochPublic, capture: CaptureId) -> Sealed {
    let sealer = Sealer::new(epoch);
    let case = "op-harbour-2026".parse().unwrap();
    let label = sealer.label(case, AuthorisationId::from_bytes([0xa1; 16]), capture);
    sealer.seal(&label, b"an original", &mut rng()).unwrap()
}

fn open_with(epoch: &EpochPublic, sealed: &Sealed, shares: &[&KeyShare]) -> Result<(), Error> {
    let header = Header::parse(&sealed.header)?;
    let proven = header.verify()?;
    let made = shares.iter().map(|share| make_share(&proven, share, &GRANT, &mut rng()));
    let combined = combine(epoch, &proven, &GRANT, &made.collect::<Result<Vec<_>, _>>()?)?;
    let original = open(&header, &sealed.payload, &combined.key, &sealed.commitments)?;
    assert_eq!(original.expose(), b"an original");
    Ok(())
}

fn now() -> Timestamp {
    Timestamp::from_secs(1_795_000_000)
}

fn staying<'a>(
    founded: &'a Ceremony,
    people: &[(PersonId, SigningKey)],
    who: &[usize],
) -> Vec<(&'a KeyShare, SigningKey)> {
    who.iter().map(|at| (&founded.shares[*at], people[*at].1.clone())).collect()
}

#[test]
fn refreshed_shares_open_what_was_sealed_before_and_after() {
    let people = people(5);
    let old = ceremony(now(), 3, &people, &mut rng()).unwrap();
    let before = sealed_to(&old.epoch, CaptureId::from_bytes([1; 16]));
    let new = refresh(now(), &old.epoch, &staying(&old, &people, &[0, 1, 2, 3, 4]), &mut rng()).unwrap();
    assert_eq!((new.epoch.id(), new.epoch.generation()), (old.epoch.id(), 1));
    let after = sealed_to(&new.epoch, CaptureId::from_bytes([2; 16]));
    for sealed in [&before, &after] {
        assert!(open_with(&new.epoch, sealed, &[&new.shares[4], &new.shares[0], &new.shares[2]]).is_ok());
    }
    let read = EpochCertificate::from_bytes(&new.certificate.to_bytes()).unwrap();
    let trusted = read.claimed_roster().unwrap();
    let chain = [old.certificate.clone(), read.clone()];
    assert_eq!(EpochCertificate::verify_chain(&chain, &trusted).unwrap().generation(), 1);
    assert!(read.verify(&trusted).is_err(), "a renewal says nothing without what it renews");
    assert!(EpochCertificate::verify_chain(&[read.clone(), old.certificate.clone()], &trusted).is_err());
    assert!(EpochCertificate::verify_chain(&[old.certificate, read.clone(), read], &trusted).is_err());
}

#[test]
fn an_evicted_supervisors_share_is_refused_and_so_is_anybodys_old_one() {
    let people = people(4);
    let old = ceremony(now(), 2, &people, &mut rng()).unwrap();
    let sealed = sealed_to(&old.epoch, CaptureId::from_bytes([1; 16]));
    let new = refresh(now(), &old.epoch, &staying(&old, &people, &[0, 2, 3]), &mut rng()).unwrap();
    assert!(new.epoch.member(2).is_none() && new.epoch.member(4).is_some(), "whoever stays keeps their index");
    let evicted = open_with(&new.epoch, &sealed, &[&old.shares[1], &new.shares[0]]).unwrap_err();
    assert!(evicted.to_string().contains("is not in the epoch's roster"), "{evicted}");
    let stale = open_with(&new.epoch, &sealed, &[&old.shares[0], &new.shares[1]]).unwrap_err();
    assert!(stale.to_string().contains("supervisor 1"), "{stale}");
    assert!(old.shares[0].check(&new.epoch).is_err() && new.shares[0].check(&old.epoch).is_err());
    // With the old certificate in their hands, one who was put out and one who stays still have shares that do not fit.
    assert!(open_with(&old.epoch, &sealed, &[&old.shares[1], &new.shares[0]]).is_err());
    assert!(open_with(&new.epoch, &sealed, &[&new.shares[0], &new.shares[2]]).is_ok());
}

#[test]
fn a_renewal_cannot_add_change_or_forget_too_many() {
    let all = people(4);
    let old = ceremony(now(), 3, &all[..3], &mut rng()).unwrap();
    let named = |who: &[usize]| who.iter().map(|at| all[*at].0.clone()).collect::<BTreeSet<_>>();
    assert!(Plan::renew(&old.epoch, now(), &named(&[0, 1, 2])).is_ok());
    assert!(Plan::renew(&old.epoch, now(), &named(&[0, 1])).is_err(), "fewer than the threshold");
    assert!(Plan::renew(&old.epoch, now(), &named(&[0, 1, 2, 3])).is_err(), "somebody new");
    let other = ceremony(now(), 3, &all[..3], &mut StdRng::seed_from_u64(8)).unwrap();
    let next = refresh(now(), &other.epoch, &staying(&other, &all, &[0, 1, 2]), &mut rng()).unwrap();
    assert!(next.certificate.renew(&old.epoch).is_err(), "a renewal of another epoch");
    let mine = refresh(now(), &old.epoch, &staying(&old, &all, &[0, 1, 2]), &mut rng()).unwrap();
    assert!(mine.certificate.renew(&mine.epoch).is_err(), "the same renewal twice");
    let bytes = mine.certificate.to_bytes();
    for bit in (0..bytes.len() * 8).step_by(37) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let believed = EpochCertificate::from_bytes(&flipped).and_then(|read| read.renew(&old.epoch));
        assert!(believed.is_err(), "bit {bit}");
    }
}

#[test]
fn plans_of_a_refresh_read_back() {
    let old = ceremony(now(), 2, &people(3), &mut rng()).unwrap();
    let stay = people(2).into_iter().map(|(person, _)| person).collect();
    let plan = Plan::renew(&old.epoch, now(), &stay).unwrap();
    assert_eq!(Plan::from_bytes(&plan.to_bytes()), Ok(plan.clone()));
    assert!(plan.fits(&old.epoch).is_ok());
}

/// Three of five repair the share of the fourth.
fn repaired(spoil: Option<usize>) -> Result<(Ceremony, KeyShare), Error> {
    let people = people(5);
    let founded = ceremony(now(), 3, &people, &mut rng()).unwrap();
    let helpers: BTreeSet<_> = [0, 1, 4].map(|at: usize| people[at].0.clone()).into();
    let plan = RepairPlan::new(&founded.epoch, now(), &people[3].0, &helpers).unwrap();
    let plan = RepairPlan::from_bytes(&plan.to_bytes()).unwrap();
    let shares = [&founded.shares[0], &founded.shares[1], &founded.shares[4]];
    let help =
        |share: &&KeyShare| plan.help(&founded.epoch, share, &mut StdRng::seed_from_u64(u64::from(share.index())));
    let helping: Vec<Helping> = shares.iter().map(|share| help(share).unwrap()).collect();
    let read_again: Vec<_> = helping.iter().map(|one| Helping::from_bytes(one.to_bytes().expose()).unwrap()).collect();
    let mut sums = Vec::new();
    for (helper, share) in read_again.iter().zip(shares) {
        let mail = helping.iter().filter_map(|other| other.messages().remove(&share.index())).collect::<Vec<_>>();
        sums.push(helper.sum(&mail, share)?);
    }
    if let Some(at) = spoil {
        // The last byte of the scalar, in front of the seed's 64 bytes and their two bytes of length.
        let place = sums[at].expose().len() - 64 - 2 - 32;
        sums[at].expose_mut()[place] ^= 1;
    }
    let share = plan.restore(&founded.epoch, &sums)?;
    Ok((founded, share))
}

#[test]
fn a_lost_share_is_repaired_to_the_one_that_was_lost() {
    let (founded, share) = repaired(None).unwrap();
    assert_eq!(share.to_bytes().expose(), founded.shares[3].to_bytes().expose());
}

#[test]
fn a_repaired_share_that_is_not_the_published_one_is_not_kept() {
    let error = repaired(Some(1)).unwrap_err();
    assert!(error.to_string().contains("is not the one that the certificate publishes"), "{error}");
}

#[test]
fn too_few_helpers_or_the_holder_among_them_repair_nothing() {
    let people = people(4);
    let founded = ceremony(now(), 3, &people, &mut rng()).unwrap();
    let plan = |helpers: &[usize]| {
        let helpers = helpers.iter().map(|at| people[*at].0.clone()).collect();
        RepairPlan::new(&founded.epoch, now(), &people[3].0, &helpers)
    };
    assert!(plan(&[0, 1]).is_err() && plan(&[0, 1, 3]).is_err() && plan(&[0, 1, 2]).is_ok());
}
