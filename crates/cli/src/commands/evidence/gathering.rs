//! What the log holds of a case beside its captures: authorisations, refusals, searches; and comparisons of clocks, which are of no case.

use audit::{ActKind, Filter, Opening};
use evidence::{ClockCheck, Disclosure};
use model::{CaptureId, Timestamp};
use serde_json::Value;

use crate::site::{Site, failed};

/// Rows that are read at a time.
const ROWS: u32 = 5_000;

/// Entries for the pack, and what it says of those that it leaves out.
#[derive(Default)]
pub(super) struct OfTheCase {
    pub(super) entries: Vec<Opening>,
    pub(super) about_others: u64,
    pub(super) clock_checks: Vec<ClockCheck>,
}

pub(super) async fn of_the_case(site: &Site, grant: &Disclosure) -> anyhow::Result<OfTheCase> {
    let kinds = vec![
        ActKind::Authorisation,
        ActKind::Revocation,
        ActKind::Case,
        ActKind::Refusal,
        ActKind::Consultation,
        ActKind::Combination,
        ActKind::Stamp,
    ];
    let (mut found, mut after) = (OfTheCase::default(), None);
    loop {
        let filter = Filter { kinds: kinds.clone(), after, ..Filter::default() };
        let openings = site.journal.openings(&filter, ROWS).await.map_err(failed)?;
        let Some(last) = openings.last() else { return Ok(found) };
        after = Some(last.entry + 1);
        openings.into_iter().for_each(|opening| found.take(opening, grant));
    }
}

impl OfTheCase {
    fn take(&mut self, opening: Opening, grant: &Disclosure) {
        let record: Option<Value> = opening.record.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let Some(record) = record else { return };
        if let Some(check) = clock_check(&opening, &record) {
            self.clock_checks.push(check);
            self.entries.push(opening);
        } else if record["case"].as_str() == Some(grant.case.as_str()) {
            match record["capture"].as_str().and_then(|capture| capture.parse::<CaptureId>().ok()) {
                // Those of a capture that is in the pack come with it.
                Some(capture) => {
                    let told_of = !opening.leaf.contains(":outcome ");
                    self.about_others += u64::from(told_of && !grant.names(capture));
                }
                None => self.entries.push(opening),
            }
        }
    }
}

fn clock_check(opening: &Opening, record: &Value) -> Option<ClockCheck> {
    let said = |name: &str| record[name].as_str();
    if said("of") != Some("clock") {
        return None;
    }
    Some(ClockCheck {
        entry: opening.entry,
        at: Timestamp::parse_rfc3339(said("at")?)?,
        authority: said("authority")?.to_owned(),
        ahead_millis: said("ahead_ms")?.parse().ok()?,
        within_millis: said("within_ms")?.parse().ok()?,
    })
}
