//! Signing in and out, and the language.

use access::{Principal, SignedIn};
use askama::Template;
use audit::ActKind;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::json;

use crate::ask::{Answer, Ask, html, json, see, with_cookie};
use crate::challenges::Purpose;
use crate::cookies::{self, LANGUAGE, SESSION, VISIT};
use crate::language::Language;
use crate::pages::key_form::{Answered, KeyForm, challenge, may_use_keys};
use crate::problem::Problem;
use crate::view::Frame;

/// The longest passphrase that is hashed.
pub(crate) const MAX_PASSPHRASE_BYTES: usize = 1_024;

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInPage {
    f: Frame,
    /// The sentence's key of what went wrong the last time.
    failed: Option<&'static str>,
    seconds: i64,
    person: String,
    key: KeyForm,
}

#[derive(Template)]
#[template(path = "second-factor.html")]
struct SecondFactorPage {
    f: Frame,
    secret: String,
    uri: String,
    failed: bool,
}

pub(crate) async fn form(ask: Ask) -> Answer {
    if ask.seat.is_some() {
        return Ok(see("/"));
    }
    sign_in_page(&ask, None, 0, String::new())
}

fn sign_in_page(ask: &Ask, failed: Option<&'static str>, seconds: i64, person: String) -> Answer {
    let key = KeyForm::new(ask, Purpose::SignIn);
    let with_keys = key.challenge.is_some();
    let page = html(&SignInPage { f: Frame::new(ask, "sign-in-title"), failed, seconds, person, key })?;
    Ok(if with_keys { may_use_keys(page) } else { page })
}

async fn try_to(ask: &Ask) -> Result<SignedIn, Problem> {
    // A name that cannot be one is answered like one that is not there.
    let wrong = || Problem::new(StatusCode::UNAUTHORIZED, "sign-in");
    let person = ask.need("person")?.parse().map_err(|_| wrong())?;
    let passphrase = ask.need("passphrase")?;
    if passphrase.len() > MAX_PASSPHRASE_BYTES {
        return Err(wrong());
    }
    let unavailable = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    let _turn = ask.app.hashing.acquire().await.map_err(unavailable)?;
    let (key, mut rng) = (&ask.app.parts.second_factors, StdRng::from_entropy());
    let code = ask.form.get("code").unwrap_or_default();
    Ok(ask.app.parts.access.sign_in_with_code(key, &person, passphrase, code, &mut rng).await?)
}

pub(crate) async fn sign_in(ask: Ask) -> Answer {
    match try_to(&ask).await {
        Ok(SignedIn::In(principal)) => Ok(begin(&ask, principal, see("/"))),
        Ok(SignedIn::Enrol(enrolling)) => {
            let page = show(&ask, &enrolling, false);
            let visit = ask.visit.as_deref().unwrap_or_default();
            ask.app.sessions.keep_enrolling(visit, enrolling, ask.app.parts.clock.now());
            page
        }
        Err(problem) => not_in(&ask, problem),
    }
}

/// The form again, with what went wrong, where whoever filled it in can mend it.
fn not_in(ask: &Ask, problem: Problem) -> Answer {
    use StatusCode as S;
    if !matches!(problem.status, S::UNAUTHORIZED | S::TOO_MANY_REQUESTS | S::BAD_REQUEST) {
        return Err(problem);
    }
    let failed = match problem.key {
        "locked" => "sign-in-locked",
        "empty-field" => "sign-in-empty",
        "key" | "unreadable" => "sign-in-key-failed",
        "key-late" => "sign-in-key-late",
        "key-demanded" => "sign-in-key-demanded",
        _ => "sign-in-failed",
    };
    let seconds = problem.retry_seconds.unwrap_or_default();
    let person = ask.form.get("person").unwrap_or_default().chars().take(64).collect();
    let mut answer = sign_in_page(ask, Some(failed), seconds, person)?;
    *answer.status_mut() = problem.status;
    Ok(answer)
}

async fn try_with_key(ask: &Ask) -> Result<Principal, Problem> {
    let answered = Answered::of(ask)?;
    let challenge = challenge(ask, Purpose::SignIn)?;
    let parts = &ask.app.parts;
    Ok(parts.access.sign_in_with_key(&parts.settings.keys, &challenge, &answered.assertion()).await?)
}

pub(crate) async fn with_key(ask: Ask) -> Answer {
    match try_with_key(&ask).await {
        Ok(principal) => Ok(begin(&ask, principal, see("/"))),
        Err(problem) => not_in(&ask, problem),
    }
}

fn show(ask: &Ask, enrolling: &access::Enrolling, failed: bool) -> Answer {
    let uri = enrolling.uri(&ask.app.parts.settings.site);
    html(&SecondFactorPage { f: Frame::new(ask, "second-factor-title"), secret: enrolling.secret(), uri, failed })
}

pub(crate) async fn second_factor(ask: Ask) -> Answer {
    let visit = ask.visit.as_deref().unwrap_or_default();
    let Some(enrolling) = ask.app.sessions.take_enrolling(visit) else { return Ok(see("/sign-in")) };
    let (key, mut rng) = (&ask.app.parts.second_factors, StdRng::from_entropy());
    let code = ask.form.get("code").unwrap_or_default();
    match ask.app.parts.access.enrol_second_factor(key, &enrolling, code, &mut rng).await {
        Ok(principal) => Ok(begin(&ask, principal, see("/"))),
        Err(access::Error::SignIn) => {
            let page = show(&ask, &enrolling, true);
            ask.app.sessions.keep_enrolling(visit, enrolling, ask.app.parts.clock.now());
            page
        }
        Err(error) => Err(error.into()),
    }
}

/// Signed in: a new cookie, whatever the browser had before.
fn begin(ask: &Ask, principal: Principal, answer: axum::response::Response) -> axum::response::Response {
    if let Some(seat) = &ask.seat {
        ask.app.sessions.end(seat);
    }
    let chosen = (ask.words.language != Language::English).then_some(ask.words.language);
    let cookie = ask.app.sessions.begin(principal, chosen, ask.app.parts.clock.now());
    with_cookie(with_cookie(answer, &cookies::set(SESSION, &cookie)), &cookies::clear(VISIT))
}

async fn end(ask: &Ask) -> Result<(), Problem> {
    let Some(seat) = &ask.seat else { return Ok(()) };
    ask.app.sessions.end(seat);
    ask.app.parts.journal.note_now(seat.principal.act(ActKind::SignOut).detail("step", "signed out")).await?;
    Ok(())
}

pub(crate) async fn sign_out(ask: Ask) -> Answer {
    end(&ask).await?;
    let mut answer = with_cookie(see("/sign-in"), &cookies::clear(SESSION));
    let everything = HeaderValue::from_static("\"cache\", \"storage\"");
    answer.headers_mut().insert(HeaderName::from_static("clear-site-data"), everything);
    Ok(answer)
}

pub(crate) async fn language(ask: Ask) -> Answer {
    let language = Language::of_tag(ask.need("language")?).ok_or(Problem::bad("unreadable"))?;
    if let Some(seat) = &ask.seat {
        ask.app.sessions.speak(seat, language);
    }
    let next = if ask.seat.is_some() { "/" } else { "/sign-in" };
    Ok(with_cookie(see(next), &cookies::set(LANGUAGE, language.tag())))
}

pub(crate) async fn api_sign_in(ask: Ask) -> Answer {
    match try_to(&ask).await? {
        SignedIn::In(principal) => {
            let shown = json!({ "person": principal.person(), "role": principal.role() });
            Ok(begin(&ask, principal, json(&shown)?))
        }
        SignedIn::Enrol(_) => Err(Problem::new(StatusCode::FORBIDDEN, "second-factor-first")),
    }
}

pub(crate) async fn api_sign_out(ask: Ask) -> Answer {
    end(&ask).await?;
    Ok(with_cookie(json(&json!({ "signed_out": true }))?, &cookies::clear(SESSION)))
}

pub(crate) async fn api_session(ask: Ask) -> Answer {
    let principal = ask.principal()?;
    json(&json!({ "person": principal.person(), "role": principal.role(), "form_token": ask.form_token }))
}
