//! Every route and whom it takes: the one table that the guard, the menu, the OpenAPI document and the tests read.

use model::{Action, Role};

use crate::ask::{Answer, Ask};
use crate::desk::BoxFuture;
use crate::pages::{
    alerts, capture, cases, crawls, folders, home, indicators, keys, links, log, notes, pivot, queue, reports,
    requests, search, signing,
};

/// GET or POST: what links and forms can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something.
    Post,
}

/// Whom a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anybody, signed in or not.
    Anyone,
    /// A browser on its own account, without a form.
    Browser,
    /// Anybody who is signed in.
    SignedIn,
    /// The same, and also those whose role demands a security key and who have yet to add one.
    Account,
    /// Whoever's role may do this, by `model`'s table.
    To(Action),
}

impl Need {
    /// Whether somebody in this role is let through.
    #[must_use]
    pub const fn takes(self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::Browser | Self::SignedIn | Self::Account => true,
            Self::To(action) => role.may(action),
        }
    }
}

/// What is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A page for a person.
    Page,
    /// JSON for a program.
    Json,
}

/// One line of the table.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, parameters in braces.
    pub path: &'static str,
    /// Whom it takes.
    pub need: Need,
    /// Page or JSON.
    pub reply: Reply,
    /// What it does, for the OpenAPI document.
    pub about: &'static str,
    /// Fields of the query string or the body: name, whether it must be there, what it is.
    pub fields: &'static [(&'static str, bool, &'static str)],
    /// Its place in the menu: the sentence's key and the access key.
    pub menu: Option<(&'static str, char)>,
    pub(crate) run: fn(Ask) -> BoxFuture<'static, Answer>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?} {} for {:?}", self.method, self.path, self.need)
    }
}

type Run = fn(Ask) -> BoxFuture<'static, Answer>;
type Asked = &'static [(&'static str, bool, &'static str)];

impl Route {
    const fn new(method: Method, path: &'static str, need: Need, reply: Reply, about: &'static str, run: Run) -> Self {
        Self { method, path, need, reply, about, fields: &[], menu: None, run }
    }

    const fn fields(mut self, fields: Asked) -> Self {
        self.fields = fields;
        self
    }

    const fn menu(mut self, key: &'static str, access: char) -> Self {
        self.menu = Some((key, access));
        self
    }
}

/// One line: `route!(Page Get "/path", need, handler, "what it does")`.
macro_rules! route {
    ($reply:ident $method:ident $path:literal, $need:expr, $run:path, $about:literal) => {
        Route::new(Method::$method, $path, $need, Reply::$reply, $about, |ask| Box::pin($run(ask)))
    };
}

use Action as A;
use Need::{Account, Anyone, Browser, SignedIn, To};

const REASON: Asked = &[("reason", true, "why, in a sentence; the log keeps it")];
const QUERY: Asked = &[
    ("q", true, "the query, see docs/formats/query.md"),
    ("page", false, "the page of hits, from 1, 20 a page"),
    ("sort", false, "best, newest, oldest, newest-posted, oldest-posted, cheapest or dearest"),
];
const TOKEN: Asked = &[("token", true, "the token, such as [PHONE:k7f3a9q2m4xtc]")];
const LINKS: Asked = &[
    ("token", true, "the token it begins at"),
    ("depth", false, "links between it and the furthest, 1 to 4; 2 where it is left out"),
    ("from", false, "one end of a link to remove; the page shows the form for it"),
    ("to", false, "the other end"),
];
const LINK: Asked = &[
    ("from", true, "the token at one end"),
    ("to", true, "the token at the other"),
    ("reason", false, "why it is wrong, in a sentence; needed to remove it"),
    ("restore", false, "anything, to put it back instead"),
];
const SCHEDULE: Asked = &[
    ("pattern", false, "minute, hour, day of the month, month, day of the week, as cron has them"),
    ("zone", false, "an IANA time zone; UTC where it is left out"),
    ("minutes", false, "minutes after which a run ends; 120 where it is left out"),
    ("remove", false, "the number of a schedule, to take it away instead"),
];
const UNSEAL: Asked = &[
    ("code", true, "the reason as a code of the site, or break-glass"),
    ("reason", true, "the reason in a sentence"),
    ("legal_basis", true, "the legal basis"),
    ("hours", false, "hours until the request dies, 1 to 72; 24 where it is left out"),
];
const FOLDER: Asked = &[("name", true, "its name, once a case")];
const INTO_FOLDER: Asked =
    &[("folder", true, "the folder's number"), ("remove", false, "anything, to take the capture out instead")];
const ABOUT: Asked = &[("about", false, "`case`, a capture's id or a token; everything where it is left out")];
const NOTE: Asked = &[
    ("about", false, "`case`, a capture's id or a token; the case where it is left out"),
    ("kind", false, "note, tag, captured, derived or assessed; note where it is left out"),
    ("text", true, "the statement, at most 4,000 characters; a tag 80"),
    ("basis", false, "what it rests on; a derived or assessed statement needs it"),
    ("confidence", false, "low, moderate or high; an assessed statement needs it"),
    ("until", false, "the last day it holds, such as 2027-05-31; an assessed statement needs it"),
];
const ALERT: Asked = &[
    ("name", true, "its name, once a case"),
    ("q", true, "the query, see docs/formats/query.md"),
    ("alert", false, "anything, to hold new pages against it"),
];
const DECISION: Asked =
    &[("decision", true, "confirm or dismiss"), ("reason", true, "why, in a sentence; the log keeps it")];
const SIGN_IN: Asked =
    &[("person", true, "the account's name"), ("passphrase", true, "the passphrase"), ("code", true, "six digits")];
const ASSERTION: Asked = &[
    ("credential", true, "the key's identifier, as the browser gives it, in base64url; so are the others"),
    ("client_data", true, "what the browser says of the page"),
    ("authenticator_data", true, "what the key says of itself"),
    ("signature", true, "the key's signature over both"),
    ("user_handle", true, "whom the key answers for"),
];
const NEW_KEY: Asked = &[
    ("name", true, "what its owner calls it"),
    ("client_data", true, "what the browser says of the page, in base64url"),
    ("attestation", true, "what the key says of itself, in base64url"),
];
const LOG: Asked = &[
    ("person", false, "acts of this person"),
    ("kind", false, "acts of this kind"),
    ("capture", false, "acts on this capture"),
    ("before", false, "rows before this one"),
];

/// The table.
pub const ROUTES: &[Route] = &[
    // Everybody.
    route!(Page Get "/sign-in", Anyone, signing::form, "the form to sign in"),
    route!(Page Post "/sign-in", Anyone, signing::sign_in, "signs in").fields(SIGN_IN),
    route!(Page Post "/sign-in/key", Anyone, signing::with_key, "signs in with a security key").fields(ASSERTION),
    route!(Page Post "/second-factor", Anyone, signing::second_factor, "sets the second step up"),
    route!(Page Post "/language", Anyone, signing::language, "chooses a language"),
    route!(Page Get "/style.css", Anyone, home::style, "the style sheet"),
    route!(Page Get "/security-key.js", Anyone, keys::script, "the one script: it asks the browser for a security key"),
    route!(Page Get "/help", Anyone, home::help, "shortcuts and the query language").menu("menu-help", '?'),
    route!(Page Post "/csp-report", Browser, reports::taken, "takes a browser's report"),
    route!(Page Get "/", SignedIn, home::home, "what waits for whoever is signed in").menu("menu-home", 'h'),
    route!(Page Get "/keys", Account, keys::page, "one's own security keys"),
    route!(Page Post "/keys", Account, keys::add, "adds a security key").fields(NEW_KEY),
    route!(Page Post "/keys/prove", Account, keys::prove, "proves again who one is"),
    route!(Page Post "/keys/{key}/remove", Account, keys::remove, "removes a security key"),
    route!(Page Post "/sign-out", Account, signing::sign_out, "signs out"),
    // Analysts.
    route!(Page Get "/cases", To(A::Search), cases::list, "the cases that one works on").menu("menu-cases", 'c'),
    route!(Page Get "/cases/{case}/search", To(A::Search), search::page, "searches a case").fields(QUERY),
    route!(Page Post "/cases/{case}/search", To(A::Search), search::send, "checks a query, then searches"),
    route!(Page Get "/cases/{case}/pivot", To(A::Pivot), pivot::page, "everything that shares a token").fields(TOKEN),
    route!(Page Get "/cases/{case}/links", To(A::Pivot), links::page, "what hangs together with a token").fields(LINKS),
    route!(Page Post "/cases/{case}/links", To(A::Pivot), links::change, "removes a wrong link, or puts it back").fields(LINK),
    route!(Page Get "/cases/{case}/groups", To(A::Pivot), links::groups, "pages that say almost the same"),
    route!(Page Get "/cases/{case}/captures/{capture}", To(A::Search), capture::page, "one capture"),
    route!(Page Post "/cases/{case}/captures/{capture}", To(A::Search), capture::read, "the redacted page").fields(REASON),
    route!(Page Get "/cases/{case}/captures/{capture}/request", To(A::RequestUnseal), requests::form, "the form to ask"),
    route!(Page Post "/cases/{case}/captures/{capture}/request", To(A::RequestUnseal), requests::ask, "asks to unseal")
        .fields(UNSEAL),
    route!(Page Post "/cases/{case}/captures/{capture}/folders", To(A::Search), folders::put, "puts a capture into a folder")
        .fields(INTO_FOLDER),
    route!(Page Get "/cases/{case}/folders", To(A::Search), folders::list, "the folders of a case"),
    route!(Page Post "/cases/{case}/folders", To(A::Search), folders::make, "makes a folder").fields(FOLDER),
    route!(Page Get "/cases/{case}/folders/{folder}", To(A::Search), folders::one, "what lies in a folder"),
    route!(Page Get "/cases/{case}/notes", To(A::Search), notes::list, "what people wrote down").fields(ABOUT),
    route!(Page Post "/cases/{case}/notes", To(A::Search), notes::write, "writes something down").fields(NOTE),
    route!(Page Post "/cases/{case}/notes/{note}/withdraw", To(A::Search), notes::withdraw, "withdraws a note"),
    route!(Page Get "/cases/{case}/alerts", To(A::Search), alerts::list, "saved searches and alerts"),
    route!(Page Post "/cases/{case}/alerts", To(A::Search), alerts::save, "saves a search").fields(ALERT),
    route!(Page Post "/cases/{case}/alerts/{search}", To(A::Search), alerts::look, "pages that set an alert off"),
    route!(Page Post "/cases/{case}/alerts/{search}/forget", To(A::Search), alerts::forget, "forgets a saved search"),
    route!(Page Get "/cases/{case}/indicators", To(A::Search), indicators::list, "pages that rules flag"),
    route!(Page Post "/cases/{case}/indicators/{indicator}/{capture}", To(A::Search), indicators::decide, "confirms a flag or dismisses it")
        .fields(DECISION),
    route!(Page Get "/requests", To(A::RequestUnseal), requests::list, "own requests").menu("menu-requests", 'r'),
    route!(Page Get "/requests/{request}", To(A::RequestUnseal), requests::one, "one own request"),
    route!(Page Post "/requests/{request}/withdraw", To(A::RequestUnseal), requests::withdraw, "withdraws a request")
        .fields(REASON),
    // Supervisors.
    route!(Page Get "/queue", To(A::DecideUnseal), queue::list, "requests that wait").menu("menu-queue", 'q'),
    route!(Page Get "/queue/{request}", To(A::DecideUnseal), queue::one, "all that a decision needs"),
    route!(Page Post "/queue/{request}/deny", To(A::DecideUnseal), queue::deny, "denies a request").fields(REASON),
    // Operators, and who watches them.
    route!(Page Get "/authorisations", To(A::ReadStatus), crawls::papers, "authorisations").menu("menu-papers", 'a'),
    route!(Page Get "/crawls", To(A::ReadStatus), crawls::list, "crawls by case").menu("menu-crawls", 'w'),
    route!(Page Get "/crawls/{case}", To(A::ReadStatus), crawls::one, "one crawl, and why it waits"),
    route!(Page Post "/crawls/{case}/pause", To(A::RunCrawl), crawls::pause, "pauses a crawl").fields(REASON),
    route!(Page Post "/crawls/{case}/resume", To(A::RunCrawl), crawls::resume, "resumes a crawl"),
    route!(Page Post "/crawls/{case}/schedule", To(A::RunCrawl), crawls::schedule, "adds a schedule or takes one away").fields(SCHEDULE),
    route!(Page Get "/retention", To(A::ReadStatus), crawls::retention, "what is kept").menu("menu-retention", 'k'),
    // Auditors.
    route!(Page Get "/log", To(A::ReadLog), log::page, "the log").fields(LOG).menu("menu-log", 'l'),
    route!(Page Get "/log/verification", To(A::ReadLog), log::verification, "checks the log").menu("menu-verify", 'v'),
    route!(Page Get "/log/patterns", To(A::ReadLog), log::patterns, "what to look at first").menu("menu-patterns", 'p'),
    // The same for programs.
    route!(Json Get "/api/v1/openapi.json", Anyone, home::openapi, "this document"),
    route!(Json Post "/api/v1/session", Anyone, signing::api_sign_in, "signs in; sets the session cookie").fields(SIGN_IN),
    route!(Json Post "/api/v1/session/end", Account, signing::api_sign_out, "signs out"),
    route!(Json Get "/api/v1/session", Account, signing::api_session, "who is signed in, and the form token"),
    route!(Json Get "/api/v1/cases", To(A::Search), cases::api_list, "the cases that one works on"),
    route!(Json Post "/api/v1/cases/{case}/search", To(A::Search), search::api, "searches a case").fields(QUERY),
    route!(Json Get "/api/v1/cases/{case}/pivot", To(A::Pivot), pivot::api, "everything that shares a token").fields(TOKEN),
    route!(Json Get "/api/v1/cases/{case}/links", To(A::Pivot), links::api, "what hangs together with a token").fields(LINKS),
    route!(Json Post "/api/v1/cases/{case}/links", To(A::Pivot), links::api_change, "removes a wrong link, or puts it back").fields(LINK),
    route!(Json Get "/api/v1/cases/{case}/links/removed", To(A::Pivot), links::api_removed, "links that somebody found wrong"),
    route!(Json Get "/api/v1/cases/{case}/groups", To(A::Pivot), links::api_groups, "pages that say almost the same"),
    route!(Json Get "/api/v1/cases/{case}/captures/{capture}", To(A::Search), capture::api, "what is known of a capture"),
    route!(Json Post "/api/v1/cases/{case}/captures/{capture}/reading", To(A::Search), capture::api_read, "the redacted page")
        .fields(REASON),
    route!(Json Post "/api/v1/cases/{case}/captures/{capture}/request", To(A::RequestUnseal), requests::api_ask, "asks to unseal")
        .fields(UNSEAL),
    route!(Json Post "/api/v1/cases/{case}/captures/{capture}/folders", To(A::Search), folders::api_put, "puts a capture into a folder")
        .fields(INTO_FOLDER),
    route!(Json Get "/api/v1/cases/{case}/folders", To(A::Search), folders::api_list, "the folders of a case"),
    route!(Json Post "/api/v1/cases/{case}/folders", To(A::Search), folders::api_make, "makes a folder").fields(FOLDER),
    route!(Json Get "/api/v1/cases/{case}/folders/{folder}", To(A::Search), folders::api_one, "what lies in a folder"),
    route!(Json Get "/api/v1/cases/{case}/notes", To(A::Search), notes::api_list, "what people wrote down").fields(ABOUT),
    route!(Json Post "/api/v1/cases/{case}/notes", To(A::Search), notes::api_write, "writes something down").fields(NOTE),
    route!(Json Post "/api/v1/cases/{case}/notes/{note}/withdraw", To(A::Search), notes::api_withdraw, "withdraws a note"),
    route!(Json Get "/api/v1/cases/{case}/alerts", To(A::Search), alerts::api_list, "saved searches and alerts"),
    route!(Json Post "/api/v1/cases/{case}/alerts", To(A::Search), alerts::api_save, "saves a search").fields(ALERT),
    route!(Json Post "/api/v1/cases/{case}/alerts/{search}/hits", To(A::Search), alerts::api_look, "pages that set an alert off"),
    route!(Json Post "/api/v1/cases/{case}/alerts/{search}/forget", To(A::Search), alerts::api_forget, "forgets a saved search"),
    route!(Json Get "/api/v1/cases/{case}/indicators", To(A::Search), indicators::api_list, "pages that rules flag"),
    route!(Json Post "/api/v1/cases/{case}/indicators/{indicator}/{capture}", To(A::Search), indicators::api_decide, "confirms a flag or dismisses it")
        .fields(DECISION),
    route!(Json Get "/api/v1/requests", To(A::RequestUnseal), requests::api_list, "own requests"),
    route!(Json Post "/api/v1/requests/{request}/withdraw", To(A::RequestUnseal), requests::api_withdraw, "withdraws a request")
        .fields(REASON),
    route!(Json Get "/api/v1/queue", To(A::DecideUnseal), queue::api_list, "requests that wait for a decision"),
    route!(Json Post "/api/v1/queue/{request}/deny", To(A::DecideUnseal), queue::api_deny, "denies a request").fields(REASON),
    route!(Json Get "/api/v1/authorisations", To(A::ReadStatus), crawls::api_papers, "authorisations"),
    route!(Json Get "/api/v1/crawls/{case}", To(A::ReadStatus), crawls::api_one, "one crawl, host by host"),
    route!(Json Post "/api/v1/crawls/{case}/pause", To(A::RunCrawl), crawls::api_pause, "pauses a crawl").fields(REASON),
    route!(Json Post "/api/v1/crawls/{case}/resume", To(A::RunCrawl), crawls::api_resume, "resumes a crawl"),
    route!(Json Get "/api/v1/crawls/{case}/schedules", To(A::ReadStatus), crawls::api_schedules, "the calendars of a case"),
    route!(Json Post "/api/v1/crawls/{case}/schedules", To(A::RunCrawl), crawls::api_schedule, "adds a schedule or takes one away").fields(SCHEDULE),
    route!(Json Get "/api/v1/retention", To(A::ReadStatus), crawls::api_retention, "what is kept, due, held and erased"),
    route!(Json Get "/api/v1/log", To(A::ReadLog), log::api, "the log, latest rows last").fields(LOG),
    route!(Json Get "/api/v1/log/verification", To(A::ReadLog), log::api_verification, "checks the log"),
    route!(Json Get "/api/v1/log/patterns", To(A::ReadLog), log::api_patterns, "what to look at first"),
    route!(Json Get "/api/v1/reports", To(A::ReadLog), reports::list, "what browsers refused to do for our pages"),
];
