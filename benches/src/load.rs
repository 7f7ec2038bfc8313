//! The shipped crawl under load: two hundred hosts with five hundred pages each on the in-memory transport, everything on
//! (redaction, sealing, log, index), and one host broken from the beginning. What it holds in memory is told at a tenth, at half
//! and at the end: it must not grow with the pages. Of the hosts that share an authorisation with the broken one it is told
//! how far they were at half of the way, beside all others: it must not slow them.
//!
//! `LANTHORN_HOSTS` and `LANTHORN_PAGES` ask for another size. The whole takes a quarter of an hour, so that it runs by its name
//! alone.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use model::Clock;
use rehearsal::{CASE, Installation, NAME};
use synthetic::paper::{self, Target};
use synthetic::site::{Site, onions};

use crate::watch::{Wall, processor_seconds};
use crate::{HIGHER, LOWER, Measured, Pair};

const HOSTS: usize = 200;
const PAGES_EACH: usize = 500;
const PAGE_BYTES: usize = 1_500;
const SEED: u64 = 77;

/// Targets of one authorisation: the case has several.
const TARGETS: usize = 50;

/// Pages on their way at once.
const WORKERS: &str = "16";

pub(crate) fn measure() -> Result<Measured> {
    let (hosts, pages_each) = (asked_for("LANTHORN_HOSTS", HOSTS)?, asked_for("LANTHORN_PAGES", PAGES_EACH)?);
    let binary = crate::crawl::beside("lanthorn-in-memory")?;
    let sites = onions(SEED, hosts, pages_each, PAGE_BYTES);
    let names: BTreeMap<String, usize> =
        sites.iter().enumerate().map(|(number, site)| (site.host.clone(), number)).collect();
    let all: usize = sites.iter().map(|site| site.in_scope.len()).sum();
    let broken = hosts / 2;
    let environment = vec![
        ("LANTHORN_SITE", format!("onions:{SEED}:{hosts}:{pages_each}:{PAGE_BYTES}")),
        ("LANTHORN_BROKEN", sites[broken].host.clone()),
    ];
    let all = all - sites[broken].in_scope.len();
    let healthy = sites.iter().enumerate().filter(|(number, _)| *number != broken).map(|(_, site)| site);
    let expected: Vec<String> = healthy.flat_map(|site| site.in_scope.iter().map(|path| site.url(path))).collect();
    let target =
        |(number, site): (usize, &Site)| Target { label: Some(format!("host-{number}")), ..Target::from(site) };
    let targets: Vec<Target> = sites.iter().enumerate().map(target).collect();
    let mut parts = targets.chunks(TARGETS);
    let first = parts.next().context("no host")?.to_vec();
    let lanthorn = Installation::over(&binary, sites, first, environment, |_| {});
    for (number, part) in parts.enumerate() {
        let document = paper::document_with(part.to_vec(), CASE, NAME, Clock::system().now(), |draft| {
            draft.revocation_id = format!("part-{number}");
        });
        lanthorn.authorise(&lanthorn.path(&format!("part-{number}.toml")), &document);
    }

    let before = processor_seconds()?.children;
    let mut command =
        lanthorn.command(&["crawl", "run", CASE, "--until-idle", "--max-wait", "0", "--workers", WORKERS], 1);
    command.args(["--as", "o.lena"]).stdout(Stdio::null());
    let wall = Wall::begin();
    let mut crawl = command.spawn()?;
    let mut course = Course::new(lanthorn.path("asked"), names, broken);
    let watched = course.follow(&mut crawl, all);
    if watched.is_err() {
        let _ = crawl.kill();
    }
    let ended = crawl.wait()?;
    watched?;
    ensure!(ended.success(), "the crawl failed: {ended}");
    course.read()?;
    let (seconds, processor) = (wall.seconds(), processor_seconds()?.children - before);
    // Beside them the beginning of each host may be asked for.
    let missed = expected.iter().filter(|url| !course.pages.contains_key(*url)).count();
    ensure!(missed == 0, "{missed} of {all} pages were not asked for");
    ensure!(course.twice() == 0, "{} pages were asked for twice", course.twice());
    course.report(seconds, processor)
}

#[expect(clippy::disallowed_methods, reason = "a bench is told its size by its environment")]
fn asked_for(name: &str, usual: usize) -> Result<usize> {
    std::env::var(name).map_or(Ok(usual), |text| Ok(text.parse()?))
}

/// What the sites were asked for so far, and what was held meanwhile.
struct Course {
    file: PathBuf,
    read_to: u64,
    hosts: BTreeMap<String, usize>,
    broken: usize,
    /// Requests by URL, without robots.txt.
    pages: BTreeMap<String, u32>,
    /// Pages by host.
    by_host: Vec<usize>,
    requests: usize,
    /// Megabytes at a tenth, at half and at the end, and the pages by host at half.
    tenth: Option<u64>,
    half: Option<(u64, Vec<usize>)>,
    last: u64,
    most: u64,
}

impl Course {
    fn new(file: PathBuf, hosts: BTreeMap<String, usize>, broken: usize) -> Self {
        let by_host = vec![0; hosts.len()];
        let pages = BTreeMap::new();
        let (tenth, half) = (None, None);
        Self { file, read_to: 0, hosts, broken, pages, by_host, requests: 0, tenth, half, last: 0, most: 0 }
    }

    fn good(&self) -> usize {
        self.by_host.iter().sum::<usize>() - self.by_host[self.broken]
    }

    fn twice(&self) -> usize {
        self.pages.values().filter(|count| **count > 1).count()
    }

    /// Looks until the process has ended.
    fn follow(&mut self, crawl: &mut Child, all: usize) -> Result<()> {
        let status = format!("/proc/{}/status", crawl.id());
        while crawl.try_wait()?.is_none() {
            std::thread::sleep(Duration::from_millis(500));
            self.read()?;
            let Some(megabytes) = resident_megabytes(&status) else { continue };
            (self.last, self.most) = (megabytes, self.most.max(megabytes));
            if self.tenth.is_none() && self.good() * 10 >= all {
                self.tenth = Some(megabytes);
            }
            if self.half.is_none() && self.good() * 2 >= all {
                self.half = Some((megabytes, self.by_host.clone()));
            }
        }
        Ok(())
    }

    /// Takes in what was written since.
    fn read(&mut self) -> Result<()> {
        let Ok(mut file) = std::fs::File::open(&self.file) else { return Ok(()) };
        file.seek(SeekFrom::Start(self.read_to))?;
        let mut lines = BufReader::new(file);
        let mut line = String::new();
        // A line that is being written has no end yet.
        while lines.read_line(&mut line)? > 0 && line.ends_with('\n') {
            self.read_to += line.len() as u64;
            self.requests += 1;
            let url = line.trim_end().split_once(' ').map_or("", |(_, url)| url);
            let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
            if let Some(number) = self.hosts.get(host).filter(|_| !url.ends_with("/robots.txt")) {
                let count = self.pages.entry(url.to_owned()).or_default();
                *count += 1;
                if *count == 1 {
                    self.by_host[*number] += 1;
                }
            }
            line.clear();
        }
        Ok(())
    }

    fn report(&self, seconds: f64, processor: f64) -> Result<Measured> {
        let (half, by_host) = self.half.as_ref().context("it was over before it could be looked at")?;
        let part = self.broken / TARGETS;
        let mean = |beside: bool| {
            let healthy = by_host.iter().enumerate().filter(|(number, _)| *number != self.broken);
            let counts: Vec<usize> =
                healthy.filter(|(number, _)| (number / TARGETS == part) == beside).map(|(_, count)| *count).collect();
            counts.iter().sum::<usize>() as f64 / counts.len().max(1) as f64
        };
        let healthy =
            || by_host.iter().enumerate().filter(|(number, _)| *number != self.broken).map(|(_, count)| count);
        let (beside, others) = (mean(true), mean(false));
        let tenth = self.tenth.context("it was over before it could be looked at")?;
        let mut measured = Measured::default();
        measured.pair(
            "load/pages of hosts beside the broken one, at half (of others)",
            Pair { ours: beside, peer: others, unit: "pages", better: HIGHER },
        );
        measured.pair(
            "load/memory at the end (at a tenth)",
            Pair { ours: self.last as f64, peer: tenth as f64, unit: "MB", better: LOWER },
        );
        measured.notes.push(format!(
            "load: {} hosts, {} pages, {} requests in {seconds:.0} s and {processor:.0} s of processor time: {:.0} pages/s, \
             {:.0} pages/CPU s; {:.0} leases and returns of the frontier a second",
            self.hosts.len(),
            self.good(),
            self.requests,
            self.good() as f64 / seconds,
            self.good() as f64 / processor,
            2.0 * self.requests as f64 / seconds
        ));
        measured.notes.push(format!(
            "load: memory {tenth} MB at a tenth, {half} MB at half, {} MB at the end, {} MB at most; at half the slowest host had \
             {} pages and the fastest {}; the broken host was asked for {} pages",
            self.last,
            self.most,
            healthy().min().unwrap_or(&0),
            healthy().max().unwrap_or(&0),
            self.by_host[self.broken]
        ));
        Ok(measured)
    }
}

fn resident_megabytes(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}
