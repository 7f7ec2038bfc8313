//! A key ceremony, or a refresh of an epoch's shares, across machines: each member takes steps with their own key folder,
//! and what has to be exchanged lies in one folder that is carried from hand to hand, or that all can reach. Nothing in it
//! is secret: what is for one member's eyes is encrypted to that member.
//!
//! A step does all that can be done now and says who is waited for. It can be taken again at any time: what was written
//! stays, and what a killed process did not finish is made again from the same state, byte for byte where it matters.

mod announcement;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use model::{EpochId, PersonId, Sensitive, Timestamp};
use seal::{AwaitingBroadcasts, EpochCertificate, EpochPublic, Plan};

use self::announcement::Announcement;
use crate::error::in_file;
use crate::key_folder::write;
use crate::{Enrolment, Error, KeyFolder, Unlocked, WorkFactor};

/// Longest file that is read from the folder: hostile hands may have held it.
const MAX_FILE_BYTES: u64 = 64 << 10;

const PLAN: &str = "plan";
const CERTIFICATE: &str = "certificate";

/// The folder of one ceremony.
#[derive(Debug)]
pub struct Ceremony {
    path: PathBuf,
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
        fs::create_dir(path).map_err(in_file("make the ceremony's folder, which must be new"))?;
        write(&path.join(PLAN), &plan.to_bytes())?;
        Ok(Self { path: path.to_owned(), plan, previous: None })
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
        fs::create_dir(path).map_err(in_file("make the ceremony's folder, which must be new"))?;
        for (number, certificate) in chain.iter().enumerate() {
            write(&path.join(before(number)), &certificate.to_bytes())?;
        }
        write(&path.join(PLAN), &plan.to_bytes())?;
        Ok(Self { path: path.to_owned(), plan, previous: Some(previous) })
    }

    /// Opens a folder.
    ///
    /// # Errors
    /// When there is no plan in it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let bytes = read(&path.join(PLAN))?.ok_or_else(|| {
            refused("ceremony-folder", format!("{} holds no plan: `lanthorn supervisor ceremony plan`", path.display()))
        })?;
        let plan = Plan::from_bytes(&bytes)?;
        let previous = match plan.renews() {
            None => None,
            Some(renewal) => {
                let numbers = 0..usize::try_from(renewal.generation).unwrap_or(usize::MAX);
                let certificate = |number| {
                    let bytes = read(&path.join(before(number)))?.ok_or_else(|| {
                        refused("ceremony-folder", format!("the certificate `{}` is missing", before(number)))
                    })?;
                    Ok(EpochCertificate::from_bytes(&bytes)?)
                };
                let previous = believed(&numbers.map(certificate).collect::<Result<Vec<_>, Error>>()?)?;
                plan.fits(&previous)?;
                Some(previous)
            }
        };
        Ok(Self { path: path.to_owned(), plan, previous })
    }

    /// Who takes part, and how many it takes.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What each member has left in the folder; nothing of it is checked.
    #[must_use]
    pub fn stages(&self) -> Vec<(PersonId, Stage)> {
        let sent_to =
            |person: &PersonId, other: &PersonId| other == person || self.path.join(message(person, other)).exists();
        let stage = |person: &PersonId| {
            if self.path.join(signed(person)).exists() {
                Stage::Signed
            } else if self.plan.members().all(|(_, other, _)| sent_to(person, other)) {
                Stage::Sent
            } else if self.path.join(announced(person)).exists() {
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
            let file = self.path.join(message(unlocked.person(), person));
            if let Some(secret) = messages.get(&index).filter(|_| !file.exists()) {
                write(&file, &encrypted(&announcements[person].recipient, secret)?)?;
            }
        }
        let mut mail = BTreeMap::new();
        for (_, person, _) in self.plan.members().filter(|(index, ..)| *index != own) {
            if let Some(file) = read(&self.path.join(message(person, unlocked.person())))? {
                let secret = age::decrypt(unlocked.identity(), &file).map_err(|_| {
                    refused("ceremony-message", format!("{person}'s message is not for your key, or it is damaged"))
                })?;
                mail.insert(person.clone(), Sensitive::new(secret));
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
        self.put(&signed(unlocked.person()), &part)?;
        self.certify(epoch)
    }

    /// Ends the ceremony for everybody. What was exchanged is worth nothing without the state that is forgotten here.
    ///
    /// # Errors
    /// When the certificate is there already, or files cannot be written.
    pub fn abort(&self, folder: &KeyFolder, unlocked: &Unlocked) -> Result<(), Error> {
        self.own_index(unlocked)?;
        if self.path.join(CERTIFICATE).exists() {
            return Err(refused(
                "ceremony-done",
                "the certificate is made; do not install it, and make a new plan".into(),
            ));
        }
        write(&self.path.join(aborted(unlocked.person())), b"aborted\n")?;
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
        self.plan
            .members()
            .map(|(_, person, _)| person)
            .find(|person| self.path.join(aborted(person)).exists())
            .cloned()
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
            None if self.path.join(&file).exists() => {
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
        self.put(&file, &announcement.sign(&self.plan, unlocked)?)?;
        Ok(state)
    }

    /// Everybody's announcements that are there, each checked against its member's key.
    fn announcements(&self) -> Result<BTreeMap<PersonId, Announcement>, Error> {
        let mut found = BTreeMap::new();
        for (_, person, key) in self.plan.members() {
            if let Some(bytes) = read(&self.path.join(announced(person)))? {
                let announcement = Announcement::read(&bytes, &self.plan, key).ok_or_else(|| {
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
            if let Some(bytes) = read(&self.path.join(signed(person)))? {
                parts.insert(person.clone(), EpochCertificate::from_bytes(&bytes)?);
            }
        }
        if let Some(waiting) = self.missing(|person| parts.contains_key(person)) {
            return Ok(Progress { epoch: Some(epoch), ..waiting });
        }
        let certificate = EpochCertificate::join(&parts.into_values().collect::<Vec<_>>())?;
        self.verified(&certificate)?;
        self.put(CERTIFICATE, &certificate.to_bytes())?;
        Ok(Progress { epoch: Some(epoch), waits_for: Vec::new(), certificate: Some(self.path.join(CERTIFICATE)) })
    }

    /// A ceremony whose certificate is there, and whose share this folder keeps.
    fn finished(&self, folder: &KeyFolder, unlocked: &Unlocked) -> Result<Option<Progress>, Error> {
        let path = self.path.join(CERTIFICATE);
        let Some(bytes) = read(&path)? else { return Ok(None) };
        let epoch = self.verified(&EpochCertificate::from_bytes(&bytes)?)?;
        let done = Progress { epoch: Some(epoch.id()), waits_for: Vec::new(), certificate: Some(path) };
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

    /// Writes a file that is written once: a second writing of the same is none.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path.join(name);
        if path.exists() { Ok(()) } else { write(&path, bytes) }
    }
}

fn encrypted(recipient: &str, secret: &Sensitive<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let recipient: age::x25519::Recipient =
        recipient.parse().map_err(|_| Error::Malformed { what: "a member's age key" })?;
    age::encrypt(&recipient, secret.expose())
        .map_err(|error| Error::Encrypt { what: "a ceremony's message", why: error.to_string() })
}

/// The last of an epoch's certificates. Each member of its roster finds their own key and their own signature in it.
fn believed(chain: &[EpochCertificate]) -> Result<EpochPublic, Error> {
    let last = chain.last().ok_or(Error::Malformed { what: "the epoch's certificates: there is none" })?;
    Ok(EpochCertificate::verify_chain(chain, &last.claimed_roster()?)?)
}

fn before(number: usize) -> String {
    format!("before-{number}")
}

fn refused(rule: &'static str, why: String) -> Error {
    Error::Ceremony { rule, why }
}

fn announced(person: &PersonId) -> String {
    format!("1-{person}.announcement")
}

fn message(from: &PersonId, to: &PersonId) -> String {
    format!("2-from-{from}-to-{to}.age")
}

fn signed(person: &PersonId) -> String {
    format!("3-{person}.signed")
}

fn aborted(person: &PersonId) -> String {
    format!("aborted-by-{person}")
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let file = match fs::File::open(path) {
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(in_file("read the ceremony's folder"))?,
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(in_file("read the ceremony's folder"))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Error::Malformed { what: "a file of the ceremony: it is too long" });
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests;
