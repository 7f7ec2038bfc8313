//! WARC 1.1, a gzip member a record, read strictly.

use std::io::Read as _;

use data_encoding::HEXLOWER;
use flate2::bufread::GzDecoder;
use sha2::{Digest as _, Sha256};

use crate::fault::{Fault, hold};

/// Bytes of one record once it is inflated: more is an attack.
const MAX_RECORD: u64 = 256 << 20;

/// A record, read and held against its own digests.
pub(crate) struct Record {
    pub(crate) offset: usize,
    pub(crate) length: usize,
    fields: Vec<(String, String)>,
    pub(crate) block: Vec<u8>,
}

impl Record {
    /// A header field, if it is there once.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut found = self.fields.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().filter(|_| found.next().is_none()).map(|(_, value)| value.as_str())
    }
}

/// All records of a file.
pub(crate) fn records(at: &str, bytes: &[u8]) -> Result<Vec<Record>, Fault> {
    let (mut records, mut offset) = (Vec::new(), 0);
    while offset < bytes.len() {
        let place = format!("{at}, record {}", records.len() + 1);
        let mut member = GzDecoder::new(&bytes[offset..]);
        let mut content = Vec::new();
        member
            .by_ref()
            .take(MAX_RECORD + 1)
            .read_to_end(&mut content)
            .map_err(|_| Fault::new(&place, "its gzip member is damaged"))?;
        hold(content.len() as u64 <= MAX_RECORD, &place, || format!("it has more than {MAX_RECORD} bytes"))?;
        let left = member.into_inner().len();
        let length = bytes.len() - offset - left;
        records.push(record(&place, &content, offset, length)?);
        offset += length;
    }
    Ok(records)
}

fn record(at: &str, content: &[u8], offset: usize, length: usize) -> Result<Record, Fault> {
    let malformed = || Fault::new(at, "it is no record of WARC 1.1");
    let end = content.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(malformed)?;
    let head = std::str::from_utf8(&content[..end]).map_err(|_| malformed())?;
    let mut lines = head.split("\r\n");
    hold(lines.next() == Some("WARC/1.1"), at, || malformed().says)?;
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let fields: Vec<_> = lines.map(field).collect::<Option<_>>().ok_or_else(malformed)?;
    let block = content[end + 4..].strip_suffix(b"\r\n\r\n").ok_or_else(malformed)?.to_vec();
    let record = Record { offset, length, fields, block };
    for name in ["WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Block-Digest", "Content-Length"] {
        hold(record.field(name).is_some(), at, || format!("it has no {name}, or more than one"))?;
    }
    let stated: Option<usize> = record.field("Content-Length").and_then(|length| length.parse().ok());
    hold(stated == Some(record.block.len()), at, || "its length is not the one that it states".to_owned())?;
    let digest = format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(&record.block)));
    for name in ["WARC-Block-Digest", "WARC-Payload-Digest"] {
        // Views and metadata are their own payload.
        hold(record.field(name).is_none_or(|stated| stated == digest), at, || {
            format!("its {name} does not fit its block")
        })?;
    }
    Ok(record)
}
