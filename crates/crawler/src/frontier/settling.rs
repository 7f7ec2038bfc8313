//! Giving a page back: what came of it, what it used, what was found on it.

use std::collections::BTreeMap;

use authorisation::Rule;
use model::Timestamp;
use store::Tx;

use super::Frontier;
use super::holds::Wall;
use super::pages::{Inserted, Origin};
use super::rows::Host;
use super::servers::REST_TOGETHER;
use super::visits::{Known, NextVisit, SETTLE_REVISIT};
use crate::error::during;
use crate::limits::{MAX_ATTEMPTS, MAX_SERVER_ERRORS};
use crate::politeness::{Trouble, average, backoff_millis, delay_millis, easier, harder};
use crate::reading::Reading;
use crate::{Advice, Error, Fetched, Found, Lease, Purpose, TransportError};

/// Added to the priority of a page that is asked for again: it comes after those that were not asked for yet.
const BEHIND: i64 = 100;

/// Failures in a row on which another lane is tried at once.
const QUICK_LANES: i64 = 2;

/// What becomes of a page.
enum Page {
    Done(NextVisit),
    Retired(String),
    /// It is asked for again; `counts` towards giving it up.
    Again {
        why: String,
        counts: bool,
    },
}

/// What becomes of a host.
pub(super) enum Rest {
    /// The polite delay.
    Polite,
    /// The polite delay, and then another way: something failed, so that no trust comes back.
    OtherLane,
    /// Longer.
    Long(Trouble, String),
}

impl Frontier {
    /// Gives back a page that was kept, with what was found on it; returns how many pages that added.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when the lease ran out and was taken back; then the transaction must be dropped.
    pub async fn complete(&self, tx: &mut Tx, lease: Lease, found: Found) -> Result<u64, Error> {
        let host = self.held(tx, &lease).await?;
        let now = self.now();
        if let Some(why) = lease.lost_on(&found) {
            let rest = self.lose(tx, &lease, why).await?;
            let why = format!("the session of its account was lost: {why}");
            self.give_back(tx, &lease, &host, Page::Again { why, counts: true }, rest).await?;
            return Ok(0);
        }
        self.carry(tx, &lease, found.session == page::Session::SignedIn).await?;
        let known = self.known(tx, &lease).await?;
        let wall = self.wall(tx, &lease, &host, &found).await?;
        let Found { entries, mut traps, refused, reading, .. } = found;
        let origin = known.form_hash.as_deref().map(|form| Origin { host: lease.host, form });
        let inserted = self.insert(tx, entries, Some(&lease), origin).await?;
        inserted.traps.iter().for_each(|(rule, links)| *traps.entry(rule).or_default() += links);
        self.count_refusals(tx, &lease, &refused, &traps).await?;
        let page = match (&wall, &reading) {
            (Wall::Login, _) => Page::Retired("it asks for a login; nothing was tried".to_owned()),
            (Wall::Challenge, _) => Page::Done(NextVisit {
                due_at: Some(now.millis()),
                reason: "it showed a test instead of itself".to_owned(),
            }),
            (Wall::None, Some(reading)) if reading.not_found => {
                Page::Retired("it says that it is not there, whatever its status says".to_owned())
            }
            (Wall::None, _) => Page::Done(self.visited(tx, &lease, &known, reading.as_ref(), now).await?),
        };
        if let (Wall::None, Some(reading)) = (&wall, &reading) {
            self.learn(tx, &lease, &host, &known, reading, &inserted).await?;
        }
        self.give_back(tx, &lease, &host, page, Rest::Polite).await?;
        Ok(inserted.added)
    }

    /// What a page teaches about others.
    async fn learn(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        host: &Host,
        known: &Known,
        reading: &Reading,
        inserted: &Inserted,
    ) -> Result<(), Error> {
        if lease.visit == 0 {
            if let Some(form) = known.form_hash.as_deref() {
                self.weigh(tx, lease, form, reading, inserted.elsewhere).await?;
            }
            self.judge_parameters(tx, lease, &self.0.key.body_hash(&reading.content)).await?;
            self.find_mirror(tx, lease, host, reading).await?;
        }
        if inserted.moved > 0 && inserted.still == 0 && lease.visit > 0 {
            let update = "UPDATE frontier_pages SET due_at = ?, sure = 1, reason = 'everything listed before it has moved' \
                          WHERE series = ? AND place = ? AND state = 'done'";
            let update = sqlx::query(update).bind(self.now().millis()).bind(lease.series.or(lease.page));
            let update = update.bind(lease.place + 1).execute(&mut **tx).await;
            update.map_err(during("wake the next page of a list"))?;
        }
        Ok(())
    }

    /// Gives back a page of which there is nothing to keep, or the robots.txt that was leased, with what came of the
    /// fetch. A redirect is offered to scope like a link.
    ///
    /// # Errors
    /// As [`complete`](Self::complete).
    pub async fn turn_back(&self, tx: &mut Tx, lease: Lease, fetched: Fetched) -> Result<(), Error> {
        let host = self.held(tx, &lease).await?;
        match lease.purpose {
            Purpose::Page => self.page_turned_back(tx, &lease, &host, fetched).await,
            Purpose::Robots => self.robots_answered(tx, &lease, &host, fetched).await,
            Purpose::LoginPage | Purpose::LogIn => self.login_turned_back(tx, lease, fetched).await.map(drop),
        }
    }

    /// Gives back a page that was fetched and could not be kept, because of a fault on our side (`why` is for people
    /// and names no content). It is asked for again, after the others.
    ///
    /// # Errors
    /// As [`complete`](Self::complete).
    pub async fn fail(&self, tx: &mut Tx, lease: Lease, why: &str) -> Result<(), Error> {
        let host = self.held(tx, &lease).await?;
        if lease.page.is_none() {
            let rest = Rest::Long(Trouble::Failing, why.to_owned());
            return self.settle_host(tx, &lease, &host, Moved::Nothing, rest).await;
        }
        self.give_back(tx, &lease, &host, Page::Again { why: why.to_owned(), counts: true }, Rest::Polite).await
    }

    /// Gives back what was not asked for. What was booked stays booked.
    ///
    /// # Errors
    /// As [`complete`](Self::complete).
    pub async fn release(&self, tx: &mut Tx, lease: Lease) -> Result<(), Error> {
        let host = self.held(tx, &lease).await?;
        let update = "UPDATE frontier_pages SET state = 'waiting', reason = 'not visited yet' WHERE page = ?";
        sqlx::query(update).bind(lease.page).execute(&mut **tx).await.map_err(during("give a page back"))?;
        self.settle_host(tx, &lease, &host, Moved::Waiting, Rest::Polite).await
    }

    async fn page_turned_back(&self, tx: &mut Tx, lease: &Lease, host: &Host, fetched: Fetched) -> Result<(), Error> {
        let again = |why: String| Page::Again { why, counts: true };
        if let Some(why) = lease.lost_by(&fetched) {
            let rest = self.lose(tx, lease, why).await?;
            return self
                .give_back(tx, lease, host, again(format!("the session of its account was lost: {why}")), rest)
                .await;
        }
        let (page, rest) = match fetched {
            Fetched::Page(_) => (again("it was fetched and not kept".to_owned()), Rest::Polite),
            Fetched::Unchanged => {
                self.carry(tx, lease, false).await?;
                let known = self.known(tx, lease).await?;
                (Page::Done(self.visited(tx, lease, &known, None, self.now()).await?), Rest::Polite)
            }
            Fetched::Redirect(location) => {
                let mut found = Found::on(lease, self.now());
                let page = match found.redirect(&location) {
                    Ok(()) => Page::Done(NextVisit::never("it redirects to another page of the scope")),
                    Err(refusal) => Page::Retired(format!("where it redirects to is {refusal}")),
                };
                let Found { entries, traps, refused, .. } = found;
                self.insert(tx, entries, Some(lease), None).await?;
                self.count_refusals(tx, lease, &refused, &traps).await?;
                (page, Rest::Polite)
            }
            Fetched::Refused(refusal) => {
                self.count_refusal(tx, lease, refusal.rule().as_str(), 1).await?;
                (Page::Retired(refusal.to_string()), Rest::Polite)
            }
            Fetched::Status(status @ 500..) if lease.attempts + 1 < MAX_SERVER_ERRORS => {
                (again(format!("the server answered {status}")), Rest::Polite)
            }
            Fetched::Status(status) => (Page::Retired(format!("the server answered {status}")), Rest::Polite),
            Fetched::Backoff { status, retry_after_millis } => {
                let why = format!("the server answered {status}{}", asked(retry_after_millis));
                (again(why.clone()), Rest::Long(Trouble::Asked(retry_after_millis), why))
            }
            Fetched::Failed(error) => {
                let why = error.what.to_owned();
                // A page is given up for its own failures alone, not for those of the way to its server.
                let page = Page::Again { why: why.clone(), counts: error.reached };
                match error.advice {
                    Advice::Never => (Page::Retired(why), Rest::Polite),
                    Advice::Soon if error.reached && lease.attempts < QUICK_LANES => (page, Rest::OtherLane),
                    _ => (page, Rest::Long(trouble(error), why)),
                }
            }
        };
        self.give_back(tx, lease, host, page, rest).await
    }

    /// The host, if the lease still holds it.
    pub(super) async fn held(&self, tx: &mut Tx, lease: &Lease) -> Result<Host, Error> {
        let select = "SELECT * FROM frontier_hosts WHERE host = ? AND lease_seq = ? AND lease_until IS NOT NULL";
        let select = sqlx::query_as(select).bind(lease.host).bind(lease.seq);
        select.fetch_optional(&mut **tx).await.map_err(during("look for a lease"))?.ok_or(Error::LeaseLost)
    }

    async fn give_back(&self, tx: &mut Tx, lease: &Lease, host: &Host, page: Page, rest: Rest) -> Result<(), Error> {
        let never = NextVisit::never;
        let (state, moved, next, attempts, behind) = match page {
            Page::Done(next) => ("done", Moved::Done, next, 0, 0),
            Page::Retired(reason) => ("retired", Moved::Retired, never(&reason), lease.attempts, 0),
            Page::Again { why, counts } => {
                let attempts = lease.attempts + i64::from(counts);
                if attempts >= MAX_ATTEMPTS {
                    ("retired", Moved::Retired, never(&format!("given up after {attempts} tries: {why}")), attempts, 0)
                } else {
                    ("waiting", Moved::Waiting, never(&format!("will be asked for again: {why}")), attempts, BEHIND)
                }
            }
        };
        let update = "UPDATE frontier_pages SET state = ?, reason = ?, due_at = ?, attempts = ?, priority = priority + ? \
                      WHERE page = ? AND state = 'leased'; ";
        let update = sqlx::AssertSqlSafe([update, SETTLE_REVISIT].concat());
        let update = sqlx::query_as(update).bind(state).bind(next.reason).bind(next.due_at).bind(attempts).bind(behind);
        let update = update.bind(lease.page).bind(lease.host).bind(lease.host);
        let row = update.fetch_one(&mut **tx).await.map_err(during("give a page back"))?;
        self.end_lease(tx, lease, host, &row, moved, rest).await
    }

    /// Ends the lease: the host rests, and what was reserved becomes what was used.
    pub(super) async fn settle_host(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        host: &Host,
        moved: Moved,
        rest: Rest,
    ) -> Result<(), Error> {
        let row = self.settle_revisit(tx, lease.host).await?;
        self.end_lease(tx, lease, host, &row, moved, rest).await
    }

    /// `row` is the host as it stands now: links and robots.txt may have changed it since the lease was looked up.
    async fn end_lease(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        host: &Host,
        row: &Host,
        moved: Moved,
        rest: Rest,
    ) -> Result<(), Error> {
        let now = self.now();
        let used = i64::try_from(lease.meter.bytes()).unwrap_or(i64::MAX);
        let latency = lease.meter.latency().map_or(host.latency_ms, |sample| Some(average(host.latency_ms, sample)));
        let floor = i64::try_from(lease.target.min_delay_ms()).unwrap_or(i64::MAX);
        let polite = delay_millis(latency, lease.target.own_service(), floor, row.crawl_delay_ms);
        let waiting = row.waiting + i64::from(matches!(moved, Moved::Waiting));
        let (wait, backoff, state, reason) = match rest {
            Rest::Polite | Rest::OtherLane => {
                let backoff = if matches!(rest, Rest::Polite) { easier(host.backoff) } else { host.backoff };
                if waiting == 0 {
                    (polite, backoff, "exhausted", all_visited(row.revisit_at))
                } else {
                    (polite, backoff, "ready", format!("{} s pass between two requests", seconds(polite)))
                }
            }
            Rest::Long(trouble, why) => {
                let chance = self.0.key.chance(&[lease.host.to_be_bytes(), lease.seq.to_be_bytes()].concat());
                let wait = backoff_millis(trouble, lease.target.own_service(), host.backoff, chance).max(polite);
                let state = if waiting == 0 { "exhausted" } else { "snoozed" };
                let until = Timestamp::from_millis(now.millis().saturating_add(wait));
                (wait, harder(host.backoff), state, format!("left alone until {until}: {why}"))
            }
        };
        let next = now.millis().saturating_add(wait).max(row.next_at);
        // The host, its other names, which rest with it, and the budget, sent at once.
        let ended = "UPDATE frontier_hosts SET state = ?, reason = ?, next_at = ?, latency_ms = ?, backoff = ?, waiting = ?, \
                     done = done + ?, retired = retired + ?, bytes = bytes + ?, lease_page = NULL, lease_by = NULL, \
                     lease_until = NULL, lease_bytes = 0 WHERE host = ?; ";
        let booked = "UPDATE frontier_budgets SET bytes = bytes + ?, bytes_reserved = bytes_reserved - ?, \
                      seen_at = max(seen_at, ?) WHERE authorisation = ?";
        let update = sqlx::query(sqlx::AssertSqlSafe([ended, REST_TOGETHER, booked].concat()))
            .bind(state)
            .bind(reason)
            .bind(next)
            .bind(latency)
            .bind(backoff)
            .bind(waiting)
            .bind(i64::from(matches!(moved, Moved::Done)))
            .bind(i64::from(matches!(moved, Moved::Retired)))
            .bind(used)
            .bind(lease.host)
            .bind(now.millis())
            .bind(wait)
            .bind(&row.server)
            .bind(lease.host)
            .bind(used)
            .bind(host.lease_bytes)
            .bind(now.millis())
            .bind(lease.authorisation().as_bytes().as_slice().to_vec());
        update.execute(&mut **tx).await.map_err(during("end a lease"))?;
        Ok(())
    }

    async fn count_refusals(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        refused: &BTreeMap<Rule, u64>,
        traps: &BTreeMap<&'static str, u64>,
    ) -> Result<(), Error> {
        let refused = refused.iter().map(|(rule, links)| (rule.as_str(), *links));
        for (rule, links) in refused.chain(traps.iter().map(|(rule, links)| (*rule, *links))) {
            self.count_refusal(tx, lease, rule, links).await?;
        }
        Ok(())
    }

    pub(super) async fn count_refusal(&self, tx: &mut Tx, lease: &Lease, rule: &str, links: u64) -> Result<(), Error> {
        let upsert = "INSERT INTO frontier_refusals (host, rule, links) VALUES (?, ?, ?) \
                      ON CONFLICT (host, rule) DO UPDATE SET links = links + excluded.links";
        let upsert = sqlx::query(upsert).bind(lease.host).bind(rule).bind(i64::try_from(links).unwrap_or(i64::MAX));
        upsert.execute(&mut **tx).await.map_err(during("count a refusal"))?;
        Ok(())
    }
}

/// Which count of its host a page moves into.
#[derive(Clone, Copy)]
pub(super) enum Moved {
    Waiting,
    Done,
    Retired,
    /// There was no page: robots.txt, or a step of a login.
    Nothing,
}

/// What a failure says about the host.
pub(super) const fn trouble(error: TransportError) -> Trouble {
    match error.advice {
        Advice::MuchLater => Trouble::Absent,
        Advice::Soon if !error.reached => Trouble::Way,
        Advice::Soon | Advice::Later | Advice::Never => Trouble::Failing,
    }
}

/// What a host says of which no page waits.
fn all_visited(again: Option<i64>) -> String {
    let visited = "every page that is known here has been visited";
    match again.map(Timestamp::from_millis) {
        Some(again) => format!("{visited}; the next visit is due on {again}"),
        None => visited.to_owned(),
    }
}

pub(super) fn asked(retry_after_millis: Option<i64>) -> String {
    retry_after_millis.map(|millis| format!(" and asked for {} s", seconds(millis))).unwrap_or_default()
}

/// Seconds with one place, as people say them.
fn seconds(millis: i64) -> String {
    if millis % 1000 == 0 { (millis / 1000).to_string() } else { format!("{}.{}", millis / 1000, millis % 1000 / 100) }
}
