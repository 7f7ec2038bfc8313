//! Indicators of trafficking: pages that a rule flags, each of which means nothing until somebody has looked.

use std::sync::LazyLock;

use askama::Template;
use casework::{Indicators, Raised};
use model::{Action, CaptureId, CaseId};
use serde_json::json;

use crate::act;
use crate::ask::{Answer, Ask, html, json, see};
use crate::problem::Problem;
use crate::view::{Frame, moment, query};

/// Flags of one rule that are shown; the rest is a search away.
const FLAGS: usize = 10;

#[derive(Template)]
#[template(path = "indicators.html")]
struct IndicatorsPage {
    f: Frame,
    case: CaseId,
    raised: Vec<Raised>,
    /// Rules that flag nothing here.
    silent: usize,
    problem: Option<Problem>,
}

/// The rules that come with the program.
fn rules() -> Result<&'static Indicators, Problem> {
    static RULES: LazyLock<Result<Indicators, casework::Error>> = LazyLock::new(Indicators::ours);
    RULES.as_ref().map_err(|error| {
        tracing::error!(%error, "the indicators cannot be read");
        Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "failed")
    })
}

async fn raised(ask: &Ask) -> Result<(CaseId, Vec<Raised>), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let raised = act::indicators(ask, &case, rules()?, FLAGS).await?;
    Ok((case, raised))
}

async fn shown(ask: &Ask, problem: Option<Problem>) -> Answer {
    let (case, raised) = raised(ask).await?;
    let all = raised.len();
    let raised: Vec<_> = raised.into_iter().filter(|raised| raised.count > 0).collect();
    let f = Frame::titled(ask, ask.words.t1("indicators-title", "case", &case));
    let silent = all - raised.len();
    act::with_problem(problem, |problem| html(&IndicatorsPage { f, case, raised, silent, problem }))
}

pub(crate) async fn list(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn decided(ask: &Ask) -> Result<(CaseId, String), Problem> {
    let case: CaseId = ask.param("case")?;
    act::in_case(ask, Action::Search, &case).await?;
    let (indicator, capture): (String, CaptureId) = (ask.param("indicator")?, ask.param("capture")?);
    let confirmed = match ask.need("decision")? {
        "confirm" => true,
        "dismiss" => false,
        _ => return Err(Problem::bad("unreadable")),
    };
    let (who, reason) = (ask.principal()?, ask.sentence("reason")?);
    act::desk(ask).decide_flag(who, &case, (rules()?, &indicator, capture), confirmed, &reason).await?;
    Ok((case, indicator))
}

pub(crate) async fn decide(ask: Ask) -> Answer {
    match decided(&ask).await {
        Ok((case, indicator)) => Ok(see(&format!("/cases/{case}/indicators#{indicator}"))),
        Err(problem) if problem.mends() => shown(&ask, Some(problem)).await,
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn api_list(ask: Ask) -> Answer {
    json(&raised(&ask).await?.1)
}

pub(crate) async fn api_decide(ask: Ask) -> Answer {
    json(&json!({ "indicator": decided(&ask).await?.1 }))
}

#[cfg(test)]
mod tests {
    use casework::Flag;
    use model::Role;

    use super::*;
    use crate::language::Language;

    #[test]
    fn a_flag_is_shown_with_its_rule_its_source_and_a_form_to_decide() {
        let rule = rules().unwrap().rules().find(|rule| rule.id == "debt").unwrap().clone();
        let capture = CaptureId::from_bytes([7; 16]);
        let flag = Flag {
            indicator: rule.id.clone(),
            capture,
            site: "forum-a".to_owned(),
            day: "2026-11-24".to_owned(),
            title: "<b>work</b>".to_owned(),
            why: Vec::new(),
            decision: None,
        };
        let raised = Raised { rule, rules: "1".to_owned(), count: 1, flags: vec![flag] };
        let f = Frame::of_test(Language::English, "a.ivan", Role::Analyst);
        let case = "op-harbour-2026".parse().unwrap();
        let page = IndicatorsPage { f, case, raised: vec![raised], silent: 9, problem: None }.render().unwrap();
        assert!(
            page.contains("ILO, Indicators of forced labour: debt bondage") && page.contains("2012-10-01"),
            "{page}"
        );
        assert!(page.contains(&format!("action=\"/cases/op-harbour-2026/indicators/debt/{capture}\"")), "{page}");
        assert!(page.contains("Nobody has looked yet.") && page.contains("9 rules flag nothing here."), "{page}");
        assert!(!page.contains("<b>work"), "{page}");
    }
}
