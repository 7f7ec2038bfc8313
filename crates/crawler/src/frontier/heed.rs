//! robots.txt: read once a day, kept sealed, and what was decided about it kept in words.

use std::sync::Arc;

use authorisation::{RobotsPolicy, Target};
use model::Timestamp;
use store::Tx;

use super::rows::Host;
use super::settling::{Moved, Rest, asked, trouble};
use super::{Frontier, lock};
use crate::error::during;
use crate::limits::ROBOTS_FRESH_MILLIS;
use crate::politeness::Trouble;
use crate::robots::{self, Answer, Rules};
use crate::{Error, Fetched, Lease};

impl Frontier {
    /// The rules of a target's host, if they were read within a day.
    pub(super) async fn rules(
        &self,
        tx: &mut Tx,
        host: i64,
        target: &Target,
        now: Timestamp,
    ) -> Result<Option<Arc<Rules>>, Error> {
        let origin = robots::origin(target);
        let select = "SELECT read_at FROM frontier_robots WHERE host = ? AND origin = ? AND fresh_until > ?";
        let select = sqlx::query_scalar(select).bind(host).bind(&origin).bind(now.millis());
        let Some(read_at) = select.fetch_optional(&mut **tx).await.map_err(during("look for robots.txt"))? else {
            return Ok(None);
        };
        let key = (host, origin);
        if let Some((at, rules)) = lock(&self.0.rules).get(&key)
            && *at == read_at
        {
            return Ok(Some(Arc::clone(rules)));
        }
        let select = "SELECT body_sealed FROM frontier_robots WHERE host = ? AND origin = ?";
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(select)
            .bind(key.0)
            .bind(&key.1)
            .fetch_one(&mut **tx)
            .await
            .map_err(during("read robots.txt"))?;
        let rules = match sealed {
            Some(sealed) => {
                let body = self.0.key.open(&robots_place(host), &sealed);
                let body = body.ok_or(Error::Damaged { during: "read robots.txt", what: "its sealed text" })?;
                Rules::read(&Answer::File(body.expose()))
            }
            None => Rules::read(&Answer::None),
        };
        let rules = Arc::new(rules);
        lock(&self.0.rules).insert(key, (read_at, Arc::clone(&rules)));
        Ok(Some(rules))
    }

    /// What a host answered when it was asked for its robots.txt.
    pub(super) async fn robots_answered(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        host: &Host,
        fetched: Fetched,
    ) -> Result<(), Error> {
        let now = self.now();
        let trouble = match fetched {
            Fetched::Page(page) => {
                self.heed(tx, lease, &robots::answer(&page), now).await?;
                None
            }
            // After RFC 9309: what cannot be had asks for nothing; what cannot be reached asks for everything.
            Fetched::Status(..500) | Fetched::Refused(_) | Fetched::Redirect(_) | Fetched::Unchanged => {
                self.heed(tx, lease, &Answer::None, now).await?;
                None
            }
            Fetched::Status(status) => {
                Some((Trouble::Failing, format!("the server answered {status} when asked for robots.txt")))
            }
            Fetched::Backoff { status, retry_after_millis } => {
                let why =
                    format!("the server answered {status}{} when asked for robots.txt", asked(retry_after_millis));
                Some((Trouble::Asked(retry_after_millis), why))
            }
            Fetched::Failed(error) => Some((trouble(error), format!("robots.txt could not be read: {}", error.what))),
        };
        let rest = match trouble {
            None => Rest::Polite,
            Some((trouble, why)) => {
                if matches!(lease.target.robots(), RobotsPolicy::SetAside { .. }) {
                    self.heed(tx, lease, &Answer::None, now).await?;
                }
                Rest::Long(trouble, why)
            }
        };
        self.settle_host(tx, lease, host, Moved::Nothing, rest).await
    }

    /// Keeps what a host answered, and obeys or sets it aside as the authorisation says.
    async fn heed(&self, tx: &mut Tx, lease: &Lease, answer: &Answer<'_>, now: Timestamp) -> Result<(), Error> {
        let rules = Rules::read(answer);
        let (sealed, hash) = match answer {
            Answer::File(body) => {
                let sealed = self.0.key.seal(&robots_place(lease.host), body);
                (Some(sealed), Some(self.0.key.body_hash(body)))
            }
            Answer::None => (None, None),
        };
        let upsert = "INSERT INTO frontier_robots (host, origin, decision, body_sealed, body_hash, read_at, fresh_until) \
                      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (host, origin) DO UPDATE SET decision = excluded.decision, \
                      body_sealed = excluded.body_sealed, body_hash = excluded.body_hash, read_at = excluded.read_at, \
                      fresh_until = excluded.fresh_until";
        let upsert = sqlx::query(upsert)
            .bind(lease.host)
            .bind(robots::origin(&lease.target))
            .bind(robots::decision(lease.target.robots(), &rules))
            .bind(sealed)
            .bind(hash.map(|hash| hash.to_vec()))
            .bind(now.millis())
            .bind(now.plus_millis(ROBOTS_FRESH_MILLIS).millis());
        upsert.execute(&mut **tx).await.map_err(during("keep robots.txt"))?;
        // A delay is honoured even where the rules are set aside: it costs time alone.
        let update = "UPDATE frontier_hosts SET crawl_delay_ms = ? WHERE host = ?";
        let update = sqlx::query(update).bind(rules.crawl_delay_millis()).bind(lease.host);
        update.execute(&mut **tx).await.map_err(during("keep the delay of robots.txt"))?;
        Ok(())
    }
}

/// What the seal of a robots.txt is bound to.
pub(super) fn robots_place(host: i64) -> Vec<u8> {
    format!("frontier robots {host}").into_bytes()
}
