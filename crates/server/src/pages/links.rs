//! What hangs together and why; pages that say almost the same; sites that repeat one another.

use askama::Template;
use casework::RemovedLink;
use model::{Action, CaptureId, CaseId, Token};
use search::limits::MAX_LINK_DEPTH;
use search::{End, Group, Links, Mirror};

use crate::act;
use crate::ask::{Answer, Ask, html, json, see};
use crate::problem::Problem;
use crate::view::{Frame, moment, plain, query};

#[derive(Template)]
#[template(path = "links.html")]
struct LinksPage {
    f: Frame,
    case: CaseId,
    token: Token,
    depth: u8,
    links: Links,
    /// Links that somebody found wrong, newest first.
    removed: Vec<RemovedLink>,
    /// The link that somebody is about to remove.
    chosen: Option<(Token, Token)>,
    problem: Option<Problem>,
}

#[derive(Template)]
#[template(path = "groups.html")]
struct GroupsPage {
    f: Frame,
    case: CaseId,
    /// How many groups there are, of how many captures; not where one capture was asked about.
    total: Option<(usize, usize)>,
    groups: Vec<Group>,
    mirrors: Vec<Mirror>,
    cut: bool,
}

impl LinksPage {
    /// The same page with the form to remove a link.
    fn wrong(&self, from: &Token, to: &Token) -> String {
        let (from, to) = (query("from", &from.to_string()), query("to", &to.to_string()));
        let token = query("token", &self.token.to_string());
        format!("/cases/{}/links?{token}&depth={}&{from}&{to}#wrong", self.case, self.depth)
    }

    fn end(&self, end: &End) -> String {
        self.f.w.t(match end {
            End::Hub => "links-end-hub",
            End::Weak => "links-end-weak",
            End::Depth => "links-end-depth",
        })
    }
}

struct Asked {
    case: CaseId,
    token: Token,
    depth: u8,
    links: Links,
}

fn depth(text: Option<&str>) -> u8 {
    text.and_then(|depth| depth.parse().ok()).unwrap_or(2).clamp(1, MAX_LINK_DEPTH)
}

async fn linked(ask: &Ask) -> Result<Asked, Problem> {
    let case: CaseId = ask.param("case")?;
    // Where a form comes back to its page, what the page is of stands in the form.
    let field = |name: &str| ask.query.get(name).or_else(|| ask.form.get(name));
    let token: Token = field("token").and_then(|token| token.parse().ok()).ok_or(Problem::bad("token"))?;
    let depth = depth(field("depth"));
    let links = act::links(ask, &case, token, depth).await?;
    Ok(Asked { case, token, depth, links })
}

async fn shown(ask: &Ask, problem: Option<Problem>) -> Answer {
    let Asked { case, token, depth, links } = linked(ask).await?;
    let removed = act::desk(ask).removed_links(ask.principal()?, &case).await?;
    let f = Frame::titled(ask, ask.words.t1("links-title", "token", token));
    let end = |name: &str| ask.query.get(name).or_else(|| ask.form.get(name)).and_then(|token| token.parse().ok());
    let chosen = end("from").zip(end("to"));
    act::with_problem(problem, |problem| html(&LinksPage { f, case, token, depth, links, removed, chosen, problem }))
}

pub(crate) async fn page(ask: Ask) -> Answer {
    shown(&ask, None).await
}

/// Takes a wrong link away, or puts one back, for everybody who works on the case.
async fn changed(ask: &Ask) -> Result<CaseId, Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Pivot, &case).await?;
    let end = |name: &str| ask.need(name)?.parse::<Token>().map_err(|_| Problem::bad("token"));
    let (ends, desk) = ((end("from")?, end("to")?), act::desk(ask));
    if ask.form.get("restore").is_some() {
        desk.restore_link(ask.principal()?, &case, ends).await?;
    } else {
        desk.remove_link(ask.principal()?, &case, ends, &ask.sentence("reason")?).await?;
    }
    Ok(case)
}

pub(crate) async fn change(ask: Ask) -> Answer {
    match changed(&ask).await {
        Ok(case) => {
            let token: Token = ask.need("token")?.parse().map_err(|_| Problem::bad("token"))?;
            let depth = depth(ask.form.get("depth"));
            Ok(see(&format!("/cases/{case}/links?{}&depth={depth}", query("token", &token.to_string()))))
        }
        Err(problem) if problem.mends() => shown(&ask, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn api_change(ask: Ask) -> Answer {
    changed(&ask).await?;
    json(&serde_json::json!({ "removed": ask.form.get("restore").is_none() }))
}

pub(crate) async fn api_removed(ask: Ask) -> Answer {
    let case: CaseId = ask.param("case")?;
    act::in_case(&ask, Action::Pivot, &case).await?;
    json(&act::desk(&ask).removed_links(ask.principal()?, &case).await?)
}

pub(crate) async fn api(ask: Ask) -> Answer {
    json(&linked(&ask).await?.links)
}

pub(crate) async fn groups(ask: Ask) -> Answer {
    let case: CaseId = ask.param("case")?;
    let f = Frame::titled(&ask, ask.words.t1("groups-title", "case", &case));
    if let Some(capture) = ask.query.get("capture") {
        let capture: CaptureId = capture.parse().map_err(|_| Problem::not_found())?;
        let groups = act::alike(&ask, &case, capture).await?.into_iter().collect();
        return html(&GroupsPage { f, case, total: None, groups, mirrors: Vec::new(), cut: false });
    }
    let found = act::groups(&ask, &case).await?;
    let total = Some((found.count, found.captures));
    html(&GroupsPage { f, case, total, groups: found.groups, mirrors: found.mirrors, cut: found.cut })
}

pub(crate) async fn api_groups(ask: Ask) -> Answer {
    let case: CaseId = ask.param("case")?;
    json(&act::groups(&ask, &case).await?)
}
