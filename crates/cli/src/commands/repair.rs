//! `lanthorn supervisor repair`: a lost share comes back, on machines of their own, and nobody learns another's.

use std::path::{Path, PathBuf};

use client::{KeyFolder, Repair, Unlocked};
use model::PersonId;
use rand::rngs::OsRng;
use serde_json::json;

use crate::args::RepairCommand;
use crate::context::Context;
use crate::site::{failed, read_certificate};

pub(crate) fn run(context: &Context, command: RepairCommand) -> anyhow::Result<()> {
    match command {
        RepairCommand::Plan { at, certificates, lost, helpers } => plan(context, &at, &certificates, &lost, helpers),
        RepairCommand::Step { at, keys } => step(context, &at, &keys),
        RepairCommand::Status { at } => show(context, &Repair::open(&at).map_err(failed)?),
        RepairCommand::Abort { at, keys } => abort(context, &at, &keys),
    }
}

fn plan(
    context: &Context,
    at: &Path,
    certificates: &[PathBuf],
    lost: &PersonId,
    helpers: Vec<PersonId>,
) -> anyhow::Result<()> {
    let chain = certificates.iter().map(|path| read_certificate(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let now = context.composition.clock.now();
    show(context, &Repair::lay(at, now, &chain, lost, &helpers.into_iter().collect()).map_err(failed)?)
}

fn show(context: &Context, repair: &Repair) -> anyhow::Result<()> {
    let (waits_for, helpers): (_, Vec<_>) = (repair.waits_for(), repair.helpers().collect());
    let shown = json!({
        "plan": repair.fingerprint(), "lost": repair.lost(), "helpers": helpers, "waits_for": waits_for,
        "restored": waits_for.is_empty(),
    });
    context.output().show(&shown, |out| {
        let helpers: Vec<_> = helpers.iter().map(|person| person.as_str()).collect();
        let (plan, lost) = (repair.fingerprint(), repair.lost());
        writeln!(out, "plan {plan}: {} help to repair {lost}'s share; none of them learns it", helpers.join(", "))?;
        if waits_for.is_empty() {
            return writeln!(out, "{lost} has it; practise with `lanthorn supervisor drill`, which the log will tell");
        }
        let waits_for: Vec<_> = waits_for.iter().map(PersonId::as_str).collect();
        writeln!(out, "waits for {}: `lanthorn supervisor repair step`", waits_for.join(", "))
    })
}

fn opened(context: &Context, at: &Path, keys: &Path) -> anyhow::Result<(Repair, KeyFolder, Unlocked)> {
    let (repair, folder) = (Repair::open(at).map_err(failed)?, KeyFolder::open(keys).map_err(failed)?);
    let unlocked = folder.unlock(&context.passphrase(&format!("{}'s key folder", folder.person()))?).map_err(failed)?;
    Ok((repair, folder, unlocked))
}

fn step(context: &Context, at: &Path, keys: &Path) -> anyhow::Result<()> {
    let (repair, folder, unlocked) = opened(context, at, keys)?;
    repair.step(&folder, &unlocked, context.composition.key_file_work, &mut OsRng).map_err(failed)?;
    show(context, &repair)
}

fn abort(context: &Context, at: &Path, keys: &Path) -> anyhow::Result<()> {
    let (repair, folder, unlocked) = opened(context, at, keys)?;
    repair.abort(&folder, &unlocked).map_err(failed)?;
    context.output().show(&json!({ "plan": repair.fingerprint(), "aborted": true }), |out| {
        writeln!(out, "ended: nobody goes on with plan {}; make a new one", repair.fingerprint())
    })
}
