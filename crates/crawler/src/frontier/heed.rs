//! robots.txt: read once a day, kept sealed, and what was decided about it kept in words.

use std::sync::Arc;

use authorisation::Target;
use model::Timestamp;
use store::Tx;

use super::{Frontier, lock};
use crate::error::during;
use crate::limits::ROBOTS_FRESH_MILLIS;
use crate::robots::{self, Answer, Rules};
use crate::{Error, Lease};

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

    /// Keeps what a host answered, and obeys or sets it aside as the authorisation says.
    pub(super) async fn heed(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        answer: &Answer<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
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
