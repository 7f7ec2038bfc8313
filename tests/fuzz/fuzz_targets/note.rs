//! A signed note of the log from anybody: the bytes are laid over a good checkpoint with a good cosignature. What opens says
//! what was signed, and what counts as a cosignature was made.
#![no_main]

use std::sync::LazyLock;

use audit::{Act, ActKind, Actor, Checkpoint, Journal, LogKey, LogVerifier, Sequencer, WitnessKey};
use libfuzzer_sys::fuzz_target;
use model::Clock;
use rand::rngs::OsRng;
use store::Store;

struct Scene {
    note: Vec<u8>,
    checkpoint: Checkpoint,
    verifier: LogVerifier,
    witness: WitnessKey,
}

static SCENE: LazyLock<Scene> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.expect("a database");
        let journal = Journal::new(store.clone());
        journal.note_now(Act::new(ActKind::Drill, Actor::Process("fuzz"))).await.expect("a row");
        let key = LogKey::generate("fuzz.example/audit", &mut OsRng).expect("a key");
        let (verifier, dir) = (key.verifier(), folder.path().join("log"));
        let sequencer = Sequencer::open(store, &dir, key).await.expect("a log");
        let checkpoint = sequencer.run_once().await.expect("a checkpoint");
        let mut note = std::fs::read(dir.join("checkpoint")).expect("the note");
        let person = ed25519_dalek::SigningKey::generate(&mut OsRng);
        let name = "r.omar".parse().expect("a person");
        let witness = WitnessKey::of_person(verifier.origin(), &name, person.verifying_key());
        note.extend_from_slice(witness.cosign(&checkpoint, &person, Clock::system().now()).as_bytes());
        Scene { note, checkpoint, verifier, witness }
    })
});

fuzz_target!(|bytes: &[u8]| {
    let scene = &*SCENE;
    let mut laid = scene.note.clone();
    for (place, byte) in bytes.iter().enumerate().take(laid.len()) {
        laid[place] ^= byte;
    }
    for note in [&laid[..], bytes] {
        if let Ok(opened) = Checkpoint::open(note, &scene.verifier) {
            assert_eq!(opened, scene.checkpoint, "a checkpoint that nobody signed");
        }
        if let Ok(text) = std::str::from_utf8(note) {
            let other = Checkpoint { size: scene.checkpoint.size + 1, ..scene.checkpoint.clone() };
            assert!(scene.witness.cosignature(text, &other).is_none(), "a cosignature of what nobody saw");
            let _ = scene.witness.cosignature(text, &scene.checkpoint);
            if let Ok(key) = WitnessKey::parse(text) {
                assert_eq!(key.to_string(), text);
            }
        }
    }
});
