//! The receipt that a capture was sealed and logged: nothing is parsed, redacted or indexed without one.

use model::CaptureId;
use store::Tx;

use crate::error::in_journal;
use crate::{ActKind, Error, Intent, Journal, Outcome};

/// Salted commitments to an original: they hide it, and bind it once salt and original are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitments {
    /// `BLAKE3-derive(salt, BLAKE3(original))`.
    pub blake3: [u8; 32],
    /// The same with SHA-256, for tools that know no BLAKE3.
    pub sha256: [u8; 32],
}

/// The one maker of receipts. Taken once and moved into the vault, which calls it after both files are on disk.
///
/// Not `Clone`: whoever holds it can claim that something was sealed.
#[derive(Debug)]
pub struct Collector(Journal);

/// Proof that a capture's original is sealed on disk and its collection in the journal.
///
/// Only a [`Collector`] makes one; there is no way to copy, store or send it.
#[derive(Debug)]
#[must_use = "a collected page goes on to be parsed and indexed"]
pub struct Collected(CaptureId);

impl Collected {
    /// Of which capture.
    #[must_use]
    pub const fn capture(&self) -> CaptureId {
        self.0
    }
}

impl Collector {
    /// Takes the journal's collector.
    ///
    /// # Errors
    /// [`Error::CollectorTaken`] the second time.
    pub fn take(journal: Journal) -> Result<Self, Error> {
        if journal.take_collector() { Ok(Self(journal)) } else { Err(Error::CollectorTaken) }
    }

    /// The journal that it issues receipts on.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.0
    }

    /// Closes the intent to collect with the commitments to what was sealed, in the caller's transaction.
    ///
    /// The receipt is good only once that transaction has committed: the vault lets it out after that.
    ///
    /// # Errors
    /// When the intent announced something else, is not open, or cannot be closed.
    pub async fn collected(
        &self,
        tx: &mut Tx,
        intent: Intent,
        capture: CaptureId,
        commitments: &Commitments,
    ) -> Result<Collected, Error> {
        let act = intent.act();
        if act.kind() != ActKind::Collection || act.capture != Some(capture) {
            return Err(Error::OtherIntent);
        }
        let hex = |bytes: &[u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let intent = intent
            .detail("commitment_blake3", hex(&commitments.blake3))
            .detail("commitment_sha256", hex(&commitments.sha256));
        self.0.close(tx, intent, Outcome::Done).await?;
        Ok(Collected(capture))
    }

    /// The receipt of a capture whose collection is committed in the journal: how work goes on after a crash.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn recall(&self, capture: CaptureId) -> Result<Option<Collected>, Error> {
        let select = "SELECT EXISTS (SELECT 1 FROM journal WHERE capture = ? AND kind = ? AND outcome = 'done')";
        let found: bool = sqlx::query_scalar(select)
            .bind(capture.as_bytes().as_slice())
            .bind(ActKind::Collection.as_str())
            .fetch_one(self.0.store().reader())
            .await
            .map_err(in_journal("look for a collection"))?;
        Ok(found.then_some(Collected(capture)))
    }
}
