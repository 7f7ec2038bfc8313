//! How long a host is left alone.

use model::Timestamp;

/// A host may rest this many times as long as it took to answer.
const REST_FACTOR: i64 = 5;

/// A slow server is not left alone for longer than this on account of its slowness.
const DELAY_CAP_MILLIS: i64 = 30_000;

/// The first wait after a failure, if the server names none.
const BACKOFF_MILLIS: i64 = 60_000;

/// The same for the authorising body's own service.
const OWN_BACKOFF_MILLIS: i64 = 1_000;

/// The first wait when the service is not there; the authorising body knows when its own comes back.
const ABSENT_MILLIS: i64 = 6 * 3_600_000;
const OWN_ABSENT_MILLIS: i64 = 5_000;

/// The first wait, and the longest, when the way to the server failed: nothing of that troubles the server.
const WAY_MILLIS: i64 = 2_000;
const WAY_CAP_MILLIS: i64 = 600_000;

/// No wait is longer than a day.
const BACKOFF_CAP_MILLIS: i64 = 86_400_000;

/// Doublings after which a wait grows no more.
const MAX_DOUBLINGS: i64 = 12;

/// Milliseconds between the end of one request and the next: five times the moving average of the server's latency,
/// never below the target's floor, nor below what robots.txt asks for. The authorising body's own service rests for the
/// floor that was signed and no longer: whom it would trouble is whoever signed.
pub(crate) fn delay_millis(latency: Option<i64>, own_service: bool, floor: i64, crawl_delay: i64) -> i64 {
    let slowness = latency.filter(|_| !own_service).unwrap_or_default();
    let rest = slowness.saturating_mul(REST_FACTOR);
    rest.clamp(floor, floor.max(DELAY_CAP_MILLIS)).max(crawl_delay)
}

/// The moving average after one more answer: a quarter of the new, three of the old.
pub(crate) fn average(old: Option<i64>, sample: i64) -> i64 {
    old.map_or(sample, |old| old.saturating_mul(3).saturating_add(sample) / 4)
}

/// Why a host is left alone for longer than is polite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The server asked for it with 429 or 503, perhaps saying how long.
    Asked(Option<i64>),
    /// Something fails.
    Failing,
    /// The server was not even reached: Tor, or a circuit, has trouble.
    Way,
    /// The service is not there.
    Absent,
}

/// Milliseconds of a wait after `doublings` waits in a row: twice as long each time, plus up to a quarter by `chance`,
/// so that many hosts that fail together do not come back together. Never shorter than what the server asked for.
pub(crate) fn backoff_millis(trouble: Trouble, own_service: bool, doublings: i64, chance: u64) -> i64 {
    let usual = if own_service { OWN_BACKOFF_MILLIS } else { BACKOFF_MILLIS };
    let first = match trouble {
        Trouble::Asked(Some(asked)) => asked.max(OWN_BACKOFF_MILLIS),
        Trouble::Asked(None) | Trouble::Failing => usual,
        Trouble::Way => WAY_MILLIS,
        Trouble::Absent if own_service => OWN_ABSENT_MILLIS,
        Trouble::Absent => ABSENT_MILLIS,
    };
    let doubled = first.saturating_mul(1 << doublings.clamp(0, MAX_DOUBLINGS));
    let jitter = i64::try_from(chance % 1_000).unwrap_or_default();
    let cap = if trouble == Trouble::Way { WAY_CAP_MILLIS } else { BACKOFF_CAP_MILLIS };
    let wait = doubled.saturating_add(doubled / 4_000 * jitter).min(cap);
    match trouble {
        Trouble::Asked(Some(asked)) => wait.max(asked),
        _ => wait,
    }
}

/// Doublings after a wait.
pub(crate) fn harder(doublings: i64) -> i64 {
    (doublings + 1).min(MAX_DOUBLINGS)
}

/// Doublings after a success: one fewer, so that trust comes back more slowly than it went.
pub(crate) fn easier(doublings: i64) -> i64 {
    (doublings - 1).max(0)
}

/// Reads `Retry-After`: seconds, or an HTTP date. At most a week is believed.
pub(crate) fn retry_after_millis(value: &[u8], now: Timestamp) -> Option<i64> {
    const WEEK: i64 = 7 * BACKOFF_CAP_MILLIS;
    let text = std::str::from_utf8(value).ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse::<i64>().unwrap_or(WEEK).saturating_mul(1000).min(WEEK));
    }
    Some(http_date(text)?.since_millis(now).clamp(0, WEEK))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`: the one form that servers must send.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(", ")?.1.strip_suffix(" GMT")?.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    if words.next().is_some() {
        return None;
    }
    Timestamp::parse_rfc3339(&format!("{year}-{month:02}-{day}T{time}Z"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_delay_follows_the_server_within_floor_cap_and_crawl_delay() {
        assert_eq!(delay_millis(None, false, 3_000, 0), 3_000);
        assert_eq!(delay_millis(Some(200), false, 3_000, 0), 3_000);
        assert_eq!(delay_millis(Some(2_000), false, 3_000, 0), 10_000);
        assert_eq!(delay_millis(Some(60_000), false, 3_000, 0), 30_000);
        assert_eq!(delay_millis(Some(200), false, 0, 0), 1_000);
        assert_eq!(delay_millis(Some(200), false, 60_000, 0), 60_000);
        assert_eq!(delay_millis(Some(200), false, 3_000, 120_000), 120_000);
    }

    #[test]
    fn an_own_service_rests_for_what_was_signed_and_what_its_robots_txt_asks() {
        assert_eq!(delay_millis(Some(60_000), true, 0, 0), 0);
        assert_eq!(delay_millis(Some(60_000), true, 250, 0), 250);
        assert_eq!(delay_millis(Some(60_000), true, 250, 2_000), 2_000);
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = Timestamp::parse_rfc3339("2026-11-24T04:00:00Z").unwrap();
        assert_eq!(retry_after_millis(b"120", now), Some(120_000));
        assert_eq!(retry_after_millis(b" 0 ", now), Some(0));
        assert_eq!(retry_after_millis(b"99999999999999999999", now), Some(604_800_000));
        assert_eq!(retry_after_millis(b"Tue, 24 Nov 2026 04:01:30 GMT", now), Some(90_000));
        assert_eq!(retry_after_millis(b"Tue, 24 Nov 2026 03:00:00 GMT", now), Some(0));
        for bad in [&b""[..], b"soon", b"-5", b"Tue, 24 Nov 2026", b"Tue, 24 Foo 2026 04:01:30 GMT", b"\xff"] {
            assert_eq!(retry_after_millis(bad, now), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn waits_grow_with_each_doubling_and_keep_what_was_asked(asked in 0i64..100_000, doublings in 0i64..40, chance: u64, own: bool) {
            for trouble in [Trouble::Asked(Some(asked)), Trouble::Asked(None), Trouble::Failing, Trouble::Way, Trouble::Absent] {
                let wait = backoff_millis(trouble, own, doublings, chance);
                prop_assert!((1_000..=BACKOFF_CAP_MILLIS).contains(&wait));
                prop_assert!(backoff_millis(trouble, own, doublings + 1, 0) >= backoff_millis(trouble, own, doublings, 0));
            }
            prop_assert!(backoff_millis(Trouble::Asked(Some(asked)), own, doublings, chance) >= asked);
        }
    }
}
