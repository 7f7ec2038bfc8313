//! The pages in Debian's Chromium: whole journeys with scripts and without, and every page in every look, all under axe.

mod driver;
mod journeys;
mod keys;
mod looks;
mod working;

use rehearsal::served::Served;
use rehearsal::{Installation, SUPERVISORS};
use serde_json::Value;

use self::driver::Browser;
use crate::binary;

/// One installation and one server for all of it: what takes time is to make them.
#[test]
fn the_pages_work_with_scripts_and_without_in_every_look() {
    let installation = Installation::ready(binary(), 7, 60);
    let _ = crawled(&installation, 46);
    let served = Served::start(&installation);
    keys::walk(&installation, &served);
    let mut visits = Vec::new();
    for scripts in [true, false] {
        visits = journeys::walk(&installation, &served, scripts);
    }
    looks::all(&installation, &served, &visits);
    served.stop();
}

/// Crawls until so many more pages are kept.
fn crawled(installation: &Installation, pages: u32) -> Value {
    let pages = pages.to_string();
    let run = ["crawl", "run", rehearsal::CASE, "--until-idle", "--max-wait", "30", "--max-pages", &pages];
    installation.by("o.lena", &run).good().json()
}

/// The form for name, passphrase and code; the other one is for a security key.
const PASSPHRASE_FORM: &str = "main form[action='/sign-in']";

/// A person's session, for a browser to come back with.
struct Visit {
    who: &'static str,
    cookie: Value,
}

/// Signs somebody in as they would: the first time the second step is set up.
fn sign_in(served: &Served, browser: &Browser, who: &'static str) -> Visit {
    browser.goto(&served.url("/sign-in"));
    fill_in(served, browser, who);
    Visit { who, cookie: browser.cookie("__Host-lanthorn") }
}

/// The form that is open.
fn fill_in(served: &Served, browser: &Browser, who: &str) {
    browser.fill("#person", who);
    let (passphrase, code) = served.credentials(who);
    browser.fill("#passphrase", passphrase);
    if let Some(code) = code {
        browser.fill("#code", &code);
        browser.send(PASSPHRASE_FORM);
    } else {
        browser.send(PASSPHRASE_FORM);
        browser.checked();
        let code = served.first_code(who, &browser.text("#secret"));
        browser.fill("#code", &code);
        browser.send("main form");
    }
    assert!(browser.text("header").contains(who), "{who} is signed in");
}

fn sign_out(browser: &Browser) {
    browser.send("form.who");
    assert!(browser.address().ends_with("/sign-in"));
}

/// In the supervisors' own client, where their keys are.
fn approve(installation: &Installation, request: i64) {
    let keys = |person: &str| installation.key_folder(person);
    // The server signs the log every second; a witness sees what is signed.
    for _ in 0..100 {
        if installation.by("u.paul", &["audit", "verify"]).good().json()["unsigned"] == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let _ = installation.by("s.maria", &["supervisor", "witness", "--keys", &keys("s.maria")]).good();
    for person in &SUPERVISORS[1..] {
        let approve = ["supervisor", "approve", &request.to_string(), "--keys", &keys(person)];
        let _ = installation.by(person, &approve).good();
    }
}
