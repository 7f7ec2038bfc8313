//! `lanthorn authorisation`: write, check, sign, register, revoke.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use audit::ActKind;
use authorisation::{Document, SignedDocument, Template, scope, sign};
use client::KeyFolder;
use crawler::Registry;
use model::{Action, AuthorisationId, CaseId, Kind, PersonId, Role};
use serde_json::json;

use crate::args::AuthorisationCommand;
use crate::context::Context;
use crate::failure::failure;
use crate::site::failed;
use crate::terminal::table;

pub(crate) async fn run(context: &Context, command: AuthorisationCommand) -> anyhow::Result<()> {
    match command {
        AuthorisationCommand::New { case } => new(context, case).await,
        AuthorisationCommand::Check { file, urls } => check(context, &file, &urls).await,
        AuthorisationCommand::Sign { file, keys } => put_signature(context, &file, &keys),
        AuthorisationCommand::Add { file } => add(context, &file).await,
        AuthorisationCommand::List => list(context).await,
        AuthorisationCommand::Show { id } => show(context, id).await,
        AuthorisationCommand::Revoke { id, reason } => revoke(context, id, &reason).await,
    }
}

async fn new(context: &Context, case: CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let access = context.access(&site)?;
    let people = access.people().list().await.map_err(failed)?;
    let supervisors: Vec<PersonId> =
        people.into_iter().filter(|person| person.role == Role::Supervisor).map(|person| person.person).collect();
    let template =
        Template { case, audience: site.config.site.name.clone(), supervisors, not_before: site.clock.now() };
    let text = template.to_toml();
    context.output().show(&json!({ "template": text }), |out| out.write_all(text.as_bytes()))
}

/// Everything that could be refused later is said now. Without a data folder the signatures cannot be judged.
async fn check(context: &Context, file: &Path, urls: &[String]) -> anyhow::Result<()> {
    let signed = read(file)?;
    let document = &signed.document;
    let missing = match context.site().await {
        Ok(site) => Some(signed.missing(&site.trust().await?, site.clock.now())),
        Err(_) => None,
    };
    let decided: Vec<_> = urls.iter().map(|url| (url, scope::explain(document, url))).collect();
    let shown = json!({
        "id": document.id(),
        "case": document.case(),
        "summary": document.summary(),
        "missing": missing.as_ref().map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "urls": decided.iter().map(|(url, answer)| json!({
            "url": url,
            "admitted": answer.refusal().is_none(),
            "as": answer.url(),
            "site": answer.site(),
            "rule": answer.refusal().map(|refusal| refusal.rule().as_str()),
            "why": answer.refusal().map(ToString::to_string),
        })).collect::<Vec<_>>(),
    });
    context.output().show(&shown, |out| {
        writeln!(out, "authorisation {}", document.id())?;
        for line in document.summary() {
            writeln!(out, "  {line}")?;
        }
        match &missing {
            None => writeln!(out, "signatures: not judged here, because there is no data folder to say whom to trust")?,
            Some(none) if none.is_empty() => writeln!(out, "signatures: complete; it can be added")?,
            Some(some) => some.iter().try_for_each(|refusal| writeln!(out, "missing: {refusal}"))?,
        }
        decided.iter().try_for_each(|(url, answer)| writeln!(out, "{url}\n  {answer}"))
    })
}

fn put_signature(context: &Context, file: &Path, keys: &Path) -> anyhow::Result<()> {
    let mut signed = read(file)?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    let key = folder.unlock(&context.passphrase(folder.person().as_str())?).map_err(failed)?;
    signed.add(sign(&signed.document, folder.person(), key.signing_key()));
    fs::write(file, signed.to_toml()).with_context(|| format!("failed to write {}", file.display()))?;
    let shown = json!({ "id": signed.document.id(), "signer": folder.person(), "signatures": signed.signatures.len() });
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "{} signed authorisation {}; {} signature(s) now",
            folder.person(),
            signed.document.id(),
            signed.signatures.len()
        )
    })
}

async fn add(context: &Context, file: &Path) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit(&site, Action::AddAuthorisation).await?;
    let signed = read(file)?;
    access::Cases::new(site.store.clone(), site.journal.clone())
        .find_open(signed.document.case())
        .await
        .map_err(failed)?;
    drop(access);
    let authorised = signed.verify(&site.trust().await?, site.clock.now());
    let authorised = match authorised {
        Ok(authorised) => authorised,
        Err(refusal) => {
            let act =
                principal.act(ActKind::Refusal).case(signed.document.case()).detail("rule", refusal.rule().as_str());
            site.journal.note_now(act).await.map_err(failed)?;
            site.settle_log().await;
            return Err(failed(refusal));
        }
    };
    let mut tx = site.store.begin().await.map_err(failed)?;
    Registry::new(site.store.clone()).add(&mut tx, &signed, &authorised).await.map_err(failed)?;
    let act = principal.act(ActKind::Authorisation).case(authorised.case()).authorisation(authorised.id());
    site.journal.note(&mut tx, act.detail("step", "registered")).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "id": authorised.id(), "case": authorised.case() }), |out| {
        writeln!(
            out,
            "authorisation {} is in force for case {} until {}",
            authorised.id(),
            authorised.case(),
            signed.document.not_after()
        )
    })
}

async fn list(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let list = Registry::new(site.store.clone()).list().await.map_err(failed)?;
    context.output().show(&list, |out| {
        let rows: Vec<_> = list
            .iter()
            .map(|entry| {
                vec![
                    entry.id.to_string(),
                    entry.case.to_string(),
                    entry.not_after.day(),
                    entry.revoked_at.map_or_else(String::new, |at| at.day()),
                ]
            })
            .collect();
        table(out, &["AUTHORISATION", "CASE", "UNTIL", "REVOKED"], &rows)
    })
}

async fn show(context: &Context, id: AuthorisationId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let signed: SignedDocument = Registry::new(site.store.clone()).find(id).await.map_err(failed)?;
    let document: &Document = &signed.document;
    context.output().show(&json!({ "id": id, "document": document.draft(), "signers": signed.signatures.iter().map(|s| &s.signer).collect::<Vec<_>>() }), |out| {
        out.write_all(signed.to_toml().as_bytes())
    })
}

async fn revoke(context: &Context, id: AuthorisationId, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::RevokeAuthorisation).await?;
    let registry = Registry::new(site.store.clone());
    let signed = registry.find(id).await.map_err(failed)?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    registry.revoke(&mut tx, id).await.map_err(failed)?;
    let act =
        principal.act(ActKind::Revocation).case(signed.document.case()).authorisation(id).reason("revoked", reason);
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "id": id, "revoked": true }), |out| {
        writeln!(out, "revoked {id}; a running crawl stops within {} s", site.config.crawl.recheck_seconds)
    })
}

fn read(file: &Path) -> anyhow::Result<SignedDocument> {
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    SignedDocument::parse(&text).map_err(|error| match error {
        // A file that does not parse is wrong use; one that breaks a rule is refused.
        error if error.refusals().is_empty() => failure(Kind::Usage, format!("failed to {error}")),
        error => failed(error),
    })
}
