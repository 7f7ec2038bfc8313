//! What an auditor reads of the log, and what nobody else does.

use std::fs;

use rehearsal::CASE;
use serde_json::Value;

use crate::ready;

/// A word that stands in no page and no setting, so that it can only come from the query.
const WORD: &str = "quincunx";

#[test]
fn a_query_is_read_by_auditors_alone() {
    let lanthorn = ready(74, 20);
    let _ = lanthorn.crawl().good();
    let _ = lanthorn.by("a.ivan", &["search", CASE, WORD]).good();
    // Not in clear anywhere on the server's disk: database, its log, tiles, index.
    let mut folders = vec![lanthorn.data()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let bytes = fs::read(&entry).unwrap();
                let found = bytes.windows(WORD.len()).any(|window| window == WORD.as_bytes());
                assert!(!found, "{} holds the query", entry.display());
            }
        }
    }
    let queries = |who: &str| lanthorn.by(who, &["audit", "queries", "--keys", &lanthorn.key_folder(who)]);
    let read = queries("u.paul").good().json();
    let last = read.as_array().unwrap().last().unwrap();
    assert_eq!((&last["query"], &last["who"]), (&WORD.into(), &"person a.ivan".into()), "{read}");
    // The longest query in a script of three bytes a letter: kept to the length of a record, and answered.
    let long = vec!["\u{0e01}".repeat(50); 60].join(" ");
    let _ = lanthorn.by("a.ivan", &["search", CASE, &long]).good();
    let read = queries("u.paul").good().json();
    let last = read.as_array().unwrap().last().unwrap()["query"].as_str().unwrap();
    // As it was understood: words that stand side by side are joined.
    let understood = long.replace(' ', " AND ");
    assert!(last.len() > 6_000 && understood.starts_with(last), "{} bytes are kept", last.len());
    for who in ["a.ivan", "s.maria", "o.lena"] {
        assert_eq!(lanthorn.by(who, &["audit", "queries", "--keys", &lanthorn.key_folder("u.paul")]).code, 3, "{who}");
    }
    let told = lanthorn.by("u.paul", &["audit", "tail", "--kind", "log-read"]).good().json();
    assert!(told.to_string().contains("decrypted"), "that queries were read is in the log: {told}");
}

#[test]
fn an_auditor_narrows_the_log_down_and_hands_out_what_opens_its_entries() {
    let lanthorn = ready(75, 20);
    let _ = lanthorn.crawl().good();
    let _ = lanthorn.by("a.ivan", &["search", CASE, "room"]).good();
    let tail = |args: &[&str]| -> Vec<Value> {
        let shown = lanthorn.by("u.paul", &[&["audit", "tail", "--lines", "500"], args].concat()).good().json();
        shown.as_array().unwrap().clone()
    };
    let consulted = tail(&["--kind", "consult"]);
    assert!(consulted.len() == 2 && consulted.iter().all(|entry| entry["kind"] == "consult"), "{consulted:?}");
    let hers = tail(&["--who", "s.maria"]);
    assert!(!hers.is_empty());
    assert!(hers.iter().all(|entry| entry["record"].as_str().unwrap().contains("person s.maria")));
    assert!(tail(&["--until", "2020-01-01"]).is_empty());
    assert_eq!(lanthorn.by("u.paul", &["audit", "tail", "--since", "yesterday"]).code, 2);

    let (out, bare) = (lanthorn.path("handed").display().to_string(), lanthorn.path("bare").display().to_string());
    assert_eq!(lanthorn.by("a.ivan", &["audit", "export", &out, "--records"]).code, 3, "not an analyst's");
    let _ = lanthorn.run(&["audit", "export", &bare]).good();
    assert!(!lanthorn.path("bare").join("records.jsonl").exists());
    let _ = lanthorn.by("u.paul", &["audit", "export", &out, "--records", "--kind", "consult"]).good();
    let lines = fs::read_to_string(lanthorn.path("handed").join("records.jsonl")).unwrap();
    let openings: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(openings.len(), 2);
    let entries = entries(&lanthorn.path("handed"));
    for opening in &openings {
        let salt = opening["salt"].as_str().unwrap();
        let salt: Vec<u8> =
            (0..32).map(|place| u8::from_str_radix(&salt[place * 2..place * 2 + 2], 16).unwrap()).collect();
        let hashed = sha256(&[&salt, opening["record"].as_str().unwrap().as_bytes()].concat());
        let leaf = opening["leaf"].as_str().unwrap();
        assert!(leaf.ends_with(&hashed), "{leaf}, {hashed}");
        assert!(entries.contains(leaf), "the entry stands in the tiles: {leaf}");
    }
}

/// What consultations said goes when its time is over; the log stays whole, and says that it went.
#[test]
fn records_are_erased_by_their_kinds_time_and_the_log_stays_whole() {
    let lanthorn = ready(76, 20);
    let _ = lanthorn.crawl().good();
    let _ = lanthorn.by("a.ivan", &["search", CASE, "room"]).good();
    let run = |extra: &[&str]| {
        lanthorn.later(24 * 1_826, "s.maria", &[&["retention", "run"], extra].concat()).good().json()["records"].clone()
    };
    assert_eq!(run(&[]), 2, "a dry run counts");
    assert_eq!(run(&["--do"]), 2);
    assert_eq!(run(&[]), 0);
    let told = lanthorn.by("u.paul", &["audit", "tail", "--kind", "consult"]).good().json();
    assert!(told.as_array().unwrap().iter().all(|entry| entry["record"].is_null()), "{told}");
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!((&verified["verified"], &verified["open_intents"]), (&true.into(), &0.into()), "{verified}");
    assert!(verified["records_erased"].as_u64().unwrap() >= 2, "{verified}");
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
}

/// All bundles of entries, as text.
fn entries(log: &std::path::Path) -> String {
    let mut all = String::new();
    let mut folders = vec![log.join("tile/entries")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry)
            } else {
                all += &String::from_utf8_lossy(&fs::read(&entry).unwrap())
            }
        }
    }
    all
}

/// By a tool that is not ours.
fn sha256(bytes: &[u8]) -> String {
    let mut child = std::process::Command::new("openssl")
        .args(["dgst", "-sha256", "-binary"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("Debian's openssl");
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), bytes).unwrap();
    let hash = child.wait_with_output().unwrap().stdout;
    let mut text = std::process::Command::new("base64");
    let mut child =
        text.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().expect("coreutils");
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &hash).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}
