//! A security key in software, as tests hold it. What it says is put together from its parts, so that each can be bent.
//! The tests of `access` read this file, too.

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::Signer as _;
use rand::RngCore as _;
use rand::rngs::OsRng;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use sha2::{Digest as _, Sha256};

pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

enum Secret {
    Es256(EcdsaKeyPair),
    EdDsa(ed25519_dalek::SigningKey),
}

/// One key for one person of one site.
pub(crate) struct Key {
    secret: Secret,
    pub(crate) credential: Vec<u8>,
    pub(crate) handle: Vec<u8>,
    pub(crate) counter: u32,
    pub(crate) flags: u8,
}

/// What a browser hands over when a key is made.
pub(crate) struct Made {
    pub(crate) client_data: Vec<u8>,
    pub(crate) attestation: Vec<u8>,
}

/// What a browser hands over when a key is used.
#[derive(Clone)]
pub(crate) struct Used {
    pub(crate) credential: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    pub(crate) authenticator_data: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) user_handle: Vec<u8>,
}

impl Key {
    pub(crate) fn es256(handle: &[u8]) -> Self {
        let (algorithm, rng) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let secret = EcdsaKeyPair::generate_pkcs8(algorithm, &rng).unwrap();
        Self::with(Secret::Es256(EcdsaKeyPair::from_pkcs8(algorithm, secret.as_ref(), &rng).unwrap()), handle)
    }

    pub(crate) fn eddsa(handle: &[u8]) -> Self {
        Self::with(Secret::EdDsa(ed25519_dalek::SigningKey::generate(&mut OsRng)), handle)
    }

    fn with(secret: Secret, handle: &[u8]) -> Self {
        let mut credential = vec![0; 32];
        OsRng.fill_bytes(&mut credential);
        Self { secret, credential, handle: handle.to_vec(), counter: 0, flags: PRESENT | VERIFIED }
    }

    pub(crate) fn make(&self, origin: &str, challenge: &[u8]) -> Made {
        let data = self.attested(id_of(origin), &self.cose());
        let client_data = client_data("webauthn.create", challenge, origin);
        Made { client_data, attestation: attestation("none", &[0xa0], &data) }
    }

    /// Uses it: the counter goes up.
    pub(crate) fn answer(&mut self, origin: &str, challenge: &[u8]) -> Used {
        self.counter += 1;
        let data = self.authenticator_data(id_of(origin));
        self.answer_with(client_data("webauthn.get", challenge, origin), data)
    }

    /// Signs whatever it is told to.
    pub(crate) fn answer_with(&self, client_data: Vec<u8>, authenticator_data: Vec<u8>) -> Used {
        let signed = [authenticator_data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature = match &self.secret {
            Secret::Es256(key) => key.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec(),
            Secret::EdDsa(key) => key.sign(&signed).to_bytes().to_vec(),
        };
        let (credential, user_handle) = (self.credential.clone(), self.handle.clone());
        Used { credential, client_data, authenticator_data, signature, user_handle }
    }

    pub(crate) fn authenticator_data(&self, rp_id: &str) -> Vec<u8> {
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(self.flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    pub(crate) fn attested(&self, rp_id: &str, cose: &[u8]) -> Vec<u8> {
        let mut data = self.authenticator_data(rp_id);
        data[32] |= ATTESTED;
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).unwrap().to_be_bytes());
        data.extend(&self.credential);
        data.extend(cose);
        data
    }

    /// The public key as keys write it: canonical CBOR.
    pub(crate) fn cose(&self) -> Vec<u8> {
        match &self.secret {
            Secret::Es256(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32); // after the 4 of a point in full
                cose_es256(x, y)
            }
            Secret::EdDsa(key) => cose_eddsa(key.verifying_key().as_bytes()),
        }
    }
}

pub(crate) fn cose_es256(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20], x, &[0x22, 0x58, 0x20], y].concat()
}

pub(crate) fn cose_eddsa(point: &[u8]) -> Vec<u8> {
    [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20], point].concat()
}

pub(crate) fn client_data(ceremony: &str, challenge: &[u8], origin: &str) -> Vec<u8> {
    let challenge = BASE64URL_NOPAD.encode(challenge);
    format!(r#"{{"type":"{ceremony}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#).into_bytes()
}

/// `fmt`, `attStmt`, `authData`.
pub(crate) fn attestation(format: &str, statement: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    let format = [&[0x60 + u8::try_from(format.len()).unwrap()], format.as_bytes()].concat();
    [b"\xa3\x63fmt".as_slice(), &format, b"\x67attStmt", statement, b"\x68authData\x59", &length, data].concat()
}

fn id_of(origin: &str) -> &str {
    let host = origin.split_once("://").unwrap().1;
    host.split(':').next().unwrap()
}
