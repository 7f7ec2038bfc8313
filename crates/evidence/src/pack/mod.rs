//! An evidence pack, written in one pass: a folder that an expert checks without a network and without Lanthorn.

mod finish;
mod setting;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use audit::Opening;
use model::CaptureId;
use redactor::RedactedPage;
use sha2::{Digest as _, Sha256};
use vault::Sealed;

use crate::bundle::Exhibit;
use crate::capture::{self, View};
use crate::custody::{Line, Original};
use crate::disclosure::Edition;
use crate::error::at;
use crate::log::Entries;
use crate::wacz::{About, Closed, Page, Wacz};
use crate::warc::{Record, digest, hex, record_id};
use crate::{Error, defence, derivation, view};

pub use setting::{Approval, Archive, ArchiveStamp, Authority, ClockCheck, Gap, Setting, Stamp, Written};

/// A pack under way.
pub struct Pack {
    root: PathBuf,
    setting: Setting,
    wacz: Option<Wacz>,
    closed: Option<Closed>,
    stamps: Vec<Stamp>,
    archive_stamps: (usize, Vec<ArchiveStamp>),
    unredacted: bool,
    warcinfo: String,
    captures: Lines,
    derivations: Lines,
    entries: Entries,
    lines: Vec<Line>,
    exhibits: Vec<Exhibit>,
    originals: Vec<Original>,
    signers: BTreeSet<String>,
    hidden: BTreeMap<String, u64>,
    rules: BTreeSet<String>,
}

/// Where the archive of the originals lies, for its recipient alone.
pub(crate) const UNREDACTED: &str = "originals/unredacted.wacz.age";

type Lines = (PathBuf, BufWriter<File>);

impl Pack {
    /// Begins a pack in a folder that does not exist yet.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub fn begin(root: &Path, setting: Setting) -> Result<Self, Error> {
        DirBuilder::new().mode(0o700).create(root).map_err(at(root))?;
        for folder in ["log", "approvals", "authorisations", "tools"] {
            let path = root.join(folder);
            fs::create_dir(&path).map_err(at(&path))?;
        }
        let lines = |name: &str| -> Result<Lines, Error> {
            let path = root.join(name);
            Ok((path.clone(), BufWriter::new(create(&path)?)))
        };
        let mut wacz = Wacz::begin(&root.join("redacted.wacz"))?;
        let grant = setting.disclosure.to_text()?;
        let warcinfo = record_id(&[b"warcinfo", grant.as_bytes()]);
        let info = format!(
            "software: {}\r\nformat: WARC File Format 1.1\r\nconformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             isPartOf: {}\r\ndescription: redacted views; the sealed originals are the evidentiary copies\r\noperator: {}\r\n",
            setting.tool, setting.disclosure.case, setting.site
        );
        wacz.write(&Record {
            kind: "warcinfo",
            id: &warcinfo,
            date: setting.made,
            uri: None,
            content_type: "application/warc-fields",
            fields: &[("WARC-Filename", crate::wacz::WARC.to_owned())],
            block: info.as_bytes(),
            payload_at: None,
        })?;
        let signers = setting.signers.iter().cloned().chain(setting.approvals.iter().map(|one| one.signer.clone()));
        let pack = Self {
            captures: lines("captures.jsonl")?,
            derivations: lines("derivations.jsonl")?,
            signers: signers.collect(),
            root: root.to_owned(),
            wacz: Some(wacz),
            closed: None,
            stamps: Vec::new(),
            archive_stamps: (0, Vec::new()),
            unredacted: false,
            warcinfo,
            entries: Entries::default(),
            lines: Vec::new(),
            exhibits: Vec::new(),
            originals: Vec::new(),
            hidden: BTreeMap::new(),
            rules: BTreeSet::new(),
            setting,
        };
        pack.file("approvals/disclosure", grant.as_bytes())?;
        for approval in &pack.setting.approvals {
            pack.file(&format!("approvals/disclosure.{}.sig", approval.person), approval.signature.as_bytes())?;
        }
        for authority in &pack.setting.authorisations {
            pack.file(&format!("authorisations/{}.toml", authority.id), authority.document.as_bytes())?;
        }
        pack.file("error-rates.txt", defence::ERROR_RATES.as_bytes())?;
        pack.file("tools/check_derivation.py", include_bytes!("../../tools/check_derivation.py"))?;
        Ok(pack)
    }

    /// Adds a capture: its redacted view, how that follows from the original, and what the log holds of it.
    ///
    /// # Errors
    /// When the page was kept by an early build, or a file cannot be written.
    pub fn capture(&mut self, sealed: &Sealed, page: &RedactedPage, openings: Vec<Opening>) -> Result<(), Error> {
        let how = page.circumstances().ok_or(Error::NoDerivation(sealed.capture))?.clone();
        let html = view::render(page);
        let id = sealed.capture.to_string();
        let uri = format!("http://redacted.invalid/{}/{id}", in_path(page.site()));
        let resource = record_id(&[b"view", sealed.capture.as_bytes(), html.as_bytes()]);
        let entries: Vec<i64> = openings.iter().map(|opening| opening.entry).collect();
        let wacz = self.wacz.as_mut().ok_or(Error::Grant("its archive is closed"))?;
        let told = View { uri: &uri, record_id: &resource, html: &html };
        let check = defence::nearest(&self.setting.clock_checks, how.started);
        let clock = how.clock_offset_millis.or_else(|| Some(check?.ahead_millis));
        let manifest = capture::manifest(sealed, page, &how, &told, &entries, &self.setting.tool, check).to_string();
        let place = wacz.write(&Record {
            kind: "resource",
            id: &resource,
            date: how.started,
            uri: Some(&uri),
            content_type: "text/html; charset=utf-8",
            fields: &[("WARC-Warcinfo-ID", self.warcinfo.clone())],
            block: html.as_bytes(),
            payload_at: Some(0),
        })?;
        wacz.write(&Record {
            kind: "metadata",
            id: &record_id(&[b"metadata", sealed.capture.as_bytes(), manifest.as_bytes()]),
            date: how.started,
            uri: Some(&uri),
            content_type: "application/json",
            fields: &[("WARC-Concurrent-To", resource.clone()), ("WARC-Warcinfo-ID", self.warcinfo.clone())],
            block: manifest.as_bytes(),
            payload_at: None,
        })?;
        let title = if page.title().is_empty() { id.as_str() } else { page.title() };
        let digest = digest(html.as_bytes());
        let (when, mime) = (how.started, "text/html");
        wacz.page(&Page { uri: &uri, id: &id, title, when, digest: &digest, mime, status: 200 }, place);
        line(&mut self.captures, &manifest)?;
        line(&mut self.derivations, &derivation::line(page, sealed)?.to_string())?;
        self.entries.add(openings);
        self.rules.insert(page.rule_version().to_owned());
        for (label, count) in page.counts() {
            *self.hidden.entry(label.as_str().to_owned()).or_default() += u64::from(*count);
        }
        self.exhibits.push(Exhibit {
            capture: id.clone(),
            uri,
            started: how.started.to_string(),
            ended: how.ended.to_string(),
            bytes: html.len() as u64,
            sha256: hex(&Sha256::digest(&html)),
            blake3: blake3::hash(html.as_bytes()).to_hex().to_string(),
            authorisation: sealed.authorisation.to_string(),
        });
        self.lines.push(Line {
            capture: id,
            site: page.site().to_owned(),
            started: how.started.to_string(),
            ended: how.ended.to_string(),
            status: how.status,
            bytes: how.body_bytes,
            truncated: how.truncated.map(redactor::Truncation::as_str),
            hidden: page.counts().values().copied().map(u64::from).sum(),
            commitment: hex(&sealed.commitments.sha256),
            clock,
        });
        Ok(())
    }

    /// Adds entries of the log that are about no one capture.
    pub fn entries(&mut self, openings: Vec<Opening>) {
        self.entries.add(openings);
    }

    /// Adds the disclosed original of a capture: an age file for `recipient`, with the grant it was opened under.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn original(
        &mut self,
        capture: CaptureId,
        recipient: &str,
        file: &[u8],
        grant: &[u8],
        approvals: &[Approval],
    ) -> Result<(), Error> {
        let folder = self.root.join("originals");
        if !folder.exists() {
            fs::create_dir(&folder).map_err(at(&folder))?;
        }
        let name = format!("originals/{capture}.age");
        self.file(&name, file)?;
        self.file(&format!("approvals/{capture}"), grant)?;
        for approval in approvals {
            self.file(&format!("approvals/{capture}.{}.sig", approval.person), approval.signature.as_bytes())?;
            self.signers.insert(approval.signer.clone());
        }
        self.originals.push(Original {
            capture: capture.to_string(),
            file: name,
            recipient: recipient.to_owned(),
            sha256: hex(&Sha256::digest(file)),
        });
        Ok(())
    }

    /// Adds the archive of the originals, as it was encrypted for the recipient.
    ///
    /// # Errors
    /// When the grant is for the redacted edition, or the file cannot be written.
    pub fn unredacted(&mut self, file: &[u8]) -> Result<(), Error> {
        if self.setting.disclosure.edition != Edition::Unredacted || self.originals.is_empty() {
            return Err(Error::Grant("it is for the redacted edition"));
        }
        self.file(UNREDACTED, file)?;
        self.unredacted = true;
        Ok(())
    }

    /// Adds a time stamp under a checkpoint of the log.
    pub fn stamp(&mut self, stamp: Stamp) {
        self.stamps.push(stamp);
    }

    /// Adds tokens over the WARC file, and how many authorities were asked for one: those that did not answer are told of.
    pub fn stamp_archive(&mut self, asked: usize, stamps: Vec<ArchiveStamp>) {
        self.archive_stamps = (asked, stamps);
    }

    /// Closes the archive; what comes back is what a domain and time-stamping authorities sign.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn close_archive(&mut self) -> Result<Archive, Error> {
        if let Some(wacz) = self.wacz.take() {
            let about = About {
                title: &format!("Case {}: redacted views", self.setting.disclosure.case),
                description: "Made by Lanthorn. Personal data are replaced by tokens; the sealed originals are the evidentiary copies.",
                software: &self.setting.tool,
                created: self.setting.made,
            };
            self.closed = Some(wacz.close(&about)?);
        }
        let closed = self.closed.as_ref().ok_or(Error::Grant("its archive is closed"))?;
        let (hash, created) = (closed.described.hash.clone(), closed.described.created.clone());
        Ok(Archive { hash, created, warc_sha256: closed.warc_sha256 })
    }

    fn file(&self, name: &str, content: &[u8]) -> Result<(), Error> {
        file(&self.root, name, content)
    }
}

/// Prints counts.
impl std::fmt::Debug for Pack {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Pack({} captures, {} originals)", self.lines.len(), self.originals.len())
    }
}

fn create(path: &Path) -> Result<File, Error> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(at(path))
}

fn file(root: &Path, name: &str, content: &[u8]) -> Result<(), Error> {
    let path = root.join(name);
    let mut file = create(&path)?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(at(&path))
}

fn line((path, lines): &mut Lines, text: &str) -> Result<(), Error> {
    lines.write_all(text.as_bytes()).and_then(|()| lines.write_all(b"\n")).map_err(at(path))
}

/// A label as a part of a path: letters, digits, hyphen and dot as they are.
fn in_path(label: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    label.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
