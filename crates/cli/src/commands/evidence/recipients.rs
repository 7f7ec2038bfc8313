//! Who has got what of a case, and telling them that something of it was wrong.

use std::path::Path;

use anyhow::Context as _;
use audit::{ActKind, Filter};
use model::{Action, CaseId};
use serde_json::{Value, json};

use crate::commands::supervisor::write_new;
use crate::context::Context;
use crate::failure::{failure, usage};
use crate::site::{Site, failed};
use crate::terminal::table;

/// Most disclosures that are listed.
const MOST: u32 = 1_000_000;

/// One disclosure, as the log tells it.
struct Disclosed {
    entry: i64,
    at: String,
    recipient: String,
    what: String,
    mark: String,
}

pub(super) async fn list(context: &Context, case: &CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, _principal, _permit) = context.permit_in(&site, Action::ExportEvidence, Some(case)).await?;
    let found = of_case(&site, case).await?;
    let rows: Vec<_> = found
        .iter()
        .map(|one| json!({ "entry": one.entry, "at": one.at, "recipient": one.recipient, "what": one.what, "mark": one.mark }))
        .collect();
    context.output().show(&rows, |out| {
        let rows: Vec<_> = found
            .iter()
            .map(|one| {
                vec![one.entry.to_string(), one.at.clone(), one.recipient.clone(), one.what.clone(), one.mark.clone()]
            })
            .collect();
        table(out, &["ENTRY", "AT", "RECIPIENT", "WHAT", "MARK"], &rows)
    })
}

/// Writes one notice for each recipient, and says so in the log before the first is written.
pub(super) async fn correct(context: &Context, case: &CaseId, note: &str, out: &Path) -> anyhow::Result<()> {
    if note.trim().is_empty() || note.contains(char::is_control) || note.chars().count() > 2_000 {
        return Err(usage("the note has 1 to 2,000 characters in one line"));
    }
    if out.exists() {
        return Err(usage(format!("{} exists; name a new folder", out.display())));
    }
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::ExportEvidence, Some(case)).await?;
    // A notice leaves the house, too.
    if redactor::screen(note).is_err() {
        return Err(failure(
            model::Kind::Refused,
            "refused by rule `no-identifier-in-note`: the note holds an identifier; name captures and exhibits instead",
        ));
    }
    let found = of_case(&site, case).await?;
    let mut recipients: Vec<&str> = found.iter().map(|one| one.recipient.as_str()).collect();
    recipients.sort_unstable();
    recipients.dedup();
    if recipients.is_empty() {
        return Err(failure(
            model::Kind::Unavailable,
            format!("nothing of case {case} has left: there is nobody to tell"),
        ));
    }
    for recipient in &recipients {
        let act = principal.act(ActKind::Alteration).case(case).recipient(recipient).reason("correction", note);
        site.journal.note_now(act).await.map_err(failed)?;
    }
    site.settle_log().await;
    std::fs::create_dir(out).with_context(|| format!("failed to make {}", out.display()))?;
    let mut files = Vec::new();
    for (recipient, number) in recipients.iter().zip(1..) {
        let path = out.join(format!("correction-{number}.txt"));
        let theirs = found.iter().filter(|one| one.recipient == *recipient);
        let what: String = theirs.map(|one| format!("  {}: {} ({})\n", one.at, one.what, one.mark)).collect();
        let text = format!(
            "CORRECTION\n\nTo: {recipient}\nCase: {case}\nFrom: {}\nDate: {}\n\nYou were given:\n{what}\nSomething in it was wrong:\n\n  {note}\n\n\
             Please correct or delete what you hold, tell those to whom you have passed it on, and confirm that you have done so\n\
             (Directive (EU) 2016/680, articles 7(3) and 16(6)).\n",
            site.config.site.name,
            site.clock.now(),
        );
        write_new(&path, text.as_bytes())?;
        files.push(path);
    }
    context.output().show(&json!({ "recipients": recipients, "files": files }), |to| {
        writeln!(to, "wrote {} notices to {}: send them, and keep the confirmations", files.len(), out.display())
    })
}

async fn of_case(site: &Site, case: &CaseId) -> anyhow::Result<Vec<Disclosed>> {
    let filter = Filter { kinds: vec![ActKind::Disclosure], ..Filter::default() };
    let entries = site.journal.read(&filter, MOST).await.map_err(failed)?;
    let mut found = Vec::new();
    for entry in entries.iter().filter(|entry| entry.part != "outcome") {
        let record: Value = entry.record.as_deref().map_or(Ok(Value::Null), serde_json::from_str)?;
        let said = |name: &str| record[name].as_str().unwrap_or_default();
        if said("case") != case.as_str() {
            continue;
        }
        let (what, mark) = match (said("capture"), said("manifest_sha256")) {
            ("", manifest) => {
                let edition = if said("edition") == "unredacted" { ", with an archive of originals" } else { "" };
                (format!("pack of {} captures{edition}", said("captures")), format!("manifest {manifest}"))
            }
            (capture, _) => (format!("original of {capture}"), format!("BLAKE3 {}", said("copy_blake3"))),
        };
        found.push(Disclosed {
            entry: entry.seq - 1,
            at: entry.at.to_string(),
            recipient: said("recipient").to_owned(),
            what,
            mark,
        });
    }
    Ok(found)
}
