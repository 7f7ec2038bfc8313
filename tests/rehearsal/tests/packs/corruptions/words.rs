//! Changes to what a pack says of itself, of the log and of its captures, by somebody who has the exporter's key.

use std::fs;

use super::Change;

/// Changes by somebody who has the exporter's key, and makes lists and signature anew.
pub(super) fn of_words() -> Vec<(&'static str, Change, &'static str)> {
    let json = |file: &'static str, from: &'static str, to: &'static str| -> Change {
        Box::new(move |bench| bench.swap(file, from, to))
    };
    vec![
        (
            "another recipient",
            json("pack.json", "Example District Court", "Somebody Else"),
            "not the one that was approved",
        ),
        (
            "another case",
            json("pack.json", "\"case\": \"op-harbour-2026\"", "\"case\": \"op-harbour-2027\""),
            "not the one that was approved",
        ),
        ("another version", json("pack.json", "\"version\": 1", "\"version\": 2"), "of version 2"),
        (
            "another count",
            Box::new(|bench| bench.edit("pack.json", |text| text.replacen("\"captures\": ", "\"captures\": 1", 1))),
            "pack.json says 1",
        ),
        (
            "one approval is enough",
            json("pack.json", "\"approvals_needed\": 2", "\"approvals_needed\": 1"),
            "fewer than two",
        ),
        ("an approver who was not", json("pack.json", "\"s.jonas\"", "\"s.nobody\""), "others than those who signed"),
        (
            "a grant changed with the pack",
            Box::new(|bench| {
                bench.swap("pack.json", "Example District Court", "Somebody Else");
                bench.swap("approvals/disclosure", "Example District Court", "Somebody Else");
            }),
            "the grant was changed after it was approved",
        ),
        (
            "an approval taken out",
            Box::new(|bench| {
                fs::remove_file(bench.path("approvals/disclosure.s.jonas.sig")).unwrap();
                bench.edit("pack.json", |text| text.replacen("\"s.jonas\",", "", 1));
            }),
            "1 of 2 needed approvals",
        ),
        (
            "an approval in another's name",
            Box::new(|bench| {
                fs::copy(
                    bench.path("approvals/disclosure.s.maria.sig"),
                    bench.path("approvals/disclosure.s.jonas.sig"),
                )
                .unwrap();
            }),
            "not by a key that s.jonas may approve with",
        ),
        (
            "a foreign log",
            Box::new(|bench| {
                bench.foreign_log();
            }),
            "signature",
        ),
        (
            "a foreign log with its key",
            Box::new(|bench| {
                let key = bench.foreign_log();
                fs::write(bench.path("log/log.vkey"), key).unwrap();
            }),
            "not the key that you trust",
        ),
        (
            "a truncated log",
            Box::new(|bench| {
                bench.edit("log/entries.jsonl", |text| {
                    let lines: Vec<_> = text.lines().collect();
                    let last = lines.iter().rposition(|line| line.contains("collect:outcome")).unwrap();
                    lines
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| *at != last)
                        .map(|(_, line)| format!("{line}\n"))
                        .collect()
                })
            }),
            "its entries in the log",
        ),
        ("a record changed", json("log/entries.jsonl", "process crawl", "process other"), "the record was changed"),
        (
            "a record erased",
            Box::new(|bench| {
                bench.edit("log/entries.jsonl", |text| {
                    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                    let at = lines.iter().position(|line| line.contains("collect:outcome")).unwrap();
                    let mut line: serde_json::Value = serde_json::from_str(&lines[at]).unwrap();
                    (line["record"], line["salt"]) = (serde_json::Value::Null, serde_json::Value::Null);
                    lines[at] = line.to_string();
                    lines.join("\n") + "\n"
                })
            }),
            "its entries in the log",
        ),
        ("an entry's time changed", json("log/entries.jsonl", "\"v1 1", "\"v1 2"), "not in the tree"),
        (
            "a hash of a proof changed",
            Box::new(|bench| {
                bench.edit("log/entries.jsonl", |text| {
                    let at = text.find("\"proof\":[\"").unwrap() + 10;
                    let other = if text[at..].starts_with('A') { "B" } else { "A" };
                    text[..at].to_owned() + other + &text[at + 1..]
                })
            }),
            "not in the tree",
        ),
        (
            "an entry twice",
            Box::new(|bench| {
                bench.edit("log/entries.jsonl", |text| format!("{}\n{text}", text.lines().next().unwrap()))
            }),
            "out of order, or there twice",
        ),
        (
            "another commitment",
            Box::new(|bench| {
                let line: serde_json::Value =
                    serde_json::from_str(&bench.line_of("captures.jsonl", &bench.made.capture)).unwrap();
                let value = line["collection"]["hash_value"]["commitment_sha256"].as_str().unwrap().to_owned();
                bench.swap("captures.jsonl", &value, &value.chars().rev().collect::<String>());
            }),
            "not the one that the log holds",
        ),
        (
            "a capture taken out",
            Box::new(|bench| {
                let line = bench.line_of("captures.jsonl", &bench.other);
                bench.edit("captures.jsonl", |text| text.replacen(&(line + "\n"), "", 1));
            }),
            "pack.json says",
        ),
        (
            "a capture of another case",
            json("captures.jsonl", "\"case\":\"op-harbour-2026\"", "\"case\":\"op-harbour-2027\""),
            "of another case",
        ),
        ("other rules", json("captures.jsonl", "\"rules\":\"", "\"rules\":\"other "), "its rules are not among those"),
        (
            "another authorisation",
            Box::new(|bench| {
                let line: serde_json::Value =
                    serde_json::from_str(&bench.line_of("captures.jsonl", &bench.other)).unwrap();
                let id = line["authorisation"].as_str().unwrap().to_owned();
                bench.swap(
                    "captures.jsonl",
                    &format!("\"authorisation\":\"{id}\""),
                    &format!("\"authorisation\":\"{}\"", "0".repeat(32)),
                );
            }),
            "its authorisation is not in the pack",
        ),
        ("a changed label", json("captures.jsonl", "\"kind\":\"", "\"kind\":\"x"), "its metadata are not its line"),
    ]
}
