//! Every byte of every capture, without any key: hashes of ciphertext, the header's own proof, the label against what
//! was entered.

use std::fmt;

use model::CaptureId;
use seal::Header;

use crate::Error;
use crate::error::{blocking, in_file};
use crate::folder::{Folder, Found, Part};
use crate::row::{Sealed, State};
use crate::shelf::{Shelf, read};

/// Captures that are looked at in one go.
const PAGE: u32 = 256;

/// Faults that a report lists; whoever has more than these knows enough.
const MAX_FAULTS: usize = 1000;

/// Something that is wrong, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// With which capture; `None` when a file belongs to none.
    pub capture: Option<CaptureId>,
    /// What is wrong.
    pub sentence: String,
}

/// What a whole verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Captures whose header and payload are what was sealed, under the label that was entered.
    pub sealed: u64,
    /// Captures whose header is gone, as it should be.
    pub erased: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Files that a kill left behind, unfinished or never entered: the next sweep removes them.
    pub strays: u64,
    /// What is wrong, oldest capture first; the first 1000.
    pub faults: Vec<Fault>,
}

impl Fault {
    pub(crate) const fn new(capture: CaptureId, sentence: String) -> Self {
        Self { capture: Some(capture), sentence }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.capture {
            Some(capture) => write!(out, "capture {capture}: {}", self.sentence),
            None => out.write_str(&self.sentence),
        }
    }
}

impl Shelf {
    /// Verifies one capture: both files, their hashes, the header's proof, its label. `None` when all is well.
    ///
    /// # Errors
    /// When there is no such capture, or files or database cannot be read.
    pub async fn check(&self, capture: CaptureId) -> Result<Option<Fault>, Error> {
        let (folder, entry) = (self.folder.clone(), self.find(capture).await?);
        Ok(blocking("check a capture", move || examine(&folder, &entry)).await?.err())
    }

    /// Verifies every capture, and that nothing else lies in the vault.
    ///
    /// # Errors
    /// When folder or database cannot be read.
    pub async fn check_all(&self) -> Result<Report, Error> {
        let mut report = Report::default();
        let mut last = None;
        loop {
            let entries = Sealed::after(last, PAGE, self.store.reader()).await?;
            let Some(newest) = entries.last() else { break };
            last = Some(newest.capture);
            let folder = self.folder.clone();
            let examine = move || {
                entries
                    .iter()
                    .map(|entry| Ok((entry.state, examine(&folder, entry)?)))
                    .collect::<Result<Vec<_>, Error>>()
            };
            for (state, examined) in blocking("check captures", examine).await? {
                match (state, examined) {
                    (_, Err(fault)) => report.blame(fault),
                    (State::Sealed, Ok(bytes)) => {
                        (report.sealed, report.bytes) = (report.sealed + 1, report.bytes + bytes)
                    }
                    (_, Ok(bytes)) => (report.erased, report.bytes) = (report.erased + 1, report.bytes + bytes),
                }
            }
        }
        for part in Part::BOTH {
            self.others(part, &mut report).await?;
        }
        Ok(report)
    }

    /// Counts what was never entered; blames what belongs to no capture at all.
    async fn others(&self, part: Part, report: &mut Report) -> Result<(), Error> {
        for shard in self.folder.shards(part).map_err(in_file("list the folders"))? {
            for found in self.folder.list(part, &shard).map_err(in_file("list a folder"))? {
                match found {
                    Found::Whole(capture) => {
                        report.strays += u64::from(Sealed::find(capture, self.store.reader()).await?.is_none());
                    }
                    Found::Unfinished(_) => report.strays += 1,
                    Found::Foreign(path) => {
                        let sentence = format!("{} does not belong in a vault", self.folder.below(&path).display());
                        report.blame(Fault { capture: None, sentence });
                    }
                }
            }
        }
        Ok(())
    }
}

impl Report {
    fn blame(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        }
    }
}

/// Verifies a capture; the bytes that were read.
fn examine(folder: &Folder, entry: &Sealed) -> Result<Result<u64, Fault>, Error> {
    let fault = |sentence: &str| Ok(Err(Fault::new(entry.capture, sentence.to_owned())));
    let has = |part| folder.has(part, entry.capture).map_err(in_file("look for a file"));
    match entry.state {
        State::Sealed => {}
        State::Erasing => return fault("its erasure was begun and not finished; erase it again"),
        State::Erased if has(Part::Header)? => return fault("it was erased, and yet its header is there"),
        // The payload may stay, in backups too: nobody can read it.
        State::Erased if has(Part::Payload)? => {
            return Ok(read(folder, Part::Payload, entry)?.map(|payload| payload.len() as u64));
        }
        State::Erased => return Ok(Ok(0)),
    }
    let header = match read(folder, Part::Header, entry)? {
        Ok(header) => header,
        Err(fault) => return Ok(Err(fault)),
    };
    let Ok(parsed) = Header::parse(&header) else { return fault("its header is not in the form of one") };
    match parsed.verify() {
        Err(_) => return fault("its header's label proof does not hold"),
        Ok(proven) if *proven.label() != entry.label() => {
            return fault("its header's label names another capture, case, authorisation or epoch");
        }
        Ok(_) => {}
    }
    Ok(read(folder, Part::Payload, entry)?.map(|payload| (header.len() + payload.len()) as u64))
}
