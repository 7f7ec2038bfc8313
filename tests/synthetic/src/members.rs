//! Forums whose threads members alone can read, and which see to it: a login form, sessions that end, links that log out.
//!
//! Each answers from memory and keeps its sessions there; a session's cookie is made of the seed, so that it is still good
//! when the process that holds the forum was killed and another one holds it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use authorisation::{LoginTarget, Target};
use crawler::{Advice, BoxFuture, LoginRequest, Request, Response, Transport, TransportError};
use sha2::{Digest as _, Sha256};

use crate::paper;

/// Boards of a forum, threads of a board.
const BOARDS: usize = 3;
const THREADS: usize = 5;

/// Member pages after which a forum that does so ends the session.
const PAGES_OF_A_SESSION: usize = 7;

/// What is peculiar about a forum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// It ends the first session in the middle, as if a cookie's time were over.
    EndsOnce,
    /// It ends every session after two pages.
    EndsAlways,
    /// Its login form asks for proof that a person is there.
    Captcha,
    /// Its login form sends to another host.
    Elsewhere,
    /// It is as it should be.
    Good,
}

impl Habit {
    /// From its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [
            ("ends-once", Self::EndsOnce),
            ("ends-always", Self::EndsAlways),
            ("captcha", Self::Captcha),
            ("elsewhere", Self::Elsewhere),
            ("good", Self::Good),
        ];
        all.into_iter().find(|(known, _)| *known == word).map(|(_, habit)| habit)
    }
}

/// A member of every forum: invented, and like nothing else on its pages.
pub const USER: &str = "Quillon.Vantreth-77";

/// Its password.
pub const PASSWORD: &str = "w9&Zx=tern%rook+41";

/// One forum.
#[derive(Clone, Debug)]
pub struct Forum {
    seed: u64,
    /// Its host.
    pub host: String,
    habit: Habit,
}

impl Forum {
    /// The forum of a seed.
    #[must_use]
    pub fn new(seed: u64, habit: Habit) -> Self {
        Self { seed, host: crate::site::host(seed), habit }
    }

    /// As an authorisation names it, with the account `reader-1`.
    #[must_use]
    pub fn target(&self, label: &str) -> paper::Target {
        paper::Target {
            host: self.host.clone(),
            port: 80,
            path_prefixes: vec!["/".to_owned()],
            label: Some(label.to_owned()),
            min_delay_ms: 0,
            login: Some("/login?from=crawl".to_owned()),
        }
    }

    /// Pages that a member can read: the index, the boards, the threads.
    #[must_use]
    pub const fn pages() -> usize {
        1 + BOARDS + BOARDS * THREADS
    }

    /// The cookie of its n-th session.
    #[must_use]
    pub fn cookie(&self, session: usize) -> String {
        let digest = Sha256::digest(format!("session {session} of forum {}", self.seed));
        digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A transport over some forums.
#[derive(Clone)]
pub struct Members(Arc<Mutex<BTreeMap<String, State>>>);

struct State {
    forum: Forum,
    sessions: usize,
    ended: BTreeSet<usize>,
    /// Member pages of each session.
    pages: BTreeMap<usize, usize>,
}

/// How a forum answers.
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    fn page(body: String) -> Self {
        Self { status: 200, headers: Vec::new(), body }
    }

    fn redirect(to: &str) -> Self {
        Self { status: 302, headers: vec![("location", to.to_owned())], body: String::new() }
    }
}

impl Members {
    /// A transport over these forums.
    pub fn new(forums: impl IntoIterator<Item = Forum>) -> Self {
        let state = |forum: Forum| State { forum, sessions: 0, ended: BTreeSet::new(), pages: BTreeMap::new() };
        Self(Arc::new(Mutex::new(forums.into_iter().map(|forum| (forum.host.clone(), state(forum))).collect())))
    }

    /// The forums of `SEED:HABIT,SEED:HABIT`.
    ///
    /// # Panics
    /// If the text is something else.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let forum = |one: &str| {
            let (seed, habit) = one.split_once(':')?;
            Some(Forum::new(seed.parse().ok()?, Habit::from_word(habit)?))
        };
        Self::new(text.split(',').map(|one| forum(one).expect("SEED:HABIT")))
    }

    fn answer(
        &self,
        target: &Target,
        headers: &[(Vec<u8>, Vec<u8>)],
        form: Option<&[u8]>,
    ) -> Result<Response, TransportError> {
        let mut forums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let nowhere = TransportError { advice: Advice::Never, reached: false, what: "no forum has that name" };
        let state = forums.get_mut(target.host()).ok_or(nowhere)?;
        let cookies = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(b"cookie"));
        let cookies = cookies.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).unwrap_or_default();
        let answer = match form {
            Some(form) => state.log_in(target.path_and_query(), &cookies, &String::from_utf8_lossy(form)),
            None => state.show(target.path_and_query(), &cookies),
        };
        let mut headers = vec![(b"content-type".to_vec(), b"text/html; charset=utf-8".to_vec())];
        headers
            .extend(answer.headers.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec())));
        let body = answer.body.into_bytes();
        Ok(Response {
            status: answer.status,
            headers,
            body: Box::pin(futures_util::stream::iter([Ok(body)])),
            facts: BTreeMap::from([("transport".to_owned(), "memory".to_owned())]),
        })
    }
}

impl State {
    /// The session of the cookies that were sent, if it is open.
    fn session(&self, cookies: &str) -> Option<usize> {
        let sent = cookies.split("; ").find_map(|pair| pair.strip_prefix("sid="))?;
        let session = (1..=200).find(|session| self.forum.cookie(*session) == sent)?;
        (!self.ended.contains(&session)).then_some(session)
    }

    fn log_in(&mut self, path: &str, cookies: &str, form: &str) -> Answer {
        let fields: BTreeMap<String, String> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let says = |name: &str, value: &str| fields.get(name).is_some_and(|sent| sent == value);
        if !path.starts_with("/login") || !cookies.contains("form=7c41") || !says("token", "a&b=7c41") {
            return Answer { status: 403, ..Answer::page("<p>Stale form.".to_owned()) };
        }
        if !says("login_name", USER) || !says("login_password", PASSWORD) {
            return Answer::page(format!("<title>Log in</title><p>That is not right.{}", self.form()));
        }
        self.sessions += 1;
        let cookie = self.forum.cookie(self.sessions);
        let set = format!("sid={cookie}; Path=/; HttpOnly");
        Answer { headers: vec![("location", "/".to_owned()), ("set-cookie", set)], ..Answer::redirect("/") }
    }

    fn form(&self) -> String {
        let action = if self.forum.habit == Habit::Elsewhere { "http://collector.example/in" } else { "/login" };
        let captcha = if self.forum.habit == Habit::Captcha {
            "<img src=/captcha.png><input name=captcha_code type=text>"
        } else {
            ""
        };
        format!(
            "<form method=post action='{action}'><input type=hidden name=token value='a&amp;b=7c41'>\
             <input type=text name=login_name><input type=password name=login_password>{captcha}\
             <input type=submit name=go value='Log in'></form>"
        )
    }

    fn show(&mut self, path: &str, cookies: &str) -> Answer {
        let bare = path.split('?').next().unwrap_or_default();
        if bare == "/robots.txt" {
            return Answer { status: 404, ..Answer::page(String::new()) };
        }
        let session = self.session(cookies);
        if bare == "/login" {
            let page = Answer::page(format!("<title>Log in</title><h1>Log in</h1>{}", self.form()));
            return Answer { headers: vec![("set-cookie", "form=7c41; Path=/login".to_owned())], ..page };
        }
        let Some(session) = session else {
            if bare.starts_with("/thread") {
                return Answer::redirect("/login?from=crawl&next=1");
            }
            return Answer::page(format!(
                "<title>Log in</title><p>You must be logged in to view this forum.{}",
                self.form()
            ));
        };
        // Whoever follows one of these is logged out; none of their addresses is spelt like the other.
        if ["/logout", "/bye", "/leave.php"].contains(&bare) {
            self.ended.insert(session);
            return Answer {
                headers: vec![("set-cookie", "sid=; Path=/; Max-Age=0".to_owned())],
                ..Answer::page("<p>Bye.".to_owned())
            };
        }
        if bare == "/thread/trap" {
            return Answer::redirect("/logout?now=1");
        }
        let pages = self.pages.entry(session).or_default();
        *pages += 1;
        let over = match self.forum.habit {
            Habit::EndsOnce => session == 1 && *pages > PAGES_OF_A_SESSION,
            Habit::EndsAlways => *pages > 2,
            Habit::Captcha | Habit::Elsewhere | Habit::Good => false,
        };
        if over {
            self.ended.insert(session);
            return self.show(path, "");
        }
        self.member_page(bare)
    }

    fn member_page(&self, path: &str) -> Answer {
        let head = format!(
            "<nav>Signed in as <b>{USER}</b>. <a href='/logout?t=1'>Log out</a> <a href=/bye>Log out [ {USER} ]</a> \
             <a href=/leave.php title='Sign out'>x</a></nav>"
        );
        let words = |number: usize| {
            const WORDS: [&str; 12] = [
                "harbour", "lantern", "ferry", "market", "bicycle", "orchard", "kettle", "violin", "window", "garden",
                "letter", "bridge",
            ];
            let word = |at: usize| WORDS[(number * 7 + at * 5 + number * at) % WORDS.len()];
            format!(
                "The {} near the {} was sold with a {} and no {}, said lot {number}.",
                word(0),
                word(1),
                word(2),
                word(3)
            )
        };
        let numbers: Vec<usize> = path.split('/').filter_map(|part| part.parse().ok()).collect();
        let body = match (path, numbers.as_slice()) {
            ("/", _) => (1..=BOARDS)
                .map(|board| format!("<p><a href=/board/{board}>Board {board}</a> {}", words(board)))
                .collect(),
            (_, [board]) if path.starts_with("/board/") && (1..=BOARDS).contains(board) => {
                let threads: String = (1..=THREADS)
                    .map(|thread| {
                        format!(
                            "<p><a href=/thread/{board}/{thread}>Thread {board}.{thread}</a> {}",
                            words(board * 10 + thread)
                        )
                    })
                    .collect();
                format!("{threads}<p><a href=/thread/trap>One more</a>")
            }
            (_, [board, thread]) if path.starts_with("/thread/") && (1..=THREADS).contains(thread) => {
                (0..4).map(|post| format!("<p>{}", words(board * 1_000 + thread * 10 + post))).collect()
            }
            _ => return Answer { status: 404, ..Answer::page("<p>Nothing here.".to_owned()) },
        };
        Answer::page(format!(
            "<html lang=en><title>{}</title>{head}<main>{body}</main></html>",
            path.trim_start_matches('/')
        ))
    }
}

impl Transport for Members {
    fn fetch<'a>(&'a self, target: &'a Target, request: Request) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move { self.answer(target, &request.headers, None) })
    }

    fn log_in<'a>(
        &'a self,
        target: &'a LoginTarget,
        request: LoginRequest<'a>,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move { self.answer(target.target(), &request.headers, Some(request.form.bytes())) })
    }
}
