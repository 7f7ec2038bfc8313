//! Every byte of an index, checked.
//!
//! tantivy ends each segment file with a CRC-32 of its body, which notices any flipped byte there. What it leaves
//! open is closed here: the end itself must be the one this version writes; `meta.json` and `.managed.json` must be
//! byte for byte what tantivy writes for the values in them, and those values must agree with the files, with the
//! schema, and with the checked note in the commit; the manifest has one possible content; locks are empty.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use schema::folder::{CommitNote, MANIFEST};
use schema::frequent::{FREQUENT, Frequent};
use serde::Serialize;
use tantivy::index::SegmentComponent as Component;
use tantivy::{Index, IndexMeta, SegmentMeta, SegmentReader};

use crate::error::in_folder;
use crate::folder::{self, MANAGED, META, is_draft, is_lock, is_segment_file};
use crate::settings::index_settings;
use crate::{Error, Indexer};

/// Bytes of a file that is read whole; tantivy's own lists are far smaller.
const MAX_LIST_BYTES: u64 = 64 << 20;

/// Bytes after the footer's text: its length and a magic number.
const FOOTER_TAIL_BYTES: u64 = 8;

/// tantivy's magic number at the end of each file.
const FOOTER_MAGIC: u32 = 1337;

/// Bytes that a footer's text may have; tantivy writes about 80.
const MAX_FOOTER_BYTES: u64 = 1024;

/// How often a check begins again when the index changes under it.
const TRIES: usize = 5;

/// What a check has read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Documents that can be found.
    pub documents: u64,
    /// Segments.
    pub segments: usize,
    /// Files that were read to the last byte.
    pub files: usize,
    /// Bytes in them.
    pub bytes: u64,
    /// Files that a killed process left and the next start takes away; they hold nothing that can be found.
    pub leftovers: usize,
    /// The last outbox row that the index holds.
    pub committed_seq: i64,
}

/// Checks every byte of the index in `folder`. It may run beside the index's writer.
///
/// # Errors
/// [`Error::Damaged`] names the first file that is not what was written, and why.
pub fn check(folder: &Path) -> Result<Report, Error> {
    for _ in 1..TRIES {
        let before = read_list(folder, META).ok();
        let checked = check_once(folder);
        // A commit or merge in between takes files away: what was found then says nothing.
        if checked.is_ok() || read_list(folder, META).ok() == before {
            return checked;
        }
    }
    check_once(folder)
}

fn check_once(folder: &Path) -> Result<Report, Error> {
    folder::read_manifest(folder)?;
    let names = folder::names(folder)?;
    let (index, meta) = read_meta(folder)?;
    let managed = read_managed(folder)?;
    let note = read_note(&meta)?;
    let listed: BTreeSet<String> =
        meta.list_segment_files().iter().map(|path| path.to_string_lossy().into_owned()).collect();

    let mut report = Report {
        documents: 0,
        segments: meta.segments.len(),
        files: 0,
        bytes: 0,
        leftovers: 0,
        committed_seq: note.seq,
    };
    for name in &names {
        let bytes = fs::metadata(folder.join(name)).map_err(in_folder("read"))?.len();
        if is_lock(name) {
            if bytes > 0 {
                return Err(Error::damaged(name, "it is a lock and should be empty"));
            }
        } else if listed.contains(name) {
            if !managed.contains(name) {
                return Err(Error::damaged(MANAGED, format!("it does not list {name}")));
            }
            check_footer(folder, name)?;
            check_body(&index, name)?;
        } else if is_draft(name) || is_segment_file(name) {
            report.leftovers += 1;
            continue;
        } else if ![META, MANAGED, MANIFEST].contains(&name.as_str()) {
            return Err(Error::damaged(name, "it is no file of this index"));
        }
        report.files += 1;
        report.bytes += bytes;
    }
    for segment in &meta.segments {
        report.documents += check_segment(&index, segment, &names)?;
    }
    Ok(report)
}

/// Opens the index, and compares `meta.json` with what tantivy would write for the same values.
fn read_meta(folder: &Path) -> Result<(Index, IndexMeta), Error> {
    let damaged = |fault: &str| Error::damaged(META, fault);
    let bytes = read_list(folder, META)?;
    // Counts first, by a reader of our own: tantivy subtracts them without looking.
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| damaged("it is not JSON"))?;
    let segments = value["segments"].as_array().ok_or_else(|| damaged("it lists no segments"))?;
    for segment in segments {
        let most = segment["max_doc"].as_u64().ok_or_else(|| damaged("a segment has no number of documents"))?;
        if segment["deletes"]["num_deleted_docs"].as_u64().unwrap_or(0) > most {
            return Err(damaged("a segment has more deleted documents than documents"));
        }
    }
    let index = Index::open_in_dir(folder).map_err(|_| damaged("tantivy cannot read it"))?;
    let meta = index.load_metas().map_err(|_| damaged("tantivy cannot read it"))?;
    let mut canonical = serde_json::to_vec_pretty(&meta).map_err(|_| damaged("tantivy cannot write it again"))?;
    canonical.push(b'\n');
    if canonical != bytes {
        return Err(damaged("it is not what tantivy writes for the values in it"));
    }
    let files_of_ours = meta.persisted_custom_extensions == [FREQUENT];
    if meta.schema != schema::build().0 || meta.index_settings != index_settings() || !files_of_ours {
        return Err(damaged("its fields or settings are not those of its version"));
    }
    schema::register(&index);
    Ok((index, meta))
}

/// The note in the last commit; only an index that never saw a commit has none.
fn read_note(meta: &IndexMeta) -> Result<CommitNote, Error> {
    let note = match &meta.payload {
        Some(text) => text.parse().ok().filter(|note: &CommitNote| note.opstamp == meta.opstamp),
        None => (meta.opstamp == 0 && meta.segments.is_empty()).then_some(CommitNote { seq: 0, opstamp: 0 }),
    };
    note.ok_or_else(|| Error::damaged(META, "the note of its last commit is not what was written"))
}

/// tantivy's list of files, written back to compare.
fn read_managed(folder: &Path) -> Result<HashSet<String>, Error> {
    let bytes = read_list(folder, MANAGED)?;
    let names: Vec<String> =
        serde_json::from_slice(&bytes).map_err(|_| Error::damaged(MANAGED, "it is no list of files"))?;
    let mut canonical = serde_json::to_vec(&names).map_err(|_| Error::damaged(MANAGED, "it is no list of files"))?;
    canonical.push(b'\n');
    if canonical != bytes {
        return Err(Error::damaged(MANAGED, "it is not what tantivy writes for the names in it"));
    }
    if let Some(strange) = names.iter().position(|name| name != META && !is_segment_file(name)) {
        return Err(Error::damaged(MANAGED, format!("its name number {} is no file of an index", strange + 1)));
    }
    let count = names.len();
    let names: HashSet<String> = names.into_iter().collect();
    if names.len() != count || !names.contains(META) {
        return Err(Error::damaged(MANAGED, "it lists a file twice, or not meta.json"));
    }
    Ok(names)
}

/// The end of a segment file: exactly what this version of tantivy writes for the checksum in it.
fn check_footer(folder: &Path, name: &str) -> Result<(), Error> {
    let damaged = || Error::damaged(name, "its last bytes are not what tantivy writes");
    let mut file = File::open(folder.join(name)).map_err(in_folder("read"))?;
    let length = file.metadata().map_err(in_folder("read"))?.len();
    let tail = length.min(MAX_FOOTER_BYTES + FOOTER_TAIL_BYTES);
    file.seek(SeekFrom::Start(length - tail)).map_err(in_folder("read"))?;
    let mut bytes = Vec::new();
    file.take(tail).read_to_end(&mut bytes).map_err(in_folder("read"))?;

    let (rest, magic) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
    let (rest, size) = rest.split_last_chunk::<4>().ok_or_else(damaged)?;
    let size = usize::try_from(u32::from_le_bytes(*size)).map_err(|_| damaged())?;
    let text = rest.len().checked_sub(size).map(|at| &rest[at..]).ok_or_else(damaged)?;
    let footer: Footer = serde_json::from_slice(text).map_err(|_| damaged())?;
    let ours = Footer { version: tantivy::version().clone(), crc: footer.crc };
    let canonical = serde_json::to_vec(&ours).map_err(|_| damaged())?;
    if text == canonical && u32::from_le_bytes(*magic) == FOOTER_MAGIC { Ok(()) } else { Err(damaged()) }
}

/// A footer as tantivy writes it.
#[derive(serde::Serialize, serde::Deserialize)]
struct Footer {
    version: tantivy::Version,
    crc: u32,
}

/// The body of a segment file against the checksum at its end.
fn check_body(index: &Index, name: &str) -> Result<(), Error> {
    match index.directory().validate_checksum(Path::new(name)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::damaged(name, "its checksum does not match")),
        Err(_) => Err(Error::damaged(name, "it cannot be read to its end")),
    }
}

/// That a segment has all its files, and the documents that `meta.json` says. Returns how many can be found.
fn check_segment(index: &Index, segment: &SegmentMeta, names: &[String]) -> Result<u64, Error> {
    let needed = [
        Component::Postings,
        Component::Positions,
        Component::FastFields,
        Component::FieldNorms,
        Component::Terms,
        Component::Store,
        Component::Custom(FREQUENT.to_owned()),
    ];
    let deletes = segment.has_deletes().then_some(Component::Delete);
    for component in needed.into_iter().chain(deletes) {
        let path = segment.relative_path(component).to_string_lossy().into_owned();
        if names.binary_search(&path).is_err() {
            return Err(Error::damaged(path, "it is missing"));
        }
    }
    let counts = || Error::damaged(META, "it counts other documents than a segment holds");
    // Each document has one moment of capture and one stored record.
    let reader = SegmentReader::open(&index.segment(segment.clone())).map_err(|_| counts())?;
    if !Frequent::open(&reader).is_ok_and(|lists| lists.is_sound()) {
        let path = segment.relative_path(Component::Custom(FREQUENT.to_owned()));
        return Err(Error::damaged(
            path.to_string_lossy(),
            "its lines and lists cannot be read or are not what was written",
        ));
    }
    let captured = reader.fast_fields().date("captured").map_err(|_| counts())?;
    let store = reader.get_store_reader(1).map_err(|_| counts())?;
    let last_is_there = segment.max_doc() > 0 && store.get_document_bytes(segment.max_doc() - 1).is_ok();
    let next_is_not = store.get_document_bytes(segment.max_doc()).is_err();
    let deleted =
        reader.alive_bitset().map_or(0, |alive| segment.max_doc().saturating_sub(alive.num_alive_docs() as u32));
    let agree = captured.num_docs() == segment.max_doc()
        && last_is_there
        && next_is_not
        && deleted == segment.num_deleted_docs();
    if agree { Ok(u64::from(segment.num_docs())) } else { Err(counts()) }
}

impl Indexer {
    /// Checks every byte of the index, as [`check`] does.
    ///
    /// # Errors
    /// [`Error::Damaged`] names the first file that is not what was written.
    pub fn check(&self) -> Result<Report, Error> {
        check(&self.folder)
    }
}

fn read_list(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let file = File::open(folder.join(name)).map_err(|_| Error::damaged(name, "it is missing or cannot be read"))?;
    file.take(MAX_LIST_BYTES).read_to_end(&mut bytes).map_err(in_folder("read"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// Two segments, one with a deletion, and the lists and locks around them.
    fn index() -> (tempfile::TempDir, std::path::PathBuf) {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-harbour");
        let mut indexer = fixture::open(&folder);
        for page in 0..40 {
            fixture::put(&mut indexer, page, fixture::capture(page), "New in town, harbour by night");
        }
        indexer.commit().unwrap();
        fixture::put(&mut indexer, 7, fixture::capture(207), "Moved to the other harbour");
        indexer.commit().unwrap();
        indexer.drain().unwrap();
        (parent, folder)
    }

    #[test]
    fn a_sound_index_is_read_to_its_last_byte() {
        let (_parent, folder) = index();
        let report = check(&folder).unwrap();
        assert_eq!((report.documents, report.segments, report.leftovers), (40, 2, 0));
        let bytes: u64 =
            folder::names(&folder).unwrap().iter().map(|name| fs::metadata(folder.join(name)).unwrap().len()).sum();
        assert_eq!(report.bytes, bytes);
    }

    #[test]
    fn a_flipped_bit_in_any_file_is_noticed() {
        let (_parent, folder) = index();
        let names = folder::names(&folder).unwrap();
        assert!(names.iter().any(|name| name.ends_with(".del")));
        for name in names {
            let path = folder.join(&name);
            let sound = fs::read(&path).unwrap();
            if is_lock(&name) {
                fs::write(&path, [0]).unwrap();
                assert!(matches!(check(&folder), Err(Error::Damaged { .. })), "{name} is not empty");
                fs::write(&path, []).unwrap();
                continue;
            }
            // The very end (length and magic number) whole, the footer before it closely, the rest enough to meet
            // each structure.
            let length = sound.len();
            let (rest, footer) = (length.saturating_sub(90), length.saturating_sub(8));
            let step = if is_segment_file(&name) { 131 } else { 7 };
            for place in (0..rest).step_by(step).chain((rest..footer).step_by(5)).chain(footer..length) {
                let bit = (place * 5 + name.len()) % 8; // every bit has its turn
                let mut flipped = sound.clone();
                flipped[place] ^= 1 << bit;
                fs::write(&path, &flipped).unwrap();
                assert!(matches!(check(&folder), Err(Error::Damaged { .. })), "{name} byte {place} bit {bit}");
            }
            fs::write(&path, &sound).unwrap();
        }
        check(&folder).unwrap();
    }

    #[test]
    fn a_file_that_is_missing_or_cut_or_strange_is_noticed() {
        let (_parent, folder) = index();
        for name in folder::names(&folder).unwrap().into_iter().filter(|name| !is_lock(name)) {
            let path = folder.join(&name);
            let sound = fs::read(&path).unwrap();
            fs::remove_file(&path).unwrap();
            assert!(check(&folder).is_err(), "{name} is missing");
            for length in [0, 1, 9, sound.len() / 2, sound.len() - 1] {
                fs::write(&path, &sound[..length]).unwrap();
                assert!(matches!(check(&folder), Err(Error::Damaged { .. })), "{name} cut at {length}");
            }
            fs::write(&path, &sound).unwrap();
        }
        fs::write(folder.join("notes.txt"), "x").unwrap();
        assert!(matches!(check(&folder), Err(Error::Damaged { file, .. }) if file == "notes.txt"));
    }

    #[test]
    fn what_a_killed_writer_leaves_is_no_damage_and_goes_at_the_next_start() {
        let (_parent, folder) = index();
        fs::write(folder.join("0123456789abcdef0123456789abcdef.store"), "half a segment").unwrap();
        fs::write(folder.join(".tmpAbC123"), "half a list").unwrap();
        assert_eq!(check(&folder).unwrap().leftovers, 2);
        fixture::open(&folder).close().unwrap();
        assert_eq!(check(&folder).unwrap().leftovers, 0);
    }
}
