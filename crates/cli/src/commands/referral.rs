//! `lanthorn referral`: telling a platform or a hotline where something stands, and nothing else about it.

use std::path::Path;

use audit::ActKind;
use model::Action;
use serde_json::json;
use vault::Shelf;

use crate::args::ReferralCommand;
use crate::commands::supervisor::write_new;
use crate::commands::unseal::{self, Hands, Own};
use crate::context::Context;
use crate::failure::{failure, usage};
use crate::site::{Site, failed, noted};
use crate::terminal::table;

const HOUR_MILLIS: i64 = 3_600_000;

pub(crate) async fn run(context: &Context, command: ReferralCommand) -> anyhow::Result<()> {
    match command {
        ReferralCommand::Make { request, keys, log_key, to, ground, out } => {
            let own = Own { keys: &keys, log_key: log_key.as_deref() };
            make(context, request, own, (&to, &ground), &out).await
        }
        ReferralCommand::List => list(context).await,
        ReferralCommand::Answer { referral, state, note } => answer(context, referral, &state, &note).await,
    }
}

/// The address and the time come out of an original that enough supervisors have agreed to open; nothing else of it does.
async fn make(
    context: &Context,
    request: i64,
    own: Own<'_>,
    (to, ground): (&str, &str),
    out: &Path,
) -> anyhow::Result<()> {
    if [to, ground].iter().any(|text| text.trim().is_empty() || text.contains(char::is_control)) {
        return Err(usage("recipient and ground are one line each, and not empty"));
    }
    if out.exists() {
        return Err(usage(format!("{} exists; name a new file", out.display())));
    }
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit(&site, Action::ExportEvidence).await?;
    let asked = unseal::own(&site, &principal, request).await?;
    let case = shelf(&site).find(asked.capture).await.map_err(failed)?.case;
    unseal::in_case(&site, &access, &principal, Action::ExportEvidence, &case).await?;
    let refusal = || principal.act(ActKind::Refusal).case(&case).detail("asked", "referral");
    let screened = redactor::screen(ground).map(drop).map_err(|_| {
        failure(model::Kind::Refused, "refused by rule `no-identifier-in-note`: the ground holds an identifier; name the rule that the page breaks")
    });
    noted(&site, refusal, screened).await?;
    let hands = Hands::open(context, own)?;
    let opened = unseal::opened(&site, &principal, &asked, &hands).await?;
    let page = opened.page().map_err(failed)?;
    let record = page.record();
    let now = site.clock.now();
    let act = principal
        .act(ActKind::Disclosure)
        .case(&case)
        .capture(asked.capture)
        .recipient(to)
        .detail("request", request)
        .detail("edition", "referral")
        .detail("ground", ground);
    let mut tx = site.store.begin().await.map_err(failed)?;
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    let number = shelf(&site)
        .enter_referral(&mut tx, asked.capture, (to, ground), principal.person(), now)
        .await
        .map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    let document = json!({
        "format": "lanthorn referral",
        "version": 1,
        "referral": number,
        "from": site.config.site.name,
        "to": to,
        "made": now.to_string(),
        "url": record.url.expose(),
        "seen": record.started.to_string(),
        "status": record.status,
        "ground": ground,
        "reference": asked.capture.to_string(),
        "note": "No image and no text of the page is attached. Please say what you did, under the reference.",
    });
    write_new(out, (serde_json::to_string_pretty(&document)? + "\n").as_bytes())?;
    context.output().show(&json!({ "referral": number, "file": out, "capture": asked.capture }), |to| {
        writeln!(to, "wrote referral {number} to {}; the clock runs: `lanthorn referral list`", out.display())
    })
}

async fn list(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, _principal, _permit) = context.permit(&site, Action::ReadStatus).await?;
    let now = site.clock.now();
    let all = shelf(&site).referrals().await.map_err(failed)?;
    let hours = |one: &vault::Referral| {
        let until = if matches!(one.state.as_str(), "acted" | "refused") { one.state_at } else { now };
        until.since_millis(one.made_at) / HOUR_MILLIS
    };
    let rows: Vec<_> = all
        .iter()
        .map(|one| {
            json!({
                "referral": one.referral, "capture": one.capture, "recipient": one.recipient, "ground": one.ground,
                "made_at": one.made_at.to_string(), "state": one.state, "hours": hours(one),
            })
        })
        .collect();
    context.output().show(&rows, |out| {
        let rows: Vec<_> = all
            .iter()
            .map(|one| {
                vec![
                    one.referral.to_string(),
                    one.capture.to_string(),
                    one.recipient.clone(),
                    one.state.clone(),
                    hours(one).to_string(),
                ]
            })
            .collect();
        table(out, &["REFERRAL", "CAPTURE", "TO", "STATE", "HOURS"], &rows)
    })
}

async fn answer(context: &Context, referral: i64, state: &str, note: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ExportEvidence).await?;
    let act = principal.act(ActKind::Review).detail("referral", referral).detail("state", state).detail("note", note);
    let mut tx = site.store.begin().await.map_err(failed)?;
    let known = shelf(&site).settle_referral(&mut tx, referral, state, site.clock.now()).await.map_err(failed)?;
    if !known {
        return Err(failure(model::Kind::Unavailable, format!("there is no referral {referral}")));
    }
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context
        .output()
        .show(&json!({ "referral": referral, "state": state }), |out| writeln!(out, "referral {referral} is {state}"))
}

fn shelf(site: &Site) -> Shelf {
    Shelf::new(&site.layout.vault(), site.store.clone())
}
