//! What is learnt about the forms of a host's addresses: which bring something, and which only lead to more of themselves.

use std::collections::BTreeMap;

use authorisation::Target;
use sqlx::FromRow;
use store::Tx;

use super::Frontier;
use crate::error::during;
use crate::reading::Reading;
use crate::sketch::SKETCH;
use crate::{Error, Lease, trap};

/// Pages of a form that may be known before any of them has brought anything, if they are found on each other alone.
const FREE_PAGES: i64 = 16;

/// Further ones for each that did.
const PAGES_FOR_ONE: i64 = 12;

/// A form is given up when its first so many pages brought nothing at all,
const AT_FIRST: i64 = 10;

/// or when of so many pages in a row
const IN_A_ROW: u32 = 16;
const MOST_IN_A_ROW: u32 = 60;

/// no more than so many brought anything.
const AT_MOST: u32 = 1;

/// A form of which fewer than one in so many of the last pages brought anything is not worth leading to.
const ONE_IN: u32 = 4;

/// Bits of the record of a form's last pages that are kept.
const RECENT: i64 = (1 << 62) - 1;

/// Sketches of a form that a new page is compared with, and how many minima of 32 must be equal to say nearly the same.
const SKETCHES: usize = 8;
const ALIKE: usize = 24;

/// They may differ by no more words than that, however long they are.
const MOST_APART: f64 = 6.0;

/// Forms of a host that are told apart; all others are one.
const MAX_FORMS: i64 = 64;

/// What is known of a form.
#[derive(Clone, FromRow)]
pub(super) struct Form {
    form: i64,
    form_hash: Vec<u8>,
    pages: i64,
    asked: i64,
    gave: i64,
    recent: i64,
    retired: Option<String>,
}

impl Form {
    /// Of how many of the last pages something came, and how many those are.
    fn last(&self, most: u32) -> (u32, u32) {
        let asked = u32::try_from(self.asked).unwrap_or(u32::MAX).min(most);
        ((self.recent & ((1i64 << asked) - 1)).count_ones(), asked)
    }

    /// In how many pages in a row something has to come: in the more, the more of them there were.
    fn patience(&self) -> u32 {
        u32::try_from(self.asked / 16).unwrap_or(MOST_IN_A_ROW).clamp(IN_A_ROW, MOST_IN_A_ROW)
    }

    /// Whether leading to a page of it is worth something: nobody knows yet, or it was.
    fn is_worth(&self) -> bool {
        let (gave, asked) = self.last(IN_A_ROW);
        asked < ONE_IN || gave * ONE_IN >= asked
    }
}

/// The forms that one page's links have, looked up once each.
#[derive(Default)]
pub(super) struct Forms {
    seen: BTreeMap<(i64, [u8; 32]), Form>,
    fresh: BTreeMap<i64, i64>,
}

impl Frontier {
    /// The keyed hash of the form of a target's address.
    pub(super) fn form_hash(&self, target: &Target) -> [u8; 32] {
        let sites = target.authorised().document().sites();
        let own = sites.iter().filter(|site| site.host() == target.host());
        let prefixes: Vec<String> = own.flat_map(|site| site.path_prefixes().iter().cloned()).collect();
        self.0.key.form_hash(&trap::form(target.path_and_query(), &prefixes))
    }

    /// Whether one more page of this form may be known; `from` is the form of the page it was found on. Counts it, and
    /// says under which form, and whether that form is worth anything.
    pub(super) async fn one_more(
        &self,
        tx: &mut Tx,
        forms: &mut Forms,
        host: i64,
        hash: [u8; 32],
        from: Option<&[u8]>,
    ) -> Result<Result<(Vec<u8>, bool), &'static str>, Error> {
        let form = match forms.seen.get(&(host, hash)) {
            Some(form) => form.clone(),
            None => {
                let form = self.form(tx, host, hash).await?;
                forms.seen.insert((host, hash), form.clone());
                form
            }
        };
        if form.retired.is_some() {
            return Ok(Err("trap-form"));
        }
        let known = form.pages + forms.fresh.get(&form.form).copied().unwrap_or_default();
        let by_itself = from.is_some_and(|from| from == form.form_hash);
        if by_itself && known >= FREE_PAGES + PAGES_FOR_ONE * form.gave {
            return Ok(Err("trap-endless"));
        }
        *forms.fresh.entry(form.form).or_default() += 1;
        let worth = form.is_worth();
        Ok(Ok((form.form_hash, worth)))
    }

    /// Writes down how many pages became known of each form.
    pub(super) async fn count_forms(&self, tx: &mut Tx, forms: &Forms) -> Result<(), Error> {
        for (form, pages) in &forms.fresh {
            let update =
                sqlx::query("UPDATE frontier_forms SET pages = pages + ? WHERE form = ?").bind(pages).bind(form);
            update.execute(&mut **tx).await.map_err(during("count the pages of a form"))?;
        }
        Ok(())
    }

    async fn form(&self, tx: &mut Tx, host: i64, hash: [u8; 32]) -> Result<Form, Error> {
        let select = "SELECT form, form_hash, pages, asked, gave, recent, retired FROM frontier_forms WHERE host = ? AND form_hash = ?";
        let known = sqlx::query_as::<_, Form>(select).bind(host).bind(hash.as_slice());
        if let Some(form) = known.fetch_optional(&mut **tx).await.map_err(during("look for a form of address"))? {
            return Ok(form);
        }
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM frontier_forms WHERE host = ?")
            .bind(host)
            .fetch_one(&mut **tx)
            .await
            .map_err(during("count the forms of a host"))?;
        let hash = if count >= MAX_FORMS { self.0.key.form_hash("*") } else { hash };
        let insert =
            "INSERT INTO frontier_forms (host, form_hash) VALUES (?, ?) ON CONFLICT (host, form_hash) DO NOTHING";
        let insert = sqlx::query(insert).bind(host).bind(hash.as_slice());
        insert.execute(&mut **tx).await.map_err(during("note a form of address"))?;
        let again = sqlx::query_as::<_, Form>(select).bind(host).bind(hash.as_slice());
        again.fetch_one(&mut **tx).await.map_err(during("look for a form of address"))
    }

    /// What a first visit says of the form of its address: it brought something if it says what no page of the host has
    /// said, or led to pages of another form. A form that brings nothing is given up, and why is written on each page.
    pub(super) async fn weigh(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        form: &[u8],
        reading: &Reading,
        elsewhere: bool,
    ) -> Result<i64, Error> {
        let words = self.0.key.body_hash(&reading.words);
        let before = "SELECT EXISTS (SELECT 1 FROM frontier_pages WHERE words_hash = ? AND host = ? AND page != ?), \
                      (SELECT sketches FROM frontier_forms WHERE host = ? AND form_hash = ?)";
        let (twice, last): (bool, Option<Vec<u8>>) = sqlx::query_as(before)
            .bind(words.as_slice())
            .bind(lease.host)
            .bind(lease.page)
            .bind(lease.host)
            .bind(form)
            .fetch_one(&mut **tx)
            .await
            .map_err(during("look for pages that say the same"))?;
        let last = last.unwrap_or_default();
        let own = self.0.key.sketch(&reading.sketch);
        let says = reading.individual || !twice && (reading.says || reading.records > 0);
        let gave = elsewhere || says && !is_alike(reading, &own, &last) && !reading.not_found;
        // The page is one of the last of its form from now on.
        let kept: Vec<u8> = own.iter().chain(last.iter().take((SKETCHES - 1) * SKETCH)).copied().collect();
        let update = "UPDATE frontier_forms SET asked = asked + 1, gave = gave + ?1, recent = ((recent << 1) | ?1) & ?4, sketches = ?5 \
                      WHERE host = ?2 AND form_hash = ?3 RETURNING form, form_hash, pages, asked, gave, recent, retired";
        let update = sqlx::query_as::<_, Form>(update).bind(i64::from(gave)).bind(lease.host).bind(form);
        let update = update.bind(RECENT).bind(kept);
        let form = update.fetch_optional(&mut **tx).await.map_err(during("weigh a form of address"))?;
        let given_up = |form: &Form| {
            let (gave, asked) = form.last(form.patience());
            form.gave == 0 && form.asked >= AT_FIRST || asked == form.patience() && gave <= AT_MOST
        };
        let Some(form) = form.filter(given_up) else { return Ok(0) };
        let reason = format!(
            "a trap: of {} pages with addresses of this form {} brought anything new, and {} of the last {}",
            form.asked,
            form.gave,
            form.last(form.patience()).0,
            form.last(form.patience()).1
        );
        let update = sqlx::query("UPDATE frontier_forms SET retired = ? WHERE form = ?").bind(&reason).bind(form.form);
        update.execute(&mut **tx).await.map_err(during("give a form of address up"))?;
        let update = "UPDATE frontier_pages SET state = 'retired', reason = ? \
                      WHERE host = ? AND form_hash = ? AND state = 'waiting'";
        let update = sqlx::query(update).bind(&reason).bind(lease.host).bind(form.form_hash);
        let gone = update.execute(&mut **tx).await.map_err(during("retire the pages of a form"))?.rows_affected();
        let gone = i64::try_from(gone).unwrap_or(i64::MAX);
        let update = "UPDATE frontier_hosts SET waiting = waiting - ?1, retired = retired + ?1 WHERE host = ?2";
        let update = sqlx::query(update).bind(gone).bind(lease.host);
        update.execute(&mut **tx).await.map_err(during("count the pages of a form"))?;
        Ok(gone)
    }
}

/// Whether one of the last pages of a form had nearly the same words.
fn is_alike(reading: &Reading, own: &[u8], last: &[u8]) -> bool {
    let equal = |other: &[u8]| {
        let equal = other.iter().zip(own).filter(|(one, other)| one == other).count();
        let common = equal as f64 / SKETCH as f64;
        // Of two sets of n words with the share J in common, 2n(1 - J)/(1 + J) are in one of them alone. A page that is
        // mostly frame and differs by what stands in it has many.
        let apart = 2.0 * reading.different as f64 * (1.0 - common) / (1.0 + common);
        equal >= ALIKE && apart <= MOST_APART
    };
    // Advertisements repeat each other's words; what they hold besides is what they are looked at for.
    reading.records == 0 && !reading.individual && last.chunks_exact(SKETCH).any(equal)
}
