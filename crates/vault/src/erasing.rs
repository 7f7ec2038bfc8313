//! Erasure: the header goes, and with it the last way to read the payload, wherever copies of it lie.

use model::CaptureId;

use crate::Error;
use crate::error::{blocking, in_file};
use crate::folder::Part;
use crate::row::{Sealed, State};
use crate::shelf::Shelf;

impl Shelf {
    /// Destroys a capture's header: overwritten, synced, removed. Calling it again, or after a kill, finishes the job.
    ///
    /// The caller has the erasure announced in the journal; backups of headers expire on their own short schedule.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is no such capture, [`Error::Held`] when a legal hold stands on it; others when the file cannot be destroyed, and then it is to be
    /// tried again: the capture counts as erased from the first call on.
    pub async fn destroy_header(&self, capture: CaptureId) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        self.must_not_be_held(capture, &mut tx).await?;
        let fresh = Sealed::change(capture, &[State::Sealed, State::Erasing], State::Erasing, &mut tx).await?;
        tx.commit().await?;
        if fresh { self.finish_erasing(capture).await } else { Ok(()) }
    }

    pub(crate) async fn finish_erasing(&self, capture: CaptureId) -> Result<(), Error> {
        let folder = self.folder.clone();
        let destroy = move || folder.destroy(Part::Header, capture).map_err(in_file("destroy a header"));
        blocking("destroy a header", destroy).await?;
        let mut tx = self.store.begin().await?;
        Sealed::change(capture, &[State::Erasing], State::Erased, &mut tx).await?;
        Ok(tx.commit().await?)
    }
}
