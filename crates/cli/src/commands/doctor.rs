//! `lanthorn doctor`: every dependency and setting, each with a verdict and what to do.

use std::path::Path;

use access::Cases;
use audit::LogKey;
use model::Kind;
use redactor::OutboxKey;
use serde::Serialize;
use vault::Shelf;

use crate::confinement::Confinement;
use crate::context::Context;
use crate::failure::failure;
use crate::site::Site;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Good,
    Note,
    Bad,
}

#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    verdict: Verdict,
    says: String,
    kind: &'static str,
}

/// Collects findings; whatever fails becomes one, so that one fault does not hide the next.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn good(&mut self, what: &'static str, says: impl Into<String>) {
        self.0.push(Finding { what, verdict: Verdict::Good, says: says.into(), kind: "" });
    }
    fn note(&mut self, what: &'static str, says: impl Into<String>) {
        self.0.push(Finding { what, verdict: Verdict::Note, says: says.into(), kind: "" });
    }
    fn damaged(&mut self, what: &'static str, says: impl Into<String>) {
        self.0.push(Finding { what, verdict: Verdict::Bad, says: says.into(), kind: "damaged" });
    }
    fn lacking(&mut self, what: &'static str, says: impl Into<String>) {
        self.0.push(Finding { what, verdict: Verdict::Bad, says: says.into(), kind: "lacking" });
    }
}

pub(crate) async fn run(context: &Context, deep: bool, online: bool) -> anyhow::Result<()> {
    let site = context.site().await?;
    let mut findings = Findings::default();
    process(&mut findings);
    keys(&mut findings, &site);
    epoch(&mut findings, &site).await;
    network(&mut findings, context, &site, online).await;
    crawls(&mut findings, &site).await;
    profiles(&mut findings, &site).await;
    extraction(&mut findings, &site).await;
    if deep {
        database(&mut findings, &site).await;
        log(&mut findings, &site).await;
        vault(&mut findings, &site).await;
        authorisations(&mut findings, &site).await;
        indexes(&mut findings, &site);
    }
    let findings = findings.0;
    context.output().show(&findings, |out| {
        for finding in &findings {
            let mark = match finding.verdict {
                Verdict::Good => "good",
                Verdict::Note => "note",
                Verdict::Bad => "BAD ",
            };
            writeln!(out, "{mark}  {:<15} {}", finding.what, finding.says)?;
        }
        Ok(())
    })?;
    let bad: Vec<_> = findings.iter().filter(|finding| finding.verdict == Verdict::Bad).collect();
    let Some(first) = bad.first() else { return Ok(()) };
    let kind = if bad.iter().any(|finding| finding.kind == "damaged") { Kind::Damaged } else { Kind::Unavailable };
    Err(failure(
        kind,
        format!("{} of {} findings are bad; the first: {}: {}", bad.len(), findings.len(), first.what, first.says),
    ))
}

/// What of the crawls waits for a person.
async fn crawls(findings: &mut Findings, site: &Site) {
    match crawler::counts(&site.store).await {
        Err(error) => findings.damaged("crawls", error.to_string()),
        Ok(counts) => {
            let held = counts.hosts.get("held").copied().unwrap_or_default();
            if held > 0 {
                findings.note(
                    "crawls",
                    format!("{held} host(s) are held by a login wall, a CAPTCHA or their account; `lanthorn crawl status` says which"),
                );
            }
            match (counts.signed_in, counts.signed_out) {
                (0, 0) => {}
                (open, 0) => findings.good("accounts", format!("{open} have an open session")),
                (open, shut) => findings.note(
                    "accounts",
                    format!("{open} have an open session and {shut} have none; `lanthorn account list CASE` says why"),
                ),
            }
            if counts.missed > 0 {
                findings.note(
                    "crawls",
                    format!(
                        "{} scheduled run(s) were missed so far; `lanthorn crawl schedule CASE` says of which",
                        counts.missed
                    ),
                );
            }
            if held == 0 && counts.missed == 0 {
                findings.good("crawls", "none is held, and no scheduled run was missed");
            }
        }
    }
    match site.config.crawl.metrics_port {
        0 => findings.note("metrics", "are not offered; [crawl] metrics_port names a port of the loopback address"),
        port => findings.good("metrics", format!("are offered on 127.0.0.1:{port} while a crawl runs")),
    }
}

/// Whether every profile that lies there counts.
async fn profiles(findings: &mut Findings, site: &Site) {
    match site.profiles().await {
        Err(error) => findings.lacking("profiles", format!("{error:#}")),
        Ok((profiles, rejected)) => match rejected.first() {
            None => {
                findings.good("profiles", format!("{} are known, each built in or signed", profiles.list().count()))
            }
            Some(first) => findings.damaged(
                "profiles",
                format!("{} file(s) are not used; the first: {}: {}", rejected.len(), first.file, first.why),
            ),
        },
    }
}

/// How well the sites of open cases are read: what lost its structure is told here, too.
async fn extraction(findings: &mut Findings, site: &Site) {
    let cases = match Cases::new(site.store.clone(), site.journal.clone()).list().await {
        Ok(cases) => cases,
        Err(error) => return findings.damaged("extraction", error.to_string()),
    };
    let (mut read, mut alarms) = (0_usize, 0_usize);
    for case in cases.iter().filter(|case| case.open) {
        let sites = match pipeline::health(&site.store, &case.case).await {
            Ok(sites) => sites,
            Err(error) => return findings.damaged("extraction", error.to_string()),
        };
        read += sites.len();
        for health in &sites {
            let Some(alarm) = &health.alarm else { continue };
            alarms += 1;
            findings.note("extraction", format!("case {}, {}: {alarm}", case.case, health.site));
        }
    }
    match (read, alarms) {
        (0, _) => findings.note("extraction", "nothing has been read yet"),
        (read, 0) => findings.good("extraction", format!("{read} site(s) are read as well as before")),
        _ => {}
    }
}

fn process(findings: &mut Findings) {
    if crate::guard::core_dumps_are_off() {
        findings.good("core dumps", "are off");
    } else {
        findings.lacking(
            "core dumps",
            "could not be switched off: a crash could leave page text on a disk; set `ulimit -c 0`",
        );
    }
    if crate::guard::keep_in_memory() {
        findings.good("memory", "can be locked: secrets are not swapped to a disk while they are used");
    } else {
        findings.note(
            "memory",
            "is limited, so that it is not locked: give supervisors' machines `ulimit -l unlimited`, or encrypt their swap",
        );
    }
    match crate::confinement::possible() {
        Confinement::Full => findings.good("confinement", "a crawl reaches its data folder and nothing else of this machine"),
        Confinement::Partial => findings.note(
            "confinement",
            "this kernel enforces a part of it: a crawl reaches no other files; a newer one (6.7) also keeps it from offering ports",
        ),
        Confinement::None => findings.note(
            "confinement",
            "this kernel has no Landlock, so that a crawl is held by its user's rights alone: give it a user of its own",
        ),
    }
}

fn keys(findings: &mut Findings, site: &Site) {
    let separated = site.layout.is_separated();
    match (LogKey::load(&site.layout.log_key()), OutboxKey::load(&site.layout.outbox_key())) {
        (Ok(_), Ok(_)) if separated => findings.lacking(
            "separate users",
            "the folder is made for separate users, and this one reads the keys of both crawl and log: run nothing as root, and put nobody into both",
        ),
        (Err(_), Err(_)) if separated => {
            findings.good("separate users", "this user reads neither the crawl's keys nor the log's: right for people's commands");
        }
        (Ok(_), Ok(_)) => findings.note(
            "separate users",
            "one-user mode: this user can read the crawl's and the log's keys, so that whoever takes the crawl over can rewrite what nobody has witnessed yet. Good for a laptop and the demo; a unit runs `lanthorn separate`",
        ),
        (Err(_), Ok(_)) | (Ok(_), Err(_)) => findings.good("separate users", "the keys of crawl and log are not both readable here"),
        (Err(log), Err(_)) => findings.lacking("keys", format!("no key of this data folder can be read: failed to {log}")),
    }
}

async fn epoch(findings: &mut Findings, site: &Site) {
    match site.epoch().await {
        Ok(epoch) => findings.good("epoch", format!("{} is certified by all its supervisors; {} of {} open an original", epoch.id(), epoch.threshold(), epoch.members().len())),
        Err(error) if site.layout.epoch().exists() => findings.damaged("epoch", format!("{error:#}")),
        Err(_) => findings.note("epoch", "none is installed, so nothing can be collected: `lanthorn supervisor keygen`, then `lanthorn supervisor epoch FILE`"),
    }
}

/// Only opening the way to the network shows whether it can be opened; and that is seen from outside, so that it is
/// done when asked for.
async fn network(findings: &mut Findings, context: &Context, site: &Site, online: bool) {
    let name = context.composition.network.name(site);
    if !online {
        return findings.note("network", format!("{name}; `lanthorn doctor --online` sees whether it can be reached"));
    }
    let Ok(_alone) = site.alone("crawl") else {
        return findings.note("network", "is in use by a crawl; `lanthorn crawl status CASE` says how that goes");
    };
    match context.composition.network.open(site, |_| {}).await {
        Ok(_) => findings.good("network", format!("{name} can be reached")),
        Err(error) => findings.lacking("network", format!("{error:#}")),
    }
}

async fn database(findings: &mut Findings, site: &Site) {
    match site.store.check().await {
        Ok(report) => findings.good("database", report.to_string()),
        Err(error) => findings.damaged("database", format!("failed to {error}")),
    }
}

async fn log(findings: &mut Findings, site: &Site) {
    site.settle_log().await;
    match audit::verify_with_store(&site.layout.log(), None, &site.store).await {
        Ok(report) => {
            findings.good("log", format!("{} entries, each in the signed tree", report.entries));
            let open = report.journal.map_or(0, |journal| journal.open_intents);
            if open > 0 {
                findings.note("intents", format!("{open} acts are announced and not closed: running now, or ended by a crash; the next crawl closes those as `outcome unknown`"));
            }
        }
        Err(fault) => findings.damaged("log", fault.to_string()),
    }
}

async fn vault(findings: &mut Findings, site: &Site) {
    let shelf = Shelf::new(&site.layout.vault(), site.store.clone());
    match shelf.check_all().await {
        Ok(report) => {
            match report.faults.first() {
                None => findings.good(
                    "vault",
                    format!("{} originals are as they were sealed, {} are erased", report.sealed, report.erased),
                ),
                Some(first) => findings.damaged("vault", format!("{} faults; the first: {first}", report.faults.len())),
            }
            if report.strays > 0 {
                findings.note(
                    "vault files",
                    format!(
                        "{} files were left by a crash and promised to nobody; the next crawl removes them",
                        report.strays
                    ),
                );
            }
        }
        Err(error) => findings.damaged("vault", format!("failed to {error}")),
    }
}

async fn authorisations(findings: &mut Findings, site: &Site) {
    match site.check_authorisations().await {
        Ok(count) => findings.good("authorisations", format!("{count} are as they were signed")),
        Err(error) => findings.damaged("authorisations", format!("{error:#}")),
    }
}

fn indexes(findings: &mut Findings, site: &Site) {
    let folders = std::fs::read_dir(site.layout.indexes())
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>());
    for folder in folders.unwrap_or_default() {
        let case = folder.file_name().and_then(|name| name.to_str()).unwrap_or("?").to_owned();
        match indexer::check(Path::new(&folder)) {
            Ok(report) => findings.good(
                "index",
                format!("{case}: {} documents in {} files, every byte as written", report.documents, report.files),
            ),
            Err(error @ indexer::Error::Version { .. }) => {
                findings.damaged("index", format!("{case}: failed to {error}"));
            }
            Err(error) => findings.damaged(
                "index",
                format!(
                    "{case}: failed to {error}; without its folder `lanthorn crawl run` writes it anew from the outbox"
                ),
            ),
        }
    }
}
