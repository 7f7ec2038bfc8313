//! Opening, beginning, reading, closing.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use model::{Clock, Sharing};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{during, file_error};
use crate::together::Together;
use crate::transaction::{Touched, Tx, Writer};
use crate::{Error, migration, wal};

/// How long a process waits for another one's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// Connections that may read at the same time in this process.
const READERS: u32 = 4;

/// Statements that the writer keeps compiled.
const COMPILED: usize = 400;

/// The control database; clones share its connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    file: PathBuf,
    clock: Clock,
    writer: Arc<Mutex<Option<SqliteConnection>>>,
    reader: SqlitePool,
    touched: Touched,
    /// Tables without an AUTOINCREMENT counter, once all tables stand.
    uncounted: OnceLock<Arc<BTreeSet<String>>>,
    together: Together,
}

impl Store {
    /// Opens the database at `file`, making it (mode 0600) if there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// When others could read the file, when its write-ahead log was damaged, when a newer version wrote it, or when
    /// SQLite cannot open it.
    pub async fn open(file: &Path, clock: Clock) -> Result<Self, Error> {
        let path = file.to_owned();
        // Held until the tables stand: two processes that start together must not both turn the file into WAL mode.
        let prepared = tokio::task::spawn_blocking(move || prepare(&path)).await;
        let opening = prepared.map_err(|stopped| file_error("prepare")(stopped.into()))??;

        let options = SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(BUSY_TIMEOUT)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            // Sorting leaves no file anywhere.
            .pragma("temp_store", "MEMORY")
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON")
            .disable_statement_logging();

        let touched = Touched::default();
        let writer = options.statement_cache_capacity(COMPILED).connect().await;
        let mut writer = writer.map_err(during("open a connection"))?;
        touched.watch(&mut writer).await.map_err(during("open a connection"))?;

        // The journal mode is a property of the file by now, and a read-only connection could not set it.
        let options = SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON")
            .read_only(true)
            .disable_statement_logging();
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY_TIMEOUT)
            .test_before_acquire(false)
            .connect_lazy_with(options);

        let store = Self(Arc::new(Inner {
            file: file.to_owned(),
            clock,
            writer: Arc::new(Mutex::new(Some(writer))),
            reader,
            touched,
            uncounted: OnceLock::new(),
            together: Together::default(),
        }));
        migration::migrate(&store).await?;
        let uncounted = store.uncounted_tables().await?;
        store.0.uncounted.get_or_init(|| Arc::new(uncounted));
        drop(opening);
        Ok(store)
    }

    /// The clock that was handed in.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Begins a write transaction (`BEGIN IMMEDIATE`): waits for the writer of this process, then for other processes.
    ///
    /// # Errors
    /// When another writer holds the database for longer than 20 seconds, or SQLite cannot begin.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let uncounted = self.0.uncounted.get().cloned().unwrap_or_default();
        let begun = Tx::begin(self.writer("begin a transaction").await?, self.0.touched.clone(), uncounted).await;
        begun.map_err(during("begin a transaction"))
    }

    async fn uncounted_tables(&self) -> Result<BTreeSet<String>, Error> {
        let select = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%AUTOINCREMENT%'";
        let names: Vec<String> = sqlx::query_scalar(select)
            .fetch_all(&mut *self.writer("list the tables").await?)
            .await
            .map_err(during("list the tables"))?;
        Ok(names.into_iter().collect())
    }

    /// The writer, once whoever has it lets go. It is no pool of one: that would ask after every transaction, in a task of its
    /// own, whether the connection still lives.
    async fn writer(&self, what: &'static str) -> Result<Writer, Error> {
        let turn = tokio::time::timeout(BUSY_TIMEOUT, Arc::clone(&self.0.writer).lock_owned()).await;
        let writer = turn.map_err(|_| during(what)(sqlx::Error::PoolTimedOut))?;
        OwnedMutexGuard::try_map(writer, Option::as_mut).map_err(|_| during(what)(sqlx::Error::PoolClosed))
    }

    /// Read-only connections; each query sees the last committed state.
    #[must_use]
    pub fn reader(&self) -> &SqlitePool {
        &self.0.reader
    }

    /// Moves everything from the write-ahead log into the database file and empties the log: erased content is then in
    /// neither.
    ///
    /// # Errors
    /// [`Error::Busy`] when a reader still looks at an older state.
    pub async fn truncate_wal(&self) -> Result<(), Error> {
        let mut writer = self.writer("empty the write-ahead log").await?;
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *writer);
        let answer = checkpoint.await.map_err(during("empty the write-ahead log"))?;
        let busy: i64 = answer.try_get(0).map_err(during("empty the write-ahead log"))?;
        if busy == 0 { Ok(()) } else { Err(Error::Busy { during: "empty the write-ahead log" }) }
    }

    /// Closes the connections, readers first so that the writer can fold the write-ahead log in.
    pub async fn close(&self) {
        self.0.reader.close().await;
        if let Some(writer) = self.0.writer.lock().await.take() {
            // It folds what it can; what it could not is folded by whoever opens the file next.
            drop(writer.close().await);
        }
    }

    /// The folder that the database file is in: what belongs beside it, such as lock files, goes there.
    #[must_use]
    pub fn folder(&self) -> &Path {
        folder_of(&self.0.file)
    }

    pub(crate) fn shared(&self) -> &Together {
        &self.0.together
    }

    pub(crate) fn file(&self) -> &Path {
        &self.0.file
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Store")
    }
}

/// Makes the file if need be, refuses one that others can read, and looks at the write-ahead log before SQLite does.
fn prepare(file: &Path) -> Result<File, Error> {
    let folder = File::open(folder_of(file)).map_err(file_error("open the folder of"))?;
    folder.lock().map_err(file_error("lock the folder of"))?;
    // Never open an existing database file here: closing it again would drop the locks that SQLite holds for us.
    let sharing =
        Sharing::of_folder(folder.metadata().map_err(file_error("look at the folder of"))?.permissions().mode());
    match OpenOptions::new().write(true).create_new(true).mode(sharing.file()).open(file) {
        Ok(made) => {
            made.sync_all().and_then(|()| folder.sync_all()).map_err(file_error("make"))?;
        }
        Err(exists) if exists.kind() == io::ErrorKind::AlreadyExists => {}
        Err(other) => return Err(file_error("make")(other)),
    }
    refuse_exposed(file, sharing, "its file")?;
    for (suffix, what) in [("-wal", "its write-ahead log"), ("-shm", "its shared memory")] {
        let beside = beside(file, suffix);
        if beside.exists() {
            refuse_exposed(&beside, sharing, what)?;
        }
    }
    wal::inspect(&beside(file, "-wal"))?;
    Ok(folder)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The file that SQLite keeps beside the database.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn refuse_exposed(file: &Path, sharing: Sharing, what: &'static str) -> Result<(), Error> {
    let mode = file.metadata().map_err(file_error("look at"))?.permissions().mode();
    if mode & sharing.forbidden() == 0 { Ok(()) } else { Err(Error::Exposed { what }) }
}
