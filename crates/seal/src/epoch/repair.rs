//! Repairing a share that its holder has lost, with the help of as many others as it takes to open an original
//! (Laing and Stinson, 2017; `frost-ristretto255`). No helper learns the share, and the holder learns no helper's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use curve25519_dalek::scalar::Scalar;
use frost_ristretto255::Ristretto255Sha512;
use frost_ristretto255::keys::repairable::{Delta, repair_share_part1, repair_share_part2};
use minicbor::Encoder;
use model::{EpochId, PersonId, Sensitive, Timestamp};
use rand::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use super::frost::{identifier, index_of, key_package};
use super::{EpochPublic, KeyShare, MAX_MEMBERS, PrivateMessages};
use crate::Error;
use crate::cbor::{Reader, VECTOR, same};
use crate::group::{blake3_over, scalar};
use crate::kem::Seed;

const VERSION: u64 = 1;
const WHAT: &str = "repair plan";

/// Whose share is repaired, and who helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairPlan {
    epoch: EpochId,
    certificate: [u8; 32],
    created: Timestamp,
    lost: u16,
    helpers: BTreeSet<u16>,
}

/// A helper who has sent parts of a share to the other helpers and waits for theirs.
pub struct Helping {
    plan: RepairPlan,
    index: u16,
    parts: BTreeMap<u16, Zeroizing<[u8; 32]>>,
}

impl RepairPlan {
    /// A plan.
    ///
    /// # Errors
    /// If somebody is not in the roster, the holder is to help, or fewer help than it takes to open an original.
    pub fn new(
        epoch: &EpochPublic,
        created: Timestamp,
        lost: &PersonId,
        helpers: &BTreeSet<PersonId>,
    ) -> Result<Self, Error> {
        let index = |person: &PersonId| {
            let found = epoch.members().find(|(_, member)| member.person() == person);
            found.map(|(index, _)| index).ok_or(Error::Malformed { what: WHAT, why: "a person is not in the roster" })
        };
        let helpers = helpers.iter().map(index).collect::<Result<_, _>>()?;
        let plan = Self { epoch: epoch.id(), certificate: epoch.body, created, lost: index(lost)?, helpers };
        plan.fits(epoch)?;
        Ok(plan)
    }

    /// Whether it is about this epoch's shares as they are now.
    ///
    /// # Errors
    /// If not, or its people are not as many, or not those, that can repair a share.
    pub fn fits(&self, epoch: &EpochPublic) -> Result<(), Error> {
        let refuse = |why| Err(Error::Malformed { what: WHAT, why });
        if self.epoch != epoch.id() || self.certificate != epoch.body {
            return refuse("it is about another certificate than the one in force");
        }
        if self.helpers.contains(&self.lost) {
            return refuse("the person whose share is lost cannot help to repair it");
        }
        if self.helpers.len() < epoch.threshold() {
            return refuse("fewer help than it takes to open an original");
        }
        let known = self.helpers.iter().chain([&self.lost]).all(|index| epoch.member(*index).is_some());
        if known { Ok(()) } else { refuse("a person is not in the roster") }
    }

    /// The index whose share is repaired.
    #[must_use]
    pub const fn lost(&self) -> u16 {
        self.lost
    }

    /// The indices of those who help.
    pub fn helpers(&self) -> impl Iterator<Item = u16> + '_ {
        self.helpers.iter().copied()
    }

    /// The one form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut out = Encoder::new(&mut bytes);
        out.array(6)
            .and_then(|out| out.u64(VERSION)?.bytes(self.epoch.as_bytes())?.bytes(&self.certificate))
            .and_then(|out| out.i64(self.created.millis())?.u16(self.lost)?.array(self.helpers.len() as u64))
            .expect(VECTOR);
        for helper in &self.helpers {
            out.u16(*helper).expect(VECTOR);
        }
        bytes
    }

    /// Reads the one form. [`fits`](Self::fits) says whether the plan is a possible one.
    ///
    /// # Errors
    /// If the bytes are anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, WHAT);
        input.versioned_array(6, VERSION)?;
        let (epoch, certificate) = (EpochId::from_bytes(input.fixed()?), input.fixed()?);
        let (created, lost) = (Timestamp::from_millis(input.i64()?), input.u16()?);
        let mut helpers = BTreeSet::new();
        for _ in 0..input.list(MAX_MEMBERS)? {
            helpers.insert(input.u16()?);
        }
        let plan = Self { epoch, certificate, created, lost, helpers };
        same(&plan.to_bytes(), bytes, WHAT)?;
        Ok(plan)
    }

    /// The plan's name: the first 16 bytes of its hash, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn hash(&self) -> [u8; 32] {
        *blake3_over("lanthorn 2026-11 repair plan", [&self.to_bytes()[..]]).finalize().as_bytes()
    }

    /// A helper's first step: their share, times its coefficient at the lost index, cut at random into a part for each
    /// helper. The state is to be kept: the parts must be the same when the step is taken again.
    ///
    /// # Errors
    /// If the plan does not fit, or the share is not one of its helpers'.
    pub fn help(
        &self,
        epoch: &EpochPublic,
        share: &KeyShare,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Helping, Error> {
        self.fits(epoch)?;
        share.check(epoch)?;
        if !self.helpers.contains(&share.index()) {
            return Err(stop("you are not one of the helpers", Some(share.index())));
        }
        let helpers = self.helpers.iter().map(|index| identifier(*index)).collect::<Result<Vec<_>, _>>()?;
        let parts = repair_share_part1::<Ristretto255Sha512, _>(
            &helpers,
            &key_package(epoch, share)?,
            rng,
            identifier(self.lost)?,
        )
        .map_err(|_| stop("the share cannot be cut", None))?;
        let part = |(to, delta): (frost_ristretto255::Identifier, Delta)| {
            let bytes = Zeroizing::new(delta.serialize());
            let fixed = bytes[..].try_into().map_err(|_| stop("a part is no scalar", None))?;
            Ok((index_of(&to), Zeroizing::new(fixed)))
        };
        let parts = parts.into_iter().map(part).collect::<Result<_, Error>>()?;
        Ok(Helping { plan: self.clone(), index: share.index(), parts })
    }

    /// The holder's last step: everybody's sums make the share, which is kept only if it is the one that the certificate
    /// publishes. Who spoiled it, if it is not, cannot be known: nobody's part can be checked alone.
    ///
    /// # Errors
    /// If a message is missing or for another plan, a helper's ML-KEM seed is another one, or the share is not the one.
    pub fn restore(&self, epoch: &EpochPublic, messages: &[Sensitive<Vec<u8>>]) -> Result<KeyShare, Error> {
        self.fits(epoch)?;
        let (mut sum, mut seed, mut heard) = (Zeroizing::new(Scalar::ZERO), None, BTreeSet::new());
        for bytes in messages {
            let mut input = Reader::new(bytes.expose(), "a helper's sum");
            input.versioned_array(5, VERSION)?;
            let (plan, from): ([u8; 32], _) = (input.fixed()?, input.u16()?);
            if plan != self.hash() || !self.helpers.contains(&from) || !heard.insert(from) {
                return Err(stop("a sum belongs to another repair, or came twice", Some(from)));
            }
            let part = Zeroizing::new(input.fixed()?);
            let part = Zeroizing::new(scalar(&part).ok_or(stop("a sum is no scalar", Some(from)))?);
            *sum += *part;
            let sent = Seed(input.fixed()?);
            if sent.public_key().to_bytes() != epoch.mlkem().to_bytes() {
                return Err(stop("the ML-KEM seed is not the one of this epoch", Some(from)));
            }
            seed = Some(sent);
        }
        let missing = self.helpers.iter().find(|index| !heard.contains(index));
        let seed = match (missing, seed) {
            (None, Some(seed)) => seed,
            (missing, _) => return Err(stop("a helper's sum is missing", missing.copied())),
        };
        let share = KeyShare::new(epoch.id(), self.lost, sum, seed);
        share.check(epoch).map_err(|_| {
            stop("the repaired share is not the one that the certificate publishes: repair it with other helpers", None)
        })?;
        Ok(share)
    }
}

impl Helping {
    /// The parts for the other helpers, by index: each for that helper's eyes only.
    #[must_use]
    pub fn messages(&self) -> PrivateMessages {
        let message = |(to, part): (&u16, &Zeroizing<[u8; 32]>)| {
            let mut bytes = Vec::with_capacity(96);
            let mut out = Encoder::new(&mut bytes);
            out.array(5)
                .and_then(|out| out.u64(VERSION)?.bytes(&self.plan.hash())?.u16(self.index)?.u16(*to)?.bytes(&**part))
                .expect(VECTOR);
            (*to, Sensitive::new(bytes))
        };
        self.parts.iter().filter(|(to, _)| **to != self.index).map(message).collect()
    }

    /// The sum of the parts that this helper got, and the ML-KEM seed: for the holder's eyes only.
    ///
    /// # Errors
    /// If a part is missing, or for another plan or person.
    pub fn sum(&self, messages: &[Sensitive<Vec<u8>>], share: &KeyShare) -> Result<Sensitive<Vec<u8>>, Error> {
        let own = self.parts.get(&self.index).map(|own| (self.index, own.clone()));
        let mut parts: BTreeMap<_, _> = own.into_iter().collect();
        for bytes in messages {
            let mut input = Reader::new(bytes.expose(), "a helper's part");
            input.versioned_array(5, VERSION)?;
            let (plan, from, to): ([u8; 32], _, _) = (input.fixed()?, input.u16()?, input.u16()?);
            if plan != self.plan.hash() || to != self.index || !self.plan.helpers.contains(&from) {
                return Err(stop("a part belongs to another repair or is for someone else", Some(from)));
            }
            // One's own part is the one that was cut here; nobody sends two.
            if parts.insert(from, Zeroizing::new(input.fixed()?)).is_some() {
                return Err(stop("a part came twice", Some(from)));
            }
        }
        if let Some(missing) = self.plan.helpers.iter().find(|index| !parts.contains_key(index)) {
            return Err(stop("a helper's part is missing", Some(*missing)));
        }
        let delta = |(from, part): (&u16, &Zeroizing<[u8; 32]>)| {
            Delta::deserialize(&**part).map_err(|_| stop("a part is no scalar", Some(*from)))
        };
        let deltas = parts.iter().map(delta).collect::<Result<Vec<_>, _>>()?;
        let sum = Zeroizing::new(repair_share_part2(&deltas).serialize());
        let mut bytes = Vec::with_capacity(192);
        let mut out = Encoder::new(&mut bytes);
        out.array(5)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.plan.hash())?.u16(self.index))
            .and_then(|out| out.bytes(&sum)?.bytes(&share.seed().0))
            .expect(VECTOR);
        Ok(Sensitive::new(bytes))
    }

    /// The state between the steps: secret, to be written encrypted or not at all.
    #[must_use]
    pub fn to_bytes(&self) -> Sensitive<Vec<u8>> {
        let mut bytes = Vec::with_capacity(512 + self.parts.len() * 48);
        let mut out = Encoder::new(&mut bytes);
        out.array(4)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.plan.to_bytes())?.u16(self.index))
            .and_then(|out| out.array(self.parts.len() as u64))
            .expect(VECTOR);
        for (to, part) in &self.parts {
            out.array(2).and_then(|out| out.u16(*to)?.bytes(&**part)).expect(VECTOR);
        }
        Sensitive::new(bytes)
    }

    /// Reads the state again.
    ///
    /// # Errors
    /// If the bytes are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "state of a repair");
        input.versioned_array(4, VERSION)?;
        let (plan, index) = (RepairPlan::from_bytes(input.bytes()?)?, input.u16()?);
        let mut parts = BTreeMap::new();
        for _ in 0..input.list(MAX_MEMBERS)? {
            input.array(2)?;
            parts.insert(input.u16()?, Zeroizing::new(input.fixed()?));
        }
        Ok(Self { plan, index, parts })
    }
}

const fn stop(why: &'static str, culprit: Option<u16>) -> Error {
    Error::Repair { why, culprit }
}

impl fmt::Debug for Helping {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Helping(member {} repairs member {}'s share)", self.index, self.plan.lost)
    }
}
