//! What a witness says of a checkpoint: "I saw this tree, and it went on from the one that I saw before."
//!
//! The line and what it signs are C2SP tlog-cosignature's, version 1, with Ed25519, so that other verifiers of signed
//! notes read them. A witness is a person's own client; its name is `<log>/witness/<person>`.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use model::{PersonId, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::key::{SIGNATURE_MARK, check_origin, hex};

/// The byte that stands for a cosignature with Ed25519 in key ids and key texts.
const COSIGNATURE: u8 = 4;

/// Bytes of a time stamp and a signature.
const STATED_BYTES: usize = 8 + 64;

/// The public half of a witness's key. Its text is `name+id+base64`, like a log's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

/// One witness's word for a checkpoint, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// The witness's name.
    pub witness: String,
    /// When the witness says that it signed; whole seconds.
    pub at: Timestamp,
}

impl WitnessKey {
    /// The key of a person who witnesses a log with the key that they enrolled with.
    #[must_use]
    pub fn of_person(origin: &str, person: &PersonId, key: VerifyingKey) -> Self {
        Self::new(format!("{origin}/witness/{person}"), key)
    }

    fn new(name: String, key: VerifyingKey) -> Self {
        let digest = Sha256::new()
            .chain_update(&name)
            .chain_update([b'\n', COSIGNATURE])
            .chain_update(key.as_bytes())
            .finalize();
        Self { name, id: [digest[0], digest[1], digest[2], digest[3]], key }
    }

    /// Reads `name+id+base64`.
    ///
    /// # Errors
    /// When it is not in exactly the form that [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let read = || {
            let mut parts = text.splitn(3, '+');
            let (name, _, blob) = (parts.next()?, parts.next()?, parts.next()?);
            let blob = BASE64_STANDARD.decode(blob).ok()?;
            let key = VerifyingKey::from_bytes(blob.strip_prefix(&[COSIGNATURE])?.try_into().ok()?).ok()?;
            check_origin(name).ok()?;
            Some(Self::new(name.to_owned(), key)).filter(|read| read.to_string() == text)
        };
        read().ok_or(Error::Key("the text is not `name+id+key` of a witness"))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line that a witness adds below a checkpoint. `key` must be the private half of this key: a line by another
    /// one counts for nothing.
    #[must_use]
    pub fn cosign(&self, checkpoint: &Checkpoint, key: &SigningKey, now: Timestamp) -> String {
        let secs = now.secs().unsigned_abs();
        let signature = key.sign(statement(checkpoint, secs).as_bytes());
        let blob = [self.id.as_slice(), &secs.to_be_bytes(), &signature.to_bytes()].concat();
        format!("{SIGNATURE_MARK}{} {}\n", self.name, BASE64_STANDARD.encode(blob))
    }

    /// This witness's word below `note`, whose text is `checkpoint`; `None` if there is none that holds.
    #[must_use]
    pub fn cosignature(&self, note: &str, checkpoint: &Checkpoint) -> Option<Cosignature> {
        let (_, signatures) = note.split_once("\n\n")?;
        signatures.lines().find_map(|line| {
            let (name, blob) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
            let blob = BASE64_STANDARD.decode(blob).ok()?;
            let (id, stated) = blob.split_at_checked(4)?;
            if name != self.name || id != self.id || stated.len() != STATED_BYTES {
                return None;
            }
            let (secs, signature) = stated.split_first_chunk::<8>()?;
            let (secs, signature) = (u64::from_be_bytes(*secs), Signature::from_slice(signature).ok()?);
            self.key.verify_strict(statement(checkpoint, secs).as_bytes(), &signature).ok()?;
            let at = Timestamp::from_secs(i64::try_from(secs).ok()?);
            Some(Cosignature { witness: self.name.clone(), at })
        })
    }
}

/// What is signed: never the text of a checkpoint alone, so that no witness's key can sign for a log.
fn statement(checkpoint: &Checkpoint, secs: u64) -> String {
    format!("cosignature/v1\ntime {secs}\n{checkpoint}")
}

/// `unit-7.example/audit/witness/s.maria+1a2b3c4d+BV…`.
impl fmt::Display for WitnessKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[COSIGNATURE], self.key.as_bytes().as_slice()].concat();
        write!(out, "{}+{}+{}", self.name, hex(&self.id), BASE64_STANDARD.encode(blob))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LogKey;

    fn scene() -> (Checkpoint, String, SigningKey, WitnessKey) {
        let log = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng).unwrap();
        let checkpoint = Checkpoint { origin: "unit-7.example/audit".into(), size: 1792, root: [9; 32] };
        let note = log.sign(&checkpoint.to_string());
        let key = SigningKey::from_bytes(&[7; 32]);
        let witness = WitnessKey::of_person("unit-7.example/audit", &"s.maria".parse().unwrap(), key.verifying_key());
        (checkpoint, note, key, witness)
    }

    #[test]
    fn a_cosignature_holds_for_its_checkpoint_and_its_witness_alone() {
        let (checkpoint, note, key, witness) = scene();
        let now = Timestamp::from_secs(1_795_000_000);
        let cosigned = note.clone() + &witness.cosign(&checkpoint, &key, now);
        let found = witness.cosignature(&cosigned, &checkpoint).unwrap();
        assert_eq!((found.witness.as_str(), found.at), ("unit-7.example/audit/witness/s.maria", now));
        assert_eq!(witness.cosignature(&note, &checkpoint), None);
        let other = Checkpoint { size: 1793, ..checkpoint.clone() };
        assert_eq!(witness.cosignature(&cosigned, &other), None);
        let stranger = SigningKey::from_bytes(&[8; 32]);
        assert_eq!(witness.cosignature(&(note + &witness.cosign(&checkpoint, &stranger, now)), &checkpoint), None);
        let jonas = WitnessKey::of_person("unit-7.example/audit", &"s.jonas".parse().unwrap(), key.verifying_key());
        assert_eq!(jonas.cosignature(&cosigned, &checkpoint), None, "another name with the same key");
    }

    #[test]
    fn no_flipped_bit_of_the_line_is_accepted() {
        let (checkpoint, note, key, witness) = scene();
        let line = witness.cosign(&checkpoint, &key, Timestamp::from_secs(1_795_000_000));
        for bit in 0..line.len() * 8 {
            let mut altered = line.clone().into_bytes();
            altered[bit / 8] ^= 1 << (bit % 8);
            let Ok(altered) = String::from_utf8(altered) else { continue };
            assert_eq!(witness.cosignature(&(note.clone() + &altered), &checkpoint), None, "bit {bit}");
        }
    }

    #[test]
    fn a_key_reads_back_and_is_no_key_of_a_log() {
        let (.., witness) = scene();
        let text = witness.to_string();
        assert_eq!(WitnessKey::parse(&text).unwrap(), witness);
        assert!(crate::LogVerifier::parse(&text).is_err());
        for at in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[at] ^= 1;
            assert!(WitnessKey::parse(&String::from_utf8(altered).unwrap()).is_err(), "byte {at}");
        }
    }
}
