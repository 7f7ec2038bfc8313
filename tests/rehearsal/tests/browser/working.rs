//! What an analyst makes of a page: a folder, an assessment, an alert.

use rehearsal::CASE;
use rehearsal::served::Served;

use super::driver::Browser;

/// What is made on the first journey is called so, and on the second in another way.
pub(super) const FIRST: &str = "with scripts";
pub(super) const SECOND: &str = "without";

/// A folder to put the capture into, and an assessment that is not taken before it says what it rests on.
pub(super) fn on_a_capture(served: &Served, browser: &Browser, capture: &str, name: &str) {
    browser.goto(&served.url(&format!("/cases/{CASE}/folders")));
    browser.fill("#name", name);
    browser.send("main form.card");
    let folder = browser.address();
    assert_eq!(browser.text("main h1"), format!("Folder {name}"));
    browser.goto(capture);
    browser.choose("#folder option:last-child");
    browser.send("main form[action$='/folders']");
    assert_eq!(browser.address(), folder);
    assert_eq!(browser.text("main tbody th a"), capture.rsplit('/').next().expect("its id"));
    browser.checked();

    browser.goto(capture);
    browser.follow("main a[href*='/notes?about=']");
    browser.choose("#kind option[value=assessed]");
    browser.fill("#text", "the same hands write these");
    browser.send("form#write");
    assert!(browser.text(".trouble").contains("does not say what it rests on"), "{}", browser.text(".trouble"));
    browser.checked();
    browser.fill("#basis", "the wording of six pages");
    browser.choose("#confidence option[value=low]");
    browser.set_day("#until", "2030-05-31");
    browser.send("form#write");
    assert!(browser.text(".notes").contains("the same hands write these"), "{}", browser.text("main"));
}

/// The query of these hits as an alert; and what rules flag, which is nothing on pages that sell bicycles.
pub(super) fn on_a_query(browser: &Browser, hits: &str, name: &str) {
    browser.goto(hits);
    browser.follow("main a[href*='/alerts?q=']");
    browser.fill("#name", name);
    browser.choose("input[name=alert]");
    browser.send("form#save");
    assert!(browser.text(".cards").contains(name), "{}", browser.text("main"));
    browser.send(".cards .buttons form:first-child");
    // The first time nothing was collected since; the second time the operator has crawled in between.
    let quiet = browser.text("main").contains("No page has set it off");
    assert!(quiet || browser.has("main tbody th a"), "{}", browser.text("main"));
    assert_eq!(quiet, name == FIRST, "{}", browser.text("main"));
    browser.checked();

    browser.follow("nav.case a[href$='/indicators']");
    assert!(browser.text("main").contains("never about a person"), "{}", browser.text("main"));
}

/// Removes a link that is wrong, and puts it back.
pub(super) fn on_the_links(browser: &Browser) {
    browser.follow("main td a[href$='#wrong']");
    browser.fill("#reason", "two places of one name");
    browser.send("#remove");
    assert!(browser.text("#removed").contains("two places of one name"), "{}", browser.text("main"));
    browser.checked();
    browser.send("#removed");
    assert!(!browser.has("#removed"), "it is back");
}
