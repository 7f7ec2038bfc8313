//! The requester's side of opening one original: asking, following, withdrawing. Opening is done on the own machine.

use access::{Asked, Request};
use askama::Template;
use audit::ActKind;
use model::{Action, CaptureId, CaseId};
use serde_json::{Value, json};
use vault::{Sealed, State};

use crate::act;
use crate::ask::{Answer, Ask, html, json, see};
use crate::desk::{self, GrantText};
use crate::problem::Problem;
use crate::view::{Frame, moment};

const HOUR_MILLIS: i64 = 3_600_000;
const HOURS: std::ops::RangeInclusive<i64> = 1..=72;

#[derive(Template)]
#[template(path = "request-form.html")]
struct FormPage {
    f: Frame,
    case: CaseId,
    capture: CaptureId,
    enrolled: bool,
    code: String,
    reason: String,
    legal_basis: String,
    hours: String,
    problem: Option<Problem>,
}

#[derive(Template)]
#[template(path = "requests.html")]
struct RequestsPage {
    f: Frame,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "request.html")]
struct RequestPage {
    f: Frame,
    row: Row,
    case: CaseId,
    problem: Option<Problem>,
}

/// A request and how it stands.
pub(crate) struct Row {
    pub(crate) request: Request,
    pub(crate) text: GrantText,
    /// The word of `state-…`.
    pub(crate) state: &'static str,
}

impl Row {
    pub(crate) fn read(ask: &Ask, request: Request) -> Result<Self, Problem> {
        let text = ask.app.parts.desk.grant_text(&request.granting)?;
        let state = match request.dead(ask.app.parts.clock.now()) {
            Some("its time is over") => "over",
            Some("whoever asked has withdrawn it") => "withdrawn",
            Some(_) => "denied",
            None if request.approvals() > 0 => "approved",
            None => "waiting",
        };
        Ok(Self { request, text, state })
    }

    pub(crate) fn is_live(&self) -> bool {
        matches!(self.state, "approved" | "waiting")
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "request": self.request.request,
            "capture": self.request.capture,
            "requester": self.request.requester,
            "asked_at": self.request.asked_at,
            "not_after": self.request.not_after,
            "state": self.state,
            "approvals": self.request.approvals(),
            "grant": self.text,
            "decisions": self.request.decisions,
        })
    }
}

async fn sealed(ask: &Ask) -> Result<(CaseId, Sealed), Problem> {
    let (case, capture): (CaseId, CaptureId) = (ask.param("case")?, ask.param("capture")?);
    act::in_case(ask, Action::RequestUnseal, &case).await?;
    let sealed = act::sealed(ask, &case, capture).await?;
    if sealed.state == State::Sealed { Ok((case, sealed)) } else { Err(vault::Error::Erased(capture).into()) }
}

async fn recipient(ask: &Ask) -> Result<Option<String>, Problem> {
    Ok(ask.app.parts.access.people().find(ask.principal()?.person()).await?.recipient)
}

pub(crate) async fn form(ask: Ask) -> Answer {
    let (case, sealed) = sealed(&ask).await?;
    let enrolled = recipient(&ask).await?.is_some();
    html(&FormPage {
        f: Frame::new(&ask, "request-form-title"),
        case,
        capture: sealed.capture,
        enrolled,
        code: String::new(),
        reason: String::new(),
        legal_basis: String::new(),
        hours: "24".to_owned(),
        problem: None,
    })
}

/// Stores the request and announces it: the same as `lanthorn unseal request`. Its number.
async fn store(ask: &Ask, case: &CaseId, sealed: &Sealed) -> Result<i64, Problem> {
    let principal = ask.principal()?;
    let permit = act::in_case(ask, Action::RequestUnseal, case).await?;
    let recipient = recipient(ask).await?.ok_or(Problem::bad("not-enrolled"))?;
    let hours = ask.form.get("hours").unwrap_or("24").parse().ok().filter(|hours| HOURS.contains(hours));
    let not_after = ask.app.parts.clock.now().plus_millis(hours.ok_or(Problem::bad("hours"))? * HOUR_MILLIS);
    let (code, reason, legal_basis) = (ask.sentence("code")?, ask.sentence("reason")?, ask.sentence("legal_basis")?);
    for text in [&code, &reason, &legal_basis] {
        act::screen(ask, case, text).await?; // the log is no place for identifiers either
    }
    let mailbox = ask.app.mailbox();
    let number = mailbox.next_number().await?;
    let granted = ask.app.parts.desk.grant(desk::Ask {
        request: number,
        capture: sealed.capture,
        header_hash: sealed.header_hash,
        requester: principal.person().clone(),
        recipient,
        code: code.clone(),
        reason: reason.clone(),
        legal_basis,
        not_after,
    })?;
    let act = principal
        .act(ActKind::UnsealRequest)
        .case(case)
        .capture(sealed.capture)
        .reason(&code, &reason)
        .detail("request", number)
        .detail("grant", &granted.log_word);
    let asked = Asked {
        request: number,
        capture: sealed.capture,
        granting: &granted.bytes,
        not_after,
        break_glass: granted.break_glass,
    };
    let stored = mailbox.ask(&permit, asked, act).await;
    if let Err(access::Error::ReviewOwed { .. }) = &stored {
        let act = principal.act(ActKind::Refusal).capture(sealed.capture).detail("rule", "review-first");
        ask.app.parts.journal.note_now(act).await?;
    }
    Ok(stored?)
}

pub(crate) async fn ask(ask: Ask) -> Answer {
    let (case, sealed) = sealed(&ask).await?;
    match store(&ask, &case, &sealed).await {
        Ok(number) => Ok(see(&format!("/requests/{number}"))),
        Err(problem) if problem.status.is_client_error() => {
            let kept = |name: &str| {
                let value = ask.form.get(name).unwrap_or_default().to_owned();
                if problem.key == "identifier" { String::new() } else { value }
            };
            let page = FormPage {
                f: Frame::new(&ask, "request-form-title"),
                capture: sealed.capture,
                case,
                enrolled: problem.key != "not-enrolled",
                code: kept("code"),
                reason: kept("reason"),
                legal_basis: kept("legal_basis"),
                hours: kept("hours"),
                problem: None,
            };
            let status = problem.status;
            let mut answer = html(&FormPage { problem: Some(problem), ..page })?;
            *answer.status_mut() = status;
            Ok(answer)
        }
        Err(problem) => Err(problem),
    }
}

async fn own(ask: &Ask) -> Result<Vec<Row>, Problem> {
    let person = ask.principal()?.person().clone();
    let requests = ask.app.mailbox().list().await?;
    requests.into_iter().filter(|request| request.requester == person).map(|request| Row::read(ask, request)).collect()
}

pub(crate) async fn list(ask: Ask) -> Answer {
    html(&RequestsPage { f: Frame::new(&ask, "requests-title"), rows: own(&ask).await? })
}

async fn shown(ask: &Ask, request: Request, problem: Option<Problem>) -> Answer {
    let case = ask.app.parts.shelf.find(request.capture).await?.case;
    let f = Frame::titled(ask, ask.words.t1("request-title", "number", request.request));
    let status = problem.as_ref().map(|problem| problem.status);
    let mut answer = html(&RequestPage { f, row: Row::read(ask, request)?, case, problem })?;
    if let Some(status) = status {
        *answer.status_mut() = status;
    }
    Ok(answer)
}

pub(crate) async fn one(ask: Ask) -> Answer {
    let request = act::own_request(&ask).await?;
    shown(&ask, request, None).await
}

async fn give_up(ask: &Ask, request: i64, reason: &str) -> Result<(), Problem> {
    let principal = act::principal(ask)?;
    let permit = ask.app.parts.access.permit(&principal, Action::RequestUnseal).await?;
    Ok(ask.app.mailbox().withdraw(&principal, &permit, request, reason).await?)
}

pub(crate) async fn withdraw(ask: Ask) -> Answer {
    let request = act::own_request(&ask).await?;
    match ask.sentence("reason") {
        Ok(reason) => give_up(&ask, request.request, &reason).await?,
        Err(problem) => return shown(&ask, request, Some(problem)).await,
    }
    Ok(see(&format!("/requests/{}", request.request)))
}

pub(crate) async fn api_ask(ask: Ask) -> Answer {
    let (case, sealed) = sealed(&ask).await?;
    json(&json!({ "request": store(&ask, &case, &sealed).await? }))
}

pub(crate) async fn api_list(ask: Ask) -> Answer {
    json(&own(&ask).await?.iter().map(Row::json).collect::<Vec<_>>())
}

pub(crate) async fn api_withdraw(ask: Ask) -> Answer {
    let request = act::own_request(&ask).await?;
    give_up(&ask, request.request, &ask.sentence("reason")?).await?;
    json(&json!({ "request": request.request, "withdrawn": true }))
}
