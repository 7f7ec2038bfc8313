//! Security keys in Chromium, with an authenticator that is Chromium's own: what we wrote is held against what we did not.

use rehearsal::Installation;
use rehearsal::served::Served;
use serde_json::{Value, json};

use super::driver::Browser;
use super::looks::{LOOKS, MORE};
use super::{PASSPHRASE_FORM, fill_in, sign_out};

const WHO: &str = "s.amina";
const KEY_FORM: &str = "form[action='/sign-in/key']";

/// Adds a key, signs in with it, and is refused with what is not it. Then without scripts.
pub(super) fn walk(installation: &Installation, served: &Served) {
    let mut browser = Browser::open(true);
    let key = browser.plug_in(true);
    browser.goto(&served.named("/sign-in"));
    browser.checked();
    fill_in(served, &browser, WHO);
    add_a_key(served, &mut browser);

    sign_out(&browser);
    browser.send(KEY_FORM);
    assert!(browser.text("header").contains(WHO), "{}", browser.text("main"));
    browser.follow("header a[href='/keys']");
    assert!(!browser.text("main .keys").contains("not yet"), "{}", browser.text("main .keys"));

    sign_out(&browser);
    wrong_keys(&browser, &key);
    taken_away(installation, served, &browser);
    in_every_look(served, &mut browser, "/sign-in");
    without_scripts(served);
}

/// With all that it asks for, and in every look where pictures are wanted.
fn add_a_key(served: &Served, browser: &mut Browser) {
    browser.follow("header a[href='/keys']");
    browser.checked();
    browser.pictured("keys-prove");
    let (passphrase, code) = served.credentials(WHO);
    browser.fill("#passphrase", passphrase);
    browser.fill("#code", &code.expect("a second step"));
    browser.send("#prove");
    browser.checked();
    browser.fill("#name", "blue, at home");
    browser.send("#new-key");
    assert!(browser.text("main .keys").contains("blue, at home"), "{}", browser.text("main"));
    browser.checked();
    // The browser itself passes over a key that is there.
    browser.fill("#name", "blue again");
    let told = browser.click_and_see("#new-key button", "#new-key [data-failed]");
    assert!(told.contains("no key"), "{told}");
    browser.checked();
    in_every_look(served, browser, "/keys");
}

/// A page in every look, where pictures are wanted.
fn in_every_look(served: &Served, browser: &mut Browser, page: &str) {
    if !Browser::takes_pictures() {
        return;
    }
    for look in LOOKS.iter().chain(&MORE).chain(&LOOKS) {
        browser.look(*look);
        browser.goto(&served.named(page));
        browser.checked_for_looks();
        assert_eq!(browser.overhang(), 0, "{page} is wider than its window ({look:?})");
        browser.pictured(&format!("keys{}", page.replace('/', "-")));
    }
}

/// A key that was registered nowhere, a copy of a key, and a finger that is not its owner's.
fn wrong_keys(browser: &Browser, key: &str) {
    let held = browser.held_by(key)[0].clone();
    browser.unplug(key);
    let credential = |change: &dyn Fn(&mut Value)| {
        let mut other = held.clone();
        change(&mut other);
        let key = browser.plug_in(true);
        browser.copy_into(&key, &other);
        key
    };
    let stranger = credential(&|other| other["credentialId"] = json!("AAECAwQFBgcICQoLDA0ODw"));
    browser.send(KEY_FORM);
    assert!(browser.text(".trouble").contains("That key was not taken"), "{}", browser.text("main"));
    browser.checked();
    browser.unplug(&stranger);

    // The copy counts from where the copying was done; meanwhile the key itself has been used.
    let copy = credential(&|other| other["signCount"] = json!(0));
    browser.send(KEY_FORM);
    assert!(browser.text(".trouble").contains("That key was not taken"), "a copy: {}", browser.text("main"));
    browser.unplug(&copy);

    let wrong_finger = browser.plug_in(false);
    browser.copy_into(&wrong_finger, &held);
    let told = browser.click_and_see(&format!("{KEY_FORM} button"), &format!("{KEY_FORM} [data-failed]"));
    assert!(told.contains("no key"), "{told}");
    browser.unplug(&wrong_finger);

    let _ = credential(&|_| ());
    browser.send(KEY_FORM);
    assert!(browser.text("header").contains(WHO), "the key itself still signs in: {}", browser.text("main"));
}

/// Another supervisor takes the key away: the session that began with it is over.
fn taken_away(installation: &Installation, served: &Served, browser: &Browser) {
    let listed = installation.by("s.maria", &["people", "keys", WHO]).good().json();
    assert_eq!(listed["keys"][0]["name"], "blue, at home");
    assert!(listed["keys"][0]["used_at"].is_number(), "{listed}");
    let number = listed["keys"][0]["key"].to_string();
    let own = installation.by(WHO, &["people", "forget-key", WHO, &number]);
    assert!(own.err.contains("two-persons"), "{}", own.err);
    let _ = installation.by("s.maria", &["people", "forget-key", WHO, &number]).good();
    browser.goto(&served.named("/queue"));
    assert!(browser.text("main").contains("You are not signed in"), "{}", browser.text("main"));
    browser.goto(&served.named("/sign-in"));
    browser.send(KEY_FORM);
    assert!(browser.text(".trouble").contains("That key was not taken"), "{}", browser.text("main"));
}

/// The page says why there is no button, and the other way is there.
fn without_scripts(served: &Served) {
    let browser = Browser::open(false);
    browser.goto(&served.named("/sign-in"));
    assert!(browser.text(KEY_FORM).contains("need scripts"), "{}", browser.text(KEY_FORM));
    assert_eq!(browser.text(&format!("{KEY_FORM} [data-on]")), "", "no button that does nothing");
    assert!(browser.has(PASSPHRASE_FORM));
    browser.goto(&served.url("/sign-in"));
    assert!(browser.text("main").contains(&served.named("")), "keys are used elsewhere: {}", browser.text("main"));
}
