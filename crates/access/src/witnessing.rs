//! The server's side of witnessing: whose word for the log is kept.

use std::path::Path;

use audit::{ActKind, Cosignature, Journal, WitnessKey, Witnesses};
use ed25519_dalek::VerifyingKey;
use model::Action;
use store::Store;

use crate::{Access, Error, Permit, Principal};

/// Takes cosigned checkpoints from people's own clients.
pub struct Witnessing {
    store: Store,
    journal: Journal,
}

impl Witnessing {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store, journal: Journal) -> Self {
        Self { store, journal }
    }

    /// Keeps a checkpoint of the log in `dir` that this person's client has cosigned with the key they enrolled with.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn keep(
        &self,
        access: &Access,
        by: &Principal,
        permit: &Permit,
        dir: &Path,
        origin: &str,
        note: &str,
    ) -> Result<Cosignature, Error> {
        permit.must_be_for(Action::WitnessLog)?;
        if permit.person() != by.person() {
            return Err(Error::OtherPermit { needed: Action::WitnessLog });
        }
        let enrolled = access.people().find(by.person()).await?.signing_key;
        let key = enrolled.and_then(|key| VerifyingKey::from_bytes(&key).ok()).ok_or(Error::NeedsKeys)?;
        let key = WitnessKey::of_person(origin, by.person(), key);
        let mut tx = self.store.begin().await?;
        let kept = Witnesses::new(self.store.clone()).keep(&mut tx, dir, by.person(), &key, note).await;
        let (checkpoint, cosignature) = match kept {
            Ok(kept) => kept,
            Err(error) => {
                drop(tx);
                let act = by.act(ActKind::Refusal).detail("rule", "cosigned-with-the-enrolled-key");
                self.journal.note_now(act).await?;
                return Err(error.into());
            }
        };
        self.journal.note(&mut tx, by.act(ActKind::Witness).detail("entries", checkpoint.size)).await?;
        tx.commit().await?;
        Ok(cosignature)
    }
}
