//! Announcing together: acts that wait for the disk at the same moment share one transaction, so that logging does not bound how
//! fast pages are collected. Each is announced durably before its own caller hears of it, and none hears of it otherwise.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::{Act, Error, Intent, Journal};

/// Most acts of one transaction: bounds how long whoever else writes has to wait.
const MOST: usize = 256;

/// Acts that wait to be announced, and the turn of whoever announces them.
#[derive(Default)]
pub(crate) struct Together {
    waiting: Mutex<Vec<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

struct Waiting {
    act: Act,
    answer: oneshot::Sender<Result<Intent, Error>>,
}

impl Together {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        // A panic elsewhere leaves the list whole: each change is one push or one drain.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal {
    /// Announces an act durably: the act may happen from here on. Acts that are announced at the same time share a transaction.
    ///
    /// # Errors
    /// As [`intend`](Self::intend), and when the transaction cannot be committed.
    pub async fn intend_now(&self, act: Act) -> Result<Intent, Error> {
        let (answer, answered) = oneshot::channel();
        self.together().waiting().push(Waiting { act, answer });
        // In a task of its own: whoever stops waiting must not take the others' announcements down.
        let journal = self.clone();
        let announced = tokio::spawn(async move { journal.announce_waiting().await });
        match answered.await {
            Ok(intent) => intent,
            Err(_) => {
                let why =
                    announced.await.err().map_or_else(|| "it was cut short".to_owned(), |stopped| stopped.to_string());
                Err(Error::Together { why })
            }
        }
    }

    /// Announces everything that waits once the turn has come; nothing, if somebody else has done it by then.
    async fn announce_waiting(&self) {
        let _turn = self.together().turn.lock().await;
        let batch: Vec<_> = {
            let mut waiting = self.together().waiting();
            let count = waiting.len().min(MOST);
            waiting.drain(..count).collect()
        };
        if batch.is_empty() {
            return;
        }
        let (mut written, mut waiting) = (Vec::with_capacity(batch.len()), batch.into_iter());
        let announced = async {
            let mut tx = self.begin().await?;
            for Waiting { act, answer } in waiting.by_ref() {
                match self.intend(&mut tx, act).await {
                    Ok(intent) => written.push((Ok(intent), answer)),
                    // Its own fault, found before the database was asked: the others go on.
                    Err(error @ Error::RecordTooLong { .. }) => written.push((Err(error), answer)),
                    Err(error) => {
                        written.push((Err(Error::Together { why: error.to_string() }), answer));
                        return Err(error);
                    }
                }
            }
            Ok(tx.commit().await?)
        };
        let announced: Result<(), Error> = announced.await;
        let why = announced.as_ref().err().map(ToString::to_string);
        // The first hears what it was, in so many words; the others, that it was so.
        let mut first = announced.err();
        let mut told = |intent: Result<Intent, Error>| match &why {
            None => intent,
            Some(why) => Err(first.take().unwrap_or_else(|| Error::Together { why: why.clone() })),
        };
        for (intent, answer) in written {
            drop(answer.send(told(intent)));
        }
        for Waiting { answer, .. } in waiting {
            drop(answer.send(told(Err(Error::NotOpen))));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::Clock;
    use store::Store;

    use crate::{Act, ActKind, Actor, Error, Journal, Outcome};

    fn act(number: usize) -> Act {
        Act::new(ActKind::Collection, Actor::Process("crawl")).detail("number", number)
    }

    #[tokio::test]
    async fn acts_at_the_same_time_are_each_announced_once_and_one_bad_one_costs_itself() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
        let journal = Journal::new(store);
        let announced = (0..1_000).map(|number| {
            let journal = journal.clone();
            let act = if number == 500 { act(number).detail("long", "x".repeat(20_000)) } else { act(number) };
            tokio::spawn(async move { journal.intend_now(act).await })
        });
        let mut numbers = BTreeSet::new();
        for one in announced.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Ok(intent) => {
                    assert!(numbers.insert(intent.seq()));
                    journal.close_now(intent, Outcome::Done).await.unwrap();
                }
                Err(error) => assert!(matches!(error, Error::RecordTooLong { .. }), "{error}"),
            }
        }
        assert_eq!(numbers.len(), 999);
        assert_eq!(journal.tail(5_000).await.unwrap().len(), 2 * 999);
    }

    /// Whoever stops waiting leaves the others' announcements alone, and no intent is announced twice.
    #[tokio::test]
    async fn who_stops_waiting_takes_nobody_down() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
        let journal = Journal::new(store);
        for number in 0..200 {
            let (leaving, staying) = (journal.clone(), journal.clone());
            let leaving = tokio::spawn(async move { leaving.intend_now(act(number)).await.map(drop) });
            let staying = tokio::spawn(async move { staying.intend_now(act(number)).await });
            if number % 3 == 0 {
                tokio::task::yield_now().await;
            }
            leaving.abort();
            journal.close_now(staying.await.unwrap().unwrap(), Outcome::Done).await.unwrap();
        }
    }

    #[tokio::test]
    async fn when_nothing_can_be_written_everybody_hears_so() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
        let journal = Journal::new(store.clone());
        let _ = journal.intend_now(act(0)).await.unwrap();
        store.close().await;
        let announced = (1..20).map(|number| {
            let journal = journal.clone();
            tokio::spawn(async move { journal.intend_now(act(number)).await })
        });
        for one in announced.collect::<Vec<_>>() {
            assert!(one.await.unwrap().is_err());
        }
    }
}
