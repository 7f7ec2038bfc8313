//! `lanthorn profile`: how sites are read, and who has signed that they are read so.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use audit::{ActKind, Outcome};
use authorisation::SignedProfile;
use client::KeyFolder;
use model::{Action, CaseId};
use page::Profiles;
use serde_json::json;

use super::epoch::replace;
use crate::args::ProfileCommand;
use crate::context::Context;
use crate::failure::{refused, usage};
use crate::site::{failed, noted};
use crate::terminal::table;

pub(crate) async fn run(context: &Context, command: &ProfileCommand) -> anyhow::Result<()> {
    match command {
        ProfileCommand::Health { case } => health(context, case).await,
        ProfileCommand::Propose { pages, name } => proposed(context, pages, name),
        ProfileCommand::List => list(context).await,
        ProfileCommand::Sign { file, keys, audience } => put_signature(context, file, keys, audience),
        ProfileCommand::Install { file, reason } => install(context, file, reason).await,
        ProfileCommand::Remove { name, reason } => remove(context, name, reason).await,
        ProfileCommand::Check { file } => check(context, file),
    }
}

/// Without a data folder, the built-in ones.
async fn list(context: &Context) -> anyhow::Result<()> {
    let (profiles, rejected) = match context.site().await {
        Ok(site) => site.profiles().await?,
        Err(_) if !context.common.data.exists() => (Profiles::builtin(), Vec::new()),
        Err(error) => return Err(error),
    };
    let builtin = Profiles::builtin();
    let is_builtin = |name: &str, revision: u32| builtin.list().any(|known| (known.0, known.1) == (name, revision));
    let from = |name: &str, revision: u32| if is_builtin(name, revision) { "built in" } else { "signed" };
    let list: Vec<_> = profiles
        .list()
        .map(|(name, revision, about)| json!({ "name": name, "version": revision, "about": about, "from": from(name, revision) }))
        .collect();
    context.output().show(&list, |out| {
        let rows: Vec<_> = profiles
            .list()
            .map(|(name, revision, about)| {
                vec![name.to_owned(), revision.to_string(), from(name, revision).to_owned(), about.to_owned()]
            })
            .collect();
        table(out, &["PROFILE", "VERSION", "FROM", "FOR"], &rows)?;
        rejected.iter().try_for_each(|rejected| writeln!(out, "NOT USED {}: {}", rejected.file, rejected.why))
    })
}

fn read(file: &Path) -> anyhow::Result<SignedProfile> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    SignedProfile::parse(&text).map_err(failed)
}

/// Name and revision of a profile that is good, whoever has signed it.
fn checked(file: &Path, signed: &SignedProfile) -> anyhow::Result<(String, u32)> {
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("profile");
    Profiles::check(name, signed.body()).map_err(failed)
}

fn check(context: &Context, file: &Path) -> anyhow::Result<()> {
    let signed = read(file)?;
    let (name, revision) = checked(file, &signed)?;
    let shown = json!({ "profile": name, "version": revision, "good": true, "signatures": signed.signatures() });
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "{name}, revision {revision}, is a good profile; {} signature(s), not judged here",
            signed.signatures()
        )
    })
}

fn put_signature(context: &Context, file: &Path, keys: &Path, audience: &str) -> anyhow::Result<()> {
    let mut signed = read(file)?;
    let (name, revision) = checked(file, &signed)?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let key = folder.unlock(&context.passphrase(folder.person().as_str())?).map_err(failed)?;
    signed.sign(audience, folder.person(), key.signing_key());
    replace(file, signed.to_toml().as_bytes())?;
    let shown =
        json!({ "profile": name, "version": revision, "signer": folder.person(), "signatures": signed.signatures() });
    context.output().show(&shown, |out| {
        let count = signed.signatures();
        writeln!(
            out,
            "{} signed profile {name}, revision {revision}, for {audience}; {count} signature(s) now",
            folder.person()
        )
    })
}

/// Whole or absent, and in the log before it is used.
async fn install(context: &Context, file: &Path, reason: &str) -> anyhow::Result<()> {
    let signed = read(file)?;
    let (name, revision) = checked(file, &signed)?;
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::AddAuthorisation).await?;
    let act = |kind| principal.act(kind).detail("profile", &name).detail("revision", revision);
    let refusal = signed.verify(&site.trust().await?).map_err(failed);
    noted(&site, || act(ActKind::Refusal), refusal).await?;
    // An older revision, once signed, stays signed: it does not come back over a newer one by itself.
    let (known, _) = site.profiles().await?;
    let newer = known.list().find(|known| known.0 == name && known.1 >= revision).map(|known| known.1);
    let newest = newer.map_or(Ok(()), |newer| {
        Err(refused(format!(
            "refused by rule `newer-profile`: revision {newer} of {name} is in use already; raise `revision` above it and have \
             the profile signed again, or take the other away with `lanthorn profile remove {name}`"
        )))
    });
    noted(&site, || act(ActKind::Refusal), newest).await?;
    let intent =
        site.journal.intend_now(act(ActKind::Setting).detail("step", "profile installed").reason("profile", reason));
    let intent = intent.await.map_err(failed)?;
    let folder = site.layout.profiles();
    let written = std::fs::create_dir_all(&folder)
        .with_context(|| format!("failed to make {}", folder.display()))
        .and_then(|()| replace(&folder.join(format!("{name}.toml")), signed.to_toml().as_bytes()));
    let outcome = if written.is_ok() { Outcome::Done } else { Outcome::Failed("unavailable") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    written?;
    context.output().show(&json!({ "profile": name, "version": revision, "installed": true }), |out| {
        writeln!(out, "{name}, revision {revision}, is used from the next crawl on")
    })
}

async fn remove(context: &Context, name: &str, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::AddAuthorisation).await?;
    // The name of a profile is no path; whoever types one is told that there is none.
    let plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let path = site.layout.profiles().join(format!("{name}.toml"));
    if !plain || !path.is_file() {
        return Err(usage("no profile of that name is installed; `lanthorn profile list` shows those that are signed"));
    }
    let act = principal.act(ActKind::Setting).detail("step", "profile removed").detail("profile", name);
    let intent = site.journal.intend_now(act.reason("profile", reason)).await.map_err(failed)?;
    let removed = std::fs::remove_file(&path).with_context(|| format!("failed to remove {}", path.display()));
    let outcome = if removed.is_ok() { Outcome::Done } else { Outcome::Failed("unavailable") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    removed?;
    context.output().show(&json!({ "profile": name, "removed": true }), |out| writeln!(out, "{name} is used no more"))
}

/// How well the sites of a case are read. Counts alone: whoever runs a crawl may look without reading a page.
async fn health(context: &Context, case: &CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let sites = pipeline::health(&site.store, case).await.map_err(failed)?;
    context.output().show(&sites, |out| {
        let share =
            |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", 100.0 * share));
        let rows: Vec<_> = sites
            .iter()
            .map(|site| {
                let profile = if site.profile.is_empty() { "none" } else { &site.profile };
                vec![
                    site.site.clone(),
                    profile.to_owned(),
                    site.pages.to_string(),
                    site.records.to_string(),
                    share(site.lately),
                    share(site.before),
                    site.missing.to_string(),
                    site.unknown.to_string(),
                    site.unread.to_string(),
                ]
            })
            .collect();
        let head = [
            "SITE",
            "PROFILE",
            "PAGES",
            "RECORDS",
            "WHOLE LATELY",
            "BEFORE",
            "FIELD MISSING",
            "KIND UNKNOWN",
            "DATES UNREAD",
        ];
        table(out, &head, &rows)?;
        for site in &sites {
            if let Some(alarm) = &site.alarm {
                writeln!(out, "ALARM {}: {alarm}", site.site)?;
            }
        }
        Ok(())
    })
}

/// Reads pages that somebody saved and writes a draft; it holds names of elements and classes, no word of the pages.
fn proposed(context: &Context, pages: &[PathBuf], name: &str) -> anyhow::Result<()> {
    let mut texts = Vec::new();
    for path in pages {
        let bytes = std::fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    let Some(profile) = page::propose(name, &texts) else {
        return Err(refused(
            "nothing repeats on these pages often enough to be posts or advertisements; save lists and threads, whole, \
             with at least three of them on a page",
        ));
    };
    context.output().show(&serde_json::json!({ "name": name, "profile": profile }), |out| write!(out, "{profile}"))
}
