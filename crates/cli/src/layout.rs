//! The data folder: where each thing lies, and who may read it.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use model::{CaseId, EpochId, Kind, Sharing};

use crate::failure::failure;

/// Paths inside one data folder. Separate folders for crawl, serve and log keys, so that a site can give them to
/// separate operating-system users.
#[derive(Clone, Debug)]
pub(crate) struct Layout(PathBuf);

impl Layout {
    /// The folders `init` makes, each mode 0700.
    const FOLDERS: [&str; 11] = [
        "keys/crawl",
        "keys/log",
        "keys/serve",
        "epochs",
        "profiles",
        "vault",
        "log",
        "index",
        "tor/state",
        "tor/cache",
        "run",
    ];

    /// Makes the folders in a new or empty data folder.
    pub(crate) fn create(root: &Path) -> anyhow::Result<Self> {
        if root.join("lanthorn.toml").exists() {
            return Err(failure(
                Kind::Refused,
                format!(
                    "refused by rule `init-once`: {} is a data folder already; choose another with --data",
                    root.display()
                ),
            ));
        }
        let private = |path: &Path| DirBuilder::new().recursive(true).mode(0o700).create(path);
        private(root).with_context(|| format!("failed to make {}", root.display()))?;
        let layout = Self(root.to_owned());
        layout.check_private()?;
        for folder in Self::FOLDERS {
            private(&root.join(folder)).with_context(|| format!("failed to make {}", root.join(folder).display()))?;
        }
        Ok(layout)
    }

    /// An existing data folder.
    pub(crate) fn open(root: &Path) -> anyhow::Result<Self> {
        if !root.join("lanthorn.toml").exists() {
            return Err(failure(
                Kind::Unavailable,
                format!(
                    "{} is no data folder: make one with `lanthorn init --data DIR`, or name it with --data",
                    root.display()
                ),
            ));
        }
        let layout = Self(root.to_owned());
        layout.check_private()?;
        Ok(layout)
    }

    /// Refuses a folder that others can read: others than its owner, and than the group of one that is shared on purpose.
    fn check_private(&self) -> anyhow::Result<()> {
        let mode = fs::metadata(&self.0).with_context(|| format!("failed to read {}", self.0.display()))?.mode();
        if Sharing::of_folder(mode) == Sharing::Group {
            crate::guard::share_with_the_group();
        }
        if mode & Sharing::of_folder(mode).forbidden() != 0 {
            return Err(failure(
                Kind::Refused,
                format!(
                    "refused by rule `private-folder`: others can read {} (mode {:o}); run `chmod 700 {}`",
                    self.0.display(),
                    mode & 0o777,
                    self.0.display()
                ),
            ));
        }
        Ok(())
    }

    /// Whether crawl, log and people's commands run as users of their own here (`lanthorn separate`).
    pub(crate) fn is_separated(&self) -> bool {
        fs::metadata(&self.0).is_ok_and(|found| Sharing::of_folder(found.mode()) == Sharing::Group)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }
    pub(crate) fn config(&self) -> PathBuf {
        self.0.join("lanthorn.toml")
    }
    /// The site's own policy, if there is one.
    pub(crate) fn policy(&self) -> PathBuf {
        self.0.join("policy.cedar")
    }
    /// Extraction profiles that supervisors have signed.
    pub(crate) fn profiles(&self) -> PathBuf {
        self.0.join("profiles")
    }
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("control.db")
    }
    pub(crate) fn crawl_key(&self, case: &CaseId) -> PathBuf {
        self.0.join("keys/crawl").join(format!("crawl-{case}.key"))
    }
    pub(crate) fn outbox_key(&self) -> PathBuf {
        self.0.join("keys/crawl/outbox.key")
    }
    /// The crawl process's key for selectors.
    pub(crate) fn selector_key(&self) -> PathBuf {
        self.0.join("keys/crawl/selector.key")
    }
    pub(crate) fn token_key(&self, case: &CaseId) -> PathBuf {
        self.0.join("keys/crawl").join(format!("token-{case}.key"))
    }
    pub(crate) fn log_key(&self) -> PathBuf {
        self.0.join("keys/log/log.key")
    }
    /// What the secrets of second steps lie encrypted under: the server's alone. Its folder is made where an older data folder
    /// lacks it.
    pub(crate) fn second_factor_key(&self) -> anyhow::Result<PathBuf> {
        let folder = self.0.join("keys/serve");
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.with_context(|| format!("failed to make {}", folder.display()))?;
        Ok(folder.join("second-factor.key"))
    }
    /// The certificate that crawlers seal to.
    pub(crate) fn epoch(&self) -> PathBuf {
        self.0.join("epochs/current.cert")
    }
    /// The certificate of an epoch: originals stay sealed to the one they were collected under.
    pub(crate) fn epoch_of(&self, epoch: EpochId) -> PathBuf {
        self.0.join("epochs").join(format!("{epoch}.cert"))
    }
    /// What a refresh of its shares made of it.
    pub(crate) fn epoch_refreshed(&self, epoch: EpochId, generation: u32) -> PathBuf {
        self.0.join("epochs").join(format!("{epoch}.{generation}.cert"))
    }
    pub(crate) fn vault(&self) -> PathBuf {
        self.0.join("vault")
    }
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("log")
    }
    /// Time stamps over archives of packs, and queries for those that have not come yet.
    pub(crate) fn archive_stamps(&self) -> PathBuf {
        self.0.join("archive-stamps")
    }

    /// Time stamps under checkpoints: part of what the log shows to everybody.
    pub(crate) fn stamps(&self) -> PathBuf {
        self.0.join("log/stamps")
    }
    pub(crate) fn index(&self, case: &CaseId) -> PathBuf {
        self.0.join("index").join(case.as_str())
    }
    pub(crate) fn indexes(&self) -> PathBuf {
        self.0.join("index")
    }
    /// Guards, and what Tor has learned.
    #[cfg(feature = "tor")]
    pub(crate) fn tor_state(&self) -> PathBuf {
        self.0.join("tor/state")
    }
    /// The directory of relays.
    #[cfg(feature = "tor")]
    pub(crate) fn tor_cache(&self) -> PathBuf {
        self.0.join("tor/cache")
    }
    pub(crate) fn lock(&self, process: &str) -> PathBuf {
        self.0.join("run").join(format!("{process}.lock"))
    }
}
