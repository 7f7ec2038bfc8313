//! `lanthorn serve` over an installation, on a free port of its own, until the test or the bench ends.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use model::{Clock, Timestamp};

use crate::http::{Answer, ask, between};
use crate::{Installation, PASSPHRASE};

/// Seconds that a code of an authenticator program is good for.
const STEP_SECONDS: i64 = 30;

/// The server, and who has signed in there.
pub struct Served {
    process: Child,
    address: SocketAddr,
    /// Secrets of second steps, and the newest step that was used.
    secrets: Mutex<HashMap<String, (String, i64)>>,
}

impl Served {
    /// Starts it and waits until it listens. There is no limit to how fast it may be asked.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start<S>(installation: &Installation<S>) -> Self {
        let config = installation.data().join("lanthorn.toml");
        let text = std::fs::read_to_string(&config).expect("the configuration");
        let hurried = text.replace("requests_a_minute = 240", "requests_a_minute = 100000000");
        std::fs::write(&config, hurried).expect("the configuration");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let mut command = installation.command(&["serve", "--listen", &free.to_string()], 0);
        command.stdout(Stdio::null()).stderr(Stdio::inherit());
        let process = command.spawn().expect("lanthorn serve starts");
        let mut served = Self { process, address: free, secrets: Mutex::default() };
        for _ in 0..600 {
            let ended = served.process.try_wait().expect("the process");
            assert!(ended.is_none(), "lanthorn serve does not start");
            if TcpStream::connect_timeout(&free, Duration::from_secs(1)).is_ok() {
                return served;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("lanthorn serve does not listen on {free}");
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a page.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The same by the name of this machine, which security keys are bound to: an address in numbers is no name.
    #[must_use]
    pub fn named(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// The passphrase and, where the second step is set up, a code that was not used yet: a code is good once, and the server
    /// takes that of the step after this one, too. It may take half a minute to come.
    ///
    /// # Panics
    /// If another test has failed.
    #[must_use]
    pub fn credentials(&self, who: &str) -> (&'static str, Option<String>) {
        let known = self.secrets.lock().expect("no test has failed").get(who).cloned();
        let Some((secret, used)) = known else { return (PASSPHRASE, None) };
        let step = loop {
            let here = Clock::system().now().secs().div_euclid(STEP_SECONDS);
            if let Some(step) = (here..=here + 1).find(|step| *step > used) {
                break step;
            }
            std::thread::sleep(Duration::from_millis(500));
        };
        (PASSPHRASE, Some(self.code(who, &secret, step)))
    }

    /// The first code of a secret that somebody has just been shown.
    #[must_use]
    pub fn first_code(&self, who: &str, secret: &str) -> String {
        self.code(who, secret, Clock::system().now().secs().div_euclid(STEP_SECONDS))
    }

    fn code(&self, who: &str, secret: &str, step: i64) -> String {
        let code = access::code_at(secret, Timestamp::from_secs(step * STEP_SECONDS)).expect("a secret");
        self.secrets.lock().expect("no test has failed").insert(who.to_owned(), (secret.to_owned(), step));
        code
    }

    /// Signs somebody in as a browser without a window would: the session's cookie.
    ///
    /// # Panics
    /// If that does not go.
    #[must_use]
    pub fn session(&self, who: &str) -> String {
        let passphrase = PASSPHRASE.replace(' ', "+");
        let form = self.ask("GET", "/sign-in", "", "");
        let visit = form.cookie("__Host-visit").expect("a visitor's cookie");
        let token = between(&form.body, "name=\"form_token\" value=\"", "\"").expect("a form's token");
        let sent = format!("form_token={token}&person={who}&passphrase={passphrase}");
        let shown = self.ask("POST", "/sign-in", &visit, &sent);
        let secret = between(&shown.body, "id=\"secret\">", "<").expect("a secret to set the second step up with");
        let code = self.first_code(who, secret);
        let done = self.ask("POST", "/second-factor", &visit, &format!("form_token={token}&code={code}"));
        done.cookie("__Host-lanthorn").expect("a session's cookie")
    }

    /// One request of a page, with a cookie and a form.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn ask(&self, method: &str, path: &str, cookie: &str, form: &str) -> Answer {
        let headers = [("cookie", cookie), ("content-type", "application/x-www-form-urlencoded")];
        ask(self.address, method, path, &headers, form).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Memory of the process in MB, as the system counts what is resident.
    ///
    /// # Panics
    /// Where the system does not tell.
    #[must_use]
    pub fn memory_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("the process");
        let resident = between(&status, "VmRSS:", "kB").and_then(|text| text.trim().parse::<f64>().ok());
        resident.expect("a line of memory") / 1_000.0
    }

    /// Ends it as an operator would, and sees that it ends well by itself.
    ///
    /// # Panics
    /// If it does not.
    pub fn stop(mut self) {
        let told = std::process::Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "the server can be told to end");
        let ended = self.process.wait().expect("the server ends");
        assert!(ended.success(), "lanthorn serve ends cleanly, and not with {ended}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
