//! `lanthorn selector`: identifiers that may be searched for.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::Context as _;
use casework::{Selector, SelectorKey, Selectors};
use model::{CaseId, Kind, Sensitive};
use redactor::{Redactor, TokenKey};

use super::epoch::replace;
use super::search::Seat;
use crate::args::SelectorCommand;
use crate::context::Context;
use crate::failure::failure;
use crate::site::{Site, failed};
use crate::terminal::table;

pub(crate) async fn run(context: &Context, command: SelectorCommand) -> anyhow::Result<()> {
    if let SelectorCommand::Work { case } = &command {
        let site = context.site().await?;
        let made = work(&site, case).await?;
        return context.output().show(&serde_json::json!({ "made": made }), |out| writeln!(out, "{made} tokens made"));
    }
    let seat = Seat::take(context).await?;
    let (desk, who) = (seat.desk(), &seat.who);
    match command {
        SelectorCommand::Ask { case, reason } => {
            // In one-user mode the key can be made here; otherwise the crawl process has made it.
            let _ = publish(&seat.site).await;
            let value = typed()?;
            let number = seat.settled(desk.ask_selector(who, &case, &value, &reason).await).await?;
            context.output().show(&serde_json::json!({ "selector": number }), |out| {
                writeln!(out, "asked for; once a supervisor has approved it, search for selector:{number}")
            })
        }
        SelectorCommand::List { case } => {
            let all = seat.settled(desk.selectors(who, &case).await).await?;
            context.output().show(&all, |out| {
                table(
                    out,
                    &["SELECTOR", "KIND", "STATE", "USES", "BY", "REASON"],
                    &all.iter().map(row).collect::<Vec<_>>(),
                )
            })
        }
        SelectorCommand::Approve { case, selector, reason } => {
            seat.settled(desk.decide_selector(who, &case, selector, true, &reason).await).await
        }
        SelectorCommand::Deny { case, selector, reason } => {
            seat.settled(desk.decide_selector(who, &case, selector, false, &reason).await).await
        }
        SelectorCommand::Work { .. } => Ok(()),
    }
}

fn row(selector: &Selector) -> Vec<String> {
    let state = match (selector.approved, &selector.token, selector.expires_at) {
        (None, ..) => "waits for a supervisor".to_owned(),
        (Some(false), ..) => "denied".to_owned(),
        (Some(true), None, _) => "waits for the crawl process".to_owned(),
        (Some(true), Some(token), until) => {
            format!("{token} until {}", until.map(model::Timestamp::day).unwrap_or_default())
        }
    };
    let (number, uses) = (selector.selector.to_string(), selector.uses.to_string());
    vec![number, selector.label.clone(), state, uses, selector.asked_by.clone(), selector.reason.clone()]
}

/// The value, without showing it where it is typed.
fn typed() -> anyhow::Result<Sensitive<String>> {
    let line = if io::stdin().is_terminal() {
        rpassword::prompt_password("identifier: ").context("failed to read the identifier")?
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).context("failed to read standard input")?;
        line
    };
    Ok(Sensitive::new(line.trim().to_owned()))
}

/// Turns what was approved into tokens: with the token key, so in the crawl process alone.
pub(crate) async fn work(site: &Site, case: &CaseId) -> anyhow::Result<usize> {
    let key = publish(site).await?;
    let redactor = Redactor::new(TokenKey::load(&site.layout.token_key(case)).map_err(failed)?);
    Selectors::new(site.store.clone()).work(case, &key, &redactor).await.map_err(failed)
}

/// The crawl process's key, made where there is none, its public half told to people's processes.
async fn publish(site: &Site) -> anyhow::Result<SelectorKey> {
    let path = site.layout.selector_key();
    let key = match std::fs::read_to_string(&path) {
        Ok(text) => SelectorKey::parse(&text)
            .ok_or_else(|| failure(Kind::Damaged, "the crawl process's key for selectors is no age key; remove it: the next crawl makes another, and selectors without a token are asked for again"))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = SelectorKey::generate();
            // Whole or absent: a crawl that is killed here must not find half a key the next time.
            replace(&path, key.to_text().as_bytes())?;
            key
        }
        Err(error) => return Err(error).context("failed to read the key for selectors"),
    };
    Selectors::new(site.store.clone()).publish(&key).await.map_err(failed)?;
    Ok(key)
}
