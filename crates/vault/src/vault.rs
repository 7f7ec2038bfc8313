//! The side of the vault that seals: the crawl process, with public keys alone.

use std::path::Path;
use std::sync::Arc;

use audit::{Collected, Collector, Intent, Journal, Outcome};
use model::{AuthorisationId, CaptureId, CaseId, HasKind as _, Sensitive};
use rand::rngs::OsRng;
use seal::{EpochPublic, Sealer};
use store::Store;

use crate::Error;
use crate::error::{blocking, in_file};
use crate::folder::{Lock, Part};
use crate::row::Sealed;
use crate::shelf::Shelf;

/// The vault of the process that collects: seals to one epoch, and holds the one maker of receipts.
#[derive(Debug)]
pub struct Vault {
    shelf: Shelf,
    collector: Arc<Collector>,
    sealer: Arc<Sealer>,
}

impl Vault {
    /// The vault in `dir`, sealing to a certified epoch. Its folders are made when the first page is sealed.
    #[must_use]
    pub fn new(dir: &Path, store: Store, collector: Collector, epoch: &EpochPublic) -> Self {
        Self { shelf: Shelf::new(dir, store), collector: Arc::new(collector), sealer: Arc::new(Sealer::new(epoch)) }
    }

    /// The side that needs no keys.
    #[must_use]
    pub const fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    pub(crate) fn journal(&self) -> &Journal {
        self.collector.journal()
    }

    /// Seals a capture record, brings payload and header to the disk, enters them, and closes the intent: one receipt.
    ///
    /// When it fails before the last step, the intent is closed as failed; files that are there already have no entry
    /// and go with the next [`sweep`](Self::sweep).
    ///
    /// # Errors
    /// When sealing, writing or entering fails; then the page must not be worked on.
    pub async fn collect(
        &self,
        intent: Intent,
        case: CaseId,
        authorisation: AuthorisationId,
        capture: CaptureId,
        record: Sensitive<Vec<u8>>,
    ) -> Result<Collected, Error> {
        let (entry, lock) = match self.seal(case, authorisation, capture, record).await {
            Ok(sealed) => sealed,
            Err(error) => return Err(self.failed(intent, error).await?),
        };
        // With whatever other pages are on their way: the disk is waited for once.
        let collector = Arc::clone(&self.collector);
        let entered = self.shelf.store.together(move |tx| {
            Box::pin(async move {
                if let Err(error) = entry.insert(tx).await {
                    return Err((error, Some(intent)));
                }
                let collected = collector.collected(tx, intent, capture, &entry.commitments).await;
                // The lock goes along until the commit: from there on a sweep finds the entry.
                collected.map(|collected| (collected, lock)).map_err(|error| (error.into(), None))
            })
        });
        match entered.await? {
            Ok((collected, lock)) => {
                drop(lock);
                Ok(collected)
            }
            Err((error, Some(intent))) => Err(self.failed(intent, error).await?),
            Err((error, None)) => Err(error),
        }
    }

    /// Closes an intent that came to nothing; the error that it came to.
    async fn failed(&self, intent: Intent, error: Error) -> Result<Error, Error> {
        let kind = format!("{:?}", error.kind()).to_lowercase();
        self.journal().close_now(intent, Outcome::Failed(&kind)).await?;
        Ok(error)
    }

    /// The receipt of a capture that is entered and whose collection is logged: how work goes on after a crash.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn recall(&self, capture: CaptureId) -> Result<Option<Collected>, Error> {
        Ok(self.collector.recall(capture).await?)
    }

    /// Seals and writes, in that order: nothing of the original reaches the disk unsealed.
    async fn seal(
        &self,
        case: CaseId,
        authorisation: AuthorisationId,
        capture: CaptureId,
        record: Sensitive<Vec<u8>>,
    ) -> Result<(Sealed, Lock), Error> {
        let label = self.sealer.label(case, authorisation, capture);
        let (sealer, folder, now) =
            (Arc::clone(&self.sealer), self.shelf.folder.clone(), self.shelf.store.clock().now());
        let work = move || {
            let sealed = sealer.seal(&label, record.expose(), &mut OsRng)?;
            drop(record); // wiped before the disk is waited for
            folder.prepare().map_err(in_file("make the folders"))?;
            let lock = folder.lock_for_sealing().map_err(in_file("lock the vault"))?;
            for part in Part::BOTH {
                if folder.has(part, capture).map_err(in_file("look for a file"))? {
                    return Err(Error::Exists(capture));
                }
            }
            folder.put(Part::Payload, capture, &sealed.payload).map_err(in_file("write a payload"))?;
            folder.put(Part::Header, capture, &sealed.header).map_err(in_file("write a header"))?;
            Ok((Sealed::new(&label, &sealed, now), lock))
        };
        blocking("seal a page", work).await
    }
}
