//! Debian's Chromium, driven through its own driver by the W3C's WebDriver protocol; and axe, which looks at what is open.
//!
//! The protocol is a dozen requests of JSON on the loopback address: less than a guest that speaks it would bring along.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use data_encoding::BASE64;
use rehearsal::http::{self, between};
use serde_json::{Value, json};

/// How pages are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) dark: bool,
    pub(crate) narrow: bool,
    pub(crate) language: &'static str,
}

/// One window, and the program that drives it.
pub(crate) struct Browser {
    driver: Child,
    at: SocketAddr,
    session: String,
    /// The browser's own process, which is ended by its number where it does not end when it is asked.
    chromium: Option<u64>,
    scripts: bool,
    look: Look,
    /// Kept open: the driver would end with it.
    _told: BufReader<ChildStdout>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// A window of 1280 by 900 in English, in which pages' scripts run or do not.
    pub(crate) fn open(scripts: bool) -> Self {
        let mut driver = Command::new("chromedriver");
        driver.args(["--port=0", "--log-level=SEVERE"]).stdin(Stdio::null()).stderr(Stdio::null());
        let mut driver = driver.stdout(Stdio::piped()).spawn().expect("chromedriver is there: cargo xtask set-up");
        let mut told = BufReader::new(driver.stdout.take().expect("a pipe"));
        let port = port(&mut told);
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut browser = Self {
            driver,
            at: SocketAddr::from(([127, 0, 0, 1], port)),
            session: String::new(),
            chromium: None,
            scripts,
            look: Look { dark: false, narrow: false, language: "en" },
            _told: told,
            _profile: profile,
        };
        let options = options(scripts, &browser._profile.path().display().to_string());
        let asked = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options,
            "timeouts": { "pageLoad": 50_000, "script": 50_000 },
        }}});
        let opened = browser.call("POST", "/session", &asked).expect("Chromium starts");
        browser.session = format!("/session/{}", opened["sessionId"].as_str().expect("a session"));
        browser.chromium = opened["capabilities"]["goog:processID"].as_u64();
        browser.scripts_are_as_asked();
        browser
    }

    /// A test without scripts proves nothing if scripts run.
    fn scripts_are_as_asked(&self) {
        self.goto("data:text/html,<title>off</title><script>document.title='on'</script>");
        let title = self.get("/title").expect("a title");
        assert_eq!(title, json!(if self.scripts { "on" } else { "off" }));
    }

    pub(crate) fn goto(&self, url: &str) {
        self.post("/url", &json!({ "url": url })).unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    pub(crate) fn address(&self) -> String {
        self.get("/url").expect("an address").as_str().unwrap_or_default().to_owned()
    }

    /// What a person reads there. A page that is just being loaded anew is given some seconds.
    pub(crate) fn text(&self, css: &str) -> String {
        let read = || self.find(css).and_then(|found| self.get(&format!("/element/{found}/text")));
        let mut text = read();
        for _ in 0..100 {
            if text.is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
            text = read();
        }
        let text = text.unwrap_or_else(|error| panic!("{css} on {}: {error}", self.address()));
        text.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn has(&self, css: &str) -> bool {
        self.find(css).is_ok()
    }

    /// Clicks what leads to another page, and waits until the page that was open is gone.
    pub(crate) fn follow(&self, css: &str) {
        let before = self.address();
        let page = self.find("html").unwrap_or_else(|error| panic!("{before}: {error}"));
        self.click(css);
        for _ in 0..400 {
            if self.get(&format!("/element/{page}/name")).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{css} on {before} leads nowhere");
    }

    /// Clicks what leads nowhere: an option, a box, a summary.
    pub(crate) fn choose(&self, css: &str) {
        self.click(css);
    }

    /// Fills in a day, which each language types in its own order.
    pub(crate) fn set_day(&self, css: &str, day: &str) {
        let run = "document.querySelector(arguments[0]).value = arguments[1];";
        let set = self.post("/execute/sync", &json!({ "script": run, "args": [css, day] }));
        let _ = set.unwrap_or_else(|error| panic!("{css} on {}: {error}", self.address()));
    }

    fn click(&self, css: &str) {
        let clicked = self.find(css).and_then(|found| self.post(&format!("/element/{found}/click"), &json!({})));
        let _ = clicked.unwrap_or_else(|error| {
            panic!("{css} on {}: {error}\n{}", self.address(), self.text("main"));
        });
    }

    pub(crate) fn fill(&self, css: &str, text: &str) {
        let filled = self.find(css).and_then(|found| {
            self.post(&format!("/element/{found}/clear"), &json!({}))?;
            self.post(&format!("/element/{found}/value"), &json!({ "text": text }))
        });
        let _ = filled.unwrap_or_else(|error| panic!("{css} on {}: {error}", self.address()));
    }

    /// Presses a form's button.
    pub(crate) fn send(&self, form: &str) {
        self.follow(&format!("{form} button"));
    }

    /// The session's cookie, to come back with.
    pub(crate) fn cookie(&self, name: &str) -> Value {
        self.get(&format!("/cookie/{name}")).expect("a cookie")
    }

    pub(crate) fn take_cookie(&self, cookie: &Value) {
        let _ = self.post("/cookie", &json!({ "cookie": cookie })).expect("a cookie");
    }

    pub(crate) fn forget(&self, cookie: &str) {
        let _ = self.call("DELETE", &format!("{}/cookie/{cookie}", self.session), &Value::Null);
    }

    /// Looks at the pages in another way from now on; the language is chosen on the page, as a person would.
    pub(crate) fn look(&mut self, look: Look) {
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &media);
        self.sized(look.narrow, height(look.narrow));
        self.click(&format!("#language option[value={}]", look.language));
        self.send("footer form");
        self.look = look;
    }

    /// Makes the window so high, and as wide as a telephone or a screen.
    fn sized(&self, narrow: bool, height: u64) {
        let width = if narrow { 390 } else { 1280 };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": narrow });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
    }

    fn devtools(&self, command: &str, parameters: &Value) {
        let done = self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }));
        let _ = done.unwrap_or_else(|error| panic!("{command}: {error}"));
    }

    /// Holds the page that is open against axe's rules for WCAG 2.2 AA and good practice. Where a page's scripts are forbidden
    /// axe's timers do not run either; those pages are the same to the byte.
    pub(crate) fn checked(&self) {
        self.held_against("['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']");
    }

    /// The same against the rules that a scheme, a width or a language can break where another did not.
    pub(crate) fn checked_for_looks(&self) {
        self.held_against(
            "{ type: 'rule', values: ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable', \
             'valid-lang', 'html-has-lang', 'html-lang-valid', 'label', 'link-name', 'button-name', 'meta-viewport'] }",
        );
    }

    fn held_against(&self, rules: &str) {
        if !self.scripts {
            return;
        }
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, { runOnly: RULES, resultTypes: ['violations'] }).then(r => done(r.violations.map(v =>
                ({ id: v.id, nodes: v.nodes.slice(0, 5).map(n => n.html + ' :: ' + n.failureSummary) }))),
                e => done([{ id: String(e) }]));";
        let script = format!("{}\n{}", axe(), run.replace("RULES", rules));
        let found = self.post("/execute/async", &json!({ "script": script, "args": [] })).expect("axe runs");
        assert_eq!(found, json!([]), "{} ({:?}): {found:#}", self.address(), self.look);
    }

    /// How much wider than its window the page is, in pixels.
    pub(crate) fn overhang(&self) -> i64 {
        let run = "return document.documentElement.scrollWidth - document.documentElement.clientWidth;";
        let wide = self.post("/execute/sync", &json!({ "script": run, "args": [] })).expect("a width");
        wide.as_i64().expect("a number")
    }

    pub(crate) fn takes_pictures() -> bool {
        pictures().is_some()
    }

    /// Leaves a picture of the whole page, where a folder for them is named.
    pub(crate) fn pictured(&self, name: &str) {
        let Some(folder) = pictures() else { return };
        let Look { dark, narrow, language } = self.look;
        let look =
            format!("{language}-{}-{}", if dark { "dark" } else { "light" }, if narrow { "narrow" } else { "wide" });
        let high = "return Math.min(document.documentElement.scrollHeight, 2000);";
        let high = self.post("/execute/sync", &json!({ "script": high, "args": [] })).expect("a height");
        // In a window as high as the page: what is captured beyond a window is shifted on pages from right to left.
        self.sized(narrow, high.as_u64().expect("a number"));
        let whole = json!({ "cmd": "Page.captureScreenshot", "params": {} });
        let picture = self.post("/goog/cdp/execute", &whole).expect("a picture");
        self.sized(narrow, height(narrow));
        let picture = BASE64.decode(picture["data"].as_str().unwrap_or_default().as_bytes()).expect("a picture");
        std::fs::create_dir_all(&folder).expect("the folder of pictures");
        std::fs::write(folder.join(format!("{name}.{look}.png")), picture).expect("a picture");
    }

    /// Plugs a security key in that Chromium itself plays (W3C Web Authentication, section 11), with a person beside it who
    /// touches it and, if so, gives the right PIN: its number.
    pub(crate) fn plug_in(&self, right_pin: bool) -> String {
        let key = json!({
            "protocol": "ctap2", "transport": "usb", "hasResidentKey": true,
            "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": right_pin,
        });
        let plugged = self.post("/webauthn/authenticator", &key).expect("a virtual authenticator");
        plugged.as_str().expect("its number").to_owned()
    }

    pub(crate) fn unplug(&self, key: &str) {
        let path = format!("{}/webauthn/authenticator/{key}", self.session);
        let _ = self.call("DELETE", &path, &Value::Null).expect("it was plugged in");
    }

    /// What a key holds: the private keys, too, which no key of metal and glass would tell.
    pub(crate) fn held_by(&self, key: &str) -> Value {
        self.get(&format!("/webauthn/authenticator/{key}/credentials")).expect("what it holds")
    }

    pub(crate) fn copy_into(&self, key: &str, held: &Value) {
        let _ = self.post(&format!("/webauthn/authenticator/{key}/credential"), held).expect("a copy");
    }

    /// Clicks what shows something on the same page, and waits for it.
    pub(crate) fn click_and_see(&self, css: &str, shown: &str) -> String {
        self.click(css);
        for _ in 0..200 {
            let text = self.text(shown);
            if !text.is_empty() {
                return text;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{css} on {} shows no {shown}", self.address());
    }

    fn find(&self, css: &str) -> Result<String, String> {
        let found = self.post("/element", &json!({ "using": "css selector", "value": css }))?;
        let id = found.as_object().and_then(|found| found.values().next()).and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| "no element".to_owned())
    }

    fn get(&self, path: &str) -> Result<Value, String> {
        self.call("GET", &format!("{}{path}", self.session), &Value::Null)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.call("POST", &format!("{}{path}", self.session), body)
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [("content-type", "application/json; charset=utf-8")];
        let answer = http::ask(self.at, method, path, &headers, &body).map_err(|error| error.to_string())?;
        let mut document: Value = serde_json::from_str(&answer.body).map_err(|error| error.to_string())?;
        if answer.status == 200 {
            return Ok(document["value"].take());
        }
        let says = |name: &str| document["value"][name].as_str().unwrap_or_default();
        Err(format!("{}: {}", says("error"), says("message").lines().next().unwrap_or_default()))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let closed = self.call("DELETE", &self.session, &Value::Null).is_ok();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        if let (false, Some(chromium)) = (closed, self.chromium) {
            let _ = Command::new("kill").args(["-KILL", &chromium.to_string()]).status();
        }
    }
}

/// The port that the driver has chosen: it says so when it is ready.
fn port(told: &mut BufReader<ChildStdout>) -> u16 {
    let mut all = String::new();
    loop {
        let mut line = String::new();
        let read = told.read_line(&mut line).expect("a line of chromedriver");
        assert!(read > 0, "chromedriver does not start: {all}");
        all.push_str(&line);
        if let Some(port) = between(&line, "successfully on port ", ".").and_then(|port| port.trim().parse().ok()) {
            return port;
        }
    }
}

/// Chromium as this machine can run it, that talks to nobody but us.
fn options(scripts: bool, profile: &str) -> Value {
    let arguments = [
        "--headless=new",
        "--no-sandbox", // the build server runs as root; every page is ours
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-sync",
        "--metrics-recording-only",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
        "--window-size=1280,900",
    ];
    let mut arguments = arguments.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={profile}"));
    let allowed = if scripts { 1 } else { 2 };
    json!({
        "args": arguments,
        "prefs": {
            "profile.managed_default_content_settings.javascript": allowed,
            "profile.default_content_setting_values.javascript": allowed,
            "intl.accept_languages": "en",
            "intl.selected_languages": "en",
        },
    })
}

/// How high a telephone or a screen is.
const fn height(narrow: bool) -> u64 {
    if narrow { 844 } else { 900 }
}

#[expect(clippy::disallowed_methods, reason = "whoever wants to look at the pages says where to put them")]
fn pictures() -> Option<PathBuf> {
    std::env::var("LANTHORN_SCREENSHOTS").ok().map(PathBuf::from)
}

/// axe-core, which the set-up puts beside what cargo builds.
fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let program = std::env::current_exe().expect("this program");
        let place = "python/axe/axe_playwright_python/axe.min.js";
        let found = program.ancestors().map(|folder| folder.join(place)).find(|script| script.exists());
        std::fs::read_to_string(found.expect("axe-core is there: `cargo xtask set-up` puts it there"))
            .expect("axe-core")
    })
}
