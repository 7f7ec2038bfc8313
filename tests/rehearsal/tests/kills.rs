//! kill -9 at random moments, and run again: nothing acknowledged is lost, nothing is there twice.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use rehearsal::{CASE, Installation};
use synthetic::scan::{Needle, Scan};

use crate::{expected_captures, journal, ready, whole};

/// Kills of one installation; `LANTHORN_KILLS` asks for more of them, in rounds of this many.
const KILLS_A_ROUND: u64 = 25;

/// Pages of the site: more than fit between so many kills.
const PAGES: usize = 500;

/// The latest moment of a kill after the start of its run.
const LATEST_MILLIS: u64 = 500;

#[test]
#[expect(clippy::disallowed_methods, reason = "`cargo xtask soak` asks for more kills of the same test")]
fn every_page_is_there_once_after_kill_9_at_random_moments() {
    let kills: u64 =
        std::env::var("LANTHORN_KILLS").map_or(KILLS_A_ROUND, |text| text.parse().expect("a number of kills"));
    for round in 0..kills.div_ceil(KILLS_A_ROUND) {
        one_round(round, KILLS_A_ROUND.min(kills - round * KILLS_A_ROUND));
    }
}

fn one_round(round: u64, kills: u64) {
    let lanthorn = ready(1_000 + round, PAGES);
    let mut rng = ChaCha20Rng::seed_from_u64(round);
    let mut acknowledged = BTreeMap::new();
    let mut in_the_middle = 0;
    for _ in 0..kills {
        in_the_middle += u64::from(killed_after(&lanthorn, Duration::from_millis(rng.gen_range(0..LATEST_MILLIS))));
        let now = journal(&lanthorn);
        for (seq, commitment) in &acknowledged {
            assert_eq!(now.get(seq), Some(commitment), "journal row {seq} is gone or changed after a kill");
        }
        acknowledged = now;
    }
    assert!(in_the_middle * 2 > kills, "only {in_the_middle} of {kills} kills met a running crawl");

    let _ = lanthorn.crawl().good();
    let end = journal(&lanthorn);
    assert!(acknowledged.iter().all(|(seq, commitment)| end.get(seq) == Some(commitment)));
    whole(&lanthorn, expected_captures(&lanthorn));
    for path in &lanthorn.site.in_scope {
        assert!(lanthorn.asked().iter().any(|line| line.ends_with(path.as_str())), "{path}");
    }
    let leaks = Scan::new(&Needle::all([&lanthorn.site])).folder(&lanthorn.data()).unwrap().leaks;
    assert_eq!(leaks, []);
    let status = lanthorn.run(&["crawl", "status", CASE]).good().json();
    assert_eq!(status[0]["waiting"], 0, "{status}");
}

/// Starts a crawl and kills it; whether it was still running then.
fn killed_after(lanthorn: &Installation, moment: Duration) -> bool {
    let mut crawl = lanthorn.crawling().spawn().expect("the crawl starts");
    std::thread::sleep(moment); // the moment is what is being tested
    let running = crawl.try_wait().expect("its state").is_none();
    crawl.kill().expect("it can be killed"); // SIGKILL
    let _ = crawl.wait_with_output().expect("it is gone");
    running
}
