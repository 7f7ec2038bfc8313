//! Signing in: with a passphrase, and a second step where it is on the web. Signing in with a security key stands with the keys.

use audit::{Act, ActKind, Actor};
use model::{Action, PersonId, Role};
use rand::{CryptoRng, RngCore};

use crate::passphrase;
use crate::people::Attempt;
use crate::permit::{Access, Permit, Principal, SignedInBy};
use crate::second_factor::{self, Enrolling, SecondFactorKey, SignedIn};
use crate::{Error, security_key};

/// Wrong passphrases before waiting begins.
const FREE_FAILURES: i64 = 3;
/// The first wait; each further failure doubles it.
const FIRST_WAIT_MILLIS: i64 = 2_000;
/// The longest wait.
const LONGEST_WAIT_MILLIS: i64 = 15 * 60 * 1_000;

impl Access {
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
        let now = self.store().clock().now();
        let mut tx = self.store().begin().await?;
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
        let mut tx = self.store().begin().await?;
        enrolling.confirm(&mut tx, key, code, self.store().clock().now(), rng).await?;
        let act = Act::new(ActKind::Person, Actor::Person(enrolling.person.clone())).role(enrolling.role);
        self.journal().note(&mut tx, act.detail("step", "second factor set up")).await?;
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
        let mut tx = self.store().begin().await?;
        if !second_factor::forget(&mut tx, person).await? {
            return Err(Error::Unknown { what: format!("a second factor of {person}"), list: "people list" });
        }
        let act = Act::new(ActKind::Person, Actor::Person(by.person().clone())).role(by.role()).recipient(person);
        self.journal().note(&mut tx, act.detail("step", "second factor taken away")).await?;
        Ok(tx.commit().await?)
    }

    /// Somebody has shown who they are: nothing has failed, and the log has it before they are in.
    pub(crate) async fn enter(&self, person: &PersonId, role: Role, by: SignedInBy) -> Result<Principal, Error> {
        self.people().forgive(person).await?;
        let needs_a_key = by == SignedInBy::Code && self.demands_a_key(role);
        let act = Act::new(ActKind::SignIn, Actor::Person(person.clone())).role(role);
        let act = match by {
            SignedInBy::Key(key) => act.detail("key", key),
            _ if needs_a_key => act.detail("step", "to add a security key"),
            _ => act,
        };
        self.journal().note_now(act).await?;
        Ok(self.principal(person, role, by, needs_a_key))
    }

    /// The role of whoever knows the passphrase. The failure that was counted is not forgiven yet.
    pub(crate) async fn right_passphrase(&self, person: &PersonId, passphrase: &str) -> Result<Role, Error> {
        let now = self.store().clock().now();
        let Some(attempt) = self.people().count_attempt(person, now, wait_after).await? else {
            self.hardness().spend(passphrase);
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
        let now = self.store().clock().now();
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
