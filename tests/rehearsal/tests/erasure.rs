//! Erasure and retention: what is erased is in no byte of the data folder any more, and what must be kept is.

use std::time::Duration;

use model::Label;
use rehearsal::served::Served;
use rehearsal::{CASE, Installation, finish};
use serde_json::Value;
use synthetic::scan::{Needle, Scan};

use crate::ready;
use crate::unsealing::{approve, ask, witness};

/// Kills of an erasure; each is followed by the same command once more.
const KILLS: u64 = 8;

/// A capture, and a token that stands on no other page.
struct Chosen {
    capture: String,
    token: String,
}

/// One capture whose page holds something that nothing else does.
fn chosen(lanthorn: &Installation) -> Chosen {
    let hits = lanthorn.by("a.ivan", &["search", CASE, "kind:ad", "--limit", "100"]).good().json();
    for hit in hits["hits"].as_array().unwrap() {
        for token in hit["tokens"].as_array().unwrap().iter().map(|token| token.as_str().unwrap()) {
            let pivot = lanthorn.by("a.ivan", &["pivot", CASE, token]).good().json();
            // A page's address is a token of its own, too; here it is what the page says that counts.
            if !token.starts_with("[URL:") && pivot["captures"].as_array().is_some_and(|captures| captures.len() == 1) {
                return Chosen { capture: hit["capture"].as_str().unwrap().to_owned(), token: token.to_owned() };
            }
        }
    }
    panic!("no page has a token of its own: {hits}");
}

/// Where in the data folder something is found, in any encoding, decompressed blocks and database pages included.
fn places(lanthorn: &Installation, what: &str) -> Vec<String> {
    let needle = Needle { label: Label::OtherId, canonical: what.to_owned(), written: what.to_owned() };
    let leaks = Scan::new(&[needle]).folder(&lanthorn.data()).unwrap().leaks;
    leaks.into_iter().map(|leak| format!("{} as {:?}", leak.file.display(), leak.form)).collect()
}

#[test]
fn after_an_erasure_no_byte_of_the_page_or_of_its_own_token_is_left() {
    let lanthorn = ready(81, 120);
    let _ = lanthorn.crawl().good();
    let Chosen { capture, token } = chosen(&lanthorn);
    let reason = "a number that leads to a safe house in Example Street";
    let request = asked_because(&lanthorn, &capture, reason);
    witness(&lanthorn, "s.jonas");
    approve(&lanthorn, "s.maria", &request);
    for what in [token.as_str(), &capture, reason] {
        assert!(!places(&lanthorn, what).is_empty(), "the scan finds {what} while it is there");
    }

    // A server keeps the index open for its next question; the erasure must not be held up by it, nor what it shows.
    let served = Served::start(&lanthorn);
    let cookie = served.session("a.ivan");
    let bare = token.trim_matches(['[', ']']).replace(':', "%3A");
    let shown = || served.ask("GET", &format!("/cases/{CASE}/search?q={bare}"), &cookie, "");
    let before = shown();
    assert!(before.status == 200 && before.body.contains(&capture), "{}", before.body);

    let erased = lanthorn.by("s.maria", &["erase", &capture, "--reason", "asked for by the person"]).good().json();
    let after = shown();
    assert!(after.status == 200 && !after.body.contains(&capture), "{}", after.body);
    served.stop();
    assert!(erased["records"].as_u64().unwrap() >= 3, "collection, request, approval: {erased}");
    assert_eq!(places(&lanthorn, &token), Vec::<String>::new(), "its own token");
    assert_eq!(places(&lanthorn, reason), Vec::<String>::new(), "why somebody wanted to open it");
    let pivot = lanthorn.by("a.ivan", &["pivot", CASE, &token]).good().json();
    assert_eq!(pivot["captures"], Value::Array(vec![]), "{pivot}");
    let open = ["unseal", "open", &request, "--keys", &lanthorn.key_folder("a.ivan")];
    assert_ne!(lanthorn.by("a.ivan", &open).code, 0);
    assert_eq!(erased["copies_outside"], serde_json::json!([]), "{erased}");
    let again = ["unseal", "request", &capture, "--code", "R1", "--reason", "x", "--legal-basis", "y"];
    let again = lanthorn.by("a.ivan", &again);
    assert_eq!(again.code, 3, "what is erased cannot be asked for: {again:?}");
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!((&verified["verified"], &verified["open_intents"]), (&true.into(), &0.into()), "{verified}");
    assert!(verified["records_erased"].as_u64().unwrap() >= 3, "{verified}");
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
}

fn asked_because(lanthorn: &Installation, capture: &str, reason: &str) -> String {
    let args =
        ["unseal", "request", capture, "--code", "R1", "--reason", reason, "--legal-basis", "Example Act, section 5"];
    lanthorn.by("a.ivan", &args).good().json()["request"].to_string()
}

#[test]
fn a_hold_is_set_by_one_and_released_by_two_and_until_then_nothing_is_erased() {
    let lanthorn = ready(82, 60);
    let _ = lanthorn.crawl().good();
    let capture = chosen(&lanthorn).capture;
    let held = lanthorn.by("s.maria", &["retention", "hold", &capture, "--reason", "proceedings 7"]).good().json();
    let hold = held["hold"].to_string();
    let refused = lanthorn.by("s.jonas", &["erase", &capture, "--reason", "x"]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("legal-hold"), "{refused:?}");
    assert_eq!(lanthorn.by("o.lena", &["retention", "release", &hold]).code, 3, "a role that may not");

    let first = lanthorn.by("s.maria", &["retention", "release", &hold]).good().json();
    assert_eq!(first["released"], false);
    let again = lanthorn.by("s.maria", &["retention", "release", &hold]);
    assert_eq!(again.code, 3, "{again:?}");
    assert!(again.err.contains("two-release"), "{again:?}");
    assert_eq!(lanthorn.by("s.jonas", &["erase", &capture, "--reason", "x"]).code, 3, "one is not enough");
    assert_eq!(lanthorn.by("s.jonas", &["retention", "release", &hold]).good().json()["released"], true);
    let _ = lanthorn.by("s.jonas", &["erase", &capture, "--reason", "x"]).good();
    let gone = lanthorn.by("s.maria", &["retention", "hold", &capture, "--reason", "too late"]);
    assert_eq!(gone.code, 3, "{gone:?}");
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(verified["open_intents"], 0, "a refused erasure has its outcome, too: {verified}");
}

#[test]
fn a_dry_run_changes_nothing_and_an_erasure_is_confirmed_when_backups_are_gone() {
    let lanthorn = ready(83, 60);
    let _ = lanthorn.crawl().good();
    let capture = chosen(&lanthorn).capture;
    let report = lanthorn.by("s.maria", &["retention", "report"]).good().json();
    assert_eq!(report["authorisations"][0]["due"], 0, "{report}");
    let kept = report["authorisations"][0]["kept"].as_u64().unwrap();
    let _ = lanthorn.by("s.maria", &["erase", &capture, "--reason", "x"]).good();
    let dry = lanthorn.by("s.maria", &["retention", "run"]).good().json();
    assert_eq!((&dry["performed"], &dry["confirmed"]), (&false.into(), &Value::Array(vec![])), "{dry}");
    let after = lanthorn.by("s.maria", &["retention", "report"]).good().json();
    assert_eq!((&after["authorisations"][0]["kept"], &after["waiting_for_backups"]), (&(kept - 1).into(), &1.into()));
    assert_eq!(lanthorn.by("o.lena", &["retention", "run", "--do"]).code, 3);

    // An installation that keeps no backups of headers confirms at once.
    let file = lanthorn.data().join("lanthorn.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, config.replace("header_backup_days = 30", "header_backup_days = 0")).unwrap();
    let other = chosen(&lanthorn).capture;
    let _ = lanthorn.by("s.maria", &["erase", &other, "--reason", "x"]).good();
    let dry = lanthorn.by("s.maria", &["retention", "run"]).good().json();
    assert_eq!(dry["confirmed"], Value::from(vec![other.clone()]));
    let done = lanthorn.by("s.maria", &["retention", "run", "--do"]).good().json();
    assert_eq!((&done["confirmed"], &done["erased"]), (&dry["confirmed"], &Value::Array(vec![])));
    assert_eq!(lanthorn.by("s.maria", &["retention", "run"]).good().json()["confirmed"], Value::Array(vec![]));
    let tail = lanthorn.by("u.paul", &["audit", "tail", "--lines", "20"]).good().json();
    let kinds: Vec<_> =
        tail.as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect();
    assert!(kinds.iter().any(|kind| kind == "erase-confirm"), "{kinds:?}");
}

#[test]
fn an_erasure_that_is_killed_is_finished_by_the_same_command() {
    let lanthorn = ready(84, 120);
    let _ = lanthorn.crawl().good();
    let hits = lanthorn.by("a.ivan", &["search", CASE, "kind:ad", "--limit", "50"]).good().json();
    let captures: Vec<String> =
        hits["hits"].as_array().unwrap().iter().map(|hit| hit["capture"].as_str().unwrap().to_owned()).collect();
    let count = |lanthorn: &Installation| {
        lanthorn.by("a.ivan", &["search", CASE, "kind:ad"]).good().json()["count"].as_u64().unwrap()
    };
    let before = count(&lanthorn);
    for (kill, capture) in (0..KILLS).zip(&captures) {
        let mut erasing = lanthorn.command(&["erase", capture, "--reason", "x"], 2);
        let mut child = erasing.args(["--as", "s.maria"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(40 + kill * 60)); // the moment is what is being tested
        child.kill().unwrap(); // SIGKILL
        let _ = child.wait_with_output().unwrap();
        let mut again = lanthorn.command(&["erase", capture, "--reason", "x"], 2);
        again.args(["--as", "s.maria"]);
        let again = finish(again);
        assert_eq!(again.code, 0, "kill {kill}: {again:?}");
        assert_eq!(count(&lanthorn), before - kill - 1, "kill {kill}");
    }
    let report = lanthorn.by("s.maria", &["retention", "report"]).good().json();
    assert_eq!(report["unfinished_erasures"], Value::Array(vec![]), "{report}");
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(verified["open_intents"], 0, "{verified}");
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
    let request = ask(&lanthorn, "a.ivan", &captures[KILLS as usize]);
    assert_eq!(request, "1", "the installation goes on");
}

#[test]
fn a_destroyed_case_leaves_its_log_and_nothing_else() {
    let lanthorn = ready(84, 60);
    let _ = lanthorn.crawl().good();
    let Chosen { capture, token } = chosen(&lanthorn);
    let destroy = |who: &str| lanthorn.by(who, &["case", "destroy", CASE, "--reason", "the court has ordered it"]);
    let refused = |who: &str, rule: &str| {
        let ran = destroy(who);
        assert!(ran.code == 3 && ran.err.contains(rule), "{rule}: {ran:?}");
    };
    refused("a.ivan", "role-table");
    refused("s.maria", "closed-case");
    let _ = lanthorn.by("s.maria", &["case", "close", CASE]).good();
    let held = lanthorn.by("s.maria", &["retention", "hold", &capture, "--reason", "proceedings 7"]).good().json();
    refused("s.maria", "legal-hold");
    for who in ["s.maria", "s.jonas"] {
        let _ = lanthorn.by(who, &["retention", "release", &held["hold"].to_string()]).good();
    }
    assert_eq!(destroy("s.maria").good().json()["state"], "waits");
    refused("s.maria", "two-persons");
    assert!(!places(&lanthorn, &token).is_empty(), "the scan finds the token while it is there");

    // Killed at several moments, and run again.
    for kill in 0..KILLS {
        let mut killed = lanthorn.command(&["case", "destroy", CASE, "--reason", "the court has ordered it"], 2);
        let mut killed = killed.args(["--as", "s.jonas"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(150 + 60 * kill)); // the moment is what is being tested
        let _ = killed.kill();
        let _ = killed.wait_with_output().unwrap();
    }
    assert_eq!(destroy("s.jonas").good().json()["state"], "destroyed");
    assert_eq!(destroy("s.maria").good().json()["captures"], 0, "there is nothing left to do");
    assert_eq!(places(&lanthorn, &token), Vec::<String>::new());
    assert!(!lanthorn.data().join("index").join(CASE).exists());
    for key in ["token", "crawl"] {
        assert!(!lanthorn.data().join("keys/crawl").join(format!("{key}-{CASE}.key")).exists(), "{key}");
    }
    assert_ne!(lanthorn.by("a.ivan", &["search", CASE, "room"]).code, 0);
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
    // The next process closes what the kill left open.
    let told = lanthorn.by("u.paul", &["audit", "tail", "--kind", "case"]).good().json();
    assert!(told.to_string().contains("destruction confirmed"), "{told}");
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!((&verified["verified"], &verified["open_intents"]), (&true.into(), &0.into()), "{verified}");
}
