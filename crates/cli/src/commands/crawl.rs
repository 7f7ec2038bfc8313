//! `lanthorn crawl`: collect pages of a case, and tell how it stands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use access::{Cases, Principal};
use audit::{ActKind, Collector};
use crawler::{CrawlKey, Frontier, Limits, Registry, Transport};
use indexer::Indexer;
use indicatif::ProgressBar;
use model::{Action, CaseId, Kind, Label};
use page::Profiles;
use pipeline::{
    Crawl, Ended, Indexing, IndexingSettings, Line, NoWatch, Outbox, Parts, Progress, Recovered, RunOptions, Stage,
    StageTimes, Watch,
};
use redactor::{OutboxKey, Redactor, TokenKey};
use serde_json::json;
use tokio::sync::watch;
use vault::Vault;

use crate::args::CrawlCommand;
use crate::context::Context;
use crate::failure::{failure, refused};
use crate::signal;
use crate::site::{Site, failed};
use crate::terminal::table;

pub(crate) async fn run(context: &Context, command: CrawlCommand) -> anyhow::Result<()> {
    match command {
        CrawlCommand::Run { case, until_idle, max_wait, workers, max_pages } => {
            let options = RunOptions {
                workers: usize::from(workers),
                until_idle,
                max_wait: Duration::from_secs(max_wait),
                max_pages,
                ..RunOptions::default()
            };
            collect(context, &case, options).await
        }
        CrawlCommand::Status { case } => status(context, &case).await,
        CrawlCommand::Why { case, site } => why(context, &case, &site).await,
        CrawlCommand::Pause { case, reason } => pause(context, &case, Some(&reason)).await,
        CrawlCommand::Resume { case, site: None } => pause(context, &case, None).await,
        CrawlCommand::Resume { case, site: Some(label) } => release(context, &case, &label).await,
    }
}

async fn collect(context: &Context, case: &CaseId, mut options: RunOptions) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let _alone = site.alone("crawl")?;
    options.index_every = Duration::from_secs(site.config.index.commit_seconds.max(1));
    let times = Arc::new(StageTimes::default());
    Cases::new(site.store.clone(), site.journal.clone()).find_open(case).await.map_err(failed)?;
    let bar = ProgressBar::new_spinner(); // on standard error, and only on a terminal
    bar.enable_steady_tick(Duration::from_millis(200));
    let network = context.composition.network.name(&site);
    context.tell(&format!("pages are asked for through {network}"));
    let transport = context.composition.network.open(&site, |told| bar.set_message(told)).await;
    let transport = transport.inspect_err(|_| bar.finish_and_clear())?;
    let (crawl, frontier) = compose(context, &site, case, &times, transport).await?;
    let recovered = crawl.recover().await.map_err(failed)?;
    tell_recovered(context, recovered);
    seed(&site, case, &frontier).await?;
    let confinement = crate::guard::confinement().as_str();
    let act =
        principal.act(ActKind::CrawlStart).case(case).detail("network", network).detail("confinement", confinement);
    site.journal.note_now(act).await.map_err(failed)?;

    let (stop, stopped) = signal::stop();
    let signer = sign_behind(&site, stopped.clone()).await;
    let trusting = trust_anew(&site, frontier);
    let shown = bar.clone();
    let running = crawl.run(options, stopped, move |progress, due| {
        let waits = due.map(|due| format!("; waiting: {}", due.reason)).unwrap_or_default();
        shown.set_message(format!("{}{waits}", line(&progress)));
    });
    let ended = tokio::select! {
        biased; // an end that came in time counts
        ended = running => ended.map_err(failed),
        () = signal::drained(stop.subscribe(), Duration::from_secs(site.config.crawl.drain_seconds)) => Err(failure(
            Kind::Interrupted,
            "stopped: pages on their way did not end in time and are given up; they are asked for again by the next crawl",
        )),
    };
    bar.finish_and_clear();
    trusting.abort();
    let _ = stop.send(true);
    if let Some(signer) = signer {
        let _ = signer.await;
    }
    stop_noted(&site, &principal, case, ended.as_ref().ok()).await?;
    let (ended, progress) = ended?;
    tell(context, case, &ended, progress, recovered, &times, &crawl.hidden())
}

/// Everything a crawl is made of, each part given what it needs and nothing else.
async fn compose(
    context: &Context,
    site: &Site,
    case: &CaseId,
    times: &Arc<StageTimes>,
    transport: Arc<dyn Transport>,
) -> anyhow::Result<(Crawl, Frontier)> {
    let trust = site.trust().await?;
    let key = CrawlKey::load(&site.layout.crawl_key(case)).map_err(failed)?;
    let frontier = Frontier::new(site.store.clone(), key, case.clone(), trust);
    let collector = Collector::take(site.journal.clone()).map_err(failed)?;
    let epoch = site.epoch().await?;
    let vault = Arc::new(Vault::new(&site.layout.vault(), site.store.clone(), collector, &epoch));
    let outbox_key = Arc::new(OutboxKey::load(&site.layout.outbox_key()).map_err(failed)?);
    let watch: Arc<dyn Watch> = Arc::new(Both {
        times: Arc::clone(times),
        other: context.composition.watch.clone().unwrap_or_else(|| Arc::new(NoWatch)),
    });
    let indexing = Indexing::new(
        case.clone(),
        Outbox::new(site.store.clone()),
        Arc::clone(&vault),
        Arc::clone(&outbox_key),
        Indexer::open(&site.layout.index(case)).map_err(failed)?,
        Arc::clone(&watch),
        IndexingSettings { commit_documents: site.config.index.commit_documents },
    );
    let line = Line::new(Parts {
        store: site.store.clone(),
        journal: site.journal.clone(),
        transport,
        frontier: frontier.clone(),
        vault,
        redactor: Redactor::new(TokenKey::load(&site.layout.token_key(case)).map_err(failed)?),
        outbox_key,
        profiles: Profiles::builtin(),
        limits: Limits::default(),
        clock: site.clock.clone(),
        watch,
    });
    Ok((Crawl::new(line, indexing), frontier))
}

/// The frontier begins at what the authorisations in force name. Pages that are known already stay as they are.
async fn seed(site: &Site, case: &CaseId, frontier: &Frontier) -> anyhow::Result<()> {
    let registry = Registry::new(site.store.clone());
    let active = registry.active(case, &site.trust().await?, site.clock.now()).await.map_err(failed)?;
    if active.is_empty() {
        return Err(refused(format!(
            "refused by rule `authorisation-in-force`: no authorisation of case {case} is in force; \
             `lanthorn authorisation list` shows what is registered, `lanthorn authorisation add FILE` registers one"
        )));
    }
    for authorised in &active {
        let mut tx = site.store.begin().await.map_err(failed)?;
        frontier.seed(&mut tx, authorised, &[]).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
    }
    Ok(())
}

/// In one-user mode, where no `lanthorn log` runs beside it, the crawl signs the log itself.
async fn sign_behind(site: &Site, stopped: watch::Receiver<bool>) -> Option<tokio::task::JoinHandle<()>> {
    let sequencer = site.sequencer().await.ok()?;
    Some(tokio::spawn(async move {
        if let Err(error) = sequencer.run(stopped).await {
            tracing::error!(%error, "the log is not signed any more");
        }
    }))
}

/// People change while a crawl runs: whose signatures count is read again every so often.
fn trust_anew(site: &Site, frontier: Frontier) -> tokio::task::JoinHandle<()> {
    let (site, every) = (site.clone(), Duration::from_secs(site.config.crawl.recheck_seconds));
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(every).await;
            match site.trust().await {
                Ok(trust) => frontier.trust(trust),
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "who may authorise could not be read again")
                }
            }
        }
    })
}

async fn stop_noted(
    site: &Site,
    principal: &Principal,
    case: &CaseId,
    ended: Option<&(Ended, Progress)>,
) -> anyhow::Result<()> {
    let mut act = principal.act(ActKind::CrawlStop).case(case);
    act = match ended {
        Some((ended, progress)) => act.detail("ended", word(ended)).detail("kept", progress.kept),
        None => act.detail("ended", "failed"),
    };
    site.journal.note_now(act).await.map_err(failed)?;
    site.settle_log().await;
    Ok(())
}

fn tell_recovered(context: &Context, recovered: Recovered) {
    if recovered != Recovered::default() {
        context.tell(&format!(
            "an earlier run ended in the middle: {} acts closed as `outcome unknown`, {} pages taken back, {} sealed files nobody was promised removed, {} pages brought into the index",
            recovered.unknown_outcomes, recovered.leases, recovered.orphans, recovered.indexed
        ));
    }
}

fn tell(
    context: &Context,
    case: &CaseId,
    ended: &Ended,
    progress: Progress,
    recovered: Recovered,
    times: &StageTimes,
    hidden: &BTreeMap<Label, u64>,
) -> anyhow::Result<()> {
    let reason = match ended {
        Ended::Idle(due) => due.reason.clone(),
        Ended::Enough => "as many pages as were asked for".to_owned(),
        Ended::Stopped => "it was asked to stop".to_owned(),
    };
    let stages: Vec<_> = times
        .totals()
        .into_iter()
        .map(|(stage, passes, time)| json!({ "stage": stage.as_str(), "passes": passes, "millis": time.as_millis() }))
        .collect();
    let shown = json!({
        "case": case, "ended": word(ended), "reason": reason, "pages": progress, "recovered": recovered, "stages": stages,
        "redactions": hidden,
    });
    context.output().show(&shown, |out| {
        writeln!(out, "{}", line(&progress))?;
        if !hidden.is_empty() {
            let counts: Vec<_> = hidden.iter().map(|(label, count)| format!("{count} {label}")).collect();
            writeln!(out, "hidden: {}", counts.join(", "))?;
        }
        writeln!(out, "ended: {reason}")
    })?;
    match ended {
        Ended::Stopped => Err(failure(Kind::Interrupted, "stopped; everything that was begun is finished and kept")),
        Ended::Idle(_) | Ended::Enough => Ok(()),
    }
}

const fn word(ended: &Ended) -> &'static str {
    match ended {
        Ended::Idle(_) => "idle",
        Ended::Enough => "enough",
        Ended::Stopped => "stopped",
    }
}

fn line(progress: &Progress) -> String {
    let faults =
        if progress.failed > 0 { format!(", {} to be asked for again", progress.failed) } else { String::new() };
    format!(
        "{} pages kept, {} in the index, {} requests with nothing to keep{faults}",
        progress.kept, progress.indexed, progress.turned_back
    )
}

async fn status(context: &Context, case: &CaseId) -> anyhow::Result<()> {
    let site = context.site().await?;
    let hosts = crawler::status(&site.store, case).await.map_err(failed)?;
    context.output().show(&hosts, |out| {
        let rows: Vec<_> = hosts
            .iter()
            .map(|host| {
                let refused: u64 = host.refused.values().sum();
                vec![
                    host.site.clone(),
                    host.state.as_str().to_owned(),
                    host.waiting.to_string(),
                    host.done.to_string(),
                    host.retired.to_string(),
                    refused.to_string(),
                    host.held.clone().unwrap_or_else(|| host.reason.clone()),
                ]
            })
            .collect();
        table(out, &["SITE", "STATE", "WAITING", "VISITED", "NOT TO BE", "LINKS REFUSED", "REASON"], &rows)
    })
}

async fn why(context: &Context, case: &CaseId, label: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let lines = crawler::why(&site.store, case, label).await.map_err(failed)?;
    context.output().show(&lines, |out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))
}

async fn release(context: &Context, case: &CaseId, label: &str) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let released = crawler::release(&mut tx, case, label).await.map_err(failed)?;
    let act = principal.act(ActKind::CrawlStart).case(case).detail("step", "site released").detail("site", label);
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    context.output().show(&json!({ "case": case, "site": label, "released": released }), |out| match released {
        0 => writeln!(out, "{label} was not held, and none of its forms of address was given up"),
        _ => writeln!(out, "{label} goes on"),
    })
}

async fn pause(context: &Context, case: &CaseId, reason: Option<&str>) -> anyhow::Result<()> {
    let site = context.site().await?;
    let (_access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, Some(case)).await?;
    let mut tx = site.store.begin().await.map_err(failed)?;
    let act = principal.act(ActKind::CrawlStop).case(case);
    let (changed, act) = match reason {
        Some(reason) => {
            let changed = crawler::pause(&mut tx, case, principal.person(), reason).await.map_err(failed)?;
            (changed, act.reason("paused", reason))
        }
        None => {
            let changed = crawler::resume(&mut tx, case).await.map_err(failed)?;
            (changed, principal.act(ActKind::CrawlStart).case(case).detail("step", "resumed"))
        }
    };
    site.journal.note(&mut tx, act).await.map_err(failed)?;
    tx.commit().await.map_err(failed)?;
    site.settle_log().await;
    let word = if reason.is_some() { "paused" } else { "resumed" };
    context.output().show(&json!({ "case": case, word: changed }), |out| {
        writeln!(out, "{word}: {changed} authorisation(s) of case {case}")
    })
}

/// Adds up times, and lets somebody else watch, too.
struct Both {
    times: Arc<StageTimes>,
    other: Arc<dyn Watch>,
}

impl Watch for Both {
    fn enter(&self, stage: Stage) -> Result<(), pipeline::Error> {
        self.times.enter(stage)?;
        self.other.enter(stage)
    }

    fn leave(&self, stage: Stage, took: Duration) {
        self.times.leave(stage, took);
        self.other.leave(stage, took);
    }
}
