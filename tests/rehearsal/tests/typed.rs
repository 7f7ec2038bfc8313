//! Five hundred identifiers in odd spellings, typed as queries: each is refused, and none reaches the disk in the clear.

use std::collections::BTreeSet;
use std::process::Stdio;

use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use rehearsal::{CASE, finish};
use synthetic::identifier::disguise::DISGUISES;
use synthetic::identifier::{Identifier, KINDS};
use synthetic::scan::{Needle, Scan};

use crate::ready;

const QUERIES: usize = 500;

/// Identifiers of every kind, each in every way it is written, and in every disguise.
fn identifiers() -> Vec<(Needle, String)> {
    let mut rng = ChaCha20Rng::seed_from_u64(0x7e57);
    let mut typed = BTreeSet::new();
    let mut all = Vec::new();
    while all.len() < QUERIES {
        for kind in KINDS {
            let one = Identifier::random(kind, &mut rng);
            let disguised =
                DISGUISES.iter().filter(|disguise| disguise.label == kind).map(|disguise| disguise.markup(&one));
            let disguised = disguised.filter(|text| !text.contains(['<', '&', '\n']));
            let written = one.written.iter().cloned().chain(disguised);
            for text in written.filter(|text| !text.contains('\n')).collect::<Vec<_>>() {
                if all.len() < QUERIES && typed.insert(text.clone()) {
                    let needle = Needle { label: one.label, canonical: one.canonical.clone(), written: text.clone() };
                    all.push((needle, text));
                }
            }
        }
    }
    all
}

#[test]
fn five_hundred_identifiers_typed_as_queries_are_refused_and_reach_no_byte_of_the_disk() {
    let lanthorn = ready(65, 60);
    let _ = lanthorn.crawl().good();
    let all = identifiers();
    let kinds: BTreeSet<_> = all.iter().map(|(needle, _)| needle.label).collect();
    assert_eq!(kinds.len(), KINDS.len());

    // One a line, as a person would paste a list; what they stand beside makes no difference.
    let beside = |(place, (_, text)): (usize, &(Needle, String))| match place % 4 {
        0 => text.clone(),
        1 => format!("harbour AND {text}"),
        2 => format!("{text} OR night"),
        _ => format!("title:night {text}"),
    };
    let list: Vec<String> = all.iter().enumerate().map(beside).collect();
    // The list lies outside the data folder, as any file of the person's own does.
    let path = lanthorn.path("list");
    std::fs::write(&path, list.join("\n")).unwrap();
    let mut command = lanthorn.command(&["batch", CASE], 2);
    command.args(["--as", "a.ivan"]).stdin(Stdio::from(std::fs::File::open(&path).unwrap()));
    let answer = finish(command).good();
    std::fs::remove_file(&path).unwrap();

    let lines = answer.json();
    let lines = lines.as_array().unwrap();
    assert_eq!(lines.len(), QUERIES);
    let refused =
        |line: &&serde_json::Value| line["error"].as_str().is_some_and(|why| why.contains("no-identifier-in-query"));
    let let_through: Vec<&String> =
        lines.iter().zip(&list).filter(|(line, _)| !refused(line)).map(|(_, text)| text).collect();
    assert!(let_through.is_empty(), "{} were let through: {let_through:#?}", let_through.len());

    let needles: Vec<Needle> = all.into_iter().map(|(needle, _)| needle).collect();
    let leaks = Scan::new(&needles).folder(&lanthorn.data()).unwrap().leaks;
    assert!(leaks.is_empty(), "{} found on the disk: {:#?}", leaks.len(), leaks.first());
    let refusals = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(refusals["verified"], true);
}
