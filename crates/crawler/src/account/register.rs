//! The register of accounts: what operators set, list and forget, and what the crawl process makes of it.

use std::fmt;

use authorisation::{Authorised, Refusal, Rule, Site};
use model::{CaseId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row as _;
use store::{Store, Tx};

use super::credentials::{AccountKey, Credentials, Typed, seal};
use crate::error::during;
use crate::{CrawlKey, Error};

/// The accounts of an installation. It never gives a user name or a password out.
#[derive(Clone, Debug)]
pub struct Accounts(Store);

/// How an account stands: no secret of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountStatus {
    /// The site's label in the authorisation.
    pub site: String,
    /// The account's label in it.
    pub label: String,
    /// Who typed its user name and password, and when.
    pub set_by: String,
    /// When.
    pub set_at: Timestamp,
    /// The version of its latest session; 0 before the first.
    pub session: i64,
    /// Since when that session is open, if it is.
    pub signed_in_since: Option<Timestamp>,
    /// Whether a page of it has shown that the site knows us.
    pub proven: bool,
    /// Pages of the latest session.
    pub pages: i64,
    /// Logins begun since a session last proved good.
    pub tries: i64,
    /// Why the latest session ended, if it did.
    pub ended: Option<String>,
}

/// One line for a person.
impl fmt::Display for AccountStatus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "its pages are read with the account {}, ", self.label)?;
        match (self.signed_in_since, self.session) {
            (Some(since), session) => {
                let seen = if self.proven {
                    "and the site knows it"
                } else {
                    "and no page has shown yet that the site knows it"
                };
                write!(out, "session {session} of which is open since {since}: {} pages, {seen}", self.pages)
            }
            (None, 0) => out.write_str("which has not logged in yet"),
            (None, session) => {
                let why = self.ended.as_deref().unwrap_or("it is not known why");
                write!(out, "session {session} of which is over: {why}; {} logins since one lasted", self.tries)
            }
        }
    }
}

impl Accounts {
    /// The accounts in a store. Time is the store's clock.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self(store)
    }

    /// Makes the key of a case for accounts, where there is none: its public half lies open for people's commands, its
    /// secret half sealed under the crawl key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn publish(&self, case: &CaseId, key: &CrawlKey) -> Result<(), Error> {
        if self.recipient(case).await?.is_some() {
            return Ok(());
        }
        let made = AccountKey::generate();
        let insert = "INSERT INTO account_keys (case_id, recipient, identity_sealed, made_at) VALUES (?, ?, ?, ?) \
                      ON CONFLICT (case_id) DO NOTHING";
        let mut tx = self.0.begin().await?;
        let insert = sqlx::query(insert)
            .bind(case.as_str())
            .bind(made.recipient())
            .bind(key.seal(&key_place(case), made.to_text().as_bytes()))
            .bind(self.0.clock().now().millis());
        insert.execute(&mut *tx).await.map_err(during("keep the key for accounts"))?;
        Ok(tx.commit().await?)
    }

    async fn recipient(&self, case: &CaseId) -> Result<Option<String>, Error> {
        let select = sqlx::query_scalar("SELECT recipient FROM account_keys WHERE case_id = ?").bind(case.as_str());
        select.fetch_optional(self.0.reader()).await.map_err(during("look for the key for accounts"))
    }

    /// Keeps what was typed for the account of a site, encrypted; an open session of it ends, and a site that was held for
    /// its account's sake goes on. Returns the account's label.
    ///
    /// # Errors
    /// When the authorisation names no such site or no account for it, when what was typed cannot be used, when the crawl
    /// process has made no key for accounts yet, or the store fails.
    pub async fn set(
        &self,
        tx: &mut Tx,
        authorised: &Authorised,
        site: &str,
        by: &PersonId,
        typed: &Typed,
    ) -> Result<String, Error> {
        let case = authorised.case();
        let (site, account) = named(authorised, site)?;
        let label = account.label();
        if let Some(fault) = typed.fault(label) {
            return Err(Error::Account(fault));
        }
        let recipient = self.recipient(case).await?.ok_or(Error::NoAccountKey)?;
        let sealed = seal(&recipient, site.host(), typed)?;
        end(tx, case, site.label(), "its name and password were set anew", self.0.clock().now()).await?;
        let upsert = "INSERT INTO accounts (case_id, site, label, sealed, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?) \
                      ON CONFLICT (case_id, site, label) DO UPDATE SET sealed = excluded.sealed, set_by = excluded.set_by, \
                      set_at = excluded.set_at, tries = 0";
        let upsert = sqlx::query(upsert)
            .bind(case.as_str())
            .bind(site.label())
            .bind(label)
            .bind(sealed)
            .bind(by.as_str())
            .bind(self.0.clock().now().millis());
        upsert.execute(&mut **tx).await.map_err(during("keep an account"))?;
        let update =
            "UPDATE frontier_hosts SET held = NULL WHERE case_id = ? AND site = ? AND held LIKE 'held: its account %'";
        let update = sqlx::query(update).bind(case.as_str()).bind(site.label());
        update.execute(&mut **tx).await.map_err(during("let a host go on"))?;
        Ok(label.to_owned())
    }

    /// Forgets the account of a site: its bytes are overwritten, its session ends. How many accounts those are.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget(&self, tx: &mut Tx, case: &CaseId, site: &str) -> Result<u64, Error> {
        end(tx, case, site, "the account was forgotten", self.0.clock().now()).await?;
        let delete = sqlx::query("DELETE FROM accounts WHERE case_id = ? AND site = ?").bind(case.as_str()).bind(site);
        Ok(delete.execute(&mut **tx).await.map_err(during("forget an account"))?.rows_affected())
    }

    /// The accounts of a case, by site.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self, case: &CaseId) -> Result<Vec<AccountStatus>, Error> {
        let failed = during("list the accounts");
        let select = "SELECT a.*, s.begun_at, s.ended_at, s.why, s.pages, s.proven FROM accounts a \
                      LEFT JOIN account_sessions s ON s.case_id = a.case_id AND s.site = a.site AND s.label = a.label \
                      AND s.version = a.version WHERE a.case_id = ? ORDER BY a.site, a.label";
        let rows = sqlx::query(select).bind(case.as_str()).fetch_all(self.0.reader()).await.map_err(&failed)?;
        let read = |row: &sqlx::sqlite::SqliteRow| -> Result<AccountStatus, sqlx::Error> {
            let (begun, ended): (Option<i64>, Option<i64>) = (row.try_get("begun_at")?, row.try_get("ended_at")?);
            Ok(AccountStatus {
                site: row.try_get("site")?,
                label: row.try_get("label")?,
                set_by: row.try_get("set_by")?,
                set_at: Timestamp::from_millis(row.try_get("set_at")?),
                session: row.try_get("version")?,
                signed_in_since: begun.filter(|_| ended.is_none()).map(Timestamp::from_millis),
                proven: row.try_get::<Option<i64>, _>("proven")?.unwrap_or_default() != 0,
                pages: row.try_get::<Option<i64>, _>("pages")?.unwrap_or_default(),
                tries: row.try_get("tries")?,
                ended: row.try_get("why")?,
            })
        };
        rows.iter().map(read).collect::<Result<_, _>>().map_err(failed)
    }

    /// Sites of a case whose account's name and password the crawl key does not open.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn unopened(&self, case: &CaseId, key: &CrawlKey) -> Result<Vec<String>, Error> {
        let select = "SELECT a.site, a.sealed, k.identity_sealed FROM accounts a LEFT JOIN account_keys k USING (case_id) \
                      WHERE a.case_id = ? ORDER BY a.site";
        let select = sqlx::query_as::<_, (String, Vec<u8>, Option<Vec<u8>>)>(select).bind(case.as_str());
        let rows = select.fetch_all(self.0.reader()).await.map_err(during("read the accounts"))?;
        let opens = |sealed: &[u8], identity: Option<&[u8]>| open(key, case, identity?, sealed);
        let shut = rows.into_iter().filter(|(_, sealed, identity)| opens(sealed, identity.as_deref()).is_none());
        Ok(shut.map(|(site, ..)| site).collect())
    }
}

/// The site of that label, and the account that the document names for it.
fn named<'a>(authorised: &'a Authorised, label: &str) -> Result<(&'a Site, &'a authorisation::Account), Error> {
    let sites: Vec<&Site> = authorised.document().sites().iter().filter(|site| site.label() == label).collect();
    if sites.is_empty() {
        return Err(Error::UnknownSite);
    }
    let account = sites.into_iter().find_map(|site| Some((site, site.account()?)));
    account.ok_or_else(|| Refusal::new(Rule::LoginForm, "the authorisation names no account for this site").into())
}

/// Opens what was typed, with the key of the case, with the crawl key.
pub(crate) fn open(key: &CrawlKey, case: &CaseId, identity: &[u8], sealed: &[u8]) -> Option<Credentials> {
    let identity = key.open(&key_place(case), identity)?;
    AccountKey::parse(identity.expose())?.open(sealed)
}

/// Ends the open sessions of a site's account; their cookies are overwritten.
pub(crate) async fn end(tx: &mut Tx, case: &CaseId, site: &str, why: &str, now: Timestamp) -> Result<(), Error> {
    let update = "UPDATE account_sessions SET ended_at = ?, why = ?, cookies_sealed = NULL \
                  WHERE case_id = ? AND site = ? AND ended_at IS NULL";
    let update = sqlx::query(update).bind(now.millis()).bind(why).bind(case.as_str()).bind(site);
    update.execute(&mut **tx).await.map_err(during("end a session"))?;
    Ok(())
}

/// What the seal of a case's key for accounts is bound to.
fn key_place(case: &CaseId) -> Vec<u8> {
    format!("account key {case}").into_bytes()
}
