//! A log one of whose files is whatever it likes: verification names a fault, and never panics. The short form of the fuzz
//! target `audit_tiles`.

use std::fs;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use audit::{Act, ActKind, Actor, Checkpoint, Evidence, Journal, LogKey, LogVerifier, Sequencer};
use model::Clock;
use proptest::prelude::*;
use store::Store;
use tempfile::TempDir;

/// Every kind of tile, full and partial, and the two files beside them.
const FILES: [&str; 7] = [
    "checkpoint",
    "log.vkey",
    "tile/0/000",
    "tile/0/001.p/44",
    "tile/1/000.p/1",
    "tile/entries/000",
    "tile/entries/001.p/44",
];

/// A log of 300 entries in a folder of its own.
struct Log {
    folder: TempDir,
    verifier: LogVerifier,
}

async fn log() -> Log {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
    let journal = Journal::new(store.clone());
    let mut tx = store.begin().await.unwrap();
    for _ in 0..300 {
        journal.note(&mut tx, Act::new(ActKind::Consultation, Actor::Process("serve"))).await.unwrap();
    }
    tx.commit().await.unwrap();
    let key = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng).unwrap();
    let verifier = key.verifier();
    let dir = folder.path().join("log");
    Sequencer::open(store, &dir, key).await.unwrap().run_once().await.unwrap();
    Log { folder, verifier }
}

impl Log {
    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("log").join(file)
    }

    fn verify(&self) -> Result<audit::Report, audit::Fault> {
        audit::verify(&self.folder.path().join("log"), Some(&self.verifier.to_string()))
    }

    /// Whether the log is believed while `file` holds these bytes.
    fn believed_with(&self, file: &str, bytes: &[u8]) -> bool {
        let path = self.path(file);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        let believed = self.verify().is_ok();
        fs::write(&path, whole).unwrap();
        believed
    }
}

/// Made once: every case leaves it as it was, and takes its turn.
static LOG: LazyLock<Mutex<Log>> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Mutex::new(runtime.block_on(log()))
});

fn one_log() -> MutexGuard<'static, Log> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Another length of a file, or other bytes in it.
#[derive(Clone, Debug)]
enum Change {
    Replace(Vec<u8>),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Flip(prop::sample::Index, u8),
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<Vec<u8>>().prop_map(Change::Replace),
        any::<prop::sample::Index>().prop_map(Change::Cut),
        (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 1..40))
            .prop_map(|(at, b)| Change::Insert(at, b)),
        (any::<prop::sample::Index>(), 1..=255u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
    ]
}

impl Change {
    fn of(&self, whole: &[u8]) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        match self {
            Self::Replace(other) => bytes.clone_from(other),
            Self::Cut(at) => bytes.truncate(at.index(whole.len())),
            Self::Insert(at, more) => {
                let at = at.index(whole.len());
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Flip(at, bits) => bytes[at.index(whole.len())] ^= bits,
        }
        bytes
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_changed_tile_is_believed(file in prop::sample::select(FILES.to_vec()), change in changes()) {
        let log = one_log();
        let whole = fs::read(log.path(file)).unwrap();
        let changed = change.of(&whole);
        let believed = log.believed_with(file, &changed);
        // The key is handed in, so the log's own copy is not read; a checkpoint may carry signatures of others.
        if file.starts_with("tile/") && changed != whole {
            prop_assert!(!believed, "{file} with {change:?}");
        }
    }

    #[test]
    fn what_nobody_signed_is_no_checkpoint(bytes: Vec<u8>, text in r"(\PC|\n|[a-zA-Z0-9+/=]){0,200}") {
        let log = one_log();
        prop_assert!(Checkpoint::open(&bytes, &log.verifier).is_err());
        prop_assert!(Checkpoint::open(text.as_bytes(), &log.verifier).is_err());
        if let Ok(read) = LogVerifier::parse(&text) {
            prop_assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn evidence_with_any_other_value_proves_nothing(index: u64, text in r"(\PC|\n){0,60}", field in 0..5usize) {
        let log = one_log();
        let names = ["checkpoint", "entry", "record", "salt", "inclusion"];
        let mut evidence = serde_json::json!({
            "checkpoint": fs::read_to_string(log.path("checkpoint")).unwrap(),
            "index": index, "entry": "", "record": "{}", "salt": "", "inclusion": [], "consistency": [],
        });
        evidence[names[field]] = if names[field] == "inclusion" { vec![text].into() } else { text.into() };
        let evidence: Evidence = serde_json::from_value(evidence).unwrap();
        prop_assert!(evidence.verify(&log.verifier, None).is_err());
    }
}

#[test]
fn the_log_of_these_tests_is_good_as_it_is() {
    let log = one_log();
    assert_eq!(log.verify().unwrap().entries, 300);
    for file in FILES {
        let whole = fs::read(log.path(file)).unwrap();
        assert!(log.believed_with(file, &whole), "{file}");
    }
    assert!(!log.believed_with("checkpoint", b""));
}

/// What the fuzzer found worth keeping, read again on the stable toolchain: no checkpoint of ours, and no panic.
#[test]
fn nothing_in_the_fuzzers_corpora_is_a_checkpoint_or_a_log() {
    let key = LogKey::generate("fuzz.example/audit", &mut rand::rngs::OsRng).unwrap().verifier();
    let corpora = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
    let mut read = 0;
    for target in ["note", "audit_tiles"] {
        for entry in fs::read_dir(corpora.join(target)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            assert!(Checkpoint::open(&bytes, &key).is_err());
            if let Ok(text) = std::str::from_utf8(&bytes) {
                let _ = LogVerifier::parse(text);
            }
            read += 1;
        }
    }
    assert!(read > 50, "the corpora have {read} files");
}
