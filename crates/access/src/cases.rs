//! Cases: opened and closed by supervisors, each with its own index and token key.

use audit::{ActKind, Actor, Journal};
use model::{Action, CaseId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use store::{Store, Tx};

use crate::{Error, Permit};

/// One case.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// Its id.
    pub case: CaseId,
    /// What it is about.
    pub title: String,
    /// Whether it still collects.
    pub open: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: String,
}

/// How far the destruction of a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destruction {
    /// A second supervisor has to confirm it.
    Waits,
    /// Two supervisors want it: it is to be carried out.
    Confirmed,
    /// It has been carried out.
    Done,
}

/// The tables `cases` and `destructions`.
pub struct Cases {
    store: Store,
    journal: Journal,
}

impl Cases {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store, journal: Journal) -> Self {
        Self { store, journal }
    }

    /// Opens a case. Whoever opens it works on it, and nobody else does until they are put on it.
    ///
    /// # Errors
    /// When the id is taken, or database or log fail.
    pub async fn open(&self, by: &Permit, case: &CaseId, title: &str) -> Result<(), Error> {
        by.must_be_for(Action::ManageCase)?;
        let now = self.store.clock().now();
        let mut tx = self.store.begin().await?;
        sqlx::query("INSERT INTO cases (case_id, title, state, opened_at, opened_by) VALUES (?, ?, 'open', ?, ?)")
            .bind(case.as_str())
            .bind(title)
            .bind(now.millis())
            .bind(by.person().as_str())
            .execute(&mut *tx)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(reason) if reason.is_unique_violation() => {
                    Error::Unknown { what: format!("a free place for case {case}, which exists"), list: "case list" }
                }
                _ => error.into(),
            })?;
        put_on(&mut tx, by, case, by.person(), now).await?;
        self.journal.note(&mut tx, by_person(by).case(case).detail("step", "opened")).await?;
        Ok(tx.commit().await?)
    }

    /// Closes a case: nothing more is collected; what was collected stays under retention.
    ///
    /// # Errors
    /// When there is no such open case, or database or log fail.
    pub async fn close(&self, by: &Permit, case: &CaseId) -> Result<(), Error> {
        by.must_be_for(Action::ManageCase)?;
        self.find_open(case).await?;
        let mut tx = self.store.begin().await?;
        sqlx::query("UPDATE cases SET state = 'closed', closed_at = ? WHERE case_id = ?")
            .bind(self.store.clock().now().millis())
            .bind(case.as_str())
            .execute(&mut *tx)
            .await?;
        self.journal.note(&mut tx, by_person(by).case(case).detail("step", "closed")).await?;
        Ok(tx.commit().await?)
    }

    /// Notes that somebody has looked whether the case, and what is kept of it, is still necessary.
    ///
    /// # Errors
    /// When there is no such case, or database or log fail.
    pub async fn review(&self, by: &Permit, case: &CaseId, note: &str) -> Result<(), Error> {
        by.must_be_for(Action::ManageCase)?;
        self.find(case).await?;
        let mut tx = self.store.begin().await?;
        sqlx::query("INSERT INTO case_reviews (case_id, reviewed_by, reviewed_at) VALUES (?, ?, ?)")
            .bind(case.as_str())
            .bind(by.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await?;
        let act = audit::Act::new(ActKind::Review, Actor::Person(by.person().clone())).role(by.role()).case(case);
        self.journal.note(&mut tx, act.reason("necessity", note)).await?;
        Ok(tx.commit().await?)
    }

    /// When somebody looked last; when it was opened, if nobody has.
    ///
    /// # Errors
    /// When there is no such case.
    pub async fn reviewed_at(&self, case: &CaseId) -> Result<Timestamp, Error> {
        let opened = self.find(case).await?.opened_at;
        let latest: Option<i64> = sqlx::query_scalar("SELECT max(reviewed_at) FROM case_reviews WHERE case_id = ?")
            .bind(case.as_str())
            .fetch_one(self.store.reader())
            .await?;
        Ok(latest.map_or(opened, Timestamp::from_millis))
    }

    /// Asks that everything of a closed case be destroyed, or confirms what another supervisor has asked for. Only a confirmed
    /// destruction may be carried out; asked again while it is, it goes on.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn destroy(&self, by: &Permit, case: &CaseId, reason: &str) -> Result<Destruction, Error> {
        by.must_be_for(Action::Erase)?;
        if self.find(case).await?.open {
            return Err(Error::OpenCase { case: case.clone() });
        }
        let mut tx = self.store.begin().await?;
        let asked: Option<(String, Option<String>, Option<i64>)> =
            sqlx::query_as("SELECT asked_by, confirmed_by, done_at FROM destructions WHERE case_id = ?")
                .bind(case.as_str())
                .fetch_optional(&mut *tx)
                .await?;
        let (statement, step, next) = match asked {
            Some((_, _, Some(_))) => return Ok(Destruction::Done),
            Some((_, Some(_), None)) => return Ok(Destruction::Confirmed),
            Some((asked_by, None, None)) if asked_by == by.person().as_str() => {
                return Err(Error::SamePerson { person: by.person().clone() });
            }
            Some(_) => (
                "UPDATE destructions SET confirmed_by = ?2 WHERE case_id = ?1 AND ?3 > 0",
                "destruction confirmed",
                Destruction::Confirmed,
            ),
            None => (
                "INSERT INTO destructions (case_id, asked_by, asked_at) VALUES (?, ?, ?)",
                "destruction asked for",
                Destruction::Waits,
            ),
        };
        sqlx::query(statement)
            .bind(case.as_str())
            .bind(by.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await?;
        self.journal.note(&mut tx, by_person(by).case(case).detail("step", step).reason("destruction", reason)).await?;
        tx.commit().await?;
        Ok(next)
    }

    /// Notes that a confirmed destruction is carried out, in the caller's transaction. What the case was about goes with it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn destroyed(tx: &mut Tx, case: &CaseId, now: Timestamp) -> Result<(), Error> {
        let done = "UPDATE destructions SET done_at = ? WHERE case_id = ? AND confirmed_by IS NOT NULL";
        sqlx::query(done).bind(now.millis()).bind(case.as_str()).execute(&mut **tx).await?;
        let title = "UPDATE cases SET title = '(destroyed)' WHERE case_id = ?";
        sqlx::query(title).bind(case.as_str()).execute(&mut **tx).await?;
        Ok(())
    }

    /// Puts a person on a case: need to know, and somebody who works on it says who else does.
    ///
    /// # Errors
    /// When there is no such case or person, it is another's case, or database or log fail.
    pub async fn assign(&self, by: &Permit, case: &CaseId, person: &PersonId) -> Result<(), Error> {
        self.must_work_on(by, case).await?;
        let mut tx = self.store.begin().await?;
        let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM people WHERE person = ?)")
            .bind(person.as_str())
            .fetch_one(&mut *tx)
            .await?;
        if !known {
            return Err(Error::Unknown { what: format!("person {person}"), list: "people list" });
        }
        put_on(&mut tx, by, case, person, self.store.clock().now()).await?;
        self.journal.note(&mut tx, by_person(by).case(case).recipient(person).detail("step", "assigned")).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a person off a case.
    ///
    /// # Errors
    /// When they do not work on it, they are the last who does, or database or log fail.
    pub async fn dismiss(&self, by: &Permit, case: &CaseId, person: &PersonId) -> Result<(), Error> {
        self.must_work_on(by, case).await?;
        let mut tx = self.store.begin().await?;
        // With nobody left nobody could let anybody in again.
        let dismiss = "DELETE FROM case_people WHERE case_id = ?1 AND person = ?2 \
                       AND (SELECT count(*) FROM case_people WHERE case_id = ?1) > 1";
        let gone = sqlx::query(dismiss).bind(case.as_str()).bind(person.as_str()).execute(&mut *tx).await?;
        if gone.rows_affected() == 0 {
            let what = format!("{person} beside others on case {case}");
            return Err(Error::Unknown { what, list: "case people" });
        }
        self.journal.note(&mut tx, by_person(by).case(case).recipient(person).detail("step", "dismissed")).await?;
        Ok(tx.commit().await?)
    }

    /// Who works on a case: nobody else reads it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people_of(&self, case: &CaseId) -> Result<Vec<PersonId>, Error> {
        let names: Vec<String> = sqlx::query_scalar("SELECT person FROM case_people WHERE case_id = ? ORDER BY person")
            .bind(case.as_str())
            .fetch_all(self.store.reader())
            .await?;
        names.iter().map(|name| name.parse().map_err(|_| Error::Row { table: "case_people" })).collect()
    }

    /// Whether a person may read a case, as far as the case is concerned.
    pub(crate) async fn works_on(&self, case: &CaseId, person: &PersonId) -> Result<bool, Error> {
        let works = "SELECT EXISTS (SELECT 1 FROM case_people WHERE case_id = ? AND person = ?)";
        let works = sqlx::query_scalar(works).bind(case.as_str()).bind(person.as_str());
        Ok(works.fetch_one(self.store.reader()).await?)
    }

    async fn must_work_on(&self, by: &Permit, case: &CaseId) -> Result<(), Error> {
        by.must_be_for(Action::ManageCase)?;
        self.find(case).await?;
        if self.works_on(case, by.person()).await? {
            return Ok(());
        }
        let act = by_person(by).case(case).detail("step", "assignment refused").detail("rule", "own-case");
        self.journal.note_now(act).await?;
        Err(Error::OthersCase { case: case.clone() })
    }

    /// All cases, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self) -> Result<Vec<Case>, Error> {
        let all = "SELECT * FROM cases ORDER BY opened_at, case_id";
        sqlx::query(all).fetch_all(self.store.reader()).await?.iter().map(read).collect()
    }

    /// One case.
    ///
    /// # Errors
    /// When there is no such case.
    pub async fn find(&self, case: &CaseId) -> Result<Case, Error> {
        let row = sqlx::query("SELECT * FROM cases WHERE case_id = ?")
            .bind(case.as_str())
            .fetch_optional(self.store.reader())
            .await?;
        read(&row.ok_or_else(|| Error::Unknown { what: format!("case {case}"), list: "case list" })?)
    }

    /// One case that still collects.
    ///
    /// # Errors
    /// When there is none, or it is closed.
    pub async fn find_open(&self, case: &CaseId) -> Result<Case, Error> {
        let found = self.find(case).await?;
        if found.open { Ok(found) } else { Err(Error::ClosedCase { case: case.clone() }) }
    }
}

/// Puts somebody on a case; they may be there already.
async fn put_on(tx: &mut Tx, by: &Permit, case: &CaseId, person: &PersonId, now: Timestamp) -> Result<(), Error> {
    let insert =
        "INSERT INTO case_people (case_id, person, added_by, added_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    let insert = sqlx::query(insert).bind(case.as_str()).bind(person.as_str()).bind(by.person().as_str());
    insert.bind(now.millis()).execute(&mut **tx).await?;
    Ok(())
}

fn by_person(by: &Permit) -> audit::Act {
    audit::Act::new(ActKind::Case, Actor::Person(by.person().clone())).role(by.role())
}

fn read(row: &SqliteRow) -> Result<Case, Error> {
    Ok(Case {
        case: row.try_get::<String, _>("case_id")?.parse().map_err(|_| Error::Row { table: "cases" })?,
        title: row.try_get("title")?,
        open: row.try_get::<String, _>("state")? == "open",
        opened_at: Timestamp::from_millis(row.try_get("opened_at")?),
        opened_by: row.try_get("opened_by")?,
    })
}
