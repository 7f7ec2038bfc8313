//! From the body on the wire to text: content coding, media type, charset.
//!
//! Of the content codings only gzip and deflate are undone. They are what servers of onion sites offer, the fetcher asks
//! for nothing else, and every further decoder is a further thing that hostile bytes are fed to. A body in another coding
//! is sealed like any other and reported; it is not read.

use std::io::Read;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use model::Sensitive;

use crate::limits::{MAX_CODINGS, MAX_DECODED_BYTES};
use crate::{CaptureRecord, Problem, Problems, charset};

/// Characters of a body, and how to read them.
pub(crate) enum Body {
    /// Markup.
    Markup(Sensitive<String>, &'static str),
    /// JSON.
    Json(Sensitive<String>),
    /// Text without markup.
    Plain(Sensitive<String>, &'static str),
    /// Nothing to read.
    Nothing,
}

/// How the bytes of a body that is none of ours begin: images, archives, documents, video, fonts, programs.
const FOREIGN_BEGINNINGS: [&[u8]; 20] = [
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ",
    b"(\xb5/\xfd",
    b"OggS",
    b"ID3",
    b"\x1aE\xdf\xa3",
    b"wOF",
    b"\x7fELF",
];

/// Reads the body of a record.
pub(crate) fn read(record: &CaptureRecord, problems: &mut Problems) -> Body {
    let bytes = record.body.expose();
    if record.truncated.is_some() {
        problems.add(Problem::Truncated);
    }
    let Some(bytes) = undo_codings(bytes, record.response_headers.first("content-encoding"), problems) else {
        return Body::Nothing;
    };
    let bytes = bytes.expose();
    if bytes.is_empty() {
        return Body::Nothing;
    }
    let content_type = record.response_headers.first("content-type").map(String::from_utf8_lossy).unwrap_or_default();
    let (media, parameters) = content_type.split_once(';').unwrap_or((&content_type, ""));
    let media = media.trim().to_ascii_lowercase();
    if !is_text(&media) || is_foreign(bytes) {
        problems.add(Problem::NotText);
        return Body::Nothing;
    }
    let (text, charset) = charset::decode(bytes, charset_parameter(parameters), problems);
    let text = Sensitive::new(text);
    match media.as_str() {
        "text/plain" | "text/csv" | "text/markdown" => Body::Plain(text, charset),
        media if media.ends_with("json") => Body::Json(text),
        media if !media.is_empty() || looks_like_markup(text.expose()) => Body::Markup(text, charset),
        _ => Body::Plain(text, charset),
    }
}

fn is_text(media: &str) -> bool {
    let application = ["xhtml+xml", "xml", "json", "ld+json", "rss+xml", "atom+xml"];
    media.is_empty()
        || media.starts_with("text/")
        || media.strip_prefix("application/").is_some_and(|kind| application.contains(&kind))
}

fn is_foreign(bytes: &[u8]) -> bool {
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    FOREIGN_BEGINNINGS
        .iter()
        .any(|beginning| bytes.starts_with(beginning) && (beginning.len() > 2 || bytes.contains(&0)))
        || bytes.get(4..8) == Some(b"ftyp")
        || (!utf16 && bytes.iter().take(1024).filter(|byte| **byte == 0).count() > 8)
}

fn looks_like_markup(text: &str) -> bool {
    let head = text.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') || text.contains("</") || text.contains("<br")
}

fn charset_parameter(parameters: &str) -> Option<&str> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// Undoes the content codings, last applied first. `None` if one of them is not ours.
fn undo_codings(bytes: &[u8], codings: Option<&[u8]>, problems: &mut Problems) -> Option<Sensitive<Vec<u8>>> {
    if bytes.len() > MAX_DECODED_BYTES {
        problems.add(Problem::DecodedTooLarge);
    }
    let mut bytes = Sensitive::new(bytes[..bytes.len().min(MAX_DECODED_BYTES)].to_vec());
    let Some(codings) = codings else { return Some(bytes) };
    let names = String::from_utf8_lossy(codings).to_ascii_lowercase();
    let names: Vec<_> = names.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity")).collect();
    if names.len() > MAX_CODINGS {
        problems.add(Problem::UnknownCoding);
        return None;
    }
    for name in names.iter().rev() {
        let raw = bytes.expose().as_slice();
        bytes = match *name {
            "gzip" | "x-gzip" => inflate(MultiGzDecoder::new(raw), problems),
            // Half of all servers send the bare stream where the standard wants it wrapped; the first byte tells.
            "deflate" if raw.first().is_some_and(|first| first & 0x0f == 8) => inflate(ZlibDecoder::new(raw), problems),
            "deflate" => inflate(DeflateDecoder::new(raw), problems),
            _ => {
                problems.add(Problem::UnknownCoding);
                return None;
            }
        };
    }
    Some(bytes)
}

/// Everything that could be read, up to the limit.
fn inflate(reader: impl Read, problems: &mut Problems) -> Sensitive<Vec<u8>> {
    let mut out = Sensitive::new(Vec::new());
    let limit = u64::try_from(MAX_DECODED_BYTES).unwrap_or(u64::MAX);
    if reader.take(limit + 1).read_to_end(out.expose_mut()).is_err() {
        problems.add(Problem::BrokenCoding);
    }
    if out.expose().len() > MAX_DECODED_BYTES {
        out.expose_mut().truncate(MAX_DECODED_BYTES);
        problems.add(Problem::DecodedTooLarge);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn undone(bytes: &[u8], coding: &str) -> (Option<Vec<u8>>, Problems) {
        let mut problems = Problems::default();
        let out = undo_codings(bytes, Some(coding.as_bytes()), &mut problems);
        (out.map(Sensitive::into_inner), problems)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn gzip_and_both_kinds_of_deflate_are_undone() {
        let text = b"<p>hello hello hello";
        assert_eq!(undone(&gzip(text), "gzip").0.unwrap(), text);
        assert_eq!(undone(&gzip(&gzip(text)), "gzip, X-GZIP").0.unwrap(), text);
        let mut wrapped = ZlibEncoder::new(Vec::new(), Compression::default());
        wrapped.write_all(text).unwrap();
        assert_eq!(undone(&wrapped.finish().unwrap(), "deflate").0.unwrap(), text);
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(text).unwrap();
        assert_eq!(undone(&bare.finish().unwrap(), "deflate").0.unwrap(), text);
        assert_eq!(undone(text, "identity").0.unwrap(), text);
    }

    #[test]
    fn other_codings_are_reported_and_not_read() {
        for coding in ["br", "zstd", "gzip, gzip, gzip", "made-up"] {
            let (out, problems) = undone(b"x", coding);
            assert!(out.is_none() && problems.count(Problem::UnknownCoding) == 1, "{coding}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit_and_a_broken_stream_keeps_its_beginning() {
        let (out, problems) = undone(&gzip(&vec![b'a'; MAX_DECODED_BYTES + 1_000_000]), "gzip");
        assert_eq!((out.unwrap().len(), problems.count(Problem::DecodedTooLarge)), (MAX_DECODED_BYTES, 1));
        let mut cut = gzip(&b"0123456789 abcdefghij".repeat(5_000));
        cut.truncate(cut.len() / 2);
        let (out, problems) = undone(&cut, "gzip");
        assert!(out.unwrap().starts_with(b"0123456789 abcdefghij") && problems.count(Problem::BrokenCoding) == 1);
    }

    #[test]
    fn images_are_no_text_whatever_they_are_called() {
        assert!(is_foreign(b"\x89PNG\r\n\x1a\n"));
        assert!(is_foreign(b"\0\0\0\x20ftypisom"));
        assert!(!is_foreign(b"BMW for sale"));
        assert!(!is_foreign("<p>жжж".as_bytes()));
        assert!(is_text("text/html") && is_text("") && !is_text("image/png") && !is_text("application/zip"));
    }
}
