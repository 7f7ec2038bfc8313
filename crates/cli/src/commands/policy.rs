//! `lanthorn policy`: the site's own rules, which deny more than the role table and never less.

use std::fs;
use std::path::Path;

use access::SitePolicy;
use anyhow::Context as _;
use audit::{ActKind, Outcome};
use model::Action;
use serde_json::json;

use crate::args::PolicyCommand;
use crate::commands::epoch::replace;
use crate::context::Context;
use crate::site::{Site, failed};

pub(crate) async fn run(context: &Context, command: PolicyCommand) -> anyhow::Result<()> {
    match command {
        PolicyCommand::Show => show(context).await,
        PolicyCommand::Check { file } => check(context, &file),
        PolicyCommand::Install { file, reason } => install(context, &file, &reason).await,
    }
}

/// The policy in force and its text; none if the site has none.
pub(crate) fn in_force(site: &Site) -> anyhow::Result<Option<(String, SitePolicy)>> {
    let path = site.layout.policy();
    match fs::read_to_string(&path) {
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(None),
        read => {
            let text = read.with_context(|| format!("failed to read {}", path.display()))?;
            let policy = SitePolicy::parse(&text).map_err(failed)?;
            Ok(Some((text, policy)))
        }
    }
}

fn hex(hash: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*hash).to_hex().to_string()
}

async fn show(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let policy = in_force(&site)?;
    let shown = json!({
        "hash": policy.as_ref().map(|(_, policy)| hex(policy.hash())),
        "policies": policy.as_ref().map_or(0, |(_, policy)| policy.count()),
        "text": policy.as_ref().map(|(text, _)| text),
    });
    context.output().show(&shown, |out| match &policy {
        None => writeln!(out, "there is none: the role table alone decides"),
        Some((text, policy)) => {
            writeln!(out, "{}", text.trim_end())?;
            writeln!(
                out,
                "\n{} policies, each can only deny; records name them by {}",
                policy.count(),
                hex(policy.hash())
            )
        }
    })
}

fn check(context: &Context, file: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let policy = SitePolicy::parse(&text).map_err(failed)?;
    let shown = json!({ "hash": hex(policy.hash()), "policies": policy.count() });
    context.output().show(&shown, |out| writeln!(out, "{} policies; hash {}", policy.count(), hex(policy.hash())))
}

async fn install(context: &Context, file: &Path, reason: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let policy = SitePolicy::parse(&text).map_err(failed)?;
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ManagePeople).await?;
    let before = in_force(&site)?.map_or_else(|| "none".to_owned(), |(_, policy)| hex(policy.hash()));
    let (hash, count) = (hex(policy.hash()), policy.count());
    let act =
        principal.act(ActKind::Policy).detail("before", &before).detail("installed", &hash).detail("policies", count);
    let intent = site.journal.intend_now(act.reason("policy", reason)).await.map_err(failed)?;
    let written = replace(&site.layout.policy(), text.as_bytes());
    let outcome = if written.is_ok() { Outcome::Done } else { Outcome::Failed("unavailable") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    written?;
    context.output().show(&json!({ "hash": hash, "policies": count, "before": before }), |out| {
        writeln!(out, "in force from the next command on: {count} policies, hash {hash}; before: {before}")
    })
}
