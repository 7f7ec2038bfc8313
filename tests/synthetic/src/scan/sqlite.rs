//! Values that lie across two pages of an SQLite file: long rows go on on overflow pages, which may be anywhere.
//!
//! The formats of both files are those of sqlite.org's "Database File Format", sections 1.3, 1.6 and 4.1.

use std::collections::BTreeMap;

/// Bytes on either side of a joint: more than any needle in any encoding.
const REACH: usize = 2048;

const MAGIC: &[u8] = b"SQLite format 3\0";

/// Bytes of the journal's own header, and of each frame's.
const JOURNAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Whether a file is a database.
pub(super) fn is_database(content: &[u8]) -> bool {
    content.starts_with(MAGIC) && content.len() >= 100
}

/// Shows what stands before and after each link from a page to an overflow page. Whatever looks like a link is taken for
/// one, in every version of a page that the file or its write-ahead log still holds.
pub(super) fn joints(content: &[u8], journal: &[u8], show: &mut dyn FnMut(&[u8])) {
    let page_size = match u16::from_be_bytes([content[16], content[17]]) {
        1 => 65_536,
        size => usize::from(size),
    };
    if page_size < 512 {
        return;
    }
    let usable = page_size - usize::from(content[20]);
    let mut pages: BTreeMap<u32, Vec<&[u8]>> = BTreeMap::new();
    for (number, page) in (1..).zip(content.chunks_exact(page_size)) {
        pages.entry(number).or_default().push(&page[..usable]);
    }
    for frame in journal.get(JOURNAL_HEADER..).unwrap_or_default().chunks_exact(FRAME_HEADER + page_size) {
        let (header, page) = frame.split_at(FRAME_HEADER);
        pages.entry(number_at(header, 0)).or_default().push(&page[..usable]);
    }
    for page in pages.values().flatten() {
        // An overflow page has the link in front and its content up to its end.
        for next in pages.get(&number_at(page, 0)).into_iter().flatten() {
            joint(page, next, show);
        }
        // A row has it behind the part that stands here.
        for at in 4..usable - 3 {
            for next in pages.get(&number_at(page, at)).into_iter().flatten() {
                joint(&page[..at], next, show);
            }
        }
    }
}

fn joint(before: &[u8], next: &[u8], show: &mut dyn FnMut(&[u8])) {
    let tail = &before[before.len().saturating_sub(REACH)..];
    show(&[tail, &next[4..next.len().min(4 + REACH)]].concat());
}

fn number_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
}
