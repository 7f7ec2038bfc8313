//! `lanthorn supervisor mail`: the folder of a ceremony or a repair, carried through the site instead of by hand.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use access::{Mail, Messages};
use anyhow::Context as _;
use audit::ActKind;
use client::{Ceremony, Repair};
use model::{Action, PersonId};
use serde_json::json;

use crate::commands::supervisor::write_new;
use crate::context::Context;
use crate::failure::{refused, usage};
use crate::site::{failed, noted};

/// Files of a folder that are looked at: a ceremony of 32 members leaves about a thousand.
const MOST_FILES: usize = 4_096;
/// Longest file that is carried.
const MAX_FILE_BYTES: u64 = 64 << 10;

pub(crate) async fn run(
    context: &Context,
    at: Option<&Path>,
    plan: Option<&str>,
    clear: Option<&str>,
) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, permit) = context.permit(&site, Action::InstallEpoch).await?;
    let mail = Mail::new(site.store.clone(), site.journal.clone());
    if let Some(plan) = clear {
        let messages = mail.clear(&principal, &permit, plan).await.map_err(failed)?;
        site.settle_log().await;
        return context.output().show(&json!({ "plan": plan, "cleared": messages }), |out| {
            writeln!(out, "plan {plan}: {messages} messages are gone from the site")
        });
    }
    let Some(at) = at else {
        return list(context, &mail.plans(&permit).await.map_err(failed)?);
    };
    let named = name_of(at)?;
    let plan = match (&named, plan) {
        (Some(named), Some(asked)) if named != asked => {
            return Err(refused(format!(
                "refused by rule `one-plan`: {} is the folder of plan {named}; name another folder with --at",
                at.display()
            )));
        }
        (Some(named), _) => named.as_str(),
        (None, Some(asked)) => asked,
        (None, None) => {
            return Err(usage(format!("{} holds no plan yet: name the one to bring with --plan NAME", at.display())));
        }
    };
    let (own, others) =
        if named.is_some() { own_files(at, principal.person())? } else { (Messages::new(), Vec::new()) };
    let refusal = || principal.act(ActKind::Refusal).detail("asked", "mail");
    let handed_in = mail.put(&principal, &permit, plan, &own).await.map_err(failed);
    let handed_in = noted(&site, refusal, handed_in).await?;
    let there = mail.read(&permit, plan).await.map_err(failed)?;
    let brought = bring(at, &there)?;
    check(at, plan)?;
    site.settle_log().await;
    // Private messages go once a ceremony has ended, so that a folder may well have more of those.
    let left = others.iter().filter(|name| !there.contains_key(*name) && !name.contains("-from-")).count();
    let shown = json!({ "plan": plan, "handed_in": handed_in, "brought": brought, "left": left });
    context.output().show(&shown, |out| {
        writeln!(out, "plan {plan}: handed in {}, brought {}", handed_in.len(), brought.len())?;
        if left > 0 {
            writeln!(out, "{left} of the folder's files are in others' names: they hand them in themselves")?;
        }
        writeln!(out, "compare the plan's name with the others by another way before you take your step")
    })
}

fn list(context: &Context, plans: &[access::MailOf]) -> anyhow::Result<()> {
    context.output().show(&json!({ "plans": plans }), |out| {
        if plans.is_empty() {
            writeln!(out, "no ceremony and no repair is under way here; hand one in with --at DIR")?;
        }
        for of in plans {
            writeln!(out, "plan {}: {} messages, the last at {}", of.plan, of.messages, of.last_at)?;
        }
        Ok(())
    })
}

/// The name of the plan in a folder, if there is one.
fn name_of(at: &Path) -> anyhow::Result<Option<String>> {
    if !at.join("plan").exists() {
        return Ok(None);
    }
    if let Ok(repair) = Repair::open(at) {
        return Ok(Some(repair.fingerprint()));
    }
    Ok(Some(Ceremony::open(at).map_err(failed)?.plan().fingerprint()))
}

/// What this person may hand in, and the names of what is others' to hand in.
fn own_files(at: &Path, person: &PersonId) -> anyhow::Result<(Messages, Vec<String>)> {
    let reading = || format!("failed to read {}", at.display());
    let (mut own, mut others) = (Messages::new(), Vec::new());
    for (count, entry) in fs::read_dir(at).with_context(reading)?.enumerate() {
        let entry = entry.with_context(reading)?;
        let (name, found) = (entry.file_name(), entry.metadata().with_context(reading)?);
        let name = name.to_str().filter(|_| found.is_file() && found.len() <= MAX_FILE_BYTES && count < MOST_FILES);
        let name = name.ok_or_else(|| {
            refused(format!(
                "refused by rule `mail-form`: {} is not the folder of a ceremony or a repair",
                at.display()
            ))
        })?;
        if Mail::may_hand_in(name, person) {
            own.insert(name.to_owned(), fs::read(entry.path()).with_context(reading)?);
        } else {
            others.push(name.to_owned());
        }
    }
    Ok((own, others))
}

/// Writes what is not there yet. What is there stays: each file is written once.
fn bring(at: &Path, there: &Messages) -> anyhow::Result<Vec<String>> {
    if !at.exists() {
        DirBuilder::new().mode(0o700).create(at).with_context(|| format!("failed to make {}", at.display()))?;
    }
    let mut brought = Vec::new();
    for (name, bytes) in there {
        let file = at.join(name);
        if !file.exists() {
            write_new(&file, bytes)?;
            brought.push(name.clone());
        }
    }
    Ok(brought)
}

/// The plan that was brought is the one that was asked for: its name is its hash.
fn check(at: &Path, plan: &str) -> anyhow::Result<()> {
    match name_of(at)? {
        Some(named) if named == plan => Ok(()),
        _ => Err(refused(format!(
            "refused by rule `one-plan`: what the site has under {plan} is not that plan; take the folder by hand, and tell an auditor"
        ))),
    }
}
