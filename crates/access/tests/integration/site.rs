//! An installation on a temporary folder: two supervisors, and one person of each other role.

use access::{Access, Cases, Enrolment, Error, Hardness, Mailbox, Permit, Principal, Standing};
use audit::Journal;
use model::{Action, Clock, PersonId, Role, Timestamp};
use rand::rngs::OsRng;
use search::SearchCapability;
use store::Store;
use tokio::sync::{Mutex, MutexGuard};

pub(crate) const PASSPHRASE: &str = "a lantern of thin horn";

/// One search capability in a process: tests that share one take turns.
static TURN: Mutex<()> = Mutex::const_new(());

pub(crate) struct Site {
    pub(crate) access: Access,
    pub(crate) journal: Journal,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    // Given back after the capability inside `access`, which stands above.
    _turn: MutexGuard<'static, ()>,
    _folder: tempfile::TempDir,
}

impl Site {
    /// Nobody is there yet.
    pub(crate) async fn empty() -> Self {
        let turn = TURN.lock().await;
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(Timestamp::from_secs(1_795_000_000));
        let store = Store::open(&folder.path().join("control.db"), clock.clone()).await.unwrap();
        let journal = Journal::new(store.clone());
        let capability = SearchCapability::take().expect("the turn is ours");
        let access = Access::new(store.clone(), journal.clone(), capability, Hardness::for_tests());
        Self { access, journal, store, clock, _turn: turn, _folder: folder }
    }

    /// `s.maria`, `s.omar`, `a.ivan`, `o.lena`, `u.paul`.
    pub(crate) async fn peopled() -> Self {
        let site = Self::empty().await;
        for supervisor in ["s.maria", "s.omar"] {
            assert_eq!(site.add(None, supervisor, Role::Supervisor).await.unwrap(), Standing::InForce);
        }
        for (person, role) in [("a.ivan", Role::Analyst), ("o.lena", Role::Operator), ("u.paul", Role::Auditor)] {
            site.confirmed(person, role).await;
        }
        site
    }

    /// Adds somebody with both supervisors' hands.
    pub(crate) async fn confirmed(&self, person: &str, role: Role) {
        let proposer = self.permit("s.maria", Action::ManagePeople).await;
        let Standing::Waits(proposal) = self.add(Some(&proposer), person, role).await.unwrap() else {
            panic!("{person} was added by one person alone");
        };
        let other = self.permit("s.omar", Action::ManagePeople).await;
        self.access.people().confirm(&other, proposal).await.unwrap();
    }

    pub(crate) async fn add(&self, by: Option<&Permit>, person: &str, role: Role) -> Result<Standing, Error> {
        let keys = Enrolment { signing_key: [7; 32], recipient: "age1example".to_owned() };
        let keys = (role == Role::Supervisor).then_some(&keys);
        self.access.people().add(by, &id(person), role, PASSPHRASE, keys, &mut OsRng).await
    }

    pub(crate) async fn signed_in(&self, person: &str) -> Principal {
        self.access.sign_in(&id(person), PASSPHRASE).await.unwrap()
    }

    pub(crate) async fn permit(&self, person: &str, action: Action) -> Permit {
        let principal = self.signed_in(person).await;
        self.access.permit(&principal, action).await.unwrap()
    }

    pub(crate) fn cases(&self) -> Cases {
        Cases::new(self.store.clone(), self.journal.clone())
    }

    pub(crate) fn mailbox(&self) -> Mailbox {
        Mailbox::new(self.store.clone(), self.journal.clone())
    }

    /// The kinds of the last acts, oldest first.
    pub(crate) async fn last_acts(&self, count: u32) -> Vec<String> {
        self.journal.tail(count).await.unwrap().into_iter().map(|entry| entry.kind).collect()
    }

    /// The record of the last act.
    pub(crate) async fn last_record(&self) -> String {
        self.journal.tail(1).await.unwrap().remove(0).record.unwrap()
    }
}

pub(crate) fn id(person: &str) -> PersonId {
    person.parse().unwrap()
}
