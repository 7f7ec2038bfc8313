//! kill -9 at random moments, and run again: nothing acknowledged is lost, nothing is there twice, nobody is hurried, and no
//! ceiling is passed.

use std::collections::BTreeMap;
use std::time::Duration;

use model::Clock;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use rehearsal::{CASE, Installation, NAME};
use synthetic::paper::{self, Target};
use synthetic::scan::{Needle, Scan};
use synthetic::site::Site;

use crate::{binary, expected_captures, journal, whole};

/// Kills of one installation; `LANTHORN_KILLS` asks for more of them, in rounds of this many.
const KILLS_A_ROUND: u64 = 25;

/// Pages of the site: more than fit between so many kills.
const PAGES: usize = 500;

/// Pages of a second site, and how many of them its authorisation allows.
const SECOND_PAGES: usize = 160;
const CEILING: usize = 70;

/// Milliseconds that each site must be left alone between two requests.
const DELAY_MILLIS: u32 = 4;

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
    let (seed, second_seed) = (1_000 + round, 500_000 + round);
    let lanthorn = installation(seed, second_seed);
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
    let status = lanthorn.run(&["crawl", "status", CASE]).good().json();
    let of = |site: &str| status.as_array().unwrap().iter().find(|host| host["site"] == site).unwrap().clone();
    assert_eq!(of("first")["waiting"], 0, "{status}");
    let second = usize::try_from(of("second")["done"].as_u64().unwrap()).unwrap();
    whole(&lanthorn, expected_captures(&lanthorn) + second);
    nobody_was_hurried(&lanthorn);
    no_ceiling_was_passed(&lanthorn, &synthetic::site::host(second_seed), of("second")["state"].as_str().unwrap());
    for path in &lanthorn.site.in_scope {
        assert!(lanthorn.asked().iter().any(|line| line.ends_with(path.as_str())), "{path}");
    }
    let leaks = Scan::new(&Needle::all([&lanthorn.site])).folder(&lanthorn.data()).unwrap().leaks;
    assert_eq!(leaks, []);
}

/// Two sites in one case: one that is crawled to its end, and one whose authorisation ends before.
fn installation(seed: u64, second_seed: u64) -> Installation {
    let site = Site::generate(seed, PAGES);
    let second = Site::generate(second_seed, SECOND_PAGES);
    let target = |site: &Site, label: &str| Target {
        label: Some(label.to_owned()),
        min_delay_ms: DELAY_MILLIS,
        ..Target::from(site)
    };
    let (first, other) = (target(&site, "first"), target(&second, "second"));
    let both = format!("{seed}:{PAGES},{second_seed}:{SECOND_PAGES}");
    let environment = vec![("LANTHORN_SITE", both)];
    let lanthorn = Installation::over(binary(), site, vec![first], environment, |_| {});
    let document = paper::document_with([other], CASE, NAME, Clock::system().now(), |draft| {
        draft.ceilings.pages = i64::try_from(CEILING).unwrap();
        draft.revocation_id = "second".to_owned();
    });
    lanthorn.authorise(&lanthorn.path("second.toml"), &document);
    lanthorn
}

/// What the sites saw: between two requests to one of them there is the delay, from the end of the first if it had one,
/// and never are two under way at once.
fn nobody_was_hurried(lanthorn: &Installation) {
    let told = std::fs::read_to_string(lanthorn.path("times")).unwrap();
    let mut last: BTreeMap<&str, (i64, bool)> = BTreeMap::new();
    let mut requests = 0;
    for line in told.lines() {
        let mut words = line.split(' ');
        let (what, millis, host) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let millis: i64 = millis.parse().unwrap();
        if what == "began" {
            requests += 1;
            if let Some((before, _)) = last.get(host) {
                assert!(
                    millis - before >= i64::from(DELAY_MILLIS),
                    "{} ms after the one before: {line}",
                    millis - before
                );
            }
            last.insert(host, (millis, true));
        } else {
            let (_, running) = last.insert(host, (millis, false)).unwrap();
            assert!(running, "two at once: {line}");
        }
    }
    assert_eq!(requests, lanthorn.asked().len(), "every request has its moment");
    assert!(last.len() == 2 && requests > PAGES);
}

/// Of the second site so many pages were asked for as its authorisation allows, and not one more.
fn no_ceiling_was_passed(lanthorn: &Installation, host: &str, state: &str) {
    let asked = lanthorn.asked();
    let pages = asked.iter().filter(|line| line.contains(host) && !line.ends_with("/robots.txt")).count();
    assert!(pages <= CEILING, "{pages} pages of {CEILING} were asked for");
    // A kill between the lease and the request costs a page of the ceiling and shows nowhere else.
    assert!(pages * 2 > CEILING && state == "exhausted", "{pages} pages were asked for, and it is {state}");
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
