//! Forms: which of a page's forms is for signing in, and what it would have to be sent.
//!
//! A form is never filled in but the login form of an authorised account, and then by `crawler`. Here it is only read.

use std::collections::BTreeSet;
use std::fmt;

use model::Sensitive;
use scraper::{ElementRef, Html};
use url::Url;

/// Forms of a page that are read.
const MAX_FORMS: usize = 200;

/// Fields of one form that are read.
const MAX_FIELDS: usize = 500;

/// Hidden fields that a login form may want back.
const MAX_HIDDEN: usize = 64;

/// Bytes of a hidden field.
const MAX_VALUE_BYTES: usize = 8 << 10;

/// What a form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    /// Signing in.
    Login,
    /// Becoming a member.
    Registration,
    /// Getting a password back.
    Recovery,
    /// Proving to be a person, and nothing else.
    Captcha,
    /// Searching.
    Search,
    /// Anything else.
    Other,
}

/// A form for signing in, as a page shows it. `Debug` prints no value.
pub struct LoginForm {
    /// Where it is sent, absolute.
    pub action: Sensitive<String>,
    /// The name of the field for the user's name.
    pub user: String,
    /// The name of the field for the password.
    pub password: String,
    /// Names and values that go back as they came: hidden fields, and the button.
    pub fields: Vec<(String, Sensitive<String>)>,
    /// Whether it asks for proof of being a person. Such a form is never sent.
    pub captcha: bool,
}

impl fmt::Debug for LoginForm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "LoginForm({} fields, captcha {})", self.fields.len(), self.captcha)
    }
}

/// A form of a document.
pub(crate) struct Form<'a> {
    pub(crate) element: ElementRef<'a>,
    pub(crate) kind: FormKind,
    pub(crate) captcha: bool,
    fields: Vec<ElementRef<'a>>,
}

/// All forms of a document, in order.
pub(crate) fn forms(document: &Html) -> Vec<Form<'_>> {
    let mut forms: Vec<(ElementRef<'_>, Vec<ElementRef<'_>>)> = Vec::new();
    let mut stray = Vec::new();
    for element in document.tree.root().descendants().filter_map(ElementRef::wrap) {
        match element.value().name() {
            "form" if forms.len() < MAX_FORMS => forms.push((element, Vec::new())),
            "input" | "button" | "select" | "textarea" => {
                let outer =
                    element.ancestors().find(|node| node.value().as_element().is_some_and(|e| e.name() == "form"));
                // In tag soup the fields of a form often stand outside of it: they belong to the one opened last.
                let form = match outer {
                    Some(outer) => forms.iter_mut().find(|(form, _)| form.id() == outer.id()),
                    None => forms.last_mut(),
                };
                match form {
                    Some((_, fields)) if fields.len() < MAX_FIELDS => fields.push(element),
                    Some(_) => {}
                    None => stray.push(element),
                }
            }
            _ => {}
        }
    }
    // Pages that are put together by scripts have fields without any form.
    if stray.iter().any(|field| type_of(*field) == "password")
        && let Some(root) =
            document.tree.root().descendants().filter_map(ElementRef::wrap).find(|e| e.value().name() == "body")
    {
        forms.push((root, stray));
    }
    forms
        .into_iter()
        .map(|(element, fields)| {
            let captcha =
                fields.iter().any(|field| is_captcha(*field)) || element.descendent_elements().any(is_captcha);
            Form { element, kind: kind_of(element, &fields, captcha), captcha, fields }
        })
        .collect()
}

/// What a page's login form would have to be sent, if it has one that we can send.
pub(crate) fn login_form(forms: &[Form<'_>], base: &Url) -> Option<LoginForm> {
    let form = forms.iter().find(|form| form.kind == FormKind::Login)?;
    let post = form.element.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
    if form.element.value().name() != "form" || !post {
        return None;
    }
    let mut action = base.join(form.element.attr("action").unwrap_or_default().trim()).ok()?;
    action.set_fragment(None);
    if !matches!(action.scheme(), "http" | "https") {
        return None;
    }
    let name = |field: &ElementRef<'_>| field.attr("name").filter(|name| !name.is_empty()).map(str::to_owned);
    let password = form.fields.iter().find(|field| type_of(**field) == "password").and_then(name)?;
    let user = form.fields.iter().find(|field| is_words(**field)).and_then(name)?;
    let mut fields = Vec::new();
    let mut pressed = false;
    for field in &form.fields {
        let (Some(name), kind) = (name(field), type_of(*field)) else { continue };
        let value = field.attr("value").unwrap_or_default();
        let wanted = match kind {
            "hidden" => true,
            "submit" => !std::mem::replace(&mut pressed, true),
            "checkbox" | "radio" => field.attr("checked").is_some(),
            _ => false,
        };
        if wanted && fields.len() < MAX_HIDDEN && value.len() <= MAX_VALUE_BYTES {
            fields.push((name, Sensitive::new(value.to_owned())));
        }
    }
    Some(LoginForm { action: Sensitive::new(action.into()), user, password, fields, captcha: form.captcha })
}

fn type_of<'a>(field: ElementRef<'a>) -> &'a str {
    match field.value().name() {
        "input" => match field.attr("type").map(str::trim) {
            Some(kind) if kind.eq_ignore_ascii_case("password") => "password",
            Some(kind) if kind.eq_ignore_ascii_case("hidden") => "hidden",
            Some(kind) if kind.eq_ignore_ascii_case("submit") || kind.eq_ignore_ascii_case("image") => "submit",
            Some(kind) if kind.eq_ignore_ascii_case("checkbox") => "checkbox",
            Some(kind) if kind.eq_ignore_ascii_case("radio") => "radio",
            Some(kind) if kind.eq_ignore_ascii_case("email") => "email",
            Some(kind) if kind.eq_ignore_ascii_case("button") || kind.eq_ignore_ascii_case("reset") => "button",
            _ => "text",
        },
        "button" => match field.attr("type") {
            Some(kind) if !kind.eq_ignore_ascii_case("submit") => "button",
            _ => "submit",
        },
        other => match other {
            "select" => "select",
            _ => "textarea",
        },
    }
}

fn is_words(field: ElementRef<'_>) -> bool {
    matches!(type_of(field), "text" | "email") && !is_captcha(field)
}

/// Widgets and fields that ask for proof of being a person.
pub(crate) fn is_captcha(element: ElementRef<'_>) -> bool {
    const WIDGETS: [&str; 8] = [
        "captcha",
        "turnstile",
        "funcaptcha",
        "arkose",
        "geetest",
        "cf-challenge",
        "recaptcha_challenge",
        "keycaptcha",
    ];
    let says = |name: &str| {
        element.attr(name).is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            WIDGETS.iter().any(|widget| value.contains(widget))
        })
    };
    match element.value().name() {
        "input" => type_of(element) != "hidden" && (says("name") || says("id")),
        "img" | "iframe" => says("src") || says("id") || says("class"),
        "div" => element.attr("data-sitekey").is_some() || says("class"),
        _ => false,
    }
}

fn kind_of(form: ElementRef<'_>, fields: &[ElementRef<'_>], captcha: bool) -> FormKind {
    let count = |kind: &str| fields.iter().filter(|field| type_of(**field) == kind).count();
    let passwords: BTreeSet<_> = fields
        .iter()
        .filter(|field| type_of(**field) == "password")
        .map(|f| f.attr("name").unwrap_or_default())
        .collect();
    let words = fields.iter().filter(|field| is_words(**field)).count();
    let says = said(form, fields);
    let about = |list: &[&str]| list.iter().any(|word| says.contains(word));
    let register = about(&REGISTER);
    match passwords.len() {
        1 if (words == 0 || words > 4) && register => FormKind::Registration,
        1 if words <= 2 && count("textarea") == 0 && (!register || about(&LOGIN)) => FormKind::Login,
        1 if words <= 4 && about(&LOGIN) && count("textarea") == 0 && count("select") <= 1 => FormKind::Login,
        1 if register || words > 2 => FormKind::Registration,
        1 => FormKind::Login,
        2.. if about(&["reset", "change"]) && words == 0 => FormKind::Recovery,
        2.. => FormKind::Registration,
        0 if words <= 3 && about(&RECOVER) && !about(&["search"]) => FormKind::Recovery,
        0 if about(&["search", "suche", "query", "поиск"]) && count("textarea") == 0 => FormKind::Search,
        0 if captcha && words <= 1 && count("textarea") == 0 => FormKind::Captcha,
        0 if words == 1
            && count("textarea") == 0
            && fields
                .iter()
                .any(|f| is_words(*f) && matches!(f.attr("name"), Some("q" | "s" | "k" | "keyword" | "keywords"))) =>
        {
            FormKind::Search
        }
        0 if register && words >= 2 && count("textarea") == 0 => FormKind::Registration,
        _ => FormKind::Other,
    }
}

const LOGIN: [&str; 14] = [
    "login",
    "log in",
    "log-in",
    "signin",
    "sign in",
    "sign-in",
    "logon",
    "anmelden",
    "einloggen",
    "войти",
    "вход",
    "connexion",
    "iniciar ses",
    "entrar",
];
const REGISTER: [&str; 14] = [
    "regist",
    "signup",
    "sign up",
    "sign-up",
    "join",
    "create",
    "subscri",
    "newuser",
    "new_user",
    "регистрац",
    "inscri",
    "checkout",
    "rejestr",
    "enregistr",
];
const RECOVER: [&str; 9] =
    ["forgot", "lost", "recover", "reset", "remind", "lostpw", "sendpassword", "vergessen", "восстанов"];

/// Names, addresses and buttons of a form, in lower case.
fn said(form: ElementRef<'_>, fields: &[ElementRef<'_>]) -> String {
    let mut said = String::new();
    let mut add = |text: &str| {
        if text.len() < 300 && said.len() < 4_000 {
            said.push_str(&text.to_lowercase());
            said.push(' ');
        }
    };
    for name in ["action", "id", "class", "name"] {
        form.attr(name).into_iter().for_each(&mut add);
    }
    for field in fields {
        if type_of(*field) == "submit" {
            for name in ["value", "name", "id", "alt"] {
                field.attr(name).into_iter().for_each(&mut add);
            }
            field.text().for_each(&mut add);
        }
        // What is asked for beside name and password tells a new member from an old one.
        if matches!(type_of(*field), "text" | "email" | "hidden" | "password") {
            for name in ["name", "id"] {
                field.attr(name).into_iter().for_each(&mut add);
            }
        }
    }
    said
}
