//! An evidence pack, written in one pass: a folder that an expert checks without a network and without Lanthorn.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use audit::{Log, Opening};
use model::{AuthorisationId, CaptureId, PersonId, Timestamp};
use redactor::RedactedPage;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use vault::Sealed;

use crate::bundle::{self, Exhibit};
use crate::capture::{self, View};
use crate::custody::{self, Line, Original, Told};
use crate::disclosure::Disclosure;
use crate::error::at;
use crate::log::Entries;
use crate::wacz::{About, Closed, Wacz};
use crate::warc::{Record, digest, hex, record_id};
use crate::{Error, derivation, howto, manifest, view};

/// What holds for the whole pack.
#[derive(Clone, Debug)]
pub struct Setting {
    /// What may leave, and to whom.
    pub disclosure: Disclosure,
    /// Who approved it, each with the signature that `ssh-keygen -Y verify` reads.
    pub approvals: Vec<Approval>,
    /// How many approvals it takes.
    pub threshold: u16,
    /// Lines of `allowed_signers` beyond those of the approvals.
    pub signers: Vec<String>,
    /// When the pack is made.
    pub made: Timestamp,
    /// The installation's name.
    pub site: String,
    /// The case's title.
    pub case_title: String,
    /// The program and its version: `lanthorn 0.1.0`.
    pub tool: String,
    /// The authorisations that the captures were collected under.
    pub authorisations: Vec<Authority>,
    /// What was not collected.
    pub gaps: Vec<Gap>,
    /// Captures of the case that the pack leaves out.
    pub unused: Vec<CaptureId>,
}

/// One approval.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Whose.
    pub person: PersonId,
    /// The armoured signature.
    pub signature: String,
    /// The signer's line for `allowed_signers`.
    pub signer: String,
}

/// One authorisation, as signed.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its id.
    pub id: AuthorisationId,
    /// From when.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// What it says, for people.
    pub summary: Vec<String>,
    /// The signed file.
    pub document: String,
}

/// Something that was not collected.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The site's label.
    pub site: String,
    /// What, and by which rule.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// A time stamp under a checkpoint of the log, as it lies there.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Entries of the checkpoint.
    pub entries: u64,
    /// The authority's name in file names.
    pub authority: String,
    /// The signed checkpoint.
    pub checkpoint: Vec<u8>,
    /// The query.
    pub query: Vec<u8>,
    /// The reply.
    pub reply: Vec<u8>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of `MANIFEST.sha256`: what the log says of the pack.
    pub manifest_sha256: [u8; 32],
    /// Captures in it.
    pub captures: usize,
    /// Bytes of its files.
    pub bytes: u64,
}

/// A pack under way.
pub struct Pack {
    root: PathBuf,
    setting: Setting,
    wacz: Option<Wacz>,
    closed: Option<Closed>,
    stamps: Vec<Stamp>,
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
        pack.file("tools/check_derivation.py", include_bytes!("../tools/check_derivation.py"))?;
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
        let manifest = capture::manifest(sealed, page, &how, &told, &entries, &self.setting.tool).to_string();
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
        wacz.page(&uri, &id, title, how.started, &digest(html.as_bytes()), place);
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
            clock: how.clock_offset_millis,
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

    /// Adds a time stamp under a checkpoint of the log.
    pub fn stamp(&mut self, stamp: Stamp) {
        self.stamps.push(stamp);
    }

    /// Closes the archive; what comes back is the package's digest and date, for a domain to sign.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn close_archive(&mut self) -> Result<(String, String), Error> {
        if let Some(wacz) = self.wacz.take() {
            let about = About {
                title: &format!("Case {}: redacted views", self.setting.disclosure.case),
                description: "Made by Lanthorn. Personal data are replaced by tokens; the sealed originals are the evidentiary copies.",
                software: &self.setting.tool,
                created: self.setting.made,
            };
            self.closed = Some(wacz.close(&about)?);
        }
        Ok(self.closed.as_ref().map(|closed| (closed.hash.clone(), closed.created.clone())).unwrap_or_default())
    }

    /// Finishes the pack: archive (with `signed`, what a domain has signed), log, reports, manifest, and its signature by `sign`
    /// (an armoured SSHSIG).
    ///
    /// # Errors
    /// When the log does not prove an entry, or a file cannot be written.
    pub fn finish(
        mut self,
        log: &mut Log,
        vkey: &str,
        signed: Option<Value>,
        sign: impl FnOnce(&[u8]) -> String,
    ) -> Result<Written, Error> {
        self.close_archive()?;
        for (path, mut lines) in [self.captures, self.derivations] {
            lines.flush().map_err(at(&path))?;
            lines.get_ref().sync_all().map_err(at(&path))?;
        }
        let root = &self.root;
        let grant = &self.setting.disclosure;
        if let Some(closed) = self.closed.take() {
            closed.finish(&root.join("redacted.wacz"), signed)?;
        }
        let write = |name: &str, content: &[u8]| file(root, name, content);
        for stamp in &self.stamps {
            let proof = log.consistency_proof(stamp.entries)?;
            let proof: Vec<_> = proof.iter().map(|hash| data_encoding::BASE64.encode(hash)).collect();
            let name = format!("log/stamps/{}", stamp.entries);
            fs::create_dir_all(root.join("log/stamps")).map_err(at(root))?;
            if !root.join(format!("{name}.checkpoint")).exists() {
                write(&format!("{name}.checkpoint"), &stamp.checkpoint)?;
                write(&format!("{name}.consistency"), json!(proof).to_string().as_bytes())?;
            }
            write(&format!("{name}-{}.tsq", stamp.authority), &stamp.query)?;
            write(&format!("{name}-{}.tsr", stamp.authority), &stamp.reply)?;
        }
        write("log/entries.jsonl", self.entries.lines(log)?.as_bytes())?;
        write("log/checkpoint", log.note().as_bytes())?;
        write("log/log.vkey", format!("{}\n", vkey.trim()).as_bytes())?;
        write("approvals/allowed_signers", self.signers.iter().cloned().collect::<String>().as_bytes())?;
        let (origin, size) = (log.checkpoint().origin.clone(), log.checkpoint().size);
        let rules: Vec<_> = self.rules.into_iter().collect();
        let told = Told {
            setting: &self.setting,
            lines: &self.lines,
            originals: &self.originals,
            hidden: &self.hidden,
            rules: &rules,
            log: (&origin, size),
        };
        let bundle = bundle::document(&self.setting, &self.exhibits, self.entries.all());
        write("case.jsonld", (serde_json::to_string_pretty(&bundle)? + "\n").as_bytes())?;
        write("custody.html", custody::page(&told, self.entries.all()).as_bytes())?;
        let originals: Vec<_> = self.originals.iter().map(|original| json!({ "capture": original.capture, "file": original.file, "recipient": original.recipient })).collect();
        let gaps: Vec<_> = self
            .setting
            .gaps
            .iter()
            .map(|gap| json!({ "site": gap.site, "what": gap.what, "count": gap.count }))
            .collect();
        let about = json!({
            "format": "lanthorn evidence pack",
            "version": 1,
            "case": grant.case.as_str(),
            "edition": "redacted",
            "requester": grant.requester.as_str(),
            "recipient": grant.recipient,
            "approvals_needed": self.setting.threshold,
            "approved_by": self.setting.approvals.iter().map(|one| one.person.as_str()).collect::<Vec<_>>(),
            "issued": grant.issued.to_string(),
            "made": self.setting.made.to_string(),
            "made_by": self.setting.tool,
            "site": self.setting.site,
            "captures": self.lines.len(),
            "originals": originals,
            "authorisations": self.setting.authorisations.iter().map(|one| one.id.to_string()).collect::<Vec<_>>(),
            "unused": self.setting.unused.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "gaps": gaps,
            "rules": rules,
            "log": { "origin": origin, "entries": size },
        });
        write("pack.json", (serde_json::to_string_pretty(&about)? + "\n").as_bytes())?;
        write("HOW-TO-VERIFY.txt", howto::text(&self.setting, &origin).as_bytes())?;
        let lists = manifest::of(root)?;
        write("MANIFEST.blake3", lists.blake3.as_bytes())?;
        write("MANIFEST.sha256", lists.sha256.as_bytes())?;
        write("MANIFEST.sha256.sig", sign(lists.sha256.as_bytes()).as_bytes())?;
        File::open(root).and_then(|folder| folder.sync_all()).map_err(at(root))?;
        Ok(Written {
            manifest_sha256: Sha256::digest(&lists.sha256).into(),
            captures: self.lines.len(),
            bytes: lists.bytes,
        })
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
