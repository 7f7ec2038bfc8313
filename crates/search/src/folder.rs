//! The index folder as a reader sees it: its manifest, and the lock that says somebody reads.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use model::CaseId;
use schema::folder::{MANIFEST, MAX_MANIFEST_BYTES, Manifest, Unfit, reader_generation};

use crate::Error;

/// The file that tantivy writes anew with each commit, under another name first.
pub(crate) const META: &str = "meta.json";

/// A shared lock on the file of one generation of readers.
pub(crate) struct ReaderLock {
    pub(crate) generation: u64,
    _file: File,
}

/// What tells one state of a folder from the next: which file its list of segments is, and the generation of readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    generation: u64,
    file: (u64, u64),
    written: (i64, i64),
    bytes: u64,
}

impl State {
    /// The state that a reader of a generation finds.
    pub(crate) fn of(folder: &Path, generation: u64) -> Result<Self, Error> {
        let meta = fs::metadata(folder.join(META)).map_err(|source| Error::File { during: "look at", source })?;
        Ok(Self {
            generation,
            file: (meta.dev(), meta.ino()),
            written: (meta.mtime(), meta.mtime_nsec()),
            bytes: meta.size(),
        })
    }

    /// The newest.
    pub(crate) fn now(folder: &Path) -> Result<Self, Error> {
        Self::of(folder, newest_generation(folder)?)
    }
}

/// Reads the manifest; the case it names must be the folder's name.
pub(crate) fn read_manifest(folder: &Path) -> Result<CaseId, Error> {
    let name = folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<CaseId>().ok());
    let name = name.ok_or(Error::FolderName)?;
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => Error::NoIndex,
        _ => Error::File { during: "read", source },
    };
    let mut bytes = Vec::new();
    let file = File::open(folder.join(MANIFEST)).map_err(failed)?;
    file.take(MAX_MANIFEST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    match Manifest::parse(&bytes) {
        Ok(manifest) if manifest.case == name => Ok(name),
        Ok(_) => Err(Error::Damaged("its manifest names another case than its folder")),
        Err(Unfit::Version(found)) => Err(Error::Version { found, known: schema::VERSION }),
        Err(Unfit::Damaged) => Err(Error::Damaged("its manifest is not what was written")),
    }
}

/// Takes a shared lock on the newest reader file. An erasure may begin a new one at the same moment, so the newest is
/// looked for again once the lock is held.
pub(crate) fn lock_readers(folder: &Path) -> Result<ReaderLock, Error> {
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        let newest = newest_generation(folder)?;
        let file = match File::open(folder.join(schema::folder::reader_lock(newest))) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(Error::File { during: "lock", source }),
        };
        file.lock_shared().map_err(|source| Error::File { during: "lock", source })?;
        if newest_generation(folder)? == newest {
            return Ok(ReaderLock { generation: newest, _file: file });
        }
    }
    Err(Error::Damaged("its reader files change without end"))
}

fn newest_generation(folder: &Path) -> Result<u64, Error> {
    let failed = |source| Error::File { during: "list", source };
    let mut newest = None;
    for entry in fs::read_dir(folder).map_err(failed)? {
        newest = newest.max(entry.map_err(failed)?.file_name().to_str().and_then(reader_generation));
    }
    newest.ok_or(Error::Damaged("it has no reader file"))
}
