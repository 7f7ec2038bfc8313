//! Opening one case's index.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use model::{CaseId, Clock};
use schema::Fields;
use tantivy::collector::Collector;
use tantivy::{Index, IndexReader, ReloadPolicy};

use crate::collect::{Deadline, Timed};
use crate::columns::Columns;
use crate::error::during;
use crate::folder::{META, ReaderLock, State, lock_readers, read_manifest};
use crate::limits::TOUCH_MILLIS;
use crate::{Error, Licence};

/// Reads one case's index. It sees the state it was opened or last reloaded at.
///
/// While it lives it holds a shared lock on the folder's current reader file, so that an erasure knows of it.
pub struct Searcher {
    folder: PathBuf,
    case: CaseId,
    clock: Clock,
    index: Index,
    reader: IndexReader,
    fields: Fields,
    lock: ReaderLock,
    /// What the folder said when it was opened, and the generation of the lock: an erasure that begins between the two shows.
    opened_at: State,
    /// The columns of the state, once a question has needed them.
    columns: OnceLock<Arc<Columns>>,
}

impl Searcher {
    /// Opens the index in `folder`, which is named by its case.
    ///
    /// # Errors
    /// [`Error::NoIndex`] when nothing was indexed yet; else when the folder is not an index of this version.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, Error> {
        let case = read_manifest(folder)?;
        let lock = lock_readers(folder)?;
        if !folder.join(META).is_file() {
            return Err(Error::NoIndex); // the folder was made and the process then killed
        }
        // Before the index is read: a commit in between shows as a change, never the other way round.
        let opened_at = State::of(folder, lock.generation)?;
        let index = Index::open_in_dir(folder).map_err(during("open"))?;
        let (schema, fields) = schema::build();
        if index.schema() != schema {
            return Err(Error::Damaged("its fields are not those of its version"));
        }
        schema::register(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(during("open"))?;
        Ok(Self {
            folder: folder.to_owned(),
            case,
            clock,
            index,
            reader,
            fields,
            lock,
            opened_at,
            columns: OnceLock::new(),
        })
    }

    /// The case whose index it is.
    #[must_use]
    pub const fn case(&self) -> &CaseId {
        &self.case
    }

    /// How many documents the index has.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Whether no commit and no erasure has come since it was opened or reloaded. Two looks at the folder; what cannot be looked
    /// at counts as changed.
    #[must_use]
    pub fn is_newest(&self) -> bool {
        State::now(&self.folder).is_ok_and(|now| now == self.opened_at)
    }

    /// Moves on to the last commit, and lets go of files that an erasure took away.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn reload(&mut self) -> Result<(), Error> {
        // The new lock comes before the new state: an erasure between the two still waits for this reader.
        let lock = lock_readers(&self.folder)?;
        self.opened_at = State::of(&self.folder, lock.generation)?;
        // A new reader, since the old one would keep the last generation of searchers and their files alive.
        let builder = self.index.reader_builder().reload_policy(ReloadPolicy::Manual);
        self.reader = builder.try_into().map_err(during("reload"))?;
        self.columns = OnceLock::new();
        self.lock = lock;
        Ok(())
    }

    pub(crate) fn licensed(&self, licence: &Licence) -> Result<(), Error> {
        if licence.case() == &self.case { Ok(()) } else { Err(Error::OtherCase) }
    }

    pub(crate) const fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) fn state(&self) -> tantivy::Searcher {
        self.reader.searcher()
    }

    /// The columns of that state.
    pub(crate) fn columns(&self) -> Result<Arc<Columns>, Error> {
        if let Some(columns) = self.columns.get() {
            return Ok(Arc::clone(columns));
        }
        // Two questions at once may both open them; one of the two is kept.
        let columns = Columns::open(&self.state(), &self.fields).map_err(during("read the columns of"))?;
        let until = self.clock.now().plus_millis(TOUCH_MILLIS);
        columns.touch(|| self.clock.now() <= until);
        Ok(Arc::clone(self.columns.get_or_init(|| Arc::new(columns))))
    }

    pub(crate) fn deadline(&self, budget_millis: i64) -> Deadline {
        Deadline::new(&self.clock, budget_millis)
    }
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Searcher({}, {} documents)", self.case, self.documents())
    }
}

/// Runs a query to its end or to the deadline.
pub(crate) fn run<C: Collector>(
    searcher: &tantivy::Searcher,
    query: &dyn tantivy::query::Query,
    collector: C,
    deadline: &Deadline,
) -> Result<C::Fruit, Error> {
    let found = searcher.search(query, &Timed { inner: collector, deadline });
    // A query may end early of itself when it sees that the time is up: what it found until then is no answer.
    if deadline.was_missed() { Err(deadline.error()) } else { found.map_err(during("search")) }
}
