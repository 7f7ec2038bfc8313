//! The log's entries: each in the signed tree, each opened by its record and salt.

use std::collections::BTreeMap;

use audit::{Checkpoint, LogVerifier, leaf_hash, verify_inclusion};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::Trust;
use crate::about::About;
use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::json::{self, lines, number, text, texts};

const CHECKPOINT: &str = "log/checkpoint";
const KEY: &str = "log/log.vkey";
const AT: &str = "log/entries.jsonl";

/// An entry that was proved.
pub(crate) struct Entry {
    /// Kind and part: `collect:outcome`.
    pub(crate) kind: String,
    /// The record, unless it has been erased.
    pub(crate) record: Option<Value>,
}

pub(crate) struct Entries {
    checkpoint: Checkpoint,
    entries: BTreeMap<u64, Entry>,
}

impl Entries {
    pub(crate) fn check(files: &Files, about: &About, trust: &Trust) -> Result<Self, Fault> {
        let own = files.text(KEY)?;
        let (at, key) = trust.log_key.as_ref().map_or((KEY, own.as_str()), |given| ("the given log key", given));
        let verifier = LogVerifier::parse(key.trim()).map_err(|_| Fault::new(at, "it is no key of a log"))?;
        hold(own.trim() == key.trim(), KEY, || "it is not the key that you trust".to_owned())?;
        let checkpoint = Checkpoint::open(files.text(CHECKPOINT)?.as_bytes(), &verifier)
            .map_err(|error| Fault::new(CHECKPOINT, error.to_string()))?;
        hold(checkpoint.origin == about.origin && checkpoint.size == about.entries, "pack.json", || {
            "its log is not the one of log/checkpoint".to_owned()
        })?;
        let mut entries = BTreeMap::new();
        let mut next = 0;
        for (at, line) in lines(AT, &files.text(AT)?)? {
            let index = number(&line, "entry", &at)?;
            hold(index >= next, &at, || "it is out of order, or there twice".to_owned())?;
            next = index + 1;
            entries.insert(index, entry(&at, &line, index, &checkpoint)?);
        }
        Ok(Self { checkpoint, entries })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (u64, &Entry)> {
        self.entries.iter().map(|(index, entry)| (*index, entry))
    }

    pub(crate) fn find(&self, index: u64) -> Option<&Entry> {
        self.entries.get(&index)
    }

    pub(crate) const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    pub(crate) fn count(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn origin(&self) -> &str {
        &self.checkpoint.origin
    }

    pub(crate) const fn size(&self) -> u64 {
        self.checkpoint.size
    }
}

fn entry(at: &str, line: &Value, index: u64, checkpoint: &Checkpoint) -> Result<Entry, Fault> {
    let leaf = text(line, "leaf", at)?;
    let hash = |one: String| {
        let bytes = BASE64.decode(one.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| Fault::new(at, "a hash of its proof is malformed"))
    };
    let proof: Vec<[u8; 32]> = texts(line, "proof", at)?.into_iter().map(hash).collect::<Result<_, _>>()?;
    let proved = verify_inclusion(index, checkpoint.size, &leaf_hash(leaf.as_bytes()), &proof, &checkpoint.root);
    hold(proved, at, || format!("entry {index} is not in the tree that the log has signed"))?;
    let words: Vec<_> = leaf.split(' ').collect();
    hold(words.len() == 4 && words[0] == "v1", at, || format!("entry {index} is no entry of version 1"))?;
    let record = match (line["record"].as_str(), line["salt"].as_str()) {
        (Some(record), Some(salt)) => {
            let salt = HEXLOWER.decode(salt.as_bytes()).map_err(|_| Fault::new(at, "its salt is malformed"))?;
            let commitment = Sha256::new().chain_update(salt).chain_update(record).finalize();
            hold(BASE64.encode(&commitment) == words[3], at, || {
                format!("record and salt do not open entry {index}: the record was changed")
            })?;
            Some(json::parse(at, record)?)
        }
        (None, None) => None,
        _ => return Err(Fault::new(at, "it has a record without a salt, or a salt without a record")),
    };
    Ok(Entry { kind: words[2].to_owned(), record })
}
