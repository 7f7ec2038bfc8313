//! The login of an authorised account: the one page outside of the prefixes that is read for it, and the one form that is
//! ever sent.

use std::fmt;

use model::Timestamp;

use super::target::Target;
use super::{join, path, read};
use crate::{Refusal, Rule};

/// Where the login form of an authorised account may be sent. Only [`admit_login_form`] makes one, and a transport sends a
/// form nowhere else; `Debug` prints no URL.
pub struct LoginTarget(Target);

impl LoginTarget {
    /// The place itself.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.0
    }
}

impl fmt::Debug for LoginTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "LoginTarget({})", self.0.site())
    }
}

/// The page with the login form of the account of a target's site: `login` is path and query, from the root of the host.
///
/// # Errors
/// [`Rule::LoginForm`] if the document names no account for the site, or `login` is no page of its host;
/// [`Rule::Validity`] outside of the validity window.
pub fn admit_login_page(page: &Target, login: &str, now: Timestamp) -> Result<Target, Refusal> {
    page.authorised().in_force(now)?;
    if page.account().is_none() {
        return Err(Refusal::new(Rule::LoginForm, "the authorisation names no account for this site"));
    }
    let normal = normal_login(page.host(), login).ok_or_else(|| {
        Refusal::new(Rule::LoginForm, "what the profile calls the login page is no page of this host")
    })?;
    Ok(page.sibling(&normal))
}

/// Where the form on a login page sends to, `action`, if that is the account's own site: the very scheme, host and port of
/// the page, and a path below the login page's or one of the target's prefixes.
///
/// # Errors
/// [`Rule::LoginForm`] for any other place, or what [`admit`](super::admit) would say of the address.
pub fn admit_login_form(page: &Target, action: &str, now: Timestamp) -> Result<LoginTarget, Refusal> {
    page.authorised().in_force(now)?;
    if page.account().is_none() {
        return Err(Refusal::new(Rule::LoginForm, "the authorisation names no account for this site"));
    }
    let reading = read::read(&join(page, action)?)?;
    if reading.scheme != page.scheme() || reading.host != page.host() || reading.port != page.port() {
        return Err(Refusal::new(Rule::LoginForm, "the form would be sent to another host, port or scheme"));
    }
    let own = page.path_and_query().split('?').next().unwrap_or_default().to_owned();
    if !path::inside(&reading.path, page.path_prefixes()) && !path::inside(&reading.path, &[own]) {
        return Err(Refusal::new(Rule::LoginForm, "the form would be sent to a path outside of the scope"));
    }
    let query = reading.query.map(|query| format!("?{query}")).unwrap_or_default();
    Ok(LoginTarget(page.sibling(&format!("{}{query}", reading.path))))
}

/// Path and query of a login page in normal form, if that is what was written.
pub(crate) fn normal_login(host: &str, written: &str) -> Option<String> {
    if !written.starts_with('/') || written.starts_with("//") || written.contains('#') {
        return None;
    }
    let reading = read::read(&format!("http://{host}{written}")).ok()?;
    let query = reading.query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", reading.path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::admit;
    use crate::{Authorised, Document, SignedDocument, Trust, example, sign};

    /// 2026-11-25, within the example's window.
    const NOW: Timestamp = Timestamp::from_secs(1_795_600_000);

    fn text(account: &str) -> String {
        format!("{}account = {{ {account} }}\n", example())
            .replace("scheme = \"http\"", "scheme = \"https\"")
            .replace("ports = [80, 8080]", "ports = [443, 8080]")
    }

    fn authorised(account: &str) -> Authorised {
        signed(Document::parse(&text(account)).unwrap())
    }

    fn signed(document: Document) -> Authorised {
        let people = document.supervisors().to_vec();
        let key = |seed: usize| ed25519_dalek::SigningKey::from_bytes(&[u8::try_from(seed).unwrap() + 1; 32]);
        let signatures = people.iter().enumerate().map(|(at, person)| sign(&document, person, &key(at))).collect();
        let signers = people.iter().enumerate().map(|(at, person)| (person.clone(), key(at).verifying_key())).collect();
        let trust =
            Trust { signers, required: 2, audience: document.audience().to_owned(), revoked: Default::default() };
        SignedDocument { document, signatures }.verify(&trust, NOW).unwrap()
    }

    const GOOD: &str = "label = \"reader-1\", ground = \"order EX 17/2026, point 4\", login = \"/ucp.php?mode=login\"";

    #[test]
    fn a_document_names_an_account_and_can_hold_no_secret_of_it() {
        let document = Document::parse(&text(GOOD)).unwrap();
        let account = document.sites()[0].account().unwrap();
        assert_eq!(
            (account.label(), account.login()),
            ("reader-1", &crate::LoginPage::At("/ucp.php?mode=login".into()))
        );
        assert!(document.summary()[0].contains("read with the account reader-1 (order EX 17/2026, point 4;"));
        assert_eq!(Document::parse(&document.to_toml()).unwrap().canonical(), document.canonical());
        let clear = format!("{}account = {{ {GOOD} }}\n", example());
        assert!(Document::parse(&clear).unwrap_err().to_string().contains("in the clear"));
        for secret in ["password", "user", "cookie"] {
            assert!(Document::parse(&text(&format!("{GOOD}, {secret} = \"x\""))).is_err(), "{secret}");
        }
        for bad in [
            "label = \"reader-1\", login = \"/login\"",
            "label = \"A reader\", ground = \"order EX 17/2026\", login = \"/login\"",
            "label = \"reader-1\", ground = \"order EX 17/2026\"",
            "label = \"reader-1\", ground = \"order EX 17/2026\", login = \"/login\", profile = \"phpbb\"",
            "label = \"reader-1\", ground = \"order EX 17/2026\", login = \"//elsewhere.example/login\"",
            "label = \"reader-1\", ground = \"order EX 17/2026\", login = \"login\"",
            "label = \"reader-1\", ground = \"order EX 17/2026\", profile = \"../phpbb\"",
        ] {
            let refused = Document::parse(&text(bad)).unwrap_err();
            assert!(refused.refusals().iter().all(|refusal| refusal.rule() == Rule::Account), "{bad}: {refused}");
        }
    }

    #[test]
    fn without_an_account_nothing_changes_in_what_is_signed() {
        let document = Document::parse(&example()).unwrap();
        assert!(!String::from_utf8(document.canonical()).unwrap().contains("account"));
    }

    #[test]
    fn a_login_form_goes_to_the_accounts_own_site_or_nowhere() {
        let paper = authorised(GOOD);
        let board = admit(&paper, "https://ads.example/board", NOW).unwrap();
        let page = admit_login_page(&board, "/ucp.php?mode=login", NOW).unwrap();
        assert_eq!(page.url(), "https://ads.example/ucp.php?mode=login");
        assert!(admit(&paper, page.url(), NOW).is_err(), "as a page it is outside of the prefixes");
        for (action, sent) in [
            ("./ucp.php?mode=login", "https://ads.example/ucp.php?mode=login"),
            ("", "https://ads.example/ucp.php?mode=login"),
            ("/board/in?do=1#top", "https://ads.example/board/in?do=1"),
            ("//ads.example:443/ucp.php", "https://ads.example/ucp.php"),
        ] {
            assert_eq!(admit_login_form(&page, action, NOW).unwrap().target().url(), sent);
        }
        for action in [
            "https://elsewhere.example/ucp.php",
            "//elsewhere.example/ucp.php",
            "http://ads.example/ucp.php",
            "https://ads.example:8080/ucp.php",
            "https://ads.example@elsewhere.example/ucp.php",
            "https://m.ads.example/ucp.php",
            "/other/login.php",
            "/ucp.php/../admin",
            "/board/%2e%2e/admin",
            "http:\\\\elsewhere.example\\ucp.php",
            "java\tscript:alert(1)",
            "mailto:who@elsewhere.example",
        ] {
            assert!(admit_login_form(&page, action, NOW).is_err(), "{action}");
        }
        let late = NOW.plus_millis(60 * 86_400_000);
        assert_eq!(admit_login_form(&page, "", late).unwrap_err().rule(), Rule::Validity);
    }

    #[test]
    fn a_site_without_an_account_has_no_login() {
        let document = Document::parse(&example()).unwrap();
        assert!(document.sites()[0].account().is_none());
        let paper = signed(document);
        let page = admit(&paper, "http://ads.example/board", NOW).unwrap();
        assert_eq!(admit_login_page(&page, "/login", NOW).unwrap_err().rule(), Rule::LoginForm);
        assert_eq!(admit_login_form(&page, "/board", NOW).unwrap_err().rule(), Rule::LoginForm);
    }
}
