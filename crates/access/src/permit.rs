//! Principals and permits: values that only this crate can make.

use audit::{Act, ActKind, Actor, Journal};
use model::{Action, CaseId, PersonId, Role};
use rand::{CryptoRng, RngCore};
use search::{Licence, SearchCapability};
use store::Store;

use crate::passphrase::{self, Hardness};
use crate::people::Attempt;
use crate::second_factor::{self, Enrolling, SecondFactorKey, SignedIn};
use crate::{Case, Cases, Error, People, SitePolicy, security_key};

/// Wrong passphrases before waiting begins.
const FREE_FAILURES: i64 = 3;
/// The first wait; each further failure doubles it.
const FIRST_WAIT_MILLIS: i64 = 2_000;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// The longest wait.
const LONGEST_WAIT_MILLIS: i64 = 15 * 60 * 1_000;

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

    /// The people and the proposals about them.
    #[must_use]
    pub fn people(&self) -> People {
        People::new(self.store.clone(), self.journal.clone(), self.hardness)
    }

    /// Checks a passphrase. Failures are counted in the database, so that a restart does not forgive them; and they are
    /// counted before the passphrase is looked at, so that guesses side by side gain nothing.
    ///
    /// # Errors
    /// [`Error::SignIn`], [`Error::Locked`], or a failure of database or log.
    pub async fn sign_in(&self, person: &PersonId, passphrase: &str) -> Result<Principal, Error> {
        let role = self.right_passphrase(person, passphrase).await?;
        self.enter(person, role, SignedInBy::Passphrase).await
    }

    /// The same with a second step: six digits of the person's authenticator program. Whoever has none yet has to set it up
    /// and is told what with. Wrong codes count as wrong passphrases do, and are answered in the same words.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in).
    pub async fn sign_in_with_code(
        &self,
        key: &SecondFactorKey,
        person: &PersonId,
        passphrase: &str,
        code: &str,
        rng: &mut (impl CryptoRng + RngCore + Send),
    ) -> Result<SignedIn, Error> {
        let role = self.right_passphrase(person, passphrase).await?;
        let now = self.store.clock().now();
        let mut tx = self.store.begin().await?;
        if self.demands_a_key(role) && security_key::count(&mut *tx, person).await? > 0 {
            drop(tx);
            // The passphrase was right: that it is not enough is no failure of theirs, and holds nobody up.
            self.people().forgive(person).await?;
            let act = Act::new(ActKind::SignInFailed, Actor::Person(person.clone())).role(role);
            self.refuse(act, "key-demanded").await?;
            return Err(Error::KeyDemanded { role });
        }
        if !second_factor::is_enrolled(&mut tx, person).await? {
            return Ok(SignedIn::Enrol(Enrolling::new(person.clone(), role, now, rng)));
        }
        if !second_factor::spend(&mut tx, key, person, code, now).await? {
            drop(tx);
            let act = Act::new(ActKind::SignInFailed, Actor::Person(person.clone())).role(role);
            self.refuse(act, "wrong code").await?;
            return Err(Error::SignIn);
        }
        tx.commit().await?;
        Ok(SignedIn::In(self.enter(person, role, SignedInBy::Code).await?))
    }

    /// Sets the second step up, once a code shows that the person's program has the secret.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a wrong code, or when the time for it is over.
    pub async fn enrol_second_factor(
        &self,
        key: &SecondFactorKey,
        enrolling: &Enrolling,
        code: &str,
        rng: &mut (impl CryptoRng + RngCore + Send),
    ) -> Result<Principal, Error> {
        let mut tx = self.store.begin().await?;
        enrolling.confirm(&mut tx, key, code, self.store.clock().now(), rng).await?;
        let act = Act::new(ActKind::Person, Actor::Person(enrolling.person.clone())).role(enrolling.role);
        self.journal.note(&mut tx, act.detail("step", "second factor set up")).await?;
        tx.commit().await?;
        self.enter(&enrolling.person, enrolling.role, SignedInBy::Code).await
    }

    /// Takes a person's second step away, because their program is lost: they set up another when they sign in next.
    ///
    /// # Errors
    /// When they have none, or database or log fail.
    pub async fn forget_second_factor(&self, by: &Permit, person: &PersonId) -> Result<(), Error> {
        by.must_be_for(Action::ManagePeople)?;
        if by.person() == person {
            return Err(Error::SamePerson { person: person.clone() });
        }
        let mut tx = self.store.begin().await?;
        if !second_factor::forget(&mut tx, person).await? {
            return Err(Error::Unknown { what: format!("a second factor of {person}"), list: "people list" });
        }
        let act = Act::new(ActKind::Person, Actor::Person(by.person().clone())).role(by.role()).recipient(person);
        self.journal.note(&mut tx, act.detail("step", "second factor taken away")).await?;
        Ok(tx.commit().await?)
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

    pub(crate) async fn enter(&self, person: &PersonId, role: Role, by: SignedInBy) -> Result<Principal, Error> {
        self.people().forgive(person).await?;
        let needs_a_key = by == SignedInBy::Code && self.demands_a_key(role);
        let act = Act::new(ActKind::SignIn, Actor::Person(person.clone())).role(role);
        let act = match by {
            SignedInBy::Key(key) => act.detail("key", key),
            _ if needs_a_key => act.detail("step", "to add a security key"),
            _ => act,
        };
        self.journal.note_now(act).await?;
        let policy = self.policy.as_ref().map(|policy| *policy.hash());
        Ok(Principal { person: person.clone(), role, policy, by, needs_a_key })
    }

    /// The role of whoever knows the passphrase. The failure that was counted is not forgiven yet.
    pub(crate) async fn right_passphrase(&self, person: &PersonId, passphrase: &str) -> Result<Role, Error> {
        let now = self.store.clock().now();
        let Some(attempt) = self.people().count_attempt(person, now, wait_after).await? else {
            self.hardness.spend(passphrase);
            self.refuse(Act::new(ActKind::SignInFailed, Actor::Process("sign-in")), "unknown person").await?;
            return Err(Error::SignIn);
        };
        self.may_try(person, &attempt).await?;
        if !passphrase::fits(passphrase, &attempt.passphrase) {
            let act = Act::new(ActKind::SignInFailed, Actor::Person(person.clone())).role(attempt.role);
            self.refuse(act, "wrong passphrase").await?;
            return Err(Error::SignIn);
        }
        Ok(attempt.role)
    }

    /// Counts an attempt of somebody who is known to be there, by whatever means: their role.
    pub(crate) async fn attempt(&self, person: &PersonId) -> Result<Role, Error> {
        let now = self.store.clock().now();
        let attempt = self.people().count_attempt(person, now, wait_after).await?.ok_or(Error::SignIn)?;
        self.may_try(person, &attempt).await?;
        Ok(attempt.role)
    }

    async fn may_try(&self, person: &PersonId, attempt: &Attempt) -> Result<(), Error> {
        if attempt.wait_millis <= 0 {
            return Ok(());
        }
        let act = Act::new(ActKind::SignInFailed, Actor::Person(person.clone())).role(attempt.role);
        self.refuse(act, "locked after wrong passphrases").await?;
        Err(Error::Locked { seconds: attempt.wait_millis / 1000 + 1 })
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

/// How long to wait after so many failures in a row.
const fn wait_after(failures: i64) -> i64 {
    let beyond = failures - FREE_FAILURES;
    if beyond < 0 {
        return 0;
    }
    let doubled = FIRST_WAIT_MILLIS << if beyond > 20 { 20 } else { beyond };
    if doubled > LONGEST_WAIT_MILLIS { LONGEST_WAIT_MILLIS } else { doubled }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_ends() {
        assert_eq!([1, 2, 3, 4, 5].map(wait_after), [0, 0, 2_000, 4_000, 8_000]);
        assert_eq!(wait_after(i64::MAX), LONGEST_WAIT_MILLIS);
    }
}
