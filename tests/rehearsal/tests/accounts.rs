//! Forums that want a login: what an authorised account reads, and what never happens with it.

use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use model::Label;
use rehearsal::{CASE, Installation, Ran, finish};
use serde_json::Value;
use synthetic::members::{Forum, Habit, PASSWORD, USER};
use synthetic::scan::{Needle, Scan};

use crate::binary;

/// Sites by label: seed and habit.
const FORUMS: [(&str, u64, Habit, &str); 6] = [
    ("ends-once", 9_101, Habit::EndsOnce, "ends-once"),
    ("ends-always", 9_102, Habit::EndsAlways, "ends-always"),
    ("captcha", 9_103, Habit::Captcha, "captcha"),
    ("elsewhere", 9_104, Habit::Elsewhere, "elsewhere"),
    ("wrong", 9_105, Habit::Good, "good"),
    ("not-set", 9_106, Habit::Good, "good"),
];

/// A wrong password, and as secret as a right one.
const WRONG: &str = "k4#Lantern~moss=92";

/// An installation, and everything that its commands said.
struct Desk {
    lanthorn: Installation<Vec<Forum>>,
    said: Vec<Ran>,
}

impl Desk {
    fn new() -> Self {
        let forums: Vec<_> = FORUMS.iter().map(|(_, seed, habit, _)| Forum::new(*seed, *habit)).collect();
        let targets = forums.iter().zip(FORUMS).map(|(forum, (label, ..))| forum.target(label)).collect();
        let members: Vec<_> = FORUMS.iter().map(|(_, seed, _, word)| format!("{seed}:{word}")).collect();
        let environment = vec![("LANTHORN_MEMBERS", members.join(","))];
        Self { lanthorn: Installation::over(binary(), forums, targets, environment, |_| {}), said: Vec::new() }
    }

    fn by(&mut self, person: &str, args: &[&str]) -> Ran {
        let ran = self.lanthorn.by(person, args);
        self.said.push(ran.clone());
        ran
    }

    /// Types something into a command.
    fn typing(&mut self, person: &str, args: &[&str], typed: &str) -> Ran {
        let mut command = self.lanthorn.command(args, 1);
        command.args(["--as", person]).stdin(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        // A command that refuses before it has read closes its end.
        let _ = child.stdin.take().expect("a pipe").write_all(typed.as_bytes());
        let done = child.wait_with_output().expect("it ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ran = Ran { code: done.status.code().unwrap_or(-1), out: text(&done.stdout), err: text(&done.stderr) };
        self.said.push(ran.clone());
        ran
    }

    fn set(&mut self, site: &str, password: &str) -> Ran {
        self.typing("o.lena", &["account", "set", CASE, "--site", site], &format!("{USER}\n{password}\n"))
    }

    fn forum(&self, label: &str) -> &Forum {
        let at = FORUMS.iter().position(|(known, ..)| *known == label).expect("a forum");
        &self.lanthorn.site[at]
    }

    /// Requests of a method to a forum.
    fn asked(&self, label: &str, method: &str) -> Vec<String> {
        let (host, method) = (&self.forum(label).host, format!("{method} "));
        self.lanthorn.asked().into_iter().filter(|line| line.starts_with(&method) && line.contains(host)).collect()
    }

    fn status(&mut self, label: &str) -> Value {
        let all = self.by("o.lena", &["crawl", "status", CASE]).good().json();
        all.as_array().unwrap().iter().find(|host| host["site"] == label).expect("the site is known").clone()
    }

    fn held(&mut self, label: &str) -> String {
        self.status(label)["held"].as_str().unwrap_or_default().to_owned()
    }

    /// Looks for every secret in every byte of the data folder, and in whatever was said.
    fn no_secret_anywhere(&self) {
        let needle = |text: &str| Needle { label: Label::Secret, canonical: text.to_owned(), written: text.to_owned() };
        let mut needles = vec![needle(USER), needle(PASSWORD), needle(WRONG)];
        for forum in &self.lanthorn.site {
            needles.extend((1..=4).map(|session| needle(&forum.cookie(session))));
        }
        let scan = Scan::new(&needles);
        let report = scan.folder(&self.lanthorn.data()).unwrap();
        assert!(report.files > 20 && report.documents > 0, "{} files, {} documents", report.files, report.documents);
        assert_eq!(report.leaks, []);
        for ran in &self.said {
            for text in [&ran.out, &ran.err] {
                assert_eq!(scan.bytes("output".as_ref(), text.as_bytes()).unwrap(), [], "{ran:?}");
            }
        }
    }
}

/// Kills a crawl as soon as it has sent a login form.
#[expect(clippy::disallowed_methods, reason = "a limit on how long a test waits")]
fn killed_at_the_first_login(desk: &Desk) {
    let mut crawl = desk.lanthorn.crawling().spawn().expect("the crawl starts");
    let begun = Instant::now();
    while !desk.lanthorn.asked().iter().any(|line| line.starts_with("Post ")) {
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody logged in");
        std::thread::sleep(Duration::from_millis(2));
    }
    crawl.kill().expect("kill -9");
    crawl.wait().expect("it is gone");
}

#[test]
fn an_account_reads_what_it_may_and_its_secrets_are_nowhere() {
    let mut desk = Desk::new();
    operators_alone_set_what_was_authorised(&mut desk);

    killed_at_the_first_login(&desk);
    let ran = finish(desk.lanthorn.crawling_with_patience(20)).good();
    desk.said.push(ran);

    // The session ended in the middle: every page was read, by logging in once more.
    let once: Vec<_> = desk.asked("ends-once", "Get");
    for path in ["/", "/board/1", "/board/3", "/thread/1/1", "/thread/3/5"] {
        assert!(once.iter().any(|line| line.ends_with(path)), "{path}: {once:?}");
    }
    let status = desk.status("ends-once");
    assert_eq!((&status["held"], &status["waiting"]), (&Value::Null, &0.into()), "{status}");
    assert!(status["done"].as_u64().unwrap() >= Forum::pages() as u64, "{status}");
    let logins = desk.asked("ends-once", "Post").len();
    assert!((2..=3).contains(&logins), "{logins} logins: before the kill, after the loss, and one if the kill cost it");

    // A site that ends every session is left alone after three.
    assert!(desk.held("ends-always").contains("no session of it lasted"), "{}", desk.held("ends-always"));
    assert!(desk.asked("ends-always", "Post").len() <= 3);
    assert!(desk.held("captcha").contains("CAPTCHA"), "{}", desk.held("captcha"));
    assert!(desk.held("elsewhere").contains("rule `login-form`"), "{}", desk.held("elsewhere"));
    assert!(desk.held("wrong").contains("did not take its name and password"), "{}", desk.held("wrong"));
    assert!(desk.held("not-set").contains("lanthorn account set"), "{}", desk.held("not-set"));
    let posts = ["captcha", "elsewhere", "wrong", "not-set"].map(|label| desk.asked(label, "Post").len());
    assert_eq!(
        posts,
        [0, 0, 1, 0],
        "a captcha is not solved, a foreign address not written to, a wrong password not repeated"
    );

    let all = desk.lanthorn.asked();
    for trap in ["/logout", "/bye", "/leave.php", "collector.example"] {
        assert!(all.iter().all(|line| !line.contains(trap)), "{trap} was asked for");
    }

    told_and_logged(&mut desk);
    desk.no_secret_anywhere();

    // The right password lets a held site go on, and what is forgotten is gone.
    let _ = desk.set("wrong", PASSWORD).good();
    let ran = finish(desk.lanthorn.crawling_with_patience(5)).good();
    desk.said.push(ran);
    assert_eq!(
        desk.status("wrong")["done"].as_u64().unwrap(),
        Forum::pages() as u64,
        "every page, and the trap is none"
    );
    let forget = ["account", "forget", CASE, "--site", "wrong", "--reason", "it is over"];
    let _ = desk.by("o.lena", &forget).good();
    assert_eq!(desk.by("o.lena", &forget).code, 2, "it is gone");
    let left = desk.by("o.lena", &["account", "list", CASE]).good().json();
    assert!(left.as_array().unwrap().iter().all(|account| account["site"] != "wrong"), "{left}");
    desk.no_secret_anywhere();
}

fn operators_alone_set_what_was_authorised(desk: &mut Desk) {
    let missing = desk.by("o.lena", &["account", "check", CASE]);
    assert_eq!(missing.code, 4, "{missing:?}");
    assert_eq!(missing.json().as_array().unwrap().len(), FORUMS.len());
    let analyst = desk.typing("a.ivan", &["account", "set", CASE, "--site", "wrong"], &format!("{USER}\n{PASSWORD}\n"));
    assert_eq!(analyst.code, 3, "{analyst:?}");
    let unknown = desk.set("no-such-site", PASSWORD);
    assert!(unknown.code == 3 && unknown.err.contains("rule `login-form`"), "{unknown:?}");
    for half in [format!("{USER}\n"), format!("\n{PASSWORD}\n"), "reader-1\nx\n".to_owned(), String::new()] {
        let refused = desk.typing("o.lena", &["account", "set", CASE, "--site", "wrong"], &half);
        assert_eq!(refused.code, 2, "{refused:?}");
    }
    for (label, ..) in FORUMS.iter().take(4) {
        let _ = desk.set(label, PASSWORD).good();
    }
    let _ = desk.set("wrong", WRONG).good();
    let check = desk.by("o.lena", &["account", "check", CASE]).json();
    let usable = check.as_array().unwrap().iter().filter(|account| account["usable"] == true).count();
    assert_eq!(usable, FORUMS.len() - 1, "{check}");
}

fn told_and_logged(desk: &mut Desk) {
    let why = desk.by("o.lena", &["crawl", "why", CASE, "ends-once"]).good().json().to_string();
    assert!(why.contains("read with the account reader-1, session") && why.contains("and the site knows it"), "{why}");
    let list = desk.by("o.lena", &["account", "list", CASE]).good().json();
    let of = |label: &str| list.as_array().unwrap().iter().find(|account| account["site"] == label).unwrap().clone();
    assert!(of("ends-once")["session"].as_i64() >= Some(2) && of("ends-once")["tries"] == 0, "{list}");
    assert!(of("ends-always")["ended"].is_string() && of("ends-always")["tries"] == 3, "{list}");
    let doctor = desk.by("o.lena", &["doctor"]).good().json().to_string();
    assert!(doctor.contains("have an open session") && doctor.contains("are held"), "{doctor}");
    let log = desk.by("u.paul", &["audit", "tail", "--kind", "account", "--lines", "200"]).good();
    for word in ["set", "login page", "login", "session lost", "captcha", "outside of the scope", "refused"] {
        assert!(log.out.contains(word), "{word}: {}", log.out);
    }
    let hits = desk.by("a.ivan", &["search", CASE, "harbour", "--limit", "3"]).good();
    assert!(hits.json()["count"].as_u64() > Some(0) || hits.out.contains("harbour"), "{hits:?}");
}
