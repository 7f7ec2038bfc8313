//! Where the story is set: the synthetic sites, and a private Tor network in front of them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::workshop::Programs;
use crate::stage::Watch;
use crate::text::Voice;

/// Sites and network, up. Dropping it stops both and waits until they are gone.
pub(crate) struct Scenery {
    /// What the sites are and what was hidden in them.
    pub(crate) truth: Value,
    /// The folder with `truth.json` and what each site was asked.
    pub(crate) sites: PathBuf,
    /// The network's own description.
    pub(crate) network: Value,
    /// Seconds until the network could be used.
    pub(crate) network_seconds: f64,
    // In this order: the network is stopped before what stands behind it.
    _tor: Running,
    _serving: Running,
}

/// A program that runs beside the story.
struct Running {
    name: &'static str,
    child: Child,
    /// Closing it tells the sites to stop.
    stdin: Option<ChildStdin>,
}

impl Scenery {
    pub(crate) fn raise(programs: &Programs, place: &Path, seed: u64, voice: Voice) -> Result<Self> {
        voice.head("a private Tor network, and three sites that never were");
        let sites = place.join("sites");
        std::fs::create_dir_all(&sites)?;
        let mut serve = Command::new(&programs.sites);
        serve.args(["--seed", &seed.to_string(), "--size", "demo", "--out"]).arg(&sites);
        let mut serving = Running::start("the synthetic sites", serve)?;
        serving.line()?;
        let truth: Value = serde_json::from_slice(&std::fs::read(sites.join("truth.json"))?)?;

        let watch = Watch::begin();
        let mut start = Command::new(&programs.network);
        start.arg("start").arg("--json").arg(place.join("network"));
        for site in truth["sites"].as_array().into_iter().flatten() {
            match site["onion_secret"].as_str() {
                Some(key) => {
                    let name = site["name"].as_str().unwrap_or_default();
                    start.arg("--onion").arg(format!("{name}={}:{key}", site["listen"]));
                }
                None => {
                    start.arg("--name").arg(site["host"].as_str().unwrap_or_default());
                }
            }
        }
        let mut tor = Running::start("the private Tor network", start)?;
        let network: Value = tor.document()?;
        let network_seconds = watch.seconds();
        let nodes = network["nodes"].as_array().map_or(0, Vec::len);
        voice.say(&format!("{nodes} tor processes are up after {network_seconds:.1} s; nothing leaves this machine"));
        for site in truth["sites"].as_array().into_iter().flatten() {
            let pages = site["in_scope"].as_array().map_or(0, Vec::len);
            voice.say(&format!("{:>9}  {pages:>3} pages  {}", text(&site["name"]), text(&site["host"])));
        }
        Ok(Self { truth, sites, network, network_seconds, _tor: tor, _serving: serving })
    }

    /// Writes the network's description in the form that `[tor] network` takes, and returns where.
    pub(crate) fn arti_config(&self, place: &Path) -> Result<PathBuf> {
        let file = place.join("private-network.toml");
        std::fs::write(&file, self.network["arti_config"].as_str().context("read the network's description")?)?;
        Ok(file)
    }
}

impl Running {
    fn start(name: &'static str, mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("start {name}"))?;
        let stdin = child.stdin.take();
        Ok(Self { name, child, stdin })
    }

    /// One line of its standard output.
    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        let out = self.child.stdout.as_mut().context("read from a program")?;
        if BufReader::new(out.take(1 << 16)).read_line(&mut line)? == 0 {
            bail!("{} did not come up; its own words are above", self.name);
        }
        Ok(line)
    }

    /// One JSON document of its standard output.
    fn document(&mut self) -> Result<Value> {
        let out = self.child.stdout.as_mut().context("read from a program")?;
        let mut documents = serde_json::Deserializer::from_reader(out).into_iter();
        documents
            .next()
            .with_context(|| format!("{} did not come up; its own words are above", self.name))?
            .with_context(|| format!("read what {} says", self.name))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It ends its own children before it ends; a kill from here would leave that to chance.
        let asked = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if asked.is_none_or(|child| kill_process(child, Signal::TERM).is_err()) {
            let _ = self.child.kill(); // whoever cannot be asked must not be waited for
        }
        let _ = self.child.wait();
    }
}

/// A JSON string, or nothing.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
