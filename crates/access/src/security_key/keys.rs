//! What is kept of people's keys: the tables `security_keys` and `key_holders`.

use model::{PersonId, Timestamp};
use rand::{CryptoRng, RngCore};
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteExecutor};
use store::Tx;

use super::{HANDLE_BYTES, KnownKey, MAX_KEYS, MAX_NAME_CHARS, NewKey, Refusal};
use crate::Error;

const DAMAGED: Error = Error::Row { table: "security_keys" };

/// A key, as its owner and whoever keeps the accounts may see it.
#[derive(Clone, Debug, Serialize)]
pub struct SecurityKey {
    /// Its number.
    pub key: i64,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When somebody signed in with it last.
    pub used_at: Option<Timestamp>,
    /// Whether its maker's service can copy it to other devices: a passkey that is not bound to one.
    pub backup_eligible: bool,
    /// Its identifier: browsers ask for it so that one key is not added twice.
    #[serde(skip)]
    pub credential: Vec<u8>,
}

/// A key and whose it is, for signing in.
pub(super) struct Held {
    pub(super) key: i64,
    pub(super) person: PersonId,
    pub(super) known: KnownKey,
    pub(super) handle: Vec<u8>,
}

/// Everything of one person, oldest first.
pub(super) async fn of(database: impl SqliteExecutor<'_>, person: &PersonId) -> Result<Vec<SecurityKey>, Error> {
    let rows = sqlx::query("SELECT * FROM security_keys WHERE person = ? ORDER BY key_id").bind(person.as_str());
    rows.fetch_all(database).await?.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<SecurityKey, Error> {
    Ok(SecurityKey {
        key: row.try_get("key_id")?,
        name: row.try_get("name")?,
        added_at: Timestamp::from_millis(row.try_get("added_at")?),
        used_at: row.try_get::<Option<i64>, _>("used_at")?.map(Timestamp::from_millis),
        backup_eligible: row.try_get("backup_eligible")?,
        credential: row.try_get("credential")?,
    })
}

/// The key with this identifier.
pub(super) async fn with(database: impl SqliteExecutor<'_>, credential: &[u8]) -> Result<Option<Held>, Error> {
    let row = sqlx::query(
        "SELECT k.*, h.handle FROM security_keys k JOIN key_holders h ON h.person = k.person WHERE k.credential = ?",
    )
    .bind(credential)
    .fetch_optional(database)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (algorithm, public_key): (i64, Vec<u8>) = (row.try_get("algorithm")?, row.try_get("public_key")?);
    let counter = u32::try_from(row.try_get::<i64, _>("counter")?).map_err(|_| DAMAGED)?;
    let known = KnownKey::stored(algorithm, &public_key, counter, row.try_get("backup_eligible")?);
    Ok(Some(Held {
        key: row.try_get("key_id")?,
        person: row.try_get::<String, _>("person")?.parse().map_err(|_| DAMAGED)?,
        known: known.ok_or(DAMAGED)?,
        handle: row.try_get("handle")?,
    }))
}

/// The handle that stands for a person on their keys: random, and made when it is first asked for.
pub(super) async fn handle(
    tx: &mut Tx,
    person: &PersonId,
    rng: &mut (impl CryptoRng + RngCore),
) -> Result<Vec<u8>, Error> {
    let mut fresh = [0; HANDLE_BYTES];
    rng.fill_bytes(&mut fresh);
    let made = sqlx::query("INSERT INTO key_holders (person, handle) VALUES (?, ?) ON CONFLICT (person) DO NOTHING");
    made.bind(person.as_str()).bind(fresh.as_slice()).execute(&mut **tx).await?;
    let found = sqlx::query_scalar("SELECT handle FROM key_holders WHERE person = ?").bind(person.as_str());
    Ok(found.fetch_one(&mut **tx).await?)
}

/// Keeps a new key: its number. Section 7.1, step 26: nobody else has it.
pub(super) async fn add(
    tx: &mut Tx,
    person: &PersonId,
    name: &str,
    new: &NewKey,
    now: Timestamp,
) -> Result<i64, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Error::KeyName { why: "use 1 to 60 characters in one line" });
    }
    let own = of(&mut **tx, person).await?;
    if own.len() >= MAX_KEYS {
        return Err(Error::TooManyKeys { most: MAX_KEYS });
    }
    if own.iter().any(|key| key.name == name) {
        return Err(Error::KeyName { why: "you have a key of that name" });
    }
    let done = sqlx::query(
        "INSERT INTO security_keys (person, name, credential, algorithm, public_key, counter, backup_eligible, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(person.as_str())
    .bind(name)
    .bind(&new.credential)
    .bind(new.known.algorithm())
    .bind(new.known.public_key())
    .bind(i64::from(new.known.counter))
    .bind(new.known.backup_eligible)
    .bind(now.millis())
    .execute(&mut **tx)
    .await
    .map_err(|error| match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::Key(Refusal::Registered),
        _ => error.into(),
    })?;
    Ok(done.last_insert_rowid())
}

/// Section 7.2, step 24: remembers the counter. False where another sign-in has told a later one meanwhile.
pub(super) async fn used(tx: &mut Tx, key: i64, counter: u32, now: Timestamp) -> Result<bool, Error> {
    let update = sqlx::query(
        "UPDATE security_keys SET counter = ?2, used_at = ?3 WHERE key_id = ?1 AND (counter < ?2 OR (counter = 0 AND ?2 = 0))",
    );
    let done = update.bind(key).bind(i64::from(counter)).bind(now.millis()).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a key away; whether there was one.
pub(super) async fn remove(tx: &mut Tx, person: &PersonId, key: i64) -> Result<bool, Error> {
    let gone = sqlx::query("DELETE FROM security_keys WHERE person = ? AND key_id = ?").bind(person.as_str()).bind(key);
    Ok(gone.execute(&mut **tx).await?.rows_affected() > 0)
}

/// Whether a session that began with this key still may go on.
pub(crate) async fn is_there(database: impl SqliteExecutor<'_>, person: &PersonId, key: i64) -> Result<bool, Error> {
    let query = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM security_keys WHERE person = ? AND key_id = ?)");
    Ok(query.bind(person.as_str()).bind(key).fetch_one(database).await?)
}

/// How many keys somebody has.
pub(crate) async fn count(database: impl SqliteExecutor<'_>, person: &PersonId) -> Result<i64, Error> {
    let query = sqlx::query_scalar("SELECT count(*) FROM security_keys WHERE person = ?");
    Ok(query.bind(person.as_str()).fetch_one(database).await?)
}
