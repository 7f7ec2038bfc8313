//! Erasure: the header's bytes go before its name does, and a failure in between is finished later.

use std::fs;

use super::*;
use crate::State;

#[tokio::test]
async fn a_header_is_overwritten_synced_and_removed_in_that_order() {
    let (desk, capture) = Desk::with_capture().await;
    let (header, payload) = (desk.path(Part::Header, capture), desk.path(Part::Payload, capture));
    let kept = desk.folder.path().join("another name of the same bytes");
    fs::hard_link(&header, &kept).unwrap();
    let length = fs::read(&header).unwrap().len();
    desk.steps();
    desk.vault.shelf().destroy_header(capture).await.unwrap();
    assert_eq!(desk.steps(), ["overwrite headers", "sync headers", "remove headers", "sync folder headers"]);
    assert_eq!(fs::read(&kept).unwrap(), vec![0; length], "the bytes are gone wherever they have another name");
    assert!(!header.exists());
    assert!(payload.exists(), "the payload stays, and nobody can read it");

    let shelf = desk.vault.shelf();
    assert_eq!(shelf.find(capture).await.unwrap().state, State::Erased);
    assert!(matches!(shelf.header(capture).await, Err(Error::Erased(_))));
    assert!(matches!(shelf.payload(capture).await, Err(Error::Erased(_))));
    let report = shelf.check_all().await.unwrap();
    assert_eq!((report.sealed, report.erased, report.faults), (0, 1, Vec::new()));
    shelf.destroy_header(capture).await.unwrap();
    assert_eq!(desk.steps(), Vec::<String>::new(), "what is erased is not erased again");
}

#[tokio::test]
async fn an_erasure_that_was_interrupted_counts_from_its_first_step_and_is_finished_by_the_next_sweep() {
    for failed_at in 0..4 {
        let (desk, capture) = Desk::with_capture().await;
        desk.fail_after(Some(failed_at));
        assert!(matches!(desk.vault.shelf().destroy_header(capture).await, Err(Error::File { .. })));
        desk.fail_after(None);
        let shelf = desk.vault.shelf();
        assert_eq!(shelf.find(capture).await.unwrap().state, State::Erasing);
        assert!(matches!(shelf.header(capture).await, Err(Error::Erased(_))), "nobody is handed a header from here on");
        let sentence = format!("capture {capture}: its erasure was begun and not finished; erase it again");
        assert_eq!(desk.sentences().await, [sentence]);
        assert_eq!(desk.vault.sweep().await.unwrap().erased, [capture]);
        assert!(!desk.path(Part::Header, capture).exists());
        assert_eq!(shelf.find(capture).await.unwrap().state, State::Erased);
    }
}

#[tokio::test]
async fn a_header_that_came_back_from_a_backup_is_a_fault() {
    let (desk, capture) = Desk::with_capture().await;
    let path = desk.path(Part::Header, capture);
    let header = fs::read(&path).unwrap();
    desk.vault.shelf().destroy_header(capture).await.unwrap();
    fs::write(&path, header).unwrap();
    assert_eq!(desk.sentences().await, [format!("capture {capture}: it was erased, and yet its header is there")]);
    assert_eq!(desk.vault.sweep().await.unwrap(), Default::default(), "an entered capture's file is nobody's orphan");
}

#[tokio::test]
async fn a_payload_may_go_after_its_header_and_a_changed_one_is_told() {
    let (desk, capture) = Desk::with_capture().await;
    desk.vault.shelf().destroy_header(capture).await.unwrap();
    let path = desk.path(Part::Payload, capture);
    let mut payload = fs::read(&path).unwrap();
    payload[20] ^= 4;
    fs::write(&path, payload).unwrap();
    assert_eq!(desk.sentences().await.len(), 1);
    fs::remove_file(&path).unwrap();
    assert_eq!(desk.sentences().await, Vec::<String>::new());
}
