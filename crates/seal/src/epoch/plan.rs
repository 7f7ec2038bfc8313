//! The plan of an epoch: who will hold shares and how many it will take, agreed on before any key exists; or who goes on
//! holding shares of a key that exists, when its shares are to be refreshed.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use minicbor::Encoder;
use model::{EpochId, PersonId, Timestamp};

use crate::Error;
use crate::cbor::{Reader, VECTOR, same};
use crate::group::blake3_over;

use super::EpochPublic;

/// One person alone must never be able to open an original.
pub const MIN_THRESHOLD: u16 = 2;
/// Supervisors of one epoch.
pub const MAX_MEMBERS: usize = 32;

const WHAT: &str = "epoch plan";
const VERSION: u64 = 1;
const RENEWAL_VERSION: u64 = 2;

/// What a refresh starts from: an epoch and the generation of its shares that come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The epoch, whose keys stay what they are.
    pub epoch: EpochId,
    /// The generation of the new shares: one more than that of the old.
    pub generation: u32,
    pub(super) previous: [u8; 32],
}

impl Renewal {
    pub(super) fn write(
        &self,
        out: &mut Encoder<&mut Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        out.array(3)?.bytes(self.epoch.as_bytes())?.u32(self.generation)?.bytes(&self.previous)?;
        Ok(())
    }

    pub(super) fn read(input: &mut Reader<'_>) -> Result<Self, Error> {
        input.array(3)?;
        let epoch = EpochId::from_bytes(input.fixed()?);
        let generation =
            u32::try_from(input.i64()?).map_err(|_| input.error("its generation is no number of 32 bits"))?;
        Ok(Self { epoch, generation, previous: input.fixed()? })
    }
}

/// Who takes part in generating an epoch's key, or in refreshing its shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(super) created: Timestamp,
    pub(super) threshold: u16,
    pub(super) members: BTreeMap<u16, (PersonId, VerifyingKey)>,
    pub(super) renews: Option<Renewal>,
}

impl Plan {
    /// A plan in which the members get the indices 1, 2, … in the order given.
    ///
    /// # Errors
    /// If the threshold is below two or above the number of members, there are too many members, or one is named twice.
    pub fn new(
        created: Timestamp,
        threshold: u16,
        members: impl IntoIterator<Item = (PersonId, VerifyingKey)>,
    ) -> Result<Self, Error> {
        let plan = Self { created, threshold, members: (1..).zip(members).collect(), renews: None };
        plan.check(WHAT)?;
        Ok(plan)
    }

    /// A plan to refresh the shares of an epoch: everybody who stays gets another share of the same key under the same
    /// index; whoever is left out holds a share that fits no other from then on. The threshold stays: to change it, make
    /// another epoch.
    ///
    /// # Errors
    /// If somebody who stays is not in the roster, or fewer would stay than are needed to open an original.
    pub fn renew(previous: &EpochPublic, created: Timestamp, staying: &BTreeSet<PersonId>) -> Result<Self, Error> {
        let known: BTreeSet<_> = previous.members.values().map(|member| member.person.clone()).collect();
        if !staying.is_subset(&known) {
            return Err(Error::Malformed {
                what: WHAT,
                why: "a member is not in the epoch's roster: make a new epoch",
            });
        }
        let kept = previous.members.iter().filter(|(_, member)| staying.contains(&member.person));
        let generation = previous.generation.checked_add(1);
        let generation = generation.ok_or(Error::Malformed { what: WHAT, why: "no generation is left" })?;
        let plan = Self {
            created,
            threshold: previous.threshold,
            members: kept.map(|(index, member)| (*index, (member.person.clone(), member.signing))).collect(),
            renews: Some(Renewal { epoch: previous.id, generation, previous: previous.body }),
        };
        plan.check(WHAT)?;
        Ok(plan)
    }

    /// What this plan refreshes, if it does not make a new epoch.
    #[must_use]
    pub const fn renews(&self) -> Option<&Renewal> {
        self.renews.as_ref()
    }

    /// Whether this is a refresh of that epoch's shares as they are now.
    ///
    /// # Errors
    /// If it renews another epoch, another generation, changes the threshold, or names anybody who is not in the roster.
    pub fn fits(&self, previous: &EpochPublic) -> Result<(), Error> {
        let staying = self.members.values().map(|(person, _)| person.clone()).collect();
        let why = "it does not go on from the certificate that is in force";
        if Self::renew(previous, self.created, &staying).ok().as_ref() == Some(self) {
            Ok(())
        } else {
            Err(Error::Malformed { what: WHAT, why })
        }
    }

    pub(super) fn check(&self, what: &'static str) -> Result<(), Error> {
        let refuse = |why| Err(Error::Malformed { what, why });
        if self.threshold < MIN_THRESHOLD {
            return refuse("fewer than two supervisors could open an original");
        }
        if self.members.len() < usize::from(self.threshold) {
            return refuse("it has fewer members than are needed to open an original");
        }
        if self.members.len() > MAX_MEMBERS {
            return refuse("it has more than 32 members");
        }
        if self.members.contains_key(&0) {
            return refuse("a member has the index 0, which is the secret's own place");
        }
        let persons: BTreeSet<_> = self.members.values().map(|(person, _)| person).collect();
        let keys: BTreeSet<_> = self.members.values().map(|(_, key)| key.to_bytes()).collect();
        if persons.len() < self.members.len() || keys.len() < self.members.len() {
            return refuse("a person or a signing key is named twice");
        }
        Ok(())
    }

    /// How many members there are, and how many it takes to open an original.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize) {
        (self.members.len(), usize::from(self.threshold))
    }

    /// The index of a person.
    #[must_use]
    pub fn index_of(&self, person: &PersonId) -> Option<u16> {
        self.members.iter().find(|(_, (known, _))| known == person).map(|(index, _)| *index)
    }

    /// The persons and the keys they sign with: what a certificate of this plan is verified against.
    #[must_use]
    pub fn trusted(&self) -> BTreeMap<PersonId, VerifyingKey> {
        self.members.values().cloned().collect()
    }

    /// The one form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut Encoder::new(&mut bytes)).expect(VECTOR);
        bytes
    }

    fn write(&self, out: &mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        match self.renews {
            None => out.array(4)?.u64(VERSION)?,
            Some(_) => out.array(5)?.u64(RENEWAL_VERSION)?,
        };
        out.i64(self.created.millis())?.u16(self.threshold)?.array(self.members.len() as u64)?;
        for (index, (person, key)) in &self.members {
            out.array(3)?.u16(*index)?.str(person.as_str())?.bytes(key.as_bytes())?;
        }
        self.renews.map_or(Ok(()), |renewal| renewal.write(out))
    }

    /// Reads the one form.
    ///
    /// # Errors
    /// If the bytes are anything else, or the plan is not a possible one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, WHAT);
        let renewing = input.versioned_array_of([(4, VERSION), (5, RENEWAL_VERSION)])? == RENEWAL_VERSION;
        let created = Timestamp::from_millis(input.i64()?);
        let threshold = input.u16()?;
        let mut members = BTreeMap::new();
        for _ in 0..input.list(MAX_MEMBERS)? {
            input.array(3)?;
            let index = input.u16()?;
            let person = input.text()?.parse().map_err(|_| input.error("a member is no person id"))?;
            let key = VerifyingKey::from_bytes(&input.fixed()?).map_err(|_| input.error("a signing key is none"))?;
            members.insert(index, (person, key));
        }
        let renews = if renewing { Some(Renewal::read(&mut input)?) } else { None };
        let plan = Self { created, threshold, members, renews };
        same(&plan.to_bytes(), bytes, WHAT)?;
        plan.check(WHAT)?;
        Ok(plan)
    }

    /// How many of the members it takes to open an original.
    #[must_use]
    pub const fn threshold(&self) -> u16 {
        self.threshold
    }

    /// The members: index, person, and the key that they sign with.
    pub fn members(&self) -> impl Iterator<Item = (u16, &PersonId, &VerifyingKey)> {
        self.members.iter().map(|(index, (person, key))| (*index, person, key))
    }

    /// The plan's name: the first 16 bytes of its hash, in hexadecimal. Members compare it before they begin.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        *blake3_over("lanthorn 2026-11 epoch plan", [&self.to_bytes()[..]]).finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;

    fn members(count: u8) -> Vec<(PersonId, VerifyingKey)> {
        let member =
            |i: u8| (format!("s.member{i}").parse().unwrap(), SigningKey::from_bytes(&[i; 32]).verifying_key());
        (1..=count).map(member).collect()
    }

    fn plan(threshold: u16, members: Vec<(PersonId, VerifyingKey)>) -> Result<Plan, Error> {
        Plan::new(Timestamp::from_secs(1_795_000_000), threshold, members)
    }

    #[test]
    fn plans_read_back() {
        let plan = plan(3, members(5)).unwrap();
        assert_eq!(Plan::from_bytes(&plan.to_bytes()), Ok(plan));
    }

    #[test]
    fn impossible_plans_are_refused() {
        assert!(plan(1, members(3)).is_err() && plan(4, members(3)).is_err() && plan(2, members(33)).is_err());
        let mut twice = members(3);
        twice[2].0 = twice[0].0.clone();
        assert!(plan(2, twice).is_err());
        let mut one_key = members(3);
        one_key[2].1 = one_key[0].1;
        assert!(plan(2, one_key).is_err());
    }
}
