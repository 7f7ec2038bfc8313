//! "Why is this slow or paused?" has an answer in words.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use model::{AuthorisationId, CaseId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use store::{Store, Tx};

use crate::Error;
use crate::account::Accounts;
use crate::error::during;

/// What a host's queue is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HostState {
    /// Its next page is taken when its turn comes.
    Ready,
    /// It is left alone for longer than is polite.
    Snoozed,
    /// A page of it is being fetched.
    Leased,
    /// Its authorisation no longer stands.
    Retired,
    /// There is nothing left to do: no page waits, or a ceiling is reached.
    Exhausted,
}

/// One host's queue, in counts and words; no address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostStatus {
    /// The authorisation.
    pub authorisation: AuthorisationId,
    /// The host's label in it.
    pub site: String,
    /// What the queue is doing.
    pub state: HostState,
    /// Why.
    pub reason: String,
    /// Nothing is asked of the host before this moment.
    pub next_at: Timestamp,
    /// Pages that wait.
    pub waiting: u64,
    /// Pages that were visited.
    pub done: u64,
    /// Pages that will not be visited.
    pub retired: u64,
    /// Requests made.
    pub requests: u64,
    /// Bytes of bodies received.
    pub bytes: u64,
    /// Moving average of the server's latency.
    pub latency_ms: Option<u64>,
    /// What robots.txt asks for between two requests.
    pub crawl_delay_ms: u64,
    /// Links of its pages that were not followed, by rule.
    pub refused: BTreeMap<String, u64>,
    /// When a page of it that was visited is visited again.
    pub revisit_at: Option<Timestamp>,
    /// Why a person has to decide before anything more is asked of it.
    pub held: Option<String>,
    /// The site of which it was found to be a mirror: both rest together.
    pub mirrors: Option<String>,
}

impl HostState {
    /// The word in records and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Snoozed => "snoozed",
            Self::Leased => "leased",
            Self::Retired => "retired",
            Self::Exhausted => "exhausted",
        }
    }
}

impl FromStr for HostState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::Ready, Self::Snoozed, Self::Leased, Self::Retired, Self::Exhausted];
        all.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// One line for a person.
impl fmt::Display for HostStatus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused: u64 = self.refused.values().sum();
        write!(
            out,
            "{} is {}: {}; {} pages wait, {} visited, {} not to be visited, {refused} links refused, {} requests, {} bytes",
            self.site,
            self.state.as_str(),
            self.reason,
            self.waiting,
            self.done,
            self.retired,
            self.requests,
            self.bytes
        )
    }
}

/// Every host of a case, in the order in which they were found. Needs no key.
///
/// # Errors
/// When the store cannot be read.
pub async fn status(store: &Store, case: &CaseId) -> Result<Vec<HostStatus>, Error> {
    let select = sqlx::query("SELECT * FROM frontier_hosts WHERE case_id = ? ORDER BY host").bind(case.as_str());
    let rows = select.fetch_all(store.reader()).await.map_err(during("read the frontier"))?;
    let mut hosts = Vec::new();
    for row in rows {
        let host: i64 = row.try_get("host").map_err(during("read a host"))?;
        let select =
            sqlx::query_as::<_, (String, i64)>("SELECT rule, links FROM frontier_refusals WHERE host = ?").bind(host);
        let refused = select.fetch_all(store.reader()).await.map_err(during("read refusals"))?;
        let refused = refused.into_iter().map(|(rule, links)| (rule, links.unsigned_abs())).collect();
        hosts.push(read(&row, refused)?);
    }
    Ok(hosts)
}

fn read(row: &SqliteRow, refused: BTreeMap<String, u64>) -> Result<HostStatus, Error> {
    let failed = during("read a host");
    let damaged = |what| Error::Damaged { during: "read a host", what };
    let id: Vec<u8> = row.try_get("authorisation").map_err(&failed)?;
    let state: String = row.try_get("state").map_err(&failed)?;
    let number = |name: &str| row.try_get::<i64, _>(name).map(i64::unsigned_abs).map_err(&failed);
    Ok(HostStatus {
        authorisation: AuthorisationId::from_bytes(id.try_into().map_err(|_| damaged("an authorisation's id"))?),
        site: row.try_get("site").map_err(&failed)?,
        state: state.parse().map_err(|()| damaged("a state"))?,
        reason: row.try_get("reason").map_err(&failed)?,
        next_at: Timestamp::from_millis(row.try_get("next_at").map_err(&failed)?),
        waiting: number("waiting")?,
        done: number("done")?,
        retired: number("retired")?,
        requests: number("requests")?,
        bytes: number("bytes")?,
        latency_ms: row.try_get::<Option<i64>, _>("latency_ms").map_err(&failed)?.map(i64::unsigned_abs),
        crawl_delay_ms: number("crawl_delay_ms")?,
        refused,
        revisit_at: row.try_get::<Option<i64>, _>("revisit_at").map_err(&failed)?.map(Timestamp::from_millis),
        held: row.try_get("held").map_err(&failed)?,
        mirrors: row.try_get("mirrors").map_err(&failed)?,
    })
}

/// Everything there is to say about the hosts that are labelled `site`, in sentences.
///
/// # Errors
/// When the store cannot be read, or no such host is known.
pub async fn why(store: &Store, case: &CaseId, site: &str) -> Result<Vec<String>, Error> {
    let hosts: Vec<_> = status(store, case).await?.into_iter().filter(|host| host.site == site).collect();
    if hosts.is_empty() {
        return Err(Error::UnknownSite);
    }
    let mut lines = Vec::new();
    for host in hosts {
        lines.push(host.to_string());
        lines.push(format!("nothing is asked of it before {}", host.next_at));
        lines.extend(host.held.clone());
        lines.extend(host.mirrors.iter().map(|other| format!("it shows the pages of {other}: the two rest together")));
        lines.extend(host.revisit_at.map(|at| format!("a page that was visited is due again on {at}")));
        lines.extend(paused(store, host.authorisation).await?);
        if let Some(latency) = host.latency_ms {
            lines.push(format!("the server takes {latency} ms on average"));
        }
        if host.crawl_delay_ms > 0 {
            lines.push(format!("its robots.txt asks for {} ms between two requests", host.crawl_delay_ms));
        }
        lines.extend(host.refused.iter().map(|(rule, links)| format!("{links} links were refused by rule `{rule}`")));
        lines.extend(account(store, case, site).await?);
        lines.extend(learnt(store, host.authorisation, site).await?);
        lines.extend(decisions(store, host.authorisation, site).await?);
        lines.extend(reasons(store, host.authorisation, site).await?);
    }
    Ok(lines)
}

/// Who paused collecting under an authorisation, and why.
async fn paused(store: &Store, id: AuthorisationId) -> Result<Option<String>, Error> {
    let select = sqlx::query_scalar("SELECT paused FROM frontier_budgets WHERE authorisation = ?")
        .bind(id.as_bytes().as_slice().to_vec());
    let paused: Option<Option<String>> =
        select.fetch_optional(store.reader()).await.map_err(during("look for a pause"))?;
    Ok(paused.flatten().map(|paused| format!("collecting is {paused}")))
}

async fn decisions(store: &Store, id: AuthorisationId, site: &str) -> Result<Vec<String>, Error> {
    let select = "SELECT r.origin, r.decision, r.read_at FROM frontier_robots r JOIN frontier_hosts h USING (host) \
                  WHERE h.authorisation = ? AND h.site = ? ORDER BY r.robots";
    let select = sqlx::query_as::<_, (String, String, i64)>(select).bind(id.as_bytes().as_slice().to_vec()).bind(site);
    let rows = select.fetch_all(store.reader()).await.map_err(during("read what robots.txt said"))?;
    let line =
        |(origin, decision, at)| format!("robots.txt for {origin}, read on {}: {decision}", Timestamp::from_millis(at));
    Ok(rows.into_iter().map(line).collect())
}

/// How the account of a site stands.
async fn account(store: &Store, case: &CaseId, site: &str) -> Result<Vec<String>, Error> {
    let accounts = Accounts::new(store.clone()).list(case).await?;
    Ok(accounts.iter().filter(|account| account.site == site).map(ToString::to_string).collect())
}

/// What was learnt about the addresses of a site.
async fn learnt(store: &Store, id: AuthorisationId, site: &str) -> Result<Vec<String>, Error> {
    let failed = during("read what was learnt about a site");
    let select = "SELECT f.retired FROM frontier_forms f JOIN frontier_hosts h USING (host) \
                  WHERE h.authorisation = ? AND h.site = ? AND f.retired IS NOT NULL ORDER BY f.form";
    let select = sqlx::query_scalar(select).bind(id.as_bytes().as_slice().to_vec()).bind(site);
    let mut lines: Vec<String> = select.fetch_all(store.reader()).await.map_err(&failed)?;
    let select = "SELECT count(*) FROM frontier_parameters p JOIN frontier_hosts h USING (host) \
                  WHERE h.authorisation = ? AND h.site = ? AND p.same >= 3 AND p.different = 0";
    let select = sqlx::query_scalar(select).bind(id.as_bytes().as_slice().to_vec()).bind(site);
    let idle: i64 = select.fetch_one(store.reader()).await.map_err(&failed)?;
    if idle > 0 {
        lines.push(format!("{idle} parameter(s) of its addresses never change what a page says and are left out"));
    }
    Ok(lines)
}

/// Why pages wait or will not be visited, the most frequent reasons first.
async fn reasons(store: &Store, id: AuthorisationId, site: &str) -> Result<Vec<String>, Error> {
    let select = "SELECT p.state, p.reason, count(*) FROM frontier_pages p JOIN frontier_hosts h USING (host) \
                  WHERE h.authorisation = ? AND h.site = ? AND p.state IN ('waiting', 'retired') \
                  GROUP BY p.state, p.reason ORDER BY count(*) DESC, p.reason LIMIT 20";
    let select = sqlx::query_as::<_, (String, String, i64)>(select).bind(id.as_bytes().as_slice().to_vec()).bind(site);
    let rows = select.fetch_all(store.reader()).await.map_err(during("read why pages wait"))?;
    let line = |(state, reason, pages)| {
        format!("{pages} pages {}: {reason}", if state == "waiting" { "wait" } else { "will not be visited" })
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Pauses collecting under every authorisation of a case that the frontier knows; returns how many those are.
///
/// # Errors
/// When the store fails.
pub async fn pause(tx: &mut Tx, case: &CaseId, by: &PersonId, why: &str) -> Result<u64, Error> {
    let why: String = why.chars().filter(|c| !c.is_control()).take(1_000).collect();
    let update = sqlx::query("UPDATE frontier_budgets SET paused = ? WHERE case_id = ?");
    let update = update.bind(format!("paused by {by}: {why}")).bind(case.as_str());
    Ok(update.execute(&mut **tx).await.map_err(during("pause"))?.rows_affected())
}

/// Takes a pause back.
///
/// # Errors
/// When the store fails.
pub async fn resume(tx: &mut Tx, case: &CaseId) -> Result<u64, Error> {
    let update = sqlx::query("UPDATE frontier_budgets SET paused = NULL WHERE case_id = ? AND paused IS NOT NULL");
    Ok(update.bind(case.as_str()).execute(&mut **tx).await.map_err(during("resume"))?.rows_affected())
}
