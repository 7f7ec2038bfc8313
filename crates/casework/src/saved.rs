//! Saved searches, and alerts: saved searches that new pages are held against as they are indexed.

use access::Principal;
use audit::ActKind;
use model::{CaptureId, CaseId, Timestamp};
use search::{Document, Prepared, Query};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use store::Store;

use crate::folders::{capture, taken};
use crate::text::{MAX_NAME_CHARS, bounded};
use crate::{Desk, Error};

/// A saved search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// Its number.
    pub search: i64,
    /// Its name, once a case.
    pub name: String,
    /// The query as understood.
    pub query: String,
    /// Whether it is an alert.
    pub alert: bool,
    /// Who saved it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Of an alert: pages that nobody has seen yet.
    pub unseen: i64,
}

/// A page that an alert was set off by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertHit {
    /// The alert's name.
    pub name: String,
    /// The page.
    pub capture: CaptureId,
    /// Its site.
    pub site: String,
    /// When it was indexed.
    pub matched_at: Timestamp,
    /// Who has seen it.
    pub seen_by: Option<String>,
}

/// What is told outside: how many new pages, of which case and alert; never a word of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertLine {
    /// The alert's number.
    pub search: i64,
    /// The case.
    pub case: String,
    /// The alert's name.
    pub name: String,
    /// How many pages since the last line.
    pub captures: i64,
    /// Their sites.
    pub sites: Vec<String>,
    last: i64,
}

/// `3 new captures for alert "harbour" (2) in op-harbour: forum-a; lanthorn alert show op-harbour harbour`.
impl std::fmt::Display for AlertLine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (number, case, name) = (self.search, &self.case, &self.name);
        write!(
            out,
            "{} new captures for alert \"{name}\" ({number}) in {case}: {}",
            self.captures,
            self.sites.join(", ")
        )
    }
}

impl Desk<'_> {
    /// Saves a search; with `alert`, new pages are held against it from now on.
    ///
    /// # Errors
    /// A refusal that names its rule, a mistake in the query, or a failure of database or log.
    pub async fn save_search(
        &self,
        who: &Principal,
        case: &CaseId,
        name: &str,
        text: &str,
        alert: bool,
    ) -> Result<i64, Error> {
        self.leave(who, case).await?;
        let name = bounded(name, MAX_NAME_CHARS)?;
        self.screen(who, case, name).await?;
        let query = self.understand(who, case, text).await?;
        let mut tx = self.store.begin().await?;
        let insert =
            "INSERT INTO saved_searches (case_id, name, query, alert, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?)";
        let done = sqlx::query(insert)
            .bind(case.as_str())
            .bind(name)
            .bind(query.to_string())
            .bind(alert)
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await
            .map_err(|error| taken(error, name))?;
        let search = done.last_insert_rowid();
        self.changed(&mut tx, who, case, "search saved", |act| act.detail("search", search).detail("alert", alert))
            .await?;
        tx.commit().await?;
        Ok(search)
    }

    /// The saved searches of a case.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of the database.
    pub async fn saved_searches(&self, who: &Principal, case: &CaseId) -> Result<Vec<Saved>, Error> {
        self.leave(who, case).await?;
        let all = "SELECT *, (SELECT count(*) FROM alert_hits h WHERE h.search = s.search AND seen_at IS NULL) AS unseen \
                   FROM saved_searches s WHERE case_id = ? ORDER BY name";
        let rows = sqlx::query(all).bind(case.as_str()).fetch_all(self.store.reader()).await?;
        let read = |row: &SqliteRow| {
            Ok(Saved {
                search: row.try_get("search")?,
                name: row.try_get("name")?,
                query: row.try_get("query")?,
                alert: row.try_get("alert")?,
                made_by: row.try_get("made_by")?,
                made_at: Timestamp::from_millis(row.try_get("made_at")?),
                unseen: row.try_get("unseen")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// One saved search.
    ///
    /// # Errors
    /// As [`saved_searches`](Self::saved_searches); when there is none of that name.
    pub async fn saved_search(&self, who: &Principal, case: &CaseId, name: &str) -> Result<Saved, Error> {
        let all = self.saved_searches(who, case).await?;
        let unknown = || Error::Unknown { what: "a saved search of that name".to_owned(), list: "alert list" };
        all.into_iter().find(|saved| saved.name == name).ok_or_else(unknown)
    }

    /// Forgets a saved search and what it was set off by.
    ///
    /// # Errors
    /// As [`saved_search`](Self::saved_search).
    pub async fn forget_search(&self, who: &Principal, case: &CaseId, name: &str) -> Result<(), Error> {
        let saved = self.saved_search(who, case, name).await?;
        let mut tx = self.store.begin().await?;
        sqlx::query("DELETE FROM alert_hits WHERE search = ?").bind(saved.search).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM saved_searches WHERE search = ?").bind(saved.search).execute(&mut *tx).await?;
        self.changed(&mut tx, who, case, "search forgotten", |act| act.detail("search", saved.search)).await?;
        Ok(tx.commit().await?)
    }

    /// The pages that an alert was set off by, newest first; they count as seen from now on.
    ///
    /// # Errors
    /// As [`saved_search`](Self::saved_search).
    pub async fn alert_hits(&self, who: &Principal, case: &CaseId, name: &str) -> Result<Vec<AlertHit>, Error> {
        let saved = self.saved_search(who, case, name).await?;
        let mut tx = self.store.begin().await?;
        let rows = sqlx::query("SELECT * FROM alert_hits WHERE search = ? ORDER BY hit DESC LIMIT 1000");
        let rows = rows.bind(saved.search).fetch_all(&mut *tx).await?;
        sqlx::query("UPDATE alert_hits SET seen_by = ?, seen_at = ? WHERE search = ? AND seen_at IS NULL")
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .bind(saved.search)
            .execute(&mut *tx)
            .await?;
        let act = who.act(ActKind::Consultation).case(case).detail("of", "alert").detail("search", saved.search);
        self.journal.note(&mut tx, act).await?;
        tx.commit().await?;
        let read = |row: &SqliteRow| {
            Ok(AlertHit {
                name: saved.name.clone(),
                capture: capture(row, "alert_hits")?,
                site: row.try_get("site")?,
                matched_at: Timestamp::from_millis(row.try_get("matched_at")?),
                seen_by: row.try_get("seen_by")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

/// Alerts as the crawl process sees them: it holds new pages against them, and delivers lines.
#[derive(Clone)]
pub struct Alerts(Store);

impl Alerts {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self(store)
    }

    /// Holds a page that is being indexed against every alert of its case. A page that is indexed again sets nothing off
    /// twice. No index is read: the page is matched by itself, by the tree that searches use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notice(&self, case: &CaseId, page: &Document) -> Result<usize, Error> {
        let alerts: Vec<(i64, String)> =
            sqlx::query_as("SELECT search, query FROM saved_searches WHERE case_id = ? AND alert = 1")
                .bind(case.as_str())
                .fetch_all(self.0.reader())
                .await?;
        if alerts.is_empty() {
            return Ok(0);
        }
        let fitting: Vec<i64> = {
            let prepared = Prepared::new(page);
            // Every stored query was printed by the parser that reads it here.
            let fits = |text: &str| search::parse(text).is_ok_and(|query: Query| query.fits(&prepared));
            alerts.into_iter().filter(|(_, query)| fits(query)).map(|(search, _)| search).collect()
        };
        if fitting.is_empty() {
            return Ok(0);
        }
        let mut tx = self.0.begin().await?;
        for search in &fitting {
            sqlx::query("INSERT OR IGNORE INTO alert_hits (search, capture, site, matched_at) VALUES (?, ?, ?, ?)")
                .bind(search)
                .bind(&page.capture.as_bytes()[..])
                .bind(&page.site)
                .bind(self.0.clock().now().millis())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(fitting.len())
    }

    /// One line for each alert with pages that no line told of yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undelivered(&self) -> Result<Vec<AlertLine>, Error> {
        let all = "SELECT s.search, s.case_id, s.name, count(*) AS captures, group_concat(DISTINCT h.site) AS sites, \
                   max(h.hit) AS last FROM alert_hits h JOIN saved_searches s ON s.search = h.search \
                   WHERE h.delivered_at IS NULL GROUP BY s.search ORDER BY s.search";
        let rows = sqlx::query(all).fetch_all(self.0.reader()).await?;
        let read = |row: &SqliteRow| {
            let sites: String = row.try_get("sites")?;
            Ok(AlertLine {
                search: row.try_get("search")?,
                case: row.try_get("case_id")?,
                name: row.try_get("name")?,
                captures: row.try_get("captures")?,
                sites: sites.split(',').map(str::to_owned).collect(),
                last: row.try_get("last")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Notes that a line was delivered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delivered(&self, line: &AlertLine) -> Result<(), Error> {
        let mut tx = self.0.begin().await?;
        sqlx::query("UPDATE alert_hits SET delivered_at = ? WHERE search = ? AND hit <= ? AND delivered_at IS NULL")
            .bind(self.0.clock().now().millis())
            .bind(line.search)
            .bind(line.last)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
