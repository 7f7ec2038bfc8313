//! The mailbox of the unsealing: requests out, encrypted answers back. The server cannot read what passes through.

use audit::{Act, ActKind, Journal};
use model::{Action, CaptureId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use store::{Store, Tx};

use crate::{Error, Permit, Principal, review};

/// A request to open one original.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// Its number.
    pub request: i64,
    /// The capture.
    pub capture: CaptureId,
    /// Who asks.
    pub requester: PersonId,
    /// The grant's canonical bytes: what supervisors check, sign and bind their shares to.
    #[serde(skip)]
    pub granting: Vec<u8>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it dies.
    pub not_after: Timestamp,
    /// The journal row that announced it.
    pub journal_seq: i64,
    /// What the supervisors have decided so far.
    pub decisions: Vec<Decision>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The number, as the grant names it.
    pub request: i64,
    /// The capture.
    pub capture: CaptureId,
    /// The grant's canonical bytes.
    pub granting: &'a [u8],
    /// When it dies.
    pub not_after: Timestamp,
    /// Whether it waives the approvers' ceilings, and so owes a review.
    pub break_glass: bool,
}

/// One supervisor's decision.
#[derive(Clone, Debug, Serialize)]
pub struct Decision {
    /// Who decided.
    pub supervisor: PersonId,
    /// Approved, or denied.
    pub approved: bool,
    /// Why it was denied.
    pub reason: Option<String>,
    /// The share, encrypted to the requester.
    #[serde(skip)]
    pub answer: Option<Vec<u8>>,
    /// The supervisor's signature under the grant, 64 bytes: what the clients of other classes check.
    #[serde(skip)]
    pub signature: Option<Vec<u8>>,
}

impl Request {
    /// Why nobody can use this request any more, if so.
    #[must_use]
    pub fn dead(&self, now: Timestamp) -> Option<&'static str> {
        let against = self.decisions.iter().find(|decision| !decision.approved);
        if let Some(decision) = against {
            let own = decision.supervisor == self.requester;
            return Some(if own { "whoever asked has withdrawn it" } else { "a supervisor denied it" });
        }
        (now > self.not_after).then_some("its time is over")
    }

    /// How many supervisors have approved.
    #[must_use]
    pub fn approvals(&self) -> usize {
        self.decisions.iter().filter(|decision| decision.approved).count()
    }
}

/// What a supervisor's client hands over when it approves.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The share, encrypted to the requester.
    pub answer: &'a [u8],
    /// The signature under the grant.
    pub signature: &'a [u8; 64],
}

const APPROVE: &str =
    "INSERT INTO decisions (request, supervisor, approved, reason, answer, decided_at) VALUES (?, ?, ?, ?, ?, ?)";

/// A denial takes the place of an approval; nothing takes the place of a denial.
const DENY: &str = "INSERT INTO decisions (request, supervisor, approved, reason, answer, decided_at) VALUES (?, ?, ?, ?, ?, ?) \
                    ON CONFLICT (request, supervisor) DO UPDATE SET approved = excluded.approved, reason = excluded.reason, \
                    answer = NULL, decided_at = excluded.decided_at WHERE approved = 1";

/// The tables `requests` and `decisions`.
pub struct Mailbox {
    store: Store,
    journal: Journal,
}

impl Mailbox {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store, journal: Journal) -> Self {
        Self { store, journal }
    }

    /// The number that the next request will have: a grant names it before it is stored. No number comes twice, also when an
    /// erasure has taken the request that had it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_number(&self) -> Result<i64, Error> {
        let last: Option<i64> = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'requests'")
            .fetch_optional(self.store.reader())
            .await?;
        Ok(last.unwrap_or(0) + 1)
    }

    /// Stores a request and the log entry that announces it, in one transaction. `act` is that entry; it carries a
    /// commitment to `granting`.
    ///
    /// # Errors
    /// When the number is taken, whoever asks still owes a review, or database or log fail.
    pub async fn ask(&self, by: &Permit, asked: Asked<'_>, act: Act) -> Result<i64, Error> {
        by.must_be_for(Action::RequestUnseal)?;
        let now = self.store.clock().now();
        let mut tx = self.store.begin().await?;
        review::must_owe_none(&mut tx, by.person()).await?;
        let journal_seq = self.journal.note(&mut tx, act).await?;
        sqlx::query(
            "INSERT INTO requests (request, capture, requester, granting, asked_at, not_after, journal_seq) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(asked.request)
        .bind(&asked.capture.as_bytes()[..])
        .bind(by.person().as_str())
        .bind(asked.granting)
        .bind(now.millis())
        .bind(asked.not_after.millis())
        .bind(journal_seq)
        .execute(&mut *tx)
        .await?;
        if asked.break_glass {
            review::enter(&mut tx, asked.request, by.person(), now).await?;
        }
        tx.commit().await?;
        Ok(asked.request)
    }

    /// Takes every request for a capture out for ever, with its decisions, as part of an erasure: their reasons tell of it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn erase(tx: &mut Tx, captures: &[CaptureId]) -> Result<u64, Error> {
        let mut gone = 0;
        for capture in captures {
            for delete in [
                "DELETE FROM approval_signatures WHERE request IN (SELECT request FROM requests WHERE capture = ?)",
                "DELETE FROM decisions WHERE request IN (SELECT request FROM requests WHERE capture = ?)",
                "DELETE FROM requests WHERE capture = ?",
            ] {
                let done = sqlx::query(delete).bind(&capture.as_bytes()[..]).execute(&mut **tx).await?;
                gone += done.rows_affected();
            }
        }
        Ok(gone)
    }

    /// Stores a supervisor's approval: an answer that only the requester can read.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn approve(
        &self,
        by: &Principal,
        permit: &Permit,
        request: i64,
        given: Answered<'_>,
    ) -> Result<(), Error> {
        self.decide(by, permit, request, None, Some(given)).await
    }

    /// Stores that whoever asked no longer does; the request is dead with it.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn withdraw(&self, by: &Principal, permit: &Permit, request: i64, reason: &str) -> Result<(), Error> {
        permit.must_be_for(Action::RequestUnseal)?;
        if permit.person() != by.person() {
            return Err(Error::OtherPermit { needed: Action::RequestUnseal });
        }
        let found = self.find(request).await?;
        if found.requester != *by.person() {
            let act = by.act(ActKind::Refusal).capture(found.capture).detail("rule", "own-request");
            self.journal.note_now(act).await?;
            return Err(Error::OthersRequest { request });
        }
        if let Some(why) = found.dead(self.store.clock().now()) {
            return Err(Error::Dead { request, why });
        }
        self.enter(by, &found, ActKind::UnsealWithdrawal, Some(reason), None).await
    }

    /// Stores a supervisor's denial; the request is dead with it. A supervisor who has approved may still think better of it:
    /// then the share that they gave is gone from the mailbox, though not from a machine that has fetched it.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn deny(&self, by: &Principal, permit: &Permit, request: i64, reason: &str) -> Result<(), Error> {
        self.decide(by, permit, request, Some(reason), None).await
    }

    async fn decide(
        &self,
        by: &Principal,
        permit: &Permit,
        request: i64,
        reason: Option<&str>,
        answer: Option<Answered<'_>>,
    ) -> Result<(), Error> {
        permit.must_be_for(Action::DecideUnseal)?;
        // One person's leave is not another's: the decision counts for whoever was permitted.
        if permit.person() != by.person() {
            return Err(Error::OtherPermit { needed: Action::DecideUnseal });
        }
        let now = self.store.clock().now();
        let found = self.find(request).await?;
        if found.requester == *by.person() {
            self.journal
                .note_now(by.act(ActKind::Refusal).capture(found.capture).detail("rule", "no-self-approval"))
                .await?;
            return Err(Error::OwnRequest { request });
        }
        if let Some(why) = found.dead(now) {
            return Err(Error::Dead { request, why });
        }
        let kind = if answer.is_some() { ActKind::UnsealGrant } else { ActKind::UnsealDenial };
        self.enter(by, &found, kind, reason, answer).await
    }

    /// Writes a decision and its log entry in one transaction.
    async fn enter(
        &self,
        by: &Principal,
        found: &Request,
        kind: ActKind,
        reason: Option<&str>,
        answer: Option<Answered<'_>>,
    ) -> Result<(), Error> {
        let request = found.request;
        let mut tx = self.store.begin().await?;
        let entered = sqlx::query(if answer.is_some() { APPROVE } else { DENY })
            .bind(request)
            .bind(by.person().as_str())
            .bind(answer.is_some())
            .bind(reason)
            .bind(answer.map(|given| given.answer))
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::DecidedAlready { request },
                _ => error.into(),
            })?;
        if entered.rows_affected() == 0 {
            return Err(Error::DecidedAlready { request });
        }
        enter_signature(&mut tx, request, by.person(), answer).await?;
        let act = by.act(kind).capture(found.capture).recipient(&found.requester).detail("request", request);
        self.journal.note(&mut tx, act.reason("decision", reason.unwrap_or("approved"))).await?;
        Ok(tx.commit().await?)
    }

    /// One request with its decisions.
    ///
    /// # Errors
    /// When there is no such request.
    pub async fn find(&self, request: i64) -> Result<Request, Error> {
        let row = sqlx::query("SELECT * FROM requests WHERE request = ?")
            .bind(request)
            .fetch_optional(self.store.reader())
            .await?;
        let row = row.ok_or_else(|| Error::Unknown { what: format!("request {request}"), list: "unseal list" })?;
        self.read(&row).await
    }

    /// All requests, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self) -> Result<Vec<Request>, Error> {
        let rows = sqlx::query("SELECT * FROM requests ORDER BY request DESC").fetch_all(self.store.reader()).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push(self.read(row).await?);
        }
        Ok(found)
    }

    async fn read(&self, row: &SqliteRow) -> Result<Request, Error> {
        let damaged = Error::Row { table: "requests" };
        let request: i64 = row.try_get("request")?;
        let capture: Vec<u8> = row.try_get("capture")?;
        let decided = sqlx::query(
            "SELECT d.*, s.signature FROM decisions d LEFT JOIN approval_signatures s USING (request, supervisor) \
             WHERE d.request = ? ORDER BY d.decision",
        )
        .bind(request);
        let decisions =
            decided.fetch_all(self.store.reader()).await?.iter().map(read_decision).collect::<Result<_, Error>>()?;
        Ok(Request {
            request,
            capture: CaptureId::from_bytes(capture.try_into().map_err(|_| damaged)?),
            requester: row.try_get::<String, _>("requester")?.parse().map_err(|_| Error::Row { table: "requests" })?,
            granting: row.try_get("granting")?,
            asked_at: Timestamp::from_millis(row.try_get("asked_at")?),
            not_after: Timestamp::from_millis(row.try_get("not_after")?),
            journal_seq: row.try_get("journal_seq")?,
            decisions,
        })
    }
}

/// Keeps the signature of an approval, or takes it back where the approval is; and, for good, who approved a use of break-glass.
async fn enter_signature(
    tx: &mut Tx,
    request: i64,
    person: &PersonId,
    answer: Option<Answered<'_>>,
) -> Result<(), Error> {
    let Some(given) = answer else {
        let taken_back = "DELETE FROM approval_signatures WHERE request = ? AND supervisor = ?";
        sqlx::query(taken_back).bind(request).bind(person.as_str()).execute(&mut **tx).await?;
        return Ok(());
    };
    sqlx::query("INSERT INTO approval_signatures (request, supervisor, signature) VALUES (?, ?, ?)")
        .bind(request)
        .bind(person.as_str())
        .bind(&given.signature[..])
        .execute(&mut **tx)
        .await?;
    review::enter_approver(tx, request, person).await
}

fn read_decision(row: &SqliteRow) -> Result<Decision, Error> {
    Ok(Decision {
        supervisor: row.try_get::<String, _>("supervisor")?.parse().map_err(|_| Error::Row { table: "decisions" })?,
        approved: row.try_get("approved")?,
        reason: row.try_get("reason")?,
        answer: row.try_get("answer")?,
        signature: row.try_get("signature")?,
    })
}
