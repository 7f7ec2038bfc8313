//! Erasure, proved.
//!
//! Deleting and committing leaves the text on disk while every query answers 0 hits, and a merge that runs meanwhile
//! copies it into a file that outlives both. So the order is: drain merges, forbid new ones, delete, commit, rewrite
//! every segment with deletions, send readers to the new state, collect garbage, compare the folder with what the
//! index lists, and look for the bytes.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use model::CaptureId;
use serde::Serialize;
use tantivy::ReloadPolicy;
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::indexer::NoMergePolicy;

use crate::error::during;
use crate::folder::{self, MANAGED, META, is_lock};
use crate::settings::merge_policy;
use crate::traces::Traces;
use crate::{Error, Indexer};

/// Captures erased at once.
pub(crate) const MAX_CAPTURES: usize = 10_000;

/// How often, and after how long each time, it is looked whether readers of the old state are gone.
const READERS_LOOKS: u32 = if cfg!(test) { 2 } else { 30 };
const READERS_LOOK: Duration = Duration::from_millis(100);

/// How an erasure ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Erasure {
    /// Nothing of the captures is left in the index folder.
    Proved(ErasureProof),
    /// The captures cannot be found any more, but bytes of them may be left. Ask again.
    Pending(Pending),
}

/// What was done and looked at. Only an erasure makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ErasureProof {
    /// How many captures were named.
    pub captures: usize,
    /// How many living documents they had; 0 when they had been deleted or replaced before.
    pub documents: usize,
    /// Segments that were rewritten.
    pub segments_rewritten: usize,
    /// Files in the folder afterwards, each of them listed by the index.
    pub files: usize,
    /// Bytes that were read in search of traces, compressed parts also decompressed.
    pub bytes_scanned: u64,
    /// tantivy's operation counter after it.
    pub opstamp: u64,
    /// The generation of readers that sees this state.
    pub generation: u64,
}

/// Why bytes may be left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Pending {
    /// The reason.
    pub because: Why,
}

/// What is in the way of a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    /// Some process reads the index in an older state and may have its files in memory.
    Readers,
    /// The folder holds a file that the index does not list.
    UnlistedFile {
        /// Its name.
        file: String,
    },
    /// A trace was found in the index's structures.
    Trace {
        /// Where.
        place: &'static str,
    },
    /// A trace was found in a file.
    TraceInFile {
        /// Its name.
        file: String,
    },
}

impl fmt::Display for Pending {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("pending, because ")?;
        match &self.because {
            Why::Readers => {
                out.write_str("a process still reads the index as it was before; have it reload, then erase again")
            }
            Why::UnlistedFile { file } => {
                write!(out, "the folder holds {file}, which the index does not list; take it away, then erase again")
            }
            Why::Trace { place } => write!(out, "{place}; erase again, or rebuild the index from the outbox"),
            Why::TraceInFile { file } => {
                write!(out, "{file} still holds an erased capture; erase again, or rebuild the index from the outbox")
            }
        }
    }
}

impl Indexer {
    /// Erases captures from the index: every byte, proved, or what is still in the way.
    ///
    /// Pages added before are committed first. Captures that the index does not know are no error: erasing is asked
    /// again until there is a proof.
    ///
    /// # Errors
    /// When no capture is named or the index cannot be written; the captures may then be half erased. Ask again.
    pub fn erase(&mut self, captures: &[CaptureId]) -> Result<Erasure, Error> {
        if captures.is_empty() || captures.len() > MAX_CAPTURES {
            return Err(Error::Captures { most: MAX_CAPTURES });
        }
        self.commit()?;
        self.drain()?;
        self.writer()?.set_merge_policy(Box::new(NoMergePolicy));
        let ended = self.erase_without_merges(captures);
        if let Some(writer) = &self.writer {
            writer.set_merge_policy(Box::new(merge_policy()));
        }
        // It would remember the erased documents' keys.
        self.known = None;
        ended
    }

    fn erase_without_merges(&mut self, captures: &[CaptureId]) -> Result<Erasure, Error> {
        let traces = Traces::gather(&self.searcher()?, &self.fields, captures)?;
        let fields = self.fields;
        let writer = self.writer()?;
        for id in traces.ids(&fields) {
            writer.delete_term(id);
        }
        self.commit()?;
        let segments_rewritten = self.rewrite_dirty_segments()?;

        let generation = folder::begin_generation(&self.folder)?;
        let held = self.readers_gone_before(generation)?;
        self.writer()?.garbage_collect_files().wait().map_err(during("tidy"))?;
        folder::sweep(&self.folder)?;
        let pending = |because| Ok(Erasure::Pending(Pending { because }));
        if held > 0 {
            return pending(Why::Readers);
        }

        let files = folder::names(&self.folder)?;
        if let Some(file) = self.unlisted(&files)? {
            return pending(Why::UnlistedFile { file });
        }
        if let Some(place) = traces.found_in_index(&self.searcher()?, &fields)? {
            return pending(Why::Trace { place });
        }
        let mut bytes_scanned = 0;
        for file in &files {
            let (found, read) = traces.found_in_file(&self.folder.join(file))?;
            bytes_scanned += read;
            if found {
                return pending(Why::TraceInFile { file: file.clone() });
            }
        }
        Ok(Erasure::Proved(ErasureProof {
            captures: captures.len(),
            documents: traces.documents,
            segments_rewritten,
            files: files.len(),
            bytes_scanned,
            opstamp: self.committed_opstamp(),
            generation,
        }))
    }

    /// How many older generations still have readers, when those who let go at once have been waited for: a server keeps the
    /// newest state open and looks twice a second whether it is.
    fn readers_gone_before(&self, generation: u64) -> Result<usize, Error> {
        let mut held = folder::end_generations_before(&self.folder, generation)?;
        for _ in 0..READERS_LOOKS {
            if held == 0 {
                break;
            }
            std::thread::sleep(READERS_LOOK);
            held = folder::end_generations_before(&self.folder, generation)?;
        }
        Ok(held)
    }

    /// Rewrites each segment that holds deleted documents, one after the other: memory and disk for one at a time.
    fn rewrite_dirty_segments(&mut self) -> Result<usize, Error> {
        let metas = self.index.searchable_segment_metas().map_err(during("read"))?;
        let dirty: Vec<SegmentId> = metas.iter().filter(|meta| meta.has_deletes()).map(SegmentMeta::id).collect();
        drop(metas); // or garbage collection would take the old segments for living ones
        let writer = self.writer()?;
        for segment in &dirty {
            writer.merge(&[*segment]).wait().map_err(during("rewrite a segment of"))?;
        }
        Ok(dirty.len())
    }

    /// The first file that neither tantivy's list nor this crate accounts for.
    fn unlisted(&self, files: &[String]) -> Result<Option<String>, Error> {
        let meta = self.index.load_metas().map_err(during("read"))?;
        let listed: HashSet<String> =
            meta.list_segment_files().iter().map(|path| path.to_string_lossy().into_owned()).collect();
        let known = |file: &String| {
            listed.contains(file) || is_lock(file) || [META, MANAGED, schema::folder::MANIFEST].contains(&file.as_str())
        };
        Ok(files.iter().find(|file| !known(file)).cloned())
    }

    /// A look at the last commit, let go of before garbage is collected.
    pub(crate) fn searcher(&self) -> Result<tantivy::Searcher, Error> {
        let reader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        reader.map(|reader: tantivy::IndexReader| reader.searcher()).map_err(during("open"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use tantivy::Term;
    use tantivy::collector::Count;
    use tantivy::query::TermQuery;
    use tantivy::schema::IndexRecordOption;

    use super::*;
    use crate::fixture;

    const CANARY: &str = "zzcanaryzz";

    fn index(folder: &Path) -> Indexer {
        let mut indexer = fixture::open(folder);
        for page in 0..60 {
            let body = if page == 30 { format!("New in town {CANARY} by night") } else { "New in town".to_owned() };
            fixture::put(&mut indexer, page, fixture::capture(page), &body);
            if page % 20 == 19 {
                indexer.commit().unwrap();
            }
        }
        indexer
    }

    /// The canary in the decompressed store or in raw bytes of any file: looked for without this module's code.
    fn canary_is_on_disk(folder: &Path) -> bool {
        let in_files = fs::read_dir(folder).unwrap().any(|entry| {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())
        });
        let index = tantivy::Index::open_in_dir(folder).unwrap();
        schema::register(&index);
        let searcher = index.reader().unwrap().searcher();
        let in_stores = searcher.segment_readers().iter().any(|segment| {
            let store = segment.get_store_reader(1).unwrap();
            (0..segment.max_doc()).any(|document| {
                let bytes = store.get_document_bytes(document).unwrap();
                bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())
            })
        });
        in_files || in_stores
    }

    fn hits(indexer: &Indexer) -> (usize, u64) {
        let searcher = indexer.searcher().unwrap();
        let term = Term::from_field_text(indexer.fields.body, CANARY);
        let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        (searcher.search(&query, &Count).unwrap(), searcher.doc_freq(&term).unwrap())
    }

    #[test]
    fn deleting_alone_leaves_the_text_and_erasing_does_not() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = index(&folder);
        let id = Term::from_field_text(indexer.fields.capture, &fixture::capture(30).to_string());
        indexer.writer().unwrap().set_merge_policy(Box::new(NoMergePolicy));
        indexer.writer().unwrap().delete_term(id);
        indexer.commit().unwrap();
        assert_eq!(hits(&indexer), (0, 1), "nothing is found, and yet the dictionary counts it");
        assert!(canary_is_on_disk(&folder), "the control: without it this test could not fail");

        let Erasure::Proved(proof) = indexer.erase(&[fixture::capture(30)]).unwrap() else { panic!("no proof") };
        assert_eq!((proof.documents, proof.segments_rewritten), (0, 1), "it had been deleted before");
        assert_eq!(hits(&indexer), (0, 0));
        assert!(!canary_is_on_disk(&folder));
        assert_eq!(indexer.check().unwrap().documents, 59);
    }

    #[test]
    fn an_erasure_rewrites_only_what_it_must_and_keeps_the_outbox_row() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = index(&folder);
        let before = indexer.committed_seq();
        let Erasure::Proved(proof) = indexer.erase(&[fixture::capture(30), fixture::capture(250)]).unwrap() else {
            panic!("no proof")
        };
        assert_eq!((proof.captures, proof.documents, proof.segments_rewritten), (2, 1, 1));
        assert!(proof.bytes_scanned > 0 && proof.files > 0);
        assert_eq!(indexer.committed_seq(), before);
        assert!(!canary_is_on_disk(&folder));
        drop(indexer);
        assert_eq!(fixture::open(&folder).committed_seq(), before);
    }

    #[test]
    fn pages_not_yet_committed_are_erased_too() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = fixture::open(&folder);
        fixture::put(&mut indexer, 1, fixture::capture(1), CANARY);
        assert!(
            matches!(indexer.erase(&[fixture::capture(1)]).unwrap(), Erasure::Proved(proof) if proof.documents == 1)
        );
        assert!(!canary_is_on_disk(&folder));
        assert_eq!(indexer.check().unwrap().documents, 0);
    }

    #[test]
    fn a_reader_of_the_old_state_keeps_the_proof_back() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = index(&folder);
        let reader = fs::File::open(folder.join(schema::folder::reader_lock(0))).unwrap();
        reader.lock_shared().unwrap();
        let pending = Erasure::Pending(Pending { because: Why::Readers });
        assert_eq!(indexer.erase(&[fixture::capture(30)]).unwrap(), pending);
        drop(reader);
        assert!(matches!(indexer.erase(&[fixture::capture(30)]).unwrap(), Erasure::Proved(_)));
    }

    #[test]
    fn a_file_that_nobody_lists_keeps_the_proof_back() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = index(&folder);
        let orphan = "0123456789abcdef0123456789abcdef.store";
        fs::write(folder.join(orphan), CANARY).unwrap();
        let ended = indexer.erase(&[fixture::capture(30)]).unwrap();
        assert_eq!(ended, Erasure::Pending(Pending { because: Why::UnlistedFile { file: orphan.to_owned() } }));
        fs::remove_file(folder.join(orphan)).unwrap();
        assert!(matches!(indexer.erase(&[fixture::capture(30)]).unwrap(), Erasure::Proved(_)));
    }

    #[test]
    fn merges_that_run_meanwhile_cannot_save_a_copy() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = fixture::open(&folder);
        // A commit a document: the eighth starts a merge in the background.
        for page in 0..24 {
            let body = if page == 5 { CANARY } else { "New in town" };
            fixture::put(&mut indexer, page, fixture::capture(page), body);
            indexer.commit().unwrap();
        }
        assert!(matches!(indexer.erase(&[fixture::capture(5)]).unwrap(), Erasure::Proved(_)));
        assert!(!canary_is_on_disk(&folder));
        assert_eq!(indexer.check().unwrap().documents, 23);
        // Merging goes on afterwards.
        for page in 100..124 {
            fixture::put(&mut indexer, page, fixture::capture(page), "more");
            indexer.commit().unwrap();
        }
        indexer.drain().unwrap();
        assert!(indexer.check().unwrap().segments < 20);
    }

    /// The lists of frequent tokens name what stands beside them: a token that only the erased page had goes from there too,
    /// and so does one that forty erased pages had, which has a list of its own.
    #[test]
    fn an_erased_token_is_in_no_list() {
        const SHARED: &str = "[PHONE:k7f3a9q2m4xtc]";
        const OWN: &str = "[EMAIL:0123456789abc]";
        const FORTY: &str = "[EMAIL:abc0123456789]";
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = fixture::open(&folder);
        for page in 0..100 {
            let tokens = match page {
                30 => &[SHARED, OWN][..],
                60.. => &[SHARED, FORTY],
                _ => &[SHARED],
            };
            fixture::put_with(&mut indexer, page, fixture::capture(page), "New in town", tokens);
        }
        indexer.commit().unwrap();
        let (digest, _) = schema::token_numbers(OWN.parse().unwrap());
        let needles = [digest.to_le_bytes().to_vec(), fixture::capture(30).as_bytes().to_vec()];
        let lists_with = |needle: &Vec<u8>| {
            let files = folder::names(&folder).unwrap().into_iter().filter(|name| name.ends_with(".frequent"));
            let holds = |name: &String| fs::read(folder.join(name)).unwrap().windows(needle.len()).any(|w| w == needle);
            files.filter(holds).count()
        };
        assert_eq!(needles.each_ref().map(lists_with), [1, 1], "or this test could not fail");
        assert!(
            matches!(indexer.erase(&[fixture::capture(30)]).unwrap(), Erasure::Proved(proof) if proof.documents == 1)
        );
        assert_eq!(needles.each_ref().map(lists_with), [0, 0]);
        assert_eq!(indexer.check().unwrap().documents, 99);

        let forty: Vec<CaptureId> = (60..100).map(fixture::capture).collect();
        let (digest, _) = schema::token_numbers(FORTY.parse().unwrap());
        let needle = digest.to_le_bytes().to_vec();
        assert_eq!(lists_with(&needle), 1, "or this test could not fail");
        let searcher = indexer.searcher().unwrap();
        let traces = Traces::gather(&searcher, &indexer.fields, &forty).unwrap();
        let own = Term::from_field_text(indexer.fields.token, FORTY);
        assert!(traces.terms().any(|term| *term == own), "it is looked for");
        drop(searcher);
        assert!(matches!(indexer.erase(&forty).unwrap(), Erasure::Proved(proof) if proof.documents == 40));
        assert_eq!(lists_with(&needle), 0);
    }

    /// A line that reaches over the next one would carry it along, unseen: such a file is named, a merge leaves its lines
    /// behind, and where no merge comes by nothing is proved.
    #[test]
    fn lines_that_are_not_what_was_written_are_a_trace() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        let mut indexer = fixture::open(&folder);
        (0..4).for_each(|page| fixture::put(&mut indexer, page, fixture::capture(page), "New in town"));
        indexer.commit().unwrap();
        drop(indexer);
        let lines = || {
            let name = folder::names(&folder).unwrap().into_iter().find(|name| name.ends_with(".frequent")).unwrap();
            (fs::read(folder.join(&name)).unwrap(), folder.join(name))
        };
        let capture = fixture::capture(1);
        let place = |bytes: &[u8]| bytes.windows(16).position(|window| window == capture.as_bytes());
        // Four lines of one length, then where each ends: the first over the second.
        let (mut bytes, path) = lines();
        let line = place(&bytes).unwrap();
        assert_eq!(usize::from(bytes[4 * line]), line);
        bytes[4 * line] *= 3;
        fs::write(path, bytes).unwrap();

        let mut indexer = fixture::open(&folder);
        let told = indexer.check().unwrap_err().to_string();
        assert!(told.contains(".frequent"), "{told}");
        let nobody = indexer.erase(&[fixture::capture(9)]).unwrap();
        assert!(matches!(nobody, Erasure::Pending(Pending { because: Why::Trace { .. } })), "{nobody:?}");
        assert!(matches!(indexer.erase(&[capture]).unwrap(), Erasure::Proved(proof) if proof.documents == 1));
        assert_eq!(place(&lines().0), None);
        indexer.check().unwrap();
    }

    #[test]
    fn naming_nothing_is_wrong_use() {
        let parent = tempfile::tempdir().unwrap();
        let mut indexer = fixture::open(&parent.path().join("op-a"));
        assert!(matches!(indexer.erase(&[]), Err(Error::Captures { .. })));
    }
}
