//! Pages that keep their content back: they want a login, or proof of being a person, or time.
//!
//! Such a page is told apart from one that merely has a small login form in its head, as most forums have. The crawler
//! stops there and says so: nothing is solved, nothing is got round.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html, Node};

use crate::form::{Form, FormKind, is_captcha};
use crate::walk::characters;

/// What a page wants before it shows its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Wall {
    /// A login.
    Login,
    /// Proof of being a person.
    Captcha,
    /// A wait: a queue, or a check of the browser that runs by itself.
    Waiting,
}

impl Wall {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login-wall",
            Self::Captcha => "captcha",
            Self::Waiting => "waiting-page",
        }
    }
}

/// Whether a page shows that we are signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Session {
    /// It offers to end our session.
    SignedIn,
    /// It offers to begin one.
    SignedOut,
    /// It says neither.
    #[default]
    Unknown,
}

/// Characters of text outside of forms and navigation from which on a page has content of its own.
const CONTENT_CHARACTERS: usize = 1_200;

/// Words beside a form below which the form is all there is.
const BARE_CHARACTERS: usize = 500;

/// Sentences that say that a login is wanted.
static WANTS_LOGIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)you (?:must|need to|have to|should) (?:first )?(?:be (?:logged|signed) in|log ?-?in|sign ?-?in|login|register)",
        r"|(?:please|to continue,?) (?:log ?-?in|sign ?-?in|login)(?: or (?:register|sign up|join))? (?:to (?:continue|view|see|access|read)|first|below)",
        r"|(?:you are not logged in|not logged in or you do not have permission|login required|members only|restricted to members)",
        r"|(?:registered (?:users|members) only|only registered (?:users|members)|log in to (?:view|see|read|continue))",
        r"|(?:requires? (?:you )?to be (?:registered and )?logged in)",
        r"|(?:sie (?:müssen|m\u{fc}ssen) (?:sich )?(?:an(?:gemeldet|melden)|eingeloggt|einloggen)|bitte (?:melden sie sich|loggen sie sich))",
        r"|(?:vous devez (?:être|vous) (?:connect|identifi|enregistr)|veuillez vous (?:connecter|identifier))",
        r"|(?:debe(?:s)? (?:iniciar sesi|estar (?:registrado|identificado|conectado))|necesitas iniciar sesi)",
        r"|(?:(?:é|e) (?:necessário|preciso) (?:fazer login|entrar|estar (?:logado|registado|registrado)))",
        r"|(?:(?:devi|è necessario|occorre) (?:effettuare (?:il login|l'accesso)|essere (?:registrato|connesso|autenticato)))",
        r"|(?:(?:необходимо|нужно|требуется|пожалуйста,?) (?:авторизо|войт|войдите|зарегистр)|только (?:для )?зарегистрированн)",
        r"|(?:(?:необхідно|потрібно|будь ласка,?) (?:авториз|увійт|увійдіть|зареєстр))",
        r"|(?:musisz (?:być|się) (?:zalogowan|zalogować)|zaloguj się,? aby)",
        r"|(?:trebuie să (?:fii|fiți|te) (?:autentific|conect|înregistr|logat))",
        r"|(?:(?:je|u) (?:moet|dient) (?:(?:eerst )?ingelogd|(?:eerst )?inloggen|(?:je )?aan(?:gemeld|melden)))",
        r"|(?:giriş yapma(?:nız|lısınız)|üye girişi yap)",
        r"|(?:πρέπει να (?:συνδεθείτε|είστε συνδεδεμένο|εγγραφείτε))",
        r"|(?:musíte (?:být|se) přihlá|be kell jelentkez|du måste (?:vara inloggad|logga in)|du må (?:være|logge) )",
        r"|(?:يجب (?:عليك )?(?:تسجيل الدخول)|请(?:先)?登[录錄]|請(?:先)?登入|ログインが必要|ログインしてください|로그인(?:이 필요|해 주세요))",
    ))
    .expect("a constant, compiled by a test")
});

/// Sentences of pages that check the browser, or let it wait.
static WAITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)checking (?:your browser|if the site connection)|just a moment\.\.\.|ddos[ -]protection|verifying (?:you are human|your browser)",
        r"|you (?:are|have been placed) in (?:a |the )?queue|(?:estimated|your) (?:waiting|wait) time|browser check|anti-?(?:bot|ddos)",
        r"|проверка браузера|bitte warten sie, während|vérification de votre navigateur|comprobando (?:su|tu) navegador",
    ))
    .expect("a constant, compiled by a test")
});

/// Sentences that ask for proof of being a person.
static WANTS_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:prove|confirm|verify)(?: that)? you(?:'re| are) (?:not a (?:ro)?bot|a? ?human)|are you (?:a )?(?:human|robot)|i am not a robot",
        r"|(?:solve|complete|enter) the captcha|unusual traffic|security check|подтвердите,? что вы не робот|введите код с картинки",
    ))
    .expect("a constant, compiled by a test")
});

/// What a page wants before it shows its content, if it wants anything. `records` is how many a profile found on it.
pub(crate) fn wall(document: &Html, forms: &[Form<'_>], records: usize) -> Option<Wall> {
    let seen = (records <= 1).then(|| Seen::of(document)).flatten()?;
    let of = |kind: FormKind| forms.iter().filter(move |form| form.kind == kind);
    let login = of(FormKind::Login).next().is_some();
    let elsewhere = of(FormKind::Registration).next().is_some();
    let little = seen.outside < CONTENT_CHARACTERS;
    let wants = WANTS_LOGIN.is_match(&seen.text);
    if login && !elsewhere && (wants || seen.own_page) && (little || (wants && seen.own_page)) && records == 0 {
        return Some(Wall::Login);
    }
    if login && !elsewhere && seen.outside < BARE_CHARACTERS && records == 0 {
        return Some(Wall::Login);
    }
    let captcha = of(FormKind::Captcha).next().is_some()
        || document.tree.root().descendants().filter_map(ElementRef::wrap).any(is_captcha);
    if captcha
        && little
        && !elsewhere
        && !login
        && (seen.outside < BARE_CHARACTERS || WANTS_PERSON.is_match(&seen.text))
    {
        return Some(Wall::Captcha);
    }
    if seen.outside < BARE_CHARACTERS && WAITS.is_match(&seen.text) {
        return Some(Wall::Waiting);
    }
    (!login && wants && seen.outside < BARE_CHARACTERS).then_some(Wall::Login)
}

/// The visible text of a page, and how much of it is content.
struct Seen {
    /// At most [`MAX_SEEN_BYTES`] of visible text.
    text: String,
    /// Characters that stand outside of forms, links and navigation.
    outside: usize,
    /// The page says of itself that it is for signing in.
    own_page: bool,
}

/// Bytes of visible text in which sentences are looked for.
const MAX_SEEN_BYTES: usize = 32 << 10;

static LOGIN_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:log ?-?in|sign ?-?in|log ?on|member login|an?melden|anmeldung|einloggen|connexion|identification|iniciar ses|acceso|entrar|acceder|accesso|accedi|inloggen|aanmelden)\b",
        r"|логин|вхо[дж]|авториза|увійти|logowanie|zaloguj|autentific|conectare|giriş|σύνδεση|přihlášení|bejelentkez|logga in|logg inn|kirjaudu|تسجيل الدخول|登[录錄入]|ログイン|로그인|đăng nhập",
    ))
    .expect("a constant, compiled by a test")
});

impl Seen {
    /// `None` if it has so much content that nothing stands in the way.
    fn of(document: &Html) -> Option<Self> {
        let mut seen = Self { text: String::new(), outside: 0, own_page: false };
        // How many elements around the current node are forms, links and so on, and how many are unseen.
        let (mut apart, mut unseen) = (0_usize, 0_usize);
        let mut heading = String::new();
        let mut in_heading = 0_usize;
        for edge in document.tree.root().traverse() {
            let (node, open) = match edge {
                ego_tree::iter::Edge::Open(node) => (node, true),
                ego_tree::iter::Edge::Close(node) => (node, false),
            };
            match node.value() {
                Node::Element(element) => {
                    let step = |count: &mut usize| *count = if open { *count + 1 } else { count.saturating_sub(1) };
                    match element.name() {
                        "script" | "style" | "noscript" | "template" => step(&mut unseen),
                        "form" | "a" | "nav" | "footer" | "header" | "option" | "button" | "label" | "fieldset" => {
                            step(&mut apart)
                        }
                        "title" | "h1" | "h2" | "legend" => step(&mut in_heading),
                        _ => {}
                    }
                }
                Node::Text(text) if open && unseen == 0 => {
                    if seen.text.len() + text.len() <= MAX_SEEN_BYTES {
                        seen.text.push_str(text);
                        seen.text.push(' ');
                    }
                    if in_heading > 0 && heading.len() < 1_000 {
                        heading.push_str(&text[..text.floor_char_boundary(300)]);
                        heading.push(' ');
                    } else if apart == 0 {
                        seen.outside += characters(text);
                        if seen.outside > 4 * CONTENT_CHARACTERS {
                            return None;
                        }
                    }
                }
                _ => {}
            }
        }
        let collapsed: Vec<_> = seen.text.split_whitespace().collect();
        seen.text = collapsed.join(" ");
        seen.own_page = LOGIN_TITLE.is_match(&heading);
        Some(seen)
    }
}

static ENDS_SESSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[^a-z])(?:log|sign)[-_]?(?:out|off)(?:[^a-z]|$)").expect("a constant, compiled by a test")
});

static BEGINS_SESSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[^a-z])(?:log|sign)[-_]?(?:in|on)(?:[^a-z]|$)").expect("a constant, compiled by a test")
});

/// Words of a link that ends a session, in the languages of the forum programs' own translations.
const LOG_OUT: [&str; 30] = [
    "log out",
    "logout",
    "log off",
    "logoff",
    "log me out",
    "sign out",
    "signout",
    "sign off",
    "exit",
    "abmelden",
    "ausloggen",
    "déconnexion",
    "se déconnecter",
    "me déconnecter",
    "cerrar sesión",
    "desconectarse",
    "salir",
    "sair",
    "terminar sessão",
    "esci",
    "disconnetti",
    "uitloggen",
    "afmelden",
    "wyloguj",
    "выход",
    "выйти",
    "вихід",
    "вийти",
    "deconectare",
    "çıkış",
];

/// Characters of a link's words that are looked at.
const MAX_LINK_WORDS: usize = 200;

/// Nodes inside a link that are looked at.
const MAX_LINK_NODES: usize = 40;

/// Whether a link says in its words that it ends our session, wherever it leads: `Log out`, or `Logout [ reader ]`.
pub(crate) fn says_log_out(node: ego_tree::NodeRef<'_, Node>, element: &scraper::node::Element) -> bool {
    let mut words = String::new();
    for text in node.descendants().take(MAX_LINK_NODES).filter_map(|node| node.value().as_text()) {
        if words.len() + text.len() > MAX_LINK_WORDS {
            return false;
        }
        words.push_str(text);
    }
    let says = |words: &str| {
        let lower = words.trim().to_lowercase();
        // What stands behind it in brackets is whose session it is.
        let lower = lower.split(['[', '(', '«']).next().unwrap_or_default();
        let lower = lower.split_whitespace().collect::<Vec<_>>().join(" ");
        LOG_OUT.contains(&lower.trim_matches(|c: char| !c.is_alphanumeric()))
    };
    says(&words) || element.attr("title").is_some_and(says) || element.attr("aria-label").is_some_and(says)
}

/// What the links and forms of a page say about our session.
pub(crate) fn session<'a>(hrefs: impl Iterator<Item = &'a str>, forms: &[Form<'_>]) -> Session {
    let mut begins = forms.iter().any(|form| form.kind == FormKind::Login);
    for href in hrefs {
        if ENDS_SESSION.is_match(href) {
            return Session::SignedIn;
        }
        begins |= BEGINS_SESSION.is_match(href);
    }
    if begins { Session::SignedOut } else { Session::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::forms;

    fn judged(html: &str) -> Option<Wall> {
        let document = Html::parse_document(html);
        wall(&document, &forms(&document), 0)
    }

    const FORM: &str = "<form method=post action=/login><input name=username><input type=password name=password><input type=submit value='Log in'></form>";

    #[test]
    fn a_page_that_is_only_a_login_is_a_wall_and_a_page_with_a_login_box_is_none() {
        assert_eq!(judged(&format!("<title>Login</title><p>Please enter your name.{FORM}")), Some(Wall::Login));
        assert_eq!(judged(&format!("<p>Вы должны: необходимо авторизоваться.{FORM}")), Some(Wall::Login));
        let thread = "<p>Rooms are let by the week, ask at the harbour office. ".repeat(60);
        assert_eq!(judged(&format!("<title>Rooms</title>{FORM}{thread}")), None);
        assert_eq!(judged("<p>You must be logged in to view this forum."), Some(Wall::Login));
        assert_eq!(judged("<title>Rooms</title><p>Two rooms free."), None);
    }

    #[test]
    fn proof_of_being_a_person_and_waiting_are_told_apart() {
        assert_eq!(
            judged("<p>Prove you are not a robot<div class=h-captcha data-sitekey=x></div>"),
            Some(Wall::Captcha)
        );
        assert_eq!(
            judged("<form><img src=/captcha.php><input name=captcha_code><input type=submit></form>"),
            Some(Wall::Captcha)
        );
        assert_eq!(
            judged("<title>x</title><p>You are in the queue. Your estimated wait time is 3 minutes."),
            Some(Wall::Waiting)
        );
    }

    #[test]
    fn a_link_that_says_log_out_is_known_wherever_it_leads() {
        let out = |html: &str| {
            let document = Html::parse_document(html);
            let link = document.select(&scraper::Selector::parse("a").unwrap()).next().unwrap();
            says_log_out(*link, link.value())
        };
        for yes in [
            "<a href=/bye>Log out</a>",
            "<a href=/?x=1><i></i> Logout [ reader ]</a>",
            "<a href=/bye title='Abmelden'><img></a>",
            "<a href=/x>Выход</a>",
            "<a href=/x>Déconnexion (reader)</a>",
        ] {
            assert!(out(yes), "{yes}");
        }
        for no in ["<a href=/7>How to log out of a ferry</a>", "<a href=/7></a>", "<a href=/7>Log in</a>"] {
            assert!(!out(no), "{no}");
        }
    }

    #[test]
    fn a_session_shows_in_its_links() {
        assert_eq!(session(["/", "/ucp.php?mode=logout&sid=1"].into_iter(), &[]), Session::SignedIn);
        assert_eq!(session(["/", "/ucp.php?mode=login"].into_iter(), &[]), Session::SignedOut);
        assert_eq!(session(["/", "/blog/login-tips"].into_iter(), &[]), Session::SignedOut);
        assert_eq!(session(["/", "/catalogue"].into_iter(), &[]), Session::Unknown);
    }
}
