//! The derivations: each fits its view, character by character, as far as that can be seen without the original.

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::archive::Views;
use crate::captures::Captures;
use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::json::{lines, list, number, text};

const AT: &str = "derivations.jsonl";
const PARTS: [&str; 3] = ["title", "board", "body"];

pub(crate) fn check(files: &Files, captures: &Captures, views: &Views) -> Result<(), Fault> {
    let mut missing: std::collections::BTreeSet<&str> = captures.keys().map(String::as_str).collect();
    for (at, value) in lines(AT, &files.text(AT)?)? {
        let id = text(&value, "capture", &at)?;
        hold(missing.remove(id), &at, || format!("capture {id} is not in the pack, or has two derivations"))?;
        let capture = &captures[id];
        for (name, expected) in
            [("commitment_sha256", &capture.commitment_sha256), ("commitment_blake3", &capture.commitment_blake3)]
        {
            hold(text(&value, &format!("original/{name}"), &at)? == expected, &at, || {
                format!("its {name} is not that of capture {id}")
            })?;
        }
        let rules = &capture.value["redaction"]["rules"];
        hold(value["rules"] == *rules, &at, || "its rules are not those of the capture".to_owned())?;
        for (name, shown) in PARTS.into_iter().zip(&views[id]) {
            part(&at, name, &value[name], shown)?;
        }
    }
    match missing.first() {
        Some(id) => Err(Fault::new(AT, format!("capture {id} has no derivation"))),
        None => Ok(()),
    }
}

fn part(at: &str, name: &str, value: &Value, shown: &str) -> Result<(), Fault> {
    let other = || format!("the {name} that it makes is not the one in the archive");
    hold(text(value, "sha256", at)? == HEXLOWER.encode(&Sha256::digest(shown)), at, other)?;
    let characters: Vec<char> = shown.chars().collect();
    hold(number(value, "characters", at)? == characters.len() as u64, at, other)?;
    let mut next = 0;
    for step in list(value, "steps", at)? {
        let malformed = || Fault::new(at, format!("the {name} has a step that is none"));
        let place = |from: usize| {
            let (start, end) = (step[from].as_u64()?, step[from + 1].as_u64()?);
            usize::try_from(end.checked_sub(start)?).ok().filter(|length| *length > 0)
        };
        match step[0].as_str() {
            Some("copy") => next += place(1).ok_or_else(malformed)?,
            Some("reference") => next += place(1).map(|_| 1).ok_or_else(malformed)?,
            Some(kind @ ("text" | "token")) => {
                let written = step[1].as_str().ok_or_else(malformed)?;
                let token = kind == "token";
                hold(!token || written.parse::<model::Token>().is_ok(), at, || malformed().says)?;
                hold(!token || step.as_array().is_none_or(|step| step.len() == 3) || place(3).is_some(), at, || {
                    malformed().says
                })?;
                for character in written.chars() {
                    hold(characters.get(next) == Some(&character), at, other)?;
                    next += 1;
                }
            }
            _ => return Err(malformed()),
        }
    }
    hold(next == characters.len(), at, other)
}
