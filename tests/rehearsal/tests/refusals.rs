//! Wrong use, refusals and what is missing: each with its own exit code and a sentence that helps.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rehearsal::CASE;
use synthetic::scan::{Needle, Scan};

use crate::ready;

#[test]
fn a_raw_identifier_is_no_query_and_is_written_nowhere() {
    let lanthorn = ready(61, 120);
    let _ = lanthorn.crawl().good();
    // One that stands in no page, so that only the query could have brought it to the disk.
    let number = "+44 7700 900999";
    let ran = lanthorn.by("a.ivan", &["search", CASE, &format!("room {number}")]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("no-identifier-in-query"), "{ran:?}");
    let needle =
        Needle { label: model::Label::Phone, canonical: "+447700900999".to_owned(), written: number.to_owned() };
    let scan = Scan::new(&[needle]);
    assert_eq!(scan.folder(&lanthorn.data()).unwrap().leaks, []);
    assert_eq!(scan.bytes("stderr".as_ref(), ran.err.as_bytes()).unwrap(), []);

    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(verified["open_intents"], 0);
    let tail = lanthorn.by("u.paul", &["audit", "tail", "--lines", "40"]).good();
    assert!(tail.out.contains("no-identifier-in-query"), "the refusal is in the log: {tail:?}");
}

#[test]
fn every_refusal_says_which_rule_and_ends_with_its_code() {
    let lanthorn = ready(67, 120);
    let query = ["search", CASE, "room"];
    for (who, code) in [("a.ivan", 4), ("s.maria", 4), ("o.lena", 3), ("u.paul", 3), ("n.nobody", 3)] {
        let ran = lanthorn.by(who, &query);
        assert_eq!(ran.code, code, "{who}: {ran:?}"); // 4: nothing has been crawled, there is no index yet
    }
    assert_eq!(lanthorn.run(&query).code, 2, "nobody has signed in");
    assert_eq!(lanthorn.by("a.ivan", &["search", CASE, "room AND"]).code, 2);
    assert_eq!(lanthorn.by("o.lena", &["crawl", "run", "op-unknown"]).code, 2);
    assert_eq!(lanthorn.by("a.ivan", &["crawl", "run", CASE]).code, 3);
    assert_eq!(lanthorn.run(&["no-such-command"]).code, 2);
    assert_eq!(lanthorn.run(&["init"]).code, 3, "a data folder is not made twice");

    let url = lanthorn.site.seed_url();
    let file = lanthorn.authorisation_file().display().to_string();
    let checked = ["authorisation", "check", &file, "--url", &url, "--url", "http://helpline.example/ask"];
    let checked = lanthorn.run(&checked).good().json();
    assert_eq!(checked["urls"][0]["admitted"], true, "{checked}");
    assert_eq!(
        (&checked["urls"][1]["admitted"], &checked["urls"][1]["rule"]),
        (&false.into(), &"protected-destination".into())
    );
    assert_eq!(checked["missing"], serde_json::json!([]), "{checked}");

    fs::set_permissions(lanthorn.data(), fs::Permissions::from_mode(0o755)).unwrap();
    let open = lanthorn.run(&["doctor"]);
    assert_eq!(open.code, 3, "{open:?}");
    assert!(open.err.contains("chmod 700"), "{open:?}");
    fs::set_permissions(lanthorn.data(), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_revoked_authorisation_ends_the_collecting() {
    let lanthorn = ready(71, 120);
    let mut first = lanthorn.crawling();
    first.args(["--max-pages", "10"]);
    let _ = rehearsal::finish(first).good();
    let id = lanthorn.run(&["authorisation", "list"]).good().json()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(lanthorn.by("o.lena", &["authorisation", "revoke", &id, "--reason", "x"]).code, 3, "not an operator's");
    let _ = lanthorn.by("s.maria", &["authorisation", "revoke", &id, "--reason", "the case is closed"]).good();
    let asked = lanthorn.asked().len();
    let ran = lanthorn.crawl();
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("authorisation-in-force"), "{ran:?}");
    assert_eq!(lanthorn.asked().len(), asked, "nothing was asked for after the revocation");
    let file = lanthorn.authorisation_file().display().to_string();
    assert_eq!(lanthorn.by("o.lena", &["authorisation", "add", &file]).code, 3, "it does not come back");
}

#[test]
fn an_erased_capture_is_gone_everywhere_and_the_log_stays_whole() {
    let lanthorn = ready(73, 120);
    let _ = lanthorn.crawl().good();
    let hits = lanthorn.by("a.ivan", &["search", CASE, "kind:ad"]).good().json();
    let (count, capture) = (hits["count"].as_u64().unwrap(), hits["hits"][0]["capture"].as_str().unwrap().to_owned());
    assert_eq!(lanthorn.by("o.lena", &["erase", &capture, "--reason", "x"]).code, 3);
    let _ = lanthorn.by("s.maria", &["erase", &capture, "--reason", "asked for by the person"]).good();
    let after = lanthorn.by("a.ivan", &["search", CASE, "kind:ad"]).good().json();
    assert_eq!(after["count"], count - 1);
    assert!(!after.to_string().contains(&capture));
    let _ = lanthorn.run(&["doctor", "--deep"]).good();
    let _ = lanthorn.run(&["audit", "verify"]).good();
}

/// In the middle of a crawl the process can neither read nor write elsewhere, start a program, or open a port that others know.
#[test]
fn a_crawl_reaches_its_data_folder_and_nothing_else() {
    let lanthorn = ready(77, 20);
    let findings = lanthorn.run(&["doctor"]).good().json();
    let finding = findings.as_array().unwrap().iter().find(|finding| finding["what"] == "confinement").unwrap();
    let confined = finding["verdict"] == "good";
    // A kernel without Landlock confines nothing; then that is what doctor and log say.
    assert!(confined || finding["verdict"] == "note", "{finding}");
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("secret"), "a key of somebody's").unwrap();
    let mut crawl = lanthorn.crawling();
    crawl.env("LANTHORN_PROBE", elsewhere.path()).args(["--max-pages", "1"]);
    let _ = rehearsal::finish(crawl).good();
    let told = lanthorn.asked().join("\n");
    for what in ["read", "write", "list", "start", "listen"] {
        assert!(told.contains(&format!("tried to {what}:")), "{what}: {told}");
        assert!(!confined || !told.contains(&format!("tried to {what}: true")), "{what}: {told}");
    }
    let log = lanthorn.by("u.paul", &["audit", "tail", "--kind", "crawl-start"]).good().json();
    let said = |how: &str| log.to_string().contains(&format!("confinement\\\":\\\"{how}"));
    assert!(if confined { said("full") } else { said("partial") || said("none") }, "{log}");
}

/// A site's policy takes away from the role table, adds nothing to it, and is named in each record made under it.
#[test]
fn a_site_policy_denies_more_and_never_less() {
    let lanthorn = ready(78, 20);
    let _ = lanthorn.crawl().good();
    let file = lanthorn.path("site.cedar").display().to_string();
    let install = |who: &str, text: &str| {
        fs::write(&file, text).unwrap();
        lanthorn.by(who, &["policy", "install", &file, "--reason", "the unit's order of 27 November"])
    };
    let forbid = format!(
        "@id(\"not-ivans\")\nforbid (principal == Person::\"a.ivan\", action in [Action::\"search\", Action::\"request-unseal\"], \
         resource == Case::\"{CASE}\");\n"
    );
    assert_eq!(install("a.ivan", &forbid).code, 3, "an analyst installs none");
    let permits = install("s.maria", "permit (principal == Person::\"o.lena\", action, resource);");
    assert!(permits.code == 2 && permits.err.contains("only `forbid`"), "{permits:?}");
    let before = lanthorn.by("s.maria", &["search", CASE, "kind:ad"]).good().json();
    let capture = before["hits"][0]["capture"].as_str().unwrap().to_owned();
    let hash = install("s.maria", &forbid).good().json()["hash"].as_str().unwrap().to_owned();

    let denied = lanthorn.by("a.ivan", &["search", CASE, "room"]);
    assert!(denied.code == 3 && denied.err.contains("not-ivans"), "{denied:?}");
    let why = ["--code", "R1", "--reason", "x", "--legal-basis", "y"];
    let denied = lanthorn.by("a.ivan", &[&["unseal", "request", &capture], &why[..]].concat());
    assert!(denied.code == 3 && denied.err.contains("site-policy"), "{denied:?}");
    let _ = lanthorn.by("s.maria", &["search", CASE, "room"]).good();
    assert_eq!(lanthorn.by("o.lena", &["search", CASE, "room"]).code, 3, "the role table stands");
    let told = lanthorn.by("u.paul", &["audit", "tail", "--kind", "consult", "--lines", "2"]).good().json();
    assert!(told.as_array().unwrap().iter().all(|entry| entry["record"].as_str().unwrap().contains(&hash)), "{told}");
    let told = lanthorn.by("u.paul", &["audit", "tail", "--kind", "refuse"]).good().json();
    assert!(told.to_string().contains("not-ivans"), "{told}");

    // A policy that cannot be read forbids everything, not nothing.
    fs::write(lanthorn.data().join("policy.cedar"), "forbid (").unwrap();
    let closed = lanthorn.by("s.maria", &["search", CASE, "room"]);
    assert_ne!(closed.code, 0, "{closed:?}");
    let _ = lanthorn.run(&["audit", "verify"]).good();
}

/// A case that nobody has looked at for half a year is hidden until somebody has.
#[test]
fn an_overdue_review_hides_a_case() {
    let lanthorn = ready(86, 20);
    let _ = lanthorn.crawl().good();
    let search = ["search", CASE, "room"];
    let _ = lanthorn.later(24 * 179, "a.ivan", &search).good();
    let overdue = lanthorn.later(24 * 181, "a.ivan", &search);
    assert!(overdue.code == 3 && overdue.err.contains("case-review"), "{overdue:?}");
    let review = ["case", "review", CASE, "--note", "two leads are still open"];
    assert_eq!(lanthorn.later(24 * 181, "a.ivan", &review).code, 3, "not an analyst's");
    let _ = lanthorn.later(24 * 181, "s.maria", &review).good();
    let _ = lanthorn.later(24 * 181, "a.ivan", &search).good();
    let told = lanthorn.by("u.paul", &["audit", "tail", "--kind", "review"]).good().json();
    assert!(told.to_string().contains("two leads are still open"), "{told}");
}
