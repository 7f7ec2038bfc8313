//! Which rooms a crate from elsewhere may stand in. A heavy or dangerous guest is kept to the rooms that exist for it.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, Package, Target};

use super::house::{BESIDE, Edge, Source, edges_out, from_root, none_of, packages, room, sources};

/// A guest, the rooms it may stand in, and why nowhere else.
struct Guest {
    name: &'static str,
    rooms: &'static [&'static str],
    why: &'static str,
}

const fn guest(name: &'static str, rooms: &'static [&'static str], why: &'static str) -> Guest {
    Guest { name, rooms, why }
}

const SOCKETS: &str = "no socket outside scope: only a crawler::Transport connects, and it takes a Target";
const RAW_TEXT: &str = "raw pages are read in one room";
const ORIGINALS: &str = "originals are closed by seal and opened by client, nowhere between; casework locks selectors to the crawl process, crawler what is typed for an account";

/// Guests with rooms of their own. Others (serde, thiserror, zeroize, …) may stand anywhere.
const GUESTS: &[Guest] = &[
    guest("anyhow", &["cli"], "a library's failure has a kind, so that the exit code can follow from it"),
    guest("clap", &["cli"], "one room reads the command line"),
    guest(
        "tokio",
        &["audit", "casework", "cli", "crawler", "pipeline", "server", "store", "tor", "vault"],
        "pure rooms stay synchronous",
    ),
    guest(
        "sqlx",
        &["access", "audit", "casework", "crawler", "pipeline", "store", "vault"],
        "SQL stays in the rooms that own rows",
    ),
    guest("tantivy", &["indexer", "schema", "search"], "the index is written in one room and read in another"),
    guest("scraper", &["page"], RAW_TEXT),
    guest("chardetng", &["page"], RAW_TEXT),
    guest("encoding_rs", &["page"], RAW_TEXT),
    guest("phonenumber", &["redactor"], "identifiers are found in one room"),
    guest("age", &["casework", "client", "crawler", "seal"], ORIGINALS),
    guest("frost-ristretto255", &["seal"], ORIGINALS),
    guest("ml-kem", &["seal"], ORIGINALS),
    guest("argon2", &["access"], "passphrases are checked in one room"),
    guest("arti-client", &["tor"], SOCKETS),
    guest("hyper", &["server"], SOCKETS),
    guest("reqwest", &["tor"], SOCKETS),
    guest("rustls", &["tor"], SOCKETS),
    guest("socket2", &[], SOCKETS),
    guest("ureq", &[], SOCKETS),
];

/// The rooms whose work is sockets: `tor` asks, `server` and the metrics of `cli` answer on the loopback address.
const NETWORK: &[&str] = &["tor", "server", "cli"];

/// What these laws themselves are made with; their own files are not among the sources they read.
const LAWS_OWN: &[&str] = &["cargo_metadata", "trybuild"];

/// The one room with a build script: it embeds every `migrations/NN_*.sql`, so that a table is added by adding a file.
const MIGRATIONS: &str = "store";

#[test]
fn guests_stay_in_their_rooms() {
    none_of(&astray(&edges_out(&packages())));
}

#[test]
fn no_guest_has_a_room_it_does_not_use() {
    let edges = edges_out(&packages());
    let mut faults = Vec::new();
    for guest in GUESTS {
        for room in guest.rooms.iter().filter(|room| !edges.contains(&Edge::new(room, guest.name, "dependency"))) {
            faults.push(format!("`{}` may stand in `{room}`, which does not use it: take that back", guest.name));
        }
    }
    none_of(&faults);
}

#[test]
fn no_room_switches_on_the_network_of_the_runtime() {
    let opens_sockets = |features: &[String]| features.iter().any(|feature| feature == "net" || feature == "full");
    let mut faults = Vec::new();
    for package in packages().iter().filter(|package| !serves_or_asks(room(&package.name))) {
        for dependency in package.dependencies.iter().filter(|dependency| dependency.name == "tokio") {
            if opens_sockets(&dependency.features) {
                faults.push(format!("`{}` asks tokio for sockets: {SOCKETS}", package.name));
            }
        }
    }
    none_of(&faults);
}

#[test]
fn nothing_is_built_by_a_script_but_the_list_of_migrations() {
    let scripted = |package: &Package| package.targets.iter().any(Target::is_custom_build);
    let helped =
        |package: &Package| package.dependencies.iter().any(|dependency| dependency.kind == DependencyKind::Build);
    let packages = packages();
    let found = packages.iter().filter(|package| (scripted(package) && package.name != MIGRATIONS) || helped(package));
    let fault =
        |package: &Package| format!("`{}` has a build script: what is built must be what is read", package.name);
    none_of(&found.map(fault).collect::<Vec<_>>());
}

/// The rooms with sockets, and what stands beside the house.
fn serves_or_asks(room: &str) -> bool {
    NETWORK.contains(&room) || BESIDE.contains(&room)
}

/// Tests may use any guest; what ships may not.
fn astray(edges: &BTreeSet<Edge>) -> Vec<String> {
    let mut faults = Vec::new();
    for edge in edges.iter().filter(|edge| edge.kind != "dev-dependency" && !BESIDE.contains(&edge.from.as_str())) {
        let Some(guest) = GUESTS.iter().find(|guest| guest.name == edge.to) else { continue };
        if !guest.rooms.contains(&edge.from.as_str()) {
            faults.push(format!(
                "`{}` uses `{}`, which may stand only in {}: {}",
                edge.from,
                edge.to,
                guest.rooms.join(", "),
                guest.why
            ));
        }
    }
    faults
}

#[test]
fn a_guest_astray_is_named_with_its_rule() {
    let socket_in_search = BTreeSet::from([Edge::new("search", "reqwest", "dependency")]);
    assert_eq!(astray(&socket_in_search), [format!("`search` uses `reqwest`, which may stand only in tor: {SOCKETS}")]);
    let in_a_test = BTreeSet::from([Edge::new("search", "reqwest", "dev-dependency")]);
    assert_eq!(astray(&in_a_test), [""; 0]);
}

#[test]
fn no_manifest_names_what_its_sources_do_not() {
    let sources = sources();
    let mut faults = Vec::new();
    for package in packages() {
        let folder = from_root(package.manifest_path.parent().expect("a manifest stands in a folder").as_std_path());
        // The root package's sources are cli's, and the tests of what ships.
        let of_root = |path: &str| {
            path.starts_with("crates/cli/")
                || ["tests/shipped.rs", "tests/laws"].iter().any(|own| path.starts_with(own))
        };
        let own = |path: &str| if folder.is_empty() { of_root(path) } else { path.starts_with(&format!("{folder}/")) };
        for dependency in package.dependencies.iter().filter(|dependency| !LAWS_OWN.contains(&dependency.name.as_str()))
        {
            let path = format!("{}::", room(&dependency.name).replace('-', "_"));
            let named = |source: &Source| own(&source.path) && source.text.contains(&path);
            if !sources.iter().any(named) {
                faults.push(format!("`{}` lists {} and never uses it", package.name, dependency.name));
            }
        }
    }
    none_of(&faults);
}
