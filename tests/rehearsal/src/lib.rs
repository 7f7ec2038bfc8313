//! An installation on a temporary folder, driven by the commands that ship: tests and benches only.
//!
//! ```no_run
//! use rehearsal::Installation;
//!
//! let installation = Installation::ready(std::path::Path::new("target/debug/lanthorn-in-memory"), 7, 120);
//! assert_eq!(installation.crawl().code, 0);
//! ```

pub mod http;
pub mod scene;
pub mod served;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use model::{Clock, Timestamp};
use serde_json::Value;
use synthetic::paper::{self, Target};
use synthetic::site::Site;

/// The case of every installation.
pub const CASE: &str = "op-harbour-2026";

/// The installation's name.
pub const NAME: &str = "lanthorn.example";

/// Everybody's passphrase: fixed, because it protects nothing.
const PASSPHRASE: &str = "a lantern of thin horn";

/// Two of these three supervisors open an original.
pub const SUPERVISORS: [&str; 3] = ["s.maria", "s.jonas", "s.amina"];

/// A data folder, the people around it, and what is crawled: a site in memory, or whatever else `S` is.
pub struct Installation<S = Site> {
    folder: tempfile::TempDir,
    binary: PathBuf,
    /// What is crawled, and the truth about it.
    pub site: S,
    /// Variables of every command's environment.
    environment: Vec<(&'static str, String)>,
}

/// What a command did.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Its exit code; -1 when it was killed.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Itself, if the command succeeded.
    ///
    /// # Panics
    /// If it did not.
    #[must_use]
    pub fn good(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }
}

impl Installation {
    /// An installation that can crawl: people, an epoch of two of three, an open case, a signed authorisation.
    ///
    /// # Panics
    /// If any command fails.
    #[must_use]
    pub fn ready(binary: &Path, seed: u64, pages: usize) -> Self {
        let site = Site::generate(seed, pages);
        let targets = vec![Target::from(&site)];
        let environment = vec![("LANTHORN_SITE", format!("{seed}:{pages}"))];
        Self::over(binary, site, targets, environment, |_| {})
    }
}

impl<S> Installation<S> {
    /// An installation that can crawl these targets; `configure` may change its configuration's text.
    ///
    /// # Panics
    /// If any command fails.
    pub fn over(
        binary: &Path,
        site: S,
        targets: Vec<Target>,
        environment: Vec<(&'static str, String)>,
        configure: impl FnOnce(&mut String),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = Self { folder, binary: binary.to_owned(), site, environment };
        std::fs::write(made.passphrase(), PASSPHRASE).expect("the passphrase file");
        let _ = made.run(&["init", "--name", NAME]).good();
        let file = made.data().join("lanthorn.toml");
        let mut config = std::fs::read_to_string(&file).expect("the configuration");
        configure(&mut config);
        std::fs::write(&file, config).expect("the configuration");
        made.people();
        made.keys();
        made.paper(targets);
        made
    }

    fn people(&self) {
        for person in SUPERVISORS.iter().chain(&["a.ivan", "u.paul"]) {
            let _ = self.by(person, &["supervisor", "enrol", "--keys", &self.key_folder(person)]).good();
        }
        for (person, role) in [("s.maria", "supervisor"), ("s.jonas", "supervisor")] {
            let _ = self.run(&self.adding(person, role, true)).good();
        }
        let others = [
            ("s.amina", "supervisor", true),
            ("a.ivan", "analyst", true),
            ("o.lena", "operator", false),
            ("u.paul", "auditor", true),
        ];
        for (person, role, enrolled) in others {
            let proposal =
                self.by("s.maria", &self.adding(person, role, enrolled)).good().json()["proposal"].to_string();
            let _ = self.by("s.jonas", &["people", "confirm", &proposal]).good();
        }
    }

    fn adding(&self, person: &str, role: &str, enrolled: bool) -> Vec<String> {
        let passphrase = self.passphrase().display().to_string();
        let mut args =
            ["people", "add", person, "--role", role, "--new-passphrase-file", &passphrase].map(str::to_owned).to_vec();
        if enrolled {
            args.extend(["--enrolment".to_owned(), format!("{}/enrolment.toml", self.key_folder(person))]);
        }
        args
    }

    fn keys(&self) {
        let certificate = self.path("epoch.cert").display().to_string();
        let folders = SUPERVISORS.map(|person| self.key_folder(person));
        let mut args = vec!["supervisor", "keygen", "--threshold", "2", "--out", &certificate];
        for folder in &folders {
            args.extend(["--member", folder]);
        }
        let _ = self.run_with(&args, SUPERVISORS.len()).good();
        let _ = self.by("s.maria", &["supervisor", "epoch", &certificate]).good();
    }

    fn paper(&self, targets: Vec<Target>) {
        self.open_case(CASE);
        self.authorise(&self.authorisation_file(), &paper::document(targets, CASE, NAME, now()));
    }

    /// Opens another case.
    ///
    /// # Panics
    /// If the command fails.
    pub fn open_case(&self, case: &str) {
        let beside = ["--with", "a.ivan", "--with", "s.jonas", "--with", "s.amina"];
        let _ = self.by("s.maria", &[&["case", "new", case, "--title", "invented pages"][..], &beside].concat()).good();
    }

    /// Lets both supervisors sign a document, and registers it.
    ///
    /// # Panics
    /// If any command fails.
    pub fn authorise(&self, file: &Path, document: &str) {
        std::fs::write(file, document).expect("the document");
        let file = file.display().to_string();
        for person in ["s.maria", "s.jonas"] {
            let _ = self.run(&["authorisation", "sign", &file, "--keys", &self.key_folder(person)]).good();
        }
        let _ = self.by("o.lena", &["authorisation", "add", &file]).good();
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// A place beside the data folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The signed authorisation's file.
    #[must_use]
    pub fn authorisation_file(&self) -> PathBuf {
        self.path("authorisation.toml")
    }

    /// A person's key folder.
    #[must_use]
    pub fn key_folder(&self, person: &str) -> String {
        self.path(&format!("keys-{person}")).display().to_string()
    }

    /// The file with everybody's passphrase.
    #[must_use]
    pub fn passphrase(&self) -> PathBuf {
        self.path("passphrase")
    }

    /// The command with its environment, ready to be started.
    pub fn command<A: AsRef<str>>(&self, args: &[A], passphrases: usize) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args.iter().map(AsRef::as_ref)).arg("--json").arg("--data").arg(self.data());
        for _ in 0..passphrases {
            command.arg("--passphrase-file").arg(self.passphrase());
        }
        command.env_remove("LANTHORN_FAULT").env_remove("LANTHORN_AS").env_remove("LANTHORN_DATA");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.env("LANTHORN_ASKED", self.path("asked")).env("LANTHORN_OPENED", self.path("opened"));
        command.env("LANTHORN_TIMES", self.path("times"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command that nobody signs in for.
    pub fn run<A: AsRef<str>>(&self, args: &[A]) -> Ran {
        self.run_with(args, 1)
    }

    /// Runs a command with so many passphrases at hand.
    pub fn run_with<A: AsRef<str>>(&self, args: &[A], passphrases: usize) -> Ran {
        finish(self.command(args, passphrases))
    }

    /// Runs a command as somebody: passphrases for the sign-in and for the own key folder are at hand.
    pub fn by<A: AsRef<str>>(&self, person: &str, args: &[A]) -> Ran {
        let mut command = self.command(args, 2);
        command.args(["--as", person]);
        finish(command)
    }

    /// The same, so many hours from now.
    pub fn later<A: AsRef<str>>(&self, hours: u32, person: &str, args: &[A]) -> Ran {
        let mut command = self.command(args, 2);
        command.args(["--as", person]).env("LANTHORN_HOURS_LATER", hours.to_string());
        finish(command)
    }

    /// The arguments of a crawl that ends when nothing is left.
    #[must_use]
    pub fn crawling(&self) -> Command {
        self.crawling_with_patience(30)
    }

    /// The same, with so many seconds for a host that rests.
    #[must_use]
    pub fn crawling_with_patience(&self, seconds: u32) -> Command {
        let max_wait = seconds.to_string();
        let mut command = self.command(&["crawl", "run", CASE, "--until-idle", "--max-wait", &max_wait], 1);
        command.args(["--as", "o.lena"]);
        command
    }

    /// Crawls until nothing is left.
    #[must_use]
    pub fn crawl(&self) -> Ran {
        finish(self.crawling())
    }

    /// Crawls with a fault at one pass of a stage: `parse:panic:3`.
    #[must_use]
    pub fn crawl_with_fault(&self, fault: &str) -> Ran {
        let mut command = self.crawling();
        command.env("LANTHORN_FAULT", fault);
        finish(command)
    }

    /// Everything that the site was asked for, in order: method and URL.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("asked")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

/// Runs a command to its end.
///
/// # Panics
/// If it cannot be started.
#[must_use]
pub fn finish(mut command: Command) -> Ran {
    let done = command.output().expect("the command starts");
    Ran {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}

/// The time that the command will read, too.
fn now() -> Timestamp {
    Clock::system().now()
}
