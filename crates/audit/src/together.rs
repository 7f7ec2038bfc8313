//! Announcing and closing together: acts that wait for the disk at the same moment share one transaction, so that logging does
//! not bound how fast pages are collected. Each is durable before its own caller hears of it, and none hears of it otherwise.

use crate::{Act, Error, Intent, Journal};

impl Journal {
    /// Announces an act durably: the act may happen from here on. Acts that are announced at the same time share a transaction.
    ///
    /// # Errors
    /// As [`intend`](Self::intend), and when the transaction cannot be committed.
    pub async fn intend_now(&self, act: Act) -> Result<Intent, Error> {
        self.run().await?;
        let journal = self.clone();
        self.store().together(move |tx| Box::pin(async move { journal.intend(tx, act).await })).await?
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
