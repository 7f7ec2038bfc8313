//! Signatures under a document, and the one door to [`Authorised`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use model::{AuthorisationId, CaseId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::document::{Ceilings, Document};
use crate::draft::{self, Draft};
use crate::limits::{MAX_SUPERVISORS, MIN_SUPERVISORS};
use crate::{Error, Refusal, Rule};

/// What is signed begins with this line, so that no signature made for anything else fits here, nor the reverse.
const CONTEXT: &str = "lanthorn 2026-11 authorisation signature";

/// A supervisor's signature under a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who signed.
    pub signer: PersonId,
    /// Ed25519 over [`message`].
    pub bytes: [u8; 64],
}

/// A document and the signatures that came with it; what they are worth, [`verify`](Self::verify) says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDocument {
    /// The document.
    pub document: Document,
    /// Signatures, in the file's order.
    pub signatures: Vec<Signature>,
}

/// Whom an installation trusts, and for what.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Supervisors and their signature keys.
    pub signers: BTreeMap<PersonId, VerifyingKey>,
    /// How many different ones must have signed; never fewer than two are asked for.
    pub required: usize,
    /// This installation's name.
    pub audience: String,
    /// Authorisations that were revoked.
    pub revoked: BTreeSet<AuthorisationId>,
}

/// A document that was signed, addressed to this installation, in force and not revoked when it was verified. Only
/// [`SignedDocument::verify`] makes one; the validity window is looked at again with every URL.
#[derive(Clone)]
pub struct Authorised(Arc<Verified>);

struct Verified {
    id: AuthorisationId,
    document: Document,
}

/// Signs a document's canonical form as `signer`.
#[must_use]
pub fn sign(document: &Document, signer: &PersonId, key: &SigningKey) -> Signature {
    Signature { signer: signer.clone(), bytes: key.sign(&message(document, signer)).to_bytes() }
}

/// What a supervisor signs: a fixed line, the own name, the canonical form.
fn message(document: &Document, signer: &PersonId) -> Vec<u8> {
    let mut message = format!("{CONTEXT}\n{signer}\n").into_bytes();
    message.extend_from_slice(&document.canonical());
    message
}

/// The file: the document's keys, then a table for each signature.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    signature: Vec<SignatureTable>,
    #[serde(flatten)]
    rest: toml::Table,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureTable {
    signer: String,
    ed25519: String,
}

impl SignedDocument {
    /// Reads a file, with or without signatures.
    ///
    /// # Errors
    /// As [`Document::parse`], and when a signature table is not a name and 64 bytes in base64.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let file: File = draft::from_toml(text)?;
        if file.signature.len() > MAX_SUPERVISORS {
            return Err(Error::Signature { number: file.signature.len(), what: "there are too many signatures" });
        }
        // The document is read from the text when it stands alone, so that a fault is told with its line.
        let draft = if file.signature.is_empty() { Draft::parse(text)? } else { draft::from_table(file.rest)? };
        let document = Document::check(draft)?;
        let signatures = file.signature.into_iter().enumerate();
        let signatures = signatures.map(|(index, table)| table.read(index + 1)).collect::<Result<_, _>>()?;
        Ok(Self { document, signatures })
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = self.document.to_toml();
        for signature in &self.signatures {
            text.push_str("\n[[signature]]\n");
            text.push_str(&draft::to_toml(&SignatureTable::of(signature)));
        }
        text
    }

    /// Adds a signature, in place of an earlier one by the same person.
    pub fn add(&mut self, signature: Signature) {
        self.signatures.retain(|known| known.signer != signature.signer);
        self.signatures.push(signature);
    }

    /// Turns the document into the power to collect, if everything about it is right at `now`.
    ///
    /// # Errors
    /// The first rule that stands against it.
    pub fn verify(&self, trust: &Trust, now: Timestamp) -> Result<Authorised, Refusal> {
        match self.missing(trust, now).into_iter().next() {
            Some(refusal) => Err(refusal),
            None => Ok(Authorised(Arc::new(Verified { id: self.document.id(), document: self.document.clone() }))),
        }
    }

    /// Everything that stands between this document and [`verify`](Self::verify): empty if nothing does.
    #[must_use]
    pub fn missing(&self, trust: &Trust, now: Timestamp) -> Vec<Refusal> {
        let mut faults = Vec::new();
        // The rules once more, the protected destinations first: a document may have been made before a rule was.
        if let Err(Error::Refused(refusals)) = Document::check(self.document.draft().clone()) {
            faults.extend(refusals);
        }
        if self.document.audience() != trust.audience {
            faults.push(Refusal::new(Rule::Audience, "it is addressed to another installation"));
        }
        if trust.revoked.contains(&self.document.id()) {
            faults.push(Refusal::new(Rule::Revoked, "it was revoked"));
        }
        faults.extend(self.signature_faults(trust));
        faults.extend(in_force(&self.document, now).err());
        faults
    }

    fn signature_faults(&self, trust: &Trust) -> Vec<Refusal> {
        let mut faults = Vec::new();
        let mut people = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for signature in &self.signatures {
            let who = &signature.signer;
            let refuse = |why: &str| Refusal::new(Rule::Signatures, format!("the signature of {who} {why}"));
            if !self.document.supervisors().contains(who) {
                faults.push(refuse("does not count, as the document does not name that supervisor"));
                continue;
            }
            let Some(key) = trust.signers.get(who) else {
                faults.push(refuse("cannot be checked, as no key of that supervisor is trusted here"));
                continue;
            };
            let bytes = ed25519_dalek::Signature::from_bytes(&signature.bytes);
            if key.verify_strict(&message(&self.document, who), &bytes).is_err() {
                faults.push(refuse("is not one under this text"));
            } else if people.insert(who) && !keys.insert(key.to_bytes()) {
                faults.push(refuse("was made with another supervisor's key"));
            }
        }
        let needed = trust.required.max(MIN_SUPERVISORS);
        if keys.len() < needed {
            let why = format!("{needed} different supervisors must sign, and {} have", keys.len());
            faults.push(Refusal::new(Rule::Signatures, why));
        }
        faults
    }
}

impl SignatureTable {
    pub(crate) fn of(signature: &Signature) -> Self {
        Self { signer: signature.signer.to_string(), ed25519: BASE64.encode(signature.bytes) }
    }

    pub(crate) fn read(&self, number: usize) -> Result<Signature, Error> {
        let signer =
            self.signer.parse().map_err(|_| Error::Signature { number, what: "its signer is no person id" })?;
        let bytes = BASE64.decode(&self.ed25519).ok().and_then(|bytes| bytes.try_into().ok());
        let bytes = bytes.ok_or(Error::Signature { number, what: "it is not 64 bytes in base64" })?;
        Ok(Signature { signer, bytes })
    }
}

/// Whether `now` lies within the validity window.
fn in_force(document: &Document, now: Timestamp) -> Result<(), Refusal> {
    if now < document.not_before() {
        return Err(Refusal::new(Rule::Validity, format!("it begins on {}", document.not_before())));
    }
    if now >= document.not_after() {
        return Err(Refusal::new(Rule::Validity, format!("it ended on {}", document.not_after())));
    }
    Ok(())
}

impl Authorised {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> AuthorisationId {
        self.0.id
    }

    /// The case that pages are collected for.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        self.0.document.case()
    }

    /// What was signed.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.0.document
    }

    /// The most that may be collected.
    #[must_use]
    pub fn ceilings(&self) -> Ceilings {
        self.0.document.ceilings()
    }

    /// Whether it is in force at `now`.
    ///
    /// # Errors
    /// [`Rule::Validity`] before its first moment and from its last on.
    pub fn in_force(&self, now: Timestamp) -> Result<(), Refusal> {
        in_force(&self.0.document, now)
    }
}

impl fmt::Debug for Authorised {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Authorised({})", self.0.id)
    }
}
