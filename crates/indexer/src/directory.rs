//! tantivy's directory, but for the two small files that it replaces whole: tantivy makes them for the owner alone, whatever the
//! folder says, and a searcher that runs as another user of the group could not read them.

use std::fs::{File, OpenOptions, rename};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};

use crate::folder::sharing;

/// A folder of index files that are its owner's, or its group's where the folder says so.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    mapped: MmapDirectory,
    folder: PathBuf,
}

impl Shared {
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { mapped: MmapDirectory::open(folder)?, folder: folder.to_owned() })
    }
}

impl Directory for Shared {
    /// Beside its place, synced, renamed: whole or not at all.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        // A name that the next opening sweeps away, should a kill come in between.
        let draft = self.folder.join(format!(".tmp-{}", path.display()));
        let mode = sharing(&self.folder).file();
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&draft)?;
        file.write_all(data)?;
        file.sync_all()?;
        rename(draft, self.folder.join(path))?;
        File::open(&self.folder)?.sync_all()
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mapped.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.mapped.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.mapped.acquire_lock(lock)
    }

    fn watch(&self, watch_callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(watch_callback)
    }
}
