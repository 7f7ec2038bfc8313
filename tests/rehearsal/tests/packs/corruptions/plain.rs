//! Changes that nobody has covered up: digests see them.

use std::fs;
use std::os::unix::fs::symlink;

use super::Change;

/// Changes that nobody has covered up: what, how, and a part of the sentence.
pub(super) fn plain() -> Vec<(&'static str, Change, &'static str)> {
    let mut changes: Vec<(&'static str, Change, &'static str)> = Vec::new();
    let files = [
        "pack.json",
        "custody.html",
        "custody.pdf",
        "HOW-TO-VERIFY.txt",
        "captures.jsonl",
        "derivations.jsonl",
        "redacted.wacz",
        "log/entries.jsonl",
        "log/checkpoint",
        "log/log.vkey",
        "approvals/disclosure",
        "approvals/disclosure.s.maria.sig",
        "approvals/allowed_signers",
        "tools/check_derivation.py",
    ];
    for file in files {
        let sees = if file == "approvals/allowed_signers" { "allowed_signers" } else { "its SHA-256 is not the one" };
        changes.push((file, Box::new(move |bench| bench.flip(file)), sees));
    }
    changes.push(("original", Box::new(|bench| bench.flip(&bench.original())), "its SHA-256 is not the one"));
    changes.push((
        "grant of an original",
        Box::new(|bench| bench.flip(&format!("approvals/{}", bench.made.capture))),
        "its SHA-256",
    ));
    changes.push((
        "authorisation",
        Box::new(|bench| {
            let name = fs::read_dir(bench.path("authorisations")).unwrap().next().unwrap().unwrap().file_name();
            bench.flip(&format!("authorisations/{}", name.to_str().unwrap()));
        }),
        "its SHA-256",
    ));
    changes.push(("list of SHA-256", Box::new(|bench| bench.flip("MANIFEST.sha256")), ""));
    changes.push(("list of BLAKE3", Box::new(|bench| bench.flip("MANIFEST.blake3")), ""));
    changes.push(("signature of the list", Box::new(|bench| bench.flip("MANIFEST.sha256.sig")), "MANIFEST.sha256.sig"));
    changes.push((
        "a digest exchanged in one list",
        Box::new(|bench| {
            let list = bench.text("MANIFEST.blake3");
            let (one, two) = (list[..64].to_owned(), list.lines().nth(1).unwrap()[..64].to_owned());
            bench.swap("MANIFEST.blake3", &one, &two);
        }),
        "its BLAKE3 is not the one",
    ));
    changes.push((
        "a file taken out",
        Box::new(|bench| fs::remove_file(bench.path("derivations.jsonl")).unwrap()),
        "not there",
    ));
    changes.push((
        "a file put in",
        Box::new(|bench| fs::write(bench.path("log/more.txt"), "more").unwrap()),
        "does not belong to the pack",
    ));
    changes.push((
        "a link for a file",
        Box::new(|bench| {
            fs::remove_file(bench.path("custody.html")).unwrap();
            symlink("/etc/hostname", bench.path("custody.html")).unwrap();
        }),
        "no plain file",
    ));
    changes.push((
        "a line out of a list",
        Box::new(|bench| {
            bench.edit("MANIFEST.sha256", |text| text.lines().skip(1).map(|line| format!("{line}\n")).collect());
        }),
        "is missing from it",
    ));
    changes.push((
        "no signature",
        Box::new(|bench| fs::remove_file(bench.path("MANIFEST.sha256.sig")).unwrap()),
        "no such file",
    ));
    changes.push((
        "a path out of the pack",
        Box::new(|bench| {
            bench.edit("MANIFEST.sha256", |text| text.replacen("  HOW-TO", "  ../HOW-TO", 1));
        }),
        "no digest and path",
    ));
    changes
}
