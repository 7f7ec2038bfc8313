//! `lanthorn audit stamp` and `stamps`: the time of others under the log's checkpoints.
//!
//! Beside the log, in `stamps/`: `N.checkpoint`, the signed note of N entries, byte for byte; for each authority A
//! `N-A.tsq`, the query, on the disk before it is sent; and `N-A.tsr`, the reply; each whole or not there at all. A query without a reply waits. An outside
//! expert needs `openssl ts -verify -data N.checkpoint -in N-A.tsr -CAfile ROOTS` and nothing of ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use audit::{ActKind, Checkpoint, Log, LogVerifier, Outcome, verify_consistency};
use model::{Action, Kind};
use rand::rngs::OsRng;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use timestamp::{MAX_REPLY_BYTES, Query, Stamp};

use crate::commands::audit::archives;
use crate::commands::audit::clock::ClockCheck;
use crate::commands::epoch::replace;
use crate::commands::supervisor::log_verifier;
use crate::context::Context;
use crate::failure::failure;
use crate::network::Stamping;
use crate::site::{Site, failed};
use crate::terminal::table;

const HOUR_MILLIS: i64 = 3_600_000;

/// Queries that one run sends to one authority at most: after weeks offline the next run goes on.
const MOST: usize = 32;

/// A query that was written, and the reply if it has come.
struct Kept {
    entries: u64,
    authority: String,
    query: Query,
    stamp: Option<Stamp>,
}

impl Kept {
    fn file(&self, folder: &Path, extension: &str) -> PathBuf {
        folder.join(format!("{}-{}.{extension}", self.entries, self.authority))
    }
}

pub(super) async fn stamp(context: &Context, now: bool) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit(&site, Action::ReadStatus).await?;
    let authorities = &site.config.timestamp.authorities;
    if authorities.is_empty() {
        return Err(failure(
            Kind::Usage,
            "no authority is configured: name one or two under [timestamp] in lanthorn.toml",
        ));
    }
    site.settle_log().await;
    let folder = site.layout.stamps();
    fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    for url in authorities {
        ask_for(&site, &folder, url, now)?;
    }
    let waiting: Vec<_> = kept(&folder)?.into_iter().filter(|kept| kept.stamp.is_none()).collect();
    let archives = archives::waiting(&site.layout.archive_stamps())?;
    let queries = waiting.len() + archives.len();
    let (mut stamped, mut failures, mut clocks) = (Vec::new(), Vec::new(), Vec::new());
    if queries > 0 {
        let act = principal.act(ActKind::Stamp).detail("queries", queries);
        let intent = site.journal.intend_now(act).await.map_err(failed)?;
        match Stamping::open(&context.composition.network, context.composition.post.as_ref(), &site, |_| {}).await {
            Err(error) => failures.push(format!("{error:#}")),
            Ok(way) => {
                for url in authorities {
                    for one in waiting.iter().filter(|one| one.authority == name(url)).take(MOST) {
                        let asked = site.clock.now();
                        match send(&way, &folder, url, one).await {
                            Ok(stamp) => {
                                clocks.push(ClockCheck::new(url, asked, site.clock.now(), stamp.time));
                                stamped.push(json!({ "entries": one.entries, "authority": url, "time": stamp.time }))
                            }
                            Err(why) => failures.push(format!("{url}: {why}")),
                        }
                    }
                    for one in archives.iter().filter(|one| one.authority() == name(url)).take(MOST) {
                        match one.send(&way, url).await {
                            Ok(stamp) => stamped.push(json!({
                                "archive": one.digest(), "authority": url, "time": stamp.time, "file": one.reply_file(),
                            })),
                            Err(why) => failures.push(format!("{url}: {why}")),
                        }
                    }
                }
            }
        }
        let outcome = if failures.is_empty() { Outcome::Done } else { Outcome::Failed("some wait for the next time") };
        site.journal.close_now(intent, outcome).await.map_err(failed)?;
        for check in &clocks {
            site.journal.note_now(check.told(principal.act(ActKind::Stamp))).await.map_err(failed)?;
        }
        site.settle_log().await;
    }
    let left = queries - stamped.len();
    context.output().show(&json!({ "stamped": stamped, "waiting": left, "failures": failures }), |out| {
        for one in &stamped {
            match one["archive"].as_str() {
                None => writeln!(out, "{} entries stamped by {} at {}", one["entries"], one["authority"], one["time"])?,
                Some(digest) => writeln!(
                    out,
                    "the archive with SHA-256 {digest} stamped by {} at {}: hand {} to whoever has the pack",
                    one["authority"], one["time"], one["file"]
                )?,
            }
        }
        failures.iter().try_for_each(|why| writeln!(out, "not yet: {why}"))?;
        writeln!(out, "{} new time stamps; {left} queries wait in the queue", stamped.len())
    })?;
    match failures.first() {
        None => Ok(()),
        Some(first) => Err(failure(Kind::Unavailable, format!("{left} queries wait; run it again later: {first}"))),
    }
}

/// Writes a query for the newest checkpoint, unless this authority has stamped a little while ago or is being asked.
fn ask_for(site: &Site, folder: &Path, url: &str, now: bool) -> anyhow::Result<()> {
    let authority = name(url);
    let log = Log::open(&site.layout.log(), None).map_err(failed)?;
    let entries = log.checkpoint().size;
    let theirs: Vec<_> = kept(folder)?.into_iter().filter(|kept| kept.authority == authority).collect();
    let latest = theirs.iter().filter_map(|kept| kept.stamp.as_ref()).map(|stamp| stamp.time).max();
    let after = i64::from(site.config.timestamp.every_hours) * HOUR_MILLIS;
    let young = latest.is_some_and(|latest| site.clock.now().since_millis(latest) < after);
    if theirs.iter().any(|kept| kept.entries == entries || kept.stamp.is_none()) || (young && !now) {
        return Ok(());
    }
    let checkpoint = folder.join(format!("{entries}.checkpoint"));
    if !checkpoint.exists() {
        replace(&checkpoint, log.note().as_bytes())?;
    }
    // The file as it lies there: another authority may have been asked about it before.
    let digest = Sha256::digest(fs::read(&checkpoint).context("failed to read a checkpoint")?).into();
    let query = Query::new(digest, &mut OsRng);
    replace(&folder.join(format!("{entries}-{authority}.tsq")), &query.to_der())
}

async fn send(way: &Stamping, folder: &Path, url: &str, one: &Kept) -> anyhow::Result<Stamp> {
    let reply = way.ask(url, one.query.to_der()).await.map_err(|why| failure(Kind::Unavailable, why))?;
    let stamp = one.query.read(&reply).map_err(failed)?;
    replace(&one.file(folder, "tsr"), &reply)?;
    Ok(stamp)
}

/// An authority's name in file names: its URL's hash, so that none has to be escaped.
pub(crate) fn name(url: &str) -> String {
    Sha256::digest(url.as_bytes())[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All queries, in the order of their checkpoints.
fn kept(folder: &Path) -> anyhow::Result<Vec<Kept>> {
    let mut found = Vec::new();
    let Ok(files) = fs::read_dir(folder) else { return Ok(found) };
    for file in files {
        let path = file.context("failed to read the time stamps")?.path();
        let words = path.file_name().and_then(|file| file.to_str()?.strip_suffix(".tsq")?.split_once('-'));
        let Some((Ok(entries), authority)) = words.map(|(entries, name)| (entries.parse(), name.to_owned())) else {
            continue;
        };
        let query = Query::from_der(&fs::read(&path).context("failed to read a query")?).map_err(failed)?;
        let reply = path.with_extension("tsr");
        let stamp = if reply.exists() { Some(query.read(&bounded(&reply)?).map_err(failed)?) } else { None };
        found.push(Kept { entries, authority, query, stamp });
    }
    found.sort_by(|a, b| (a.entries, &a.authority).cmp(&(b.entries, &b.authority)));
    Ok(found)
}

/// Checkpoints that were stamped, in their order: how many entries, and by whom.
pub(crate) fn kept_stamps(folder: &Path) -> anyhow::Result<Vec<(u64, String)>> {
    let stamped = kept(folder)?.into_iter().filter(|one| one.stamp.is_some());
    Ok(stamped.map(|one| (one.entries, one.authority)).collect())
}

fn bounded(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).with_context(|| format!("failed to read {}", path.display()))?;
    std::io::Read::read_to_end(&mut std::io::Read::take(file, MAX_REPLY_BYTES as u64 + 1), &mut bytes)?;
    Ok(bytes)
}

pub(super) async fn list(context: &Context, ca: Option<&Path>) -> anyhow::Result<()> {
    let site = context.site().await?;
    site.settle_log().await;
    let folder = site.layout.stamps();
    let verifier = log_verifier(&site, None)?;
    let mut rows = Vec::new();
    for one in kept(&folder)? {
        let Some(stamp) = &one.stamp else { continue };
        of_this_log(&site, &folder, &verifier, &one)?;
        if let Some(ca) = ca {
            judged(&folder, &one, ca)?;
        }
        rows.push(json!({
            "entries": one.entries, "time": stamp.time, "policy": stamp.policy, "serial": stamp.serial,
            "authority": one.authority, "signature": if ca.is_some() { "holds" } else { "not judged" },
        }));
    }
    context.output().show(&rows, |out| {
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let names = ["entries", "time", "policy", "serial", "authority", "signature"];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| names.iter().map(|name| text(&row[*name])).collect()).collect();
        table(out, &["ENTRIES", "TIME", "POLICY", "SERIAL", "AUTHORITY", "SIGNATURE"], &rows)
    })
}

/// The stamped checkpoint is signed by this log, its digest is the one that was asked about, and today's tree goes on from it.
fn of_this_log(site: &Site, folder: &Path, verifier: &LogVerifier, one: &Kept) -> anyhow::Result<()> {
    let bad = |why: &str| failure(Kind::CheckFailed, format!("the time stamp at {} entries: {why}", one.entries));
    let note = bounded(&folder.join(format!("{}.checkpoint", one.entries)))?;
    if Sha256::digest(&note)[..] != one.query.digest()[..] {
        return Err(bad("its checkpoint is not the one that was stamped"));
    }
    let then = Checkpoint::open(&note, verifier).map_err(|_| bad("its checkpoint is not signed by this log"))?;
    let mut log = Log::open(&site.layout.log(), None).map_err(failed)?;
    let proof = log.consistency_proof(then.size).map_err(failed)?;
    let now = log.checkpoint().clone();
    let goes_on = verify_consistency(then.size, now.size, &then.root, &now.root, &proof);
    if goes_on { Ok(()) } else { Err(bad("the log does not go on from it: history was rewritten")) }
}

fn judged(folder: &Path, one: &Kept, ca: &Path) -> anyhow::Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.args(["ts", "-verify", "-data"]).arg(folder.join(format!("{}.checkpoint", one.entries)));
    openssl.arg("-in").arg(one.file(folder, "tsr")).arg("-CAfile").arg(ca);
    let ran = openssl.stdin(Stdio::null()).output().context("failed to run `openssl`, which judges time stamps")?;
    if ran.status.success() {
        return Ok(());
    }
    Err(failure(
        Kind::CheckFailed,
        format!("OpenSSL refuses the time stamp at {} entries under these roots", one.entries),
    ))
}
