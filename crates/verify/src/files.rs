//! The files of a pack: each listed, each as its digests say, and no other there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use seal::sshsig;
use sha2::{Digest as _, Sha256};

use crate::fault::{Fault, hold};
use crate::signers::Signers;

/// What the exporter signs the manifest for.
const NAMESPACE: &str = "pack@lanthorn";

/// The lists, which cannot list themselves.
const LISTS: [&str; 3] = ["MANIFEST.sha256", "MANIFEST.blake3", "MANIFEST.sha256.sig"];

/// Bytes of a file that is read whole; the archive is not.
const MAX_READ_BYTES: u64 = 1 << 30;

/// Files of a pack.
const MAX_FILES: usize = 200_000;

pub(crate) struct Files {
    root: PathBuf,
    manifest: String,
    listed: BTreeMap<String, String>,
}

impl Files {
    pub(crate) fn check(root: &Path) -> Result<Self, Fault> {
        let shown = root.display().to_string();
        hold(root.is_dir(), &shown, || "it is no folder".to_owned())?;
        let mut there = BTreeSet::new();
        gather(root, "", &mut there)?;
        for list in LISTS {
            hold(there.remove(list), list, || "the pack has no such file".to_owned())?;
        }
        let manifest = read(root, LISTS[0])?;
        let listed = list(LISTS[0], &manifest)?;
        let blake3 = list(LISTS[1], &read(root, LISTS[1])?)?;
        if let Some(path) = listed.keys().find(|path| !blake3.contains_key(*path)) {
            return Err(Fault::new(LISTS[1], format!("{path} is missing from it and stands in {}", LISTS[0])));
        }
        if let Some(path) = blake3.keys().find(|path| !listed.contains_key(*path)) {
            return Err(Fault::new(LISTS[0], format!("{path} is missing from it and stands in {}", LISTS[1])));
        }
        if let Some(path) = listed.keys().find(|path| !there.contains(*path)) {
            return Err(Fault::new(path, "it is listed in the manifest and not there"));
        }
        if let Some(path) = there.iter().find(|path| !listed.contains_key(*path)) {
            return Err(Fault::new(path, "it is there and not listed in the manifest: it does not belong to the pack"));
        }
        for (path, sha256) in &listed {
            let (found_sha256, found_blake3) = digests(root, path)?;
            hold(found_sha256 == *sha256, path, || format!("its SHA-256 is not the one in {}", LISTS[0]))?;
            hold(found_blake3 == blake3[path], path, || format!("its BLAKE3 is not the one in {}", LISTS[1]))?;
        }
        Ok(Self { root: root.to_owned(), manifest, listed })
    }

    /// The manifest is signed by somebody who may make packs.
    pub(crate) fn check_signature(&self, signers: &Signers) -> Result<(), Fault> {
        let at = LISTS[2];
        let armour = read(&self.root, at)?;
        let (key, signature) = sshsig::read(NAMESPACE, &armour)
            .ok_or_else(|| Fault::new(at, format!("it is no SSH signature for {NAMESPACE} by an Ed25519 key")))?;
        let known = signers.name(NAMESPACE, &key);
        hold(known.is_some(), at, || "it is by a key that nobody who may make packs has".to_owned())?;
        hold(sshsig::verifies(NAMESPACE, self.manifest.as_bytes(), &signature, &key), at, || {
            format!("it does not fit {}: the manifest was changed after it was signed", LISTS[0])
        })
    }

    /// Who signed the manifest.
    pub(crate) fn maker(&self, signers: &Signers) -> Option<String> {
        let (key, _) = sshsig::read(NAMESPACE, &read(&self.root, LISTS[2]).ok()?)?;
        signers.name(NAMESPACE, &key)
    }

    /// A listed file as text.
    pub(crate) fn text(&self, path: &str) -> Result<String, Fault> {
        hold(self.has(path), path, || "the pack has no such file".to_owned())?;
        read(&self.root, path)
    }

    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, Fault> {
        hold(self.has(path), path, || "the pack has no such file".to_owned())?;
        read_bytes(&self.root, path)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.listed.contains_key(path)
    }

    /// Listed files in a folder of the pack.
    pub(crate) fn within<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.listed.keys().filter_map(move |path| path.strip_prefix(folder))
    }

    /// Listed files, by path.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.listed.keys().map(String::as_str)
    }

    pub(crate) fn count(&self) -> usize {
        self.listed.len()
    }

    pub(crate) fn manifest_sha256(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(&self.manifest))
    }
}

/// Every file below, by its path from the root. Links and devices have no business in a pack.
fn gather(root: &Path, prefix: &str, found: &mut BTreeSet<String>) -> Result<(), Fault> {
    let shown = if prefix.is_empty() { "the pack" } else { prefix };
    let broken = |error: std::io::Error| Fault::new(shown, format!("it cannot be read ({error})"));
    for entry in fs::read_dir(root.join(prefix)).map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| Fault::new(shown, "a file in it has a name that is not UTF-8"))?;
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let kind = entry.file_type().map_err(broken)?;
        if kind.is_dir() {
            hold(path.matches('/').count() < 4, &path, || "folders of a pack are not that deep".to_owned())?;
            gather(root, &path, found)?;
        } else {
            hold(kind.is_file(), &path, || "it is no plain file".to_owned())?;
            found.insert(path);
            hold(found.len() <= MAX_FILES, "the pack", || format!("it has more than {MAX_FILES} files"))?;
        }
    }
    Ok(())
}

/// A list in the form of `sha256sum`: digest, two spaces, path; sorted, each once.
fn list(at: &str, text: &str) -> Result<BTreeMap<String, String>, Fault> {
    let mut listed = BTreeMap::new();
    let mut last = String::new();
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let row = line.strip_suffix('\n').and_then(|line| line.split_once("  "));
        let sound = |(digest, path): &(&str, &str)| {
            digest.len() == 64
                && digest.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
                && !path.is_empty()
                && !path.starts_with('/')
                && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        };
        let (digest, path) =
            row.filter(sound).ok_or_else(|| Fault::new(at, format!("line {number} is no digest and path")))?;
        hold(last.as_str() < path, at, || format!("line {number} is out of order, or there twice"))?;
        path.clone_into(&mut last);
        listed.insert(path.to_owned(), digest.to_owned());
    }
    hold(!listed.is_empty(), at, || "it lists nothing".to_owned())?;
    Ok(listed)
}

fn read(root: &Path, path: &str) -> Result<String, Fault> {
    String::from_utf8(read_bytes(root, path)?).map_err(|_| Fault::new(path, "it is not UTF-8"))
}

fn read_bytes(root: &Path, path: &str) -> Result<Vec<u8>, Fault> {
    let broken = |error: std::io::Error| Fault::new(path, format!("it cannot be read ({error})"));
    let mut bytes = Vec::new();
    File::open(root.join(path)).map_err(broken)?.take(MAX_READ_BYTES + 1).read_to_end(&mut bytes).map_err(broken)?;
    hold(bytes.len() as u64 <= MAX_READ_BYTES, path, || format!("it has more than {MAX_READ_BYTES} bytes"))?;
    Ok(bytes)
}

fn digests(root: &Path, path: &str) -> Result<(String, String), Fault> {
    let broken = |error: std::io::Error| Fault::new(path, format!("it cannot be read ({error})"));
    let mut file = File::open(root.join(path)).map_err(broken)?;
    let (mut sha256, mut blake3, mut piece) = (Sha256::new(), blake3::Hasher::new(), vec![0; 64 << 10]);
    loop {
        let count = file.read(&mut piece).map_err(broken)?;
        if count == 0 {
            return Ok((HEXLOWER.encode(&sha256.finalize()), blake3.finalize().to_hex().to_string()));
        }
        sha256.update(&piece[..count]);
        blake3.update(&piece[..count]);
    }
}
