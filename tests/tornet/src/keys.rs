//! Keys that must be known before a network starts: the authorities' identities, and onion services with a given key.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::crew::{EMPTY, Starter};
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

/// Makes an authority's keys: about a second of one core, nearly all of it for the RSA key of the identity.
pub(crate) fn make_authority(place: &Place, folder: &Folder, starter: &Starter) -> Result<Authority, Fault> {
    let node = folder.path().join(&place.name);
    let keys = node.join("keys");
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

    // tor needs an authority that is not the public network's to agree to anything at all; this one it never speaks to.
    let nobody = format!("nobody orport=1 v3ident={v3ident} 127.0.0.1:1 {}", "0".repeat(40));
    let child = starter.start("tor", |command| {
        command.args(["--quiet", "--list-fingerprint", "-f"]).arg(folder.path().join(EMPTY));
        command.arg("--defaults-torrc").arg(folder.path().join(EMPTY)).arg("DataDirectory").arg(&node);
        command.args(["Nickname", &place.name, "ORPort", &place.or_port.to_string(), "SocksPort", "0"]);
        command.args(["Address", &place.address.to_string(), "AssumeReachable", "1", "TestingTorNetwork", "1"]);
        command.args(["DirAuthority", &nobody]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    });
    finish(child, "").map_err(|why| fault(format!("tor --list-fingerprint: {why}")))?;
    let name = format!("{} ", place.name);
    let rsa = word_after(&node.join("fingerprint"), &name).map_err(fault)?;
    let ed25519 = word_after(&node.join("fingerprint-ed25519"), &name).map_err(fault)?;
    Ok(Authority { place: place.clone(), v3ident, rsa, ed25519 })
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
