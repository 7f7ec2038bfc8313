//! What each of the four does on a day, click by click. Pages that stand only behind a form are put under axe here; the
//! others where they are looked at in every look.

use std::time::Duration;

use rehearsal::served::Served;
use rehearsal::{CASE, Installation};

use super::driver::Browser;
use super::working;
use super::{Visit, approve, crawled, sign_in, sign_out};

/// Analyst, supervisor, operator, auditor, once through. They are all signed in at its end.
pub(super) fn walk(installation: &Installation, served: &Served, scripts: bool) -> Vec<Visit> {
    let browser = Browser::open(scripts);
    let analyst = sign_in(served, &browser, "a.ivan");
    let request = search_and_ask(served, &browser, scripts);
    approve(installation, request);
    approval_is_seen(served, &browser, request);
    leave(&browser, scripts);

    let supervisor = sign_in(served, &browser, "s.maria");
    decide(&browser, request);
    leave(&browser, scripts);

    let operator = sign_in(served, &browser, "o.lena");
    watch_a_crawl(installation, served, &browser);
    plan_and_pause(served, &browser);
    leave(&browser, scripts);

    let auditor = sign_in(served, &browser, "u.paul");
    read_the_log(served, &browser, request);
    vec![analyst, supervisor, operator, auditor]
}

/// Signs out; the second time the session is only left behind, for the looks to come back to.
fn leave(browser: &Browser, for_good: bool) {
    if for_good {
        sign_out(browser);
    } else {
        browser.forget("__Host-lanthorn");
    }
}

/// Search, be refused, search again, pivot, links, open a capture, ask to unseal it: the request's number.
fn search_and_ask(served: &Served, browser: &Browser, scripts: bool) -> i64 {
    browser.follow("a[href='/cases']");
    browser.follow(&format!("a[href='/cases/{CASE}/search']"));

    browser.fill("#q", "call +1 202 555 0143");
    browser.send("form.search");
    assert!(!browser.address().contains("555"), "what was typed stands in no address");
    assert!(browser.text("main").contains("PHONE"), "it is said what was found");
    browser.checked();

    browser.fill("#q", "harbour AND (night");
    browser.send("form.search");
    assert!(browser.text(".trouble").contains("character 13"), "{}", browser.text(".trouble"));

    browser.fill("#q", "kind:ad");
    browser.send("form.search");
    let hits = browser.address();
    browser.follow(".hits a.token");
    assert!(browser.address().contains("/pivot?token="));
    browser.follow("main a[href*='/links?']");
    working::on_the_links(browser);
    browser.goto(&hits);
    browser.follow(".hits h2 a");
    browser.fill("#reason", "follow-up of a report");
    browser.send("main form");
    assert!(browser.has("article.page"), "the redacted page is shown");
    browser.checked();

    let capture = served.url(browser.address().strip_prefix(&served.url("")).expect("a page of ours"));
    let name = if scripts { working::FIRST } else { working::SECOND };
    working::on_a_capture(served, browser, &capture, name);
    working::on_a_query(browser, &hits, name);
    browser.goto(&capture);
    browser.follow("main a[href$='/request']");
    browser.fill("#code", "R1");
    browser.fill("#reason", "a number may lead to a victim");
    browser.fill("#legal_basis", "Example Act, section 5");
    browser.send("main form");
    let address = browser.address();
    let number = address.strip_prefix(&served.url("/requests/")).and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("the request's own page, and not {address}"))
}

fn approval_is_seen(served: &Served, browser: &Browser, request: i64) {
    browser.goto(&served.url("/"));
    browser.follow("header a[href='/requests']");
    browser.follow(&format!("a[href='/requests/{request}']"));
    let text = browser.text("main");
    assert!(text.contains("s.jonas: approved") && text.contains("s.amina: approved"), "{text}");
    browser.checked();
}

fn decide(browser: &Browser, request: i64) {
    browser.follow("header a[href='/queue']");
    browser.follow(&format!("main a[href='/queue/{request}']"));
    let text = browser.text("main");
    assert!(text.contains("a number may lead to a victim") && text.contains("supervisor approve"), "{text}");
    browser.fill("#reason", "two have approved already");
    browser.send("main form");
    assert!(browser.text("main").contains("denied"), "{}", browser.text("main"));
    browser.checked();
}

/// The page is left alone while somebody else's crawl goes on, and tells of it by itself.
fn watch_a_crawl(installation: &Installation, served: &Served, browser: &Browser) {
    browser.follow("header a[href='/crawls']");
    browser.follow(&format!("main a[href='/crawls/{CASE}']"));
    browser.follow("main a[href$='live=1']");
    browser.checked();
    let before = browser.text("main [role=status]");
    assert!(before.contains("pages visited"), "{before}");
    let kept = crawled(installation, 4);
    for _ in 0..60 {
        if browser.text("main [role=status]") != before {
            browser.follow(&format!("main a[href='/crawls/{CASE}']"));
            assert!(!browser.address().contains("live"), "watching ends with a link");
            return;
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    panic!("{} after 30 s, and the crawl says {kept}", served.url("/crawls"));
}

fn plan_and_pause(served: &Served, browser: &Browser) {
    browser.fill("#reason", "maintenance of the line");
    browser.send("main form[action$='/pause']");
    assert!(browser.text("main").contains("paused by o.lena"), "{}", browser.text("main"));
    browser.send("main form[action$='/resume']");
    assert!(!browser.text("main").contains("paused by o.lena"));
    browser.fill("#pattern", "0 3 * * *");
    browser.send("form#schedule");
    assert_eq!(browser.text("main tbody th code"), "0 3 * * *");
    browser.checked();
    browser.follow("main td form button");
    assert!(!browser.has("main tbody th code"), "the schedule is gone");
    browser.goto(&served.url("/cases"));
    assert!(browser.text("main").contains("Your role does not do this"), "no content for an operator");
}

fn read_the_log(served: &Served, browser: &Browser, request: i64) {
    browser.goto(&served.url("/log?kind=unseal-grant"));
    let text = browser.text("main");
    assert!(text.contains("s.jonas") && text.contains(&format!("request {request}")), "{text}");
    browser.follow("main a[href='/log?kind=refuse']");
    assert!(browser.text("main").contains("no-identifier-in-query"));
    browser.follow("header a[href='/log/verification']");
    assert!(browser.text("main").contains("The log is whole"), "{}", browser.text("main"));
    for page in ["/log/patterns", "/help"] {
        browser.goto(&served.url(page));
    }
    browser.goto(&served.url("/api/v1/reports"));
    assert_eq!(browser.text("body"), "[]", "no browser had anything to report");
}
