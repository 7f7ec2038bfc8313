//! Reading records: the last ones, those that come, what was searched for, and what an outside expert is handed. Each reading
//! is itself in the log, before its first line is shown.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use audit::{ActKind, Entry, Filter};
use client::KeyFolder;
use model::{Action, Sensitive};
use serde_json::{Value, json};

use crate::args::FilterArgs;
use crate::commands::witness::own_folder;
use crate::context::Context;
use crate::site::{Site, failed, noted};
use crate::terminal::table;

/// How often the journal is looked at while it is followed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Most rows of one look, and most records of one export.
const MOST: u32 = 1_000_000;

impl FilterArgs {
    fn filter(&self) -> Filter {
        Filter {
            kinds: self.kinds.clone(),
            person: self.who.clone(),
            capture: self.on,
            since: self.since,
            until: self.until,
            after: None,
            before: None,
        }
    }

    /// What the log says of a reading: how it was narrowed down.
    fn words(&self) -> String {
        let kinds = self.kinds.iter().map(|kind| format!("kind {kind}"));
        let others = [
            self.who.as_ref().map(|person| format!("who {person}")),
            self.on.map(|_| "on one capture".to_owned()),
            self.since.map(|since| format!("since {since}")),
            self.until.map(|until| format!("until {until}")),
        ];
        let words: Vec<_> = kinds.chain(others.into_iter().flatten()).collect();
        if words.is_empty() { "all".to_owned() } else { words.join(", ") }
    }
}

pub(super) async fn tail(context: &Context, lines: u32, args: &FilterArgs, follow: bool) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ReadLog).await?;
    let act = principal.act(ActKind::LogRead).detail("lines", lines).detail("which", args.words());
    site.journal.note_now(act.detail("follow", follow)).await.map_err(failed)?;
    let mut filter = args.filter();
    let entries = site.journal.read(&filter, lines).await.map_err(failed)?;
    site.settle_log().await;
    if !follow {
        return context.output().show(&entries, |out| {
            table(out, &["ENTRY", "TIME", "KIND", "PART", "RECORD"], &entries.iter().map(row).collect::<Vec<_>>())
        });
    }
    filter.after = site.journal.read(&Filter::default(), 1).await.map_err(failed)?.last().map(|last| last.seq);
    lines_of(context, &entries)?;
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let entries = site.journal.read(&filter, MOST).await.map_err(failed)?;
        if let Some(last) = entries.last() {
            filter.after = Some(last.seq);
            lines_of(context, &entries)?;
        }
    }
}

fn row(entry: &Entry) -> Vec<String> {
    let record = entry.record.clone().unwrap_or_else(|| "(erased)".to_owned());
    vec![entry.seq.to_string(), entry.at.to_string(), entry.kind.clone(), entry.part.clone(), record]
}

/// A line each, as they come; a reader who has gone ends it.
fn lines_of(context: &Context, entries: &[Entry]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for entry in entries {
        let line = if context.common.json { serde_json::to_string(entry)? } else { row(entry).join("  ") };
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

/// The queries of the log, decrypted with the auditor's own key.
pub(super) async fn queries(context: &Context, keys: &Path, lines: u32, args: &FilterArgs) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ReadLog).await?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let refusal = || principal.act(ActKind::Refusal).detail("asked", "queries");
    noted(&site, refusal, own_folder(&folder, &principal)).await?;
    let unlocked = folder.unlock(&context.passphrase(&format!("{}'s key folder", folder.person()))?).map_err(failed)?;
    let act = principal.act(ActKind::LogRead).detail("lines", lines).detail("which", args.words());
    site.journal.note_now(act.detail("queries", "decrypted")).await.map_err(failed)?;
    let mut filter = args.filter();
    if filter.kinds.is_empty() {
        filter.kinds = vec![ActKind::Consultation, ActKind::Combination];
    }
    let entries = site.journal.read(&filter, lines).await.map_err(failed)?;
    site.settle_log().await;
    let mut shown = Vec::new();
    for entry in entries.iter().filter(|entry| entry.part != "outcome") {
        let record: Value = entry.record.as_deref().map_or(Ok(Value::Null), serde_json::from_str)?;
        let text = |name: &str| record[name].as_str().unwrap_or("(erased)").to_owned();
        let query = match record["query"].as_str() {
            Some(line) => client::read_as_auditor(&unlocked, line).ok(),
            None => Some(Sensitive::new("(none was kept)".to_owned())),
        };
        // Written before this auditor enrolled, or to others.
        let query = query.unwrap_or_else(|| Sensitive::new("(not for your key)".to_owned()));
        shown.push(json!({
            "seq": entry.seq, "at": entry.at, "kind": entry.kind, "who": text("who"), "case": text("case"),
            "query": query.expose(),
        }));
    }
    context.output().show(&shown, |out| {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let names = ["seq", "at", "kind", "who", "case", "query"];
        let rows: Vec<Vec<String>> =
            shown.iter().map(|one| names.iter().map(|name| text(&one[*name])).collect()).collect();
        table(out, &["ENTRY", "TIME", "KIND", "WHO", "CASE", "QUERY"], &rows)
    })
}

/// One JSON object a line, for an outside expert: entry, leaf, record, salt.
pub(super) async fn openings(context: &Context, site: &Site, args: &FilterArgs) -> anyhow::Result<String> {
    let (_access, principal, _permit) = context.permit(site, Action::ReadLog).await?;
    let act = principal.act(ActKind::LogRead).detail("which", args.words()).detail("export", "records and salts");
    site.journal.note_now(act).await.map_err(failed)?;
    let openings = site.journal.openings(&args.filter(), MOST).await.map_err(failed)?;
    let lines: Result<Vec<_>, _> = openings.iter().map(serde_json::to_string).collect();
    Ok(lines?.into_iter().map(|line| line + "\n").collect())
}
