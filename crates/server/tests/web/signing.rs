//! Signing in, staying in, signing out.

use axum::http::StatusCode;

use crate::site::{Browser, PASSPHRASE, Site};

const SESSION: &str = "__Host-lanthorn";

fn cookie(browser: &Browser, name: &str) -> Option<String> {
    browser.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

async fn with_code(browser: &mut Browser, passphrase: &str, code: &str) -> StatusCode {
    let fields = [("person", "a.ivan"), ("passphrase", passphrase), ("code", code)];
    browser.submit("/sign-in", "/sign-in", &fields).await.status
}

#[tokio::test]
async fn a_code_is_asked_for_from_the_second_time_on_and_good_once() {
    let site = Site::new().await;
    let secret = site.browser().sign_in("a.ivan").await;
    let code = access::code_at(&secret, site.clock.now()).unwrap();
    assert_eq!(
        with_code(&mut site.browser(), PASSPHRASE, &code).await,
        StatusCode::UNAUTHORIZED,
        "used when it was set up"
    );
    site.clock.advance_millis(60_000);
    let code = access::code_at(&secret, site.clock.now()).unwrap();
    assert_eq!(with_code(&mut site.browser(), PASSPHRASE, "").await, StatusCode::UNAUTHORIZED);
    assert_eq!(with_code(&mut site.browser(), "something else altogether", &code).await, StatusCode::UNAUTHORIZED);
    site.clock.advance_millis(10_000); // three failures in a row have their wait
    let mut browser = site.browser();
    assert_eq!(with_code(&mut browser, PASSPHRASE, &code).await, StatusCode::SEE_OTHER);
    assert!(browser.get("/").await.text.contains("a.ivan"));
    assert_eq!(with_code(&mut site.browser(), PASSPHRASE, &code).await, StatusCode::UNAUTHORIZED, "a code works once");
}

#[tokio::test]
async fn who_is_unknown_and_who_is_wrong_are_answered_alike() {
    let site = Site::new().await;
    let mut answers = Vec::new();
    for (person, passphrase) in
        [("a.ivan", "something else altogether"), ("n.nobody", PASSPHRASE), ("no name at all", PASSPHRASE)]
    {
        let fields = [("person", person), ("passphrase", passphrase)];
        let page = site.browser().submit("/sign-in", "/sign-in", &fields).await;
        // What was typed and the browser's own token stand in the page; the rest is the same to the byte.
        let text = page.text.replace(&page.token(), "TOKEN").replace(person, "NAME");
        answers.push((page.status, text));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_that_was_put_there_before_is_never_signed_in() {
    let site = Site::new().await;
    let mut browser = site.browser();
    let planted = "A".repeat(43);
    browser.cookies.push((SESSION.to_owned(), planted.clone()));
    browser.sign_in("a.ivan").await;
    let own = cookie(&browser, SESSION).unwrap();
    assert_ne!(own, planted);
    let mut thief = site.browser();
    thief.cookies.push((SESSION.to_owned(), planted));
    assert_eq!(thief.get("/").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_session_ends_with_its_button_its_time_or_its_account() {
    let site = Site::new().await;
    let mut ivan = site.signed_in("a.ivan").await;
    let copy = ivan.clone();
    let left = ivan.submit("/", "/sign-out", &[]).await;
    assert_eq!(left.location(), "/sign-in");
    assert_eq!(cookie(&ivan, SESSION), None);
    assert_eq!(copy.clone().get("/").await.location(), "/sign-in", "the cookie is worth nothing any more");

    let mut lena = site.signed_in("o.lena").await;
    for _ in 0..4 {
        site.clock.advance_millis(29 * 60_000);
        assert_eq!(lena.get("/").await.status, StatusCode::OK);
    }
    site.clock.advance_millis(31 * 60_000);
    assert_eq!(lena.get("/").await.location(), "/sign-in");
    let (kind, record) = site.log().await.pop().unwrap();
    assert!(kind == "sign-out" && record.contains("session ended"), "{kind} {record}");

    let mut paul = site.signed_in("u.paul").await;
    assert_eq!(paul.get("/log").await.status, StatusCode::OK);
    let mut tx = site.store.begin().await.unwrap();
    sqlx::query("UPDATE people SET role = 'operator' WHERE person = 'u.paul'").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(paul.get("/log").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(paul.get("/log").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_ninth_session_of_one_person_ends_the_oldest() {
    let site = Site::new().await;
    let secret = site.browser().sign_in("a.ivan").await;
    let mut sessions = Vec::new();
    for _ in 0..9 {
        site.clock.advance_millis(60_000);
        let code = access::code_at(&secret, site.clock.now()).unwrap();
        let mut browser = site.browser();
        assert_eq!(with_code(&mut browser, PASSPHRASE, &code).await, StatusCode::SEE_OTHER);
        sessions.push(browser);
    }
    assert_eq!(sessions[0].get("/").await.location(), "/sign-in");
    for browser in &mut sessions[1..] {
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn programs_sign_in_and_carry_the_token() {
    let site = Site::new().await;
    let mut program = site.browser();
    let body = |code: &str| format!(r#"{{"person":"a.ivan","passphrase":"{PASSPHRASE}","code":"{code}"}}"#);
    assert_eq!(
        program.post_json("/api/v1/session", &body("")).await.status,
        StatusCode::FORBIDDEN,
        "no second step yet"
    );
    let secret = site.browser().sign_in("a.ivan").await;
    site.clock.advance_millis(60_000);
    let code = access::code_at(&secret, site.clock.now()).unwrap();
    assert_eq!(program.post_json("/api/v1/session", &body(&code)).await.status, StatusCode::OK);
    let session: serde_json::Value = serde_json::from_str(&program.get("/api/v1/session").await.text).unwrap();
    assert_eq!((&session["person"], &session["role"]), (&"a.ivan".into(), &"analyst".into()));
    let search = "/api/v1/cases/op-harbour-2026/search";
    assert_eq!(program.post_json(search, r#"{"q":"harbour"}"#).await.status, StatusCode::FORBIDDEN);
    program.headers.push(("x-lanthorn-form-token", session["form_token"].as_str().unwrap().to_owned()));
    let answer = program.post_json(search, r#"{"q":"harbour"}"#).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("no-index"), "{}", answer.text);
}

#[tokio::test]
async fn every_language_is_spoken_in_its_direction() {
    let site = Site::new().await;
    let mut browser = site.browser();
    browser.headers.push(("accept-language", "ar-EG,ar;q=0.9".to_owned()));
    let page = browser.get("/sign-in").await;
    assert!(page.text.contains(r#"<html lang="ar" dir="rtl">"#), "{}", page.text);
    let chosen = browser.submit("/sign-in", "/language", &[("language", "fr")]).await;
    assert_eq!(chosen.location(), "/sign-in");
    assert!(
        browser.get("/sign-in").await.text.contains(r#"<html lang="fr" dir="ltr">"#),
        "a choice goes before a wish"
    );
    browser.sign_in("a.ivan").await;
    assert!(browser.get("/").await.text.contains(r#"<html lang="fr""#));
    let refused = browser.submit("/", "/language", &[("language", "xx")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}
