//! Searching a case.

use askama::Template;
use axum::http::StatusCode;
use model::CaseId;
use search::{Bar, Count, FacetValue, Hits, Sort, Want};

use crate::act;
use crate::ask::{Answer, Ask, html, json, see};
use crate::problem::Problem;
use crate::view::{Frame, pieces, query};

/// Hits of one page.
const PER_PAGE: usize = 20;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    f: Frame,
    case: CaseId,
    /// What stands in the field; never an identifier.
    asked: String,
    sort: Sort,
    found: Option<Found>,
    problem: Option<Problem>,
}

struct Found {
    hits: Hits,
    page: usize,
    pages: usize,
    facets: Vec<Facet>,
}

struct Facet {
    key: &'static str,
    field: &'static str,
    values: Vec<FacetValue>,
}

impl Facet {
    /// The bar's length, in hundredths of the longest.
    fn share(&self, value: &FacetValue) -> u64 {
        let most = self.values.iter().map(|value| number(value.count)).max().unwrap_or(1).max(1);
        (number(value.count) * 100 / most).max(1)
    }
}

/// A count for drawing; one that is not told exactly is drawn as short as any.
const fn number(count: Count) -> u64 {
    match count {
        Count::Exactly(count) => count,
        Count::Few => 2,
    }
}

impl Found {
    fn share(&self, bar: &Bar) -> u64 {
        let most = self.hits.histogram.bars.iter().map(|bar| number(bar.count)).max().unwrap_or(1).max(1);
        number(bar.count) * 100 / most
    }
}

impl SearchPage {
    /// The same query, narrowed down.
    fn narrowed(&self, field: &str, value: &str) -> String {
        let value = if value.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
            value.to_owned()
        } else {
            format!("\"{}\"", value.replace(['"', '\\'], " "))
        };
        format!("{}&sort={}", query("q", &format!("({}) AND {field}:{value}", self.asked)), self.sort.as_str())
    }

    fn at(&self, page: &usize) -> String {
        format!("{}&sort={}&page={page}", query("q", &self.asked), self.sort.as_str())
    }
}

pub(crate) async fn page(ask: Ask) -> Answer {
    let case: CaseId = ask.param("case")?;
    let f = Frame::titled(&ask, ask.words.t1("search-title", "case", &case));
    let Some(asked) = ask.query.get("q").map(str::to_owned) else {
        act::in_case(&ask, model::Action::Search, &case).await?;
        return html(&SearchPage { f, case, asked: String::new(), sort: Sort::Best, found: None, problem: None });
    };
    let (page, sort) = (ask.page_number(), sort_of(ask.query.get("sort")));
    let want = Want { offset: (page - 1) * PER_PAGE, sort, why: true, ..Want::first(PER_PAGE) };
    match act::search(&ask, &case, &asked, want).await {
        Ok(hits) => {
            let pages = usize::try_from(hits.count).unwrap_or(usize::MAX).div_ceil(PER_PAGE).max(1);
            let facets = [
                ("facet-site", "site", hits.facets.site.clone()),
                ("facet-kind", "kind", hits.facets.kind.clone()),
                ("facet-language", "language", hits.facets.language.clone()),
                ("facet-place", "place", hits.facets.place.clone()),
                ("facet-board", "board", hits.facets.board.clone()),
                ("facet-month", "day", hits.facets.month.clone()),
            ];
            let facets = facets.into_iter().filter(|(_, _, values)| values.len() > 1);
            let facets = facets.map(|(key, field, values)| Facet { key, field, values }).collect();
            html(&SearchPage { f, case, asked, sort, found: Some(Found { hits, page, pages, facets }), problem: None })
        }
        Err(problem) => refused(f, case, asked, problem),
    }
}

/// What a form sends. A query without identifiers goes on to an address that can be kept; one with identifiers ends here, so
/// that it stands in no address, no history and no proxy's log.
pub(crate) async fn send(ask: Ask) -> Answer {
    let case: CaseId = ask.param("case")?;
    act::in_case(&ask, model::Action::Search, &case).await?;
    let Some(asked) = ask.form.get("q") else { return Ok(see(&format!("/cases/{case}/search"))) };
    if let Err(problem) = act::screen(&ask, &case, asked).await {
        let f = Frame::titled(&ask, ask.words.t1("search-title", "case", &case));
        return refused(f, case, String::new(), problem);
    }
    let sort = sort_of(ask.form.get("sort"));
    Ok(see(&format!("/cases/{case}/search?{}&sort={}", query("q", asked), sort.as_str())))
}

fn sort_of(word: Option<&str>) -> Sort {
    word.and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// What can be put right in the form is shown above it.
fn refused(f: Frame, case: CaseId, asked: String, problem: Problem) -> Answer {
    if !matches!(problem.key, "identifier" | "query" | "no-index" | "deadline" | "window") {
        return Err(problem);
    }
    let status = problem.status;
    let asked = if problem.key == "identifier" { String::new() } else { asked };
    let mut answer = html(&SearchPage { f, case, asked, sort: Sort::Best, found: None, problem: Some(problem) })?;
    *answer.status_mut() = if status == StatusCode::NOT_FOUND { StatusCode::OK } else { status };
    Ok(answer)
}

pub(crate) async fn api(ask: Ask) -> Answer {
    let case: CaseId = ask.param("case")?;
    let asked = ask.need("q")?.to_owned();
    let page =
        ask.form.get("page").and_then(|page| page.parse().ok()).filter(|page| (1..=10_000).contains(page)).unwrap_or(1);
    let sort = sort_of(ask.form.get("sort"));
    let want = Want { offset: (page - 1) * PER_PAGE, sort, why: true, ..Want::first(PER_PAGE) };
    json(&act::search(&ask, &case, &asked, want).await?)
}
