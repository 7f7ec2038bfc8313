//! How many requests come through: a bucket that fills with time.

use model::Timestamp;

/// Tokens in thousandths, so that a slow rate is not rounded away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    thousandths: i64,
    at: Timestamp,
}

impl Bucket {
    pub(crate) fn full(a_minute: u32, now: Timestamp) -> Self {
        Self { thousandths: most(a_minute), at: now }
    }

    /// Takes one, or tells after how many seconds there is one.
    pub(crate) fn take(&mut self, a_minute: u32, now: Timestamp) -> Result<(), i64> {
        let passed = now.since_millis(self.at).clamp(0, 60_000);
        self.at = now;
        self.thousandths = (self.thousandths + passed * i64::from(a_minute) / 60).min(most(a_minute));
        if self.thousandths >= 1_000 {
            self.thousandths -= 1_000;
            return Ok(());
        }
        let lacking = 1_000 - self.thousandths;
        Err((lacking * 60 / i64::from(a_minute.max(1)) / 1_000).max(1))
    }
}

/// A quarter of a minute's worth, and at least ten.
fn most(a_minute: u32) -> i64 {
    i64::from((a_minute / 4).max(10)) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate() {
        let mut now = Timestamp::from_secs(1_000);
        let mut bucket = Bucket::full(120, now);
        let burst = (0..100).filter(|_| bucket.take(120, now).is_ok()).count();
        assert_eq!(burst, 30);
        assert_eq!(bucket.take(120, now), Err(1));
        let mut passed = 0;
        for _ in 0..600 {
            now = now.plus_millis(100);
            passed += u32::from(bucket.take(120, now).is_ok());
        }
        assert!((119..=121).contains(&passed), "{passed}");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing() {
        let mut bucket = Bucket::full(60, Timestamp::from_secs(1_000));
        while bucket.take(60, Timestamp::from_secs(1_000)).is_ok() {}
        assert!(bucket.take(60, Timestamp::from_secs(10)).is_err());
    }
}
