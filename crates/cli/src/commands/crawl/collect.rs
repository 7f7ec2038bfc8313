//! Collecting: one process, one way to the network, and a crew for each case.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use access::{Cases, Principal};
use audit::{ActKind, Collector};
use crawler::{Accounts, CrawlKey, Frontier, Limits, Registry, Transport};
use indexer::Indexer;
use model::{Action, CaseId, Kind, Label};
use pipeline::{
    Crawl, Ended, Indexing, IndexingSettings, Line, NoWatch, Outbox, Parts, Progress, Recovered, RunOptions, Stage,
    StageTimes, Watch,
};
use redactor::{OutboxKey, Redactor, TokenKey};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};
use vault::Vault;

use super::progress::{self, Board};
use crate::args::ProgressKind;
use crate::commands::{alert, selector};
use crate::context::Context;
use crate::failure::{failure, refused};
use crate::signal;
use crate::site::{Site, failed};

/// Cases that one process crawls at the same time.
const MAX_CASES: usize = 64;

/// What all crews of a process share.
pub(super) struct House {
    pub(super) site: Site,
    transport: Arc<dyn Transport>,
    network: &'static str,
    /// Pages on their way at once, over all cases: whoever waits longest comes first.
    turns: Arc<Semaphore>,
    times: Arc<StageTimes>,
    board: Board,
    _alone: File,
}

impl House {
    /// Takes the one place of a crawl on the data folder and opens the way to the network.
    pub(super) async fn open(
        context: &Context,
        site: Site,
        workers: usize,
        progress: ProgressKind,
    ) -> anyhow::Result<Self> {
        let alone = site.alone("crawl")?;
        let network = context.composition.network.name(&site);
        context.tell(&format!("pages are asked for through {network}"));
        let board = Board::new(progress);
        let opening: CaseId = "network".parse().map_err(|_| failure(Kind::Internal, "a word is no name"))?;
        let line = board.line(&opening);
        let transport = context.composition.network.open(&site, |told| line.say(told)).await;
        line.finish();
        let times = Arc::new(StageTimes::default());
        super::metrics::serve(&site, Arc::clone(&times))?;
        let turns = Arc::new(Semaphore::new(workers.max(1)));
        Ok(Self { site, transport: transport?, network, turns, times, board, _alone: alone })
    }

    /// In one-user mode, where no `lanthorn log` runs beside it, the crawl signs the log itself.
    pub(super) async fn sign_behind(&self, stopped: watch::Receiver<bool>) -> Option<tokio::task::JoinHandle<()>> {
        let sequencer = self.site.sequencer().await.ok()?;
        Some(tokio::spawn(async move {
            if let Err(error) = sequencer.run(stopped).await {
                tracing::error!(%error, "the log is not signed any more");
            }
        }))
    }
}

/// One case, ready to be crawled.
pub(super) struct Crew {
    site: Site,
    case: CaseId,
    crawl: Crawl,
    frontier: Frontier,
    recovered: Recovered,
    times: Arc<StageTimes>,
    options: RunOptions,
    principal: Arc<Principal>,
    line: progress::Line,
    run: i64,
}

/// How a crew's work ended.
pub(super) struct Report {
    case: CaseId,
    ended: Ended,
    progress: Progress,
    recovered: Recovered,
    times: Arc<StageTimes>,
    hidden: BTreeMap<Label, u64>,
}

/// Crawls some cases at once until each has an end.
pub(super) async fn run(
    context: &Context,
    cases: &[CaseId],
    options: RunOptions,
    progress: ProgressKind,
) -> anyhow::Result<()> {
    let mut cases = cases.to_vec();
    cases.dedup();
    if cases.len() > MAX_CASES {
        return Err(crate::failure::usage(format!("one process crawls {MAX_CASES} cases at most")));
    }
    let site = context.site().await?;
    let (access, principal, _permit) = context.permit_in(&site, Action::RunCrawl, cases.first()).await?;
    for case in cases.iter().skip(1) {
        let _permit = access.permit_in(&principal, Action::RunCrawl, Some(case)).await?;
    }
    let principal = Arc::new(principal);
    let house = House::open(context, site, options.workers, progress).await?;
    let mut crews = Vec::new();
    for case in &cases {
        crews.push(Crew::ready(context, &house, case, &principal, options).await?);
    }
    let (stop, stopped) = signal::stop();
    let signer = house.sign_behind(stopped.clone()).await;
    let working = futures_util::future::join_all(crews.into_iter().map(|crew| crew.work(stopped.clone(), None)));
    let reports = working.await;
    let _ = stop.send(true);
    if let Some(signer) = signer {
        let _ = signer.await;
    }
    house.site.settle_log().await;
    let reports: Vec<Report> = reports.into_iter().collect::<anyhow::Result<_>>()?;
    tell(context, &reports)
}

impl Crew {
    /// Composes a case's crawl, puts in order what a kill may have left, and notes that it begins.
    pub(super) async fn ready(
        context: &Context,
        house: &House,
        case: &CaseId,
        principal: &Arc<Principal>,
        mut options: RunOptions,
    ) -> anyhow::Result<Self> {
        // A journal and a store of its own: its receipts are one case's.
        let site = context.site().await?;
        Cases::new(site.store.clone(), site.journal.clone()).find_open(case).await.map_err(failed)?;
        options.index_every = Duration::from_secs(site.config.index.commit_seconds.max(1));
        let (crawl, frontier) = compose(context, &site, case, house).await?;
        let recovered = crawl.recover().await.map_err(failed)?;
        tell_recovered(context, recovered);
        seed(&site, case, &frontier).await?;
        let confinement = crate::guard::confinement().as_str();
        let act = principal.act(ActKind::CrawlStart).case(case).detail("network", house.network);
        site.journal.note_now(act.detail("confinement", confinement)).await.map_err(failed)?;
        let mut tx = site.store.begin().await.map_err(failed)?;
        let run = crawler::begin_run(&mut tx, case, site.clock.now()).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        let (times, line) = (Arc::clone(&house.times), house.board.line(case));
        let (case, principal) = (case.clone(), Arc::clone(principal));
        Ok(Self { site, case, crawl, frontier, recovered, times, options, principal, line, run })
    }

    /// Works until there is an end: of the pages, of the time that was given, or of everything.
    pub(super) async fn work(
        self,
        mut all: watch::Receiver<bool>,
        longest: Option<Duration>,
    ) -> anyhow::Result<Report> {
        let (stop, stopped) = watch::channel(false);
        let (over, ended) = watch::channel(false);
        let trusting = trust_anew(&self.site, self.frontier.clone());
        let living = tokio::spawn(self.line.clone().live(self.site.clone(), self.run, stop.clone(), ended));
        let asking = {
            let stop = stop.clone();
            tokio::spawn(async move {
                let time = async {
                    match longest {
                        Some(longest) => tokio::time::sleep(longest).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    _ = all.wait_for(|stop| *stop) => {}
                    () = time => {}
                }
                let _ = stop.send(true);
            })
        };
        let shown = self.line.clone();
        let running = self.crawl.run(self.options, stopped, move |progress, due| {
            shown.seen(progress, due.map(|due| due.reason.as_str()));
        });
        let drain = Duration::from_secs(self.site.config.crawl.drain_seconds);
        let ended = tokio::select! {
            biased; // an end that came in time counts
            ended = running => ended.map_err(failed),
            () = signal::drained(stop.subscribe(), drain) => Err(failure(
                Kind::Interrupted,
                "stopped: pages on their way did not end in time and are given up; they are asked for again by the next crawl",
            )),
        };
        trusting.abort();
        asking.abort();
        let _ = over.send(true);
        let _ = living.await;
        self.line.finish();
        let mut act = self.principal.act(ActKind::CrawlStop).case(&self.case);
        act = match &ended {
            Ok((ended, progress)) => act.detail("ended", word(ended)).detail("kept", progress.kept),
            Err(_) => act.detail("ended", "failed"),
        };
        self.site.journal.note_now(act).await.map_err(failed)?;
        self.site.settle_log().await;
        let (ended, progress) = ended?;
        let hidden = self.crawl.hidden();
        Ok(Report { case: self.case, ended, progress, recovered: self.recovered, times: self.times, hidden })
    }
}

/// Everything a crawl is made of, each part given what it needs and nothing else.
async fn compose(context: &Context, site: &Site, case: &CaseId, house: &House) -> anyhow::Result<(Crawl, Frontier)> {
    let trust = site.trust().await?;
    let key = CrawlKey::load(&site.layout.crawl_key(case)).map_err(failed)?;
    Accounts::new(site.store.clone()).publish(case, &key).await.map_err(failed)?;
    let frontier = Frontier::new(site.store.clone(), key, case.clone(), trust);
    let (profiles, rejected) = site.profiles().await?;
    for rejected in rejected {
        context.tell(&format!("the profile file {} is not used: {}", rejected.file, rejected.why));
    }
    frontier.know_login_pages(profiles.list().filter_map(|(name, ..)| Some((name, profiles.login_page(name)?))));
    let collector = Collector::take(site.journal.clone()).map_err(failed)?;
    let epoch = site.epoch().await?;
    let vault = Arc::new(Vault::new(&site.layout.vault(), site.store.clone(), collector, &epoch));
    let outbox_key = Arc::new(OutboxKey::load(&site.layout.outbox_key()).map_err(failed)?);
    let watch: Arc<dyn Watch> = Arc::new(Both {
        times: Arc::clone(&house.times),
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
    )
    .noticed_by(alert::at_ingest(site, case));
    let line = Line::new(Parts {
        store: site.store.clone(),
        journal: site.journal.clone(),
        transport: Arc::clone(&house.transport),
        frontier: frontier.clone(),
        vault,
        redactor: Redactor::new(TokenKey::load(&site.layout.token_key(case)).map_err(failed)?),
        outbox_key,
        profiles,
        limits: Limits::default(),
        clock: site.clock.clone(),
        watch,
    });
    selector::work(site, case).await?;
    Ok((Crawl::new(line, indexing).sharing(Arc::clone(&house.turns)), frontier))
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

fn tell_recovered(context: &Context, recovered: Recovered) {
    if recovered != Recovered::default() {
        context.tell(&format!(
            "an earlier run ended in the middle: {} acts closed as `outcome unknown`, {} pages taken back, {} sealed files nobody was promised removed, {} pages brought into the index",
            recovered.unknown_outcomes, recovered.leases, recovered.orphans, recovered.indexed
        ));
    }
}

impl Report {
    /// Why it ended, for people.
    pub(super) fn reason(&self) -> String {
        match &self.ended {
            Ended::Idle(due) => due.reason.clone(),
            Ended::Enough => "as many pages as were asked for".to_owned(),
            Ended::Stopped => "it was asked to stop".to_owned(),
        }
    }

    fn json(&self) -> Value {
        let stages: Vec<_> = self
            .times
            .totals()
            .into_iter()
            .map(|(stage, passes, time)| json!({ "stage": stage.as_str(), "passes": passes, "millis": time.as_millis() }))
            .collect();
        json!({
            "case": self.case, "ended": word(&self.ended), "reason": self.reason(), "pages": self.progress,
            "recovered": self.recovered, "stages": stages, "redactions": self.hidden,
        })
    }
}

/// One case's report is an object; several are a list.
fn tell(context: &Context, reports: &[Report]) -> anyhow::Result<()> {
    let shown = match reports {
        [one] => one.json(),
        several => several.iter().map(Report::json).collect(),
    };
    context.output().show(&shown, |out| {
        for report in reports {
            if reports.len() > 1 {
                writeln!(out, "case {}", report.case)?;
            }
            writeln!(out, "{}", progress::words(&report.progress))?;
            if !report.hidden.is_empty() {
                let counts: Vec<_> = report.hidden.iter().map(|(label, count)| format!("{count} {label}")).collect();
                writeln!(out, "hidden: {}", counts.join(", "))?;
            }
            writeln!(out, "ended: {}", report.reason())?;
        }
        Ok(())
    })?;
    if reports.iter().any(|report| matches!(report.ended, Ended::Stopped)) {
        return Err(failure(Kind::Interrupted, "stopped; everything that was begun is finished and kept"));
    }
    Ok(())
}

const fn word(ended: &Ended) -> &'static str {
    match ended {
        Ended::Idle(_) => "idle",
        Ended::Enough => "enough",
        Ended::Stopped => "stopped",
    }
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
