//! What a witness is shown: the newest checkpoint, and the proof that it goes on from the one seen before.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoint;
use crate::fault::Fault;
use crate::key::LogVerifier;
use crate::log::Log;
use crate::merkle::{Hash, empty_root, verify_consistency};

/// The newest checkpoint for a reader who has seen an older one. One JSON document; hashes in base64.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// The checkpoint, as signed.
    pub checkpoint: String,
    /// From the tree that the reader has seen before to this one.
    consistency: Vec<String>,
}

impl News {
    /// Gathers the news of the log in `dir` for a reader who has seen the tree of `seen` entries (0: none). A log that has
    /// fewer entries than that is shown as it is: the reader will refuse it.
    ///
    /// # Errors
    /// When files cannot be read, or the checkpoint is not signed by the key in the folder.
    pub fn gather(dir: &Path, seen: u64) -> Result<Self, Fault> {
        let mut log = Log::open(dir, None)?;
        let consistency = if seen > log.checkpoint().size { Vec::new() } else { log.consistency_proof(seen)? };
        Ok(Self { checkpoint: log.note().to_owned(), consistency: encoded(&consistency) })
    }

    /// Verifies it against the trusted key and the checkpoint last seen (`None`: none yet).
    ///
    /// # Errors
    /// What does not hold; of a log that was rewritten or forked, both sizes and both roots.
    pub fn verify(&self, verifier: &LogVerifier, seen: Option<&Checkpoint>) -> Result<Checkpoint, Fault> {
        let checkpoint =
            Checkpoint::open(self.checkpoint.as_bytes(), verifier).map_err(|bad| Fault::new(bad.to_string()))?;
        goes_on(seen, &checkpoint, &self.consistency)?;
        Ok(checkpoint)
    }
}

/// Whether a tree goes on from the one that was seen before.
pub(crate) fn goes_on(seen: Option<&Checkpoint>, now: &Checkpoint, proof: &[String]) -> Result<(), Fault> {
    let (size, root) = seen.map_or((0, empty_root()), |seen| (seen.size, seen.root));
    if verify_consistency(size, now.size, &root, &now.root, &hashes(proof)?) {
        return Ok(());
    }
    Err(Fault::new(format!(
        "the log was rewritten or forked: the tree of {size} entries with the root {} was seen before, and the tree of {} \
         entries with the root {} does not go on from it; keep both, and tell the auditor and the other supervisors",
        BASE64_STANDARD.encode(root),
        now.size,
        BASE64_STANDARD.encode(now.root)
    )))
}

pub(crate) fn encoded(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect()
}

pub(crate) fn hashes(encoded: &[String]) -> Result<Vec<Hash>, Fault> {
    let decode = |text: &String| BASE64_STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    encoded.iter().map(|text| decode(text).ok_or_else(|| Fault::new("a proof is malformed"))).collect()
}
