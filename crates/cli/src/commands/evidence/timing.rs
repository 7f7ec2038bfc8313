//! The time of others in a pack: stamps under the log's checkpoints, and one over a domain's signature.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use access::Principal;
use anyhow::Context as _;
use audit::{ActKind, Outcome};
use evidence::{Domain, Stamp};
use model::Kind;
use rand::rngs::OsRng;
use serde_json::Value;
use timestamp::Query;

use crate::args::ExportArgs;
use crate::commands::audit::kept_stamps;
use crate::context::Context;
use crate::failure::{failure, usage};
use crate::network::Stamping;
use crate::site::{Site, failed};

/// For each authority the first stamp that covers an entry, or else the newest.
pub(super) fn of_the_log(site: &Site, entry: u64, size: u64) -> anyhow::Result<Vec<Stamp>> {
    let folder = site.layout.stamps();
    let mut chosen: BTreeMap<String, u64> = BTreeMap::new();
    for (entries, authority) in kept_stamps(&folder)?.into_iter().filter(|(entries, _)| *entries <= size) {
        let known = chosen.entry(authority).or_insert(entries);
        if *known <= entry {
            *known = entries;
        }
    }
    let read = |name: String| fs::read(folder.join(&name)).with_context(|| format!("failed to read {name}"));
    let stamp = |(authority, entries): (String, u64)| {
        Ok(Stamp {
            checkpoint: read(format!("{entries}.checkpoint"))?,
            query: read(format!("{entries}-{authority}.tsq"))?,
            reply: read(format!("{entries}-{authority}.tsr"))?,
            entries,
            authority,
        })
    };
    chosen.into_iter().map(stamp).collect()
}

/// Signs the package for a domain, and has the signature stamped by the first authority that answers.
pub(super) async fn of_the_archive(
    context: &Context,
    site: &Site,
    principal: &Principal,
    args: &ExportArgs,
    (hash, created): (&str, &str),
    software: &str,
) -> anyhow::Result<Option<Value>> {
    let Some(name) = &args.domain else { return Ok(None) };
    let read = |path: &Option<std::path::PathBuf>| {
        let path: &Path =
            path.as_deref().ok_or_else(|| usage("--domain needs --domain-key, --domain-cert and --authority-cert"))?;
        fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
    };
    let key = zeroize::Zeroizing::new(read(&args.domain_key)?);
    let domain = Domain::read(name, &key, &read(&args.domain_cert)?).map_err(failed)?;
    let authority = read(&args.authority_cert)?;
    let made = domain.sign(hash, created).map_err(failed)?;
    let urls = &site.config.timestamp.authorities;
    if urls.is_empty() {
        return Err(usage("no authority is configured: name one or two under [timestamp] in lanthorn.toml"));
    }
    let intent =
        site.journal.intend_now(principal.act(ActKind::Stamp).detail("of", "archive")).await.map_err(failed)?;
    let mut failures = Vec::new();
    let mut reply = None;
    let way = Stamping::open(&context.composition.network, context.composition.post.as_ref(), site, |_| {}).await;
    match &way {
        Err(error) => failures.push(format!("{error:#}")),
        Ok(way) => {
            for url in urls {
                let query = Query::new(made.digest(), &mut OsRng);
                let answer = way
                    .ask(url, query.to_der())
                    .await
                    .and_then(|reply| query.read(&reply).map(|_| reply).map_err(|error| error.to_string()));
                match answer {
                    Ok(answer) => {
                        reply = Some(answer);
                        break;
                    }
                    Err(why) => failures.push(format!("{url}: {why}")),
                }
            }
        }
    }
    let outcome = if reply.is_some() { Outcome::Done } else { Outcome::Failed("no authority answered") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    let reply = reply.ok_or_else(|| {
        let why = failures.join("; ");
        failure(
            Kind::Unavailable,
            format!("no authority stamped the domain's signature; run it again, or leave --domain out: {why}"),
        )
    })?;
    Ok(Some(domain.signed(&made, software, &reply, &authority)))
}
