//! Pure cryptography of sealing: the container, its shares, the epochs they belong to.
//!
//! A sealed original is a standard age file with one stanza of ours: its key is wrapped under a key that k of n supervisors
//! hold together **and** under ML-KEM-768, and the proof in the header covers a label that says what the original is. The
//! forms are written down in `docs/formats/sealed.md` and `docs/formats/epoch.md`; this crate follows them word by word.
//!
//! Deliberately absent: disks, clocks and sources of randomness (all three are arguments), passphrases, grants and the log
//! (`client`, `audit`), and any way to seal to a key that the supervisors did not certify. The threshold layer is ours,
//! small, after a published proof, and awaits an outside review.
//!
//! ```
//! use rand::SeedableRng as _;
//! use seal::{GrantHash, Header, Sealer, ceremony, combine, make_share, open};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(7);
//! let members = ["s.maria", "s.omar", "s.li"].map(|name| {
//!     (name.parse().unwrap(), ed25519_dalek::SigningKey::generate(&mut rng))
//! });
//! let founded = ceremony(model::Timestamp::from_secs(1_795_000_000), 2, &members, &mut rng)?;
//!
//! // A crawler seals, with public keys alone.
//! let sealer = Sealer::new(&founded.epoch);
//! let (authorisation, capture) = ([1; 16], [2; 16]);
//! let label = sealer.label("op-harbour-2026".parse()?, model::AuthorisationId::from_bytes(authorisation),
//!     model::CaptureId::from_bytes(capture));
//! let sealed = sealer.seal(&label, b"an original", &mut rng)?;
//!
//! // Two supervisors make shares under a grant; the requester combines them.
//! let header = Header::parse(&sealed.header)?;
//! let (proven, grant) = (header.verify()?, GrantHash([3; 32]));
//! let contributions = [
//!     make_share(&proven, &founded.shares[0], &grant, &mut rng)?,
//!     make_share(&proven, &founded.shares[2], &grant, &mut rng)?,
//! ];
//! let combined = combine(&founded.epoch, &proven, &grant, &contributions)?;
//! let original = open(&header, &sealed.payload, &combined.key, &sealed.commitments)?;
//! assert_eq!(original.expose(), b"an original");
//! # Ok(())
//! # }
//! ```

mod cbor;
mod commitment;
mod epoch;
mod error;
mod file_key;
mod group;
mod header;
mod kem;
mod label;
mod opening;
mod padding;
mod payload;
mod sealer;
mod share;
pub mod sshsig;
mod tdh2;

pub use commitment::Commitments;
pub use epoch::{
    AwaitingBroadcasts, AwaitingMessages, Ceremony, EpochBody, EpochCertificate, EpochPublic, Generated, Helping,
    KeyShare, MAX_CERTIFICATE_BYTES, MAX_MEMBERS, MIN_THRESHOLD, Member, Plan, PrivateMessages, Renewal, RepairPlan,
    begin, ceremony, refresh,
};
pub use error::{Blame, Error, Fault};
pub use file_key::FileKey;
pub use header::{Header, MAX_HEADER_BYTES, ProvenHeader, STANZA_TAG};
pub use kem::{MLKEM_CIPHERTEXT_BYTES, MLKEM_KEY_BYTES, MLKEM_SEED_BYTES, MlKemSecret};
pub use label::Label;
pub use opening::{disclose, open};
pub use payload::{MAX_ORIGINAL_BYTES, MAX_PAYLOAD_BYTES};
pub use sealer::{Sealed, Sealer};
pub use share::{Combined, Contribution, DecryptionShare, GrantHash, SHARE_BYTES, combine, make_share, verify_share};
