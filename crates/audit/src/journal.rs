//! The journal: acts go in here, durably, in the order that the log will have.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::Timestamp;
use sqlx::SqliteConnection;
use store::{Store, Tx};
use tokio::sync::OnceCell;

use crate::error::{in_file, in_journal};
use crate::record::{self, Part};
use crate::run::{Ended, Run};
use crate::{Act, ActKind, Actor, Error};

/// Where acts are written down; clones are the same journal.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    store: Store,
    run: OnceCell<Run>,
    collector_taken: AtomicBool,
}

/// An act that was announced and not yet closed.
///
/// Dropping it leaves it open on purpose: an act whose end nobody recorded has an unknown outcome, and the next start
/// says so ([`Journal::recover`]).
#[must_use = "an intent that is never closed becomes an alarm"]
pub struct Intent {
    seq: i64,
    commitment: [u8; 32], // tells it from another row that got the same number after a rollback
    act: Act,
}

/// How an announced act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It was done.
    Done,
    /// A rule forbade it; the rule's name.
    Refused(&'a str),
    /// It failed; the kind of failure, no content.
    Failed(&'a str),
    /// The process ended before it could tell.
    Unknown,
}

/// An intent that a recovery closed with [`Outcome::Unknown`]: worth an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The intent's number in the journal.
    pub seq: i64,
    /// What had been announced.
    pub kind: ActKind,
    /// On which capture, where the act was about one.
    pub capture: Option<model::CaptureId>,
}

/// A journal row, for the auditor's eyes.
#[derive(Clone, serde::Serialize)]
pub struct Entry {
    /// Its number; the log's entry index is one less.
    pub seq: i64,
    /// When it was written, in whole seconds.
    #[serde(serialize_with = "as_text")]
    pub at: Timestamp,
    /// The kind of the act.
    pub kind: String,
    /// `intent`, `outcome` or `note`.
    pub part: String,
    /// Its record, JSON; `None` once erased.
    pub record: Option<String>,
}

impl Journal {
    /// The journal in a control database.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self(Arc::new(Inner { store, run: OnceCell::new(), collector_taken: AtomicBool::new(false) }))
    }

    /// Announces an act in the caller's transaction: the act may happen once that has committed.
    ///
    /// # Errors
    /// When it cannot be written; then the act must not happen.
    pub async fn intend(&self, tx: &mut Tx, act: Act) -> Result<Intent, Error> {
        let (seq, commitment) = self.write(tx, &act, Part::Intent, None).await?;
        Ok(Intent { seq, commitment, act })
    }

    /// Records how an announced act ended, in the caller's transaction.
    ///
    /// # Errors
    /// [`Error::NotOpen`] when the intent has been closed or was rolled back.
    pub async fn close(&self, tx: &mut Tx, intent: Intent, outcome: Outcome<'_>) -> Result<(), Error> {
        let closes = Closes { seq: intent.seq, commitment: Some(intent.commitment), outcome };
        self.write(tx, &intent.act, Part::Outcome, Some(closes)).await?;
        Ok(())
    }

    /// Records how an announced act ended, durably.
    ///
    /// # Errors
    /// As [`close`](Self::close), and when the transaction cannot be committed.
    pub async fn close_now(&self, intent: Intent, outcome: Outcome<'_>) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        self.close(&mut tx, intent, outcome).await?;
        Ok(tx.commit().await?)
    }

    /// Records an act that is itself the record (a refusal, a role given), in the caller's transaction. Its number.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn note(&self, tx: &mut Tx, act: Act) -> Result<i64, Error> {
        Ok(self.write(tx, &act, Part::Note, None).await?.0)
    }

    /// Records an act that is itself the record, durably. Its number.
    ///
    /// # Errors
    /// As [`note`](Self::note), and when the transaction cannot be committed.
    pub async fn note_now(&self, act: Act) -> Result<i64, Error> {
        let mut tx = self.begin().await?;
        let seq = self.note(&mut tx, act).await?;
        tx.commit().await?;
        Ok(seq)
    }

    /// Closes every intent of a run that has ended with [`Outcome::Unknown`], and returns them: each is an alarm.
    ///
    /// Every process calls this at its start. Intents of processes that are alive, this one's included, stay open.
    ///
    /// # Errors
    /// When the journal or a run's lock file cannot be used.
    pub async fn recover(&self) -> Result<Vec<Recovered>, Error> {
        let mut tx = self.begin().await?;
        let folder = self.0.store.folder();
        let open = open_intents(&mut tx).await?;
        let mut runs: Vec<&[u8]> = open.iter().map(|row| row.run.as_slice()).collect();
        runs.sort_unstable();
        runs.dedup();
        let mut ended = Vec::new();
        for run in runs {
            let found = Ended::find(folder, run).map_err(in_file("look whether a process is alive"))?;
            ended.extend(found.map(|lock| (run, lock)));
        }
        let mut recovered = Vec::new();
        for row in open.iter().filter(|row| ended.iter().any(|(run, _)| *run == row.run)) {
            let kind: ActKind = row.kind.parse().map_err(|unknown| Error::Journal {
                during: "read an intent's kind",
                source: sqlx::Error::Decode(Box::new(unknown)),
            })?;
            let capture =
                row.capture.as_deref().and_then(|bytes| bytes.try_into().ok()).map(model::CaptureId::from_bytes);
            let mut act = Act::new(kind, Actor::Process("recovery"));
            act.capture = capture;
            let closes = Closes { seq: row.seq, commitment: None, outcome: Outcome::Unknown };
            self.write(&mut tx, &act, Part::Outcome, Some(closes)).await?;
            recovered.push(Recovered { seq: row.seq, kind, capture });
        }
        tx.commit().await?;
        for (_, lock) in ended {
            lock.remove().map_err(in_file("remove the lock file of a process that has ended"))?;
        }
        Ok(recovered)
    }

    /// Intents without an outcome: of live processes, or waiting for a [`recover`](Self::recover).
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn open_intents(&self) -> Result<u64, Error> {
        let mut connection = self.0.store.reader().acquire().await.map_err(in_journal("read the open intents"))?;
        Ok(open_intents(&mut connection).await?.len() as u64)
    }

    /// Erases what the journal tells of a capture: records and salts go, their commitments stay in the log, which
    /// stays valid. The number of rows.
    ///
    /// # Errors
    /// When the rows cannot be written.
    pub async fn forget(&self, tx: &mut Tx, capture: model::CaptureId) -> Result<u64, Error> {
        let forget = "UPDATE journal SET record = NULL, salt = NULL, capture = NULL WHERE capture = ?";
        let done = sqlx::query(forget).bind(capture.as_bytes().as_slice()).execute(&mut **tx).await;
        Ok(done.map_err(in_journal("erase records"))?.rows_affected())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// Whether this was the first call.
    pub(crate) fn take_collector(&self) -> bool {
        !self.0.collector_taken.swap(true, Ordering::SeqCst)
    }

    /// Begins a transaction, with this process's run started before: a lock must not wait behind a transaction.
    pub(crate) async fn begin(&self) -> Result<Tx, Error> {
        self.run().await?;
        Ok(self.0.store.begin().await?)
    }

    pub(crate) async fn run(&self) -> Result<&Run, Error> {
        let start = || async { Run::start(self.0.store.folder()).map_err(in_file("lock this run's file")) };
        self.0.run.get_or_try_init(start).await
    }

    /// One statement: an outcome stands in the same one as the question whether its intent is open.
    async fn write(
        &self,
        tx: &mut Tx,
        act: &Act,
        part: Part,
        closes: Option<Closes<'_>>,
    ) -> Result<(i64, [u8; 32]), Error> {
        let run = self.run().await?.id();
        let words = closes.as_ref().map(|closes| (closes.seq, closes.outcome.word(), closes.outcome.why()));
        let sealed = record::seal(act, part, self.0.store.clock().now(), words)?;
        let insert = "INSERT INTO journal (at_secs, kind, part, commitment, run, intent, outcome, record, salt, capture) \
                      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE ?6 IS NULL OR EXISTS (SELECT 1 FROM journal \
                      WHERE seq = ?6 AND part = 'intent' AND commitment = coalesce(?11, commitment)) \
                      AND NOT EXISTS (SELECT 1 FROM journal WHERE intent = ?6)";
        let row = sqlx::query(insert)
            .bind(sealed.at.secs())
            .bind(act.kind.as_str())
            .bind(part.as_str())
            .bind(sealed.commitment.as_slice())
            .bind(run.as_slice())
            .bind(words.map(|(intent, ..)| intent))
            .bind(words.map(|(_, word, _)| word))
            .bind(sealed.record)
            .bind(sealed.salt.as_slice())
            .bind(act.capture.as_ref().map(|capture| capture.as_bytes().as_slice()))
            .bind(closes.and_then(|closes| closes.commitment).map(|commitment| commitment.to_vec()))
            .execute(&mut **tx)
            .await
            .map_err(in_journal("write an act"))?;
        if row.rows_affected() == 0 {
            return Err(Error::NotOpen);
        }
        Ok((row.last_insert_rowid(), sealed.commitment))
    }
}

/// What an outcome closes.
struct Closes<'a> {
    seq: i64,
    /// That the intent must have; a recovery has read it itself.
    commitment: Option<[u8; 32]>,
    outcome: Outcome<'a>,
}

impl Intent {
    /// Its number in the journal; the log's entry index is one less.
    #[must_use]
    pub const fn seq(&self) -> i64 {
        self.seq
    }

    /// The announced act.
    #[must_use]
    pub const fn act(&self) -> &Act {
        &self.act
    }

    /// Adds to what the outcome's record will say.
    pub fn detail(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.act = self.act.detail(name, value);
        self
    }
}

impl fmt::Debug for Intent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Intent({}, {:?})", self.seq, self.act)
    }
}

impl<'a> Outcome<'a> {
    const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
            Self::Unknown => "unknown",
        }
    }

    const fn why(self) -> &'a str {
        match self {
            Self::Done | Self::Unknown => "",
            Self::Refused(why) | Self::Failed(why) => why,
        }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Journal")
    }
}

/// Prints no record: it tells of persons.
impl fmt::Debug for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Entry({}, {}:{})", self.seq, self.kind, self.part)
    }
}

fn as_text<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

#[derive(sqlx::FromRow)]
struct OpenIntent {
    seq: i64,
    kind: String,
    run: Vec<u8>,
    capture: Option<Vec<u8>>,
}

async fn open_intents(connection: &mut SqliteConnection) -> Result<Vec<OpenIntent>, Error> {
    let select = "SELECT seq, kind, run, capture FROM journal AS i WHERE part = 'intent' \
                  AND NOT EXISTS (SELECT 1 FROM journal AS o WHERE o.intent = i.seq) ORDER BY seq";
    sqlx::query_as(select).fetch_all(connection).await.map_err(in_journal("read the open intents"))
}
