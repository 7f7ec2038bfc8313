//! C2SP tlog-tiles on plain files: where a tile lies, how wide it is, what is in it.
//!
//! Hash tiles hold up to 256 hashes of one level; level L of tiles is level 8 L of the tree. Entry bundles hold the
//! entries themselves, each after its length in two bytes. The rightmost tile of a level is partial until it is full.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::merkle::{Edge, Hash};

/// Hashes of a full tile, entries of a full bundle.
pub(crate) const WIDTH: u64 = 256;

/// Levels of the tree in one level of tiles.
pub(crate) const HEIGHT: u32 = 8;

/// Longest entry: what two bytes can say.
pub(crate) const MAX_ENTRY_BYTES: usize = 65_535;

/// Hash tiles that a [`Tiles`] remembers before it forgets all of them.
const MAX_REMEMBERED: usize = 4096;

/// One file of tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tile {
    pub(crate) rows: Rows,
    pub(crate) number: u64,
    /// 1 to 256.
    pub(crate) width: u64,
}

/// What the rows of a tile are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Rows {
    Entries,
    Hashes(u32),
}

impl Rows {
    /// How many of these rows a tree of `size` leaves has.
    pub(crate) const fn count(self, size: u64) -> u64 {
        match self {
            Self::Entries => size,
            Self::Hashes(level) => match size.checked_shr(level * HEIGHT) {
                Some(count) => count,
                None => 0,
            },
        }
    }

    /// Entries under one row.
    pub(crate) const fn span(self) -> u64 {
        match self {
            Self::Entries => 1,
            Self::Hashes(level) => match 1u64.checked_shl(level * HEIGHT) {
                Some(span) => span,
                None => u64::MAX,
            },
        }
    }

    /// The tile `number` of a tree of `size` leaves; `None` beyond its edge.
    pub(crate) fn tile(self, number: u64, size: u64) -> Option<Tile> {
        let left = self.count(size).checked_sub(number.checked_mul(WIDTH)?)?;
        (left > 0).then(|| Tile { rows: self, number, width: left.min(WIDTH) })
    }
}

impl Tile {
    /// Its path below the log's folder: `tile/0/x001/x234/067` or, partial, `tile/entries/000.p/3`.
    pub(crate) fn path(&self) -> PathBuf {
        let full = self.full_path();
        if self.width == WIDTH { full } else { partial_folder(&full).join(self.width.to_string()) }
    }

    /// The path that it has, or will have once it is full.
    pub(crate) fn full_path(&self) -> PathBuf {
        let mut groups = vec![format!("{:03}", self.number % 1000)];
        let mut rest = self.number / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        let rows = match self.rows {
            Rows::Entries => "entries".to_owned(),
            Rows::Hashes(level) => level.to_string(),
        };
        Path::new("tile").join(rows).join(groups.iter().rev().collect::<PathBuf>())
    }
}

/// The folder of a tile's partial forms.
pub(crate) fn partial_folder(full: &Path) -> PathBuf {
    let mut name = full.as_os_str().to_owned();
    name.push(".p");
    name.into()
}

/// The tiles of a log of a given size, read when asked for.
pub(crate) struct Tiles {
    dir: PathBuf,
    size: u64,
    remembered: HashMap<Tile, Vec<Hash>>,
}

impl Tiles {
    pub(crate) fn new(dir: &Path, size: u64) -> Self {
        Self { dir: dir.to_owned(), size, remembered: HashMap::new() }
    }

    /// The bytes of a tile; a partial one that has been removed is read from the full one.
    pub(crate) fn bytes(&self, tile: &Tile) -> Result<Vec<u8>, Fault> {
        let longest = match tile.rows {
            Rows::Entries => tile.width * (2 + MAX_ENTRY_BYTES as u64),
            Rows::Hashes(_) => tile.width * 32,
        };
        let mut path = tile.path();
        let mut found = read(&self.dir.join(&path), longest);
        if tile.width < WIDTH && matches!(&found, Err(absent) if absent.kind() == io::ErrorKind::NotFound) {
            path = tile.full_path();
            found = read(&self.dir.join(&path), longest / tile.width * WIDTH).map(|bytes| cut(tile, bytes));
        }
        found.map_err(|error| {
            let what = if error.kind() == io::ErrorKind::NotFound {
                "is missing".to_owned()
            } else {
                format!("cannot be read ({error})")
            };
            Fault::at(self.first_entry(tile), format!("{} {what}", path.display()))
        })
    }

    /// The hashes of a hash tile.
    pub(crate) fn hashes(&self, tile: &Tile) -> Result<Vec<Hash>, Fault> {
        let bytes = self.bytes(tile)?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || hashes.len() as u64 != tile.width {
            let fault = format!("{} has {} bytes instead of {}", tile.path().display(), bytes.len(), tile.width * 32);
            return Err(Fault::at(self.first_entry(tile), fault));
        }
        Ok(hashes.to_vec())
    }

    /// The entries of a bundle.
    pub(crate) fn entries(&self, tile: &Tile) -> Result<Vec<Vec<u8>>, Fault> {
        let bytes = self.bytes(tile)?;
        let mut entries = Vec::new();
        let mut rest = bytes.as_slice();
        while let Some((entry, after)) = split_entry(rest).filter(|_| (entries.len() as u64) < tile.width) {
            entries.push(entry.to_vec());
            rest = after;
        }
        if !rest.is_empty() || entries.len() as u64 != tile.width {
            let at = self.first_entry(tile) + (entries.len() as u64).min(tile.width - 1);
            return Err(Fault::at(
                at,
                format!("{} does not hold exactly {} entries", tile.path().display(), tile.width),
            ));
        }
        Ok(entries)
    }

    /// Whether the bytes hold as many rows as the tile is wide, and end with the last.
    pub(crate) fn is_whole(tile: &Tile, bytes: &[u8]) -> bool {
        match tile.rows {
            Rows::Hashes(_) => bytes.len() as u64 == tile.width * 32,
            Rows::Entries => {
                let mut rest = bytes;
                (0..tile.width).all(|_| split_entry(rest).map(|(_, after)| rest = after).is_some()) && rest.is_empty()
            }
        }
    }

    /// The hash of a complete subtree, as the proof functions want it.
    pub(crate) fn node(&mut self, level: u32, index: u64) -> Result<Hash, Fault> {
        let rows = Rows::Hashes(level / HEIGHT);
        let count = 1 << (level % HEIGHT); // hashes of this tile level under the node
        let first = index * count;
        let tile = rows
            .tile(first / WIDTH, self.size)
            .ok_or_else(|| Fault::new("a proof needs a hash beyond the log's end"))?;
        if !self.remembered.contains_key(&tile) {
            if self.remembered.len() >= MAX_REMEMBERED {
                self.remembered.clear();
            }
            self.remembered.insert(tile, self.hashes(&tile)?);
        }
        let low = (first % WIDTH) as usize;
        let hashes = self.remembered.get(&tile).and_then(|hashes| hashes.get(low..low + count as usize));
        hashes
            .map(|hashes| Edge::of(hashes).root())
            .ok_or_else(|| Fault::new("a proof needs a hash beyond the log's end"))
    }

    fn first_entry(&self, tile: &Tile) -> u64 {
        tile.number.saturating_mul(WIDTH).saturating_mul(tile.rows.span())
    }
}

/// The next entry of a bundle, and what follows it.
fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

/// The beginning of a full tile that equals the partial one.
fn cut(partial: &Tile, mut full: Vec<u8>) -> Vec<u8> {
    let keep = match partial.rows {
        Rows::Hashes(_) => partial.width as usize * 32,
        Rows::Entries => {
            let mut rest = full.as_slice();
            for _ in 0..partial.width {
                rest = split_entry(rest).map_or(&[], |(_, after)| after);
            }
            full.len() - rest.len()
        }
    };
    full.truncate(keep);
    full
}

fn read(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(longest + 1).read_to_end(&mut bytes)?; // one byte more makes a longer file show
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_c2sp() {
        let path = |rows, number, width| Tile { rows, number, width }.path().display().to_string();
        assert_eq!(path(Rows::Hashes(0), 0, 256), "tile/0/000");
        assert_eq!(path(Rows::Hashes(3), 1_234_067, 256), "tile/3/x001/x234/067");
        assert_eq!(path(Rows::Entries, 1_000, 17), "tile/entries/x001/000.p/17");
    }

    #[test]
    fn a_tree_has_as_many_tiles_as_it_needs() {
        let widths = |rows: Rows, size| (0..).map_while(|n| rows.tile(n, size)).map(|t| t.width).collect::<Vec<_>>();
        assert_eq!(widths(Rows::Entries, 0), Vec::<u64>::new());
        assert_eq!(widths(Rows::Entries, 513), [256, 256, 1]);
        assert_eq!(widths(Rows::Hashes(1), 513), [2]);
        assert_eq!(widths(Rows::Hashes(2), 65_535), Vec::<u64>::new());
        assert_eq!(widths(Rows::Hashes(2), 65_536), [1]);
        assert_eq!(Rows::Hashes(9).count(u64::MAX), 0);
    }
}
