//! Generating an epoch's key in three rounds, so that it never exists in one place, and refreshing its shares in the same
//! three rounds, so that those who stay hold others (docs/formats/epoch.md).
//!
//! The states between rounds and the messages are bytes: each round may run on another day, on its member's own machine.

use std::collections::BTreeMap;
use std::fmt;

use curve25519_dalek::scalar::Scalar;
use frost_ristretto255::Identifier;
use frost_ristretto255::keys::dkg::{part1, part2, part3, round1, round2};
use frost_ristretto255::keys::refresh::{refresh_dkg_part1, refresh_dkg_part2, refresh_dkg_shares};
use frost_ristretto255::keys::{KeyPackage, PublicKeyPackage};
use minicbor::Encoder;
use model::Sensitive;
use rand::{CryptoRng, RngCore};
use zeroize::{Zeroize as _, Zeroizing};

use super::frost::{blame, element, identifier, index_of, key_package, public_package, stop};
use super::message::{Broadcast, CONTRIBUTION_BYTES, Contribution, Message};
use super::{EpochBody, EpochPublic, KeyShare, Member, Plan};
use crate::Error;
use crate::cbor::{Reader, VECTOR};
use crate::group::{blake3_over, scalar};
use crate::kem::Seed;

const VERSION: u64 = 1;
/// What a member sends to each other member, by index: for that member's eyes only.
pub type PrivateMessages = BTreeMap<u16, Sensitive<Vec<u8>>>;

/// A member who has sent a broadcast and waits for everybody's.
pub struct AwaitingBroadcasts {
    plan: Plan,
    index: u16,
    secret: round1::SecretPackage,
    contribution: Contribution,
    own: Vec<u8>,
}

/// A member who has sent private messages and waits for the others'.
pub struct AwaitingMessages {
    plan: Plan,
    index: u16,
    secret: round2::SecretPackage,
    contribution: Contribution,
    broadcasts: BTreeMap<u16, Vec<u8>>,
}

/// What the private messages and the broadcasts hold, by sender.
struct Heard {
    broadcasts: BTreeMap<Identifier, round1::Package>,
    packages: BTreeMap<Identifier, round2::Package>,
    contributions: BTreeMap<u16, Contribution>,
}

/// A member's result: the share to keep and the body to sign.
#[derive(Debug)]
pub struct Generated {
    /// The member's share.
    pub share: KeyShare,
    /// What every member has to sign, and must find equal to everybody else's.
    pub body: EpochBody,
}

/// Round 1: a member's state, and the broadcast for everybody.
///
/// # Errors
/// If the plan has no such index.
pub fn begin(
    plan: &Plan,
    index: u16,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<(AwaitingBroadcasts, Vec<u8>), Error> {
    if !plan.members.contains_key(&index) {
        return Err(stop("the plan has no such member", Some(index)));
    }
    let members = u16::try_from(plan.members.len()).map_err(|_| stop("the plan has too many members", None))?;
    let part1 = if plan.renews.is_some() { refresh_dkg_part1 } else { part1 };
    let (secret, package) =
        part1(identifier(index)?, members, plan.threshold, &mut *rng).map_err(|_| stop("round 1 failed", None))?;
    let mut contribution = Zeroizing::new([0; CONTRIBUTION_BYTES]);
    rng.fill_bytes(&mut *contribution);
    let package = package.serialize().map_err(|_| stop("round 1 failed", None))?;
    let own =
        Broadcast { plan: plan.hash(), index, package, commitment: commit(plan, index, &contribution) }.to_bytes();
    Ok((AwaitingBroadcasts { plan: plan.clone(), index, secret, contribution, own: own.clone() }, own))
}

impl AwaitingBroadcasts {
    /// Round 2: takes everybody's broadcasts (one's own among them or not), and gives a private message to each other
    /// member, by index. Each must travel over a confidential channel to that member alone.
    ///
    /// # Errors
    /// If a broadcast is missing, malformed, of another plan, or its proof does not hold.
    pub fn receive(self, broadcasts: &[Vec<u8>]) -> Result<(AwaitingMessages, PrivateMessages), Error> {
        let broadcasts = self.collect(broadcasts)?;
        let mut packages = BTreeMap::new();
        for (index, bytes) in broadcasts.iter().filter(|(index, _)| **index != self.index) {
            let broadcast = Broadcast::from_bytes(bytes)?;
            let package = round1::Package::deserialize(&broadcast.package)
                .map_err(|_| stop("a broadcast holds no package", Some(*index)))?;
            packages.insert(identifier(*index)?, package);
        }
        let part2 = if self.plan.renews.is_some() { refresh_dkg_part2 } else { part2 };
        let (secret, packages) =
            part2(self.secret, &packages).map_err(|error| blame(&error, "a broadcast's proof does not hold"))?;
        let mut messages = BTreeMap::new();
        for (to, package) in packages {
            let to = index_of(&to);
            let message = Message {
                plan: self.plan.hash(),
                from: self.index,
                to,
                package: Sensitive::new(package.serialize().map_err(|_| stop("round 2 failed", None))?),
                contribution: self.contribution.clone(),
            };
            messages.insert(to, message.to_bytes());
        }
        let Self { plan, index, contribution, .. } = self;
        Ok((AwaitingMessages { plan, index, secret, contribution, broadcasts }, messages))
    }

    /// Everybody's broadcasts by index: exactly one from each member of the plan.
    fn collect(&self, broadcasts: &[Vec<u8>]) -> Result<BTreeMap<u16, Vec<u8>>, Error> {
        let mut by_index = BTreeMap::from([(self.index, self.own.clone())]);
        for bytes in broadcasts {
            let Broadcast { plan, index, .. } = Broadcast::from_bytes(bytes)?;
            if plan != self.plan.hash() || !self.plan.members.contains_key(&index) {
                return Err(stop("a broadcast belongs to another plan", Some(index)));
            }
            if by_index.insert(index, bytes.clone()).is_some_and(|earlier| earlier != *bytes) {
                return Err(stop("a member sent two different broadcasts", Some(index)));
            }
        }
        match self.plan.members.keys().find(|index| !by_index.contains_key(index)) {
            Some(missing) => Err(stop("a broadcast is missing", Some(*missing))),
            None => Ok(by_index),
        }
    }

    /// The plan that this is about.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// One's own broadcast: the same bytes that [`begin`] gave.
    #[must_use]
    pub fn broadcast(&self) -> &[u8] {
        &self.own
    }

    /// The state between the rounds: secret, to be written encrypted or not at all. [`receive`](Self::receive) gives the
    /// same messages each time, so this one state is enough until the share is kept.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn to_bytes(&self) -> Result<Sensitive<Vec<u8>>, Error> {
        let secret = Sensitive::new(self.secret.serialize().map_err(|_| stop("the state cannot be written", None))?);
        let mut bytes = Vec::with_capacity(2048 + self.own.len() + secret.expose().len());
        let mut out = Encoder::new(&mut bytes);
        out.array(6)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.plan.to_bytes())?.u16(self.index))
            .and_then(|out| out.bytes(secret.expose())?.bytes(&*self.contribution)?.bytes(&self.own))
            .expect(VECTOR);
        Ok(Sensitive::new(bytes))
    }

    /// Reads the state again.
    ///
    /// # Errors
    /// If the bytes are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "state of round 1");
        input.versioned_array(6, VERSION)?;
        let plan = Plan::from_bytes(input.bytes()?)?;
        let index = input.u16()?;
        let secret =
            round1::SecretPackage::deserialize(input.bytes()?).map_err(|_| input.error("it holds no secret"))?;
        let contribution = Zeroizing::new(input.fixed()?);
        Ok(Self { plan, index, secret, contribution, own: input.bytes()?.to_vec() })
    }
}

impl AwaitingMessages {
    /// Round 3: takes the private messages to this member, and gives the share and the body to sign.
    ///
    /// # Errors
    /// If a message is missing, for someone else, or does not hold against its sender's broadcast.
    pub fn receive(self, messages: &[Sensitive<Vec<u8>>]) -> Result<Generated, Error> {
        if self.plan.renews.is_some() {
            return Err(stop("the plan refreshes shares: give the share that is to be refreshed", None));
        }
        let Heard { broadcasts, packages, contributions } = self.hear(messages)?;
        let (key, public) = part3(&self.secret, &broadcasts, &packages)
            .map_err(|error| blame(&error, "a private message does not hold against its sender's broadcast"))?;
        let seed = mlkem_seed(&self.plan, &contributions);
        self.finish(&key, &public, seed)
    }

    /// Round 3 of a refresh: takes the private messages to this member and the share as it was, and gives the share as it
    /// will be, with the certificate's next body to sign. The ML-KEM key stays: what is sealed already must open.
    ///
    /// # Errors
    /// As [`receive`](Self::receive), and if the plan does not go on from `previous`, or the share is not published there.
    pub fn refresh(
        self,
        messages: &[Sensitive<Vec<u8>>],
        previous: &EpochPublic,
        share: &KeyShare,
    ) -> Result<Generated, Error> {
        self.plan.fits(previous)?;
        share.check(previous)?;
        if share.index() != self.index {
            return Err(stop("the share is not the one of this member", Some(self.index)));
        }
        let Heard { broadcasts, packages, .. } = self.hear(messages)?;
        let (old_public, old_key) = (public_package(previous)?, key_package(previous, share)?);
        let (key, public) = refresh_dkg_shares(&self.secret, &broadcasts, &packages, old_public, old_key)
            .map_err(|error| blame(&error, "a private message does not hold against its sender's broadcast"))?;
        self.finish(&key, &public, share.seed())
    }

    /// Everybody's packages, each admitted against its sender's broadcast.
    fn hear(&self, messages: &[Sensitive<Vec<u8>>]) -> Result<Heard, Error> {
        let (mut packages, mut contributions) = (BTreeMap::new(), BTreeMap::new());
        contributions.insert(self.index, self.contribution.clone());
        for bytes in messages {
            let message = Message::from_bytes(bytes.expose())?;
            self.admit(&message)?;
            let package = round2::Package::deserialize(message.package.expose())
                .map_err(|_| stop("a private message holds no package", Some(message.from)))?;
            packages.insert(identifier(message.from)?, package);
            contributions.insert(message.from, message.contribution);
        }
        if let Some(missing) = self.plan.members.keys().find(|index| !contributions.contains_key(index)) {
            return Err(stop("a private message is missing", Some(*missing)));
        }
        let mut broadcasts = BTreeMap::new();
        for (index, bytes) in self.broadcasts.iter().filter(|(index, _)| **index != self.index) {
            let package = Broadcast::from_bytes(bytes)?.package;
            let package = round1::Package::deserialize(&package)
                .map_err(|_| stop("a broadcast holds no package", Some(*index)))?;
            broadcasts.insert(identifier(*index)?, package);
        }
        Ok(Heard { broadcasts, packages, contributions })
    }

    fn admit(&self, message: &Message) -> Result<(), Error> {
        let refuse = |why| Err(stop(why, Some(message.from)));
        if message.plan != self.plan.hash() || message.to != self.index || message.from == self.index {
            return refuse("a private message belongs to another plan or is for someone else");
        }
        let Some(broadcast) = self.broadcasts.get(&message.from) else {
            return refuse("a private message came from someone who is not in the plan");
        };
        if Broadcast::from_bytes(broadcast)?.commitment != commit(&self.plan, message.from, &message.contribution) {
            return refuse("a member's contribution is not the one it committed to");
        }
        Ok(())
    }

    fn finish(&self, key: &KeyPackage, public: &PublicKeyPackage, seed: Seed) -> Result<Generated, Error> {
        let plan = self.plan.to_bytes();
        let heard = std::iter::once(&plan).chain(self.broadcasts.values()).map(|bytes| &bytes[..]);
        let transcript = blake3_over("lanthorn 2026-11 epoch transcript", heard).finalize();
        let body = EpochBody {
            created: self.plan.created,
            threshold: self.plan.threshold,
            group_key: element(public.verifying_key().serialize())?,
            mlkem: seed.public_key(),
            members: members(&self.plan, public)?,
            transcript: *transcript.as_bytes(),
            renews: self.plan.renews,
        };
        let mut bytes = Zeroizing::new(key.signing_share().serialize());
        let secret: Zeroizing<[u8; 32]> =
            Zeroizing::new(bytes[..].try_into().map_err(|_| stop("the share is no scalar", None))?);
        bytes.zeroize();
        let secret: Scalar = scalar(&secret).ok_or(stop("the share is no scalar", None))?;
        Ok(Generated { share: KeyShare::new(body.id(), self.index, Zeroizing::new(secret), seed), body })
    }

    /// Whose state it is, by index.
    #[must_use]
    pub const fn index(&self) -> u16 {
        self.index
    }

    /// The state between the rounds: secret, to be written encrypted or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn to_bytes(&self) -> Result<Sensitive<Vec<u8>>, Error> {
        let secret = Sensitive::new(self.secret.serialize().map_err(|_| stop("the state cannot be written", None))?);
        let heard: usize = self.broadcasts.values().map(|bytes| bytes.len() + 8).sum();
        let mut bytes = Vec::with_capacity(2048 + heard + secret.expose().len());
        let mut out = Encoder::new(&mut bytes);
        out.array(6)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.plan.to_bytes())?.u16(self.index))
            .and_then(|out| out.bytes(secret.expose())?.bytes(&*self.contribution))
            .and_then(|out| out.array(self.broadcasts.len() as u64))
            .expect(VECTOR);
        for broadcast in self.broadcasts.values() {
            out.bytes(broadcast).expect(VECTOR);
        }
        Ok(Sensitive::new(bytes))
    }

    /// Reads the state again.
    ///
    /// # Errors
    /// If the bytes are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "state of round 2");
        input.versioned_array(6, VERSION)?;
        let plan = Plan::from_bytes(input.bytes()?)?;
        let index = input.u16()?;
        let secret =
            round2::SecretPackage::deserialize(input.bytes()?).map_err(|_| input.error("it holds no secret"))?;
        let contribution = Zeroizing::new(input.fixed()?);
        let mut broadcasts = BTreeMap::new();
        for _ in 0..input.list(super::MAX_MEMBERS)? {
            let bytes = input.bytes()?;
            broadcasts.insert(Broadcast::from_bytes(bytes)?.index, bytes.to_vec());
        }
        Ok(Self { plan, index, secret, contribution, broadcasts })
    }
}

fn commit(plan: &Plan, index: u16, contribution: &Contribution) -> [u8; 32] {
    let parts = [&plan.hash()[..], &index.to_be_bytes(), &**contribution];
    *blake3_over("lanthorn 2026-11 epoch contribution", parts).finalize().as_bytes()
}

/// Everybody's contribution goes in, so that it is as random as the best of them.
fn mlkem_seed(plan: &Plan, contributions: &BTreeMap<u16, Contribution>) -> Seed {
    let hash = plan.hash();
    let parts = std::iter::once(&hash[..]).chain(contributions.values().map(|contribution| &contribution[..]));
    let mut seed = Seed([0; crate::kem::MLKEM_SEED_BYTES]);
    blake3_over("lanthorn 2026-11 epoch ml-kem seed", parts).finalize_xof().fill(&mut seed.0);
    seed
}

fn members(plan: &Plan, public: &PublicKeyPackage) -> Result<BTreeMap<u16, Member>, Error> {
    let mut members = BTreeMap::new();
    for (index, (person, signing)) in &plan.members {
        let share = public.verifying_shares().get(&identifier(*index)?);
        let verification = element(share.ok_or(stop("a verification share is missing", Some(*index)))?.serialize())?;
        let verification_bytes = verification.compress().to_bytes();
        let member = Member { person: person.clone(), signing: *signing, verification, verification_bytes };
        members.insert(*index, member);
    }
    Ok(members)
}

impl fmt::Debug for AwaitingBroadcasts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AwaitingBroadcasts(member {} of {})", self.index, self.plan.members.len())
    }
}

impl fmt::Debug for AwaitingMessages {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AwaitingMessages(member {} of {})", self.index, self.plan.members.len())
    }
}
