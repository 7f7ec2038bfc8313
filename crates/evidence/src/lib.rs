//! Evidence out: packs that a court's expert and the defence check offline, with tools that are not ours.
//!
//! A [`Pack`] is a folder: redacted views in a WACZ, how each follows from its original, what the log holds of it with proofs,
//! who approved that it leaves, and a report for people. Given the same pages, log and signatures it is the same bytes.
//! `docs/formats/evidence-pack.md` describes it; the crate `verify` checks it and shares no code with this one.
//!
//! Deliberately absent: opening an original (an age file comes in as it goes out), any claim of admissibility.
//!
//! ```
//! use evidence::Disclosure;
//!
//! assert!(Disclosure::parse("lanthorn disclosure v1\ncase op-harbour-2026\n").is_err(), "a grant says all of it or nothing");
//! ```

mod bundle;
mod capture;
mod custody;
mod defence;
mod derivation;
mod disclosure;
mod domain;
mod error;
mod howto;
mod log;
mod manifest;
mod pack;
mod paper;
mod rights;
mod unredacted;
mod view;
mod wacz;
mod warc;
mod zip;

pub use derivation::derivation_line;
pub use disclosure::{DISCLOSURE_NAMESPACE, Disclosure, Edition, PACK_NAMESPACE};
pub use domain::{Domain, DomainSignature};
pub use error::Error;
pub use pack::{Approval, Archive, ArchiveStamp, Authority, ClockCheck, Gap, Pack, Setting, Stamp, Written};
pub use rights::{Facts, Figure, REPORT_NAMESPACE, Rights, Section};
pub use unredacted::{Exchange, unredacted};
