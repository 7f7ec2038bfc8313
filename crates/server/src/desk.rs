//! What the server needs of rooms that it may not name: the composition root hands it in.
//!
//! The room of requests (`client`) can also combine shares, and the rooms of crawling (`crawler`, `authorisation`) also hold
//! the way out: a process that serves people links to neither by name. So the few harmless things it needs of them (the
//! one form of a grant, counts of a crawl) come through this door. Its two implementations are the shipped one and that
//! of this crate's tests.

use std::future::Future;
use std::pin::Pin;

use model::{CaptureId, CaseId, PersonId, Timestamp};
use serde::Serialize;

/// A future in a box.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Why the desk did not do it.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// A rule forbids it, or what was written does not fit: the sentence names what would.
    #[error("{0}")]
    Refused(String),
    /// Something failed; the sentence holds no content.
    #[error("{0}")]
    Failed(String),
}

/// A request to open one original, before it has its one form.
#[derive(Clone)]
pub struct Ask {
    /// Its number.
    pub request: i64,
    /// The capture.
    pub capture: CaptureId,
    /// BLAKE3 of its sealed header.
    pub header_hash: [u8; 32],
    /// Who asks.
    pub requester: PersonId,
    /// The age key that answers are encrypted to.
    pub recipient: String,
    /// The reason, as a code of the site.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// The legal basis.
    pub legal_basis: String,
    /// When it dies.
    pub not_after: Timestamp,
}

/// A request in its one form.
pub struct Granted {
    /// What is signed and what shares are bound to.
    pub bytes: Vec<u8>,
    /// What the log entry names it by.
    pub log_word: String,
    /// Whether it waives ceilings, and owes a review.
    pub break_glass: bool,
}

/// What a grant says.
#[derive(Clone, Debug, Serialize)]
pub struct GrantText {
    /// The reason, as a code of the site.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// The legal basis.
    pub legal_basis: String,
    /// Whether it waives ceilings, and owes a review.
    pub break_glass: bool,
}

/// One host of a crawl, in counts and words; no address.
#[derive(Clone, Debug, Serialize)]
pub struct Host {
    /// Its label in the authorisation.
    pub site: String,
    /// What its queue is doing.
    pub state: String,
    /// Why.
    pub reason: String,
    /// Nothing is asked of it before this moment.
    pub next_at: Timestamp,
    /// Pages that wait.
    pub waiting: u64,
    /// Pages that were visited.
    pub done: u64,
    /// Pages that will not be visited.
    pub retired: u64,
    /// Requests made.
    pub requests: u64,
    /// Bytes of bodies received.
    pub bytes: u64,
    /// Moving average of the server's latency.
    pub latency_ms: Option<u64>,
    /// Links that were not followed.
    pub refused: u64,
}

/// A calendar by which a case is crawled.
#[derive(Clone, Debug, Serialize)]
pub struct Schedule {
    /// Its number.
    pub schedule: i64,
    /// Minute, hour, day of the month, month, day of the week, as cron has them.
    pub pattern: String,
    /// In whose clocks.
    pub zone: String,
    /// Minutes after which a run ends.
    pub minutes: u32,
    /// Who made it.
    pub made_by: String,
    /// The next moment, as those clocks show it.
    pub next: Option<String>,
    /// Runs that were begun.
    pub runs: u64,
    /// Runs that were due and did not begin.
    pub missed: u64,
    /// How the last one went.
    pub last: Option<String>,
}

/// A change to the calendars of a case.
#[derive(Clone, Copy, Debug)]
pub enum Plan<'p> {
    /// Adds one.
    Add {
        /// Its pattern.
        pattern: &'p str,
        /// Its time zone.
        zone: &'p str,
        /// Minutes after which a run ends.
        minutes: u32,
    },
    /// Takes one away.
    Remove(i64),
}

/// One registered authorisation.
#[derive(Clone, Debug, Serialize)]
pub struct Paper {
    /// Its id.
    pub authorisation: String,
    /// Its case.
    pub case: CaseId,
    /// `in force`, or why not, in words.
    pub standing: String,
    /// The legal basis it names.
    pub legal_basis: String,
    /// Days that captures are kept.
    pub retention_days: u32,
    /// The first moment after its validity.
    pub not_after: Timestamp,
    /// When it was registered.
    pub added_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Who signed it.
    pub signers: Vec<PersonId>,
}

/// How the captures of one authorisation stand.
#[derive(Clone, Debug, Serialize)]
pub struct RetentionRow {
    /// Its id.
    pub authorisation: String,
    /// Its case.
    pub case: Option<CaseId>,
    /// Days that captures are kept.
    pub days: u32,
    /// Captures that are kept.
    pub kept: u64,
    /// Captures whose time is over.
    pub due: u64,
    /// Captures on hold.
    pub held: u64,
    /// Captures that were erased.
    pub erased: u64,
}

/// The door to the other rooms.
pub trait Desk: Send + Sync {
    /// Gives a request its one form.
    ///
    /// # Errors
    /// When a text is not one line, or too long.
    fn grant(&self, ask: Ask) -> Result<Granted, DeskError>;

    /// Reads a grant's one form.
    ///
    /// # Errors
    /// When it is none.
    fn grant_text(&self, bytes: &[u8]) -> Result<GrantText, DeskError>;

    /// How the crawl of a case stands, host by host.
    fn hosts<'a>(&'a self, case: &'a CaseId) -> BoxFuture<'a, Result<Vec<Host>, DeskError>>;

    /// Why a host waits, in sentences.
    fn why<'a>(&'a self, case: &'a CaseId, site: &'a str) -> BoxFuture<'a, Result<Vec<String>, DeskError>>;

    /// Pauses (with a reason) or resumes the crawl of a case; how many authorisations that changed. The act goes into the log
    /// in the same transaction.
    fn pause<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a access::Principal,
        permit: &'a access::Permit,
        reason: Option<&'a str>,
    ) -> BoxFuture<'a, Result<u64, DeskError>>;

    /// The calendars of a case.
    fn schedules<'a>(&'a self, case: &'a CaseId) -> BoxFuture<'a, Result<Vec<Schedule>, DeskError>>;

    /// Changes them; the act goes into the log in the same transaction.
    fn plan<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a access::Principal,
        permit: &'a access::Permit,
        plan: Plan<'a>,
    ) -> BoxFuture<'a, Result<(), DeskError>>;

    /// Registered authorisations.
    fn papers(&self) -> BoxFuture<'_, Result<Vec<Paper>, DeskError>>;

    /// What retention has to say of each authorisation.
    fn retention(&self) -> BoxFuture<'_, Result<Vec<RetentionRow>, DeskError>>;
}
