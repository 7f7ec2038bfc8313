//! `lanthorn init`: a data folder with keys, log and a complete example configuration.

use std::fs;

use anyhow::Context as _;
use audit::{Act, ActKind, Actor, LogKey};
use rand::rngs::OsRng;
use redactor::OutboxKey;
use serde::Serialize;

use crate::config::EXAMPLE;
use crate::context::Context;
use crate::failure::usage;
use crate::layout::Layout;
use crate::site::Site;

#[derive(Serialize)]
struct Made {
    data: String,
    name: String,
    log_key: String,
}

pub(crate) async fn run(context: &Context, name: &str) -> anyhow::Result<()> {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || "\"\\+".contains(c)) {
        return Err(usage("--name must be one word without quotes, backslashes or '+'"));
    }
    let layout = Layout::create(&context.common.data)?;
    let log_key = LogKey::generate(&format!("{name}/audit"), &mut OsRng).context("failed to make the log's key")?;
    let verifier = log_key.verifier().to_string();
    log_key.save(&layout.log_key()).context("failed to write the log's key")?;
    OutboxKey::generate(&mut OsRng).save(&layout.outbox_key()).context("failed to write the outbox key")?;
    // The configuration comes last: its presence says that the folder is complete.
    let text = EXAMPLE.replace("name = \"lanthorn.example\"", &format!("name = \"{name}\""));
    fs::write(layout.config(), text).context("failed to write the configuration")?;

    let site = Site::open(layout.root(), context.composition.clock.clone()).await?;
    site.journal
        .note_now(Act::new(ActKind::Setting, Actor::Process("init")).detail("step", "data folder made"))
        .await?;
    site.settle_log().await;
    let made = Made { data: layout.root().display().to_string(), name: name.to_owned(), log_key: verifier };
    context.output().show(&made, |out| {
        writeln!(out, "made {} for {}", made.data, made.name)?;
        writeln!(out, "log key  {}", made.log_key)?;
        writeln!(out, "\nKeep the log key's line outside this machine: it is what an expert checks the log with.")?;
        writeln!(out, "Next: lanthorn supervisor enrol, then lanthorn people add (two supervisors first).")
    })
}
