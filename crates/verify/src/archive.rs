//! The archive: a WACZ whose package, index, pages and records all say the same, and one view for each capture.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::Trust;
use crate::captures::{Capture, Captures};
use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::json::{list, number, parse, text};
use crate::stamps::{Stamped, check_domain, check_warc};
use crate::warc::{Record, records};
use crate::zip::Zip;

const AT: &str = "redacted.wacz";
const PACKAGE: &str = "datapackage.json";
const DIGEST: &str = "datapackage-digest.json";
const WARC: &str = "archive/data.warc.gz";
const INDEX: &str = "indexes/index.cdx";
const PAGES: &str = "pages/pages.jsonl";

/// The members of an archive; a reader's tools may pass over a missing one.
const MEMBERS: [&str; 5] = [PACKAGE, DIGEST, WARC, INDEX, PAGES];

/// Title, board and body of each capture's view.
pub(crate) type Views = BTreeMap<String, [String; 3]>;

pub(crate) fn check(files: &Files, captures: &Captures, trust: &Trust, stamped: &mut Stamped) -> Result<Views, Fault> {
    let mut zip = Zip::open(AT, &files.path(AT))?;
    for member in MEMBERS {
        hold(zip.names().any(|name| name == member), AT, || format!("{member} is missing from it"))?;
    }
    if let Some(other) = zip.names().find(|name| !MEMBERS.contains(name)) {
        return Err(Fault::new(AT, format!("{other} does not belong into it")));
    }
    let package = check_package(&mut zip, trust, stamped)?;
    let about = parse("pack.json", &files.text("pack.json")?)?;
    let made = text(&about, "made", "pack.json")?.get(..19);
    let created = text(&package, "created", PACKAGE)?;
    hold(created.strip_suffix('Z') == made, &format!("{AT}, {PACKAGE}"), || {
        "it is not of the date of the pack".to_owned()
    })?;

    let warc = zip.read(WARC)?;
    check_warc(files, &about, &warc, trust, stamped)?;
    let at = format!("{AT}, {WARC}");
    let all = records(&at, &warc)?;
    let mut by_uri: BTreeMap<&str, (&Record, &Record)> = BTreeMap::new();
    hold(all.first().and_then(|record| record.field("WARC-Type")) == Some("warcinfo"), &at, || {
        "its first record is no warcinfo".to_owned()
    })?;
    for pair in all[1..].chunks(2) {
        let [view, metadata] = pair else { return Err(Fault::new(&at, "a view has no metadata record after it")) };
        let kinds = [view, metadata].map(|record| record.field("WARC-Type").unwrap_or_default());
        hold(kinds == ["resource", "metadata"], &at, || {
            "it has records that are neither a view nor its metadata".to_owned()
        })?;
        let uri = view.field("WARC-Target-URI").unwrap_or_default();
        hold(metadata.field("WARC-Concurrent-To") == view.field("WARC-Record-ID"), &at, || {
            format!("the metadata after {uri} are of another record")
        })?;
        hold(by_uri.insert(uri, (view, metadata)).is_none(), &at, || format!("{uri} is in it twice"))?;
    }
    let mut views = Views::new();
    for (id, capture) in captures {
        let (view, metadata) = by_uri
            .remove(capture.uri.as_str())
            .ok_or_else(|| Fault::new(&at, format!("it has no view of capture {id}")))?;
        views.insert(id.clone(), check_view(&at, id, capture, view, metadata)?);
    }
    if let Some(uri) = by_uri.keys().next() {
        return Err(Fault::new(&at, format!("it has a view that no capture names: {uri}")));
    }
    check_index(&zip.text(INDEX)?, captures, &all)?;
    check_pages(&zip.text(PAGES)?, captures)?;
    Ok(views)
}

/// The package lists every other member, with its digest, and its own digest stands beside it.
fn check_package(zip: &mut Zip<'_>, trust: &Trust, stamped: &mut Stamped) -> Result<Value, Fault> {
    let at = format!("{AT}, {PACKAGE}");
    let content = zip.text(PACKAGE)?;
    let stated = parse(&format!("{AT}, {DIGEST}"), &zip.text(DIGEST)?)?;
    let hash = format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(&content)));
    let digest_at = format!("{AT}, {DIGEST}");
    hold(text(&stated, "path", &digest_at)? == PACKAGE, &digest_at, || "it is of another file".to_owned())?;
    hold(text(&stated, "hash", &digest_at)? == hash, &digest_at, || format!("its hash is not that of {PACKAGE}"))?;
    let package = parse(&at, &content)?;
    hold(text(&package, "wacz_version", &at)? == "1.1.1", &at, || {
        "it is of another version of WACZ than 1.1.1".to_owned()
    })?;
    check_domain(&digest_at, &stated, text(&package, "created", &at)?, trust, stamped)?;
    let mut listed = BTreeSet::new();
    for resource in list(&package, "resources", &at)? {
        let path = text(resource, "path", &at)?;
        let bytes = zip.read(path)?;
        let hash = format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(&bytes)));
        hold(text(resource, "hash", &at)? == hash, &format!("{AT}, {path}"), || {
            format!("its hash is not the one in {PACKAGE}")
        })?;
        hold(number(resource, "bytes", &at)? == bytes.len() as u64, &at, || format!("the size of {path} is another"))?;
        listed.insert(path.to_owned());
    }
    for member in [WARC, INDEX, PAGES] {
        hold(listed.contains(member), &at, || format!("it does not list {member}"))?;
    }
    Ok(package)
}

fn check_view(at: &str, id: &str, capture: &Capture, view: &Record, metadata: &Record) -> Result<[String; 3], Fault> {
    let place = format!("{at}, view of capture {id}");
    hold(view.field("WARC-Record-ID") == Some(&capture.record), &place, || {
        "captures.jsonl names another record".to_owned()
    })?;
    let (sha256, blake3) = (HEXLOWER.encode(&Sha256::digest(&view.block)), blake3::hash(&view.block).to_hex());
    hold(sha256 == capture.sha256, &place, || "its SHA-256 is not the one in captures.jsonl".to_owned())?;
    hold(blake3.as_str() == capture.blake3, &place, || "its BLAKE3 is not the one in captures.jsonl".to_owned())?;
    hold(metadata.block == capture.line.as_bytes(), &place, || {
        "its metadata are not its line of captures.jsonl".to_owned()
    })?;
    let started = text(&capture.value, "collection/started", &place)?;
    hold(view.field("WARC-Date") == Some(started) && metadata.field("WARC-Date") == Some(started), &place, || {
        "its date is not that of the capture".to_owned()
    })?;
    let html = std::str::from_utf8(&view.block).map_err(|_| Fault::new(&place, "it is not UTF-8"))?;
    texts(html, id).ok_or_else(|| Fault::new(&place, "it does not have the form of a redacted view of this capture"))
}

/// The three texts of a view, as they were before they became markup.
fn texts(html: &str, id: &str) -> Option<[String; 3]> {
    html.contains(&format!("<meta name=\"capture\" content=\"{id}\">\n")).then_some(())?;
    let mut rest = html;
    let mut text = |name: &str, element: &str| {
        let opening = format!("<!--{name}--><{element}>\n");
        let (_, after) = rest.split_once(&opening)?;
        let (inner, after) = after.split_once(&format!("</{element}><!--/{name}-->\n"))?;
        rest = after;
        (!inner.contains('<')).then(|| unescaped(inner))
    };
    let texts = [text("title", "h1")?, text("board", "p")?, text("body", "pre")?];
    (rest == "</html>\n").then_some(texts)
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#13;", "\r")];
    // The ampersand comes last: what it stood before is text.
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)).replace("&amp;", "&")
}

/// Every view, and nothing else, is in the index, at the place where it is.
fn check_index(index: &str, captures: &Captures, records: &[Record]) -> Result<(), Fault> {
    let at = format!("{AT}, {INDEX}");
    let mut found = BTreeSet::new();
    let mut last = "";
    for line in index.lines() {
        hold(last < line, &at, || "it is not sorted".to_owned())?;
        last = line;
        let entry = parse(&at, line.splitn(3, ' ').nth(2).unwrap_or_default())?;
        let uri = text(&entry, "url", &at)?;
        let place = |name: &str| Ok::<Option<usize>, Fault>(text(&entry, name, &at)?.parse().ok());
        let (offset, length) = (place("offset")?, place("length")?);
        let there = records.iter().find(|record| {
            record.field("WARC-Type") == Some("resource") && record.field("WARC-Target-URI") == Some(uri)
        });
        let holds = there.is_some_and(|record| Some(record.offset) == offset && Some(record.length) == length);
        hold(holds, &at, || format!("{uri} is not where it says"))?;
        let digest = there.and_then(|record| record.field("WARC-Payload-Digest"));
        hold(Some(text(&entry, "digest", &at)?) == digest, &at, || format!("the digest of {uri} is another"))?;
        found.insert(uri.to_owned());
    }
    all_of(&at, captures, &found)
}

fn check_pages(pages: &str, captures: &Captures) -> Result<(), Fault> {
    let at = format!("{AT}, {PAGES}");
    let mut found = BTreeSet::new();
    for line in pages.lines().skip(1) {
        let page = parse(&at, line)?;
        let uri = text(&page, "url", &at)?;
        let capture = captures.values().find(|capture| capture.uri == uri);
        let started = capture.and_then(|capture| capture.value["collection"]["started"].as_str());
        hold(started == Some(text(&page, "ts", &at)?), &at, || format!("the time of {uri} is another"))?;
        hold(found.insert(uri.to_owned()), &at, || format!("{uri} is in it twice"))?;
    }
    all_of(&at, captures, &found)
}

fn all_of(at: &str, captures: &Captures, found: &BTreeSet<String>) -> Result<(), Fault> {
    if let Some((id, _)) = captures.iter().find(|(_, capture)| !found.contains(&capture.uri)) {
        return Err(Fault::new(at, format!("it does not name the view of capture {id}")));
    }
    hold(found.len() == captures.len(), at, || "it names a view that no capture has".to_owned())
}
