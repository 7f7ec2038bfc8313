//! Running other programs, each within a time limit.

use std::ffi::OsStr;
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// A program ended with an error after telling why on its own standard error.
#[derive(Debug)]
pub(crate) struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a program that this command runs has failed; its own words are above")
    }
}

impl std::error::Error for Failed {}

/// The exit codes with which coreutils' `timeout` says that the limit ran out.
const TIMED_OUT: [i32; 2] = [124, 137];
/// How long a program may take to end after it was asked to.
const GRACE: &str = "--kill-after=30s";

/// `cargo` with these arguments, at the root of the repository.
pub(crate) fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = program("cargo");
    command.args(arguments);
    command
}

/// A program at the root of the repository.
///
/// `cargo run` tells this process about the package `xtask`; some build scripts watch those very variables and would build
/// their crates anew each time the same command is typed with and without `xtask`. So they are taken away.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs it to its end, on this terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("start {}", name(command)))?;
    if status.success() { Ok(()) } else { Err(Failed.into()) }
}

/// Runs it on this terminal, and asks it to end when `limit` has passed.
///
/// coreutils' `timeout` does the waiting. Where somebody sits at a terminal it runs in its foreground mode, so that an interrupt from the
/// keyboard reaches everything; where nobody does, it stops what the program has started along with it (`cargo clippy` starts `cargo`).
pub(crate) fn run_within(limit: Duration, command: &Command) -> Result<()> {
    let mut limited = Command::new("timeout");
    if std::io::stdin().is_terminal() || std::io::stderr().is_terminal() {
        limited.arg("--foreground");
    }
    limited.args([GRACE, &limit.as_secs_f64().to_string()]);
    limited.arg(command.get_program()).args(command.get_args()).current_dir(root());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let status = limited.status().context("start timeout (it is part of coreutils)")?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) if TIMED_OUT.contains(&code) => {
            bail!("{} was stopped after {} s, its limit", name(command), limit.as_secs_f64())
        }
        _ => Err(Failed.into()),
    }
}

/// Whether it can be started and ends well; what it prints is thrown away.
pub(crate) fn succeeds(name: &str, arguments: &[&str]) -> bool {
    let quiet = program(name).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

/// What it prints on standard output.
pub(crate) fn output(name: &str, arguments: &[&str]) -> Result<String> {
    let output = program(name).args(arguments).output().with_context(|| format!("start {name}"))?;
    if !output.status.success() {
        bail!("{name} {} ended with {}", arguments.join(" "), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("read what {name} printed"))
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_says_so_itself() {
        let error = run_within(Duration::from_secs(60), &program("false")).unwrap_err();
        assert!(error.is::<Failed>());
    }

    #[test]
    fn a_program_over_its_limit_is_stopped() {
        let mut endless = program("tail");
        endless.args(["-f", "/dev/null"]);
        let error = run_within(Duration::from_millis(50), &endless).unwrap_err();
        assert_eq!(error.to_string(), "tail was stopped after 0.05 s, its limit");
    }

    /// Under a test runner nobody sits at a terminal.
    #[test]
    fn what_a_program_has_started_does_not_outlive_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let alive = folder.path().join("alive");
        let mut parent = program("sh");
        parent.args(["-c", "(sleep 1; touch \"$0\") & wait"]).arg(&alive);
        run_within(Duration::from_millis(200), &parent).unwrap_err();
        std::thread::sleep(Duration::from_millis(1_800));
        assert!(!alive.exists());
    }

    #[test]
    fn a_program_that_does_not_exist_does_not_succeed() {
        assert!(!succeeds("there-is-no-such-program", &[]));
        assert!(succeeds("true", &[]));
    }
}
