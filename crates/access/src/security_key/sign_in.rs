//! Signing in with a key, proving again who one is, and the keys that somebody has.

use audit::{Act, ActKind, Actor};
use model::{Action, PersonId, Timestamp};
use rand::{CryptoRng, RngCore};

use super::keys::{self, Held, SecurityKey};
use super::{Assertion, CHALLENGE_BYTES, HANDLE_BYTES, Refusal, Registration, RelyingParty, verify};
use crate::Error;
use crate::permit::{Access, Permit, Principal, SignedInBy};
use crate::second_factor::{self, SecondFactorKey};

/// How long it counts that somebody has proved again who they are.
const PROVED_MILLIS: i64 = 5 * 60 * 1_000;

/// What somebody who is signed in proves again with that it is them.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The passphrase and a code that was not used yet.
    Passphrase {
        /// The passphrase.
        passphrase: &'a str,
        /// Six digits.
        code: &'a str,
        /// What the secrets of authenticator programs lie encrypted under.
        second_factors: &'a SecondFactorKey,
    },
    /// A key that they have.
    Key {
        /// Where.
        party: &'a RelyingParty,
        /// What was asked; used up already.
        challenge: &'a [u8; CHALLENGE_BYTES],
        /// The answer.
        assertion: Assertion<'a>,
    },
}

/// Somebody has just proved again who they are: leave to change their own keys, for five minutes.
#[derive(Clone, Debug)]
pub struct Proved {
    person: PersonId,
    until: Timestamp,
}

impl Proved {
    /// Whether it still counts.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

impl Access {
    /// Signs in with a key, which the key itself allows after a PIN or a finger alone. Failures are counted as wrong
    /// passphrases are, before anything is verified.
    ///
    /// # Errors
    /// [`Error::Key`] with the step that failed, [`Error::Locked`], or a failure of database or log. Whoever is asking is told
    /// none of the steps: the log is.
    pub async fn sign_in_with_key(
        &self,
        party: &RelyingParty,
        challenge: &[u8; CHALLENGE_BYTES],
        assertion: &Assertion<'_>,
    ) -> Result<Principal, Error> {
        let held = self.held(assertion, None).await?;
        let role = self.answers(party, challenge, assertion, &held).await?;
        self.enter(&held.person, role, SignedInBy::Key(held.key)).await
    }

    /// Proves again who is signed in. What fails here counts and waits as it does when signing in.
    ///
    /// # Errors
    /// [`Error::SignIn`], [`Error::Key`], [`Error::Locked`], or a failure of database or log.
    pub async fn prove(&self, who: &Principal, proof: Proof<'_>) -> Result<Proved, Error> {
        match proof {
            Proof::Passphrase { passphrase, code, second_factors } => {
                let role = self.right_passphrase(who.person(), passphrase).await?;
                let mut tx = self.store().begin().await?;
                let now = self.store().clock().now();
                if !second_factor::spend(&mut tx, second_factors, who.person(), code, now).await? {
                    drop(tx);
                    let act = Act::new(ActKind::SignInFailed, Actor::Person(who.person().clone())).role(role);
                    self.refuse(act.detail("step", "proving again"), "wrong code").await?;
                    return Err(Error::SignIn);
                }
                tx.commit().await?;
            }
            Proof::Key { party, challenge, assertion } => {
                let held = self.held(&assertion, Some(who.person())).await?;
                let _role = self.answers(party, challenge, &assertion, &held).await?;
            }
        }
        self.people().forgive(who.person()).await?;
        self.journal().note_now(who.act(ActKind::SignIn).detail("step", "proved again who it is")).await?;
        Ok(self.proved(who))
    }

    /// The same for somebody whose sign-in was only good for adding a key: it is some moments old, and led nowhere else.
    ///
    /// # Errors
    /// [`Error::OtherPermit`] for everybody else.
    pub fn proved_by_signing_in(&self, who: &Principal) -> Result<Proved, Error> {
        if who.needs_a_key() { Ok(self.proved(who)) } else { Err(Error::NotProved) }
    }

    fn proved(&self, who: &Principal) -> Proved {
        let until = self.store().clock().now().plus_millis(PROVED_MILLIS);
        Proved { person: who.person().clone(), until }
    }

    /// Somebody's keys, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn keys_of(&self, person: &PersonId) -> Result<Vec<SecurityKey>, Error> {
        keys::of(self.store().reader(), person).await
    }

    /// The handle that stands for somebody on their keys. It is random and tells nothing of them (section 14.6.1).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key_handle(
        &self,
        proved: &Proved,
        rng: &mut (impl CryptoRng + RngCore + Send),
    ) -> Result<Vec<u8>, Error> {
        let mut tx = self.store().begin().await?;
        let handle = keys::handle(&mut tx, &proved.person, rng).await?;
        tx.commit().await?;
        Ok(handle)
    }

    /// Adds a key: its number.
    ///
    /// # Errors
    /// [`Error::NotProved`] when the proof is too old or another's, [`Error::Key`] with the step that failed,
    /// [`Error::KeyName`], [`Error::TooManyKeys`], or a failure of database or log.
    pub async fn add_key(
        &self,
        who: &Principal,
        proved: &Proved,
        party: &RelyingParty,
        challenge: &[u8; CHALLENGE_BYTES],
        registration: &Registration<'_>,
        name: &str,
    ) -> Result<i64, Error> {
        let now = self.still_proved(who, proved)?;
        let act = |kind| who.act(kind).recipient(who.person());
        let new = match verify::register(party, challenge, registration) {
            Ok(new) => new,
            Err(refusal) => {
                self.refuse(act(ActKind::Refusal), refusal.rule()).await?;
                return Err(Error::Key(refusal));
            }
        };
        let mut tx = self.store().begin().await?;
        let added = keys::add(&mut tx, who.person(), name, &new, now).await;
        let key = match added {
            Ok(key) => key,
            Err(error) => {
                drop(tx);
                if let Error::Key(refusal) = error {
                    self.refuse(act(ActKind::Refusal), refusal.rule()).await?;
                }
                return Err(error);
            }
        };
        let added = act(ActKind::Person).detail("step", "security key added").detail("key", key);
        self.journal().note(&mut tx, added).await?;
        tx.commit().await?;
        Ok(key)
    }

    /// Takes one of one's own keys away; sessions that began with it end.
    ///
    /// # Errors
    /// [`Error::NotProved`]; [`Error::LastKey`] where the role demands one and this is the last; when there is no such key.
    pub async fn remove_key(&self, who: &Principal, proved: &Proved, key: i64) -> Result<(), Error> {
        self.still_proved(who, proved)?;
        let mut tx = self.store().begin().await?;
        if self.demands_a_key(who.role()) && keys::count(&mut *tx, who.person()).await? < 2 {
            drop(tx);
            self.refuse(who.act(ActKind::Refusal).recipient(who.person()), "last-key").await?;
            return Err(Error::LastKey { role: who.role() });
        }
        let act = who.act(ActKind::Person).recipient(who.person()).detail("step", "security key removed");
        self.take_away(&mut tx, who.person(), key, act).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a key of somebody else away, because it is lost or in wrong hands. It may be their last: where their role
    /// demands one they add another when they sign in next.
    ///
    /// # Errors
    /// [`Error::SamePerson`] for one's own, which is removed on the page; when there is no such key.
    pub async fn forget_key(&self, by: &Permit, person: &PersonId, key: i64) -> Result<(), Error> {
        by.must_be_for(Action::ManagePeople)?;
        if by.person() == person {
            return Err(Error::SamePerson { person: person.clone() });
        }
        let mut tx = self.store().begin().await?;
        let act = Act::new(ActKind::Person, Actor::Person(by.person().clone())).role(by.role()).recipient(person);
        self.take_away(&mut tx, person, key, act.detail("step", "security key taken away")).await?;
        Ok(tx.commit().await?)
    }

    async fn take_away(&self, tx: &mut store::Tx, person: &PersonId, key: i64, act: Act) -> Result<(), Error> {
        if !keys::remove(tx, person, key).await? {
            return Err(Error::Unknown { what: format!("key {key} of {person}"), list: "people keys" });
        }
        self.journal().note(tx, act.detail("key", key)).await?;
        Ok(())
    }

    fn still_proved(&self, who: &Principal, proved: &Proved) -> Result<Timestamp, Error> {
        let now = self.store().clock().now();
        if proved.person == *who.person() && proved.holds(now) { Ok(now) } else { Err(Error::NotProved) }
    }

    /// Section 7.2, step 6: whose key it is, and that it answers for them.
    async fn held(&self, assertion: &Assertion<'_>, whose: Option<&PersonId>) -> Result<Held, Error> {
        let possible = verify::can_be_a_credential(assertion.credential) && assertion.user_handle.len() == HANDLE_BYTES;
        let held = if possible { keys::with(self.store().reader(), assertion.credential).await? } else { None };
        let Some(held) = held else {
            let act = Act::new(ActKind::SignInFailed, Actor::Process("sign-in"));
            self.refuse(act, Refusal::UnknownKey.rule()).await?;
            return Err(Error::Key(Refusal::UnknownKey));
        };
        if held.handle != assertion.user_handle || whose.is_some_and(|person| *person != held.person) {
            let act = Act::new(ActKind::SignInFailed, Actor::Person(held.person.clone())).detail("key", held.key);
            self.refuse(act, Refusal::UserHandle.rule()).await?;
            return Err(Error::Key(Refusal::UserHandle));
        }
        Ok(held)
    }

    /// Whether the key answers the challenge: its owner's role. The failure that was counted is not forgiven yet.
    async fn answers(
        &self,
        party: &RelyingParty,
        challenge: &[u8; CHALLENGE_BYTES],
        assertion: &Assertion<'_>,
        held: &Held,
    ) -> Result<model::Role, Error> {
        let role = self.attempt(&held.person).await?;
        let now = self.store().clock().now();
        let refused = match verify::assert(party, challenge, assertion, &held.known) {
            Ok(asserted) => {
                let mut tx = self.store().begin().await?;
                if keys::used(&mut tx, held.key, asserted.counter, now).await? {
                    tx.commit().await?;
                    return Ok(role);
                }
                Refusal::Counter
            }
            Err(refusal) => refusal,
        };
        let act = Act::new(ActKind::SignInFailed, Actor::Person(held.person.clone())).role(role);
        self.refuse(act.detail("key", held.key), refused.rule()).await?;
        Err(Error::Key(refused))
    }
}
