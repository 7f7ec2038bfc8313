//! The machine's clock beside an authority's: what a reply says of both.

use audit::Act;
use model::Timestamp;

/// How far off an authority may be by its own word; RFC 3161 tokens state whole seconds.
const AUTHORITY_MILLIS: i64 = 1_000;

/// One comparison.
pub(super) struct ClockCheck {
    authority: String,
    ahead_millis: i64,
    within_millis: i64,
}

impl ClockCheck {
    /// From when the authority was asked and when it had answered, by our clock, and the time that it states. The authority read
    /// its clock somewhere between: the middle is the best guess, half the way is how wrong that may be.
    pub(super) fn new(authority: &str, asked: Timestamp, answered: Timestamp, stated: Timestamp) -> Self {
        let half = answered.since_millis(asked).max(0) / 2;
        Self {
            authority: authority.to_owned(),
            ahead_millis: asked.plus_millis(half).since_millis(stated),
            within_millis: half + AUTHORITY_MILLIS,
        }
    }

    /// As the log has it; captures are held against the nearest of these.
    pub(super) fn told(&self, act: Act) -> Act {
        act.detail("of", "clock")
            .detail("authority", &self.authority)
            .detail("ahead_ms", self.ahead_millis)
            .detail("within_ms", self.within_millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_way_is_compared() {
        let at = Timestamp::from_millis;
        let check = ClockCheck::new("http://tsa.example", at(10_000), at(14_000), at(11_000));
        assert_eq!((check.ahead_millis, check.within_millis), (1_000, 3_000));
        let behind = ClockCheck::new("http://tsa.example", at(10_000), at(10_200), at(70_000));
        assert_eq!((behind.ahead_millis, behind.within_millis), (-59_900, 1_100));
    }
}
