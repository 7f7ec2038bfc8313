//! The people of the story, and their commands: each shown, run, and looked at.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::workshop::Programs;
use crate::text::Voice;

/// The case.
pub(crate) const CASE: &str = "op-harbour-2026";
/// Who authorises and opens, two of three at a time.
pub(crate) const SUPERVISORS: [&str; 3] = ["s.maria", "s.jonas", "s.amina"];
/// Who reads the redacted index.
pub(crate) const ANALYST: &str = "a.ivan";
/// Who runs crawls.
pub(crate) const OPERATOR: &str = "o.lena";
/// Who checks the log.
pub(crate) const AUDITOR: &str = "u.paul";

/// Everybody's, because it protects nothing.
pub(crate) const PASSPHRASE: &str = "a lantern of thin horn";

/// Lines of a command's answer that are shown.
const LINES_SHOWN: usize = 14;

/// The people, at one installation.
pub(crate) struct Cast {
    lanthorn: PathBuf,
    place: PathBuf,
    passphrase: PathBuf,
    voice: Voice,
}

impl Cast {
    pub(crate) fn new(programs: &Programs, place: &Path, voice: Voice) -> Result<Self> {
        let passphrase = place.join("passphrase");
        std::fs::write(&passphrase, PASSPHRASE).context("write the passphrase file")?;
        Ok(Self { lanthorn: programs.lanthorn.clone(), place: place.to_owned(), passphrase, voice })
    }

    pub(crate) const fn voice(&self) -> Voice {
        self.voice
    }

    /// A place beside the data folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.join(name)
    }

    /// The same, as an argument.
    pub(crate) fn at(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Somebody's key folder.
    pub(crate) fn keys(&self, person: &str) -> String {
        self.at(&format!("keys-{person}"))
    }

    /// The file with everybody's passphrase.
    pub(crate) fn passphrase(&self) -> String {
        self.passphrase.display().to_string()
    }

    /// Runs a command that nobody signs in for, shows what it answers.
    pub(crate) fn show(&self, args: &[&str]) -> Result<()> {
        self.tell(args, None);
        let answer = self.run(self.command(args, None, 1), args)?;
        self.echo(&answer);
        Ok(())
    }

    /// Runs somebody's command and shows what it answers.
    pub(crate) fn show_by(&self, person: &str, args: &[&str]) -> Result<()> {
        self.tell(args, Some(person));
        let answer = self.run(self.command(args, Some(person), 2), args)?;
        self.echo(&answer);
        Ok(())
    }

    /// Runs somebody's command, shows the command, returns what it answers.
    pub(crate) fn ask_by(&self, person: &str, args: &[&str]) -> Result<Value> {
        self.tell(args, Some(person));
        self.quietly_by(person, args)
    }

    /// The same, without a word.
    pub(crate) fn quietly_by(&self, person: &str, args: &[&str]) -> Result<Value> {
        self.json(self.command(args, Some(person), 2), args)
    }

    /// A command that nobody signs in for, shown, its answer returned.
    pub(crate) fn ask(&self, args: &[&str], passphrases: usize) -> Result<Value> {
        self.tell(args, None);
        self.json(self.command(args, None, passphrases), args)
    }

    /// The same, without a word.
    pub(crate) fn quietly(&self, args: &[&str], passphrases: usize) -> Result<Value> {
        self.json(self.command(args, None, passphrases), args)
    }

    /// A command that stays, shown and ready to be started.
    pub(crate) fn shown_command(&self, args: &[&str]) -> Command {
        self.tell(args, None);
        self.command(args, None, 0)
    }

    fn json(&self, mut command: Command, args: &[&str]) -> Result<Value> {
        command.arg("--json");
        let answer = self.run(command, args)?;
        serde_json::from_str(&answer).with_context(|| format!("read what `lanthorn {}` says", args.join(" ")))
    }

    /// Shows a command as it would be typed: without the folder and the passphrase file, which a person's environment
    /// and keyboard bring.
    fn tell(&self, args: &[&str], person: Option<&str>) {
        let place = format!("{}/", self.place.display());
        let word = |word: &&str| {
            let word = word.replace(&place, "");
            if word.contains([' ', '[', '*', '"']) { format!("'{word}'") } else { word }
        };
        let words: Vec<String> = args.iter().map(word).collect();
        let person = person.map(|person| format!(" --as {person}")).unwrap_or_default();
        self.voice.say(&format!("$ lanthorn {}{person}", words.join(" ")));
    }

    fn echo(&self, answer: &str) {
        let lines: Vec<&str> = answer.lines().collect();
        lines.iter().take(LINES_SHOWN).for_each(|line| self.voice.say(&format!("  {line}")));
        if lines.len() > LINES_SHOWN {
            self.voice.say(&format!("  … {} lines more", lines.len() - LINES_SHOWN));
        }
    }

    fn command(&self, args: &[&str], person: Option<&str>, passphrases: usize) -> Command {
        let mut command = Command::new(&self.lanthorn);
        command.args(args).arg("--data").arg(self.path("data"));
        for _ in 0..passphrases {
            command.arg("--passphrase-file").arg(&self.passphrase);
        }
        command.args(person.into_iter().flat_map(|person| ["--as", person]));
        command.env_remove("LANTHORN_DATA").env_remove("LANTHORN_AS").env_remove("LANTHORN_LOG");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }

    fn run(&self, mut command: Command, args: &[&str]) -> Result<String> {
        let done = command.output().context("start lanthorn")?;
        let answer = String::from_utf8_lossy(&done.stdout).into_owned();
        if !done.status.success() {
            bail!("`lanthorn {}` ended with {}: {answer}", args.join(" "), done.status);
        }
        Ok(answer)
    }
}
