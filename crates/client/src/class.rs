//! Classes of supervisors: who has to have spoken before this client does.
//!
//! A unit may want that no original is opened by its own people alone, whatever their number: a prosecutor or a data
//! protection officer is asked first. The server is not believed in that: what counts is the other's signature under this very
//! grant, checked with the key that the epoch's certificate names.

use ed25519_dalek::Signature;
use model::PersonId;
use seal::EpochPublic;
use seal::sshsig::{self, GRANT_NAMESPACE};
use serde::{Deserialize, Serialize};

use crate::{Error, Grant};

/// Most classes of a policy, and most people of a class: an epoch has no more members.
pub(crate) const MAX_CLASSES: usize = 32;

/// Longest name of a class.
const MAX_NAME_CHARS: usize = 64;

/// One class: somebody of it has approved before this client does, or this client is of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// What it is called, such as `prosecution`: 1 to 64 letters, digits and hyphens.
    pub name: String,
    /// Its people, by the names that the epoch's roster has; at least one.
    pub people: Vec<PersonId>,
}

/// That somebody has approved, as the server tells it: believed only where the signature holds.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Who.
    pub person: PersonId,
    /// The 64 bytes of an SSHSIG signature over the grant, in the namespace `grant@lanthorn`.
    pub signature: Vec<u8>,
}

impl Class {
    /// From `prosecution=s.amina,s.noor`.
    ///
    /// # Errors
    /// When it is not a name, an equals sign and the names of people, within their bounds.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let read = || -> Option<Self> {
            let (name, people) = text.split_once('=')?;
            let people = people.split(',').map(|person| person.trim().parse().ok()).collect::<Option<_>>()?;
            Some(Self { name: name.trim().to_owned(), people })
        };
        read().filter(Self::is_whole).ok_or(Error::Class { most: MAX_CLASSES })
    }

    /// Whether the name is in its bounds, and there is somebody in it.
    pub(crate) fn is_whole(&self) -> bool {
        let named = (1..=MAX_NAME_CHARS).contains(&self.name.len())
            && self.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        named && (1..=MAX_CLASSES).contains(&self.people.len())
    }
}

/// Whether of each class somebody has signed this very grant, or it is the client's own.
pub(crate) fn all_have_spoken(
    classes: &[Class],
    own: &PersonId,
    epoch: &EpochPublic,
    grant: &Grant,
    spoken: &[Spoken],
) -> Result<(), Error> {
    let bytes = grant.to_bytes()?;
    let signed = |person: &PersonId| {
        let Some((_, member)) = epoch.members().find(|(_, member)| member.person() == person) else { return false };
        spoken.iter().filter(|spoken| spoken.person == *person).any(|spoken| {
            let signature = Signature::from_slice(&spoken.signature);
            signature.is_ok_and(|signature| sshsig::verifies(GRANT_NAMESPACE, &bytes, &signature, member.signing()))
        })
    };
    // Whoever asks does not speak for a class, although a server might let them sign.
    let counts = |person: &PersonId| person == own || (*person != grant.requester && signed(person));
    match classes.iter().find(|class| !class.people.iter().any(counts)) {
        None => Ok(()),
        Some(silent) => {
            let people: Vec<&str> = silent.people.iter().map(PersonId::as_str).collect();
            Err(Error::ClassSilent { class: silent.name.clone(), people: people.join(", ") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_a_name_and_its_people_within_their_bounds() {
        let class = Class::parse("prosecution=s.amina, s.noor").unwrap();
        assert_eq!((class.name.as_str(), class.people.len()), ("prosecution", 2));
        let many = vec!["s.amina"; MAX_CLASSES + 1].join(",");
        let long = "a".repeat(MAX_NAME_CHARS + 1);
        for bad in
            ["", "prosecution", "prosecution=", "=s.amina", "two words=s.amina", "a=S Amina", &format!("a={many}")]
        {
            assert!(Class::parse(bad).is_err(), "{bad}");
        }
        assert!(Class::parse(&format!("{long}=s.amina")).is_err());
    }
}
