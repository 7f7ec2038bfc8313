//! Keys that must be known before a network starts: the authorities' identities, and onion services with a given key.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::crew::Starter;
use crate::error::Error;
use crate::fault::Fault;
use crate::folder::{Folder, make, write};
use crate::options::Onion;
use crate::plan::Place;

/// Protects nothing: the keys live as long as one test.
const PASSPHRASE: &str = "tornet\n";
/// Months that the authorities' certificates are valid for.
const MONTHS: &str = "12";

/// Who an authority is, to itself and to everybody else.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    pub(crate) place: Place,
    /// Fingerprint of the identity that signs votes, in hexadecimal.
    pub(crate) v3ident: String,
    /// Fingerprint of the relay's RSA identity, in hexadecimal.
    pub(crate) rsa: String,
    /// The relay's ed25519 identity, in base64 without padding.
    pub(crate) ed25519: String,
}

/// Makes the keys with which an authority signs votes: about a second of one core, nearly all of it for one RSA key.
///
/// The relay's identity is still unknown, and stands as zeros, until the authority has started and made it.
pub(crate) fn make_authority(place: &Place, folder: &Folder, starter: &Starter) -> Result<Authority, Fault> {
    let keys = folder.path().join(&place.name).join("keys");
    let fault = |why: String| Fault::final_of(&place.name, why);
    make(&keys).map_err(|error| fault(error.to_string()))?;
    let certificate = keys.join("authority_certificate");
    let child = starter.start("tor-gencert", |command| {
        command.args(["--create-identity-key", "-m", MONTHS, "--passphrase-fd", "0"]);
        command.args(["-a", &format!("{}:{}", place.address, place.dir_port)]);
        command.arg("-i").arg(keys.join("authority_identity_key"));
        command.arg("-s").arg(keys.join("authority_signing_key"));
        command.arg("-c").arg(&certificate);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    });
    finish(child, PASSPHRASE).map_err(|why| fault(format!("tor-gencert: {why}")))?;
    let v3ident = word_after(&certificate, "\nfingerprint ").map_err(fault)?;
    Ok(Authority { place: place.clone(), v3ident, rsa: "0".repeat(40), ed25519: String::new() })
}

/// Reads the identity that a started authority has made for itself.
pub(crate) fn read_identity(authority: &mut Authority, folder: &Folder) -> Result<(), Fault> {
    let node = folder.path().join(&authority.place.name);
    let word = |file: &str| {
        let word = word_after(&node.join(file), &format!("{} ", authority.place.name));
        word.map_err(|why| Fault::not_yet(&authority.place.name, why))
    };
    let (rsa, ed25519) = (word("fingerprint")?, word("fingerprint-ed25519")?);
    (authority.rsa, authority.ed25519) = (rsa, ed25519);
    Ok(())
}

/// Writes the key of an onion service as tor keeps it, where there is one; its folder is made in any case.
pub(crate) fn lay_onion(onion: &Onion, folder: &Path) -> Result<(), Error> {
    make(folder)?;
    match &onion.key {
        Some(key) => write(&folder.join("hs_ed25519_secret_key"), &key_file(key), 0o600),
        None => Ok(()),
    }
}

/// A header of 32 bytes, then the expanded key: tor's `src/lib/crypt_ops/crypto_ed25519.c`, "tagged" key files.
fn key_file(key: &[u8; 64]) -> Vec<u8> {
    let mut file = b"== ed25519v1-secret: type0 ==".to_vec();
    file.resize(32, 0);
    file.extend_from_slice(key);
    file
}

/// Feeds a program, waits for its end, and says what it complained about.
fn finish(child: io::Result<Child>, input: &str) -> Result<(), String> {
    let run = || {
        let mut child = child?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        child.wait_with_output()
    };
    let output = run().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()))
}

/// The word that follows a mark in a file.
fn word_after(path: &Path, mark: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("read {}: {error}", path.display()))?;
    let word = text.split_once(mark).and_then(|(_, rest)| rest.split_whitespace().next());
    word.map(str::to_owned).ok_or_else(|| format!("{} does not have the form that tor gives it", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_given_key_is_written_as_tor_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("quay");
        lay_onion(&Onion::new("quay", 80).with_key([7; 64]), &path).expect("the key is written");
        let file = path.join("hs_ed25519_secret_key");
        let bytes = std::fs::read(&file).expect("the key file");
        assert_eq!(&bytes[..32], b"== ed25519v1-secret: type0 ==\0\0\0");
        assert_eq!(&bytes[32..], [7; 64]);
        let mode = |path: &Path| std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&file)), (0o700, 0o600));
    }

    #[test]
    fn a_program_that_fails_is_quoted() {
        let crew = crate::crew::Crew::new().expect("tor is installed");
        let child = crew.starter().start("ls", |command| {
            command.arg("/there-is-no-such-folder").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        });
        let why = finish(child, "").expect_err("there is no such folder");
        assert!(why.contains("there-is-no-such-folder"), "{why}");
    }
}
