//! A destroyed case leaves nothing of what it looked at: its queue goes, its budgets' counts stay.

use model::CaseId;
use store::Tx;

use crate::Error;
use crate::error::during;

/// Takes every host, page, refusal and robots.txt of a case out for ever. How many rows went.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget(tx: &mut Tx, case: &CaseId) -> Result<u64, Error> {
    let mut gone = 0;
    for delete in [
        "DELETE FROM frontier_variants WHERE parameter IN (SELECT parameter FROM frontier_parameters \
         WHERE host IN (SELECT host FROM frontier_hosts WHERE case_id = ?))",
        "DELETE FROM frontier_parameters WHERE host IN (SELECT host FROM frontier_hosts WHERE case_id = ?)",
        "DELETE FROM frontier_forms WHERE host IN (SELECT host FROM frontier_hosts WHERE case_id = ?)",
        "DELETE FROM frontier_pages WHERE host IN (SELECT host FROM frontier_hosts WHERE case_id = ?)",
        "DELETE FROM frontier_refusals WHERE host IN (SELECT host FROM frontier_hosts WHERE case_id = ?)",
        "DELETE FROM frontier_robots WHERE host IN (SELECT host FROM frontier_hosts WHERE case_id = ?)",
        "DELETE FROM frontier_hosts WHERE case_id = ?",
        "DELETE FROM account_sessions WHERE case_id = ?",
        "DELETE FROM accounts WHERE case_id = ?",
        "DELETE FROM account_keys WHERE case_id = ?",
        "DELETE FROM frontier_schedules WHERE case_id = ?",
        "DELETE FROM frontier_runs WHERE case_id = ?",
    ] {
        let done = sqlx::query(delete).bind(case.as_str()).execute(&mut **tx).await;
        gone += done.map_err(during("forget a case's queue"))?.rows_affected();
    }
    Ok(gone)
}
