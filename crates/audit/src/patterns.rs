//! Patterns in the log that an auditor looks at first: who approves whom, how fast, when, and who is refused.
//!
//! None of them is a finding. Each says what was counted, over which acts, and against which bound, so that a person can
//! look at those acts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::act::ActKind;
use crate::journal::Entry;

/// From which numbers on something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Two people who have approved each other's requests at least so many times each.
    pub reciprocity: u32,
    /// Seconds between a request and an approval within which nobody can have weighed it.
    pub seconds: i64,
    /// Fewest approvals by one supervisor who is there for nearly all (four of five) of a requester's requests.
    pub same_pair: u32,
    /// Fewest refusals of one person.
    pub refusals: u32,
    /// The night, as hours of the day: from the first to before the second.
    pub night: (i64, i64),
    /// Fewest acts of one person at night.
    pub at_night: u32,
    /// Hours that the site's clock is ahead of UTC.
    pub offset_hours: i64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { reciprocity: 2, seconds: 120, same_pair: 5, refusals: 3, night: (22, 6), at_night: 3, offset_hours: 0 }
    }
}

/// Something that an auditor may want to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pattern {
    /// `reciprocity`, `speed`, `same-pair`, `refusals` or `night`.
    pub pattern: &'static str,
    /// Whom it is about.
    pub people: Vec<String>,
    /// How many acts were counted.
    pub acts: u32,
    /// What was counted, in words.
    pub says: String,
    /// The journal's rows, the latest last; at most twenty.
    pub rows: Vec<i64>,
}

/// Rows that one pattern names at most.
const MAX_ROWS: usize = 20;
const HOUR_SECS: i64 = 60 * 60;

/// What the records of these entries show; those whose record is erased say nothing.
#[must_use]
pub fn patterns(entries: &[Entry], bounds: &Bounds) -> Vec<Pattern> {
    let records: Vec<_> = entries.iter().filter_map(Record::read).collect();
    let mut found = Vec::new();
    approvals(&records, bounds, &mut found);
    refusals(&records, bounds, &mut found);
    night(&records, bounds, &mut found);
    found
}

struct Record<'e> {
    entry: &'e Entry,
    fields: BTreeMap<String, String>,
}

impl<'e> Record<'e> {
    fn read(entry: &'e Entry) -> Option<Self> {
        Some(Self { entry, fields: serde_json::from_str(entry.record.as_deref()?).ok()? })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The person who acted, if it was one.
    fn person(&self) -> Option<&str> {
        self.field("who")?.strip_prefix("person ")
    }

    fn is(&self, kind: ActKind) -> bool {
        self.entry.kind == kind.as_str()
    }
}

fn approvals(records: &[Record<'_>], bounds: &Bounds, found: &mut Vec<Pattern>) {
    let mut asked: BTreeMap<&str, i64> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
    let mut granted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut hasty: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for record in records {
        let request = record.field("request").unwrap_or_default();
        if record.is(ActKind::UnsealRequest) {
            asked.insert(request, record.entry.at.secs());
        }
        let (Some(who), Some(whom)) = (record.person(), record.field("recipient")) else { continue };
        if !record.is(ActKind::UnsealGrant) {
            continue;
        }
        pairs.entry((who, whom)).or_default().push(record.entry.seq);
        granted.entry(whom).or_default().insert(request);
        if asked.get(request).is_some_and(|at| record.entry.at.secs() - at < bounds.seconds) {
            hasty.entry(who).or_default().push(record.entry.seq);
        }
    }
    for ((who, whom), rows) in &pairs {
        let back = pairs.get(&(*whom, *who)).map_or(0, Vec::len);
        let least = rows.len().min(back);
        if who < whom && least >= bounds.reciprocity as usize {
            let says = format!("{who} approved {} requests of {whom}, and {whom} {back} of {who}", rows.len());
            found.push(Pattern::new("reciprocity", &[who, whom], rows, says));
        }
        let all = granted.get(whom).map_or(0, BTreeSet::len);
        if rows.len() >= bounds.same_pair as usize && rows.len() * 5 >= all * 4 {
            let says = format!("of {all} requests of {whom} that were approved, {who} approved {}", rows.len());
            found.push(Pattern::new("same-pair", &[who, whom], rows, says));
        }
    }
    for (who, rows) in hasty {
        let says = format!("{who} approved {} requests within {} s of their being made", rows.len(), bounds.seconds);
        found.push(Pattern::new("speed", &[who], &rows, says));
    }
}

fn refusals(records: &[Record<'_>], bounds: &Bounds, found: &mut Vec<Pattern>) {
    let mut refused: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for record in records {
        let refusal = record.is(ActKind::Refusal)
            || record.is(ActKind::SignInFailed)
            || record.field("outcome") == Some("refused");
        if let Some(who) = record.person().filter(|_| refusal) {
            refused.entry(who).or_default().push(record.entry.seq);
        }
    }
    for (who, rows) in refused.into_iter().filter(|(_, rows)| rows.len() >= bounds.refusals as usize) {
        let says = format!("{who} was refused {} times", rows.len());
        found.push(Pattern::new("refusals", &[who], &rows, says));
    }
}

fn night(records: &[Record<'_>], bounds: &Bounds, found: &mut Vec<Pattern>) {
    let of_content = [
        ActKind::Consultation,
        ActKind::Combination,
        ActKind::UnsealRequest,
        ActKind::UnsealGrant,
        ActKind::UnsealOpen,
        ActKind::Disclosure,
    ];
    let (from, to) = bounds.night;
    let mut awake: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for record in records.iter().filter(|record| of_content.iter().any(|kind| record.is(*kind))) {
        let hour = (record.entry.at.secs() + bounds.offset_hours * HOUR_SECS).div_euclid(HOUR_SECS).rem_euclid(24);
        let at_night = if from <= to { (from..to).contains(&hour) } else { hour >= from || hour < to };
        if let Some(who) = record.person().filter(|_| at_night && record.entry.part != "outcome") {
            awake.entry(who).or_default().push(record.entry.seq);
        }
    }
    for (who, rows) in awake.into_iter().filter(|(_, rows)| rows.len() >= bounds.at_night as usize) {
        let says = format!("{who} read or opened {} times between {from} and {to} o'clock", rows.len());
        found.push(Pattern::new("night", &[who], &rows, says));
    }
}

impl Pattern {
    fn new(pattern: &'static str, people: &[&str], rows: &[i64], says: String) -> Self {
        Self {
            pattern,
            people: people.iter().map(|person| (*person).to_owned()).collect(),
            acts: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            says,
            rows: rows[rows.len().saturating_sub(MAX_ROWS)..].to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;

    /// The minute of a day, the kind, and what the record says besides.
    type Done<'f> = (i64, &'f str, &'f [(&'f str, &'f str)]);

    /// A journal of these acts.
    fn log(acts: &[Done<'_>]) -> Vec<Entry> {
        let entry = |(place, (minute, kind, fields)): (usize, &Done<'_>)| {
            let record: BTreeMap<_, _> = fields.iter().copied().collect();
            Entry {
                seq: place as i64 + 1,
                at: Timestamp::from_secs(1_795_046_400 + minute * 60), // midnight
                kind: (*kind).to_owned(),
                part: "note".to_owned(),
                record: Some(serde_json::to_string(&record).unwrap()),
            }
        };
        acts.iter().enumerate().map(entry).collect()
    }

    fn shown(found: &[Pattern]) -> Vec<(&str, Vec<&str>, u32)> {
        found.iter().map(|one| (one.pattern, one.people.iter().map(String::as_str).collect(), one.acts)).collect()
    }

    #[test]
    fn favours_and_haste_are_shown() {
        let ask = |request| [("who", "person s.maria"), ("request", request)];
        let grant = |who, whom, request| [("who", who), ("recipient", whom), ("request", request)];
        let noon = 12 * 60;
        let entries = log(&[
            (noon, "unseal-request", &ask("1")),
            (noon + 1, "unseal-grant", &grant("person s.jonas", "s.maria", "1")),
            (noon + 60, "unseal-grant", &grant("person s.jonas", "s.maria", "2")),
            (noon + 61, "unseal-grant", &grant("person s.maria", "s.jonas", "3")),
            (noon + 62, "unseal-grant", &grant("person s.maria", "s.jonas", "4")),
            (noon + 63, "unseal-grant", &grant("person s.amina", "s.jonas", "4")),
        ]);
        let found = patterns(&entries, &Bounds::default());
        assert_eq!(
            shown(&found),
            [("reciprocity", vec!["s.jonas", "s.maria"], 2), ("speed", vec!["s.jonas"], 1)],
            "{found:?}"
        );
        let strict = Bounds { reciprocity: 3, seconds: 30, ..Bounds::default() };
        assert!(patterns(&entries, &strict).is_empty());
    }

    #[test]
    fn one_supervisor_for_everything_is_shown() {
        // Nine requests, each approved by two: one of them nearly always the same.
        let numbers: Vec<String> = (0..9).map(|number| number.to_string()).collect();
        let grants = |usual: usize| -> Vec<Vec<(&str, &str)>> {
            let grant = |who, request| vec![("who", who), ("recipient", "a.ivan"), ("request", request)];
            let first = |at| if at < usual { "person s.jonas" } else { "person s.li" };
            let second = |at| if at % 2 == 0 { "person s.amina" } else { "person s.maria" };
            let both = numbers.iter().enumerate().flat_map(|(at, number)| [(first(at), number), (second(at), number)]);
            both.map(|(who, number)| grant(who, number.as_str())).collect()
        };
        let found = |usual| {
            let grants = grants(usual);
            let acts: Vec<_> = grants.iter().map(|fields| (720, "unseal-grant", &fields[..])).collect();
            patterns(&log(&acts), &Bounds::default())
        };
        assert_eq!(shown(&found(8)), [("same-pair", vec!["s.jonas", "a.ivan"], 8)]);
        assert!(found(5).is_empty());
    }

    #[test]
    fn nights_and_refusals_are_counted_by_person_and_in_the_sites_own_time() {
        let ivan = [("who", "person a.ivan")];
        let crawl = [("who", "process crawl")];
        let mut acts: Vec<Done<'_>> = vec![(23 * 60, "consult", &ivan); 3];
        acts.extend([(600, "refuse", &ivan[..]); 3]);
        acts.extend([(600, "refuse", &crawl[..]); 9]);
        let found = patterns(&log(&acts), &Bounds::default());
        assert_eq!(shown(&found), [("refusals", vec!["a.ivan"], 3), ("night", vec!["a.ivan"], 3)], "{found:?}");
        assert_eq!(found[1].rows, [1, 2, 3]);
        let east = Bounds { offset_hours: 8, ..Bounds::default() };
        assert_eq!(shown(&patterns(&log(&acts), &east)), [("refusals", vec!["a.ivan"], 3)], "seven in the morning");
    }

    #[test]
    fn an_erased_or_malformed_record_says_nothing() {
        let mut entries = log(&[(1380, "consult", &[("who", "person a.ivan")])]);
        entries[0].record = None;
        assert!(patterns(&entries, &Bounds { at_night: 1, ..Bounds::default() }).is_empty());
        entries[0].record = Some("[]".to_owned());
        assert!(patterns(&entries, &Bounds { at_night: 1, ..Bounds::default() }).is_empty());
    }
}
