//! The cases that somebody works on.

use access::Case;
use askama::Template;

use crate::ask::{Answer, Ask, html, json};
use crate::view::Frame;

#[derive(Template)]
#[template(path = "cases.html")]
struct CasesPage {
    f: Frame,
    cases: Vec<Case>,
}

pub(crate) async fn list(ask: Ask) -> Answer {
    let cases = ask.app.parts.access.cases_of(ask.principal()?).await?;
    html(&CasesPage { f: Frame::new(&ask, "cases-title"), cases })
}

pub(crate) async fn api_list(ask: Ask) -> Answer {
    json(&ask.app.parts.access.cases_of(ask.principal()?).await?)
}
