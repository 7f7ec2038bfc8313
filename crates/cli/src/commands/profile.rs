//! `lanthorn profile`: how sites are read.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use model::CaseId;
use page::Profiles;

use crate::args::ProfileCommand;
use crate::context::Context;
use crate::failure::refused;
use crate::site::failed;
use crate::terminal::table;

pub(crate) async fn run(context: &Context, command: &ProfileCommand) -> anyhow::Result<()> {
    match command {
        ProfileCommand::Health { case } => health(context, case).await,
        ProfileCommand::Propose { pages, name } => proposed(context, pages, name),
        ProfileCommand::List => {
            let profiles = Profiles::builtin();
            let list: Vec<_> = profiles
                .list()
                .map(|(name, version, about)| serde_json::json!({ "name": name, "version": version, "about": about }))
                .collect();
            context.output().show(&list, |out| {
                let rows: Vec<_> = profiles
                    .list()
                    .map(|(name, version, about)| vec![name.to_owned(), version.to_string(), about.to_owned()])
                    .collect();
                table(out, &["PROFILE", "VERSION", "FOR"], &rows)
            })
        }
        ProfileCommand::Check { file } => check(context, file),
    }
}

fn check(context: &Context, file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("profile");
    Profiles::check(name, &text).map_err(failed)?;
    context
        .output()
        .show(&serde_json::json!({ "profile": name, "good": true }), |out| writeln!(out, "{name} is a good profile"))
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
