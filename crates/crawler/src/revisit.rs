//! When a page is looked at again: how often it changes, and how much it matters.
//!
//! Changes of a page are taken for a Poisson process whose rate is unknown and has a Gamma distribution: `changes` is its
//! shape, `watched` (milliseconds) the inverse of its scale. A page that is not looked at for `t` has changed with the
//! chance `1 - (watched / (watched + t)) ^ changes`: the rate integrated out (a Lomax distribution). A look says only
//! *whether* it changed; that adds the number of changes expected given one at least, `rt / (1 - exp(-rt))` at the mean
//! rate `r = changes / watched`, and the time that was watched (after J. Cho and H. Garcia-Molina, "Estimating frequency
//! of change", ACM TOIT 3(3), 2003, whose bias this corrects).

/// A minute, an hour and a day in milliseconds.
const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Nothing is looked at again before, however often it changes,
const SHORTEST: f64 = 10.0 * MINUTE;

/// nor later than this, however seldom.
const LONGEST: f64 = 30.0 * DAY;

/// Only so much of the past counts, and only so many looks: what was watched longer ago fades.
const MEMORY: f64 = 21.0 * DAY;
const LOOKS: f64 = 8.0;

/// What a page is to the one who visits it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The first page of a list of threads or advertisements.
    Board,
    /// A further page of such a list.
    List,
    /// A page of a thread.
    Thread,
    /// One advertisement.
    Ad,
    /// Anything else.
    Page,
}

impl Role {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::List => "list",
            Self::Thread => "thread",
            Self::Ad => "ad",
            Self::Page => "page",
        }
    }

    pub(crate) fn from_word(word: &str) -> Self {
        let all = [Self::Board, Self::List, Self::Thread, Self::Ad];
        all.into_iter().find(|role| role.as_str() == word).unwrap_or(Self::Page)
    }

    /// How much a change matters, beside that of a board: a board tells of many threads.
    pub(crate) const fn importance(self) -> f64 {
        match self {
            Self::Board => 1.0,
            Self::Thread => 0.6,
            Self::Ad => 0.5,
            Self::List | Self::Page => 0.3,
        }
    }

    /// What is believed of a page that was seen once: as if so many changes had been seen in so long.
    const fn prior(self) -> (f64, f64) {
        match self {
            Self::Board => (1.0, 6.0 * HOUR),
            Self::Thread => (1.0, 3.0 * DAY),
            Self::Ad => (1.0, 4.0 * DAY),
            Self::List | Self::Page => (1.0, 6.0 * DAY),
        }
    }

    /// The chance of a change at which a page is worth a request.
    fn enough(self) -> f64 {
        (0.5 / self.importance()).min(0.6)
    }
}

/// What is known of how often a page changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    /// Shape: changes seen, and those that were believed in beforehand.
    pub(crate) changes: f64,
    /// Milliseconds watched, and those that were believed in beforehand.
    pub(crate) watched: f64,
}

impl Rate {
    /// Of a page of this kind that has been seen once.
    pub(crate) const fn prior(role: Role) -> Self {
        let (changes, watched) = role.prior();
        Self { changes, watched }
    }

    /// What was stored, if it is a rate.
    pub(crate) fn stored(changes: f64, watched: f64) -> Option<Self> {
        (changes > 0.0 && watched > 0.0 && changes.is_finite() && watched.is_finite())
            .then_some(Self { changes, watched })
    }

    /// After a look `elapsed_millis` after the one before.
    pub(crate) fn observed(self, elapsed_millis: i64, changed: bool) -> Self {
        let elapsed = (elapsed_millis as f64).clamp(1.0, LONGEST * 2.0);
        let expected = if changed {
            let seen = elapsed * self.changes / self.watched;
            // The limit is 1 for a short look; for a long one nobody knows how often it changed in between.
            if seen < 1e-6 { 1.0 } else { seen / -(-seen).exp_m1() }
        } else {
            0.0
        };
        let after = Self { changes: self.changes + expected, watched: self.watched + elapsed };
        let memory = (LOOKS * elapsed).clamp(SHORTEST, MEMORY).max(elapsed);
        let fade = (memory / after.watched).min(1.0);
        // The belief never quite fades to none: a page that was quiet for long is still looked at.
        Self { changes: (after.changes * fade).max(0.05), watched: after.watched * fade }
    }

    /// The chance that it has changed after so long.
    pub(crate) fn chance(self, elapsed_millis: i64) -> f64 {
        let elapsed = (elapsed_millis as f64).max(0.0);
        1.0 - (self.watched / (self.watched + elapsed)).powf(self.changes)
    }

    /// How long until the chance of a change is this large.
    fn until(self, chance: f64) -> f64 {
        self.watched * ((1.0 - chance).powf(-1.0 / self.changes) - 1.0)
    }

    /// Milliseconds until a page of this kind is worth a request.
    pub(crate) fn wait_millis(self, role: Role) -> i64 {
        let wait = self.until(role.enough());
        if wait.is_finite() { wait.clamp(SHORTEST, LONGEST) as i64 } else { LONGEST as i64 }
    }

    /// Why then, for people.
    pub(crate) fn explain(self, role: Role) -> String {
        let every = self.watched / self.changes;
        format!("a {} that changes about every {}", role.as_str(), span(every))
    }
}

/// What another visit is worth now: importance times the chance that there is something new. What a list says has changed
/// is worth more than any chance, and the more the more is believed to have been written since: as long as such pages
/// wait, looking for further ones is no use.
pub(crate) fn worth(role: Role, rate: Rate, elapsed_millis: i64, sure: bool) -> f64 {
    if sure {
        let expected = rate.changes / rate.watched * elapsed_millis as f64;
        return 1.1 + 0.05 * expected.clamp(0.0, 10.0);
    }
    role.importance() * rate.chance(elapsed_millis)
}

/// What a first visit is worth, by the page's place in the queue.
pub(crate) const fn worth_of_new(priority: i64) -> f64 {
    match priority {
        i64::MIN..10 => 3.0, // where everything begins
        10..20 => 2.0,       // a list
        20..40 => 1.25,      // a thread, an advertisement, or more of one
        40..100 => 0.4,      // anything else
        _ => 0.1,            // tried before, without success
    }
}

/// A span of milliseconds as people say it.
pub(crate) fn span(millis: f64) -> String {
    let (value, unit) = match millis {
        millis if millis < 2.0 * HOUR => (millis / MINUTE, "minutes"),
        millis if millis < 2.0 * DAY => (millis / HOUR, "hours"),
        millis => (millis / DAY, "days"),
    };
    format!("{value:.0} {unit}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A page that changes every `every` milliseconds, looked at when its rate says so, for a hundred looks.
    fn learnt(every: f64) -> Rate {
        let mut rate = Rate::prior(Role::Page);
        let mut seen = 0.0;
        let mut now = 0.0;
        for _ in 0..100 {
            let wait = rate.wait_millis(Role::Page) as f64;
            now += wait;
            let changes = (now / every).floor();
            rate = rate.observed(wait as i64, changes > seen);
            seen = changes;
        }
        rate
    }

    #[test]
    fn the_rate_is_learnt_within_a_factor_of_two() {
        for hours in [2.0, 12.0, 48.0, 240.0] {
            let rate = learnt(hours * HOUR);
            let every = rate.watched / rate.changes / HOUR;
            assert!((hours / 2.0..hours * 2.0).contains(&every), "{hours} h were learnt as {every:.1} h");
        }
    }

    #[test]
    fn a_board_is_looked_at_sooner_than_an_advertisement() {
        let wait = |role| Rate::prior(role).wait_millis(role);
        assert!(wait(Role::Board) < wait(Role::Thread) && wait(Role::Thread) <= wait(Role::Ad));
        assert!(wait(Role::Ad) < wait(Role::Page));
        assert!(Rate::prior(Role::Board).explain(Role::Board).contains("every 6 hours"));
    }

    #[test]
    fn a_quiet_page_is_left_alone_longer_and_longer_but_not_for_ever() {
        let mut rate = Rate::prior(Role::Page);
        let mut before = 0;
        for _ in 0..50 {
            let wait = rate.wait_millis(Role::Page);
            assert!(wait >= before || wait == LONGEST as i64);
            before = wait;
            rate = rate.observed(wait, false);
        }
        assert_eq!(before, LONGEST as i64);
    }

    proptest! {
        #[test]
        fn whatever_is_observed_the_wait_is_a_wait(looks in prop::collection::vec((-10i64..4_000_000_000, any::<bool>()), 0..60)) {
            let mut rate = Rate::prior(Role::Thread);
            for (elapsed, changed) in looks {
                rate = rate.observed(elapsed, changed);
                prop_assert!(Rate::stored(rate.changes, rate.watched).is_some(), "{rate:?}");
                let wait = rate.wait_millis(Role::Thread);
                prop_assert!((SHORTEST as i64..=LONGEST as i64).contains(&wait), "{wait}");
                let chance = rate.chance(wait);
                prop_assert!((0.0..=1.0).contains(&chance));
                prop_assert!(rate.chance(wait + 1_000) >= chance);
            }
        }
    }
}
