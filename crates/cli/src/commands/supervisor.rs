//! `lanthorn supervisor`: the supervisor's side, with own keys.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use access::{Access, Answered, Decision, Mailbox, Permit, Principal, Request};
use anyhow::Context as _;
use audit::{ActKind, Evidence, LogVerifier};
use client::{Cosigned, Grant, KeyFolder, Spoken};
use model::{Action, Kind, Sharing};
use rand::rngs::OsRng;
use serde_json::json;
use vault::Shelf;

use crate::args::SupervisorCommand;
use crate::commands::unseal::in_case;
use crate::commands::{ceremony, epoch, mail, repair, review, witness};
use crate::context::Context;
use crate::failure::{failure, refused, usage};
use crate::site::{Site, failed, noted};

pub(crate) async fn run(context: &Context, command: SupervisorCommand) -> anyhow::Result<()> {
    match command {
        SupervisorCommand::Enrol { keys } => enrol(context, &keys),
        SupervisorCommand::Keygen { members, threshold, out } => keygen(context, &members, threshold, &out),
        SupervisorCommand::Ceremony(command) => ceremony::run(context, command),
        SupervisorCommand::Repair(command) => repair::run(context, command),
        SupervisorCommand::Drill { keys } => ceremony::drill(context, &keys).await,
        SupervisorCommand::Epoch { file } => epoch::install(context, &file).await,
        SupervisorCommand::Mail { at, plan, clear } => {
            mail::run(context, at.as_deref(), plan.as_deref(), clear.as_deref()).await
        }
        SupervisorCommand::Queue => queue(context).await,
        SupervisorCommand::Approve { request, keys, log_key } => {
            approve(context, request, &keys, log_key.as_deref()).await
        }
        SupervisorCommand::Deny { request, reason } => deny(context, request, &reason).await,
        SupervisorCommand::Reviews => review::list(context).await,
        SupervisorCommand::Review { request, finding, note } => {
            review::give(context, request, finding == "justified", &note).await
        }
        SupervisorCommand::Witness { keys, log_key } => witness::run(context, &keys, log_key.as_deref()).await,
        SupervisorCommand::Policy { keys, change } => witness::policy(context, &keys, &change),
    }
}

fn enrol(context: &Context, keys: &Path) -> anyhow::Result<()> {
    let person = context.common.person.as_ref().ok_or_else(|| usage("say who you are with --as PERSON"))?;
    let passphrase = context.passphrase(&format!("{person} (for the new key folder)"))?;
    let folder = KeyFolder::create(keys, person, &passphrase, context.composition.key_file_work, &mut OsRng);
    let folder = folder.map_err(failed)?;
    let shown = json!({ "person": person, "keys": keys, "enrolment": folder.enrolment_file() });
    context.output().show(&shown, |out| {
        writeln!(out, "made {}: keep it on your own machine", keys.display())?;
        writeln!(out, "hand over {}: nothing in it is secret", folder.enrolment_file().display())
    })
}

/// All rounds in one process: for a first installation whose members sit around one table. Each share goes into its
/// member's folder under that member's passphrase, and nowhere else.
fn keygen(context: &Context, members: &[PathBuf], threshold: u16, out: &Path) -> anyhow::Result<()> {
    let mut folders = Vec::new();
    for path in members {
        let folder = KeyFolder::open(path).map_err(failed)?;
        let unlocked = folder.unlock(&context.passphrase(folder.person().as_str())?).map_err(failed)?;
        folders.push((folder, unlocked));
    }
    let keys: Vec<_> =
        folders.iter().map(|(_, unlocked)| (unlocked.person().clone(), unlocked.signing_key().clone())).collect();
    let now = context.composition.clock.now();
    let made = seal::ceremony(now, threshold, &keys, &mut OsRng).map_err(failed)?;
    // Shares follow the order of the roster, which need not be that of the command line.
    for share in &made.shares {
        let person = made.epoch.member(share.index()).map(seal::Member::person);
        let (folder, unlocked) = folders
            .iter()
            .find(|(folder, _)| Some(folder.person()) == person)
            .ok_or_else(|| failure(Kind::Internal, "a share belongs to nobody"))?;
        folder
            .keep_share(share, &made.epoch.fingerprint(), unlocked, context.composition.key_file_work)
            .map_err(failed)?;
    }
    write_new(out, &made.certificate.to_bytes())?;
    let shown =
        json!({ "epoch": made.epoch.id(), "threshold": threshold, "members": members.len(), "certificate": out });
    context.output().show(&shown, |to| {
        writeln!(to, "epoch {}: {threshold} of {} open an original; nobody alone can", made.epoch.id(), members.len())?;
        writeln!(to, "wrote {}: install it with `lanthorn supervisor epoch {}`", out.display(), out.display())
    })
}

async fn queue(context: &Context) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::DecideUnseal).await?;
    let now = site.clock.now();
    let mut waiting = Vec::new();
    for request in mailbox(&site).list().await.map_err(failed)? {
        let decided = request.decisions.iter().any(|decision| decision.supervisor == *principal.person());
        if request.dead(now).is_none() && !decided {
            waiting.push((Grant::parse(&request.granting).map_err(failed)?, request));
        }
    }
    let shown: Vec<_> = waiting.iter().map(|(grant, request)| described(grant, request)).collect();
    context.output().show(&shown, |out| {
        if waiting.is_empty() {
            return writeln!(out, "nothing waits for your decision");
        }
        waiting.iter().try_for_each(|(grant, request)| {
            writeln!(out, "request {}: {} asks to open capture {}", grant.request, grant.requester, grant.capture)?;
            if grant.breaks_glass() {
                writeln!(
                    out,
                    "  BREAK-GLASS  your ceilings do not hold for it, everything else does; it owes a review"
                )?;
            }
            writeln!(out, "  why          {} {}", grant.code, grant.reason)?;
            writeln!(out, "  legal basis  {}", grant.legal_basis)?;
            writeln!(out, "  until        {}", grant.not_after)?;
            let approved = request.decisions.iter().filter(|decision| decision.approved);
            let names: Vec<&str> = approved.map(|decision| decision.supervisor.as_str()).collect();
            writeln!(out, "  approvals    {} {}", names.len(), names.join(", "))
        })
    })
}

fn described(grant: &Grant, request: &Request) -> serde_json::Value {
    json!({
        "request": grant.request, "capture": grant.capture, "requester": grant.requester, "code": grant.code,
        "reason": grant.reason, "break_glass": grant.breaks_glass(), "legal_basis": grant.legal_basis, "not_after": grant.not_after,
        "approvals": request.approvals(),
    })
}

/// The supervisor's own checks are `client`'s: what the server says is believed in nothing that they can check.
async fn approve(context: &Context, request: i64, keys: &Path, log_key: Option<&Path>) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (access, principal, permit) = context.permit(&site, Action::DecideUnseal).await?;
    let found = mailbox(&site).find(request).await.map_err(failed)?;
    let case = Shelf::new(&site.layout.vault(), site.store.clone()).find(found.capture).await.map_err(failed)?.case;
    let _ = in_case(&site, &access, &principal, Action::DecideUnseal, &case).await?;
    let by = Approver { access: &access, principal: &principal, permit: &permit };
    let refusal = || principal.act(ActKind::Refusal).capture(found.capture).detail("request", request);
    let given = checked(context, &site, &by, &found, keys, log_key).await;
    let (cosigned, needed) = noted(&site, refusal, given).await?;
    let leave = access.permit(&principal, Action::WitnessLog).await.map_err(failed)?;
    witness::hand_over(&site, &access, &principal, &leave, &cosigned).await?;
    site.settle_log().await;
    let approvals = mailbox(&site).find(request).await.map_err(failed)?.approvals();
    context.output().show(&json!({ "request": request, "approvals": approvals, "needed": needed }), |out| {
        writeln!(out, "approved request {request}: {approvals} of {needed} needed approvals")
    })
}

/// Who approves, and by what leave.
struct Approver<'a> {
    access: &'a Access,
    principal: &'a Principal,
    permit: &'a Permit,
}

/// Everything that may refuse the approval, and then the approval.
async fn checked(
    context: &Context,
    site: &Site,
    by: &Approver<'_>,
    found: &Request,
    keys: &Path,
    log_key: Option<&Path>,
) -> anyhow::Result<(Cosigned, usize)> {
    let folder = KeyFolder::open(keys).map_err(failed)?;
    witness::own_folder(&folder, by.principal)?;
    if let Some(why) = found.dead(site.clock.now()) {
        return Err(failed(access::Error::Dead { request: found.request, why }));
    }
    let grant = Grant::parse(&found.granting).map_err(failed)?;
    check_recipient(by.access, &grant).await?;
    let unlocked = folder.unlock(&context.passphrase(&format!("{}'s key folder", folder.person()))?).map_err(failed)?;
    let shelf = Shelf::new(&site.layout.vault(), site.store.clone());
    let epoch = site.epoch_of(shelf.find(grant.capture).await.map_err(failed)?.epoch).await?;
    let header = shelf.header(grant.capture).await.map_err(failed)?;
    let verifier = log_verifier(site, log_key)?;
    site.settle_log().await;
    let seen = folder.seen().map_err(failed)?.map_or(0, |seen| seen.size);
    let evidence = Evidence::gather(&site.layout.log(), &site.store, found.journal_seq, seen).await.map_err(failed)?;
    let now = site.clock.now();
    let spoken = spoken(found);
    let given =
        client::approve(&folder, &unlocked, &epoch, &grant, &header, &evidence, &spoken, &verifier, now, &mut OsRng);
    let given = given.map_err(failed)?;
    let answered = Answered { answer: &given.answer, signature: &given.signature };
    mailbox(site).approve(by.principal, by.permit, found.request, answered).await.map_err(failed)?;
    Ok((given.cosigned, epoch.threshold()))
}

/// What the site has of others' approvals: the client believes their signatures and nothing else.
fn spoken(found: &Request) -> Vec<Spoken> {
    let signed = |decision: &Decision| {
        let signature = decision.signature.clone().filter(|_| decision.approved)?;
        Some(Spoken { person: decision.supervisor.clone(), signature })
    };
    found.decisions.iter().filter_map(signed).collect()
}

/// Answers are encrypted to the key in the grant: it has to be the one that the requester enrolled with.
async fn check_recipient(access: &Access, grant: &Grant) -> anyhow::Result<()> {
    let requester = access.people().find(&grant.requester).await.map_err(failed)?;
    if requester.recipient.as_deref() == Some(&grant.recipient) {
        return Ok(());
    }
    Err(refused(format!(
        "refused by rule `enrolled-recipient`: the grant names a key that {} has not enrolled with",
        grant.requester
    )))
}

async fn deny(context: &Context, request: i64, reason: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, permit) = context.permit(&site, Action::DecideUnseal).await?;
    mailbox(&site).deny(&principal, &permit, request, reason).await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "request": request, "denied": true }), |out| {
        writeln!(out, "denied request {request}; nobody can use it any more")
    })
}

pub(crate) fn mailbox(site: &Site) -> Mailbox {
    Mailbox::new(site.store.clone(), site.journal.clone())
}

/// The key that the log is checked with: the one that was kept outside, or the log's own.
pub(crate) fn log_verifier(site: &Site, kept: Option<&Path>) -> anyhow::Result<LogVerifier> {
    let path = kept.map_or_else(|| site.layout.log().join("log.vkey"), Path::to_owned);
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    LogVerifier::parse(text.trim_end_matches('\n')).map_err(failed)
}

/// Writes a file that must not exist yet, readable by its owner, and by the group of a folder that is shared on purpose.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let sharing = fs::metadata(folder).map_or(Sharing::Private, |found| Sharing::of_folder(found.mode()));
    let file = OpenOptions::new().write(true).create_new(true).mode(sharing.file()).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.with_context(|| format!("failed to write {} as a new file", path.display()))
}
