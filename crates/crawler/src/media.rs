//! Text, or something that is not collected: by what the server declares and by what the first bytes are.

use std::io::Read as _;

use authorisation::{Refusal, Rule};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};

use crate::limits::SNIFF_BYTES;

/// Types that are text, besides `text/*` and everything that ends in `+xml` or `+json`.
const TEXT_TYPES: &[&str] = &[
    "application/json",
    "application/javascript",
    "application/x-javascript",
    "application/ld+json",
    "application/xml",
    "application/xhtml",
    "application/octet-stream",
    "application/x-unknown",
    "unknown/unknown",
];

/// First bytes that give away what is not text: kind, offset, bytes.
#[rustfmt::skip]
const MAGIC: &[(&str, usize, &[u8])] = &[
    ("image", 0, b"\x89PNG"), ("image", 0, b"\xff\xd8\xff"), ("image", 0, b"GIF8"), ("image", 8, b"WEBP"),
    ("image", 0, b"BM"), ("image", 0, b"II*\0"), ("image", 0, b"MM\0*"), ("image", 0, b"\0\0\x01\0"),
    ("image", 0, b"8BPS"), ("image", 0, b"\xff\x0a"), ("image", 0, b"\0\0\0\x0cJXL "), ("image", 0, b"\0\0\0\x0cjP  "),
    ("video or image", 4, b"ftyp"), ("video", 4, b"moov"), ("video", 4, b"mdat"), ("video", 0, b"\x1a\x45\xdf\xa3"),
    ("video", 8, b"AVI "), ("video", 0, b"FLV\x01"), ("video", 0, b"\0\0\x01\xba"), ("video", 0, b"\0\0\x01\xb3"),
    ("video", 0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"), ("audio or video", 0, b"OggS"),
    ("audio", 0, b"ID3"), ("audio", 0, b"fLaC"), ("audio", 8, b"WAVE"), ("audio", 0, b"MThd"), ("audio", 0, b"#!AMR"),
    ("audio", 0, b"\xff\xfb"), ("audio", 0, b"\xff\xf3"), ("audio", 0, b"\xff\xf2"), ("audio", 0, b"\xff\xf1"), ("audio", 0, b"\xff\xf9"),
    ("archive", 0, b"PK\x03\x04"), ("archive", 0, b"PK\x05\x06"), ("archive", 0, b"Rar!\x1a\x07"), ("archive", 0, b"7z\xbc\xaf\x27\x1c"),
    ("archive", 0, b"\x1f\x8b"), ("archive", 0, b"BZh"), ("archive", 0, b"\xfd7zXZ\0"), ("archive", 0, b"\x28\xb5\x2f\xfd"),
    ("archive", 0, b"\x04\x22\x4d\x18"), ("archive", 257, b"ustar"), ("archive", 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("archive", 0, b"MSCF"),
    ("document", 0, b"%PDF-"), ("document", 0, b"{\\rtf"), ("document", 0, b"%!PS"),
    ("program", 0, b"\x7fELF"), ("program", 0, b"MZ"), ("program", 0, b"\0asm"),
    ("font", 0, b"wOFF"), ("font", 0, b"wOF2"), ("font", 0, b"OTTO"), ("database", 0, b"SQLite format 3\0"),
];

/// How a body is laid over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// As it is.
    Plain,
    /// gzip.
    Gzip,
    /// zlib, or bare deflate from servers that misread the standard.
    Deflate,
}

/// Whether the declared headers are those of text. Read before the body is.
///
/// # Errors
/// [`Rule::Media`] if a declared type is not text, or the body comes in a coding that was not asked for.
pub(crate) fn declared(headers: &[(Vec<u8>, Vec<u8>)]) -> Result<Coding, Refusal> {
    for value in values(headers, "content-type") {
        for declared in value.split(|byte| *byte == b',') {
            let kind = declared.split(|byte| *byte == b';').next().unwrap_or_default();
            let kind = String::from_utf8_lossy(kind.trim_ascii()).to_ascii_lowercase();
            if !is_text(&kind) {
                return Err(Refusal::new(Rule::Media, format!("the server declares {}", family(&kind))));
            }
        }
    }
    let mut coding = Coding::Plain;
    for value in values(headers, "content-encoding") {
        for name in value.split(|byte| *byte == b',') {
            let next = match name.trim_ascii().to_ascii_lowercase().as_slice() {
                b"" | b"identity" => continue,
                b"gzip" | b"x-gzip" => Coding::Gzip,
                b"deflate" => Coding::Deflate,
                _ => return Err(Refusal::new(Rule::Media, "the body comes in a coding that was not asked for")),
            };
            if coding != Coding::Plain {
                return Err(Refusal::new(Rule::Media, "the body comes in several codings"));
            }
            coding = next;
        }
    }
    Ok(coding)
}

/// Whether the first bytes are those of text.
///
/// # Errors
/// [`Rule::Media`] if they are those of an image, video, audio, archive or another binary form.
pub(crate) fn sniffed(first: &[u8], coding: Coding) -> Result<(), Refusal> {
    let plain = match coding {
        Coding::Plain => first.to_vec(),
        Coding::Gzip => inflate(GzDecoder::new(first)),
        Coding::Deflate => {
            let zlib = inflate(ZlibDecoder::new(first));
            if zlib.is_empty() { inflate(DeflateDecoder::new(first)) } else { zlib }
        }
    };
    if plain.is_empty() && !first.is_empty() && coding != Coding::Plain {
        return Err(Refusal::new(Rule::Media, "the body is not in the coding that is declared"));
    }
    for (kind, at, magic) in MAGIC {
        if plain.get(*at..at + magic.len()) == Some(*magic) && !(magic.len() == 2 && is_printable(&plain)) {
            return Err(Refusal::new(Rule::Media, format!("its first bytes are those of {}", article(kind))));
        }
    }
    // UTF-16 text has zeros; it begins with a mark, or every other byte of it is one.
    let utf16 = plain.starts_with(b"\xff\xfe") || plain.starts_with(b"\xfe\xff");
    if !utf16 && plain.contains(&0) {
        return Err(Refusal::new(Rule::Media, "its first bytes are those of a binary form"));
    }
    Ok(())
}

/// Two bytes are little to go by: "BM" or "MZ" may begin a text.
fn is_printable(bytes: &[u8]) -> bool {
    bytes.iter().take(64).all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r'))
        && std::str::from_utf8(&bytes[..bytes.len().min(2)]).is_ok()
}

fn is_text(kind: &str) -> bool {
    kind.is_empty()
        || kind.starts_with("text/")
        || TEXT_TYPES.contains(&kind)
        || (!kind.starts_with("image/") && (kind.ends_with("+xml") || kind.ends_with("+json")))
}

/// Never the declared words themselves: a server could write anything there.
fn family(kind: &str) -> &'static str {
    match kind.split('/').next() {
        Some("image") => "an image",
        Some("video") => "a video",
        Some("audio") => "audio",
        Some("font") => "a font",
        _ => "something that is not text",
    }
}

fn article(kind: &str) -> String {
    if kind.starts_with(['a', 'i']) { format!("an {kind}") } else { format!("a {kind}") }
}

fn values<'a>(headers: &'a [(Vec<u8>, Vec<u8>)], name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    headers
        .iter()
        .filter(move |(known, _)| known.eq_ignore_ascii_case(name.as_bytes()))
        .map(|(_, value)| value.as_slice())
}

/// What can be read of the first bytes; the rest of the stream is not there.
fn inflate(decoder: impl std::io::Read) -> Vec<u8> {
    let mut plain = Vec::with_capacity(SNIFF_BYTES);
    let mut buffer = [0; 64];
    let mut decoder = decoder.take(SNIFF_BYTES as u64);
    while let Ok(more) = decoder.read(&mut buffer) {
        if more == 0 {
            break;
        }
        plain.extend_from_slice(&buffer[..more]);
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn header(name: &str, value: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
        vec![(name.as_bytes().to_vec(), value.as_bytes().to_vec())]
    }

    #[test]
    fn text_types_pass_and_everything_else_is_refused() {
        for text in [
            "text/html; charset=utf-8",
            "TEXT/HTML",
            "application/xhtml+xml",
            "application/ld+json",
            "",
            "text/plain, text/html",
        ] {
            assert_eq!(declared(&header("Content-Type", text)), Ok(Coding::Plain), "{text}");
        }
        for media in [
            "image/jpeg",
            "IMAGE/PNG",
            "image/svg+xml",
            "video/mp4",
            "audio/ogg",
            "application/zip",
            "application/pdf",
            "text/html, image/png",
            "font/woff2",
        ] {
            assert_eq!(declared(&header("content-type", media)).unwrap_err().rule(), Rule::Media, "{media}");
        }
        assert_eq!(declared(&header("content-encoding", "gzip")), Ok(Coding::Gzip));
        assert!(declared(&header("content-encoding", "br")).is_err());
        assert!(declared(&header("content-encoding", "gzip, gzip")).is_err());
    }

    #[test]
    fn first_bytes_give_media_away_whatever_is_declared() {
        for media in [
            &b"\x89PNG\r\n\x1a\n"[..],
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"\0\0\0\x20ftypisom",
            b"\x1a\x45\xdf\xa3",
            b"ID3\x04",
            b"OggS\0",
            b"PK\x03\x04",
            b"\x1f\x8b\x08\0",
            b"%PDF-1.7",
            b"BM\x36\x10\x0e\0\0\0",
            b"\xff\xfb\x90\x64",
            b"a\0b",
        ] {
            assert_eq!(sniffed(media, Coding::Plain).unwrap_err().rule(), Rule::Media, "{media:?}");
        }
        for text in [
            &b""[..],
            b"<!doctype html>",
            b"BMW for sale",
            b"MZ is no program",
            b"\xff\xfe<\0h\0",
            "\u{feff}<p>é".as_bytes(),
            b"\xcf\xf0\xe8\xe2\xe5\xf2",
        ] {
            assert_eq!(sniffed(text, Coding::Plain), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn a_coding_hides_nothing() {
        let pack = |bytes: &[u8]| {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
            let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(bytes).unwrap();
            zlib.write_all(bytes).unwrap();
            bare.write_all(bytes).unwrap();
            [
                (gzip.finish().unwrap(), Coding::Gzip),
                (zlib.finish().unwrap(), Coding::Deflate),
                (bare.finish().unwrap(), Coding::Deflate),
            ]
        };
        for (packed, coding) in pack(&b"<p>text</p>".repeat(100)) {
            assert_eq!(sniffed(&packed, coding), Ok(()));
        }
        for (packed, coding) in pack(&b"\x89PNG\r\n\x1a\n".repeat(100)) {
            assert!(sniffed(&packed, coding).is_err());
        }
        assert!(sniffed(b"<p>not gzip</p>", Coding::Gzip).is_err());
    }
}
