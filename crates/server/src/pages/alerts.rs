//! Saved searches, and those of them that new pages are held against.

use askama::Template;
use casework::{AlertHit, Saved};
use model::{Action, CaseId};
use serde_json::json;

use crate::act;
use crate::ask::{Answer, Ask, html, json, see};
use crate::problem::Problem;
use crate::view::{Frame, moment, query};

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsPage {
    f: Frame,
    case: CaseId,
    saved: Vec<Saved>,
    name: String,
    asked: String,
    problem: Option<Problem>,
}

#[derive(Template)]
#[template(path = "alert.html")]
struct AlertPage {
    f: Frame,
    case: CaseId,
    saved: Saved,
    hits: Vec<AlertHit>,
}

async fn all(ask: &Ask) -> Result<(CaseId, Vec<Saved>), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let saved = act::desk(ask).saved_searches(ask.principal()?, &case).await?;
    Ok((case, saved))
}

async fn shown(ask: &Ask, problem: Option<Problem>) -> Answer {
    let (case, saved) = all(ask).await?;
    let f = Frame::titled(ask, ask.words.t1("alerts-title", "case", &case));
    let name = ask.kept("name", problem.as_ref());
    let mut asked = ask.kept("q", problem.as_ref());
    // From a page of hits: the query that it shows, which has passed the screen already.
    if let (true, None, Some(found)) = (asked.is_empty(), &problem, ask.query.get("q")) {
        act::screen(ask, &case, found).await?;
        asked = found.to_owned();
    }
    act::with_problem(problem, |problem| html(&AlertsPage { f, case, saved, name, asked, problem }))
}

pub(crate) async fn list(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn kept(ask: &Ask) -> Result<(CaseId, i64), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let (name, text, alert) = (ask.need("name")?, ask.need("q")?, ask.form.get("alert").is_some());
    let search = act::desk(ask).save_search(ask.principal()?, &case, name, text, alert).await?;
    Ok((case, search))
}

pub(crate) async fn save(ask: Ask) -> Answer {
    match kept(&ask).await {
        Ok((case, search)) => Ok(see(&format!("/cases/{case}/alerts#search-{search}"))),
        Err(problem) if problem.mends() => shown(&ask, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

async fn one(ask: &Ask) -> Result<(CaseId, Saved), Problem> {
    let (case, saved) = all(ask).await?;
    let number: i64 = ask.param("search")?;
    let saved = saved.into_iter().find(|saved| saved.search == number).ok_or(Problem::not_found())?;
    Ok((case, saved))
}

/// What set an alert off. It counts as seen from now on, so it is asked for with a button and not with a link.
pub(crate) async fn look(ask: Ask) -> Answer {
    let (case, saved) = one(&ask).await?;
    let hits = act::desk(&ask).alert_hits(ask.principal()?, &case, &saved.name).await?;
    let f = Frame::titled(&ask, ask.words.t1("alert-title", "name", &saved.name));
    html(&AlertPage { f, case, saved, hits })
}

async fn forgotten(ask: &Ask) -> Result<(CaseId, i64), Problem> {
    let (case, saved) = one(ask).await?;
    act::desk(ask).forget_search(ask.principal()?, &case, &saved.name).await?;
    Ok((case, saved.search))
}

pub(crate) async fn forget(ask: Ask) -> Answer {
    let (case, _) = forgotten(&ask).await?;
    Ok(see(&format!("/cases/{case}/alerts")))
}

pub(crate) async fn api_list(ask: Ask) -> Answer {
    json(&all(&ask).await?.1)
}

pub(crate) async fn api_save(ask: Ask) -> Answer {
    json(&json!({ "search": kept(&ask).await?.1 }))
}

pub(crate) async fn api_look(ask: Ask) -> Answer {
    let (case, saved) = one(&ask).await?;
    json(&act::desk(&ask).alert_hits(ask.principal()?, &case, &saved.name).await?)
}

pub(crate) async fn api_forget(ask: Ask) -> Answer {
    json(&json!({ "search": forgotten(&ask).await?.1, "forgotten": true }))
}
