//! The folder: its manifest, the files that readers lock, and what may lie in it.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use model::{CaseId, Sharing};
use schema::folder::{MANIFEST, MAX_MANIFEST_BYTES, Manifest, Unfit, reader_generation, reader_lock};
use schema::frequent::FREQUENT;

use crate::Error;
use crate::error::in_folder;

/// tantivy's own file of segments.
pub(crate) const META: &str = "meta.json";

/// tantivy's own list of files.
pub(crate) const MANAGED: &str = ".managed.json";

/// Makes the folder if there is none, or reads whose it is.
pub(crate) fn open(folder: &Path) -> Result<CaseId, Error> {
    let case = case_of(folder)?;
    match read_manifest(folder) {
        Ok(()) => {}
        Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => create(folder, &case)?,
        Err(error) => return Err(error),
    }
    if newest_generation(folder)?.is_none() {
        new_file(&folder.join(reader_lock(0)), b"").map_err(in_folder("make a file in"))?;
    }
    Ok(case)
}

/// The case that a folder's name stands for.
pub(crate) fn case_of(folder: &Path) -> Result<CaseId, Error> {
    folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()).ok_or(Error::FolderName)
}

/// Reads the manifest and compares it with the folder's name.
pub(crate) fn read_manifest(folder: &Path) -> Result<(), Error> {
    let case = case_of(folder)?;
    let mut bytes = Vec::new();
    let file = File::open(folder.join(MANIFEST)).map_err(in_folder("read"))?;
    file.take(MAX_MANIFEST_BYTES).read_to_end(&mut bytes).map_err(in_folder("read"))?;
    match Manifest::parse(&bytes) {
        Ok(manifest) if manifest.case == case => Ok(()),
        Ok(_) => Err(Error::damaged(MANIFEST, "it names another case than the folder")),
        Err(Unfit::Version(found)) => Err(Error::Version { found, known: schema::VERSION }),
        Err(Unfit::Damaged) => Err(Error::damaged(MANIFEST, "it is not what was written")),
    }
}

/// Writes the manifest, whole or not at all, before tantivy writes anything: an index without one is none of ours.
fn create(folder: &Path, case: &CaseId) -> Result<(), Error> {
    let mode = sharing(folder.ancestors().skip(1).find(|above| above.exists()).unwrap_or(folder)).folder();
    DirBuilder::new().recursive(true).mode(mode).create(folder).map_err(in_folder("make"))?;
    if folder.join(META).exists() {
        return Err(Error::damaged(MANIFEST, "it is missing"));
    }
    let draft = folder.join(".lanthorn-index.new");
    let _ = fs::remove_file(&draft); // of a process that was killed here
    new_file(&draft, &Manifest::new(case.clone()).to_bytes())
        .and_then(|()| fs::rename(&draft, folder.join(MANIFEST)))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(in_folder("make a file in"))
}

/// Takes away what a killed process may have left of tantivy's atomic writes. Only the writer of the index may call it.
pub(crate) fn sweep(folder: &Path) -> Result<(), Error> {
    for name in names(folder)? {
        if is_draft(&name) {
            fs::remove_file(folder.join(&name)).map_err(in_folder("tidy"))?;
        }
    }
    Ok(())
}

/// Takes away segment files that the last commit does not list and tantivy's garbage collection did not know of. Only a
/// writer that has just been opened may call it: later there are segments not yet committed.
pub(crate) fn sweep_segments(folder: &Path, listed: &HashSet<PathBuf>) -> Result<(), Error> {
    for name in names(folder)? {
        if is_segment_file(&name) && !listed.contains(Path::new(&name)) {
            fs::remove_file(folder.join(&name)).map_err(in_folder("tidy"))?;
        }
    }
    Ok(())
}

/// A file that tantivy or [`create`] writes before it renames it.
pub(crate) fn is_draft(name: &str) -> bool {
    name.starts_with(".tmp") || name == ".lanthorn-index.new"
}

/// Files that hold nothing and serve as locks.
pub(crate) fn is_lock(name: &str) -> bool {
    matches!(name, ".tantivy-writer.lock" | ".tantivy-meta.lock") || reader_generation(name).is_some()
}

/// Every name in the folder, sorted.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(in_folder("list"))? {
        names.push(entry.map_err(in_folder("list"))?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

fn newest_generation(folder: &Path) -> Result<Option<u64>, Error> {
    Ok(names(folder)?.iter().filter_map(|name| reader_generation(name)).max())
}

/// Begins a new generation of readers: whoever opens or reloads from now on sees the state of now.
pub(crate) fn begin_generation(folder: &Path) -> Result<u64, Error> {
    let generation = newest_generation(folder)?.map_or(0, |newest| newest.saturating_add(1));
    new_file(&folder.join(reader_lock(generation)), b"").map_err(in_folder("make a file in"))?;
    Ok(generation)
}

/// Ends all generations before `generation`, and says how many of them still have readers.
///
/// A reader takes its lock before it looks at the index. So whoever locks an old file after it was tested here sees the
/// new state all the same.
pub(crate) fn end_generations_before(folder: &Path, generation: u64) -> Result<usize, Error> {
    let mut held = 0;
    for name in names(folder)? {
        if reader_generation(&name).is_none_or(|older| older >= generation) {
            continue;
        }
        let path = folder.join(&name);
        let file = File::open(&path).map_err(in_folder("lock"))?;
        match file.try_lock() {
            Ok(()) => fs::remove_file(&path).map_err(in_folder("tidy"))?,
            Err(TryLockError::WouldBlock) => held += 1,
            Err(TryLockError::Error(source)) => return Err(Error::File { during: "lock", source }),
        }
    }
    Ok(held)
}

/// Who may use what lies in a folder; nobody but its owner where that cannot be seen.
pub(crate) fn sharing(folder: &Path) -> Sharing {
    fs::metadata(folder).map_or(Sharing::Private, |found| Sharing::of_folder(found.mode()))
}

fn new_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mode = sharing(path.parent().unwrap_or(path)).file();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// `0123456789abcdef0123456789abcdef.term`, or with an operation counter before `.del`.
pub(crate) fn is_segment_file(name: &str) -> bool {
    let Some((id, rest)) = name.split_once('.') else { return false };
    let hexadecimal = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let known = ["idx", "pos", "fast", "fieldnorm", "term", "store", "store.temp", FREQUENT].contains(&rest);
    let deletes =
        || rest.strip_suffix(".del").is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()));
    hexadecimal && (known || deletes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_generation_ends_only_when_its_last_reader_is_gone() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        open(&folder).unwrap();
        let reader = File::open(folder.join(reader_lock(0))).unwrap();
        reader.lock_shared().unwrap();
        let next = begin_generation(&folder).unwrap();
        assert_eq!((next, end_generations_before(&folder, next).unwrap()), (1, 1));
        drop(reader);
        assert_eq!(end_generations_before(&folder, next).unwrap(), 0);
        assert!(!folder.join(reader_lock(0)).exists() && folder.join(reader_lock(1)).exists());
    }

    #[test]
    fn a_folder_belongs_to_the_case_that_it_is_named_by() {
        let parent = tempfile::tempdir().unwrap();
        assert!(matches!(open(&parent.path().join("No Case")), Err(Error::FolderName)));
        open(&parent.path().join("op-a")).unwrap();
        open(&parent.path().join("op-a")).unwrap();
        fs::rename(parent.path().join("op-a"), parent.path().join("op-b")).unwrap();
        assert!(matches!(open(&parent.path().join("op-b")), Err(Error::Damaged { .. })));
    }

    #[test]
    fn an_index_without_manifest_is_none_of_ours() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("op-a");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(META), "{}").unwrap();
        assert!(matches!(open(&folder), Err(Error::Damaged { .. })));
    }
}
