//! `lanthorn evidence`: what leaves the house, under a grant that others have approved.

mod gathering;
mod recipients;
mod timing;
mod unredacted;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use access::Principal;
use anyhow::Context as _;
use audit::{ActKind, Filter, Log, Opening, Outcome};
use client::KeyFolder;
use crawler::Registry;
use evidence::{Approval, Authority, DISCLOSURE_NAMESPACE, Disclosure, Edition, Gap, PACK_NAMESPACE, Pack, Setting};
use model::{Action, CaptureId, Kind, PersonId};
use pipeline::Outbox;
use redactor::{OutboxKey, RedactedPage};
use seal::sshsig;
use serde_json::json;
use vault::{Shelf, State};

use crate::args::{EvidenceCommand, ExportArgs};
use crate::commands::supervisor::write_new;
use crate::commands::unseal::{self, Hands, Own};
use crate::commands::witness::own_folder;
use crate::context::Context;
use crate::failure::{failure, refused, usage};
use crate::site::{Site, failed, noted};

const HOUR_MILLIS: i64 = 3_600_000;

/// Pages that are held at a time.
const PAGES: u32 = 200;

/// Most entries of the log that one capture may bring.
const ENTRIES: u32 = 10_000;

pub(crate) async fn run(context: &Context, command: EvidenceCommand) -> anyhow::Result<()> {
    match command {
        EvidenceCommand::Ask { case, recipient, reason, legal_basis, captures, unredacted, hours, out } => {
            let site = context.site().await?;
            let (_access, principal, _permit) = context.permit_in(&site, Action::ExportEvidence, Some(&case)).await?;
            access::Cases::new(site.store.clone(), site.journal.clone()).find(&case).await.map_err(failed)?;
            let issued = site.clock.now();
            let grant = Disclosure {
                case,
                edition: if unredacted { Edition::Unredacted } else { Edition::Redacted },
                requester: principal.person().clone(),
                recipient,
                reason,
                legal_basis,
                issued,
                not_after: issued.plus_millis(i64::from(hours) * HOUR_MILLIS),
                captures: Some(captures.into_iter().collect())
                    .filter(|captures: &std::collections::BTreeSet<_>| !captures.is_empty()),
            };
            let text = grant.to_text().map_err(failed)?;
            write_new(&out, text.as_bytes())?;
            context.output().show(
                &json!({ "file": out, "grant": text, "not_after": grant.not_after.to_string() }),
                |to| {
                    writeln!(
                        to,
                        "wrote {}: have other supervisors sign it with `lanthorn evidence sign`",
                        out.display()
                    )
                },
            )
        }
        EvidenceCommand::Sign { file, keys } => sign(context, &file, &keys),
        EvidenceCommand::Export(args) => export(context, &args).await,
        EvidenceCommand::Recipients { case } => recipients::list(context, &case).await,
        EvidenceCommand::Correct { case, note, out } => recipients::correct(context, &case, &note, &out).await,
        EvidenceCommand::Explain { pack } => crate::commands::verify::explain(context, &pack),
    }
}

/// On the approver's own machine: no data folder is needed.
fn sign(context: &Context, file: &Path, keys: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let grant = Disclosure::parse(&text).map_err(failed)?;
    let folder = KeyFolder::open(keys).map_err(failed)?;
    if *folder.person() == grant.requester {
        return Err(refused("refused by rule `others-approve`: whoever asks for a disclosure cannot approve it"));
    }
    for line in text.lines() {
        context.tell(line);
    }
    let key = folder.unlock(&context.passphrase(folder.person().as_str())?).map_err(failed)?;
    let signature = sshsig::sign(DISCLOSURE_NAMESPACE, text.as_bytes(), key.signing_key());
    let armoured = sshsig::armoured(DISCLOSURE_NAMESPACE, &signature, &key.signing_key().verifying_key());
    let to = signature_of(file, folder.person());
    write_new(&to, armoured.as_bytes())?;
    context.output().show(&json!({ "file": to, "signer": folder.person() }), |out| {
        writeln!(
            out,
            "{} approved the disclosure of case {} to {}: {}",
            folder.person(),
            grant.case,
            grant.recipient,
            to.display()
        )
    })
}

fn signature_of(file: &Path, person: &PersonId) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{person}.sig"));
    PathBuf::from(name)
}

async fn export(context: &Context, args: &ExportArgs) -> anyhow::Result<()> {
    let text = fs::read_to_string(&args.grant).with_context(|| format!("failed to read {}", args.grant.display()))?;
    let grant = Disclosure::parse(&text).map_err(failed)?;
    let making = args.out.with_extension("new");
    if args.out.exists() || making.exists() {
        return Err(usage(format!("{} or {} exists; name a new folder", args.out.display(), making.display())));
    }
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit_in(&site, Action::ExportEvidence, Some(&grant.case)).await?;
    let refusal = || principal.act(ActKind::Refusal).case(&grant.case).detail("asked", "export");
    let folder = KeyFolder::open(&args.keys).map_err(failed)?;
    noted(&site, refusal, own_folder(&folder, &principal)).await?;
    drop(folder);
    let threshold = site.epoch().await?.threshold();
    let approvals =
        noted(&site, refusal, approved(&site, &grant, &args.grant, &text, threshold, principal.person()).await).await?;
    let hands = Hands::open(context, Own { keys: &args.keys, log_key: args.log_key.as_deref() })?;

    let mut originals = Vec::new();
    for request in &args.originals {
        let to = args.to.as_deref().ok_or_else(|| usage("--original needs --to"))?;
        let asked = unseal::own(&site, &principal, *request).await?;
        let case = Shelf::new(&site.layout.vault(), site.store.clone()).find(asked.capture).await.map_err(failed)?.case;
        let named = if case == grant.case && grant.names(asked.capture) {
            unseal::in_case(&site, &access, &principal, Action::OpenOriginal, &case).await.map(drop)
        } else {
            Err(refused(format!("refused by rule `named-captures`: the grant does not name capture {}", asked.capture)))
        };
        noted(&site, refusal, named).await?;
        // It is kept when the pack is: until then it stays in memory.
        originals.push(unseal::disclosed(&site, &principal, &asked, &hands, to, |_| Ok(())).await?);
    }
    site.settle_log().await;
    let of_the_case = gathering::of_the_case(&site, &grant).await?;
    let setting = setting(&site, grant.clone(), approvals, threshold, &hands.unlocked, &of_the_case).await?;
    let made =
        write(context, &site, &principal, args, &making, setting, of_the_case.entries, &originals, &hands.unlocked)
            .await;
    if made.is_err() {
        let _ = fs::remove_dir_all(&making);
    }
    let written = made?;
    let manifest: String = written.manifest_sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    let act = principal
        .act(ActKind::Disclosure)
        .case(&grant.case)
        .recipient(&grant.recipient)
        .reason("pack", &grant.reason)
        .detail("edition", grant.edition.as_str())
        .detail("captures", written.captures)
        .detail("originals", originals.len())
        .detail("manifest_sha256", &manifest);
    let intent = site.journal.intend_now(act).await.map_err(failed)?;
    let named = fs::rename(&making, &args.out);
    let outcome = if named.is_ok() { Outcome::Done } else { Outcome::Failed("unavailable") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    site.settle_log().await;
    named.with_context(|| format!("failed to name the pack {}", args.out.display()))?;
    let shown = json!({
        "pack": args.out, "captures": written.captures, "originals": originals.len(), "bytes": written.bytes,
        "manifest_sha256": manifest,
    });
    context.output().show(&shown, |out| {
        writeln!(
            out,
            "wrote {}: {} captures, {} originals, {} bytes",
            args.out.display(),
            written.captures,
            originals.len(),
            written.bytes
        )?;
        writeln!(out, "the log knows it as manifest {manifest}; HOW-TO-VERIFY.txt says how it is checked")
    })
}

/// The approvals that lie beside the grant, each held against the key that its supervisor has enrolled.
async fn approved(
    site: &Site,
    grant: &Disclosure,
    file: &Path,
    text: &str,
    threshold: usize,
    by: &PersonId,
) -> anyhow::Result<Vec<Approval>> {
    if grant.requester != *by {
        return Err(refused(format!("refused by rule `own-request`: the grant is {}'s", grant.requester)));
    }
    if site.clock.now() > grant.not_after {
        return Err(refused(format!(
            "refused by rule `grant-alive`: the grant ended at {}; ask anew",
            grant.not_after
        )));
    }
    let mut approvals = Vec::new();
    for (person, key) in site.signers().await? {
        let path = signature_of(file, &person);
        if person == grant.requester || !path.exists() {
            continue;
        }
        let armoured = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        let good = sshsig::read(DISCLOSURE_NAMESPACE, &armoured).is_some_and(|(signer, signature)| {
            signer == key && sshsig::verifies(DISCLOSURE_NAMESPACE, text.as_bytes(), &signature, &key)
        });
        if !good {
            return Err(refused(format!(
                "refused by rule `approved-disclosure`: {} is no signature of this grant by the key that {person} has enrolled",
                path.display()
            )));
        }
        let signer = sshsig::allowed_signer(DISCLOSURE_NAMESPACE, &person, &key);
        approvals.push(Approval { person, signature: armoured, signer });
    }
    if approvals.len() < threshold {
        return Err(refused(format!(
            "refused by rule `approved-disclosure`: {} of {threshold} supervisors have approved; others sign with `lanthorn evidence sign {}`",
            approvals.len(),
            file.display()
        )));
    }
    Ok(approvals)
}

async fn setting(
    site: &Site,
    disclosure: Disclosure,
    approvals: Vec<Approval>,
    threshold: usize,
    unlocked: &client::Unlocked,
    of_the_case: &gathering::OfTheCase,
) -> anyhow::Result<Setting> {
    let case =
        access::Cases::new(site.store.clone(), site.journal.clone()).find(&disclosure.case).await.map_err(failed)?;
    let registry = Registry::new(site.store.clone());
    let mut authorisations = Vec::new();
    for entry in registry.list().await.map_err(failed)?.into_iter().filter(|entry| entry.case == disclosure.case) {
        let signed = registry.find(entry.id).await.map_err(failed)?;
        let (not_before, not_after) = (signed.document.not_before(), signed.document.not_after());
        authorisations.push(Authority {
            not_before,
            not_after,
            id: entry.id,
            summary: signed.document.summary(),
            document: signed.to_toml(),
        });
    }
    authorisations.sort_by_key(|authority| authority.id);
    let mut gaps: BTreeMap<(String, String), u64> = BTreeMap::new();
    for host in crawler::status(&site.store, &disclosure.case).await.map_err(failed)? {
        for (rule, count) in &host.refused {
            *gaps.entry((host.site.clone(), format!("links not followed: rule `{rule}`"))).or_default() += count;
        }
        if host.retired > 0 {
            *gaps.entry((host.site.clone(), "pages given up".to_owned())).or_default() += host.retired;
        }
        if host.waiting > 0 {
            *gaps.entry((host.site.clone(), "pages not visited yet".to_owned())).or_default() += host.waiting;
        }
    }
    Ok(Setting {
        approvals,
        threshold: u16::try_from(threshold).unwrap_or(u16::MAX),
        signers: vec![sshsig::allowed_signer(
            PACK_NAMESPACE,
            unlocked.person(),
            &unlocked.signing_key().verifying_key(),
        )],
        made: site.clock.now(),
        site: site.config.site.name.clone(),
        case_title: case.title,
        tool: format!("lanthorn {}", env!("CARGO_PKG_VERSION")),
        authorisations,
        gaps: gaps.into_iter().map(|((site, what), count)| Gap { site, what, count }).collect(),
        unused: unused(site, &disclosure).await?,
        about_others: of_the_case.about_others,
        clock_checks: of_the_case.clock_checks.clone(),
        disclosure,
    })
}

/// Captures of the case that the grant does not name.
async fn unused(site: &Site, grant: &Disclosure) -> anyhow::Result<Vec<CaptureId>> {
    if grant.captures.is_none() {
        return Ok(Vec::new());
    }
    let outbox = Outbox::new(site.store.clone());
    let (mut after, mut unused) = (0, Vec::new());
    loop {
        let rows = outbox.after(&grant.case, after, PAGES).await.map_err(failed)?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        unused.extend(rows.iter().map(|row| row.capture).filter(|capture| !grant.names(*capture)));
    }
    unused.sort();
    Ok(unused)
}

#[expect(clippy::too_many_arguments, reason = "everything that goes into a pack, once, here")]
async fn write(
    context: &Context,
    site: &Site,
    principal: &Principal,
    args: &ExportArgs,
    to: &Path,
    setting: Setting,
    about_the_case: Vec<Opening>,
    originals: &[unseal::DisclosedOriginal],
    unlocked: &client::Unlocked,
) -> anyhow::Result<evidence::Written> {
    let (grant, tool) = (setting.disclosure.clone(), setting.tool.clone());
    let recipient = args.to.as_deref().unwrap_or_default();
    let key = OutboxKey::load(&site.layout.outbox_key()).map_err(failed).with_context(|| {
        let path = site.layout.outbox_key();
        format!("what was redacted is checked with {} before it leaves; where users are separate, export as the crawl's user", path.display())
    })?;
    let (outbox, shelf) = (Outbox::new(site.store.clone()), Shelf::new(&site.layout.vault(), site.store.clone()));
    let archive = match grant.edition {
        Edition::Unredacted => Some(unredacted::archive(&setting, recipient, originals)?),
        Edition::Redacted => None,
    };
    let mut pack = Pack::begin(to, setting).map_err(failed)?;
    let (mut after, mut last_entry, mut found) = (0, 0, 0);
    loop {
        let rows = outbox.after(&grant.case, after, PAGES).await.map_err(failed)?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows.iter().filter(|row| grant.names(row.capture)) {
            let sealed = shelf.find(row.capture).await.map_err(failed)?;
            if sealed.state != State::Sealed {
                continue;
            }
            let page = RedactedPage::from_row(&row.page, &key).map_err(failed)?;
            let openings = openings(site, &Filter { capture: Some(row.capture), ..Filter::default() }).await?;
            last_entry = openings.iter().map(|opening| opening.entry).fold(last_entry, i64::max);
            pack.capture(&sealed, &page, openings).map_err(failed)?;
            found += 1;
        }
    }
    if found == 0 {
        return Err(failure(Kind::Unavailable, "the grant names no capture that is kept"));
    }
    last_entry = about_the_case.iter().map(|opening| opening.entry).fold(last_entry, i64::max);
    pack.entries(about_the_case);
    for original in originals {
        let approvals: Vec<Approval> = original.approvals.iter().map(approval).collect();
        pack.original(original.capture, recipient, &original.file, &original.grant, &approvals).map_err(failed)?;
    }
    if let Some(archive) = archive {
        pack.unredacted(&archive).map_err(failed)?;
    }
    let archive = pack.close_archive().map_err(failed)?;
    let others = timing::of_the_archive(context, site, principal, args, &archive, &tool).await?;
    pack.stamp_archive(others.asked, others.tokens);
    let last_entry = u64::try_from(last_entry).unwrap_or_default();
    let mut log = signed_log(site, last_entry).await?;
    for stamp in timing::of_the_log(site, last_entry, log.checkpoint().size)? {
        pack.stamp(stamp);
    }
    let vkey = fs::read_to_string(site.layout.log().join("log.vkey")).context("failed to read the log's public key")?;
    let sign = |manifest: &[u8]| {
        let signature = sshsig::sign(PACK_NAMESPACE, manifest, unlocked.signing_key());
        sshsig::armoured(PACK_NAMESPACE, &signature, &unlocked.signing_key().verifying_key())
    };
    pack.finish(&mut log, &vkey, others.signed, sign).map_err(failed)
}

fn approval(approved: &client::Approved) -> Approval {
    Approval { person: approved.person.clone(), signature: approved.signature.clone(), signer: approved.signer.clone() }
}

async fn openings(site: &Site, filter: &Filter) -> anyhow::Result<Vec<Opening>> {
    site.journal.openings(filter, ENTRIES).await.map_err(failed)
}

/// The log, once its checkpoint covers the entry.
async fn signed_log(site: &Site, entry: u64) -> anyhow::Result<Log> {
    for _ in 0..40 {
        site.settle_log().await;
        let log = Log::open(&site.layout.log(), None).map_err(failed)?;
        if log.checkpoint().size > entry {
            return Ok(log);
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    Err(failure(
        Kind::Unavailable,
        "the log has not signed the newest entries within ten seconds: is `lanthorn log` running?",
    ))
}
