//! Crawls by the calendar: who is due is crawled, what was missed is told.

use std::sync::Arc;
use std::time::Duration;

use access::{Access, Principal};
use audit::ActKind;
use crawler::{Due, Schedule};
use model::{Action, CaseId, Timestamp};
use pipeline::RunOptions;
use serde_json::json;
use tokio::sync::watch;

use super::collect::{Crew, House};
use crate::args::ProgressKind;
use crate::context::Context;
use crate::failure::usage;
use crate::signal;
use crate::site::{Site, failed};

/// A run may begin so late after its moment; later it was missed.
const GRACE_MILLIS: i64 = 300_000;

/// How often the calendars are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Shows, adds or takes away schedules of a case.
pub(super) async fn change(
    context: &Context,
    case: &CaseId,
    at: Option<&str>,
    zone: &str,
    minutes: u32,
    remove: Option<i64>,
) -> anyhow::Result<()> {
    let site = context.site().await?;
    let now = site.clock.now();
    if at.is_some() || remove.is_some() {
        let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
        access::Cases::new(site.store.clone(), site.journal.clone()).find_open(case).await.map_err(failed)?;
        let mut tx = site.store.begin().await.map_err(failed)?;
        let mut act = principal.act(ActKind::CrawlStart).case(case);
        if let Some(pattern) = at {
            let pattern = (pattern, zone);
            let id = crawler::add_schedule(&mut tx, case, pattern, minutes, principal.person(), now)
                .await
                .map_err(failed)?;
            act = act.detail("step", "scheduled").detail("schedule", id.unsigned_abs());
        }
        if let Some(id) = remove {
            if !crawler::remove_schedule(&mut tx, case, id).await.map_err(failed)? {
                return Err(usage(format!(
                    "case {case} has no schedule {id}; `lanthorn crawl schedule {case}` lists them"
                )));
            }
            act = act.detail("step", "schedule removed").detail("schedule", id.unsigned_abs());
        }
        site.journal.note(&mut tx, act).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        site.settle_log().await;
    }
    let schedules = crawler::schedules(&site.store, Some(case)).await.map_err(failed)?;
    let shown: Vec<_> = schedules
        .iter()
        .map(|schedule| {
            let next: Vec<_> = coming(schedule, now).iter().map(ToString::to_string).collect();
            json!({ "schedule": schedule, "next": next, "unnoticed": due(schedule, now).missed })
        })
        .collect();
    context.output().show(&shown, |out| {
        if schedules.is_empty() {
            writeln!(out, "case {case} has no schedule; --at \"0 3 * * *\" --zone Europe/Vienna adds one")?;
        }
        schedules.iter().try_for_each(|schedule| writeln!(out, "{}", line(schedule, now)))
    })
}

/// The next three moments.
fn coming(schedule: &Schedule, now: Timestamp) -> Vec<Timestamp> {
    let Ok(calendar) = schedule.read() else { return Vec::new() };
    std::iter::successors(calendar.next(now), |at| calendar.next(*at)).take(3).collect()
}

fn due(schedule: &Schedule, now: Timestamp) -> Due {
    let none = Due { now: None, missed: 0 };
    schedule.read().map_or(none, |calendar| calendar.due(schedule.looked_at, now, GRACE_MILLIS))
}

/// A schedule in one line.
pub(super) fn line(schedule: &Schedule, now: Timestamp) -> String {
    let next = schedule.read().ok().and_then(|calendar| calendar.next(now).map(|next| calendar.show(next)));
    let next = next.unwrap_or_else(|| "never".to_owned());
    let unnoticed = due(schedule, now).missed;
    let missed = match schedule.missed + unnoticed {
        0 => String::new(),
        missed => format!(", {missed} missed"),
    };
    let last = schedule.last.as_ref().map(|last| format!("; last: {last}")).unwrap_or_default();
    format!(
        "schedule {}: `{}` in {}, {} min at most; next {next}; {} run{missed}{last}",
        schedule.id, schedule.calendar, schedule.zone, schedule.minutes, schedule.runs
    )
}

/// Waits for what is due and crawls it, until it is asked to stop.
pub(super) async fn run(context: &Context, options: RunOptions, progress: ProgressKind) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, None).await?;
    let principal = Arc::new(principal);
    let house = House::open(context, site, options.workers, progress).await?;
    let (stop, stopped) = signal::stop();
    let signer = house.sign_behind(stopped.clone()).await;
    let mut running: Vec<(i64, CaseId, tokio::task::JoinHandle<String>)> = Vec::new();
    context.tell("waiting for what is due; `lanthorn crawl schedule CASE` shows the calendars");
    let ended: anyhow::Result<()> = loop {
        if *stopped.borrow() {
            break Ok(());
        }
        if let Err(error) = look(context, &house, (&access, &principal), options, &stopped, &mut running).await {
            break Err(error);
        }
        let mut asked = stopped.clone();
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = asked.wait_for(|stop| *stop) => {}
        }
    };
    for (id, _, run) in running {
        note_end(&house.site, id, run.await.unwrap_or_else(|_| "it failed".to_owned())).await?;
    }
    let _ = stop.send(true);
    if let Some(signer) = signer {
        let _ = signer.await;
    }
    house.site.settle_log().await;
    ended
}

/// Begins what is due, tells what was missed, and notes what has ended.
async fn look(
    context: &Context,
    house: &House,
    (access, principal): (&Access, &Arc<Principal>),
    options: RunOptions,
    stopped: &watch::Receiver<bool>,
    running: &mut Vec<(i64, CaseId, tokio::task::JoinHandle<String>)>,
) -> anyhow::Result<()> {
    let site = &house.site;
    for at in (0..running.len()).rev() {
        if running[at].2.is_finished() {
            let (id, _, run) = running.swap_remove(at);
            note_end(site, id, run.await.unwrap_or_else(|_| "it failed".to_owned())).await?;
        }
    }
    let now = site.clock.now();
    for schedule in crawler::schedules(&site.store, None).await.map_err(failed)? {
        let mut due = due(&schedule, now);
        if due == (Due { now: None, missed: 0 }) {
            continue;
        }
        let busy = running.iter().any(|(_, case, _)| *case == schedule.case);
        if busy && due.now.take().is_some() {
            due.missed += 1;
        }
        let mut last = (due.missed > 0).then(|| {
            let why = if busy { "the run before it had not ended" } else { "no crawl was running then" };
            format!("{} run(s) missed until {now}: {why}; they are not caught up", due.missed)
        });
        if let Some(told) = &last {
            context.tell(&format!("schedule {} of case {}: {told}", schedule.id, schedule.case));
        }
        let mut begun = None;
        if due.now.is_some() {
            match begin(context, house, (access, principal), &schedule, options, stopped).await {
                Ok(run) => begun = Some(run),
                Err(error) => {
                    let told = format!("it was due on {now} and did not begin: {error:#}");
                    context.tell(&format!("schedule {} of case {}: {told}", schedule.id, schedule.case));
                    last = Some(told);
                    due = Due { now: None, missed: due.missed + 1 };
                }
            }
        }
        let mut tx = site.store.begin().await.map_err(failed)?;
        crawler::looked(&mut tx, schedule.id, due, last.as_deref(), now).await.map_err(failed)?;
        if due.missed > 0 {
            let act = principal.act(ActKind::CrawlStop).case(&schedule.case);
            let act = act.detail("missed", due.missed).detail("schedule", schedule.id.unsigned_abs());
            site.journal.note(&mut tx, act).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)?;
        running.extend(begun.map(|run| (schedule.id, schedule.case, run)));
    }
    Ok(())
}

async fn begin(
    context: &Context,
    house: &House,
    (access, principal): (&Access, &Arc<Principal>),
    schedule: &Schedule,
    options: RunOptions,
    stopped: &watch::Receiver<bool>,
) -> anyhow::Result<tokio::task::JoinHandle<String>> {
    let _permit = access.permit_in(principal, Action::RunCrawl, Some(&schedule.case)).await?;
    let options = RunOptions { until_idle: true, ..options };
    let crew = Crew::ready(context, house, &schedule.case, principal, options).await?;
    let longest = Duration::from_secs(60 * u64::from(schedule.minutes));
    let stopped = stopped.clone();
    Ok(tokio::spawn(async move {
        match crew.work(stopped, Some(longest)).await {
            Ok(report) => format!("ended: {}", report.reason()),
            Err(error) => format!("failed: {error:#}"),
        }
    }))
}

async fn note_end(site: &Site, id: i64, last: String) -> anyhow::Result<()> {
    let mut tx = site.store.begin().await.map_err(failed)?;
    let nothing = Due { now: None, missed: 0 };
    crawler::looked(&mut tx, id, nothing, Some(&last), Timestamp::from_millis(0)).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    Ok(())
}
