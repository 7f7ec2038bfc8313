//! What would become of a URL, for the person who is about to sign.

use std::fmt;

use super::read::Reading;
use super::within;
use crate::Refusal;
use crate::document::Document;

/// The answer for one URL. It makes no target, and needs no signature. `Display` shows the URL: it is for the terminal
/// of the person who typed it, never for a log.
pub struct Explanation {
    answer: Result<Admitted, Refusal>,
}

struct Admitted {
    url: String,
    site: String,
}

/// What [`admit`](super::admit) would say to a URL if the document were signed and in force.
#[must_use]
pub fn explain(document: &Document, url: &str) -> Explanation {
    let answer = within(document, url)
        .map(|(reading, index)| Admitted { url: written(&reading), site: document.sites()[index].label().to_owned() });
    Explanation { answer }
}

fn written(reading: &Reading) -> String {
    let port = if reading.port == reading.scheme.default_port() { String::new() } else { format!(":{}", reading.port) };
    let query = reading.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}://{}{port}{}{query}", reading.scheme, reading.host, reading.path)
}

impl Explanation {
    /// The form in which the URL would be sent, if it would be.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.answer.as_ref().ok().map(|admitted| admitted.url.as_str())
    }

    /// The label of the target that covers it.
    #[must_use]
    pub fn site(&self) -> Option<&str> {
        self.answer.as_ref().ok().map(|admitted| admitted.site.as_str())
    }

    /// Why not.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.answer.as_ref().err()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Ok(admitted) => write!(out, "admitted as {} (target {})", admitted.url, admitted.site),
            Err(refusal) => write!(out, "{refusal}"),
        }
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.answer.is_ok() { "admitted" } else { "refused" };
        write!(out, "Explanation({word})")
    }
}
