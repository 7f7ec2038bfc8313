//! Reading the lists of a segment.

use std::collections::BTreeSet;
use std::str;

use model::{CaptureId, Token};
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentComponent;
use tantivy::{DocId, SegmentReader};

use super::{BESIDE, CAPTURE, ENTRY, FREQUENT, NO_DAY, NO_SITE, ROW, TAIL};

/// The lists and lines of one segment. A file that is not what was written has none: whoever checks an index says so.
pub struct Frequent(OwnedBytes);

/// What is known of the documents that carry a frequent token, by document, the deleted ones among them.
#[derive(Clone, Copy)]
pub struct Documents<'f> {
    rows: &'f [[u8; ROW]],
    places: &'f [[u8; 2]],
    beside: &'f [[u8; BESIDE]],
}

/// One document.
#[derive(Clone, Copy)]
pub struct Row<'f> {
    /// Which.
    pub doc: DocId,
    /// When it was captured, in seconds since 1970.
    pub captured: i64,
    /// The day it says it was posted, in days since 1970.
    pub posted: Option<i32>,
    /// The number of its site in the segment's column.
    pub site: Option<u16>,
    places: &'f [[u8; 2]],
    beside: &'f [[u8; BESIDE]],
}

impl Frequent {
    /// The lists of a segment.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self(segment.open_read(SegmentComponent::Custom(FREQUENT.to_owned()))?.read_bytes()?))
    }

    /// The list of a token; `None` where it is not frequent or did not fit.
    #[must_use]
    pub fn of(&self, token: Token) -> Option<Documents<'_>> {
        let numbers = crate::token_numbers(token);
        let entries = self.entries()?;
        let place = entries.binary_search_by_key(&numbers, |entry| (word(entry, 0), word(entry, 8))).ok()?;
        self.documents(&entries[place])
    }

    /// The line of a document: its capture and its redacted title.
    #[must_use]
    pub fn line(&self, doc: DocId) -> Option<(CaptureId, &str)> {
        let (capture, title) = self.bytes(doc)?.split_first_chunk::<CAPTURE>()?;
        Some((CaptureId::from_bytes(*capture), str::from_utf8(title).ok()?))
    }

    /// The line as it stands there; empty where a document has none.
    pub(super) fn bytes(&self, doc: DocId) -> Option<&[u8]> {
        let tail = self.tail()?;
        let ends: &[[u8; 4]] = take(&mut self.0.get(usize::try_from(word(tail, 0)).ok()?..)?, half(tail, 8) as usize)?;
        let end = |place: usize| ends.get(place).map(|end| u32::from_le_bytes(*end) as usize);
        let place = doc as usize;
        self.0.get(if place == 0 { 0 } else { end(place - 1)? }..end(place)?)
    }

    /// Whether a list is that of one of these tokens, by their numbers, or has one beside its own.
    #[must_use]
    pub fn holds_any(&self, tokens: &BTreeSet<(u64, u64)>) -> bool {
        let beside = |entry| self.documents(entry).into_iter().flat_map(|list| list.beside);
        self.entries().into_iter().flatten().any(|entry| {
            tokens.contains(&(word(entry, 0), word(entry, 8)))
                || beside(entry).any(|beside| tokens.contains(&token(beside)))
        })
    }

    fn entries(&self) -> Option<&[[u8; ENTRY]]> {
        let before = self.0.get(..self.0.len().checked_sub(TAIL)?)?;
        let bytes = (half(self.tail()?, 12) as usize).checked_mul(ENTRY)?;
        Some(before.get(before.len().checked_sub(bytes)?..)?.as_chunks().0)
    }

    fn tail(&self) -> Option<&[u8; TAIL]> {
        self.0.last_chunk()
    }

    fn documents(&self, entry: &[u8; ENTRY]) -> Option<Documents<'_>> {
        let rest = &mut self.0.as_slice().get(usize::try_from(word(entry, 16)).ok()?..)?;
        let part = |at| half(entry, at) as usize;
        let (rows, places, beside) = (take(rest, part(24))?, take(rest, part(28))?, take(rest, part(32))?);
        Some(Documents { rows, places, beside })
    }
}

impl<'f> Documents<'f> {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many tokens stand beside this one on all of them together.
    #[must_use]
    pub const fn beside(&self) -> usize {
        self.beside.len()
    }

    /// Each of them.
    pub fn rows(self) -> impl Iterator<Item = Row<'f>> {
        let (mut places, mut beside) = (self.places, self.beside);
        self.rows.iter().map(move |row| {
            let (day, site) = (half(row, 12).cast_signed(), quarter(row, 16));
            Row {
                doc: half(row, 0),
                captured: word(row, 4).cast_signed(),
                posted: (day != NO_DAY).then_some(day),
                site: (site != NO_SITE).then_some(site),
                places: first(&mut places, quarter(row, 18)),
                beside: first(&mut beside, quarter(row, 20)),
            }
        })
    }
}

impl Row<'_> {
    /// The numbers of its places in the segment's column.
    pub fn places(&self) -> impl Iterator<Item = u16> {
        self.places.iter().map(|place| u16::from_le_bytes(*place))
    }

    /// The numbers, digest and label, of the other tokens on it.
    pub fn beside(&self) -> impl Iterator<Item = (u64, u64)> {
        self.beside.iter().map(token)
    }
}

fn token(bytes: &[u8; BESIDE]) -> (u64, u64) {
    (word(bytes, 0), u64::from(bytes[8]))
}

/// Takes so many pieces off the beginning.
fn take<'f, const SIZE: usize>(rest: &mut &'f [u8], count: usize) -> Option<&'f [[u8; SIZE]]> {
    let (taken, after) = rest.split_at_checked(count.checked_mul(SIZE)?)?;
    *rest = after;
    Some(taken.as_chunks().0)
}

/// The same, as many as there are.
fn first<'f, T>(rest: &mut &'f [T], count: u16) -> &'f [T] {
    let (taken, after) = rest.split_at(rest.len().min(usize::from(count)));
    *rest = after;
    taken
}

fn word<const SIZE: usize>(bytes: &[u8; SIZE], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn half<const SIZE: usize>(bytes: &[u8; SIZE], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn quarter<const SIZE: usize>(bytes: &[u8; SIZE], at: usize) -> u16 {
    bytes[at..].first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes))
}
