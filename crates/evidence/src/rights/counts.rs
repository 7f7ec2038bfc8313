//! The log's entries of a period, counted.

use std::collections::BTreeMap;

use audit::Entry;
use serde_json::Value;

/// What comparisons of the machine's clock with an authority's are counted as.
pub(super) const CLOCK: &str = "stamp, of a clock";

/// Counts of acts: each act once, at its announcement or note.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) acts: BTreeMap<String, u64>,
    pub(super) outcomes: BTreeMap<(String, String), u64>,
    pub(super) refused: BTreeMap<String, u64>,
    pub(super) recipients: BTreeMap<String, u64>,
    pub(super) codes: BTreeMap<String, u64>,
    pub(super) break_glass: u64,
    pub(super) erased_records: u64,
    pub(super) entries: u64,
}

impl Counts {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut counts = Self { entries: entries.len() as u64, ..Self::default() };
        for entry in entries {
            let record = entry.record.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
            if entry.record.is_none() {
                counts.erased_records += 1;
            }
            let record = record.unwrap_or(Value::Null);
            let said = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            if entry.part == "outcome" {
                *counts.outcomes.entry((entry.kind.clone(), said("outcome"))).or_default() += 1;
                continue;
            }
            // A comparison of clocks comes of an answer; it is no time stamp that was asked for.
            let kind = if said("of") == "clock" { CLOCK } else { &entry.kind };
            *counts.acts.entry(kind.to_owned()).or_default() += 1;
            match entry.kind.as_str() {
                "refuse" => *counts.refused.entry(said("rule")).or_default() += 1,
                "disclose" => *counts.recipients.entry(said("recipient")).or_default() += 1,
                "unseal-request" => {
                    counts.break_glass += u64::from(said("reason") == "break-glass");
                    *counts.codes.entry(said("reason")).or_default() += 1;
                }
                _ => {}
            }
        }
        counts
    }

    pub(super) fn act(&self, kind: &str) -> u64 {
        self.acts.get(kind).copied().unwrap_or_default()
    }

    pub(super) fn outcome(&self, kind: &str, outcome: &str) -> u64 {
        self.outcomes.get(&(kind.to_owned(), outcome.to_owned())).copied().unwrap_or_default()
    }
}
