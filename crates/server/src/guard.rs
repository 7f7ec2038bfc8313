//! What every request passes before a page sees it, in one order: the host's name, the cookies, the rate, who it is, the
//! role, where it came from, the form's token.

use std::future::Future;
use std::time::Duration;

use access::Principal;
use audit::ActKind;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, on};

use crate::app::App;
use crate::ask::{Answer, Ask, see, with_cookie};
use crate::cookies::{self, LANGUAGE, SESSION, VISIT};
use crate::headers;
use crate::input::Fields;
use crate::language::{Language, Words};
use crate::problem::Problem;
use crate::routes::{Method, Need, ROUTES, Reply, Route};
use crate::session::{Found, Seat, Sessions};
use crate::view;

/// How long an answer may take, body and all.
const ANSWER_WITHIN: Duration = Duration::from_secs(40);
/// The longest path with its query.
const MAX_TARGET_BYTES: usize = 24 << 10;
/// Where programs put the form's token.
const TOKEN_HEADER: &str = "x-lanthorn-form-token";

pub(crate) fn router(app: &App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let filter = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        let app = app.clone();
        router =
            router.route(route.path, on(filter, move |request: Request| answer(app.clone(), Some(route), request)));
    }
    let (lost, wrong) = (app.clone(), app.clone());
    router
        .fallback(move |request: Request| answer(lost.clone(), None, request))
        .method_not_allowed_fallback(move |request: Request| answer(wrong.clone(), None, request))
}

/// Answers a request, whatever becomes of it.
async fn answer(app: App, route: Option<&'static Route>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let asked = Asked::of(&app, &parts);
    let json = route.map_or_else(|| parts.uri.path().starts_with("/api/"), |route| route.reply == Reply::Json);
    let answered = within(async {
        let Some(route) = route else { return Err(Problem::not_found()) };
        pass(&app, route, &asked, &mut parts, body).await
    });
    let mut response = match answered.await {
        Ok(response) => response,
        Err(problem) => view::problem(&asked, &problem, json),
    };
    // A visitor gets a cookie for their forms to be bound to; only pages have forms.
    if let (None, Some(fresh), false) = (&asked.seat, &asked.fresh_visit, json) {
        response = with_cookie(response, &cookies::set(VISIT, fresh));
    }
    headers::put(response.headers_mut(), app.parts.settings.tls_only);
    response
}

async fn within(answered: impl Future<Output = Answer>) -> Answer {
    let late = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "deadline");
    tokio::time::timeout(ANSWER_WITHIN, answered).await.unwrap_or(Err(late))
}

/// What the head of a request says of its sender.
pub(crate) struct Asked {
    pub(crate) seat: Option<Seat>,
    pub(crate) words: &'static Words,
    pub(crate) form_token: String,
    visit: Option<String>,
    fresh_visit: Option<String>,
    ended: Option<std::sync::Arc<Principal>>,
    wait: Option<i64>,
    pub(crate) path: String,
}

impl Asked {
    fn of(app: &App, parts: &Parts) -> Self {
        let now = app.parts.clock.now();
        let (mut seat, mut ended, mut wait) = (None, None, None);
        let cookie = cookies::read(&parts.headers, SESSION);
        match cookie.map_or(Found::Nobody, |cookie| app.sessions.find(cookie, now)) {
            Found::Signed(found) => seat = Some(found),
            Found::Ended(principal) => ended = Some(principal),
            Found::TooMany(seconds) => wait = Some(seconds),
            Found::Nobody => wait = app.sessions.visit(now).err(),
        }
        let visit = cookies::read(&parts.headers, VISIT).map(str::to_owned);
        let fresh_visit = if visit.is_none() && seat.is_none() { Some(Sessions::random()) } else { None };
        let visit = visit.or_else(|| fresh_visit.clone());
        let bound_to = if seat.is_some() { cookie } else { visit.as_deref() };
        let language = seat.as_ref().and_then(|seat| seat.language);
        let language = language.or_else(|| cookies::read(&parts.headers, LANGUAGE).and_then(Language::of_tag));
        let wished =
            || text(&parts.headers, header::ACCEPT_LANGUAGE.as_str()).map_or(Language::English, Language::wished);
        Self {
            words: language.unwrap_or_else(wished).words(),
            form_token: app.sessions.form_token(bound_to.unwrap_or_default()),
            seat,
            visit,
            fresh_visit,
            ended,
            wait,
            path: parts.uri.path().to_owned(),
        }
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn pass(app: &App, route: &'static Route, asked: &Asked, parts: &mut Parts, body: Body) -> Answer {
    known_host(app, &parts.headers)?;
    if parts.uri.to_string().len() > MAX_TARGET_BYTES {
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "too-large"));
    }
    if let Some(seconds) = asked.wait {
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many").after(seconds));
    }
    if let Some(ended) = &asked.ended {
        app.parts.journal.note_now(ended.act(ActKind::SignOut).detail("step", "session ended")).await?;
    }
    if let Some(refused) = may(app, route, asked).await? {
        return Ok(refused);
    }
    let query = Fields::of_query(parts.uri.query())?;
    let form = match route.method {
        Method::Get => Fields::default(),
        Method::Post if route.need == Need::Browser => report(app, body).await?,
        Method::Post => {
            from_here(&parts.headers)?;
            let form = Fields::of_body(&parts.headers, body, route.reply == Reply::Json).await?;
            let token = text(&parts.headers, TOKEN_HEADER).or_else(|| form.get("form_token"));
            let begins = route.reply == Reply::Json && route.need == Need::Anyone;
            // A program that signs in has no page to take a token from; it sends JSON, which no foreign form can.
            if !begins && !token.is_some_and(|token| same(token, &asked.form_token)) {
                return Err(Problem::new(StatusCode::FORBIDDEN, "form-token"));
            }
            form
        }
    };
    let path = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| Problem::not_found())?;
    let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let ask = Ask {
        app: app.clone(),
        path,
        at: asked.path.clone(),
        query,
        form,
        seat: asked.seat.clone(),
        keys_here: host(&parts.headers) == app.parts.settings.keys.host(),
        visit: asked.visit.clone(),
        words: asked.words,
        form_token: asked.form_token.clone(),
    };
    (route.run)(ask).await
}

/// A foreign page that has its own name lead here gets nothing (DNS rebinding).
fn known_host(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let settings = &app.parts.settings;
    let host = host(headers);
    let port = settings.listen.port();
    let known = host == settings.listen.to_string()
        || host == format!("localhost:{port}")
        || settings.names.iter().any(|name| name.eq_ignore_ascii_case(&host));
    if known { Ok(()) } else { Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "host")) }
}

/// The name and the port that the browser has gone to.
fn host(headers: &HeaderMap) -> String {
    text(headers, header::HOST.as_str()).unwrap_or_default().to_ascii_lowercase()
}

/// The role table. A refusal is in the log before it is told; somebody whose account has changed is nobody any more.
async fn may(app: &App, route: &'static Route, asked: &Asked) -> Result<Option<Response>, Problem> {
    if matches!(route.need, Need::Anyone | Need::Browser) {
        return Ok(None);
    }
    let Some(seat) = &asked.seat else {
        let unknown = Problem::new(StatusCode::UNAUTHORIZED, "signed-out");
        return if route.reply == Reply::Json { Err(unknown) } else { Ok(Some(see("/sign-in"))) };
    };
    if !app.parts.access.still_stands(&seat.principal).await? {
        app.sessions.end(seat);
        app.parts.journal.note_now(seat.principal.act(ActKind::SignOut).detail("step", "account changed")).await?;
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "signed-out"));
    }
    if seat.principal.needs_a_key() && route.need != Need::Account {
        let first = Problem::new(StatusCode::FORBIDDEN, "key-first");
        return if route.reply == Reply::Json { Err(first) } else { Ok(Some(see("/keys"))) };
    }
    if let Need::To(action) = route.need {
        app.parts.access.permit(&seat.principal, action).await?;
    }
    Ok(None)
}

/// Browsers say where a request comes from; a form on another site's page is not ours.
fn from_here(headers: &HeaderMap) -> Result<(), Problem> {
    let elsewhere = Problem::new(StatusCode::FORBIDDEN, "form-token");
    if text(headers, "sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(elsewhere);
    }
    let host = text(headers, header::HOST.as_str()).unwrap_or_default();
    match text(headers, header::ORIGIN.as_str()) {
        // With `no-referrer` browsers send `null` where nobody has to know: the token decides then.
        None | Some("null") => Ok(()),
        Some(origin) if origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)) => Ok(()),
        Some(_) => Err(elsewhere),
    }
}

/// A browser's report has a form of its own; what it says is kept as far as it names no address.
async fn report(app: &App, body: Body) -> Result<Fields, Problem> {
    let bytes = axum::body::to_bytes(body, crate::input::MAX_BODY_BYTES).await;
    let bytes = bytes.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"))?;
    crate::pages::reports::keep(app, &bytes);
    Ok(Fields::default())
}

/// Compares without telling by the time where the difference is.
fn same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}
