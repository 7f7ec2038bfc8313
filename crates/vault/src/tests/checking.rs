//! Checking: every flipped byte, every missing or exchanged file, said in a sentence that names the capture.

use std::fs;

use super::*;

#[tokio::test]
async fn any_flipped_byte_of_a_header_or_a_payload_is_found_and_not_handed_out() {
    let (desk, capture) = Desk::with_capture().await;
    let shelf = desk.vault.shelf();
    for part in Part::BOTH {
        let path = desk.path(part, capture);
        let whole = fs::read(&path).unwrap();
        // Every byte of the header; of the payload the first and last, and every seventh between.
        let every = if part == Part::Header { 1 } else { 7 };
        for at in (0..whole.len()).step_by(every).chain([whole.len() - 1]) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            fs::write(&path, &flipped).unwrap();
            let fault = shelf.check(capture).await.unwrap().expect("a flip is a fault");
            let word = part.word();
            assert_eq!(
                fault.to_string(),
                format!("capture {capture}: its {word} is not what was sealed: the BLAKE3 differs")
            );
            let handed = if part == Part::Header { shelf.header(capture).await } else { shelf.payload(capture).await };
            assert!(matches!(handed, Err(Error::Damaged(_))), "byte {at} of the {word}");
        }
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(shelf.check(capture).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_that_is_missing_cut_or_longer_is_named() {
    let (desk, capture) = Desk::with_capture().await;
    for part in Part::BOTH {
        let (path, word) = (desk.path(part, capture), part.word());
        let whole = fs::read(&path).unwrap();
        let sentence = format!("its {word} does not have the {} bytes that were sealed", whole.len());
        for bytes in [whole[..whole.len() - 1].to_vec(), [&whole[..], b"\0"].concat(), Vec::new()] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(desk.sentences().await, [format!("capture {capture}: {sentence}")]);
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(desk.sentences().await, [format!("capture {capture}: its {word} is missing")]);
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(desk.sentences().await, Vec::<String>::new());
}

#[tokio::test]
async fn files_that_changed_places_are_not_taken_for_each_other() {
    let (desk, one) = Desk::with_capture().await;
    let two = capture();
    drop(desk.collect(two).await.unwrap());
    for part in Part::BOTH {
        let (first, second) = (desk.path(part, one), desk.path(part, two));
        let (a, b) = (fs::read(&first).unwrap(), fs::read(&second).unwrap());
        fs::write(&first, &b).unwrap();
        fs::write(&second, &a).unwrap();
        assert_eq!(desk.sentences().await.len(), 2, "{part:?}");
        fs::write(&first, &a).unwrap();
        fs::write(&second, &b).unwrap();
    }
    assert_eq!(desk.vault.shelf().check_all().await.unwrap().sealed, 2);
}

/// Whoever can write the database can make hashes fit; the header's own proof still binds its label.
#[tokio::test]
async fn a_header_whose_entry_was_made_to_fit_is_known_by_its_label() {
    let (desk, capture) = Desk::with_capture().await;
    let mut tx = desk.store.begin().await.unwrap();
    sqlx::query("UPDATE captures SET case_id = 'op-other'").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let sentence = "its header's label names another capture, case, authorisation or epoch";
    assert_eq!(desk.sentences().await, [format!("capture {capture}: {sentence}")]);

    let path = desk.path(Part::Header, capture);
    let mut header = fs::read(&path).unwrap();
    header[40] ^= 1;
    fs::write(&path, &header).unwrap();
    let mut tx = desk.store.begin().await.unwrap();
    let update = sqlx::query("UPDATE captures SET case_id = ?, header_hash = ?").bind(case().as_str().to_owned());
    update.bind(blake3::hash(&header).as_bytes().to_vec()).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let found = desk.sentences().await;
    assert_eq!(found.len(), 1);
    assert!(
        found[0].contains("is not in the form of one") || found[0].contains("label proof does not hold"),
        "{found:?}"
    );
}

#[tokio::test]
async fn an_unknown_capture_is_nobody_s() {
    let desk = Desk::new().await;
    let unknown = capture();
    assert!(matches!(desk.vault.shelf().check(unknown).await, Err(Error::Unknown(found)) if found == unknown));
    assert!(matches!(desk.vault.shelf().header(unknown).await, Err(Error::Unknown(_))));
    assert!(matches!(desk.vault.shelf().destroy_header(unknown).await, Err(Error::Unknown(_))));
}
