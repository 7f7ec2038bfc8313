//! Whatever workers, servers and clocks do, in whatever order: no host is hurried, no ceiling passed, no page lost.
//!
//! Two processes with workers of their own work on one database. A plan of steps is drawn; a model keeps what was lent,
//! used and given back, and every lease is held against it.

use std::collections::{BTreeMap, BTreeSet};

use page::limits::MAX_BODY_BYTES;
use proptest::prelude::*;

use super::*;
use crate::limits::LEASE_MILLIS;

const PAGES: u64 = 40;
const BYTES: u64 = 3 * MAX_BODY_BYTES as u64 + 1_000;
const REQUESTS_PER_MINUTE: u32 = 6;
const DEPTH: u32 = 3;

/// One step of a plan. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    /// A worker asks.
    Ask(u8),
    /// A lease comes back.
    GiveBack(u8, Answer, Then),
    /// A worker forgets its lease; it runs out.
    Forget(u8),
    /// A process is killed and started again.
    Restart(bool),
    /// Time passes, or somebody sets the clock.
    Clock(i64),
}

/// What shares the transaction in which a lease comes back.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// Nothing.
    Alone,
    /// The next lease.
    Next,
    /// The next lease, and before both are on the disk everything stops.
    Cut,
}

/// What a server answered, and what was found.
#[derive(Clone, Debug)]
enum Answer {
    Kept { links: Vec<u8>, kilobytes: u16 },
    Redirect(u8),
    Status(u16),
    Backoff(Option<i64>),
    Way,
    Broken,
    Unasked,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kept = (prop::collection::vec(any::<u8>(), 0..5), 0u16..9_000);
    let answer = prop_oneof![
        6 => kept.prop_map(|(links, kilobytes)| Answer::Kept { links, kilobytes }),
        1 => any::<u8>().prop_map(Answer::Redirect),
        1 => prop::sample::select(vec![404, 500]).prop_map(Answer::Status),
        1 => prop::option::of(0i64..200_000).prop_map(Answer::Backoff),
        1 => Just(Answer::Way),
        1 => Just(Answer::Broken),
        1 => Just(Answer::Unasked),
    ];
    let then = prop_oneof![3 => Just(Then::Alone), 3 => Just(Then::Next), 1 => Just(Then::Cut)];
    let clock = prop_oneof![
        8 => 0i64..POLITE + 2_000,
        2 => 5_000i64..90_000,
        1 => LEASE_MILLIS - 2..LEASE_MILLIS + 2,
        1 => -120_000i64..0,
        1 => DAY - 5..DAY + 5,
    ];
    let step = prop_oneof![
        6 => any::<u8>().prop_map(Step::Ask),
        5 => (any::<u8>(), answer, then).prop_map(|(which, answer, then)| Step::GiveBack(which, answer, then)),
        1 => any::<u8>().prop_map(Step::Forget),
        1 => any::<bool>().prop_map(Step::Restart),
        5 => clock.prop_map(Step::Clock),
    ];
    prop::collection::vec(step, 20..70)
}

/// A lease that is out, as the model sees it.
struct Out {
    lease: Lease,
    process: bool,
    /// Whether the frontier may have taken it back by now.
    lapsed: bool,
}

/// What has happened, told by the steps alone.
#[derive(Default)]
struct Model {
    out: Vec<Out>,
    /// Leases that nobody will give back: until when each is held, and by which process.
    forgotten: BTreeMap<String, (i64, bool)>,
    /// Nothing may be asked of a host before.
    not_before: BTreeMap<String, i64>,
    requests: Vec<i64>,
    pages: u64,
    /// Received, or reserved by leases that are out or were never given back.
    bytes: u64,
    latest: i64,
    finished: BTreeSet<String>,
}

impl Model {
    /// Holds a lease that was just given against everything before it.
    fn lent(&mut self, lease: Lease, process: bool, now: i64) -> Result<(), TestCaseError> {
        let host = server(lease.target().host());
        prop_assert!(now >= self.latest, "lent at {} after a moment of {}", now, self.latest);
        let held = self.out.iter().any(|out| !out.lapsed && server(out.lease.target().host()) == host)
            || self.forgotten.contains_key(&host);
        prop_assert!(!held, "two leases on one server");
        let polite = self.not_before.get(&host).copied().unwrap_or(i64::MIN);
        prop_assert!(now >= polite, "asked {} ms too early", polite.saturating_sub(now));
        self.not_before.insert(host, now + POLITE);

        self.requests.push(now);
        let within = self.requests.iter().filter(|at| now - **at < 60_000).count();
        prop_assert!(within <= REQUESTS_PER_MINUTE as usize, "{} requests within a minute", within);
        self.bytes += lease.byte_limit();
        prop_assert!(self.bytes <= BYTES, "{} bytes used or reserved", self.bytes);
        if lease.purpose() == Purpose::Page {
            self.pages += 1;
            prop_assert!(self.pages <= PAGES, "{} pages lent", self.pages);
            prop_assert!(lease.depth() <= DEPTH, "{} links from a seed", lease.depth());
            let url = lease.target().url();
            prop_assert!(lease.visit() > 0 || !self.finished.contains(url), "a page that was finished is lent again");
        }
        self.latest = now;
        self.out.push(Out { lease, process, lapsed: false });
        Ok(())
    }

    /// After any step: leases that have run out may have been taken back.
    fn lapse(&mut self, now: i64) {
        for out in &mut self.out {
            out.lapsed |= out.lease.until().millis() <= now;
        }
        self.forgotten.retain(|_, (until, _)| now < *until);
    }

    fn rest(&mut self, host: &str, until: i64) {
        let not_before = self.not_before.entry(host.to_owned()).or_insert(i64::MIN);
        *not_before = until.max(*not_before);
    }
}

/// The two processes over one database.
struct House {
    desk: Desk,
    other: Store,
    frontiers: [Frontier; 2],
}

impl House {
    async fn new() -> Self {
        let desk = Desk::new(|draft| {
            draft.ceilings.pages = i64::try_from(PAGES).unwrap();
            draft.ceilings.bytes = i64::try_from(BYTES).unwrap();
            draft.ceilings.requests_per_minute = REQUESTS_PER_MINUTE;
            draft.ceilings.depth = DEPTH;
        })
        .await;
        desk.seed(&["http://ads.example/0", "http://forum.example/0", "http://list.example/0"]).await;
        // Two of the three are one server with two names.
        let update = "UPDATE frontier_hosts SET server = (SELECT server FROM frontier_hosts WHERE site = 'board-b') \
                      WHERE site = 'board-c'";
        let mut tx = desk.store.begin().await.unwrap();
        sqlx::query(update).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let other = Store::open(&desk.folder.path().join("control.db"), desk.clock.clone()).await.unwrap();
        let second = Frontier::new(other.clone(), key(), desk.authorised.case().clone(), desk.trust.clone());
        let frontiers = [desk.frontier.clone(), second];
        Self { desk, other, frontiers }
    }

    fn frontier(&self, process: bool) -> &Frontier {
        &self.frontiers[usize::from(process)]
    }

    fn store(&self, process: bool) -> &Store {
        if process { &self.other } else { &self.desk.store }
    }

    async fn step(&self, model: &mut Model, step: &Step) -> Result<(), TestCaseError> {
        let now = self.desk.clock.now().millis();
        match step {
            Step::Ask(worker) => self.ask(model, worker % 2 == 1).await?,
            Step::GiveBack(which, answer, then) if !model.out.is_empty() => {
                let out = model.out.swap_remove(usize::from(*which) % model.out.len());
                self.give_back(model, out, answer, *then).await?;
            }
            Step::Forget(which) if !model.out.is_empty() => {
                let out = model.out.swap_remove(usize::from(*which) % model.out.len());
                let host = server(out.lease.target().host());
                if !out.lapsed {
                    model.forgotten.insert(host, (out.lease.until().millis(), out.process));
                }
            }
            Step::Restart(process) => {
                let killed: Vec<_> = model.out.iter().filter(|out| out.process == *process && !out.lapsed).collect();
                let hosts: Vec<_> = killed.iter().map(|out| server(out.lease.target().host())).collect();
                let forgotten =
                    model.forgotten.iter().filter(|(_, (_, by))| by == process).map(|(host, _)| host.clone());
                let hosts: Vec<_> = hosts.into_iter().chain(forgotten).collect();
                model.out.retain(|out| out.process != *process);
                model.forgotten.retain(|_, (_, by)| by != process);
                let worker = worker(*process);
                self.frontier(*process).recover(worker).await.unwrap();
                // Their requests ended with the process, a moment ago.
                hosts.iter().for_each(|host| model.rest(host, now + POLITE));
            }
            Step::Clock(millis) => self.desk.advance(*millis),
            Step::GiveBack(..) | Step::Forget(_) => {}
        }
        model.lapse(self.desk.clock.now().millis());
        self.books_balance(model).await
    }

    async fn ask(&self, model: &mut Model, process: bool) -> Result<(), TestCaseError> {
        let now = self.desk.clock.now().millis();
        match self.frontier(process).lease(worker(process)).await.unwrap() {
            Leased::Lease(lease) => model.lent(lease, process, now),
            Leased::Nothing(nothing) => {
                prop_assert!(!nothing.reason.is_empty());
                Ok(())
            }
        }
    }

    async fn give_back(&self, model: &mut Model, out: Out, answer: &Answer, then: Then) -> Result<(), TestCaseError> {
        let Out { lease, process, lapsed } = out;
        let now = self.desk.clock.now().millis();
        let (host, url, reserved) =
            (server(lease.target().host()), lease.target().url().to_owned(), lease.byte_limit());
        let (page, until) = (lease.purpose() == Purpose::Page, lease.until().millis());
        let (used, finished, asked) = match answer {
            Answer::Kept { kilobytes, .. } if page => (u64::from(*kilobytes) * 1_000, true, 0),
            Answer::Backoff(asked) => (0, false, asked.unwrap_or(0)),
            _ => (0, false, 0),
        };
        let used = used.min(reserved); // as `fetch` cuts it
        lease.meter.count(usize::try_from(used).unwrap());
        let (frontier, store) = (self.frontier(process), self.store(process));
        let mut tx = store.begin().await.unwrap();
        let done = match answer {
            Answer::Kept { links, .. } if page => {
                let mut found = Found::on(&lease, self.desk.clock.now());
                for number in links {
                    let (host, _) = HOSTS[usize::from(*number) % HOSTS.len()];
                    found.offer(&link(&format!("http://{host}/{}", number % 16)));
                }
                frontier.complete(&mut tx, lease, found).await.map(drop)
            }
            Answer::Redirect(number) if page => {
                frontier.turn_back(&mut tx, lease, redirect(&format!("/{}", number % 16))).await
            }
            Answer::Unasked if page => frontier.release(&mut tx, lease).await,
            Answer::Way => frontier.turn_back(&mut tx, lease, failed(Advice::Soon, false)).await,
            Answer::Broken => frontier.turn_back(&mut tx, lease, failed(Advice::Later, true)).await,
            Answer::Status(status) => frontier.turn_back(&mut tx, lease, Fetched::Status(*status)).await,
            Answer::Backoff(retry_after_millis) => {
                let fetched = Fetched::Backoff { status: 429, retry_after_millis: *retry_after_millis };
                frontier.turn_back(&mut tx, lease, fetched).await
            }
            Answer::Kept { .. } | Answer::Redirect(_) | Answer::Unasked => {
                frontier.turn_back(&mut tx, lease, Fetched::Status(404)).await
            }
        };
        match done {
            Ok(()) => {
                let next = match then {
                    Then::Alone => None,
                    Then::Next | Then::Cut => Some(frontier.lease_in(&mut tx, worker(process)).await.unwrap()),
                };
                if matches!(then, Then::Cut) {
                    drop(tx);
                    if !lapsed {
                        model.forgotten.insert(host, (until, process));
                    }
                    return Ok(());
                }
                tx.commit().await.unwrap();
                model.bytes = model.bytes - reserved + used;
                model.latest = model.latest.max(now);
                model.rest(&host, now + POLITE.max(asked));
                if finished {
                    model.finished.insert(url);
                }
                if let Some(Leased::Lease(lease)) = next {
                    model.lent(lease, process, now)?;
                }
            }
            Err(Error::LeaseLost) => prop_assert!(lapsed, "a lease that had not run out was taken away"),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
        Ok(())
    }

    /// The database says of bytes, pages and requests what the model does.
    async fn books_balance(&self, model: &Model) -> Result<(), TestCaseError> {
        let select = "SELECT bytes + bytes_reserved, pages, requests FROM frontier_budgets";
        let (bytes, pages, requests): (i64, i64, i64) =
            sqlx::query_as(select).fetch_one(self.desk.store.reader()).await.unwrap();
        prop_assert_eq!(bytes.unsigned_abs(), model.bytes);
        prop_assert_eq!(pages.unsigned_abs(), model.pages);
        prop_assert_eq!(requests.unsigned_abs(), model.requests.len() as u64);
        let select = "SELECT count(*) FROM frontier_hosts h WHERE waiting <> \
                      (SELECT count(*) FROM frontier_pages p WHERE p.host = h.host AND p.state = 'waiting') \
                      OR done + retired + waiting + (lease_page IS NOT NULL) <> \
                      (SELECT count(*) FROM frontier_pages p WHERE p.host = h.host)";
        let wrong: i64 = sqlx::query_scalar(select).fetch_one(self.desk.store.reader()).await.unwrap();
        prop_assert_eq!(wrong, 0, "counts that are kept differ from counts that are taken");
        let select = "SELECT count(*) FROM frontier_hosts h WHERE revisit_at IS NOT \
                      (SELECT min(due_at) FROM frontier_pages p WHERE p.host = h.host AND p.state = 'done')";
        let wrong: i64 = sqlx::query_scalar(select).fetch_one(self.desk.store.reader()).await.unwrap();
        prop_assert_eq!(wrong, 0, "a host's next visit is not the next visit of any of its pages");
        let select = "SELECT count(*) FROM frontier_pages WHERE reason = '' OR state = 'done' AND due_at IS NOT NULL \
                      AND reason NOT LIKE '%next visit%'";
        let unexplained: i64 = sqlx::query_scalar(select).fetch_one(self.desk.store.reader()).await.unwrap();
        prop_assert_eq!(unexplained, 0, "a visit that is planned and not explained");
        Ok(())
    }

    /// Works on until nothing comes by waiting: then every page has an end, or a ceiling is reached.
    async fn to_the_end(&self, model: &mut Model) -> Result<(), TestCaseError> {
        for _ in 0..600 {
            while let Some(out) = model.out.pop() {
                let kept = Answer::Kept { links: Vec::new(), kilobytes: 1 };
                self.give_back(model, out, &kept, Then::Alone).await?;
            }
            let now = self.desk.clock.now();
            model.lapse(now.millis());
            match self.frontiers[0].lease(worker(false)).await.unwrap() {
                Leased::Lease(lease) => model.lent(lease, false, now.millis())?,
                Leased::Nothing(NothingDue { until: Some(until), .. }) => {
                    prop_assert!(until >= now, "waiting for a moment that has passed");
                    self.desk.advance(until.since_millis(now).max(1));
                }
                Leased::Nothing(NothingDue { until: None, leased, .. }) => {
                    prop_assert_eq!(leased, 0);
                    let left =
                        self.desk.number("SELECT count(*) FROM frontier_pages WHERE state IN ('waiting', 'leased')");
                    let left = left.await;
                    let over = self.desk.number(
                        "SELECT count(*) FROM frontier_hosts WHERE state = 'exhausted' AND waiting > 0 \
                                                 OR state = 'retired'",
                    );
                    prop_assert!(left == 0 || over.await > 0, "{} pages were left behind", left);
                    let silent = self.desk.number("SELECT count(*) FROM frontier_hosts WHERE reason = ''").await;
                    prop_assert_eq!(silent, 0, "each state has a reason");
                    return Ok(());
                }
            }
        }
        Err(TestCaseError::fail("a frontier of a few pages does not come to an end"))
    }
}

/// Names of one server are one place.
fn server(host: &str) -> String {
    if host == "list.example" { "forum.example".to_owned() } else { host.to_owned() }
}

const fn worker(process: bool) -> &'static str {
    if process { "second" } else { "first" }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_host_is_hurried_no_ceiling_passed_no_page_lost(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let house = House::new().await;
            let mut model = Model::default();
            for step in &steps {
                house.step(&mut model, step).await?;
            }
            house.to_the_end(&mut model).await?;
            house.desk.store.check().await.map_err(|error| TestCaseError::fail(error.to_string()))?;
            Ok::<(), TestCaseError>(())
        })?;
    }
}
