//! Witnesses: what they cosign is kept and published, counted where it holds an entry, and turns a second history into a
//! fault that anybody can show.

use audit::{Act, ActKind, Actor, Checkpoint, Error, Evidence, Journal, LogKey, LogVerifier, News, Sequencer};
use audit::{WitnessKey, Witnesses, verify};
use ed25519_dalek::SigningKey;
use model::{Clock, PersonId, Timestamp};
use store::Store;
use tempfile::TempDir;

const ORIGIN: &str = "unit-7.example/audit";

/// A journal, the log that is made from it, and the file of the log's key.
struct Site {
    folder: TempDir,
    store: Store,
    journal: Journal,
    sequencer: Sequencer,
    log: LogVerifier,
}

/// A person who witnesses.
struct Witness {
    person: PersonId,
    signing: SigningKey,
    key: WitnessKey,
}

fn witness(person: &str, seed: u8) -> Witness {
    let (person, signing): (PersonId, _) = (person.parse().unwrap(), SigningKey::from_bytes(&[seed; 32]));
    Witness { key: WitnessKey::of_person(ORIGIN, &person, signing.verifying_key()), person, signing }
}

impl Site {
    async fn new(key: LogKey) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(Timestamp::from_secs(1_795_000_000));
        let store = Store::open(&folder.path().join("control.db"), clock).await.unwrap();
        let log = key.verifier();
        let sequencer = Sequencer::open(store.clone(), &folder.path().join("log"), key).await.unwrap();
        Self { journal: Journal::new(store.clone()), folder, store, sequencer, log }
    }

    /// Logs some acts; the row of the last.
    async fn acts(&self, count: usize) -> i64 {
        let mut row = 0;
        for _ in 0..count {
            let act = Act::new(ActKind::Consultation, Actor::Person("a.ivan".parse().unwrap()));
            row = self.journal.note_now(act).await.unwrap();
        }
        self.sequencer.run_once().await.unwrap();
        row
    }

    fn dir(&self) -> std::path::PathBuf {
        self.folder.path().join("log")
    }

    /// The newest checkpoint with this witness's line below it.
    fn cosigned(&self, witness: &Witness) -> (Checkpoint, String) {
        let news = News::gather(&self.dir(), 0).unwrap();
        let checkpoint = news.verify(&self.log, None).unwrap();
        let line = witness.key.cosign(&checkpoint, &witness.signing, Timestamp::from_secs(1_795_000_060));
        (checkpoint, news.checkpoint + &line)
    }

    async fn keep(&self, witness: &Witness, note: &str) -> Result<(), Error> {
        let mut tx = self.store.begin().await.unwrap();
        Witnesses::new(self.store.clone()).keep(&mut tx, &self.dir(), &witness.person, &witness.key, note).await?;
        tx.commit().await.unwrap();
        Ok(())
    }
}

/// Two keys that are one: a holder of the log's key who wants to show two histories.
fn twice() -> (LogKey, LogKey) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.key");
    LogKey::generate(ORIGIN, &mut rand::rngs::OsRng).unwrap().save(&path).unwrap();
    (LogKey::load(&path).unwrap(), LogKey::load(&path).unwrap())
}

#[tokio::test]
async fn what_a_witness_cosigned_is_published_and_counts_for_what_it_holds() {
    let site = Site::new(twice().0).await;
    let (maria, jonas) = (witness("s.maria", 1), witness("s.jonas", 2));
    let early = site.acts(3).await;
    let (checkpoint, note) = site.cosigned(&maria);
    site.keep(&maria, &note).await.unwrap();
    let late = site.acts(300).await;

    let report = verify(&site.dir(), None).unwrap();
    assert_eq!(report.witnesses.len(), 1);
    assert_eq!((&report.witnesses[0].key, report.witnesses[0].entries), (&maria.key, checkpoint.size));

    let trusted = [maria.key.clone(), jonas.key.clone()];
    for (row, names) in [(early, vec![maria.key.name()]), (late, vec![])] {
        let evidence = Evidence::gather(&site.dir(), &site.store, row, 0).await.unwrap();
        let newest = evidence.verify(&site.log, None).unwrap().checkpoint;
        let found = evidence.witnesses(&newest, &site.log, &trusted).unwrap();
        assert_eq!(found.iter().map(|one| one.witness.as_str()).collect::<Vec<_>>(), names, "row {row}");
        assert!(evidence.witnesses(&newest, &site.log, &trusted[1..]).unwrap().is_empty(), "not trusted");
    }
    // The newest of each witness stands; a smaller one does not take its place.
    let (larger, newer) = site.cosigned(&maria);
    site.keep(&maria, &newer).await.unwrap();
    site.keep(&maria, &note).await.unwrap();
    site.acts(1).await;
    assert_eq!(verify(&site.dir(), None).unwrap().witnesses[0].entries, larger.size);
}

#[tokio::test]
async fn a_note_of_another_log_or_without_the_witness_is_not_kept() {
    let (site, elsewhere) = (Site::new(twice().0).await, Site::new(twice().0).await);
    let (maria, jonas) = (witness("s.maria", 1), witness("s.jonas", 2));
    site.acts(2).await;
    elsewhere.acts(2).await;
    let (_, note) = site.cosigned(&maria);
    let (_, foreign) = elsewhere.cosigned(&maria);
    for (who, note) in [(&maria, foreign.as_str()), (&jonas, &note), (&maria, "rubbish"), (&maria, "")] {
        assert!(matches!(site.keep(who, note).await, Err(Error::Cosigned(_))), "{note}");
    }
}

#[tokio::test]
async fn a_second_history_under_the_same_key_is_shown_to_be_one() {
    let (first, second) = twice();
    let (site, fork) = (Site::new(first).await, Site::new(second).await);
    let maria = witness("s.maria", 1);
    site.acts(5).await;
    fork.acts(9).await;
    let (seen, note) = site.cosigned(&maria);

    // The witness is shown the other history: longer, and signed by the right key.
    let news = News::gather(&fork.dir(), seen.size).unwrap();
    let refused = news.verify(&fork.log, Some(&seen)).unwrap_err().to_string();
    assert!(refused.contains("forked") && refused.contains("5 entries") && refused.contains("9 entries"), "{refused}");
    // A log that was set back.
    let short = Site::new(twice().0).await;
    short.acts(1).await;
    let news = News::gather(&short.dir(), seen.size).unwrap();
    assert!(news.verify(&short.log, Some(&seen)).unwrap_err().to_string().contains("rewritten or forked"));

    // Beside the other history, what she cosigned is the proof.
    fork.keep(&maria, &note).await.unwrap();
    let row = fork.acts(1).await;
    let fault = verify(&fork.dir(), None).unwrap_err().to_string();
    assert!(fault.contains("s.maria") && fault.contains("rewritten or forked"), "{fault}");
    let evidence = Evidence::gather(&fork.dir(), &fork.store, row - 8, 0).await.unwrap();
    let newest = evidence.verify(&fork.log, None).unwrap().checkpoint;
    assert!(evidence.witnesses(&newest, &fork.log, &[maria.key]).is_err());
}
