//! Which runs of our processes are alive: each holds a lock on a file of its own, and the system lets go of it with
//! the process, however that ends. A recovery may close the intents of a run only while it holds that run's lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use model::Sharing;
use rand::RngCore as _;

/// One run of one process.
pub(crate) struct Run {
    id: [u8; 16],
    _lock: File,
}

impl Run {
    /// Starts a run; it lives until dropped.
    pub(crate) fn start(store_folder: &Path) -> io::Result<Self> {
        let sharing = Sharing::of_folder(fs::metadata(store_folder)?.mode());
        fs::create_dir_all(folder(store_folder))?;
        let mut id = [0; 16];
        loop {
            rand::rngs::OsRng.fill_bytes(&mut id);
            let path = path(store_folder, &id);
            let lock = OpenOptions::new().write(true).create_new(true).mode(sharing.file()).open(&path)?;
            lock.lock()?;
            // Between making and locking, a recovery may have taken the file for a dead run's and removed it.
            if fs::metadata(&path).is_ok_and(|now| lock.metadata().is_ok_and(|ours| ours.ino() == now.ino())) {
                return Ok(Self { id, _lock: lock });
            }
        }
    }

    pub(crate) const fn id(&self) -> &[u8; 16] {
        &self.id
    }
}

/// The lock of a run that has ended, held so that the run's intents can be closed; removed with [`Ended::remove`].
pub(crate) struct Ended {
    path: PathBuf,
    lock: Option<File>,
}

impl Ended {
    /// `None` while the run is alive.
    pub(crate) fn find(store_folder: &Path, id: &[u8]) -> io::Result<Option<Self>> {
        let path = path(store_folder, id);
        let lock = match OpenOptions::new().write(true).open(&path) {
            Ok(lock) => lock,
            Err(absent) if absent.kind() == io::ErrorKind::NotFound => return Ok(Some(Self { path, lock: None })),
            Err(other) => return Err(other),
        };
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { path, lock: Some(lock) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Removes the file: nothing of that run is left to close.
    pub(crate) fn remove(self) -> io::Result<()> {
        if self.lock.is_some() { fs::remove_file(&self.path) } else { Ok(()) }
    }
}

fn folder(store_folder: &Path) -> PathBuf {
    store_folder.join("runs")
}

fn path(store_folder: &Path, id: &[u8]) -> PathBuf {
    folder(store_folder).join(id.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_ended_only_after_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let run = Run::start(folder.path()).unwrap();
        let id = *run.id();
        assert!(Ended::find(folder.path(), &id).unwrap().is_none());
        drop(run);
        Ended::find(folder.path(), &id).unwrap().unwrap().remove().unwrap();
        assert!(Ended::find(folder.path(), &id).unwrap().is_some(), "a run without a file has ended, too");
    }
}
