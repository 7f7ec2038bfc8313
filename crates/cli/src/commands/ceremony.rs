//! `lanthorn supervisor ceremony` and `drill`: making an epoch's key on machines of their own, and practising with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use audit::{ActKind, Outcome};
use client::{Ceremony, Enrolment, KeyFolder, Stage, Unlocked};
use model::{Action, PersonId};
use rand::rngs::OsRng;
use serde_json::json;

use crate::args::CeremonyCommand;
use crate::context::Context;
use crate::failure::usage;
use crate::site::{failed, read_certificate};

pub(crate) fn run(context: &Context, command: CeremonyCommand) -> anyhow::Result<()> {
    match command {
        CeremonyCommand::Plan { at, members, threshold } => plan(context, &at, &members, threshold),
        CeremonyCommand::Refresh { at, certificates, without } => refresh(context, &at, &certificates, &without),
        CeremonyCommand::Step { at, keys } => step(context, &at, &keys),
        CeremonyCommand::Status { at } => status(context, &at),
        CeremonyCommand::Abort { at, keys } => abort(context, &at, &keys),
    }
}

fn plan(context: &Context, at: &Path, members: &[PathBuf], threshold: u16) -> anyhow::Result<()> {
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
        Enrolment::parse(&text).map_err(failed)
    };
    let members = members.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
    let ceremony = Ceremony::lay(at, context.composition.clock.now(), threshold, &members).map_err(failed)?;
    status_of(context, at, &ceremony)
}

fn refresh(context: &Context, at: &Path, certificates: &[PathBuf], without: &[PersonId]) -> anyhow::Result<()> {
    let chain = certificates.iter().map(|path| read_certificate(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let last = chain.last().ok_or_else(|| usage("give the epoch's certificates with --certificate FILE"))?;
    let mut staying: BTreeSet<_> = last.claimed_roster().map_err(failed)?.into_keys().collect();
    if let Some(unknown) = without.iter().find(|person| !staying.remove(*person)) {
        return Err(usage(format!(
            "{unknown} is not in the epoch's roster, so that nobody of that name can be left out"
        )));
    }
    let now = context.composition.clock.now();
    status_of(context, at, &Ceremony::lay_refresh(at, now, &chain, &staying).map_err(failed)?)
}

fn status(context: &Context, at: &Path) -> anyhow::Result<()> {
    status_of(context, at, &Ceremony::open(at).map_err(failed)?)
}

fn status_of(context: &Context, at: &Path, ceremony: &Ceremony) -> anyhow::Result<()> {
    let plan = ceremony.plan();
    let stages = ceremony.stages();
    let (members, _) = plan.sizes();
    let shown = json!({
        "plan": plan.fingerprint(), "threshold": plan.threshold(),
        "members": stages.iter().map(|(person, stage)| json!({ "person": person, "stage": word(*stage) })).collect::<Vec<_>>(),
    });
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "plan {}: {} of {members} will open an original; nobody alone can",
            plan.fingerprint(),
            plan.threshold()
        )?;
        for (person, stage) in &stages {
            writeln!(out, "  {person}: {}", word(*stage))?;
        }
        writeln!(
            out,
            "each member: compare the plan's name, then `lanthorn supervisor ceremony step --at {} --keys DIR`",
            at.display()
        )
    })
}

const fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Invited => "invited",
        Stage::Announced => "announced",
        Stage::Sent => "sent",
        Stage::Signed => "signed",
    }
}

fn opened(context: &Context, at: &Path, keys: &Path) -> anyhow::Result<(Ceremony, KeyFolder, Unlocked)> {
    let ceremony = Ceremony::open(at).map_err(failed)?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let unlocked = folder.unlock(&context.passphrase(&format!("{}'s key folder", folder.person()))?).map_err(failed)?;
    Ok((ceremony, folder, unlocked))
}

fn step(context: &Context, at: &Path, keys: &Path) -> anyhow::Result<()> {
    let (ceremony, folder, unlocked) = opened(context, at, keys)?;
    let done = ceremony.step(&folder, &unlocked, context.composition.key_file_work, &mut OsRng).map_err(failed)?;
    let shown = json!({
        "person": folder.person(), "plan": ceremony.plan().fingerprint(), "epoch": done.epoch,
        "waits_for": done.waits_for, "certificate": done.certificate,
    });
    context.output().show(&shown, |out| {
        writeln!(out, "plan {}: your step is taken", ceremony.plan().fingerprint())?;
        if let Some(epoch) = done.epoch {
            writeln!(out, "your share of epoch {epoch} is in {}, and nowhere else", keys.display())?;
        }
        match &done.certificate {
            Some(file) => writeln!(
                out,
                "all have signed: {}; install it with `lanthorn supervisor epoch {}`",
                file.display(),
                file.display()
            ),
            None => writeln!(out, "waits for {}; then take your step again", names(&done.waits_for)),
        }
    })
}

fn names(people: &[PersonId]) -> String {
    people.iter().map(PersonId::as_str).collect::<Vec<_>>().join(", ")
}

fn abort(context: &Context, at: &Path, keys: &Path) -> anyhow::Result<()> {
    let (ceremony, folder, unlocked) = opened(context, at, keys)?;
    ceremony.abort(&folder, &unlocked).map_err(failed)?;
    context.output().show(&json!({ "plan": ceremony.plan().fingerprint(), "aborted": true }), |out| {
        writeln!(out, "ended: nobody goes on with plan {}; make a new one", ceremony.plan().fingerprint())
    })
}

/// A share for a document of no content, checked and thrown away; the log says that it was practised.
pub(crate) async fn drill(context: &Context, keys: &Path) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::DecideUnseal).await?;
    let epoch = site.epoch().await?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let unlocked = folder.unlock(&context.passphrase(&format!("{}'s key folder", folder.person()))?).map_err(failed)?;
    let intent = site.journal.intend_now(principal.act(ActKind::Drill).epoch(epoch.id())).await.map_err(failed)?;
    let drilled = client::drill(&folder, &unlocked, &epoch, site.clock.now(), &mut OsRng);
    let outcome = if drilled.is_ok() { Outcome::Done } else { Outcome::Failed("the share did not hold") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    drilled.map_err(failed)?;
    context.output().show(&json!({ "person": folder.person(), "epoch": epoch.id(), "holds": true }), |out| {
        writeln!(
            out,
            "your share of epoch {} holds: made on a document of no content, checked, and thrown away",
            epoch.id()
        )
    })
}
