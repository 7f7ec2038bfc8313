//! Security keys through the pages: what a browser with scripts sends, and what somebody sends who only says so.

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD;
use model::Role;
use server::{Method, Need, ROUTES, Reply};

use crate::authenticator::{Key, Used};
use crate::site::{Browser, PASSPHRASE, Page, Site};

const ORIGIN: &str = "https://unit.example";

/// A browser that has come by the name that keys are bound to.
fn at_the_name(site: &Site) -> Browser {
    let mut browser = site.browser();
    browser.headers.push(("host", "unit.example".to_owned()));
    browser
}

/// The value of an attribute that the page gives its script.
fn told(page: &Page, name: &str) -> Vec<u8> {
    let rest = page.text.split(&format!("data-{name}=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {}", page.text));
    BASE64URL_NOPAD.decode(rest.split('"').next().unwrap().as_bytes()).unwrap()
}

fn fields(used: &Used) -> Vec<(&'static str, String)> {
    [
        ("credential", &used.credential),
        ("client_data", &used.client_data),
        ("authenticator_data", &used.authenticator_data),
        ("signature", &used.signature),
        ("user_handle", &used.user_handle),
    ]
    .map(|(name, value)| (name, BASE64URL_NOPAD.encode(value)))
    .to_vec()
}

async fn send(browser: &mut Browser, path: &str, token: &str, fields: &[(&'static str, String)]) -> Page {
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("form_token", token));
    browser.post(path, &fields).await
}

/// Passphrase and a code that was not used yet.
async fn prove(site: &Site, browser: &mut Browser, secret: &str) -> Page {
    site.clock.advance_millis(60_000);
    let code = access::code_at(secret, site.clock.now()).unwrap();
    browser.submit("/keys", "/keys/prove", &[("passphrase", PASSPHRASE), ("code", &code)]).await
}

/// Adds a key as the script would: the answer, and the key.
async fn add(browser: &mut Browser, name: &str, kind: fn(&[u8]) -> Key) -> (Page, Key) {
    let page = browser.get("/keys").await;
    let key = kind(&told(&page, "handle"));
    let made = key.make(ORIGIN, &told(&page, "challenge"));
    let fields = [
        ("name", name.to_owned()),
        ("client_data", BASE64URL_NOPAD.encode(&made.client_data)),
        ("attestation", BASE64URL_NOPAD.encode(&made.attestation)),
    ];
    (send(browser, "/keys", &page.token(), &fields).await, key)
}

/// Somebody with a key, still signed in as they added it.
async fn with_key(site: &Site, who: &str) -> (Browser, Key, String) {
    let mut browser = at_the_name(site);
    let secret = browser.sign_in(who).await;
    assert_eq!(prove(site, &mut browser, &secret).await.location(), "/keys");
    let (added, key) = add(&mut browser, "blue key", Key::es256).await;
    assert_eq!((added.status, added.location()), (StatusCode::SEE_OTHER, "/keys"), "{}", added.text);
    (browser, key, secret)
}

async fn sign_in(browser: &mut Browser, key: &mut Key) -> Page {
    let form = browser.get("/sign-in").await;
    let answer = key.answer(ORIGIN, &told(&form, "challenge"));
    send(browser, "/sign-in/key", &form.token(), &fields(&answer)).await
}

#[tokio::test]
async fn a_key_is_added_and_signs_in_and_its_removal_ends_what_it_began() {
    let site = Site::new().await;
    let (mut first, mut key, secret) = with_key(&site, "a.ivan").await;
    assert!(first.get("/keys").await.text.contains("blue key"));
    let mut second = at_the_name(&site);
    assert_eq!(sign_in(&mut second, &mut key).await.location(), "/");
    assert!(second.get("/").await.text.contains("a.ivan"));
    // The older session takes the key away; the one that began with it is over, the older one is not.
    prove(&site, &mut first, &secret).await;
    let gone = first.submit("/keys", "/keys/1/remove", &[]).await;
    assert_eq!(gone.location(), "/keys");
    assert!(!first.get("/keys").await.text.contains("blue key"));
    assert_eq!(second.get("/").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&mut at_the_name(&site), &mut key).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_question_is_answered_once_in_time_and_by_the_browser_that_was_asked() {
    let site = Site::new().await;
    let (_, mut key, _) = with_key(&site, "a.ivan").await;
    let mut browser = at_the_name(&site);
    let form = browser.get("/sign-in").await;
    let answer = fields(&key.answer(ORIGIN, &told(&form, "challenge")));
    // Another browser with the same answer, and its own token.
    let mut thief = at_the_name(&site);
    let theirs = thief.get("/sign-in").await;
    assert_eq!(send(&mut thief, "/sign-in/key", &theirs.token(), &answer).await.status, StatusCode::UNAUTHORIZED);
    site.clock.advance_millis(1_000);
    assert_eq!(send(&mut browser.clone(), "/sign-in/key", &form.token(), &answer).await.location(), "/");
    let again = send(&mut browser, "/sign-in/key", &form.token(), &answer).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "nothing is asked any more");
    assert!(again.text.contains("took too long"));

    let mut late = at_the_name(&site);
    let form = late.get("/sign-in").await;
    let answer = fields(&key.answer(ORIGIN, &told(&form, "challenge")));
    site.clock.advance_millis(5 * 60_000);
    assert_eq!(send(&mut late, "/sign-in/key", &form.token(), &answer).await.status, StatusCode::BAD_REQUEST);
    // Without the form's token nothing is looked at.
    let form = late.get("/sign-in").await;
    let answer = fields(&key.answer(ORIGIN, &told(&form, "challenge")));
    assert_eq!(send(&mut late, "/sign-in/key", "another", &answer).await.status, StatusCode::FORBIDDEN);
}

/// Nobody learns from an answer which keys there are, or what was wrong with theirs.
#[tokio::test]
async fn whatever_is_wrong_with_a_key_is_answered_alike() {
    let site = Site::new().await;
    let (_, mut key, _) = with_key(&site, "a.ivan").await;
    let mut stranger = Key::es256(&[5; 32]);
    let mut answers = Vec::new();
    for wrong in 0..4 {
        let mut browser = at_the_name(&site);
        let form = browser.get("/sign-in").await;
        let challenge = told(&form, "challenge");
        let mut answer = match wrong {
            0 => stranger.answer(ORIGIN, &challenge),
            1 => key.answer("https://evil.example", &challenge),
            _ => key.answer(ORIGIN, &challenge),
        };
        match wrong {
            2 => answer.user_handle.clear(),
            3 => answer.signature[9] ^= 1,
            _ => {}
        }
        let page = send(&mut browser, "/sign-in/key", &form.token(), &fields(&answer)).await;
        site.clock.advance_millis(60_000); // a third failure has its wait
        let asked = page.text.split("data-challenge=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        answers.push((page.status, page.text.replace(asked, "ASKED").replace(&page.token(), "TOKEN")));
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    let log = site.log().await;
    for rule in ["key-unknown", "key-origin", "key-signature"] {
        assert!(log.iter().any(|(kind, record)| kind == "sign-in-failed" && record.contains(rule)), "{rule}");
    }
}

#[tokio::test]
async fn keys_are_changed_by_whoever_has_just_proved_that_it_is_them() {
    let site = Site::new().await;
    let (mut browser, mut key, secret) = with_key(&site, "a.ivan").await;
    site.clock.advance_millis(5 * 60_000);
    let page = browser.get("/keys").await;
    assert!(!page.text.contains("data-handle") && !page.text.contains("/remove"), "it is asked for first");
    assert_eq!(browser.submit("/keys", "/keys/1/remove", &[]).await.location(), "/keys");
    assert!(browser.get("/keys").await.text.contains("blue key"), "and nothing was removed");
    let wrong = browser.submit("/keys", "/keys/prove", &[("passphrase", PASSPHRASE), ("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);

    // With the key itself; somebody else's key proves nothing.
    let page = browser.get("/keys").await;
    let answer = key.answer(ORIGIN, &told(&page, "challenge"));
    assert_eq!(send(&mut browser, "/keys/prove", &page.token(), &fields(&answer)).await.location(), "/keys");
    let (anna, _, _) = with_key(&site, "a.anna").await;
    site.clock.advance_millis(6 * 60_000);
    let mut anna = anna;
    let page = anna.get("/keys").await;
    let answer = key.answer(ORIGIN, &told(&page, "challenge"));
    let refused = send(&mut anna, "/keys/prove", &page.token(), &fields(&answer)).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!anna.get("/keys").await.text.contains("data-handle"));

    // Names are read by others: no identifiers in them, and what was typed is not shown again.
    prove(&site, &mut browser, &secret).await;
    let (named, _) = add(&mut browser, "call +1 202 555 0143", Key::es256).await;
    assert_eq!(named.status, StatusCode::BAD_REQUEST);
    assert!(!named.text.contains("0143"));
    let (twice, _) = add(&mut browser, "blue key", Key::es256).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST, "a name that is taken");
    assert!(site.log().await.iter().all(|(_, record)| !record.contains("0143")));
}

#[tokio::test]
async fn only_the_pages_that_ask_for_a_key_have_a_script_and_only_at_their_address() {
    let site = Site::new().await;
    let mut browser = at_the_name(&site);
    let policy = |page: &Page| page.headers["content-security-policy"].to_str().unwrap().to_owned();
    let features = |page: &Page| page.headers["permissions-policy"].to_str().unwrap().to_owned();
    let form = browser.get("/sign-in").await;
    assert!(policy(&form).contains("default-src 'none'; script-src 'self';") && !policy(&form).contains("unsafe"));
    assert!(features(&form).contains("publickey-credentials-get=(self)"));
    // The page names the script's hash, and it is that of what is served.
    let script = browser.get("/security-key.js").await;
    assert!(script.headers["content-type"].to_str().unwrap().starts_with("text/javascript"));
    let hash = data_encoding::BASE64.encode(&<sha2::Sha384 as sha2::Digest>::digest(&script.text));
    assert!(form.text.contains(&format!("integrity=\"sha384-{hash}\"")));
    assert_eq!(form.text.matches("<script").count(), 1);
    for elsewhere in [browser.get("/help").await, site.browser().get("/sign-in").await] {
        assert!(!policy(&elsewhere).contains("script-src") && !elsewhere.text.contains("<script"));
        assert!(features(&elsewhere).contains("publickey-credentials-get=()"));
    }
    let elsewhere = site.browser().get("/sign-in").await;
    assert!(elsewhere.text.contains(ORIGIN) && !elsewhere.text.contains("data-challenge"));
}

/// Where a role demands a key: without one every door but that to the keys is shut, whatever the table says.
#[tokio::test]
async fn a_role_that_demands_a_key_gets_nowhere_without_one() {
    let site = Site::demanding(&[Role::Supervisor], |_| {}).await;
    let mut maria = at_the_name(&site);
    let secret = maria.sign_in("s.maria").await;
    for route in ROUTES.iter().filter(|route| !matches!(route.need, Need::Anyone | Need::Browser | Need::Account)) {
        if route.method == Method::Post {
            continue; // shut by the same line of the guard, before a form is looked at
        }
        let answer = maria.clone().get(&route.path.replace(['{', '}'], "")).await;
        match route.reply {
            Reply::Page => assert_eq!(answer.location(), "/keys", "{route:?}"),
            Reply::Json => assert_eq!(answer.status, StatusCode::FORBIDDEN, "{route:?}"),
        }
    }
    let posted = maria.submit("/keys", "/queue/1/deny", &[("reason", "x")]).await;
    assert_eq!(posted.location(), "/keys");
    let (added, mut key) = add(&mut maria, "green key", Key::eddsa).await;
    assert_eq!(added.location(), "/sign-in", "{}", added.text);
    assert_eq!(maria.get("/").await.location(), "/sign-in", "the session was for that alone");

    site.clock.advance_millis(60_000);
    let code = access::code_at(&secret, site.clock.now()).unwrap();
    let typed = [("person", "s.maria"), ("passphrase", PASSPHRASE), ("code", code.as_str())];
    let refused = maria.submit("/sign-in", "/sign-in", &typed).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.text.contains("signs in here with a security key"));
    let json = format!(r#"{{"person":"s.maria","passphrase":"{PASSPHRASE}","code":"{code}"}}"#);
    let refused = maria.post_json("/api/v1/session", &json).await;
    assert!(refused.status == StatusCode::UNAUTHORIZED && refused.text.contains("key-demanded"), "{}", refused.text);

    assert_eq!(sign_in(&mut maria, &mut key).await.location(), "/");
    assert_eq!(maria.get("/queue").await.status, StatusCode::OK);
    // The last one stays.
    let code = access::code_at(&secret, site.clock.now()).unwrap();
    maria.submit("/keys", "/keys/prove", &[("passphrase", PASSPHRASE), ("code", &code)]).await;
    assert!(!maria.get("/keys").await.text.contains("/remove"));
    let kept = maria.submit("/keys", "/keys/1/remove", &[]).await;
    assert_eq!(kept.status, StatusCode::CONFLICT, "{}", kept.text);
    assert!(site.log().await.iter().any(|(_, record)| record.contains("last-key")));
}
