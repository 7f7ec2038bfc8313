//! A WACZ 1.1.1 around one WARC file: index, list of pages, and the package's description with its digest.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use model::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::error::at;
use crate::warc::{Place, Warc, hex};
use crate::zip::Zip;

/// The name of the WARC inside.
pub(crate) const WARC: &str = "data.warc.gz";

/// Gathers records and pages; the WARC grows in a file beside the WACZ that will be.
pub(crate) struct Wacz {
    warc: Warc<BufWriter<File>>,
    path: PathBuf,
    lists: Lists,
}

/// The index and the list of pages of an archive under way.
pub(crate) struct Lists {
    index: Vec<String>,
    pages: String,
}

/// A record that a reader may turn to.
pub(crate) struct Page<'a> {
    pub(crate) uri: &'a str,
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) when: Timestamp,
    pub(crate) digest: &'a str,
    pub(crate) mime: &'a str,
    pub(crate) status: u16,
}

impl Lists {
    pub(crate) fn new() -> Self {
        let pages = json!({ "format": "json-pages-1.0", "id": "pages", "title": "All pages" }).to_string() + "\n";
        Self { index: Vec::new(), pages }
    }

    pub(crate) fn add(&mut self, page: &Page<'_>, place: Place) {
        let digits: String = page.when.to_string().chars().take(19).filter(char::is_ascii_digit).collect();
        let entry = json!({
            "url": page.uri, "mime": page.mime, "status": page.status.to_string(), "digest": page.digest,
            "length": place.length.to_string(), "offset": place.offset.to_string(), "filename": WARC,
        });
        self.index.push(format!("{} {digits} {entry}\n", surt(page.uri)));
        let page = json!({ "id": page.id, "url": page.uri, "ts": page.when.to_string(), "title": page.title });
        self.pages.push_str(&format!("{page}\n"));
    }

    /// The members that describe an archive: package, its digest as text, its date, index, pages.
    pub(crate) fn describe(
        mut self,
        about: &About<'_>,
        warc_sha256: &[u8; 32],
        bytes: u64,
    ) -> Result<Described, Error> {
        self.index.sort();
        let (index, pages) = (self.index.concat(), self.pages);
        let resource = |name: &str, path: &str, hash: String, bytes: u64| json!({ "name": name, "path": path, "hash": format!("sha256:{hash}"), "bytes": bytes });
        let of = |name, path, content: &str| resource(name, path, hex(&Sha256::digest(content)), content.len() as u64);
        let created: String = about.created.to_string().chars().take(19).chain(['Z']).collect();
        let package = json!({
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": about.title,
            "description": about.description,
            "created": created,
            "modified": created,
            "software": about.software,
            "resources": [
                resource(WARC, &format!("archive/{WARC}"), hex(warc_sha256), bytes),
                of("index.cdx", "indexes/index.cdx", &index),
                of("pages.jsonl", "pages/pages.jsonl", &pages),
            ],
        });
        let package = serde_json::to_string_pretty(&package)?;
        let hash = format!("sha256:{}", hex(&Sha256::digest(&package)));
        Ok(Described { package, hash, created, index, pages })
    }
}

/// What describes an archive whose records are closed.
pub(crate) struct Described {
    pub(crate) package: String,
    pub(crate) hash: String,
    pub(crate) created: String,
    pub(crate) index: String,
    pub(crate) pages: String,
}

/// What the package says of itself.
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) software: &'a str,
    pub(crate) created: Timestamp,
}

impl Wacz {
    pub(crate) fn begin(beside: &Path) -> Result<Self, Error> {
        let path = beside.with_extension("warc.gz.new");
        let file = File::create_new(&path).map_err(at(&path))?;
        Ok(Self { warc: Warc::new(BufWriter::new(file)), path, lists: Lists::new() })
    }

    pub(crate) fn write(&mut self, record: &crate::warc::Record<'_>) -> Result<Place, Error> {
        self.warc.write(record).map_err(at(&self.path))
    }

    /// Lists a record that a reader may turn to.
    pub(crate) fn page(&mut self, page: &Page<'_>, place: Place) {
        self.lists.add(page, place);
    }

    /// Closes the records, and describes the package: its digest is what a domain signs.
    pub(crate) fn close(self, about: &About<'_>) -> Result<Closed, Error> {
        let bytes = self.warc.bytes();
        let file = self.warc.finish().into_inner().map_err(|error| at(&self.path)(error.into_error()))?;
        file.sync_all().map_err(at(&self.path))?;
        let (warc_sha256, crc) = digests(&self.path).map_err(at(&self.path))?;
        let described = self.lists.describe(about, &warc_sha256, bytes)?;
        Ok(Closed { path: self.path, described, warc_sha256, bytes, crc })
    }
}

/// An archive whose records are closed.
pub(crate) struct Closed {
    path: PathBuf,
    pub(crate) described: Described,
    pub(crate) warc_sha256: [u8; 32],
    bytes: u64,
    crc: u32,
}

impl Closed {
    /// Puts the archive together at `to`.
    pub(crate) fn finish(self, to: &Path, signed: Option<Value>) -> Result<(), Error> {
        let mut digest = json!({ "path": "datapackage.json", "hash": self.described.hash });
        if let Some(signed) = signed {
            digest["signedData"] = signed;
        }
        let digest = serde_json::to_string_pretty(&digest)?;
        let write = || -> io::Result<()> {
            let mut zip = Zip::new(BufWriter::new(File::create_new(to)?));
            zip.add_bytes("datapackage.json", self.described.package.as_bytes())?;
            zip.add_bytes("datapackage-digest.json", digest.as_bytes())?;
            zip.add_bytes("pages/pages.jsonl", self.described.pages.as_bytes())?;
            zip.add_bytes("indexes/index.cdx", self.described.index.as_bytes())?;
            zip.add(&format!("archive/{WARC}"), self.bytes, self.crc, &mut BufReader::new(File::open(&self.path)?))?;
            let mut out = zip.finish()?;
            out.flush()?;
            out.get_ref().sync_all()?;
            std::fs::remove_file(&self.path)
        };
        write().map_err(at(to))
    }
}

/// SHA-256 and CRC-32 of a file.
fn digests(path: &Path) -> io::Result<([u8; 32], u32)> {
    let (mut file, mut hash, mut crc) = (File::open(path)?, Sha256::new(), flate2::Crc::new());
    let mut piece = vec![0; 64 << 10];
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok((hash.finalize().into(), crc.sum()));
        }
        hash.update(&piece[..count]);
        crc.update(&piece[..count]);
    }
}

/// The key that an index is sorted by: the host back to front, then the path. Our addresses have no port and no query.
fn surt(uri: &str) -> String {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host: Vec<_> = host.rsplit('.').collect();
    format!("{})/{}", host.join(","), path.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_sorted_from_behind() {
        assert_eq!(surt("http://redacted.invalid/site-1/030c"), "invalid,redacted)/site-1/030c");
    }
}
