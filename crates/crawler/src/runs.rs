//! Crawls that run: what others see of them, and how they are asked to stop.

use model::{CaseId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::FromRow;
use store::{Store, Tx};

use crate::Error;
use crate::error::during;

/// A run that has given no sign of life for so long is over, whatever its row says.
const SILENCE_MILLIS: i64 = 30_000;

/// A crawl of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Its number.
    pub id: i64,
    /// The case.
    pub case: CaseId,
    /// When it began.
    pub begun_at: Timestamp,
    /// Its last sign of life.
    pub seen_at: Timestamp,
    /// When it ended, if it said so.
    pub ended_at: Option<Timestamp>,
    /// Counts, as JSON.
    pub progress: String,
    /// Who asked it to stop, and why.
    pub stop: Option<String>,
}

#[derive(FromRow)]
struct Row {
    run: i64,
    case_id: String,
    begun_at: i64,
    seen_at: i64,
    ended_at: Option<i64>,
    progress: String,
    stop: Option<String>,
}

impl Run {
    /// Whether it runs, as far as anybody can tell at `now`.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now.since_millis(self.seen_at) < SILENCE_MILLIS
    }
}

/// A run of a case begins; returns its number.
///
/// # Errors
/// When the store fails.
pub async fn begin_run(tx: &mut Tx, case: &CaseId, now: Timestamp) -> Result<i64, Error> {
    // What ended without a word has ended by now: one crawl at a time works on a data folder.
    let over = sqlx::query("UPDATE frontier_runs SET ended_at = seen_at WHERE case_id = ? AND ended_at IS NULL");
    over.bind(case.as_str()).execute(&mut **tx).await.map_err(during("end runs that ended without a word"))?;
    let insert =
        "INSERT INTO frontier_runs (case_id, begun_at, seen_at, progress) VALUES (?1, ?2, ?2, '{}') RETURNING run";
    let insert = sqlx::query_scalar(insert).bind(case.as_str()).bind(now.millis());
    insert.fetch_one(&mut **tx).await.map_err(during("begin a run"))
}

/// A sign of life with counts; whether somebody has asked the run to stop.
///
/// # Errors
/// When the store fails.
pub async fn run_lives(
    tx: &mut Tx,
    run: i64,
    progress: &str,
    now: Timestamp,
    ended: bool,
) -> Result<Option<String>, Error> {
    let update = "UPDATE frontier_runs SET seen_at = max(seen_at, ?1), progress = ?2, ended_at = iif(?3, ?1, ended_at) \
                  WHERE run = ?4 RETURNING stop";
    let update = sqlx::query_scalar(update).bind(now.millis()).bind(progress).bind(ended).bind(run);
    let stop: Option<Option<String>> = update.fetch_optional(&mut **tx).await.map_err(during("tell how a run goes"))?;
    Ok(stop.flatten())
}

/// Asks every run of a case that has not ended to stop; returns how many there are.
///
/// # Errors
/// When the store fails.
pub async fn stop_runs(tx: &mut Tx, case: &CaseId, by: &PersonId, why: &str) -> Result<u64, Error> {
    let why: String = why.chars().filter(|c| !c.is_control()).take(1_000).collect();
    let update = sqlx::query("UPDATE frontier_runs SET stop = ? WHERE case_id = ? AND ended_at IS NULL");
    let update = update.bind(format!("{by}: {why}")).bind(case.as_str()).execute(&mut **tx).await;
    Ok(update.map_err(during("ask a run to stop"))?.rows_affected())
}

/// The last runs of a case, the latest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn last_runs(store: &Store, case: &CaseId, count: u32) -> Result<Vec<Run>, Error> {
    let select = "SELECT run, case_id, begun_at, seen_at, ended_at, progress, stop FROM frontier_runs WHERE case_id = ? ORDER BY run DESC LIMIT ?";
    let select = sqlx::query_as::<_, Row>(select).bind(case.as_str()).bind(count);
    let rows = select.fetch_all(store.reader()).await.map_err(during("read the last runs"))?;
    let read = |row: Row| {
        Ok(Run {
            id: row.run,
            case: row.case_id.parse().map_err(|_| Error::Damaged { during: "read a run", what: "its case" })?,
            begun_at: Timestamp::from_millis(row.begun_at),
            seen_at: Timestamp::from_millis(row.seen_at),
            ended_at: row.ended_at.map(Timestamp::from_millis),
            progress: row.progress,
            stop: row.stop,
        })
    };
    rows.into_iter().map(read).collect()
}
