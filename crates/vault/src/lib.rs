//! The vault: sealed originals on disk, each as a payload and a header apart from it.
//!
//! A [`Vault`] seals a page to the supervisors' epoch, brings payload and header to the disk, and then, in one
//! transaction, enters the capture and closes its intent in the journal: only that makes the [`audit::Collected`]
//! receipt without which nothing is parsed or indexed. A [`Shelf`] finds, verifies and erases what is there. Destroying
//! a header, two kilobytes, makes every copy of its payload unreadable for good: that is erasure.
//!
//! Deliberately absent: opening an original. There is no key here and no code that would use one.
//!
//! ```
//! # use rand::rngs::OsRng;
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! # let members: Vec<_> = ["s.maria", "s.omar", "s.li"].into_iter()
//! #     .map(|name| (name.parse().unwrap(), ed25519_dalek::SigningKey::generate(&mut OsRng))).collect();
//! # let epoch = seal::ceremony(model::Timestamp::from_secs(1_795_000_000), 2, &members, &mut OsRng)?.epoch;
//! use audit::{Act, ActKind, Actor, Collector, Journal};
//! use model::{AuthorisationId, CaptureId, Clock, Sensitive};
//! use vault::Vault;
//!
//! let clock = Clock::system();
//! let store = store::Store::open(&folder.path().join("control.db"), clock.clone()).await?;
//! let journal = Journal::new(store.clone());
//! let collector = Collector::take(journal.clone())?;
//! let vault = Vault::new(&folder.path().join("vault"), store, collector, &epoch);
//!
//! let capture = CaptureId::generate(clock.now(), &mut OsRng);
//! let intent = journal.intend_now(Act::new(ActKind::Collection, Actor::Process("crawl")).capture(capture)).await?;
//! let (case, authorisation) = ("op-harbour-2026".parse()?, AuthorisationId::from_bytes([7; 16]));
//! let collected = vault.collect(intent, case, authorisation, capture, Sensitive::new(b"a page".to_vec())).await?;
//! assert_eq!(collected.capture(), capture);
//! assert_eq!(vault.shelf().check_all().await?.sealed, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod shelf;
mod vault;

mod checking;
mod copies;
mod erasing;
mod referrals;
mod retention;
mod sweeping;

mod folder;
mod row;

mod error;
#[cfg(test)]
mod tests;

pub use checking::{Fault, Report};
pub use copies::Copied;
pub use error::Error;
pub use referrals::Referral;
pub use retention::{Hold, Release};
pub use row::{Sealed, State};
pub use shelf::Shelf;
pub use sweeping::Swept;
pub use vault::Vault;
