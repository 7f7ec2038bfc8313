//! The time of others in a pack: stamps under the log's checkpoints, over the archive's records, and over a domain's signature.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use access::Principal;
use anyhow::Context as _;
use audit::{ActKind, Outcome};
use evidence::{Archive, ArchiveStamp, Domain, Stamp};
use model::Kind;
use rand::rngs::OsRng;
use serde_json::Value;
use timestamp::Query;

use crate::args::ExportArgs;
use crate::commands::audit::archives::Waiting;
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

/// What others say of the archive.
#[derive(Default)]
pub(super) struct OfTheArchive {
    /// What a domain signed, with the time of the first authority that answered.
    pub(super) signed: Option<Value>,
    /// How many authorities were asked about the records, and the tokens of those that answered.
    pub(super) asked: usize,
    pub(super) tokens: Vec<ArchiveStamp>,
}

/// Has the records stamped by every configured authority, and the package signed for a domain where one is named. An authority that
/// is silent keeps no pack from leaving: its query waits for `audit stamp`. A domain's signature without a time is none.
pub(super) async fn of_the_archive(
    context: &Context,
    site: &Site,
    principal: &Principal,
    args: &ExportArgs,
    archive: &Archive,
    software: &str,
) -> anyhow::Result<OfTheArchive> {
    let urls = &site.config.timestamp.authorities;
    let Some(name) = &args.domain else {
        return if urls.is_empty() {
            Ok(OfTheArchive::default())
        } else {
            stamped(context, site, principal, archive, None).await.map(|(found, _)| found)
        };
    };
    let read = |path: &Option<std::path::PathBuf>| {
        let path: &Path =
            path.as_deref().ok_or_else(|| usage("--domain needs --domain-key, --domain-cert and --authority-cert"))?;
        fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
    };
    let key = zeroize::Zeroizing::new(read(&args.domain_key)?);
    let domain = Domain::read(name, &key, &read(&args.domain_cert)?).map_err(failed)?;
    let authority = read(&args.authority_cert)?;
    if urls.is_empty() {
        return Err(usage("no authority is configured: name one or two under [timestamp] in lanthorn.toml"));
    }
    let made = domain.sign(&archive.hash, &archive.created).map_err(failed)?;
    let (mut found, reply) = stamped(context, site, principal, archive, Some(made.digest())).await?;
    let reply = reply.map_err(|why| {
        let what = "no authority stamped the domain's signature; run it again, or leave --domain out";
        failure(Kind::Unavailable, format!("{what}: {why}"))
    })?;
    found.signed = Some(domain.signed(&made, software, &reply, &authority));
    Ok(found)
}

type Reply = Result<Vec<u8>, String>;

/// Asks the authorities about the records, and the first that answers about a domain's signature, too.
async fn stamped(
    context: &Context,
    site: &Site,
    principal: &Principal,
    archive: &Archive,
    signature: Option<[u8; 32]>,
) -> anyhow::Result<(OfTheArchive, Reply)> {
    let urls = &site.config.timestamp.authorities;
    let folder = site.layout.archive_stamps();
    let queries = urls.iter().map(|url| Waiting::begin(&folder, url, archive.warc_sha256));
    let queries = queries.collect::<anyhow::Result<Vec<_>>>()?;
    let act = principal.act(ActKind::Stamp).detail("of", "archive").detail("queries", queries.len());
    let intent = site.journal.intend_now(act).await.map_err(failed)?;
    let mut found = OfTheArchive { asked: queries.len(), ..OfTheArchive::default() };
    let (mut reply, mut failures) = (None, Vec::new());
    match &Stamping::open(&context.composition.network, context.composition.post.as_ref(), site, |_| {}).await {
        Err(error) => failures.push(format!("{error:#}")),
        Ok(way) => {
            for (url, query) in urls.iter().zip(&queries) {
                if let (Some(digest), None) = (signature, &reply) {
                    let query = Query::new(digest, &mut OsRng);
                    let answer = way.ask(url, query.to_der()).await;
                    match answer.and_then(|reply| query.read(&reply).map(|_| reply).map_err(|error| error.to_string()))
                    {
                        Ok(answer) => reply = Some(answer),
                        Err(why) => failures.push(format!("{url}: {why}")),
                    }
                }
                match query.insist(way, url).await {
                    Ok(token) => found.tokens.push(token),
                    Err(why) => failures.push(format!("{url}: {why:#}")),
                }
            }
        }
    }
    let outcome = if failures.is_empty() { Outcome::Done } else { Outcome::Failed("some wait for the next time") };
    site.journal.close_now(intent, outcome).await.map_err(failed)?;
    failures.iter().for_each(|why| context.tell(&format!("not stamped yet: {why}; `lanthorn audit stamp` asks again")));
    Ok((found, reply.ok_or_else(|| failures.join("; "))))
}
