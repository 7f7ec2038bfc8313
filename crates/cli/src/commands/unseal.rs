//! `lanthorn unseal`: the requester's side of opening one original.

use std::path::Path;

use access::{Access, Asked, Permit, Principal, Request};
use anyhow::Context as _;
use audit::{ActKind, Evidence, Outcome};
use client::{Grant, KeyFolder, Logged, Opened, Unlocked};
use model::{Action, CaptureId, CaseId, Sensitive};
use page::Profiles;
use serde_json::json;
use vault::{Copied, Sealed, Shelf};

use crate::args::UnsealCommand;
use crate::commands::supervisor::{log_verifier, mailbox, write_new};
use crate::context::Context;
use crate::failure::{refused, rule, usage};
use crate::site::{Site, failed, noted};
use crate::terminal::table;

const HOUR_MILLIS: i64 = 3_600_000;

pub(crate) async fn run(context: &Context, command: UnsealCommand) -> anyhow::Result<()> {
    match command {
        UnsealCommand::Request { capture, code, break_glass, reason, legal_basis, hours } => {
            let code = code.filter(|_| !break_glass).unwrap_or_else(|| Grant::BREAK_GLASS.to_owned());
            let hours = hours.unwrap_or(if break_glass { 4 } else { 24 });
            request(context, capture, code, reason, legal_basis, hours).await
        }
        UnsealCommand::List => list(context).await,
        UnsealCommand::Withdraw { request, reason } => withdraw(context, request, &reason).await,
        UnsealCommand::Open { request, keys, log_key, approvals } => {
            let own = Own { keys: &keys, log_key: log_key.as_deref() };
            open(context, request, own, approvals.as_deref()).await
        }
        UnsealCommand::Disclose { request, keys, log_key, recipient, out } => {
            let own = Own { keys: &keys, log_key: log_key.as_deref() };
            disclose(context, request, own, &recipient, &out).await
        }
    }
}

async fn request(
    context: &Context,
    capture: CaptureId,
    code: String,
    reason: String,
    legal_basis: String,
    hours: u32,
) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit(&site, Action::RequestUnseal).await?;
    let recipient = access.people().find(principal.person()).await.map_err(failed)?.recipient;
    let recipient = recipient.ok_or_else(|| {
        usage("you have enrolled with no key that answers could be encrypted to: `lanthorn supervisor enrol`, then be added with --enrolment")
    })?;
    let sealed = Shelf::new(&site.layout.vault(), site.store.clone()).find(capture).await.map_err(failed)?;
    if sealed.state != vault::State::Sealed {
        return Err(failed(vault::Error::Erased(capture)));
    }
    // Now that its case is known, which the site's policy may single out.
    let permit = in_case(&site, &access, &principal, Action::RequestUnseal, &sealed.case).await?;
    let number = mailbox(&site).next_number().await.map_err(failed)?;
    let not_after = site.clock.now().plus_millis(i64::from(hours) * HOUR_MILLIS);
    let grant = Grant {
        request: number,
        capture,
        header_hash: sealed.header_hash,
        requester: principal.person().clone(),
        recipient,
        code,
        reason,
        legal_basis,
        not_after,
    };
    let act = principal
        .act(ActKind::UnsealRequest)
        .case(&sealed.case)
        .capture(capture)
        .reason(&grant.code, &grant.reason)
        .detail("request", number)
        .detail("grant", grant.log_word().map_err(failed)?);
    let bytes = grant.to_bytes().map_err(failed)?;
    let break_glass = grant.breaks_glass();
    let asked = Asked { request: number, capture, granting: &bytes, not_after, break_glass };
    let asked = mailbox(&site).ask(&permit, asked, act).await.map_err(failed);
    noted(&site, || principal.act(ActKind::Refusal).capture(capture), asked).await?;
    site.settle_log().await;
    context.output().show(&json!({ "request": number, "capture": capture, "not_after": not_after }), |out| {
        writeln!(out, "request {number} waits for supervisors until {not_after}")?;
        if break_glass {
            writeln!(out, "it breaks the glass: you can ask for nothing more until somebody else has reviewed it")?;
        }
        Ok(())
    })
}

/// Leave once more, for this case.
pub(crate) async fn in_case(
    site: &Site,
    access: &Access,
    principal: &Principal,
    action: Action,
    case: &CaseId,
) -> anyhow::Result<Permit> {
    let permit = access.permit_in(principal, action, Some(case)).await;
    if permit.is_err() {
        site.settle_log().await;
    }
    permit.map_err(failed)
}

async fn list(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let requests = mailbox(&site).list().await.map_err(failed)?;
    let now = site.clock.now();
    context.output().show(&requests, |out| {
        let rows: Vec<_> = requests
            .iter()
            .map(|request| {
                let state =
                    request.dead(now).map_or_else(|| format!("{} approvals", request.approvals()), str::to_owned);
                vec![
                    request.request.to_string(),
                    request.capture.to_string(),
                    request.requester.to_string(),
                    request.not_after.to_string(),
                    state,
                ]
            })
            .collect();
        table(out, &["REQUEST", "CAPTURE", "ASKED BY", "UNTIL", "STATE"], &rows)
    })
}

/// What a requester brings along: the key folder, and the log's key if it is kept outside.
#[derive(Clone, Copy)]
pub(crate) struct Own<'p> {
    pub(crate) keys: &'p Path,
    pub(crate) log_key: Option<&'p Path>,
}

/// A key folder, unlocked.
pub(crate) struct Hands<'p> {
    pub(crate) folder: KeyFolder,
    pub(crate) unlocked: Unlocked,
    pub(crate) log_key: Option<&'p Path>,
}

impl<'p> Hands<'p> {
    pub(crate) fn open(context: &Context, own: Own<'p>) -> anyhow::Result<Self> {
        let folder = KeyFolder::open(own.keys).map_err(failed)?;
        let passphrase = context.passphrase(&format!("{}'s key folder", folder.person()))?;
        let unlocked = folder.unlock(&passphrase).map_err(failed)?;
        Ok(Self { folder, unlocked, log_key: own.log_key })
    }
}

async fn withdraw(context: &Context, request: i64, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, permit) = context.permit(&site, Action::RequestUnseal).await?;
    let withdrawn = mailbox(&site).withdraw(&principal, &permit, request, reason).await;
    site.settle_log().await;
    withdrawn.map_err(failed)?;
    context.output().show(&json!({ "request": request, "withdrawn": true }), |out| {
        writeln!(out, "withdrew request {request}; nobody can use it any more")
    })
}

async fn open(context: &Context, request: i64, own_keys: Own<'_>, approvals: Option<&Path>) -> anyhow::Result<()> {
    if let Some(folder) = approvals.filter(|folder| folder.exists()) {
        return Err(usage(format!("{} exists; name a new folder", folder.display())));
    }
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit(&site, Action::OpenOriginal).await?;
    let asked = own(&site, &principal, request).await?;
    let case = shelf(&site).find(asked.capture).await.map_err(failed)?.case;
    let _ = in_case(&site, &access, &principal, Action::OpenOriginal, &case).await?;
    let (opened, _) = combined(&site, &principal, &asked, &Hands::open(context, own_keys)?).await?;
    if let Some(folder) = approvals {
        write_approvals(folder, &asked.granting, opened.approvals())?;
    }
    let record_blake3 = blake3::hash(opened.record().expose()).to_hex().to_string();
    let text: Sensitive<String> = client::render(opened.page().map_err(failed)?, &Profiles::builtin());
    let blamed: Vec<_> =
        opened.blamed().iter().map(|blame| format!("supervisor {} {}", blame.index, blame.fault.as_str())).collect();
    for blame in &blamed {
        context.tell(&format!("a part did not hold: {blame}"));
    }
    let shown = json!({
        "request": request,
        "capture": asked.capture,
        "approved_by": opened.approved_by(),
        "blamed": blamed,
        "record_bytes": opened.record().expose().len(),
        "record_blake3": record_blake3,
        "text": text.expose(),
    });
    let mut close = principal.act(ActKind::UnsealClose).capture(asked.capture).detail("request", request);
    if !blamed.is_empty() {
        close = close.detail("blamed", blamed.join("; "));
    }
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "opened capture {} with {} approvals; the log's commitment holds\n",
            asked.capture,
            opened.approved_by().len()
        )?;
        out.write_all(text.expose().as_bytes())
    })?;
    site.journal.note_now(close).await.map_err(failed)?;
    site.settle_log().await;
    Ok(())
}

/// The grant, its signatures, and who may sign: all that `ssh-keygen -Y verify -n grant@lanthorn` asks for.
fn write_approvals(folder: &Path, grant: &[u8], approvals: &[client::Approved]) -> anyhow::Result<()> {
    std::fs::create_dir(folder).with_context(|| format!("failed to make {}", folder.display()))?;
    write_new(&folder.join("grant"), grant)?;
    let signers: String = approvals.iter().map(|approved| approved.signer.as_str()).collect();
    write_new(&folder.join("allowed_signers"), signers.as_bytes())?;
    approvals.iter().try_for_each(|approved| {
        write_new(&folder.join(format!("{}.sig", approved.person)), approved.signature.as_bytes())
    })
}

async fn disclose(
    context: &Context,
    request: i64,
    own_keys: Own<'_>,
    recipient: &str,
    to: &Path,
) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit(&site, Action::OpenOriginal).await?;
    if to.exists() {
        return Err(usage(format!("{} exists; name a new file", to.display())));
    }
    let asked = own(&site, &principal, request).await?;
    let case = shelf(&site).find(asked.capture).await.map_err(failed)?.case;
    let _ = in_case(&site, &access, &principal, Action::OpenOriginal, &case).await?;
    let hands = Hands::open(context, own_keys)?;
    let disclosed = disclosed(&site, &principal, &asked, &hands, recipient, |copy| write_new(to, copy)).await?;
    context.output().show(
        &json!({ "request": request, "capture": asked.capture, "file": to, "bytes": disclosed.file.len() }),
        |out| writeln!(out, "wrote {}: {recipient} opens it with `age --decrypt`", to.display()),
    )
}

/// Opens an original for something that takes less than a copy of it; announced in the log before, and closed after.
pub(crate) async fn opened(
    site: &Site,
    principal: &Principal,
    asked: &Request,
    hands: &Hands<'_>,
) -> anyhow::Result<Opened> {
    Ok(combined(site, principal, asked, hands).await?.0)
}

/// An original on its way to a recipient, still sealed: to the recipient's key alone.
pub(crate) struct DisclosedOriginal {
    pub(crate) capture: CaptureId,
    pub(crate) file: Vec<u8>,
    pub(crate) grant: Vec<u8>,
    pub(crate) approvals: Vec<client::Approved>,
    /// Itself, in memory, for as long as a pack is made.
    pub(crate) opened: Opened,
}

/// Opens an original and seals it to a recipient. `keep` brings the copy to its place; the log and the register of copies know
/// of it before.
pub(crate) async fn disclosed(
    site: &Site,
    principal: &Principal,
    asked: &Request,
    hands: &Hands<'_>,
    recipient: &str,
    keep: impl FnOnce(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<DisclosedOriginal> {
    let (opened, sealed) = combined(site, principal, asked, hands).await?;
    let payload = shelf(site).payload(asked.capture).await.map_err(failed)?;
    let copy = opened.disclose(&payload, &commitments(&sealed), recipient).map_err(failed)?;
    let act = principal
        .act(ActKind::Disclosure)
        .case(&sealed.case)
        .capture(asked.capture)
        .recipient(recipient)
        .detail("request", asked.request)
        .detail("copy_blake3", blake3::hash(&copy).to_hex());
    let copied = Copied {
        capture: asked.capture,
        request: asked.request,
        recipient: recipient.to_owned(),
        made_by: principal.person().clone(),
        made_at: site.clock.now(),
        copy_blake3: *blake3::hash(&copy).as_bytes(),
    };
    let mut tx = site.store.begin().await.map_err(failed)?;
    let intent = site.journal.intend(&mut tx, act).await.map_err(failed)?;
    shelf(site).enter_copy(&mut tx, &copied).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    let kept = keep(&copy);
    let outcome = if kept.is_ok() { Outcome::Done } else { Outcome::Failed("unavailable") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    kept?;
    Ok(DisclosedOriginal {
        capture: asked.capture,
        file: copy,
        grant: asked.granting.clone(),
        approvals: opened.approvals().to_vec(),
        opened,
    })
}

/// A grant is its requester's alone.
pub(crate) async fn own(site: &Site, principal: &Principal, request: i64) -> anyhow::Result<Request> {
    let asked = mailbox(site).find(request).await.map_err(failed)?;
    let usable = if asked.requester != *principal.person() {
        Err(refused(format!("refused by rule `own-request`: request {request} is {}'s", asked.requester)))
    } else if let Some(why) = asked.dead(site.clock.now()) {
        Err(failed(access::Error::Dead { request, why }))
    } else {
        Ok(())
    };
    noted(site, || principal.act(ActKind::Refusal).capture(asked.capture).detail("request", request), usable).await?;
    Ok(asked)
}

/// Combines the answers; announced in the log before, and closed after.
async fn combined(
    site: &Site,
    principal: &Principal,
    asked: &Request,
    hands: &Hands<'_>,
) -> anyhow::Result<(Opened, Sealed)> {
    let Hands { folder, unlocked, log_key } = hands;
    let grant = Grant::parse(&asked.granting).map_err(failed)?;
    let sealed = shelf(site).find(grant.capture).await.map_err(failed)?;
    let epoch = site.epoch_of(sealed.epoch).await?;
    let act =
        principal.act(ActKind::UnsealOpen).case(&sealed.case).capture(grant.capture).detail("request", grant.request);
    let intent = site.journal.intend_now(act).await.map_err(failed)?;
    let verifier = log_verifier(site, *log_key)?;
    site.settle_log().await;
    let opened = async {
        let seen = folder.seen().map_err(failed)?.map_or(0, |seen| seen.size);
        let evidence =
            Evidence::gather(&site.layout.log(), &site.store, asked.journal_seq, seen).await.map_err(failed)?;
        let logged = Logged::check(folder, &epoch, &grant, &evidence, &verifier).map_err(failed)?;
        let header = shelf(site).header(grant.capture).await.map_err(failed)?;
        let payload = shelf(site).payload(grant.capture).await.map_err(failed)?;
        let answers: Vec<_> = asked.decisions.iter().filter_map(|decision| decision.answer.clone()).collect();
        let supervisors = epoch.members().map(|(_, member)| (member.person().clone(), *member.signing())).collect();
        let (now, expected) = (site.clock.now(), commitments(&sealed));
        let opened =
            Opened::combine(&logged, &header, &payload, &answers, &supervisors, &epoch, &expected, unlocked, now);
        opened.map_err(failed)
    };
    let opened = opened.await;
    let forbade = opened.as_ref().err().map(|error| rule(error).unwrap_or_else(|| "none: it failed".to_owned()));
    let outcome = forbade.as_deref().map_or(Outcome::Done, Outcome::Refused);
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    Ok((opened?, sealed))
}

fn shelf(site: &Site) -> Shelf {
    Shelf::new(&site.layout.vault(), site.store.clone())
}

const fn commitments(sealed: &Sealed) -> seal::Commitments {
    seal::Commitments { blake3: sealed.commitments.blake3, sha256: sealed.commitments.sha256 }
}
