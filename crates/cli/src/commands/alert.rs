//! `lanthorn alert`: saved searches, and what new pages set off.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use audit::{Act, ActKind, Actor, Outcome};
use casework::Alerts;
use model::{CaseId, HasKind as _, Kind};
use pipeline::Notice;
use search::Want;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::search::{Seat, pointed};
use crate::args::AlertCommand;
use crate::context::Context;
use crate::failure::failure;
use crate::site::{Site, failed};
use crate::terminal::table;

/// How long the site's program may take for one line.
const LONGEST: Duration = Duration::from_secs(60);

/// Holds each page that a crawl indexes against the alerts of its case.
pub(crate) fn at_ingest(site: &Site, case: &CaseId) -> Notice {
    let (alerts, case) = (Alerts::new(site.store.clone()), case.clone());
    Arc::new(move |page, row| {
        let document = casework::document(page, row.authorisation, row.captured_at);
        let (alerts, case) = (alerts.clone(), case.clone());
        Box::pin(async move {
            let noticed = alerts.notice(&case, &document).await;
            noticed.map(|_| ()).map_err(|error| pipeline::Error::Notice { kind: error.kind(), why: error.to_string() })
        })
    })
}

pub(crate) async fn run(context: &Context, command: AlertCommand) -> anyhow::Result<()> {
    if matches!(command, AlertCommand::Deliver) {
        return deliver(context).await;
    }
    let seat = Seat::take(context).await?;
    let (desk, who) = (seat.desk(), &seat.who);
    match command {
        AlertCommand::Save { case, name, query, alert } => {
            let saved = desk.save_search(who, &case, &name, &query, alert).await;
            seat.site.settle_log().await;
            let number = saved.map_err(|error| pointed(&query, error))?;
            context.output().show(&serde_json::json!({ "search": number }), |out| writeln!(out, "saved as {number}"))
        }
        AlertCommand::List { case } => {
            let all = seat.settled(desk.saved_searches(who, &case).await).await?;
            context.output().show(&all, |out| {
                let row = |saved: &casework::Saved| {
                    let new = if saved.alert { format!("{} new", saved.unseen) } else { "no alert".to_owned() };
                    vec![saved.name.clone(), new, saved.made_by.clone(), saved.query.clone()]
                };
                table(out, &["NAME", "ALERT", "BY", "QUERY"], &all.iter().map(row).collect::<Vec<_>>())
            })
        }
        AlertCommand::Show { case, name } => {
            let hits = seat.settled(desk.alert_hits(who, &case, &name).await).await?;
            context.output().show(&hits, |out| {
                let row = |hit: &casework::AlertHit| {
                    let seen = hit.seen_by.clone().unwrap_or_else(|| "new".to_owned());
                    vec![hit.capture.to_string(), hit.site.clone(), hit.matched_at.to_string(), seen]
                };
                table(out, &["CAPTURE", "SITE", "INDEXED", "SEEN BY"], &hits.iter().map(row).collect::<Vec<_>>())
            })
        }
        AlertCommand::Run { case, name } => {
            let saved = seat.settled(desk.saved_search(who, &case, &name).await).await?;
            let hits = seat.settled(desk.search(who, &case, &saved.query, Want::first(20)).await).await?;
            context.output().show(&hits, |out| super::search::print(out, &hits))
        }
        AlertCommand::Forget { case, name } => seat.settled(desk.forget_search(who, &case, &name).await).await,
        AlertCommand::Deliver => Ok(()),
    }
}

/// Hands one line to the site's program, and waits for it to end well.
async fn tell(program: &str, arguments: &[String], line: &str) -> anyhow::Result<()> {
    let next_time =
        |what: String| failure(Kind::Unavailable, format!("{program} {what}; the alert is delivered next time"));
    let mut command = Command::new(program);
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("failed to start {program}"))?;
    let mut input = child.stdin.take().context("failed to open the command's standard input")?;
    // A header that mail programs take for a subject, and others for a line.
    let text = format!("Subject: {line}\n\n{line}\n");
    let ended = async {
        input.write_all(text.as_bytes()).await?;
        drop(input);
        child.wait().await
    };
    match tokio::time::timeout(LONGEST, ended).await {
        Err(_) => Err(next_time(format!("did not end within {} s and was stopped", LONGEST.as_secs()))),
        Ok(Err(error)) => Err(next_time(format!("did not take the line: {error}"))),
        Ok(Ok(ended)) if ended.success() => Ok(()),
        Ok(Ok(ended)) => Err(next_time(format!("ended with {ended}"))),
    }
}

/// One start of the site's program for each alert with new pages. A line that could not be delivered is delivered next time.
async fn deliver(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let [program, arguments @ ..] = site.config.alerts.command.as_slice() else {
        return Err(failure(
            Kind::Usage,
            "no command is set under [alerts] in lanthorn.toml: `lanthorn alert show` shows what is new",
        ));
    };
    let alerts = Alerts::new(site.store.clone());
    let lines = alerts.undelivered().await.map_err(failed)?;
    for line in &lines {
        let case: CaseId = line.case.parse().context("failed to read a case")?;
        let act = Act::new(ActKind::Disclosure, Actor::Process("alerts")).case(&case).recipient("the site's command");
        // Said before it is told, as everything that leaves.
        let intent = site.journal.intend_now(act.detail("captures", line.captures)).await.map_err(failed)?;
        let told = tell(program, arguments, &line.to_string()).await;
        let outcome = if told.is_ok() { Outcome::Done } else { Outcome::Failed("command") };
        site.journal.close_now(intent, outcome).await.map_err(failed)?;
        if let Err(error) = told {
            site.settle_log().await;
            return Err(error);
        }
        alerts.delivered(line).await.map_err(failed)?;
    }
    site.settle_log().await;
    context.output().show(&lines, |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}
