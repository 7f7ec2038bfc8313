//! What comes in: bounded, and read as one flat list of names and values whatever its form.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};

use crate::problem::Problem;

/// The longest body. The longest field is a reason or a query; both have their own, lower bounds.
pub(crate) const MAX_BODY_BYTES: usize = 64 << 10;
/// Names and values of one request.
const MAX_FIELDS: usize = 64;

/// Names and values.
#[derive(Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of a query string.
    pub(crate) fn of_query(query: Option<&str>) -> Result<Self, Problem> {
        Self::checked(serde_urlencoded::from_str(query.unwrap_or_default()).map_err(|_| Problem::bad("unreadable"))?)
    }

    /// Of a body: a form from a page, one flat JSON object from a program.
    pub(crate) async fn of_body(headers: &HeaderMap, body: Body, json: bool) -> Result<Self, Problem> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let expected = if json { "application/json" } else { "application/x-www-form-urlencoded" };
        if !kind.eq_ignore_ascii_case(expected) {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unreadable"));
        }
        let bytes = to_bytes(body, MAX_BODY_BYTES).await;
        let bytes = bytes.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"))?;
        if !json {
            return Self::checked(serde_urlencoded::from_bytes(&bytes).map_err(|_| Problem::bad("unreadable"))?);
        }
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&bytes).map_err(|_| Problem::bad("unreadable"))?;
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Number(number) => Some(number.to_string()),
            serde_json::Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        let fields = object.into_iter().map(|(name, value)| Some((name, text(value)?))).collect::<Option<_>>();
        Self::checked(fields.ok_or(Problem::bad("unreadable"))?)
    }

    fn checked(fields: Vec<(String, String)>) -> Result<Self, Problem> {
        if fields.len() > MAX_FIELDS { Err(Problem::bad("unreadable")) } else { Ok(Self(fields)) }
    }

    /// The first value of that name, without white space around it; nothing where it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }
}
