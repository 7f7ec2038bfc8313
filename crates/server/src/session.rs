//! Who is signed in: in memory alone, so that a restart signs everybody out and no copy of a disk signs anybody in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::{Enrolling, Principal, Proved};
use data_encoding::BASE64URL_NOPAD;
use model::Timestamp;
use rand::RngCore as _;
use rand::rngs::OsRng;

use crate::Settings;
use crate::challenges::Challenges;
use crate::language::Language;
use crate::throttle::Bucket;

/// The most sessions of one person; the oldest gives way.
const MAX_OF_ONE: usize = 8;
/// The most people between passphrase and second step.
const MAX_ENROLLING: usize = 1_000;
const MINUTE_MILLIS: i64 = 60_000;

type Id = [u8; 32];

/// All sessions. The map's keys are hashes of what browsers hold.
pub(crate) struct Sessions {
    settings: Settings,
    secret: [u8; 32],
    seats: Mutex<HashMap<Id, Session>>,
    enrolling: Mutex<HashMap<Id, (Enrolling, Timestamp)>>,
    /// What security keys were asked for.
    pub(crate) challenges: Challenges,
    /// Visitors have no session: one bucket for all of them.
    visitors: Mutex<Bucket>,
}

struct Session {
    principal: Arc<Principal>,
    began: Timestamp,
    seen: Timestamp,
    language: Option<Language>,
    bucket: Bucket,
    /// They have just proved again who they are.
    proved: Option<Proved>,
}

/// What a request of somebody who is signed in has.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) principal: Arc<Principal>,
    pub(crate) language: Option<Language>,
    pub(crate) proved: Option<Proved>,
    id: Id,
}

/// What became of a cookie.
pub(crate) enum Found {
    /// Nobody is signed in with it.
    Nobody,
    /// The session has ended just now, by its time.
    Ended(Arc<Principal>),
    /// Too many requests; seconds to wait.
    TooMany(i64),
    Signed(Seat),
}

impl Sessions {
    pub(crate) fn new(settings: Settings, now: Timestamp) -> Self {
        let mut secret = [0; 32];
        OsRng.fill_bytes(&mut secret);
        let visitors = Mutex::new(Bucket::full(Self::visits_a_minute(&settings), now));
        let challenges = Challenges::default();
        Self { settings, secret, seats: Mutex::default(), enrolling: Mutex::default(), challenges, visitors }
    }

    const fn visits_a_minute(settings: &Settings) -> u32 {
        settings.requests_a_minute.saturating_mul(2)
    }

    /// A value that nobody can guess, for a cookie.
    pub(crate) fn random() -> String {
        let mut bytes = [0; 32];
        OsRng.fill_bytes(&mut bytes);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// What a form has to bring along, for one cookie. It ends with the process, like the sessions.
    pub(crate) fn form_token(&self, cookie: &str) -> String {
        BASE64URL_NOPAD.encode(blake3::keyed_hash(&self.secret, cookie.as_bytes()).as_bytes())
    }

    /// Begins a session under a new cookie, and returns it.
    pub(crate) fn begin(&self, principal: Principal, language: Option<Language>, now: Timestamp) -> String {
        let cookie = Self::random();
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let person = principal.person().clone();
        let mut own: Vec<_> = seats
            .iter()
            .filter(|(_, one)| *one.principal.person() == person)
            .map(|(id, one)| (one.seen, *id))
            .collect();
        own.sort_unstable();
        for (_, id) in own.iter().take((own.len() + 1).saturating_sub(MAX_OF_ONE)) {
            seats.remove(id);
        }
        let bucket = Bucket::full(self.settings.requests_a_minute, now);
        let session = Session { principal: Arc::new(principal), began: now, seen: now, language, bucket, proved: None };
        seats.insert(id_of(&cookie), session);
        cookie
    }

    /// Whose cookie it is.
    pub(crate) fn find(&self, cookie: &str, now: Timestamp) -> Found {
        let id = id_of(cookie);
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = seats.get_mut(&id) else { return Found::Nobody };
        if self.is_over(session, now) {
            let principal = Arc::clone(&session.principal);
            seats.remove(&id);
            return Found::Ended(principal);
        }
        if let Err(seconds) = session.bucket.take(self.settings.requests_a_minute, now) {
            return Found::TooMany(seconds);
        }
        session.seen = now;
        let proved = session.proved.clone().filter(|proved| proved.holds(now));
        Found::Signed(Seat { principal: Arc::clone(&session.principal), language: session.language, proved, id })
    }

    /// Lets a visitor through, or tells how many seconds to wait.
    pub(crate) fn visit(&self, now: Timestamp) -> Result<(), i64> {
        let mut bucket = self.visitors.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.take(Self::visits_a_minute(&self.settings), now)
    }

    pub(crate) fn end(&self, seat: &Seat) {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).remove(&seat.id);
    }

    /// Remembers that somebody has proved again who they are.
    pub(crate) fn remember(&self, seat: &Seat, proved: Proved) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = seats.get_mut(&seat.id) {
            session.proved = Some(proved);
        }
    }

    pub(crate) fn speak(&self, seat: &Seat, language: Language) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = seats.get_mut(&seat.id) {
            session.language = Some(language);
        }
    }

    /// Takes out every session whose time is over, and says whose they were.
    pub(crate) fn sweep(&self, now: Timestamp) -> Vec<Arc<Principal>> {
        let mut over = Vec::new();
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, session| {
            let stays = !self.is_over(session, now);
            if !stays {
                over.push(Arc::clone(&session.principal));
            }
            stays
        });
        let mut enrolling = self.enrolling.lock().unwrap_or_else(PoisonError::into_inner);
        enrolling.retain(|_, (_, until)| *until > now);
        over
    }

    /// Keeps somebody who has yet to set up the second step, for the visitor's cookie.
    pub(crate) fn keep_enrolling(&self, visit: &str, enrolling: Enrolling, now: Timestamp) {
        let mut kept = self.enrolling.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MAX_ENROLLING {
            kept.insert(id_of(visit), (enrolling, now.plus_millis(10 * MINUTE_MILLIS)));
        }
    }

    /// Takes them out again: each secret that was shown is tried once, and given back when the code was wrong.
    pub(crate) fn take_enrolling(&self, visit: &str) -> Option<Enrolling> {
        let mut kept = self.enrolling.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&id_of(visit)).map(|(enrolling, _)| enrolling)
    }

    fn is_over(&self, session: &Session, now: Timestamp) -> bool {
        let idle = i64::from(self.settings.idle_minutes) * MINUTE_MILLIS;
        let whole = i64::from(self.settings.session_hours) * 60 * MINUTE_MILLIS;
        now.since_millis(session.seen) > idle || now.since_millis(session.began) > whole
    }
}

impl Seat {
    /// What questions to this session's browser are kept under.
    pub(crate) const fn whose(&self) -> Id {
        self.id
    }
}

/// The same for a visitor.
pub(crate) fn id_of(cookie: &str) -> Id {
    *blake3::hash(cookie.as_bytes()).as_bytes()
}
