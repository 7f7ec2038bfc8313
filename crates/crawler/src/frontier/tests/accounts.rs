//! Logins: lent like pages, counted like pages, tried so often and no more.

use std::sync::Mutex;

use authorisation::{DraftAccount, LoginTarget, Target};
use model::Clock;

use super::*;
use crate::account::LoginShown;
use crate::{Accounts, BoxFuture, Limits, LoginOutcome, LoginRequest, MAX_LOGINS, Request, Response, Transport, Typed};

const BOARD: &str = "https://ads.example/board/1";
const USER: &str = "Quillon.Vantreth";
const PASSWORD: &str = "w9&Zx=tern";

/// A desk whose first host has an account that is set, with robots.txt read and two pages waiting.
async fn desk() -> Desk {
    let desk = Desk::new(|draft| {
        "https".clone_into(&mut draft.targets[0].scheme);
        draft.targets[0].account = Some(DraftAccount {
            label: "reader-1".to_owned(),
            ground: "order EX 17/2026, point 4".to_owned(),
            login: "/in?mode=login".to_owned(),
            profile: String::new(),
        });
    })
    .await;
    set(&desk).await;
    desk.seed(&[BOARD, "https://ads.example/board/2"]).await;
    let robots = desk.lease().await;
    desk.turn_back(robots, Fetched::Status(404)).await;
    desk.advance(POLITE);
    desk
}

async fn set(desk: &Desk) {
    let accounts = Accounts::new(desk.store.clone());
    accounts.publish(desk.authorised.case(), &key()).await.unwrap();
    let typed = Typed { user: Sensitive::new(USER.to_owned()), password: Sensitive::new(PASSWORD.to_owned()) };
    let mut tx = desk.store.begin().await.unwrap();
    accounts.set(&mut tx, &desk.authorised, "board-a", &people()[0].0, &typed).await.unwrap();
    tx.commit().await.unwrap();
}

impl Desk {
    async fn shown(&self, lease: Lease, shown: LoginShown) -> LoginOutcome {
        let mut tx = self.store.begin().await.unwrap();
        let outcome = self.frontier.login_shown(&mut tx, lease, shown).await.unwrap();
        tx.commit().await.unwrap();
        outcome
    }

    /// Logs in: the page with the form, then the form.
    async fn logs_in(&self) {
        let page = self.lease().await;
        assert_eq!(page.purpose(), Purpose::LoginPage);
        assert_eq!(self.shown(page, LoginShown::form("/in", false)).await, LoginOutcome::Filled);
        self.advance(POLITE);
        let form = self.lease().await;
        assert_eq!(form.purpose(), Purpose::LogIn);
        form.meter.keep_cookie(b"sid=abc; Path=/");
        assert_eq!(self.shown(form, LoginShown::nothing(false)).await, LoginOutcome::SignedIn);
        self.advance(POLITE);
    }

    /// Completes a page that shows that much of our session; whether it was lost by that.
    async fn read(&self, lease: Lease, session: page::Session) -> bool {
        let mut found = Found::on(&lease, self.clock.now());
        found.session = session;
        let lost = lease.lost_on(&found).is_some();
        let mut tx = self.store.begin().await.unwrap();
        self.frontier.complete(&mut tx, lease, found).await.unwrap();
        tx.commit().await.unwrap();
        lost
    }

    async fn account(&self) -> crate::AccountStatus {
        Accounts::new(self.store.clone()).list(self.authorised.case()).await.unwrap().remove(0)
    }
}

#[tokio::test]
async fn a_login_is_two_requests_each_as_polite_and_as_counted_as_a_page() {
    let desk = desk().await;
    let page = desk.lease().await;
    assert_eq!((page.purpose(), page.target().url()), (Purpose::LoginPage, "https://ads.example/in?mode=login"));
    assert_eq!(page.account(), Some(("reader-1", 1)));
    assert!(desk.shown(page, LoginShown::form("", false)).await == LoginOutcome::Filled);
    assert!(desk.nothing().await.until.is_some(), "the form waits its turn, as every request does");
    desk.advance(POLITE);
    let form = desk.lease().await;
    let body = &form.login.as_ref().unwrap().body;
    assert_eq!(body.bytes(), b"token=a%26b&username=Quillon.Vantreth&password=w9%26Zx%3Dtern");
    let said = format!("{form:?} {:?} {body:?}", form.account);
    assert!(!said.contains("Quillon") && !said.contains("w9"), "{said}");
    form.meter.keep_cookie(b"sid=abc; Path=/");
    desk.shown(form, LoginShown::nothing(false)).await;
    desk.advance(POLITE);
    assert_eq!(desk.number("SELECT requests FROM frontier_budgets").await, 3, "robots.txt, login page, form");
    assert_eq!(desk.number("SELECT pages FROM frontier_budgets").await, 0);
    assert_eq!(desk.number("SELECT bytes_reserved FROM frontier_budgets").await, 0);
    let board = desk.lease().await;
    assert_eq!((board.purpose(), board.target().url(), board.account()), (Purpose::Page, BOARD, Some(("reader-1", 1))));
    assert!(!desk.read(board, page::Session::SignedIn).await);
    assert!(desk.account().await.proven);
    assert!(desk.why("board-a").await.contains("session 1 of which is open since"));
}

#[tokio::test]
async fn a_lost_session_makes_the_host_rest_and_its_page_is_asked_for_again() {
    let desk = desk().await;
    desk.logs_in().await;
    let first = desk.lease().await;
    desk.read(first, page::Session::SignedIn).await;
    desk.advance(POLITE);
    let second = desk.lease().await;
    let url = second.target().url().to_owned();
    assert!(desk.read(second, page::Session::SignedOut).await);
    desk.advance(POLITE);
    let nothing = desk.nothing().await;
    assert!(nothing.until.is_some(), "it rests for longer than is polite: {nothing:?}");
    assert!(desk.status("board-a").await.reason.contains("the session of its account reader-1 was lost"));
    let status = desk.account().await;
    assert_eq!((status.signed_in_since, status.ended.as_deref()), (None, Some("a page offered to log in")));
    assert_eq!(desk.number("SELECT count(*) FROM account_sessions WHERE cookies_sealed IS NOT NULL").await, 0);
    desk.advance(DAY);
    // A day later robots.txt is read anew, and then the login begins from its page.
    let robots = desk.lease().await;
    desk.turn_back(robots, Fetched::Status(404)).await;
    desk.advance(POLITE);
    desk.logs_in().await;
    let again = desk.lease().await;
    assert_eq!((again.target().url(), again.account()), (&*url, Some(("reader-1", 2))));
}

#[tokio::test]
async fn a_redirect_to_the_login_loses_the_session_and_any_other_does_not() {
    let desk = desk().await;
    desk.logs_in().await;
    let lease = desk.lease().await;
    for (to, lost) in [
        ("/in?mode=login&next=7", true),
        ("https://ads.example/in?next=7&mode=login#top", true),
        ("/in?mode=register", false),
        ("/in", false),
        ("/board/7?mode=login", false),
    ] {
        assert_eq!(lease.lost_by(&redirect(to)).is_some(), lost, "{to}");
    }
    desk.turn_back(lease, redirect("/in?next=7&mode=login")).await;
    assert!(desk.account().await.signed_in_since.is_none());
}

#[tokio::test]
async fn logins_are_tried_so_often_even_if_every_one_of_them_is_cut_by_a_crash() {
    let desk = desk().await;
    for _ in 0..MAX_LOGINS {
        let page = desk.lease().await;
        assert_eq!(page.purpose(), Purpose::LoginPage);
        desk.shown(page, LoginShown::form("", false)).await;
        desk.advance(POLITE);
        assert_eq!(desk.lease().await.purpose(), Purpose::LogIn);
        // Killed here: the lease is never given back, and what was in memory is gone.
        super::super::lock(&desk.frontier.0.pending).clear();
        desk.frontier.recover("crawl").await.unwrap();
        desk.advance(POLITE);
    }
    let _ = desk.nothing().await;
    let held = desk.status("board-a").await.held.unwrap();
    assert!(held.contains("was logged in 3 times, and no session of it lasted"), "{held}");
    let mut tx = desk.store.begin().await.unwrap();
    super::super::release(&mut tx, desk.authorised.case(), "board-a").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(desk.lease().await.purpose(), Purpose::LoginPage, "a person has looked: it is tried again");
}

#[tokio::test]
async fn what_a_person_must_decide_holds_the_host() {
    for (shown, word) in [
        (LoginShown::form("/in", true), "captcha"),
        (LoginShown::form("https://elsewhere.example/in", false), "outside of the scope"),
        (LoginShown::form("http://ads.example/in", false), "outside of the scope"),
        (LoginShown::nothing(false), "no login form"),
    ] {
        let desk = desk().await;
        let page = desk.lease().await;
        let outcome = desk.shown(page, shown).await;
        assert!(matches!(&outcome, LoginOutcome::Held(known, _) if *known == word), "{outcome:?}");
        assert!(desk.status("board-a").await.held.is_some());
        desk.advance(DAY);
        let _ = desk.nothing().await;
    }
    // A form that comes back was not accepted: its name and password are not sent a second time.
    let desk = desk().await;
    let page = desk.lease().await;
    desk.shown(page, LoginShown::form("/in", false)).await;
    desk.advance(POLITE);
    let form = desk.lease().await;
    let outcome = desk.shown(form, LoginShown::form("/in", false)).await;
    assert!(matches!(outcome, LoginOutcome::Held("refused", _)), "{outcome:?}");
    set(&desk).await;
    desk.advance(POLITE);
    assert_eq!(desk.lease().await.purpose(), Purpose::LoginPage, "another password lets it go on");
}

#[tokio::test]
async fn robots_txt_speaks_for_the_login_page_too() {
    let desk = desk().await;
    desk.advance(2 * DAY);
    let robots = desk.lease().await;
    let disallow = robots_txt(&robots, "User-agent: *\nDisallow: /in\n");
    desk.turn_back(robots, disallow).await;
    desk.advance(POLITE);
    let _ = desk.nothing().await;
    assert!(desk.status("board-a").await.held.unwrap().contains("robots.txt asks not to visit"));
}

/// Remembers what was sent, and sets a cookie.
struct Wire(Mutex<Vec<String>>);

impl Transport for Wire {
    fn fetch<'a>(&'a self, target: &'a Target, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        self.sent("GET", target, &request.headers);
        Box::pin(std::future::ready(Ok(answer())))
    }

    fn log_in<'a>(
        &'a self,
        target: &'a LoginTarget,
        request: LoginRequest<'a>,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        self.sent("POST", target.target(), &request.headers);
        Box::pin(std::future::ready(Ok(answer())))
    }
}

impl Wire {
    fn sent(&self, method: &str, target: &Target, headers: &[(Vec<u8>, Vec<u8>)]) {
        let header = |(name, value): &(Vec<u8>, Vec<u8>)| {
            format!("{}: {}", String::from_utf8_lossy(name), String::from_utf8_lossy(value))
        };
        let headers: Vec<_> = headers.iter().map(header).collect();
        self.0.lock().unwrap().push(format!("{method} {} {}", target.path_and_query(), headers.join("|")));
    }
}

fn answer() -> Response {
    let header = |name: &str, value: &str| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    Response {
        status: 200,
        headers: vec![header("content-type", "text/html"), header("Set-Cookie", "sid=fresh-secret; Path=/")],
        body: Box::pin(futures_util::stream::iter([Ok(b"<p>Rooms by the week.".to_vec())])),
        facts: Default::default(),
    }
}

#[tokio::test]
async fn a_record_names_the_session_and_holds_neither_its_cookies_nor_its_secrets() {
    let desk = desk().await;
    desk.logs_in().await;
    let lease = desk.lease().await;
    let wire = Wire(Mutex::default());
    let capture = CaptureId::from_bytes([3; 16]);
    let fetched = crate::fetch(&wire, &lease, capture, Limits::default(), &Clock::manual(desk.clock.now())).await;
    let sent = wire.0.lock().unwrap().join("\n");
    assert!(sent.starts_with("GET /board/1 ") && sent.contains("Cookie: sid=abc"), "{sent}");
    let Fetched::Page(page) = fetched else { panic!("{fetched:?}") };
    let record = page.record();
    assert_eq!(record.facts.get("account").map(String::as_str), Some("reader-1"));
    assert_eq!(record.facts.get("account.session").map(String::as_str), Some("1"));
    let recorded = page.encode();
    for secret in [&b"sid=abc"[..], b"fresh-secret", USER.as_bytes(), PASSWORD.as_bytes()] {
        assert!(!recorded.expose().windows(secret.len()).any(|part| part == secret));
    }
    // The new cookie is the session's from now on.
    assert!(!desk.read(lease, page::Session::SignedIn).await);
    desk.advance(POLITE);
    let next = desk.lease().await;
    let wire = Wire(Mutex::default());
    let _ = crate::fetch(&wire, &next, capture, Limits::default(), &Clock::manual(desk.clock.now())).await;
    assert!(wire.0.lock().unwrap()[0].contains("Cookie: sid=fresh-secret"));
}
