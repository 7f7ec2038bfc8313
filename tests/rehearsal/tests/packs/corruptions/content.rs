//! Changes to archive, derivations and originals, by somebody who has the exporter's key.

use std::fs;

use data_encoding::BASE64;

use super::Change;
use super::bench::{members, of, sha256, starts, zipped};

/// What was changed and covered up: what, how, and a part of the sentence.
pub(super) fn of_content() -> Vec<(&'static str, Change, &'static str)> {
    vec![
        (
            "no signature of the domain",
            Box::new(|bench| bench.digest(|digest| digest["signedData"] = serde_json::Value::Null)),
            "no domain has signed it",
        ),
        (
            "a signature of another package",
            Box::new(|bench| {
                bench.digest(|digest| digest["signedData"]["hash"] = format!("sha256:{}", "0".repeat(64)).into())
            }),
            "its hash is not that of the package",
        ),
        (
            "another domain",
            Box::new(|bench| bench.digest(|digest| digest["signedData"]["domain"] = "elsewhere.example".into())),
            "its certificate is not for elsewhere.example",
        ),
        (
            "a signature by nobody",
            Box::new(|bench| {
                bench.digest(|digest| {
                    let other = BASE64.encode(&[0x30; 70]);
                    digest["signedData"]["signature"] = other.into();
                });
            }),
            "the signature is not by the key of",
        ),
        (
            "the time stamp of something else",
            Box::new(|bench| {
                let stamps = bench.path("log/stamps");
                let reply = fs::read_dir(stamps).unwrap().map(|entry| entry.unwrap().path());
                let reply =
                    fs::read(reply.into_iter().find(|path| path.extension().is_some_and(|end| end == "tsr")).unwrap());
                let reply = BASE64.encode(&reply.unwrap());
                bench.digest(|digest| digest["signedData"]["timeSignature"] = reply.into());
            }),
            "for another digest",
        ),
        (
            "a stamped checkpoint changed",
            Box::new(|bench| {
                let stamps = fs::read_dir(bench.path("log/stamps")).unwrap().map(|entry| entry.unwrap().path());
                let note =
                    stamps.into_iter().find(|path| path.extension().is_some_and(|end| end == "checkpoint")).unwrap();
                let text = fs::read_to_string(&note).unwrap();
                fs::write(note, text + "\u{2014} other.example/witness AAAAAAAA\n").unwrap();
            }),
            "it asks about another checkpoint",
        ),
        (
            "a byte of a time stamp",
            Box::new(|bench| {
                let stamps = fs::read_dir(bench.path("log/stamps")).unwrap().map(|entry| entry.unwrap().path());
                let reply = stamps.into_iter().find(|path| path.extension().is_some_and(|end| end == "tsr")).unwrap();
                let mut bytes = fs::read(&reply).unwrap();
                let last = bytes.len() - 9;
                bytes[last] ^= 1;
                fs::write(reply, bytes).unwrap();
            }),
            "signature does not hold",
        ),
        (
            "a query without its reply",
            Box::new(|bench| {
                let stamps = fs::read_dir(bench.path("log/stamps")).unwrap().map(|entry| entry.unwrap().path());
                fs::remove_file(
                    stamps.into_iter().find(|path| path.extension().is_some_and(|end| end == "tsr")).unwrap(),
                )
                .unwrap();
            }),
            "it has no reply",
        ),
        (
            "no list of pages",
            Box::new(|bench| bench.archive(|members| members.retain(|(name, _)| name != "pages/pages.jsonl"))),
            "is missing from it",
        ),
        (
            "no digest of the package",
            Box::new(|bench| bench.archive(|members| members.retain(|(name, _)| name != "datapackage-digest.json"))),
            "is missing from it",
        ),
        (
            "an altered digest",
            Box::new(|bench| {
                let path = bench.path("redacted.wacz");
                let mut inside = members(&path);
                let digest = inside.iter_mut().find(|(name, _)| name == "datapackage-digest.json").unwrap();
                digest.1 = String::from_utf8(digest.1.clone()).unwrap().replace("sha256:", "sha256:0").into_bytes();
                fs::write(path, zipped(&inside)).unwrap();
            }),
            "its hash is not that of datapackage.json",
        ),
        (
            "a member put in",
            Box::new(|bench| bench.archive(|members| members.push(("more.txt".into(), b"more".to_vec())))),
            "does not belong into it",
        ),
        (
            "a member not listed",
            Box::new(|bench| {
                let path = bench.path("redacted.wacz");
                let mut inside = members(&path);
                let mut package: serde_json::Value = serde_json::from_slice(&of(&inside, "datapackage.json")).unwrap();
                package["resources"].as_array_mut().unwrap().remove(1);
                let package = package.to_string().into_bytes();
                for (name, bytes) in &mut inside {
                    match name.as_str() {
                    "datapackage.json" => bytes.clone_from(&package),
                    "datapackage-digest.json" => *bytes = serde_json::json!({ "path": "datapackage.json", "hash": format!("sha256:{}", sha256(&package)) }).to_string().into_bytes(),
                    _ => {}
                }
                }
                fs::write(path, zipped(&inside)).unwrap();
            }),
            "it does not list indexes/index.cdx",
        ),
        (
            "bytes between members",
            Box::new(|bench| {
                let path = bench.path("redacted.wacz");
                let bytes = fs::read(&path).unwrap();
                let at = bytes.windows(4).rposition(|four| four == b"PK\x03\x04").unwrap();
                fs::write(path, [&bytes[..at], b"hidden", &bytes[at..]].concat()).unwrap();
            }),
            "no ZIP archive",
        ),
        (
            "an index that points elsewhere",
            Box::new(|bench| {
                bench.member("indexes/index.cdx", |index| {
                    String::from_utf8(index).unwrap().replacen("\"offset\":\"", "\"offset\":\"1", 1).into_bytes()
                })
            }),
            "is not where it says",
        ),
        (
            "an index without an entry",
            Box::new(|bench| {
                bench.member("indexes/index.cdx", |index| {
                    String::from_utf8(index)
                        .unwrap()
                        .lines()
                        .skip(1)
                        .map(|line| format!("{line}\n"))
                        .collect::<String>()
                        .into_bytes()
                })
            }),
            "does not name the view",
        ),
        (
            "a page taken out",
            Box::new(|bench| {
                bench.member("pages/pages.jsonl", |pages| {
                    let text = String::from_utf8(pages).unwrap();
                    text.lines()
                        .enumerate()
                        .filter(|(at, _)| *at != 1)
                        .map(|(_, line)| format!("{line}\n"))
                        .collect::<String>()
                        .into_bytes()
                })
            }),
            "does not name the view",
        ),
        (
            "a page at another time",
            Box::new(|bench| {
                bench.member("pages/pages.jsonl", |pages| {
                    String::from_utf8(pages).unwrap().replacen("\"ts\":\"2", "\"ts\":\"1", 1).into_bytes()
                })
            }),
            "the time of",
        ),
        (
            "a record that is not whole",
            Box::new(|bench| bench.member("archive/data.warc.gz", |warc| warc[..warc.len() - 9].to_vec())),
            "its gzip member is damaged",
        ),
        (
            "a byte of a record",
            Box::new(|bench| {
                bench.member("archive/data.warc.gz", |mut warc| {
                    let middle = warc.len() / 2;
                    warc[middle] ^= 4;
                    warc
                })
            }),
            "archive/data.warc.gz",
        ),
        (
            "records in another order",
            Box::new(|bench| {
                bench.member("archive/data.warc.gz", |warc| {
                    let at = starts(&warc);
                    [&warc[..at[1]], &warc[at[2]..at[3]], &warc[at[1]..at[2]], &warc[at[3]..]].concat()
                })
            }),
            "neither a view nor its metadata",
        ),
        (
            "metadata of another capture",
            Box::new(|bench| {
                bench.member("archive/data.warc.gz", |warc| {
                    let at = starts(&warc);
                    [&warc[..at[2]], &warc[at[4]..at[5]], &warc[at[3]..at[4]], &warc[at[2]..at[3]], &warc[at[5]..]]
                        .concat()
                })
            }),
            "are of another record",
        ),
        (
            "a derivation taken out",
            Box::new(|bench| {
                bench.edit("derivations.jsonl", |text| text.lines().skip(1).map(|line| format!("{line}\n")).collect())
            }),
            "has no derivation",
        ),
        (
            "a derivation twice",
            Box::new(|bench| {
                bench.edit("derivations.jsonl", |text| format!("{}\n{text}", text.lines().next().unwrap()))
            }),
            "or has two derivations",
        ),
        (
            "derivations exchanged",
            Box::new(|bench| {
                let (one, two) = (bench.made.capture.clone(), bench.other.clone());
                bench.edit("derivations.jsonl", |text| text.replace(&one, "#").replace(&two, &one).replace('#', &two));
            }),
            "is not that of capture",
        ),
        (
            "a token changed",
            Box::new(|bench| {
                bench.edit("derivations.jsonl", |text| {
                    let at = text.find("[\"token\",\"[").unwrap() + 10;
                    let end = at + text[at..].find(']').unwrap() - 1;
                    let other = if text[end..].starts_with('0') { "1" } else { "0" };
                    text[..end].to_owned() + other + &text[end + 1..]
                })
            }),
            "is not the one in the archive",
        ),
        (
            "a step too long",
            Box::new(|bench| {
                bench.edit("derivations.jsonl", |text| {
                    let at = text.find("[\"copy\",").unwrap() + 8;
                    let end = at + text[at..].find(']').unwrap();
                    let places: Vec<u64> = text[at..end].split(',').map(|place| place.parse().unwrap()).collect();
                    format!("{}{},{}{}", &text[..at], places[0], places[1] + 1, &text[end..])
                })
            }),
            "is not the one in the archive",
        ),
        (
            "a derivation of another original",
            Box::new(|bench| {
                let line: serde_json::Value =
                    serde_json::from_str(&bench.line_of("derivations.jsonl", &bench.other)).unwrap();
                let value = line["original"]["commitment_blake3"].as_str().unwrap().to_owned();
                bench.swap("derivations.jsonl", &value, &value.chars().rev().collect::<String>());
            }),
            "is not that of capture",
        ),
        (
            "a byte of an original's payload",
            Box::new(|bench| bench.flip(&bench.original())),
            "its payload is not the sealed one",
        ),
        (
            "an original for somebody else",
            Box::new(|bench| {
                let own = bench.made.court.to_public().to_string();
                let other = age::x25519::Identity::generate().to_public().to_string();
                bench.swap("pack.json", &own, &other);
            }),
            "knows of no disclosure of this copy",
        ),
        (
            "an original with another header",
            Box::new(|bench| {
                let bytes = fs::read(bench.path(&bench.original())).unwrap();
                let at = bytes.windows(3).position(|three| three == b"---").unwrap();
                fs::write(bench.path(&bench.original()), [&bytes[..at], b"-> grease\n\n", &bytes[at..]].concat())
                    .unwrap();
            }),
            "knows of no disclosure of this copy",
        ),
        (
            "an original without a header",
            Box::new(|bench| fs::write(bench.path(&bench.original()), b"age-encryption.org/v1\n").unwrap()),
            "it is no age file",
        ),
        (
            "an original that nobody names",
            Box::new(|bench| {
                fs::copy(bench.path(&bench.original()), bench.path(&format!("originals/{}.age", bench.other))).unwrap();
            }),
            "no file of a pack has this name",
        ),
        (
            "the grant of an original changed",
            Box::new(|bench| {
                let name = format!("approvals/{}", bench.made.capture);
                bench.swap(&name, "a number may lead to a victim", "another reason altogether");
            }),
            "the grant was changed after it was approved",
        ),
        (
            "an approval of an original taken out",
            Box::new(|bench| {
                fs::remove_file(bench.path(&format!("approvals/{}.s.jonas.sig", bench.made.capture))).unwrap();
            }),
            "1 of 2 needed approvals",
        ),
        ("no report", Box::new(|bench| fs::remove_file(bench.path("custody.html")).unwrap()), "no such file"),
        (
            "a file listed that does not belong",
            Box::new(|bench| fs::write(bench.path("notes.txt"), "notes").unwrap()),
            "no file of a pack has this name",
        ),
    ]
}
