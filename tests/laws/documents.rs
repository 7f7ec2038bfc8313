//! What is written about the house is true: links lead somewhere, and the drawing shows the rooms there are.

use super::house::{files_under, from_root, none_of, packages, read, room, root};

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut faults = Vec::new();
    for file in files_under(&root().join("docs"), "md") {
        let folder = file.parent().expect("a file stands in a folder");
        for target in links(&read(&file)) {
            let path = target.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains("://") && !folder.join(path).exists() {
                faults.push(format!("{} points at {target}, which is not there", from_root(&file)));
            }
        }
    }
    none_of(&faults);
}

#[test]
fn every_path_in_the_documents_is_there() {
    let mut faults = Vec::new();
    for file in files_under(&root().join("docs"), "md") {
        let text = read(&file);
        let paths = text.split('`').skip(1).step_by(2).filter(|word| {
            let rooms = ["crates/", "tests/", "docs/", "config/"];
            rooms.iter().any(|room| word.starts_with(room)) && !word.contains(['*', ' ', '\n'])
        });
        for path in paths.filter(|path| !root().join(path).exists()) {
            faults.push(format!("{} speaks of {path}, which is not there", from_root(&file)));
        }
    }
    none_of(&faults);
}

#[test]
fn the_architecture_has_a_line_for_every_crate() {
    let text = read(&root().join("docs/architecture.md"));
    let missing = packages().into_iter().filter(|package| !text.contains(&format!("`{}`", room(&package.name))));
    none_of(
        &missing
            .map(|package| format!("docs/architecture.md does not speak of `{}`", package.name))
            .collect::<Vec<_>>(),
    );
}

/// The targets of `[text](target)`.
fn links(text: &str) -> Vec<&str> {
    let starts = text.match_indices("](").map(|(at, _)| &text[at + 2..]);
    starts.filter_map(|rest| rest.split_once(')').map(|(target, _)| target)).collect()
}

#[test]
fn links_are_found() {
    assert_eq!(links("see [a](b.md#c) and [d](../e)"), ["b.md#c", "../e"]);
}

#[test]
fn the_manual_lists_every_exit_code() {
    use model::Kind;
    let text = read(&root().join("docs/manual/exit-codes.md"));
    let kinds = [
        Kind::CheckFailed,
        Kind::Usage,
        Kind::Refused,
        Kind::Unavailable,
        Kind::Damaged,
        Kind::Interrupted,
        Kind::Internal,
    ];
    let missing = kinds.iter().filter(|kind| !text.contains(&format!("\n| {} | ", kind.exit_code())));
    none_of(&missing.map(|kind| format!("docs/manual/exit-codes.md has no row for {kind:?}")).collect::<Vec<_>>());
}

#[test]
fn every_document_that_a_file_names_is_there() {
    let mut faults = Vec::new();
    let folders = ["crates", "tests", "benches", "xtask", "config", "docs"];
    let files = folders.iter().flat_map(|folder| {
        ["rs", "toml", "sql", "md"].into_iter().flat_map(move |kind| files_under(&root().join(folder), kind))
    });
    let files = files.filter(|file| !file.ends_with("tests/laws/documents.rs")); // its own examples lead nowhere
    for file in files.chain([root().join("README.md"), root().join("Cargo.toml"), root().join("deny.toml")]) {
        let text = read(&file);
        let missing = documents(&text).into_iter().filter(|path| !root().join(path).exists());
        faults.extend(missing.map(|path| format!("{} speaks of {path}, which is not there", from_root(&file))));
    }
    none_of(&faults);
}

#[test]
fn every_format_is_in_the_index_and_names_only_formats_that_are_there() {
    let folder = root().join("docs/formats");
    let index = read(&folder.join("README.md"));
    let mut faults = Vec::new();
    for file in files_under(&folder, "md") {
        let name = from_root(&file).replace("docs/formats/", "");
        if name != "README.md" && !index.contains(&format!("({name})")) {
            faults.push(format!("docs/formats/README.md does not list {name}"));
        }
        let text = read(&file);
        let named = text.split('`').skip(1).step_by(2).filter(|word| word.ends_with(".md") && !word.contains('/'));
        let missing = named.filter(|named| !folder.join(named).exists());
        faults.extend(missing.map(|named| format!("docs/formats/{name} speaks of {named}, which is not there")));
    }
    none_of(&faults);
}

/// Every `docs/….md` in a text.
fn documents(text: &str) -> Vec<&str> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let starts = text.match_indices("docs/").map(|(at, _)| &text[at..]);
    let paths = starts.map(|rest| &rest[..rest.find(|c| !inside(c)).unwrap_or(rest.len())]);
    paths.filter_map(|path| path.rfind(".md").map(|at| &path[..at + 3])).collect()
}

#[test]
fn documents_are_found() {
    assert_eq!(documents("see `docs/a/b.md`, docs/c.md. And docs/d, docs/….md"), ["docs/a/b.md", "docs/c.md"]);
}
