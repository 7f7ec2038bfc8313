//! What hangs together and why; pages that say almost the same; sites that repeat one another.

use askama::Template;
use model::{CaptureId, CaseId, Token};
use search::limits::MAX_LINK_DEPTH;
use search::{End, Group, Links, Mirror};

use crate::act;
use crate::ask::{Answer, Ask, html, json};
use crate::problem::Problem;
use crate::view::{Frame, plain, query};

#[derive(Template)]
#[template(path = "links.html")]
struct LinksPage {
    f: Frame,
    case: CaseId,
    token: Token,
    depth: u8,
    links: Links,
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

async fn linked(ask: &Ask) -> Result<Asked, Problem> {
    let case: CaseId = ask.param("case")?;
    let token: Token = ask.query.get("token").and_then(|token| token.parse().ok()).ok_or(Problem::bad("token"))?;
    let depth = ask.query.get("depth").and_then(|depth| depth.parse().ok()).unwrap_or(2).clamp(1, MAX_LINK_DEPTH);
    let links = act::links(ask, &case, token, depth).await?;
    Ok(Asked { case, token, depth, links })
}

pub(crate) async fn page(ask: Ask) -> Answer {
    let Asked { case, token, depth, links } = linked(&ask).await?;
    let f = Frame::titled(&ask, ask.words.t1("links-title", "token", token));
    html(&LinksPage { f, case, token, depth, links })
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
