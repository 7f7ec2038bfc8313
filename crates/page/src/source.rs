//! What a page was read from, kept until the redactor has said where each piece of its view stood.

use std::collections::BTreeMap;
use std::fmt;

use model::{Sensitive, Timestamp};

use crate::{CaptureRecord, Truncation};

/// The characters that a page was read from: its body without content coding, decoded. Raw; `Debug` prints a length.
#[derive(Default)]
pub struct SourceText {
    pub(crate) text: Sensitive<String>,
    pub(crate) charset: &'static str,
    pub(crate) markup: bool,
}

impl SourceText {
    /// The characters, a byte order mark taken off.
    #[must_use]
    pub const fn text(&self) -> &Sensitive<String> {
        &self.text
    }

    /// The name of the charset that they were decoded from, as the WHATWG's Encoding Standard has it; empty if there is no text.
    #[must_use]
    pub const fn charset(&self) -> &'static str {
        self.charset
    }

    /// Whether they are markup; otherwise they are plain text.
    #[must_use]
    pub const fn is_markup(&self) -> bool {
        self.markup
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SourceText({} bytes of {})", self.text.expose().len(), self.charset)
    }
}

/// How a fetch went, in words and numbers that say nothing about the page: what a custody report may print while the original
/// stays sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// When the request was sent.
    pub started: Timestamp,
    /// When the last byte had come.
    pub ended: Timestamp,
    /// How far our clock was ahead of a trusted one, if that was measured.
    pub clock_offset_millis: Option<i64>,
    /// The HTTP status.
    pub status: u16,
    /// Bytes of the body on the wire.
    pub body_bytes: u64,
    /// Why the body is not whole, if it is not.
    pub truncated: Option<Truncation>,
    /// What the transport stated.
    pub facts: BTreeMap<String, String>,
}

impl Circumstances {
    pub(crate) fn of(record: &CaptureRecord) -> Self {
        Self {
            started: record.started,
            ended: record.ended,
            clock_offset_millis: record.clock_offset_millis,
            status: record.status,
            body_bytes: record.body.expose().len() as u64,
            truncated: record.truncated,
            facts: record.facts.clone(),
        }
    }
}
