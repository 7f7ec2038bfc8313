//! Sealing: what is on the disk before anything is acknowledged, and what a failure or a kill leaves.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

#[tokio::test]
async fn both_files_are_synced_under_another_name_before_they_have_their_own() {
    let (desk, capture) = Desk::with_capture().await;
    let made = ["sync folder", "sync folder", "sync folder"]; // of the vault and of its two folders, as they are made
    let expected = [
        "sync folder payloads",
        "write payloads",
        "sync payloads",
        "rename payloads",
        "sync folder payloads",
        "sync folder headers",
        "write headers",
        "sync headers",
        "rename headers",
        "sync folder headers",
    ];
    let steps = desk.steps();
    assert_eq!(steps.len(), made.len() + expected.len(), "{steps:?}");
    assert_eq!(steps[made.len()..], expected, "payload first: a header alone would promise what is not there");
    for part in Part::BOTH {
        assert_eq!(fs::metadata(desk.path(part, capture)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    for folder in ["vault", "vault/payloads", "vault/headers"] {
        assert_eq!(fs::metadata(desk.folder.path().join(folder)).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_when_the_disk_fails_at_any_step_and_a_sweep_leaves_nothing_of_it() {
    let mut failed_at = 0;
    loop {
        let (desk, capture) = (Desk::new().await, capture());
        desk.fail_after(Some(failed_at));
        let collected = desk.collect(capture).await;
        desk.fail_after(None);
        let acknowledged = collected.is_ok();
        assert_eq!(desk.number("SELECT count(*) FROM captures").await, i64::from(acknowledged));
        assert_eq!(desk.vault.recall(capture).await.unwrap().is_some(), acknowledged);
        assert_eq!(desk.journal.open_intents().await.unwrap(), 0, "the failure is recorded as one");
        if acknowledged {
            break;
        }
        let outcome = desk.number("SELECT count(*) FROM journal WHERE outcome = 'failed'").await;
        assert_eq!(outcome, 1, "step {failed_at}");
        assert_eq!(
            desk.sentences().await,
            Vec::<String>::new(),
            "step {failed_at}: what was never entered is no fault"
        );
        let strays = desk.vault.shelf().check_all().await.unwrap().strays;
        assert_eq!(strays, desk.files().len() as u64, "step {failed_at}");
        let swept = desk.vault.sweep().await.unwrap();
        assert_eq!(swept.unfinished + swept.orphans.len() as u64 > 0, strays > 0);
        assert_eq!(desk.files(), Vec::<PathBuf>::new(), "step {failed_at}");
        let noted = "SELECT count(*) FROM journal WHERE kind = 'erase' AND part = 'note'";
        assert_eq!(desk.number(noted).await, swept.orphans.len() as i64);
        failed_at += 1;
    }
    assert!(failed_at >= 13, "only {failed_at} steps were tried");
}

#[tokio::test]
async fn a_capture_that_cannot_be_entered_is_closed_as_failed() {
    let (desk, capture) = Desk::with_capture().await;
    // The row stays and the files go: the next attempt of the same id gets as far as the table.
    for part in Part::BOTH {
        fs::remove_file(desk.path(part, capture)).unwrap();
    }
    assert!(matches!(desk.collect(capture).await, Err(Error::Table { .. })));
    assert_eq!(desk.journal.open_intents().await.unwrap(), 0);
    assert_eq!(desk.number("SELECT count(*) FROM journal WHERE outcome = 'failed'").await, 1);
}

#[tokio::test]
async fn no_capture_is_ever_sealed_twice() {
    let (desk, capture) = Desk::with_capture().await;
    let before = fs::read(desk.path(Part::Header, capture)).unwrap();
    assert!(matches!(desk.collect(capture).await, Err(Error::Exists(found)) if found == capture));
    assert_eq!(fs::read(desk.path(Part::Header, capture)).unwrap(), before);
    assert_eq!(desk.sentences().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_receipt_needs_the_intent_to_collect_this_very_capture() {
    let (desk, announced, other) = (Desk::new().await, capture(), capture());
    let intent = desk.intent(announced).await;
    let record = Sensitive::new(ORIGINAL.to_vec());
    assert!(desk.vault.collect(intent, case(), authorisation(), other, record).await.is_err());
    assert_eq!(desk.number("SELECT count(*) FROM captures").await, 0);
    assert!(desk.vault.recall(other).await.unwrap().is_none());
    let swept = desk.vault.sweep().await.unwrap();
    assert_eq!((swept.orphans, desk.files()), (vec![other], Vec::new()));
}

#[tokio::test]
async fn a_sweep_takes_what_a_kill_left_and_nothing_that_was_entered_or_is_not_ours() {
    let (desk, capture) = Desk::with_capture().await;
    let (orphan, cut) = (super::capture(), super::capture());
    for (part, id, suffix) in [(Part::Payload, orphan, ""), (Part::Header, cut, ".new"), (Part::Payload, cut, ".new")] {
        let path = desk.path(part, id);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(format!("{}{suffix}", path.display()), b"half of it").unwrap();
    }
    let foreign = desk.folder.path().join("vault/payloads").join("notes.txt");
    fs::write(&foreign, b"somebody's").unwrap();
    assert_eq!(desk.vault.shelf().check_all().await.unwrap().strays, 3);
    assert_eq!(desk.sentences().await, ["payloads/notes.txt does not belong in a vault"]);
    let swept = desk.vault.sweep().await.unwrap();
    assert_eq!((swept.unfinished, swept.orphans), (2, vec![orphan]));
    assert_eq!(desk.files().len(), 3, "the capture's two files and somebody's one");
    assert!(foreign.exists());
    assert_eq!(desk.vault.shelf().check(capture).await.unwrap(), None);
}

#[tokio::test]
async fn a_sweep_waits_for_no_one_and_touches_nothing_while_a_page_is_being_sealed() {
    let (desk, _) = Desk::with_capture().await;
    let sealing = desk.vault.shelf().folder.lock_for_sealing().unwrap();
    assert!(matches!(desk.vault.sweep().await, Err(Error::Busy)));
    drop(sealing);
    assert_eq!(desk.vault.sweep().await.unwrap(), Default::default());
}

#[tokio::test]
async fn a_vault_that_never_sealed_anything_is_swept_and_checked_without_complaint() {
    let desk = Desk::new().await;
    assert_eq!(desk.vault.shelf().check_all().await.unwrap(), Default::default());
    assert_eq!(desk.vault.sweep().await.unwrap(), Default::default());
}

#[tokio::test]
async fn no_piece_of_the_original_is_in_any_file() {
    let (desk, _) = Desk::with_capture().await;
    let files = below(desk.folder.path());
    assert!(files.len() >= 4, "payload, header, lock and database: {files:?}");
    for path in files {
        let bytes = fs::read(&path).unwrap();
        for piece in [ORIGINAL, b"Anna", b"900123"] {
            let found = bytes.windows(piece.len()).any(|window| window == piece);
            assert!(!found, "{} holds a piece of the original", path.display());
        }
    }
}
