//! What browsers were asked to have signed by a security key: each question for one cookie and one purpose, good once, for
//! five minutes, and only so many at a time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use access::CHALLENGE_BYTES;
use model::Timestamp;
use rand::RngCore as _;
use rand::rngs::OsRng;

/// How long a question may be answered.
const GOOD_MILLIS: i64 = 5 * 60 * 1_000;
/// The most that are open. All visitors together open fewer in five minutes at the rate that is let through by default; beyond
/// that the oldest gives way.
const MAX_OPEN: usize = 4_096;

/// What a key is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    SignIn,
    Prove,
    Add,
}

type Id = [u8; 32];

#[derive(Default)]
pub(crate) struct Challenges(Mutex<HashMap<(Id, Purpose), Open>>);

struct Open {
    challenge: [u8; CHALLENGE_BYTES],
    until: Timestamp,
}

impl Challenges {
    /// A new question for whoever holds this cookie; one of the same purpose that was open is so no more.
    pub(crate) fn ask(&self, whose: Id, purpose: Purpose, now: Timestamp) -> [u8; CHALLENGE_BYTES] {
        let mut challenge = [0; CHALLENGE_BYTES];
        OsRng.fill_bytes(&mut challenge);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MAX_OPEN {
            open.retain(|_, one| one.until > now);
        }
        if open.len() >= MAX_OPEN
            && let Some(oldest) = open.iter().min_by_key(|(_, one)| one.until).map(|(key, _)| *key)
        {
            open.remove(&oldest);
        }
        open.insert((whose, purpose), Open { challenge, until: now.plus_millis(GOOD_MILLIS) });
        challenge
    }

    /// Takes it back: whatever becomes of the answer, there is no second one.
    pub(crate) fn take(&self, whose: Id, purpose: Purpose, now: Timestamp) -> Option<[u8; CHALLENGE_BYTES]> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&(whose, purpose)).filter(|one| now < one.until).map(|one| one.challenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_answered_once_by_whom_it_was_asked_for_what_it_was_and_in_time() {
        let (challenges, now) = (Challenges::default(), Timestamp::from_secs(1_795_000_000));
        let asked = challenges.ask([1; 32], Purpose::SignIn, now);
        assert_eq!(challenges.take([2; 32], Purpose::SignIn, now), None);
        assert_eq!(challenges.take([1; 32], Purpose::Add, now), None);
        assert_eq!(challenges.take([1; 32], Purpose::SignIn, now), Some(asked));
        assert_eq!(challenges.take([1; 32], Purpose::SignIn, now), None);
        let (first, second) = (challenges.ask([1; 32], Purpose::Add, now), challenges.ask([1; 32], Purpose::Add, now));
        assert_ne!(first, second);
        assert_eq!(challenges.take([1; 32], Purpose::Add, now.plus_millis(GOOD_MILLIS)), None);
    }

    #[test]
    fn there_are_only_so_many_and_the_oldest_gives_way() {
        let (challenges, now) = (Challenges::default(), Timestamp::from_secs(1_795_000_000));
        let id = |number: usize| *blake3::hash(&number.to_be_bytes()).as_bytes();
        for number in 0..MAX_OPEN + 10 {
            challenges.ask(id(number), Purpose::SignIn, now.plus_millis(i64::try_from(number).unwrap()));
        }
        let later = now.plus_millis(10_000);
        assert_eq!(challenges.0.lock().unwrap().len(), MAX_OPEN);
        assert!(challenges.take(id(9), Purpose::SignIn, later).is_none());
        assert!(challenges.take(id(10), Purpose::SignIn, later).is_some());
        challenges.ask(id(0), Purpose::SignIn, now.plus_millis(2 * GOOD_MILLIS));
        challenges.ask(id(1), Purpose::SignIn, now.plus_millis(2 * GOOD_MILLIS));
        assert_eq!(challenges.0.lock().unwrap().len(), 2, "those whose time is over go first");
    }
}
