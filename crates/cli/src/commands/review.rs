//! `lanthorn supervisor reviews` and `review`: uses of break-glass, and whether they were justified.

use access::Reviews;
use model::Action;
use serde_json::json;

use crate::context::Context;
use crate::site::failed;
use crate::terminal::table;

pub(crate) async fn list(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, _principal, _permit) = context.permit(&site, Action::ReviewUse).await?;
    let uses = Reviews::new(site.store.clone(), site.journal.clone()).list().await.map_err(failed)?;
    context.output().show(&uses, |out| {
        let row = |used: &access::Use| {
            let state = match &used.reviewed {
                None => "waits for a review".to_owned(),
                Some((by, true)) => format!("justified, says {by}"),
                Some((by, false)) => format!("not justified, says {by}"),
            };
            vec![used.request.to_string(), used.requester.to_string(), used.asked_at.to_string(), state]
        };
        table(out, &["REQUEST", "ASKED BY", "AT", "REVIEW"], &uses.iter().map(row).collect::<Vec<_>>())
    })
}

pub(crate) async fn give(context: &Context, request: i64, justified: bool, note: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, permit) = context.permit(&site, Action::ReviewUse).await?;
    let reviews = Reviews::new(site.store.clone(), site.journal.clone());
    let given = reviews.review(&principal, &permit, request, justified, note).await;
    site.settle_log().await;
    given.map_err(failed)?;
    context.output().show(&json!({ "request": request, "justified": justified }), |out| {
        let finding = if justified { "justified" } else { "not justified" };
        writeln!(out, "request {request} is reviewed: {finding}; the log says so, and whoever asked can ask again")
    })
}
