//! What the store promises of rows: written by a transaction and whole, or told.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use model::Clock;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _};
use tempfile::TempDir;

use crate::database::beside;
use crate::{Error, Store};

const TELLING: &str = "call Anna on 07700 900123";

/// A database with one case whose title is telling.
async fn desk() -> (TempDir, PathBuf, Store) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("control.db");
    let store = Store::open(&file, Clock::system()).await.unwrap();
    add(&store, "op-one").await;
    (folder, file, store)
}

async fn add(store: &Store, case: &str) {
    let mut tx = store.begin().await.unwrap();
    insert(&mut tx, case).await;
    tx.commit().await.unwrap();
}

async fn insert(connection: &mut SqliteConnection, case: &str) {
    let insert = "INSERT INTO cases (case_id, title, state, opened_at, opened_by) VALUES (?, ?, 'open', 7, 's.maria')";
    sqlx::query(insert).bind(case).bind(TELLING).execute(connection).await.unwrap();
}

/// Somebody who writes into the file past the store.
async fn outsider(file: &Path, sql: &str) {
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
}

async fn cases(store: &Store) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM cases").fetch_one(store.reader()).await.unwrap()
}

async fn fault(store: &Store) -> String {
    store.check().await.expect_err("something was altered").to_string()
}

#[tokio::test]
async fn a_value_that_was_changed_past_the_store_is_named_whatever_the_column() {
    for change in [
        "case_id = 'op-two'",
        "title = 'call Anna on 07700 900124'",
        "title = CAST(title AS BLOB)",
        "state = 'closed'",
        "opened_at = 8",
        "opened_at = 7.5",
        "opened_by = ''",
        "closed_at = 0",
        "row_check = zeroblob(16)",
        "row_check = x''",
    ] {
        let (_folder, file, store) = desk().await;
        store.check().await.unwrap();
        outsider(&file, &format!("UPDATE cases SET {change}")).await;
        let fault = fault(&store).await;
        assert!(fault.ends_with("table cases, row 1 is not what was written"), "{change}: {fault}");
        assert!(!fault.contains("Anna"), "a fault repeats no content");
    }
}

#[tokio::test]
async fn a_row_without_a_check_value_was_not_written_by_us() {
    let (_folder, file, store) = desk().await;
    let insert = "INSERT INTO cases (case_id, title, state, opened_at, opened_by) VALUES ('x', 'x', 'open', 1, 'x')";
    outsider(&file, insert).await;
    assert!(fault(&store).await.ends_with("table cases, row 2 has no check value: it was not written by us"));
}

#[tokio::test]
async fn a_counter_or_a_column_that_was_changed_past_the_store_is_noticed() {
    let (_folder, file, store) = desk().await;
    outsider(&file, "INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', 41)").await;
    assert!(fault(&store).await.contains("a counter of row numbers is not what was written"));
    let (_folder, file, store) = desk().await;
    outsider(&file, "ALTER TABLE cases RENAME COLUMN opened_by TO closed_by").await;
    assert!(fault(&store).await.contains("the schema is not the one that was recorded"));
}

#[tokio::test]
async fn what_a_dropped_transaction_wrote_is_nowhere_and_does_not_trouble_the_next() {
    let (_folder, _file, store) = desk().await;
    let mut tx = store.begin().await.unwrap();
    insert(&mut tx, "op-two").await;
    drop(tx);
    assert_eq!(cases(&store).await, 1);
    add(&store, "op-three").await;
    assert_eq!(cases(&store).await, 2);
    store.check().await.unwrap();
}

#[tokio::test]
async fn what_was_deleted_is_in_no_byte_of_file_or_log() {
    let (_folder, file, store) = desk().await;
    let found = || {
        let files = [file.clone(), beside(&file, "-wal")];
        let bytes = files.iter().flat_map(|file| fs::read(file).unwrap_or_default()).collect::<Vec<_>>();
        bytes.windows(TELLING.len()).any(|window| window == TELLING.as_bytes())
    };
    assert!(found(), "before it is deleted it is there");
    let mut tx = store.begin().await.unwrap();
    sqlx::query("DELETE FROM cases").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    store.truncate_wal().await.unwrap();
    assert!(!found());
    assert_eq!(fs::metadata(beside(&file, "-wal")).unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_that_others_can_read_is_not_opened() {
    let (_folder, file, store) = desk().await;
    for (path, what) in [(file.clone(), "its file"), (beside(&file, "-wal"), "its write-ahead log")] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Store::open(&file, Clock::system()).await;
        assert!(matches!(refused, Err(Error::Exposed { what: found }) if found == what), "{what}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    store.close().await;
}

#[tokio::test]
async fn a_flipped_byte_in_the_write_ahead_log_never_undoes_a_commit_in_silence() {
    let (_folder, file, store) = desk().await;
    add(&store, "op-two").await;
    let before_the_last = fs::metadata(beside(&file, "-wal")).unwrap().len();
    add(&store, "op-three").await;
    // As a kill leaves them: the log is not folded in.
    let (database, log) = (fs::read(&file).unwrap(), fs::read(beside(&file, "-wal")).unwrap());
    let (mut told, mut harmless) = (0, 0);
    // The header and the first frames byte by byte, the rest in steps that meet every part of a page.
    let places = (0..64).chain((64..usize::try_from(before_the_last).unwrap()).step_by(2_039));
    for at in places {
        let copy = tempfile::tempdir().unwrap();
        let file = copy.path().join("control.db");
        let mut log = log.clone();
        log[at] ^= 0x10;
        for (path, bytes) in [(file.clone(), &database), (beside(&file, "-wal"), &log)] {
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        match Store::open(&file, Clock::system()).await {
            Err(Error::Damaged { .. }) => told += 1,
            Err(other) => panic!("byte {at}: {other}"),
            Ok(store) => {
                assert_eq!(cases(&store).await, 3, "byte {at}: commits were dropped");
                store.check().await.unwrap();
                harmless += 1;
                store.close().await;
            }
        }
    }
    assert!(told > 40 && harmless < 40, "{told} told, {harmless} harmless");
}

/// More rows than are stamped at once, of more than one table, some of them gone again before the commit.
#[tokio::test]
async fn every_row_of_a_large_transaction_is_stamped() {
    let (_folder, _file, store) = desk().await;
    let mut tx = store.begin().await.unwrap();
    for number in 0..150 {
        insert(&mut tx, &format!("op-{number:03}")).await;
    }
    for change in [
        "INSERT INTO holds (capture, reason, set_by, set_at) SELECT zeroblob(16), title, opened_by, 7 FROM cases",
        "DELETE FROM cases WHERE case_id LIKE 'op-_1_'",
        "UPDATE cases SET opened_at = 9 WHERE case_id LIKE 'op-_2_'",
    ] {
        sqlx::query(change).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(cases(&store).await, 1 + 150 - 20);
    assert!(store.check().await.unwrap().rows > 131 + 151);
}

/// Two hundred at once: every third fails after it has written, and takes nobody along.
#[tokio::test]
async fn work_written_together_is_kept_or_undone_piece_by_piece() {
    let (_folder, _file, store) = desk().await;
    let all: Vec<_> = (0..200)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let written = store.together(move |tx| {
                    Box::pin(async move {
                        insert(tx, &format!("op-{number:03}")).await;
                        if number % 3 == 0 { Err("no") } else { Ok(number) }
                    })
                });
                written.await.unwrap()
            })
        })
        .collect();
    for (number, one) in all.into_iter().enumerate() {
        assert_eq!(one.await.unwrap().ok(), (number % 3 != 0).then_some(number));
    }
    assert_eq!(cases(&store).await, 1 + 133);
    store.check().await.unwrap();
}

/// A stamp vouches for what was written: a row that was damaged before, and touched by work that was undone, stays damaged.
#[tokio::test]
async fn undone_work_does_not_vouch_for_a_damaged_row() {
    let (_folder, file, store) = desk().await;
    outsider(&file, "UPDATE cases SET opened_at = 8").await;
    let undone: Result<(), ()> = store
        .together(|tx| {
            Box::pin(async move {
                sqlx::query("UPDATE cases SET title = ''").execute(&mut **tx).await.unwrap();
                Err(())
            })
        })
        .await
        .unwrap();
    undone.unwrap_err();
    assert!(fault(&store).await.ends_with("table cases, row 1 is not what was written"));
}

#[tokio::test]
async fn work_that_panics_rolls_its_transaction_back_and_the_next_is_written() {
    let (_folder, _file, store) = desk().await;
    let panics = store.together::<(), (), _>(|tx| {
        Box::pin(async move {
            insert(tx, "op-never").await;
            panic!("a fault in somebody's work")
        })
    });
    let error = panics.await.unwrap_err().to_string();
    assert!(error.starts_with("write to the control database: "), "{error}");
    let next = store.together(|tx| {
        Box::pin(async move {
            insert(tx, "op-next").await;
            Ok::<_, ()>(())
        })
    });
    next.await.unwrap().unwrap();
    assert_eq!(cases(&store).await, 2);
    store.close().await;
    let closed = store.together(|_| Box::pin(async { Ok::<_, ()>(()) })).await;
    assert!(closed.is_err(), "nothing can be written any more");
}
