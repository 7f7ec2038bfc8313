//! The newest checkpoint that each witness has cosigned: kept in the store, published beside the log.

use std::io::Write as _;
use std::path::Path;

use model::PersonId;
use sqlx::Row as _;
use store::{Store, Tx};

use crate::checkpoint::Checkpoint;
use crate::cosignature::{Cosignature, WitnessKey};
use crate::error::{in_file, in_journal};
use crate::key::LogVerifier;
use crate::writer::{CHECKPOINT, UNFINISHED, VERIFIER};
use crate::{BadCheckpoint, Error};

/// The folder below the log's own; in it one for each witness, with the checkpoint as cosigned and the key that the
/// witness's line is checked with.
pub(crate) const FOLDER: &str = "witness";
pub(crate) const KEY: &str = "witness.vkey";

/// The table `cosignatures`.
pub struct Witnesses {
    store: Store,
}

impl Witnesses {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    /// Keeps a cosigned checkpoint, after checking it: signed by the log whose folder is `dir`, cosigned by this witness,
    /// and no smaller than what the witness gave before. It is published when the log is next signed.
    ///
    /// # Errors
    /// What does not hold, or a failure of the database.
    pub async fn keep(
        &self,
        tx: &mut Tx,
        dir: &Path,
        person: &PersonId,
        key: &WitnessKey,
        note: &str,
    ) -> Result<(Checkpoint, Cosignature), Error> {
        let verifier = verifier(dir)?;
        let checkpoint = Checkpoint::open(note.as_bytes(), &verifier).map_err(Error::Cosigned)?;
        let cosignature = key.cosignature(note, &checkpoint).ok_or(Error::Cosigned(BadCheckpoint::BadSignature))?;
        let upsert = "INSERT INTO cosignatures (witness, size, note, key, at_secs) VALUES (?, ?, ?, ?, ?) \
                      ON CONFLICT (witness) DO UPDATE SET size = excluded.size, note = excluded.note, key = excluded.key, \
                      at_secs = excluded.at_secs, published = 0 WHERE excluded.size >= size";
        sqlx::query(upsert)
            .bind(person.as_str())
            .bind(i64::try_from(checkpoint.size).unwrap_or(i64::MAX))
            .bind(note)
            .bind(key.to_string())
            .bind(cosignature.at.secs())
            .execute(&mut **tx)
            .await
            .map_err(in_journal("keep a cosigned checkpoint"))?;
        Ok((checkpoint, cosignature))
    }

    /// Writes what is new into the log's folder, each file whole or not at all.
    pub(crate) async fn publish(&self, dir: &Path) -> Result<(), Error> {
        let select = "SELECT witness, note, key FROM cosignatures WHERE published = 0";
        let rows =
            sqlx::query(select).fetch_all(self.store.reader()).await.map_err(in_journal("read the cosignatures"))?;
        for row in rows {
            let read = || -> Result<(String, String, String), sqlx::Error> {
                Ok((row.try_get("witness")?, row.try_get("note")?, row.try_get("key")?))
            };
            let (witness, note, key) = read().map_err(in_journal("read a cosignature"))?;
            // A name that is no person's makes no path.
            let person: PersonId = witness.parse().map_err(|_| Error::Key("a witness is no person"))?;
            let folder = dir.join(FOLDER).join(person.as_str());
            let cosigned = note.clone();
            let write = move || {
                std::fs::create_dir_all(&folder)?;
                replace(&folder, KEY, format!("{key}\n").as_bytes())?;
                replace(&folder, CHECKPOINT, cosigned.as_bytes())
            };
            let written = tokio::task::spawn_blocking(write).await.unwrap_or_else(|stopped| Err(stopped.into()));
            written.map_err(in_file("publish a cosigned checkpoint"))?;
            let mut tx = self.store.begin().await?;
            sqlx::query("UPDATE cosignatures SET published = 1 WHERE witness = ? AND note = ?")
                .bind(&witness)
                .bind(&note)
                .execute(&mut *tx)
                .await
                .map_err(in_journal("mark a cosignature as published"))?;
            tx.commit().await?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Witnesses {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Witnesses")
    }
}

/// Cosigned checkpoints that hold the entry `index`, largest first, each with its size.
pub(crate) async fn notes_beyond(store: &Store, index: u64, most: usize) -> Result<Vec<(u64, String)>, sqlx::Error> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT size, note FROM cosignatures WHERE size > ? ORDER BY size DESC LIMIT ?")
            .bind(i64::try_from(index).unwrap_or(i64::MAX))
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(store.reader())
            .await?;
    Ok(rows.into_iter().map(|(size, note)| (size.unsigned_abs(), note)).collect())
}

fn verifier(dir: &Path) -> Result<LogVerifier, Error> {
    let text = std::fs::read_to_string(dir.join(VERIFIER)).map_err(in_file("read the log's public key"))?;
    LogVerifier::parse(text.trim_end_matches('\n'))
}

fn replace(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(format!("{name}.{}", UNFINISHED));
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(name))?;
    std::fs::File::open(folder)?.sync_all()
}
