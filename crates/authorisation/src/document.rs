//! A checked document: whole and lawful in form, not yet signed.

use std::fmt;

use model::{AuthorisationId, CaseId, PersonId, Timestamp};

use crate::draft::Draft;
use crate::limits::POLITE_DELAY_MILLIS;
use crate::scope::Scheme;
use crate::{Error, canonical, rules};

/// An authorisation whose every field is there and within bounds. Only [`parse`](Self::parse) and
/// [`check`](Self::check) make one.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    pub(crate) case: CaseId,
    pub(crate) audience: String,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    pub(crate) supervisors: Vec<PersonId>,
    pub(crate) legal_basis: LegalBasis,
    pub(crate) ceilings: Ceilings,
    pub(crate) sites: Vec<Site>,
    /// Every field in its normal form: what the canonical form and the file are written from.
    pub(crate) normal: Draft,
}

/// The law under which pages are collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalBasis {
    /// The statute or treaty.
    pub instrument: String,
    /// The provision in it.
    pub article: String,
    /// The court or prosecutor that issued the order.
    pub issuing_authority: String,
    /// The order's file number.
    pub reference: String,
}

/// The most that may be collected under one authorisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceilings {
    /// Pages asked for, whatever came of it.
    pub pages: u64,
    /// Bytes of bodies received.
    pub bytes: u64,
    /// Requests in any 60 seconds, over all hosts.
    pub requests_per_minute: u32,
    /// Links from a seed to a page.
    pub depth: u32,
    /// Days from the first request.
    pub days: u32,
}

/// One host and what of it may be asked for. `Debug` prints its label only.
#[derive(Clone, PartialEq, Eq)]
pub struct Site {
    pub(crate) host: String,
    pub(crate) scheme: Scheme,
    pub(crate) ports: Vec<u16>,
    pub(crate) path_prefixes: Vec<String>,
    pub(crate) site: String,
    pub(crate) own_service: bool,
    pub(crate) min_delay_ms: u64,
    pub(crate) robots: RobotsPolicy,
    pub(crate) account: Option<Account>,
}

/// The account that the pages of a host are read with. A document names it and never holds its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub(crate) label: String,
    pub(crate) ground: String,
    pub(crate) login: LoginPage,
}

/// Where the login form of an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginPage {
    /// On this page: path and query, from the root of the host.
    At(String),
    /// On the page that the extraction profile of this name says.
    OfProfile(String),
}

impl Account {
    /// What people and records call it.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The ground in law for using it.
    #[must_use]
    pub fn ground(&self) -> &str {
        &self.ground
    }

    /// Where its login form stands.
    #[must_use]
    pub const fn login(&self) -> &LoginPage {
        &self.login
    }
}

/// What is made of a host's robots.txt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RobotsPolicy {
    /// It is obeyed.
    Obey,
    /// It is fetched, recorded and set aside on this ground.
    SetAside {
        /// The ground in law.
        ground: String,
    },
}

impl Document {
    /// Reads and checks a file without signatures.
    ///
    /// # Errors
    /// When it is not TOML of the right shape, or [`Error::Refused`] with every rule it breaks, a protected destination
    /// first.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::check(Draft::parse(text)?)
    }

    /// Checks a draft.
    ///
    /// # Errors
    /// [`Error::Refused`] with every rule it breaks, a protected destination first.
    pub fn check(draft: Draft) -> Result<Self, Error> {
        rules::check(draft).map_err(Error::Refused)
    }

    /// The bytes that are hashed and signed: the same for every way of writing the same document.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        canonical::bytes(&self.normal)
    }

    /// The first 16 bytes of BLAKE3 of the canonical form.
    #[must_use]
    pub fn id(&self) -> AuthorisationId {
        let mut id = [0; 16];
        id.copy_from_slice(&blake3::hash(&self.canonical()).as_bytes()[..16]);
        AuthorisationId::from_bytes(id)
    }

    /// The file's text, without signatures.
    #[must_use]
    pub fn to_toml(&self) -> String {
        self.normal.to_toml()
    }

    /// Every field in its normal form.
    #[must_use]
    pub const fn draft(&self) -> &Draft {
        &self.normal
    }

    /// The case.
    #[must_use]
    pub const fn case(&self) -> &CaseId {
        &self.case
    }

    /// The installation that it is addressed to.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The first moment of validity.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The first moment after validity.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The supervisors that sign.
    #[must_use]
    pub fn supervisors(&self) -> &[PersonId] {
        &self.supervisors
    }

    /// The law.
    #[must_use]
    pub const fn legal_basis(&self) -> &LegalBasis {
        &self.legal_basis
    }

    /// The most that may be collected.
    #[must_use]
    pub const fn ceilings(&self) -> Ceilings {
        self.ceilings
    }

    /// The hosts.
    #[must_use]
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Days that collected pages may be kept.
    #[must_use]
    pub const fn retention_days(&self) -> u32 {
        self.normal.retention_days
    }

    /// Under which name it can be revoked.
    #[must_use]
    pub fn revocation_id(&self) -> &str {
        &self.normal.revocation_id
    }

    /// What would be admitted, a line each, for the person who is about to sign.
    #[must_use]
    pub fn summary(&self) -> Vec<String> {
        self.sites.iter().map(Site::summary).collect()
    }
}

/// Prints the id and counts.
impl fmt::Debug for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Document({}, case {}, {} targets)", self.id(), self.case, self.sites.len())
    }
}

impl Site {
    /// The exact host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The scheme.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The ports, ascending.
    #[must_use]
    pub fn ports(&self) -> &[u16] {
        &self.ports
    }

    /// The path prefixes, ascending.
    #[must_use]
    pub fn path_prefixes(&self) -> &[String] {
        &self.path_prefixes
    }

    /// The label for people and records.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.site
    }

    /// Whether the authorising body runs the service itself.
    #[must_use]
    pub const fn own_service(&self) -> bool {
        self.own_service
    }

    /// Least milliseconds between two requests.
    #[must_use]
    pub const fn min_delay_ms(&self) -> u64 {
        self.min_delay_ms
    }

    /// What is made of robots.txt.
    #[must_use]
    pub const fn robots(&self) -> &RobotsPolicy {
        &self.robots
    }

    /// The account that its pages are read with.
    #[must_use]
    pub const fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// One line for the person who is about to sign; it shows the host, so it is for a terminal and not for a log.
    #[must_use]
    pub fn summary(&self) -> String {
        let ports: Vec<_> = self.ports.iter().map(u16::to_string).collect();
        let robots = match &self.robots {
            RobotsPolicy::Obey => "robots.txt obeyed".to_owned(),
            RobotsPolicy::SetAside { ground } => format!("robots.txt set aside ({ground})"),
        };
        let own = if self.own_service { ", own service" } else { "" };
        let account = self.account.as_ref().map_or_else(String::new, |account| {
            let login = match &account.login {
                LoginPage::At(page) => format!("login form at {page}"),
                LoginPage::OfProfile(name) => format!("login form as profile {name} has it"),
            };
            format!(", read with the account {} ({}; {login})", account.label, account.ground)
        });
        format!(
            "{}: {}://{} port {} below {}; at least {} ms between requests, {robots}{own}{account}",
            self.site,
            self.scheme,
            self.host,
            ports.join(", "),
            self.path_prefixes.join(", "),
            self.min_delay_ms
        )
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Site({})", self.site)
    }
}

/// The polite delay, unless the document says otherwise.
pub(crate) fn delay_or_polite(asked: Option<u32>) -> u64 {
    asked.map_or(POLITE_DELAY_MILLIS, u64::from)
}
