//! The part of the log that a pack carries: the entries of its captures, opened, each with its proof.

use std::collections::BTreeMap;

use audit::{Log, Opening};
use data_encoding::BASE64;
use serde_json::json;

use crate::Error;

/// Entries by index, each once.
#[derive(Default)]
pub(crate) struct Entries(BTreeMap<i64, Opening>);

impl Entries {
    pub(crate) fn add(&mut self, openings: Vec<Opening>) {
        self.0.extend(openings.into_iter().map(|opening| (opening.entry, opening)));
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Opening> + Clone {
        self.0.values()
    }

    /// One line an entry: as `audit export --records` has it, and the way to the checkpoint's root.
    pub(crate) fn lines(&self, log: &mut Log) -> Result<String, Error> {
        let mut lines = String::new();
        for (index, opening) in &self.0 {
            let proof = log.inclusion_proof(u64::try_from(*index).unwrap_or(u64::MAX))?;
            let proof: Vec<_> = proof.iter().map(|hash| BASE64.encode(hash)).collect();
            let line = json!({
                "entry": opening.entry, "leaf": opening.leaf, "record": opening.record, "salt": opening.salt, "proof": proof,
            });
            lines.push_str(&format!("{line}\n"));
        }
        Ok(lines)
    }
}
