//! An installation without its commands, and the machines of the people around it, on a clock that stands.

use std::collections::BTreeMap;

use audit::{Act, ActKind, Actor, Collector, Evidence, Journal, LogKey, LogVerifier, News, Sequencer, Witnesses};
use client::{Approval, Cosigned, Error, Grant, KeyFolder, Logged, Opened, Policy, Spoken, Unlocked, WorkFactor};
use ed25519_dalek::VerifyingKey;
use model::{AuthorisationId, CaptureId, CaseId, Clock, PersonId, Timestamp};
use page::{CaptureRecord, FetchedPage};
use rand::rngs::OsRng;
use seal::EpochPublic;
use store::Store;
use tempfile::TempDir;
use vault::Vault;

pub(crate) const PASSPHRASE: &str = "a lantern of thin horn";
pub(crate) const HOUR_MILLIS: i64 = 3_600_000;
pub(crate) const SUPERVISORS: [&str; 3] = ["s.maria", "s.jonas", "s.amina"];

/// A person's own machine.
pub(crate) struct Machine {
    pub(crate) folder: KeyFolder,
    pub(crate) unlocked: Unlocked,
}

/// An installation and five machines, on a clock that stands.
pub(crate) struct Site {
    pub(crate) folder: TempDir,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) journal: Journal,
    pub(crate) sequencer: Sequencer,
    pub(crate) log: LogVerifier,
    pub(crate) vault: Vault,
    pub(crate) epoch: EpochPublic,
    pub(crate) supervisors: Vec<Machine>,
    pub(crate) requester: Machine,
    pub(crate) auditor: Machine,
}

/// A page that was sealed, and what the server keeps of it.
pub(crate) struct Original {
    pub(crate) capture: CaptureId,
    pub(crate) record: Vec<u8>,
    pub(crate) header: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) commitments: seal::Commitments,
}

pub(crate) fn machine(home: &TempDir, person: &str) -> Machine {
    let (path, person) = (home.path().join(person), person.parse().unwrap());
    let folder = KeyFolder::create(&path, &person, PASSPHRASE, WorkFactor::for_tests(), &mut OsRng).unwrap();
    Machine { unlocked: folder.unlock(PASSPHRASE).unwrap(), folder }
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(LogKey::generate("lanthorn.example/audit", &mut OsRng).unwrap()).await
    }

    pub(crate) async fn with(key: LogKey) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(Timestamp::from_secs(1_795_000_000));
        let store = Store::open(&folder.path().join("control.db"), clock.clone()).await.unwrap();
        let journal = Journal::new(store.clone());
        let log = key.verifier();
        let sequencer = Sequencer::open(store.clone(), &folder.path().join("log"), key).await.unwrap();

        let supervisors: Vec<_> = SUPERVISORS.iter().map(|person| machine(&folder, person)).collect();
        let members: Vec<_> = supervisors
            .iter()
            .map(|machine| (machine.unlocked.person().clone(), machine.unlocked.signing_key().clone()))
            .collect();
        let founded = seal::ceremony(clock.now(), 2, &members, &mut OsRng).unwrap();
        for (machine, share) in supervisors.iter().zip(&founded.shares) {
            machine
                .folder
                .keep_share(share, &founded.epoch.fingerprint(), &machine.unlocked, WorkFactor::for_tests())
                .unwrap();
        }
        let collector = Collector::take(journal.clone()).unwrap();
        let vault = Vault::new(&folder.path().join("vault"), store.clone(), collector, &founded.epoch);
        let (requester, auditor) = (machine(&folder, "a.ivan"), machine(&folder, "r.omar"));
        let key = auditor.unlocked.signing_key().verifying_key();
        let trusted = audit::WitnessKey::of_person(log.origin(), auditor.unlocked.person(), key);
        for machine in supervisors.iter().chain([&requester]) {
            machine.folder.set_policy(&Policy { witnesses: vec![trusted.clone()], ..Policy::default() }).unwrap();
        }
        let epoch = founded.epoch;
        Self { folder, clock, store, journal, sequencer, log, vault, epoch, supervisors, requester, auditor }
    }

    /// Seals a page as the line does: intent, vault, receipt.
    pub(crate) async fn collect(&self, number: u8) -> Original {
        let (capture, authorisation) = (CaptureId::from_bytes([number; 16]), AuthorisationId::from_bytes([0xa1; 16]));
        let case: CaseId = "op-harbour-2026".parse().unwrap();
        let url = format!("http://market.example/ad/{number}");
        let mut record = CaptureRecord::begun(capture, authorisation, case.clone(), "market", url, self.clock.now());
        record.status = 200;
        *record.body.expose_mut() = format!("<p>ask for +1 202 555 01{number:02}").into_bytes();
        let bytes = FetchedPage::new(record).encode();
        let act = Act::new(ActKind::Collection, Actor::Process("crawl")).case(&case).capture(capture);
        let intent = self.journal.intend_now(act).await.unwrap();
        let kept = bytes.expose().clone();
        let receipt = self.vault.collect(intent, case, authorisation, capture, bytes).await.unwrap();
        assert_eq!(receipt.capture(), capture);
        let shelf = self.vault.shelf();
        let entered = shelf.find(capture).await.unwrap().commitments;
        Original {
            capture,
            record: kept,
            header: shelf.header(capture).await.unwrap(),
            payload: shelf.payload(capture).await.unwrap(),
            commitments: seal::Commitments { blake3: entered.blake3, sha256: entered.sha256 },
        }
    }

    pub(crate) fn grant(&self, request: i64, original: &Original) -> Grant {
        Grant {
            request,
            capture: original.capture,
            header_hash: *blake3::hash(&original.header).as_bytes(),
            requester: self.requester.unlocked.person().clone(),
            recipient: self.requester.folder.enrolment().recipient.clone(),
            code: "R1".into(),
            reason: "a number may lead to a victim".into(),
            legal_basis: "Example Act, section 5".into(),
            not_after: self.clock.now().plus_millis(HOUR_MILLIS),
        }
    }

    pub(crate) fn dir(&self) -> std::path::PathBuf {
        self.folder.path().join("log")
    }

    /// This machine's word for the newest state of the log.
    pub(crate) fn cosigned(&self, machine: &Machine) -> Result<Cosigned, Error> {
        let news = News::gather(&self.dir(), machine.folder.seen()?.map_or(0, |seen| seen.size)).unwrap();
        client::witness(&machine.folder, &machine.unlocked, &news, &self.log, self.clock.now())
    }

    pub(crate) async fn keep(&self, by: &Machine, cosigned: &Cosigned) {
        let mut tx = self.store.begin().await.unwrap();
        let (witnesses, dir) = (Witnesses::new(self.store.clone()), self.dir());
        witnesses.keep(&mut tx, &dir, by.unlocked.person(), &cosigned.key, &cosigned.note).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Logs an act that names a grant, and lets the auditor's client witness it; its row in the journal.
    pub(crate) async fn log(&self, kind: ActKind, grant: &Grant) -> i64 {
        let row = self.log_unwitnessed(kind, grant).await;
        self.keep(&self.auditor, &self.cosigned(&self.auditor).unwrap()).await;
        row
    }

    pub(crate) async fn log_unwitnessed(&self, kind: ActKind, grant: &Grant) -> i64 {
        let act = Act::new(kind, Actor::Person(grant.requester.clone()))
            .capture(grant.capture)
            .detail("grant", grant.log_word().unwrap());
        let row = self.journal.note_now(act).await.unwrap();
        self.sequencer.run_once().await.unwrap();
        row
    }

    /// The proof that leads from what this supervisor has seen last to a row.
    pub(crate) async fn evidence(&self, supervisor: usize, row: i64) -> Evidence {
        let seen = self.supervisors[supervisor].folder.seen().unwrap().map_or(0, |seen| seen.size);
        Evidence::gather(&self.dir(), &self.store, row, seen).await.unwrap()
    }

    pub(crate) fn approval(
        &self,
        supervisor: usize,
        grant: &Grant,
        header: &[u8],
        proof: &Evidence,
    ) -> Result<Approval, Error> {
        self.approval_after(supervisor, grant, header, proof, &[])
    }

    /// The same after others have spoken.
    pub(crate) fn approval_after(
        &self,
        supervisor: usize,
        grant: &Grant,
        header: &[u8],
        proof: &Evidence,
        spoken: &[Spoken],
    ) -> Result<Approval, Error> {
        let Machine { folder, unlocked } = &self.supervisors[supervisor];
        let now = self.clock.now();
        client::approve(folder, unlocked, &self.epoch, grant, header, proof, spoken, &self.log, now, &mut OsRng)
    }

    pub(crate) fn answer(
        &self,
        supervisor: usize,
        grant: &Grant,
        header: &[u8],
        proof: &Evidence,
    ) -> Result<Vec<u8>, Error> {
        self.approval(supervisor, grant, header, proof).map(|approval| approval.answer)
    }

    /// What the requester's own machine finds of a grant in the log.
    pub(crate) async fn logged(&self, grant: &Grant) -> Result<Logged, Error> {
        let row = self.row_of(grant).await;
        let seen = self.requester.folder.seen()?.map_or(0, |seen| seen.size);
        let evidence = Evidence::gather(&self.dir(), &self.store, row, seen).await.unwrap();
        Logged::check(&self.requester.folder, &self.epoch, grant, &evidence, &self.log)
    }

    /// The row that announces a grant; the first one if none does.
    pub(crate) async fn row_of(&self, grant: &Grant) -> i64 {
        let word = grant.log_word().unwrap();
        let found: Option<i64> =
            sqlx::query_scalar("SELECT seq FROM journal WHERE kind = 'unseal-request' AND instr(record, ?) > 0")
                .bind(word.as_bytes())
                .fetch_optional(self.store.reader())
                .await
                .unwrap();
        found.unwrap_or(1)
    }

    /// An honest answer under a grant that is logged in `row`.
    pub(crate) async fn approve(&self, supervisor: usize, grant: &Grant, row: i64, original: &Original) -> Vec<u8> {
        self.answer(supervisor, grant, &original.header, &self.evidence(supervisor, row).await).unwrap()
    }

    pub(crate) fn trusted(&self) -> BTreeMap<PersonId, VerifyingKey> {
        self.epoch.members().map(|(_, member)| (member.person().clone(), *member.signing())).collect()
    }

    pub(crate) async fn open(&self, grant: &Grant, original: &Original, answers: &[Vec<u8>]) -> Result<Opened, Error> {
        let Original { header, payload, commitments, .. } = original;
        let (trusted, unlocked) = (self.trusted(), &self.requester.unlocked);
        let logged = &self.logged(grant).await?;
        Opened::combine(
            logged,
            header,
            payload,
            answers,
            &trusted,
            &self.epoch,
            commitments,
            unlocked,
            self.clock.now(),
        )
    }
}

impl Original {
    pub(crate) fn copy(&self) -> Self {
        Self {
            capture: self.capture,
            record: self.record.clone(),
            header: self.header.clone(),
            payload: self.payload.clone(),
            commitments: self.commitments,
        }
    }
}
