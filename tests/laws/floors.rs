//! Who may name whom: the floor table of `docs/architecture.md`, and the code held to it.

use std::collections::BTreeSet;

use super::house::{BESIDE, Edge, edges, none_of, packages, read, root};

/// One line of the table.
struct Room {
    floor: u8,
    name: &'static str,
    /// The rooms below that it may name, and must: a freedom that nobody uses is taken back.
    names: &'static [&'static str],
}

const fn built(floor: u8, name: &'static str, names: &'static [&'static str]) -> Room {
    Room { floor, name, names }
}

/// The house, ground floor first.
const HOUSE: &[Room] = &[
    built(0, "model", &[]),
    built(1, "authorisation", &["model"]),
    built(1, "page", &["model"]),
    built(1, "schema", &["model"]),
    built(1, "seal", &["model"]),
    built(1, "store", &["model"]),
    built(1, "timestamp", &["model"]),
    built(2, "audit", &["model", "store"]),
    built(2, "redactor", &["model", "page"]),
    built(2, "search", &["model", "schema"]),
    built(3, "crawler", &["authorisation", "model", "page", "store"]),
    built(3, "vault", &["audit", "model", "seal", "store"]),
    built(3, "access", &["audit", "model", "search", "store"]),
    built(3, "client", &["audit", "model", "page", "seal"]),
    built(4, "casework", &["access", "audit", "client", "model", "redactor", "search", "store"]),
    built(4, "indexer", &["audit", "model", "redactor", "schema"]),
    built(4, "tor", &["authorisation", "crawler", "model", "page"]),
    built(5, "pipeline", &["audit", "crawler", "indexer", "model", "page", "redactor", "store", "vault"]),
    built(5, "evidence", &["audit", "model", "redactor", "vault"]),
    built(5, "server", &["access", "audit", "casework", "model", "redactor", "search", "store", "vault"]),
    built(5, "verify", &["audit", "model", "seal", "timestamp"]),
    // The composition root names every room that is built.
    built(
        6,
        "cli",
        &[
            "access",
            "audit",
            "authorisation",
            "casework",
            "client",
            "crawler",
            "evidence",
            "indexer",
            "model",
            "page",
            "pipeline",
            "redactor",
            "seal",
            "search",
            "server",
            "store",
            "timestamp",
            "tor",
            "vault",
            "verify",
        ],
    ),
];

#[test]
fn every_crate_names_only_what_the_table_lets_it_name() {
    let edges = edges(&packages());
    none_of(&edge_faults(&edges));
}

#[test]
fn the_table_allows_nothing_that_nobody_uses() {
    let edges = edges(&packages());
    none_of(&idle_faults(&edges));
}

#[test]
fn every_crate_has_a_floor_and_every_floor_its_crates() {
    let names = packages().iter().map(|package| super::house::room(&package.name).to_owned()).collect();
    none_of(&member_faults(&names));
}

#[test]
fn the_table_itself_goes_downwards() {
    none_of(&table_faults());
}

#[test]
fn the_member_list_is_the_floor_plan() {
    let manifest: toml::Table = read(&root().join("Cargo.toml")).parse().expect("Cargo.toml is TOML");
    let members: Vec<_> = manifest["workspace"]["members"].as_array().expect("a list of members").iter().collect();
    let position = |room: &Room| {
        let folder = format!("crates/{}", room.name);
        members.iter().position(|member| member.as_str() == Some(&folder))
    };
    // The root package is a member without being listed.
    let floors: Vec<_> = HOUSE.iter().filter(|room| room.name != "cli").collect();
    let mut by_position: Vec<_> = floors.iter().map(|room| (position(room), room.floor, room.name)).collect();
    by_position.sort();
    let missing = by_position.iter().filter(|(place, ..)| place.is_none());
    let mut faults: Vec<_> =
        missing.map(|(_, floor, name)| format!("`{name}` of floor {floor} is missing from the member list")).collect();
    for pair in by_position.windows(2) {
        let ((_, below, lower), (_, above, upper)) = (pair[0], pair[1]);
        if below > above {
            faults.push(format!(
                "`{lower}` of floor {below} stands before `{upper}` of floor {above} in the member list"
            ));
        }
    }
    none_of(&faults);
}

fn edge_faults(edges: &BTreeSet<Edge>) -> Vec<String> {
    let mut faults = Vec::new();
    for edge in edges {
        let Edge { from, to, kind } = edge;
        if BESIDE.contains(&from.as_str()) {
            continue;
        }
        if BESIDE.contains(&to.as_str()) {
            faults.push(format!(
                "`{from}` names `{to}` ({kind}): `{to}` stands beside the house, and no room may name it"
            ));
            continue;
        }
        match HOUSE.iter().find(|room| room.name == from) {
            Some(room) if room.names.contains(&to.as_str()) => {}
            Some(room) => faults.push(format!(
                "`{from}` names `{to}` ({kind}): its line in the table lets it name only {}",
                list(room.names)
            )),
            None => faults.push(format!("`{from}` names `{to}` ({kind}), and has no line in the table at all")),
        }
    }
    faults
}

fn idle_faults(edges: &BTreeSet<Edge>) -> Vec<String> {
    let used = |from: &str, to: &str| edges.contains(&Edge::new(from, to, "dependency"));
    let mut faults = Vec::new();
    for room in HOUSE {
        for name in room.names.iter().filter(|name| !used(room.name, name)) {
            faults
                .push(format!("the table lets `{}` name `{name}`, which it does not: take that line back", room.name));
        }
    }
    faults
}

fn member_faults(members: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for member in members.iter().filter(|name| !BESIDE.contains(&name.as_str())) {
        if !HOUSE.iter().any(|room| room.name == member) {
            faults.push(format!("`{member}` stands in the workspace without a floor: give it a line in the table"));
        }
    }
    for room in HOUSE.iter().filter(|room| !members.contains(room.name)) {
        faults.push(format!("the table has a line for `{}`, and there is no such crate", room.name));
    }
    faults
}

fn table_faults() -> Vec<String> {
    let mut faults = Vec::new();
    for room in HOUSE {
        for name in room.names {
            match HOUSE.iter().find(|other| other.name == *name) {
                None => faults.push(format!("the table lets `{}` name `{name}`, which has no line", room.name)),
                Some(other) if other.floor >= room.floor => faults.push(format!(
                    "the table lets `{}` of floor {} name `{name}` of floor {}",
                    room.name, room.floor, other.floor
                )),
                Some(_) => {}
            }
        }
    }
    faults
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// The checks themselves can fail: each is shown an edge that breaks it.
#[test]
fn a_forbidden_edge_is_named_with_its_rule() {
    let indexer_sees_raw_pages = BTreeSet::from([Edge::new("indexer", "page", "dev-dependency")]);
    assert_eq!(
        edge_faults(&indexer_sees_raw_pages),
        [
            "`indexer` names `page` (dev-dependency): its line in the table lets it name only audit, model, redactor, schema"
        ]
    );
    let upwards = BTreeSet::from([Edge::new("model", "benches", "dependency")]);
    assert_eq!(
        edge_faults(&upwards),
        ["`model` names `benches` (dependency): `benches` stands beside the house, and no room may name it"]
    );
    let unknown = BTreeSet::from([Edge::new("annexe", "page", "dependency")]);
    assert_eq!(edge_faults(&unknown), ["`annexe` names `page` (dependency), and has no line in the table at all"]);
}

#[test]
fn an_idle_permission_and_a_crate_without_a_line_are_named() {
    let mut edges: BTreeSet<_> =
        HOUSE.iter().flat_map(|room| room.names.iter().map(|name| Edge::new(room.name, name, "dependency"))).collect();
    assert_eq!(idle_faults(&edges), [""; 0]);
    edges.remove(&Edge::new("redactor", "page", "dependency"));
    assert_eq!(idle_faults(&edges), ["the table lets `redactor` name `page`, which it does not: take that line back"]);
    let mut members: BTreeSet<String> = HOUSE.iter().map(|room| room.name.to_owned()).collect();
    members.insert("annexe".to_owned());
    members.remove("page");
    let expected = [
        "`annexe` stands in the workspace without a floor: give it a line in the table",
        "the table has a line for `page`, and there is no such crate",
    ];
    assert_eq!(member_faults(&members), expected);
}
