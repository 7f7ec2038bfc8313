//! A page as it was fetched: raw, whole, and on its way to be sealed and then parsed.

use std::fmt;

use model::{CaptureId, Sensitive};

use crate::{CaptureRecord, Error};

/// One capture record in memory. It is sealed from [`encode`](Self::encode) and then given up to
/// [`parse`](crate::parse); it cannot be copied.
pub struct FetchedPage {
    record: CaptureRecord,
}

impl FetchedPage {
    /// The page of a record.
    #[must_use]
    pub const fn new(record: CaptureRecord) -> Self {
        Self { record }
    }

    /// The fetch attempt.
    #[must_use]
    pub const fn capture(&self) -> CaptureId {
        self.record.capture
    }

    /// What was fetched.
    #[must_use]
    pub const fn record(&self) -> &CaptureRecord {
        &self.record
    }

    /// The bytes that are sealed.
    #[must_use]
    pub fn encode(&self) -> Sensitive<Vec<u8>> {
        self.record.encode()
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    /// If the bytes are no capture record of a known version in its one form.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        CaptureRecord::decode(bytes).map(Self::new)
    }

    pub(crate) fn into_record(self) -> CaptureRecord {
        self.record
    }
}

impl fmt::Debug for FetchedPage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FetchedPage({:?})", self.record)
    }
}
