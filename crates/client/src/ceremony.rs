//! A key ceremony, or a refresh of an epoch's shares, across machines: each member takes steps with their own key folder,
//! and what has to be exchanged lies in one folder that is carried from hand to hand, or that all can reach. Nothing in it
//! is secret: what is for one member's eyes is encrypted to that member.
//!
//! A step does all that can be done now and says who is waited for. It can be taken again at any time: what was written
//! stays, and what a killed process did not finish is made again from the same state, byte for byte where it matters.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use model::{EpochId, PersonId, Timestamp};
use seal::{AwaitingBroadcasts, EpochCertificate, EpochPublic, Plan};

use crate::announcement::{Announcement, Purpose};
use crate::carried::Carried;
use crate::{Enrolment, Error, KeyFolder, Unlocked, WorkFactor};

const PLAN: &str = "plan";
const CERTIFICATE: &str = "certificate";

/// What announcements are signed for.
const NAMESPACE: &str = "ceremony@lanthorn";

/// The folder of one ceremony.
#[derive(Debug)]
pub struct Ceremony {
    at: Carried,
    plan: Plan,
    previous: Option<EpochPublic>,
}

/// What a member has left in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nothing yet.
    Invited,
    /// A broadcast for everybody.
    Announced,
    /// A message for each other member as well.
    Sent,
    /// A signature under the epoch's keys; their share is kept.
    Signed,
}

/// Where a ceremony stands after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The epoch, once this member's share of it is kept.
    pub epoch: Option<EpochId>,
    /// Whose next step is waited for; nobody's when the certificate is there.
    pub waits_for: Vec<PersonId>,
    /// The certificate, once all have signed.
    pub certificate: Option<PathBuf>,
}

impl Ceremony {
    /// Lays out a new folder for these members. Whoever does it learns nothing and decides nothing: each member's client
    /// shows the plan and stops if that member is not in it.
    ///
    /// # Errors
    /// When the folder exists, or the plan is not a possible one.
    pub fn lay(path: &Path, created: Timestamp, threshold: u16, members: &[Enrolment]) -> Result<Self, Error> {
        let keys = members.iter().map(|member| {
            let key = VerifyingKey::from_bytes(&member.signing_key);
            key.map(|key| (member.person.clone(), key)).map_err(|_| Error::Malformed { what: "an enrolment's key" })
        });
        let plan = Plan::new(created, threshold, keys.collect::<Result<Vec<_>, _>>()?)?;
        let at = Carried::lay(path)?;
        at.put(PLAN, &plan.to_bytes())?;
        Ok(Self { at, plan, previous: None })
    }

    /// Lays out a new folder for refreshing the shares of an epoch, from all of its certificates, oldest first. Whoever is not
    /// among those who stay holds a share that fits no other once the new certificate is there.
    ///
    /// # Errors
    /// When the folder exists, a certificate does not hold, somebody new would stay, or too few.
    pub fn lay_refresh(
        path: &Path,
        created: Timestamp,
        chain: &[EpochCertificate],
        staying: &BTreeSet<PersonId>,
    ) -> Result<Self, Error> {
        let previous = believed(chain)?;
        let plan = Plan::renew(&previous, created, staying)?;
        let at = Carried::lay(path)?;
        keep_chain(&at, chain)?;
        at.put(PLAN, &plan.to_bytes())?;
        Ok(Self { at, plan, previous: Some(previous) })
    }

    /// Opens a folder.
    ///
    /// # Errors
    /// When there is no plan in it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let at = Carried::at(path);
        let bytes = at.read(PLAN)?.ok_or_else(|| {
            refused("ceremony-folder", format!("{} holds no plan: `lanthorn supervisor ceremony plan`", path.display()))
        })?;
        let plan = Plan::from_bytes(&bytes)?;
        let previous = match plan.renews() {
            None => None,
            Some(renewal) => {
                let previous = believed(&kept_chain(&at, renewal.generation)?)?;
                plan.fits(&previous)?;
                Some(previous)
            }
        };
        Ok(Self { at, plan, previous })
    }

    /// Who takes part, and how many it takes.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What each member has left in the folder; nothing of it is checked.
    #[must_use]
    pub fn stages(&self) -> Vec<(PersonId, Stage)> {
        let sent_to = |person: &PersonId, other: &PersonId| other == person || self.at.has(&message(person, other));
        let stage = |person: &PersonId| {
            if self.at.has(&signed(person)) {
                Stage::Signed
            } else if self.plan.members().all(|(_, other, _)| sent_to(person, other)) {
                Stage::Sent
            } else if self.at.has(&announced(person)) {
                Stage::Announced
            } else {
                Stage::Invited
            }
        };
        self.plan.members().map(|(_, person, _)| (person.clone(), stage(person))).collect()
    }

    /// Does everything that this member can do now.
    ///
    /// # Errors
    /// A refusal that names its rule, or the member whose part does not hold.
    pub fn step(
        &self,
        folder: &KeyFolder,
        unlocked: &Unlocked,
        work: WorkFactor,
        rng: &mut (impl rand::CryptoRng + rand::RngCore),
    ) -> Result<Progress, Error> {
        let own = self.own_index(unlocked)?;
        if let Some(person) = self.aborted() {
            return Err(refused("ceremony-aborted", format!("{person} has ended this ceremony; make a new plan")));
        }
        if let Some(done) = self.finished(folder, unlocked)? {
            folder.forget_state(&self.plan.fingerprint())?;
            return Ok(done);
        }
        let state = self.announce(folder, unlocked, own, work, rng)?;
        let announcements = self.announcements()?;
        if let Some(waiting) = self.missing(|person| announcements.contains_key(person)) {
            return Ok(waiting);
        }
        let broadcasts: Vec<Vec<u8>> = announcements.values().map(|one| one.broadcast.clone()).collect();
        let (state, messages) = state.receive(&broadcasts)?;
        for (index, person, _) in self.plan.members() {
            if let Some(secret) = messages.get(&index) {
                let recipient = &announcements[person].recipient;
                self.at.put_secret(&message(unlocked.person(), person), recipient, secret)?;
            }
        }
        let mut mail = BTreeMap::new();
        for (_, person, _) in self.plan.members().filter(|(index, ..)| *index != own) {
            if let Some(opened) = self.at.read_secret(&message(person, unlocked.person()), unlocked)? {
                let secret = opened.ok_or_else(|| {
                    refused("ceremony-message", format!("{person}'s message is not for your key, or it is damaged"))
                })?;
                mail.insert(person.clone(), secret);
            }
        }
        if let Some(waiting) = self.missing(|person| person == unlocked.person() || mail.contains_key(person)) {
            return Ok(waiting);
        }
        let mail = mail.into_values().collect::<Vec<_>>();
        let generated = match &self.previous {
            None => state.receive(&mail)?,
            Some(previous) => state.refresh(&mail, previous, &folder.share(previous, unlocked)?)?,
        };
        let epoch = generated.share.epoch();
        // First the share, then the word that it is kept.
        let name = generated.body.fingerprint();
        if !folder.has_share(&name) {
            folder.keep_share(&generated.share, &name, unlocked, work)?;
        }
        let signature = generated.body.sign(unlocked.signing_key());
        let part = generated.body.certify(BTreeMap::from([(own, signature)])).to_bytes();
        self.at.put(&signed(unlocked.person()), &part)?;
        self.certify(epoch)
    }

    /// Ends the ceremony for everybody. What was exchanged is worth nothing without the state that is forgotten here.
    ///
    /// # Errors
    /// When the certificate is there already, or files cannot be written.
    pub fn abort(&self, folder: &KeyFolder, unlocked: &Unlocked) -> Result<(), Error> {
        self.own_index(unlocked)?;
        if self.at.has(CERTIFICATE) {
            return Err(refused(
                "ceremony-done",
                "the certificate is made; do not install it, and make a new plan".into(),
            ));
        }
        self.at.put(&aborted(unlocked.person()), b"aborted\n")?;
        folder.forget_state(&self.plan.fingerprint())
    }

    fn own_index(&self, unlocked: &Unlocked) -> Result<u16, Error> {
        let own = self.plan.members().find(|(_, person, _)| *person == unlocked.person());
        match own {
            Some((index, _, key)) if *key == unlocked.signing_key().verifying_key() => Ok(index),
            Some(_) => {
                Err(refused("ceremony-member", "the plan names you with another signing key; ask who made it".into()))
            }
            None => Err(refused("ceremony-member", "the plan does not name you; ask who made it".into())),
        }
    }

    fn aborted(&self) -> Option<PersonId> {
        self.plan.members().map(|(_, person, _)| person).find(|person| self.at.has(&aborted(person))).cloned()
    }

    /// Round 1: the state from the key folder, or a new one; its broadcast in the folder.
    fn announce(
        &self,
        folder: &KeyFolder,
        unlocked: &Unlocked,
        own: u16,
        work: WorkFactor,
        rng: &mut (impl rand::CryptoRng + rand::RngCore),
    ) -> Result<AwaitingBroadcasts, Error> {
        let (name, file) = (self.plan.fingerprint(), announced(unlocked.person()));
        let state = match folder.state(&name, unlocked)? {
            Some(bytes) => AwaitingBroadcasts::from_bytes(bytes.expose())?,
            None if self.at.has(&file) => {
                let why = "you have announced yourself here before, and your key folder has lost what belongs to it; abort and make a new plan";
                return Err(refused("ceremony-state", why.into()));
            }
            None => {
                let (state, _) = seal::begin(&self.plan, own, rng)?;
                folder.keep_state(&name, &state.to_bytes()?, unlocked, work)?;
                state
            }
        };
        let recipient = folder.enrolment().recipient.clone();
        let announcement = Announcement { broadcast: state.broadcast().to_vec(), recipient };
        self.at.put(&file, &announcement.sign(purpose(&self.plan.to_bytes()), unlocked)?)?;
        Ok(state)
    }

    /// Everybody's announcements that are there, each checked against its member's key.
    fn announcements(&self) -> Result<BTreeMap<PersonId, Announcement>, Error> {
        let (plan, mut found) = (self.plan.to_bytes(), BTreeMap::new());
        for (_, person, key) in self.plan.members() {
            if let Some(bytes) = self.at.read(&announced(person))? {
                let announcement = Announcement::read(&bytes, purpose(&plan), key).ok_or_else(|| {
                    refused(
                        "ceremony-broadcast",
                        format!("{person}'s announcement is not signed by {person} for this plan"),
                    )
                })?;
                found.insert(person.clone(), announcement);
            }
        }
        Ok(found)
    }

    /// The certificate from everybody's signatures, once they are there.
    fn certify(&self, epoch: EpochId) -> Result<Progress, Error> {
        let mut parts = BTreeMap::new();
        for (_, person, _) in self.plan.members() {
            if let Some(bytes) = self.at.read(&signed(person))? {
                parts.insert(person.clone(), EpochCertificate::from_bytes(&bytes)?);
            }
        }
        if let Some(waiting) = self.missing(|person| parts.contains_key(person)) {
            return Ok(Progress { epoch: Some(epoch), ..waiting });
        }
        let certificate = EpochCertificate::join(&parts.into_values().collect::<Vec<_>>())?;
        self.verified(&certificate)?;
        self.at.put(CERTIFICATE, &certificate.to_bytes())?;
        Ok(Progress { epoch: Some(epoch), waits_for: Vec::new(), certificate: Some(self.at.file(CERTIFICATE)) })
    }

    /// A ceremony whose certificate is there, and whose share this folder keeps.
    fn finished(&self, folder: &KeyFolder, unlocked: &Unlocked) -> Result<Option<Progress>, Error> {
        let Some(bytes) = self.at.read(CERTIFICATE)? else { return Ok(None) };
        let epoch = self.verified(&EpochCertificate::from_bytes(&bytes)?)?;
        let done =
            Progress { epoch: Some(epoch.id()), waits_for: Vec::new(), certificate: Some(self.at.file(CERTIFICATE)) };
        if !folder.has_share(&epoch.fingerprint()) {
            return Ok(None);
        }
        if let Some(previous) = self.previous.as_ref().filter(|previous| folder.has_share(&previous.fingerprint())) {
            // All have signed, so all keep their new share: from here on the old ones are only a danger. But none is destroyed
            // before the new one was read again, and found to be what the new certificate publishes.
            folder.share(&epoch, unlocked)?;
            folder.forget_share(&previous.fingerprint())?;
        }
        Ok(Some(done))
    }

    fn verified(&self, certificate: &EpochCertificate) -> Result<EpochPublic, Error> {
        Ok(match &self.previous {
            None => certificate.verify(&self.plan.trusted())?,
            Some(previous) => certificate.renew(previous)?,
        })
    }

    fn missing(&self, is_there: impl Fn(&PersonId) -> bool) -> Option<Progress> {
        let waits_for: Vec<_> =
            self.plan.members().map(|(_, person, _)| person).filter(|person| !is_there(person)).cloned().collect();
        (!waits_for.is_empty()).then_some(Progress { epoch: None, waits_for, certificate: None })
    }
}

const fn purpose(plan: &[u8]) -> Purpose<'_> {
    Purpose { namespace: NAMESPACE, plan }
}

/// Puts an epoch's certificates into a folder, oldest first.
pub(crate) fn keep_chain(at: &Carried, chain: &[EpochCertificate]) -> Result<(), Error> {
    chain.iter().enumerate().try_for_each(|(number, certificate)| at.put(&before(number), &certificate.to_bytes()))
}

/// So many of them, oldest first.
pub(crate) fn kept_chain(at: &Carried, count: u32) -> Result<Vec<EpochCertificate>, Error> {
    let certificate = |number| {
        let bytes = at
            .read(&before(number))?
            .ok_or_else(|| refused("ceremony-folder", format!("the certificate `{}` is missing", before(number))))?;
        Ok(EpochCertificate::from_bytes(&bytes)?)
    };
    (0..count).map(|number| number as usize).map(certificate).collect()
}

/// The last of an epoch's certificates. Each member of its roster finds their own key and their own signature in it.
pub(crate) fn believed(chain: &[EpochCertificate]) -> Result<EpochPublic, Error> {
    let last = chain.last().ok_or(Error::Malformed { what: "the epoch's certificates: there is none" })?;
    Ok(EpochCertificate::verify_chain(chain, &last.claimed_roster()?)?)
}

pub(crate) fn before(number: usize) -> String {
    format!("before-{number}")
}

pub(crate) fn refused(rule: &'static str, why: String) -> Error {
    Error::Ceremony { rule, why }
}

pub(crate) fn announced(person: &PersonId) -> String {
    format!("1-{person}.announcement")
}

pub(crate) fn message(from: &PersonId, to: &PersonId) -> String {
    format!("2-from-{from}-to-{to}.age")
}

fn signed(person: &PersonId) -> String {
    format!("3-{person}.signed")
}

pub(crate) fn aborted(person: &PersonId) -> String {
    format!("aborted-by-{person}")
}

#[cfg(test)]
mod tests;
