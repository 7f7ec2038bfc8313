//! What a pack says of one capture: every item that the Berkeley Protocol asks for at collection, or why it was not collected.

use redactor::{Circumstances, RedactedPage};
use serde_json::{Value, json};
use vault::Sealed;

use crate::warc::hex;

/// The redacted view in the archive.
pub(crate) struct View<'a> {
    pub(crate) uri: &'a str,
    pub(crate) record_id: &'a str,
    pub(crate) html: &'a str,
}

/// One line of `captures.jsonl`, and the block of its metadata record.
pub(crate) fn manifest(
    sealed: &Sealed,
    page: &RedactedPage,
    how: &Circumstances,
    view: &View<'_>,
    entries: &[i64],
    tool: &str,
) -> Value {
    let absent = |why: &str| json!({ "not_collected_because": why });
    let counts: serde_json::Map<_, _> =
        page.counts().iter().map(|(label, count)| (label.as_str().to_owned(), json!(count))).collect();
    json!({
        "v": 1,
        "capture": sealed.capture,
        "case": sealed.case.as_str(),
        "authorisation": sealed.authorisation.to_string(),
        "epoch": sealed.epoch.to_string(),
        "site": page.site(),
        "kind": page.kind().as_str(),
        "language": page.language(),
        "collection": {
            "web_address": { "as_token": page.url().to_string(), "in_full": "in the sealed original" },
            "source_code": "as received, in the sealed original",
            "full_page_capture": absent("no page is rendered and no script is run: what was received is kept, not what a browser would draw of it"),
            "embedded_media": absent("images, sound and video are never fetched, shown or indexed"),
            "embedded_metadata": "response headers as received, in the sealed original",
            "contextual_data": { "site": page.site(), "kind": page.kind().as_str(), "posted_day": page.posted_day() },
            "collector": tool,
            "server_address": absent("over Tor nobody knows one, and none is invented"),
            "started": how.started.to_string(),
            "ended": how.ended.to_string(),
            "clock": {
                "source": "the collecting machine's system clock, UTC",
                "ahead_of_a_trusted_clock_ms": how.clock_offset_millis.map_or_else(|| absent("no trusted clock was asked at the time"), |ms| json!(ms)),
            },
            "hash_value": { "commitment_sha256": hex(&sealed.commitments.sha256), "commitment_blake3": hex(&sealed.commitments.blake3) },
        },
        "http": {
            "status": how.status,
            "body_bytes": how.body_bytes,
            "truncated": how.truncated.map(redactor::Truncation::as_str),
        },
        "transport": how.facts,
        "redaction": { "rules": page.rule_version(), "hidden": counts },
        "evidentiary_copy": {
            "what": "the sealed original",
            "payload_blake3": hex(&sealed.payload_hash),
            "payload_bytes": sealed.payload_bytes,
            "header_blake3": hex(&sealed.header_hash),
            "sealed": sealed.sealed_at.to_string(),
        },
        "working_copy": {
            "what": "the redacted view",
            "uri": view.uri,
            "record": view.record_id,
            "sha256": hex(&<sha2::Sha256 as sha2::Digest>::digest(view.html.as_bytes())),
            "blake3": blake3::hash(view.html.as_bytes()).to_hex().as_str(),
        },
        "log_entries": entries,
    })
}
