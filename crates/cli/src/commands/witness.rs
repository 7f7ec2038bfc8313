//! `lanthorn supervisor witness` and `policy`: one's own client's word for the log, and what it asks of others.

use std::path::Path;

use access::{Access, Permit, Principal, Witnessing};
use audit::{ActKind, News, WitnessKey};
use client::{Class, Cosigned, KeyFolder, Policy};
use model::{Action, PersonId};
use serde_json::json;

use crate::args::PolicyChange;
use crate::commands::supervisor::log_verifier;
use crate::context::Context;
use crate::failure::refused;
use crate::site::{Site, failed, noted};

pub(crate) async fn run(context: &Context, keys: &Path, log_key: Option<&Path>) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (access, principal, permit) = context.permit(&site, Action::WitnessLog).await?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let refusal = || principal.act(ActKind::Refusal).detail("asked", "witness");
    noted(&site, refusal, own_folder(&folder, &principal)).await?;
    let unlocked = folder.unlock(&context.passphrase(&format!("{}'s key folder", folder.person()))?).map_err(failed)?;
    let verifier = log_verifier(&site, log_key)?;
    site.settle_log().await;
    let seen = folder.seen().map_err(failed)?;
    let news = News::gather(&site.layout.log(), seen.as_ref().map_or(0, |seen| seen.size)).map_err(failed)?;
    let cosigned = client::witness(&folder, &unlocked, &news, &verifier, site.clock.now()).map_err(failed);
    let cosigned = noted(&site, refusal, cosigned).await?;
    hand_over(&site, &access, &principal, &permit, &cosigned).await?;
    let (entries, before) = (cosigned.checkpoint.size, seen.map_or(0, |seen| seen.size));
    let shown = json!({
        "origin": cosigned.checkpoint.origin, "entries": entries, "seen_before": before, "key": cosigned.key.to_string(),
    });
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "the log of {} goes on from the {before} entries that you saw; you cosigned {entries}",
            verifier.origin()
        )?;
        writeln!(out, "whoever trusts you as a witness checks it with {}", cosigned.key)
    })
}

/// Nobody acts with another's keys.
pub(crate) fn own_folder(folder: &KeyFolder, principal: &Principal) -> anyhow::Result<()> {
    if folder.person() == principal.person() {
        return Ok(());
    }
    Err(refused(format!(
        "refused by rule `own-key`: the key folder is {}'s, and you signed in as {}",
        folder.person(),
        principal.person()
    )))
}

/// Gives the server a cosigned checkpoint; the log publishes it.
pub(crate) async fn hand_over(
    site: &Site,
    access: &Access,
    principal: &Principal,
    permit: &Permit,
    cosigned: &Cosigned,
) -> anyhow::Result<()> {
    let witnessing = Witnessing::new(site.store.clone(), site.journal.clone());
    let (dir, origin) = (site.layout.log(), &cosigned.checkpoint.origin);
    let kept = witnessing.keep(access, principal, permit, &dir, origin, &cosigned.note).await;
    site.settle_log().await;
    kept.map(|_| ()).map_err(failed)
}

pub(crate) fn policy(context: &Context, keys: &Path, change: &PolicyChange) -> anyhow::Result<()> {
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let before = folder.policy().map_err(failed)?;
    let mut witnesses = before.witnesses.clone();
    for text in &change.trust {
        let key = WitnessKey::parse(text).map_err(failed)?;
        if !witnesses.contains(&key) {
            witnesses.push(key);
        }
    }
    for text in &change.distrust {
        let key = WitnessKey::parse(text).map_err(failed)?;
        witnesses.retain(|trusted| *trusted != key);
    }
    let mut classes = before.classes.clone();
    for text in &change.class {
        let class = Class::parse(text).map_err(failed)?;
        classes.retain(|known| known.name != class.name);
        classes.push(class);
    }
    classes.retain(|known| !change.no_class.contains(&known.name));
    let policy = Policy {
        cosignatures: change.cosignatures.unwrap_or(before.cosignatures),
        witnesses,
        a_day: change.a_day.unwrap_or(before.a_day),
        a_day_for_one_person: change.a_day_for_one_person.unwrap_or(before.a_day_for_one_person),
        a_day_in_one_case: change.a_day_in_one_case.unwrap_or(before.a_day_in_one_case),
        classes,
    };
    if policy != before {
        folder.set_policy(&policy).map_err(failed)?;
    }
    let shown = json!({
        "cosignatures": policy.cosignatures,
        "witnesses": policy.witnesses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "approvals_a_day": policy.a_day,
        "approvals_a_day_for_one_person": policy.a_day_for_one_person,
        "approvals_a_day_in_one_case": policy.a_day_in_one_case,
        "classes": policy.classes,
    });
    context.output().show(&shown, |out| {
        let (all, person, case) = (policy.a_day, policy.a_day_for_one_person, policy.a_day_in_one_case);
        writeln!(out, "cosignatures of others before a share is given: {}", policy.cosignatures)?;
        writeln!(out, "approvals in 24 hours: {all}; for one person's requests {person}; in one case {case}")?;
        writeln!(out, "witnesses are the epoch's members and {} more", policy.witnesses.len())?;
        policy.witnesses.iter().try_for_each(|key| writeln!(out, "  {key}"))?;
        policy.classes.iter().try_for_each(|class| {
            let people: Vec<&str> = class.people.iter().map(PersonId::as_str).collect();
            writeln!(out, "only after somebody of class {} has approved: {}", class.name, people.join(", "))
        })
    })
}
