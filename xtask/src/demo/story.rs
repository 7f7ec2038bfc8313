//! The story, step by step: every command that a unit would type, in the order in which it would type them.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::cast::{ANALYST, AUDITOR, CASE, Cast, OPERATOR, SUPERVISORS};
use super::figures::Figures;
use super::scenery::{Scenery, text};
use super::verdict::{self, Opened};
use super::workshop::Programs;
use crate::stage::Watch;

/// The name of the installation.
const UNIT: &str = "unit.example";

/// Plays it, and returns what was measured on the way.
pub(crate) fn play(cast: &Cast, scenery: &Scenery, programs: &Programs) -> Result<Figures> {
    installation(cast, scenery)?;
    people(cast)?;
    epoch(cast)?;
    authorisation(cast, scenery, programs)?;
    let (crawled, crawl_seconds) = crawl(cast)?;
    searches(cast, scenery)?;
    let linked = pivots(cast, scenery, programs)?;
    let opened = one_original(cast)?;
    let unsealed_identical = verdict::is_the_servers_page(cast, scenery, &opened)?;
    let log = the_log(cast, programs)?;
    let scan = verdict::scan(cast, scenery, programs)?;
    verdict::scope_was_kept(cast, scenery)?;
    let deep = cast.quietly_by(AUDITOR, &["doctor", "--deep"])?;

    Ok(Figures {
        sites: scenery.truth["sites"].as_array().map_or(0, |sites| sites.len() as u64),
        captures: number(&crawled["pages"]["kept"]),
        sealed: verdict::sealed(&deep)?,
        indexed: number(&crawled["pages"]["indexed"]),
        redactions: crawled["redactions"].clone(),
        planted: number(&scan["planted"]),
        leaks: number(&scan["leaks"]),
        linked_groups_planted: linked.planted,
        linked_groups_found: linked.found,
        log_entries: number(&log["entries"]),
        log_verified: log["verified"] == true,
        unsealed_identical,
        seconds_network: scenery.network_seconds,
        seconds_crawl: crawl_seconds,
        seconds_total: 0.0,
    })
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn installation(cast: &Cast, scenery: &Scenery) -> Result<()> {
    cast.voice().head("1. an installation");
    cast.show(&["init", "--name", UNIT])?;
    let network = scenery.arti_config(&cast.path(""))?;
    let config = cast.path("data/lanthorn.toml");
    let written = std::fs::read_to_string(&config).context("read the configuration")?;
    let private = written.replace("network = \"\"", &format!("network = {:?}", network.display().to_string()));
    std::fs::write(&config, private).context("write the configuration")?;
    cast.voice().say("  (in lanthorn.toml, [tor] network now names the private network)");
    Ok(())
}

fn people(cast: &Cast) -> Result<()> {
    cast.voice().head("2. people: the first two supervisors found it, everybody else needs two of them");
    for person in SUPERVISORS.iter().chain(&[ANALYST]) {
        cast.ask_by(person, &["supervisor", "enrol", "--keys", &cast.keys(person)])?;
    }
    let everybody = SUPERVISORS.map(|person| (person, "supervisor", true)).into_iter();
    let everybody =
        everybody.chain([(ANALYST, "analyst", true), (OPERATOR, "operator", false), (AUDITOR, "auditor", false)]);
    for (place, (person, role, enrolled)) in everybody.enumerate() {
        let (passphrase, enrolment) = (cast.passphrase(), format!("{}/enrolment.toml", cast.keys(person)));
        let mut args = vec!["people", "add", person, "--role", role, "--new-passphrase-file", &passphrase];
        if enrolled {
            args.extend(["--enrolment", &enrolment]);
        }
        if place < 2 {
            cast.ask(&args, 1)?;
        } else {
            let proposal = cast.ask_by("s.maria", &args)?["proposal"].to_string();
            cast.ask_by("s.jonas", &["people", "confirm", &proposal])?;
        }
    }
    cast.show(&["people", "list"])
}

fn epoch(cast: &Cast) -> Result<()> {
    cast.voice().head("3. a key of which three hold a share, and two open an original; the whole key never exists");
    let at = cast.at("ceremony");
    let enrolments = SUPERVISORS.map(|person| format!("{}/enrolment.toml", cast.keys(person)));
    let mut plan = vec!["supervisor", "ceremony", "plan", "--at", &at, "--threshold", "2"];
    plan.extend(enrolments.iter().flat_map(|file| ["--member", file]));
    let planned = cast.ask(&plan, 0)?;
    cast.voice().say("  each on a machine of their own: three rounds, in which only what is for nobody's eyes alone leaves it in clear");
    let mut certificate = String::new();
    for round in 0..3 {
        for person in SUPERVISORS {
            let keys = cast.keys(person);
            let step = ["supervisor", "ceremony", "step", "--at", &at, "--keys", &keys];
            let done = if round == 0 { cast.ask(&step, 1)? } else { cast.quietly(&step, 1)? };
            certificate = text(&done["certificate"]).to_owned();
        }
    }
    let members = planned["members"].as_array().map_or(0, Vec::len);
    cast.voice().say(&format!("  signed by all {members}: {} of {members} open an original", planned["threshold"]));
    cast.show_by("s.maria", &["supervisor", "epoch", &certificate])
}

fn authorisation(cast: &Cast, scenery: &Scenery, programs: &Programs) -> Result<()> {
    cast.voice().head("4. an authorisation: exact hosts and paths, a legal basis, ceilings, an end, two signatures");
    let beside = ["--with", ANALYST, "--with", SUPERVISORS[1], "--with", SUPERVISORS[2]];
    cast.ask_by("s.maria", &[&["case", "new", CASE, "--title", "invented pages"][..], &beside].concat())?;
    let file = cast.at("authorisation.toml");
    verdict::paper(scenery, programs, CASE, UNIT, &file)?;
    let seed = scenery.truth["sites"][1]["seed_url"].as_str().unwrap_or_default().to_owned();
    let urls = [seed, "http://elsewhere.example/board/7".to_owned(), "http://helpline.example/ask".to_owned()];
    let mut check = vec!["authorisation", "check", &file];
    check.extend(urls.iter().flat_map(|url| ["--url", url]));
    cast.show(&check)?;
    for person in ["s.maria", "s.jonas"] {
        cast.show(&["authorisation", "sign", &file, "--keys", &cast.keys(person)])?;
    }
    cast.show_by(OPERATOR, &["authorisation", "add", &file])
}

fn crawl(cast: &Cast) -> Result<(Value, f64)> {
    cast.voice().head("5. the crawl, over Tor, inside that authorisation");
    let watch = Watch::begin();
    let crawled = cast.ask_by(OPERATOR, &["crawl", "run", CASE, "--until-idle", "--max-wait", "60"])?;
    let seconds = watch.seconds();
    let pages = &crawled["pages"];
    cast.voice().say(&format!(
        "  {} pages kept in {seconds:.1} s, {} of them in the index; {} requests with nothing to keep",
        pages["kept"], pages["indexed"], pages["turned_back"]
    ));
    cast.voice().say(&format!("  hidden before anything was indexed: {}", list(&crawled["redactions"])));
    cast.show(&["crawl", "status", CASE])?;
    Ok((crawled, seconds))
}

fn list(counts: &Value) -> String {
    let counts = counts.as_object().into_iter().flatten();
    counts.map(|(label, count)| format!("{count} {label}")).collect::<Vec<_>>().join(", ")
}

fn searches(cast: &Cast, scenery: &Scenery) -> Result<()> {
    cast.voice().head("6. three searches in the redacted index");
    let word = |site: usize, place: usize| text(&scenery.truth["sites"][site]["findable"][place]["word"]).to_owned();
    let (first, second) = (word(1, 0), word(0, 1));
    for query in [first.clone(), format!("{second} AND kind:thread"), format!("{first} AND NOT {second} AND kind:ad")] {
        cast.show_by(ANALYST, &["search", CASE, &query, "--limit", "2"])?;
    }
    Ok(())
}

/// How many groups there are, and how many the product links.
struct Linked {
    planted: u64,
    found: u64,
}

fn pivots(cast: &Cast, scenery: &Scenery, programs: &Programs) -> Result<Linked> {
    cast.voice().head("7. pivots: pages of different sites that share a hidden identifier, written in different ways");
    let groups = verdict::groups(cast, scenery, programs, CASE)?;
    let mut found = 0;
    for group in &groups {
        let tokens = group["tokens"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for token in tokens {
            let pivot = cast.quietly_by(ANALYST, &["pivot", CASE, token])?;
            let sites = pivot["sites"].as_array().map_or(0, Vec::len) as u64;
            if pivot["count"] == group["members"] && sites == number(&group["sites"]) && sites > 1 {
                if found == 0 {
                    cast.show_by(ANALYST, &["pivot", CASE, token])?;
                }
                found += 1;
                break;
            }
        }
    }
    cast.voice().say(&format!(
        "  {found} of {} groups: one pivot leads to every page of the group, on every site, and to no other",
        groups.len()
    ));
    Ok(Linked { planted: groups.len() as u64, found })
}

fn one_original(cast: &Cast) -> Result<Opened> {
    cast.voice()
        .head("8. one original: asked for with a reason, witnessed, opened by two supervisors' shares, logged before and after");
    let hits = cast.quietly_by(ANALYST, &["search", CASE, "kind:ad", "--limit", "1"])?;
    let capture = text(&hits["hits"][0]["capture"]).to_owned();
    let ask = [
        "unseal",
        "request",
        &capture,
        "--code",
        "R1",
        "--reason",
        "a number may lead to a victim",
        "--legal-basis",
        "Example Act, section 5",
    ];
    let request = cast.ask_by(ANALYST, &ask)?["request"].to_string();
    cast.show_by("s.maria", &["supervisor", "witness", "--keys", &cast.keys("s.maria")])?;
    cast.show_by("s.jonas", &["supervisor", "queue"])?;
    for person in ["s.jonas", "s.amina"] {
        cast.show_by(person, &["supervisor", "approve", &request, "--keys", &cast.keys(person)])?;
    }
    let keys = cast.keys(ANALYST);
    let opened = cast.ask_by(ANALYST, &["unseal", "open", &request, "--keys", &keys])?;
    let shown = text(&opened["text"]).to_owned();
    shown.lines().take(5).for_each(|line| cast.voice().say(&format!("  {line}")));
    let recipient = verdict::recipient(cast)?;
    let copy = cast.at("disclosed.age");
    let disclose = ["unseal", "disclose", &request, "--keys", &keys, "--recipient", &recipient.public, "--out", &copy];
    cast.ask_by(ANALYST, &disclose)?;
    Ok(Opened { text: shown, copy: copy.into(), identity: recipient.identity })
}

fn the_log(cast: &Cast, programs: &Programs) -> Result<Value> {
    cast.voice().head("9. the log, checked by ours and by code of the Go project");
    cast.show(&["audit", "verify"])?;
    let log = cast.quietly_by(AUDITOR, &["audit", "verify"])?;
    let outside = verdict::go_verifies(programs, &cast.path("data/log"), cast.voice())?;
    let both = log["verified"] == true && outside;
    Ok(serde_json::json!({ "entries": log["entries"], "verified": both }))
}
