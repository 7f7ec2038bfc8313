//! kill -9 at random moments of sealing, signing, asking, approving, opening and erasing: nothing that was acknowledged is
//! lost, nothing stays half done, every intent gets an outcome.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use rehearsal::{CASE, Installation, Ran};

use crate::unsealing::{approve, ask, some_capture, witness};
use crate::{in_the_store, journal, ready};

/// Kills of one installation; `LANTHORN_CUTS` asks for more of them, in rounds of this many.
const KILLS_A_ROUND: u64 = 25;

/// Pages of the site; each round's crawls collect a few of them.
const PAGES: usize = 300;

/// What is cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Seal,
    Log,
    Request,
    Approve,
    Open,
    Erase,
}

const ACTS: [Act; 6] = [Act::Seal, Act::Log, Act::Request, Act::Approve, Act::Open, Act::Erase];

#[test]
#[expect(clippy::disallowed_methods, reason = "`cargo xtask soak` asks for more kills of the same test")]
fn what_is_cut_short_is_done_or_undone_and_never_half() {
    let kills: u64 =
        std::env::var("LANTHORN_CUTS").map_or(KILLS_A_ROUND, |text| text.parse().expect("a number of kills"));
    let mut met = BTreeMap::new();
    for round in 0..kills.div_ceil(KILLS_A_ROUND) {
        one_round(round, KILLS_A_ROUND.min(kills - round * KILLS_A_ROUND), &mut met);
    }
    let running: u64 = met.values().map(|(running, _)| running).sum();
    assert!(running * 2 > kills, "only {running} of {kills} kills met a running command: {met:?}");
    assert!(kills < 200 || met.len() == ACTS.len(), "not every act was killed: {met:?}");
}

struct Scene {
    lanthorn: Installation,
    rng: ChaCha20Rng,
    /// How long a command takes when nobody kills it.
    takes: BTreeMap<Act, Duration>,
    /// What journal rows were there at the last look: none of them may go.
    acknowledged: BTreeMap<i64, Vec<u8>>,
}

fn one_round(round: u64, kills: u64, met: &mut BTreeMap<Act, (u64, u64)>) {
    let lanthorn = ready(2_000 + round, PAGES);
    let many = ["--a-day", "9999", "--a-day-for-one-person", "9999", "--a-day-in-one-case", "9999"];
    for who in rehearsal::SUPERVISORS {
        let keys = lanthorn.key_folder(who);
        let _ = lanthorn.run(&[&["supervisor", "policy", "--keys", &keys], &many[..]].concat()).good();
    }
    let mut first = lanthorn.crawling();
    first.args(["--max-pages", "160"]);
    let _ = rehearsal::finish(first).good();
    let rng = ChaCha20Rng::seed_from_u64(round);
    let mut scene = Scene { acknowledged: journal(&lanthorn), lanthorn, rng, takes: BTreeMap::new() };
    for number in 0..kills {
        // Each act in turn, and the order of a turn by chance.
        let act =
            if number < ACTS.len() as u64 { ACTS[number as usize] } else { *ACTS.choose(&mut scene.rng).unwrap() };
        let running = scene.cut(act);
        let so_far = met.entry(act).or_insert((0, 0));
        *so_far = (so_far.0 + u64::from(running), so_far.1 + 1);
    }
    scene.end();
}

impl Scene {
    /// Cuts an act short, does it again, and looks whether it is done once; whether the kill met it running.
    #[expect(clippy::disallowed_methods, reason = "kills are aimed by how long a command takes")]
    fn cut(&mut self, act: Act) -> bool {
        let subject = self.prepared(act);
        let args = self.arguments(act, &subject);
        let (who, args) = (args.0, args.1);
        let latest = *self.takes.entry(act).or_insert(Duration::from_millis(400));
        let moment = latest.mul_f64(self.rng.gen_range(0.0..1.0));
        let mut command = self.lanthorn.command(&args, 2);
        command.args(["--as", who]);
        let mut child = command.spawn().expect("the command starts");
        std::thread::sleep(moment); // the moment is what is being tested
        let running = child.try_wait().expect("its state").is_none();
        child.kill().expect("it can be killed"); // SIGKILL
        let _ = child.wait_with_output().expect("it is gone");

        let now = journal(&self.lanthorn);
        for (seq, commitment) in &self.acknowledged {
            assert_eq!(now.get(seq), Some(commitment), "journal row {seq} is gone or changed after {act:?} was killed");
        }
        self.acknowledged = now;
        let begun = Instant::now();
        let again = self.lanthorn.by(who, &args);
        self.takes.insert(act, begun.elapsed());
        self.must_be_done(act, &subject, &again);
        witness(&self.lanthorn, "s.jonas");
        running
    }

    /// The request or the capture that the act is about.
    fn prepared(&self, act: Act) -> String {
        let lanthorn = &self.lanthorn;
        match act {
            Act::Seal | Act::Log => String::new(),
            Act::Request | Act::Erase => some_capture(lanthorn),
            Act::Approve | Act::Open => {
                let request = ask(lanthorn, "a.ivan", &some_capture(lanthorn));
                witness(lanthorn, "s.jonas");
                if act == Act::Open {
                    approve(lanthorn, "s.maria", &request);
                    approve(lanthorn, "s.amina", &request);
                }
                request
            }
        }
    }

    fn arguments(&self, act: Act, subject: &str) -> (&'static str, Vec<String>) {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let keys = |who: &str| self.lanthorn.key_folder(who);
        match act {
            Act::Seal => ("o.lena", words(&["crawl", "run", CASE, "--max-pages", "5"])),
            Act::Log => ("o.lena", words(&["log", "--once"])),
            Act::Request => {
                let why = ["--code", "R1", "--reason", "a number may lead to a victim"];
                let basis = ["--legal-basis", "Example Act, section 5"];
                ("a.ivan", words(&[&["unseal", "request", subject], &why[..], &basis[..]].concat()))
            }
            Act::Approve => ("s.maria", words(&["supervisor", "approve", subject, "--keys", &keys("s.maria")])),
            Act::Open => ("a.ivan", words(&["unseal", "open", subject, "--keys", &keys("a.ivan")])),
            Act::Erase => ("s.maria", words(&["erase", subject, "--reason", "asked for by the person"])),
        }
    }

    /// Done again, an act succeeds, or says that it is done.
    fn must_be_done(&self, act: Act, subject: &str, again: &Ran) {
        let done_before = match act {
            Act::Approve => again.err.contains("one-decision"),
            _ => false,
        };
        assert!(again.code == 0 || done_before, "{act:?} after a kill: {again:?}");
        match act {
            Act::Erase => {
                let hits = self.lanthorn.by("a.ivan", &["search", CASE, "kind:ad"]).good();
                assert!(!hits.out.contains(subject), "an erased capture is found");
            }
            Act::Open => assert_eq!(again.json()["approved_by"].as_array().map(Vec::len), Some(2)),
            _ => {}
        }
        // A row of the mailbox and its entry in the log are there together, or neither.
        for (rows, kind) in [("requests", "unseal-request"), ("decisions", "unseal-grant")] {
            let counts: (i64, i64) = in_the_store(&self.lanthorn, |store| {
                Box::pin(async move {
                    let counted = format!(
                        "SELECT (SELECT count(*) FROM {rows}), (SELECT count(*) FROM journal WHERE kind = '{kind}')"
                    );
                    sqlx::query_as(sqlx::AssertSqlSafe(counted)).fetch_one(store.reader()).await
                })
            });
            // An erasure takes the rows about its capture and leaves their entries, without what they said.
            assert!(counts.0 <= counts.1, "{act:?}: {} rows of {rows}, and {} entries {kind}", counts.0, counts.1);
        }
    }

    fn end(&self) {
        let lanthorn = &self.lanthorn;
        let _ = lanthorn.crawl().good();
        let verified = lanthorn.run(&["audit", "verify"]).good().json();
        let counts = (&verified["verified"], &verified["open_intents"], &verified["unsigned"]);
        assert_eq!(counts, (&true.into(), &0.into(), &0.into()), "{verified}");
        let findings = lanthorn.run(&["doctor", "--deep"]).good().json();
        assert!(findings.as_array().unwrap().iter().all(|finding| finding["verdict"] != "bad"), "{findings}");
        let half: i64 = in_the_store(lanthorn, |store| {
            Box::pin(async move {
                sqlx::query_scalar("SELECT count(*) FROM captures WHERE state = 'erasing'")
                    .fetch_one(store.reader())
                    .await
            })
        });
        assert_eq!(half, 0, "captures that are half erased");
    }
}
