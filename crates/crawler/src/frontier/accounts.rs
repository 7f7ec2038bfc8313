//! Whether a page may be asked for signed in, what must be done before it may, and what came of that.

use std::sync::Arc;

use authorisation::{LoginPage, Refusal, RobotsPolicy, Target, scope};
use model::{Sensitive, Timestamp};
use store::Tx;

use super::rows::Host;
use super::settling::{Moved, Rest, trouble};
use super::{Frontier, lock};
use crate::account::{Credentials, FormBody, InUse, Jar, LoginShown, MAX_LOGINS, PROVEN_PAGES, Pending, open};
use crate::error::during;
use crate::politeness::Trouble;
use crate::robots::Rules;
use crate::{Error, Fetched, Found, Lease, Purpose};

/// How long a session has held after which it has proved good, however few its pages.
const PROVEN_MILLIS: i64 = 600_000;

/// How long a form is believed that was read and not sent.
const FORM_MILLIS: i64 = 600_000;

/// Under which account a page is asked for.
pub(super) enum Way {
    /// Under none.
    Plain,
    /// In this open session.
    SignedIn(InUse),
    /// The page with its login form is read first.
    LoginPage(InUse, Target),
    /// Its login form is sent first.
    LogIn(InUse, Pending),
    /// A person has to do something first.
    Held(String),
}

/// What came of a step of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginOutcome {
    /// The form was found and filled in; it is sent next.
    Filled,
    /// A session was begun.
    SignedIn,
    /// The host is held; why, in one word and in a sentence.
    Held(&'static str, String),
    /// It is tried again later.
    Later,
}

/// A row of `accounts`, with the key that opens it.
type Row = (i64, Vec<u8>, i64, i64, i64, Option<Vec<u8>>);

impl Frontier {
    /// Tells the login pages that extraction profiles know, by name of the profile.
    pub fn know_login_pages<'a>(&self, pages: impl IntoIterator<Item = (&'a str, &'a str)>) {
        *lock(&self.0.logins) = pages.into_iter().map(|(name, page)| (name.to_owned(), page.to_owned())).collect();
    }

    /// The way in which a page of a host is asked for now.
    pub(super) async fn way(
        &self,
        tx: &mut Tx,
        host: &Host,
        target: &Target,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Way, Error> {
        let Some(account) = target.account() else { return Ok(Way::Plain) };
        let (case, site, label) = (self.case().as_str(), target.site(), account.label());
        let held = |why: &str| Ok(Way::Held(format!("its account {label} {why}")));
        let select = "SELECT a.account, a.sealed, a.set_at, a.version, a.tries, k.identity_sealed FROM accounts a \
                      LEFT JOIN account_keys k USING (case_id) WHERE a.case_id = ? AND a.site = ? AND a.label = ?";
        let select = sqlx::query_as::<_, Row>(select).bind(case).bind(site).bind(label);
        let row = select.fetch_optional(&mut **tx).await.map_err(during("look for an account"))?;
        let Some((account_row, sealed, set_at, version, tries, identity)) = row else {
            return held(&format!("has no name and password yet: `lanthorn account set {case} --site {site}`"));
        };
        let Some(credentials) = self.credentials((account_row, set_at), &sealed, identity.as_deref()) else {
            return held("has a name and password that the crawl key does not open: set them again");
        };
        if credentials.host != target.host() {
            return held("has a name and password that were set for another host: set them again");
        }
        let login = match account.login() {
            LoginPage::At(page) => page.clone(),
            LoginPage::OfProfile(profile) => match lock(&self.0.logins).get(profile) {
                Some(page) => page.clone(),
                None => return held(&format!("has a login page that profile {profile} should know, and does not")),
            },
        };
        let in_use = |version, proven, jar| InUse {
            label: label.to_owned(),
            version,
            login: login.clone(),
            proven,
            jar,
            credentials: Arc::clone(&credentials),
        };
        let select = "SELECT proven, cookies_sealed FROM account_sessions WHERE case_id = ? AND site = ? AND label = ? \
                      AND version = ? AND ended_at IS NULL AND cookies_sealed IS NOT NULL";
        let select = sqlx::query_as::<_, (bool, Vec<u8>)>(select).bind(case).bind(site).bind(label).bind(version);
        let session = select.fetch_optional(&mut **tx).await.map_err(during("look for a session"))?;
        if let Some((proven, cookies)) = session {
            let cookies = self.0.key.open(&self.session_place(site, label, version), &cookies);
            let jar = cookies.and_then(|cookies| Jar::from_bytes(cookies.expose()));
            let jar = jar.ok_or(Error::Damaged { during: "read a session", what: "its sealed cookies" })?;
            return Ok(Way::SignedIn(in_use(version, proven, jar)));
        }
        if tries >= MAX_LOGINS {
            return held(&format!("was logged in {tries} times, and no session of it lasted"));
        }
        let page = match scope::admit_login_page(target, &login, now) {
            Ok(page) => page,
            Err(refusal) => return held(&format!("has no login page: {refusal}")),
        };
        if *target.robots() == RobotsPolicy::Obey && !rules.allow(&page) {
            return held("has a login page that robots.txt asks not to visit");
        }
        let in_use = in_use(version + 1, false, Jar::default());
        match lock(&self.0.pending).remove(&host.host) {
            Some((at, pending)) if now.since_millis(at) <= FORM_MILLIS => Ok(Way::LogIn(in_use, pending)),
            _ => Ok(Way::LoginPage(in_use, page)),
        }
    }

    /// User name and password, opened once in a process.
    fn credentials(&self, which: (i64, i64), sealed: &[u8], identity: Option<&[u8]>) -> Option<Arc<Credentials>> {
        let mut known = lock(&self.0.credentials);
        if let Some(credentials) = known.get(&which) {
            return Some(Arc::clone(credentials));
        }
        let opened = Arc::new(open(&self.0.key, self.case(), identity?, sealed)?);
        known.retain(|(account, _), _| *account != which.0);
        known.insert(which, Arc::clone(&opened));
        Some(opened)
    }

    /// A login that is begun counts, before it is known what comes of it: a crash cannot make it be tried for ever.
    pub(super) async fn count_login(&self, tx: &mut Tx, site: &str, label: &str) -> Result<(), Error> {
        let update = "UPDATE accounts SET tries = tries + 1 WHERE case_id = ? AND site = ? AND label = ?";
        let update = sqlx::query(update).bind(self.case().as_str()).bind(site).bind(label);
        update.execute(&mut **tx).await.map_err(during("count a login"))?;
        Ok(())
    }

    /// Gives back a step of a login with what the site showed.
    ///
    /// # Errors
    /// As [`complete`](Self::complete).
    pub async fn login_shown(&self, tx: &mut Tx, lease: Lease, shown: LoginShown) -> Result<LoginOutcome, Error> {
        let host = self.held(tx, &lease).await?;
        let Some(in_use) = &lease.account else { return Err(Error::LeaseLost) };
        let outcome = match (lease.purpose, shown.form) {
            _ if shown.captcha => LoginOutcome::Held(
                "captcha",
                "has a login form that asks for a proof that a person is there (a CAPTCHA), which is never given here"
                    .to_owned(),
            ),
            (Purpose::LoginPage, Some(form)) => {
                match scope::admit_login_form(&lease.target, form.action.expose(), self.now()) {
                    Ok(target) => {
                        let body = FormBody::fill(&form, &in_use.credentials);
                        let pending = Pending { target, body, jar: lease.jar(self.now()) };
                        lock(&self.0.pending).insert(lease.host, (self.now(), pending));
                        LoginOutcome::Filled
                    }
                    Err(refusal) => self.outside(tx, &lease, &refusal).await?,
                }
            }
            (Purpose::LoginPage, None) => LoginOutcome::Held(
                "no login form",
                "has a login page without a login form that could be sent without scripts".to_owned(),
            ),
            (_, Some(_)) if !shown.signed_in => refused_by_site(),
            _ => self.begin(tx, &lease).await?,
        };
        self.settle_login(tx, &lease, &host, &outcome, Rest::Polite).await?;
        Ok(outcome)
    }

    /// Gives back a step of a login that brought no page.
    ///
    /// # Errors
    /// As [`complete`](Self::complete).
    pub async fn login_turned_back(&self, tx: &mut Tx, lease: Lease, fetched: Fetched) -> Result<LoginOutcome, Error> {
        let host = self.held(tx, &lease).await?;
        let sent = lease.purpose == Purpose::LogIn;
        let held = |word, why: String| (LoginOutcome::Held(word, why), Rest::Polite);
        let later = |trouble, why| (LoginOutcome::Later, Rest::Long(trouble, why));
        let (outcome, rest) = match fetched {
            // A form that was taken is answered with a redirect: it is not followed, the next page shows what it was worth.
            Fetched::Redirect(location) if sent && !lease.leads_to_login(&location) => {
                (self.begin(tx, &lease).await?, Rest::Polite)
            }
            Fetched::Redirect(_) | Fetched::Status(401 | 403) if sent => (refused_by_site(), Rest::Polite),
            Fetched::Redirect(_) => {
                held("redirect", "has a login page that is elsewhere; authorise it where it is".to_owned())
            }
            Fetched::Status(status @ ..500) => held("status", format!("has a login page that answers {status}")),
            Fetched::Refused(refusal) => held("refused", format!("has a login page that is {refusal}")),
            Fetched::Backoff { status, retry_after_millis } => {
                later(Trouble::Asked(retry_after_millis), format!("the login was answered with {status}"))
            }
            Fetched::Status(status) => later(Trouble::Failing, format!("the login was answered with {status}")),
            Fetched::Failed(error) => later(trouble(error), format!("the login came to nothing: {}", error.what)),
            Fetched::Page(_) | Fetched::Unchanged => later(Trouble::Failing, "the login came to nothing".to_owned()),
        };
        self.settle_login(tx, &lease, &host, &outcome, rest).await?;
        Ok(outcome)
    }

    async fn outside(&self, tx: &mut Tx, lease: &Lease, refusal: &Refusal) -> Result<LoginOutcome, Error> {
        self.count_refusal(tx, lease, refusal.rule().as_str(), 1).await?;
        Ok(LoginOutcome::Held("outside of the scope", format!("has a login form that is {refusal}")))
    }

    async fn settle_login(
        &self,
        tx: &mut Tx,
        lease: &Lease,
        host: &Host,
        outcome: &LoginOutcome,
        rest: Rest,
    ) -> Result<(), Error> {
        if let (LoginOutcome::Held(_, why), Some(in_use)) = (outcome, &lease.account) {
            self.hold(tx, host.host, lease.target.site(), &format!("its account {} {why}", in_use.label)).await?;
        }
        self.settle_host(tx, lease, host, Moved::Nothing, rest).await
    }

    /// Begins the session that a login has brought.
    async fn begin(&self, tx: &mut Tx, lease: &Lease) -> Result<LoginOutcome, Error> {
        let Some(in_use) = &lease.account else { return Err(Error::LeaseLost) };
        let jar = lease.jar(self.now());
        if jar.is_empty() {
            return Ok(LoginOutcome::Held(
                "no cookie",
                "was logged in, and the site gave no cookie to know it again by".to_owned(),
            ));
        }
        let (case, site, label) = (self.case().as_str(), lease.target.site(), in_use.label.as_str());
        let update = "UPDATE accounts SET version = ? WHERE case_id = ? AND site = ? AND label = ?";
        let update = sqlx::query(update).bind(in_use.version).bind(case).bind(site).bind(label);
        update.execute(&mut **tx).await.map_err(during("begin a session"))?;
        let insert = "INSERT INTO account_sessions (case_id, site, label, version, begun_at, cookies_sealed) \
                      SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM accounts WHERE case_id = ?1 AND site = ?2 AND label = ?3)";
        let insert = sqlx::query(insert)
            .bind(case)
            .bind(site)
            .bind(label)
            .bind(in_use.version)
            .bind(self.now().millis())
            .bind(self.0.key.seal(&self.session_place(site, label, in_use.version), &jar.to_bytes()));
        insert.execute(&mut **tx).await.map_err(during("begin a session"))?;
        Ok(LoginOutcome::SignedIn)
    }

    /// Notes that a session has carried a page, and keeps the cookies that came with it.
    pub(super) async fn carry(&self, tx: &mut Tx, lease: &Lease, signed_in: bool) -> Result<(), Error> {
        let Some(in_use) = &lease.account else { return Ok(()) };
        let (case, site, label) = (self.case().as_str(), lease.target.site(), in_use.label.as_str());
        let now = self.now();
        let cookies = lease
            .meter
            .has_cookies()
            .then(|| self.0.key.seal(&self.session_place(site, label, in_use.version), &lease.jar(now).to_bytes()));
        let update = "UPDATE account_sessions SET pages = pages + 1, proven = max(proven, ?), \
                      cookies_sealed = coalesce(?, cookies_sealed) \
                      WHERE case_id = ? AND site = ? AND label = ? AND version = ? AND ended_at IS NULL \
                      RETURNING pages, proven, begun_at";
        let update = sqlx::query_as::<_, (i64, bool, i64)>(update)
            .bind(signed_in)
            .bind(cookies)
            .bind(case)
            .bind(site)
            .bind(label)
            .bind(in_use.version);
        let session = update.fetch_optional(&mut **tx).await.map_err(during("keep a session"))?;
        let good = |(pages, proven, begun): (i64, bool, i64)| {
            proven && (pages >= PROVEN_PAGES || now.millis() - begun >= PROVEN_MILLIS)
        };
        if session.is_some_and(good) {
            let update = "UPDATE accounts SET tries = 0 WHERE case_id = ? AND site = ? AND label = ? AND tries > 0";
            let update = sqlx::query(update).bind(case).bind(site).bind(label);
            update.execute(&mut **tx).await.map_err(during("keep a session"))?;
        }
        Ok(())
    }

    /// Ends a session that the site does not know any more.
    pub(super) async fn lose(&self, tx: &mut Tx, lease: &Lease, why: &str) -> Result<Rest, Error> {
        let label = lease.account.as_ref().map(|in_use| in_use.label.as_str()).unwrap_or_default();
        crate::account::end(tx, self.case(), lease.target.site(), why, self.now()).await?;
        Ok(Rest::Long(
            Trouble::Failing,
            format!("the session of its account {label} was lost: {why}; it logs in again then"),
        ))
    }

    /// Holds a host until a person has looked.
    pub(super) async fn hold(&self, tx: &mut Tx, host: i64, site: &str, why: &str) -> Result<(), Error> {
        let held = format!("held: {why}; `lanthorn crawl resume {} --site {site}` goes on", self.case());
        let update = sqlx::query("UPDATE frontier_hosts SET held = ? WHERE host = ?").bind(held).bind(host);
        update.execute(&mut **tx).await.map_err(during("hold a host"))?;
        Ok(())
    }

    /// What the seal of a session's cookies is bound to.
    fn session_place(&self, site: &str, label: &str, version: i64) -> Vec<u8> {
        format!("account session {} {site} {label} {version}", self.case()).into_bytes()
    }
}

fn refused_by_site() -> LoginOutcome {
    LoginOutcome::Held("refused", "was not let in: the site did not take its name and password".to_owned())
}

impl Lease {
    /// The cookies after this request.
    pub(crate) fn jar(&self, now: Timestamp) -> Jar {
        let before = self.login.as_ref().map(|login| &login.jar).or(self.account.as_ref().map(|in_use| &in_use.jar));
        let mut jar = before.cloned().unwrap_or_default();
        self.meter.each_cookie(|header| jar.take(header, &self.target, now));
        jar
    }

    /// Whether a redirect leads to the login page of the account: its path, and its query if it has one.
    pub(crate) fn leads_to_login(&self, location: &Sensitive<String>) -> bool {
        let Some(in_use) = &self.account else { return false };
        let Ok(to) = scope::join(&self.target, location.expose()).map(Sensitive::new) else { return false };
        let rest = to.expose().split_once("://").map_or("", |(_, rest)| rest);
        let Some(at) = rest.find('/') else { return false };
        let split = |text: &str| -> (String, Vec<String>) {
            let text = text.split('#').next().unwrap_or_default();
            let (path, query) = text.split_once('?').unwrap_or((text, ""));
            (path.to_owned(), query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect())
        };
        let ((path, query), (login, wanted)) = (split(&rest[at..]), split(&in_use.login));
        path == login && wanted.iter().all(|pair| query.contains(pair))
    }

    /// Why the session under which a page was asked for is over, if its answer says so.
    #[must_use]
    pub fn lost_by(&self, fetched: &Fetched) -> Option<&'static str> {
        let Fetched::Redirect(location) = fetched else { return None };
        (self.purpose == Purpose::Page && self.leads_to_login(location)).then_some("a page led to the login")
    }

    /// Why the session under which a page was read is over, if it says so.
    #[must_use]
    pub fn lost_on(&self, found: &Found) -> Option<&'static str> {
        let in_use = self.account.as_ref().filter(|_| self.purpose == Purpose::Page)?;
        if found.reading.as_ref().and_then(|reading| reading.wall) == Some(page::Wall::Login) {
            return Some("a page asked for a login");
        }
        if self.meter.has_cookies() && self.jar(found.now).is_empty() {
            return Some("the site took its cookies back");
        }
        // Links alone can mislead: where the session has shown itself before, a page is believed the second time.
        let doubtful = in_use.proven && self.attempts > 0;
        (found.session == page::Session::SignedOut && !doubtful).then_some("a page offered to log in")
    }
}
