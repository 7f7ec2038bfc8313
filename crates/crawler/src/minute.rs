//! How many requests there were in any sixty seconds: a ring of one count for each second.

/// A window of 60 seconds, wherever it begins, touches at most this many whole seconds of the clock.
const SECONDS: usize = 61;

/// Bytes of the stored form: the second that is written last, then the counts.
const BYTES: usize = 8 + 4 * SECONDS;

/// Counts of the last 61 seconds. It never lets more than the ceiling through in any 60 seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Minute {
    newest: i64,
    counts: [u32; SECONDS],
}

impl Minute {
    /// No requests yet.
    pub(crate) const fn empty() -> Self {
        Self { newest: 0, counts: [0; SECONDS] }
    }

    /// From its stored form.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; BYTES] = bytes.try_into().ok()?;
        let (newest, rest) = bytes.split_first_chunk::<8>()?;
        let mut counts = [0; SECONDS];
        for (count, four) in counts.iter_mut().zip(rest.as_chunks::<4>().0) {
            *count = u32::from_be_bytes(*four);
        }
        Some(Self { newest: i64::from_be_bytes(*newest), counts })
    }

    /// The stored form.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend_from_slice(&self.newest.to_be_bytes());
        bytes.extend(self.counts.iter().flat_map(|count| count.to_be_bytes()));
        bytes
    }

    /// Books a request at `millis` if fewer than `ceiling` were made in the 60 seconds before; otherwise says when one
    /// may be made.
    pub(crate) fn take(&mut self, millis: i64, ceiling: u32) -> Result<(), i64> {
        let second = millis.div_euclid(1000);
        self.forget_before(second);
        let used: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        if used < u64::from(ceiling) {
            self.counts[slot(second)] += 1;
            return Ok(());
        }
        // The first second at which enough of the old ones have left the window.
        let mut left = used;
        for age in (0..SECONDS as i64).rev() {
            left -= u64::from(self.counts[slot(second - age)]);
            if left < u64::from(ceiling) {
                return Err((second - age + SECONDS as i64) * 1000);
            }
        }
        Err((second + SECONDS as i64) * 1000)
    }

    /// Empties the slots between the newest second and this one.
    fn forget_before(&mut self, second: i64) {
        let passed = (second - self.newest).clamp(0, SECONDS as i64);
        for step in 0..passed {
            self.counts[slot(second - step)] = 0;
        }
        self.newest = self.newest.max(second);
    }
}

fn slot(second: i64) -> usize {
    usize::try_from(second.rem_euclid(SECONDS as i64)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_full_minute_says_when_the_next_request_may_be_made() {
        let mut minute = Minute::empty();
        let start = 1_795_000_000_400;
        assert_eq!(minute.take(start, 2), Ok(()));
        assert_eq!(minute.take(start + 30_000, 2), Ok(()));
        let next = minute.take(start + 30_001, 2).unwrap_err();
        assert_eq!(next, 1_795_000_061_000);
        assert_eq!(minute.take(next - 1, 2), Err(next));
        assert_eq!(minute.take(next, 2), Ok(()));
        assert_eq!(Minute::from_bytes(&minute.to_bytes()), Some(minute));
        assert_eq!(Minute::from_bytes(&[0; 7]), None);
    }

    proptest! {
        #[test]
        fn no_sixty_seconds_ever_hold_more_than_the_ceiling(ceiling in 1u32..6, steps in prop::collection::vec(0i64..9_000, 1..120)) {
            let mut minute = Minute::empty();
            let mut now = 1_795_000_000_000;
            let mut made: Vec<i64> = Vec::new();
            for step in steps {
                now += step;
                match minute.take(now, ceiling) {
                    Ok(()) => made.push(now),
                    Err(next) => {
                        prop_assert!(next > now && next <= now + 62_000);
                        prop_assert_eq!(minute.clone().take(next, ceiling), Ok(()));
                    }
                }
                minute = Minute::from_bytes(&minute.to_bytes()).unwrap();
            }
            for (index, from) in made.iter().enumerate() {
                let within = made[index..].iter().filter(|at| **at - from < 60_000).count();
                prop_assert!(within <= ceiling as usize);
            }
        }
    }
}
