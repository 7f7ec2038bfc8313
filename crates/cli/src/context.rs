//! What every command is given: common options, the composition, and a way to the parts it needs.

use std::sync::Mutex;

use access::{Access, Permit, Principal};
use anyhow::Context as _;
use model::{Action, CaseId, Kind};
use search::SearchCapability;

use crate::Composition;
use crate::args::Common;
use crate::commands::policy;
use crate::failure::{failure, usage};
use crate::site::{Site, failed};
use crate::terminal::{Output, Passphrases};

/// The setting of one run of the command.
pub(crate) struct Context {
    pub(crate) common: Common,
    pub(crate) composition: Composition,
    passphrases: Mutex<Passphrases>,
}

impl Context {
    pub(crate) fn new(common: Common, composition: Composition) -> Self {
        let passphrases = Mutex::new(Passphrases::new(&common.passphrase_file));
        Self { common, composition, passphrases }
    }

    /// Where answers go.
    pub(crate) const fn output(&self) -> Output {
        Output { json: self.common.json }
    }

    /// A line for the person on standard error.
    pub(crate) fn tell(&self, text: &str) {
        crate::terminal::tell(self.common.json, text);
    }

    /// The next passphrase.
    pub(crate) fn passphrase(&self, whose: &str) -> anyhow::Result<zeroize::Zeroizing<String>> {
        let mut passphrases =
            self.passphrases.lock().map_err(|_| failure(Kind::Internal, "a passphrase prompt failed"))?;
        passphrases.next(whose)
    }

    /// The installation in the data folder.
    pub(crate) async fn site(&self) -> anyhow::Result<Site> {
        Site::open(&self.common.data, self.composition.clock.clone()).await
    }

    /// Access control over a site. Once per process: it takes the one search capability with it.
    pub(crate) fn access(&self, site: &Site) -> anyhow::Result<Access> {
        let capability = SearchCapability::take()
            .ok_or_else(|| failure(Kind::Internal, "access control was asked for twice in one process"))?;
        let access = Access::new(site.store.clone(), site.journal.clone(), capability, self.composition.hardness)
            .reviewed_every(site.config.retention.review_days);
        // A policy that cannot be read is not one that forbids nothing.
        Ok(match policy::in_force(site)? {
            Some((_, policy)) => access.under(policy),
            None => access,
        })
    }

    /// Signs the person at the keyboard in.
    pub(crate) async fn sign_in(&self, access: &Access) -> anyhow::Result<Principal> {
        let person = self.common.person.as_ref().ok_or_else(|| usage("say who you are with --as PERSON"))?;
        let passphrase = self.passphrase(person.as_str())?;
        access.sign_in(person, &passphrase).await.context("failed")
    }

    /// Signs in and asks for leave to do one thing.
    pub(crate) async fn permit(&self, site: &Site, action: Action) -> anyhow::Result<(Access, Principal, Permit)> {
        self.permit_in(site, action, None).await
    }

    /// The same for something in one case.
    pub(crate) async fn permit_in(
        &self,
        site: &Site,
        action: Action,
        case: Option<&CaseId>,
    ) -> anyhow::Result<(Access, Principal, Permit)> {
        let access = self.access(site)?;
        let recovered = site.journal.recover().await.map_err(failed)?;
        if !recovered.is_empty() {
            self.tell(&format!(
                "the outcome of {} acts of a process that was killed is unknown; the log says so",
                recovered.len()
            ));
        }
        let principal = self.sign_in(&access).await?;
        let permit = access.permit_in(&principal, action, case).await;
        let permit = match permit {
            Ok(permit) => permit,
            Err(error) => {
                site.settle_log().await;
                return Err(anyhow::Error::from(error).context("failed"));
            }
        };
        Ok((access, principal, permit))
    }
}
