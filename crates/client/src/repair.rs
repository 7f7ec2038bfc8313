//! Repairing a share that its holder has lost, across machines, as [`Ceremony`](crate::Ceremony) makes it: the holder and as
//! many others as it takes to open an original each take steps with their own key folder.
//!
//! The holder must still have the signing key that the certificate names: the share goes to nobody who cannot sign with it.
//! Whoever has lost that, too, is left out by a refresh, and comes back with a new epoch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use model::{PersonId, Timestamp};
use seal::{EpochCertificate, EpochPublic, Helping, KeyShare, RepairPlan};

use crate::announcement::{Announcement, Purpose};
use crate::carried::Carried;
use crate::ceremony::{aborted, announced, before, believed, keep_chain, kept_chain, message, refused};
use crate::{Error, KeyFolder, Unlocked, WorkFactor};

const PLAN: &str = "plan";
const RESTORED: &str = "restored";

/// What announcements are signed for.
const NAMESPACE: &str = "repair@lanthorn";

/// More certificates of one epoch than a lifetime of refreshes makes: a bound for a hostile folder.
const MAX_CERTIFICATES: u32 = 1_000;

/// The folder of one repair.
#[derive(Debug)]
pub struct Repair {
    at: Carried,
    plan: RepairPlan,
    epoch: EpochPublic,
}

impl Repair {
    /// Lays out a new folder, from all certificates of the epoch, oldest first. Whoever does it learns nothing and decides
    /// nothing: a helper helps by taking a step, and no step is taken for anybody.
    ///
    /// # Errors
    /// When the folder exists, a certificate does not hold, or the people are not as many, or not those, that can do it.
    pub fn lay(
        path: &Path,
        created: Timestamp,
        chain: &[EpochCertificate],
        lost: &PersonId,
        helpers: &BTreeSet<PersonId>,
    ) -> Result<Self, Error> {
        let epoch = believed(chain)?;
        let plan = RepairPlan::new(&epoch, created, lost, helpers)?;
        let at = Carried::lay(path)?;
        keep_chain(&at, chain)?;
        at.put(PLAN, &plan.to_bytes())?;
        Ok(Self { at, plan, epoch })
    }

    /// Opens a folder.
    ///
    /// # Errors
    /// When there is no plan in it, or it is about another certificate than the last that lies beside it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let at = Carried::at(path);
        let bytes = at.read(PLAN)?.ok_or_else(|| {
            refused("repair-folder", format!("{} holds no plan: `lanthorn supervisor repair plan`", path.display()))
        })?;
        let plan = RepairPlan::from_bytes(&bytes)?;
        let count = (0..MAX_CERTIFICATES).take_while(|number| at.has(&before(*number as usize))).count();
        let epoch = believed(&kept_chain(&at, u32::try_from(count).unwrap_or(MAX_CERTIFICATES))?)?;
        plan.fits(&epoch)?;
        Ok(Self { at, plan, epoch })
    }

    /// The plan's name, to be compared by everybody who takes part.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.plan.fingerprint()
    }

    /// Whose share is repaired.
    #[must_use]
    pub fn lost(&self) -> &PersonId {
        self.person(self.plan.lost())
    }

    /// Who helps.
    pub fn helpers(&self) -> impl Iterator<Item = &PersonId> {
        self.plan.helpers().map(|index| self.person(index))
    }

    /// Whose next step is waited for, by what lies in the folder; nobody's when the share is restored.
    #[must_use]
    pub fn waits_for(&self) -> Vec<PersonId> {
        let everybody = || self.helpers().chain([self.lost()]);
        let without = |people: Vec<&PersonId>| people.into_iter().cloned().collect::<Vec<_>>();
        if self.at.has(RESTORED) {
            return Vec::new();
        }
        let silent = without(everybody().filter(|person| !self.at.has(&announced(person))).collect());
        if !silent.is_empty() {
            return silent;
        }
        let sent = |from: &PersonId| self.helpers().all(|to| to == from || self.at.has(&message(from, to)));
        let behind = without(self.helpers().filter(|person| !sent(person)).collect());
        if !behind.is_empty() {
            return behind;
        }
        let last = without(self.helpers().filter(|person| !self.at.has(&sum(person))).collect());
        if last.is_empty() { vec![self.lost().clone()] } else { last }
    }

    /// Does everything that this person can do now; who is waited for then.
    ///
    /// # Errors
    /// A refusal that names its rule, or the helper whose message does not hold.
    pub fn step(
        &self,
        folder: &KeyFolder,
        unlocked: &Unlocked,
        work: WorkFactor,
        rng: &mut (impl rand::CryptoRng + rand::RngCore),
    ) -> Result<Vec<PersonId>, Error> {
        self.must_take_part(unlocked)?;
        let ended = self.helpers().chain([self.lost()]).find(|person| self.at.has(&aborted(person)));
        if let Some(person) = ended {
            return Err(refused("repair-aborted", format!("{person} has ended this repair; make a new plan")));
        }
        let plan = self.plan.to_bytes();
        let recipient = folder.enrolment().recipient.clone();
        let own = Announcement { broadcast: Vec::new(), recipient }.sign(purpose(&plan), unlocked)?;
        self.at.put(&announced(unlocked.person()), &own)?;
        let recipients = self.recipients(&plan)?;
        if unlocked.person() == self.lost() {
            self.receive(folder, unlocked, work)?;
        } else if recipients.len() == self.plan.helpers().count() + 1 {
            self.help(folder, unlocked, &recipients, work, rng)?;
        }
        Ok(self.waits_for())
    }

    /// Ends the repair for everybody: the parts that were sent are worth nothing without the sums that are no longer made.
    ///
    /// # Errors
    /// When the share is restored already, or files cannot be written.
    pub fn abort(&self, folder: &KeyFolder, unlocked: &Unlocked) -> Result<(), Error> {
        self.must_take_part(unlocked)?;
        if self.at.has(RESTORED) {
            return Err(refused("repair-done", format!("{} has the share already", self.lost())));
        }
        self.at.put(&aborted(unlocked.person()), b"aborted\n")?;
        folder.forget_state(&self.fingerprint())
    }

    /// A helper's steps: parts for the other helpers, and, once theirs are there, the sum for the holder.
    fn help(
        &self,
        folder: &KeyFolder,
        unlocked: &Unlocked,
        recipients: &BTreeMap<PersonId, String>,
        work: WorkFactor,
        rng: &mut (impl rand::CryptoRng + rand::RngCore),
    ) -> Result<(), Error> {
        let (own, name) = (unlocked.person(), self.fingerprint());
        if self.at.has(&sum(own)) {
            return folder.forget_state(&name);
        }
        let share = folder.share(&self.epoch, unlocked)?;
        let helping = self.helping(folder, unlocked, &share, work, rng)?;
        for (to, secret) in &helping.messages() {
            let to = self.person(*to);
            self.at.put_secret(&message(own, to), &recipients[to], secret)?;
        }
        let mut parts = Vec::new();
        for from in self.helpers().filter(|from| *from != own) {
            match self.at.read_secret(&message(from, own), unlocked)? {
                None => return Ok(()),
                Some(opened) => parts.push(opened.ok_or_else(|| not_for_you(from))?),
            }
        }
        self.at.put_secret(&sum(own), &recipients[self.lost()], &helping.sum(&parts, &share)?)?;
        folder.forget_state(&name)
    }

    /// The parts as they were cut before, or cut now and kept: two cuttings of one share would not fit each other.
    fn helping(
        &self,
        folder: &KeyFolder,
        unlocked: &Unlocked,
        share: &KeyShare,
        work: WorkFactor,
        rng: &mut (impl rand::CryptoRng + rand::RngCore),
    ) -> Result<Helping, Error> {
        let name = self.fingerprint();
        if let Some(state) = folder.state(&name, unlocked)? {
            return Ok(Helping::from_bytes(state.expose())?);
        }
        if self.helpers().any(|to| self.at.has(&message(unlocked.person(), to))) {
            let why = "you have sent parts here before, and your key folder has lost what belongs to them; abort and make a new plan";
            return Err(refused("repair-state", why.into()));
        }
        let helping = self.plan.help(&self.epoch, share, rng)?;
        folder.keep_state(&name, &helping.to_bytes(), unlocked, work)?;
        Ok(helping)
    }

    /// The holder's step: the share, if all sums are there, kept and read again before anybody is told.
    fn receive(&self, folder: &KeyFolder, unlocked: &Unlocked, work: WorkFactor) -> Result<(), Error> {
        let name = self.epoch.fingerprint();
        if !folder.has_share(&name) || folder.share(&self.epoch, unlocked).is_err() {
            let mut sums = Vec::new();
            for from in self.helpers() {
                match self.at.read_secret(&sum(from), unlocked)? {
                    None => return Ok(()),
                    Some(opened) => sums.push(opened.ok_or_else(|| not_for_you(from))?),
                }
            }
            folder.keep_share(&self.plan.restore(&self.epoch, &sums)?, &name, unlocked, work)?;
            folder.share(&self.epoch, unlocked)?;
        }
        self.at.put(RESTORED, b"restored\n")
    }

    /// The keys that messages are encrypted to: everybody's own word for it, where it is there.
    fn recipients(&self, plan: &[u8]) -> Result<BTreeMap<PersonId, String>, Error> {
        let mut found = BTreeMap::new();
        for index in self.plan.helpers().chain([self.plan.lost()]) {
            let person = self.person(index);
            if let (Some(bytes), Some(member)) = (self.at.read(&announced(person))?, self.epoch.member(index)) {
                let announcement = Announcement::read(&bytes, purpose(plan), member.signing()).ok_or_else(|| {
                    refused(
                        "repair-announcement",
                        format!("{person}'s announcement is not signed by {person} for this plan"),
                    )
                })?;
                found.insert(person.clone(), announcement.recipient);
            }
        }
        Ok(found)
    }

    fn must_take_part(&self, unlocked: &Unlocked) -> Result<(), Error> {
        let mut taking_part =
            self.plan.helpers().chain([self.plan.lost()]).filter_map(|index| self.epoch.member(index));
        match taking_part.find(|member| member.person() == unlocked.person()) {
            Some(member) if *member.signing() == unlocked.signing_key().verifying_key() => Ok(()),
            Some(_) => Err(refused(
                "repair-member",
                "the certificate names you with another signing key: without it no share comes back; be left out by a refresh"
                    .into(),
            )),
            None => Err(refused("repair-member", "the plan does not name you; ask who made it".into())),
        }
    }

    fn person(&self, index: u16) -> &PersonId {
        self.epoch.member(index).expect("the plan fits the epoch").person()
    }
}

const fn purpose(plan: &[u8]) -> Purpose<'_> {
    Purpose { namespace: NAMESPACE, plan }
}

fn not_for_you(from: &PersonId) -> Error {
    refused("repair-message", format!("{from}'s message is not for your key, or it is damaged"))
}

fn sum(from: &PersonId) -> String {
    format!("3-from-{from}.age")
}

#[cfg(test)]
mod tests;
