//! Open indexes that questions share.
//!
//! To open an index of a million pages with its columns costs as much as a search in it, so a server keeps the newest state of
//! the cases that people work on. It must not keep an older one: what was erased would live on in it. So each question looks
//! whether the state is still the newest, and [`Readers::let_go`], called every [`LOOK_MILLIS`], drops what is not, and what
//! nobody has used for a while.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{CaseId, Clock, Timestamp};

use crate::{Error, Searcher};

/// How often [`Readers::let_go`] is to be called: an erasure waits for readers a few times as long.
pub const LOOK_MILLIS: u64 = 500;

/// Indexes that are kept open at most.
const MOST: usize = 8;

/// How long an index stays open that nobody asks.
const IDLE_MILLIS: i64 = 60_000;

/// The newest states of some cases.
pub struct Readers {
    indexes: PathBuf,
    clock: Clock,
    held: Mutex<BTreeMap<CaseId, Held>>,
}

struct Held {
    searcher: Arc<Searcher>,
    used: Timestamp,
}

impl Readers {
    /// None yet, over the folder that holds one index a case.
    #[must_use]
    pub const fn new(indexes: PathBuf, clock: Clock) -> Self {
        Self { indexes, clock, held: Mutex::new(BTreeMap::new()) }
    }

    /// The newest state of a case, to be let go of after the question.
    ///
    /// # Errors
    /// As [`Searcher::open`].
    pub fn open(&self, case: &CaseId) -> Result<Arc<Searcher>, Error> {
        let now = self.clock.now();
        if let Some(held) = self.held().get_mut(case)
            && held.searcher.is_newest()
        {
            held.used = now;
            return Ok(Arc::clone(&held.searcher));
        }
        // Outside the lock: other cases' questions go on meanwhile. Of two that come at once the later one is kept.
        let searcher = Arc::new(Searcher::open(&self.indexes.join(case.as_str()), self.clock.clone())?);
        let mut held = self.held();
        held.insert(case.clone(), Held { searcher: Arc::clone(&searcher), used: now });
        if held.len() > MOST {
            let oldest = held.iter().min_by_key(|(_, held)| held.used).map(|(case, _)| case.clone());
            oldest.and_then(|case| held.remove(&case));
        }
        Ok(searcher)
    }

    /// Lets go of states that are not the newest any more, and of those that nobody has used for a minute.
    pub fn let_go(&self) {
        let now = self.clock.now();
        self.held().retain(|_, held| now.since_millis(held.used) < IDLE_MILLIS && held.searcher.is_newest());
    }

    /// A panic elsewhere leaves the map whole: each change is one insertion or one removal.
    fn held(&self) -> MutexGuard<'_, BTreeMap<CaseId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Readers({} open)", self.held().len())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    const CASE: &str = "op-harbour-2026";

    /// One more page in the index, as the indexer commits it.
    fn commit(folder: &Path, page: u8) {
        let (_, fields) = schema::build();
        let index = if folder.join("meta.json").exists() {
            let mut index = tantivy::Index::open_in_dir(folder).unwrap();
            schema::frequent::register_writer(&mut index);
            index
        } else {
            fs::create_dir_all(folder).unwrap();
            let manifest = schema::folder::Manifest::new(CASE.parse().unwrap());
            fs::write(folder.join(schema::folder::MANIFEST), manifest.to_bytes()).unwrap();
            fs::write(folder.join(schema::folder::reader_lock(0)), b"").unwrap();
            schema::frequent::builder().create_in_dir(folder).unwrap()
        };
        schema::register(&index);
        let mut writer = index.writer_with_num_threads::<tantivy::TantivyDocument>(1, 15_000_000).unwrap();
        let mut document = tantivy::TantivyDocument::default();
        document.add_text(fields.capture, model::CaptureId::from_bytes([page; 16]).to_string());
        document.add_date(fields.captured, tantivy::DateTime::from_timestamp_secs(1_795_000_000));
        writer.add_document(document).unwrap();
        writer.commit().unwrap();
    }

    #[test]
    fn questions_share_the_newest_state_and_no_other() {
        let parent = tempfile::tempdir().unwrap();
        let case: CaseId = CASE.parse().unwrap();
        let folder = parent.path().join(CASE);
        commit(&folder, 1);
        let clock = Clock::manual(Timestamp::from_secs(1_795_000_000));
        let readers = Readers::new(parent.path().to_owned(), clock.clone());
        let first = readers.open(&case).unwrap();
        assert!(Arc::ptr_eq(&first, &readers.open(&case).unwrap()), "one state, opened once");

        commit(&folder, 2);
        let second = readers.open(&case).unwrap();
        assert_eq!((first.documents(), second.documents()), (1, 2), "a commit is seen by the next question");

        // An erasure begins a new generation of readers and waits until nobody holds the old one's lock.
        let lock = fs::File::open(folder.join(schema::folder::reader_lock(0))).unwrap();
        drop((first, second));
        assert!(lock.try_lock().is_err(), "the newest state is held");
        fs::write(folder.join(schema::folder::reader_lock(1)), b"").unwrap();
        readers.let_go();
        assert!(lock.try_lock().is_ok(), "and let go of once it is not");

        let _ = readers.open(&case).unwrap();
        readers.let_go();
        assert_eq!(format!("{readers:?}"), "Readers(1 open)");
        clock.advance_millis(IDLE_MILLIS);
        readers.let_go();
        assert_eq!(format!("{readers:?}"), "Readers(0 open)", "nobody asked for a minute");
    }
}
