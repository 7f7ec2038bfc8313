//! Each way to open what may not be opened: its own exit code, its own rule, and that rule in the log under who tried.

use std::fs;
use std::path::{Path, PathBuf};

use rehearsal::{Installation, Ran};
use serde_json::Value;

use crate::unsealing::{approve, ask, some_capture, witness};
use crate::{in_the_store, journal, ready};

/// A refusal that the person is told, and that is in the log because of this very try.
fn forbidden(lanthorn: &Installation, who: &str, rule: &str, tries: impl FnOnce() -> Ran) {
    let before = *journal(lanthorn).keys().max().unwrap();
    let ran = tries();
    assert_eq!(ran.code, 3, "{rule}: {ran:?}");
    assert!(ran.err.contains(&format!("refused by rule `{rule}`")), "{rule}: {ran:?}");
    let told = lanthorn.by("u.paul", &["audit", "tail", "--lines", "12"]).good().json();
    // Either an entry of its own, under who tried, or the outcome of what was announced.
    let this = |entry: &Value| {
        let record = entry["record"].as_str().unwrap_or_default();
        let new = entry["seq"].as_i64().is_some_and(|seq| seq > before);
        new && record.contains(rule) && (entry["kind"] != "refuse" || record.contains(who))
    };
    assert!(told.as_array().unwrap().iter().any(this), "{rule}: {told}");
}

fn approving(lanthorn: &Installation, who: &str, request: &str) -> Ran {
    lanthorn.by(who, &["supervisor", "approve", request, "--keys", &lanthorn.key_folder(who)])
}

fn opening(lanthorn: &Installation, request: &str) -> Ran {
    lanthorn.by("a.ivan", &["unseal", "open", request, "--keys", &lanthorn.key_folder("a.ivan")])
}

fn statement(lanthorn: &Installation, sql: String) {
    in_the_store(lanthorn, |store| {
        Box::pin(async move {
            let mut tx = store.begin().await.expect("a transaction");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await?;
            tx.commit().await.expect("it is written");
            Ok(())
        })
    });
}

#[test]
fn every_forbidden_opening_is_told_by_its_rule_and_stands_in_the_log() {
    let lanthorn = ready(68, 60);
    let _ = lanthorn.crawl().good();
    let capture = some_capture(&lanthorn);

    let first = ask(&lanthorn, "a.ivan", &capture);
    forbidden(&lanthorn, "s.maria", "witnessed-grant", || approving(&lanthorn, "s.maria", &first));
    witness(&lanthorn, "s.jonas");
    approve(&lanthorn, "s.maria", &first);
    forbidden(&lanthorn, "a.ivan", "enough-shares", || opening(&lanthorn, &first));
    forbidden(&lanthorn, "s.maria", "one-decision", || approving(&lanthorn, "s.maria", &first));

    let own = ask(&lanthorn, "s.maria", &capture);
    witness(&lanthorn, "s.jonas");
    forbidden(&lanthorn, "s.maria", "no-self-approval", || approving(&lanthorn, "s.maria", &own));
    let keys = lanthorn.key_folder("s.maria");
    let others = ["supervisor", "approve", &own, "--keys", &keys];
    forbidden(&lanthorn, "s.jonas", "own-key", || lanthorn.by("s.jonas", &others));
    let others = ["unseal", "open", &first, "--keys", &keys];
    forbidden(&lanthorn, "s.maria", "own-request", || lanthorn.by("s.maria", &others));

    // Maria's share under the first grant, put where her answer to the second would be.
    let second = ask(&lanthorn, "a.ivan", &capture);
    witness(&lanthorn, "s.maria");
    approve(&lanthorn, "s.jonas", &second);
    statement(
        &lanthorn,
        format!(
            "INSERT INTO decisions (request, supervisor, approved, answer, decided_at) \
             SELECT {second}, supervisor, 1, answer, decided_at FROM decisions WHERE request = {first}"
        ),
    );
    forbidden(&lanthorn, "a.ivan", "enough-shares", || opening(&lanthorn, &second));

    // A grant that was taken back, and one whose time is over.
    let _ = lanthorn.by("s.jonas", &["supervisor", "deny", &second, "--reason", "no longer needed"]).good();
    forbidden(&lanthorn, "a.ivan", "live-grant", || opening(&lanthorn, &second));
    forbidden(&lanthorn, "s.amina", "live-grant", || approving(&lanthorn, "s.amina", &second));
    for who in ["s.amina", "a.ivan"] {
        let own = lanthorn.key_folder(who);
        let args: &[&str] = match who {
            "a.ivan" => &["unseal", "open", &first, "--keys", &own],
            _ => &["supervisor", "approve", &first, "--keys", &own],
        };
        forbidden(&lanthorn, who, "live-grant", || lanthorn.later(25, who, args));
    }
}

/// A harmless request, whose sealed file was exchanged for another's on the server: rows and files alike.
#[test]
fn a_document_swapped_under_a_harmless_request_gets_no_share() {
    let lanthorn = ready(69, 60);
    let _ = lanthorn.crawl().good();
    let hits = lanthorn.by("a.ivan", &["search", rehearsal::CASE, "kind:ad"]).good().json();
    let capture = |number: usize| hits["hits"][number]["capture"].as_str().unwrap().to_owned();
    let (harmless, wanted) = (capture(0), capture(1));
    let request = ask(&lanthorn, "a.ivan", &harmless);
    witness(&lanthorn, "s.jonas");
    fs::copy(header(&lanthorn, &wanted), header(&lanthorn, &harmless)).unwrap();
    let of = |name: &str| format!("(SELECT {name} FROM captures WHERE hex(capture) = '{}')", hex(&wanted));
    let (hash, bytes, harmless) = (of("header_hash"), of("header_bytes"), hex(&harmless));
    let swap =
        format!("UPDATE captures SET header_hash = {hash}, header_bytes = {bytes} WHERE hex(capture) = '{harmless}'");
    statement(&lanthorn, swap);
    forbidden(&lanthorn, "s.maria", "label-from-ciphertext", || approving(&lanthorn, "s.maria", &request));
}

/// A server that keeps two histories: its copy goes on elsewhere, and then takes the place of what a supervisor has seen.
#[test]
fn a_forked_log_is_refused_by_whoever_saw_the_other() {
    let lanthorn = ready(70, 20);
    let _ = lanthorn.crawl().good();
    let copy = lanthorn.path("copy");
    all_of(&lanthorn.data(), &copy);
    let _ = ask(&lanthorn, "a.ivan", &some_capture(&lanthorn));
    witness(&lanthorn, "s.jonas");
    fs::rename(lanthorn.data(), lanthorn.path("seen")).unwrap();
    fs::rename(&copy, lanthorn.data()).unwrap();
    let request = ask(&lanthorn, "a.ivan", &some_capture(&lanthorn));
    let _ = ask(&lanthorn, "a.ivan", &some_capture(&lanthorn));
    let keys = lanthorn.key_folder("s.jonas");
    let witnessing = ["supervisor", "witness", "--keys", &keys];
    forbidden(&lanthorn, "s.jonas", "one-history", || lanthorn.by("s.jonas", &witnessing));
    forbidden(&lanthorn, "s.jonas", "logged-grant", || approving(&lanthorn, "s.jonas", &request));
}

fn hex(capture: &str) -> String {
    let capture: model::CaptureId = capture.parse().unwrap();
    capture.as_bytes().iter().map(|byte| format!("{byte:02X}")).collect()
}

fn header(lanthorn: &Installation, capture: &str) -> PathBuf {
    lanthorn.data().join("vault/headers").join(&capture[capture.len() - 2..]).join(capture)
}

fn all_of(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}
