//! Notes, tags and assessments: what people make of a page, a token or a case.

use std::fmt;
use std::str::FromStr;

use access::Principal;
use model::{CaptureId, CaseId, Timestamp, Token};
use serde::{Deserialize, Serialize, Serializer};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, bounded};
use crate::{Desk, Error};

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The case as a whole.
    Case,
    /// One capture.
    Capture(CaptureId),
    /// One hidden identifier.
    Token(Token),
}

/// `case`, a capture's id, or a token.
impl FromStr for About {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || Error::Unknown { what: "what the note is about".to_owned(), list: "search" };
        if text == "case" {
            return Ok(Self::Case);
        }
        let text = text.strip_prefix("capture ").or_else(|| text.strip_prefix("token ")).unwrap_or(text);
        text.parse().map(Self::Token).or_else(|_| text.parse().map(Self::Capture)).map_err(|_| unknown())
    }
}

impl fmt::Display for About {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case => out.write_str("case"),
            Self::Capture(capture) => write!(out, "capture {capture}"),
            Self::Token(token) => write!(out, "token {token}"),
        }
    }
}

impl Serialize for About {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What kind of statement it is: nobody should take a guess for a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteKind {
    /// A working note.
    Note,
    /// A word to find things by.
    Tag,
    /// What a page says.
    Captured,
    /// What follows from what pages say, by a method that can be named.
    Derived,
    /// What a person thinks.
    Assessed,
}

impl NoteKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Note, Self::Tag, Self::Captured, Self::Derived, Self::Assessed];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tag => "tag",
            Self::Captured => "captured",
            Self::Derived => "derived",
            Self::Assessed => "assessed",
        }
    }
}

/// How sure somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Little supports it.
    Low,
    /// More supports it than not.
    Moderate,
    /// Hardly anything speaks against it.
    High,
}

impl Confidence {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Moderate, Self::High];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

/// What somebody wants to write down.
#[derive(Clone, Debug)]
pub struct NewNote<'n> {
    /// What it is about.
    pub about: About,
    /// What kind of statement it is.
    pub kind: NoteKind,
    /// The statement; at most 4,000 characters, a tag 80.
    pub text: &'n str,
    /// What a derived or assessed statement rests on; they need it.
    pub basis: Option<&'n str>,
    /// How sure its author is; an assessed statement needs it.
    pub confidence: Option<Confidence>,
    /// When it lapses; an assessed statement needs it.
    pub expires_at: Option<Timestamp>,
}

/// What somebody wrote down.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// Its number.
    pub note: i64,
    /// What it is about.
    pub about: About,
    /// What kind of statement it is.
    pub kind: NoteKind,
    /// The statement.
    pub text: String,
    /// What it rests on.
    pub basis: Option<String>,
    /// How sure its author is.
    pub confidence: Option<Confidence>,
    /// When it lapses.
    pub expires_at: Option<Timestamp>,
    /// Whether it has.
    pub expired: bool,
    /// Its author.
    pub made_by: String,
    /// When it was written.
    pub made_at: Timestamp,
}

impl Desk<'_> {
    /// Writes something down.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn note(&self, who: &Principal, case: &CaseId, new: &NewNote<'_>) -> Result<i64, Error> {
        self.leave(who, case).await?;
        let text = bounded(new.text, if new.kind == NoteKind::Tag { MAX_NAME_CHARS } else { MAX_TEXT_CHARS })?;
        let basis = new.basis.map(|basis| bounded(basis, MAX_TEXT_CHARS)).transpose()?;
        let founded = match new.kind {
            NoteKind::Derived => basis.is_some(),
            NoteKind::Assessed => basis.is_some() && new.confidence.is_some() && new.expires_at.is_some(),
            _ => true,
        };
        if !founded {
            return Err(Error::Unfounded);
        }
        for text in [Some(text), basis].into_iter().flatten() {
            self.screen(who, case, text).await?;
        }
        if let About::Capture(capture) = new.about {
            self.must_have(case, capture).await?;
        }
        let mut tx = self.store.begin().await?;
        let insert = "INSERT INTO notes (case_id, about, kind, content, basis, confidence, expires_at, made_by, made_at) \
                      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let done = sqlx::query(insert)
            .bind(case.as_str())
            .bind(new.about.to_string())
            .bind(new.kind.as_str())
            .bind(text)
            .bind(basis)
            .bind(new.confidence.map(Confidence::as_str))
            .bind(new.expires_at.map(Timestamp::millis))
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await?;
        let note = done.last_insert_rowid();
        let act = |act: audit::Act| match new.about {
            About::Capture(capture) => act.capture(capture),
            _ => act,
        };
        self.changed(&mut tx, who, case, "noted", |to| act(to.detail("note", note).detail("kind", new.kind.as_str())))
            .await?;
        tx.commit().await?;
        Ok(note)
    }

    /// What was written down and not withdrawn, newest first; about one thing, or all of the case.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of the database.
    pub async fn notes(&self, who: &Principal, case: &CaseId, about: Option<About>) -> Result<Vec<Note>, Error> {
        self.leave(who, case).await?;
        let all = "SELECT * FROM notes WHERE case_id = ?1 AND withdrawn_at IS NULL AND (?2 IS NULL OR about = ?2) \
                   ORDER BY note DESC";
        let rows = sqlx::query(all).bind(case.as_str()).bind(about.map(|about| about.to_string()));
        let now = self.store.clock().now();
        rows.fetch_all(self.store.reader()).await?.iter().map(|row| read(row, now)).collect()
    }

    /// Withdraws something: it is no longer shown, and the log keeps that it was. Its author can, and a supervisor.
    ///
    /// # Errors
    /// A refusal that names its rule; when there is no such note; or a failure of database or log.
    pub async fn withdraw_note(&self, who: &Principal, case: &CaseId, note: i64) -> Result<(), Error> {
        self.leave(who, case).await?;
        let mut tx = self.store.begin().await?;
        let update = "UPDATE notes SET withdrawn_by = ?1, withdrawn_at = ?2 WHERE note = ?3 AND case_id = ?4 \
                      AND withdrawn_at IS NULL AND (made_by = ?1 OR ?5)";
        let done = sqlx::query(update)
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .bind(note)
            .bind(case.as_str())
            .bind(who.role() == model::Role::Supervisor)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(Error::Unknown { what: format!("a note {note} of yours"), list: "note list" });
        }
        self.changed(&mut tx, who, case, "note withdrawn", |act| act.detail("note", note)).await?;
        Ok(tx.commit().await?)
    }
}

fn read(row: &SqliteRow, now: Timestamp) -> Result<Note, Error> {
    let damaged = || Error::Row { table: "notes" };
    let kind: String = row.try_get("kind")?;
    let confidence: Option<String> = row.try_get("confidence")?;
    let confidence =
        confidence.map(|word| Confidence::ALL.into_iter().find(|known| known.as_str() == word).ok_or_else(damaged));
    let expires_at = row.try_get::<Option<i64>, _>("expires_at")?.map(Timestamp::from_millis);
    Ok(Note {
        note: row.try_get("note")?,
        about: row.try_get::<String, _>("about")?.parse().map_err(|_| damaged())?,
        kind: NoteKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or_else(damaged)?,
        text: row.try_get("content")?,
        basis: row.try_get("basis")?,
        confidence: confidence.transpose()?,
        expires_at,
        expired: expires_at.is_some_and(|at| at <= now),
        made_by: row.try_get("made_by")?,
        made_at: Timestamp::from_millis(row.try_get("made_at")?),
    })
}
