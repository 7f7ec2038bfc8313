//! People, and the two-person changes to them.

use std::collections::BTreeMap;

use audit::{Act, ActKind, Actor, Journal};
use model::{Action, PersonId, Role, Timestamp};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use store::{Store, Tx};

use crate::{Error, Hardness, Permit};

/// The public halves of the keys that a person keeps on an own machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Ed25519 public key.
    pub signing_key: [u8; 32],
    /// age X25519 public key (`age1…`).
    pub recipient: String,
}

/// A person as others may see them.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// The account name.
    pub person: PersonId,
    /// The role.
    pub role: Role,
    /// Ed25519 public key, if enrolled.
    #[serde(skip)]
    pub signing_key: Option<[u8; 32]>,
    /// age public key, if enrolled.
    pub recipient: Option<String>,
    /// Who proposed and who confirmed; nobody for the first two supervisors.
    pub proposed_by: Option<String>,
    /// Who confirmed.
    pub confirmed_by: Option<String>,
}

/// A change that waits for a second person.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    /// Its number.
    pub proposal: i64,
    /// `add` or `role`.
    pub kind: String,
    /// Whom it is about.
    pub person: PersonId,
    /// The role they would have.
    pub role: Role,
    /// Who proposed it.
    pub proposed_by: PersonId,
}

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In force: one of the first two supervisors.
    InForce,
    /// Waits for another supervisor to confirm it, under this number.
    Waits(i64),
}

/// What sign-in needs to know.
pub(crate) struct Attempt {
    pub(crate) role: Role,
    /// The PHC string.
    pub(crate) passphrase: String,
    /// How long to wait; zero or less if it counts.
    pub(crate) wait_millis: i64,
}

/// The tables `people` and `proposals`.
pub struct People {
    store: Store,
    journal: Journal,
    hardness: Hardness,
}

impl People {
    pub(crate) const fn new(store: Store, journal: Journal, hardness: Hardness) -> Self {
        Self { store, journal, hardness }
    }

    /// Proposes a new person. The first two supervisors are in force at once, and the log says so.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn add(
        &self,
        by: Option<&Permit>,
        person: &PersonId,
        role: Role,
        passphrase: &str,
        enrolment: Option<&Enrolment>,
        rng: &mut (impl rand::CryptoRng + rand::RngCore + Send),
    ) -> Result<Standing, Error> {
        if role == Role::Supervisor && enrolment.is_none() {
            return Err(Error::NeedsKeys);
        }
        let phc = self.hardness.hash(passphrase, rng)?;
        let now = self.store.clock().now();
        let mut tx = self.store.begin().await?;
        let supervisors: i64 =
            sqlx::query_scalar("SELECT count(*) FROM people WHERE role = 'supervisor'").fetch_one(&mut *tx).await?;
        let taken: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM people WHERE person = ?1) + (SELECT count(*) FROM proposals WHERE person = ?1 AND confirmed_by IS NULL)",
        )
        .bind(person.as_str())
        .fetch_one(&mut *tx)
        .await?;
        if taken > 0 {
            return Err(Error::Taken { person: person.clone() });
        }
        let keys = (enrolment.map(|keys| keys.signing_key.to_vec()), enrolment.map(|keys| keys.recipient.clone()));
        if supervisors < 2 {
            if role != Role::Supervisor {
                return Err(Error::SupervisorsFirst);
            }
            insert(&mut tx, person, role, &phc, &keys, now, None).await?;
            let act = Act::new(ActKind::Person, Actor::Process("bootstrap")).recipient(person).detail("as", role);
            self.journal.note(&mut tx, act.detail("step", "one of the first two supervisors")).await?;
            tx.commit().await?;
            return Ok(Standing::InForce);
        }
        let by = by.ok_or(Error::NeedsProposer)?;
        by.must_be_for(Action::ManagePeople)?;
        let done = sqlx::query(
            "INSERT INTO proposals (kind, person, role, passphrase, signing_key, recipient, proposed_by, proposed_at) VALUES ('add', ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(person.as_str())
        .bind(role.as_str())
        .bind(&phc)
        .bind(&keys.0)
        .bind(&keys.1)
        .bind(by.person().as_str())
        .bind(now.millis())
        .execute(&mut *tx)
        .await?;
        self.journal.note(&mut tx, role_act(ActKind::Person, by, person, role, "proposed")).await?;
        tx.commit().await?;
        Ok(Standing::Waits(done.last_insert_rowid()))
    }

    /// Proposes another role for a person.
    ///
    /// # Errors
    /// When there is no such person, or database or log fail.
    pub async fn change_role(&self, by: &Permit, person: &PersonId, role: Role) -> Result<Standing, Error> {
        by.must_be_for(Action::ManagePeople)?;
        let known = self.find(person).await?;
        if role == Role::Supervisor && known.signing_key.is_none() {
            return Err(Error::NeedsKeys);
        }
        let mut tx = self.store.begin().await?;
        let done = sqlx::query(
            "INSERT INTO proposals (kind, person, role, proposed_by, proposed_at) VALUES ('role', ?, ?, ?, ?)",
        )
        .bind(person.as_str())
        .bind(role.as_str())
        .bind(by.person().as_str())
        .bind(self.store.clock().now().millis())
        .execute(&mut *tx)
        .await?;
        self.journal.note(&mut tx, role_act(ActKind::Role, by, person, role, "proposed")).await?;
        tx.commit().await?;
        Ok(Standing::Waits(done.last_insert_rowid()))
    }

    /// Confirms somebody else's proposal and puts it in force.
    ///
    /// # Errors
    /// [`Error::SamePerson`] for the proposer and for the person it is about; [`Error::TooFewSupervisors`]; when there is no
    /// such open proposal.
    pub async fn confirm(&self, by: &Permit, proposal: i64) -> Result<Proposal, Error> {
        by.must_be_for(Action::ManagePeople)?;
        let now = self.store.clock().now();
        let mut tx = self.store.begin().await?;
        let row = sqlx::query("SELECT * FROM proposals WHERE proposal = ? AND confirmed_by IS NULL")
            .bind(proposal)
            .fetch_optional(&mut *tx)
            .await?
            .ok_or_else(|| Error::Unknown { what: format!("open proposal {proposal}"), list: "people list" })?;
        let found = read_proposal(&row)?;
        if found.proposed_by == *by.person() || found.person == *by.person() {
            return Err(Error::SamePerson { person: by.person().clone() });
        }
        if found.kind == "add" {
            let phc: String = row.try_get("passphrase")?;
            let keys = (row.try_get("signing_key")?, row.try_get("recipient")?);
            insert(&mut tx, &found.person, found.role, &phc, &keys, now, Some((&found.proposed_by, by.person())))
                .await?;
        } else {
            two_supervisors_stay(&mut tx, &found.person, found.role).await?;
            sqlx::query("UPDATE people SET role = ?, proposed_by = ?, confirmed_by = ? WHERE person = ?")
                .bind(found.role.as_str())
                .bind(found.proposed_by.as_str())
                .bind(by.person().as_str())
                .bind(found.person.as_str())
                .execute(&mut *tx)
                .await?;
        }
        // The passphrase hash is in `people` now; a second copy would only be one more thing to lose.
        sqlx::query("UPDATE proposals SET confirmed_by = ?, confirmed_at = ?, passphrase = NULL WHERE proposal = ?")
            .bind(by.person().as_str())
            .bind(now.millis())
            .bind(proposal)
            .execute(&mut *tx)
            .await?;
        let kind = if found.kind == "add" { ActKind::Person } else { ActKind::Role };
        self.journal.note(&mut tx, role_act(kind, by, &found.person, found.role, "confirmed")).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&self) -> Result<Vec<Person>, Error> {
        let rows = sqlx::query("SELECT * FROM people ORDER BY person").fetch_all(self.store.reader()).await?;
        rows.iter().map(read_person).collect()
    }

    /// Proposals that wait for a second person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn proposals(&self) -> Result<Vec<Proposal>, Error> {
        let open = "SELECT * FROM proposals WHERE confirmed_by IS NULL ORDER BY proposal";
        sqlx::query(open).fetch_all(self.store.reader()).await?.iter().map(read_proposal).collect()
    }

    /// One person.
    ///
    /// # Errors
    /// When there is no such person.
    pub async fn find(&self, person: &PersonId) -> Result<Person, Error> {
        let row = sqlx::query("SELECT * FROM people WHERE person = ?")
            .bind(person.as_str())
            .fetch_optional(self.store.reader())
            .await?
            .ok_or_else(|| Error::Unknown { what: format!("person {person}"), list: "people list" })?;
        read_person(&row)
    }

    /// Counts an attempt to sign in as failed until [`forgive`](Self::forgive) is called; one that comes too early is
    /// told how long to wait, and counts for nothing. `None` for somebody unknown.
    pub(crate) async fn count_attempt(
        &self,
        person: &PersonId,
        now: Timestamp,
        wait_after: impl Fn(i64) -> i64,
    ) -> Result<Option<Attempt>, Error> {
        let mut tx = self.store.begin().await?;
        let row = sqlx::query("SELECT role, passphrase, failures, locked_until FROM people WHERE person = ?")
            .bind(person.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let wait_millis = Timestamp::from_millis(row.try_get("locked_until")?).since_millis(now);
        let attempt = Attempt { role: role(&row)?, passphrase: row.try_get("passphrase")?, wait_millis };
        if wait_millis > 0 {
            return Ok(Some(attempt));
        }
        let failures = row.try_get::<i64, _>("failures")?.saturating_add(1);
        sqlx::query("UPDATE people SET failures = ?, locked_until = ? WHERE person = ?")
            .bind(failures)
            .bind(now.plus_millis(wait_after(failures)).millis())
            .bind(person.as_str())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some(attempt))
    }

    /// The passphrase was right after all: nothing has failed.
    pub(crate) async fn forgive(&self, person: &PersonId) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        sqlx::query("UPDATE people SET failures = 0, locked_until = 0 WHERE person = ?")
            .bind(person.as_str())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// With fewer than two supervisors left nobody could confirm anything, and the next person would be added as one of the
/// first two, whom nobody confirms.
async fn two_supervisors_stay(tx: &mut Tx, person: &PersonId, role: Role) -> Result<(), Error> {
    if role == Role::Supervisor {
        return Ok(());
    }
    let others: i64 = sqlx::query_scalar("SELECT count(*) FROM people WHERE role = 'supervisor' AND person <> ?")
        .bind(person.as_str())
        .fetch_one(&mut **tx)
        .await?;
    if others < 2 { Err(Error::TooFewSupervisors) } else { Ok(()) }
}

/// The supervisors and their enrolled signature keys: whose word an authorisation or an epoch rests on.
///
/// # Errors
/// When the database cannot be read.
pub async fn signers(store: &Store) -> Result<BTreeMap<PersonId, [u8; 32]>, Error> {
    let rows = sqlx::query("SELECT * FROM people WHERE role = ? AND signing_key IS NOT NULL")
        .bind(Role::Supervisor.as_str())
        .fetch_all(store.reader())
        .await?;
    let people = rows.iter().map(read_person).collect::<Result<Vec<_>, _>>()?;
    Ok(people.into_iter().filter_map(|person| Some((person.person, person.signing_key?))).collect())
}

type Keys = (Option<Vec<u8>>, Option<String>);

async fn insert(
    tx: &mut Tx,
    person: &PersonId,
    role: Role,
    phc: &str,
    keys: &Keys,
    now: Timestamp,
    by: Option<(&PersonId, &PersonId)>,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO people (person, role, passphrase, signing_key, recipient, added_at, proposed_by, confirmed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(person.as_str())
    .bind(role.as_str())
    .bind(phc)
    .bind(&keys.0)
    .bind(&keys.1)
    .bind(now.millis())
    .bind(by.map(|(proposer, _)| proposer.as_str()))
    .bind(by.map(|(_, confirmer)| confirmer.as_str()))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn role_act(kind: ActKind, by: &Permit, about: &PersonId, role: Role, step: &str) -> Act {
    let act = Act::new(kind, Actor::Person(by.person().clone())).role(by.role());
    act.recipient(about).detail("as", role).detail("step", step)
}

fn role(row: &SqliteRow) -> Result<Role, Error> {
    row.try_get::<String, _>("role")?.parse().map_err(|_| Error::Row { table: "people" })
}

fn person_in(row: &SqliteRow, column: &'static str) -> Result<PersonId, Error> {
    row.try_get::<String, _>(column)?.parse().map_err(|_| Error::Row { table: "people" })
}

fn read_person(row: &SqliteRow) -> Result<Person, Error> {
    let key: Option<Vec<u8>> = row.try_get("signing_key")?;
    Ok(Person {
        person: person_in(row, "person")?,
        role: role(row)?,
        signing_key: key.map(|key| key.try_into().map_err(|_| Error::Row { table: "people" })).transpose()?,
        recipient: row.try_get("recipient")?,
        proposed_by: row.try_get("proposed_by")?,
        confirmed_by: row.try_get("confirmed_by")?,
    })
}

fn read_proposal(row: &SqliteRow) -> Result<Proposal, Error> {
    Ok(Proposal {
        proposal: row.try_get("proposal")?,
        kind: row.try_get("kind")?,
        person: person_in(row, "person")?,
        role: role(row)?,
        proposed_by: person_in(row, "proposed_by")?,
    })
}
