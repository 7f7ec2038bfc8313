//! An epoch made by three people on machines of their own, used for one original, and checked by programs that are not ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use page::FetchedPage;
use rehearsal::{Installation, SUPERVISORS};

use crate::ready;
use crate::unsealing::{FRAME_BYTES, approve, ask, some_capture, witness};

#[test]
fn a_key_made_on_three_machines_opens_one_original_for_a_court() {
    let lanthorn = ready(61, 60);
    let certificate = made_in_steps(&lanthorn);
    let _ = lanthorn.by("s.maria", &["supervisor", "epoch", &certificate]).good();
    let installed = lanthorn.by("s.maria", &["supervisor", "epoch", &certificate]).good().json();
    for person in SUPERVISORS {
        let drilled = lanthorn.by(person, &["supervisor", "drill", "--keys", &lanthorn.key_folder(person)]);
        assert_eq!(drilled.good().json()["epoch"], installed["epoch"], "{person}");
    }
    let stranger = lanthorn.by("a.ivan", &["supervisor", "drill", "--keys", &lanthorn.key_folder("a.ivan")]);
    assert_eq!(stranger.code, 3, "{stranger:?}");

    let _ = lanthorn.crawl().good();
    let request = ask(&lanthorn, "a.ivan", &some_capture(&lanthorn));
    witness(&lanthorn, "u.paul");
    witness(&lanthorn, "s.maria");
    for person in ["s.jonas", "s.amina"] {
        approve(&lanthorn, person, &request);
    }
    let keys = lanthorn.key_folder("a.ivan");
    let opened = lanthorn.by("a.ivan", &["unseal", "open", &request, "--keys", &keys]).good().json();

    // The court's key is one that stock `age` has made, and stock `age` opens the copy.
    let (identity, copy) = (lanthorn.path("court.key"), lanthorn.path("copy.age"));
    assert!(Command::new("age-keygen").arg("-o").arg(&identity).status().unwrap().success());
    let public = Command::new("age-keygen").arg("-y").arg(&identity).output().unwrap().stdout;
    let recipient = String::from_utf8(public).unwrap().trim().to_owned();
    let to = copy.display().to_string();
    let disclose = ["unseal", "disclose", &request, "--keys", &keys, "--recipient", &recipient, "--out", &to];
    let _ = lanthorn.by("a.ivan", &disclose).good();
    let plain = Command::new("age").args(["--decrypt", "-i"]).arg(&identity).arg(&copy).output().unwrap();
    assert!(plain.status.success(), "{plain:?}");
    let record = &plain.stdout[FRAME_BYTES..][..usize::try_from(opened["record_bytes"].as_u64().unwrap()).unwrap()];
    assert_eq!(blake3::hash(record).to_hex().as_str(), opened["record_blake3"]);
    // An erasure reaches no copy outside; it says whose key opens one, and then nothing here names it any more.
    let capture = opened["capture"].as_str().unwrap();
    let erase = || lanthorn.by("s.maria", &["erase", capture, "--reason", "the proceedings are over"]).good().json();
    let outside = erase()["copies_outside"].clone();
    assert!(outside.as_array().map(Vec::len) == Some(1) && outside[0]["recipient"] == recipient.as_str(), "{outside}");
    assert_eq!(erase()["copies_outside"], serde_json::json!([]));
    let page = FetchedPage::decode(record).unwrap();
    assert!(lanthorn.site.pages.values().any(|served| served.body == *page.record().body.expose()));

    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!((&verified["verified"], &verified["open_intents"]), (&true.into(), &0.into()), "{verified}");
    go_agrees(&lanthorn);
}

/// Plan, then each member's steps, in processes of their own that see one key folder each; the certificate.
fn made_in_steps(lanthorn: &Installation) -> String {
    let at = lanthorn.path("ceremony").display().to_string();
    let enrolments = SUPERVISORS.map(|person| format!("{}/enrolment.toml", lanthorn.key_folder(person)));
    let mut plan = vec!["supervisor", "ceremony", "plan", "--at", &at];
    enrolments.iter().for_each(|file| plan.extend(["--member", file]));
    let planned = lanthorn.run(&plan).good().json();
    assert_eq!((&planned["threshold"], planned["members"].as_array().unwrap().len()), (&2.into(), 3));
    assert_eq!(lanthorn.run(&plan).code, 4, "a folder that exists is not laid out again");
    let step = |person: &str| {
        let ran =
            lanthorn.run(&["supervisor", "ceremony", "step", "--at", &at, "--keys", &lanthorn.key_folder(person)]);
        ran.good().json()
    };
    assert_eq!(step("s.maria")["waits_for"].as_array().unwrap().len(), 2);
    let mut last = serde_json::Value::Null;
    for _ in 0..3 {
        SUPERVISORS.iter().for_each(|person| last = step(person));
    }
    let status = lanthorn.run(&["supervisor", "ceremony", "status", "--at", &at]).good().json();
    assert!(status["members"].as_array().unwrap().iter().all(|member| member["stage"] == "signed"), "{status}");
    let keys = lanthorn.key_folder("a.ivan");
    let outsider = lanthorn.run(&["supervisor", "ceremony", "step", "--at", &at, "--keys", &keys]);
    assert_eq!(outsider.code, 3, "{outsider:?}");
    last["certificate"].as_str().unwrap_or_else(|| panic!("{last}")).to_owned()
}

/// Steps until everybody has signed; the certificate.
fn stepped(lanthorn: &Installation, at: &str, people: &[&str]) -> String {
    let mut last = serde_json::Value::Null;
    for person in people.iter().cycle().take(people.len() * 4) {
        let keys = lanthorn.key_folder(person);
        last = lanthorn.run(&["supervisor", "ceremony", "step", "--at", at, "--keys", &keys]).good().json();
    }
    last["certificate"].as_str().unwrap_or_else(|| panic!("{last}")).to_owned()
}

/// Jonas is left out: what was sealed before opens with those who stay, and nothing opens with him, which the log tells.
#[test]
fn an_evicted_supervisor_approves_nothing_and_the_others_go_on() {
    let lanthorn = ready(63, 20);
    let first = made_in_steps(&lanthorn);
    let _ = lanthorn.by("s.maria", &["supervisor", "epoch", &first]).good();
    let _ = lanthorn.crawl().good();
    let (at, again) = (lanthorn.path("refresh").display().to_string(), lanthorn.path("again").display().to_string());
    let refresh = |at: &str, without: &str| {
        lanthorn.run(&["supervisor", "ceremony", "refresh", "--at", at, "--certificate", &first, "--without", without])
    };
    assert_eq!(refresh(&at, "s.nobody").code, 2, "who is not in the roster cannot be left out");
    let _ = refresh(&again, "s.amina").good();
    let _ = refresh(&at, "s.jonas").good();
    let put_out =
        lanthorn.run(&["supervisor", "ceremony", "step", "--at", &at, "--keys", &lanthorn.key_folder("s.jonas")]);
    assert_eq!(put_out.code, 3, "{put_out:?}");
    let second = stepped(&lanthorn, &at, &["s.maria", "s.amina"]);
    let installed = lanthorn.by("s.maria", &["supervisor", "epoch", &second]).good().json();
    assert_eq!(
        (&installed["generation"], &installed["members"]),
        (&1.into(), &serde_json::json!(["s.maria", "s.amina"]))
    );
    // The other refresh can no longer be made: Maria has destroyed what it would start from.
    for person in ["s.maria", "s.jonas", "s.maria", "s.jonas"] {
        let keys = lanthorn.key_folder(person);
        let _ = lanthorn.run(&["supervisor", "ceremony", "step", "--at", &again, "--keys", &keys]);
    }
    assert!(!lanthorn.path("again").join("certificate").exists());

    let request = ask(&lanthorn, "a.ivan", &some_capture(&lanthorn));
    witness(&lanthorn, "u.paul");
    witness(&lanthorn, "s.maria");
    witness(&lanthorn, "s.amina");
    let keys = lanthorn.key_folder("s.jonas");
    let refused = lanthorn.by("s.jonas", &["supervisor", "approve", &request, "--keys", &keys]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("in-roster"), "{refused:?}");
    let told = lanthorn.by("u.paul", &["audit", "tail", "--lines", "9"]).good().json();
    let his = |one: &serde_json::Value| {
        one["kind"] == "refuse" && one["record"].as_str().is_some_and(|record| record.contains("person s.jonas"))
    };
    assert!(told.as_array().unwrap().iter().any(his), "{told}");
    for person in ["s.maria", "s.amina"] {
        approve(&lanthorn, person, &request);
    }
    let opened = lanthorn.by("a.ivan", &["unseal", "open", &request, "--keys", &lanthorn.key_folder("a.ivan")]);
    let _ = opened.good();
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!((&verified["verified"], &verified["open_intents"]), (&true.into(), &0.into()), "{verified}");
}

/// Amina's disk is gone, and her key folder comes back from a backup that has no share in it.
#[test]
fn a_lost_share_is_repaired_by_two_and_opens_again() {
    let lanthorn = ready(66, 20);
    let _ = lanthorn.crawl().good();
    let share = fs::read_dir(lanthorn.key_folder("s.amina")).unwrap().map(|entry| entry.unwrap().path());
    let share =
        share.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("share-")).unwrap();
    fs::remove_file(&share).unwrap();
    let drilled = ["supervisor", "drill", "--keys", &lanthorn.key_folder("s.amina")];
    assert_ne!(lanthorn.by("s.amina", &drilled).code, 0);

    let (at, certificate) =
        (lanthorn.path("repair").display().to_string(), epoch_file(&lanthorn).display().to_string());
    let plan = ["supervisor", "repair", "plan", "--at", &at, "--certificate", &certificate, "--lost", "s.amina"];
    let alone = lanthorn.run(&[&plan[..], &["--helper", "s.maria"]].concat());
    assert_ne!(alone.code, 0, "one helper is fewer than it takes to open: {alone:?}");
    let laid = lanthorn.run(&[&plan[..], &["--helper", "s.maria", "--helper", "s.jonas"]].concat()).good().json();
    assert_eq!(laid["waits_for"].as_array().unwrap().len(), 3, "{laid}");
    let mut last = laid;
    for person in ["s.maria", "s.jonas", "s.amina"].iter().cycle().take(9) {
        let keys = lanthorn.key_folder(person);
        last = lanthorn.run(&["supervisor", "repair", "step", "--at", &at, "--keys", &keys]).good().json();
    }
    assert_eq!(last["restored"], true, "{last}");
    assert!(share.exists());
    let _ = lanthorn.by("s.amina", &drilled).good();
    let request = ask(&lanthorn, "a.ivan", &some_capture(&lanthorn));
    witness(&lanthorn, "s.jonas");
    for person in ["s.maria", "s.amina"] {
        approve(&lanthorn, person, &request);
    }
    let _ = lanthorn.by("a.ivan", &["unseal", "open", &request, "--keys", &lanthorn.key_folder("a.ivan")]).good();
}

/// A certificate that somebody did not sign, that a stranger signed, or whose roster is another, installs nothing.
#[test]
fn crawlers_accept_nothing_but_a_certified_epoch() {
    let lanthorn = ready(62, 20);
    let before = fs::read(epoch_file(&lanthorn)).unwrap();
    let at = lanthorn.path("ceremony").display().to_string();
    let member = |person: &str| format!("{}/enrolment.toml", lanthorn.key_folder(person));
    // An operator's own "supervisors": people whom nobody has enrolled here.
    for person in ["x.one", "x.two"] {
        let _ = lanthorn.by(person, &["supervisor", "enrol", "--keys", &lanthorn.key_folder(person)]).good();
    }
    let (one, two) = (member("x.one"), member("x.two"));
    let _ = lanthorn.run(&["supervisor", "ceremony", "plan", "--at", &at, "--member", &one, "--member", &two]).good();
    let mut last = serde_json::Value::Null;
    for person in ["x.one", "x.two"].iter().cycle().take(6) {
        let keys = lanthorn.key_folder(person);
        last = lanthorn.run(&["supervisor", "ceremony", "step", "--at", &at, "--keys", &keys]).good().json();
    }
    let own = last["certificate"].as_str().unwrap();
    let refused = lanthorn.by("s.maria", &["supervisor", "epoch", own]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("known-supervisors"), "{refused:?}");
    // The good certificate with one changed byte at a time.
    let altered = lanthorn.path("altered.cert");
    for at in (0..before.len()).step_by(97) {
        let mut bytes = before.clone();
        bytes[at] ^= 1;
        fs::write(&altered, bytes).unwrap();
        let refused = lanthorn.by("s.maria", &["supervisor", "epoch", &altered.display().to_string()]);
        assert_ne!(refused.code, 0, "byte {at}: {refused:?}");
    }
    assert_eq!(fs::read(epoch_file(&lanthorn)).unwrap(), before, "what crawlers seal to is what it was");
    // Put in place behind the command's back, it is not sealed to either.
    fs::copy(own, epoch_file(&lanthorn)).unwrap();
    let crawl = lanthorn.crawl();
    assert_eq!(crawl.code, 3, "{crawl:?}");
    assert!(crawl.err.contains("known-supervisors"), "{crawl:?}");
}

fn epoch_file(lanthorn: &Installation) -> PathBuf {
    lanthorn.data().join("epochs/current.cert")
}

/// The log, verified by Go's own packages.
fn go_agrees(lanthorn: &Installation) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../go-verifier/main.go");
    let verifier = lanthorn.path("go-verifier");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&verifier)
        .arg(source)
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOCACHE", lanthorn.path("go-cache"))
        .env("GOFLAGS", "")
        .output()
        .expect("Debian's golang-go: `cargo xtask test` installs it");
    assert!(built.status.success(), "{built:?}");
    let log = lanthorn.data().join("log");
    let checked = Command::new(&verifier).arg(&log).arg(log.join("log.vkey")).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
}
