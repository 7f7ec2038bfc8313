//! A log that goes on growing while somebody verifies it: nothing is wrong with it, and nobody may say so.

use std::sync::atomic::{AtomicBool, Ordering};

use audit::{Act, ActKind, Actor, Journal, LogKey, Sequencer};
use model::Clock;
use store::Store;

const SIGNED: usize = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_signed_meanwhile_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
    let (journal, dir) = (Journal::new(store.clone()), folder.path().join("log"));
    let key = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng).unwrap();
    let sequencer = Sequencer::open(store.clone(), &dir, key).await.unwrap();
    let grow = async || {
        journal.note_now(Act::new(ActKind::Consultation, Actor::Process("serve"))).await.unwrap();
        sequencer.run_once().await.unwrap();
    };
    grow().await;
    let done = AtomicBool::new(false);
    let signing = async {
        for _ in 1..SIGNED {
            grow().await;
        }
        done.store(true, Ordering::Release);
    };
    let verifying = async {
        let mut times = 0;
        while !done.load(Ordering::Acquire) {
            audit::verify_with_store(&dir, None, &store).await.unwrap();
            times += 1;
        }
        times
    };
    let ((), times) = tokio::join!(signing, verifying);
    assert!(times >= 10, "the log was looked at {times} times while it grew");
    assert_eq!(audit::verify_with_store(&dir, None, &store).await.unwrap().entries, SIGNED as u64);
}
