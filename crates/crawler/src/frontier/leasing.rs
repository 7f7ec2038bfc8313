//! Taking a page: host's turn, ceilings, robots.txt and lease in one transaction.

use authorisation::{RobotsPolicy, Target, scope};
use model::{Timestamp, UrlHash};
use page::limits::MAX_BODY_BYTES;
use store::Tx;

use super::accounts::Way;
use super::allowance::{Allowed, Blocked, Mark};
use super::idle::Nothing;
use super::pages::place;
use super::rows::{Budget, Host, Waiting};
use super::servers::REST_TOGETHER;
use super::{Frontier, Leased, NothingDue};
use crate::account::{InUse, MAX_LOGIN_BYTES, Pending};
use crate::error::during;
use crate::lease::Meter;
use crate::limits::{LEASE_MILLIS, MAX_PASSED_OVER, MAX_ROBOTS_BYTES};
use crate::politeness::delay_millis;
use crate::{Error, Lease, Purpose};

/// What a look at one host's queue came to.
enum Taken {
    Lease(Box<Lease>),
    /// Nothing in it may be visited; the queue has changed.
    PassedOver,
}

/// What a host is asked for.
enum Errand {
    Page(Waiting, UrlHash, Option<InUse>),
    Robots,
    LoginPage(InUse),
    LogIn(InUse, Pending),
}

impl Errand {
    const fn purpose(&self) -> Purpose {
        match self {
            Self::Page(..) => Purpose::Page,
            Self::Robots => Purpose::Robots,
            Self::LoginPage(_) => Purpose::LoginPage,
            Self::LogIn(..) => Purpose::LogIn,
        }
    }

    const fn most_bytes(&self) -> usize {
        match self {
            Self::Page(..) => MAX_BODY_BYTES,
            Self::Robots => MAX_ROBOTS_BYTES,
            Self::LoginPage(_) | Self::LogIn(..) => MAX_LOGIN_BYTES,
        }
    }

    fn parts(self) -> (Option<(Waiting, UrlHash)>, Option<InUse>, Option<Pending>) {
        match self {
            Self::Page(page, hash, account) => (Some((page, hash)), account, None),
            Self::Robots => (None, None, None),
            Self::LoginPage(account) => (None, Some(account), None),
            Self::LogIn(account, login) => (None, Some(account), Some(login)),
        }
    }
}

const fn words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Page => "a page",
        Purpose::Robots => "robots.txt",
        Purpose::LoginPage => "the login page of its account",
        Purpose::LogIn => "the login of its account",
    }
}

impl Frontier {
    /// Lends the page that is due longest, or says why none is due.
    ///
    /// The same transaction books the host's next moment, the request and the page under the ceilings, and the bytes
    /// that the page may have at most. Leases that ran out are taken back first. Revocation, expiry and a clock that has
    /// been set back are looked at each time.
    ///
    /// # Errors
    /// When the store fails or what it holds is not what was written.
    pub async fn lease(&self, worker: &str) -> Result<Leased, Error> {
        let mut tx = self.0.store.begin().await?;
        let (leased, dirty) = self.look(&mut tx, worker).await?;
        if dirty {
            tx.commit().await?;
        }
        Ok(leased)
    }

    /// Lends a page as [`lease`](Self::lease) does, in the caller's transaction: together with giving the last one back, or with
    /// announcing what is about to be fetched. Nothing may be fetched before that has committed.
    ///
    /// # Errors
    /// As [`lease`](Self::lease); then the transaction must be dropped.
    pub async fn lease_in(&self, tx: &mut Tx, worker: &str) -> Result<Leased, Error> {
        Ok(self.look(tx, worker).await?.0)
    }

    /// What is due, and whether anything was written.
    async fn look(&self, tx: &mut Tx, worker: &str) -> Result<(Leased, bool), Error> {
        // Read inside the transaction: moments are then booked in the order in which they were read.
        let now = self.now();
        let budgets = self.budgets(tx, now).await?;
        let seen = budgets.iter().map(|budget| budget.seen_at).max().unwrap_or_default();
        if now.millis() < seen {
            let seen = Timestamp::from_millis(seen);
            let reason =
                format!("the clock stands at {now}, and was at {seen} before: nothing is collected until it is right");
            return Ok((Leased::Nothing(NothingDue { until: Some(seen), reason, leased: 0 }), false));
        }
        let ran_out = budgets.iter().any(|budget| budget.ran_out);
        let mut dirty = ran_out && self.take_back(tx, now, None).await? > 0;
        let budgets = if dirty { self.budgets(tx, now).await? } else { budgets };
        let mut nothing = Nothing::default();
        let mut allowed = Vec::new();
        for budget in budgets {
            let (id, dormant) = (budget.authorisation, budget.dormant);
            match self.allowance(tx, budget, now).await? {
                Ok(found) => {
                    dirty |= dormant && self.mark(tx, id, Mark::Revive).await?;
                    allowed.push(found);
                }
                Err(Blocked::Waiting(until, reason)) => nothing.add(until, reason),
                Err(Blocked::Retired(reason)) => {
                    dirty |= self.mark(tx, id, Mark::Retire(&reason)).await?;
                    nothing.add(None, reason);
                }
                Err(Blocked::Exhausted(reason)) => {
                    dirty |= self.mark(tx, id, Mark::Exhaust(&reason)).await?;
                    nothing.add(None, reason);
                }
            }
        }
        for _ in 0..MAX_PASSED_OVER {
            let Some((index, host)) = self.due(tx, &allowed, now).await? else {
                return Ok((Leased::Nothing(self.describe(tx, &allowed, nothing).await?), dirty));
            };
            dirty = true;
            if let Taken::Lease(lease) = self.take(tx, &mut allowed[index], &host, worker, now).await? {
                return Ok((Leased::Lease(*lease), dirty));
            }
        }
        let reason = "pages that may not be visited any more are being passed over".to_owned();
        Ok((Leased::Nothing(NothingDue { until: Some(now), reason, leased: 0 }), dirty))
    }

    async fn budgets(&self, tx: &mut Tx, now: Timestamp) -> Result<Vec<Budget>, Error> {
        let rows = sqlx::query(Budget::SELECT).bind(self.case().as_str()).bind(now.millis()).fetch_all(&mut **tx).await;
        rows.map_err(during("read the budgets"))?.iter().map(Budget::read).collect()
    }

    /// The host whose turn it is.
    async fn due(&self, tx: &mut Tx, allowed: &[Allowed], now: Timestamp) -> Result<Option<(usize, Host)>, Error> {
        let mut first: Option<(usize, Host)> = None;
        for (index, one) in allowed.iter().enumerate() {
            let select = "SELECT * FROM frontier_hosts h WHERE authorisation = ?1 \
                          AND state IN ('ready', 'snoozed', 'exhausted') AND held IS NULL \
                          AND (CASE WHEN waiting > 0 THEN next_at ELSE max(next_at, revisit_at) END) <= ?2 \
                          AND NOT EXISTS (SELECT 1 FROM frontier_hosts o WHERE o.server = h.server AND o.host != h.host \
                          AND o.lease_until > ?2) \
                          ORDER BY (CASE WHEN waiting > 0 THEN next_at ELSE max(next_at, revisit_at) END) LIMIT 1";
            let select =
                sqlx::query_as(select).bind(one.authorised.id().as_bytes().as_slice().to_vec()).bind(now.millis());
            let host: Option<Host> =
                select.fetch_optional(&mut **tx).await.map_err(during("look for a host that is due"))?;
            if let Some(host) = host
                && first.as_ref().is_none_or(|(_, other)| host.turn() < other.turn())
            {
                first = Some((index, host));
            }
        }
        Ok(first)
    }

    /// Takes the first page of a host's queue, or the robots.txt that must be read before it.
    async fn take(
        &self,
        tx: &mut Tx,
        allowed: &mut Allowed,
        host: &Host,
        worker: &str,
        now: Timestamp,
    ) -> Result<Taken, Error> {
        let damaged = |what| Error::Damaged { during: "take a page", what };
        let page = self.first(tx, host, now).await?.ok_or_else(|| damaged("the count of waiting pages"))?;
        let url = self
            .0
            .key
            .open(&place(allowed.authorised.id()), &page.url_sealed)
            .ok_or_else(|| damaged("a sealed URL"))?;
        let url = std::str::from_utf8(url.expose()).map_err(|_| damaged("a sealed URL"))?;
        let target = match scope::admit(&allowed.authorised, url, now) {
            Ok(target) => target,
            Err(refusal) => {
                self.pass_over(tx, host, &page, &refusal.to_string()).await?;
                return Ok(Taken::PassedOver);
            }
        };
        let hash: [u8; 32] = page.url_hash.as_slice().try_into().map_err(|_| damaged("a URL's hash"))?;
        if self.0.key.url_hash(url).as_bytes() != &hash {
            return Err(damaged("a URL's hash"));
        }
        if self.is_known_without(tx, host.host, &target).await? {
            let reason = "its address is a known one with parameters that never change what a page says";
            self.pass_over(tx, host, &page, reason).await?;
            return Ok(Taken::PassedOver);
        }
        let Some(rules) = self.rules(tx, host.host, &target, now).await? else {
            let robots = scope::admit_robots(&target, now)?;
            return self.book(tx, allowed, host, robots, Errand::Robots, worker, now).await;
        };
        if *target.robots() == RobotsPolicy::Obey && !rules.allow(&target) {
            self.pass_over(tx, host, &page, "robots.txt asks not to visit it").await?;
            return Ok(Taken::PassedOver);
        }
        let (target, errand) = match self.way(tx, host, &target, &rules, now).await? {
            Way::Plain => (target, Errand::Page(page, UrlHash::from_bytes(hash), None)),
            Way::SignedIn(in_use) => (target, Errand::Page(page, UrlHash::from_bytes(hash), Some(in_use))),
            Way::LoginPage(in_use, page) => (page, Errand::LoginPage(in_use)),
            Way::LogIn(in_use, pending) => {
                self.count_login(tx, target.site(), &in_use.label).await?;
                (pending.target.target().clone(), Errand::LogIn(in_use, pending))
            }
            Way::Held(why) => {
                self.hold(tx, host.host, target.site(), &why).await?;
                return Ok(Taken::PassedOver);
            }
        };
        self.book(tx, allowed, host, target, errand, worker, now).await
    }

    /// Books a lease: page, host and budget change together.
    #[expect(clippy::too_many_arguments, reason = "what is booked together is named together")]
    async fn book(
        &self,
        tx: &mut Tx,
        allowed: &mut Allowed,
        host: &Host,
        target: Target,
        errand: Errand,
        worker: &str,
        now: Timestamp,
    ) -> Result<Taken, Error> {
        let until = now.plus_millis(LEASE_MILLIS);
        let (purpose, most) = (errand.purpose(), errand.most_bytes());
        let (page, account, login) = errand.parts();
        let reserved = allowed.free.min(most as u64);
        let floor = i64::try_from(target.min_delay_ms()).unwrap_or(i64::MAX);
        let polite = delay_millis(host.latency_ms, target.own_service(), floor, host.crawl_delay_ms);
        let next = now.millis().saturating_add(polite);
        let again = page.as_ref().is_some_and(|(page, _)| page.is_visited());
        let what = words(purpose);
        let rate = allowed.authorised.ceilings().requests_per_minute;
        let took = allowed.budget.minute.take(now.millis(), rate);
        debug_assert!(took.is_ok(), "the allowance looked at the same minute");
        let bytes = i64::try_from(reserved).unwrap_or(i64::MAX);
        // Page, host, the host's other names and the budget, sent at once. A visit that is tried again after a crash is the same
        // visit; a page that was done begins another.
        let lent = "UPDATE frontier_pages SET state = 'leased', reason = ?, due_at = NULL, sure = 0, visit = visit + ? WHERE page = ?; \
                    UPDATE frontier_hosts SET state = 'leased', reason = ?, next_at = ?, waiting = waiting - ?, \
                    done = done - ?, delay_ms = ?, requests = requests + 1, lease_seq = lease_seq + 1, lease_page = ?, lease_by = ?, \
                    lease_until = ?, lease_bytes = ? WHERE host = ?; ";
        let booked = "UPDATE frontier_budgets SET pages = pages + ?, requests = requests + 1, bytes_reserved = bytes_reserved + ?, \
                      minute = ?, first_request_at = coalesce(first_request_at, ?), seen_at = max(seen_at, ?) \
                      WHERE authorisation = ?";
        let id = page.as_ref().map(|(page, _)| page.page);
        let update = sqlx::query(sqlx::AssertSqlSafe([lent, REST_TOGETHER, booked].concat()))
            .bind(format!("being fetched by {worker}"))
            .bind(i64::from(again))
            .bind(id)
            .bind(format!("{what} is being fetched by {worker}"))
            .bind(next)
            .bind(i64::from(page.is_some() && !again))
            .bind(i64::from(again))
            .bind(polite)
            .bind(id)
            .bind(worker)
            .bind(until.millis())
            .bind(bytes)
            .bind(host.host)
            .bind(now.millis())
            .bind(polite)
            .bind(&host.server)
            .bind(host.host)
            .bind(i64::from(page.is_some()))
            .bind(bytes)
            .bind(allowed.budget.minute.to_bytes())
            .bind(now.millis())
            .bind(now.millis())
            .bind(allowed.authorised.id().as_bytes().as_slice().to_vec());
        update.execute(&mut **tx).await.map_err(during("book a lease"))?;
        if again {
            self.settle_revisit(tx, host.host).await?;
        }

        let (page, url_hash) = page.unzip();
        let remembered = page.as_ref().and_then(|page| self.recall(host.host, page));
        let number = |value: i64| u64::try_from(value).unwrap_or_default();
        Ok(Taken::Lease(Box::new(Lease {
            url_hash: url_hash.unwrap_or_else(|| self.0.key.url_hash(target.url())),
            purpose,
            target,
            host: host.host,
            page: page.as_ref().map(|page| page.page),
            seq: host.lease_seq + 1,
            visit: page.as_ref().map_or(0, |page| number(page.visit + i64::from(again))),
            depth: page.as_ref().map_or(0, |page| u32::try_from(page.depth).unwrap_or(u32::MAX)),
            hops: page.as_ref().map_or(0, |page| page.hops),
            priority: page.as_ref().map_or(0, |page| page.priority),
            attempts: page.as_ref().map_or(0, |page| page.attempts),
            lane: page.as_ref().map_or(0, |page| page.attempts) + host.backoff,
            reserved,
            until,
            series: page.as_ref().and_then(|page| page.series),
            place: page.as_ref().map_or(0, |page| page.place),
            remembered,
            account,
            login,
            why: page.map_or_else(|| format!("{what} comes before any page"), |page| page.reason),
            meter: Meter::default(),
        })))
    }

    /// Retires a page that may not be visited any more.
    async fn pass_over(&self, tx: &mut Tx, host: &Host, page: &Waiting, reason: &str) -> Result<(), Error> {
        let update =
            sqlx::query("UPDATE frontier_pages SET state = 'retired', due_at = NULL, reason = ? WHERE page = ?")
                .bind(reason)
                .bind(page.page);
        update.execute(&mut **tx).await.map_err(during("retire a page"))?;
        if page.is_visited() {
            let update = sqlx::query("UPDATE frontier_hosts SET done = done - 1, retired = retired + 1 WHERE host = ?");
            update.bind(host.host).execute(&mut **tx).await.map_err(during("retire a page"))?;
            self.settle_revisit(tx, host.host).await?;
            return Ok(());
        }
        let update = "UPDATE frontier_hosts SET waiting = waiting - 1, retired = retired + 1, \
                      reason = iif(waiting = 1, 'every page that is known here has been visited', reason), \
                      state = iif(waiting = 1, 'exhausted', state) WHERE host = ?";
        sqlx::query(update).bind(host.host).execute(&mut **tx).await.map_err(during("retire a page"))?;
        Ok(())
    }
}
