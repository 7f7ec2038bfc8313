//! `lanthorn case`: open, list, close, destroy.

use access::Cases;
use crawler::CrawlKey;
use model::{Action, CaseId};
use rand::rngs::OsRng;
use redactor::TokenKey;

use crate::args::CaseCommand;
use crate::context::Context;
use crate::site::failed;
use crate::terminal::table;

mod destroying;

pub(crate) async fn run(context: &Context, command: CaseCommand) -> anyhow::Result<()> {
    if let CaseCommand::Destroy { case, reason } = &command {
        return destroying::run(context, case, reason).await;
    }
    let site = context.site().await?;
    let cases = Cases::new(site.store.clone(), site.journal.clone());
    match command {
        CaseCommand::Destroy { .. } => Ok(()), // done above
        CaseCommand::Review { case, note } => {
            let (_access, _principal, permit) = context.permit_in(&site, Action::ManageCase, Some(&case)).await?;
            cases.review(&permit, &case, &note).await.map_err(failed)?;
            site.settle_log().await;
            let days = site.config.retention.review_days;
            context.output().show(&serde_json::json!({ "case": case, "next_review_days": days }), |out| {
                writeln!(out, "case {case} is reviewed; the next review is due in {days} days")
            })
        }
        CaseCommand::New { case, title, with } => {
            let (_access, _principal, permit) = context.permit_in(&site, Action::ManageCase, Some(&case)).await?;
            let key = site.layout.token_key(&case);
            cases.open(&permit, &case, &title).await.map_err(failed)?;
            if !key.exists() {
                TokenKey::generate(&mut OsRng).save(&key).map_err(failed)?;
            }
            let key = site.layout.crawl_key(&case);
            if !key.exists() {
                CrawlKey::generate(&mut OsRng).save(&key).map_err(failed)?;
            }
            for person in &with {
                cases.assign(&permit, &case, person).await.map_err(failed)?;
            }
            site.settle_log().await;
            let people = cases.people_of(&case).await.map_err(failed)?;
            let shown = serde_json::json!({ "case": case, "title": title, "people": people });
            context.output().show(&shown, |out| {
                let people: Vec<_> = people.iter().map(ToString::to_string).collect();
                writeln!(out, "opened case {case}; it is read by {} and by nobody else", people.join(", "))?;
                writeln!(out, "`lanthorn case assign {case} PERSON` puts others on it")
            })
        }
        CaseCommand::List => {
            let list = cases.list().await.map_err(failed)?;
            context.output().show(&list, |out| {
                let state = |open| if open { "open" } else { "closed" }.to_owned();
                let rows: Vec<_> = list
                    .iter()
                    .map(|case| {
                        vec![
                            case.case.to_string(),
                            state(case.open),
                            case.opened_at.day(),
                            case.opened_by.clone(),
                            case.title.clone(),
                        ]
                    })
                    .collect();
                table(out, &["CASE", "STATE", "OPENED", "BY", "TITLE"], &rows)
            })
        }
        CaseCommand::Assign { case, person } => {
            let (_access, _principal, permit) = context.permit_in(&site, Action::ManageCase, Some(&case)).await?;
            let assigned = cases.assign(&permit, &case, &person).await;
            site.settle_log().await;
            assigned.map_err(failed)?;
            tell_people(context, &cases, &case).await
        }
        CaseCommand::Dismiss { case, person } => {
            let (_access, _principal, permit) = context.permit_in(&site, Action::ManageCase, Some(&case)).await?;
            let dismissed = cases.dismiss(&permit, &case, &person).await;
            site.settle_log().await;
            dismissed.map_err(failed)?;
            tell_people(context, &cases, &case).await
        }
        CaseCommand::People { case } => tell_people(context, &cases, &case).await,
        CaseCommand::Close { case } => {
            let (_access, _principal, permit) = context.permit_in(&site, Action::ManageCase, Some(&case)).await?;
            cases.close(&permit, &case).await.map_err(failed)?;
            site.settle_log().await;
            context
                .output()
                .show(&serde_json::json!({ "case": case, "open": false }), |out| writeln!(out, "closed case {case}"))
        }
    }
}

async fn tell_people(context: &Context, cases: &Cases, case: &CaseId) -> anyhow::Result<()> {
    cases.find(case).await.map_err(failed)?;
    let people = cases.people_of(case).await.map_err(failed)?;
    context.output().show(&serde_json::json!({ "case": case, "people": people }), |out| {
        people.iter().try_for_each(|person| writeln!(out, "{person}"))
    })
}
