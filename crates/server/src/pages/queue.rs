//! What waits for a supervisor. Whoever approves does so in their own client, with their own key: there is no button for it.

use askama::Template;
use model::{Action, CaseId};
use serde_json::json;
use vault::Sealed;

use crate::ask::{Answer, Ask, html, json, see};
use crate::pages::requests::Row;
use crate::problem::Problem;
use crate::view::{Frame, bytes, moment};

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    f: Frame,
    waiting: Vec<Row>,
    decided: Vec<Row>,
}

#[derive(Template)]
#[template(path = "decision.html")]
struct DecisionPage {
    f: Frame,
    row: Row,
    case: CaseId,
    case_title: String,
    sealed: Sealed,
    /// Requests of the same person in the last thirty days, and for the same capture ever.
    of_person: usize,
    of_capture: usize,
    own: bool,
    decided: bool,
    /// The entry of the log that announces it.
    entry: i64,
    problem: Option<Problem>,
}

const MONTH_MILLIS: i64 = 30 * 24 * 3_600_000;

fn split(ask: &Ask, rows: Vec<Row>) -> Result<(Vec<Row>, Vec<Row>), Problem> {
    let person = ask.principal()?.person().clone();
    let waits =
        |row: &Row| row.is_live() && !row.request.decisions.iter().any(|decision| decision.supervisor == person);
    Ok(rows.into_iter().partition(waits))
}

async fn rows(ask: &Ask) -> Result<Vec<Row>, Problem> {
    ask.app.mailbox().list().await?.into_iter().map(|request| Row::read(ask, request)).collect()
}

pub(crate) async fn list(ask: Ask) -> Answer {
    let (waiting, mut decided) = split(&ask, rows(&ask).await?)?;
    decided.truncate(20);
    html(&QueuePage { f: Frame::new(&ask, "queue-title"), waiting, decided })
}

pub(crate) async fn one(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn shown(ask: &Ask, problem: Option<Problem>) -> Answer {
    let number: i64 = ask.param("request")?;
    let request = ask.app.mailbox().find(number).await?;
    let sealed = ask.app.parts.shelf.find(request.capture).await?;
    let case = ask.app.cases().find(&sealed.case).await?;
    let since = ask.app.parts.clock.now().plus_millis(-MONTH_MILLIS);
    let all = ask.app.mailbox().list().await?;
    let person = ask.principal()?.person();
    let page = DecisionPage {
        f: Frame::titled(ask, ask.words.t1("request-title", "number", number)),
        of_person: all.iter().filter(|other| other.requester == request.requester && other.asked_at >= since).count(),
        of_capture: all.iter().filter(|other| other.capture == request.capture).count(),
        own: request.requester == *person,
        decided: request.decisions.iter().any(|decision| decision.supervisor == *person),
        entry: request.journal_seq - 1,
        row: Row::read(ask, request)?,
        case: sealed.case.clone(),
        case_title: case.title,
        sealed,
        problem: None,
    };
    let Some(problem) = problem else { return html(&page) };
    let status = problem.status;
    let mut answer = html(&DecisionPage { problem: Some(problem), ..page })?;
    *answer.status_mut() = status;
    Ok(answer)
}

async fn decide_against(ask: &Ask) -> Result<i64, Problem> {
    let principal = ask.principal()?;
    let number: i64 = ask.param("request")?;
    let reason = ask.sentence("reason")?;
    let permit = ask.app.parts.access.permit(principal, Action::DecideUnseal).await?;
    ask.app.mailbox().deny(principal, &permit, number, &reason).await?;
    Ok(number)
}

pub(crate) async fn deny(ask: Ask) -> Answer {
    match decide_against(&ask).await {
        Ok(number) => Ok(see(&format!("/queue/{number}"))),
        Err(problem) if problem.status.is_client_error() && problem.key != "not-found" => {
            shown(&ask, Some(problem)).await
        }
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn api_list(ask: Ask) -> Answer {
    let (waiting, _) = split(&ask, rows(&ask).await?)?;
    json(&waiting.iter().map(Row::json).collect::<Vec<_>>())
}

pub(crate) async fn api_deny(ask: Ask) -> Answer {
    json(&json!({ "request": decide_against(&ask).await?, "denied": true }))
}
