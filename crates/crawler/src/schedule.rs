//! Calendars: when a case is crawled, in the wall-clock time of a place, and what was missed meanwhile.
//!
//! A pattern is read by `croner` in an IANA time zone whose rules are compiled in. An hour that does not exist on the day
//! on which clocks go forward is moved to the next that does, and one that comes twice counts once. What was due while
//! nobody ran is told and never caught up: a crawl at noon instead of at night is not what was planned.

use std::str::FromStr as _;

use croner::Cron;
use jiff::Zoned;
use jiff::tz::TimeZone;
use model::{CaseId, PersonId, Timestamp};
use serde::Serialize;
use sqlx::FromRow;
use store::{Store, Tx};

use crate::Error;
use crate::error::during;

/// Due moments that are counted at most when somebody looks after a long time.
const MAX_COUNTED: usize = 10_000;

/// Schedules of one installation.
const MAX_SCHEDULES: i64 = 1_000;

/// A pattern in a time zone.
#[derive(Clone)]
pub struct Calendar {
    cron: Cron,
    zone: TimeZone,
}

/// A case's calendar, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// Its number.
    pub id: i64,
    /// The case.
    pub case: CaseId,
    /// The pattern: minute, hour, day of the month, month, day of the week.
    pub calendar: String,
    /// The IANA time zone.
    pub zone: String,
    /// Minutes that a run may take.
    pub minutes: u32,
    /// Who made it.
    pub made_by: String,
    /// Everything that was due until then has been run or told.
    pub looked_at: Timestamp,
    /// Runs that were begun.
    pub runs: u64,
    /// Runs that were due and did not begin.
    pub missed: u64,
    /// How the last one went.
    pub last: Option<String>,
}

/// What is due of a schedule at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The latest moment that is due, if it is recent enough to be run now.
    pub now: Option<Timestamp>,
    /// Moments before it that passed without a run.
    pub missed: u64,
}

impl Calendar {
    /// Reads a pattern and a time zone.
    ///
    /// # Errors
    /// When either is none; the text says which.
    pub fn new(pattern: &str, zone: &str) -> Result<Self, Error> {
        let cron = Cron::from_str(pattern).map_err(|error| {
            Error::Calendar(format!("{pattern:?} is no calendar: {error}; `0 3 * * *` is every day at three"))
        })?;
        let zone = TimeZone::get(zone).map_err(|_| {
            Error::Calendar(format!("{zone:?} is no time zone of the IANA list, such as Europe/Vienna or UTC"))
        })?;
        Ok(Self { cron, zone })
    }

    /// The first moment after `after`, if there ever is one.
    #[must_use]
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let after = self.zoned(after)?;
        let next = self.cron.find_next_occurrence(&after, false).ok()?;
        Some(Timestamp::from_millis(next.timestamp().as_millisecond()))
    }

    /// A moment in the zone's own time, for people: `2026-11-27 03:00 Europe/Vienna`.
    #[must_use]
    pub fn show(&self, at: Timestamp) -> String {
        self.zoned(at).map_or_else(
            || at.to_string(),
            |at| format!("{} {}", at.strftime("%Y-%m-%d %H:%M %:z"), self.zone.iana_name().unwrap_or("UTC")),
        )
    }

    /// What is due between `looked_at` and `now`: the latest moment if it lies within `grace_millis`, and how many before it
    /// passed.
    #[must_use]
    pub fn due(&self, looked_at: Timestamp, now: Timestamp, grace_millis: i64) -> Due {
        let mut latest = None;
        let mut count = 0;
        let mut at = looked_at;
        while let Some(next) = self.next(at).filter(|next| *next <= now && *next > at) {
            count += 1;
            latest = Some(next);
            at = next;
            if count == MAX_COUNTED {
                break;
            }
        }
        let current = latest.filter(|latest| now.since_millis(*latest) <= grace_millis);
        Due { now: current, missed: (count - usize::from(current.is_some())) as u64 }
    }

    fn zoned(&self, at: Timestamp) -> Option<Zoned> {
        let at = jiff::Timestamp::from_millisecond(at.millis()).ok()?;
        Some(at.to_zoned(self.zone.clone()))
    }
}

impl std::fmt::Debug for Calendar {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Calendar({})", self.cron.pattern)
    }
}

#[derive(FromRow)]
struct Row {
    schedule: i64,
    case_id: String,
    calendar: String,
    zone: String,
    minutes: i64,
    made_by: String,
    looked_at: i64,
    runs: i64,
    missed: i64,
    last: Option<String>,
}

impl Row {
    fn read(self) -> Result<Schedule, Error> {
        let case = self.case_id.parse().map_err(|_| Error::Damaged { during: "read a schedule", what: "its case" })?;
        Ok(Schedule {
            id: self.schedule,
            case,
            calendar: self.calendar,
            zone: self.zone,
            minutes: u32::try_from(self.minutes).unwrap_or(u32::MAX),
            made_by: self.made_by,
            looked_at: Timestamp::from_millis(self.looked_at),
            runs: self.runs.unsigned_abs(),
            missed: self.missed.unsigned_abs(),
            last: self.last,
        })
    }
}

impl Schedule {
    /// Its calendar, read.
    ///
    /// # Errors
    /// When what is stored is no calendar any more.
    pub fn read(&self) -> Result<Calendar, Error> {
        Calendar::new(&self.calendar, &self.zone)
    }
}

/// Every schedule, or those of one case, in the order in which they were made.
///
/// # Errors
/// When the store cannot be read.
pub async fn schedules(store: &Store, case: Option<&CaseId>) -> Result<Vec<Schedule>, Error> {
    let select = "SELECT * FROM frontier_schedules WHERE ?1 IS NULL OR case_id = ?1 ORDER BY schedule";
    let select = sqlx::query_as::<_, Row>(select).bind(case.map(CaseId::as_str));
    let rows = select.fetch_all(store.reader()).await.map_err(during("read the schedules"))?;
    rows.into_iter().map(Row::read).collect()
}

/// Adds a schedule, from `now` on; returns its number.
///
/// # Errors
/// When the pattern or the zone is none, there are too many, or the store fails.
pub async fn add_schedule(
    tx: &mut Tx,
    case: &CaseId,
    (pattern, zone): (&str, &str),
    minutes: u32,
    by: &PersonId,
    now: Timestamp,
) -> Result<i64, Error> {
    let calendar = Calendar::new(pattern, zone)?;
    if calendar.next(now).is_none() {
        return Err(Error::Calendar(format!("{pattern:?} never comes")));
    }
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM frontier_schedules")
        .fetch_one(&mut **tx)
        .await
        .map_err(during("count the schedules"))?;
    if count >= MAX_SCHEDULES {
        return Err(Error::Calendar(format!("there are {MAX_SCHEDULES} schedules already; take one away first")));
    }
    let insert = "INSERT INTO frontier_schedules (case_id, calendar, zone, minutes, made_by, made_at, looked_at) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING schedule";
    let insert = sqlx::query_scalar(insert)
        .bind(case.as_str())
        .bind(pattern)
        .bind(zone)
        .bind(i64::from(minutes))
        .bind(by.as_str())
        .bind(now.millis());
    insert.fetch_one(&mut **tx).await.map_err(during("add a schedule"))
}

/// Takes a schedule of a case away; whether there was one.
///
/// # Errors
/// When the store fails.
pub async fn remove_schedule(tx: &mut Tx, case: &CaseId, id: i64) -> Result<bool, Error> {
    let delete = sqlx::query("DELETE FROM frontier_schedules WHERE case_id = ? AND schedule = ?");
    let delete = delete.bind(case.as_str()).bind(id).execute(&mut **tx).await;
    Ok(delete.map_err(during("take a schedule away"))?.rows_affected() > 0)
}

/// Notes that everything due until `now` has been run or told, and what came of it.
///
/// # Errors
/// When the store fails.
pub async fn looked(tx: &mut Tx, id: i64, due: Due, last: Option<&str>, now: Timestamp) -> Result<(), Error> {
    let update = "UPDATE frontier_schedules SET looked_at = max(looked_at, ?), runs = runs + ?, missed = missed + ?, \
                  last = coalesce(?, last) WHERE schedule = ?";
    let update = sqlx::query(update)
        .bind(now.millis())
        .bind(i64::from(due.now.is_some()))
        .bind(i64::try_from(due.missed).unwrap_or(i64::MAX))
        .bind(last)
        .bind(id);
    update.execute(&mut **tx).await.map_err(during("note what was due"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    fn moments(calendar: &Calendar, from: &str, count: usize) -> Vec<String> {
        let mut at = at(from);
        let next = |at: &mut Timestamp| {
            *at = calendar.next(*at).unwrap();
            at.to_string()
        };
        (0..count).map(|_| next(&mut at)).collect()
    }

    #[test]
    fn a_calendar_follows_the_clocks_of_its_place() {
        let vienna = Calendar::new("0 3 * * *", "Europe/Vienna").unwrap();
        assert_eq!(
            moments(&vienna, "2026-03-27T12:00:00Z", 3),
            ["2026-03-28T02:00:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-30T01:00:00.000Z"],
            "three o'clock is three o'clock before and after clocks go forward"
        );
        assert_eq!(
            moments(&vienna, "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T02:00:00.000Z", "2026-10-26T02:00:00.000Z"]
        );
        assert_eq!(vienna.show(at("2026-07-01T01:00:00Z")), "2026-07-01 03:00 +02:00 Europe/Vienna");
    }

    #[test]
    fn an_hour_that_is_not_there_is_moved_and_one_that_is_there_twice_counts_once() {
        let vienna = Calendar::new("30 2 * * *", "Europe/Vienna").unwrap();
        let spring = moments(&vienna, "2026-03-28T12:00:00Z", 2);
        assert!(spring[0].starts_with("2026-03-29T01:"), "{spring:?}");
        assert_eq!(spring[1], "2026-03-30T00:30:00.000Z");
        let autumn = moments(&vienna, "2026-10-24T12:00:00Z", 2);
        assert_eq!(autumn, ["2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"]);
    }

    #[test]
    fn what_was_missed_is_counted_and_only_what_is_recent_is_run() {
        let hourly = Calendar::new("0 * * * *", "UTC").unwrap();
        let due = |looked, now| hourly.due(at(looked), at(now), 300_000);
        let just = due("2026-11-27T10:00:00Z", "2026-11-27T11:02:00Z");
        assert_eq!(just, Due { now: Some(at("2026-11-27T11:00:00Z")), missed: 0 });
        let late = due("2026-11-27T08:30:00Z", "2026-11-27T11:30:00Z");
        assert_eq!(late, Due { now: None, missed: 3 });
        let both = due("2026-11-27T08:30:00Z", "2026-11-27T11:04:00Z");
        assert_eq!(both, Due { now: Some(at("2026-11-27T11:00:00Z")), missed: 2 });
        assert_eq!(due("2026-11-27T11:00:00Z", "2026-11-27T11:59:00Z"), Due { now: None, missed: 0 });
        assert_eq!(
            due("2026-11-27T11:00:00Z", "2026-11-27T10:00:00Z"),
            Due { now: None, missed: 0 },
            "a clock set back"
        );
    }

    #[test]
    fn what_is_no_calendar_says_so() {
        for (pattern, zone) in
            [("every day", "UTC"), ("61 * * * *", "UTC"), ("0 3 * * *", "Europe/Atlantis"), ("", "UTC")]
        {
            assert!(Calendar::new(pattern, zone).is_err(), "{pattern} {zone}");
        }
        assert!(Calendar::new("0 0 30 2 *", "UTC").is_ok_and(|never| never.next(at("2026-01-01T00:00:00Z")).is_none()));
    }
}
