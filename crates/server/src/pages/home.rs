//! The first page, the help, the style sheet, the OpenAPI document.

use askama::Template;
use axum::http::{HeaderValue, header};
use model::{Action, Role};

use crate::ask::{Answer, Ask, html, json, with_type};
use crate::view::{Entry, Frame};

const STYLE: &str = include_str!("../../assets/style.css");

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    f: Frame,
    role: Role,
    /// What waits: the sentence's key, how many, where.
    waiting: Vec<(&'static str, usize, &'static str)>,
    may_search: bool,
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    f: Frame,
}

pub(crate) async fn home(ask: Ask) -> Answer {
    let principal = ask.principal()?;
    let (role, now) = (principal.role(), ask.app.parts.clock.now());
    let mut waiting = Vec::new();
    if role.may(Action::RequestUnseal) || role.may(Action::DecideUnseal) {
        let requests = ask.app.mailbox().list().await?;
        let live: Vec<_> = requests.iter().filter(|request| request.dead(now).is_none()).collect();
        if role.may(Action::DecideUnseal) {
            let open = live.iter().filter(|request| {
                request.requester != *principal.person()
                    && !request.decisions.iter().any(|decision| decision.supervisor == *principal.person())
            });
            waiting.push(("home-queue", open.count(), "/queue"));
        }
        let own = live.iter().filter(|request| request.requester == *principal.person());
        waiting.push(("home-requests", own.count(), "/requests"));
    }
    if role.may(Action::Search) {
        waiting.push(("home-cases", ask.app.parts.access.cases_of(principal).await?.len(), "/cases"));
    }
    if role.may(Action::ReadLog) {
        let reports = ask.app.reports.lock().map_or(0, |reports| reports.len());
        waiting.push(("home-reports", reports, "/log"));
    }
    html(&HomePage { f: Frame::new(&ask, "home-title"), role, waiting, may_search: role.may(Action::Search) })
}

pub(crate) async fn help(ask: Ask) -> Answer {
    html(&HelpPage { f: Frame::new(&ask, "help-title") })
}

pub(crate) async fn style(_: Ask) -> Answer {
    let mut answer = with_type(STYLE, "text/css; charset=utf-8");
    // The one thing that is the same for everybody and tells of nobody.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600"));
    Ok(answer)
}

pub(crate) async fn openapi(_: Ask) -> Answer {
    json(&crate::openapi())
}

impl HelpPage {
    fn keys(&self) -> &[Entry] {
        &self.f.menu
    }
}
