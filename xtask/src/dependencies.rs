//! What the tree is built from, held against `deny.toml`: licences, sources, bans.
//!
//! `cargo deny` reads the same file and knows more (advisories, duplicates), but takes minutes to build on a small machine.
//! This is the part that must hold on every run, so it is always at hand.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{Metadata, MetadataCommand, Package, PackageId};
use serde::Deserialize;

use crate::command::{cargo, output, root, run, succeeds};

/// The parts of `deny.toml` that are read here.
#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

/// A crate that nobody may depend on, but for its wrappers.
#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    #[serde(default)]
    wrappers: Vec<String>,
    reason: String,
}

/// Checks every package that this machine's build uses, and runs `cargo deny` too where it is installed.
pub(crate) fn check() -> Result<()> {
    let rules: Rules = toml::from_str(&std::fs::read_to_string(root().join("deny.toml")).context("read deny.toml")?)
        .context("read deny.toml")?;
    let metadata = metadata()?;
    let mut faults = Vec::new();
    for package in &metadata.packages {
        faults.extend(licence_fault(package, &rules.licenses.allow));
        faults.extend(source_fault(package));
    }
    faults.extend(ban_faults(&metadata, &rules.bans.deny));
    if !faults.is_empty() {
        bail!("{} faults in the dependencies:\n  {}", faults.len(), faults.join("\n  "));
    }
    println!("{} packages: licences, sources and bans are as deny.toml wants them", metadata.packages.len());
    if succeeds("cargo", &["deny", "--version"]) {
        run(&mut cargo(["deny", "check", "licenses", "bans", "sources"]))?;
    }
    Ok(())
}

/// The resolved tree for this machine's own platform, tests and build scripts included.
fn metadata() -> Result<Metadata> {
    let version = output("rustc", &["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("find the host in rustc -vV")?;
    let options = ["--locked", "--filter-platform", host].map(str::to_owned).to_vec();
    MetadataCommand::new().current_dir(root()).other_options(options).exec().context("run cargo metadata")
}

fn licence_fault(package: &Package, allowed: &[String]) -> Option<String> {
    let Some(written) = &package.license else {
        return Some(format!("{} {} names no licence", package.name, package.version));
    };
    match spdx::Expression::parse_mode(written, spdx::ParseMode::LAX) {
        Err(_) => {
            Some(format!("{} {} names a licence that is no SPDX expression: {written}", package.name, package.version))
        }
        Ok(licence) => {
            let fits = licence.evaluate(|wanted| allowed.contains(&wanted.to_string()));
            (!fits).then(|| {
                format!("{} {} is under {written}, which deny.toml does not allow", package.name, package.version)
            })
        }
    }
}

fn source_fault(package: &Package) -> Option<String> {
    let ours = package.manifest_path.starts_with(root().canonicalize().ok()?.to_str()?);
    let fine = package.source.as_ref().map_or(ours, cargo_metadata::Source::is_crates_io);
    (!fine).then(|| {
        format!("{} {} comes neither from the public registry nor from this repository", package.name, package.version)
    })
}

fn ban_faults(metadata: &Metadata, bans: &[Ban]) -> Vec<String> {
    let names: BTreeMap<&PackageId, &str> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    let mut faults = Vec::new();
    for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
        let namer = names[&node.id];
        for named in node.dependencies.iter().map(|id| names[id]) {
            if let Some(ban) =
                bans.iter().find(|ban| ban.name == named && !ban.wrappers.iter().any(|wrapper| wrapper == namer))
            {
                faults.push(format!("{namer} depends on {named}, which deny.toml bans: {}", ban.reason));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(license: &str) -> Package {
        serde_json::from_value(serde_json::json!({
            "name": "example", "version": "1.0.0", "id": "example 1.0.0", "license": license, "dependencies": [], "targets": [],
            "features": {}, "manifest_path": "/nowhere/Cargo.toml", "authors": [], "categories": [], "keywords": [], "edition": "2024",
        }))
        .unwrap()
    }

    #[test]
    fn one_allowed_alternative_is_enough_and_every_conjunct_is_needed() {
        let allowed = ["MIT".to_owned(), "Apache-2.0".to_owned()];
        for fine in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "Apache-2.0 AND MIT",
            "(AGPL-3.0-only OR MIT) AND Apache-2.0",
        ] {
            assert_eq!(licence_fault(&package(fine), &allowed), None, "{fine}");
        }
        for wrong in ["AGPL-3.0-only", "MIT AND GPL-2.0-only", "no such licence"] {
            assert!(licence_fault(&package(wrong), &allowed).is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_package_from_elsewhere_is_a_fault() {
        assert!(source_fault(&package("MIT")).unwrap().contains("neither"));
    }
}
