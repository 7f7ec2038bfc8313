//! Presidio's own pattern recognisers as a peer: the published Python package, in a process of its own.
//!
//! Its recognisers are called directly, one after the other over each text, so that its language model, which it would load
//! for names, is not part of the time. The clock is Python's, around the loop alone; its start-up does not count.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

const PROGRAM: &str = include_str!("presidio.py");

/// Bytes of text that it is given: at its speed the whole site would take minutes.
const MOST_BYTES: usize = 100_000;

/// The peer's figure, or why there is none.
pub(super) enum Peer {
    /// Megabytes of text in a second.
    Measured(f64),
    /// The reason, for a note.
    Absent(String),
}

/// Runs the recognisers over `texts` with the interpreter that `PRESIDIO_PYTHON` names.
pub(super) fn rate(texts: &[String]) -> Result<Peer> {
    let Some(python) = std::env::var_os("PRESIDIO_PYTHON") else {
        let how = "set PRESIDIO_PYTHON to a Python that has the package presidio-analyzer";
        return Ok(Peer::Absent(how.to_owned()));
    };
    let mut child = Command::new(python)
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("the Python that PRESIDIO_PYTHON names does not start")?;
    let mut input = child.stdin.take().context("the child has a standard input")?;
    let mut bytes = 0;
    let mut lines = String::new();
    for text in texts {
        if bytes + text.len() > MOST_BYTES {
            break;
        }
        bytes += text.len();
        lines += &(serde_json::Value::from(text.as_str()).to_string() + "\n");
    }
    input.write_all(lines.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Ok(Peer::Absent("it ended with an error; its own words are above".to_owned()));
    }
    let seconds: f64 = String::from_utf8(output.stdout)?.trim().parse().context("seconds, as a number")?;
    Ok(Peer::Measured(bytes as f64 / 1e6 / seconds))
}
