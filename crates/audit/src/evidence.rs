//! What shows one journal row to somebody who trusts nothing but the log's key: its record, opened, and the proofs
//! that lead from its leaf to a signed checkpoint and from the checkpoint last seen to that one.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use store::Store;

use crate::checkpoint::Checkpoint;
use crate::fault::Fault;
use crate::key::LogVerifier;
use crate::log::Log;
use crate::merkle::{Hash, empty_root, leaf_hash, verify_consistency, verify_inclusion};
use crate::record::{self, Leaf};

/// A journal row with everything that proves it. One JSON document; hashes and salt in base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The checkpoint, as signed.
    checkpoint: String,
    /// The entry's index.
    index: u64,
    /// The entry.
    entry: String,
    /// The record whose commitment the entry holds.
    record: String,
    salt: String,
    /// From the entry to the checkpoint's root.
    inclusion: Vec<String>,
    /// From the tree that the reader has seen before to this one.
    consistency: Vec<String>,
}

/// What a piece of evidence has proved.
#[derive(Clone)]
pub struct Proven {
    /// The checkpoint: to be remembered, durably, before anything is done on the strength of this.
    pub checkpoint: Checkpoint,
    /// When the act was logged.
    pub at: Timestamp,
    /// Its kind and part, as in the entry: `unseal-grant`, `collect:intent`.
    pub kind: String,
    /// What its record says.
    pub record: BTreeMap<String, String>,
}

impl Evidence {
    /// Gathers the evidence of the journal's row `seq` for a reader who has seen the tree of `seen` entries (0: none).
    ///
    /// # Errors
    /// When no checkpoint covers the row yet, its record has been erased, or files cannot be read.
    pub async fn gather(dir: &Path, store: &Store, seq: i64, seen: u64) -> Result<Self, Fault> {
        let index = seq.checked_sub(1).and_then(|index| u64::try_from(index).ok());
        let index = index.ok_or_else(|| Fault::new("the journal counts from 1"))?;
        let unreadable = |error: sqlx::Error| Fault::at(index, format!("the journal cannot be read ({error})"));
        let row = sqlx::query("SELECT record, salt FROM journal WHERE seq = ?")
            .bind(seq)
            .fetch_optional(store.reader())
            .await
            .map_err(unreadable)?
            .ok_or_else(|| Fault::at(index, "the journal has no such row"))?;
        let record: Option<Vec<u8>> = row.try_get("record").map_err(unreadable)?;
        let salt: Option<Vec<u8>> = row.try_get("salt").map_err(unreadable)?;
        let (record, salt) = record.zip(salt).ok_or_else(|| Fault::at(index, "its record has been erased"))?;

        let dir = dir.to_owned();
        let proved = tokio::task::spawn_blocking(move || {
            let mut log = Log::open(&dir, None)?;
            if index >= log.checkpoint().size {
                return Err(Fault::at(index, "no checkpoint covers it yet; ask again in a second"));
            }
            Ok(Self {
                checkpoint: log.note().to_owned(),
                index,
                entry: log.entry(index)?,
                record: String::from_utf8(record).map_err(|_| Fault::at(index, "its record is not text"))?,
                salt: BASE64_STANDARD.encode(salt),
                inclusion: log.inclusion_proof(index)?.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect(),
                consistency: log.consistency_proof(seen)?.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect(),
            })
        });
        proved.await.map_err(|stopped| Fault::new(format!("gathering stopped ({stopped})")))?
    }

    /// Verifies all of it against the trusted key and the checkpoint last seen (`None`: none yet).
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn verify(&self, verifier: &LogVerifier, seen: Option<&Checkpoint>) -> Result<Proven, Fault> {
        let checkpoint =
            Checkpoint::open(self.checkpoint.as_bytes(), verifier).map_err(|bad| Fault::new(bad.to_string()))?;
        let (seen_size, seen_root) = seen.map_or((0, empty_root()), |seen| (seen.size, seen.root));
        if !verify_consistency(seen_size, checkpoint.size, &seen_root, &checkpoint.root, &hashes(&self.consistency)?) {
            return Err(Fault::new(format!(
                "the log was rewritten: it does not go on from the {seen_size} entries seen before"
            )));
        }
        let leaf = leaf_hash(self.entry.as_bytes());
        if !verify_inclusion(self.index, checkpoint.size, &leaf, &hashes(&self.inclusion)?, &checkpoint.root) {
            return Err(Fault::at(self.index, "it is not in the tree of the checkpoint"));
        }
        let leaf =
            Leaf::parse(self.entry.as_bytes()).ok_or_else(|| Fault::at(self.index, "it is no entry of version 1"))?;
        let salt = BASE64_STANDARD.decode(&self.salt).map_err(|_| Fault::at(self.index, "its salt is malformed"))?;
        if record::commit(&salt, self.record.as_bytes()) != leaf.commitment {
            return Err(Fault::at(self.index, "record and salt do not open it"));
        }
        let record =
            serde_json::from_str(&self.record).map_err(|_| Fault::at(self.index, "its record is malformed"))?;
        Ok(Proven { checkpoint, at: Timestamp::from_secs(leaf.at_secs), kind: leaf.kind, record })
    }
}

/// Prints numbers only: records tell of persons.
impl std::fmt::Debug for Evidence {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Evidence(entry {}, {} hashes)", self.index, self.inclusion.len() + self.consistency.len())
    }
}

impl std::fmt::Debug for Proven {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Proven({} at {}, {} fields)", self.kind, self.at, self.record.len())
    }
}

fn hashes(encoded: &[String]) -> Result<Vec<Hash>, Fault> {
    let decode = |text: &String| BASE64_STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    encoded.iter().map(|text| decode(text).ok_or_else(|| Fault::new("a proof is malformed"))).collect()
}
