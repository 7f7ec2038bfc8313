//! After a kill: what was never acknowledged goes, what was begun to be erased goes on.

use audit::{Act, ActKind, Actor};
use model::CaptureId;

use crate::Error;
use crate::error::{blocking, in_file, in_table};
use crate::folder::{Found, Part};
use crate::row::Sealed;
use crate::vault::Vault;

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that were not whole.
    pub unfinished: u64,
    /// Captures of which files were there and no entry: sealed, and never acknowledged.
    pub orphans: Vec<CaptureId>,
    /// Erasures that were finished.
    pub erased: Vec<CaptureId>,
}

impl Vault {
    /// Removes unfinished files and files without an entry, and finishes erasures. The crawl process calls it at start.
    ///
    /// A file pair without an entry was never acknowledged to anybody: its page is fetched anew. Removing one is noted
    /// in the journal.
    ///
    /// # Errors
    /// [`Error::Busy`] while any process is sealing a page.
    pub async fn sweep(&self) -> Result<Swept, Error> {
        let folder = self.shelf().folder.clone();
        let lock =
            blocking("lock the vault", move || folder.lock_for_sweeping().map_err(in_file("lock the vault"))).await?;
        let lock = lock.ok_or(Error::Busy)?;
        let mut swept = Swept::default();
        for part in Part::BOTH {
            for shard in self.shelf().folder.shards(part).map_err(in_file("list the folders"))? {
                for found in self.shelf().folder.list(part, &shard).map_err(in_file("list a folder"))? {
                    self.sweep_one(part, found, &mut swept).await?;
                }
            }
        }
        for capture in self.erasing().await? {
            self.shelf().finish_erasing(capture).await?;
            swept.erased.push(capture);
        }
        drop(lock);
        Ok(swept)
    }

    async fn sweep_one(&self, part: Part, found: Found, swept: &mut Swept) -> Result<(), Error> {
        match found {
            Found::Unfinished(path) => {
                self.shelf().folder.destroy_file(&path).map_err(in_file("remove an unfinished file"))?;
                swept.unfinished += 1;
            }
            Found::Whole(capture) if Sealed::find(capture, self.shelf().store.reader()).await?.is_none() => {
                if !swept.orphans.contains(&capture) {
                    let act = Act::new(ActKind::Erasure, Actor::Process("crawl")).capture(capture);
                    self.journal().note_now(act.reason("orphan", "sealed, never entered")).await?;
                    swept.orphans.push(capture);
                }
                self.shelf().folder.destroy(part, capture).map_err(in_file("remove an orphan"))?;
            }
            Found::Whole(_) | Found::Foreign(_) => {} // the check tells of it; nobody's files are removed unseen
        }
        Ok(())
    }

    async fn erasing(&self) -> Result<Vec<CaptureId>, Error> {
        let select = "SELECT capture FROM captures WHERE state = 'erasing' ORDER BY capture";
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(select)
            .fetch_all(self.shelf().store.reader())
            .await
            .map_err(in_table("look for erasures that were begun"))?;
        Ok(rows.iter().filter_map(|bytes| bytes.as_slice().try_into().ok()).map(CaptureId::from_bytes).collect())
    }
}
