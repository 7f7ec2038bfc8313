//! `lanthorn report rights`: what the installation did in a period, from its own records.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use audit::{ActKind, Filter};
use client::KeyFolder;
use crawler::Registry;
use evidence::{Facts, REPORT_NAMESPACE, Rights};
use model::{Action, Timestamp};
use pipeline::Outbox;
use redactor::{OutboxKey, RedactedPage};
use seal::sshsig;
use serde_json::json;
use vault::{Shelf, State};

use crate::args::ReportCommand;
use crate::commands::supervisor::write_new;
use crate::commands::witness::own_folder;
use crate::context::Context;
use crate::failure::usage;
use crate::site::{Site, failed, noted};

const DAY_MILLIS: i64 = 86_400_000;

/// Most entries of the log that one report reads.
const ENTRIES: u32 = 5_000_000;

/// Rows that are held at a time.
const ROWS: u32 = 500;

pub(crate) async fn run(context: &Context, command: ReportCommand) -> anyhow::Result<()> {
    match command {
        ReportCommand::Rights { period, keys, out } => rights(context, &period, &keys, &out).await,
    }
}

async fn rights(context: &Context, period: &str, keys: &Path, out: &Path) -> anyhow::Result<()> {
    let (from, until) = moments(period).ok_or_else(|| {
        usage(format!("{period} is no period: say 2026, 2026-11, 2026-11-24 or 2026-11-01..2026-11-30"))
    })?;
    if out.exists() {
        return Err(usage(format!("{} exists; name a new folder", out.display())));
    }
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit(&site, Action::ReadLog).await?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let refusal = || principal.act(ActKind::Refusal).detail("asked", "rights report");
    noted(&site, refusal, own_folder(&folder, &principal)).await?;
    let unlocked = folder.unlock(&context.passphrase(&format!("{}'s key folder", folder.person()))?).map_err(failed)?;
    let act = principal.act(ActKind::LogRead).detail("report", "rights").detail("from", from).detail("until", until);
    site.journal.note_now(act).await.map_err(failed)?;
    site.settle_log().await;

    let filter = Filter { since: Some(from), until: Some(until.plus_millis(-1)), ..Filter::default() };
    let entries = site.journal.read(&filter, ENTRIES).await.map_err(failed)?;
    let mut facts = facts(&site, from, until).await?;
    for person in access.people().list().await.map_err(failed)? {
        *facts.people.entry(person.role.to_string()).or_default() += 1;
    }
    let report = Rights::of(facts, &entries);
    fs::create_dir(out).with_context(|| format!("failed to make {}", out.display()))?;
    let key = unlocked.signing_key();
    let json = serde_json::to_string_pretty(&report.to_json())? + "\n";
    let pdf = report.to_pdf().map_err(failed)?;
    let forms =
        [("rights.json", json.into_bytes()), ("rights.html", report.to_html().into_bytes()), ("rights.pdf", pdf)];
    for (name, bytes) in forms {
        let signature = sshsig::sign(REPORT_NAMESPACE, &bytes, key);
        write_new(&out.join(name), &bytes)?;
        let armoured = sshsig::armoured(REPORT_NAMESPACE, &signature, &key.verifying_key());
        write_new(&out.join(format!("{name}.sig")), armoured.as_bytes())?;
    }
    let signer = sshsig::allowed_signer(REPORT_NAMESPACE, principal.person(), &key.verifying_key());
    write_new(&out.join("allowed_signers"), signer.as_bytes())?;
    let shown =
        json!({ "folder": out, "entries": entries.len(), "unknown": report.unknown(), "report": report.to_json() });
    context.output().show(&shown, |to| {
        writeln!(to, "wrote {}: rights.html, rights.pdf, rights.json and a signature under each", out.display())?;
        writeln!(to, "{} entries of the log were counted; {} figures are unknown", entries.len(), report.unknown())
    })
}

async fn facts(site: &Site, from: Timestamp, until: Timestamp) -> anyhow::Result<Facts> {
    let now = site.clock.now();
    let mut facts = Facts {
        site: site.config.site.name.clone(),
        tool: format!("lanthorn {}", env!("CARGO_PKG_VERSION")),
        rules: redactor::RULES.to_owned(),
        from,
        until,
        made: now,
        ..Facts::default()
    };
    let cases = access::Cases::new(site.store.clone(), site.journal.clone());
    let every = i64::from(site.config.retention.review_days) * DAY_MILLIS;
    let key = OutboxKey::load(&site.layout.outbox_key()).ok();
    let mut hidden = key.as_ref().map(|_| BTreeMap::new());
    for case in cases.list().await.map_err(failed)? {
        if case.open {
            facts.cases.0 += 1;
            let reviewed = cases.reviewed_at(&case.case).await.map_err(failed)?;
            facts.reviews_overdue += u64::from(now.since_millis(reviewed) > every);
        } else {
            facts.cases.1 += 1;
        }
        for host in crawler::status(&site.store, &case.case).await.map_err(failed)? {
            for (rule, links) in host.refused {
                *facts.refused_links.entry(rule).or_default() += links;
            }
        }
        let (outbox, mut after) = (Outbox::new(site.store.clone()), 0);
        loop {
            let rows = outbox.after(&case.case, after, ROWS).await.map_err(failed)?;
            let Some(last) = rows.last() else { break };
            after = last.seq;
            facts.pages += rows.len() as u64;
            let (Some(key), Some(hidden)) = (&key, &mut hidden) else { continue };
            for row in &rows {
                for (label, count) in RedactedPage::from_row(&row.page, key).map_err(failed)?.counts() {
                    *hidden.entry(label.as_str().to_owned()).or_default() += u64::from(*count);
                }
            }
        }
    }
    facts.hidden = hidden;
    let registry = Registry::new(site.store.clone());
    let mut days = BTreeMap::new();
    for entry in registry.list().await.map_err(failed)? {
        let counts = &mut facts.authorisations;
        match (entry.revoked_at, entry.not_after < now) {
            (Some(_), _) => counts.2 += 1,
            (None, true) => counts.1 += 1,
            (None, false) => counts.0 += 1,
        }
        days.insert(entry.id, registry.find(entry.id).await.map_err(failed)?.document.retention_days());
    }
    facts.retention = Some(retention(site, &days).await?);
    let log = site.layout.log();
    let verified = tokio::task::spawn_blocking(move || audit::verify(&log, None)).await;
    facts.log = verified.ok().and_then(|found| match found {
        Ok(report) => Some((report.entries, true)),
        Err(_) => None,
    });
    Ok(facts)
}

/// Captures whose time is over and that are kept, and captures that are held.
async fn retention(site: &Site, days: &BTreeMap<model::AuthorisationId, u32>) -> anyhow::Result<(u64, u64)> {
    let shelf = Shelf::new(&site.layout.vault(), site.store.clone());
    let (now, mut after, mut due) = (site.clock.now(), None, 0);
    loop {
        let entries = shelf.entries(after, ROWS).await.map_err(failed)?;
        let Some(last) = entries.last() else { break };
        after = Some(last.capture);
        due += entries
            .iter()
            .filter(|entry| entry.state == State::Sealed)
            .filter(|entry| {
                let kept = days.get(&entry.authorisation).copied().unwrap_or_default();
                now > entry.sealed_at.plus_millis(i64::from(kept) * DAY_MILLIS)
            })
            .count() as u64;
    }
    let held = shelf.holds().await.map_err(failed)?;
    let held: std::collections::BTreeSet<_> = held.into_iter().map(|hold| hold.capture).collect();
    Ok((due, held.len() as u64))
}

/// A year, a month, a day, or two days: the first moment, and the first after it.
fn moments(period: &str) -> Option<(Timestamp, Timestamp)> {
    let day = |text: &str| Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z"));
    if let Some((first, last)) = period.split_once("..") {
        let (first, last) = (day(first)?, day(last)?.plus_millis(DAY_MILLIS));
        return (first < last).then_some((first, last));
    }
    match period.split('-').collect::<Vec<_>>()[..] {
        [year] => {
            let next: u32 = year.parse::<u32>().ok()?.checked_add(1)?;
            Some((day(&format!("{year}-01-01"))?, day(&format!("{next:04}-01-01"))?))
        }
        [year, month] => {
            let (years, months): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
            let (next_year, next) = if months == 12 { (years.checked_add(1)?, 1) } else { (years, months + 1) };
            Some((day(&format!("{year}-{month}-01"))?, day(&format!("{next_year:04}-{next:02}-01"))?))
        }
        [_, _, _] => Some((day(period)?, day(period)?.plus_millis(DAY_MILLIS))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_where_the_next_begins() {
        let texts = |period: &str| moments(period).map(|(from, until)| (from.day(), until.day()));
        let pair = |from: &str, until: &str| Some((from.to_owned(), until.to_owned()));
        assert_eq!(texts("2026"), pair("2026-01-01", "2027-01-01"));
        assert_eq!(texts("2026-12"), pair("2026-12-01", "2027-01-01"));
        assert_eq!(texts("2026-02"), pair("2026-02-01", "2026-03-01"));
        assert_eq!(texts("2026-11-30"), pair("2026-11-30", "2026-12-01"));
        assert_eq!(texts("2026-11-01..2026-11-30"), pair("2026-11-01", "2026-12-01"));
        for wrong in ["", "26", "2026-13", "2026-11-31", "2026-11-30..2026-11-01", "2026-1-1-1", "november"] {
            assert_eq!(texts(wrong), None, "{wrong}");
        }
    }
}
