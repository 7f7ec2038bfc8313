//! Pages into the frontier: seeds and links, each once.

use std::collections::BTreeMap;

use authorisation::{Authorised, Refusal, Rule, Target, scope};
use model::AuthorisationId;
use store::Tx;

use super::Frontier;
use crate::Error;
use crate::error::during;
use crate::found::{NewPage, SEED_PRIORITY};
use crate::minute::Minute;

/// What came of seeding.
#[derive(Debug, Default)]
pub struct Seeded {
    /// Pages that were not known before.
    pub added: u64,
    /// Seeds that scope refused, in the order they were given.
    pub refused: Vec<Refusal>,
}

impl Frontier {
    /// Puts seeds into the frontier: these URLs, or every path prefix of the authorisation if there are none.
    ///
    /// The authorisation must have been registered. Seeds that are known already change nothing.
    ///
    /// # Errors
    /// When the store fails; a seed that scope refuses is no error.
    pub async fn seed(&self, tx: &mut Tx, authorised: &Authorised, urls: &[String]) -> Result<Seeded, Error> {
        if authorised.case() != self.case() {
            return Err(Refusal::new(Rule::Complete, "the authorisation is for another case").into());
        }
        self.open_budget(tx, authorised).await?;
        let everywhere;
        let urls = if urls.is_empty() {
            everywhere = prefixes(authorised);
            &everywhere
        } else {
            urls
        };
        let mut seeded = Seeded::default();
        let mut pages = Vec::new();
        for url in urls {
            match scope::admit(authorised, url, self.now()) {
                Ok(target) => pages.push(NewPage { target, depth: 0, hops: 0, priority: SEED_PRIORITY }),
                Err(refusal) => seeded.refused.push(refusal),
            }
        }
        seeded.added = self.insert(tx, &pages).await?;
        Ok(seeded)
    }

    async fn open_budget(&self, tx: &mut Tx, authorised: &Authorised) -> Result<(), Error> {
        let insert = "INSERT INTO frontier_budgets (authorisation, case_id, minute) VALUES (?, ?, ?) \
                      ON CONFLICT (authorisation) DO NOTHING";
        let insert = sqlx::query(insert)
            .bind(authorised.id().as_bytes().as_slice())
            .bind(self.case().as_str())
            .bind(Minute::empty().to_bytes());
        insert.execute(&mut **tx).await.map_err(during("open a budget"))?;
        Ok(())
    }

    /// Inserts what is not known yet; returns how many that were.
    pub(super) async fn insert(&self, tx: &mut Tx, pages: &[NewPage]) -> Result<u64, Error> {
        let mut fresh: BTreeMap<i64, i64> = BTreeMap::new();
        let mut hosts: BTreeMap<(AuthorisationId, [u8; 32]), i64> = BTreeMap::new();
        for page in pages {
            let host_hash = self.0.key.host_hash(page.target.host());
            let place = (page.target.authorisation(), host_hash);
            let host = match hosts.get(&place) {
                Some(host) => *host,
                None => {
                    let host = self.host_of(tx, &page.target, &host_hash).await?;
                    hosts.insert(place, host);
                    host
                }
            };
            if self.insert_one(tx, host, page).await? {
                *fresh.entry(host).or_default() += 1;
            }
        }
        for (host, count) in &fresh {
            let update = "UPDATE frontier_hosts SET waiting = waiting + ?, \
                          reason = iif(state = 'exhausted', 'new pages were found', reason), \
                          state = iif(state = 'exhausted', 'ready', state) WHERE host = ?";
            let update = sqlx::query(update).bind(count).bind(host);
            update.execute(&mut **tx).await.map_err(during("count new pages"))?;
        }
        Ok(fresh.values().sum::<i64>().unsigned_abs())
    }

    async fn insert_one(&self, tx: &mut Tx, host: i64, page: &NewPage) -> Result<bool, Error> {
        let hash = self.0.key.url_hash(page.target.url());
        let sealed = self.0.key.seal(&place(page.target.authorisation()), page.target.url().as_bytes());
        let insert = "INSERT INTO frontier_pages (host, url_hash, url_sealed, depth, hops, priority, state, reason) \
                      VALUES (?, ?, ?, ?, ?, ?, 'waiting', 'not visited yet') ON CONFLICT (host, url_hash) DO NOTHING";
        let insert = sqlx::query(insert)
            .bind(host)
            .bind(hash.as_bytes().as_slice())
            .bind(sealed)
            .bind(i64::from(page.depth))
            .bind(page.hops)
            .bind(page.priority);
        if insert.execute(&mut **tx).await.map_err(during("insert a page"))?.rows_affected() > 0 {
            return Ok(true);
        }
        // A shorter way to a page that waits: its own links may then be followed further.
        let update = "UPDATE frontier_pages SET depth = ?1 WHERE host = ?2 AND url_hash = ?3 AND depth > ?1 AND state = 'waiting'";
        let update = sqlx::query(update).bind(i64::from(page.depth)).bind(host).bind(hash.as_bytes().as_slice());
        update.execute(&mut **tx).await.map_err(during("shorten the way to a page"))?;
        Ok(false)
    }

    /// The queue of a target's host, made if there is none.
    async fn host_of(&self, tx: &mut Tx, target: &Target, host_hash: &[u8; 32]) -> Result<i64, Error> {
        let id = target.authorisation();
        let select = "SELECT host FROM frontier_hosts WHERE authorisation = ? AND host_hash = ?";
        let known = sqlx::query_scalar(select).bind(id.as_bytes().as_slice()).bind(host_hash.as_slice());
        if let Some(host) = known.fetch_optional(&mut **tx).await.map_err(during("look for a host"))? {
            return Ok(host);
        }
        let insert = "INSERT INTO frontier_hosts (authorisation, case_id, host_hash, site, state, reason, next_at) \
                      VALUES (?, ?, ?, ?, 'ready', 'not visited yet', ?) RETURNING host";
        let insert = sqlx::query_scalar(insert)
            .bind(id.as_bytes().as_slice())
            .bind(target.case().as_str())
            .bind(host_hash.as_slice())
            .bind(target.site())
            .bind(self.now().millis());
        insert.fetch_one(&mut **tx).await.map_err(during("open a host's queue"))
    }
}

/// What a URL's seal is bound to.
pub(super) fn place(authorisation: AuthorisationId) -> Vec<u8> {
    [b"frontier page ".as_slice(), authorisation.as_bytes()].concat()
}

/// The first page below each prefix, over each port.
fn prefixes(authorised: &Authorised) -> Vec<String> {
    let sites = authorised.document().sites().iter();
    let urls = sites.flat_map(|site| {
        site.ports().iter().flat_map(move |port| {
            site.path_prefixes().iter().map(move |prefix| format!("{}://{}:{port}{prefix}", site.scheme(), site.host()))
        })
    });
    urls.collect()
}
