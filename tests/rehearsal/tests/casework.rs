//! What analysts do with a case, from the command line: folders, notes, alerts, batches, exports, links, indicators, selectors.

use std::io::Write as _;
use std::process::Stdio;

use rehearsal::{CASE, Installation, Ran, finish};
use serde_json::Value;

use crate::ready;

fn captures(hits: &Value) -> Vec<String> {
    let all = hits["hits"].as_array().unwrap().iter().map(|hit| hit["capture"].as_str().unwrap().to_owned());
    let mut all: Vec<String> = all.collect();
    all.sort();
    all
}

/// Runs a command as somebody who types this.
fn typing(lanthorn: &Installation, person: &str, args: &[&str], typed: &str) -> Ran {
    let path = lanthorn.path("typed");
    std::fs::File::create(&path).unwrap().write_all(typed.as_bytes()).unwrap();
    let mut command = lanthorn.command(args, 2);
    command.args(["--as", person]).stdin(Stdio::from(std::fs::File::open(&path).unwrap()));
    let ran = finish(command);
    std::fs::remove_file(&path).unwrap();
    ran
}

#[test]
fn an_alert_is_set_off_by_exactly_the_pages_that_its_query_finds() {
    let lanthorn = ready(61, 60);
    let query = "kind:ad AND (room OR new OR ro*) NOT site:nowhere";
    let ivan = |args: &[&str]| lanthorn.by("a.ivan", args);
    let _ = ivan(&["alert", "save", CASE, "ads", query, "--alert"]).good();
    let _ = ivan(&["alert", "save", CASE, "quiet", query]).good();
    assert_eq!(ivan(&["alert", "save", CASE, "ads", query]).code, 3, "the name is taken");
    let _ = lanthorn.crawl().good();

    let hits = ivan(&["search", CASE, query, "--limit", "500", "--why"]).good().json();
    let found = captures(&hits);
    assert!(found.len() >= 5, "too few to show anything: {hits}");
    assert!(hits["hits"][0]["why"].as_array().unwrap().iter().any(|why| why["part"] == "kind:ad"), "{hits}");
    let saved = ivan(&["alert", "list", CASE]).good().json();
    assert_eq!((saved[0]["unseen"].as_u64(), saved[1]["unseen"].as_u64()), (Some(found.len() as u64), Some(0)));

    // One line, which says how many and not a word of a page, goes to the site's command.
    let line = lanthorn.path("line");
    let config = lanthorn.data().join("lanthorn.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    assert_eq!(lanthorn.run(&["alert", "deliver"]).code, 2, "no command is set");
    let commanded = |command: &str| {
        let with =
            text.replace("[alerts]", "[alerts]\n#").replace("\ncommand = []", &format!("\ncommand = [{command}]"));
        std::fs::write(&config, with).unwrap();
    };
    // A command that fails has told nothing: the log says so, and the line is told the next time.
    commanded("\"false\"");
    let failed = lanthorn.run(&["alert", "deliver"]);
    assert!(failed.code == 4 && failed.err.contains("delivered next time"), "{failed:?}");
    let logged = lanthorn.by("u.paul", &["audit", "tail", "--kind", "disclose"]).good().json().to_string();
    assert!(logged.contains("the site's command") && logged.contains("failed"), "{logged}");
    commanded(&format!("\"tee\", \"{}\"", line.display()));
    let _ = lanthorn.run(&["alert", "deliver"]).good();
    let told = std::fs::read_to_string(&line).unwrap();
    let count = format!("{} new captures for alert \"ads\" (1) in {CASE}: ", found.len());
    assert!(told.starts_with(&format!("Subject: {count}")), "{told}");
    assert_eq!(lanthorn.run(&["alert", "deliver"]).good().json(), serde_json::json!([]), "it is told once");

    let mut shown: Vec<String> = ivan(&["alert", "show", CASE, "ads"])
        .good()
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["capture"].as_str().unwrap().to_owned())
        .collect();
    shown.sort();
    assert_eq!(shown, found);
    assert_eq!(ivan(&["alert", "list", CASE]).good().json()[0]["unseen"], 0);
    // Crawled once more, nothing new sets it off.
    let _ = lanthorn.crawl().good();
    assert_eq!(ivan(&["alert", "list", CASE]).good().json()[0]["unseen"], 0);
    let _ = ivan(&["alert", "forget", CASE, "ads"]).good();
}

#[test]
fn what_people_write_is_screened_typed_and_goes_with_its_capture() {
    let lanthorn = ready(62, 60);
    let _ = lanthorn.crawl().good();
    let ivan = |args: &[&str]| lanthorn.by("a.ivan", args);
    let hits = ivan(&["search", CASE, "kind:ad", "--sort", "newest"]).good().json();
    let capture = captures(&hits)[0].clone();

    let page = ivan(&["page", CASE, &capture, "--reason", "to see the whole text"]).good().json();
    assert_eq!(page["capture"], capture.as_str());
    assert!(page["body"].as_str().unwrap().len() > 20, "{page}");
    assert_eq!(
        lanthorn.by("o.olena", &["page", CASE, &capture, "--reason", "curious"]).code,
        3,
        "operators read no content"
    );

    let _ = ivan(&["folder", "new", CASE, "harbour"]).good();
    let _ = ivan(&["folder", "add", CASE, "harbour", &capture]).good();
    assert_eq!(ivan(&["folder", "show", CASE, "harbour"]).good().json()[0]["capture"], capture.as_str());
    assert_ne!(ivan(&["folder", "add", CASE, "harbour", "00000000000000000000000000"]).code, 0, "no such capture");

    let note = |text: &str| ivan(&["note", "add", CASE, &capture, text]);
    assert_eq!(note("call maria@forum.example about it").code, 3, "a note holds no identifier");
    let number = note("the same room as in the folder").good().json()["note"].to_string();
    let _ = ivan(&["note", "add", CASE, &capture, "harbour", "--tag"]).good();
    let assess = |more: &[&str]| ivan(&[&["assess", CASE, "case", "the ads are written by one hand"], more].concat());
    assert_eq!(assess(&[]).code, 3, "an assessment without a basis");
    let founded = ["--basis", "the same slips in all of them", "--confidence", "moderate", "--until", "2030-01-31"];
    let _ = assess(&founded).good();
    assert_eq!(ivan(&["note", "list", CASE]).good().json().as_array().unwrap().len(), 3);
    let _ = lanthorn.by("s.maria", &["note", "withdraw", CASE, &number]).good();
    assert_eq!(ivan(&["note", "list", CASE, "--about", &capture]).good().json().as_array().unwrap().len(), 1);

    let flagged = ivan(&["indicators", "show", CASE]).good().json();
    assert!(flagged.as_array().unwrap().len() >= 10, "every rule is told, with its count");
    let _ = ivan(&["indicators", "dismiss", CASE, "debt", &capture, "--reason", "a bicycle is sold"]).good();
    assert_ne!(ivan(&["indicators", "confirm", CASE, "nothing", &capture, "--reason", "x"]).code, 0, "no such rule");

    let _ = lanthorn.by("s.maria", &["erase", &capture, "--reason", "asked for by the person"]).good();
    assert_eq!(ivan(&["folder", "show", CASE, "harbour"]).good().json(), serde_json::json!([]));
    assert_eq!(ivan(&["note", "list", CASE, "--about", &capture]).good().json(), serde_json::json!([]));
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
}

#[test]
fn batches_exports_and_links_do_what_the_screen_says() {
    let lanthorn = ready(63, 60);
    let _ = lanthorn.crawl().good();
    let ivan = |args: &[&str]| lanthorn.by("a.ivan", args);
    let list = "# four lines\nkind:ad\n\nmaria@forum.example\nkind:ad AND (\nselector:99\n";
    let lines = typing(&lanthorn, "a.ivan", &["batch", CASE], list).good().json();
    let hits = ivan(&["search", CASE, "kind:ad", "--limit", "500"]).good().json();
    assert_eq!((&lines[0]["line"], &lines[0]["count"]), (&2.into(), &hits["count"]), "{lines}");
    assert!(lines[1]["error"].as_str().unwrap().contains("no-identifier-in-query"), "{lines}");
    assert!(!lines.to_string().contains("maria"), "what was typed is not repeated");
    assert!(lines[2]["error"].as_str().unwrap().contains("character"), "{lines}");
    assert!(lines[3]["error"].as_str().unwrap().contains("selector 99"), "{lines}");

    let file = lanthorn.path("hits.csv");
    let export = [
        "export",
        CASE,
        "kind:ad",
        "--out",
        file.to_str().unwrap(),
        "--recipient",
        "liaison",
        "--reason",
        "joint case",
    ];
    assert_eq!(ivan(&export).code, 3, "analysts do not export");
    assert!(!file.exists());
    let told = lanthorn.by("s.maria", &export).good().json();
    let written = std::fs::read(&file).unwrap();
    assert_eq!(told["blake3"], blake3::hash(&written).to_hex().as_str());
    assert_eq!(told["rows"], hits["count"]);
    for capture in captures(&hits) {
        assert!(String::from_utf8_lossy(&written).contains(&capture), "{capture} is on the screen and not in the file");
    }

    // A link that somebody takes away stays away, until it is put back.
    let beside = |token: &str| {
        let links = ivan(&["links", CASE, token, "--depth", "1"]).good().json();
        let ends = links["edges"].as_array().unwrap().iter().map(|edge| edge["to"].as_str().unwrap().to_owned());
        (ends.collect::<Vec<_>>(), links)
    };
    let tokens = hits["hits"].as_array().unwrap().iter().flat_map(|hit| hit["tokens"].as_array().unwrap().clone());
    let tokens: Vec<String> = tokens.map(|token| token.as_str().unwrap().to_owned()).collect();
    let (token, ends) = tokens.iter().map(|token| (token, beside(token).0)).find(|(_, ends)| !ends.is_empty()).unwrap();
    let _ = ivan(&["links", CASE, token, "--remove", &ends[0], "--reason", "two different things"]).good();
    let (without, links) = beside(token);
    assert!(!without.contains(&ends[0]) && links["removed"] == 1, "{links}");
    let _ = lanthorn.by("s.maria", &["links", CASE, token, "--restore", &ends[0]]).good();
    assert_eq!(beside(token).0, ends);
    let _ = ivan(&["groups", CASE]).good();
}

#[test]
fn an_approved_selector_is_searched_by_a_token_and_its_value_is_forgotten() {
    let lanthorn = ready(64, 60);
    let _ = lanthorn.crawl().good();
    let planted = lanthorn.site.planted.iter().find(|planted| {
        planted.label == model::Label::Email && redactor::screen(&planted.written).is_err_and(|found| {
            matches!(found.findings(), [one] if one.start == 0 && one.end == planted.written.chars().count())
        })
    });
    let value = &planted.expect("an address that can be typed").written;
    let ivan = |args: &[&str]| lanthorn.by("a.ivan", args);
    assert_eq!(ivan(&["search", CASE, value]).code, 3, "typed raw it is refused");
    let ask = ["selector", "ask", CASE, "--reason", "named in the warrant"];
    assert_eq!(typing(&lanthorn, "a.ivan", &ask, "harbour\n").code, 3, "no identifier");
    let number = typing(&lanthorn, "a.ivan", &ask, &format!("{value}\n")).good().json()["selector"].to_string();
    let query = format!("selector:{number}");
    assert_eq!(ivan(&["search", CASE, &query]).code, 3, "nobody has approved it");
    let approve = ["selector", "approve", CASE, &number, "--reason", "covered by the warrant"];
    assert_eq!(ivan(&approve).code, 3, "an analyst approves nothing");
    let own = typing(&lanthorn, "s.maria", &ask, &format!("{value}\n")).good().json()["selector"].to_string();
    assert_eq!(
        lanthorn.by("s.maria", &["selector", "approve", CASE, &own, "--reason", "mine"]).code,
        3,
        "not the own one"
    );
    let _ = lanthorn.by("s.jonas", &["selector", "deny", CASE, &own, "--reason", "asked for twice"]).good();
    let _ = lanthorn.by("s.maria", &approve).good();
    assert_eq!(ivan(&["search", CASE, &query]).code, 3, "its token has not been made");
    assert_eq!(lanthorn.run(&["selector", "work", CASE]).good().json()["made"], 1);

    let hits = ivan(&["search", CASE, &query]).good().json();
    assert!(hits["count"].as_u64().unwrap() >= 1, "the page that it stands on is found: {hits}");
    assert!(hits["understood"].as_str().unwrap().starts_with("[EMAIL:"), "{hits}");
    let list = ivan(&["selector", "list", CASE]).good().json();
    assert_eq!((&list[1]["uses"], &list[0]["approved"]), (&1.into(), &false.into()), "{list}");
    let needle =
        synthetic::scan::Needle { label: model::Label::Email, canonical: value.clone(), written: value.clone() };
    let leaks = synthetic::scan::Scan::new(&[needle]).folder(&lanthorn.data()).unwrap().leaks;
    assert!(leaks.is_empty(), "the value is on the disk: {leaks:?}");
}
