//! How a case's crawl stands, and what people do about it: status, why, pause, resume, stop.

use audit::ActKind;
use model::{Action, CaseId};
use serde_json::json;

use crate::context::Context;
use crate::failure::failure;
use crate::site::failed;
use crate::terminal::table;

pub(super) async fn status(context: &Context, case: &CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let hosts = crawler::status(&site.store, case).await.map_err(failed)?;
    let runs = crawler::last_runs(&site.store, case, 1).await.map_err(failed)?;
    let schedules = crawler::schedules(&site.store, Some(case)).await.map_err(failed)?;
    let health = pipeline::health(&site.store, case).await.map_err(failed)?;
    let now = site.clock.now();
    context.output().show(&hosts, |out| {
        for run in &runs {
            match (run.is_alive(now), run.ended_at) {
                (true, _) => writeln!(out, "running since {}: {}", run.begun_at, run.progress)?,
                (false, Some(ended)) => writeln!(out, "last run: {} to {ended}: {}", run.begun_at, run.progress)?,
                (false, None) => {
                    writeln!(out, "last run: from {}; it ended without a word after {}", run.begun_at, run.seen_at)?
                }
            }
        }
        for schedule in &schedules {
            writeln!(out, "{}", super::schedules::line(schedule, now))?;
        }
        for site in &health {
            if let Some(alarm) = &site.alarm {
                writeln!(out, "ALARM {}: {alarm}", site.site)?;
            }
        }
        let rows: Vec<_> = hosts
            .iter()
            .map(|host| {
                let refused: u64 = host.refused.values().sum();
                vec![
                    host.site.clone(),
                    if host.held.is_some() { "held".to_owned() } else { host.state.as_str().to_owned() },
                    host.waiting.to_string(),
                    host.done.to_string(),
                    host.retired.to_string(),
                    refused.to_string(),
                    host.held.clone().unwrap_or_else(|| host.reason.clone()),
                ]
            })
            .collect();
        table(out, &["SITE", "STATE", "WAITING", "VISITED", "NOT TO BE", "LINKS REFUSED", "REASON"], &rows)
    })
}

pub(super) async fn why(context: &Context, case: &CaseId, label: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let lines = crawler::why(&site.store, case, label).await.map_err(failed)?;
    context.output().show(&lines, |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}

pub(super) async fn release(context: &Context, case: &CaseId, label: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let released = crawler::release(&mut tx, case, label).await.map_err(failed)?;
    let act = principal.act(ActKind::CrawlStart).case(case).detail("step", "site released").detail("site", label);
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "case": case, "site": label, "released": released }), |out| match released {
        0 => writeln!(out, "{label} was not held, and none of its forms of address was given up"),
        _ => writeln!(out, "{label} goes on"),
    })
}

/// Asks a running crawl of the case to end in good order.
pub(super) async fn stop(context: &Context, case: &CaseId, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let alive = crawler::last_runs(&site.store, case, 1).await.map_err(failed)?;
    if !alive.iter().any(|run| run.is_alive(site.clock.now())) {
        return Err(failure(
            model::Kind::Unavailable,
            format!("no crawl of case {case} is running; `lanthorn crawl pause` keeps the next one from collecting"),
        ));
    }
    let mut tx = site.store.begin().await.map_err(failed)?;
    let asked = crawler::stop_runs(&mut tx, case, principal.person(), reason).await.map_err(failed)?;
    site.journal
        .note(&mut tx, principal.act(ActKind::CrawlStop).case(case).reason("stop", reason))
        .await
        .map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "case": case, "asked": asked }), |out| {
        writeln!(out, "the crawl of case {case} finishes the pages that are on their way and ends")
    })
}

pub(super) async fn pause(context: &Context, case: &CaseId, reason: Option<&str>) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let act = principal.act(ActKind::CrawlStop).case(case);
    let (changed, act) = match reason {
        Some(reason) => {
            let changed = crawler::pause(&mut tx, case, principal.person(), reason).await.map_err(failed)?;
            (changed, act.reason("paused", reason))
        }
        None => {
            let changed = crawler::resume(&mut tx, case).await.map_err(failed)?;
            (changed, principal.act(ActKind::CrawlStart).case(case).detail("step", "resumed"))
        }
    };
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    let word = if reason.is_some() { "paused" } else { "resumed" };
    context.output().show(&json!({ "case": case, word: changed }), |out| {
        writeln!(out, "{word}: {changed} authorisation(s) of case {case}")
    })
}
