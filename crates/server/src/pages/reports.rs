//! What browsers refused to do for our pages. There is nothing to refuse; so whatever stands here is worth a look.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use crate::app::App;
use crate::ask::{Answer, Ask, json};

/// Reports that are kept; the first ones say most.
const MAX_KEPT: usize = 100;
const MAX_CHARS: usize = 120;

/// Keeps what a report says was violated; not where, since an address may hold a query.
pub(crate) fn keep(app: &App, bytes: &[u8]) {
    let report: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let first = report.get(0).unwrap_or(&report);
    let body = first.get("body").or_else(|| first.get("csp-report")).unwrap_or(first);
    let directive =
        ["effectiveDirective", "effective-directive", "violated-directive"].iter().find_map(|name| body.get(name));
    let said = directive.and_then(Value::as_str).unwrap_or("unreadable");
    let said = said.chars().filter(|character| character.is_ascii_graphic()).take(MAX_CHARS).collect();
    if let Ok(mut reports) = app.reports.lock()
        && reports.len() < MAX_KEPT
    {
        reports.push(said);
    }
}

pub(crate) async fn taken(_: Ask) -> Answer {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    Ok(answer)
}

pub(crate) async fn list(ask: Ask) -> Answer {
    let reports = ask.app.reports.lock().map(|reports| reports.clone()).unwrap_or_default();
    json(&reports)
}
