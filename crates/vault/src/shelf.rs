//! The side of the vault that needs no keys: finding what is there.

use std::io;
use std::path::Path;

use model::CaptureId;
use store::Store;

use crate::error::{blocking, in_file};
use crate::folder::{Folder, Part};
use crate::row::{Sealed, State};
use crate::{Error, Fault};

/// A vault that finds, verifies and erases, and seals nothing.
#[derive(Clone, Debug)]
pub struct Shelf {
    pub(crate) folder: Folder,
    pub(crate) store: Store,
}

impl Shelf {
    /// Over the vault's folder and the control database.
    #[must_use]
    pub fn new(dir: &Path, store: Store) -> Self {
        Self { folder: Folder::new(dir), store }
    }

    /// What the control database says of a capture.
    ///
    /// # Errors
    /// [`Error::Unknown`] when there is no such capture.
    pub async fn find(&self, capture: CaptureId) -> Result<Sealed, Error> {
        Sealed::find(capture, self.store.reader()).await?.ok_or(Error::Unknown(capture))
    }

    /// A capture's header, as it was sealed.
    ///
    /// # Errors
    /// When there is none, it has been erased, or it is not what was sealed.
    pub async fn header(&self, capture: CaptureId) -> Result<Vec<u8>, Error> {
        let entry = self.find(capture).await?;
        if entry.state != State::Sealed {
            return Err(Error::Erased(capture));
        }
        self.read(Part::Header, &entry).await
    }

    /// A capture's payload, as it was sealed.
    ///
    /// # Errors
    /// When there is none, its header has been erased, or it is not what was sealed.
    pub async fn payload(&self, capture: CaptureId) -> Result<Vec<u8>, Error> {
        let entry = self.find(capture).await?;
        if entry.state != State::Sealed {
            return Err(Error::Erased(capture));
        }
        self.read(Part::Payload, &entry).await
    }

    pub(crate) async fn read(&self, part: Part, entry: &Sealed) -> Result<Vec<u8>, Error> {
        let (folder, entry) = (self.folder.clone(), entry.clone());
        let read = move || read(&folder, part, &entry).and_then(|found| found.map_err(Error::Damaged));
        blocking("read a file", read).await
    }
}

/// Reads one of a capture's files and compares it with what was entered.
pub(crate) fn read(folder: &Folder, part: Part, entry: &Sealed) -> Result<Result<Vec<u8>, Fault>, Error> {
    let fault = |sentence: String| Ok(Err(Fault::new(entry.capture, sentence)));
    let bytes = match folder.get(part, entry.capture) {
        Ok(bytes) => bytes,
        Err(gone) if gone.kind() == io::ErrorKind::NotFound => return fault(format!("its {} is missing", part.word())),
        Err(other) => return Err(in_file("read a file")(other)),
    };
    let (length, hash) = match part {
        Part::Payload => (entry.payload_bytes, entry.payload_hash),
        Part::Header => (entry.header_bytes, entry.header_hash),
    };
    if bytes.len() as u64 != length {
        return fault(format!("its {} does not have the {length} bytes that were sealed", part.word()));
    }
    if *blake3::hash(&bytes).as_bytes() != hash {
        return fault(format!("its {} is not what was sealed: the BLAKE3 differs", part.word()));
    }
    Ok(Ok(bytes))
}
