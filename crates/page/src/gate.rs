//! What a site puts in front of its pages: a login, or a test of whether a person is asking. Told, never passed.

use std::sync::LazyLock;

use scraper::{Html, Selector};

use crate::profile::select;

/// Something that stands where a page was expected. Ordinary pages have such forms, too, at their edge: how much else
/// there is must be judged by whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// A form that asks for a password.
    Login,
    /// A CAPTCHA, a waiting room, or a script that is to prove a browser.
    Challenge,
}

impl Gate {
    /// The word in reasons.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Challenge => "challenge",
        }
    }
}

/// Fields, frames, pictures and scripts of the tests that are in use, by what their makers call them.
static CHALLENGE: LazyLock<Selector> = LazyLock::new(|| {
    Selector::parse(
        "[data-sitekey], .g-recaptcha, .h-captcha, .cf-turnstile, .cf-challenge, #challenge-form, #challenge-running, \
         iframe[src*='captcha' i], script[src*='captcha' i], script[src*='challenge-platform' i], img[src*='captcha' i], \
         img[alt*='captcha' i], img[id*='captcha' i], input[name*='captcha' i], input[id*='captcha' i], \
         input[name*='confirm_code' i], form[action*='captcha' i], .ddos-protection, #queue-position, \
         meta[http-equiv='refresh' i][content*='queue' i]",
    )
    .expect("a constant, compiled by every test")
});

static PASSWORD: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("input[type='password' i]").expect("a constant, compiled by every test"));

/// Titles of waiting rooms, in lower case.
const TITLES: &[&str] = &[
    "just a moment",
    "attention required",
    "ddos protection",
    "ddos-guard",
    "are you human",
    "are you a robot",
    "checking your browser",
    "verify you are human",
    "security check",
    "bot verification",
    "waiting room",
    "you are in queue",
    "queue position",
];

static TITLE: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("title").expect("a constant, compiled by every test"));

/// What stands in the way on this document, if anything does. A test that also asks for a password is a test.
pub(crate) fn find(document: &Html) -> Option<Gate> {
    let titled = select(document, &TITLE).next().is_some_and(|title| {
        let text = title.text().collect::<String>().to_lowercase();
        TITLES.iter().any(|known| text.contains(known))
    });
    if titled || select(document, &CHALLENGE).next().is_some() {
        return Some(Gate::Challenge);
    }
    select(document, &PASSWORD).next().map(|_| Gate::Login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_told_apart() {
        let gate = |html: &str| find(&Html::parse_document(html));
        assert_eq!(gate("<form><input name=user><input type=PASSWORD name=pass></form>"), Some(Gate::Login));
        for challenge in [
            "<div class='g-recaptcha' data-sitekey=x></div>",
            "<iframe src='https://hcaptcha.example/1'></iframe>",
            "<img src='/captcha.php?7'><input type=password>",
            "<title>Just a moment...</title>",
            "<input name='vb_captcha_answer'>",
        ] {
            assert_eq!(gate(challenge), Some(Gate::Challenge), "{challenge}");
        }
        assert_eq!(gate("<title>flats</title><form><input name=q></form><p>no captcha here</p>"), None);
    }
}
