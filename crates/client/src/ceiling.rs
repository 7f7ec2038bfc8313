//! How much this client has approved of late: counted in the key folder before each share, durably.

use model::{CaseId, PersonId, Timestamp};

use crate::{Error, Policy};

/// What counts: 24 hours.
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Lines of the file that are kept: far more than any ceiling.
const MAX_LINES: usize = 10_000;

/// One approval that this client has given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) at: Timestamp,
    pub(crate) request: i64,
    pub(crate) requester: PersonId,
    pub(crate) case: CaseId,
    /// Counted, and not held against the ceilings. Not kept.
    pub(crate) whatever_the_ceilings: bool,
}

/// The approvals of the last 24 hours, oldest first. One line each: time, request, requester, case.
#[derive(Debug, Default)]
pub(crate) struct Approvals(Vec<Given>);

impl Approvals {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let read = |line: &str| -> Option<Given> {
            let mut words = line.split(' ');
            let given = Given {
                at: Timestamp::parse_rfc3339(words.next()?)?,
                request: words.next()?.parse().ok()?,
                requester: words.next()?.parse().ok()?,
                case: words.next()?.parse().ok()?,
                whatever_the_ceilings: false,
            };
            words.next().is_none().then_some(given)
        };
        let lines = text.lines().take(MAX_LINES + 1).map(read).collect::<Option<Vec<_>>>();
        let lines = lines.filter(|lines| lines.len() <= MAX_LINES);
        lines.map(Self).ok_or(Error::Malformed { what: "approvals in the key folder" })
    }

    pub(crate) fn to_text(&self) -> String {
        let line = |given: &Given| format!("{} {} {} {}\n", given.at, given.request, given.requester, given.case);
        self.0.iter().map(line).collect()
    }

    /// Counts one more, or says which ceiling it would pass. A request that was counted already is not counted twice: the
    /// same approval may be made again when its answer was lost.
    pub(crate) fn count(mut self, next: Given, policy: &Policy) -> Result<Self, Error> {
        // A clock that was set back counts everything that lies ahead of it.
        self.0.retain(|given| next.at.since_millis(given.at) < DAY_MILLIS);
        if self.0.iter().any(|given| given.request == next.request) {
            return Ok(self);
        }
        let person = self.0.iter().filter(|given| given.requester == next.requester).count();
        let case = self.0.iter().filter(|given| given.case == next.case).count();
        for (found, most, of) in [
            (self.0.len(), policy.a_day, "all together"),
            (person, policy.a_day_for_one_person, "for this person's requests"),
            (case, policy.a_day_in_one_case, "in this case"),
        ] {
            if found >= most && !next.whatever_the_ceilings {
                return Err(Error::Ceiling { most, of });
            }
        }
        self.0.push(next);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(hour: i64, request: i64, requester: &str, case: &str) -> Given {
        let at = Timestamp::from_secs(1_795_000_000 + hour * 3_600);
        Given {
            at,
            request,
            requester: requester.parse().unwrap(),
            case: case.parse().unwrap(),
            whatever_the_ceilings: false,
        }
    }

    #[test]
    fn each_ceiling_holds_for_a_day_and_lines_read_back() {
        let policy = Policy { a_day: 3, a_day_for_one_person: 2, a_day_in_one_case: 2, ..Policy::default() };
        let mut counted = Approvals::default();
        for next in [given(0, 1, "a.ivan", "one"), given(1, 2, "a.ivan", "two")] {
            counted = counted.count(next, &policy).unwrap();
            counted = Approvals::parse(&counted.to_text()).unwrap();
        }
        let after = |next| Approvals::parse(&counted.to_text()).unwrap().count(next, &policy);
        assert!(
            matches!(after(given(2, 3, "a.ivan", "three")), Err(Error::Ceiling { most: 2, of }) if of.contains("person"))
        );
        assert!(after(given(2, 2, "a.ivan", "two")).is_ok(), "the same request again");
        assert!(after(given(24, 3, "a.ivan", "three")).is_ok(), "the first is a day old");
        let third = after(given(2, 3, "a.vera", "one")).unwrap();
        let text = third.to_text();
        let fourth = third.count(given(3, 4, "a.lena", "four"), &policy);
        assert!(matches!(fourth, Err(Error::Ceiling { most: 3, .. })));
        let urgent = Given { whatever_the_ceilings: true, ..given(3, 4, "a.lena", "four") };
        let urgent = Approvals::parse(&text).unwrap().count(urgent, &policy).unwrap();
        assert_eq!(urgent.to_text().lines().count(), 4, "it is counted all the same");
        let back = Approvals::parse(&text).unwrap().count(given(-30, 5, "a.lena", "four"), &policy);
        assert!(matches!(back, Err(Error::Ceiling { .. })), "a clock that was set back frees nothing");
    }

    #[test]
    fn a_damaged_file_is_refused() {
        for bad in ["x\n", "2026-11-18T11:06:40.000Z 1 a.ivan\n", "2026-11-18T11:06:40.000Z 1 a.ivan one more\n"] {
            assert!(Approvals::parse(bad).is_err(), "{bad}");
        }
    }
}
