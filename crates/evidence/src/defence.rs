//! What the defence needs beside what is shown: what was left out, refused and searched for in the case, and how often redaction errs.

use audit::Opening;
use serde_json::{Value, json};

use crate::pack::{ClockCheck, Setting};

/// The measured error rates of the redactor that this program was built with.
pub(crate) const ERROR_RATES: &str = include_str!("../../../docs/model-card.md");

/// An entry of the log about a refusal or a search.
pub(crate) struct Told {
    pub(crate) entry: i64,
    pub(crate) kind: String,
    pub(crate) record: Value,
}

impl Told {
    pub(crate) fn said(&self, name: &str) -> &str {
        self.record[name].as_str().unwrap_or_default()
    }
}

/// Entries of these kinds, in the order of the log; an announcement and its outcome are one act, told of once.
pub(crate) fn of_kinds<'a>(entries: impl Iterator<Item = &'a Opening>, kinds: &[&str]) -> Vec<Told> {
    let told = |opening: &Opening| {
        let word = opening.leaf.split(' ').nth(2)?;
        let (kind, part) = word.split_once(':').unwrap_or((word, ""));
        if part == "outcome" || !kinds.contains(&kind) {
            return None;
        }
        let record = opening.record.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
        Some(Told { entry: opening.entry, kind: kind.to_owned(), record })
    };
    entries.filter_map(told).collect()
}

/// Refusals.
pub(crate) const REFUSALS: &[&str] = &["refuse"];
/// Searches and pivots.
pub(crate) const SEARCHES: &[&str] = &["consult", "combine"];

/// `defence.json`.
pub(crate) fn document<'a>(
    setting: &Setting,
    entries: impl Iterator<Item = &'a Opening> + Clone,
    rules: &[String],
) -> Value {
    let refusals: Vec<_> = of_kinds(entries.clone(), REFUSALS)
        .iter()
        .map(|one| {
            json!({
                "entry": one.entry, "at": one.said("at"), "who": one.said("who"), "rule": one.said("rule"), "asked": one.said("asked"),
            })
        })
        .collect();
    let searches: Vec<_> = of_kinds(entries, SEARCHES)
        .iter()
        .map(|one| {
            json!({
                "entry": one.entry, "at": one.said("at"), "who": one.said("who"), "kind": one.kind, "of": one.said("of"),
                "reason": one.said("reason_text"),
            })
        })
        .collect();
    json!({
        "v": 1,
        "case": setting.disclosure.case.as_str(),
        "unused_captures": setting.unused.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "not_collected": setting.gaps.iter().map(|gap| json!({ "site": gap.site, "what": gap.what, "count": gap.count })).collect::<Vec<_>>(),
        "refusals": refusals,
        "searches": searches,
        "words_of_searches": "encrypted in the log to the auditors, who can read them out: ask for `lanthorn audit queries`",
        "entries_about_other_captures": setting.about_others,
        "error_rates": { "rules": rules, "file": "error-rates.txt" },
    })
}

/// The comparison with another clock that was nearest in time.
pub(crate) fn nearest(checks: &[ClockCheck], at: model::Timestamp) -> Option<&ClockCheck> {
    checks.iter().min_by_key(|check| check.at.since_millis(at).abs())
}
