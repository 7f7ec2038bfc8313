//! Changes to what the defence is told, and to the clock, by somebody who has the exporter's key.

use std::fs;

use serde_json::Value;

use super::Change;

/// For the recipient alone.
const ORIGINALS: &str = "originals/unredacted.wacz.age";

fn told(change: impl Fn(&mut Value) + 'static) -> Change {
    Box::new(move |bench| {
        bench.edit("defence.json", |text| {
            let mut value = serde_json::from_str(&text).unwrap();
            change(&mut value);
            value.to_string()
        });
    })
}

pub(super) fn of_the_told() -> Vec<(&'static str, Change, &'static str)> {
    vec![
        (
            "a refusal left out",
            told(|value| drop(value["refusals"].as_array_mut().unwrap().remove(0))),
            "its refusals leave out entry",
        ),
        (
            "a search left out",
            told(|value| drop(value["searches"].as_array_mut().unwrap().pop().unwrap())),
            "its searches leave out entry",
        ),
        (
            "a refusal by another rule",
            told(|value| value["refusals"][0]["rule"] = "of-its-own".into()),
            "`rule` of entry",
        ),
        (
            "a search by somebody else",
            told(|value| value["searches"][0]["who"] = "person a.other".into()),
            "`who` of entry",
        ),
        (
            "a refusal that nobody has told",
            told(|value| {
                let mut one = value["refusals"][0].clone();
                one["entry"] = 999_999.into();
                value["refusals"].as_array_mut().unwrap().push(one);
            }),
            "which the log does not have as one",
        ),
        (
            "a link less that was not followed",
            told(|value| value["not_collected"][0]["count"] = 0.into()),
            "what was not collected is not what pack.json says",
        ),
        (
            "an unused capture more",
            told(|value| value["unused_captures"].as_array_mut().unwrap().push("0".repeat(32).into())),
            "its unused captures are not those of pack.json",
        ),
        (
            "no archive of originals",
            Box::new(|bench| fs::remove_file(bench.path(ORIGINALS)).unwrap()),
            "the pack has no such file",
        ),
        (
            "an archive of originals that anybody can read",
            Box::new(|bench| {
                let _ = fs::copy(bench.path("redacted.wacz"), bench.path(ORIGINALS)).unwrap();
            }),
            "it is no age file",
        ),
        (
            "an edition that was not approved",
            Box::new(|bench| bench.swap("pack.json", "\"edition\": \"unredacted\"", "\"edition\": \"redacted\"")),
            "its `edition` is not the one that was approved",
        ),
        (
            "another clock",
            Box::new(|bench| bench.swap("captures.jsonl", "\"within_ms\":", "\"within_ms\":1")),
            "the clock that capture",
        ),
    ]
}
