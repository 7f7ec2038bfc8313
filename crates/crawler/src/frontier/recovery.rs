//! Leases whose worker is gone.

use model::Timestamp;
use store::Tx;

use super::Frontier;
use super::rows::Host;
use crate::Error;
use crate::error::during;
use crate::limits::LEASE_MILLIS;

impl Frontier {
    /// Takes back what a worker of this name held when its process ended. Only a process that holds the lock which
    /// allows that name once may call this.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn recover(&self, worker: &str) -> Result<u64, Error> {
        let mut tx = self.0.store.begin().await?;
        let recovered = self.take_back(&mut tx, self.now(), Some(worker)).await?;
        tx.commit().await?;
        Ok(recovered)
    }

    /// Takes back leases that ran out, or those of one worker. Bytes that were reserved count as received: nobody knows
    /// how many were. Nor does anybody know when the request ended, so the host rests from now on for as long as was
    /// booked with the lease.
    pub(super) async fn take_back(&self, tx: &mut Tx, now: Timestamp, worker: Option<&str>) -> Result<u64, Error> {
        let select = "SELECT * FROM frontier_hosts WHERE case_id = ?1 AND lease_until IS NOT NULL \
                      AND (lease_until <= ?2 OR lease_by = ?3)";
        let select = sqlx::query_as::<_, Host>(select).bind(self.case().as_str()).bind(now.millis()).bind(worker);
        let hosts = select.fetch_all(&mut **tx).await.map_err(during("look for leases that ran out"))?;
        for host in &hosts {
            let failed = during("take a lease back");
            if let Some(page) = host.lease_page {
                // Behind the others, once: a page on which a process dies must not hold up the rest.
                let update = "UPDATE frontier_pages SET state = 'waiting', reason = 'its worker ended before it was kept', \
                              priority = iif(priority < 100, priority + 100, priority) WHERE page = ?";
                sqlx::query(update).bind(page).execute(&mut **tx).await.map_err(&failed)?;
            }
            let update = "UPDATE frontier_budgets SET bytes = bytes + ?1, bytes_reserved = bytes_reserved - ?1 \
                          WHERE authorisation = (SELECT authorisation FROM frontier_hosts WHERE host = ?2)";
            sqlx::query(update).bind(host.lease_bytes).bind(host.host).execute(&mut **tx).await.map_err(&failed)?;
            // A lease begins LEASE_MILLIS before it runs out, and `next_at` is that moment and the polite delay.
            let update = "UPDATE frontier_hosts SET state = 'ready', reason = 'a worker ended before its page was kept', \
                          next_at = max(next_at, ?1 + next_at - (lease_until - ?2)), \
                          waiting = waiting + (lease_page IS NOT NULL), bytes = bytes + lease_bytes, lease_page = NULL, \
                          lease_by = NULL, lease_until = NULL, lease_bytes = 0 WHERE host = ?3";
            let update = sqlx::query(update).bind(now.millis()).bind(LEASE_MILLIS).bind(host.host);
            update.execute(&mut **tx).await.map_err(&failed)?;
            let together = "UPDATE frontier_hosts SET next_at = max(next_at, (SELECT next_at FROM frontier_hosts WHERE host = ?1)) \
                            WHERE server = ?2 AND host != ?1";
            let together = sqlx::query(together).bind(host.host).bind(&host.server);
            together.execute(&mut **tx).await.map_err(&failed)?;
        }
        Ok(hosts.len() as u64)
    }
}
