//! `lanthorn supervisor epoch`: a certificate comes into force, a first one or one that refreshes an epoch's shares.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use audit::{ActKind, Outcome};
use model::Action;
use seal::EpochCertificate;
use serde_json::json;

use crate::commands::supervisor::write_new;
use crate::context::Context;
use crate::failure::refused;
use crate::site::{Site, failed, noted, read_certificate};

pub(crate) async fn install(context: &Context, file: &Path) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::InstallEpoch).await?;
    let certificate = read_certificate(file)?;
    let believed = async { site.believe(&chain(&site, &certificate)?).await };
    let refusal = || principal.act(ActKind::Refusal).detail("asked", "epoch");
    let epoch = noted(&site, refusal, believed.await).await?;
    // Believed as a link of the chain, so that what it claims of itself holds.
    let (_, generation) = certificate.claims().map_err(failed)?;
    let step = if generation == 0 { "installed" } else { "refreshed" };
    let act = principal.act(ActKind::Epoch).epoch(epoch.id()).detail("step", step);
    let act = act.detail("certificate", epoch.fingerprint()).detail("generation", generation);
    let intent = site.journal.intend_now(act).await.map_err(failed)?;
    let bytes = certificate.to_bytes();
    let named = match generation {
        0 => site.layout.epoch_of(epoch.id()),
        _ => site.layout.epoch_refreshed(epoch.id(), generation),
    };
    if !named.exists() {
        write_new(&named, &bytes)?;
    }
    // A refresh changes who holds shares, not what crawlers seal to.
    if generation == 0 {
        replace(&site.layout.epoch(), &bytes)?;
    }
    site.journal.close_now(intent, Outcome::Done).await.map_err(failed)?;
    site.settle_log().await;
    let members: Vec<_> = epoch.members().map(|(_, member)| member.person().clone()).collect();
    let shown = json!({
        "epoch": epoch.id(), "generation": epoch.generation(), "threshold": epoch.threshold(), "members": members,
    });
    context.output().show(&shown, |out| {
        let (id, threshold, count) = (epoch.id(), epoch.threshold(), members.len());
        match generation {
            0 => writeln!(out, "crawlers seal to epoch {id} from now on: {threshold} of {count} open an original"),
            _ => writeln!(
                out,
                "the shares of epoch {id} are those of refresh {generation}: {threshold} of {count} open an original"
            ),
        }
    })
}

/// The certificate and all that it goes on from. A second refresh of the same shares is refused: those who took part in the
/// first have destroyed what it would start from.
fn chain(site: &Site, certificate: &EpochCertificate) -> anyhow::Result<Vec<EpochCertificate>> {
    let (epoch, generation) = certificate.claims().map_err(failed)?;
    if generation == 0 {
        // Installed again, a first certificate means the epoch as it is now.
        return site.refreshed(certificate.clone());
    }
    let first = site.layout.epoch_of(epoch);
    if !first.exists() {
        return Err(refused(format!(
            "refused by rule `known-epoch`: the certificate refreshes epoch {epoch}, which is not installed here; install its first certificate before"
        )));
    }
    let mut chain = site.refreshed(read_certificate(&first)?)?;
    let place = usize::try_from(generation).unwrap_or(usize::MAX);
    match chain.get(place) {
        Some(installed) if installed.to_bytes() != certificate.to_bytes() => Err(refused(format!(
            "refused by rule `one-refresh`: refresh {generation} of epoch {epoch} is installed, and it is another one; plan the next refresh from it"
        ))),
        Some(_) => {
            chain.truncate(place + 1);
            Ok(chain)
        }
        None if place == chain.len() => {
            chain.push(certificate.clone());
            Ok(chain)
        }
        None => Err(refused(format!(
            "refused by rule `one-after-another`: the certificate is refresh {generation} of epoch {epoch}, and {} are installed; install those between first",
            chain.len() - 1
        ))),
    }
}

/// Whole or not at all: whoever reads it meets the old file or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    write_new(&beside, bytes)?;
    fs::rename(&beside, path).with_context(|| format!("failed to write {}", path.display()))
}
