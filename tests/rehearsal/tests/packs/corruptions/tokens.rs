//! Changes to the tokens over the archive's records, by somebody who has the exporter's key.

use std::fs;

use super::Change;
use super::bench::Bench;

const FOLDER: &str = "archive-stamps";

pub(super) fn of_tokens() -> Vec<(&'static str, Change, &'static str)> {
    vec![
        (
            "a token over the records taken out",
            Box::new(|bench| {
                ["tsq", "tsr"].iter().for_each(|end| fs::remove_file(&bench.all(FOLDER, end)[0]).unwrap())
            }),
            "it has 1 tokens, and pack.json says 2",
        ),
        (
            "a query over the records without its reply",
            Box::new(|bench| fs::remove_file(&bench.all(FOLDER, "tsr")[1]).unwrap()),
            "it has no reply",
        ),
        (
            "a byte of a token over the records",
            Box::new(|bench| {
                let reply = &bench.all(FOLDER, "tsr")[0];
                let mut bytes = fs::read(reply).unwrap();
                let last = bytes.len() - 9;
                bytes[last] ^= 1;
                fs::write(reply, bytes).unwrap();
            }),
            "signature does not hold",
        ),
        (
            "a token over something else",
            Box::new(|bench| {
                for end in ["tsq", "tsr"] {
                    fs::copy(&bench.all("log/stamps", end)[0], &bench.all(FOLDER, end)[0]).unwrap();
                }
            }),
            "it asks about another archive",
        ),
        (
            "other records under old tokens",
            Box::new(|bench| {
                let kept = bench.path("kept");
                super::bench::copy(&bench.path(FOLDER), &kept);
                other_records(bench);
                fs::rename(&kept, bench.path(FOLDER)).unwrap();
                bench.swap("pack.json", "\"got\": 0", "\"got\": 2");
            }),
            "it asks about another archive",
        ),
        (
            "another file among the tokens",
            Box::new(|bench| fs::write(bench.path("archive-stamps/readme.txt"), "hello").unwrap()),
            "no file of a pack has this name",
        ),
    ]
}

/// An empty member more at the end: gzip readers pass over it.
fn other_records(bench: &Bench<'_>) {
    bench.member("archive/data.warc.gz", |mut warc| {
        let empty = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        warc.extend(empty.finish().unwrap());
        warc
    });
}
