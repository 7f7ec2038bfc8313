//! Links that somebody found wrong: they stay away until somebody puts them back.

use std::collections::BTreeSet;

use access::Principal;
use model::{CaseId, Timestamp, Token};
use search::{Pair, pair};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::text::{MAX_TEXT_CHARS, bounded};
use crate::{Desk, Error};

/// A link that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemovedLink {
    /// One end.
    pub one: String,
    /// The other.
    pub other: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub removed_by: String,
    /// When.
    pub removed_at: Timestamp,
}

impl Desk<'_> {
    /// Removes the link between two tokens, for everybody who works on the case.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn remove_link(
        &self,
        who: &Principal,
        case: &CaseId,
        ends: (Token, Token),
        reason: &str,
    ) -> Result<(), Error> {
        self.leave(who, case).await?;
        let reason = bounded(reason, MAX_TEXT_CHARS)?;
        self.screen(who, case, reason).await?;
        let (one, other) = pair(ends.0, ends.1);
        let mut tx = self.store.begin().await?;
        let insert = "INSERT OR IGNORE INTO removed_links (case_id, one, other, reason, removed_by, removed_at) \
                      VALUES (?, ?, ?, ?, ?, ?)";
        sqlx::query(insert)
            .bind(case.as_str())
            .bind(one.to_string())
            .bind(other.to_string())
            .bind(reason)
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await?;
        self.changed(&mut tx, who, case, "link removed", |act| act.reason("link", reason)).await?;
        Ok(tx.commit().await?)
    }

    /// Puts a link back.
    ///
    /// # Errors
    /// A refusal that names its rule; when it was not removed; or a failure of database or log.
    pub async fn restore_link(&self, who: &Principal, case: &CaseId, ends: (Token, Token)) -> Result<(), Error> {
        self.leave(who, case).await?;
        let (one, other) = pair(ends.0, ends.1);
        let mut tx = self.store.begin().await?;
        let delete = sqlx::query("DELETE FROM removed_links WHERE case_id = ? AND one = ? AND other = ?");
        let done = delete.bind(case.as_str()).bind(one.to_string()).bind(other.to_string()).execute(&mut *tx).await?;
        if done.rows_affected() == 0 {
            return Err(Error::Unknown { what: "a removed link between the two".to_owned(), list: "links --removed" });
        }
        self.changed(&mut tx, who, case, "link restored", |act| act).await?;
        Ok(tx.commit().await?)
    }

    /// The links that were removed, newest first.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of the database.
    pub async fn removed_links(&self, who: &Principal, case: &CaseId) -> Result<Vec<RemovedLink>, Error> {
        self.leave(who, case).await?;
        let all = sqlx::query("SELECT * FROM removed_links WHERE case_id = ? ORDER BY link DESC");
        let read = |row: &SqliteRow| {
            Ok(RemovedLink {
                one: row.try_get("one")?,
                other: row.try_get("other")?,
                reason: row.try_get("reason")?,
                removed_by: row.try_get("removed_by")?,
                removed_at: Timestamp::from_millis(row.try_get("removed_at")?),
            })
        };
        all.bind(case.as_str()).fetch_all(self.store.reader()).await?.iter().map(read).collect()
    }

    pub(crate) async fn removed_pairs(&self, case: &CaseId) -> Result<BTreeSet<Pair>, Error> {
        let all = sqlx::query_as("SELECT one, other FROM removed_links WHERE case_id = ?");
        let rows: Vec<(String, String)> = all.bind(case.as_str()).fetch_all(self.store.reader()).await?;
        let damaged = |_| Error::Row { table: "removed_links" };
        rows.iter()
            .map(|(one, other)| Ok(pair(one.parse().map_err(damaged)?, other.parse().map_err(damaged)?)))
            .collect()
    }
}
