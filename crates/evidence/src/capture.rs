//! What a pack says of one capture: every item that the Berkeley Protocol asks for at collection, or why it was not collected.

use redactor::{Circumstances, RedactedPage};
use serde_json::{Value, json};
use vault::Sealed;

use crate::pack::ClockCheck;
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
    check: Option<&ClockCheck>,
) -> Value {
    let absent = |why: &str| json!({ "not_collected_because": why });
    let ahead = how.clock_offset_millis.or_else(|| Some(check?.ahead_millis));
    let held = |check: &ClockCheck| {
        json!({
            "log_entry": check.entry, "at": check.at.to_string(), "authority": check.authority,
            "ahead_ms": check.ahead_millis, "within_ms": check.within_millis,
        })
    };
    let no_clock =
        || absent("no time-stamping authority has been asked: none was configured, or none has answered yet");
    let no_account = || absent("no account was used for this page, and no request identifies the collector");
    let fact = |name: &str, why: &str| how.facts.get(name).map_or_else(|| absent(why), |value| json!(value));
    let not_tor = "the transport did not state it";
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
            "collector": { "program": tool, "person": "in the log: who ran the crawl, and who signed the authorisation" },
            "collector_address": absent("over Tor the server sees the address of a relay, which this machine does not learn; none is invented"),
            "virtual_identity": how.facts.get("account").map_or_else(no_account, |label| {
                json!({ "account_of_the_authorisation": label, "session": how.facts.get("account.session") })
            }),
            "server_address": absent("over Tor nobody knows one, and none is invented"),
            "started": how.started.to_string(),
            "ended": how.ended.to_string(),
            "clock": {
                "source": "the collecting machine's system clock, UTC",
                "ahead_of_a_trusted_clock_ms": ahead.map_or_else(no_clock, |ms| json!(ms)),
                "nearest_check": check.map_or_else(no_clock, held),
            },
            "hash_value": { "commitment_sha256": hex(&sealed.commitments.sha256), "commitment_blake3": hex(&sealed.commitments.blake3) },
        },
        "http": {
            "status": how.status,
            "body_bytes": how.body_bytes,
            "truncated": how.truncated.map(redactor::Truncation::as_str),
        },
        "transport": how.facts,
        "tor": {
            "onion_service_key": "the host of the web address is the service's public key: in the sealed original",
            "circuit_isolation": fact("tor.isolation", not_tor),
            "client": fact("tor.client", not_tor),
            "consensus": fact("tor.status", not_tor),
        },
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
