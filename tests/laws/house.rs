//! The house as it stands: its packages, its edges and its source files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Packages that stand beside the house. They may name any room; no room names them.
pub(super) const BESIDE: &[&str] = &["synthetic", "rehearsal", "tornet", "trainer", "benches", "xtask"];

/// The root of the repository.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every package of the workspace, dependencies left unresolved.
pub(super) fn packages() -> Vec<Package> {
    let metadata =
        MetadataCommand::new().current_dir(root()).no_deps().exec().expect("cargo metadata reads this workspace");
    metadata.packages
}

/// A package's name as a room: its folder's name, which for the root package is `cli`.
pub(super) fn room(package_name: &str) -> &str {
    if package_name == env!("CARGO_PKG_NAME") { "cli" } else { package_name }
}

/// One package names another, in its manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) kind: &'static str,
}

impl Edge {
    pub(super) fn new(from: &str, to: &str, kind: &'static str) -> Self {
        Self { from: from.to_owned(), to: to.to_owned(), kind }
    }
}

/// Every edge inside the workspace: normal, build and dev, because a dev-dependency opens a room's tests to what the room
/// itself may not see.
pub(super) fn edges(packages: &[Package]) -> BTreeSet<Edge> {
    named(packages, |dependency| dependency.path.is_some())
}

/// Every edge from the workspace to a crate from elsewhere.
pub(super) fn edges_out(packages: &[Package]) -> BTreeSet<Edge> {
    named(packages, |dependency| dependency.path.is_none())
}

fn named(packages: &[Package], chosen: impl Fn(&cargo_metadata::Dependency) -> bool) -> BTreeSet<Edge> {
    let of = |package: &Package| {
        let edge = |dependency: &cargo_metadata::Dependency| {
            Edge::new(room(&package.name), room(&dependency.name), kind(dependency.kind))
        };
        package.dependencies.iter().filter(|dependency| chosen(dependency)).map(edge).collect::<Vec<_>>()
    };
    packages.iter().flat_map(of).collect()
}

fn kind(kind: DependencyKind) -> &'static str {
    match kind {
        DependencyKind::Normal => "dependency",
        DependencyKind::Development => "dev-dependency",
        DependencyKind::Build => "build-dependency",
        _ => "dependency of an unknown kind",
    }
}

/// A source file: its path from the root of the repository, and its text.
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// The room it stands in: `crates/NAME/…`, `tests/NAME/…` and `NAME/…` alike.
    pub(super) fn room(&self) -> &str {
        let inner =
            ["crates/", "tests/"].iter().find_map(|folder| self.path.strip_prefix(folder)).unwrap_or(&self.path);
        inner.split('/').next().unwrap_or_default()
    }

    /// Its numbered lines of code as they ship: no comments, and nothing from the unit tests on, which stand last.
    pub(super) fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.find("#[cfg(test)]\nmod ").unwrap_or(self.text.len());
        code(&self.text[..tests])
    }

    /// Its numbered lines of code, unit tests included, comments left out.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        code(&self.text)
    }
}

fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Every Rust file of the workspace, in order of path. These laws' own files are left out: they must be able to write down
/// what they forbid.
pub(super) fn sources() -> Vec<Source> {
    let own = |path: &str| {
        path == "tests/laws.rs" || path.starts_with("tests/laws/") || path.starts_with("tests/compile-fail/")
    };
    let folders = ["crates", "tests", "benches", "xtask"];
    let files = folders.iter().flat_map(|folder| files_under(&root().join(folder), "rs"));
    files.map(|file| Source { path: from_root(&file), text: read(&file) }).filter(|source| !own(&source.path)).collect()
}

/// Every file with this extension below a folder, in order, build output left out.
pub(super) fn files_under(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("read {}: {error}", folder.display()))
        .map(|entry| entry.expect("read a folder's entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.ends_with("target") {
            files.extend(files_under(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files
}

/// A path as the repository writes it.
pub(super) fn from_root(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// A file's text.
pub(super) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("read {}: {error}", path.display()))
}

/// Fails with every fault in a sentence of its own.
#[track_caller]
pub(super) fn none_of(faults: &[String]) {
    assert!(faults.is_empty(), "the house is out of order:\n  {}\n", faults.join("\n  "));
}
