//! What the pack tells the defence, held against what else is in it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::captures::Captures;
use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::json::{get, list, number, parse};
use crate::log::Entries;

const AT: &str = "defence.json";

/// Each list, and the kinds of the log's entries that it is made of.
const LISTS: [(&str, &[&str]); 2] = [("refusals", &["refuse"]), ("searches", &["consult", "combine"])];

pub(crate) fn check(files: &Files, captures: &Captures, log: &Entries) -> Result<(), Fault> {
    let value = parse(AT, &files.text(AT)?)?;
    let about = parse("pack.json", &files.text("pack.json")?)?;
    hold(get(&value, "unused_captures") == get(&about, "unused"), AT, || {
        "its unused captures are not those of pack.json".to_owned()
    })?;
    hold(get(&value, "not_collected") == get(&about, "gaps"), AT, || {
        "what was not collected is not what pack.json says".to_owned()
    })?;
    for (name, kinds) in LISTS {
        let mut told = BTreeSet::new();
        for one in list(&value, name, AT)? {
            let entry = number(one, "entry", AT)?;
            hold(told.insert(entry), AT, || format!("its {name} have entry {entry} twice"))?;
        }
        let in_log = log.all().filter(|(_, entry)| {
            let (kind, part) = entry.kind.split_once(':').unwrap_or((&entry.kind, ""));
            part != "outcome" && kinds.contains(&kind)
        });
        let in_log: BTreeSet<u64> = in_log.map(|(index, _)| index).collect();
        if let Some(entry) = in_log.difference(&told).next() {
            return Err(Fault::new(AT, format!("its {name} leave out entry {entry} of the log")));
        }
        if let Some(entry) = told.difference(&in_log).next() {
            return Err(Fault::new(AT, format!("its {name} have entry {entry}, which the log does not have as one")));
        }
        for one in list(&value, name, AT)? {
            let index = number(one, "entry", AT)?;
            let record = log.find(index).and_then(|entry| entry.record.as_ref());
            let empty = Value::from("");
            let said = |name: &str| record.map_or(&empty, |record| &record[name]);
            for (name, in_record) in [("at", "at"), ("who", "who"), ("rule", "rule"), ("reason", "reason_text")] {
                let told = &one[name];
                let same = told.is_null() || told == said(in_record) || (told == "" && said(in_record).is_null());
                hold(same, AT, || format!("`{name}` of entry {index} is not what the log says"))?;
            }
        }
    }
    captures.iter().try_for_each(|(id, capture)| check_clock(id, &capture.value, log))
}

/// The comparison of clocks that a capture names stands in the log.
fn check_clock(id: &str, capture: &Value, log: &Entries) -> Result<(), Fault> {
    let check = get(capture, "collection/clock/nearest_check");
    let Some(index) = check["log_entry"].as_u64() else { return Ok(()) };
    let record = log.find(index).and_then(|entry| entry.record.as_ref());
    let same = |name: &str| record.is_some_and(|record| record[name] == check[name].to_string().trim_matches('"'));
    hold(["at", "authority", "ahead_ms", "within_ms"].into_iter().all(same), "captures.jsonl", || {
        format!("the clock that capture {id} was held against is not what the log says in entry {index}")
    })
}
