//! Profiles count when supervisors have signed them for this installation, and not otherwise.

use std::fs;

use rehearsal::{Installation, NAME};
use serde_json::Value;

use crate::ready;

const OF_PHPBB: &str = include_str!("../../../config/profiles/phpbb.toml");

/// The built-in profile for phpBB, as somebody might have changed it.
fn written(lanthorn: &Installation, file: &str, revision: u32) -> String {
    let line = OF_PHPBB.lines().find(|line| line.starts_with("revision")).expect("a revision");
    let path = lanthorn.path(file);
    fs::write(&path, OF_PHPBB.replacen(line, &format!("revision = {revision}"), 1)).unwrap();
    path.display().to_string()
}

fn sign(lanthorn: &Installation, person: &str, file: &str, audience: &str) {
    let keys = lanthorn.key_folder(person);
    let _ = lanthorn.run(&["profile", "sign", file, "--keys", &keys, "--audience", audience]).good();
}

/// Revision and origin of the profile for phpBB that is in use.
fn in_use(lanthorn: &Installation) -> (u64, String) {
    let list = lanthorn.run(&["profile", "list"]).good().json();
    let of = |profile: &&Value| profile["name"] == "phpbb";
    let phpbb = list.as_array().unwrap().iter().find(of).expect("phpbb is known");
    (phpbb["version"].as_u64().unwrap(), phpbb["from"].as_str().unwrap().to_owned())
}

#[test]
fn a_profile_counts_when_two_supervisors_have_signed_it_and_no_byte_has_changed_since() {
    let lanthorn = ready(31, 40);
    let (built_in, from) = in_use(&lanthorn);
    assert_eq!(from, "built in");
    let file = written(&lanthorn, "phpbb.toml", 70);
    let install =
        |file: &str| lanthorn.by("o.lena", &["profile", "install", file, "--reason", "the board was restyled"]);
    let unsigned = install(&file);
    assert!(unsigned.code == 3 && unsigned.err.contains("rule `signatures`"), "{unsigned:?}");
    sign(&lanthorn, "s.maria", &file, NAME);
    sign(&lanthorn, "s.jonas", &file, "other.example");
    let elsewhere = install(&file);
    assert!(elsewhere.code == 3 && elsewhere.err.contains("for this installation"), "{elsewhere:?}");
    // An analyst signs with a key of their own, and it is nobody's who may.
    let by_analyst = written(&lanthorn, "analyst.toml", 70);
    sign(&lanthorn, "s.maria", &by_analyst, NAME);
    sign(&lanthorn, "a.ivan", &by_analyst, NAME);
    assert_eq!(install(&by_analyst).code, 3);
    assert_eq!(in_use(&lanthorn), (built_in, "built in".to_owned()));

    sign(&lanthorn, "s.jonas", &file, NAME);
    assert_eq!(
        lanthorn.by("a.ivan", &["profile", "install", &file, "--reason", "x"]).code,
        3,
        "nor does an analyst install"
    );
    let _ = install(&file).good();
    assert_eq!(in_use(&lanthorn), (70, "signed".to_owned()));
    let _ = lanthorn.crawl().good();

    // An older one that two have signed does not come back by itself.
    let older = written(&lanthorn, "older.toml", 69);
    sign(&lanthorn, "s.maria", &older, NAME);
    sign(&lanthorn, "s.amina", &older, NAME);
    let refused = install(&older);
    assert!(refused.code == 3 && refused.err.contains("rule `newer-profile`"), "{refused:?}");

    // Whoever changes it on the disk makes it count no more: the built-in one is used, and everybody is told.
    let installed = lanthorn.data().join("profiles/phpbb.toml");
    let text = fs::read_to_string(&installed).unwrap();
    fs::write(&installed, text.replacen("revision = 70", "revision = 71", 1)).unwrap();
    assert_eq!(in_use(&lanthorn), (built_in, "built in".to_owned()));
    let doctor = lanthorn.run(&["doctor"]);
    assert!(doctor.code == 5 && doctor.err.contains("phpbb.toml"), "{doctor:?}");
    fs::write(&installed, text).unwrap();
    let _ = lanthorn.by("o.lena", &["profile", "remove", "phpbb", "--reason", "restyled again"]).good();
    assert_eq!(in_use(&lanthorn), (built_in, "built in".to_owned()));
    for name in ["phpbb", "../lanthorn", ""] {
        assert_eq!(lanthorn.by("o.lena", &["profile", "remove", name, "--reason", "x"]).code, 2, "{name}");
    }
    let log = lanthorn.by("u.paul", &["audit", "tail", "--kind", "setting", "--lines", "50"]).good();
    assert!(log.out.contains("profile installed") && log.out.contains("profile removed"), "{log:?}");
}
