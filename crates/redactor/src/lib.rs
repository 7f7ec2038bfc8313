//! The only door from raw to redacted: normalise, detect, resolve, tokenise, screen.

mod agreement;
mod detect;
mod door;
mod error;
pub mod jsonl;
mod key;
pub mod limits;
mod normalise;
mod passes;
mod place;
mod redacted;
mod redactor;
mod resolve;
mod rule;
mod screen;
mod text;

pub use error::Error;
pub use key::{KEY_BYTES, OutboxKey, TokenKey};
pub use page::{PageKind, Price};
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
