//! Extraction profiles under signatures: what decides how pages are read, and where a login is sent from, is installed only
//! when supervisors have signed it.

use std::collections::BTreeSet;
use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};
use model::PersonId;

use crate::limits::{MAX_SUPERVISORS, MIN_SUPERVISORS};
use crate::signed::{Signature, SignatureTable};
use crate::{Error, Refusal, Rule, Trust, canonical, draft};

/// What is signed begins with this line, so that no signature made for anything else fits here, nor the reverse.
const CONTEXT: &str = "lanthorn 2026-11 profile signature";

/// The line that every signature begins with, and that no line before the signatures may be.
const MARK: &str = "[[signature]]";

/// The file of an extraction profile and the signatures behind it; what they are worth, [`verify`](Self::verify) says.
#[derive(Clone)]
pub struct SignedProfile {
    body: String,
    canonical: Vec<u8>,
    signatures: Vec<Signature>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Signatures {
    #[serde(default)]
    signature: Vec<SignatureTable>,
}

impl SignedProfile {
    /// Reads a file, with or without signatures. Whether its body is a good profile, the reader of profiles says.
    ///
    /// # Errors
    /// When it is too large or not TOML, or a signature table is not a name and 64 bytes in base64.
    pub fn parse(text: &str) -> Result<Self, Error> {
        // What is read as the profile is the very text that the canonical form is made of: nothing behind the first mark.
        let at = lines(text).find(|(_, line)| line.trim() == MARK).map_or(text.len(), |(at, _)| at);
        let (body, rest) = text.split_at(at);
        let table: toml::Table = draft::from_toml(body)?;
        let rest: Signatures = draft::from_toml(rest)?;
        if rest.signature.len() > MAX_SUPERVISORS {
            return Err(Error::Signature { number: rest.signature.len(), what: "there are too many signatures" });
        }
        let signatures = rest.signature.iter().enumerate().map(|(index, table)| table.read(index + 1));
        let signatures = signatures.collect::<Result<_, _>>()?;
        Ok(Self { canonical: canonical::table(table), body: body.to_owned(), signatures })
    }

    /// The profile's own text.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// How many signatures stand behind it, whatever they are worth.
    #[must_use]
    pub fn signatures(&self) -> usize {
        self.signatures.len()
    }

    /// Signs it as `signer` for the installation of that name, in place of an earlier signature by the same person.
    pub fn sign(&mut self, audience: &str, signer: &PersonId, key: &SigningKey) {
        let bytes = key.sign(&self.message(audience, signer)).to_bytes();
        self.signatures.retain(|known| known.signer != *signer);
        self.signatures.push(Signature { signer: signer.clone(), bytes });
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = self.body.trim_end().to_owned();
        text.push('\n');
        for signature in &self.signatures {
            text.push_str(&format!("\n{MARK}\n"));
            text.push_str(&draft::to_toml(&SignatureTable::of(signature)));
        }
        text
    }

    /// Whether enough different supervisors have signed this very profile for this installation.
    ///
    /// # Errors
    /// [`Rule::Signatures`], with the first thing that is wrong.
    pub fn verify(&self, trust: &Trust) -> Result<(), Refusal> {
        let mut keys = BTreeSet::new();
        for signature in &self.signatures {
            let who = &signature.signer;
            let refuse = |why: &str| Refusal::new(Rule::Signatures, format!("the signature of {who} {why}"));
            let key = trust
                .signers
                .get(who)
                .ok_or_else(|| refuse("cannot be checked, as no key of that supervisor is trusted here"))?;
            let bytes = ed25519_dalek::Signature::from_bytes(&signature.bytes);
            key.verify_strict(&self.message(&trust.audience, who), &bytes)
                .map_err(|_| refuse("is not one under this text and for this installation"))?;
            keys.insert(key.to_bytes());
        }
        let needed = trust.required.max(MIN_SUPERVISORS);
        if keys.len() < needed {
            let why = format!("{needed} different supervisors must sign the profile, and {} have", keys.len());
            return Err(Refusal::new(Rule::Signatures, why));
        }
        Ok(())
    }

    /// What a supervisor signs: a fixed line, the installation, the own name, the canonical form.
    fn message(&self, audience: &str, signer: &PersonId) -> Vec<u8> {
        let mut message = format!("{CONTEXT}\n{audience}\n{signer}\n").into_bytes();
        message.extend_from_slice(&self.canonical);
        message
    }
}

impl fmt::Debug for SignedProfile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SignedProfile({} bytes, {} signatures)", self.body.len(), self.signatures.len())
    }
}

/// The lines of a text, each with the place at which it begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let here = at;
        at += line.len();
        (here, line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# by hand\nformat = 1\nname = \"board-x\"\nrevision = 3\n\n[[page]]\nkind = \"thread\"\n";
    const SITE: &str = "lanthorn.example";

    fn person(at: u8) -> (PersonId, SigningKey) {
        (["s.maria", "s.jonas", "s.amina"][usize::from(at)].parse().unwrap(), SigningKey::from_bytes(&[at + 1; 32]))
    }

    fn trust() -> Trust {
        let signers = (0..3).map(person).map(|(person, key)| (person, key.verifying_key())).collect();
        Trust { signers, required: 2, audience: SITE.to_owned(), revoked: BTreeSet::new() }
    }

    fn signed(by: &[u8]) -> SignedProfile {
        let mut profile = SignedProfile::parse(TEXT).unwrap();
        for (person, key) in by.iter().copied().map(person) {
            profile.sign(SITE, &person, &key);
        }
        profile
    }

    #[test]
    fn two_supervisors_make_it_count_and_its_comments_stay() {
        let text = signed(&[0, 2]).to_toml();
        assert!(text.starts_with(TEXT), "{text}");
        let again = SignedProfile::parse(&text).unwrap();
        assert_eq!((again.body().trim_end(), again.signatures()), (TEXT.trim_end(), 2));
        assert_eq!(again.verify(&trust()), Ok(()));
        assert_eq!(again.to_toml(), text, "signing again changes nothing of what stands there");
    }

    #[test]
    fn whatever_is_not_signed_by_two_for_this_installation_does_not_count() {
        let refused = |profile: &SignedProfile, trust: &Trust| profile.verify(trust).unwrap_err().to_string();
        assert!(refused(&signed(&[]), &trust()).contains("and 0 have"));
        assert!(refused(&signed(&[1]), &trust()).contains("and 1 have"));
        assert!(refused(&signed(&[1, 1]), &trust()).contains("and 1 have"));
        let elsewhere = Trust { audience: "other.example".to_owned(), ..trust() };
        assert!(refused(&signed(&[0, 1]), &elsewhere).contains("for this installation"));
        let mut unknown = trust();
        unknown.signers.remove(&person(1).0);
        assert!(refused(&signed(&[0, 1]), &unknown).contains("no key of that supervisor"));
        // One person under two names, with one key.
        let mut doubled = trust();
        doubled.signers.insert(person(1).0, person(0).1.verifying_key());
        let mut profile = signed(&[0]);
        profile.sign(SITE, &person(1).0, &person(0).1);
        assert!(refused(&profile, &doubled).contains("and 1 have"));
    }

    #[test]
    fn a_change_of_any_byte_of_meaning_breaks_it() {
        let text = signed(&[0, 1]).to_toml();
        for (before, after) in [("revision = 3", "revision = 4"), ("thread", "board"), ("board-x", "board-y")] {
            let changed = SignedProfile::parse(&text.replacen(before, after, 1)).unwrap();
            assert!(changed.verify(&trust()).is_err(), "{before}");
        }
        // Keys behind the signatures are not part of what was signed, and are no part of a file.
        for extra in ["\n[login]\npage = \"/x\"\n", "\nname = \"x\"\n", "\n[[page]]\nkind = \"ad\"\n"] {
            assert!(SignedProfile::parse(&format!("{text}{extra}")).is_err(), "{extra}");
        }
        let comment = SignedProfile::parse(&text.replacen("# by hand", "# by hand, long ago", 1)).unwrap();
        assert_eq!(comment.verify(&trust()), Ok(()), "a comment says nothing");
    }
}
