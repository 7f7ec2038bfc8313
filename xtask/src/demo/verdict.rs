//! What the demonstration is held against: the truth about the sites, and programs that are not ours.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::cast::Cast;
use super::scenery::{Scenery, text};
use super::workshop::Programs;
use crate::text::Voice;

/// Fewest bytes of a page whose equality shows something.
const MIN_PAGE_BYTES: usize = 200;

/// An opened original.
pub(crate) struct Opened {
    /// As it was shown: the address on the first line.
    pub(crate) text: String,
    /// The copy for a named recipient.
    pub(crate) copy: PathBuf,
    /// That recipient's key.
    pub(crate) identity: PathBuf,
}

/// Somebody outside, with a key made by Debian's `age-keygen`.
pub(crate) struct Recipient {
    pub(crate) identity: PathBuf,
    pub(crate) public: String,
}

pub(crate) fn recipient(cast: &Cast) -> Result<Recipient> {
    let identity = cast.path("court.key");
    let made = Command::new("age-keygen")
        .arg("-o")
        .arg(&identity)
        .stderr(Stdio::null())
        .status()
        .context("start age-keygen")?;
    ensure!(made.success(), "age-keygen ended with {made}");
    let written = std::fs::read_to_string(&identity)?;
    let public = written.lines().find_map(|line| line.strip_prefix("# public key: "));
    Ok(Recipient { identity, public: public.context("read the recipient's public key")?.to_owned() })
}

/// Whether the copy that was disclosed, opened by Debian's own `age`, holds byte for byte what the site's server answers.
pub(crate) fn is_the_servers_page(cast: &Cast, scenery: &Scenery, opened: &Opened) -> Result<bool> {
    let url =
        opened.text.lines().next().and_then(|line| line.strip_prefix("[address] ")).context("read the address")?;
    let rest = url.strip_prefix("http://").context("read the address")?;
    let (authority, path) = rest.find('/').map(|at| rest.split_at(at)).context("read the address")?;
    let host = authority.split(':').next().unwrap_or(authority);
    let site = sites(scenery).find(|site| site["host"] == host).context("find the site of the opened page")?;
    let served = get(u16::try_from(site["listen"].as_u64().unwrap_or_default())?, authority, path)?;
    let age = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(&opened.identity)
        .arg(&opened.copy)
        .output()
        .context("start age")?;
    ensure!(age.status.success(), "age could not open the disclosed copy: {}", String::from_utf8_lossy(&age.stderr));
    let same = served.len() >= MIN_PAGE_BYTES && age.stdout.windows(served.len()).any(|piece| piece == served);
    let word = if same { "byte for byte what the server answered" } else { "NOT what the server answered" };
    cast.voice().say(&format!("  Debian's age opens the disclosed copy: {word}"));
    Ok(same)
}

/// The body of a page, asked of its server directly.
#[expect(
    clippy::disallowed_methods,
    reason = "the judge asks the synthetic site itself, on this machine's loopback address"
)]
fn get(port: u16, host: &str, path: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).context("reach a synthetic site")?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|piece| piece == b"\r\n\r\n").context("read a synthetic site's answer")?;
    Ok(answer.split_off(end + 4))
}

fn sites(scenery: &Scenery) -> impl Iterator<Item = &Value> {
    scenery.truth["sites"].as_array().into_iter().flatten()
}

/// Writes the authorisation for the sites.
pub(crate) fn paper(scenery: &Scenery, programs: &Programs, case: &str, audience: &str, to: &str) -> Result<()> {
    let mut command = Command::new(&programs.sites);
    command.args(["paper", "--min-delay-ms", "5", "--case", case, "--audience", audience, "--truth"]);
    std::fs::write(to, output(command.arg(scenery.sites.join("truth.json")))?).context("write the authorisation")
}

/// What the identifiers of each group have become, by the judge.
pub(crate) fn groups(cast: &Cast, scenery: &Scenery, programs: &Programs, case: &str) -> Result<Vec<Value>> {
    let mut command = Command::new(&programs.judge);
    command.arg(cast.path(&format!("data/keys/crawl/token-{case}.key"))).arg(scenery.sites.join("truth.json"));
    serde_json::from_slice(&output(&mut command)?).context("read the judge's verdict")
}

/// Looks through every byte of the data folder for what was planted.
pub(crate) fn scan(cast: &Cast, scenery: &Scenery, programs: &Programs) -> Result<Value> {
    cast.voice().head("10. the data folder, searched byte for byte for everything that was planted");
    let mut command = Command::new(&programs.sites);
    command.arg("scan").arg("--json").arg("--truth").arg(scenery.sites.join("truth.json")).arg(cast.path("data"));
    let done = command.stderr(Stdio::inherit()).output().context("start the scan")?;
    let report: Value = serde_json::from_slice(&done.stdout).context("read the scan's report")?;
    cast.voice().say(&format!(
        "  {} planted values looked for in {} bytes, in every encoding: {} found",
        report["planted"], report["bytes"], report["leaks"]
    ));
    Ok(report)
}

/// Whether Go's own code accepts the log.
pub(crate) fn go_verifies(programs: &Programs, log: &Path, voice: Voice) -> Result<bool> {
    let done = Command::new(&programs.go_verifier).arg(log).output().context("start the Go verifier")?;
    let said = String::from_utf8_lossy(&done.stdout);
    voice.say(&format!("$ go-log-verifier data/log\n  {}", said.trim_end()));
    Ok(done.status.success())
}

/// What the sites saw, and what the exits were asked to look up.
pub(crate) fn scope_was_kept(cast: &Cast, scenery: &Scenery) -> Result<()> {
    cast.voice().head("11. what the sites and the network saw");
    let mut requests = 0;
    for site in sites(scenery) {
        let asked = std::fs::read_to_string(scenery.sites.join(text(&site["asked"]))).unwrap_or_default();
        for line in asked.lines() {
            requests += 1;
            if let Some(fault) = fault_of_request(site, line) {
                bail!("{} was asked for something that it must not be asked for ({fault})", text(&site["name"]));
            }
        }
    }
    let looked_up = names_looked_up(scenery)?;
    let own: Vec<&str> =
        sites(scenery).map(|site| text(&site["host"])).filter(|host| !host.ends_with(".onion")).collect();
    if let Some(name) = looked_up.iter().find(|name| !own.contains(&name.as_str()) && !name.ends_with("check.test")) {
        bail!("an exit was asked for a name out of scope: {name}");
    }
    cast.voice().say(&format!(
        "  {requests} requests: GET and HEAD alone, every one inside the authorisation, no image, no act; names looked up: {}",
        looked_up.join(", ")
    ));
    Ok(())
}

/// Why a request (`METHOD HOST PATH`) should not have been made. The demonstration itself fetched one page directly.
fn fault_of_request(site: &Value, line: &str) -> Option<&'static str> {
    let mut words = line.split(' ');
    let (method, host, path) = (words.next()?, words.next()?, words.next()?);
    let list = |name: &str| site[name].as_array().cloned().unwrap_or_default();
    let trap = list("traps").into_iter().find(|trap| text(&trap["at"]) == path);
    let inside = path == "/robots.txt" || list("path_prefixes").iter().any(|prefix| path.starts_with(text(prefix)));
    let image = [".jpg", ".jpeg", ".png", ".gif"].iter().any(|ending| path.ends_with(ending));
    match () {
        () if method != "GET" && method != "HEAD" => Some("another method"),
        () if host.split(':').next() != site["host"].as_str() => Some("another host"),
        () if !inside => Some("outside the path prefixes"),
        () if trap.is_some_and(|trap| trap["forbidden"] == true) => Some("a forbidden path"),
        () if image => Some("an image"),
        () => None,
    }
}

fn names_looked_up(scenery: &Scenery) -> Result<Vec<String>> {
    let log = std::fs::read_to_string(text(&scenery.network["dns_log"])).context("read the network's DNS log")?;
    let mut names: Vec<String> =
        log.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// How many originals `doctor --deep` found as they were sealed.
pub(crate) fn sealed(deep: &Value) -> Result<u64> {
    let findings = deep.as_array().context("read what doctor says")?;
    ensure!(findings.iter().all(|finding| finding["verdict"] != "bad"), "doctor --deep found a fault: {deep}");
    let vault = findings.iter().find(|finding| finding["what"] == "vault").context("find the vault's verdict")?;
    let count = text(&vault["says"]).split(' ').next().and_then(|word| word.parse().ok());
    count.context("read how many originals are sealed")
}

fn output(command: &mut Command) -> Result<Vec<u8>> {
    let done =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("start {:?}", command.get_program()))?;
    ensure!(done.status.success(), "{:?} ended with {}", command.get_program(), done.status);
    Ok(done.stdout)
}
