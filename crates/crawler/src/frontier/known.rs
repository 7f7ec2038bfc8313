//! Which pages are known, asked for all links of a page at once, and new ones, written at once: each question to the database
//! costs more for its way there and back than for its answer.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use model::UrlHash;
use serde_json::{Value, json};
use store::Tx;

use super::Frontier;
use super::pages::place;
use crate::error::during;
use crate::found::NewPage;
use crate::{CrawlKey, Error};

/// Pages that are asked for, or written, at once.
const AT_ONCE: usize = 256;

/// A page, with its host's queue and the hash of its address.
pub(super) struct Placed {
    pub(super) host: i64,
    pub(super) hash: UrlHash,
    pub(super) page: NewPage,
}

/// A page that is known already.
#[derive(sqlx::FromRow)]
pub(super) struct KnownPage {
    pub(super) page: i64,
    pub(super) state: String,
    pub(super) depth: i64,
    pub(super) line_hash: Option<Vec<u8>>,
    pub(super) series: Option<i64>,
    url_hash: Vec<u8>,
}

/// Known pages by host and address.
pub(super) type KnownPages = BTreeMap<(i64, UrlHash), KnownPage>;

/// Rows of pages that are not known yet.
#[derive(Default)]
pub(super) struct NewRows {
    rows: Vec<Value>,
    held: BTreeSet<(i64, UrlHash)>,
}

impl NewRows {
    /// Whether it has a row for this address.
    pub(super) fn holds(&self, host: i64, hash: &UrlHash) -> bool {
        self.held.contains(&(host, *hash))
    }

    pub(super) fn add(&mut self, key: &CrawlKey, host: i64, hash: &UrlHash, page: &NewPage, form: &[u8]) {
        let sealed = key.seal(&place(page.target.authorisation()), page.target.url().as_bytes());
        let line = page.line.map(|line| HEXLOWER.encode(&key.body_hash(&line)));
        let (series, at) = page.series.unzip();
        let (depth, hash_hex) = (page.depth, HEXLOWER.encode(hash.as_bytes()));
        let at = at.unwrap_or_default();
        let row = json!([
            host,
            hash_hex,
            HEXLOWER.encode(&sealed),
            depth,
            page.hops,
            page.priority,
            HEXLOWER.encode(form),
            line,
            series,
            at
        ]);
        self.rows.push(row);
        self.held.insert((host, *hash));
    }
}

impl Frontier {
    pub(super) async fn known_page(&self, tx: &mut Tx, host: i64, hash: &UrlHash) -> Result<Option<KnownPage>, Error> {
        let select = "SELECT page, state, depth, line_hash, series, url_hash FROM frontier_pages WHERE host = ? AND url_hash = ?";
        let select = sqlx::query_as(select).bind(host).bind(hash.as_bytes().as_slice());
        select.fetch_optional(&mut **tx).await.map_err(during("look for a page"))
    }

    /// Those of some pages that are known.
    pub(super) async fn known_pages(&self, tx: &mut Tx, pages: &[Placed]) -> Result<KnownPages, Error> {
        let mut hosts: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for page in pages {
            hosts.entry(page.host).or_default().push(HEXLOWER.encode(page.hash.as_bytes()));
        }
        let mut known = KnownPages::new();
        for (host, hashes) in hosts {
            for hashes in hashes.chunks(AT_ONCE) {
                let select = "SELECT page, state, depth, line_hash, series, url_hash FROM frontier_pages \
                              WHERE host = ? AND url_hash IN (SELECT unhex(value) FROM json_each(?))";
                let select = sqlx::query_as::<_, KnownPage>(select).bind(host).bind(json!(hashes).to_string());
                for page in select.fetch_all(&mut **tx).await.map_err(during("look for pages"))? {
                    let hash = <[u8; 32]>::try_from(page.url_hash.as_slice());
                    let hash = hash.map_err(|_| Error::Damaged { during: "look for pages", what: "a URL's hash" })?;
                    known.insert((host, UrlHash::from_bytes(hash)), page);
                }
            }
        }
        Ok(known)
    }

    /// Inserts rows in the order in which they were added, and empties the list.
    pub(super) async fn insert_rows(&self, tx: &mut Tx, new: &mut NewRows) -> Result<(), Error> {
        new.held.clear();
        let rows = std::mem::take(&mut new.rows);
        for rows in rows.chunks(AT_ONCE) {
            let insert = "INSERT INTO frontier_pages (host, url_hash, url_sealed, depth, hops, priority, state, reason, form_hash, \
                          line_hash, series, place) SELECT value ->> 0, unhex(value ->> 1), unhex(value ->> 2), value ->> 3, \
                          value ->> 4, value ->> 5, 'waiting', 'not visited yet', unhex(value ->> 6), unhex(value ->> 7), \
                          value ->> 8, value ->> 9 FROM json_each(?) ORDER BY key";
            let insert = sqlx::query(insert).bind(json!(rows).to_string());
            insert.execute(&mut **tx).await.map_err(during("insert pages"))?;
        }
        Ok(())
    }
}
