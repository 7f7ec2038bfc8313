//! `lanthorn erase`: header destroyed, rows gone, index bytes gone, proved.

use audit::{ActKind, Outcome};
use indexer::{Erasure, Indexer};
use model::{Action, CaptureId, CaseId, Kind};
use pipeline::Outbox;
use serde_json::json;
use vault::Shelf;

use crate::context::Context;
use crate::failure::failure;
use crate::site::failed;

pub(crate) async fn run(context: &Context, captures: &[CaptureId], reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::Erase).await?;
    let shelf = Shelf::new(&site.layout.vault(), site.store.clone());
    let mut cases: Vec<CaseId> = Vec::new();
    for capture in captures {
        let case = shelf.find(*capture).await.map_err(failed)?.case;
        if !cases.contains(&case) {
            cases.push(case);
        }
    }
    let mut intents = Vec::new();
    for capture in captures {
        // The permanent leaf says only `erase`; the reason is in the erasable record.
        let act = principal.act(ActKind::Erasure).capture(*capture).reason("erasure", reason);
        intents.push(site.journal.intend_now(act).await.map_err(failed)?);
    }
    for capture in captures {
        shelf.destroy_header(*capture).await.map_err(failed)?;
    }
    let mut tx = site.store.begin().await.map_err(failed)?;
    let rows = Outbox::erase(&mut tx, captures).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.store.truncate_wal().await.map_err(failed)?;

    let mut pending = Vec::new();
    let mut proofs = Vec::new();
    for case in &cases {
        let mut indexer = Indexer::open(&site.layout.index(case)).map_err(failed)?;
        match indexer.erase(captures).map_err(failed)? {
            Erasure::Proved(proof) => proofs.push(json!({ "case": case, "proof": proof })),
            Erasure::Pending(why) => pending.push(format!("{case}: {why}")),
        }
    }
    if let Some(first) = pending.first() {
        // The intents stay open: an erasure that is not proved is not done.
        site.settle_log().await;
        return Err(failure(
            Kind::CheckFailed,
            format!("the headers are destroyed, and the index is {first}; run the same command again"),
        ));
    }
    for intent in intents {
        site.journal.close_now(intent, Outcome::Done).await.map_err(failed)?;
    }
    site.settle_log().await;
    let shown = json!({ "erased": captures, "outbox_rows": rows, "indexes": proofs });
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "erased {} capture(s): headers destroyed, {rows} redacted rows gone, index bytes gone and proved",
            captures.len()
        )
    })
}
