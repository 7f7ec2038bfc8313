//! What a transport is given.

use std::fmt;

use model::{AuthorisationId, CaseId};

use super::read::Reading;
use crate::document::Site;
use crate::{Account, Authorised, RobotsPolicy};

/// The schemes that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Plain: usual for onions, whose circuit is encrypted.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// From its name in lower case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Http, Self::Https].into_iter().find(|scheme| scheme.as_str() == word)
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that is meant when none is written.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// A URL within the scope of an authorisation. Only [`scope`](crate::scope) makes one; `Debug` prints no URL.
#[derive(Clone)]
pub struct Target {
    authorised: Authorised,
    site: usize,
    url: String,
    port: u16,
    path_at: usize,
}

impl Target {
    pub(super) fn new(authorised: &Authorised, reading: Reading, site: usize) -> Self {
        let query = reading.query.map(|query| format!("?{query}")).unwrap_or_default();
        Self::build(authorised.clone(), site, reading.port, &format!("{}{query}", reading.path))
    }

    /// Another path of the same host and port.
    pub(super) fn sibling(&self, path: &str) -> Self {
        Self::build(self.authorised.clone(), self.site, self.port, path)
    }

    fn build(authorised: Authorised, site: usize, port: u16, path: &str) -> Self {
        let described = &authorised.document().sites()[site];
        let mut url = format!("{}://{}", described.scheme, described.host);
        if port != described.scheme.default_port() {
            url.push_str(&format!(":{port}"));
        }
        let path_at = url.len();
        url.push_str(path);
        Self { authorised, site, url, port, path_at }
    }

    /// The URL in its normal form, without fragment.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.described().scheme
    }

    /// The exact host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.described().host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What is asked of the server: path and query.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        &self.url[self.path_at..]
    }

    /// The authorisation.
    #[must_use]
    pub fn authorisation(&self) -> AuthorisationId {
        self.authorised.id()
    }

    /// The authorisation itself.
    #[must_use]
    pub const fn authorised(&self) -> &Authorised {
        &self.authorised
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> &CaseId {
        self.authorised.case()
    }

    /// The label that the document gives the host.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.described().site
    }

    /// Whether the authorising body runs the service itself.
    #[must_use]
    pub fn own_service(&self) -> bool {
        self.described().own_service
    }

    /// Least milliseconds between two requests to the host.
    #[must_use]
    pub fn min_delay_ms(&self) -> u64 {
        self.described().min_delay_ms
    }

    /// What is made of robots.txt.
    #[must_use]
    pub fn robots(&self) -> &RobotsPolicy {
        &self.described().robots
    }

    /// The account that pages of the host are read with.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.described().account()
    }

    /// The path prefixes that the document names for the host.
    pub(super) fn path_prefixes(&self) -> &[String] {
        self.described().path_prefixes()
    }

    fn described(&self) -> &Site {
        &self.authorised.document().sites()[self.site]
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Target({}, {} bytes)", self.site(), self.url.len())
    }
}
