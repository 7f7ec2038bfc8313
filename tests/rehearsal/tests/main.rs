//! Every end-to-end test, one binary: the shipped commands over synthetic sites in memory.

mod accounts;
mod adversary;
mod browser;
mod casework;
mod ceremony;
mod cut_short;
mod erasure;
mod faults;
mod flips;
mod forbidden;
mod kills;
mod line;
mod load;
mod log_reading;
mod machines;
mod mail;
mod operating;
mod over_tor;
mod packs;
mod profiles;
mod refusals;
mod shares;
mod sites;
mod stamps;
mod typed;
mod unsealing;
mod up;
mod users;

use std::collections::BTreeMap;
use std::path::Path;

use rehearsal::Installation;

/// The command with a site in memory where Tor would be.
fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_lanthorn-in-memory"))
}

/// An installation that can crawl.
fn ready(seed: u64, pages: usize) -> Installation {
    Installation::ready(binary(), seed, pages)
}

/// Good pages, and traps that have text in the end.
fn expected_captures(lanthorn: &Installation) -> usize {
    lanthorn.site.in_scope.len() + lanthorn.site.traps.iter().filter(|trap| trap.kind.has_text()).count()
}

/// Everything is what was written, every act has an end, and the index holds each page once.
fn whole<S>(lanthorn: &Installation<S>, pages: usize) {
    let findings = lanthorn.run(&["doctor", "--deep"]).good().json();
    let says = |what: &str| {
        let finding = findings.as_array().unwrap().iter().find(|finding| finding["what"] == what);
        finding.unwrap_or_else(|| panic!("{what}: {findings}"))["says"].as_str().unwrap().to_owned()
    };
    assert!(findings.as_array().unwrap().iter().all(|finding| finding["verdict"] != "bad"), "{findings}");
    assert!(says("index").contains(&format!(" {pages} documents ")), "{pages} pages, and {}", says("index"));
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(verified["verified"], true);
    assert_eq!((&verified["open_intents"], &verified["unsigned"]), (&0.into(), &0.into()), "{verified}");
    let (rows, documents) = in_the_store(lanthorn, |store| {
        Box::pin(async move {
            sqlx::query_as("SELECT count(*), count(DISTINCT document_key) FROM outbox").fetch_one(store.reader()).await
        })
    });
    assert_eq!((rows, documents), (pages as i64, pages as i64), "rows of the outbox, and documents that they make");
}

/// The journal's rows: number and commitment.
fn journal(lanthorn: &Installation) -> BTreeMap<i64, Vec<u8>> {
    let rows: Vec<(i64, Vec<u8>)> = in_the_store(lanthorn, |store| {
        Box::pin(async move { sqlx::query_as("SELECT seq, commitment FROM journal").fetch_all(store.reader()).await })
    });
    rows.into_iter().collect()
}

/// Brings everything that is in the write-ahead log into the database file.
fn settled(lanthorn: &Installation) {
    in_the_store(lanthorn, |store| {
        Box::pin(async move {
            store.truncate_wal().await.expect("the log is copied back");
            Ok(())
        })
    });
    assert_eq!(std::fs::metadata(lanthorn.data().join("control.db-wal")).map_or(0, |file| file.len()), 0);
}

type Asking<T> = std::pin::Pin<Box<dyn Future<Output = Result<T, sqlx::Error>>>>;

/// Looks into the control database beside the commands.
fn in_the_store<S, T>(lanthorn: &Installation<S>, ask: impl FnOnce(store::Store) -> Asking<T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let file = lanthorn.data().join("control.db");
        let store = store::Store::open(&file, model::Clock::system()).await.expect("the database opens");
        let answer = ask(store.clone()).await.expect("the database answers");
        store.close().await;
        answer
    })
}
