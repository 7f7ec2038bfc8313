//! The processes of a network, and that none outlives it.
//!
//! Three things see to that, each for another end of the owner. Dropping the crew kills everything. When the owner itself
//! is killed, the kernel kills its processes, because `setpriv` (util-linux) asked for that on their behalf: asking from here
//! would take unsafe code. And every tor looks now and then whether its owner is there (`__OwningControllerProcess`).
//!
//! The kernel means the *thread* that started a process, not the program: a test's thread may end earlier than the network
//! that it made. So all processes are started by one thread that lives as long as the crew.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use rustix::process::{Pid, kill_process};

use crate::error::Error;
use crate::fault::{Fault, Patience};
use crate::folder::Folder;

/// How long a process may take to end after it was asked to, before it is made to.
const GRACE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(10);

/// How a node is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: it says goodbye.
    Term,
    /// SIGKILL: it is gone in mid-sentence, as with the power.
    Kill,
}

type Job = (Command, Sender<io::Result<Child>>);

/// Starts processes that end with this program.
#[derive(Clone, Debug)]
pub(crate) struct Starter(Sender<Job>);

impl Starter {
    fn new() -> Self {
        let (jobs, work) = mpsc::channel::<Job>();
        std::thread::spawn(move || {
            for (mut command, answer) in work {
                // Whoever asked may have given up; the child then ends with this thread.
                let _ = answer.send(command.spawn());
            }
        });
        Self(jobs)
    }

    /// Starts a program that is killed when this program ends, however that comes about.
    pub(crate) fn start(&self, program: &str, prepare: impl FnOnce(&mut Command)) -> io::Result<Child> {
        let mut command = Command::new("setpriv");
        // A group of its own, so that an interrupt from the keyboard reaches the owner alone.
        command.args(["--pdeathsig", "KILL", program]).current_dir("/").process_group(0);
        prepare(&mut command);
        let (answer, answered) = mpsc::channel();
        let gone = |_| io::Error::other("the thread that starts processes is gone");
        self.0.send((command, answer)).map_err(|_| gone(mpsc::RecvError))?;
        answered.recv().map_err(gone)?
    }
}

/// The running nodes.
#[derive(Debug)]
pub(crate) struct Crew {
    nodes: BTreeMap<String, Child>,
    starter: Starter,
}

impl Crew {
    /// An empty crew, if the programs that it will start are there.
    pub(crate) fn new() -> Result<Self, Error> {
        for (program, package) in [("tor", "tor"), ("tor-gencert", "tor"), ("setpriv", "util-linux")] {
            if !is_there(program) {
                return Err(Error::Missing { program, package });
            }
        }
        Ok(Self { nodes: BTreeMap::new(), starter: Starter::new() })
    }

    pub(crate) fn starter(&self) -> &Starter {
        &self.starter
    }

    /// Starts a node from the torrc in its folder; a node that runs already stays as it is.
    pub(crate) fn launch(&mut self, name: &str, folder: &Folder) -> Result<(), Error> {
        if self.is_running(name) {
            return Ok(());
        }
        let node = folder.path().join(name);
        let path = node.join("stdout");
        let out = File::options().create(true).append(true).open(&path).map_err(Error::file("open", &path))?;
        let errors = out.try_clone().map_err(Error::file("open", &path))?;
        let child = self.starter.start("tor", |command| {
            command.arg("-f").arg(node.join("torrc")).arg("--defaults-torrc").arg(folder.path().join(EMPTY));
            command.stdin(Stdio::null()).stdout(out).stderr(errors);
        });
        self.nodes.insert(name.to_owned(), child.map_err(Error::file("start tor for", &node))?);
        Ok(())
    }

    /// Stops a node and waits until it is gone; one that ignores [`Signal::Term`] for 5 seconds is killed.
    pub(crate) fn halt(&mut self, name: &str, signal: Signal) {
        let Some(mut child) = self.nodes.remove(name) else { return };
        if signal == Signal::Term {
            send(&child, rustix::process::Signal::TERM);
            let gone = || match child.try_wait() {
                Ok(None) => Err(Fault::not_yet(name, "still running")),
                _ => Ok(()),
            };
            let _ = Patience::of(GRACE, &Arc::default()).until(PAUSE, gone);
        }
        end(&mut child);
    }

    /// Has a node read its configuration again, and forget what it could not download so far (SIGHUP).
    pub(crate) fn reload(&self, name: &str) {
        if let Some(child) = self.nodes.get(name) {
            send(child, rustix::process::Signal::HUP);
        }
    }

    /// Stops the clock of every node.
    pub(crate) fn freeze(&self) {
        self.nodes.values().for_each(|child| send(child, rustix::process::Signal::STOP));
    }

    /// And lets it run on.
    pub(crate) fn thaw(&self) {
        self.nodes.values().for_each(|child| send(child, rustix::process::Signal::CONT));
    }

    /// A node's process id, while it runs.
    pub(crate) fn pid(&self, name: &str) -> Option<u32> {
        self.nodes.get(name).map(Child::id)
    }

    fn is_running(&mut self, name: &str) -> bool {
        self.nodes.get_mut(name).is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Fails when a node has ended that nobody stopped.
    pub(crate) fn check(&mut self) -> Result<(), Fault> {
        for (name, child) in &mut self.nodes {
            if let Ok(Some(status)) = child.try_wait() {
                return Err(Fault::final_of(name, format!("{name} has ended: {status}")));
            }
        }
        Ok(())
    }
}

impl Drop for Crew {
    /// Kills first and waits afterwards: fifteen deaths at once take as long as one. A frozen node dies, too.
    fn drop(&mut self) {
        for child in self.nodes.values_mut() {
            let _ = child.kill();
        }
        self.nodes.values_mut().for_each(end);
    }
}

/// tor takes no `/dev/null` for a configuration file, only a regular one.
pub(crate) const EMPTY: &str = "empty.torrc";

/// Writes [`EMPTY`], which keeps the system's own settings out of every node.
pub(crate) fn write_empty(folder: &Folder) -> Result<(), Error> {
    folder.write(EMPTY, "")
}

fn end(child: &mut Child) {
    // Both fail only when it is gone already.
    let _ = child.kill();
    let _ = child.wait();
}

/// Sends a signal to a child that was not waited for yet: until then its id is nobody else's.
fn send(child: &Child, signal: rustix::process::Signal) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

fn is_there(program: &str) -> bool {
    let asked = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // One that ends badly on an unknown option is there, too.
    !matches!(asked, Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// The memory that a process has in use, in bytes: `VmRSS` of `/proc/PID/status`.
pub(crate) fn resident_bytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or_default() * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process that has become what it was started for: until then it has not asked the kernel for its end.
    fn sleeper(starter: &Starter) -> Child {
        let child = starter.start("sleep", |command| _ = command.arg("3600")).expect("sleep starts");
        let name = Path::new("/proc").join(child.id().to_string()).join("comm");
        let is_asleep = || match std::fs::read_to_string(&name) {
            Ok(found) if found == "sleep\n" => Ok(()),
            found => Err(Fault::not_yet("sleep", format!("{found:?}"))),
        };
        Patience::of(Duration::from_secs(10), &Arc::default()).until(PAUSE, is_asleep).expect("it becomes sleep");
        child
    }

    fn wait(child: &mut Child) -> String {
        let ended = Patience::of(Duration::from_secs(10), &Arc::default())
            .until(PAUSE, || child.try_wait().ok().flatten().ok_or_else(|| Fault::not_yet("sleep", "it still runs")));
        ended.expect("it ends").to_string()
    }

    #[test]
    fn a_process_outlives_the_thread_that_wanted_it_but_not_its_starter() {
        let starter = Starter::new();
        let asked_elsewhere = starter.clone();
        let mut child = std::thread::spawn(move || sleeper(&asked_elsewhere)).join().expect("the thread ends");
        assert!(matches!(child.try_wait(), Ok(None)), "the child ended with a thread that only asked for it");
        drop(starter);
        assert_eq!(wait(&mut child), "signal: 9 (SIGKILL)");
    }

    #[test]
    fn a_crew_that_is_dropped_leaves_nobody_frozen_or_not() {
        let mut crew = Crew::new().expect("tor is installed");
        let child = sleeper(crew.starter());
        let pid = child.id();
        crew.nodes.insert("sleeper".to_owned(), child);
        crew.freeze();
        assert!(crew.check().is_ok());
        drop(crew);
        assert!(!Path::new("/proc").join(pid.to_string()).exists());
    }

    #[test]
    fn a_node_that_ends_by_itself_is_named() {
        let mut crew = Crew::new().expect("tor is installed");
        let child = crew.starter().start("false", |_| ()).expect("false starts");
        crew.nodes.insert("relay9".to_owned(), child);
        let ended = Patience::of(Duration::from_secs(10), &Arc::default()).until(PAUSE, || match crew.check() {
            Ok(()) => Err(Fault::not_yet("relay9", "it still runs")),
            Err(fault) => Ok(fault),
        });
        assert_eq!(ended.expect("it ends").why, "relay9 has ended: exit status: 1");
    }

    #[test]
    fn a_program_that_is_missing_is_missed() {
        assert!(is_there("tor"));
        assert!(!is_there("there-is-no-such-program"));
        let error = Error::Missing { program: "tor", package: "tor" };
        assert_eq!(error.to_string(), "start tor: it is missing here: apt-get install tor");
    }

    #[test]
    fn memory_in_use_is_read() {
        assert!(resident_bytes(std::process::id()) > 100_000);
        assert_eq!(resident_bytes(u32::MAX), 0);
    }
}
