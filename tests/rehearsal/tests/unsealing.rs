//! Opening one original: two of three supervisors, a logged grant, and nobody alone.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use page::FetchedPage;
use rehearsal::{CASE, Installation};
use serde_json::Value;

use crate::ready;

/// Bytes in front of the record inside a payload: version, length, salt (`docs/formats/sealed.md`).
pub(crate) const FRAME_BYTES: usize = 1 + 8 + 32;

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
    let maria = ["supervisor", "approve", &request, "--keys", &lanthorn.key_folder("s.maria")];
    let unwitnessed = lanthorn.by("s.maria", &maria);
    assert_eq!(unwitnessed.code, 3, "nobody else has witnessed the log: {unwitnessed:?}");
    assert!(unwitnessed.err.contains("witnessed-grant"), "{unwitnessed:?}");
    witness(&lanthorn, "s.jonas");
    approve(&lanthorn, "s.maria", &request);
    assert_eq!(lanthorn.by("a.ivan", &open).code, 3, "one approval is not enough");
    approve(&lanthorn, "s.amina", &request);

    let signatures = lanthorn.path("approvals").display().to_string();
    let opened = lanthorn.by("a.ivan", &[&open[..], &["--approvals", &signatures]].concat()).good().json();
    openssh_checks_the_approvals(Path::new(&signatures));
    assert_eq!(opened["approved_by"].as_array().unwrap().len(), 2, "{opened}");
    the_text_is_the_pages(&lanthorn, &opened);
    the_disclosed_copy_is_the_original(&lanthorn, &request, &opened);
    refusals(&lanthorn, &request, &capture);
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(verified["open_intents"], 0);
    let witnesses = verified["witnesses"].as_array().unwrap();
    assert_eq!(witnesses.len(), 3, "two by approving, one by witnessing: {verified}");
}

/// Nobody's approval stands against their own later word, and a request can be taken back.
#[test]
fn an_approval_and_a_request_can_be_taken_back() {
    let lanthorn = ready(54, 60);
    let _ = lanthorn.crawl().good();
    let capture = some_capture(&lanthorn);
    let keys = lanthorn.key_folder("a.ivan");
    let asked = [ask(&lanthorn, "a.ivan", &capture), ask(&lanthorn, "a.ivan", &capture)];
    witness(&lanthorn, "s.jonas");
    for request in &asked {
        approve(&lanthorn, "s.maria", request);
        approve(&lanthorn, "s.amina", request);
    }
    let deny = ["supervisor", "deny", &asked[0], "--reason", "the child was found"];
    let _ = lanthorn.by("s.maria", &deny).good();
    assert_eq!(lanthorn.by("s.maria", &deny).code, 3, "a denial stands");
    let _ = lanthorn.by("a.ivan", &["unseal", "withdraw", &asked[1], "--reason", "no longer needed"]).good();
    for (request, why) in asked.iter().zip(["a supervisor denied it", "has withdrawn it"]) {
        let ran = lanthorn.by("a.ivan", &["unseal", "open", request, "--keys", &keys]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains(why), "{ran:?}");
    }
    let again = lanthorn.by("a.ivan", &["unseal", "withdraw", &asked[1], "--reason", "again"]);
    assert_eq!(again.code, 3, "{again:?}");
    let others = lanthorn.by("s.maria", &["unseal", "withdraw", &asked[1], "--reason", "not mine"]);
    assert_eq!(others.code, 3, "{others:?}");
}

/// What a client asks for stands in its own folder: ceilings hold there whatever the server says.
#[test]
fn a_client_keeps_its_own_ceilings_and_chooses_its_witnesses() {
    let lanthorn = ready(55, 60);
    let _ = lanthorn.crawl().good();
    let capture = some_capture(&lanthorn);
    let maria = lanthorn.key_folder("s.maria");
    let policy = |args: &[&str]| {
        let ran = lanthorn.run(&[&["supervisor", "policy", "--keys", &maria], args].concat());
        ran.good().json()
    };
    assert_eq!(policy(&["--a-day-for-one-person", "1"])["approvals_a_day_for_one_person"], 1);
    let asked = [ask(&lanthorn, "a.ivan", &capture), ask(&lanthorn, "a.ivan", &capture)];
    witness(&lanthorn, "s.jonas");
    approve(&lanthorn, "s.maria", &asked[0]);
    let second = lanthorn.by("s.maria", &["supervisor", "approve", &asked[1], "--keys", &maria]);
    assert_eq!(second.code, 3, "{second:?}");
    assert!(second.err.contains("`ceiling`"), "{second:?}");

    // Two witnesses: one more of the epoch, or an auditor whom this folder trusts.
    policy(&["--a-day-for-one-person", "9", "--cosignatures", "3"]);
    witness(&lanthorn, "s.amina");
    let third = lanthorn.by("s.maria", &["supervisor", "approve", &asked[1], "--keys", &maria]);
    assert!(third.err.contains("2 of 3 witnesses"), "{third:?}");
    let key = witness(&lanthorn, "u.paul");
    let untrusted = lanthorn.by("s.maria", &["supervisor", "approve", &asked[1], "--keys", &maria]);
    assert_eq!(untrusted.code, 3, "{untrusted:?}");
    assert_eq!(policy(&["--trust", &key])["witnesses"][0], key);
    // She waits for the prosecution, whose word is its signature.
    let waits = policy(&["--class", "prosecution=s.amina"]);
    assert_eq!(waits["classes"][0]["people"][0], "s.amina");
    let early = lanthorn.by("s.maria", &["supervisor", "approve", &asked[1], "--keys", &maria]);
    assert_eq!(early.code, 3, "{early:?}");
    assert!(early.err.contains("`every-class`") && early.err.contains("s.amina"), "{early:?}");
    approve(&lanthorn, "s.amina", &asked[1]);
    approve(&lanthorn, "s.maria", &asked[1]);
    assert_eq!(policy(&["--no-class", "prosecution"])["classes"].as_array().unwrap().len(), 0);
    let unfit = lanthorn.run(&["supervisor", "policy", "--keys", &maria, "--class", "nobody"]);
    assert_eq!(unfit.code, 2, "{unfit:?}");
    assert_eq!(lanthorn.by("a.ivan", &["supervisor", "witness", "--keys", &lanthorn.key_folder("a.ivan")]).code, 3);
}

/// A ceiling is a wait; breaking the glass waives it, and neither the number of approvers nor their witnesses.
#[test]
fn breaking_the_glass_waives_the_ceilings_and_owes_a_review() {
    let lanthorn = ready(57, 60);
    let _ = lanthorn.crawl().good();
    let (capture, keys) = (some_capture(&lanthorn), lanthorn.key_folder("a.ivan"));
    for who in ["s.maria", "s.jonas"] {
        let _ = lanthorn.run(&["supervisor", "policy", "--keys", &lanthorn.key_folder(who), "--a-day", "0"]).good();
    }
    let why = ["--reason", "a child is there now", "--legal-basis", "Example Act, section 9"];
    let asking = |extra: &[&str]| lanthorn.by("a.ivan", &[&["unseal", "request", &capture], &why[..], extra].concat());
    assert_eq!(asking(&[]).code, 2, "a code, or the glass");
    let long = asking(&["--break-glass", "--hours", "9"]).good().json()["request"].to_string();
    witness(&lanthorn, "u.paul");
    witness(&lanthorn, "s.amina");
    let too_long = lanthorn.by("s.maria", &["supervisor", "approve", &long, "--keys", &lanthorn.key_folder("s.maria")]);
    assert!(too_long.code == 3 && too_long.err.contains("short-break-glass"), "{too_long:?}");
    let review = |who: &str, request: &str| {
        let said = ["--finding", "justified", "--note", "the child was found"];
        lanthorn.by(who, &[&["supervisor", "review", request], &said[..]].concat())
    };
    let blocked = asking(&["--code", "R1"]);
    assert!(blocked.code == 3 && blocked.err.contains("review-first"), "{blocked:?}");
    let _ = review("u.paul", &long).good();

    let request = asking(&["--break-glass"]).good().json()["request"].to_string();
    witness(&lanthorn, "s.amina");
    approve(&lanthorn, "s.maria", &request);
    let alone = lanthorn.by("a.ivan", &["unseal", "open", &request, "--keys", &keys]);
    assert!(alone.code == 3 && alone.err.contains("enough-shares"), "k is never waived: {alone:?}");
    approve(&lanthorn, "s.jonas", &request);
    let _ = lanthorn.by("a.ivan", &["unseal", "open", &request, "--keys", &keys]).good();
    let own = review("s.maria", &request);
    assert!(own.code == 3 && own.err.contains("review-by-others"), "{own:?}");
    let waiting = lanthorn.by("u.paul", &["supervisor", "reviews"]).good().json();
    assert!(waiting[0]["reviewed"].is_null() && waiting[1]["reviewed"][0] == "u.paul", "{waiting}");
    let _ = review("s.amina", &request).good();
    let ordinary = asking(&["--code", "R1"]).good().json()["request"].to_string();
    witness(&lanthorn, "s.amina");
    let ceiling =
        lanthorn.by("s.maria", &["supervisor", "approve", &ordinary, "--keys", &lanthorn.key_folder("s.maria")]);
    assert!(ceiling.code == 3 && ceiling.err.contains("ceiling"), "{ceiling:?}");
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!(verified["open_intents"], 0, "{verified}");
}

/// Cosigns the log as somebody; their key as a witness.
pub(crate) fn witness(lanthorn: &Installation, who: &str) -> String {
    let shown = lanthorn.by(who, &["supervisor", "witness", "--keys", &lanthorn.key_folder(who)]).good().json();
    shown["key"].as_str().unwrap().to_owned()
}

/// Stock `ssh-keygen` accepts each approval of the grant, and of no other text.
fn openssh_checks_the_approvals(folder: &Path) {
    let grant = fs::read(folder.join("grant")).unwrap();
    let accepts = |who: &str, message: &[u8]| {
        let mut child = Command::new("ssh-keygen")
            .args(["-Y", "verify", "-n", "grant@lanthorn", "-I", who, "-f"])
            .arg(folder.join("allowed_signers"))
            .arg("-s")
            .arg(folder.join(format!("{who}.sig")))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(message).unwrap();
        child.wait().unwrap().success()
    };
    for who in ["s.maria", "s.amina"] {
        assert!(accepts(who, &grant), "{who}");
        assert!(!accepts(who, &[&grant[..], b" "].concat()), "{who}");
    }
}

pub(crate) fn some_capture(lanthorn: &Installation) -> String {
    let hits = lanthorn.by("a.ivan", &["search", CASE, "kind:ad"]).good().json();
    hits["hits"][0]["capture"].as_str().unwrap_or_else(|| panic!("{hits}")).to_owned()
}

pub(crate) fn ask(lanthorn: &Installation, who: &str, capture: &str) -> String {
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

pub(crate) fn approve(lanthorn: &Installation, who: &str, request: &str) {
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
