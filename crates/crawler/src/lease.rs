//! A page on loan.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use authorisation::{Authorised, Target};
use model::{AuthorisationId, CaseId, DocumentKey, Sensitive, Timestamp, UrlHash};

use crate::account::{InUse, Pending};
use crate::remembered::Remembered;

/// What a lease is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A page: fetch, keep, and [complete](crate::Frontier::complete).
    Page,
    /// A host's robots.txt: fetch, and hand the outcome to [`Frontier::turn_back`](crate::Frontier::turn_back).
    Robots,
    /// The page with the login form of the site's account: fetch, and hand what it shows to
    /// [`Frontier::login_shown`](crate::Frontier::login_shown).
    LoginPage,
    /// That form, filled in: send, and hand over what comes back in the same way.
    LogIn,
}

impl Purpose {
    /// Whether it is a step of a login.
    #[must_use]
    pub const fn is_login(self) -> bool {
        matches!(self, Self::LoginPage | Self::LogIn)
    }
}

/// A page, or a robots.txt, lent to one worker until a moment. It is given back by value.
///
/// Dropping it gives nothing back: the page is lent anew once the lease has run out.
pub struct Lease {
    pub(crate) target: Target,
    pub(crate) purpose: Purpose,
    pub(crate) host: i64,
    pub(crate) page: Option<i64>,
    pub(crate) seq: i64,
    pub(crate) url_hash: UrlHash,
    pub(crate) visit: u64,
    pub(crate) depth: u32,
    pub(crate) hops: i64,
    pub(crate) priority: i64,
    pub(crate) attempts: i64,
    /// Tries of the page and waits in a row of the host: what fails on the way adds to the second alone.
    pub(crate) lane: i64,
    pub(crate) reserved: u64,
    pub(crate) until: Timestamp,
    /// The thread or list that it continues, and its place there.
    pub(crate) series: Option<i64>,
    pub(crate) place: i64,
    /// What the last visit brought, if there was one.
    pub(crate) remembered: Option<Remembered>,
    /// The account under which it is asked for, if there is one, and the form that is sent.
    pub(crate) account: Option<InUse>,
    pub(crate) login: Option<Pending>,
    /// Why it was its turn.
    pub(crate) why: String,
    pub(crate) meter: Meter,
}

/// What the fetch under a lease has used. It stands in the lease so that it cannot be forgotten when that comes back.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    bytes: AtomicU64,
    /// Milliseconds and one, so that 0 means that nothing was measured.
    latency: AtomicI64,
    /// What the next visit is compared with.
    learnt: Mutex<Option<Remembered>>,
    /// `Set-Cookie` headers, when it is asked for under an account.
    cookies: Mutex<Vec<Sensitive<Vec<u8>>>>,
}

impl Meter {
    pub(crate) fn count(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn answered_after(&self, millis: i64) {
        self.latency.store(millis.max(0).saturating_add(1), Ordering::Relaxed);
    }

    pub(crate) fn learn(&self, remembered: Remembered) {
        *self.learnt.lock().unwrap_or_else(PoisonError::into_inner) = Some(remembered);
    }

    pub(crate) fn learnt(&self) -> Option<Remembered> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn keep_cookie(&self, header: &[u8]) {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).push(Sensitive::new(header.to_vec()));
    }

    pub(crate) fn has_cookies(&self) -> bool {
        !self.cookies.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub(crate) fn each_cookie(&self, mut take: impl FnMut(&[u8])) {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().for_each(|header| take(header.expose()));
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn latency(&self) -> Option<i64> {
        self.latency.load(Ordering::Relaxed).checked_sub(1).filter(|millis| *millis >= 0)
    }
}

impl Lease {
    /// What may be asked for.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// A page, or robots.txt.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The label of the account under which it is asked for, and the version of its session.
    #[must_use]
    pub fn account(&self) -> Option<(&str, i64)> {
        self.account.as_ref().map(|in_use| (in_use.label.as_str(), in_use.version))
    }

    /// User name and password of that account: what must be hidden wherever a page repeats it.
    pub fn secrets(&self) -> impl Iterator<Item = &Sensitive<String>> {
        self.account.iter().flat_map(|in_use| [&in_use.credentials.user, &in_use.credentials.password])
    }

    /// The key of the index document that this visit becomes.
    #[must_use]
    pub fn document_key(&self) -> DocumentKey {
        DocumentKey::new(self.authorisation(), self.url_hash, self.visit)
    }

    /// The number of the visit, from 0; a repeated attempt is the same visit.
    #[must_use]
    pub const fn visit(&self) -> u64 {
        self.visit
    }

    /// Why it is this page's turn, for people: that it is new, or what is believed of its changes.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Links from a seed.
    #[must_use]
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// The authorisation.
    #[must_use]
    pub fn authorisation(&self) -> AuthorisationId {
        self.target.authorisation()
    }

    /// The authorisation itself.
    #[must_use]
    pub const fn authorised(&self) -> &Authorised {
        self.target.authorised()
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        self.target.case()
    }

    /// Bytes of the body that may be received: so many are reserved of the ceiling.
    #[must_use]
    pub const fn byte_limit(&self) -> u64 {
        self.reserved
    }

    /// Which way to the host to take: another one after each failure, the page's own or of the way.
    #[must_use]
    pub fn lane(&self) -> u32 {
        u32::try_from(self.lane).unwrap_or(u32::MAX)
    }

    /// When the page is lent anew.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Lease({:?} of {}, visit {}, until {})", self.purpose, self.target.site(), self.visit, self.until)
    }
}
