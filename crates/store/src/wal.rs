//! Looks at the write-ahead log before SQLite does, because SQLite takes damage there for the end of the log.
//!
//! On recovery SQLite replays frames up to the first whose chained checksum fails and forgets the rest, silently: one
//! flipped byte can undo committed transactions. After a loss of power that is right for the last transaction, whose
//! frames may have reached the disk in any order. It is never right for an earlier one, since each commit is synced
//! before the next begins. So: a broken chain followed by commits beyond the broken transaction is damage.
//! (Format: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.)
//!
//! What this cannot tell apart is a flipped byte in the very last transaction; the transparency log can, since its
//! checkpoint then knows of more entries than the journal (`audit::verify_with_store`).

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use crate::Error;
use crate::error::file_error;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
const MAGIC: u32 = 0x377f_0682; // the lowest bit says whether checksums read big-endian words
const MAX_PAGE_BYTES: u32 = 65_536;

/// Passes a log that is absent, whole, or torn in its last transaction only.
pub(crate) fn inspect(path: &Path) -> Result<(), Error> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(absent) if absent.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(other) => return Err(file_error("open the write-ahead log of")(other)),
    };
    let verdict = read(&mut BufReader::new(file)).map_err(file_error("read the write-ahead log of"))?;
    match verdict {
        Verdict::Whole | Verdict::TornTail => Ok(()),
        Verdict::Header => Err(Error::Damaged {
            fault: "the header of the write-ahead log was altered, so that SQLite would drop the log".into(),
        }),
        Verdict::Frame { number, commits_lost } => Err(Error::Damaged {
            fault: format!(
                "frame {number} of the write-ahead log was altered, so that SQLite would drop {commits_lost} transactions"
            ),
        }),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Whole,
    /// The last transaction did not reach the disk whole, or was altered there.
    TornTail,
    Header,
    Frame {
        number: u64,
        commits_lost: u64,
    },
}

fn read(log: &mut impl io::Read) -> io::Result<Verdict> {
    let mut header = [0; HEADER_BYTES];
    if !fill(log, &mut header)? {
        return Ok(Verdict::Whole); // too short to hold a frame
    }
    let mut frame_header = [0; FRAME_HEADER_BYTES];
    let any_frame = fill(log, &mut frame_header)?;
    let big_endian = word(&header, 0) & 1 == 1;
    let page_bytes = word(&header, 8);
    let sum = checksum(big_endian, (0, 0), &header[..24]);
    let sound = word(&header, 0) & !1 == MAGIC
        && page_bytes.is_power_of_two()
        && (512..=MAX_PAGE_BYTES).contains(&page_bytes)
        && sum == (word(&header, 24), word(&header, 28));
    if !sound {
        return Ok(if any_frame { Verdict::Header } else { Verdict::Whole });
    }

    let mut page = vec![0; page_bytes as usize];
    let (mut sum, mut number, mut more) = (sum, 0, any_frame);
    let mut broken: Option<(u64, u64)> = None; // the first bad frame, and commits from there on
    while more && fill(log, &mut page)? {
        number += 1;
        // Frames with another salt are leftovers from before the log was last restarted: by then they were in the file.
        let same_salt = frame_header[8..16] == header[16..24];
        let commit = word(&frame_header, 4) != 0;
        match &mut broken {
            None => {
                let next = checksum(big_endian, checksum(big_endian, sum, &frame_header[..8]), &page);
                if same_salt && next == (word(&frame_header, 16), word(&frame_header, 20)) {
                    sum = next;
                } else {
                    broken = Some((number, u64::from(same_salt && commit)));
                }
            }
            Some((_, commits)) => *commits += u64::from(same_salt && commit),
        }
        more = fill(log, &mut frame_header)?;
    }
    Ok(match broken {
        Some((number, commits_lost)) if commits_lost > 1 => Verdict::Frame { number, commits_lost },
        Some((_, 1)) => Verdict::TornTail,
        _ => Verdict::Whole,
    })
}

/// Whether the buffer could be filled; a shorter rest counts as none.
fn fill(log: &mut impl io::Read, buffer: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(short) if short.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(other) => Err(other),
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

/// SQLite's chained checksum over pairs of 32-bit words.
fn checksum(big_endian: bool, (mut one, mut two): (u32, u32), bytes: &[u8]) -> (u32, u32) {
    let (pairs, _) = bytes.as_chunks::<8>();
    for [a, b, c, d, e, f, g, h] in pairs.iter().copied() {
        let (first, second) = ([a, b, c, d], [e, f, g, h]);
        let read = if big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        one = one.wrapping_add(read(first)).wrapping_add(two);
        two = two.wrapping_add(read(second)).wrapping_add(one);
    }
    (one, two)
}
