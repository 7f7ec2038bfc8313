//! What may be fetched, and under whose signatures: the only maker of [`Authorised`] and of [`Target`].
//!
//! An authorisation is a TOML document that says by which law, for which question, against which hosts and within which
//! ceilings pages may be collected. It counts for nothing until different supervisors have signed its canonical form and
//! [`SignedDocument::verify`] has turned it into an [`Authorised`]. From that alone [`scope::admit`] makes a [`Target`],
//! and a transport takes nothing else: no authorisation, no socket. Every refusal names its [`Rule`] and says what would
//! make the act lawful. `docs/formats/authorisation.md` describes the file, the canonical form and the rules.
//!
//! Deliberately absent: a clock, a network, a disk; budgets and politeness (`crawler`); any switch that widens a scope.
//!
//! ```
//! use authorisation::{Document, scope};
//! use model::Timestamp;
//!
//! # let text = authorisation::example();
//! let document = Document::parse(&text)?;
//! let inside = scope::explain(&document, "HTTP://ads.example:80/board/../board/7#top");
//! assert_eq!(inside.url(), Some("http://ads.example/board/7"));
//! let outside = scope::explain(&document, "http://ads.example.mirror.example/board/7");
//! assert_eq!(outside.refusal().unwrap().rule().as_str(), "host");
//! # Ok::<(), authorisation::Error>(())
//! ```

pub mod limits;
pub mod scope;

mod canonical;
mod document;
mod draft;
mod error;
mod host;
mod profile;
mod protected;
mod refusal;
mod rules;
mod signed;
mod template;

pub use document::{Account, Ceilings, Document, LegalBasis, LoginPage, RobotsPolicy, Site};
pub use draft::{Draft, DraftAccount, DraftCeilings, DraftLegalBasis, DraftRobots, DraftTarget};
pub use error::Error;
pub use host::{is_onion_v3, onion_v3};
pub use profile::SignedProfile;
pub use protected::{Protected, ProtectedHost};
pub use refusal::{Refusal, Rule};
pub use scope::{Explanation, LoginTarget, Scheme, Target};
pub use signed::{Authorised, Signature, SignedDocument, Trust, sign};
pub use template::{Template, example};
