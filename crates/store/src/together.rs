//! Writing together: work that waits for the disk at the same moment shares one transaction, so that one sync serves all of it
//! (group commit). Each piece of work stands in a savepoint of its own: one that fails is undone alone, and the others go on.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::error::during;
use crate::{Error, Store, Tx};

/// Most pieces of work in one transaction: bounds how long whoever else writes has to wait.
const MOST: usize = 256;

/// Work that waits to be written, and the turn of whoever writes it.
#[derive(Default)]
pub(crate) struct Together {
    waiting: Mutex<Vec<Work>>,
    turn: tokio::sync::Mutex<()>,
}

/// A piece of work: writes into the transaction, and says how that went.
type Work = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Written> + Send>;

/// A piece of work that has run, and whose caller waits to hear what became of the transaction.
struct Written {
    good: bool,
    tell: Box<dyn FnOnce(Result<(), Error>) + Send>,
}

impl Together {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Work>> {
        // A panic elsewhere leaves the list whole: each change is one push or one drain.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Writes durably, in one transaction with whatever else waits to be written at this moment. The inner result is the work's
    /// own; when it is an error, nothing of this work is kept. What it returns reaches the caller after the commit, never before.
    ///
    /// The work goes on when the caller stops waiting: others stand in the same transaction.
    ///
    /// # Errors
    /// When the transaction cannot be begun or committed: then nothing of the work is kept.
    pub async fn together<T, E, W>(&self, work: W) -> Result<Result<T, E>, Error>
    where
        W: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |tx| {
            Box::pin(async move {
                let result = work(tx).await;
                let good = result.is_ok();
                let tell = Box::new(move |fate: Result<(), Error>| drop(answer.send(fate.map(|()| result))));
                Written { good, tell }
            })
        });
        self.shared().waiting().push(work);
        // In a task of its own: whoever stops waiting must not take the others' work down.
        let store = self.clone();
        let writing = tokio::spawn(async move { store.write_waiting().await });
        if let Ok(result) = answered.await {
            return result;
        }
        // Nobody told it: its transaction could not be begun, or a panic in it has rolled everything back.
        let why = match writing.await {
            Ok(Some(why)) => why,
            Ok(None) => Arc::from("the transaction was cut short"),
            Err(stopped) => stopped.to_string().into(),
        };
        Err(Error::Together { why })
    }

    /// Writes everything that waits once the turn has come; nothing, if somebody else has done it by then. Why it could not.
    async fn write_waiting(&self) -> Option<Arc<str>> {
        let _turn = self.shared().turn.lock().await;
        let batch: Vec<_> = {
            let mut waiting = self.shared().waiting();
            let count = waiting.len().min(MOST);
            waiting.drain(..count).collect()
        };
        if batch.is_empty() {
            return None;
        }
        let mut written = Vec::with_capacity(batch.len());
        let outcome = self.write(batch, &mut written).await;
        let why = outcome.as_ref().err().map(|error| Arc::<str>::from(error.to_string()));
        // The first hears what it was, in so many words; the others, that it was so.
        let mut first = outcome.err();
        for Written { tell, .. } in written {
            tell(match &why {
                None => Ok(()),
                Some(why) => Err(first.take().unwrap_or_else(|| Error::Together { why: Arc::clone(why) })),
            });
        }
        why
    }

    async fn write(&self, batch: Vec<Work>, written: &mut Vec<Written>) -> Result<(), Error> {
        let mut tx = self.begin().await?;
        let alone = batch.len() == 1;
        let mut between = "SAVEPOINT work";
        for work in batch {
            if alone {
                let done = work(&mut tx).await;
                let good = done.good;
                written.push(done);
                // Nobody else stands in it: it is undone with the transaction.
                return if good { tx.commit().await } else { Ok(()) };
            }
            statement(&mut tx, between).await?;
            between = "RELEASE work; SAVEPOINT work";
            let aside = tx.set_aside();
            let done = work(&mut tx).await;
            let good = done.good;
            written.push(done);
            if !good {
                statement(&mut tx, "ROLLBACK TO work").await?;
            }
            tx.take_back(aside, !good);
        }
        statement(&mut tx, "RELEASE work").await?;
        tx.commit().await
    }
}

async fn statement(tx: &mut Tx, sql: &'static str) -> Result<(), Error> {
    sqlx::query(sql).execute(&mut **tx).await.map_err(during("share a transaction"))?;
    Ok(())
}
