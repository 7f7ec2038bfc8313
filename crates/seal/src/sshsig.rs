//! Signatures that stock `ssh-keygen -Y verify` checks: OpenSSH's SSHSIG, version 1, with Ed25519 and SHA-512.
//!
//! The format is `PROTOCOL.sshsig` of OpenSSH: what is signed carries a namespace, so that a signature given for one
//! purpose is none for another.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use model::PersonId;
use sha2::{Digest as _, Sha512};

/// What approvals of a grant are signed for.
pub const GRANT_NAMESPACE: &str = "grant@lanthorn";

const MAGIC: &[u8; 6] = b"SSHSIG";
const VERSION: u32 = 1;
const KEY_TYPE: &str = "ssh-ed25519";
const HASH: &str = "sha512";

/// Characters of a line of base64, as `ssh-keygen` writes them.
const LINE_CHARS: usize = 70;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";

/// Longest armour that is read.
const MAX_ARMOUR_BYTES: usize = 4_096;

/// Signs a message for one purpose.
pub fn sign(namespace: &str, message: &[u8], key: &SigningKey) -> Signature {
    key.sign(&signed(namespace, message))
}

/// Whether a signature is this key's, over this message, for this purpose.
pub fn verifies(namespace: &str, message: &[u8], signature: &Signature, key: &VerifyingKey) -> bool {
    key.verify_strict(&signed(namespace, message), signature).is_ok()
}

/// The signature file that `ssh-keygen -Y verify -s` reads.
#[must_use]
pub fn armoured(namespace: &str, signature: &Signature, key: &VerifyingKey) -> String {
    let mut blob = MAGIC.to_vec();
    blob.extend(VERSION.to_be_bytes());
    string(&mut blob, &public(key));
    string(&mut blob, namespace.as_bytes());
    string(&mut blob, b"");
    string(&mut blob, HASH.as_bytes());
    let mut inner = Vec::new();
    string(&mut inner, KEY_TYPE.as_bytes());
    string(&mut inner, &signature.to_bytes());
    string(&mut blob, &inner);
    let mut text = BEGIN.to_owned();
    for line in BASE64_STANDARD.encode(blob).as_bytes().chunks(LINE_CHARS) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text + END
}

/// The line of an `allowed_signers` file for a person.
#[must_use]
pub fn allowed_signer(namespace: &str, person: &PersonId, key: &VerifyingKey) -> String {
    format!("{person} namespaces=\"{namespace}\" {KEY_TYPE} {}\n", BASE64_STANDARD.encode(public(key)))
}

/// An armoured signature, read: by which key, and the signature. `None` if it is no SSHSIG of version 1 by an Ed25519 key in
/// this namespace, or is written in another way than [`armoured`] writes it.
#[must_use]
pub fn read(namespace: &str, text: &str) -> Option<(VerifyingKey, Signature)> {
    if text.len() > MAX_ARMOUR_BYTES {
        return None;
    }
    let inner = text.strip_prefix(BEGIN)?.strip_suffix(END)?;
    let blob = BASE64_STANDARD.decode(inner.split('\n').collect::<String>()).ok()?;
    // Key and signature stand at fixed places: every string before them has a known length.
    let head = MAGIC.len() + 4 + 4 + 4 + KEY_TYPE.len() + 4;
    let key = VerifyingKey::from_bytes(blob.get(head..head + 32)?.try_into().ok()?).ok()?;
    let signature = Signature::from_slice(blob.get(blob.len().checked_sub(64)?..)?).ok()?;
    (armoured(namespace, &signature, &key) == text).then_some((key, signature))
}

fn signed(namespace: &str, message: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for part in [namespace.as_bytes(), b"", HASH.as_bytes(), &Sha512::digest(message)] {
        string(&mut bytes, part);
    }
    bytes
}

fn public(key: &VerifyingKey) -> Vec<u8> {
    let mut blob = Vec::new();
    string(&mut blob, KEY_TYPE.as_bytes());
    string(&mut blob, key.as_bytes());
    blob
}

/// SSH's string: length in four bytes, most significant first, then the bytes.
fn string(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend((part.len() as u32).to_be_bytes());
    bytes.extend_from_slice(part);
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    /// What stock `ssh-keygen` says of a signature file.
    fn openssh_accepts(signers: &str, person: &str, namespace: &str, signature: &str, message: &[u8]) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let (allowed, file) = (folder.path().join("allowed_signers"), folder.path().join("signature"));
        fs::write(&allowed, signers).unwrap();
        fs::write(&file, signature).unwrap();
        let mut child = Command::new("ssh-keygen")
            .args(["-Y", "verify", "-n", namespace, "-I", person, "-f"])
            .arg(&allowed)
            .arg("-s")
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssh-client is installed: `cargo xtask test` does so");
        child.stdin.take().unwrap().write_all(message).unwrap();
        child.wait().unwrap().success()
    }

    #[test]
    fn stock_ssh_keygen_accepts_what_we_sign_and_nothing_else() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let person = "s.maria".parse().unwrap();
        let message = b"lanthorn grant v1\nrequest 7\n";
        let signature = sign(GRANT_NAMESPACE, message, &key);
        let file = armoured(GRANT_NAMESPACE, &signature, &key.verifying_key());
        let signers = allowed_signer(GRANT_NAMESPACE, &person, &key.verifying_key());
        assert!(openssh_accepts(&signers, "s.maria", GRANT_NAMESPACE, &file, message));
        assert!(verifies(GRANT_NAMESPACE, message, &signature, &key.verifying_key()));
        assert_eq!(read(GRANT_NAMESPACE, &file), Some((key.verifying_key(), signature)));
        assert_eq!(read("file", &file), None);
        assert_eq!(read(GRANT_NAMESPACE, &file[..file.len() - 1]), None);

        assert!(!openssh_accepts(&signers, "s.maria", GRANT_NAMESPACE, &file, b"lanthorn grant v1\nrequest 8\n"));
        assert!(!openssh_accepts(&signers, "s.jonas", GRANT_NAMESPACE, &file, message));
        assert!(!openssh_accepts(&signers, "s.maria", "file", &file, message));
        let other = allowed_signer(GRANT_NAMESPACE, &person, &SigningKey::from_bytes(&[8; 32]).verifying_key());
        assert!(!openssh_accepts(&other, "s.maria", GRANT_NAMESPACE, &file, message));
        assert!(!verifies("file", message, &signature, &key.verifying_key()));
    }

    #[test]
    fn no_flipped_bit_of_a_signature_holds() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let good = sign(GRANT_NAMESPACE, b"message", &key).to_bytes();
        for bit in 0..good.len() * 8 {
            let mut altered = good;
            altered[bit / 8] ^= 1 << (bit % 8);
            let altered = Signature::from_bytes(&altered);
            assert!(!verifies(GRANT_NAMESPACE, b"message", &altered, &key.verifying_key()), "bit {bit}");
        }
    }
}
