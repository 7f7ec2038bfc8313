//! Extraction health: how well the pages of a site are read, by day, and an alarm when that drops.
//!
//! A site that changes its layout goes on being collected, redacted and searched; what it loses is structure, quietly. So
//! every kept page leaves counts, in the transaction that keeps it, and the latest pages are compared with those before.

use std::collections::BTreeMap;

use model::{CaseId, Timestamp};
use page::{ParsedPage, Problem};
use serde::Serialize;
use sqlx::Row as _;
use store::{Store, Tx};

use crate::Error;

/// Pages that a judgement is made from; fewer say nothing.
const MIN_PAGES: i64 = 20;

/// How much of the share of whole pages may be lost without an alarm.
const MAX_DROP: f64 = 0.2;

/// The share of whole pages below which a site with a profile is in alarm, whatever it was before.
const LEAST: f64 = 0.5;

/// Days that are looked at.
const DAYS: i64 = 90;

/// What one page says about how it was read.
pub(crate) struct Reading {
    site: String,
    profile: String,
    whole: bool,
    missing: bool,
    unknown: bool,
    unread: i64,
    records: i64,
}

impl Reading {
    /// Counts of a page; nothing of its text. A wall is no page of the site.
    pub(crate) fn of(page: &ParsedPage) -> Option<Self> {
        if page.wall().is_some() {
            return None;
        }
        let count = |problem| i64::from(page.problems().count(problem));
        let (missing, unknown) = (count(Problem::MissingField) > 0, count(Problem::UnknownPage) > 0);
        let profile = page.profile().unwrap_or_default().to_owned();
        Some(Self {
            site: page.site().to_owned(),
            whole: !missing && !unknown && (!profile.is_empty() || !page.records().is_empty()),
            profile,
            missing,
            unknown,
            unread: count(Problem::UnknownDate) + count(Problem::UnknownPrice),
            records: i64::try_from(page.records().len()).unwrap_or(i64::MAX),
        })
    }

    /// Adds the counts to those of the day, inside the transaction that keeps the page.
    pub(crate) async fn note(&self, tx: &mut Tx, case: &CaseId, at: Timestamp) -> Result<(), Error> {
        let upsert = "INSERT INTO extraction_days (case_id, site, day, profile, pages, whole, missing, unknown, unread, records) \
                      VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?) ON CONFLICT (case_id, site, day, profile) DO UPDATE SET \
                      pages = pages + 1, whole = whole + excluded.whole, missing = missing + excluded.missing, \
                      unknown = unknown + excluded.unknown, unread = unread + excluded.unread, records = records + excluded.records";
        sqlx::query(upsert)
            .bind(case.as_str())
            .bind(&self.site)
            .bind(at.day())
            .bind(&self.profile)
            .bind(self.whole)
            .bind(self.missing)
            .bind(self.unknown)
            .bind(self.unread)
            .bind(self.records)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}

/// How well one site of a case is read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SiteHealth {
    /// Its label in the authorisation.
    pub site: String,
    /// The profile that its latest pages fitted, as `name revision`; empty where none did.
    pub profile: String,
    /// Pages of the last days.
    pub pages: i64,
    /// Records found on them.
    pub records: i64,
    /// Pages that lacked a field their profile requires.
    pub missing: i64,
    /// Pages of no kind that their profile knows.
    pub unknown: i64,
    /// Dates and prices that were not understood.
    pub unread: i64,
    /// The share of the latest pages that were read whole; `None` below 20 pages.
    pub lately: Option<f64>,
    /// The same of the pages before those.
    pub before: Option<f64>,
    /// What is wrong and what to do, if something is.
    pub alarm: Option<String>,
}

/// How well the sites of a case are read, by site.
///
/// # Errors
/// When the database cannot be read.
pub async fn health(store: &Store, case: &CaseId) -> Result<Vec<SiteHealth>, Error> {
    let rows = sqlx::query("SELECT * FROM extraction_days WHERE case_id = ? ORDER BY site, day DESC, extraction DESC")
        .bind(case.as_str())
        .fetch_all(store.reader())
        .await?;
    let mut sites: BTreeMap<String, Vec<Day>> = BTreeMap::new();
    for row in rows {
        let days = sites.entry(row.try_get("site")?).or_default();
        days.push(Day {
            day: row.try_get("day")?,
            profile: row.try_get("profile")?,
            pages: row.try_get("pages")?,
            whole: row.try_get("whole")?,
            missing: row.try_get("missing")?,
            unknown: row.try_get("unknown")?,
            unread: row.try_get("unread")?,
            records: row.try_get("records")?,
        });
    }
    Ok(sites.into_iter().map(|(site, days)| judge(site, &days)).collect())
}

/// Forgets the counts of a case that is destroyed.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_health(tx: &mut Tx, case: &CaseId) -> Result<(), Error> {
    sqlx::query("DELETE FROM extraction_days WHERE case_id = ?").bind(case.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// The counts of one day under one profile.
struct Day {
    day: String,
    profile: String,
    pages: i64,
    whole: i64,
    missing: i64,
    unknown: i64,
    unread: i64,
    records: i64,
}

/// Judges a site by its days, the latest first: the latest days that make up enough pages against those before them.
fn judge(site: String, days: &[Day]) -> SiteHealth {
    let days = &days[..days.len().min(usize::try_from(DAYS).unwrap_or_default())];
    let mut pages = 0;
    // A day belongs to one side as a whole, even if several profiles fitted on it.
    let mut enough = days.len();
    for (at, day) in days.iter().enumerate() {
        if pages >= MIN_PAGES && at.checked_sub(1).is_some_and(|before| days[before].day != day.day) {
            enough = at;
            break;
        }
        pages += day.pages;
    }
    let (latest, earlier) = days.split_at(enough);
    let (lately, before) = (share(latest), share(earlier));
    let profile = latest.iter().max_by_key(|day| day.pages).map(|day| day.profile.clone()).unwrap_or_default();
    let profiled = |days: &[Day]| days.iter().any(|day| !day.profile.is_empty());
    let alarm = match (lately, before) {
        (Some(_), Some(_)) if profiled(earlier) && !profiled(latest) => {
            Some("no profile fits any more: the site runs on something else, or shows something else".to_owned())
        }
        (Some(lately), Some(before)) if before - lately > MAX_DROP => {
            Some(format!("{} of its latest pages are read whole, {} before", percent(lately), percent(before)))
        }
        (Some(lately), _) if profiled(latest) && lately < LEAST => {
            Some(format!("{} of its latest pages are read whole", percent(lately)))
        }
        _ => None,
    };
    let advice = "save some of its pages and let `lanthorn profile propose` look at them";
    let sum = |of: fn(&Day) -> i64| days.iter().map(of).sum();
    SiteHealth {
        site,
        profile,
        pages: sum(|day| day.pages),
        records: sum(|day| day.records),
        missing: sum(|day| day.missing),
        unknown: sum(|day| day.unknown),
        unread: sum(|day| day.unread),
        lately,
        before,
        alarm: alarm.map(|alarm| format!("{alarm}; {advice}")),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of pages")]
fn share(days: &[Day]) -> Option<f64> {
    let (whole, pages) = days.iter().fold((0, 0), |(whole, pages), day| (whole + day.whole, pages + day.pages));
    (pages >= MIN_PAGES).then(|| whole as f64 / pages as f64)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: &str, profile: &str, pages: i64, whole: i64) -> Day {
        let (missing, profile) = (pages - whole, profile.to_owned());
        Day { day: day.to_owned(), profile, pages, whole, missing, unknown: 0, unread: 0, records: pages }
    }

    fn alarm(days: &[Day]) -> Option<String> {
        judge("board-a".to_owned(), days).alarm
    }

    #[test]
    fn a_site_that_reads_as_before_is_well() {
        assert_eq!(alarm(&[day("2026-11-24", "phpbb 2", 30, 27), day("2026-11-23", "phpbb 2", 40, 38)]), None);
        assert_eq!(alarm(&[day("2026-11-24", "phpbb 2", 19, 0)]), None, "too few pages say nothing");
        assert_eq!(alarm(&[day("2026-11-24", "", 50, 10)]), None, "without a profile nothing is promised");
        assert_eq!(alarm(&[]), None);
    }

    #[test]
    fn a_drop_and_a_lost_profile_raise_the_alarm() {
        let dropped = alarm(&[day("2026-11-24", "phpbb 2", 30, 18), day("2026-11-23", "phpbb 2", 40, 38)]).unwrap();
        assert!(dropped.starts_with("60 % of its latest pages are read whole, 95 % before"), "{dropped}");
        let lost = alarm(&[day("2026-11-24", "", 30, 0), day("2026-11-23", "phpbb 2", 40, 38)]).unwrap();
        assert!(lost.starts_with("no profile fits any more"), "{lost}");
        let low = alarm(&[day("2026-11-24", "phpbb 2", 30, 9)]).unwrap();
        assert!(low.starts_with("30 % of its latest pages"), "{low}");
    }

    #[test]
    fn small_days_are_taken_together_until_they_are_enough() {
        let days = [
            day("2026-11-24", "phpbb 2", 8, 0),
            day("2026-11-23", "phpbb 2", 15, 15),
            day("2026-11-22", "phpbb 2", 40, 40),
        ];
        let health = judge("board-a".to_owned(), &days);
        assert_eq!(health.lately, Some(15.0 / 23.0));
        assert_eq!(health.before, Some(1.0));
        assert!(health.alarm.is_some());
    }

    #[test]
    fn counts_of_a_day_add_up_and_are_forgotten_with_the_case() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("control.db"), model::Clock::system()).await.unwrap();
            let case: CaseId = "op-harbour-2026".parse().unwrap();
            let at = Timestamp::parse_rfc3339("2026-11-24T04:00:00Z").unwrap();
            for whole in [true, true, false] {
                let (site, profile) = ("board-a".to_owned(), "phpbb 2".to_owned());
                let reading = Reading { site, profile, whole, missing: !whole, unknown: false, unread: 1, records: 4 };
                let mut tx = store.begin().await.unwrap();
                reading.note(&mut tx, &case, at).await.unwrap();
                tx.commit().await.unwrap();
            }
            let sites = health(&store, &case).await.unwrap();
            assert_eq!((sites.len(), sites[0].pages, sites[0].missing, sites[0].records), (1, 3, 1, 12));
            assert!(store.check().await.is_ok(), "every row has its check value");
            let mut tx = store.begin().await.unwrap();
            forget_health(&mut tx, &case).await.unwrap();
            tx.commit().await.unwrap();
            assert!(health(&store, &case).await.unwrap().is_empty());
        });
    }
}
