//! The folder that a network's files stand in.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// How much of the end of a log is read for an error message, in bytes.
const TAIL_BYTES: usize = 2048;
/// How many of its last lines are shown.
const TAIL_LINES: usize = 12;

/// A folder of the network's own, removed with everything in it when dropped, unless it is kept.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    /// Takes an absent or empty folder, or makes a new one.
    pub(crate) fn take(wanted: Option<&Path>, keep: bool) -> Result<Self, Error> {
        let path = match wanted {
            None => tempfile::Builder::new()
                .prefix("tornet-")
                .tempdir()
                .map_err(Error::file("make a folder in", &std::env::temp_dir()))?
                .keep(),
            Some(path) => path.to_owned(),
        };
        make(&path)?;
        let path = path.canonicalize().map_err(Error::file("find", &path))?;
        // tor's configuration has comments and escapes; a path that needs them is refused rather than quoted.
        let plain = |text: &str| !text.chars().any(|character| character.is_control() || "#\"\\".contains(character));
        if !path.to_str().is_some_and(plain) {
            return Err(Error::Options(
                "the folder's path must be UTF-8 without #, \", \\ and control characters".to_owned(),
            ));
        }
        if fs::read_dir(&path).map_err(Error::file("read", &path))?.next().is_some() {
            return Err(Error::Options(format!("the folder {} is not empty", path.display())));
        }
        Ok(Self { path, keep })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path as text: [`Folder::take`] has made sure that it is.
    pub(crate) fn text(&self) -> &str {
        self.path.to_str().unwrap_or_default()
    }

    /// Writes a file that everybody may read.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        write(&self.path.join(name), text.as_bytes(), 0o644)
    }

    /// The last lines of what a node wrote: its log and, before there is one, its standard output.
    pub(crate) fn tail(&self, node: &str) -> String {
        let read = |name: &str| fs::read(self.path.join(node).join(name)).unwrap_or_default();
        let bytes = [read("stdout"), read("log")].concat();
        let end = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
        let text = String::from_utf8_lossy(end);
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            // A folder that cannot be removed harms nobody, and a drop has nobody to tell.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// A folder for the owner alone: tor refuses others for keys.
pub(crate) fn make(path: &Path) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(Error::file("make", path))
}

/// Writes a file with this mode, whole or not at all: a tor that was told to read its torrc again may do so at any moment.
pub(crate) fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), Error> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(&beside)
        .map_err(Error::file("create", &beside))?;
    file.write_all(bytes).map_err(Error::file("write", &beside))?;
    fs::rename(&beside, path).map_err(Error::file("rename", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_network_unless_it_is_kept() {
        let beside = tempfile::tempdir().expect("a folder");
        for keep in [false, true] {
            let path = beside.path().join(format!("keep-{keep}"));
            let folder = Folder::take(Some(&path), keep).expect("an absent folder");
            folder.write("file", "text").expect("a file");
            drop(folder);
            assert_eq!(path.join("file").exists(), keep);
        }
    }

    #[test]
    fn somebody_elses_files_are_left_alone() {
        let beside = tempfile::tempdir().expect("a folder");
        fs::write(beside.path().join("letter"), "text").expect("a file");
        let error = Folder::take(Some(beside.path()), false).expect_err("it is not empty");
        assert!(error.to_string().ends_with("is not empty"), "{error}");
        assert!(beside.path().join("letter").exists());
        let error = Folder::take(Some(&beside.path().join("a#b")), false).expect_err("tor would read a comment");
        assert!(error.to_string().contains("without #"), "{error}");
    }

    #[test]
    fn the_tail_of_a_log_is_its_last_lines() {
        let folder = Folder::take(None, false).expect("a folder");
        fs::create_dir(folder.path().join("relay0")).expect("the node's folder");
        let lines: Vec<_> = (0..1000).map(|number| format!("line {number}")).collect();
        folder.write("relay0/log", &lines.join("\n")).expect("a log");
        assert_eq!(folder.tail("relay0"), lines[988..].join("\n"));
        assert_eq!(folder.tail("relay1"), "");
    }
}
