//! Talking with the person at the keyboard: passphrases in, JSON or tables out.

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;
use zeroize::Zeroizing;

/// The longest passphrase line that is read.
const MAX_PASSPHRASE_BYTES: usize = 1024;

/// Where passphrases come from: the given files in order, then the keyboard. Never the command line.
pub(crate) struct Passphrases(VecDeque<PathBuf>);

impl Passphrases {
    pub(crate) fn new(files: &[PathBuf]) -> Self {
        Self(files.iter().cloned().collect())
    }

    /// The next passphrase; `whose` tells the person which one is asked for.
    pub(crate) fn next(&mut self, whose: &str) -> anyhow::Result<Zeroizing<String>> {
        if let Some(file) = self.0.pop_front() {
            return from_file(&file);
        }
        if !io::stdin().is_terminal() {
            return Err(crate::failure::usage(format!(
                "the passphrase of {whose} is needed and there is no keyboard: give --passphrase-file FILE"
            )));
        }
        let typed =
            rpassword::prompt_password(format!("passphrase of {whose}: ")).context("failed to read the passphrase")?;
        Ok(Zeroizing::new(typed))
    }
}

/// Reads the first line of a file.
pub(crate) fn from_file(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let text =
        Zeroizing::new(std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?);
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() || line.len() > MAX_PASSPHRASE_BYTES {
        return Err(crate::failure::usage(format!("{} holds no passphrase on its first line", file.display())));
    }
    Ok(Zeroizing::new(line.to_owned()))
}

/// Standard output: one JSON document, or lines for a person. A closed pipe ends quietly.
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// Prints `value` as JSON, or what `lines` writes.
    pub(crate) fn show<T: Serialize>(
        &self,
        value: &T,
        lines: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = if self.json {
            serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from).and_then(|()| writeln!(out))
        } else {
            lines(&mut out)
        };
        match written.and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(error).context("failed to write to standard output")
            }
            _ => Ok(()),
        }
    }
}

/// Columns padded to their widest cell, two spaces between.
pub(crate) fn table(out: &mut dyn Write, head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |out: &mut dyn Write, cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", padded.join("  ").trim_end())
    };
    line(out, &mut head.iter().copied())?;
    rows.iter().try_for_each(|row| line(out, &mut row.iter().map(String::as_str)))
}

/// A line on standard error for the person; nothing when standard output carries JSON.
pub(crate) fn tell(json: bool, text: &str) {
    if !json {
        let _ = writeln!(io::stderr(), "{text}");
    }
}
