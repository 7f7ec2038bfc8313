//! One redacted page as it is shown. Whoever asks for it says why, and the log keeps that: this crate only hands it out.

use model::CaptureId;
use serde::Serialize;

use crate::answer::hit;
use crate::limits::MAX_PAGE_CHARS;
use crate::snippet::one_line;
use crate::{Document, Error, Hit, Licence, Searcher};

/// A redacted page.
#[derive(Clone, Serialize)]
pub struct FullPage {
    /// What a list of hits shows of it.
    pub hit: Hit,
    /// The redacted text, line by line; no control characters, no marks that turn the reading direction.
    pub lines: Vec<String>,
    /// Whether text was left out after [`MAX_PAGE_CHARS`].
    pub cut: bool,
}

/// Prints which capture, nothing of its content.
impl std::fmt::Debug for FullPage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "FullPage({:?}, {} lines)", self.hit, self.lines.len())
    }
}

impl From<Document> for FullPage {
    fn from(document: Document) -> Self {
        let body = &document.body;
        let end = body.char_indices().nth(MAX_PAGE_CHARS).map_or(body.len(), |(end, _)| end);
        let lines = body[..end].lines().map(one_line).filter(|line| !line.is_empty()).collect();
        Self { lines, cut: end < body.len(), hit: hit(document, 0.0, &[]) }
    }
}

impl Searcher {
    /// The page of one capture; `None` where the index has none, or no longer.
    ///
    /// # Errors
    /// [`Error::OtherCase`] for a licence of another case; when the index cannot be read.
    pub fn page(&self, licence: &Licence, capture: CaptureId) -> Result<Option<FullPage>, Error> {
        match self.document(licence, capture) {
            Ok(document) => Ok(Some(document.into())),
            Err(Error::NoCapture) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
