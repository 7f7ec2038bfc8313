//! Profiles are ours, so what is wrong with one is said with its place.

use super::*;

const SOUND: &str = r#"
format = 1
name = "small"
revision = 3
about = "a small one"
drop_parameters = ["sid"]
never = ['/leave']

[[fingerprint]]
select = "body.small"

[[link]]
to = "thread"
url = '^/t/'

[[page]]
kind = "thread"
url = '^/t/'

[page.record]
kind = "post"
select = ".post"

[page.record.fields]
body = { select = ".text", required = true }
"#;

fn reason(text: &str) -> String {
    Profiles::check("small.toml", text).unwrap_err().to_string()
}

#[test]
fn the_built_in_profiles_are_sound_and_every_pattern_compiles() {
    let names: Vec<_> = Profiles::builtin().list().map(|(name, _, _)| name.to_owned()).collect();
    assert_eq!(
        names,
        [
            "phpbb",
            "smf",
            "mybb",
            "vbulletin",
            "xenforo",
            "discourse",
            "flarum",
            "invision",
            "ads-osclass",
            "ads-generic"
        ]
    );
    assert!(is_never_anywhere("/logout"));
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let good = Profiles::check("small.toml", SOUND).map_err(|error| error.to_string());
    assert_eq!(good, Ok(("small".to_owned(), 3)));
    for (from, to, expected) in [
        ("format = 1", "format = 2", "format: it is 2, and this program reads 1"),
        ("\"small\"", "\"Small!\"", "name: expected 1 to 40 of a-z, 0-9 and '-'"),
        ("revision = 3", "revision = 0", "revision: expected a number from 1; raise it with every change"),
        ("body.small", "body..small", "fingerprint[0].select: \"body..small\" is not a CSS selector that is supported"),
        ("select = \"body.small\"", "", "fingerprint[0]: expected generator, select or both"),
        ("['/leave']", "['(']", "never[0]: \"(\" is not a regular expression: error: unclosed group"),
        (
            "\"thread\"\nurl = '^/t/'\n\n[page.record]",
            "\"thread\"\n\n[page.record]",
            "page[0]: expected url, when or both, or the rule would fit every page",
        ),
        ("\".text\"", "\"..\"", "page[0].record.fields.body.select: \"..\" is not a CSS selector that is supported"),
    ] {
        assert!(SOUND.contains(from), "{from}");
        assert_eq!(reason(&SOUND.replace(from, to)), format!("use the profile small.toml: {expected}"));
    }
    for (from, to, expected) in [
        ("revision = 3", "revision = 3\ncolour = 1", "unknown field `colour`"),
        ("body = {", "nose = {", "unknown variant `nose`"),
        ("\"post\"", "\"pots\"", "unknown variant `pots`"),
    ] {
        let reason = reason(&SOUND.replace(from, to));
        assert!(reason.starts_with("read the profile small.toml: ") && reason.contains(expected), "{reason}");
    }
}

#[test]
fn a_folder_replaces_built_in_profiles_by_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("own.toml"), SOUND.replace("\"small\"", "\"phpbb\"")).unwrap();
    fs::write(folder.path().join("notes.txt"), "not a profile").unwrap();
    let open = |text: &str| {
        if text.contains("# unsigned") { Err("nobody has signed it".to_owned()) } else { Ok(text.to_owned()) }
    };
    let (profiles, rejected) = Profiles::load(folder.path(), open).unwrap();
    assert_eq!(rejected, []);
    let revisions: Vec<_> = profiles.list().map(|(name, revision, _)| (name, revision)).collect();
    assert_eq!(revisions.len(), BUILT_IN.len());
    assert_eq!(revisions[..2], [("phpbb", 3), ("smf", 1)]);
    fs::write(folder.path().join("twin.toml"), SOUND.replace("\"small\"", "\"phpbb\"")).unwrap();
    fs::write(folder.path().join("a-wrong.toml"), SOUND.replace("\"small\"", "\"Not A Name\"")).unwrap();
    fs::write(folder.path().join("smf.toml"), format!("{}\n# unsigned", SOUND.replace("\"small\"", "\"smf\"")))
        .unwrap();
    let (profiles, rejected) = Profiles::load(folder.path(), open).unwrap();
    let files: Vec<_> = rejected.iter().map(|rejected| (&*rejected.file, &*rejected.why)).collect();
    assert_eq!(files[0].0, "a-wrong.toml");
    assert_eq!(
        files[1..],
        [
            ("smf.toml", "nobody has signed it"),
            (
                "twin.toml",
                "use the profile twin.toml: name: another file of the folder already holds the profile phpbb"
            )
        ]
    );
    let smf = profiles.list().find(|(name, ..)| *name == "smf").unwrap();
    assert_eq!(smf.1, 1, "what nobody has signed does not take the place of the built-in one");
    let missing = Profiles::load(&folder.path().join("none"), open).unwrap_err();
    assert!(matches!(missing, Error::ProfileFile { .. }));
}

#[test]
fn session_names_are_taken_out_of_links() {
    let profile = Profile::parse("small.toml", SOUND).unwrap();
    for (before, after) in [
        ("http://f.example/t?sid=1", "http://f.example/t"),
        ("http://f.example/t?a=1&sid=2&b=%20", "http://f.example/t?a=1&b=%20"),
        ("http://f.example/t?aside=1", "http://f.example/t?aside=1"),
    ] {
        let mut url = before.parse().unwrap();
        profile.drop_parameters(&mut url);
        assert_eq!(url.as_str(), after);
    }
}

#[test]
fn profiles_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Profiles>();
}
