//! An installation, opened: its folder, configuration, database and journal.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use audit::{Act, Journal, LogKey, Sequencer};
use authorisation::{SignedProfile, Trust};
use crawler::Registry;
use ed25519_dalek::VerifyingKey;
use model::{Clock, EpochId, HasKind, Kind, PersonId, Sharing};
use page::{Profiles, Rejected};
use seal::{EpochCertificate, EpochPublic};
use store::Store;

use crate::config::Config;
use crate::failure::{failure, refused, rule};
use crate::layout::Layout;

/// An opened data folder.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) layout: Layout,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) journal: Journal,
}

impl Site {
    pub(crate) async fn open(root: &Path, clock: Clock) -> anyhow::Result<Self> {
        let layout = Layout::open(root)?;
        let config = Config::load(&layout.config())?;
        let store = Store::open(&layout.database(), clock.clone()).await.context("failed to open the data folder")?;
        let journal = Journal::new(store.clone());
        Ok(Self { layout, config, clock, store, journal })
    }

    /// In one-user mode, where this process can read the log's key and no `lanthorn log` runs, signs what the command
    /// has written. Otherwise the log process does it within a second.
    pub(crate) async fn settle_log(&self) {
        match self.sequencer().await {
            Ok(sequencer) => {
                if let Err(error) = sequencer.run_once().await {
                    tracing::error!(%error, "the log was not signed");
                }
            }
            Err(error) => tracing::debug!(%error, "leaving the log to its own process"),
        }
    }

    /// The log's writer, if this process may have it.
    pub(crate) async fn sequencer(&self) -> anyhow::Result<Sequencer> {
        let key = LogKey::load(&self.layout.log_key()).context("failed to read the log's key")?;
        Sequencer::open(self.store.clone(), &self.layout.log(), key).await.context("failed to open the log")
    }

    /// Whose signatures count here, and how many are asked for.
    pub(crate) async fn trust(&self) -> anyhow::Result<Trust> {
        Ok(Trust {
            signers: self.signers().await?,
            required: self.config.signatures.required,
            audience: self.config.site.name.clone(),
            revoked: BTreeSet::new(), // the register knows them
        })
    }

    /// The extraction profiles: the built-in ones, and those of the data folder that supervisors have signed for this
    /// installation; with what lies there and does not count.
    pub(crate) async fn profiles(&self) -> anyhow::Result<(Profiles, Vec<Rejected>)> {
        if !self.layout.profiles().exists() {
            return Ok((Profiles::builtin(), Vec::new()));
        }
        let trust = self.trust().await?;
        let open = |text: &str| {
            let signed = SignedProfile::parse(text).map_err(|error| error.to_string())?;
            signed.verify(&trust).map_err(|refusal| refusal.to_string())?;
            Ok(signed.body().to_owned())
        };
        Profiles::load(&self.layout.profiles(), open).map_err(failed)
    }

    /// The supervisors' enrolled keys.
    pub(crate) async fn signers(&self) -> anyhow::Result<BTreeMap<PersonId, VerifyingKey>> {
        let signers = access::signers(&self.store).await.map_err(failed)?;
        let read = |(person, key): (PersonId, [u8; 32])| match VerifyingKey::from_bytes(&key) {
            Ok(key) => Ok((person, key)),
            Err(_) => Err(failure(Kind::Damaged, format!("the enrolled key of {person} is no Ed25519 key"))),
        };
        signers.into_iter().map(read).collect()
    }

    /// The epoch that crawlers seal to, believed only if its supervisors are those enrolled here.
    pub(crate) async fn epoch(&self) -> anyhow::Result<EpochPublic> {
        let path = self.layout.epoch();
        if !path.exists() {
            return Err(failure(
                Kind::Unavailable,
                "no epoch is installed, so nothing can be sealed: `lanthorn supervisor keygen`, then `lanthorn supervisor epoch FILE`",
            ));
        }
        self.believe(&self.refreshed(read_certificate(&path)?)?).await
    }

    /// The epoch that an original was sealed to.
    pub(crate) async fn epoch_of(&self, epoch: EpochId) -> anyhow::Result<EpochPublic> {
        self.believe(&self.refreshed(read_certificate(&self.layout.epoch_of(epoch))?)?).await
    }

    /// An epoch's first certificate and what was made of it since, oldest first.
    pub(crate) fn refreshed(&self, first: EpochCertificate) -> anyhow::Result<Vec<EpochCertificate>> {
        let (epoch, _) = first.claims().map_err(failed)?;
        let mut chain = vec![first];
        for generation in 1.. {
            let path = self.layout.epoch_refreshed(epoch, generation);
            if !path.exists() {
                break;
            }
            chain.push(read_certificate(&path)?);
        }
        Ok(chain)
    }

    /// Every person of the last roster must be enrolled here with that very key; all of them must have signed.
    pub(crate) async fn believe(&self, chain: &[EpochCertificate]) -> anyhow::Result<EpochPublic> {
        let enrolled = self.signers().await?;
        let last = chain.last().ok_or_else(|| failure(Kind::Internal, "an epoch has no certificate"))?;
        let roster = last.claimed_roster().map_err(failed)?;
        if let Some((person, _)) = roster.iter().find(|(person, key)| enrolled.get(person) != Some(key)) {
            return Err(refused(format!(
                "refused by rule `known-supervisors`: {person} is in the roster and is not enrolled here as a supervisor with that key"
            )));
        }
        EpochCertificate::verify_chain(chain, &roster).map_err(failed)
    }

    /// Reads every registered authorisation and checks that it is what was signed; returns how many there are.
    pub(crate) async fn check_authorisations(&self) -> anyhow::Result<usize> {
        let registry = Registry::new(self.store.clone());
        let entries = registry.list().await.map_err(failed)?;
        for entry in &entries {
            registry.find(entry.id).await.map_err(failed)?;
        }
        Ok(entries.len())
    }

    /// Takes the one place of a process (`crawl`) on this data folder for as long as the file is held.
    pub(crate) fn alone(&self, process: &str) -> anyhow::Result<File> {
        let path = self.layout.lock(process);
        let mode = if self.layout.is_separated() { Sharing::Group } else { Sharing::Private }.file();
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(mode).open(&path);
        let file = file.with_context(|| format!("failed to open {}", path.display()))?;
        file.try_lock().map_err(|_| {
            failure(
                Kind::Unavailable,
                format!("another `lanthorn {process}` works on this data folder; wait for it or stop it"),
            )
        })?;
        Ok(file)
    }
}

/// Writes into the log that a rule has forbidden something, and which, before the person is told. A failure that is no refusal
/// is passed on.
pub(crate) async fn noted<T>(site: &Site, act: impl FnOnce() -> Act, tried: anyhow::Result<T>) -> anyhow::Result<T> {
    if let Err(error) = &tried {
        if let Some(rule) = rule(error) {
            site.journal.note_now(act().detail("rule", rule)).await.map_err(failed)?;
        }
        site.settle_log().await;
    }
    tried
}

/// Adds "failed to" in front of a crate's own error, and keeps its kind.
pub(crate) fn failed<E: HasKind + Send + Sync + 'static>(error: E) -> anyhow::Error {
    anyhow::Error::from(error).context("failed to")
}

pub(crate) fn read_certificate(path: &Path) -> anyhow::Result<EpochCertificate> {
    let bytes = std::fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
    EpochCertificate::from_bytes(&bytes).map_err(failed)
}
