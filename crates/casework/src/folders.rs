//! Case folders: captures that belong together.

use access::Principal;
use model::{CaptureId, CaseId, Timestamp};
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::text::{MAX_NAME_CHARS, bounded};
use crate::{Desk, Error};

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Folder {
    /// Its number.
    pub folder: i64,
    /// Its name, once a case.
    pub name: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// How many captures lie in it.
    pub captures: i64,
}

/// A capture in a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FolderItem {
    /// The capture.
    pub capture: CaptureId,
    /// Who put it there.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
}

impl Desk<'_> {
    /// Makes a folder.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of database or log.
    pub async fn new_folder(&self, who: &Principal, case: &CaseId, name: &str) -> Result<i64, Error> {
        self.leave(who, case).await?;
        let name = bounded(name, MAX_NAME_CHARS)?;
        self.screen(who, case, name).await?;
        let mut tx = self.store.begin().await?;
        let insert = "INSERT INTO folders (case_id, name, made_by, made_at) VALUES (?, ?, ?, ?)";
        let done = sqlx::query(insert)
            .bind(case.as_str())
            .bind(name)
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await
            .map_err(|error| taken(error, name))?;
        let folder = done.last_insert_rowid();
        self.changed(&mut tx, who, case, "folder made", |act| act.detail("folder", folder)).await?;
        tx.commit().await?;
        Ok(folder)
    }

    /// The folders of a case.
    ///
    /// # Errors
    /// A refusal that names its rule, or a failure of the database.
    pub async fn folders(&self, who: &Principal, case: &CaseId) -> Result<Vec<Folder>, Error> {
        self.leave(who, case).await?;
        let all = "SELECT *, (SELECT count(*) FROM folder_items i WHERE i.folder = f.folder) AS captures \
                   FROM folders f WHERE case_id = ? ORDER BY name";
        let rows = sqlx::query(all).bind(case.as_str()).fetch_all(self.store.reader()).await?;
        let read = |row: &SqliteRow| {
            Ok(Folder {
                folder: row.try_get("folder")?,
                name: row.try_get("name")?,
                made_by: row.try_get("made_by")?,
                made_at: Timestamp::from_millis(row.try_get("made_at")?),
                captures: row.try_get("captures")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Puts a capture of the case into a folder; it may lie there already.
    ///
    /// # Errors
    /// A refusal that names its rule; when there is no such folder or capture; or a failure of database or log.
    pub async fn put_into_folder(
        &self,
        who: &Principal,
        case: &CaseId,
        folder: &str,
        capture: CaptureId,
    ) -> Result<(), Error> {
        let folder = self.folder(who, case, folder).await?;
        self.must_have(case, capture).await?;
        let mut tx = self.store.begin().await?;
        sqlx::query("INSERT OR IGNORE INTO folder_items (folder, capture, added_by, added_at) VALUES (?, ?, ?, ?)")
            .bind(folder)
            .bind(&capture.as_bytes()[..])
            .bind(who.person().as_str())
            .bind(self.store.clock().now().millis())
            .execute(&mut *tx)
            .await?;
        self.changed(&mut tx, who, case, "put into folder", |act| act.capture(capture).detail("folder", folder))
            .await?;
        Ok(tx.commit().await?)
    }

    /// Takes a capture out of a folder.
    ///
    /// # Errors
    /// As [`put_into_folder`](Self::put_into_folder).
    pub async fn take_from_folder(
        &self,
        who: &Principal,
        case: &CaseId,
        folder: &str,
        capture: CaptureId,
    ) -> Result<(), Error> {
        let folder = self.folder(who, case, folder).await?;
        let mut tx = self.store.begin().await?;
        let delete = sqlx::query("DELETE FROM folder_items WHERE folder = ? AND capture = ?");
        let done = delete.bind(folder).bind(&capture.as_bytes()[..]).execute(&mut *tx).await?;
        if done.rows_affected() == 0 {
            return Err(Error::Unknown { what: format!("capture {capture} in the folder"), list: "folder show" });
        }
        self.changed(&mut tx, who, case, "taken from folder", |act| act.capture(capture).detail("folder", folder))
            .await?;
        Ok(tx.commit().await?)
    }

    /// What lies in a folder, oldest first.
    ///
    /// # Errors
    /// As [`put_into_folder`](Self::put_into_folder).
    pub async fn folder_items(&self, who: &Principal, case: &CaseId, folder: &str) -> Result<Vec<FolderItem>, Error> {
        let folder = self.folder(who, case, folder).await?;
        let all = sqlx::query("SELECT * FROM folder_items WHERE folder = ? ORDER BY item");
        let rows = all.bind(folder).fetch_all(self.store.reader()).await?;
        let read = |row: &SqliteRow| {
            Ok(FolderItem {
                capture: capture(row, "folder_items")?,
                added_by: row.try_get("added_by")?,
                added_at: Timestamp::from_millis(row.try_get("added_at")?),
            })
        };
        rows.iter().map(read).collect()
    }

    async fn folder(&self, who: &Principal, case: &CaseId, name: &str) -> Result<i64, Error> {
        self.leave(who, case).await?;
        let find = sqlx::query_scalar("SELECT folder FROM folders WHERE case_id = ? AND name = ?");
        let found: Option<i64> = find.bind(case.as_str()).bind(name).fetch_optional(self.store.reader()).await?;
        found.ok_or_else(|| Error::Unknown { what: "a folder of that name".to_owned(), list: "folder list" })
    }

    /// Refuses what is no capture of the case.
    pub(crate) async fn must_have(&self, case: &CaseId, capture: CaptureId) -> Result<(), Error> {
        let find = "SELECT count(*) FROM outbox WHERE case_id = ? AND capture = ?";
        let find = sqlx::query_scalar(find).bind(case.as_str()).bind(&capture.as_bytes()[..]);
        let found: i64 = find.fetch_one(self.store.reader()).await?;
        if found > 0 { Ok(()) } else { Err(search::Error::NoCapture.into()) }
    }
}

pub(crate) fn taken(error: sqlx::Error, name: &str) -> Error {
    match &error {
        sqlx::Error::Database(reason) if reason.is_unique_violation() => Error::Taken { name: name.to_owned() },
        _ => error.into(),
    }
}

pub(crate) fn capture(row: &SqliteRow, table: &'static str) -> Result<CaptureId, Error> {
    let bytes: Vec<u8> = row.try_get("capture")?;
    Ok(CaptureId::from_bytes(bytes.try_into().map_err(|_| Error::Row { table })?))
}
