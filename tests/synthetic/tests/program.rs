//! `synthetic-sites` as another program sees it: started, asked, steered, scanned with.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use authorisation::Document;
use serde_json::Value;
use synthetic::truth::Truth;

/// The sites of one seed, being served until this is dropped.
struct Serving {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
}

impl Serving {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = program(&["--seed", "51", "--size", "small", "--out"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut serving = Self { child, input, output, folder };
        assert!(serving.line().contains("truth.json"));
        serving
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    fn say(&mut self, words: &str) {
        writeln!(self.input.as_mut().unwrap(), "{words}").unwrap();
        assert_eq!(self.line().trim(), words);
    }

    fn truth_file(&self) -> String {
        self.folder.path().join("truth.json").display().to_string()
    }

    fn truth(&self) -> Truth {
        serde_json::from_slice(&fs::read(self.truth_file()).unwrap()).unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // The end of its input ends the program; if it does not, the test has failed already.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_synthetic-sites"));
    command.args(args);
    command
}

fn output(args: &[&str], folder: &Path) -> Output {
    program(args).arg(folder).output().unwrap()
}

/// A page with its head, as it comes; nothing from a site that is down.
fn fetch(port: u16, host: &str, path: &str) -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "the sites that this test serves, on loopback")]
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    let mut answer = Vec::new();
    // A connection that is closed at once may be so before it is written to.
    let _ = write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn sites_are_served_steered_and_ended() {
    let mut serving = Serving::start();
    let truth = serving.truth();
    assert_eq!(truth.sites.len(), 3);
    let site = truth.sites[2].clone();
    assert_eq!((&*site.host, site.port), ("bulletin.test", site.listen));
    assert!(fetch(site.listen, &site.host, &site.in_scope[0]).starts_with(b"HTTP/1.1 200 OK\r\n"));
    serving.say("down bulletin");
    assert_eq!(fetch(site.listen, &site.host, &site.in_scope[0]), b"");
    serving.say("up bulletin");
    assert!(fetch(site.listen, &site.host, &site.in_scope[1]).starts_with(b"HTTP/1.1 200 OK\r\n"));

    let asked = fs::read_to_string(serving.folder.path().join(&site.asked)).unwrap();
    let expected: String = site.in_scope[..2].iter().map(|path| format!("GET bulletin.test {path}\n")).collect();
    assert_eq!(asked, expected);
    drop(serving.input.take());
    assert!(serving.child.wait().unwrap().success());
}

#[test]
fn its_authorisation_is_one() {
    let serving = Serving::start();
    let file = serving.truth_file();
    let args = ["paper", "--truth", &file, "--case", "op-harbour-2026", "--audience", "lanthorn.example"];
    let text = String::from_utf8(program(&args).output().unwrap().stdout).unwrap();
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let hosts: Vec<&str> = document.sites().iter().map(|site| site.host()).collect();
    let truth = serving.truth();
    assert_eq!(hosts, truth.sites.iter().map(|site| &*site.host).collect::<Vec<_>>());
}

/// What the demonstration rests on: the scan finds what was hidden where it is, and nothing where it is not.
#[test]
fn a_scan_finds_what_was_planted_on_every_site_and_nothing_in_a_clean_folder() {
    let serving = Serving::start();
    let (file, truth) = (serving.truth_file(), serving.truth());
    let folder = tempfile::tempdir().unwrap();
    let args = ["scan", "--truth", &file, "--json"];
    let json = |output: &Output| serde_json::from_slice::<Value>(&output.stdout).unwrap();

    fs::write(folder.path().join("clean"), "clean quiet room near the river").unwrap();
    let clean = output(&args, folder.path());
    assert_eq!((clean.status.code(), &json(&clean)["leaks"]), (Some(0), &0.into()));
    assert_eq!((&json(&clean)["bytes"], &json(&clean)["planted"]), (&31.into(), &truth.planted.len().into()));

    for site in &truth.sites {
        let inside = folder.path().join(&site.name);
        fs::create_dir(&inside).unwrap();
        let traps = site.traps.iter().filter(|trap| trap.has_text).map(|trap| &trap.at);
        for (number, path) in site.in_scope.iter().chain(traps).enumerate() {
            fs::write(inside.join(number.to_string()), fetch(site.listen, &site.host, path)).unwrap();
        }
    }
    let control = output(&args, folder.path());
    let found = json(&control);
    assert_eq!(control.status.code(), Some(1));
    let found = found["found"].as_array().unwrap();
    let hit = |number: usize, site: &str| {
        found.iter().any(|found| found["planted"] == number && found["file"].as_str().unwrap().starts_with(site))
    };
    for site in &truth.sites {
        let own = || truth.planted.iter().enumerate().filter(|(_, planted)| planted.site == site.name);
        let seen = own().filter(|(number, _)| hit(*number, &site.name)).count();
        // Values behind character references, and those that nobody may ask for, are not among these bytes.
        assert!(seen * 10 >= own().count() * 9, "{}: {seen} of {}", site.name, own().count());
    }
    let lines = String::from_utf8(output(&args[..3], folder.path()).stdout).unwrap();
    assert!(lines.contains("leak: PHONE no. ") && lines.contains(" in forum/"), "{lines:.200}");
    assert!(truth.planted.iter().all(|planted| !lines.contains(&planted.canonical)), "no value is repeated");

    let unread = output(&args, Path::new("no-such-folder"));
    assert_eq!((unread.status.code(), unread.stdout.len()), (Some(2), 0));
}
