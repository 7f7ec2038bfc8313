//! A person's key folder: public halves in clear, everything else in age files under a passphrase.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use age::secrecy::{ExposeSecret, SecretString};
use audit::Checkpoint;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::SigningKey;
use model::{PersonId, Sensitive};
use seal::{EpochPublic, KeyShare};
use zeroize::Zeroizing;

use crate::ceiling::{Approvals, Given};
use crate::error::in_file;
use crate::{Enrolment, Error, Policy};

const ENROLMENT: &str = "enrolment.toml";
const SECRETS: &str = "secrets.age";
const SEEN: &str = "log-seen";
const POLICY: &str = "policy.toml";
const APPROVALS: &str = "approvals";

/// How much work one guess at a passphrase costs: the base-2 logarithm of scrypt's N.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkFactor(u8);

impl WorkFactor {
    /// About a second and 256 MiB: what `age` itself chooses on common machines.
    #[must_use]
    pub const fn standard() -> Self {
        Self(18)
    }

    /// A moment, so that tests spend their time elsewhere. Never for real keys.
    #[must_use]
    pub const fn for_tests() -> Self {
        Self(4)
    }
}

/// The most work that is spent on a file before it is refused as hostile.
const MOST_WORK: u8 = 22;

/// A folder as it lies on the disk, locked.
pub struct KeyFolder {
    path: PathBuf,
    enrolment: Enrolment,
}

/// The secrets of a folder, while they are used. Wiped when dropped.
pub struct Unlocked {
    person: PersonId,
    signing: SigningKey,
    identity: age::x25519::Identity,
    passphrase: Zeroizing<String>,
}

impl KeyFolder {
    /// Makes a folder with fresh keys.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is one; when the disk cannot be written.
    pub fn create(
        path: &Path,
        person: &PersonId,
        passphrase: &str,
        work: WorkFactor,
        rng: &mut (impl rand::CryptoRng + rand::RngCore),
    ) -> Result<Self, Error> {
        if path.join(ENROLMENT).exists() || path.join(SECRETS).exists() {
            return Err(Error::Exists);
        }
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(in_file("make the key folder"))?;
        let signing = SigningKey::generate(rng);
        let identity = age::x25519::Identity::generate();
        let enrolment = Enrolment {
            person: person.clone(),
            signing_key: signing.verifying_key().to_bytes(),
            recipient: identity.to_public().to_string(),
        };
        let mut secrets = Sensitive::new(signing.to_bytes().to_vec());
        secrets.expose_mut().extend_from_slice(identity.to_string().expose_secret().as_bytes());
        write(&path.join(SECRETS), &lock("the secrets", &secrets, passphrase, work)?)?;
        write(&path.join(POLICY), Policy::default().to_toml().as_bytes())?;
        write(&path.join(ENROLMENT), enrolment.to_toml().as_bytes())?;
        Ok(Self { path: path.to_owned(), enrolment })
    }

    /// Opens a folder; its secrets stay locked.
    ///
    /// # Errors
    /// When it is no key folder.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path.join(ENROLMENT)).map_err(in_file("read the key folder's enrolment.toml"))?;
        Ok(Self { path: path.to_owned(), enrolment: Enrolment::parse(&text)? })
    }

    /// Whose it is.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.enrolment.person
    }

    /// The public halves.
    #[must_use]
    pub const fn enrolment(&self) -> &Enrolment {
        &self.enrolment
    }

    /// The file with the public halves.
    #[must_use]
    pub fn enrolment_file(&self) -> PathBuf {
        self.path.join(ENROLMENT)
    }

    /// Unlocks the secrets, and checks that they are the ones the public halves belong to.
    ///
    /// # Errors
    /// [`Error::Locked`] for a wrong passphrase.
    pub fn unlock(&self, passphrase: &str) -> Result<Unlocked, Error> {
        let file = fs::read(self.path.join(SECRETS)).map_err(in_file("read the key folder's secrets.age"))?;
        let secrets = unlock("the key folder", &file, passphrase)?;
        let wrong = || Error::Malformed { what: "the key folder's secrets.age" };
        let (signing, identity) = secrets.expose().split_at_checked(32).ok_or_else(wrong)?;
        let signing = Zeroizing::new(<[u8; 32]>::try_from(signing).map_err(|_| wrong())?);
        let signing = SigningKey::from_bytes(&signing);
        let identity: age::x25519::Identity =
            std::str::from_utf8(identity).map_err(|_| wrong())?.parse().map_err(|_| wrong())?;
        let same = signing.verifying_key().to_bytes() == self.enrolment.signing_key
            && identity.to_public().to_string() == self.enrolment.recipient;
        if !same {
            return Err(Error::Malformed { what: "the key folder: its public halves belong to other secrets" });
        }
        let passphrase = Zeroizing::new(passphrase.to_owned());
        Ok(Unlocked { person: self.enrolment.person.clone(), signing, identity, passphrase })
    }

    /// Keeps the share that the certificate of this name publishes, under the folder's passphrase. Two refreshes of the same
    /// shares make different certificates, so that neither writes over what the other has kept.
    ///
    /// # Errors
    /// When the disk cannot be written.
    pub fn keep_share(
        &self,
        share: &KeyShare,
        certificate: &str,
        unlocked: &Unlocked,
        work: WorkFactor,
    ) -> Result<(), Error> {
        write(&self.share_file(certificate), &lock("the share", &share.to_bytes(), &unlocked.passphrase, work)?)
    }

    /// The share of an epoch.
    ///
    /// # Errors
    /// When the certificate does not name the folder's person, there is no share, or it is not the one that is published.
    pub fn share(&self, epoch: &EpochPublic, unlocked: &Unlocked) -> Result<KeyShare, Error> {
        if !epoch.members().any(|(_, member)| member.person() == self.person()) {
            return Err(Error::NotInRoster);
        }
        let file = fs::read(self.share_file(&epoch.fingerprint())).map_err(in_file("read your share of this epoch"))?;
        let bytes = unlock("the share", &file, &unlocked.passphrase)?;
        Ok(KeyShare::from_bytes(bytes.expose(), epoch)?)
    }

    /// Whether the share that the certificate of this name publishes is here.
    #[must_use]
    pub fn has_share(&self, certificate: &str) -> bool {
        self.share_file(certificate).exists()
    }

    /// Destroys a share that a refresh has replaced.
    pub(crate) fn forget_share(&self, certificate: &str) -> Result<(), Error> {
        forget(&self.share_file(certificate), "destroy a share that was replaced")
    }

    /// Keeps a secret of a ceremony that goes on, under the folder's passphrase.
    pub(crate) fn keep_state(
        &self,
        name: &str,
        state: &Sensitive<Vec<u8>>,
        unlocked: &Unlocked,
        work: WorkFactor,
    ) -> Result<(), Error> {
        write(&self.state_file(name), &lock("the ceremony's state", state, &unlocked.passphrase, work)?)
    }

    /// That secret, if there is one.
    pub(crate) fn state(&self, name: &str, unlocked: &Unlocked) -> Result<Option<Sensitive<Vec<u8>>>, Error> {
        match fs::read(self.state_file(name)) {
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => unlock(
                "the ceremony's state",
                &read.map_err(in_file("read the ceremony's state"))?,
                &unlocked.passphrase,
            )
            .map(Some),
        }
    }

    /// Forgets it.
    pub(crate) fn forget_state(&self, name: &str) -> Result<(), Error> {
        forget(&self.state_file(name), "remove the ceremony's state")
    }

    /// The state of the log that this folder has seen last.
    ///
    /// # Errors
    /// When the file is damaged: then nothing is approved until a person has looked.
    pub fn seen(&self) -> Result<Option<Checkpoint>, Error> {
        let Some(text) = self.read(SEEN, "read which log was seen last")? else { return Ok(None) };
        let read = || {
            let mut lines = text.lines();
            let (origin, size) = (lines.next()?.to_owned(), lines.next()?.parse().ok()?);
            let root = BASE64_STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
            lines.next().is_none().then_some(Checkpoint { origin, size, root })
        };
        read().map(Some).ok_or(Error::Malformed { what: "log-seen in the key folder" })
    }

    /// Remembers a state of the log, durably, before anything is done on the strength of it.
    pub(crate) fn remember(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        write(&self.path.join(SEEN), checkpoint.to_string().as_bytes())
    }

    /// The folder's own rules; the usual ones if there is no file.
    ///
    /// # Errors
    /// When the file is damaged: then nothing is approved until a person has looked.
    pub fn policy(&self) -> Result<Policy, Error> {
        self.read(POLICY, "read the key folder's policy.toml")?
            .map_or_else(|| Ok(Policy::default()), |text| Policy::parse(&text))
    }

    /// Replaces the folder's own rules.
    ///
    /// # Errors
    /// When it would not be read again (a class without people, two of one name), or the disk cannot be written.
    pub fn set_policy(&self, policy: &Policy) -> Result<(), Error> {
        let text = policy.to_toml();
        let _ = Policy::parse(&text)?;
        write(&self.path.join(POLICY), text.as_bytes())
    }

    /// Counts an approval against the folder's ceilings, durably, before it is given.
    pub(crate) fn count(&self, given: Given) -> Result<(), Error> {
        let text = self.read(APPROVALS, "read which approvals were given")?.unwrap_or_default();
        let counted = Approvals::parse(&text)?.count(given, &self.policy()?)?;
        write(&self.path.join(APPROVALS), counted.to_text().as_bytes())
    }

    fn read(&self, name: &str, during: &'static str) -> Result<Option<String>, Error> {
        match fs::read_to_string(self.path.join(name)) {
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(in_file(during)),
        }
    }

    fn state_file(&self, name: &str) -> PathBuf {
        self.path.join(format!("ceremony-{name}.age"))
    }

    fn share_file(&self, certificate: &str) -> PathBuf {
        self.path.join(format!("share-{certificate}.age"))
    }
}

impl Unlocked {
    /// Whose secrets they are.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// The key that signs authorisations, epochs and grants.
    #[must_use]
    pub const fn signing_key(&self) -> &SigningKey {
        &self.signing
    }

    pub(crate) const fn identity(&self) -> &age::x25519::Identity {
        &self.identity
    }
}

impl std::fmt::Debug for Unlocked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Unlocked({})", self.person)
    }
}

fn lock(what: &'static str, secret: &Sensitive<Vec<u8>>, passphrase: &str, work: WorkFactor) -> Result<Vec<u8>, Error> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(work.0);
    age::encrypt(&recipient, secret.expose()).map_err(|error| Error::Encrypt { what, why: error.to_string() })
}

fn unlock(what: &'static str, file: &[u8], passphrase: &str) -> Result<Sensitive<Vec<u8>>, Error> {
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    age::decrypt(&identity, file).map(Sensitive::new).map_err(|_| Error::Locked { what })
}

fn forget(path: &Path, during: &'static str) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(in_file(during)),
    }
}

/// Writes a file for our user alone; it is whole or absent.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unfinished = path.with_extension("unfinished");
    let written = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    };
    written().map_err(in_file("write a key file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_opens_with_its_passphrase_and_with_no_other() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("maria");
        let person = "s.maria".parse().unwrap();
        let made =
            KeyFolder::create(&path, &person, "correct horse battery", WorkFactor::for_tests(), &mut rand::rngs::OsRng)
                .unwrap();
        let folder = KeyFolder::open(&path).unwrap();
        assert_eq!(folder.enrolment(), made.enrolment());
        let unlocked = folder.unlock("correct horse battery").unwrap();
        assert_eq!(unlocked.signing_key().verifying_key().to_bytes(), folder.enrolment().signing_key);
        assert!(matches!(folder.unlock("another horse"), Err(Error::Locked { .. })));
        assert!(matches!(
            KeyFolder::create(&path, &person, "x", WorkFactor::for_tests(), &mut rand::rngs::OsRng),
            Err(Error::Exists)
        ));
    }

    #[test]
    fn no_secret_is_on_the_disk_in_clear() {
        let home = tempfile::tempdir().unwrap();
        let person = "s.maria".parse().unwrap();
        let folder = KeyFolder::create(
            home.path(),
            &person,
            "correct horse battery",
            WorkFactor::for_tests(),
            &mut rand::rngs::OsRng,
        )
        .unwrap();
        let unlocked = folder.unlock("correct horse battery").unwrap();
        let secret = unlocked.signing_key().to_bytes();
        for entry in fs::read_dir(home.path()).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(32).any(|window| window == secret));
            assert!(!bytes.windows(15).any(|window| window == b"AGE-SECRET-KEY-"));
        }
    }
}
