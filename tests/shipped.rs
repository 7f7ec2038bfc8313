//! The command as it ships: helps, refuses, redacts. None of these tests starts Tor: what does, does so on a private
//! network, and stands with the rehearsal.

use std::process::{Command, Output};

fn lanthorn(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lanthorn")).args(args).env_remove("LANTHORN_DATA").output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_command_has_a_help_text() {
    let help = text(&lanthorn(&["--help"]).stdout);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' ')) // the rest of a long line
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 15, "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let answer = lanthorn(&[command, "--help"]);
        assert_eq!(answer.status.code(), Some(0), "{command}");
        assert!(text(&answer.stdout).contains("Usage:"), "{command}");
    }
}

#[test]
fn a_folder_that_is_none_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display().to_string();
    let answer = lanthorn(&["doctor", "--data", &at]);
    assert_eq!(answer.status.code(), Some(4));
    assert!(text(&answer.stderr).contains("lanthorn init"), "{}", text(&answer.stderr));
}

#[test]
fn a_new_data_folder_is_good_and_its_configuration_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("data").display().to_string();
    assert_eq!(lanthorn(&["init", "--data", &at]).status.code(), Some(0));
    let answer = lanthorn(&["doctor", "--deep", "--json", "--data", &at]);
    assert_eq!(answer.status.code(), Some(0), "{}", text(&answer.stderr));
    let written = std::fs::read_to_string(folder.path().join("data/lanthorn.toml")).unwrap();
    assert_eq!(written, include_str!("../config/example.toml"));
}

#[test]
fn redact_answers_line_by_line_and_says_at_the_end_that_one_was_bad() {
    use std::io::Write as _;
    use std::process::Stdio;

    let mut command = Command::new(env!("CARGO_BIN_EXE_lanthorn"));
    command.args(["redact", "--jsonl"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut redact = command.spawn().unwrap();
    let lines =
        "{\"id\":\"1\",\"text\":\"call +44 7700 900123\"}\nnot json\n{\"id\":\"3\",\"text\":\"nothing here\"}\n";
    redact.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let answer = redact.wait_with_output().unwrap();
    assert_eq!(answer.status.code(), Some(1));
    let out = text(&answer.stdout);
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert_eq!((&lines[0]["spans"][0]["label"], &lines[0]["spans"][0]["start"]), (&"PHONE".into(), &5.into()));
    assert!(!out.contains("900123"), "{out}");
    assert!(lines[1]["id"].is_null() && lines[1]["error"].is_string(), "{out}");
    assert_eq!(lines[2]["redacted"], "nothing here");
}

#[test]
fn redact_reads_a_page_and_prints_what_a_reader_would_see() {
    use std::io::Write as _;
    use std::process::Stdio;

    let mut command = Command::new(env!("CARGO_BIN_EXE_lanthorn"));
    command.args(["redact", "--html"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut redact = command.spawn().unwrap();
    let page = "<title>garden</title><p>call <b>+44 7700</b><i> 900123</i></p><img alt='jade@mail.example'>";
    redact.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let answer = redact.wait_with_output().unwrap();
    let out = text(&answer.stdout);
    assert_eq!(answer.status.code(), Some(0), "{}", text(&answer.stderr));
    assert!(out.contains("[PHONE:") && !out.contains("7700") && !out.contains("jade"), "{out}");
}

/// A private network of which one relay is named, on a port of loopback where nobody listens.
const NOBODY_THERE: &str = r#"
[tor_network]
fallback_caches = [{ rsa_identity = "B48BD5B7508EA756B8482A472F361994681D1F37", ed_identity = "bYdFUJWA8XrDlQfrkP9prm5oDXMzVC09D/aCxUguVqc", orports = ["127.0.0.1:1"] }]
[tor_network.authorities]
v3idents = ["7FEA5061AB54C579F64DA94792C3E94F38C40A78"]
uploads = []
downloads = []
votes = []
"#;

#[test]
fn doctor_explains_a_tor_that_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("data").display().to_string();
    assert_eq!(lanthorn(&["init", "--data", &at]).status.code(), Some(0));
    let (file, config) = (folder.path().join("network.toml"), folder.path().join("data/lanthorn.toml"));
    let named = format!("network = {:?}", file.display().to_string());
    let text_of = std::fs::read_to_string(&config).unwrap();
    let changed = text_of.replace("network = \"\"", &named).replace("bootstrap_seconds = 120", "bootstrap_seconds = 5");
    std::fs::write(&config, changed).unwrap();
    // What is not named, what names nobody of its own, and what nobody answers: 4 for what is not to be had.
    for (network, said) in [
        (None, "[tor] network names"),
        (Some("x = 1"), "a private network must name its own"),
        (Some(NOBODY_THERE), "look whether this machine may make outgoing connections"),
    ] {
        if let Some(network) = network {
            std::fs::write(&file, network).unwrap();
        }
        let answer = lanthorn(&["doctor", "--online", "--data", &at]);
        assert_eq!(answer.status.code(), Some(4), "{}", text(&answer.stderr));
        assert!(text(&answer.stdout).contains(said), "{}", text(&answer.stdout));
    }
}
