//! The log's files: appends entries so that a kill at any moment leaves a log that can be continued without a fork.
//!
//! Order of one append: tiles and bundles, their folders, then the checkpoint (temporary file, rename, folder). What
//! a checkpoint covers never changes; tiles beyond the last checkpoint are written again from the journal, whose order
//! is fixed, and so come out the same.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::checkpoint::Checkpoint;
use crate::error::in_file;
use crate::merkle::{Edge, Hash, join, leaf_hash};
use crate::tile::{MAX_ENTRY_BYTES, Rows, Tile, Tiles, WIDTH, partial_folder};
use crate::{Error, LogKey};

pub(crate) const CHECKPOINT: &str = "checkpoint";
pub(crate) const VERIFIER: &str = "log.vkey";
const LOCK: &str = "lock";
/// Ends the names of files that are not whole yet.
pub(crate) const UNFINISHED: &str = "new";

pub(crate) struct Writer {
    dir: PathBuf,
    key: LogKey,
    tree: Tree,
    _lock: File,
    #[cfg(test)]
    pub(crate) steps_left: Option<usize>,
}

/// The part of the tree that is not in full tiles yet.
#[derive(Clone, Default)]
struct Tree {
    size: u64,
    /// The rows of the rightmost, partial tile of each level; fewer than 256 each.
    levels: Vec<Vec<Hash>>,
    /// The rightmost, partial bundle.
    bundle: Vec<u8>,
}

/// A tile to be written.
struct Pending {
    tile: Tile,
    bytes: Vec<u8>,
}

impl Writer {
    /// Opens the log in `dir` for signing, making it if there is none.
    pub(crate) fn open(dir: &Path, key: LogKey) -> Result<Self, Error> {
        fs::create_dir_all(dir).map_err(in_file("make the log's folder"))?;
        let lock = File::create(dir.join(LOCK)).map_err(in_file("open the log's lock file"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Locked),
            Err(TryLockError::Error(error)) => return Err(in_file("lock the log")(error)),
        }
        let mut writer = Self {
            dir: dir.to_owned(),
            key,
            tree: Tree::default(),
            _lock: lock,
            #[cfg(test)]
            steps_left: None,
        };
        writer.publish_verifier()?;
        match fs::read(dir.join(CHECKPOINT)) {
            Ok(note) => writer.resume(&note)?,
            Err(absent) if absent.kind() == io::ErrorKind::NotFound => {}
            Err(other) => return Err(in_file("read the checkpoint")(other)),
        }
        Ok(writer)
    }

    pub(crate) const fn size(&self) -> u64 {
        self.tree.size
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        let (origin, size) = (self.key.verifier().origin().to_owned(), self.tree.size);
        Checkpoint { origin, size, root: self.tree.root() }
    }

    /// Appends entries and signs; on an error nothing was signed and the same call may be made again.
    pub(crate) fn append(&mut self, entries: &[Vec<u8>]) -> Result<Checkpoint, Error> {
        let mut tree = self.tree.clone();
        let before = tree.size;
        let pending = tree.push_all(entries)?;
        self.write_tiles(&pending).map_err(in_file("write the log's tiles"))?;
        // From here on the longer tree is the log, even if the next lines fail half way: it is what a retry signs.
        let checkpoint =
            Checkpoint { origin: self.key.verifier().origin().to_owned(), size: tree.size, root: tree.root() };
        let note = self.key.sign(&checkpoint.to_string());
        self.replace(Path::new(CHECKPOINT), note.as_bytes()).map_err(in_file("write the checkpoint"))?;
        self.tree = tree;
        for full in pending.iter().filter(|pending| pending.tile.width == WIDTH) {
            if full.tile.rows.count(before) > full.tile.number * WIDTH {
                self.remove_partials(&full.tile).map_err(in_file("remove partial tiles"))?;
            }
        }
        Ok(checkpoint)
    }

    fn publish_verifier(&mut self) -> Result<(), Error> {
        let ours = format!("{}\n", self.key.verifier());
        match fs::read_to_string(self.dir.join(VERIFIER)) {
            Ok(theirs) if theirs == ours => Ok(()),
            Ok(_) => Err(Error::Fork { fault: "the folder holds the log of another key".into() }),
            Err(absent) if absent.kind() == io::ErrorKind::NotFound => {
                self.replace(Path::new(VERIFIER), ours.as_bytes()).map_err(in_file("write the log's public key"))
            }
            Err(other) => Err(in_file("read the log's public key")(other)),
        }
    }

    /// Loads the tree's right edge and checks it against the signed root.
    fn resume(&mut self, note: &[u8]) -> Result<(), Error> {
        let fork = |fault: &dyn std::fmt::Display| Error::Fork { fault: fault.to_string() };
        let checkpoint = Checkpoint::open(note, &self.key.verifier()).map_err(|bad| fork(&bad))?;
        let tiles = Tiles::new(&self.dir, checkpoint.size);
        let mut tree = Tree { size: checkpoint.size, ..Tree::default() };
        let right = |rows: Rows| rows.tile(rows.count(checkpoint.size) / WIDTH, checkpoint.size);
        for level in (0..).take_while(|level| Rows::Hashes(*level).count(checkpoint.size) > 0) {
            let rows = right(Rows::Hashes(level)).map(|tile| tiles.hashes(&tile)).transpose();
            tree.levels.push(rows.map_err(|fault| fork(&fault.sentence))?.unwrap_or_default());
        }
        if let Some(tile) = right(Rows::Entries) {
            let entries = tiles.entries(&tile).map_err(|fault| fork(&fault.sentence))?;
            let hashes: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
            if tree.levels.first() != Some(&hashes) {
                return Err(fork(&"the last entries are not those of the tree"));
            }
            entries.iter().for_each(|entry| put_entry(&mut tree.bundle, entry));
        }
        if tree.root() != checkpoint.root {
            return Err(fork(&"the tiles do not lead to the signed root"));
        }
        self.tree = tree;
        self.tidy(checkpoint.size).map_err(in_file("remove partial tiles"))
    }

    /// Removes what a kill left behind: partial forms of the tiles left of each level's right edge, unfinished files.
    fn tidy(&mut self, size: u64) -> io::Result<()> {
        let levels = (0..self.tree.levels.len()).filter_map(|level| u32::try_from(level).ok()).map(Rows::Hashes);
        for rows in levels.chain([Rows::Entries]) {
            if let Some(tile) = (rows.count(size) / WIDTH).checked_sub(1).and_then(|number| rows.tile(number, size)) {
                self.remove_partials(&tile)?;
            }
        }
        Ok(())
    }

    fn remove_partials(&mut self, full: &Tile) -> io::Result<()> {
        let folder = self.dir.join(partial_folder(&full.full_path()));
        self.step()?;
        match fs::remove_dir_all(folder) {
            Err(other) if other.kind() != io::ErrorKind::NotFound => Err(other),
            _ => Ok(()),
        }
    }

    fn write_tiles(&mut self, pending: &[Pending]) -> io::Result<()> {
        let mut folders = BTreeSet::new();
        for Pending { tile, bytes } in pending {
            let path = self.dir.join(tile.path());
            let folder = path.parent().unwrap_or(&self.dir).to_owned();
            self.make_folder(&folder, &mut folders)?;
            self.write_whole(&path, bytes)?;
            folders.insert(folder);
        }
        for folder in folders {
            self.step()?;
            sync(&File::open(folder)?)?;
        }
        Ok(())
    }

    /// Makes a folder and notes every folder that got a new name in it.
    fn make_folder(&mut self, folder: &Path, changed: &mut BTreeSet<PathBuf>) -> io::Result<()> {
        if !folder.is_dir() {
            let parent = folder.parent().unwrap_or(&self.dir).to_owned();
            self.make_folder(&parent, changed)?;
            self.step()?;
            fs::create_dir(folder)?;
            changed.insert(parent);
        }
        Ok(())
    }

    /// Writes a file in the log's own folder, durably.
    fn replace(&mut self, name: &Path, bytes: &[u8]) -> io::Result<()> {
        let path = self.dir.join(name);
        self.write_whole(&path, bytes)?;
        self.step()?;
        sync(&File::open(&self.dir)?)
    }

    /// Writes a file that is there whole or not at all.
    fn write_whole(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".");
        unfinished.push(UNFINISHED);
        let mut file = File::create(&unfinished)?;
        self.step()?;
        file.write_all(bytes)?;
        self.step()?;
        sync(&file)?;
        self.step()?;
        fs::rename(&unfinished, path)?;
        self.step()
    }

    /// A moment at which a test may end the process.
    #[cfg(test)]
    fn step(&mut self) -> io::Result<()> {
        match &mut self.steps_left {
            Some(0) => Err(io::Error::other("killed by a test")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    #[cfg(not(test))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "tests end the process here")]
    fn step(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Tree {
    /// Pushes entries and returns the tiles that changed.
    fn push_all(&mut self, entries: &[Vec<u8>]) -> Result<Vec<Pending>, Error> {
        let mut pending = Vec::new();
        let before = self.size;
        for entry in entries {
            if entry.len() > MAX_ENTRY_BYTES {
                return Err(Error::RecordTooLong { bytes: entry.len(), limit: MAX_ENTRY_BYTES });
            }
            put_entry(&mut self.bundle, entry);
            self.size += 1;
            if self.size.is_multiple_of(WIDTH) {
                let tile = Tile { rows: Rows::Entries, number: self.size / WIDTH - 1, width: WIDTH };
                pending.push(Pending { tile, bytes: std::mem::take(&mut self.bundle) });
            }
            self.push(0, leaf_hash(entry), &mut pending);
        }
        for (rows, bytes) in self.partials() {
            if rows.count(self.size) > rows.count(before) {
                pending.extend(rows.tile(rows.count(self.size) / WIDTH, self.size).map(|tile| Pending { tile, bytes }));
            }
        }
        Ok(pending)
    }

    fn push(&mut self, level: usize, hash: Hash, pending: &mut Vec<Pending>) {
        if self.levels.len() == level {
            self.levels.push(Vec::new());
        }
        self.levels[level].push(hash);
        if self.levels[level].len() as u64 == WIDTH {
            let hashes = std::mem::take(&mut self.levels[level]);
            let rows = Rows::Hashes(level as u32); // 64 levels would be more leaves than can be counted
            let tile = Tile { rows, number: rows.count(self.size) / WIDTH - 1, width: WIDTH };
            pending.push(Pending { tile, bytes: hashes.concat() });
            self.push(level + 1, Edge::of(&hashes).root(), pending);
        }
    }

    fn partials(&self) -> Vec<(Rows, Vec<u8>)> {
        let levels =
            self.levels.iter().enumerate().map(|(level, hashes)| (Rows::Hashes(level as u32), hashes.concat()));
        levels.chain([(Rows::Entries, self.bundle.clone())]).collect()
    }

    fn root(&self) -> Hash {
        let roots: Vec<Hash> = self.levels.iter().rev().flat_map(|hashes| Edge::of(hashes).into_roots()).collect();
        join(&roots)
    }
}

/// Waits until a file or folder is on the disk. A kill of the process cannot tell the difference, a loss of power can:
/// so the tests here, which kill some hundred times, do without.
fn sync(file: &File) -> io::Result<()> {
    if cfg!(test) { Ok(()) } else { file.sync_all() }
}

fn put_entry(bundle: &mut Vec<u8>, entry: &[u8]) {
    let length = u16::try_from(entry.len()).unwrap_or(u16::MAX); // longer ones have been refused
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{consistency_proof, verify_consistency};

    const ORIGIN: &str = "unit-7.example/audit";

    fn entries(from: u64, to: u64) -> Vec<Vec<u8>> {
        (from..to)
            .map(|number| crate::record::Leaf::new(number as i64, "collect", "note", [9; 32]).to_string().into_bytes())
            .collect()
    }

    fn reopen(dir: &Path, keys: &Path) -> Writer {
        Writer::open(dir, LogKey::load(keys).unwrap()).unwrap()
    }

    #[test]
    fn killed_at_any_step_it_resumes_without_a_fork() {
        let keys = tempfile::tempdir().unwrap();
        let keys = keys.path().join("log.key");
        LogKey::generate(ORIGIN, &mut rand::rngs::OsRng).unwrap().save(&keys).unwrap();
        let mut kills = 0;
        // From nothing, into and over the edge of a tile, and over the edge of two.
        for (old, new) in [(0, 3), (3, 255), (255, 257), (250, 256), (256, 256 * 2 + 5), (5, 256 * 257)] {
            let kills_before = kills;
            // The long jump reaches a third level of tiles; it is tried at every 900th step only.
            for kill_at in (0..).step_by(if new > 1000 { 900 } else { 1 }) {
                let log = tempfile::tempdir().unwrap();
                let mut writer = reopen(log.path(), &keys);
                let first = if old == 0 { writer.checkpoint() } else { writer.append(&entries(0, old)).unwrap() };
                writer.steps_left = Some(kill_at);
                let killed = writer.append(&entries(old, new)).is_err();
                drop(writer); // as a kill does

                let mut writer = reopen(log.path(), &keys);
                assert!(writer.size() == old || writer.size() == new, "{}", writer.size());
                let size = writer.size();
                let second = writer.append(&entries(size, new + 7)).unwrap();
                assert_eq!(second.size, new + 7);
                let mut tiles = Tiles::new(log.path(), second.size);
                let proof =
                    consistency_proof(first.size, second.size, &mut |level, index| tiles.node(level, index)).unwrap();
                assert!(verify_consistency(first.size, second.size, &first.root, &second.root, &proof));
                assert_eq!(crate::verify(log.path(), None).unwrap().entries, new + 7);
                if !killed {
                    break;
                }
                kills += 1;
            }
            assert!(kills > kills_before + 2, "{old} to {new} was not killed at all");
        }
    }

    #[test]
    fn a_second_signer_another_key_and_altered_tiles_are_refused() {
        let log = tempfile::tempdir().unwrap();
        let key = || LogKey::generate(ORIGIN, &mut rand::rngs::OsRng).unwrap();
        let keys = log.path().join("key");
        let ours = key();
        ours.save(&keys).unwrap();
        let mut writer = Writer::open(log.path(), ours).unwrap();
        writer.append(&entries(0, 300)).unwrap();
        assert!(matches!(Writer::open(log.path(), LogKey::load(&keys).unwrap()), Err(Error::Locked)));
        drop(writer);
        assert!(matches!(Writer::open(log.path(), key()), Err(Error::Fork { .. })));

        for file in ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44", "checkpoint"] {
            let file = log.path().join(file);
            let mut bytes = fs::read(&file).unwrap();
            let at = 40 % bytes.len();
            bytes[at] ^= 1;
            fs::write(&file, &bytes).unwrap();
            assert!(
                matches!(Writer::open(log.path(), LogKey::load(&keys).unwrap()), Err(Error::Fork { .. })),
                "{file:?}"
            );
            bytes[at] ^= 1;
            fs::write(&file, &bytes).unwrap();
        }
        assert_eq!(reopen(log.path(), &keys).size(), 300);
    }

    #[test]
    fn partial_tiles_go_once_the_tile_is_full() {
        let log = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(log.path(), LogKey::generate(ORIGIN, &mut rand::rngs::OsRng).unwrap()).unwrap();
        writer.append(&entries(0, 10)).unwrap();
        writer.append(&entries(10, 20)).unwrap();
        assert!(log.path().join("tile/0/000.p/10").exists(), "a verifier may hold the checkpoint of 10 entries");
        writer.append(&entries(20, 256)).unwrap();
        assert!(!log.path().join("tile/0/000.p").exists() && !log.path().join("tile/entries/000.p").exists());
        assert!(log.path().join("tile/1/000.p/1").exists());
    }
}
