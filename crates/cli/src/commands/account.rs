//! `lanthorn account`: the accounts that pages are read with. User names and passwords come in here and never go out.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::Context as _;
use audit::ActKind;
use authorisation::{Authorised, LoginPage};
use crawler::{AccountStatus, Accounts, CrawlKey, Registry, Typed};
use model::{Action, CaseId, Kind, Sensitive};
use serde_json::json;

use crate::args::AccountCommand;
use crate::context::Context;
use crate::failure::{failure, refused, usage};
use crate::site::{Site, failed, noted};
use crate::terminal::table;

/// Bytes of what is read for an account.
const MAX_TYPED_BYTES: u64 = 4 << 10;

pub(crate) async fn run(context: &Context, command: AccountCommand) -> anyhow::Result<()> {
    match command {
        AccountCommand::Set { case, site, from } => set(context, &case, &site, from.as_deref()).await,
        AccountCommand::List { case } => list(context, &case).await,
        AccountCommand::Forget { case, site, reason } => forget(context, &case, &site, &reason).await,
        AccountCommand::Check { case } => check(context, &case).await,
        AccountCommand::Prepare { case } => prepare(context, &case).await,
    }
}

async fn set(context: &Context, case: &CaseId, label: &str, from: Option<&Path>) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let accounts = Accounts::new(site.store.clone());
    // In one-user mode the key can be made here; otherwise the crawl process makes it.
    if let Ok(key) = CrawlKey::load(&site.layout.crawl_key(case)) {
        accounts.publish(case, &key).await.map_err(failed)?;
    }
    let authorised = authorised(&site, case, label).await;
    let act = || principal.act(ActKind::Refusal).case(case).detail("site", label);
    let authorised = noted(&site, act, authorised).await?;
    let typed = typed(from)?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let account = accounts.set(&mut tx, &authorised, label, principal.person(), &typed).await.map_err(failed)?;
    let act = principal.act(ActKind::Account).case(case).authorisation(authorised.id());
    let act = act.detail("step", "set").detail("site", label).detail("account", &account);
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    // What was there before must be in no copy of the database that is not folded in yet.
    site.store.truncate_wal().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "case": case, "site": label, "account": account }), |out| {
        writeln!(out, "the account {account} of {label} is set; only the crawl of case {case} opens it")
    })
}

/// The authorisation in force that names an account for the site.
async fn authorised(site: &Site, case: &CaseId, label: &str) -> anyhow::Result<Authorised> {
    let active = active(site, case).await?;
    let names = |authorised: &Authorised| {
        authorised.document().sites().iter().any(|site| site.label() == label && site.account().is_some())
    };
    active.into_iter().find(names).ok_or_else(|| {
        refused(format!(
            "refused by rule `login-form`: no authorisation of case {case} that is in force names an account for site {label}; \
             have one signed whose target says `account = {{ label = \"…\", ground = \"…\", login = \"/…\" }}`"
        ))
    })
}

async fn active(site: &Site, case: &CaseId) -> anyhow::Result<Vec<Authorised>> {
    let registry = Registry::new(site.store.clone());
    registry.active(case, &site.trust().await?, site.clock.now()).await.map_err(failed)
}

/// User name and password: from the terminal, where the password is not shown, or as two lines.
fn typed(from: Option<&Path>) -> anyhow::Result<Typed> {
    let mut lines: Box<dyn io::BufRead> = match from {
        Some(file) => {
            let opened = std::fs::File::open(file).with_context(|| format!("failed to read {}", file.display()))?;
            Box::new(io::BufReader::new(opened.take(MAX_TYPED_BYTES)))
        }
        None if io::stdin().is_terminal() => {
            let user =
                Sensitive::new(rpassword::prompt_password("user name: ").context("failed to read the user name")?);
            let password = rpassword::prompt_password("password: ").context("failed to read the password")?;
            return Ok(Typed { user, password: Sensitive::new(password) });
        }
        None => Box::new(io::BufReader::new(io::stdin().take(MAX_TYPED_BYTES))),
    };
    let mut line = || -> anyhow::Result<Sensitive<String>> {
        // Roomy at once: a text that grows by itself would leave copies in freed memory.
        let mut line = Sensitive::new(String::with_capacity(MAX_TYPED_BYTES as usize));
        lines.read_line(line.expose_mut()).map_err(|_| usage("user name and password are not two lines of text"))?;
        let end = line.expose().trim_end_matches(['\r', '\n']).len();
        line.expose_mut().truncate(end);
        Ok(line)
    };
    Ok(Typed { user: line()?, password: line()? })
}

async fn list(context: &Context, case: &CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let all = Accounts::new(site.store.clone()).list(case).await.map_err(failed)?;
    context.output().show(&all, |out| {
        let row = |account: &AccountStatus| {
            let state = match (account.signed_in_since, account.session) {
                (Some(since), _) => format!("open since {since}"),
                (None, 0) => "none yet".to_owned(),
                (None, _) => format!("over: {}", account.ended.as_deref().unwrap_or("it is not known why")),
            };
            let numbers = [account.session, account.pages, account.tries].map(|number| number.to_string());
            let [session, pages, tries] = numbers;
            let set = format!("{} by {}", account.set_at.day(), account.set_by);
            vec![account.site.clone(), account.label.clone(), set, session, pages, tries, state]
        };
        let rows: Vec<_> = all.iter().map(row).collect();
        table(out, &["SITE", "ACCOUNT", "SET", "SESSION", "PAGES", "LOGINS SINCE ONE LASTED", "STATE"], &rows)
    })
}

async fn forget(context: &Context, case: &CaseId, label: &str, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let forgotten = Accounts::new(site.store.clone()).forget(&mut tx, case, label).await.map_err(failed)?;
    if forgotten == 0 {
        return Err(failure(Kind::Usage, format!("no account of a site {label} is set in case {case}")));
    }
    let act = principal.act(ActKind::Account).case(case).detail("step", "forgotten").detail("site", label);
    site.journal.note(&mut tx, act.reason("account", reason)).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.store.truncate_wal().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "case": case, "site": label, "forgotten": forgotten }), |out| {
        writeln!(out, "forgotten; a crawl asks nothing more of {label} until its account is set again")
    })
}

/// What the authorisations name, and what is missing for it.
async fn check(context: &Context, case: &CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let accounts = Accounts::new(site.store.clone());
    let set = accounts.list(case).await.map_err(failed)?;
    let unopened = match CrawlKey::load(&site.layout.crawl_key(case)) {
        Ok(key) => Some(accounts.unopened(case, &key).await.map_err(failed)?),
        Err(_) => None, // people's commands do not read the crawl's keys where users are separate
    };
    let (profiles, _) = site.profiles().await?;
    let mut findings = Vec::new();
    for authorised in active(&site, case).await? {
        for named in authorised.document().sites() {
            let Some(account) = named.account() else { continue };
            let known = set.iter().find(|known| known.site == named.label() && known.label == account.label());
            let page = match account.login() {
                LoginPage::At(_) => true,
                LoginPage::OfProfile(profile) => profiles.login_page(profile).is_some(),
            };
            let fault = match (known, &unopened) {
                (None, _) => Some("no user name and password are set: `lanthorn account set`"),
                (Some(known), Some(shut)) if shut.contains(&known.site) => {
                    Some("the crawl key does not open it: set it again")
                }
                _ if !page => Some("no profile of that name knows a login page"),
                _ => None,
            };
            findings.push((named.label().to_owned(), account.label().to_owned(), fault));
        }
    }
    let bad = findings.iter().filter(|(.., fault)| fault.is_some()).count();
    let shown: Vec<_> = findings
        .iter()
        .map(|(site, account, fault)| json!({ "site": site, "account": account, "usable": fault.is_none(), "fault": fault }))
        .collect();
    context.output().show(&shown, |out| {
        if unopened.is_none() {
            writeln!(
                out,
                "this user does not read the crawl's keys, so whether they open the accounts was not looked at"
            )?;
        }
        let rows: Vec<_> = findings
            .iter()
            .map(|(site, account, fault)| {
                vec![site.clone(), account.clone(), fault.unwrap_or("can be used").to_owned()]
            })
            .collect();
        table(out, &["SITE", "ACCOUNT", "STATE"], &rows)
    })?;
    if bad > 0 {
        return Err(failure(Kind::Unavailable, format!("{bad} of {} accounts cannot be used", findings.len())));
    }
    Ok(())
}

async fn prepare(context: &Context, case: &CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let key = CrawlKey::load(&site.layout.crawl_key(case)).map_err(failed)?;
    Accounts::new(site.store.clone()).publish(case, &key).await.map_err(failed)?;
    context
        .output()
        .show(&json!({ "case": case, "ready": true }), |out| writeln!(out, "accounts of case {case} can be set"))
}
