//! A ceremony and a repair whose folders go through the site: each member has a folder of their own, and nobody carries one.

use std::fs;

use rehearsal::{Installation, SUPERVISORS};
use serde_json::Value;

use crate::ready;

/// The folder of one member on a machine of their own.
fn own(lanthorn: &Installation, person: &str) -> String {
    lanthorn.path(&format!("mail-of-{person}")).display().to_string()
}

fn carry(lanthorn: &Installation, person: &str, plan: &str) -> Value {
    let at = own(lanthorn, person);
    lanthorn.by(person, &["supervisor", "mail", "--at", &at, "--plan", plan]).good().json()
}

fn step(lanthorn: &Installation, what: &str, person: &str) -> Value {
    let (at, keys) = (own(lanthorn, person), lanthorn.key_folder(person));
    lanthorn.run(&["supervisor", what, "step", "--at", &at, "--keys", &keys]).good().json()
}

#[test]
fn a_ceremony_and_a_repair_go_through_the_site() {
    let lanthorn = ready(64, 20);
    let enrolments = SUPERVISORS.map(|person| format!("{}/enrolment.toml", lanthorn.key_folder(person)));
    let first = own(&lanthorn, "s.maria");
    let mut plan = vec!["supervisor", "ceremony", "plan", "--at", &first];
    enrolments.iter().for_each(|file| plan.extend(["--member", file]));
    let name = lanthorn.run(&plan).good().json()["plan"].as_str().unwrap().to_owned();

    let handed_in = carry(&lanthorn, "s.maria", &name);
    assert_eq!(handed_in["handed_in"], serde_json::json!(["plan"]), "{handed_in}");
    let mut certificate = None;
    for _ in 0..4 {
        for person in SUPERVISORS {
            carry(&lanthorn, person, &name);
            if let Some(file) = step(&lanthorn, "ceremony", person)["certificate"].as_str() {
                certificate = Some(file.to_owned());
            }
            carry(&lanthorn, person, &name);
        }
    }
    let certificate = certificate.expect("twelve steps make a key");
    let installed = lanthorn.by("s.amina", &["supervisor", "epoch", &certificate]).good().json();
    for person in SUPERVISORS {
        let _ = lanthorn.by(person, &["supervisor", "drill", "--keys", &lanthorn.key_folder(person)]).good();
    }
    let listed = lanthorn.by("s.jonas", &["supervisor", "mail"]).good().json();
    // Plan, three announcements, three signatures, certificate: the private messages are gone.
    assert_eq!((&listed["plans"][0]["plan"], &listed["plans"][0]["messages"]), (&name.as_str().into(), &8.into()));

    refused(&lanthorn, &name);
    repaired(&lanthorn, installed["epoch"].as_str().unwrap());
    let cleared = lanthorn.by("s.maria", &["supervisor", "mail", "--clear", &name]).good().json();
    assert_eq!(cleared["cleared"], 8);
    let told = lanthorn.by("u.paul", &["audit", "tail", "--lines", "400"]).good().json().to_string();
    for what in ["mail-cleared", "written-once", &name] {
        assert!(told.contains(what), "{what}: {told}");
    }
}

/// What the mailbox does not take, each by its rule.
fn refused(lanthorn: &Installation, name: &str) {
    let at = own(lanthorn, "s.jonas");
    // Another announcement under the name of the first: written once.
    let announcement = lanthorn.path("mail-of-s.jonas/1-s.jonas.announcement");
    let kept = fs::read(&announcement).unwrap();
    fs::write(&announcement, b"another").unwrap();
    let tried = lanthorn.by("s.jonas", &["supervisor", "mail", "--at", &at]);
    assert!(tried.code == 3 && tried.err.contains("written-once"), "{tried:?}");
    fs::write(&announcement, kept).unwrap();
    // A folder that is another plan's than the one asked for.
    let tried = lanthorn.by("s.jonas", &["supervisor", "mail", "--at", &at, "--plan", &"0".repeat(32)]);
    assert!(tried.code == 3 && tried.err.contains("one-plan"), "{tried:?}");
    // A file that no ceremony writes is left where it is, and one of another's is not handed in.
    fs::write(lanthorn.path("mail-of-s.jonas/1-s.nobody.announcement"), b"x").unwrap();
    let left = lanthorn.by("s.jonas", &["supervisor", "mail", "--at", &at]).good().json();
    assert_eq!((&left["left"], &left["handed_in"]), (&1.into(), &serde_json::json!([])), "{left}");
    // Whoever is no supervisor has nothing to do here.
    for person in ["a.ivan", "u.paul"] {
        let tried = lanthorn.by(person, &["supervisor", "mail", "--at", &at, "--plan", name]);
        assert!(tried.code == 3 && tried.err.contains("role-table"), "{tried:?}");
    }
}

fn repaired(lanthorn: &Installation, epoch: &str) {
    for person in SUPERVISORS {
        fs::remove_dir_all(own(lanthorn, person)).unwrap();
    }
    let kept = lanthorn.data().join(format!("epochs/{epoch}.cert")).display().to_string();
    let shares = fs::read_dir(lanthorn.key_folder("s.amina")).unwrap().map(|entry| entry.unwrap().path());
    for share in shares.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("share-")) {
        fs::remove_file(share).unwrap();
    }
    let at = own(lanthorn, "s.amina");
    let plan = ["supervisor", "repair", "plan", "--at", &at, "--certificate", &kept, "--lost", "s.amina"];
    let helpers = ["--helper", "s.maria", "--helper", "s.jonas"];
    let name = lanthorn.run(&[&plan[..], &helpers].concat()).good().json()["plan"].as_str().unwrap().to_owned();
    carry(lanthorn, "s.amina", &name);
    for _ in 0..4 {
        for person in SUPERVISORS {
            carry(lanthorn, person, &name);
            step(lanthorn, "repair", person);
            carry(lanthorn, person, &name);
        }
    }
    let _ = lanthorn.by("s.amina", &["supervisor", "drill", "--keys", &lanthorn.key_folder("s.amina")]).good();
}
