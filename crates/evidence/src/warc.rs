//! WARC 1.1 (ISO 28500:2017), gzipped a record at a time, written in one pass.

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use model::Timestamp;
use sha2::{Digest as _, Sha256};

/// One record. Header fields come in the order in which they are given, after the standard's own.
pub(crate) struct Record<'a> {
    pub(crate) kind: &'static str,
    pub(crate) id: &'a str,
    pub(crate) date: Timestamp,
    pub(crate) uri: Option<&'a str>,
    pub(crate) content_type: &'static str,
    pub(crate) fields: &'a [(&'static str, String)],
    pub(crate) block: &'a [u8],
    /// Where the payload begins in the block; `None` for records without one.
    pub(crate) payload_at: Option<usize>,
}

/// Where a record lies in its file.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// Writes records one after the other.
pub(crate) struct Warc<W> {
    out: W,
    offset: u64,
}

impl<W: Write> Warc<W> {
    pub(crate) const fn new(out: W) -> Self {
        Self { out, offset: 0 }
    }

    pub(crate) fn write(&mut self, record: &Record<'_>) -> io::Result<Place> {
        let mut head = format!(
            "WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {}\r\nWARC-Date: {}\r\n",
            record.kind, record.id, record.date
        );
        let mut field = |name: &str, value: &str| {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        };
        if let Some(uri) = record.uri {
            field("WARC-Target-URI", uri);
        }
        record.fields.iter().for_each(|(name, value)| field(name, value));
        field("WARC-Block-Digest", &digest(record.block));
        if let Some(payload) = record.payload_at.and_then(|at| record.block.get(at..)) {
            field("WARC-Payload-Digest", &digest(payload));
        }
        field("Content-Type", record.content_type);
        field("Content-Length", &record.block.len().to_string());
        head.push_str("\r\n");

        // No time and no name: the same record is the same bytes.
        let mut gzip = GzBuilder::new().write(Vec::with_capacity(record.block.len() / 2), Compression::default());
        gzip.write_all(head.as_bytes())?;
        gzip.write_all(record.block)?;
        gzip.write_all(b"\r\n\r\n")?;
        let member = gzip.finish()?;
        self.out.write_all(&member)?;
        let place = Place { offset: self.offset, length: member.len() as u64 };
        self.offset += place.length;
        Ok(place)
    }

    pub(crate) const fn bytes(&self) -> u64 {
        self.offset
    }

    pub(crate) fn finish(self) -> W {
        self.out
    }
}

/// A digest as WARC 1.1 has it; hexadecimal, which `warcio check` reads.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// A record id that follows from what the record is about: the same export has the same ids.
pub(crate) fn record_id(of: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("lanthorn 2026-11 evidence record id");
    for part in of {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    format!("<urn:uuid:{}>", uuid(hasher.finalize().as_bytes()))
}

/// RFC 9562, version 8: bits of our own making.
pub(crate) fn uuid(hash: &[u8; 32]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn a_record_is_a_gzip_member_of_the_standards_form() {
        let mut warc = Warc::new(Vec::new());
        let record = Record {
            kind: "resource",
            id: "<urn:uuid:1>",
            date: Timestamp::from_millis(1_795_000_000_123),
            uri: Some("http://redacted.invalid/a/b"),
            content_type: "text/html",
            fields: &[("WARC-Warcinfo-ID", "<urn:uuid:0>".to_owned())],
            block: b"<p>hi",
            payload_at: Some(0),
        };
        let (one, two) = (warc.write(&record).unwrap(), warc.write(&record).unwrap());
        assert_eq!((one.offset, two.offset), (0, one.length));
        let bytes = warc.finish();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&bytes[two.offset as usize..]).read_to_string(&mut text).unwrap();
        assert!(text.starts_with("WARC/1.1\r\nWARC-Type: resource\r\n"), "{text}");
        assert!(text.contains("\r\nWARC-Date: 2026-11-18T11:06:40.123Z\r\n"), "{text}");
        assert!(text.ends_with("\r\nContent-Length: 5\r\n\r\n<p>hi\r\n\r\n"), "{text}");
    }

    #[test]
    fn ids_follow_from_what_they_are_of_and_have_the_form_of_a_uuid() {
        let id = record_id(&[b"ab", b"c"]);
        assert_ne!(id, record_id(&[b"a", b"bc"]));
        assert_eq!((id.len(), &id[24..25]), (47, "8"));
    }
}
