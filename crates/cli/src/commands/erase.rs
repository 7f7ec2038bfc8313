//! `lanthorn erase`: header destroyed, rows and records gone, index bytes gone, proved.

use access::{Mailbox, Principal};
use audit::{ActKind, Outcome};
use indexer::{Erasure, Indexer};
use model::{Action, CaptureId, CaseId, HasKind as _, Kind};
use pipeline::Outbox;
use serde_json::{Value, json};
use vault::{Copied, Shelf};

use crate::context::Context;
use crate::failure::failure;
use crate::site::{Site, failed};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// What an erasure took away.
pub(crate) struct Erased {
    /// Rows of the outbox.
    pub(crate) rows: u64,
    /// Records of the journal that told of the captures; their entries in the log stay.
    pub(crate) records: u64,
    /// Rows of requests and decisions.
    pub(crate) requests: u64,
    /// Copies that have left the house: their holders have to be told.
    pub(crate) copies: Vec<Copied>,
    /// The proof for each index.
    pub(crate) proofs: Vec<Value>,
}

pub(crate) async fn run(context: &Context, captures: &[CaptureId], reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::Erase).await?;
    let erased = erase(&site, &principal, captures, reason).await;
    site.settle_log().await;
    let erased = erased?;
    let shown = json!({
        "erased": captures, "outbox_rows": erased.rows, "records": erased.records, "requests": erased.requests,
        "indexes": erased.proofs, "copies_outside": erased.copies,
    });
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "erased {} capture(s): headers destroyed; {} redacted rows, {} records and {} rows of requests gone; index bytes gone and proved",
            captures.len(),
            erased.rows,
            erased.records,
            erased.requests
        )?;
        for copy in &erased.copies {
            writeln!(
                out,
                "a copy is outside: request {}, made {} by {}, opens with {}: tell its holder that it was erased here",
                copy.request, copy.made_at, copy.made_by, copy.recipient
            )?;
        }
        let days = site.config.retention.header_backup_days;
        writeln!(out, "`lanthorn retention run --do` confirms it once {days} days have outlived every backup of headers")
    })
}

/// Erases captures, in the order in which a kill leaves least: what it did not finish, the same call finishes.
///
/// The log keeps that something was erased, by whom and why. It repeats nothing of what was erased, and its own record names a
/// capture by the hash of its id alone.
pub(crate) async fn erase(
    site: &Site,
    principal: &Principal,
    captures: &[CaptureId],
    reason: &str,
) -> anyhow::Result<Erased> {
    let shelf = Shelf::new(&site.layout.vault(), site.store.clone());
    let mut cases: Vec<CaseId> = Vec::new();
    for capture in captures {
        let case = shelf.find(*capture).await.map_err(failed)?.case;
        if !cases.contains(&case) {
            cases.push(case);
        }
    }
    let mut intents = Vec::new();
    let mut copies = Vec::new();
    for capture in captures {
        let outside = shelf.copies(*capture).await.map_err(failed)?;
        let act = principal.act(ActKind::Erasure).detail("capture_blake3", name(*capture)).reason("erasure", reason);
        let act = if outside.is_empty() { act } else { act.detail("copies_outside", outside.len()) };
        copies.extend(outside);
        intents.push(site.journal.intend_now(act).await.map_err(failed)?);
    }
    for capture in captures {
        if let Err(error) = shelf.destroy_header(*capture).await {
            let kind = format!("{:?}", error.kind()).to_lowercase();
            for intent in intents {
                site.journal.close_now(intent, Outcome::Refused(&kind)).await.map_err(failed)?;
            }
            return Err(failed(error));
        }
    }
    let mut tx = site.store.begin().await.map_err(failed)?;
    let rows = Outbox::erase(&mut tx, captures).await.map_err(failed)?;
    let requests = Mailbox::erase(&mut tx, captures).await.map_err(failed)?;
    Shelf::forget_copies(&mut tx, captures).await.map_err(failed)?;
    casework::forget_captures(&mut tx, captures).await.map_err(failed)?;
    let mut records = 0;
    for capture in captures {
        records += site.journal.forget(&mut tx, *capture).await.map_err(failed)?;
    }
    tx.commit().await.map_err(failed)?;
    site.store.truncate_wal().await.map_err(failed)?;

    let (mut pending, mut proofs) = (Vec::new(), Vec::new());
    for case in &cases {
        let mut indexer = Indexer::open(&site.layout.index(case)).map_err(failed)?;
        match indexer.erase(captures).map_err(failed)? {
            Erasure::Proved(proof) => proofs.push(json!({ "case": case, "proof": proof })),
            Erasure::Pending(why) => pending.push(format!("{case}: {why}")),
        }
    }
    if let Some(first) = pending.first() {
        // The intents stay open: an erasure that is not proved is not done.
        let what = format!("the headers are destroyed, and the index is {first}; run the same command again");
        return Err(failure(Kind::CheckFailed, what));
    }
    let days = i64::from(site.config.retention.header_backup_days);
    let mut tx = site.store.begin().await.map_err(failed)?;
    let backups_until = site.clock.now().plus_millis(days * DAY_MILLIS);
    shelf.enter_erasure(&mut tx, captures, backups_until).await.map_err(failed)?;
    for intent in intents {
        site.journal.close(&mut tx, intent, Outcome::Done).await.map_err(failed)?;
    }
    tx.commit().await.map_err(failed)?;
    site.store.truncate_wal().await.map_err(failed)?;
    Ok(Erased { rows, records, requests, copies, proofs })
}

/// What the log calls an erased capture: whoever has its id finds it, and nobody else.
pub(crate) fn name(capture: CaptureId) -> String {
    blake3::hash(capture.as_bytes()).to_hex().to_string()
}
