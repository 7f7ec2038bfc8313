//! Why nothing is due, and until when.

use model::Timestamp;
use sqlx::FromRow;
use store::Tx;

use super::allowance::Allowed;
use super::{Frontier, NothingDue};
use crate::Error;
use crate::error::during;

/// What stands against collecting, gathered from the authorisations of a case.
#[derive(Default)]
pub(super) struct Nothing {
    reasons: Vec<(Option<i64>, String)>,
}

impl Nothing {
    pub(super) fn add(&mut self, until: Option<i64>, reason: String) {
        self.reasons.push((until, reason));
    }
}

/// The queue that is due next.
#[derive(FromRow)]
struct Next {
    site: String,
    reason: String,
    next_at: i64,
}

impl Frontier {
    /// The answer of a lease call that found nothing: what comes first, and why it has not come yet.
    pub(super) async fn describe(
        &self,
        tx: &mut Tx,
        allowed: &[Allowed],
        mut nothing: Nothing,
    ) -> Result<NothingDue, Error> {
        for one in allowed {
            // Another name of the same server may be in the way for longer.
            let select = "SELECT site, reason, max(CASE WHEN waiting > 0 THEN next_at ELSE max(next_at, revisit_at) END, \
                          coalesce((SELECT max(o.lease_until) FROM frontier_hosts o WHERE o.server = h.server \
                          AND o.host != h.host), 0)) AS next_at FROM frontier_hosts h WHERE authorisation = ? AND state IN ('ready', 'snoozed', 'exhausted') \
                          AND held IS NULL AND (waiting > 0 OR revisit_at IS NOT NULL) ORDER BY 3 LIMIT 1";
            let select = sqlx::query_as::<_, Next>(select).bind(one.authorised.id().as_bytes().as_slice().to_vec());
            if let Some(next) = select.fetch_optional(&mut **tx).await.map_err(during("look for the next host"))? {
                nothing.add(Some(next.next_at), format!("{}: {}", next.site, next.reason));
            }
        }
        let select = "SELECT site, held FROM frontier_hosts WHERE case_id = ? AND held IS NOT NULL LIMIT 1";
        let select = sqlx::query_as::<_, (String, String)>(select).bind(self.case().as_str());
        if let Some((site, held)) =
            select.fetch_optional(&mut **tx).await.map_err(during("look for a host that is held"))?
        {
            nothing.add(None, format!("{site}: {held}"));
        }
        let select =
            "SELECT count(*), min(lease_until) FROM frontier_hosts WHERE case_id = ? AND lease_until IS NOT NULL";
        let select = sqlx::query_as::<_, (i64, Option<i64>)>(select).bind(self.case().as_str());
        let (leased, returns) = select.fetch_one(&mut **tx).await.map_err(during("count leases"))?;
        if let Some(returns) = returns {
            nothing.add(Some(returns), format!("{leased} pages are being fetched"));
        }
        // A moment before no moment; among those without one, what was found first.
        let first = nothing.reasons.into_iter().min_by_key(|(until, _)| until.unwrap_or(i64::MAX));
        let (until, reason) = first.unwrap_or_else(|| (None, "every page that is known has been visited".to_owned()));
        Ok(NothingDue { until: until.map(Timestamp::from_millis), reason, leased: leased.unsigned_abs() })
    }

    /// When the first lease that is out runs out.
    pub(super) async fn next_return(&self, tx: &mut Tx) -> Result<Option<i64>, Error> {
        let select = "SELECT min(lease_until) FROM frontier_hosts WHERE case_id = ? AND lease_until IS NOT NULL";
        let select = sqlx::query_scalar(select).bind(self.case().as_str());
        select.fetch_one(&mut **tx).await.map_err(during("look for the next lease to return"))
    }
}
