//! What foreign pages and curious hands try.

use axum::body::Body;
use axum::http::{StatusCode, header};
use server::{Method, Need, ROUTES, Reply};

use crate::site::{CASE, Site};

#[tokio::test]
async fn every_form_needs_its_own_token_and_to_come_from_here() {
    let site = Site::new().await;
    let ivan = site.signed_in("a.ivan").await;
    let anna = site.signed_in("a.anna").await.get("/").await.token();
    let own = ivan.clone().get("/").await.token();
    let forms = ROUTES.iter().filter(|route| route.method == Method::Post && route.need != Need::Browser);
    let mut tried = 0;
    for route in forms.filter(|route| !(route.reply == Reply::Json && route.need == Need::Anyone)) {
        if !route.need.takes(model::Role::Analyst) {
            continue;
        }
        let path = route.path.replace("{case}", CASE).replace("{capture}", &"00".repeat(16)).replace("{request}", "1");
        let foreign: [(&str, &[(&'static str, &str)]); 5] = [
            ("", &[]),
            (&anna, &[]),
            (&own, &[("sec-fetch-site", "cross-site")]),
            (&own, &[("sec-fetch-site", "same-site")]),
            (&own, &[("origin", "https://elsewhere.example")]),
        ];
        for (token, headers) in foreign {
            let mut browser = ivan.clone();
            browser.headers.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
            let answer = match route.reply {
                Reply::Page => {
                    browser.post(&path, &[("form_token", token), ("q", "harbour"), ("language", "fr")]).await
                }
                Reply::Json => {
                    browser.headers.push(("x-lanthorn-form-token", token.to_owned()));
                    browser.post_json(&path, r#"{"q":"harbour","reason":"why"}"#).await
                }
            };
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{route:?} {token} {headers:?}: {}", answer.text);
            tried += 1;
        }
    }
    assert!(tried >= 60, "{tried}");
    assert_eq!(ivan.clone().get("/").await.status, StatusCode::OK, "and nobody was signed out");
}

#[tokio::test]
async fn nothing_but_a_form_or_json_is_read() {
    let site = Site::new().await;
    let mut ivan = site.signed_in("a.ivan").await;
    let token = ivan.get("/").await.token();
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/json"] {
        let body = Body::from(format!("form_token={token}&q=harbour"));
        let answer = ivan.send("POST", &format!("/cases/{CASE}/search"), body, Some(kind)).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    // A form of another site's page can send JSON's letters, but not its content type.
    let body = Body::from(r#"{"person":"a.ivan","passphrase":"x","code":"1"}"#);
    let answer = site.browser().send("POST", "/api/v1/session", body, Some("text/plain")).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = "a".repeat(70_000);
    let answer = ivan.post(&format!("/cases/{CASE}/search"), &[("q", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_is_kept_nowhere() {
    let site = Site::new().await;
    let ivan = site.signed_in("a.ivan").await;
    let paths = ROUTES.iter().map(|route| route.path.replace("{case}", CASE).replace("{capture}", &"00".repeat(16)));
    for path in paths.chain(["/nowhere".to_owned(), "/api/v1/nowhere".to_owned()]) {
        let answer = ivan.clone().get(&path.replace("{request}", "1")).await;
        let says =
            |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let policy = says("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; "), "{path}: {policy}");
        for never in ["unsafe", "script-src", "http:", "https:", "data:", "*"] {
            assert!(!policy.contains(never), "{path}: {policy}");
        }
        for needed in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "report-uri /csp-report"] {
            assert!(policy.contains(needed), "{path}: {policy}");
        }
        assert_eq!(says("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(says("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(says("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(says("cross-origin-resource-policy"), "same-origin", "{path}");
        let kept = if ["/style.css", "/security-key.js"].contains(&path.as_str()) {
            "private, max-age=600"
        } else {
            "no-store"
        };
        assert_eq!(says("cache-control"), kept, "{path}");
        assert!(!answer.headers.contains_key(header::SERVER), "{path}");
        let inline = ["<script", "<style", " style=", "javascript:", " onclick", " onload", "http-equiv"];
        assert!(inline.iter().all(|never| !answer.text.contains(never)), "{path}");
    }
}

#[tokio::test]
async fn cookies_are_bound_to_this_host_and_read_by_no_script() {
    let site = Site::new().await;
    let first = site.browser().get("/sign-in").await;
    let mut browser = site.browser();
    browser.sign_in("a.ivan").await;
    for line in first.headers.get_all(header::SET_COOKIE) {
        let line = line.to_str().unwrap();
        assert!(line.starts_with("__Host-"), "{line}");
        for needed in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(line.contains(needed), "{line}");
        }
        assert!(!line.contains("Domain"), "{line}");
    }
    assert_eq!(browser.cookies.len(), 1, "the visitor's cookie is gone once somebody is signed in");
}

#[tokio::test]
async fn no_answer_leads_anywhere_else() {
    let site = Site::new().await;
    for start in [
        "/sign-in?next=https://elsewhere.example",
        "//elsewhere.example",
        "/https://elsewhere.example",
        "/\\elsewhere.example",
    ] {
        let mut browser = site.browser();
        let page = browser.send("GET", start, Body::empty(), None).await;
        assert!(page.location().is_empty() || page.location().starts_with("/sign-in"), "{start}: {}", page.location());
        assert!(!page.text.contains("elsewhere.example"), "{start}");
    }
    let mut ivan = site.signed_in("a.ivan").await;
    let hostile = "night\r\nlocation: elsewhere";
    let answer = ivan.submit("/", &format!("/cases/{CASE}/search"), &[("q", hostile)]).await;
    assert!(answer.location().starts_with(&format!("/cases/{CASE}/search?q=")), "{answer:?}");
    assert_eq!(answer.headers.get_all(header::LOCATION).iter().count(), 1);
}

#[tokio::test]
async fn another_name_for_this_server_is_no_name() {
    let site = Site::new().await;
    for (host, status) in [
        ("127.0.0.1:8470", StatusCode::OK),
        ("localhost:8470", StatusCode::OK),
        ("unit.example", StatusCode::OK),
        ("rebound.example", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1:8471", StatusCode::MISDIRECTED_REQUEST),
        ("unit.example.evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let mut browser = site.browser();
        browser.headers.push(("host", host.to_owned()));
        assert_eq!(browser.get("/sign-in").await.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_session_and_all_visitors_together_have_their_rate() {
    let site = Site::with(|settings| settings.requests_a_minute = 60).await;
    let mut ivan = site.signed_in("a.ivan").await;
    let mut answers = Vec::new();
    for _ in 0..40 {
        answers.push(ivan.get("/help").await);
    }
    let refused = answers.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).expect("a limit");
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    site.clock.advance_millis(30_000);
    assert_eq!(ivan.get("/help").await.status, StatusCode::OK, "it is a rate, not a ban");
    let mut visits = Vec::new();
    for _ in 0..200 {
        visits.push(site.browser().get("/sign-in").await.status);
    }
    assert!(visits.contains(&StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(ivan.get("/help").await.status, StatusCode::OK, "visitors do not use up what somebody signed in has");
}

#[tokio::test]
async fn an_identifier_is_refused_before_it_is_written_anywhere() {
    let site = Site::new().await;
    let mut ivan = site.signed_in("a.ivan").await;
    for typed in
        ["call +1 202 555 0143", "jan.example@mail.example", "+44 7700 900123 OR night", "١٢٣ +1 (202) 555-0143"]
    {
        let answer = ivan.submit("/", &format!("/cases/{CASE}/search"), &[("q", typed)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""), "{typed}");
        assert!(
            !answer.text.contains("555") && !answer.text.contains("7700") && !answer.text.contains("jan."),
            "{typed}"
        );
        assert!(answer.text.contains("PHONE") || answer.text.contains("EMAIL"), "{}", answer.text);
    }
    let log = site.log().await;
    assert_eq!(log.iter().filter(|(_, record)| record.contains("no-identifier-in-query")).count(), 4);
    assert!(log.iter().all(|(_, record)| !record.contains("0143") && !record.contains("jan.example")));
}

#[tokio::test]
async fn browsers_reports_are_kept_without_addresses_and_there_is_a_limit() {
    let site = Site::new().await;
    let report = r#"{"csp-report":{"document-uri":"http://127.0.0.1/cases/x/search?q=secret","effective-directive":"script-src-elem"}}"#;
    for _ in 0..150 {
        let answer =
            site.browser().send("POST", "/csp-report", Body::from(report), Some("application/csp-report")).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
    let mut paul = site.signed_in("u.paul").await;
    let reports: Vec<String> = serde_json::from_str(&paul.get("/api/v1/reports").await.text).unwrap();
    assert_eq!((reports.len(), reports[0].as_str()), (100, "script-src-elem"));
}
