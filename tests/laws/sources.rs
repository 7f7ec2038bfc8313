//! Laws that are read from the text of the sources: what neither the compiler nor clippy can be asked.

use super::house::{BESIDE, Source, none_of, packages, read, root, sources};

/// A file this long is one thing or it is split.
const LONGEST: usize = 500;

/// Longer files, each with the one thing that it is.
const LONG: &[(&str, &str)] = &[
    ("tests/tornet/src/start.rs", "the stages of a network's start, in their order"),
    (
        "tests/trainer/src/templates.rs",
        "the sentences that the trainer composes advertisements from: data, a line each",
    ),
];

/// Where printing is the job. Everywhere else clippy forbids it, and these are the only files that may lift the ban.
const PRINTERS: &[&str] = &[
    "benches/src/main.rs",
    "crates/verify/src/main.rs",
    "tests/rehearsal/src/bin/judge.rs",
    "tests/tornet/src/main.rs",
    "tests/trainer/src/main.rs",
    "xtask/src/main.rs",
];

/// The names in `seal` that opening takes: whoever uses one can help to turn sealed bytes back into an original.
const OPENING: &[&str] =
    &["FileKey", "MlKemSecret", "KeyShare", "DecryptionShare", "make_share", "combine", "open", "disclose"];

/// Rooms that may use them: the one that defines them, and the one that runs on a supervisor's or requester's machine.
const OPENERS: &[&str] = &["seal", "client"];

/// Calls that hand out power, each with the one room that may make it.
const POWERS: &[(&str, &str)] = &[
    ("Collector::take(", "cli"),
    ("SearchCapability::take(", "cli"),
    ("Licence::mint(", "access"),
    ("tor::open(", "cli"),
];

#[test]
fn no_test_is_ignored() {
    none_of(&lines_with(&["#[ignore"], |_| true, "a test that is not run proves nothing"));
}

#[test]
fn no_lint_is_allowed_without_a_reason_that_expires() {
    none_of(&lines_with(&["#[allow(", "#![allow("], |_| true, "use #[expect(…, reason = \"…\")]"));
}

#[test]
fn no_file_is_longer_than_one_thing() {
    let mut faults = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        let excused = LONG.iter().any(|(path, _)| *path == source.path);
        if lines > LONGEST && !excused {
            faults.push(format!("{} has {lines} lines: split it, or list the one thing that it is", source.path));
        }
        if lines <= LONGEST && excused {
            faults.push(format!("{} has {lines} lines and needs no excuse any more", source.path));
        }
    }
    none_of(&faults);
}

#[test]
fn libraries_do_not_print() {
    let lifted = ["clippy::print_stdout", "clippy::print_stderr"];
    none_of(&lines_with(
        &lifted,
        |source| !PRINTERS.contains(&source.path.as_str()),
        "a library tells its caller; only a program prints",
    ));
}

#[test]
fn every_crate_takes_the_workspace_lints_and_they_forbid_unsafe_code() {
    let forbids: toml::Table = read(&root().join("Cargo.toml")).parse().expect("Cargo.toml is TOML");
    assert_eq!(forbids["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    let mut faults = Vec::new();
    for package in packages() {
        let manifest: toml::Table = read(package.manifest_path.as_std_path()).parse().expect("a manifest is TOML");
        let takes = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        if takes != Some(true) {
            faults.push(format!("`{}` does not take the workspace's lints", package.name));
        }
    }
    none_of(&faults);
}

#[test]
fn every_room_says_what_it_is_and_what_is_absent_and_shows_it() {
    let mut faults = Vec::new();
    for package in packages().iter().filter(|package| !BESIDE.contains(&package.name.as_str())) {
        let library = package.targets.iter().find(|target| target.is_lib());
        let Some(library) = library else { continue };
        let text = read(library.src_path.as_std_path());
        let doc: Vec<_> = text.lines().take_while(|line| line.starts_with("//!")).collect();
        let says = |word: &str| doc.iter().any(|line| line.contains(word));
        for (present, what) in [
            (!doc.is_empty(), "no crate doc"),
            (says("absent"), "no word about what is deliberately absent"),
            (says("```"), "no example that runs"),
        ] {
            if !present {
                faults.push(format!("`{}` has {what}", library.name));
            }
        }
    }
    none_of(&faults);
}

#[test]
fn nobody_but_client_can_open_an_original() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| ships(source) && !OPENERS.contains(&source.room())) {
        let text = source.shipped().map(|(_, line)| line).collect::<Vec<_>>().join("\n");
        for name in used_of(&text, "seal").iter().filter(|name| OPENING.contains(name)) {
            faults.push(format!("{} uses seal::{name}: only {} may", source.path, OPENERS.join(" and ")));
        }
    }
    none_of(&faults);
}

#[test]
fn names_used_of_a_crate_are_found_one_by_one_and_in_groups() {
    let text = "use seal::{Header,\n  open}; fn f() { seal::combine(x); reseal::disclose() }";
    assert_eq!(used_of(text, "seal"), ["Header", "open", "combine"]);
}

/// The names that a source takes from a crate: `seal::open` and `use seal::{open, Header}` alike.
fn used_of<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let word = |character: char| character.is_alphanumeric() || character == '_';
    let path = format!("{name}::");
    let places = text.match_indices(&path).filter(|(at, _)| !text[..*at].ends_with(word));
    let mut used = Vec::new();
    for (at, _) in places {
        let rest = &text[at + path.len()..];
        let group = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(group, _)| group);
        let listed = group.unwrap_or_else(|| &rest[..rest.find(|character| !word(character)).unwrap_or(rest.len())]);
        used.extend(listed.split(',').map(str::trim).filter(|name| !name.is_empty()));
    }
    used
}

#[test]
fn power_is_handed_out_in_one_room() {
    let mut faults = Vec::new();
    for (call, room) in POWERS {
        let mut calls = 0;
        for source in sources().iter().filter(|source| ships(source)) {
            for (number, _) in source.shipped().filter(|(_, line)| line.contains(call)) {
                calls += 1;
                if source.room() != *room {
                    faults.push(format!("{}:{number} calls {call}…): only {room} may", source.path));
                }
            }
        }
        if calls == 0 {
            faults.push(format!("nobody calls {call}…): has it been renamed?"));
        }
    }
    none_of(&faults);
}

/// Whether it is part of a room as it ships: neither of what stands beside the house, nor of a room's own tests.
fn ships(source: &Source) -> bool {
    source.path.starts_with("crates/") && !source.path.contains("/tests/")
}

fn lines_with(words: &[&str], applies: impl Fn(&Source) -> bool, instead: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| applies(source)) {
        for (number, line) in source.code() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                faults.push(format!("{}:{number} says {word}: {instead}", source.path));
            }
        }
    }
    faults
}
