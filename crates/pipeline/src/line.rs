//! The line: one page's whole way, in one function.

use std::any::Any;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use audit::{Act, ActKind, Actor, Collected, Intent, Journal, Outcome};
use crawler::{
    Advice, Fetched, Found, Frontier, Lease, Leased, Limits, LoginOutcome, LoginShown, NothingDue, Purpose, Transport,
    TransportError,
};
use futures_util::FutureExt as _;
use model::{CaptureId, Clock, HasKind as _, Kind, Label, Sensitive, Timestamp};
use page::{FetchedPage, ParsedPage, Profiles};
use rand::rngs::OsRng;
use redactor::{OutboxKey, RedactedPage, Redactor};
use store::{Store, Tx};
use tokio::sync::Semaphore;
use vault::Vault;

use crate::health::Reading;
use crate::stage::Pass;
use crate::{Error, Outbox, Stage, Watch};

/// Everything one case's line is made of.
pub struct Parts {
    /// The control database.
    pub store: Store,
    /// The log's journal.
    pub journal: Journal,
    /// What pages are asked through: Tor, or a map in memory under test.
    pub transport: Arc<dyn Transport>,
    /// Where pages to visit come from and links go.
    pub frontier: Frontier,
    /// Where originals are sealed.
    pub vault: Arc<Vault>,
    /// The only door from raw to redacted, under this case's token key.
    pub redactor: Redactor,
    /// Marks outbox rows as the redactor's own.
    pub outbox_key: Arc<OutboxKey>,
    /// How sites are read.
    pub profiles: Profiles,
    /// Bounds of one fetch.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
    /// Who watches.
    pub watch: Arc<dyn Watch>,
}

/// How often a page that is on its way looks whether its authorisation still stands.
const REVOCATION_LOOK: Duration = Duration::from_secs(5);

/// What becomes of a fetch whose authorisation is gone.
const REVOKED: TransportError =
    TransportError { advice: Advice::Later, reached: true, what: "its authorisation was revoked while it was fetched" };

/// One case's line; clones are the same line.
#[derive(Clone)]
pub struct Line {
    parts: Arc<Parts>,
    /// As many pages are parsed and redacted at a time as there are cores.
    cores: Arc<Semaphore>,
    /// What was hidden in the pages that were kept.
    hidden: Arc<Mutex<BTreeMap<Label, u64>>>,
}

/// A page that was lent and whose collection is announced: it may be fetched.
pub struct Begun {
    lease: Lease,
    capture: CaptureId,
    intent: Intent,
}

/// What there is to do.
#[expect(clippy::large_enum_variant, reason = "one is made a page, and it moves on at once")]
pub enum Next {
    /// Walk this.
    Page(Begun),
    /// Nothing now.
    Nothing(NothingDue),
}

/// How a page's walk ended; the frontier knows the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sealed, logged, redacted and in the outbox.
    Kept,
    /// Nothing to keep: a redirect, a refusal, a snooze or a failure that the frontier has noted.
    TurnedBack,
    /// It was fetched, and a fault of ours kept it from being kept; it is asked for again after the others.
    Failed,
}

/// Where a page's way forked.
#[expect(clippy::large_enum_variant, reason = "one is made a page, and taken apart at once")]
enum Way {
    /// Through all stages.
    Through(Collected, RedactedPage, Found, Option<Reading>, Timestamp),
    /// There is nothing to keep.
    Back(Intent, Fetched),
    /// A step of a login, answered.
    Login(Intent, LoginAnswer),
}

/// How a site answered a step of a login.
enum LoginAnswer {
    /// With a page.
    Shown(LoginShown),
    /// With anything else.
    Other(Fetched),
}

impl Line {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { parts: Arc::new(parts), cores: Arc::new(Semaphore::new(cores)), hidden: Arc::default() }
    }

    /// How many stretches were hidden under each label, in the pages that this line has kept so far.
    #[must_use]
    pub fn hidden(&self) -> BTreeMap<Label, u64> {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, counts: &BTreeMap<Label, u32>) {
        let mut hidden = self.hidden.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().for_each(|(label, count)| *hidden.entry(*label).or_default() += u64::from(*count));
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Takes from the frontier what is due, for a worker of this name, and says in the log what is about to be done: in one
    /// transaction, so that nothing is lent unannounced or announced without being lent.
    ///
    /// # Errors
    /// When the database or the log failed; then nothing was lent.
    pub async fn begin(&self, worker: &str) -> Result<Next, Error> {
        let parts = &self.parts;
        let mut tx = parts.store.begin().await?;
        let next = match parts.frontier.lease_in(&mut tx, worker).await? {
            Leased::Lease(lease) => {
                let capture = CaptureId::generate(parts.clock.now(), &mut OsRng);
                let intent = parts.journal.intend(&mut tx, announcement(&lease, capture)).await?;
                Next::Page(Begun { lease, capture, intent })
            }
            Leased::Nothing(due) => Next::Nothing(due),
        };
        tx.commit().await?;
        Ok(next)
    }

    /// Takes one page its whole way: announced in the log before it is asked for, sealed before it is read, redacted
    /// before it is stored. Each stage uses up what the one before it made.
    ///
    /// # Errors
    /// When something failed that would fail for every page: the disk, the database, the log.
    pub async fn walk(&self, begun: Begun) -> Result<Step, Error> {
        let Begun { lease, capture, intent } = begun;
        let way = async {
            let (intent, fetched) = self.fetch(intent, &lease, capture).await?;
            let page = match fetched {
                Fetched::Page(page) if lease.purpose() == Purpose::Page => page,
                Fetched::Page(page) if lease.purpose().is_login() => {
                    return match self.parse(page).await {
                        Ok(parsed) => Ok(Way::Login(intent, LoginAnswer::Shown(LoginShown::of(parsed)))),
                        Err(error) => Err(self.abandon(intent, error).await),
                    };
                }
                other if lease.purpose().is_login() => return Ok(Way::Login(intent, LoginAnswer::Other(other))),
                nothing_to_keep => return Ok(Way::Back(intent, nothing_to_keep)),
            };
            let captured_at = page.record().started;
            let collected = self.seal(intent, &lease, &page).await?;
            let mut parsed = self.parse(page).await?;
            parsed.withhold(lease.secrets().map(|secret| Sensitive::new(secret.expose().clone())).collect());
            let found = self.found(&lease, &mut parsed);
            let reading = Reading::of(&parsed);
            let redacted = self.redact(parsed).await?;
            Ok(Way::Through(collected, redacted, found, reading, captured_at))
        };
        // A panic costs the page on which it happened, and nothing else.
        match AssertUnwindSafe(way)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(Error::Panicked { stage: Stage::Lease }))
        {
            Ok(Way::Through(collected, redacted, found, reading, captured_at)) => {
                self.deliver(lease, collected, redacted, found, reading, captured_at).await
            }
            Ok(Way::Back(intent, fetched)) => self.turn_back(lease, intent, fetched).await,
            Ok(Way::Login(intent, answer)) => self.logged_in(lease, intent, answer).await,
            Err(error) => self.fail(lease, error).await,
        }
    }

    async fn fetch(&self, intent: Intent, lease: &Lease, capture: CaptureId) -> Result<(Intent, Fetched), Error> {
        let parts = &self.parts;
        let asking = async {
            let _pass = Pass::begin(&*parts.watch, Stage::Fetch)?;
            Ok(tokio::select! {
                fetched = crawler::fetch(&*parts.transport, lease, capture, parts.limits, &parts.clock) => fetched,
                // Whatever has come by then is dropped: nobody may look at it any more.
                () = self.revoked(lease) => Fetched::Failed(REVOKED),
            })
        };
        match AssertUnwindSafe(asking).catch_unwind().await.unwrap_or_else(panicked(Stage::Fetch)) {
            Ok(fetched) => Ok((intent, fetched)),
            Err(error) => Err(self.abandon(intent, error).await),
        }
    }

    /// Returns when the authorisation of a lease has been revoked.
    async fn revoked(&self, lease: &Lease) {
        loop {
            tokio::time::sleep(REVOCATION_LOOK).await;
            match self.parts.frontier.is_revoked(lease.authorisation()).await {
                Ok(false) => {}
                Ok(true) => return,
                Err(error) => tracing::error!(%error, "whether an authorisation still stands could not be read"),
            }
        }
    }

    async fn seal(&self, intent: Intent, lease: &Lease, page: &FetchedPage) -> Result<Collected, Error> {
        let parts = &self.parts;
        let begun = catch_unwind(AssertUnwindSafe(|| Pass::begin(&*parts.watch, Stage::Seal)));
        let _pass = match begun.unwrap_or_else(panicked(Stage::Seal)) {
            Ok(pass) => pass,
            Err(error) => return Err(self.abandon(intent, error).await),
        };
        let (case, authorisation) = (lease.case().clone(), lease.authorisation());
        Ok(parts.vault.collect(intent, case, authorisation, page.capture(), page.encode()).await?)
    }

    async fn parse(&self, page: FetchedPage) -> Result<ParsedPage, Error> {
        self.on_a_core(Stage::Parse, move |parts| Ok(page::parse(page, &parts.profiles))).await
    }

    fn found(&self, lease: &Lease, parsed: &mut ParsedPage) -> Found {
        Found::read(lease, parsed, self.parts.clock.now())
    }

    async fn redact(&self, parsed: ParsedPage) -> Result<RedactedPage, Error> {
        self.on_a_core(Stage::Redact, move |parts| Ok(parts.redactor.redact(parsed))).await
    }

    /// Redacted row, admitted links and finished lease: all of them, or none.
    async fn deliver(
        &self,
        lease: Lease,
        collected: Collected,
        redacted: RedactedPage,
        found: Found,
        reading: Option<Reading>,
        captured_at: Timestamp,
    ) -> Result<Step, Error> {
        let parts = &self.parts;
        let begun = catch_unwind(AssertUnwindSafe(|| Pass::begin(&*parts.watch, Stage::Outbox)));
        let _pass = match begun.unwrap_or_else(panicked(Stage::Outbox)) {
            Ok(pass) => pass,
            Err(error) => return self.fail(lease, error).await,
        };
        let row = redacted.to_row(&parts.outbox_key);
        // With whatever other pages are finished at this moment: the disk is waited for once.
        let line = self.clone();
        let delivered = parts.store.together(move |tx| {
            Box::pin(async move {
                Outbox::put(tx, &lease, collected, captured_at, &row).await?;
                if let Some(reading) = reading {
                    reading.note(tx, lease.case(), captured_at).await?;
                }
                line.told_lost(tx, &lease, lease.lost_on(&found)).await?;
                Ok(line.parts.frontier.complete(tx, lease, found).await?)
            })
        });
        match delivered.await? {
            Ok(_) => {}
            // It took longer than pages are lent for: the page is somebody else's now, and this capture an orphan.
            Err(Error::Crawler(crawler::Error::LeaseLost)) => return Ok(Step::Failed),
            Err(error) => return Err(error),
        }
        self.count(redacted.counts());
        Ok(Step::Kept)
    }

    /// Gives back a page of which nothing is kept, and closes its announcement, together.
    async fn turn_back(&self, lease: Lease, intent: Intent, fetched: Fetched) -> Result<Step, Error> {
        let parts = &self.parts;
        let outcome = closing(&lease, &fetched);
        let mut tx = parts.store.begin().await?;
        self.told_lost(&mut tx, &lease, lease.lost_by(&fetched)).await?;
        match parts.frontier.turn_back(&mut tx, lease, fetched).await {
            Ok(()) => {}
            Err(crawler::Error::LeaseLost) => {
                drop(tx);
                tx = parts.store.begin().await?;
            }
            Err(error) => return Err(self.abandon(intent, error.into()).await),
        }
        parts.journal.close(&mut tx, intent, outcome).await?;
        tx.commit().await?;
        Ok(Step::TurnedBack)
    }

    /// Gives a step of a login back with what came of it, and closes its announcement with the same words.
    async fn logged_in(&self, lease: Lease, intent: Intent, answer: LoginAnswer) -> Result<Step, Error> {
        let parts = &self.parts;
        let (site, session) = (lease.target().site().to_owned(), lease.account().map(|(_, session)| session));
        let mut tx = parts.store.begin().await?;
        let outcome = match answer {
            LoginAnswer::Shown(shown) => parts.frontier.login_shown(&mut tx, lease, shown).await,
            LoginAnswer::Other(fetched) => parts.frontier.login_turned_back(&mut tx, lease, fetched).await,
        };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(crawler::Error::LeaseLost) => {
                drop(tx);
                parts.journal.close_now(intent, Outcome::Failed("the lease ran out")).await?;
                return Ok(Step::TurnedBack);
            }
            Err(error) => return Err(self.abandon(intent, error.into()).await),
        };
        let closing = match &outcome {
            LoginOutcome::Filled | LoginOutcome::SignedIn => Outcome::Done,
            LoginOutcome::Held(word, why) => {
                tracing::warn!(site, why, "the account of a site is not used any more until somebody has looked");
                Outcome::Failed(word)
            }
            LoginOutcome::Later => Outcome::Failed("no answer"),
        };
        if outcome == LoginOutcome::SignedIn {
            tracing::info!(site, session, "logged in");
        }
        parts.journal.close(&mut tx, intent, closing).await?;
        tx.commit().await?;
        Ok(Step::TurnedBack)
    }

    /// Tells that a session is over: in the log, and to whoever watches.
    async fn told_lost(&self, tx: &mut Tx, lease: &Lease, why: Option<&'static str>) -> Result<(), Error> {
        let (Some(why), Some((label, session))) = (why, lease.account()) else { return Ok(()) };
        let site = lease.target().site();
        tracing::warn!(site, session, why, "the session of a site's account was lost");
        let act = Act::new(ActKind::Account, Actor::Process("crawl"))
            .case(lease.case())
            .authorisation(lease.authorisation())
            .detail("step", "session lost")
            .detail("site", site)
            .detail("account", label)
            .detail("session", session)
            .detail("why", why);
        self.parts.journal.note(tx, act).await?;
        Ok(())
    }

    /// Gives a page back that a fault of ours stopped. Faults that every page would meet stop the crawl, too.
    async fn fail(&self, lease: Lease, error: Error) -> Result<Step, Error> {
        let kind = error.kind();
        tracing::error!(%error, ?kind, "a page could not be kept");
        let mut tx = self.parts.store.begin().await?;
        match self.parts.frontier.fail(&mut tx, lease, &error.to_string()).await {
            Ok(()) => tx.commit().await?,
            Err(crawler::Error::LeaseLost) => {}
            Err(failed) => return Err(failed.into()),
        }
        if kind == Kind::Internal { Ok(Step::Failed) } else { Err(error) }
    }

    /// Records that what was announced failed, and hands the failure on.
    async fn abandon(&self, intent: Intent, error: Error) -> Error {
        let why = format!("{:?}", error.kind()).to_lowercase();
        match self.parts.journal.close_now(intent, Outcome::Failed(&why)).await {
            Ok(()) => error,
            Err(worse) => worse.into(),
        }
    }

    /// Runs work of the processor off the threads that wait, one page for each core.
    async fn on_a_core<T: Send + 'static>(
        &self,
        stage: Stage,
        work: impl FnOnce(&Parts) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        // The semaphore is never closed.
        let _turn = self.cores.acquire().await.map_err(|_| Error::Stopped { stage })?;
        let parts = Arc::clone(&self.parts);
        let work = move || {
            let _pass = Pass::begin(&*parts.watch, stage)?;
            work(&parts)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Panicked { stage })?
    }
}

/// What is said in the log before a page is asked for.
fn announcement(lease: &Lease, capture: CaptureId) -> Act {
    let about = |kind| Act::new(kind, Actor::Process("crawl")).case(lease.case()).authorisation(lease.authorisation());
    // No original is made of a robots.txt or of a login, so that there is no capture to speak of.
    let act = match lease.purpose() {
        Purpose::Page => about(ActKind::Collection).capture(capture),
        Purpose::Robots => about(ActKind::Collection).detail("of", "robots.txt"),
        Purpose::LoginPage => about(ActKind::Account).detail("step", "login page"),
        Purpose::LogIn => about(ActKind::Account).detail("step", "login"),
    };
    match lease.account() {
        Some((label, session)) => {
            act.detail("site", lease.target().site()).detail("account", label).detail("session", session)
        }
        None => act,
    }
}

/// How the announcement of a page of which nothing is kept is closed.
fn closing(lease: &Lease, fetched: &Fetched) -> Outcome<'static> {
    match fetched {
        _ if lease.purpose() == Purpose::Robots => Outcome::Done,
        Fetched::Page(_) => Outcome::Failed("not kept"),
        Fetched::Unchanged => Outcome::Failed("not modified"),
        Fetched::Redirect(_) => Outcome::Failed("redirect"),
        Fetched::Refused(refusal) => Outcome::Refused(refusal.rule().as_str()),
        Fetched::Status(_) => Outcome::Failed("status"),
        Fetched::Backoff { .. } => Outcome::Failed("asked to wait"),
        Fetched::Failed(_) => Outcome::Failed("no answer"),
    }
}

/// What a panic becomes: its message may hold text of the page, and is dropped unread.
pub(crate) fn panicked<T>(stage: Stage) -> impl FnOnce(Box<dyn Any + Send>) -> Result<T, Error> {
    move |_| Err(Error::Panicked { stage })
}
