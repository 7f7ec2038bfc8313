//! Principals and permits: values that only this crate can make.

use audit::{Act, ActKind, Actor, Journal};
use model::{Action, CaseId, PersonId, Role};
use search::{Licence, SearchCapability};
use store::Store;

use crate::passphrase::Hardness;
use crate::{Case, Cases, Error, People, SitePolicy, security_key};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Somebody who has signed in.
#[derive(Debug)]
pub struct Principal {
    person: PersonId,
    role: Role,
    /// The hash of the site's policy under which they signed in.
    policy: Option<[u8; 32]>,
    by: SignedInBy,
    /// Their role demands a security key and they have none: they can add one, and nothing else.
    needs_a_key: bool,
}

/// What somebody signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedInBy {
    /// The passphrase alone: on the command line, on the machine itself.
    Passphrase,
    /// The passphrase and a code.
    Code,
    /// The security key of this number.
    Key(i64),
}

impl Principal {
    /// Who.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// As what.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether they have to add a security key before anything else.
    #[must_use]
    pub const fn needs_a_key(&self) -> bool {
        self.needs_a_key
    }

    /// An act of this person for the log: in which role, and under which policy of the site, if there is one.
    #[must_use]
    pub fn act(&self, kind: ActKind) -> Act {
        let act = Act::new(kind, Actor::Person(self.person.clone())).role(self.role);
        self.policy.iter().fold(act, Act::policy)
    }
}

/// Leave to do one thing, once granted.
#[derive(Debug)]
pub struct Permit {
    person: PersonId,
    role: Role,
    action: Action,
}

impl Permit {
    /// Who was permitted.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// As what.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// What.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Refuses to serve as leave for something else: a permit for one act is none for another.
    pub(crate) fn must_be_for(&self, needed: Action) -> Result<(), Error> {
        if self.action == needed { Ok(()) } else { Err(Error::OtherPermit { needed }) }
    }
}

/// Who may do what. One per process, because it owns the process's one search capability.
pub struct Access {
    store: Store,
    journal: Journal,
    capability: SearchCapability,
    hardness: Hardness,
    policy: Option<SitePolicy>,
    review_days: u32,
    /// Roles that sign in on the web with a security key, and with nothing else.
    key_roles: Vec<Role>,
}

impl Access {
    /// Takes its seat at the process's start.
    #[must_use]
    pub const fn new(store: Store, journal: Journal, capability: SearchCapability, hardness: Hardness) -> Self {
        Self { store, journal, capability, hardness, policy: None, review_days: 0, key_roles: Vec::new() }
    }

    /// Puts the site's own policy on top of the role table: it can deny more.
    #[must_use]
    pub fn under(mut self, policy: SitePolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Hides a case whose necessity nobody has reviewed for so many days; 0: it is never hidden.
    #[must_use]
    pub const fn reviewed_every(mut self, days: u32) -> Self {
        self.review_days = days;
        self
    }

    /// Demands of these roles that they sign in on the web with a security key.
    #[must_use]
    pub fn demanding_keys(mut self, roles: &[Role]) -> Self {
        self.key_roles = roles.to_vec();
        self
    }

    /// Whether this role signs in on the web with a security key alone.
    #[must_use]
    pub fn demands_a_key(&self, role: Role) -> bool {
        self.key_roles.contains(&role)
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) const fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) const fn hardness(&self) -> &Hardness {
        &self.hardness
    }

    /// The one place where a principal is made; [`enter`](Self::enter) alone comes here.
    pub(crate) fn principal(&self, person: &PersonId, role: Role, by: SignedInBy, needs_a_key: bool) -> Principal {
        let policy = self.policy.as_ref().map(|policy| *policy.hash());
        Principal { person: person.clone(), role, policy, by, needs_a_key }
    }

    /// The people and the proposals about them.
    #[must_use]
    pub fn people(&self) -> People {
        People::new(self.store.clone(), self.journal.clone(), self.hardness)
    }

    /// Whether somebody who signed in earlier is still who they were: their account is there, in the same role, and so is the
    /// key that they signed in with.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn still_stands(&self, who: &Principal) -> Result<bool, Error> {
        match self.people().find(&who.person).await {
            Ok(person) if person.role != who.role => Ok(false),
            Ok(_) => match who.by {
                SignedInBy::Key(key) => security_key::is_there(self.store.reader(), &who.person, key).await,
                SignedInBy::Passphrase | SignedInBy::Code => Ok(true),
            },
            Err(Error::Unknown { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The cases that a person may look into, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of(&self, who: &Principal) -> Result<Vec<Case>, Error> {
        let cases = self.cases();
        let mut own = Vec::new();
        for case in cases.list().await? {
            if cases.works_on(&case.case, &who.person).await? {
                own.push(case);
            }
        }
        Ok(own)
    }

    fn cases(&self) -> Cases {
        Cases::new(self.store.clone(), self.journal.clone())
    }

    /// Asks the role table, and then the site's policy; a refusal is written into the log before it is told.
    ///
    /// # Errors
    /// [`Error::Role`] when the table does not grant it, [`Error::SitePolicy`] when the site denies it.
    pub async fn permit(&self, who: &Principal, action: Action) -> Result<Permit, Error> {
        self.permit_in(who, action, None).await
    }

    /// The same for something in one case, which the site's policy may single out.
    ///
    /// # Errors
    /// As [`permit`](Self::permit).
    pub async fn permit_in(&self, who: &Principal, action: Action, case: Option<&CaseId>) -> Result<Permit, Error> {
        let refusal = || who.act(ActKind::Refusal).detail("action", format_args!("{action:?}"));
        if who.needs_a_key {
            self.refuse(refusal(), "key-first").await?;
            return Err(Error::KeyFirst { role: who.role });
        }
        if !who.role.may(action) {
            self.refuse(refusal(), "role-table").await?;
            return Err(Error::Role { role: who.role, action });
        }
        let now = self.store.clock().now();
        let denied = self.policy.as_ref().and_then(|policy| policy.denies(&who.person, who.role, action, case, now));
        if let Some(policies) = denied {
            let policies = policies.join(", ");
            let act = case.into_iter().fold(refusal(), Act::case).detail("policies", &policies);
            self.refuse(act, "site-policy").await?;
            return Err(Error::SitePolicy { action, policies });
        }
        if let Some(case) = case.filter(|_| reads_a_case(action))
            && !self.cases().works_on(case, &who.person).await?
        {
            self.cases().find(case).await?; // one that is not there is told as such
            self.refuse(refusal().case(case), "own-case").await?;
            return Err(Error::OthersCase { case: case.clone() });
        }
        Ok(Permit { person: who.person.clone(), role: who.role, action })
    }

    /// Leave to search one case, for [`search::Searcher`].
    ///
    /// # Errors
    /// As [`permit`](Self::permit); when the action is neither of the two that read the index; when there is no
    /// such case; and when its review is overdue.
    pub async fn licence(&self, who: &Principal, action: Action, case: &CaseId) -> Result<Licence, Error> {
        let permit = self.permit_in(who, action, Some(case)).await?;
        permit.must_be_for(Action::Pivot).or_else(|_| permit.must_be_for(Action::Search))?;
        let review = self.cases().reviewed_at(case).await?;
        let due = review.plus_millis(i64::from(self.review_days) * DAY_MILLIS);
        if self.review_days > 0 && self.store.clock().now() > due {
            self.refuse(who.act(ActKind::Refusal).case(case), "case-review").await?;
            return Err(Error::ReviewOverdue { case: case.clone(), due });
        }
        Ok(Licence::mint(&self.capability, case.clone()))
    }

    pub(crate) async fn refuse(&self, act: Act, rule: &str) -> Result<(), Error> {
        self.journal.note_now(act.detail("rule", rule)).await?;
        Ok(())
    }
}

/// What only those do who work on the case.
const fn reads_a_case(action: Action) -> bool {
    matches!(action, Action::Search | Action::Pivot | Action::RequestUnseal | Action::OpenOriginal)
}
