//! Reading the lists of a segment.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::str;

use model::{CaptureId, Token};
use tantivy::directory::OwnedBytes;
use tantivy::directory::error::OpenReadError;
use tantivy::index::SegmentComponent;
use tantivy::{DocId, SegmentReader, TantivyError};

use super::{BESIDE, CAPTURE, ENTRY, FREQUENT, NO_DAY, NO_SITE, PLACE, ROW, TAIL};
use crate::DAY_SECS;
use crate::fields::NANOS;

/// Bytes of a page of memory; where pages are larger, each is read more than once.
const PAGE_BYTES: usize = 4096;

/// Bytes that [`Frequent::touch`] reads between two questions whether to go on.
pub const TOUCHED_BYTES: usize = 1 << 16;

/// The lists and lines of one segment. A file that is not what was written has none: whoever checks an index says so.
pub struct Frequent {
    bytes: OwnedBytes,
    /// Documents of the segment, the deleted ones among them.
    documents: DocId,
}

/// What is known of the documents that carry a frequent token, by document, the deleted ones among them.
#[derive(Clone, Copy)]
pub struct Documents<'f> {
    rows: &'f [[u8; ROW]],
    places: &'f [[u8; PLACE]],
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
    places: &'f [[u8; PLACE]],
    beside: &'f [[u8; BESIDE]],
}

impl Frequent {
    /// The lists of a segment.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let bytes = segment.open_read(SegmentComponent::Custom(FREQUENT.to_owned()))?.read_bytes()?;
        Ok(Self { bytes, documents: segment.max_doc() })
    }

    /// The same, `None` where the file is gone: a merge takes away the files of the segments that it has merged, while whoever
    /// has opened a state of the index before it goes on reading the others of its files, which are open.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn if_there(segment: &SegmentReader) -> tantivy::Result<Option<Self>> {
        match Self::open(segment) {
            Ok(lists) => Ok(Some(lists)),
            Err(TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Whether it is as it is written: a line for each document, one behind the other, and lists of documents that are there.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let entries = self.entries();
        self.has_sound_lines() && entries.is_some_and(|all| all.iter().all(|entry| self.documents(entry).is_some()))
    }

    pub(super) fn has_sound_lines(&self) -> bool {
        let end = |end: &[u8; 4]| u32::from_le_bytes(*end);
        let last = |ends: &[[u8; 4]]| ends.last().map_or(0, end);
        let fits =
            |at: u64| self.ends(at).is_some_and(|ends| ends.is_sorted_by_key(end) && u64::from(last(ends)) == at);
        self.tail().is_some_and(|tail| fits(word(tail, 0)))
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
        let ends = self.ends(word(self.tail()?, 0))?;
        let end = |place: usize| ends.get(place).map(|end| u32::from_le_bytes(*end) as usize);
        let place = doc as usize;
        self.bytes.get(if place == 0 { 0 } else { end(place - 1)? }..end(place)?)
    }

    /// Where the lines end, of which the first begins the file.
    fn ends(&self, at: u64) -> Option<&[[u8; 4]]> {
        take(&mut self.bytes.get(usize::try_from(at).ok()?..)?, self.documents as usize)
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

    /// Reads a byte of each page of memory that the file lies on, from its end: lists first, lines behind them. The first
    /// question that needs a page would otherwise wait for it to be mapped, one after the other. `go_on` is asked before each
    /// [`TOUCHED_BYTES`]; how many bytes were read comes back.
    pub fn touch(&self, mut go_on: impl FnMut() -> bool) -> usize {
        let pieces = self.bytes.rchunks(TOUCHED_BYTES).take_while(|_| go_on());
        pieces.flat_map(|piece| piece.iter().step_by(PAGE_BYTES).chain(piece.last())).copied().map(black_box).count()
    }

    fn entries(&self) -> Option<&[[u8; ENTRY]]> {
        let before = self.bytes.get(..self.bytes.len().checked_sub(TAIL)?)?;
        let bytes = (half(self.tail()?, 12) as usize).checked_mul(ENTRY)?;
        Some(before.get(before.len().checked_sub(bytes)?..)?.as_chunks().0)
    }

    fn tail(&self) -> Option<&[u8; TAIL]> {
        self.bytes.last_chunk().filter(|tail| half(tail, 8) == self.documents)
    }

    fn documents(&self, entry: &[u8; ENTRY]) -> Option<Documents<'_>> {
        let rest = &mut self.bytes.as_slice().get(usize::try_from(word(entry, 16)).ok()?..)?;
        let part = |at| half(entry, at) as usize;
        let (rows, places, beside) = (take(rest, part(24))?, take(rest, part(28))?, take(rest, part(32))?);
        let documents = Documents { rows, places, beside };
        documents.are_sound(self.documents).then_some(documents)
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

    /// Whether each is one of so many, behind the one before, and its moments are some that can be told.
    fn are_sound(&self, documents: DocId) -> bool {
        let secs = |secs: i64| secs.checked_mul(NANOS).is_some();
        let days = |day: i32| secs(i64::from(day) * DAY_SECS);
        self.rows.is_sorted_by(|one, next| half(one, 0) < half(next, 0))
            && self.rows.last().is_none_or(|row| half(row, 0) < documents)
            && self.rows().all(|row| secs(row.captured) && row.posted.is_none_or(days))
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
