//! The clocks of the benches: wall time in turns, and processor time of this process and its children.

use std::time::{Duration, Instant};

/// Turns that each side takes; the middle one counts.
const TURNS: usize = 7;

/// Clock ticks of `/proc` in a second: fixed by the kernel's interface on every architecture we run on.
const TICKS: f64 = 100.0;

/// Seconds that each of two pieces of work takes, by turns, so that both meet the same machine: the medians.
pub(crate) fn by_turns(mut ours: impl FnMut(), mut peer: impl FnMut()) -> (f64, f64) {
    ours();
    peer(); // caches, tables and pages of both are warm now
    let (mut our_times, mut peer_times) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        our_times.push(timed(&mut ours));
        peer_times.push(timed(&mut peer));
    }
    (median(our_times), median(peer_times))
}

fn timed(work: &mut impl FnMut()) -> Duration {
    let wall = Wall::begin();
    work();
    wall.0.elapsed()
}

/// Wall time since a moment.
pub(crate) struct Wall(Instant);

impl Wall {
    /// Begins now.
    #[expect(clippy::disallowed_methods, reason = "a bench measures this machine's real time")]
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

/// Seconds of processor time, user and system, that this process and its finished children have used.
pub(crate) fn processor_seconds() -> anyhow::Result<Processor> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in parentheses may hold spaces; the numbers begin behind it, with the state as field 3.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let field = |number: usize| -> anyhow::Result<f64> { Ok(fields[number - 3].parse::<f64>()? / TICKS) };
    Ok(Processor { own: field(14)? + field(15)?, children: field(16)? + field(17)? })
}

/// Processor time so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Processor {
    /// Of this process.
    pub(crate) own: f64,
    /// Of children that have ended.
    pub(crate) children: f64,
}
