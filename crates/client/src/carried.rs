//! A folder that is carried from hand to hand, or that all can reach. Nothing in it is secret: what is for one person's eyes
//! is encrypted to that person. Hostile hands may have held it.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use model::Sensitive;

use crate::error::in_file;
use crate::key_folder::write;
use crate::{Error, Unlocked};

/// Longest file that is read.
const MAX_FILE_BYTES: u64 = 64 << 10;

/// Such a folder.
#[derive(Clone, Debug)]
pub(crate) struct Carried(PathBuf);

impl Carried {
    /// Makes a new one.
    pub(crate) fn lay(path: &Path) -> Result<Self, Error> {
        fs::create_dir(path).map_err(in_file("make the folder to be carried, which must be new"))?;
        Ok(Self(path.to_owned()))
    }

    /// One that may be there.
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.file(name).exists()
    }

    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let file = match fs::File::open(self.file(name)) {
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(in_file("read the carried folder"))?,
        };
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(in_file("read the carried folder"))?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(Error::Malformed { what: "a file of the carried folder: it is too long" });
        }
        Ok(Some(bytes))
    }

    /// Writes a file that is written once: a second writing of the same is none.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        if self.has(name) { Ok(()) } else { write(&self.file(name), bytes) }
    }

    /// Writes a secret for one person's eyes, unless it is there.
    pub(crate) fn put_secret(&self, name: &str, recipient: &str, secret: &Sensitive<Vec<u8>>) -> Result<(), Error> {
        if self.has(name) {
            return Ok(());
        }
        let recipient: age::x25519::Recipient =
            recipient.parse().map_err(|_| Error::Malformed { what: "a member's age key" })?;
        let locked = age::encrypt(&recipient, secret.expose())
            .map_err(|error| Error::Encrypt { what: "a ceremony's message", why: error.to_string() })?;
        write(&self.file(name), &locked)
    }

    /// Reads a secret for one's own eyes; the outer answer is whether it is there, the inner whether it opens.
    pub(crate) fn read_secret(
        &self,
        name: &str,
        unlocked: &Unlocked,
    ) -> Result<Option<Option<Sensitive<Vec<u8>>>>, Error> {
        let file = self.read(name)?;
        Ok(file.map(|file| age::decrypt(unlocked.identity(), &file).ok().map(Sensitive::new)))
    }
}
