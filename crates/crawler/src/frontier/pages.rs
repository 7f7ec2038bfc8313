//! Pages into the frontier: seeds and links, each once.

use std::collections::{BTreeMap, BTreeSet};

use authorisation::{Authorised, Refusal, Rule, Target, scope};
use model::AuthorisationId;
use store::Tx;

use super::Frontier;
use super::forms::Forms;
use super::known::{KnownPage, NewRows, Placed};
use super::servers::server_of;
use crate::error::during;
use crate::found::NewPage;
use crate::minute::Minute;
use crate::{Error, Lease};

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
                Ok(target) => pages.push(NewPage::seed(target)),
                Err(refusal) => seeded.refused.push(refusal),
            }
        }
        seeded.added = self.insert(tx, pages, None, None).await?.added;
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

    /// Inserts what is not known yet, as far as it is not a trap, and wakes what a changed line of a list speaks of. Most links
    /// of a page lead to its own host, the one of `lease`.
    ///
    /// What is known is asked once for all links, and what is new is written at once.
    pub(super) async fn insert(
        &self,
        tx: &mut Tx,
        pages: Vec<NewPage>,
        lease: Option<&Lease>,
        from: Option<Origin<'_>>,
    ) -> Result<Inserted, Error> {
        let mut inserted = Inserted::default();
        let mut forms = Forms::default();
        let mut fresh: BTreeMap<i64, i64> = BTreeMap::new();
        let mut woken: BTreeSet<i64> = BTreeSet::new();
        let pages = self.placed(tx, pages, lease).await?;
        let mut known = self.known_pages(tx, &pages).await?;
        let mut new = NewRows::default();
        for Placed { host, hash, page } in pages {
            if new.holds(host, &hash) {
                self.insert_rows(tx, &mut new).await?;
                known.extend(self.known_page(tx, host, &hash).await?.map(|known| ((host, hash), known)));
            }
            if let Some(known) = known.get_mut(&(host, hash)) {
                if self.known_again(tx, known, &page, &mut inserted).await? {
                    woken.insert(host);
                }
                continue;
            }
            let form = self.form_hash(&page.target);
            let own = from.filter(|from| from.host == host).map(|from| from.form);
            let (form, worth) = match self.one_more(tx, &mut forms, host, form, own).await? {
                Ok(form) => form,
                Err(trap) => {
                    *inserted.traps.entry(trap).or_default() += 1;
                    continue;
                }
            };
            inserted.elsewhere |= worth && own.is_some_and(|own| own != form);
            inserted.moved += u64::from(page.line.is_some());
            *fresh.entry(host).or_default() += 1;
            new.add(&self.0.key, host, &hash, &page, &form);
        }
        self.insert_rows(tx, &mut new).await?;
        self.count_forms(tx, &forms).await?;
        for (host, count) in &fresh {
            let update = "UPDATE frontier_hosts SET waiting = waiting + ?, \
                          reason = iif(state = 'exhausted', 'new pages were found', reason), \
                          state = iif(state = 'exhausted', 'ready', state) WHERE host = ?";
            let update = sqlx::query(update).bind(count).bind(host);
            update.execute(&mut **tx).await.map_err(during("count new pages"))?;
        }
        for host in woken {
            self.settle_revisit(tx, host).await?;
        }
        inserted.added = fresh.values().sum::<i64>().unsigned_abs();
        Ok(inserted)
    }

    /// Each page with the queue of its host and the hash of its address, without parameters that change nothing.
    async fn placed(&self, tx: &mut Tx, pages: Vec<NewPage>, lease: Option<&Lease>) -> Result<Vec<Placed>, Error> {
        let hash_of = |target: &Target| (target.authorisation(), self.0.key.host_hash(target.host()));
        let mut hosts: BTreeMap<(AuthorisationId, [u8; 32]), i64> = BTreeMap::new();
        hosts.extend(lease.map(|lease| (hash_of(&lease.target), lease.host)));
        let mut placed = Vec::with_capacity(pages.len());
        for mut page in pages {
            let place = hash_of(&page.target);
            let host = match hosts.get(&place) {
                Some(host) => *host,
                None => {
                    let host = self.host_of(tx, &page.target, &place.1).await?;
                    hosts.insert(place, host);
                    host
                }
            };
            if let Some(plain) = self.plain(tx, host, &page.target, self.now()).await? {
                page.target = plain;
            }
            placed.push(Placed { host, hash: self.0.key.url_hash(page.target.url()), page });
        }
        Ok(placed)
    }

    /// Whether a page is known under the address that a target has without parameters that change nothing.
    pub(super) async fn is_known_without(&self, tx: &mut Tx, host: i64, target: &Target) -> Result<bool, Error> {
        let Some(plain) = self.plain(tx, host, target, self.now()).await? else { return Ok(false) };
        Ok(self.known_page(tx, host, &self.0.key.url_hash(plain.url())).await?.is_some())
    }

    /// A link to a page that is known: perhaps by a shorter way, perhaps with another line in a list, which wakes the
    /// last page of the thread that it speaks of. Whether something was woken.
    async fn known_again(
        &self,
        tx: &mut Tx,
        known: &mut KnownPage,
        page: &NewPage,
        inserted: &mut Inserted,
    ) -> Result<bool, Error> {
        if known.depth > i64::from(page.depth) && known.state == "waiting" {
            // A shorter way to a page that waits: its own links may then be followed further.
            let update = sqlx::query("UPDATE frontier_pages SET depth = ? WHERE page = ?");
            let update = update.bind(i64::from(page.depth)).bind(known.page);
            update.execute(&mut **tx).await.map_err(during("shorten the way to a page"))?;
            known.depth = i64::from(page.depth);
        }
        if let Some((series, place)) = page.series.filter(|(series, _)| known.series.is_none() && *series != known.page)
        {
            let update = sqlx::query("UPDATE frontier_pages SET series = ?, place = ? WHERE page = ?");
            let update = update.bind(series).bind(place).bind(known.page);
            update.execute(&mut **tx).await.map_err(during("note what a page continues"))?;
            known.series = Some(series);
        }
        let Some(line) = page.line else { return Ok(false) };
        let line = self.0.key.body_hash(&line);
        if known.line_hash.as_deref() == Some(line.as_slice()) {
            inserted.still += 1;
            return Ok(false);
        }
        let update = sqlx::query("UPDATE frontier_pages SET line_hash = ? WHERE page = ?").bind(line.as_slice());
        update.bind(known.page).execute(&mut **tx).await.map_err(during("note the line of a page"))?;
        inserted.moved += 1;
        if known.line_hash.replace(line.to_vec()).is_none() {
            return Ok(false);
        }
        let last = "UPDATE frontier_pages SET due_at = ?1, sure = 1, reason = 'its line in the list has changed since it was seen' \
                    WHERE state = 'done' AND page = coalesce((SELECT page FROM frontier_pages WHERE series = ?2 \
                    ORDER BY place DESC LIMIT 1), ?2)";
        let last = sqlx::query(last).bind(self.now().millis()).bind(known.series.unwrap_or(known.page));
        let last = last.execute(&mut **tx).await.map_err(during("wake the last page of a thread"))?;
        Ok(last.rows_affected() > 0)
    }

    /// The queue of a target's host, made if there is none.
    async fn host_of(&self, tx: &mut Tx, target: &Target, host_hash: &[u8; 32]) -> Result<i64, Error> {
        let id = target.authorisation();
        let select = "SELECT host FROM frontier_hosts WHERE authorisation = ? AND host_hash = ?";
        let known = sqlx::query_scalar(select).bind(id.as_bytes().as_slice()).bind(host_hash.as_slice());
        if let Some(host) = known.fetch_optional(&mut **tx).await.map_err(during("look for a host"))? {
            return Ok(host);
        }
        // Whoever else asks the same server has asked it a moment ago, perhaps: its rest is ours.
        let insert = "INSERT INTO frontier_hosts (authorisation, case_id, host_hash, site, state, reason, next_at, server, delay_ms) \
                      VALUES (?1, ?2, ?3, ?4, 'ready', 'not visited yet', \
                      max(?5, coalesce((SELECT max(next_at) FROM frontier_hosts WHERE server = ?6), ?5)), ?6, ?7) RETURNING host";
        let insert = sqlx::query_scalar(insert)
            .bind(id.as_bytes().as_slice())
            .bind(target.case().as_str())
            .bind(host_hash.as_slice())
            .bind(target.site())
            .bind(self.now().millis())
            .bind(server_of(target.host()))
            .bind(i64::try_from(target.min_delay_ms()).unwrap_or(i64::MAX));
        insert.fetch_one(&mut **tx).await.map_err(during("open a host's queue"))
    }
}

/// The page on which links were found.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) host: i64,
    /// The hash of the form of its address.
    pub(super) form: &'a [u8],
}

/// What came of inserting.
#[derive(Default)]
pub(super) struct Inserted {
    /// Pages that were not known before.
    pub(super) added: u64,
    /// One of them has an address of another form than the page they were found on, and that form is worth something.
    pub(super) elsewhere: bool,
    /// Lines of a list that are new or have changed, and those that have not.
    pub(super) moved: u64,
    pub(super) still: u64,
    /// Links that experience says lead nowhere new, by rule.
    pub(super) traps: BTreeMap<&'static str, u64>,
}

/// What a URL's seal is bound to.
pub(super) fn place(authorisation: AuthorisationId) -> Vec<u8> {
    [b"frontier page ".as_slice(), authorisation.as_bytes()].concat()
}

/// The first page below each prefix, over each port.
pub(super) fn prefixes(authorised: &Authorised) -> Vec<String> {
    let sites = authorised.document().sites().iter();
    let urls = sites.flat_map(|site| {
        site.ports().iter().flat_map(move |port| {
            site.path_prefixes().iter().map(move |prefix| format!("{}://{}:{port}{prefix}", site.scheme(), site.host()))
        })
    });
    urls.collect()
}
