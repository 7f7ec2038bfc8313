//! One byte changed in whatever is kept: the right command says so in a sentence and ends with the right code.

use std::fs;
use std::path::{Path, PathBuf};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use rehearsal::{Installation, Ran};

use crate::{ready, settled};

/// Places in each kind of file that are tried.
const PLACES: usize = 6;

#[test]
fn a_changed_byte_is_named_by_the_right_command() {
    let lanthorn = ready(47, 120);
    let _ = lanthorn.crawl().good();
    settled(&lanthorn);
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
    let mut rng = ChaCha20Rng::seed_from_u64(47);

    let data = lanthorn.data();
    let doctor = ["doctor", "--deep"];
    for (folder, says) in [("vault/payloads", "payload"), ("vault/headers", "header")] {
        let files = files_in(&data.join(folder));
        assert!(files.len() > 100, "{folder}: {}", files.len());
        tried(&lanthorn, &mut rng, &files, &doctor, 5, &["vault", says]);
    }
    tried(&lanthorn, &mut rng, &files_in(&data.join("log/tile")), &["audit", "verify"], 1, &["the log is not whole"]);
    tried(&lanthorn, &mut rng, &[data.join("log/checkpoint")], &["audit", "verify"], 1, &["the log is not whole"]);
    let index = files_in(&data.join("index"));
    let index: Vec<_> = index.into_iter().filter(|file| !file.ends_with("lock")).collect();
    tried(&lanthorn, &mut rng, &index, &doctor, 5, &["index"]);
    database(&lanthorn, &mut rng);
    authorisation(&lanthorn, &mut rng);
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
}

/// Changes one bit at some places, each undone after the command has spoken.
fn tried(
    lanthorn: &Installation,
    rng: &mut ChaCha20Rng,
    files: &[PathBuf],
    command: &[&str],
    code: i32,
    says: &[&str],
) {
    for _ in 0..PLACES {
        let file = &files[rng.gen_range(0..files.len())];
        let before = fs::read(file).unwrap();
        if before.is_empty() {
            continue;
        }
        let at = rng.gen_range(0..before.len());
        let ran = flipped(lanthorn, file, &before, at, 1 << rng.gen_range(0..8), command);
        for word in says {
            assert!(ran.err.contains(word), "byte {at} of {} changed: {ran:?}", file.display());
        }
        assert_eq!(ran.code, code, "byte {at} of {} changed: {ran:?}", file.display());
        assert_eq!(ran.err.lines().count(), 1, "one sentence: {ran:?}");
    }
}

fn flipped(lanthorn: &Installation, file: &Path, before: &[u8], at: usize, bit: u8, command: &[&str]) -> Ran {
    let mut after = before.to_vec();
    after[at] ^= bit;
    fs::write(file, &after).unwrap();
    let ran = lanthorn.run(command);
    fs::write(file, before).unwrap();
    ran
}

/// Bytes that hold data: in the rows of the outbox, of the journal, of the registered authorisation.
fn database(lanthorn: &Installation, rng: &mut ChaCha20Rng) {
    let file = lanthorn.data().join("control.db");
    let before = fs::read(&file).unwrap();
    for what in [&b"op-harbour-2026"[..], b"process crawl", b"section 100, paragraph 2"] {
        let places: Vec<usize> = memchr_all(&before, what);
        assert!(!places.is_empty(), "{}", String::from_utf8_lossy(what));
        let at = places[rng.gen_range(0..places.len())] + rng.gen_range(0..what.len());
        // The command may not write into what it found damaged, so that the file is put back whole.
        let ran = flipped(lanthorn, &file, &before, at, 1, &["doctor", "--deep"]);
        for beside in ["control.db-wal", "control.db-shm"] {
            let _ = fs::remove_file(lanthorn.data().join(beside));
        }
        assert_eq!(ran.code, 5, "byte {at}: {ran:?}");
        assert!(ran.err.contains("database"), "{ran:?}");
    }
}

/// The signed document, before it is registered anywhere.
fn authorisation(lanthorn: &Installation, rng: &mut ChaCha20Rng) {
    let file = lanthorn.authorisation_file();
    let before = fs::read_to_string(&file).unwrap();
    let at = before.find("which of the invented").unwrap() + rng.gen_range(0..8);
    let mut changed = before.clone().into_bytes();
    changed[at] ^= 1;
    fs::write(&file, &changed).unwrap();
    let ran = lanthorn.by("o.lena", &["authorisation", "add", &file.display().to_string()]);
    fs::write(&file, before).unwrap();
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("rule `signatures`"), "{ran:?}");
}

fn memchr_all(bytes: &[u8], what: &[u8]) -> Vec<usize> {
    bytes.windows(what.len()).enumerate().filter(|(_, window)| *window == what).map(|(at, _)| at).collect()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
