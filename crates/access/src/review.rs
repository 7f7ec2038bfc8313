//! Break-glass: an opening that waived the approvers' ceilings owes a review by somebody who had no part in it. Until then
//! whoever asked asks for nothing more.

use audit::{ActKind, Journal};
use model::{Action, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use store::{Store, Tx};

use crate::{Error, Mailbox, Permit, Principal};

/// A use of break-glass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Use {
    /// The request.
    pub request: i64,
    /// Who asked.
    pub requester: PersonId,
    /// When.
    pub asked_at: Timestamp,
    /// Who has reviewed it, and whether it was found justified.
    pub reviewed: Option<(PersonId, bool)>,
}

/// The table `break_glass`.
pub struct Reviews {
    store: Store,
    journal: Journal,
}

impl Reviews {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store, journal: Journal) -> Self {
        Self { store, journal }
    }

    /// All uses, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self) -> Result<Vec<Use>, Error> {
        let rows =
            sqlx::query("SELECT * FROM break_glass ORDER BY request DESC").fetch_all(self.store.reader()).await?;
        rows.iter().map(read).collect()
    }

    /// Stores a review, once. Its reviewer neither asked nor approved.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn review(
        &self,
        by: &Principal,
        permit: &Permit,
        request: i64,
        justified: bool,
        note: &str,
    ) -> Result<(), Error> {
        permit.must_be_for(Action::ReviewUse)?;
        if permit.person() != by.person() {
            return Err(Error::OtherPermit { needed: Action::ReviewUse });
        }
        let row = sqlx::query("SELECT * FROM break_glass WHERE request = ?").bind(request);
        let row = row.fetch_optional(self.store.reader()).await?;
        let row = row.ok_or_else(|| Error::Unknown {
            what: format!("use of break-glass by request {request}"),
            list: "supervisor reviews",
        })?;
        let used = read(&row)?;
        // The request may be erased by now; who had a part in it is known all the same.
        let asked = match Mailbox::new(self.store.clone(), self.journal.clone()).find(request).await {
            Ok(asked) => Some(asked),
            Err(Error::Unknown { .. }) => None,
            Err(failed) => return Err(failed),
        };
        let approved = "SELECT EXISTS (SELECT 1 FROM break_glass_approvers WHERE request = ? AND supervisor = ?)";
        let approved = sqlx::query_scalar(approved).bind(request).bind(by.person().as_str());
        let approved: bool = approved.fetch_one(self.store.reader()).await?;
        let part = used.requester == *by.person() || approved;
        let capture = asked.as_ref().map(|asked| asked.capture);
        let about = |act: audit::Act| capture.into_iter().fold(act, audit::Act::capture).detail("request", request);
        let refuse = async |rule: &'static str| {
            self.journal.note_now(about(by.act(ActKind::Refusal)).detail("rule", rule)).await
        };
        if part {
            refuse("review-by-others").await?;
            return Err(Error::OwnReview { request });
        }
        if used.reviewed.is_some() {
            refuse("one-review").await?;
            return Err(Error::ReviewedAlready { request });
        }
        let mut tx = self.store.begin().await?;
        let update = "UPDATE break_glass SET reviewer = ?, justified = ?, reviewed_at = ? WHERE request = ? AND reviewer IS NULL";
        let done = sqlx::query(update)
            .bind(by.person().as_str())
            .bind(justified)
            .bind(self.store.clock().now().millis())
            .bind(request)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::ReviewedAlready { request });
        }
        let finding = if justified { "justified" } else { "not justified" };
        let act = about(by.act(ActKind::Review)).recipient(&used.requester).detail("finding", finding);
        self.journal.note(&mut tx, act.reason("break-glass", note)).await?;
        Ok(tx.commit().await?)
    }
}

/// Refuses whoever still owes a review.
pub(crate) async fn must_owe_none(tx: &mut Tx, requester: &PersonId) -> Result<(), Error> {
    let owed = "SELECT min(request) FROM break_glass WHERE requester = ? AND reviewer IS NULL";
    let owed: Option<i64> = sqlx::query_scalar(owed).bind(requester.as_str()).fetch_one(&mut **tx).await?;
    owed.map_or(Ok(()), |request| Err(Error::ReviewOwed { request }))
}

/// Enters a use.
pub(crate) async fn enter(tx: &mut Tx, request: i64, requester: &PersonId, now: Timestamp) -> Result<(), Error> {
    sqlx::query("INSERT INTO break_glass (request, requester, asked_at) VALUES (?, ?, ?)")
        .bind(request)
        .bind(requester.as_str())
        .bind(now.millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Enters who approved, if the request breaks the glass.
pub(crate) async fn enter_approver(tx: &mut Tx, request: i64, supervisor: &PersonId) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO break_glass_approvers (request, supervisor) SELECT request, ? FROM break_glass WHERE request = ? \
         ON CONFLICT DO NOTHING",
    )
    .bind(supervisor.as_str())
    .bind(request)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Use, Error> {
    let damaged = |_| Error::Row { table: "break_glass" };
    let reviewer: Option<String> = row.try_get("reviewer")?;
    let justified: Option<bool> = row.try_get("justified")?;
    let reviewer = reviewer.map(|person| person.parse().map_err(damaged)).transpose()?;
    Ok(Use {
        request: row.try_get("request")?,
        requester: row.try_get::<String, _>("requester")?.parse().map_err(damaged)?,
        asked_at: Timestamp::from_millis(row.try_get("asked_at")?),
        reviewed: reviewer.zip(justified),
    })
}
