//! What every page has: the frame, the language, the menu; and small things that templates ask for.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use model::{Role, Timestamp, Token};
use serde_json::json;

use crate::ask::{Ask, html, with_type};
use crate::guard::Asked;
use crate::language::{Language, Words};
use crate::problem::Problem;
use crate::routes::ROUTES;

/// The frame of a page.
pub(crate) struct Frame {
    pub(crate) w: &'static Words,
    /// The title, in words.
    pub(crate) title: String,
    pub(crate) person: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) menu: Vec<Entry>,
    pub(crate) form_token: String,
    pub(crate) languages: [Language; 4],
}

/// One line of the menu.
pub(crate) struct Entry {
    pub(crate) href: &'static str,
    pub(crate) key: &'static str,
    pub(crate) access: char,
    pub(crate) here: bool,
}

impl Frame {
    /// The frame of a page with this title.
    pub(crate) fn new(ask: &Ask, title: &str) -> Self {
        let who = ask.seat.as_ref().map(|seat| (seat.principal.person().to_string(), seat.principal.role()));
        Self::with(ask.words, ask.words.t(title), who, &ask.at, ask.form_token.clone())
    }

    /// A title that names a thing.
    pub(crate) fn titled(ask: &Ask, title: String) -> Self {
        Self { title, ..Self::new(ask, "product") }
    }

    #[cfg(test)]
    pub(crate) fn of_test(language: Language, person: &str, role: Role) -> Self {
        Self::with(language.words(), "a title".to_owned(), Some((person.to_owned(), role)), "/", String::new())
    }

    fn with(w: &'static Words, title: String, who: Option<(String, Role)>, at: &str, form_token: String) -> Self {
        let role = who.as_ref().map(|(_, role)| *role);
        let entry = |route: &'static crate::Route| {
            let (key, access) = route.menu?;
            let takes = role.map_or(route.need == crate::Need::Anyone, |role| route.need.takes(role));
            takes.then_some(Entry { href: route.path, key, access, here: route.path == at })
        };
        let menu = ROUTES.iter().filter_map(entry).collect();
        Self { w, title, person: who.map(|(person, _)| person), role, menu, form_token, languages: Language::ALL }
    }

    pub(crate) fn role_word(&self) -> String {
        self.role.map(|role| self.w.word("role", role.as_str())).unwrap_or_default()
    }
}

/// What one does with a case: the sentence's key, and the place below the case.
pub(crate) const CASE_MENU: &[(&str, &str)] = &[
    ("search-button", "search"),
    ("groups-title-short", "groups"),
    ("folders-short", "folders"),
    ("notes-short", "notes"),
    ("alerts-short", "alerts"),
    ("indicators-short", "indicators"),
];

/// `2026-11-24 04:00 UTC`, with spaces at which no line ends.
pub(crate) fn moment(at: &Timestamp) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day}\u{a0}{minute}\u{a0}UTC"),
        _ => text,
    }
}

/// `12.3 kB`, in powers of a thousand.
pub(crate) fn bytes(count: &u64) -> String {
    let mut value = *count as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1_000.0 {
            return if unit == "B" { format!("{value} B") } else { format!("{value:.1} {unit}") };
        }
        value /= 1_000.0;
    }
    format!("{value:.1} TB")
}

/// A piece of redacted text: plain, marked as a hit, or a token, which leads to its pivot.
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) mark: bool,
    pub(crate) token: bool,
}

/// Cuts a text at its tokens and marks. Marks are places in Unicode code points, end exclusive.
pub(crate) fn pieces(text: &str, marks: &[(usize, usize)]) -> Vec<Piece> {
    let marked = |at: usize| marks.iter().any(|(start, end)| (*start..*end).contains(&at));
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut rest, mut at) = (text, 0);
    while let Some(first) = rest.chars().next() {
        let token = token_at(rest);
        let taken = token.map_or(first.len_utf8(), str::len);
        let (piece, mark) = (&rest[..taken], marked(at));
        match pieces.last_mut() {
            Some(last) if token.is_none() && !last.token && last.mark == mark => last.text.push_str(piece),
            _ => pieces.push(Piece { text: piece.to_owned(), mark, token: token.is_some() }),
        }
        at += piece.chars().count();
        rest = &rest[taken..];
    }
    pieces
}

/// Cuts a text at its tokens.
pub(crate) fn plain(text: &str) -> Vec<Piece> {
    pieces(text, &[])
}

/// The longest token has a label of a dozen letters.
const MAX_TOKEN_BYTES: usize = 40;

fn token_at(text: &str) -> Option<&str> {
    let end = text.starts_with('[').then(|| text.bytes().take(MAX_TOKEN_BYTES).position(|byte| byte == b']'))??;
    let token = &text[..=end];
    token.parse::<Token>().is_ok().then_some(token)
}

/// A query string with one value.
pub(crate) fn query(name: &str, value: &str) -> String {
    serde_urlencoded::to_string([(name, value)]).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'p> {
    f: Frame,
    what: &'p Problem,
}

/// What went wrong, as a page or as RFC 9457's JSON.
pub(crate) fn problem(asked: &Asked, problem: &Problem, as_json: bool) -> Response {
    let w = asked.words;
    let title = w.t(&format!("problem-{}", problem.key));
    let mut response = if as_json {
        let document = json!({
            "type": format!("urn:lanthorn:problem:{}", problem.key),
            "title": Language::English.words().t(&format!("problem-{}", problem.key)),
            "status": problem.status.as_u16(),
            "detail": problem.detail,
            "rule": problem.rule(),
            "at": problem.at,
        });
        with_type(document.to_string(), "application/problem+json")
    } else {
        let standing = asked.seat.as_ref().filter(|_| problem.key != "signed-out");
        let who = standing.map(|seat| (seat.principal.person().to_string(), seat.principal.role()));
        let f = Frame::with(w, title, who, &asked.path, asked.form_token.clone());
        html(&ProblemPage { f, what: problem }).unwrap_or_else(|_| with_type("", "text/plain"))
    };
    *response.status_mut() = problem.status;
    let seconds = problem.retry_seconds.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok());
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_marks_are_told_apart() {
        let text = "call [PHONE:k7f3a9q2m4xtc] now, [not a token] ö here";
        let from = text.chars().collect::<Vec<_>>().iter().position(|c| *c == 'n').unwrap();
        let pieces = pieces(text, &[(from, from + 3)]);
        let shown: Vec<_> = pieces.iter().map(|piece| (piece.text.as_str(), piece.mark, piece.token)).collect();
        assert_eq!(
            shown,
            [
                ("call ", false, false),
                ("[PHONE:k7f3a9q2m4xtc]", false, true),
                (" ", false, false),
                ("now", true, false),
                (", [not a token] ö here", false, false),
            ]
        );
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
    }

    #[test]
    fn sizes_and_moments_are_short() {
        assert_eq!((bytes(&12), bytes(&12_345)), ("12 B".to_owned(), "12.3 kB".to_owned()));
        assert_eq!(moment(&Timestamp::from_secs(1_795_000_000)), "2026-11-18\u{a0}11:06\u{a0}UTC");
    }
}
