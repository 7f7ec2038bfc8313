//! Crawl, log and people's commands as three users of the system over one data folder: each does its work, and none reads
//! the keys of another.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rehearsal::{CASE, Installation, Ran, finish};

use crate::ready;

/// Numbers that no account has: users need no name.
const GROUP: u32 = 61_000;
const CRAWL: u32 = 61_001;
const LOG: u32 = 61_002;
const PEOPLE: u32 = 61_003;

/// A command as a user of that number, and as a person of the installation.
fn run_as(lanthorn: &Installation, user: u32, person: Option<&str>, args: &[&str]) -> Ran {
    let ours = lanthorn.command(args, 2);
    let mut command = Command::new(lanthorn.path("lanthorn"));
    command.args(ours.get_args());
    command.env("LANTHORN_ASKED", lanthorn.path("asked"));
    for (name, value) in ours.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    if let Some(person) = person {
        command.args(["--as", person]);
    }
    command
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    finish_as(command, user)
}

fn finish_as(mut command: Command, user: u32) -> Ran {
    command.uid(user).gid(GROUP).current_dir("/");
    finish(command)
}

fn reads(user: u32, file: &Path) -> bool {
    let mut cat = Command::new("cat");
    cat.arg(file).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    finish_as(cat, user).code == 0
}

fn open_to_all(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn three_users_share_one_folder_and_no_keys() {
    let lanthorn = ready(85, 30);
    let separate =
        ["separate", "--group", &GROUP.to_string(), "--crawl", &CRAWL.to_string(), "--log", &LOG.to_string()];
    let one = lanthorn.run(&["separate", "--group", "61000", "--crawl", "61001", "--log", "61001"]);
    assert_eq!(one.code, 2, "one user is not two: {one:?}");
    assert_eq!(lanthorn.run(&["separate", "--group", "no-such-group", "--crawl", "1", "--log", "2"]).code, 2);
    let separated = lanthorn.run(&separate);
    if fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own)).unwrap() != 0 {
        assert!(separated.code != 0 && separated.err.contains("only root can"), "{separated:?}");
        return;
    }
    let _ = separated.good();

    // The program, the passphrases and the people's own folders where the three find them.
    open_to_all(lanthorn.data().parent().unwrap(), 0o777);
    fs::copy(crate::binary(), lanthorn.path("lanthorn")).unwrap();
    open_to_all(&lanthorn.path("lanthorn"), 0o755);
    open_to_all(&lanthorn.passphrase(), 0o644);
    for person in ["s.maria", "s.jonas", "s.amina", "a.ivan", "u.paul"] {
        let owner = format!("{PEOPLE}:{GROUP}");
        assert!(Command::new("chown").args(["-R", &owner, &lanthorn.key_folder(person)]).status().unwrap().success());
    }

    let keys = lanthorn.data().join("keys");
    let (outbox, signing) = (keys.join("crawl/outbox.key"), keys.join("log/log.key"));
    for (user, crawls, signs) in [(CRAWL, true, false), (LOG, false, true), (PEOPLE, false, false)] {
        assert_eq!((reads(user, &outbox), reads(user, &signing)), (crawls, signs), "user {user}");
        let found = run_as(&lanthorn, user, None, &["doctor"]).good().json();
        let verdict = found.as_array().unwrap().iter().find(|finding| finding["what"] == "separate users").unwrap();
        assert_eq!(verdict["verdict"], "good", "user {user}: {verdict}");
    }
    let root = lanthorn.run(&["doctor"]);
    assert!(root.code != 0 && root.out.contains("run nothing as root"), "{root:?}");

    // What one of them puts there, the others can read.
    let people = |person: &str, args: &[&str]| run_as(&lanthorn, PEOPLE, Some(person), args);
    fs::write(lanthorn.path("site.cedar"), "forbid (principal, action == Action::\"pause-system\", resource);")
        .unwrap();
    let file = lanthorn.path("site.cedar").display().to_string();
    let _ = people("s.maria", &["policy", "install", &file, "--reason", "the unit's order"]).good();
    let certificate = lanthorn.data().join("epochs/current.cert").display().to_string();
    let _ = people("s.maria", &["supervisor", "epoch", &certificate]).good();
    let crawl = ["crawl", "run", CASE, "--until-idle", "--max-wait", "30"];
    let _ = run_as(&lanthorn, CRAWL, Some("o.lena"), &crawl).good();
    let sign = || run_as(&lanthorn, LOG, None, &["log", "--once"]).good();
    let _ = sign();
    assert_ne!(people("o.lena", &crawl).code, 0, "nobody else crawls");
    let hits = people("a.ivan", &["search", CASE, "kind:ad"]).good().json();
    let capture = hits["hits"][0]["capture"].as_str().unwrap_or_else(|| panic!("{hits}"));
    let why = ["--code", "R1", "--reason", "a number may lead to a victim", "--legal-basis", "Example Act, section 5"];
    let asked = people("a.ivan", &[&["unseal", "request", capture], &why[..]].concat()).good().json();
    let request = asked["request"].to_string();
    let _ = sign();
    let _ = people("s.jonas", &["supervisor", "witness", "--keys", &lanthorn.key_folder("s.jonas")]).good();
    let _ = sign();
    for person in ["s.maria", "s.amina"] {
        let keys = lanthorn.key_folder(person);
        let _ = people(person, &["supervisor", "approve", &request, "--keys", &keys]).good();
        let _ = sign();
    }
    let opened = people("a.ivan", &["unseal", "open", &request, "--keys", &lanthorn.key_folder("a.ivan")]);
    assert_eq!(opened.good().json()["approved_by"].as_array().map(Vec::len), Some(2));
    let _ = people("s.maria", &["erase", capture, "--reason", "asked for by the person"]).good();
    let _ = sign();
    let verified = run_as(&lanthorn, LOG, None, &["audit", "verify"]).good().json();
    assert_eq!((&verified["verified"], &verified["open_intents"]), (&true.into(), &0.into()), "{verified}");
    let _ = run_as(&lanthorn, CRAWL, None, &["doctor", "--deep"]).good();
}
