//! The list of a pack's files, twice: for `sha256sum -c` and for `b3sum -c`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::error::at;
use crate::warc::hex;

/// The two lists, by digest.
pub(crate) struct Lists {
    pub(crate) sha256: String,
    pub(crate) blake3: String,
    pub(crate) bytes: u64,
}

/// Reads every file below `root` and lists it, sorted by path.
pub(crate) fn of(root: &Path) -> Result<Lists, Error> {
    let mut paths = BTreeSet::new();
    gather(root, "", &mut paths).map_err(at(root))?;
    let mut lists = Lists { sha256: String::new(), blake3: String::new(), bytes: 0 };
    for path in paths {
        let (sha256, blake3, bytes) = digests(&root.join(&path)).map_err(at(&root.join(&path)))?;
        lists.sha256.push_str(&format!("{sha256}  {path}\n"));
        lists.blake3.push_str(&format!("{blake3}  {path}\n"));
        lists.bytes += bytes;
    }
    Ok(lists)
}

fn gather(root: &Path, prefix: &str, paths: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(prefix))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::Error::other("a name that is not UTF-8"))?;
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            gather(root, &path, paths)?;
        } else {
            paths.insert(path);
        }
    }
    Ok(())
}

fn digests(path: &Path) -> io::Result<(String, String, u64)> {
    let (mut file, mut sha256, mut blake3) = (File::open(path)?, Sha256::new(), blake3::Hasher::new());
    let (mut piece, mut bytes) = (vec![0; 64 << 10], 0);
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok((hex(&sha256.finalize()), blake3.finalize().to_hex().to_string(), bytes));
        }
        sha256.update(&piece[..count]);
        blake3.update(&piece[..count]);
        bytes += count as u64;
    }
}
