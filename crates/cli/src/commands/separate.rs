//! `lanthorn separate`: crawl, log and people's commands as users of their own, over one data folder.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use anyhow::Context as _;
use serde_json::json;

use crate::context::Context;
use crate::failure::usage;
use crate::layout::Layout;

/// Who owns what, by number.
#[derive(Clone, Copy)]
struct Owners {
    group: u32,
    crawl: u32,
    log: u32,
}

/// How a part of the folder is shared.
#[derive(Clone, Copy)]
enum Part {
    /// Read and written by the group; new things in it belong to the group, too.
    Shared,
    /// Read by the group, written by its owner.
    Shown,
    /// Its owner's alone.
    Own,
}

impl Part {
    const fn modes(self) -> (u32, u32) {
        match self {
            Self::Shared => (0o2770, 0o660),
            Self::Shown => (0o2750, 0o640),
            Self::Own => (0o700, 0o600),
        }
    }
}

pub(crate) fn run(context: &Context, group: &str, crawl: &str, log: &str) -> anyhow::Result<()> {
    let layout = Layout::open(&context.common.data)?;
    let owners = Owners {
        group: number("/etc/group", group)?,
        crawl: number("/etc/passwd", crawl)?,
        log: number("/etc/passwd", log)?,
    };
    if owners.crawl == owners.log || owners.crawl == 0 || owners.log == 0 {
        return Err(usage("crawl and log must be two users, and neither of them root"));
    }
    let root = layout.root();
    // What is narrower comes last, and the folder itself at the very end: its bit says that all of it is done.
    let parts = [
        (root.to_owned(), owners.crawl, Part::Shared),
        (layout.log(), owners.log, Part::Shown),
        // Whoever crawls has Tor, and so asks the authorities.
        (layout.stamps(), owners.crawl, Part::Shared),
        (root.join("keys/crawl"), owners.crawl, Part::Own),
        (root.join("keys/log"), owners.log, Part::Own),
        (root.join("tor"), owners.crawl, Part::Own),
    ];
    fs::create_dir_all(layout.stamps()).with_context(|| format!("failed to make {}", layout.stamps().display()))?;
    for (path, owner, part) in &parts {
        give(path, *owner, owners.group, *part, path != root)?;
    }
    set(root, owners.crawl, owners.group, Part::Shared.modes().0)?;
    let shown = json!({ "group": owners.group, "crawl": owners.crawl, "log": owners.log });
    context.output().show(&shown, |out| {
        writeln!(out, "{} is shared by group {group}: keys/crawl and tor are {crawl}'s, keys/log and log are {log}'s", root.display())?;
        writeln!(out, "run `lanthorn crawl run` as {crawl}, `lanthorn log` as {log}, people's commands as anybody else in the group")?;
        writeln!(out, "`lanthorn case new` and `case destroy` make and destroy keys of the crawl: as {crawl}")
    })
}

/// A number, or the number of a name in a file of the system's accounts.
fn number(file: &str, name: &str) -> anyhow::Result<u32> {
    if let Ok(number) = name.parse() {
        return Ok(number);
    }
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {file}"))?;
    let found = text.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|words| words.first() == Some(&name));
    let number = found.and_then(|words| words.get(2)?.parse().ok());
    number.ok_or_else(|| usage(format!("{name} is not in {file}: make it first, or give its number")))
}

/// Gives a folder and everything in it; links are not followed, because there are none of ours.
fn give(path: &Path, owner: u32, group: u32, part: Part, itself: bool) -> anyhow::Result<()> {
    let (folder, file) = part.modes();
    if !path.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("failed to read {}", path.display()))? {
        let entry = entry.context("failed to read the data folder")?;
        let kind = entry.file_type().context("failed to look at the data folder")?;
        if kind.is_dir() {
            give(&entry.path(), owner, group, part, true)?;
        } else if kind.is_file() {
            set(&entry.path(), owner, group, file)?;
        }
    }
    if itself { set(path, owner, group, folder) } else { Ok(()) }
}

fn set(path: &Path, owner: u32, group: u32, mode: u32) -> anyhow::Result<()> {
    let done =
        chown(path, Some(owner), Some(group)).and_then(|()| fs::set_permissions(path, Permissions::from_mode(mode)));
    done.with_context(|| format!("failed to give {} away: only root can", path.display()))
}
