//! `lanthorn profile`: how sites are read.

use std::path::Path;

use anyhow::Context as _;
use page::Profiles;

use crate::args::ProfileCommand;
use crate::context::Context;
use crate::site::failed;
use crate::terminal::table;

pub(crate) fn run(context: &Context, command: &ProfileCommand) -> anyhow::Result<()> {
    match command {
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
