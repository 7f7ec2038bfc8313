//! Collecting, from outside: authorisations, hosts with their reasons, retention. Counts and words, no content, no address.

use askama::Template;
use audit::ActKind;
use axum::http::{HeaderName, HeaderValue};
use model::{Action, CaseId};
use serde_json::json;

use crate::ask::{Answer, Ask, html, json, see};
use crate::desk::{Host, Paper, Plan, RetentionRow, Schedule};
use crate::problem::Problem;
use crate::view::{Frame, bytes, moment};

/// How often a page that somebody watches is asked for again.
const EVERY_SECONDS: &str = "5";

#[derive(Template)]
#[template(path = "papers.html")]
struct PapersPage {
    f: Frame,
    papers: Vec<Paper>,
}

#[derive(Template)]
#[template(path = "crawls.html")]
struct CrawlsPage {
    f: Frame,
    cases: Vec<Standing>,
}

#[derive(Template)]
#[template(path = "crawl.html")]
struct CrawlPage {
    f: Frame,
    case: CaseId,
    total: Standing,
    hosts: Vec<(Host, Vec<String>)>,
    schedules: Vec<Schedule>,
    may_run: bool,
    live: bool,
    now: String,
}

#[derive(Template)]
#[template(path = "retention.html")]
struct RetentionPage {
    f: Frame,
    rows: Vec<RetentionRow>,
}

/// One case in counts.
struct Standing {
    case: CaseId,
    open: bool,
    hosts: usize,
    done: u64,
    waiting: u64,
    busy: usize,
}

impl Standing {
    fn of(case: CaseId, open: bool, hosts: &[Host]) -> Self {
        Self {
            case,
            open,
            hosts: hosts.len(),
            done: hosts.iter().map(|host| host.done).sum(),
            waiting: hosts.iter().map(|host| host.waiting).sum(),
            busy: hosts.iter().filter(|host| host.state == "leased").count(),
        }
    }

    /// How much of what is known has been visited, in hundredths.
    fn share(&self) -> u64 {
        self.done * 100 / (self.done + self.waiting).max(1)
    }
}

pub(crate) async fn papers(ask: Ask) -> Answer {
    html(&PapersPage { f: Frame::new(&ask, "papers-title"), papers: ask.app.parts.desk.papers().await? })
}

pub(crate) async fn api_papers(ask: Ask) -> Answer {
    json(&ask.app.parts.desk.papers().await?)
}

pub(crate) async fn list(ask: Ask) -> Answer {
    let mut cases = Vec::new();
    for case in ask.app.cases().list().await? {
        let hosts = ask.app.parts.desk.hosts(&case.case).await?;
        cases.push(Standing::of(case.case, case.open, &hosts));
    }
    html(&CrawlsPage { f: Frame::new(&ask, "crawls-title"), cases })
}

async fn hosts(ask: &Ask) -> Result<(access::Case, Vec<Host>), Problem> {
    let case = ask.app.cases().find(&ask.param("case")?).await?;
    let hosts = ask.app.parts.desk.hosts(&case.case).await?;
    Ok((case, hosts))
}

pub(crate) async fn one(ask: Ask) -> Answer {
    let (case, hosts) = hosts(&ask).await?;
    let total = Standing::of(case.case.clone(), case.open, &hosts);
    let mut told = Vec::with_capacity(hosts.len());
    for host in hosts {
        let why = ask.app.parts.desk.why(&case.case, &host.site).await?;
        told.push((host, why));
    }
    let schedules = ask.app.parts.desk.schedules(&case.case).await?;
    let may_run = ask.principal()?.role().may(Action::RunCrawl);
    let live = ask.query.get("live").is_some();
    let f = Frame::titled(&ask, ask.words.t1("crawl-title", "case", &case.case));
    let now = moment(&ask.app.parts.clock.now());
    let mut answer = html(&CrawlPage { f, case: case.case, total, hosts: told, schedules, may_run, live, now })?;
    if live {
        // Asked for by whoever watches, and ended by them with a link.
        answer.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static(EVERY_SECONDS));
    }
    Ok(answer)
}

pub(crate) async fn api_one(ask: Ask) -> Answer {
    json(&hosts(&ask).await?.1)
}

async fn switch(ask: &Ask, reason: Option<&str>) -> Result<(CaseId, u64), Problem> {
    let principal = ask.principal()?;
    let case = ask.app.cases().find(&ask.param("case")?).await?.case;
    let permit = ask.app.parts.access.permit_in(principal, Action::RunCrawl, Some(&case)).await?;
    let changed = ask.app.parts.desk.pause(&case, principal, &permit, reason).await?;
    Ok((case, changed))
}

pub(crate) async fn pause(ask: Ask) -> Answer {
    let reason = ask.sentence("reason")?;
    let (case, _) = switch(&ask, Some(&reason)).await?;
    Ok(see(&format!("/crawls/{case}")))
}

pub(crate) async fn resume(ask: Ask) -> Answer {
    let (case, _) = switch(&ask, None).await?;
    Ok(see(&format!("/crawls/{case}")))
}

/// The longest run that a schedule may ask for, in minutes: a week.
const MAX_MINUTES: u32 = 10_080;

async fn change(ask: &Ask) -> Result<CaseId, Problem> {
    let principal = ask.principal()?;
    let case = ask.app.cases().find_open(&ask.param("case")?).await?.case;
    let permit = ask.app.parts.access.permit_in(principal, Action::RunCrawl, Some(&case)).await?;
    let plan = match ask.form.get("remove") {
        Some(number) => Plan::Remove(number.parse().map_err(|_| Problem::bad("unreadable"))?),
        None => {
            let minutes = ask.form.get("minutes").unwrap_or("120").parse().ok();
            let minutes =
                minutes.filter(|minutes| (1..=MAX_MINUTES).contains(minutes)).ok_or(Problem::bad("minutes"))?;
            Plan::Add { pattern: ask.need("pattern")?, zone: ask.form.get("zone").unwrap_or("UTC"), minutes }
        }
    };
    ask.app.parts.desk.plan(&case, principal, &permit, plan).await?;
    Ok(case)
}

pub(crate) async fn schedule(ask: Ask) -> Answer {
    let case = change(&ask).await?;
    Ok(see(&format!("/crawls/{case}#schedules")))
}

pub(crate) async fn api_schedule(ask: Ask) -> Answer {
    let case = change(&ask).await?;
    json(&ask.app.parts.desk.schedules(&case).await?)
}

pub(crate) async fn api_schedules(ask: Ask) -> Answer {
    let case = ask.app.cases().find(&ask.param("case")?).await?.case;
    json(&ask.app.parts.desk.schedules(&case).await?)
}

pub(crate) async fn api_pause(ask: Ask) -> Answer {
    let reason = ask.sentence("reason")?;
    let (case, changed) = switch(&ask, Some(&reason)).await?;
    json(&json!({ "case": case, "paused": changed }))
}

pub(crate) async fn api_resume(ask: Ask) -> Answer {
    let (case, changed) = switch(&ask, None).await?;
    json(&json!({ "case": case, "resumed": changed }))
}

/// Looking at what is kept is in the log.
async fn kept(ask: &Ask) -> Result<Vec<RetentionRow>, Problem> {
    let act = ask.principal()?.act(ActKind::Review).detail("retention", "report");
    ask.app.parts.journal.note_now(act).await?;
    Ok(ask.app.parts.desk.retention().await?)
}

pub(crate) async fn retention(ask: Ask) -> Answer {
    html(&RetentionPage { f: Frame::new(&ask, "retention-title"), rows: kept(&ask).await? })
}

pub(crate) async fn api_retention(ask: Ask) -> Answer {
    json(&kept(&ask).await?)
}
