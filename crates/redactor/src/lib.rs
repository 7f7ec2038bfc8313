//! The only door from raw to redacted: normalise, detect, resolve, tokenise, screen.
//!
//! Every segment of a page is searched, whatever it is and wherever it stood. What is found becomes a keyed token: the
//! same value, however it is written, the same token within a case, and nothing outside it. Only visible text goes on.
//!
//! Deliberately absent: a setting that turns any of this off, names in queries (a word by itself has no context), a way
//! back from a token.
//!
//! ```
//! use redactor::{Options, Redactor, TokenKey, redact_text};
//!
//! let redactor = Redactor::new(TokenKey::from_bytes([7; 32]));
//! let redacted = |text| redact_text(&redactor, text, &Options::default()).redacted;
//! assert!(redacted("call +44 7700 900123").starts_with("call [PHONE:"));
//! assert_eq!(redacted("+44 7700 900123"), redacted("+44-7700-900123"));
//! ```

mod agreement;
mod derivation;
mod detect;
mod door;
mod error;
mod html;
pub mod jsonl;
mod key;
mod letter;
pub mod limits;
pub mod names;
mod normalise;
mod passes;
mod place;
mod redacted;
mod redactor;
mod resolve;
mod rule;
mod screen;
mod text;

pub use derivation::{Derivation, Step};
pub use error::Error;
pub use key::{KEY_BYTES, OutboxKey, TokenKey};
pub use page::{Circumstances, PageKind, Price, Truncation};
pub use redacted::RedactedPage;
pub use redactor::Redactor;
pub use rule::RULES;
pub use screen::{Finding, Found, Screened};
pub use text::{Options, RedactedText, Span};

/// Hides every identifier in a text.
#[must_use]
pub fn redact_text(redactor: &Redactor, text: &str, options: &Options) -> RedactedText {
    text::redact(text, &options.hints(), &redactor.tokeniser)
}

/// Looks for identifiers without any key: `Ok` if there is none. What has the form of a token may stay.
///
/// # Errors
/// The labels and places of what was found.
pub fn screen(text: &str) -> Result<Screened, Found> {
    text::look(text)
}
