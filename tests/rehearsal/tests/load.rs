//! Many hosts at once in one case, one of them broken: the others are crawled to their ends as if it were not there, each
//! page once, and memory does not grow with the pages.

use std::collections::BTreeMap;

use model::Clock;
use rehearsal::{CASE, Installation, NAME};
use synthetic::paper::{self, Target};
use synthetic::site::{Site, onions};

use crate::binary;

/// Hosts and pages of each in a test; `cargo xtask soak load` asks for two hundred and five hundred.
const HOSTS: usize = 60;
const PAGES_EACH: usize = 8;
const PAGE_BYTES: usize = 1_500;
const SEED: u64 = 77;

/// Targets of one authorisation: the case has several.
const TARGETS: usize = 50;

/// Megabytes that a crawl may hold at any moment, however many pages there are.
const MOST_MEGABYTES: u64 = 700;

#[test]
#[expect(clippy::disallowed_methods, reason = "`cargo xtask soak` asks for a larger load of the same test")]
fn many_hosts_are_crawled_to_their_ends_and_one_that_is_broken_slows_nobody() {
    let asked = |name: &str, usual: usize| std::env::var(name).map_or(usual, |text| text.parse().expect("a number"));
    let (hosts, pages_each) = (asked("LANTHORN_HOSTS", HOSTS), asked("LANTHORN_PAGES", PAGES_EACH));
    let sites = onions(SEED, hosts, pages_each, PAGE_BYTES);
    let broken = sites[hosts / 2].host.clone();
    let environment = vec![
        ("LANTHORN_SITE", format!("onions:{SEED}:{hosts}:{pages_each}:{PAGE_BYTES}")),
        ("LANTHORN_BROKEN", broken.clone()),
    ];
    let target =
        |(number, site): (usize, &Site)| Target { label: Some(format!("host-{number}")), ..Target::from(site) };
    let targets: Vec<Target> = sites.iter().enumerate().map(target).collect();
    let mut parts = targets.chunks(TARGETS);
    let first = parts.next().unwrap().to_vec();
    let lanthorn = Installation::over(binary(), sites, first, environment, |_| {});
    for (number, part) in parts.enumerate() {
        let document = paper::document_with(part.to_vec(), CASE, NAME, Clock::system().now(), |draft| {
            draft.revocation_id = format!("part-{number}");
        });
        lanthorn.authorise(&lanthorn.path(&format!("part-{number}.toml")), &document);
    }

    let mut command =
        lanthorn.command(&["crawl", "run", CASE, "--until-idle", "--max-wait", "0", "--workers", "16"], 1);
    command.args(["--as", "o.lena"]);
    let crawl = command.spawn().expect("the crawl starts");
    let status = format!("/proc/{}/status", crawl.id());
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    let watching = std::thread::spawn(move || {
        let mut most = 0;
        while is_done.recv_timeout(std::time::Duration::from_millis(200)).is_err() {
            most = most.max(resident_megabytes(&status).unwrap_or_default());
        }
        most
    });
    let ended = crawl.wait_with_output().expect("it ends");
    let _ = done.send(());
    let most = watching.join().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));

    let mut gets: BTreeMap<String, usize> = BTreeMap::new();
    for line in lanthorn.asked() {
        *gets.entry(line).or_default() += 1;
    }
    for site in lanthorn.site.iter().filter(|site| site.host != broken) {
        for path in &site.in_scope {
            assert_eq!(gets.get(&format!("Get {}", site.url(path))), Some(&1), "{path} of {}", site.name);
        }
    }
    let tries = gets.iter().filter(|(line, _)| line.contains(&broken)).map(|(_, count)| count).sum::<usize>();
    assert!((1..=8).contains(&tries), "the broken host was asked {tries} times");
    let hosts_now = lanthorn.run(&["crawl", "status", CASE]).good().json();
    let of_broken = hosts_now.as_array().unwrap().iter().find(|host| host["site"] == format!("host-{}", hosts / 2));
    assert_eq!(of_broken.unwrap()["state"], "snoozed", "{of_broken:?}");
    assert!(most > 0 && most < MOST_MEGABYTES, "{most} MB were held at once");
}

fn resident_megabytes(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}
