//! A log in which one file is whatever it likes: verification ends with a fault, or the file is what it was. The first
//! byte chooses the file. And checkpoints and evidence from anybody.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use audit::{Act, ActKind, Actor, Checkpoint, Evidence, Journal, LogKey, LogVerifier, Sequencer};
use libfuzzer_sys::fuzz_target;
use model::Clock;
use store::Store;

const FILES: [&str; 6] =
    ["checkpoint", "log.vkey", "tile/0/000", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"];

struct Log {
    folder: tempfile::TempDir,
    verifier: LogVerifier,
    whole: Vec<Vec<u8>>,
}

/// 300 entries: one full tile of each kind, and partial ones.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.expect("a database");
        let journal = Journal::new(store.clone());
        let mut tx = store.begin().await.expect("a transaction");
        for _ in 0..300 {
            let act = Act::new(ActKind::Consultation, Actor::Process("serve"));
            journal.note(&mut tx, act).await.expect("a row");
        }
        tx.commit().await.expect("committed");
        let key = LogKey::generate("fuzz.example/audit", &mut rand::rngs::OsRng).expect("a key");
        let verifier = key.verifier();
        let dir = folder.path().join("log");
        Sequencer::open(store, &dir, key).await.expect("a log").run_once().await.expect("a checkpoint");
        let whole = FILES.map(|file| fs::read(dir.join(file)).expect("a file of the log")).to_vec();
        Log { folder, verifier, whole }
    })
});

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let _ = Checkpoint::open(bytes, &LOG.verifier);
    if let Ok(evidence) = serde_json::from_slice::<Evidence>(bytes) {
        assert!(evidence.verify(&LOG.verifier, None).is_err(), "evidence that nobody signed");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = LogVerifier::parse(text);
    }
    let place = usize::from(*choice) % FILES.len();
    let dir: PathBuf = LOG.folder.path().join("log");
    let path = dir.join(FILES[place]);
    fs::write(&path, bytes).expect("the file is exchanged");
    let verified = audit::verify(&dir, None);
    fs::write(&path, &LOG.whole[place]).expect("the file is put back");
    // A checkpoint may carry signatures of others, and a key file a line break more; a tile has one form.
    let told = verified.is_err() || !FILES[place].starts_with("tile/") || bytes == LOG.whole[place];
    assert!(told, "{} was exchanged unseen", FILES[place]);
});
