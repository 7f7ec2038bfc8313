//! Whose signatures count, and for what: an OpenSSH `allowed_signers` file.

use data_encoding::BASE64;
use ed25519_dalek::VerifyingKey;

use crate::Trust;
use crate::fault::Fault;
use crate::files::Files;

const IN_PACK: &str = "approvals/allowed_signers";

/// Persons, the purposes they may sign for, and their keys.
pub(crate) struct Signers(Vec<(String, String, VerifyingKey)>);

impl Signers {
    /// The ones that were given, or else the pack's own.
    pub(crate) fn read(files: &Files, trust: &Trust) -> Result<Self, Fault> {
        let own = files.text(IN_PACK)?;
        let own = Self::parse(IN_PACK, &own)?;
        match &trust.signers {
            Some(given) => Self::parse("the given signers", given),
            None => Ok(own),
        }
    }

    fn parse(at: &str, text: &str) -> Result<Self, Fault> {
        let mut signers = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let read = signer(line);
            signers.push(read.ok_or_else(|| {
                Fault::new(at, format!("line {number} names no person with purposes and an Ed25519 key"))
            })?);
        }
        Ok(Self(signers))
    }

    /// Whose key it is, if they may sign for this purpose.
    pub(crate) fn name(&self, namespace: &str, key: &VerifyingKey) -> Option<String> {
        self.0
            .iter()
            .find(|(_, purposes, known)| known == key && purposes.split(',').any(|one| one == namespace))
            .map(|(person, ..)| person.clone())
    }
}

/// `person namespaces="a,b" ssh-ed25519 BASE64`.
fn signer(line: &str) -> Option<(String, String, VerifyingKey)> {
    let mut words = line.split(' ');
    let (person, purposes, kind, key) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let purposes = purposes.strip_prefix("namespaces=\"")?.strip_suffix('"')?;
    let blob = BASE64.decode(key.as_bytes()).ok()?;
    let head = [&11_u32.to_be_bytes()[..], b"ssh-ed25519", &32_u32.to_be_bytes()].concat();
    let key = VerifyingKey::from_bytes(blob.strip_prefix(&head[..])?.try_into().ok()?).ok()?;
    (kind == "ssh-ed25519" && !person.is_empty()).then(|| (person.to_owned(), purposes.to_owned(), key))
}
