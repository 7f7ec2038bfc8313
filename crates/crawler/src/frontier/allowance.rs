//! Whether anything may be collected under an authorisation now.

use authorisation::{Authorised, Rule};
use model::{AuthorisationId, Timestamp};
use page::limits::MAX_BODY_BYTES;
use store::Tx;

use super::rows::Budget;
use super::{Frontier, lock};
use crate::Error;
use crate::error::during;
use crate::registry::{self, Standing};

const DAY_MILLIS: i64 = 86_400_000;

/// What stands against collecting under one authorisation now.
pub(super) enum Blocked {
    /// For good: revoked, expired, not trusted.
    Retired(String),
    /// For good: a ceiling is reached.
    Exhausted(String),
    /// Until a moment, or until somebody acts.
    Waiting(Option<i64>, String),
}

/// What may be collected under one authorisation now.
pub(super) struct Allowed {
    pub(super) authorised: Authorised,
    pub(super) budget: Budget,
    /// Bytes that are neither used nor reserved.
    pub(super) free: u64,
}

/// What becomes of an authorisation's queues.
pub(super) enum Mark<'a> {
    /// Nothing stands against it any more.
    Revive,
    /// It is over.
    Retire(&'a str),
    /// A ceiling is reached.
    Exhaust(&'a str),
}

impl Frontier {
    /// Whether anything may be collected under an authorisation now.
    pub(super) async fn allowance(
        &self,
        tx: &mut Tx,
        budget: Budget,
        now: Timestamp,
    ) -> Result<Result<Allowed, Blocked>, Error> {
        let standing = match budget.revoked_at {
            Some(at) => registry::revoked(at),
            None => self.standing(tx, &budget, now).await?,
        };
        let authorised = match standing {
            Standing::InForce(authorised) => authorised,
            Standing::Refused(refusal) => return Ok(Err(Blocked::Retired(refusal.to_string()))),
        };
        let ceilings = authorised.ceilings();
        let begins = authorised.document().not_before();
        if now < begins {
            return Ok(Err(Blocked::Waiting(Some(begins.millis()), format!("the authorisation begins on {begins}"))));
        }
        if let Err(refusal) = authorised.in_force(now) {
            return Ok(Err(Blocked::Retired(refusal.to_string())));
        }
        if let Some(paused) = &budget.paused {
            return Ok(Err(Blocked::Waiting(None, paused.clone())));
        }
        if budget.first_request_at.is_some_and(|first| now.millis() - first >= i64::from(ceilings.days) * DAY_MILLIS) {
            return Ok(Err(exhausted(format!("the {} days of the authorisation have passed", ceilings.days))));
        }
        if budget.pages >= ceilings.pages {
            return Ok(Err(exhausted(format!("the authorisation's {} pages have been asked for", ceilings.pages))));
        }
        if budget.bytes >= ceilings.bytes {
            return Ok(Err(exhausted(format!("the authorisation's {} bytes have been received", ceilings.bytes))));
        }
        let free = ceilings.bytes.saturating_sub(budget.bytes).saturating_sub(budget.reserved);
        // Whoever gets the rest of the ceiling gets all of it: a page is not cut while others may give bytes back.
        if budget.reserved > 0 && free < MAX_BODY_BYTES as u64 {
            let until = self.next_return(tx).await?;
            let reason = "the rest of the byte ceiling is reserved for pages that are being fetched".to_owned();
            return Ok(Err(Blocked::Waiting(until, reason)));
        }
        if let Err(until) = budget.minute.clone().take(now.millis(), ceilings.requests_per_minute) {
            let reason =
                format!("{} requests were made in the last minute, as many as allowed", ceilings.requests_per_minute);
            return Ok(Err(Blocked::Waiting(Some(until), reason)));
        }
        Ok(Ok(Allowed { authorised, budget, free }))
    }

    /// Whether an authorisation has been revoked: asked while a page is on its way.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_revoked(&self, id: AuthorisationId) -> Result<bool, Error> {
        let select = "SELECT count(*) FROM authorisations WHERE authorisation = ? AND revoked_at IS NOT NULL";
        let select = sqlx::query_scalar::<_, i64>(select).bind(id.as_bytes().as_slice().to_vec());
        Ok(select.fetch_one(self.0.store.reader()).await.map_err(during("look for a revocation"))? > 0)
    }

    /// The authorisation, verified when it was first looked at.
    async fn standing(&self, tx: &mut Tx, budget: &Budget, now: Timestamp) -> Result<Standing, Error> {
        if let Some(known) = lock(&self.0.verified).get(&budget.authorisation) {
            return Ok(known.clone());
        }
        let select = "SELECT * FROM authorisations WHERE authorisation = ?";
        let row = sqlx::query_as::<_, registry::Row>(select)
            .bind(budget.authorisation.as_bytes().as_slice())
            .fetch_one(&mut **tx)
            .await;
        let row = row.map_err(during("read an authorisation"))?;
        let trust = lock(&self.0.trust).clone();
        let standing = row.standing(&trust, now)?;
        // "Not yet" would be wrong later on, so only what cannot change by waiting is remembered.
        let lasting = !matches!(&standing, Standing::Refused(refusal) if refusal.rule() == Rule::Validity);
        if lasting {
            lock(&self.0.verified).insert(budget.authorisation, standing.clone());
        }
        Ok(standing)
    }

    /// Writes into every queue of an authorisation what stands against it; returns whether that is new.
    pub(super) async fn mark(&self, tx: &mut Tx, id: AuthorisationId, mark: Mark<'_>) -> Result<bool, Error> {
        let (from, to, reason) = match mark {
            Mark::Revive => (["retired", "retired", "exhausted"], "ready", "nothing stands against it any more"),
            Mark::Retire(reason) => (["ready", "snoozed", "exhausted"], "retired", reason),
            Mark::Exhaust(reason) => (["ready", "snoozed", "retired"], "exhausted", reason),
        };
        let update = "UPDATE frontier_hosts SET state = ?1, reason = ?2 \
                      WHERE authorisation = ?3 AND state IN (?4, ?5, ?6) \
                      AND (waiting > 0 OR revisit_at IS NOT NULL AND (?1 <> 'ready' OR state = 'retired'))";
        let update = sqlx::query(update).bind(to).bind(reason).bind(id.as_bytes().as_slice().to_vec());
        let update = from.into_iter().fold(update, |update, state| update.bind(state));
        let changed = update.execute(&mut **tx).await.map_err(during("mark the queues of an authorisation"))?;
        Ok(changed.rows_affected() > 0)
    }
}

fn exhausted(reason: String) -> Blocked {
    Blocked::Exhausted(reason)
}
