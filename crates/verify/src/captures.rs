//! The captures: each collected under an authorisation that is there, announced and closed in the log, with the commitments that
//! the log holds.

use std::collections::BTreeMap;

use model::{AuthorisationId, CaptureId};
use serde_json::Value;

use crate::about::About;
use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::json::{lines, list, text};
use crate::log::{Entries, Entry};

const AT: &str = "captures.jsonl";

/// What later checks need of one capture.
pub(crate) struct Capture {
    /// The line as it stands: the block of its metadata record.
    pub(crate) line: String,
    pub(crate) value: Value,
    pub(crate) commitment_sha256: String,
    pub(crate) commitment_blake3: String,
    pub(crate) uri: String,
    pub(crate) record: String,
    pub(crate) sha256: String,
    pub(crate) blake3: String,
}

pub(crate) type Captures = BTreeMap<String, Capture>;

pub(crate) fn check(files: &Files, about: &About, log: &Entries) -> Result<Captures, Fault> {
    let content = files.text(AT)?;
    let named = about.named(files)?;
    let mut captures = Captures::new();
    let of_log = by_capture(log);
    for ((at, value), line) in lines(AT, &content)?.into_iter().zip(content.lines()) {
        let id = text(&value, "capture", &at)?.to_owned();
        hold(id.parse::<CaptureId>().is_ok(), &at, || "its id is none of a capture".to_owned())?;
        hold(text(&value, "case", &at)? == about.case, &at, || "it is of another case".to_owned())?;
        let authorisation = text(&value, "authorisation", &at)?;
        hold(
            authorisation.parse::<AuthorisationId>().is_ok() && about.authorisations.contains(authorisation),
            &at,
            || "its authorisation is not in the pack".to_owned(),
        )?;
        hold(named.as_ref().is_none_or(|named| named.contains(&id)), &at, || "the grant does not name it".to_owned())?;
        hold(!about.unused.contains(&id), &at, || "pack.json calls it unused".to_owned())?;
        hold(about.rules.contains(text(&value, "redaction/rules", &at)?), &at, || {
            "its rules are not among those that pack.json names".to_owned()
        })?;
        let of = |path: &str| Ok::<_, Fault>(text(&value, path, &at)?.to_owned());
        let capture = Capture {
            commitment_sha256: of("collection/hash_value/commitment_sha256")?,
            commitment_blake3: of("collection/hash_value/commitment_blake3")?,
            uri: of("working_copy/uri")?,
            record: of("working_copy/record")?,
            sha256: of("working_copy/sha256")?,
            blake3: of("working_copy/blake3")?,
            line: line.to_owned(),
            value,
        };
        check_entries(&at, &id, &capture, of_log.get(id.as_str()).map_or(&[][..], Vec::as_slice))?;
        hold(captures.insert(id, capture).is_none(), &at, || "the capture is there twice".to_owned())?;
    }
    hold(captures.len() as u64 == about.captures, AT, || {
        format!("it has {} captures, and pack.json says {}", captures.len(), about.captures)
    })?;
    if let Some(missing) = named.and_then(|named| named.into_iter().find(|id| !captures.contains_key(id))) {
        return Err(Fault::new(AT, format!("the grant names capture {missing}, which is not there")));
    }
    if let Some(id) = of_log.keys().find(|id| !captures.contains_key(**id)) {
        return Err(Fault::new(
            "log/entries.jsonl",
            format!("it has entries of capture {id}, which is not in the pack"),
        ));
    }
    Ok(captures)
}

type OfLog<'a> = BTreeMap<&'a str, Vec<(u64, &'a Entry)>>;

fn by_capture(log: &Entries) -> OfLog<'_> {
    let mut found = OfLog::new();
    for (index, entry) in log.all() {
        if let Some(id) = entry.record.as_ref().and_then(|record| record["capture"].as_str()) {
            found.entry(id).or_default().push((index, entry));
        }
    }
    found
}

fn check_entries(at: &str, id: &str, capture: &Capture, entries: &[(u64, &Entry)]) -> Result<(), Fault> {
    let listed = list(&capture.value, "log_entries", at)?;
    let listed: Vec<_> = listed.iter().filter_map(Value::as_u64).collect();
    let found: Vec<_> = entries.iter().map(|(index, _)| *index).collect();
    hold(listed == found, at, || {
        format!("its entries in the log are not those that log/entries.jsonl has of capture {id}")
    })?;
    let of = |kind: &str| entries.iter().find(|(_, entry)| entry.kind == kind);
    hold(of("collect:intent").is_some(), at, || "the log has no announcement of its collection".to_owned())?;
    let (_, outcome) =
        of("collect:outcome").ok_or_else(|| Fault::new(at, "the log has no outcome of its collection"))?;
    let said = |name: &str| outcome.record.as_ref().and_then(|record| record[name].as_str()).unwrap_or_default();
    hold(said("outcome") == "done", at, || "the log does not say that its collection was done".to_owned())?;
    for (name, value) in
        [("commitment_sha256", &capture.commitment_sha256), ("commitment_blake3", &capture.commitment_blake3)]
    {
        hold(said(name) == value, at, || format!("its {name} is not the one that the log holds"))?;
    }
    let announced = of("collect:intent").and_then(|(_, entry)| entry.record.as_ref());
    let claimed = ["case", "authorisation"].map(|name| (name, capture.value[name].as_str().unwrap_or_default()));
    for (name, value) in claimed {
        let logged = announced.and_then(|record| record[name].as_str()).unwrap_or_default();
        hold(logged == value, at, || format!("its {name} is not the one that the log holds"))?;
    }
    Ok(())
}
