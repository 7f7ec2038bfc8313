//! What is learnt about the parameters of a host's addresses: those that never change what a page says are left out.

use std::collections::BTreeSet;
use std::sync::Arc;

use authorisation::{Target, scope};
use model::{Sensitive, Timestamp};
use store::Tx;

use super::{Frontier, lock};
use crate::error::during;
use crate::{Error, Lease, trap};

/// So many pairs of pages that differ in a parameter alone must say the same, and none anything else.
const ENOUGH: i64 = 3;

/// A parameter of which so many pairs said different things matters.
const MATTERS: i64 = 3;

/// Addresses that are kept while a parameter is being judged.
const MAX_VARIANTS: i64 = 200;

/// Parameters of one address that are judged.
const MAX_PARAMETERS: usize = 6;

impl Frontier {
    /// The target of a link without the parameters that were learnt to change nothing on its host.
    pub(super) async fn plain(
        &self,
        tx: &mut Tx,
        host: i64,
        target: &Target,
        now: Timestamp,
    ) -> Result<Option<Target>, Error> {
        if !target.path_and_query().contains('?') {
            return Ok(None);
        }
        let idle = self.idle(tx, host).await?;
        if idle.is_empty() {
            return Ok(None);
        }
        let drop = |name: &str| idle.contains(&self.0.key.parameter_hash(name));
        let Some(shorter) = trap::without(target.path_and_query(), drop) else { return Ok(None) };
        let shorter = scope::join(target, &shorter).map(Sensitive::new);
        Ok(shorter.and_then(|url| scope::admit(target.authorised(), url.expose(), now)).ok())
    }

    async fn idle(&self, tx: &mut Tx, host: i64) -> Result<Arc<BTreeSet<[u8; 32]>>, Error> {
        if let Some(idle) = lock(&self.0.idle).get(&host) {
            return Ok(Arc::clone(idle));
        }
        let select = "SELECT name_hash FROM frontier_parameters WHERE host = ? AND same >= ? AND different = 0";
        let names: Vec<Vec<u8>> = sqlx::query_scalar(select)
            .bind(host)
            .bind(ENOUGH)
            .fetch_all(&mut **tx)
            .await
            .map_err(during("look for parameters that change nothing"))?;
        let idle: Arc<BTreeSet<_>> = Arc::new(names.into_iter().filter_map(|name| name.try_into().ok()).collect());
        lock(&self.0.idle).insert(host, Arc::clone(&idle));
        Ok(idle)
    }

    /// Compares a page that was visited for the first time with those whose addresses differ in one parameter.
    pub(super) async fn judge_parameters(&self, tx: &mut Tx, lease: &Lease, content: &[u8; 32]) -> Result<(), Error> {
        let address = lease.target.path_and_query();
        let Some((_, query)) = address.split_once('?') else { return Ok(()) };
        let names: BTreeSet<&str> = trap::pairs(query).map(|(name, _)| name).take(MAX_PARAMETERS).collect();
        for name in names {
            let Some(rest) = trap::without(address, |other| other == name) else { continue };
            self.judge_parameter(tx, lease, name, &rest, content).await?;
        }
        Ok(())
    }

    async fn judge_parameter(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        name: &str,
        rest: &str,
        content: &[u8; 32],
    ) -> Result<(), Error> {
        let failed = during("judge a parameter");
        let host = lease.host;
        let name = self.0.key.parameter_hash(name);
        let insert =
            "INSERT INTO frontier_parameters (host, name_hash) VALUES (?, ?) ON CONFLICT (host, name_hash) DO NOTHING";
        sqlx::query(insert).bind(host).bind(name.as_slice()).execute(&mut **tx).await.map_err(&failed)?;
        let select = "SELECT parameter, same, different FROM frontier_parameters WHERE host = ? AND name_hash = ?";
        let select = sqlx::query_as::<_, (i64, i64, i64)>(select).bind(host).bind(name.as_slice());
        let (parameter, same, different) = select.fetch_one(&mut **tx).await.map_err(&failed)?;
        if different >= MATTERS || different == 0 && same >= ENOUGH {
            return Ok(());
        }
        let whole = scope::join(&lease.target, rest).map(Sensitive::new)?;
        let rest = self.0.key.url_hash(rest);
        let select = "SELECT content_hash FROM frontier_variants WHERE parameter = ? AND rest_hash = ?";
        let select = sqlx::query_scalar(select).bind(parameter).bind(rest.as_bytes().as_slice());
        let seen: Option<Vec<u8>> = select.fetch_optional(&mut **tx).await.map_err(&failed)?;
        // The page without the parameter at all is the best to compare with.
        let seen = match seen {
            Some(seen) => Some(seen),
            None => {
                let select = "SELECT content_hash FROM frontier_pages WHERE host = ? AND url_hash = ?";
                let hash = self.0.key.url_hash(whole.expose());
                let select = sqlx::query_scalar(select).bind(host).bind(hash.as_bytes().as_slice().to_vec());
                select.fetch_optional(&mut **tx).await.map_err(&failed)?.flatten()
            }
        };
        let Some(seen) = seen else {
            let insert = "INSERT INTO frontier_variants (parameter, rest_hash, content_hash) \
                          SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM frontier_variants WHERE parameter = ?1) < ?4";
            let insert = sqlx::query(insert)
                .bind(parameter)
                .bind(rest.as_bytes().as_slice())
                .bind(content.as_slice())
                .bind(MAX_VARIANTS);
            insert.execute(&mut **tx).await.map_err(&failed)?;
            return Ok(());
        };
        let equal = seen == content;
        let update = "UPDATE frontier_parameters SET same = same + ?, different = different + ? WHERE parameter = ?";
        let update = sqlx::query(update).bind(i64::from(equal)).bind(i64::from(!equal)).bind(parameter);
        update.execute(&mut **tx).await.map_err(&failed)?;
        if equal && same + 1 >= ENOUGH && different == 0 || !equal && different + 1 >= MATTERS {
            // It is judged: what it was judged by is not needed any more.
            let delete = sqlx::query("DELETE FROM frontier_variants WHERE parameter = ?").bind(parameter);
            delete.execute(&mut **tx).await.map_err(&failed)?;
            lock(&self.0.idle).remove(&host);
        }
        Ok(())
    }
}
