//! Counts over all cases, for whoever watches the machine: nothing that names a host, a case or a page.

use std::collections::BTreeMap;

use store::Store;

use crate::Error;
use crate::error::during;

/// What a monitor sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Hosts by what their queues are doing; those that wait for a person are `held`.
    pub hosts: BTreeMap<String, u64>,
    /// Pages that wait for a first visit.
    pub waiting: u64,
    /// Pages that were visited.
    pub done: u64,
    /// Pages that will not be visited.
    pub retired: u64,
    /// Requests made.
    pub requests: u64,
    /// Bytes of bodies received.
    pub bytes: u64,
    /// Links that a rule refused.
    pub refused: u64,
    /// Scheduled runs that did not begin.
    pub missed: u64,
    /// Accounts with an open session, and those without.
    pub signed_in: u64,
    /// See [`signed_in`](Self::signed_in).
    pub signed_out: u64,
    /// Sessions of accounts that were begun.
    pub sessions: u64,
    /// Those of them that are over: the site ended them, or the account was set anew or forgotten.
    pub sessions_lost: u64,
}

/// Reads the counts that are kept.
///
/// # Errors
/// When the store cannot be read.
pub async fn counts(store: &Store) -> Result<Counts, Error> {
    let failed = during("count the frontier");
    let select = "SELECT iif(held IS NULL, state, 'held'), count(*), sum(waiting), sum(done), sum(retired), sum(requests), sum(bytes) \
                  FROM frontier_hosts GROUP BY 1";
    type Row = (String, i64, i64, i64, i64, i64, i64);
    let rows: Vec<Row> = sqlx::query_as(select).fetch_all(store.reader()).await.map_err(&failed)?;
    let mut counts = Counts::default();
    for state in ["ready", "snoozed", "leased", "retired", "exhausted", "held"] {
        counts.hosts.insert(state.to_owned(), 0);
    }
    for (state, hosts, waiting, done, retired, requests, bytes) in rows {
        counts.hosts.insert(state, hosts.unsigned_abs());
        counts.waiting += waiting.unsigned_abs();
        counts.done += done.unsigned_abs();
        counts.retired += retired.unsigned_abs();
        counts.requests += requests.unsigned_abs();
        counts.bytes += bytes.unsigned_abs();
    }
    let refused: Option<i64> = sqlx::query_scalar("SELECT sum(links) FROM frontier_refusals")
        .fetch_one(store.reader())
        .await
        .map_err(&failed)?;
    counts.refused = refused.unwrap_or_default().unsigned_abs();
    let missed: Option<i64> = sqlx::query_scalar("SELECT sum(missed) FROM frontier_schedules")
        .fetch_one(store.reader())
        .await
        .map_err(&failed)?;
    counts.missed = missed.unwrap_or_default().unsigned_abs();
    let select = "SELECT (SELECT count(*) FROM accounts),                   (SELECT count(*) FROM account_sessions s JOIN accounts a USING (case_id, site, label) WHERE s.ended_at IS NULL),                   (SELECT count(*) FROM account_sessions),                   (SELECT count(*) FROM account_sessions WHERE ended_at IS NOT NULL)";
    let (accounts, open, sessions, lost): (i64, i64, i64, i64) =
        sqlx::query_as(select).fetch_one(store.reader()).await.map_err(&failed)?;
    counts.signed_in = open.unsigned_abs();
    counts.signed_out = (accounts - open).max(0).unsigned_abs();
    counts.sessions = sessions.unsigned_abs();
    counts.sessions_lost = lost.unsigned_abs();
    Ok(counts)
}
