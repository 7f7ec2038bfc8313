//! Disclosed originals: each under a grant that enough supervisors signed, each the copy that the log knows.

use data_encoding::HEXLOWER;
use seal::sshsig;

use crate::about::About;
use crate::captures::Captures;
use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::log::Entries;
use crate::signers::Signers;

const FIRST_LINE: &[u8] = b"age-encryption.org/v1\n";
const AT: &str = "pack.json";
/// Where the archive of the originals lies.
pub(crate) const ARCHIVE: &str = "originals/unredacted.wacz.age";

pub(crate) fn check(
    files: &Files,
    about: &About,
    captures: &Captures,
    log: &Entries,
    signers: &Signers,
) -> Result<(), Fault> {
    for (id, file, recipient) in &about.originals {
        let capture = captures
            .get(id)
            .ok_or_else(|| Fault::new(AT, format!("it names an original of {id}, which is no capture of the pack")))?;
        hold(*file == format!("originals/{id}.age"), AT, || format!("the original of {id} lies in another place"))?;
        let bytes = files.bytes(file)?;
        let payload = payload(&bytes).ok_or_else(|| Fault::new(file, "it is no age file"))?;
        let sealed = capture.value["evidentiary_copy"]["payload_blake3"].as_str().unwrap_or_default();
        hold(blake3::hash(payload).to_hex().as_str() == sealed, file, || {
            "its payload is not the sealed one: only the header may differ from the sealed original".to_owned()
        })?;
        let copy = blake3::hash(&bytes).to_hex().to_string();
        let known = log.all().any(|(_, entry)| {
            let said = |name: &str| entry.record.as_ref().and_then(|record| record[name].as_str()).unwrap_or_default();
            entry.kind.starts_with("disclose")
                && said("capture") == id
                && said("copy_blake3") == copy
                && said("recipient") == recipient
        });
        hold(known, file, || format!("the log knows of no disclosure of this copy to {recipient}"))?;
        check_grant(files, about, id, capture, log, signers)?;
    }
    check_archive(files, about)?;
    for name in files.within("originals/") {
        let path = format!("originals/{name}");
        if path == ARCHIVE {
            continue;
        }
        hold(about.originals.iter().any(|(_, file, _)| *file == path), &path, || {
            "pack.json does not name it".to_owned()
        })?;
    }
    Ok(())
}

/// The archive of the originals is there when the grant is for it, and is for its recipient alone.
fn check_archive(files: &Files, about: &About) -> Result<(), Fault> {
    match about.edition.as_str() {
        "redacted" => hold(!files.has(ARCHIVE), ARCHIVE, || "the grant is for the redacted edition".to_owned()),
        "unredacted" => {
            hold(!about.originals.is_empty(), AT, || "an unredacted edition without an original is none".to_owned())?;
            let bytes = files.bytes(ARCHIVE)?;
            hold(payload(&bytes).is_some(), ARCHIVE, || "it is no age file".to_owned())
        }
        other => Err(Fault::new(AT, format!("`{other}` is no edition that is known here"))),
    }
}

/// Everything after the header, whose last line begins with `---`.
fn payload(file: &[u8]) -> Option<&[u8]> {
    let rest = file.strip_prefix(FIRST_LINE)?;
    let mut at = 0;
    loop {
        let line = rest[at..].split(|byte| *byte == b'\n').next()?;
        at += line.len() + 1;
        if at > rest.len() {
            return None;
        }
        if line.starts_with(b"---") {
            return Some(&rest[at..]);
        }
    }
}

/// The grant of one original: what it says, who signed it, and that the log announced it.
fn check_grant(
    files: &Files,
    about: &About,
    id: &str,
    capture: &crate::captures::Capture,
    log: &Entries,
    signers: &Signers,
) -> Result<(), Fault> {
    let at = format!("approvals/{id}");
    let grant = files.text(&at)?;
    let said = |key: &str| grant.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
    hold(grant.starts_with("lanthorn grant v1\n"), &at, || "it is no grant of version 1".to_owned())?;
    hold(said("capture") == Some(id), &at, || "it is the grant of another capture".to_owned())?;
    let header = capture.value["evidentiary_copy"]["header_blake3"].as_str();
    hold(said("header") == header, &at, || "it is for another sealed header".to_owned())?;
    let mut approved = 0;
    for name in files.within(&format!("{at}.")) {
        let place = format!("{at}.{name}");
        let person = name.strip_suffix(".sig").ok_or_else(|| Fault::new(&place, "no file of a pack has this name"))?;
        let (key, signature) = sshsig::read(sshsig::GRANT_NAMESPACE, &files.text(&place)?)
            .ok_or_else(|| Fault::new(&place, "it is no SSH signature of a grant by an Ed25519 key"))?;
        hold(signers.name(sshsig::GRANT_NAMESPACE, &key).as_deref() == Some(person), &place, || {
            format!("it is not by a key that {person} may approve with")
        })?;
        hold(sshsig::verifies(sshsig::GRANT_NAMESPACE, grant.as_bytes(), &signature, &key), &place, || {
            "it does not fit the grant: the grant was changed after it was approved".to_owned()
        })?;
        hold(said("requester") != Some(person), &place, || format!("{person} asked and cannot approve"))?;
        approved += 1;
    }
    let needed = about.approvals_needed;
    hold(approved >= needed, &at, || format!("{approved} of {needed} needed approvals are there"))?;
    let hash = HEXLOWER.encode(blake3::hash(grant.as_bytes()).as_bytes());
    let announced = log.all().any(|(_, entry)| {
        let of = |name: &str| entry.record.as_ref().and_then(|record| record[name].as_str()).unwrap_or_default();
        entry.kind == "unseal-request" && of("grant") == hash && of("capture") == id
    });
    hold(announced, &at, || "the log has not announced this request".to_owned())
}
