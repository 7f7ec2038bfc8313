//! The writer: pages in, commits out.

use std::path::{Path, PathBuf};

use audit::Collected;
use model::{CaseId, DocumentKey, Timestamp};
use redactor::RedactedPage;
use schema::Fields;
use schema::folder::CommitNote;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexWriter, TantivyDocument, TantivyError, Term};

use crate::directory::Shared;
use crate::document::document;
use crate::error::{during, in_folder};
use crate::settings::{Settings, index_settings, merge_policy};
use crate::{Error, KnownDocuments, Placed, folder};

/// The one writer of one case's index. A second one, in this process or another, is refused.
pub struct Indexer {
    pub(crate) folder: PathBuf,
    case: CaseId,
    settings: Settings,
    pub(crate) index: Index,
    pub(crate) fields: Fields,
    /// `None` only while an erasure exchanges it, or after that failed.
    pub(crate) writer: Option<IndexWriter>,
    /// The last outbox row handed to the writer.
    seq: i64,
    committed: CommitNote,
    /// Which documents it may have already; `None` until the first is added.
    pub(crate) known: Option<KnownDocuments>,
}

impl Indexer {
    /// Opens the index in `folder`, which is named by its case, and makes it if there is none.
    ///
    /// # Errors
    /// [`Error::Busy`] while somebody else writes it; [`Error::Version`] when it has to be rebuilt;
    /// [`Error::Damaged`] when it is not what was written.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::open_with(folder, Settings::default())
    }

    /// The same with other settings, for bulk loads and tests.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(folder: &Path, settings: Settings) -> Result<Self, Error> {
        let case = folder::open(folder)?;
        let (schema, fields) = schema::build();
        let shared = Shared::open(folder).map_err(TantivyError::from).map_err(during("open"))?;
        let index = if folder.join(folder::META).exists() {
            let mut index = Index::open(shared).map_err(during("open"))?;
            schema::frequent::register_writer(&mut index);
            index
        } else {
            schema::frequent::builder().settings(index_settings()).open_or_create(shared).map_err(during("make"))?
        };
        schema::register(&index);
        let writer = open_writer(&index, settings)?;
        folder::sweep(folder)?;
        let meta = index.load_metas().map_err(during("read"))?;
        let committed = match &meta.payload {
            Some(note) => note.parse::<CommitNote>().ok().filter(|note| note.opstamp == meta.opstamp),
            None => (meta.opstamp == 0).then_some(CommitNote { seq: 0, opstamp: 0 }),
        };
        let committed = committed
            .ok_or_else(|| Error::damaged(folder::META, "the note of its last commit is not what was written"))?;
        if meta.schema != schema {
            return Err(Error::damaged(folder::META, "its fields are not those of its version"));
        }
        // Segments that a killed process had not committed are nobody's.
        writer.garbage_collect_files().wait().map_err(during("tidy"))?;
        folder::sweep_segments(folder, &meta.list_segment_files())?;
        let seq = committed.seq;
        Ok(Self {
            folder: folder.to_owned(),
            case,
            settings,
            index,
            fields,
            writer: Some(writer),
            seq,
            committed,
            known: None,
        })
    }

    /// The case whose index it is.
    #[must_use]
    pub const fn case(&self) -> &CaseId {
        &self.case
    }

    /// Adds a page, in place of what its document held before. It is found after the next [`commit`](Self::commit).
    ///
    /// `seq` is its outbox row; the commit will say that the index reaches to it.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the receipt is for another capture: nothing is indexed before it is sealed and logged.
    #[expect(clippy::needless_pass_by_value, reason = "receipt and page are used up: a page is indexed once")]
    pub fn add(
        &mut self,
        collected: Collected,
        page: RedactedPage,
        placed: impl Into<Placed>,
        captured: Timestamp,
        seq: i64,
    ) -> Result<(), Error> {
        if collected.capture() != page.capture() {
            return Err(Error::Mismatch);
        }
        let placed = placed.into();
        let document = document(&self.fields, &page, placed, captured);
        self.put(placed.document, document)?;
        self.seq = self.seq.max(seq);
        Ok(())
    }

    /// Puts a document in place of the one that has its key.
    pub(crate) fn put(&mut self, key: DocumentKey, document: TantivyDocument) -> Result<(), Error> {
        let may_be_there = self.known()?.note(key.as_bytes());
        let field = self.fields.document;
        let writer = self.writer()?;
        if may_be_there {
            writer.delete_term(Term::from_field_bytes(field, key.as_bytes()));
        }
        writer.add_document(document).map_err(during("add to"))?;
        Ok(())
    }

    /// The keys of the index, read from its dictionaries the first time. Nothing uncommitted waits then: what was added
    /// before is noted already.
    fn known(&mut self) -> Result<&mut KnownDocuments, Error> {
        let known = match self.known.take() {
            Some(known) => known,
            None => self.read_known()?,
        };
        Ok(self.known.insert(known))
    }

    fn read_known(&self) -> Result<KnownDocuments, Error> {
        let searcher = self.searcher()?;
        // Room for as many again, before a second part is needed.
        let documents = usize::try_from(searcher.num_docs()).unwrap_or_default();
        let mut known = KnownDocuments::with_room_for(documents.saturating_mul(2));
        for segment in searcher.segment_readers() {
            let dictionary = segment.inverted_index(self.fields.document).map_err(during("read a dictionary of"))?;
            let mut keys = dictionary.terms().stream().map_err(in_folder("read"))?;
            while keys.advance() {
                let key = keys.key().try_into();
                known.note(key.map_err(|_| Error::damaged(folder::META, "a document's key is not 32 bytes long"))?);
            }
        }
        Ok(known)
    }

    /// Makes everything added so far durable and findable, and notes the last outbox row in the commit.
    ///
    /// # Errors
    /// When the files cannot be written; what was added stays with the writer.
    pub fn commit(&mut self) -> Result<(), Error> {
        let seq = self.seq;
        let writer = self.writer()?;
        let mut prepared = writer.prepare_commit().map_err(during("commit"))?;
        let note = CommitNote { seq, opstamp: prepared.opstamp() };
        prepared.set_payload(&note.to_string());
        prepared.commit().map_err(during("commit"))?;
        self.committed = note;
        Ok(())
    }

    /// The last outbox row that the index durably holds; 0 before the first commit. Replay begins after it.
    #[must_use]
    pub const fn committed_seq(&self) -> i64 {
        self.committed.seq
    }

    /// tantivy's operation counter at the last commit.
    pub(crate) const fn committed_opstamp(&self) -> u64 {
        self.committed.opstamp
    }

    /// Commits, lets running merges end, and closes.
    ///
    /// # Errors
    /// When the commit fails or a merge did.
    pub fn close(mut self) -> Result<(), Error> {
        self.commit()?;
        self.drain()
    }

    /// Waits until no merge runs, and lets go of the writer.
    pub(crate) fn drain(&mut self) -> Result<(), Error> {
        match self.writer.take() {
            Some(writer) => writer.wait_merging_threads().map_err(during("merge segments of")),
            None => Ok(()),
        }
    }

    /// The writer; opened again if an erasure lost it.
    pub(crate) fn writer(&mut self) -> Result<&mut IndexWriter, Error> {
        if self.writer.is_none() {
            self.writer = Some(open_writer(&self.index, self.settings)?);
            // What had been added but not committed went with the old writer: it has to be replayed.
            self.seq = self.committed.seq;
        }
        // Filled just above.
        self.writer.as_mut().ok_or(Error::Busy)
    }
}

impl std::fmt::Debug for Indexer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Indexer({}, outbox row {})", self.case, self.committed.seq)
    }
}

fn open_writer(index: &Index, settings: Settings) -> Result<IndexWriter, Error> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(settings.threads)
        .memory_budget_per_thread(settings.bytes_per_thread)
        .num_merge_threads(1)
        .build();
    let writer: Result<IndexWriter<TantivyDocument>, TantivyError> = index.writer_with_options(options);
    let writer = writer.map_err(|error| match error {
        TantivyError::LockFailure(..) => Error::Busy,
        source => Error::Engine { during: "open", source },
    })?;
    writer.set_merge_policy(Box::new(merge_policy()));
    Ok(writer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn one_writer_at_a_time() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let first = fixture::open(&folder);
        assert!(matches!(Indexer::open(&folder), Err(Error::Busy)));
        drop(first);
        Indexer::open(&folder).unwrap();
    }

    #[test]
    fn what_was_not_committed_is_gone_and_the_row_says_so() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = fixture::open(&folder);
        fixture::put(&mut indexer, 1, fixture::capture(1), "one");
        indexer.seq = 41;
        indexer.commit().unwrap();
        fixture::put(&mut indexer, 2, fixture::capture(2), "two");
        indexer.seq = 42;
        drop(indexer);
        let indexer = fixture::open(&folder);
        assert_eq!((indexer.committed_seq(), indexer.check().unwrap().documents), (41, 1));
    }

    #[test]
    fn a_page_added_again_replaces_itself_whenever_that_is() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = fixture::open(&folder);
        let add = |indexer: &mut Indexer, capture| fixture::put(indexer, 1, fixture::capture(capture), "one");
        add(&mut indexer, 1);
        add(&mut indexer, 2); // before any commit
        indexer.commit().unwrap();
        add(&mut indexer, 3); // after one
        indexer.commit().unwrap();
        indexer.erase(&[fixture::capture(9)]).unwrap();
        add(&mut indexer, 4); // after an erasure
        indexer.commit().unwrap();
        drop(indexer);
        let mut indexer = fixture::open(&folder);
        add(&mut indexer, 5); // after the process began anew
        indexer.commit().unwrap();
        assert_eq!(indexer.check().unwrap().documents, 1);
    }

    #[test]
    fn the_row_survives_merges() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = fixture::open(&folder);
        for page in 0..20 {
            fixture::put(&mut indexer, page, fixture::capture(page), "New in town");
            indexer.seq = i64::from(page) + 1;
            indexer.commit().unwrap();
        }
        indexer.drain().unwrap();
        drop(indexer);
        let report = crate::check(&folder).unwrap();
        assert_eq!((report.committed_seq, report.documents), (20, 20));
        assert!(report.segments < 20, "no merge took place, so this shows nothing");
    }

    #[test]
    fn another_version_has_to_be_rebuilt() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        drop(fixture::open(&folder));
        let manifest = folder.join(schema::folder::MANIFEST);
        let text = std::fs::read_to_string(&manifest).unwrap();
        std::fs::write(&manifest, text.replace("\"version\":4", "\"version\":9")).unwrap();
        assert!(matches!(Indexer::open(&folder), Err(Error::Version { found: 9, .. })));
    }
}
