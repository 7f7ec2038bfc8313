//! Compressed frames at any offset of a file.

use std::io::{self, Read};

use super::Container;

/// Bytes that all frames of one file may hold together.
pub(super) const MAX_INFLATED_BYTES: u64 = 4 << 30;

/// Where a frame may begin: two bytes of zlib's header, three of gzip's, four of zstd's.
pub(super) fn starts(bytes: &[u8]) -> impl Iterator<Item = (Container, usize)> + use<'_> {
    bytes.windows(2).enumerate().filter_map(|(at, pair)| {
        let rest = &bytes[at..];
        match pair {
            // Deflate with a window of 32 kB at one of the four levels; the pair is a multiple of 31 (RFC 1950).
            [0x78, 0x01 | 0x5e | 0x9c | 0xda] => Some((Container::Zlib, at)),
            [0x1f, 0x8b] if rest.get(2) == Some(&8) => Some((Container::Gzip, at)),
            [0x28, 0xb5] if rest.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => Some((Container::Zstd, at)),
            _ => None,
        }
    })
}

/// What comes out of a frame before its end or its first fault: a cut frame gives away what it still holds. `None` when
/// the budget is used up.
pub(super) fn inflate(container: Container, bytes: &[u8], budget: &mut u64) -> Option<Vec<u8>> {
    match container {
        Container::Zlib => read(flate2::bufread::ZlibDecoder::new(bytes), budget),
        Container::Gzip => read(flate2::bufread::GzDecoder::new(bytes), budget),
        Container::Zstd => match zstd::stream::read::Decoder::with_buffer(bytes) {
            Ok(decoder) => read(decoder.single_frame(), budget),
            Err(_) => Some(Vec::new()),
        },
        _ => Some(Vec::new()),
    }
}

fn read(mut decoder: impl Read, budget: &mut u64) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut piece = [0; 16 << 10];
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => return Some(out),
            Ok(count) => {
                out.extend_from_slice(&piece[..count]);
                *budget = budget.checked_sub(count as u64)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Some(out),
        }
    }
}
