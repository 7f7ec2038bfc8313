//! A log folder as its readers see it: the signed checkpoint, entries, and proofs made from tiles.

use std::path::Path;

use crate::checkpoint::Checkpoint;
use crate::fault::Fault;
use crate::merkle::{Hash, consistency_proof, inclusion_proof};
use crate::tile::{Rows, Tiles, WIDTH};
use crate::verify::read_checkpoint;

/// A log at its current checkpoint. What it hands out is meant for a verifier: it checks nothing but the signature.
pub struct Log {
    checkpoint: Checkpoint,
    note: String,
    tiles: Tiles,
}

impl Log {
    /// Reads the checkpoint of the log in `dir` and its signature by the trusted key (`origin+id+key`), or by the one
    /// that lies in the folder.
    ///
    /// # Errors
    /// When there is no checkpoint signed by that key.
    pub fn open(dir: &Path, vkey: Option<&str>) -> Result<Self, Fault> {
        let opened = read_checkpoint(dir, vkey)?;
        let tiles = Tiles::new(dir, opened.checkpoint.size);
        Ok(Self { checkpoint: opened.checkpoint, note: opened.note, tiles })
    }

    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The checkpoint as signed.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// An entry: `v1 <unix time> <kind> <base64 commitment>`.
    ///
    /// # Errors
    /// When there is no such entry, or its bundle cannot be read.
    pub fn entry(&self, index: u64) -> Result<String, Fault> {
        let beyond = || Fault::at(index, "the log has no such entry");
        let tile = Rows::Entries.tile(index / WIDTH, self.checkpoint.size).ok_or_else(beyond)?;
        let entry = self.tiles.entries(&tile)?.into_iter().nth((index % WIDTH) as usize).ok_or_else(beyond)?;
        String::from_utf8(entry).map_err(|_| Fault::at(index, "it is no entry of version 1"))
    }

    /// The proof that an entry is in the tree of this checkpoint.
    ///
    /// # Errors
    /// When there is no such entry, or a tile cannot be read.
    pub fn inclusion_proof(&mut self, index: u64) -> Result<Vec<Hash>, Fault> {
        if index >= self.checkpoint.size {
            return Err(Fault::at(index, "the log has no such entry"));
        }
        inclusion_proof(index, self.checkpoint.size, &mut |level, node| self.tiles.node(level, node))
    }

    /// The proof that the tree of `old` entries is the beginning of this one.
    ///
    /// # Errors
    /// When the log is smaller than that, or a tile cannot be read.
    pub fn consistency_proof(&mut self, old: u64) -> Result<Vec<Hash>, Fault> {
        if old > self.checkpoint.size {
            return Err(Fault::new(format!("the log has {} entries: fewer than {old}", self.checkpoint.size)));
        }
        consistency_proof(old, self.checkpoint.size, &mut |level, node| self.tiles.node(level, node))
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Log({} entries)", self.checkpoint.size)
    }
}
