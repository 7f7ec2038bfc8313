//! `lanthorn retention`: how long things are kept, what is held, and what has outlived its time.

use std::collections::BTreeMap;

use access::Principal;
use audit::ActKind;
use crawler::Registry;
use model::{Action, AuthorisationId, CaptureId, CaseId, Timestamp};
use serde_json::json;
use vault::{Release, Sealed, Shelf, State};

use crate::args::RetentionCommand;
use crate::commands::erase;
use crate::context::Context;
use crate::site::{Site, failed};
use crate::terminal::table;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Entries that are read at once, and captures that are erased at once.
const STEP: u32 = 500;

pub(crate) async fn run(context: &Context, command: RetentionCommand) -> anyhow::Result<()> {
    match command {
        RetentionCommand::Report => report(context).await,
        RetentionCommand::Run { perform } => expire(context, perform).await,
        RetentionCommand::Hold { capture, reason } => hold(context, capture, &reason).await,
        RetentionCommand::Release { hold } => release(context, hold).await,
        RetentionCommand::Holds => holds(context).await,
    }
}

/// How one authorisation's captures stand.
#[derive(Default)]
struct Count {
    case: Option<CaseId>,
    days: u32,
    kept: u64,
    due: Vec<CaptureId>,
    held: u64,
    erased: u64,
}

/// Everything that has an end.
struct Standing {
    counts: BTreeMap<AuthorisationId, Count>,
    /// Erasures that a kill left unfinished.
    unfinished: Vec<CaptureId>,
    /// Erasures whose backups have expired, and how many wait for that.
    confirmable: Vec<CaptureId>,
    waiting: usize,
}

fn shelf(site: &Site) -> Shelf {
    Shelf::new(&site.layout.vault(), site.store.clone())
}

async fn standing(site: &Site) -> anyhow::Result<Standing> {
    let (now, shelf) = (site.clock.now(), shelf(site));
    let mut counts: BTreeMap<AuthorisationId, Count> = BTreeMap::new();
    let registry = Registry::new(site.store.clone());
    for entry in registry.list().await.map_err(failed)? {
        let days = registry.find(entry.id).await.map_err(failed)?.document.retention_days();
        counts.entry(entry.id).or_default().days = days;
    }
    let held: Vec<CaptureId> = shelf.holds().await.map_err(failed)?.into_iter().map(|hold| hold.capture).collect();
    let unconfirmed = shelf.unconfirmed().await.map_err(failed)?;
    let (mut erasing, mut after) = (Vec::new(), None);
    loop {
        let entries = shelf.entries(after, STEP).await.map_err(failed)?;
        let Some(last) = entries.last() else { break };
        after = Some(last.capture);
        for entry in &entries {
            let count = counts.entry(entry.authorisation).or_default();
            count.case.get_or_insert_with(|| entry.case.clone());
            match entry.state {
                State::Sealed if held.contains(&entry.capture) => count.held += 1,
                State::Sealed if is_over(entry, count.days, now) => count.due.push(entry.capture),
                State::Sealed => count.kept += 1,
                State::Erasing | State::Erased => {
                    count.erased += 1;
                    erasing.push(entry.capture);
                }
            }
        }
    }
    let finished = shelf.erasures(&erasing).await.map_err(failed)?;
    let unfinished = erasing.into_iter().filter(|capture| !finished.contains(capture)).collect();
    let (over, waiting): (Vec<_>, Vec<_>) = unconfirmed.into_iter().partition(|(_, until)| *until <= now);
    let confirmable = over.into_iter().map(|(capture, _)| capture).collect();
    Ok(Standing { counts, unfinished, confirmable, waiting: waiting.len() })
}

/// A capture whose authorisation is unknown has no days, and is over at once: nothing says that it may be kept.
fn is_over(entry: &Sealed, days: u32, now: Timestamp) -> bool {
    now >= entry.sealed_at.plus_millis(i64::from(days) * DAY_MILLIS)
}

/// How the captures of each authorisation stand, for the web pages.
pub(crate) async fn rows(site: &Site) -> anyhow::Result<Vec<server::RetentionRow>> {
    let row = |(id, count): (AuthorisationId, Count)| server::RetentionRow {
        authorisation: id.to_string(),
        case: count.case,
        days: count.days,
        kept: count.kept,
        due: count.due.len() as u64,
        held: count.held,
        erased: count.erased,
    };
    Ok(standing(site).await?.counts.into_iter().map(row).collect())
}

async fn report(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ReadStatus).await?;
    note(&site, &principal, ActKind::Review, "report").await?;
    let standing = standing(&site).await?;
    let rows: Vec<_> = standing.counts.iter().map(|(id, count)| json!({
        "authorisation": id, "case": count.case, "retention_days": count.days, "kept": count.kept, "due": count.due.len(),
        "held": count.held, "erased": count.erased,
    })).collect();
    let shown = json!({
        "authorisations": rows, "unfinished_erasures": standing.unfinished, "confirmable": standing.confirmable.len(),
        "waiting_for_backups": standing.waiting,
    });
    context.output().show(&shown, |out| {
        let rows: Vec<_> = standing
            .counts
            .iter()
            .map(|(id, count)| {
                let case = count.case.as_ref().map_or_else(String::new, ToString::to_string);
                let numbers = [u64::from(count.days), count.kept, count.due.len() as u64, count.held, count.erased];
                [id.to_string(), case].into_iter().chain(numbers.map(|number| number.to_string())).collect()
            })
            .collect();
        table(out, &["AUTHORISATION", "CASE", "DAYS", "KEPT", "DUE", "HELD", "ERASED"], &rows)?;
        writeln!(
            out,
            "{} erasures wait for backups to expire, {} can be confirmed, {} were not finished",
            standing.waiting,
            standing.confirmable.len(),
            standing.unfinished.len()
        )
    })
}

async fn expire(context: &Context, perform: bool) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::Erase).await?;
    let standing = standing(&site).await?;
    let mut records = 0;
    for (kind, days) in site.config.retention.records()? {
        let before = site.clock.now().plus_millis(-i64::from(days) * DAY_MILLIS);
        records += if perform {
            forget_records(&site, &principal, kind, before).await?
        } else {
            site.journal.expired(&[kind], before).await.map_err(failed)?
        };
    }
    let due: Vec<CaptureId> =
        standing.counts.values().flat_map(|count| count.due.iter().copied()).chain(standing.unfinished).collect();
    if perform {
        for step in due.chunks(STEP as usize) {
            let done = erase::erase(&site, &principal, step, "its retention is over").await;
            if done.is_err() {
                site.settle_log().await;
            }
            done?;
            context.tell(&format!("{} erased", step.len()));
        }
        for capture in &standing.confirmable {
            let mut tx = site.store.begin().await.map_err(failed)?;
            shelf(&site).confirm_erasure(&mut tx, *capture).await.map_err(failed)?;
            let act = principal.act(ActKind::ErasureConfirmed).detail("capture_blake3", erase::name(*capture));
            site.journal.note(&mut tx, act).await.map_err(failed)?;
            tx.commit().await.map_err(failed)?;
        }
    } else {
        note(&site, &principal, ActKind::Review, "dry run").await?;
    }
    site.settle_log().await;
    let shown = json!({
        "performed": perform, "erased": due, "confirmed": standing.confirmable, "records": records,
    });
    context.output().show(&shown, |out| {
        let (due, confirmed) = (due.len(), standing.confirmable.len());
        if perform {
            writeln!(
                out,
                "erased {due} captures whose time is over and what {records} records said, confirmed {confirmed} erasures"
            )
        } else {
            writeln!(
                out,
                "{due} captures and what {records} records say would be erased, {confirmed} erasures confirmed; nothing was done: add --do"
            )
        }
    })
}

/// The log keeps that records of a kind went, how many, and up to when.
async fn forget_records(site: &Site, principal: &Principal, kind: ActKind, before: Timestamp) -> anyhow::Result<u64> {
    let mut tx = site.store.begin().await.map_err(failed)?;
    let gone = site.journal.expire(&mut tx, &[kind], before).await.map_err(failed)?;
    if gone > 0 {
        let act = principal.act(ActKind::Erasure).detail("records_of", kind).detail("records", gone);
        site.journal.note(&mut tx, act.detail("before", before)).await.map_err(failed)?;
    }
    tx.commit().await.map_err(failed)?;
    site.store.truncate_wal().await.map_err(failed)?;
    Ok(gone)
}

async fn hold(context: &Context, capture: CaptureId, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::Erase).await?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let hold = shelf(&site).hold(&mut tx, capture, principal.person(), reason).await.map_err(failed)?;
    let act =
        principal.act(ActKind::Hold).capture(capture).detail("hold", hold).detail("step", "set").reason("hold", reason);
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "hold": hold, "capture": capture }), |out| {
        writeln!(out, "hold {hold}: capture {capture} is kept until two persons release it")
    })
}

async fn release(context: &Context, hold: i64) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::Erase).await?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let asked = shelf(&site).release(&mut tx, hold, principal.person()).await;
    let (capture, release) = match asked {
        Ok(asked) => asked,
        Err(error) => {
            drop(tx);
            let act = principal.act(ActKind::Refusal).detail("hold", hold).detail("rule", "release of a hold");
            site.journal.note_now(act).await.map_err(failed)?;
            site.settle_log().await;
            return Err(failed(error));
        }
    };
    let step = if release == Release::Released { "released" } else { "release asked" };
    let act = principal.act(ActKind::Hold).capture(capture).detail("hold", hold).detail("step", step);
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "hold": hold, "released": release == Release::Released }), |out| match release {
        Release::Waits => writeln!(out, "hold {hold}: a second person has to ask, too"),
        Release::Released => writeln!(out, "hold {hold} is released; capture {capture} follows its retention again"),
    })
}

async fn holds(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ReadStatus).await?;
    note(&site, &principal, ActKind::Review, "holds").await?;
    let holds = shelf(&site).holds().await.map_err(failed)?;
    let shown: Vec<_> = holds.iter().map(|hold| json!({
        "hold": hold.hold, "capture": hold.capture, "reason": hold.reason, "set_by": hold.set_by, "set_at": hold.set_at,
        "release_asked_by": hold.release_asked_by,
    })).collect();
    context.output().show(&shown, |out| {
        let rows: Vec<_> = holds
            .iter()
            .map(|hold| {
                let asked = hold.release_asked_by.as_ref().map_or_else(String::new, ToString::to_string);
                let (number, capture) = (hold.hold.to_string(), hold.capture.to_string());
                vec![number, capture, hold.set_by.to_string(), hold.set_at.to_string(), asked, hold.reason.clone()]
            })
            .collect();
        table(out, &["HOLD", "CAPTURE", "SET BY", "SET AT", "RELEASE ASKED BY", "REASON"], &rows)
    })
}

/// Looking at what is kept is itself in the log.
async fn note(site: &Site, principal: &Principal, kind: ActKind, what: &str) -> anyhow::Result<()> {
    site.journal.note_now(principal.act(kind).detail("retention", what)).await.map_err(failed)?;
    site.settle_log().await;
    Ok(())
}
