//! Rows of the frontier's tables, read.

use model::{AuthorisationId, Timestamp};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::Error;
use crate::error::during;
use crate::minute::Minute;

/// What has been used of an authorisation, and whether it was revoked.
pub(super) struct Budget {
    pub(super) authorisation: AuthorisationId,
    pub(super) pages: u64,
    pub(super) bytes: u64,
    pub(super) reserved: u64,
    pub(super) minute: Minute,
    pub(super) first_request_at: Option<i64>,
    pub(super) seen_at: i64,
    pub(super) paused: Option<String>,
    pub(super) revoked_at: Option<Timestamp>,
    /// A lease of the case has run out.
    pub(super) ran_out: bool,
    /// A queue stands still of which something waits: it was retired, or exhausted by a ceiling.
    pub(super) dormant: bool,
}

impl Budget {
    /// What is looked at before every lease, in one question: of a case, now.
    pub(super) const SELECT: &'static str = "SELECT b.*, a.revoked_at, \
        EXISTS (SELECT 1 FROM frontier_hosts WHERE case_id = ?1 AND lease_until <= ?2) AS ran_out, \
        EXISTS (SELECT 1 FROM frontier_hosts h WHERE h.authorisation = b.authorisation AND state IN ('retired', 'exhausted') \
        AND (waiting > 0 OR revisit_at IS NOT NULL AND state = 'retired')) AS dormant \
        FROM frontier_budgets b JOIN authorisations a USING (authorisation) WHERE b.case_id = ?1 ORDER BY b.rowid";

    pub(super) fn read(row: &SqliteRow) -> Result<Self, Error> {
        let read = during("read a budget");
        let damaged = |what| Error::Damaged { during: "read a budget", what };
        let id: Vec<u8> = row.try_get("authorisation").map_err(&read)?;
        let count = |name: &str| -> Result<u64, Error> {
            u64::try_from(row.try_get::<i64, _>(name).map_err(&read)?).map_err(|_| damaged("a count"))
        };
        let minute: Vec<u8> = row.try_get("minute").map_err(&read)?;
        let revoked_at: Option<i64> = row.try_get("revoked_at").map_err(&read)?;
        Ok(Self {
            authorisation: AuthorisationId::from_bytes(id.try_into().map_err(|_| damaged("an authorisation's id"))?),
            pages: count("pages")?,
            bytes: count("bytes")?,
            reserved: count("bytes_reserved")?,
            minute: Minute::from_bytes(&minute).ok_or_else(|| damaged("the last minute's requests"))?,
            first_request_at: row.try_get("first_request_at").map_err(&read)?,
            seen_at: row.try_get("seen_at").map_err(&read)?,
            paused: row.try_get("paused").map_err(&read)?,
            revoked_at: revoked_at.map(Timestamp::from_millis),
            ran_out: row.try_get("ran_out").map_err(&read)?,
            dormant: row.try_get("dormant").map_err(&read)?,
        })
    }
}

/// A host's queue.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Host {
    pub(super) host: i64,
    pub(super) next_at: i64,
    pub(super) latency_ms: Option<i64>,
    pub(super) crawl_delay_ms: i64,
    pub(super) backoff: i64,
    pub(super) waiting: i64,
    pub(super) lease_page: Option<i64>,
    pub(super) lease_bytes: i64,
    pub(super) lease_seq: i64,
    pub(super) revisit_at: Option<i64>,
    pub(super) server: Option<Vec<u8>>,
    pub(super) walls: i64,
}

/// A page that waits, or that is due again.
#[derive(sqlx::FromRow)]
pub(super) struct Waiting {
    pub(super) page: i64,
    pub(super) url_hash: Vec<u8>,
    pub(super) url_sealed: Vec<u8>,
    pub(super) depth: i64,
    pub(super) hops: i64,
    pub(super) priority: i64,
    pub(super) state: String,
    pub(super) reason: String,
    pub(super) visit: i64,
    pub(super) attempts: i64,
    pub(super) series: Option<i64>,
    pub(super) place: i64,
    pub(super) role: String,
    pub(super) seen_at: Option<i64>,
    pub(super) changes: Option<f64>,
    pub(super) watched: Option<f64>,
    pub(super) remembered: Option<Vec<u8>>,
    pub(super) sure: i64,
}

impl Host {
    /// When its next page may be asked for.
    pub(super) fn turn(&self) -> i64 {
        if self.waiting > 0 { self.next_at } else { self.next_at.max(self.revisit_at.unwrap_or(i64::MAX)) }
    }
}

impl Waiting {
    /// Whether it was visited before and is due again.
    pub(super) fn is_visited(&self) -> bool {
        self.state == "done"
    }
}
