//! Waiting for a network of processes: with a limit, and with a reason when the limit has passed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

/// Why a step is not done: not yet, or never.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The node to blame, when there is one.
    pub(crate) node: Option<String>,
    pub(crate) why: String,
    /// Waiting longer would not help.
    pub(crate) is_final: bool,
}

impl Fault {
    pub(crate) fn not_yet(node: &str, why: impl ToString) -> Self {
        Self { node: Some(node.to_owned()), why: why.to_string(), is_final: false }
    }

    pub(crate) fn final_of(node: &str, why: impl ToString) -> Self {
        Self { node: Some(node.to_owned()), why: why.to_string(), is_final: true }
    }

    pub(crate) fn everywhere(why: impl ToString) -> Self {
        Self { node: None, why: why.to_string(), is_final: true }
    }
}

/// The moment at which waiting ends, and the flag that ends it earlier.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    end: Instant,
    cancelled: Arc<AtomicBool>,
}

impl Patience {
    pub(crate) fn of(limit: Duration, cancelled: &Arc<AtomicBool>) -> Self {
        Self { end: now() + limit, cancelled: Arc::clone(cancelled) }
    }

    /// The same, but ending after `limit` at the latest.
    pub(crate) fn at_most(&self, limit: Duration) -> Self {
        Self { end: self.end.min(now() + limit), cancelled: Arc::clone(&self.cancelled) }
    }

    pub(crate) fn left(&self) -> Duration {
        self.end.saturating_duration_since(now())
    }

    /// Asks again and again until the answer is good or final, or patience is at its end: then the last answer is the reason.
    pub(crate) fn until<T>(&self, pause: Duration, mut ask: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
        loop {
            let fault = match ask() {
                Ok(done) => return Ok(done),
                Err(fault) => fault,
            };
            if fault.is_final {
                return Err(fault);
            }
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(Fault::everywhere("it was told to stop"));
            }
            if self.left().is_zero() {
                return Err(Fault { why: format!("{}, and time is up", fault.why), ..fault });
            }
            sleep(pause);
        }
    }
}

/// This machine's steady clock.
#[expect(clippy::disallowed_methods, reason = "other processes are waited for in real time; no result depends on it")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Seconds since 1970 on this machine's clock.
#[expect(clippy::disallowed_methods, reason = "the moment of a vote is agreed with tor processes on the same clock")]
pub(crate) fn unix_seconds() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_ends_with_the_last_reason_or_with_the_flag() {
        let cancelled = Arc::new(AtomicBool::new(false));
        let patience = Patience::of(Duration::from_millis(20), &cancelled);
        let mut asked = 0;
        let fault = patience
            .until(Duration::from_millis(1), || -> Result<(), _> {
                asked += 1;
                Err(Fault::not_yet("relay0", format!("answer {}", asked.min(2))))
            })
            .unwrap_err();
        assert_eq!((fault.node.as_deref(), fault.why.as_str()), (Some("relay0"), "answer 2, and time is up"));

        let patience = Patience::of(Duration::from_secs(3600), &cancelled);
        cancelled.store(true, Ordering::Relaxed);
        let fault =
            patience.until(Duration::ZERO, || -> Result<(), _> { Err(Fault::not_yet("relay0", "no")) }).unwrap_err();
        assert_eq!(fault.why, "it was told to stop");
    }

    #[test]
    fn a_final_answer_is_not_asked_for_twice() {
        let patience = Patience::of(Duration::from_secs(3600), &Arc::default());
        let mut asked = 0;
        let fault = patience.until(Duration::ZERO, || -> Result<(), _> {
            asked += 1;
            Err(Fault::everywhere("never"))
        });
        assert_eq!((asked, fault.unwrap_err().why.as_str()), (1, "never"));
    }
}
