//! The programs of the demonstration, built.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result};

use crate::command::{self, cargo, program, root};
use crate::text::Voice;

/// Where each program lies.
pub(crate) struct Programs {
    pub(crate) lanthorn: PathBuf,
    pub(crate) sites: PathBuf,
    pub(crate) network: PathBuf,
    pub(crate) judge: PathBuf,
    pub(crate) go_verifier: PathBuf,
}

impl Programs {
    /// Builds what is not built yet, for speed; cargo's own progress goes to standard error.
    pub(crate) fn build(voice: Voice) -> Result<Self> {
        voice.head("build (the first time takes a while: 600 crates)");
        let packages = ["lanthorn", "synthetic", "tornet", "rehearsal"].map(|name| ["--package", name]).concat();
        let programs = ["lanthorn", "synthetic-sites", "tornet", "judge"].map(|name| ["--bin", name]).concat();
        let mut build = cargo(["build", "--release", "--locked"]);
        command::run(build.args(packages).args(programs).stdout(Stdio::null()))?;
        let folder = target_folder()?.join("release");
        let go_verifier = folder.join("go-log-verifier");
        build_go_verifier(&go_verifier)?;
        Ok(Self {
            lanthorn: folder.join("lanthorn"),
            sites: folder.join("synthetic-sites"),
            network: folder.join("tornet"),
            judge: folder.join("judge"),
            go_verifier,
        })
    }
}

/// From Debian's own packages of Go's code, without any module proxy.
fn build_go_verifier(to: &Path) -> Result<()> {
    let cache = to.with_extension("cache");
    let mut go = program("go");
    go.args(["build", "-o"]).arg(to).arg(root().join("tests/go-verifier/main.go"));
    go.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode").env("GOCACHE", cache).env("GOFLAGS", "");
    command::run(go.stdout(Stdio::null())).context("build the Go verifier of the log")
}

fn target_folder() -> Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new().current_dir(root()).no_deps().exec();
    Ok(metadata.context("ask cargo where it builds")?.target_directory.into_std_path_buf())
}
