//! `lanthorn case destroy`: everything of a case goes, keys last, once two supervisors want it.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use access::{Cases, Destruction, Principal};
use anyhow::Context as _;
use audit::{ActKind, Outcome};
use model::{Action, CaptureId, CaseId};
use serde_json::json;
use vault::{Shelf, State};

use crate::commands::erase::{Erased, erase};
use crate::context::Context;
use crate::failure::refused;
use crate::site::{Site, failed, noted};

/// Captures that are erased at once.
const STEP: u32 = 500;

pub(super) async fn run(context: &Context, case: &CaseId, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, permit) = context.permit_in(&site, Action::Erase, Some(case)).await?;
    let refusal = || principal.act(ActKind::Refusal).case(case);
    // Before anything is asked for: what is held is not destroyed, and nothing half.
    noted(&site, refusal, nothing_is_held(&site, case).await).await?;
    let cases = Cases::new(site.store.clone(), site.journal.clone());
    let destruction = noted(&site, refusal, cases.destroy(&permit, case, reason).await.map_err(failed)).await?;
    site.settle_log().await;
    if destruction == Destruction::Waits {
        return context.output().show(&json!({ "case": case, "state": "waits" }), |out| {
            writeln!(out, "case {case} will be destroyed once another supervisor runs the same command")
        });
    }
    let erased = if destruction == Destruction::Done { 0 } else { perform(context, &site, &principal, case).await? };
    context.output().show(&json!({ "case": case, "state": "destroyed", "captures": erased }), |out| {
        writeln!(
            out,
            "case {case} is destroyed: {erased} captures, its queue, its index, and the keys of its tokens and URLs"
        )
    })
}

/// Captures first, because their erasure is proved; then what names pages; then the keys, without which no token and no URL
/// of a copy elsewhere means anything.
async fn perform(context: &Context, site: &Site, principal: &Principal, case: &CaseId) -> anyhow::Result<u64> {
    let _alone = site.alone("crawl")?;
    let intent = site.journal.intend_now(principal.act(ActKind::Key).case(case).detail("step", "destroyed")).await;
    let intent = intent.map_err(failed)?;
    let done = everything(context, site, principal, case).await;
    let outcome = if done.is_ok() { Outcome::Done } else { Outcome::Failed("run the same command again") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    done
}

async fn everything(context: &Context, site: &Site, principal: &Principal, case: &CaseId) -> anyhow::Result<u64> {
    let mut erased = 0;
    loop {
        let captures = unfinished(site, case).await?;
        let Some(step) = captures.chunks(STEP as usize).next() else { break };
        let Erased { .. } = erase(site, principal, step, "the case is destroyed").await?;
        erased += step.len() as u64;
        context.tell(&format!("{erased} captures erased"));
    }
    let mut tx = site.store.begin().await.map_err(failed)?;
    crawler::forget(&mut tx, case).await.map_err(failed)?;
    casework::forget_case(&mut tx, case).await.map_err(failed)?;
    pipeline::forget_health(&mut tx, case).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    let index = site.layout.index(case);
    if index.exists() {
        fs::remove_dir_all(&index).with_context(|| format!("failed to remove {}", index.display()))?;
    }
    for key in [site.layout.token_key(case), site.layout.crawl_key(case)] {
        destroy(&key).with_context(|| format!("failed to destroy {}", key.display()))?;
    }
    let mut tx = site.store.begin().await.map_err(failed)?;
    Cases::destroyed(&mut tx, case, site.clock.now()).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.store.truncate_wal().await.map_err(failed)?;
    Ok(erased)
}

async fn nothing_is_held(site: &Site, case: &CaseId) -> anyhow::Result<()> {
    let held = Shelf::new(&site.layout.vault(), site.store.clone()).holds().await.map_err(failed)?;
    let captures = of_case(site, case, |state| state == State::Sealed).await?;
    match held.iter().find(|hold| captures.contains(&hold.capture)) {
        None => Ok(()),
        Some(hold) => Err(refused(format!(
            "refused by rule `legal-hold`: hold {} lies on capture {} of this case; two persons have to release it first",
            hold.hold, hold.capture
        ))),
    }
}

/// Everything whose erasure is not entered as done: a header may be gone, and rows and index bytes not yet.
async fn unfinished(site: &Site, case: &CaseId) -> anyhow::Result<Vec<CaptureId>> {
    let captures = of_case(site, case, |_| true).await?;
    let done = Shelf::new(&site.layout.vault(), site.store.clone()).erasures(&captures).await.map_err(failed)?;
    Ok(captures.into_iter().filter(|capture| !done.contains(capture)).collect())
}

async fn of_case(site: &Site, case: &CaseId, wanted: impl Fn(State) -> bool) -> anyhow::Result<Vec<CaptureId>> {
    let shelf = Shelf::new(&site.layout.vault(), site.store.clone());
    let (mut captures, mut after) = (Vec::new(), None);
    loop {
        let entries = shelf.entries(after, STEP).await.map_err(failed)?;
        let Some(last) = entries.last() else { return Ok(captures) };
        after = Some(last.capture);
        captures.extend(
            entries.iter().filter(|entry| entry.case == *case && wanted(entry.state)).map(|entry| entry.capture),
        );
    }
}

/// Overwritten, synced, removed, its folder synced. What a disk keeps of an overwritten block is its own affair: the manual
/// says to encrypt the disk.
fn destroy(key: &Path) -> std::io::Result<()> {
    let length = match fs::metadata(key) {
        Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        found => found?.len(),
    };
    let mut file = OpenOptions::new().write(true).open(key)?;
    file.write_all(&vec![0; usize::try_from(length).unwrap_or_default()])?;
    file.sync_all()?;
    fs::remove_file(key)?;
    key.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}
