//! What an operator does beside a running crawl: several cases at once, schedules, a plan, a stop, counts, a revocation.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;
use std::time::{Duration, Instant};

use model::Clock;
use rehearsal::{CASE, Installation, NAME, Ran};
use serde_json::Value;
use synthetic::paper::{self, Target};
use synthetic::site::Site;

use crate::binary;

const OTHER_CASE: &str = "op-ferry-2026";

/// Milliseconds between two requests to one of the sites: a crawl of them takes long enough to be met.
const DELAY_MILLIS: u32 = 60;

/// The longest that any of this may take; most of it is waiting for a process to say that it lives.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two cases with a site each.
fn two_cases(configure: impl FnOnce(&mut String)) -> Installation {
    let (site, other) = (Site::generate(41, 160), Site::generate(42, 160));
    let target = |site: &Site, label: &str| Target {
        label: Some(label.to_owned()),
        min_delay_ms: DELAY_MILLIS,
        ..Target::from(site)
    };
    let (first, second) = (target(&site, "first"), target(&other, "second"));
    let environment = vec![("LANTHORN_SITE", "41:160,42:160".to_owned())];
    let lanthorn = Installation::over(binary(), site, vec![first], environment, configure);
    lanthorn.open_case(OTHER_CASE);
    let document = paper::document([second], OTHER_CASE, NAME, Clock::system().now());
    lanthorn.authorise(&lanthorn.path("other.toml"), &document);
    lanthorn
}

/// A crawl that runs until somebody ends it.
struct Running(Option<Child>);

impl Running {
    fn start(lanthorn: &Installation, args: &[&str]) -> Self {
        let mut command = lanthorn.command(args, 1);
        command.args(["--as", "o.lena"]);
        Self(Some(command.spawn().expect("the crawl starts")))
    }

    fn end(mut self) -> Ran {
        let done = self.0.take().unwrap().wait_with_output().expect("it ends");
        Ran {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&done.stdout).into_owned(),
            err: String::from_utf8_lossy(&done.stderr).into_owned(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Asks until something is so.
#[expect(clippy::disallowed_methods, reason = "a limit on how long a test waits")]
fn until<T>(what: &str, mut so: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = so() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn asked_of(lanthorn: &Installation, seed: u64) -> usize {
    let host = synthetic::site::host(seed);
    lanthorn.asked().iter().filter(|line| line.contains(&host)).count()
}

fn run_of(lanthorn: &Installation, case: &str) -> Option<Value> {
    let plan = lanthorn.by("o.lena", &["crawl", "plan", case]).good().json();
    plan["runs"].as_array().unwrap().first().cloned()
}

#[test]
fn two_cases_take_turns_one_is_revoked_and_the_other_is_stopped() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let lanthorn = two_cases(|config| *config = config.replace("metrics_port = 0", &format!("metrics_port = {port}")));
    // With one worker for both, neither may wait until the other is done.
    let crawl = Running::start(&lanthorn, &["crawl", "run", CASE, OTHER_CASE, "--workers", "1", "--progress", "json"]);
    until("both cases to be asked for", || {
        (asked_of(&lanthorn, 41) > 15 && asked_of(&lanthorn, 42) > 15).then_some(())
    });
    let (one, other) = (asked_of(&lanthorn, 41), asked_of(&lanthorn, 42));
    assert!(one.abs_diff(other) * 3 < one + other, "fair turns: {one} and {other}");

    let counts = counts(port);
    assert!(counts.contains("lanthorn_requests_total ") && counts.ends_with("# EOF\n"), "{counts}");
    for secret in [&*synthetic::site::host(41), CASE, ".onion", "http"] {
        assert!(!counts.contains(secret), "{secret} is in the counts");
    }

    // Revoked: not one more page, while the other case goes on.
    let entries = lanthorn.run(&["authorisation", "list"]).good().json();
    let entry = entries.as_array().unwrap().iter().find(|entry| entry["case"] == OTHER_CASE).unwrap();
    let id = entry["id"].as_str().unwrap();
    let _ = lanthorn.by("s.maria", &["authorisation", "revoke", id, "--reason", "it is over"]).good();
    let (at_most, before) = (asked_of(&lanthorn, 42) + 1, asked_of(&lanthorn, 41));
    until("the other case to go on", || (asked_of(&lanthorn, 41) > before + 8).then_some(()));
    assert!(asked_of(&lanthorn, 42) <= at_most, "pages were asked for after the revocation");
    let why = lanthorn.run(&["crawl", "why", OTHER_CASE, "second"]).good().json().to_string();
    assert!(why.contains("revoked"), "{why}");

    let alive = until("a sign of life", || run_of(&lanthorn, CASE).filter(|run| run["progress"] != "{}"));
    assert!(alive["ended_at"].is_null(), "{alive}");
    let _ = lanthorn.by("o.lena", &["crawl", "stop", CASE, "--reason", "enough for today"]).good();
    let _ = lanthorn.by("o.lena", &["crawl", "stop", OTHER_CASE, "--reason", "enough for today"]).good();
    let ended = crawl.end();
    assert_eq!(ended.code, 130, "{ended:?}");
    let reports = ended.json();
    assert_eq!(reports.as_array().unwrap().iter().map(|one| &one["case"]).collect::<Vec<_>>(), [CASE, OTHER_CASE]);
    let lines: Vec<Value> = ended.err.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(lines.iter().any(|line| line["case"] == CASE && line["pages"]["kept"].as_u64() > Some(0)), "{ended:?}");
    let run = run_of(&lanthorn, CASE).unwrap();
    assert!(run["stop"].as_str().unwrap().contains("o.lena: enough for today") && !run["ended_at"].is_null(), "{run}");
    let again = lanthorn.by("o.lena", &["crawl", "stop", CASE, "--reason", "again"]);
    assert_eq!(again.code, 4, "{again:?}");
}

/// What a monitor reads.
#[expect(clippy::disallowed_methods, reason = "the counts on loopback")]
fn counts(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    body.to_owned()
}

#[test]
fn a_plan_says_what_would_be_asked_for_and_why() {
    let lanthorn = two_cases(|_| {});
    let empty = lanthorn.by("o.lena", &["crawl", "plan", CASE]).good().json();
    let begins = empty["authorisations"][0]["begins_at"].as_array().unwrap();
    assert_eq!(begins.len(), lanthorn.site.path_prefixes().len(), "{empty}");
    assert!(lanthorn.asked().is_empty(), "a plan asks for nothing");

    let mut crawl = lanthorn.crawling();
    crawl.args(["--max-pages", "25"]);
    let _ = rehearsal::finish(crawl).good();
    let known = lanthorn.site.seed_url();
    let elsewhere = "http://elsewhere.example/";
    let calendar = format!("{}calendar/2099/1", lanthorn.site.url("/pages/"));
    let args = ["crawl", "plan", CASE, "--url", &known, "--url", elsewhere, "--url", &calendar, "--count", "30"];
    let plan = lanthorn.by("o.lena", &args).good().json();
    let next = plan["next"].as_array().unwrap();
    assert!(next.len() > 10 && next.iter().all(|page| !page["why"].as_str().unwrap().is_empty()), "{plan}");
    let times: Vec<_> = next.iter().map(|page| page["not_before"].to_string()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let answer = |at: usize| &plan["urls"][at]["answers"][0];
    assert!(answer(0)["known"].to_string().contains("the next visit is due on"), "{}", answer(0));
    assert_eq!(answer(1)["rule"], "host");
    assert!(answer(2)["known"].to_string().contains("trap-calendar"), "{}", answer(2));
    // What tells one page from the next can name people: a plan shows forms of addresses.
    let planted = synthetic::scan::Needle::all([&lanthorn.site]);
    let scan = synthetic::scan::Scan::new(&planted);
    assert_eq!(scan.bytes("plan".as_ref(), plan["next"].to_string().as_bytes()).unwrap(), []);
}

#[test]
fn a_schedule_runs_what_is_due_and_tells_what_was_missed() {
    let lanthorn = two_cases(|_| {});
    let bad = lanthorn.by("o.lena", &["crawl", "schedule", CASE, "--at", "0 3 * * *", "--zone", "Europe/Atlantis"]);
    assert_eq!(bad.code, 2, "{bad:?}");
    let every_minute = ["crawl", "schedule", CASE, "--at", "* * * * *", "--zone", "Europe/Vienna", "--minutes", "1"];
    let made = lanthorn.by("o.lena", &every_minute).good().json();
    assert_eq!(made[0]["next"].as_array().unwrap().len(), 3, "{made}");
    let hourly = ["crawl", "schedule", OTHER_CASE, "--at", "0 * * * *"];
    let _ = lanthorn.by("o.lena", &hourly).good();
    let analyst = lanthorn.by("a.ivan", &["crawl", "schedule", CASE, "--at", "0 3 * * *"]);
    assert_eq!(analyst.code, 3, "{analyst:?}");

    // Ten hours later nobody has been there: what was due is told, and one run alone begins.
    let mut command = lanthorn.command(&["crawl", "run", "--scheduled"], 1);
    command.args(["--as", "o.lena"]).env("LANTHORN_HOURS_LATER", "10");
    let crawl = Running(Some(command.spawn().unwrap()));
    until("the schedule to begin a run", || (asked_of(&lanthorn, 41) > 0).then_some(()));
    drop(crawl); // kill -9
    let schedules = lanthorn.run(&["crawl", "schedule", CASE]).good().json();
    assert_eq!(schedules[0]["schedule"]["runs"], 1, "{schedules}");
    let missed = schedules[0]["schedule"]["missed"].as_u64().unwrap();
    assert!((590..=600).contains(&missed), "{missed}");
    assert!(schedules[0]["schedule"]["last"].as_str().unwrap().contains("they are not caught up"), "{schedules}");
    let log = lanthorn.by("u.paul", &["audit", "tail", "--lines", "200"]).good();
    assert!(log.out.contains("missed"), "the log says so: {log:?}");
    let number = schedules[0]["schedule"]["id"].to_string();
    let gone = lanthorn.by("o.lena", &["crawl", "schedule", CASE, "--remove", &number]).good().json();
    assert_eq!(gone, serde_json::json!([]));
}
