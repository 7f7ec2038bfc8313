//! Stages: one after the other, each with a budget, each timed.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

/// A run of stages. The first that fails ends it.
pub(crate) struct Stages {
    begun: Instant,
    done: Vec<Done>,
}

struct Done {
    name: &'static str,
    took: Duration,
    budget: Duration,
}

impl Stages {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self { begun: now(), done: Vec::new() }
    }

    /// Runs one stage: `work` is given its budget and keeps to it.
    pub(crate) fn run(
        &mut self,
        name: &'static str,
        budget: Duration,
        work: impl FnOnce(Duration) -> Result<()>,
    ) -> Result<()> {
        println!("\n── {name} (at most {}) ──", written(budget));
        let begun = now();
        let outcome = work(budget);
        let took = begun.elapsed();
        self.done.push(Done { name, took, budget });
        outcome.map_err(|error| anyhow!("stage {name} failed after {}: {error:#}", written(took)))
    }

    /// The stages so far, with the time that each took.
    pub(crate) fn table(&self) -> String {
        let mut text = format!("\n{:<14} {:>12} {:>12}\n", "stage", "took", "budget");
        for done in &self.done {
            text += &format!("{:<14} {:>12} {:>12}\n", done.name, written(done.took), written(done.budget));
        }
        text + &format!("{:<14} {:>12}", "all so far", written(self.begun.elapsed()))
    }
}

/// How long something takes.
pub(crate) struct Watch(Instant);

impl Watch {
    /// Begins now.
    pub(crate) fn begin() -> Self {
        Self(now())
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// Minutes as a budget.
pub(crate) const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a stage watch measures this machine's real time; nothing is decided by it"
)]
fn now() -> Instant {
    Instant::now()
}

/// `0.4 s`, `12 s`, `3 min 05 s`.
fn written(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_failed_stage_is_named() {
        let mut stages = Stages::begin();
        stages.run("first", minutes(1), |_| Ok(())).unwrap();
        let error = stages.run("second", minutes(1), |_| bail!("no")).unwrap_err();
        assert_eq!(format!("{error:#}"), "stage second failed after 0.0 s: no");
        let table = stages.table();
        assert!(table.contains("first") && table.contains("second") && table.contains("all so far"));
    }

    #[test]
    fn times_are_written_for_people() {
        assert_eq!(written(Duration::from_millis(430)), "0.4 s");
        assert_eq!(written(Duration::from_secs(12)), "12 s");
        assert_eq!(written(Duration::from_secs(185)), "3 min 05 s");
    }
}
