//! `lanthorn crawl plan`: what would be asked for next, when and why, and what would become of an address.

use authorisation::scope;
use crawler::{CrawlKey, Frontier, Registry};
use model::{Action, CaseId};
use serde_json::json;

use crate::context::Context;
use crate::site::failed;
use crate::terminal::table;

pub(super) async fn run(context: &Context, case: &CaseId, urls: &[String], count: u16) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, _principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let now = site.clock.now();
    let trust = site.trust().await?;
    let active = Registry::new(site.store.clone()).active(case, &trust, now).await.map_err(failed)?;
    let key = CrawlKey::load(&site.layout.crawl_key(case)).map_err(failed)?;
    let frontier = Frontier::new(site.store.clone(), key, case.clone(), trust);
    let seeds: Vec<String> = active.iter().flat_map(crawler::beginnings).collect();
    let planned = frontier.plan(usize::from(count)).await.map_err(failed)?;
    let mut asked = Vec::new();
    for url in urls {
        let mut answers = Vec::new();
        for authorised in &active {
            let explained = scope::explain(authorised.document(), url);
            let known = match explained.url() {
                Some(_) => frontier.about(authorised, url).await.map_err(failed)?,
                None => Vec::new(),
            };
            answers.push((authorised.id(), explained, known));
        }
        asked.push((url, answers));
    }
    let runs = crawler::last_runs(&site.store, case, 3).await.map_err(failed)?;
    let schedules = crawler::schedules(&site.store, Some(case)).await.map_err(failed)?;
    let shown = json!({
        "case": case,
        "authorisations": active.iter().map(|one| json!({
            "id": one.id(), "covers": one.document().summary(), "begins_at": crawler::beginnings(one),
        })).collect::<Vec<_>>(),
        "next": planned,
        "urls": asked.iter().map(|(url, answers)| json!({
            "url": url,
            "answers": answers.iter().map(|(id, explained, known)| json!({
                "authorisation": id,
                "admitted": explained.refusal().is_none(),
                "as": explained.url(),
                "site": explained.site(),
                "rule": explained.refusal().map(|refusal| refusal.rule().as_str()),
                "why": explained.refusal().map(ToString::to_string),
                "known": known,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "schedules": schedules,
        "runs": runs,
    });
    context.output().show(&shown, |out| {
        if active.is_empty() {
            writeln!(out, "no authorisation of case {case} is in force: nothing would be asked for")?;
        }
        for one in &active {
            writeln!(out, "authorisation {}", one.id())?;
            for line in one.document().summary() {
                writeln!(out, "  {line}")?;
            }
        }
        seeds.iter().try_for_each(|url| writeln!(out, "begins at {url}"))?;
        for schedule in &schedules {
            writeln!(out, "{}", super::schedules::line(schedule, now))?;
        }
        let rows: Vec<_> = planned
            .iter()
            .map(|page| vec![page.not_before.to_string(), page.site.clone(), page.form.clone(), page.why.clone()])
            .collect();
        table(out, &["NOT BEFORE", "SITE", "FORM OF ADDRESS", "WHY"], &rows)?;
        for (url, answers) in &asked {
            writeln!(out, "{url}")?;
            for (id, explained, known) in answers {
                writeln!(out, "  under {id}: {explained}")?;
                known.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
            }
        }
        Ok(())
    })
}
