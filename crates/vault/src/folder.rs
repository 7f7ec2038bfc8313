//! The vault's files: where they lie, how they come to be there whole, how they go.
//!
//! `payloads/XX/CAPTURE` and `headers/XX/CAPTURE`, where XX are the last two characters of the capture id, which are
//! random (the first tell the time). A file is written under a temporary name, synced, renamed, and its folder synced:
//! it is there whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use model::{CaptureId, Sharing};
use seal::{MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES};

const LOCK: &str = "vault.lock";
/// Ends the names of files that are not whole yet.
const UNFINISHED: &str = ".new";

/// The vault's folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    #[cfg(test)]
    pub(crate) steps: std::sync::Arc<std::sync::Mutex<Steps>>,
}

/// The order of what was done to files, and the step at which a test lets the disk fail.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Steps {
    pub(crate) taken: Vec<String>,
    pub(crate) left: Option<usize>,
}

/// The two files of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Payload,
    Header,
}

/// What lies in one of the lowest folders.
pub(crate) enum Found {
    Whole(CaptureId),
    Unfinished(PathBuf),
    Foreign(PathBuf),
}

/// Held while files may be there that have no entry yet.
#[must_use = "the lock is let go of when this is dropped"]
pub(crate) struct Lock {
    _file: File,
}

impl Part {
    pub(crate) const BOTH: [Self; 2] = [Self::Payload, Self::Header];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Header => "header",
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Payload => "payloads",
            Self::Header => "headers",
        }
    }

    const fn max_bytes(self) -> usize {
        match self {
            Self::Payload => MAX_PAYLOAD_BYTES,
            Self::Header => MAX_HEADER_BYTES,
        }
    }
}

/// Who may use what lies in a folder.
fn sharing(folder: &Path) -> io::Result<Sharing> {
    Ok(Sharing::of_folder(fs::metadata(folder)?.mode()))
}

impl Folder {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            #[cfg(test)]
            steps: std::sync::Arc::default(),
        }
    }

    /// Makes the folders if need be.
    pub(crate) fn prepare(&self) -> io::Result<()> {
        self.make_folder(&self.path)?;
        Part::BOTH.into_iter().try_for_each(|part| self.make_folder(&self.path.join(part.folder())))
    }

    /// Lets any number of pages be sealed at the same time, and no sweep.
    pub(crate) fn lock_for_sealing(&self) -> io::Result<Lock> {
        let file = self.lock_file()?;
        file.lock_shared()?;
        Ok(Lock { _file: file })
    }

    /// Lets nothing be sealed; `None` while something is. Folders that a killed process made are on the disk after it.
    pub(crate) fn lock_for_sweeping(&self) -> io::Result<Option<Lock>> {
        self.prepare()?;
        self.sync_folder(parent(&self.path))?;
        self.sync_folder(&self.path)?;
        Part::BOTH.into_iter().try_for_each(|part| self.sync_folder(&self.path.join(part.folder())))?;
        let file = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn lock_file(&self) -> io::Result<File> {
        let mode = sharing(&self.path)?.file();
        OpenOptions::new().write(true).create(true).truncate(false).mode(mode).open(self.path.join(LOCK))
    }

    pub(crate) fn path(&self, part: Part, capture: CaptureId) -> PathBuf {
        let name = capture.to_string();
        self.path.join(part.folder()).join(&name[name.len() - 2..]).join(name)
    }

    /// Brings a new file to the disk.
    pub(crate) fn put(&self, part: Part, capture: CaptureId, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(part, capture);
        let folder = parent(&path);
        self.make_folder(folder)?;
        let mut unfinished = path.clone().into_os_string();
        unfinished.push(UNFINISHED);
        // What a kill left under this name was never whole.
        let mode = sharing(folder)?.file();
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&unfinished)?;
        self.step("write", &path)?;
        file.write_all(bytes)?;
        self.step("sync", &path)?;
        file.sync_all()?;
        self.step("rename", &path)?;
        fs::rename(&unfinished, &path)?;
        self.sync_folder(folder)
    }

    /// Reads a file; a longer one than the format allows comes back one byte too long.
    pub(crate) fn get(&self, part: Part, capture: CaptureId) -> io::Result<Vec<u8>> {
        let file = File::open(self.path(part, capture))?;
        let length = file.metadata()?.len().min(part.max_bytes() as u64 + 1);
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        file.take(part.max_bytes() as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn has(&self, part: Part, capture: CaptureId) -> io::Result<bool> {
        self.path(part, capture).try_exists()
    }

    /// Overwrites a file, syncs, removes it, syncs its folder; one that is gone already is no error.
    pub(crate) fn destroy(&self, part: Part, capture: CaptureId) -> io::Result<()> {
        self.destroy_file(&self.path(part, capture))
    }

    /// The same for a file that was found.
    pub(crate) fn destroy_file(&self, path: &Path) -> io::Result<()> {
        let mut file = match OpenOptions::new().write(true).open(path) {
            Ok(file) => file,
            Err(gone) if gone.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(other) => return Err(other),
        };
        let mut left = file.metadata()?.len();
        file.rewind()?;
        let zeros = [0; 64 * 1024];
        self.step("overwrite", path)?;
        while left > 0 {
            let next = left.min(zeros.len() as u64);
            file.write_all(&zeros[..usize::try_from(next).unwrap_or(zeros.len())])?;
            left -= next;
        }
        self.step("sync", path)?;
        file.sync_all()?;
        self.step("remove", path)?;
        fs::remove_file(path)?;
        self.sync_folder(parent(path))
    }

    /// The lowest folders of a part.
    pub(crate) fn shards(&self, part: Part) -> io::Result<Vec<PathBuf>> {
        let listed = match fs::read_dir(self.path.join(part.folder())) {
            Err(none) if none.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()), // nothing was sealed yet
            listed => listed?,
        };
        let mut shards: Vec<PathBuf> = listed.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        shards.sort();
        Ok(shards)
    }

    /// What lies in one of the lowest folders.
    pub(crate) fn list(&self, part: Part, shard: &Path) -> io::Result<Vec<Found>> {
        if !shard.is_dir() {
            return Ok(vec![Found::Foreign(shard.to_owned())]);
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(shard)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let capture = name.parse().ok().filter(|capture| self.path(part, *capture) == path);
            let unfinished = name.strip_suffix(UNFINISHED).is_some_and(|name| name.parse::<CaptureId>().is_ok());
            found.push(match capture {
                Some(capture) => Found::Whole(capture),
                None if unfinished => Found::Unfinished(path),
                None => Found::Foreign(path),
            });
        }
        Ok(found)
    }

    /// A path as it reads below the vault's folder.
    pub(crate) fn below<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.path).unwrap_or(path)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let mode = sharing(parent(folder))?.folder();
        match DirBuilder::new().mode(mode).create(folder) {
            Ok(()) => self.sync_folder(parent(folder)),
            Err(exists) if exists.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(other) => Err(other),
        }
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step("sync folder", folder)?;
        File::open(folder)?.sync_all()
    }

    /// A moment at which a test may let the disk fail; it is noted, so that the order can be looked at.
    #[cfg(test)]
    fn step(&self, what: &str, path: &Path) -> io::Result<()> {
        let mut steps = self.steps.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if steps.left == Some(0) {
            return Err(io::Error::other("the disk failed, says a test"));
        }
        steps.left = steps.left.map(|left| left - 1);
        let below = self.below(path).iter().next().unwrap_or_default().to_string_lossy();
        steps.taken.push(format!("{what} {below}").trim_end().to_owned());
        Ok(())
    }

    #[cfg(not(test))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "tests let the disk fail here")]
    fn step(&self, _what: &str, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
