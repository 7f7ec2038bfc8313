//! The log, verified by code that is not ours: Go's packages for checksum databases, as Debian ships them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use audit::{Act, ActKind, Actor, Journal, LogKey, Sequencer};
use model::Clock;
use store::Store;
use tempfile::TempDir;

const HOW_TO_GET_GO: &str = "the outside verifier needs Go and its module packages from Debian: \
    apt-get install -y --no-install-recommends golang-go golang-golang-x-mod-dev (cargo xtask test does it)";

/// Builds `tests/go-verifier` into a folder of its own.
fn build(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/go-verifier/main.go");
    let verifier = folder.join("verify");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&verifier)
        .arg(source)
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOCACHE", folder.join("cache"))
        .env("GOFLAGS", "")
        .output()
        .unwrap_or_else(|error| panic!("{HOW_TO_GET_GO} ({error})"));
    let complaint = String::from_utf8_lossy(&built.stderr);
    assert!(!complaint.contains("cannot find package"), "{HOW_TO_GET_GO}\n{complaint}");
    assert!(built.status.success(), "the outside verifier does not build\n{complaint}");
    verifier
}

fn run(verifier: &Path, arguments: &[&Path]) -> Output {
    Command::new(verifier).args(arguments).output().expect("the verifier runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A log that grew over checkpoints of these sizes, and a copy of each checkpoint.
async fn log(sizes: &[u64]) -> (TempDir, PathBuf, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
    let journal = Journal::new(store.clone());
    let dir = folder.path().join("log");
    let key = LogKey::generate("unit-7.example/audit", &mut rand::rngs::OsRng).unwrap();
    let sequencer = Sequencer::open(store.clone(), &dir, key).await.unwrap();
    let (mut size, mut checkpoints) = (0, Vec::new());
    for wanted in sizes {
        let mut tx = store.begin().await.unwrap();
        while size < *wanted {
            journal.note(&mut tx, Act::new(ActKind::Consultation, Actor::Process("serve"))).await.unwrap();
            size += 1;
        }
        tx.commit().await.unwrap();
        assert_eq!(sequencer.run_once().await.unwrap().size, *wanted);
        let copy = folder.path().join(format!("checkpoint.{wanted}"));
        fs::copy(dir.join("checkpoint"), &copy).unwrap();
        checkpoints.push(copy);
    }
    (folder, dir, checkpoints)
}

#[tokio::test]
async fn go_accepts_the_log_at_every_size_and_that_it_only_grew() {
    let tools = tempfile::tempdir().unwrap();
    let verifier = build(tools.path());
    let (_folder, dir, checkpoints) = log(&[1, 2, 255, 256, 257, 700]).await;
    let key = dir.join("log.vkey");
    let mut arguments = vec![dir.as_path(), key.as_path()];
    arguments.extend(checkpoints.iter().map(PathBuf::as_path));
    let output = run(&verifier, &arguments);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(said(&output).trim(), "OK: 700 entries, 1 signatures, grown from 6 older checkpoints");
}

#[tokio::test]
async fn go_rejects_what_was_altered_and_so_do_we() {
    let tools = tempfile::tempdir().unwrap();
    let verifier = build(tools.path());
    let (_folder, dir, _) = log(&[300]).await;
    for (file, at, told) in [
        ("tile/entries/000", 256, "entry 3 "),
        ("tile/entries/001.p/44", 40, "entry 256 "),
        ("tile/0/000", 5_000, "entry 156 "),
        ("tile/1/000.p/1", 3, "entry 0 "),
        ("checkpoint", 30, "signature"),
    ] {
        let path = dir.join(file);
        let whole = fs::read(&path).unwrap();
        let mut altered = whole.clone();
        let at = at % altered.len();
        altered[at] ^= 1;
        fs::write(&path, &altered).unwrap();
        let output = run(&verifier, &[&dir]);
        assert_eq!(output.status.code(), Some(1), "{file}: {}", said(&output));
        assert!(said(&output).starts_with("REJECTED: "), "{file}: {}", said(&output));
        assert!(said(&output).contains(told), "{file}: {}", said(&output));
        assert!(audit::verify(&dir, None).is_err(), "{file}");
        fs::write(&path, &whole).unwrap();
    }
    assert!(run(&verifier, &[&dir]).status.success());
}

#[tokio::test]
async fn go_rejects_a_log_that_did_not_grow_from_what_was_seen_or_has_another_key() {
    let tools = tempfile::tempdir().unwrap();
    let verifier = build(tools.path());
    let (_one, ours, _) = log(&[20]).await;
    let (_two, theirs, _) = log(&[9]).await;
    let (our_key, their_key) = (ours.join("log.vkey"), theirs.join("log.vkey"));
    let foreign = run(&verifier, &[&ours, &their_key]);
    assert_eq!(foreign.status.code(), Some(1), "{}", said(&foreign));
    let other_history = run(&verifier, &[&ours, &our_key, &theirs.join("checkpoint")]);
    assert_eq!(other_history.status.code(), Some(1), "{}", said(&other_history));
}
