//! Embeds every file of `migrations/` by its number, so that a crate's owner adds a table by adding a file.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the crate's folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for generated code"));

    let mut files: Vec<PathBuf> = fs::read_dir(here.join("migrations"))
        .expect("crates/store/migrations can be listed")
        .map(|entry| entry.expect("a folder entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();

    let mut code = String::from("&[\n");
    let mut last = 0;
    for path in files {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a migration's name is UTF-8");
        let (number, name) = stem.split_once('_').expect("a migration is called NN_what.sql");
        let number: i64 = number.parse().expect("a migration's name begins with its number");
        assert!(number > last, "two migrations have the number {number}");
        last = number;
        // Named from where the crate is compiled: a target folder outlives the clone that it was filled from.
        let file = format!("/migrations/{stem}.sql");
        writeln!(
            code,
            "    Migration {{ number: {number}, name: {name:?}, sql: include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?})) }},"
        )
        .expect("a string takes any text");
    }
    code.push(']');
    fs::write(out.join("migrations.rs"), code).expect("the generated list can be written");
}
