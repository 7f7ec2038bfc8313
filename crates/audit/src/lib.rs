//! The transparency log: every act is announced before it happens and closed after it, and an outsider can check that
//! nothing was changed, removed or put in between.
//!
//! An act goes into the [`Journal`], in the same transaction as what it is about: an [`Intent`] before, an [`Outcome`]
//! after, or a note that is itself the record. The [`Sequencer`] alone turns journal rows into C2SP tiles and signed
//! checkpoints; [`verify`] reads them back. A leaf of the tree holds only time, kind and a salted commitment, so that
//! a record can be erased while the tree stays valid. Witnesses cosign checkpoints ([`WitnessKey`], [`News`]), so that
//! whoever holds the log's key cannot show two histories. `docs/formats/log.md` describes the files.
//!
//! Deliberately absent: page content, URLs and queries in clear; any way to change or remove an entry.
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! use audit::{Act, ActKind, Actor, Journal, LogKey, Outcome, Sequencer};
//! use model::Clock;
//!
//! let store = store::Store::open(&folder.path().join("control.db"), Clock::system()).await?;
//! let journal = Journal::new(store.clone());
//! let act = Act::new(ActKind::Consultation, Actor::Person("s.maria".parse()?)).reason("R3", "follow-up of a report");
//! let intent = journal.intend_now(act).await?; // durable from here on: now the act may happen
//! journal.close_now(intent, Outcome::Done).await?;
//!
//! let log = folder.path().join("log");
//! let key = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng)?;
//! Sequencer::open(store, &log, key).await?.run_once().await?;
//! assert_eq!(audit::verify(&log, None)?.entries, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod act;
mod record;
mod run;

mod collector;
mod journal;

mod checkpoint;
mod cosignature;
mod key;
mod merkle;
mod tile;

mod sequencer;
mod together;
mod writer;

mod evidence;
mod fault;
mod log;
mod news;
mod patterns;
mod reading;
mod verify;
mod witnesses;

mod error;

pub use act::{Act, ActKind, Actor, UnknownAct};
pub use checkpoint::{BadCheckpoint, Checkpoint, MAX_CHECKPOINT_BYTES};
pub use collector::{Collected, Collector, Commitments};
pub use cosignature::{Cosignature, WitnessKey};
pub use error::Error;
pub use evidence::{Evidence, Proven};
pub use fault::Fault;
pub use journal::{Entry, Intent, Journal, Outcome, Recovered};
pub use key::{LogKey, LogVerifier};
pub use log::Log;
pub use merkle::{
    Hash, consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, verify_consistency, verify_inclusion,
};
pub use news::News;
pub use patterns::{Bounds, Pattern, patterns};
pub use reading::{Filter, Opening};
pub use sequencer::Sequencer;
pub use verify::{JournalReport, Report, Witness, verify, verify_with_store};
pub use witnesses::Witnesses;
