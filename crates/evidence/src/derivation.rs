//! The derivation of a redacted view as JSON (`docs/formats/derivation.md`).

use redactor::{RedactedPage, Step};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::warc::hex;

/// One line of `derivations.jsonl`.
pub(crate) fn line(page: &RedactedPage, sealed: &vault::Sealed) -> Result<Value, Error> {
    let derivation = page.derivation().ok_or(Error::NoDerivation(page.capture()))?;
    let part = |steps: &[Step], text: &str| {
        json!({
            "sha256": hex(&Sha256::digest(text.as_bytes())),
            "characters": text.chars().count(),
            "steps": steps.iter().map(step).collect::<Vec<_>>(),
        })
    };
    Ok(json!({
        "v": 1,
        "capture": page.capture(),
        "original": {
            "commitment_sha256": hex(&sealed.commitments.sha256),
            "commitment_blake3": hex(&sealed.commitments.blake3),
            "charset": derivation.charset,
            "markup": derivation.markup,
        },
        "rules": page.rule_version(),
        "title": part(&derivation.title, page.title()),
        "board": part(&derivation.board, page.board().unwrap_or_default()),
        "body": part(&derivation.body, page.body()),
    }))
}

fn step(step: &Step) -> Value {
    match step {
        Step::Copy { start, end } => json!(["copy", start, end]),
        Step::Reference { start, end } => json!(["reference", start, end]),
        Step::Text(text) => json!(["text", text]),
        Step::Token { token, rule, hides: Some((start, end)) } => json!(["token", token.to_string(), rule, start, end]),
        Step::Token { token, rule, hides: None } => json!(["token", token.to_string(), rule]),
    }
}

/// The derivation alone, for whoever checks it against originals outside a pack.
///
/// # Errors
/// When the page was redacted by a build that kept none.
pub fn derivation_line(page: &RedactedPage, sealed: &vault::Sealed) -> Result<String, Error> {
    Ok(line(page, sealed)?.to_string())
}
