//! Opening one original: two of three supervisors, a logged grant, and nobody alone.

use std::fs;

use page::FetchedPage;
use rehearsal::{CASE, Installation};
use serde_json::Value;

use crate::ready;

/// Bytes in front of the record inside a payload: version, length, salt (`docs/formats/sealed.md`).
const FRAME_BYTES: usize = 1 + 8 + 32;

#[test]
fn two_of_three_open_one_original_and_nobody_alone() {
    let lanthorn = ready(53, 120);
    let _ = lanthorn.crawl().good();
    let capture = some_capture(&lanthorn);
    let request = ask(&lanthorn, "a.ivan", &capture);
    let keys = lanthorn.key_folder("a.ivan");
    let open = ["unseal", "open", &request, "--keys", &keys];

    assert_eq!(lanthorn.by("a.ivan", &open).code, 3, "nobody has approved");
    let queue = lanthorn.by("s.maria", &["supervisor", "queue"]).good().json();
    assert_eq!(queue[0]["capture"], capture);
    approve(&lanthorn, "s.maria", &request);
    assert_eq!(lanthorn.by("a.ivan", &open).code, 3, "one approval is not enough");
    approve(&lanthorn, "s.amina", &request);

    let opened = lanthorn.by("a.ivan", &open).good().json();
    assert_eq!(opened["approved_by"].as_array().unwrap().len(), 2, "{opened}");
    the_text_is_the_pages(&lanthorn, &opened);
    the_disclosed_copy_is_the_original(&lanthorn, &request, &opened);
    refusals(&lanthorn, &request, &capture);
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(verified["open_intents"], 0);
}

fn some_capture(lanthorn: &Installation) -> String {
    let hits = lanthorn.by("a.ivan", &["search", CASE, "kind:ad"]).good().json();
    hits["hits"][0]["capture"].as_str().unwrap_or_else(|| panic!("{hits}")).to_owned()
}

fn ask(lanthorn: &Installation, who: &str, capture: &str) -> String {
    let args = [
        "unseal",
        "request",
        capture,
        "--code",
        "R1",
        "--reason",
        "a number may lead to a victim",
        "--legal-basis",
        "Example Act, section 5",
    ];
    lanthorn.by(who, &args).good().json()["request"].to_string()
}

fn approve(lanthorn: &Installation, who: &str, request: &str) {
    let _ = lanthorn.by(who, &["supervisor", "approve", request, "--keys", &lanthorn.key_folder(who)]).good();
}

/// What is shown holds, unredacted, what was planted on that very page.
fn the_text_is_the_pages(lanthorn: &Installation, opened: &Value) {
    let text = opened["text"].as_str().unwrap();
    let path = page_of(lanthorn, text);
    let planted: Vec<_> = lanthorn.site.planted.iter().filter(|planted| planted.path == path).collect();
    assert!(!planted.is_empty(), "{path}");
    let shown = planted.iter().filter(|planted| text.contains(&planted.written)).count();
    assert!(shown * 2 > planted.len(), "{shown} of {} values of {path} are shown", planted.len());
}

fn page_of(lanthorn: &Installation, text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let url = first.strip_prefix("[address] ").unwrap_or_else(|| panic!("{first}"));
    url.strip_prefix(&format!("http://{}", lanthorn.site.host)).unwrap().to_owned()
}

/// The copy opens with nothing but age and the recipient's key, and holds the server's bytes.
fn the_disclosed_copy_is_the_original(lanthorn: &Installation, request: &str, opened: &Value) {
    let court = age::x25519::Identity::generate();
    let file = lanthorn.path("copy.age");
    let (keys, to) = (lanthorn.key_folder("a.ivan"), file.display().to_string());
    let recipient = court.to_public().to_string();
    let args = ["unseal", "disclose", request, "--keys", &keys, "--recipient", &recipient, "--out", &to];
    let _ = lanthorn.by("a.ivan", &args).good();
    let plain = age::decrypt(&court, &fs::read(&file).unwrap()).unwrap();
    let record = &plain[FRAME_BYTES..];
    let record = &record[..usize::try_from(opened["record_bytes"].as_u64().unwrap()).unwrap()];
    assert_eq!(blake3::hash(record).to_hex().as_str(), opened["record_blake3"]);
    let page = FetchedPage::decode(record).unwrap();
    let path = page_of(lanthorn, opened["text"].as_str().unwrap());
    assert_eq!(page.record().body.expose(), &lanthorn.site.pages[&path].body);
    assert_eq!(lanthorn.by("a.ivan", &args).code, 2, "a file that exists is not overwritten");
}

fn refusals(lanthorn: &Installation, request: &str, capture: &str) {
    // Somebody else's grant; one's own request; a role that may not; a decision taken twice; a denied request.
    let keys = lanthorn.key_folder("s.maria");
    assert_eq!(lanthorn.by("s.maria", &["unseal", "open", request, "--keys", &keys]).code, 3);
    let own = ask(lanthorn, "s.maria", capture);
    let ran = lanthorn.by("s.maria", &["supervisor", "approve", &own, "--keys", &keys]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(lanthorn.by("o.lena", &["supervisor", "queue"]).code, 3);
    assert_eq!(lanthorn.by("a.ivan", &["supervisor", "deny", &own, "--reason", "x"]).code, 3);
    let again = lanthorn.by("s.jonas", &["supervisor", "approve", &own, "--keys", &keys]);
    assert_eq!(again.code, 3, "another's key folder: {again:?}");
    let _ = lanthorn.by("s.jonas", &["supervisor", "deny", &own, "--reason", "not necessary"]).good();
    let dead = lanthorn.by("s.amina", &["supervisor", "approve", &own, "--keys", &lanthorn.key_folder("s.amina")]);
    assert_eq!(dead.code, 3, "{dead:?}");
    assert!(dead.err.contains("denied"), "{dead:?}");
}
