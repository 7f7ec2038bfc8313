//! One request, as the pages see it: who, in which language, with what fields.

use std::sync::Arc;

use access::Principal;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use crate::app::App;
use crate::input::Fields;
use crate::language::Words;
use crate::problem::Problem;
use crate::session::Seat;

/// A request that the guard has let through.
pub(crate) struct Ask {
    pub(crate) app: App,
    /// Values of the path's parameters.
    pub(crate) path: Vec<(String, String)>,
    /// The path itself, as it was asked for.
    pub(crate) at: String,
    pub(crate) query: Fields,
    pub(crate) form: Fields,
    pub(crate) seat: Option<Seat>,
    /// Whether this is the address that security keys are bound to.
    pub(crate) keys_here: bool,
    /// The visitor's cookie, which their forms are bound to.
    pub(crate) visit: Option<String>,
    pub(crate) words: &'static Words,
    /// What every form of the answer brings back.
    pub(crate) form_token: String,
}

impl Ask {
    /// Who is signed in. Only routes that need somebody ask.
    pub(crate) fn principal(&self) -> Result<&Arc<Principal>, Problem> {
        let seat = self.seat.as_ref().ok_or(Problem::new(StatusCode::UNAUTHORIZED, "signed-out"))?;
        Ok(&seat.principal)
    }

    /// A value of the path. What cannot be read names nothing.
    pub(crate) fn param<T: std::str::FromStr>(&self, name: &str) -> Result<T, Problem> {
        let value = self.path.iter().find(|(found, _)| found == name).map(|(_, value)| value);
        value.and_then(|value| value.parse().ok()).ok_or(Problem::not_found())
    }

    /// A field that has to be filled in.
    pub(crate) fn need(&self, name: &str) -> Result<&str, Problem> {
        self.form.get(name).ok_or(Problem::bad("empty-field"))
    }

    /// A sentence of a person: not empty, not too long, one line.
    pub(crate) fn sentence(&self, name: &str) -> Result<String, Problem> {
        let text = self.need(name)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > MAX_SENTENCE_CHARS || text.chars().any(char::is_control) {
            return Err(Problem::bad("long-field"));
        }
        Ok(text)
    }

    /// What stood in a field, for a form that is shown again; nothing of it where an identifier was found.
    pub(crate) fn kept(&self, name: &str, problem: Option<&Problem>) -> String {
        let value = self.form.get(name).unwrap_or_default().to_owned();
        if problem.is_some_and(|problem| problem.key == "identifier") { String::new() } else { value }
    }

    /// The number of the page of results, from 1.
    pub(crate) fn page_number(&self) -> usize {
        self.query
            .get("page")
            .and_then(|page| page.parse().ok())
            .filter(|page| (1..=10_000).contains(page))
            .unwrap_or(1)
    }
}

/// The longest sentence that a reason may be; the form of a grant has the same bound.
pub(crate) const MAX_SENTENCE_CHARS: usize = 1_000;

/// What a handler gives back.
pub(crate) type Answer = Result<Response, Problem>;

/// A page.
pub(crate) fn html(page: &impl askama::Template) -> Answer {
    let text = page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be written");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed")
    })?;
    Ok(with_type(text, "text/html; charset=utf-8"))
}

/// A JSON document.
pub(crate) fn json(value: &impl Serialize) -> Answer {
    let text = serde_json::to_string(value).map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed"))?;
    Ok(with_type(text, "application/json"))
}

/// After something was done: the page to look at next. Always one of our own.
pub(crate) fn see(path: &str) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(path) = HeaderValue::from_str(path) {
        answer.headers_mut().insert(header::LOCATION, path);
    }
    answer
}

pub(crate) fn with_type(text: impl Into<Body>, kind: &'static str) -> Response {
    let mut answer = Response::new(text.into());
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

/// Puts a cookie on an answer.
pub(crate) fn with_cookie(mut answer: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}
