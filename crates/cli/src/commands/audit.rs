//! `lanthorn audit` and `lanthorn log`: verify, read, copy and run the transparency log.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use audit::{ActKind, Bounds, Fault};
use model::{Action, Kind};
use serde_json::json;

use crate::args::{AuditCommand, FilterArgs};
use crate::commands::supervisor::write_new;
use crate::context::Context;
use crate::failure::{failure, usage};
use crate::site::{Site, failed};

pub(crate) mod archives;
mod clock;
mod reading;
mod stamping;

pub(crate) use stamping::kept_stamps;

pub(crate) async fn run(context: &Context, command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify { log } => verify(context, log.as_deref()).await,
        AuditCommand::Tail { lines, filter, follow } => reading::tail(context, lines, &filter, follow).await,
        AuditCommand::Queries { keys, lines, filter } => reading::queries(context, &keys, lines, &filter).await,
        AuditCommand::Patterns { lines, offset_hours, night_from, night_to } => {
            let bounds = Bounds { offset_hours, night: (night_from, night_to), ..Bounds::default() };
            patterns(context, lines, &bounds).await
        }
        AuditCommand::Stamp { now } => stamping::stamp(context, now).await,
        AuditCommand::Stamps { ca } => stamping::list(context, ca.as_deref()).await,
        AuditCommand::Export { out, records, filter } => export(context, &out, records.then_some(&filter)).await,
    }
}

/// A log elsewhere is verified from its own files; this installation's also against its journal.
async fn verify(context: &Context, elsewhere: Option<&Path>) -> anyhow::Result<()> {
    let checked = match elsewhere {
        Some(folder) => audit::verify(folder, None),
        None => {
            let site = context.site().await?;
            site.settle_log().await;
            audit::verify_with_store(&site.layout.log(), None, &site.store).await
        }
    };
    let report = match checked {
        Ok(report) => report,
        Err(fault) => return bad(context, &fault),
    };
    let journal = report.journal.as_ref();
    let shown = json!({
        "verified": true,
        "origin": report.origin,
        "entries": report.entries,
        "records_opened": journal.map(|journal| journal.opened),
        "records_erased": journal.map(|journal| journal.erased),
        "unsigned": journal.map(|journal| journal.unsigned),
        "open_intents": journal.map(|journal| journal.open_intents),
        "witnesses": report.witnesses.iter().map(|witness| json!({
            "name": witness.key.name(), "entries": witness.entries, "at": witness.at, "key": witness.key.to_string(),
        })).collect::<Vec<_>>(),
    });
    context.output().show(&shown, |out| {
        writeln!(out, "the log of {} is whole: {} entries, each in the signed tree", report.origin, report.entries)?;
        if let Some(journal) = journal {
            writeln!(
                out,
                "journal: {} records open their entries, {} are erased, {} wait to be signed, {} intents are open",
                journal.opened, journal.erased, journal.unsigned, journal.open_intents
            )?;
        }
        for witness in &report.witnesses {
            writeln!(out, "cosigned by {} at {} entries, {}", witness.key.name(), witness.entries, witness.at)?;
        }
        if report.witnesses.is_empty() {
            writeln!(out, "no witness has cosigned it: `lanthorn supervisor witness`")?;
        }
        if report.key_from_log {
            writeln!(out, "the key was the log's own: compare log.vkey with the line that was kept outside")?;
        }
        Ok(())
    })
}

fn bad(context: &Context, fault: &Fault) -> anyhow::Result<()> {
    if context.common.json {
        context
            .output()
            .show(&json!({ "verified": false, "entry": fault.index, "fault": fault.to_string() }), |_| Ok(()))?;
    }
    Err(failure(Kind::CheckFailed, format!("the log is not whole: {fault}")))
}

/// Counts, and says nothing of guilt: a person has to look at the rows.
async fn patterns(context: &Context, lines: u32, bounds: &Bounds) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ReadLog).await?;
    let act = principal.act(ActKind::LogRead).detail("lines", lines).detail("patterns", "all");
    site.journal.note_now(act).await.map_err(failed)?;
    let found = audit::patterns(&site.journal.tail(lines).await.map_err(failed)?, bounds);
    site.settle_log().await;
    context.output().show(&found, |out| {
        if found.is_empty() {
            return writeln!(out, "nothing that these rules look for");
        }
        found.iter().try_for_each(|pattern| {
            let rows: Vec<_> = pattern.rows.iter().map(i64::to_string).collect();
            writeln!(out, "{}: {}\n  rows {}", pattern.pattern, pattern.says, rows.join(", "))
        })
    })
}

/// Copies the public part: tiles, checkpoint, verifying key. Nothing in it can be read back into a record, unless the records
/// that fit a filter are asked for as well.
async fn export(context: &Context, out: &Path, records: Option<&FilterArgs>) -> anyhow::Result<()> {
    let site = context.site().await?;
    if out.exists() {
        return Err(usage(format!("{} exists; name a new folder", out.display())));
    }
    let opened = match records {
        Some(filter) => Some(reading::openings(context, &site, filter).await?),
        None => None,
    };
    site.settle_log().await;
    let copied =
        copy(&site.layout.log(), out).with_context(|| format!("failed to copy the log to {}", out.display()))?;
    if let Some(lines) = &opened {
        write_new(&out.join("records.jsonl"), lines.as_bytes())?;
    }
    let records = opened.map(|lines| lines.lines().count());
    context.output().show(&json!({ "folder": out, "files": copied, "records": records }), |to| {
        writeln!(to, "copied {copied} files to {}", out.display())?;
        records.map_or(Ok(()), |count| {
            writeln!(to, "records.jsonl opens {count} entries: SHA-256 of salt and record is what the entry commits to")
        })
    })
}

fn copy(from: &Path, to: &Path) -> std::io::Result<u64> {
    fs::create_dir_all(to)?;
    let mut copied = 0;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copied += copy(&entry.path(), &target)?;
        } else if entry.file_name() != "lock" {
            fs::copy(entry.path(), target)?;
            copied += 1;
        }
    }
    Ok(copied)
}

/// Runs the sequencer until it is stopped, or once.
pub(crate) async fn log(context: &Context, once: bool) -> anyhow::Result<()> {
    let site: Site = context.site().await?;
    let sequencer = site.sequencer().await?;
    let checkpoint = if once {
        sequencer.run_once().await.map_err(failed)?
    } else {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let waiting = tokio::spawn(async move {
            let _ = tokio::signal::ctrl_c().await;
            let _ = stop.send(true);
        });
        context.tell("signing what the journal holds, every second; end with Ctrl-C");
        let checkpoint = sequencer.run(stopped).await.map_err(failed)?;
        waiting.abort();
        checkpoint
    };
    context.output().show(&json!({ "origin": checkpoint.origin, "entries": checkpoint.size }), |out| {
        writeln!(out, "{} entries are signed", checkpoint.size)
    })
}
