//! The age test vectors of C2SP's Community Cryptography Test Vectors (`tests/cctv`, 0BSD; taken at its commit 1e3d2860),
//! against the two readers that a sealed file meets: the `age` crate, which decrypts, and our own reader of headers.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use seal::Header;
use sha2::{Digest as _, Sha256};

/// Vectors on which the `age` crate differs from the specification, with what it does. Frozen: one more, or one fewer, is to be
/// looked at by a person.
///
/// The first two are old headers that it still reads, and the third is blanks around armour. A sealed file meets none of them:
/// it is not armoured, and [`Header::parse`] accepts one writing of a header only.
const EXCEPTIONS: [(&str, &str); 3] = [
    ("armor_whitespace_outside", "stays shut"),
    ("stanza_missing_body", "opens"),
    ("stanza_missing_final_line", "opens"),
];

/// A vector's header: its lines by key, and the file.
struct Vector {
    lines: Vec<(String, String)>,
    file: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let lines: Vec<_> = head
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        let mut vector = Self { lines, file: bytes[end + 2..].to_vec() };
        if vector.one("compressed").is_some() {
            let mut inflated = Vec::new();
            flate2::read::ZlibDecoder::new(&vector.file[..]).read_to_end(&mut inflated).unwrap();
            vector.file = inflated;
        }
        vector
    }

    fn one(&self, key: &str) -> Option<&str> {
        self.lines.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn all<'v>(&'v self, key: &'v str) -> impl Iterator<Item = &'v str> {
        self.lines.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Who can open it; `None` for a kind of identity that this release does not know.
    fn identities(&self) -> Option<Vec<Box<dyn age::Identity>>> {
        let passphrase = |text: &str| {
            let mut identity = age::scrypt::Identity::new(text.to_owned().into());
            identity.set_max_work_factor(20);
            Box::new(identity) as Box<dyn age::Identity>
        };
        let keys = self
            .all("identity")
            .map(|text| text.parse::<age::x25519::Identity>().ok().map(|key| Box::new(key) as Box<dyn age::Identity>));
        keys.chain(self.all("passphrase").map(|text| Some(passphrase(text)))).collect()
    }

    fn opened(&self, identities: &[Box<dyn age::Identity>]) -> Option<Vec<u8>> {
        let reader: Box<dyn std::io::Read> = if self.one("armored").is_some() {
            Box::new(age::armor::ArmoredReader::new(&self.file[..]))
        } else {
            Box::new(&self.file[..])
        };
        let mut reader = age::Decryptor::new(reader).ok()?.decrypt(identities.iter().map(|one| &**one)).ok()?;
        let mut plaintext = Vec::new();
        reader.read_to_end(&mut plaintext).ok()?;
        Some(plaintext)
    }
}

fn vectors() -> BTreeMap<String, Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cctv");
    let named = |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), Vector::read(&entry.path()));
    fs::read_dir(folder).unwrap().map(|entry| named(entry.unwrap())).collect()
}

#[test]
fn the_age_crate_agrees_with_the_vectors_but_for_a_frozen_list() {
    let vectors = vectors();
    let (mut agreed, mut unknown, mut differing) = (0, 0, Vec::new());
    for (name, vector) in &vectors {
        let Some(identities) = vector.identities() else {
            unknown += 1;
            continue;
        };
        let (expected, opened) = (vector.one("expect").unwrap(), vector.opened(&identities));
        let agrees = match (expected, &opened) {
            ("success", Some(plaintext)) => {
                let hash: String = Sha256::digest(plaintext).iter().map(|byte| format!("{byte:02x}")).collect();
                vector.one("payload").is_none_or(|payload| payload == hash)
            }
            ("success", None) => false,
            (_, opened) => opened.is_none(),
        };
        if agrees {
            agreed += 1;
        } else {
            differing.push((name.as_str(), if opened.is_some() { "opens" } else { "stays shut" }));
        }
    }
    assert_eq!(differing, EXCEPTIONS);
    // Numbers of the vectors as they were taken: a vector that is lost, or no longer run, is seen.
    assert_eq!((agreed, unknown), (121, 19));
}

/// None of them is a sealed page's header, and none of them, nor any beginning of them, does more than be refused.
#[test]
fn no_vector_is_taken_for_a_sealed_header() {
    for (name, vector) in &vectors() {
        let limit = vector.file.len().min(4_096);
        for end in (0..=limit).rev().step_by(7) {
            assert!(Header::parse(&vector.file[..end]).is_err(), "{name}, its first {end} bytes");
        }
    }
}
