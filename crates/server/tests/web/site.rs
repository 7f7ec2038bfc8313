//! A small installation in a temporary folder, and browsers in front of it.

use std::net::SocketAddr;
use std::sync::Arc;

use access::{Access, Cases, Enrolment, Hardness, Permit, Principal, RelyingParty, SecondFactorKey, Standing};
use audit::Journal;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use model::{Action, CaseId, Clock, PersonId, Role, Timestamp};
use rand::rngs::OsRng;
use search::SearchCapability;
use server::{
    BoxFuture, Desk, DeskError, GrantAsk, GrantText, Granted, Host, Paper, Parts, RetentionRow, Server, Settings,
};
use store::Store;
use tower::ServiceExt as _;
use vault::Shelf;

pub(crate) const PASSPHRASE: &str = "a lantern of thin horn";
pub(crate) const HOST: &str = "127.0.0.1:8470";
pub(crate) const CASE: &str = "op-harbour-2026";

/// One account of each role.
pub(crate) const PEOPLE: [(&str, Role); 5] = [
    ("a.ivan", Role::Analyst),
    ("a.anna", Role::Analyst),
    ("s.maria", Role::Supervisor),
    ("o.lena", Role::Operator),
    ("u.paul", Role::Auditor),
];

pub(crate) struct Site {
    pub(crate) server: Server,
    pub(crate) store: Store,
    pub(crate) journal: Journal,
    pub(crate) clock: Clock,
    _folder: tempfile::TempDir,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(configure: impl FnOnce(&mut Settings)) -> Self {
        Self::demanding(&[], configure).await
    }

    /// Where these roles sign in with a security key alone.
    pub(crate) async fn demanding(roles: &[Role], configure: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(Timestamp::from_secs(1_795_000_000));
        let store = Store::open(&folder.path().join("control.db"), clock.clone()).await.unwrap();
        let journal = Journal::new(store.clone());
        let capability = SearchCapability::take().expect("one access in a process");
        let access = Access::new(store.clone(), journal.clone(), capability, Hardness::for_tests());
        people(&access).await;
        let key = SecondFactorKey::load_or_make(&folder.path().join("second-factor.key"), &mut OsRng).unwrap();
        let mut settings = Settings {
            site: "unit.example".to_owned(),
            listen: HOST.parse::<SocketAddr>().unwrap(),
            names: vec!["unit.example".to_owned()],
            keys: RelyingParty::new("https://unit.example").unwrap(),
            idle_minutes: 30,
            session_hours: 10,
            requests_a_minute: 60_000,
            tls_only: false,
        };
        configure(&mut settings);
        let maria = access.sign_in(&person("s.maria"), PASSPHRASE).await.unwrap();
        let cases = Cases::new(store.clone(), journal.clone());
        let manage = permit(&access, &maria, Action::ManageCase).await;
        cases.open(&manage, &case(CASE), "invented pages").await.unwrap();
        for name in ["a.ivan", "a.anna"] {
            cases.assign(&manage, &case(CASE), &person(name)).await.unwrap();
        }
        let server = Server::new(Parts {
            access: access.demanding_keys(roles),
            store: store.clone(),
            journal: journal.clone(),
            clock: clock.clone(),
            shelf: Shelf::new(&folder.path().join("vault"), store.clone()),
            indexes: folder.path().join("index"),
            log: folder.path().join("log"),
            second_factors: key,
            desk: Arc::new(Bare),
            settings,
        });
        Self { server, store, journal, clock, _folder: folder }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { server: self.server.clone(), clock: self.clock.clone(), cookies: Vec::new(), headers: Vec::new() }
    }

    /// Somebody who is signed in, second step and all.
    pub(crate) async fn signed_in(&self, who: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(who).await;
        browser
    }

    /// The kinds of the log's rows, oldest first, each with its record.
    pub(crate) async fn log(&self) -> Vec<(String, String)> {
        let rows = self.journal.tail(10_000).await.unwrap();
        rows.into_iter().map(|row| (row.kind, row.record.unwrap_or_default())).collect()
    }
}

pub(crate) fn person(name: &str) -> PersonId {
    name.parse().unwrap()
}

pub(crate) fn case(name: &str) -> CaseId {
    name.parse().unwrap()
}

pub(crate) async fn permit(access: &Access, who: &Principal, action: Action) -> Permit {
    access.permit(who, action).await.unwrap()
}

async fn people(access: &Access) {
    let keys = Enrolment { signing_key: [7; 32], recipient: "age1example".to_owned() };
    let people = access.people();
    for name in ["s.maria", "s.jonas"] {
        people.add(None, &person(name), Role::Supervisor, PASSPHRASE, Some(&keys), &mut OsRng).await.unwrap();
    }
    let maria = access.sign_in(&person("s.maria"), PASSPHRASE).await.unwrap();
    let jonas = access.sign_in(&person("s.jonas"), PASSPHRASE).await.unwrap();
    let (propose, confirm) =
        (permit(access, &maria, Action::ManagePeople).await, permit(access, &jonas, Action::ManagePeople).await);
    for (name, role) in PEOPLE.into_iter().filter(|(name, _)| *name != "s.maria") {
        let keys = (role != Role::Auditor).then_some(&keys); // what is kept for auditors needs a real key
        let added = people.add(Some(&propose), &person(name), role, PASSPHRASE, keys, &mut OsRng).await.unwrap();
        let Standing::Waits(proposal) = added else { panic!("{name} is in force at once") };
        people.confirm(&confirm, proposal).await.unwrap();
    }
}

/// A browser: cookies, forms, and nothing that runs.
#[derive(Clone)]
pub(crate) struct Browser {
    server: Server,
    clock: Clock,
    pub(crate) cookies: Vec<(String, String)>,
    /// Sent with every request from now on.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of the first hidden field of that name.
    pub(crate) fn token(&self) -> String {
        let rest = self.text.split("name=\"form_token\" value=\"").nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn secret(&self) -> String {
        let rest = self.text.split("id=\"secret\">").nth(1).expect("a secret is shown");
        rest.split('<').next().unwrap_or_default().to_owned()
    }
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, Body::empty(), None).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send("POST", path, Body::from(body), Some("application/x-www-form-urlencoded")).await
    }

    /// The same with the token of the form that stands on `form`.
    pub(crate) async fn submit(&mut self, form: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.get(form).await.token();
        let fields: Vec<_> = fields.iter().copied().chain([("form_token", token.as_str())]).collect();
        self.post(path, &fields).await
    }

    pub(crate) async fn post_json(&mut self, path: &str, body: &str) -> Page {
        self.send("POST", path, Body::from(body.to_owned()), Some("application/json")).await
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, body: Body, kind: Option<&str>) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let mut request = request.body(body).unwrap();
        for (name, value) in &self.headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let answer = self.server.router().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !rest.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let text = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        Page { status: parts.status, headers: parts.headers, text }
    }

    /// Signs in for the first time: passphrase, then the second step is set up.
    pub(crate) async fn sign_in(&mut self, who: &str) -> String {
        let shown = self.submit("/sign-in", "/sign-in", &[("person", who), ("passphrase", PASSPHRASE)]).await;
        let secret = shown.secret();
        let code = access::code_at(&secret, self.clock.now()).unwrap();
        let token = shown.token();
        let done = self.post("/second-factor", &[("code", &code), ("form_token", &token)]).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/"), "{}", done.text);
        secret
    }
}

/// Rooms with nothing in them.
struct Bare;

impl Desk for Bare {
    fn grant(&self, _: GrantAsk) -> Result<Granted, DeskError> {
        Err(DeskError::Refused("there is no client here".to_owned()))
    }

    fn grant_text(&self, _: &[u8]) -> Result<GrantText, DeskError> {
        Err(DeskError::Refused("there is no client here".to_owned()))
    }

    fn hosts<'a>(&'a self, _: &'a CaseId) -> BoxFuture<'a, Result<Vec<Host>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn why<'a>(&'a self, _: &'a CaseId, _: &'a str) -> BoxFuture<'a, Result<Vec<String>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn pause<'a>(
        &'a self,
        _: &'a CaseId,
        _: &'a Principal,
        _: &'a Permit,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<u64, DeskError>> {
        Box::pin(async { Ok(0) })
    }

    fn schedules<'a>(&'a self, _: &'a CaseId) -> BoxFuture<'a, Result<Vec<server::Schedule>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn plan<'a>(
        &'a self,
        _: &'a CaseId,
        _: &'a Principal,
        _: &'a Permit,
        _: server::Plan<'a>,
    ) -> BoxFuture<'a, Result<(), DeskError>> {
        Box::pin(async { Ok(()) })
    }

    fn papers(&self) -> BoxFuture<'_, Result<Vec<Paper>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn retention(&self) -> BoxFuture<'_, Result<Vec<RetentionRow>, DeskError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
