//! The public halves of a person's keys, as the file that is handed to the installation.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model::PersonId;
use serde::{Deserialize, Serialize};

use crate::Error;

/// What others need to know of somebody's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Whose they are.
    pub person: PersonId,
    /// Ed25519 public key: signs authorisations, epochs and grants.
    pub signing_key: [u8; 32],
    /// age X25519 public key: answers to requests are encrypted to it.
    pub recipient: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    person: PersonId,
    ed25519: String,
    age: String,
}

impl Enrolment {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not an enrolment of version 1.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Malformed { what: "the enrolment file" };
        let file: File = toml::from_str(text).map_err(|_| wrong())?;
        let key = BASE64_STANDARD.decode(&file.ed25519).ok().and_then(|key| key.try_into().ok()).ok_or_else(wrong)?;
        if file.version != 1 || file.age.parse::<age::x25519::Recipient>().is_err() {
            return Err(wrong());
        }
        Ok(Self { person: file.person, signing_key: key, recipient: file.age })
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        format!(
            "# The public halves of {person}'s keys. Hand this file to the installation; nothing in it is secret.\n\
             version = 1\nperson = \"{person}\"\ned25519 = \"{key}\"\nage = \"{age}\"\n",
            person = self.person,
            key = BASE64_STANDARD.encode(self.signing_key),
            age = self.recipient,
        )
    }
}
