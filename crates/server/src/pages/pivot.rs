//! Everything that shares a hidden identifier.

use askama::Template;
use model::{CaseId, Token};
use search::Pivot;

use crate::act;
use crate::ask::{Answer, Ask, html, json};
use crate::problem::Problem;
use crate::view::{Frame, query};

#[derive(Template)]
#[template(path = "pivot.html")]
struct PivotPage {
    f: Frame,
    case: CaseId,
    pivot: Pivot,
    /// Captures that share it by month, oldest first.
    months: Vec<(String, u64)>,
}

impl PivotPage {
    fn share(count: &u64, of: impl std::borrow::Borrow<u64>) -> u64 {
        (count * 100 / (*of.borrow()).max(1)).max(1)
    }

    fn busiest(&self) -> u64 {
        self.months.iter().map(|(_, count)| *count).max().unwrap_or(1)
    }
}

async fn asked(ask: &Ask) -> Result<(CaseId, Pivot), Problem> {
    let case: CaseId = ask.param("case")?;
    let token: Token = ask.query.get("token").and_then(|token| token.parse().ok()).ok_or(Problem::bad("token"))?;
    let pivot = act::pivot(ask, &case, token).await?;
    Ok((case, pivot))
}

pub(crate) async fn page(ask: Ask) -> Answer {
    let (case, pivot) = asked(&ask).await?;
    let mut months = std::collections::BTreeMap::new();
    for capture in &pivot.captures {
        *months.entry(capture.day.chars().take(7).collect::<String>()).or_insert(0_u64) += 1;
    }
    let f = Frame::titled(&ask, ask.words.t1("pivot-title", "token", pivot.token));
    html(&PivotPage { f, case, pivot, months: months.into_iter().collect() })
}

pub(crate) async fn api(ask: Ask) -> Answer {
    json(&asked(&ask).await?.1)
}
