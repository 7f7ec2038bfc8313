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
use crate::cosignature::{Cosignature, WitnessKey};
use crate::fault::Fault;
use crate::key::LogVerifier;
use crate::log::Log;
use crate::merkle::{leaf_hash, verify_inclusion};
use crate::news::{encoded, goes_on, hashes};
use crate::record::{self, Leaf};
use crate::witnesses;

/// Cosigned checkpoints that one piece of evidence carries at most.
const MAX_WITNESSED: usize = 16;

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
    /// Checkpoints that hold the entry and that witnesses have cosigned.
    #[serde(default)]
    witnessed: Vec<Witnessed>,
}

/// A cosigned checkpoint, and the proof that the newest one goes on from it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Witnessed {
    note: String,
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
        let cosigned = witnesses::notes_beyond(store, index, MAX_WITNESSED).await.map_err(unreadable)?;

        let dir = dir.to_owned();
        let proved = tokio::task::spawn_blocking(move || {
            let mut log = Log::open(&dir, None)?;
            if index >= log.checkpoint().size {
                return Err(Fault::at(index, "no checkpoint covers it yet; ask again in a second"));
            }
            let size = log.checkpoint().size;
            let witnessed = cosigned
                .into_iter()
                .filter(|(of, _)| *of <= size)
                .map(|(of, note)| Ok(Witnessed { note, consistency: encoded(&log.consistency_proof(of)?) }));
            Ok(Self {
                witnessed: witnessed.collect::<Result<_, Fault>>()?,
                checkpoint: log.note().to_owned(),
                index,
                entry: log.entry(index)?,
                record: String::from_utf8(record).map_err(|_| Fault::at(index, "its record is not text"))?,
                salt: BASE64_STANDARD.encode(salt),
                inclusion: encoded(&log.inclusion_proof(index)?),
                consistency: encoded(&log.consistency_proof(seen)?),
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
        goes_on(seen, &checkpoint, &self.consistency)?;
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

    /// The checkpoint as signed. It is worth what [`verify`](Self::verify) says.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.checkpoint
    }

    /// Who of `trusted` has cosigned a checkpoint that holds the entry, each once. `newest` is the checkpoint that
    /// [`verify`](Self::verify) has proved.
    ///
    /// A note that is no checkpoint of this log counts for nothing.
    ///
    /// # Errors
    /// When a checkpoint that the log's key has signed does not lead to `newest`: that is a forked log.
    pub fn witnesses(
        &self,
        newest: &Checkpoint,
        verifier: &LogVerifier,
        trusted: &[WitnessKey],
    ) -> Result<Vec<Cosignature>, Fault> {
        let mut found: Vec<Cosignature> = Vec::new();
        for witnessed in self.witnessed.iter().take(MAX_WITNESSED) {
            let Ok(cosigned) = Checkpoint::open(witnessed.note.as_bytes(), verifier) else { continue };
            goes_on(Some(&cosigned), newest, &witnessed.consistency)?;
            if cosigned.size <= self.index {
                continue;
            }
            for witness in trusted {
                let known = found.iter().any(|cosignature| cosignature.witness == witness.name());
                if !known && let Some(cosignature) = witness.cosignature(&witnessed.note, &cosigned) {
                    found.push(cosignature);
                }
            }
        }
        Ok(found)
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
