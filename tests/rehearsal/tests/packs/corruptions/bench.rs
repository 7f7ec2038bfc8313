//! A copy of a good pack, and tools to change it.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::SigningKey;
use seal::sshsig;
use sha2::{Digest as _, Sha256};

use crate::packs::Packed;

const WARC: &str = "archive/data.warc.gz";

/// A copy of the good pack on the bench, with tools to change it.
pub(super) struct Bench<'a> {
    pub(super) made: &'a Packed,
    pub(super) root: PathBuf,
    pub(super) other: String,
}

impl Bench<'_> {
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(super) fn edit(&self, name: &str, change: impl FnOnce(String) -> String) {
        let before = self.text(name);
        let after = change(before.clone());
        assert_ne!(before, after, "{name} is as it was");
        fs::write(self.path(name), after).unwrap();
    }

    pub(super) fn swap(&self, name: &str, from: &str, to: &str) {
        self.edit(name, |text| text.replacen(from, to, 1));
    }

    pub(super) fn flip(&self, name: &str) {
        let mut bytes = fs::read(self.path(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(super) fn line_of(&self, name: &str, capture: &str) -> String {
        self.text(name).lines().find(|line| line.contains(&format!("\"capture\":\"{capture}\""))).unwrap().to_owned()
    }

    pub(super) fn original(&self) -> String {
        format!("originals/{}.age", self.made.capture)
    }

    /// Changes a member of the archive, and what the package says of it.
    pub(super) fn member(&self, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        self.archive(|members| {
            let place = members.iter_mut().find(|(known, _)| known == name).unwrap();
            place.1 = change(std::mem::take(&mut place.1));
        });
    }

    /// Files of a folder that end like this, sorted.
    pub(super) fn all(&self, folder: &str, end: &str) -> Vec<PathBuf> {
        let files = fs::read_dir(self.path(folder)).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|other| other == end)).collect();
        files.sort();
        files
    }

    /// Changes the archive's members and describes them anew.
    pub(super) fn archive(&self, change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) {
        let path = self.path("redacted.wacz");
        let mut inside = members(&path);
        let records = of(&inside, WARC);
        change(&mut inside);
        // Whoever changes the records gets no token over them: none is in the pack, and it does not say that there is one.
        let changed = inside.iter().find(|(name, _)| name == WARC).is_none_or(|(_, bytes)| *bytes != records);
        if changed && self.path("archive-stamps").exists() {
            fs::remove_dir_all(self.path("archive-stamps")).unwrap();
            self.swap("pack.json", "\"got\": 2", "\"got\": 0");
        }
        let mut package: serde_json::Value = serde_json::from_slice(&of(&inside, "datapackage.json")).unwrap();
        for resource in package["resources"].as_array_mut().unwrap() {
            let Some((_, bytes)) = inside.iter().find(|(name, _)| *name == resource["path"].as_str().unwrap()) else {
                continue;
            };
            resource["hash"] = format!("sha256:{}", sha256(bytes)).into();
            resource["bytes"] = bytes.len().into();
        }
        let package = package.to_string().into_bytes();
        if let Some((_, digest)) = inside.iter_mut().find(|(name, _)| name == "datapackage-digest.json") {
            *digest = serde_json::json!({ "path": "datapackage.json", "hash": format!("sha256:{}", sha256(&package)) })
                .to_string()
                .into_bytes();
        }
        inside.iter_mut().find(|(name, _)| name == "datapackage.json").unwrap().1 = package;
        fs::write(path, zipped(&inside)).unwrap();
    }

    /// The same checkpoint as another log of this name would have signed it; returns that log's key.
    pub(super) fn foreign_log(&self) -> String {
        let key = SigningKey::from_bytes(&[8; 32]);
        let note = self.text("log/checkpoint");
        let origin = note.lines().next().unwrap().to_owned();
        let text = note.split_once("\n\n").unwrap().0.to_owned() + "\n";
        let public = [&[1], key.verifying_key().as_bytes().as_slice()].concat();
        let id = &Sha256::digest([origin.as_bytes(), b"\n", &public].concat())[..4];
        let signature = ed25519_dalek::Signer::sign(&key, text.as_bytes()).to_bytes();
        let line = BASE64.encode(&[id, &signature].concat());
        fs::write(self.path("log/checkpoint"), format!("{text}\n— {origin} {line}\n")).unwrap();
        format!("{origin}+{}+{}\n", HEXLOWER.encode(id), BASE64.encode(&public))
    }

    /// Changes what stands beside the package: its digest, and who signed it.
    pub(super) fn digest(&self, change: impl FnOnce(&mut serde_json::Value)) {
        let path = self.path("redacted.wacz");
        let mut inside = members(&path);
        let place = &mut inside.iter_mut().find(|(name, _)| name == "datapackage-digest.json").unwrap().1;
        let mut digest = serde_json::from_slice(place).unwrap();
        change(&mut digest);
        *place = digest.to_string().into_bytes();
        fs::write(path, zipped(&inside)).unwrap();
    }

    /// Lists and signs the pack again, as somebody with this key would.
    pub(super) fn reseal(&self, key: &SigningKey) {
        for list in ["MANIFEST.sha256", "MANIFEST.blake3", "MANIFEST.sha256.sig"] {
            let _ = fs::remove_file(self.path(list));
        }
        let mut paths = Vec::new();
        gather(&self.root, "", &mut paths);
        paths.sort();
        let list = |digest: &dyn Fn(&[u8]) -> String| -> String {
            paths.iter().map(|path| format!("{}  {path}\n", digest(&fs::read(self.path(path)).unwrap()))).collect()
        };
        let manifest = list(&|bytes| sha256(bytes));
        fs::write(self.path("MANIFEST.blake3"), list(&|bytes| blake3::hash(bytes).to_hex().to_string())).unwrap();
        let signature = sshsig::sign("pack@lanthorn", manifest.as_bytes(), key);
        fs::write(
            self.path("MANIFEST.sha256.sig"),
            sshsig::armoured("pack@lanthorn", &signature, &key.verifying_key()),
        )
        .unwrap();
        fs::write(self.path("MANIFEST.sha256"), manifest).unwrap();
    }
}

fn gather(root: &Path, prefix: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(root.join(prefix)).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() { gather(root, &path, paths) } else { paths.push(path) }
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

pub(super) fn of(members: &[(String, Vec<u8>)], name: &str) -> Vec<u8> {
    members.iter().find(|(known, _)| known == name).unwrap().1.clone()
}

/// The members of an archive whose members are stored.
pub(in crate::packs) fn members(path: &Path) -> Vec<(String, Vec<u8>)> {
    let bytes = fs::read(path).unwrap();
    let (mut at, mut found) = (0, Vec::new());
    let number =
        |at: usize, width: usize| bytes[at..at + width].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let (size, name) = (number(at + 18, 4), number(at + 26, 2));
        let content = at + 30 + name;
        found.push((
            String::from_utf8(bytes[at + 30..content].to_vec()).unwrap(),
            bytes[content..content + size].to_vec(),
        ));
        at = content + size;
    }
    found
}

pub(super) fn zipped(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut common = Vec::new();
        [20_u16, 0x0800, 0, 0, 33].iter().for_each(|word| common.extend(word.to_le_bytes()));
        [crc.sum(), content.len() as u32, content.len() as u32]
            .iter()
            .for_each(|word| common.extend(word.to_le_bytes()));
        common.extend((name.len() as u16).to_le_bytes());
        directory.extend(
            [b"PK\x01\x02\x14\0".as_slice(), &common, &[0; 12], &(out.len() as u32).to_le_bytes(), name.as_bytes()]
                .concat(),
        );
        out.extend([b"PK\x03\x04".as_slice(), &common, &[0; 2], name.as_bytes(), content].concat());
    }
    let (count, start) = ((members.len() as u16).to_le_bytes(), out.len() as u32);
    let size = (directory.len() as u32).to_le_bytes();
    [&out[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &size, &start.to_le_bytes(), &[0, 0]].concat()
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Where the members of a gzip file begin, and where the last ends.
pub(super) fn starts(warc: &[u8]) -> Vec<usize> {
    let (mut at, mut starts) = (0, vec![0]);
    while at < warc.len() {
        let mut member = flate2::bufread::GzDecoder::new(&warc[at..]);
        std::io::copy(&mut member, &mut std::io::sink()).unwrap();
        at = warc.len() - member.into_inner().len();
        starts.push(at);
    }
    starts
}
