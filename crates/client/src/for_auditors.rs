//! What only auditors may read of a log that many can see: encrypted to their enrolled keys before it is written down.

use std::iter;

use age::Encryptor;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model::Sensitive;

use crate::{Error, Unlocked};

const WHAT: &str = "a note for auditors";

/// Longest text. With its base64 and the recipients' stanzas it fits a record of the log.
pub const MAX_NOTE_BYTES: usize = 6 << 10;

/// Most auditors that a note is for.
const MAX_RECIPIENTS: usize = 32;

/// Encrypts a text to all of these age keys, as one line of base64. Each of them opens it alone.
///
/// # Errors
/// When there is no key or one is none, or the text is longer than 6 KiB.
pub fn to_auditors(recipients: &[String], text: &str) -> Result<String, Error> {
    if text.len() > MAX_NOTE_BYTES || recipients.is_empty() || recipients.len() > MAX_RECIPIENTS {
        return Err(Error::Malformed { what: WHAT });
    }
    Ok(BASE64_STANDARD.encode(encrypted(recipients, text.as_bytes(), WHAT)?))
}

/// Encrypts what leaves the house for its recipient alone: an age file.
///
/// # Errors
/// When the recipient is no age public key.
pub fn to_recipient(recipient: &str, bytes: &Sensitive<Vec<u8>>) -> Result<Vec<u8>, Error> {
    encrypted(&[recipient.to_owned()], bytes.expose(), "an archive of originals")
}

fn encrypted(recipients: &[String], bytes: &[u8], what: &'static str) -> Result<Vec<u8>, Error> {
    let keys = recipients.iter().map(|text| text.parse::<age::x25519::Recipient>());
    let keys = keys.collect::<Result<Vec<_>, _>>().map_err(|_| Error::Malformed { what: "an age public key" })?;
    let wrong = |why: String| Error::Encrypt { what, why };
    let encryptor = Encryptor::with_recipients(keys.iter().map(|key| key as &dyn age::Recipient))
        .map_err(|error| wrong(error.to_string()))?;
    let mut file = Vec::with_capacity(bytes.len() + 1_024);
    let mut writer = encryptor.wrap_output(&mut file).map_err(|error| wrong(error.to_string()))?;
    std::io::Write::write_all(&mut writer, bytes).map_err(|error| wrong(error.to_string()))?;
    writer.finish().map_err(|error| wrong(error.to_string()))?;
    Ok(file)
}

/// Reads such a line with an auditor's key.
///
/// # Errors
/// When it is for others, or was changed.
pub fn read_as_auditor(unlocked: &Unlocked, line: &str) -> Result<Sensitive<String>, Error> {
    let file = BASE64_STANDARD.decode(line).map_err(|_| Error::Malformed { what: WHAT })?;
    let locked = |_| Error::Locked { what: WHAT };
    let decryptor = age::Decryptor::new_buffered(&file[..]).map_err(locked)?;
    let mut reader = decryptor.decrypt(iter::once(unlocked.identity() as &dyn age::Identity)).map_err(locked)?;
    let mut text = Sensitive::new(String::with_capacity(file.len()));
    std::io::Read::read_to_string(&mut reader, text.expose_mut()).map_err(|_| Error::Locked { what: WHAT })?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use rand::rngs::OsRng;

    use super::*;
    use crate::{KeyFolder, WorkFactor};

    #[test]
    fn each_auditor_reads_a_note_and_nobody_else_does() {
        let home = tempfile::tempdir().unwrap();
        let person = |name: &str| {
            let path = home.path().join(name);
            let folder =
                KeyFolder::create(&path, &name.parse().unwrap(), "a phrase", WorkFactor::for_tests(), &mut OsRng)
                    .unwrap();
            (folder.enrolment().recipient.clone(), folder.unlock("a phrase").unwrap())
        };
        let (paul, omar, ivan) = (person("u.paul"), person("u.omar"), person("a.ivan"));
        let line = to_auditors(&[paul.0, omar.0], "room NEAR/3 «PHONE»").unwrap();
        assert!(!line.contains("room"));
        for auditor in [&paul.1, &omar.1] {
            assert_eq!(read_as_auditor(auditor, &line).unwrap().expose(), "room NEAR/3 «PHONE»");
        }
        assert!(matches!(read_as_auditor(&ivan.1, &line), Err(Error::Locked { .. })));
        assert!(to_auditors(&[], "x").is_err());
        assert!(to_auditors(&["age1nobody".into()], "x").is_err());
        assert!(to_auditors(&[ivan.0], &"x".repeat(MAX_NOTE_BYTES + 1)).is_err());
    }
}
