//! The file as it is written: every field may still be missing or wrong.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::limits::MAX_DOCUMENT_BYTES;

/// An authorisation before it is checked. Missing texts are empty and missing numbers 0, so that
/// [`Document`](crate::Document) can name every gap at once; unknown keys are errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Version of the format: 1.
    pub version: u32,
    /// The case that pages are collected for.
    pub case: String,
    /// The installation that it is addressed to.
    pub audience: String,
    /// What the collecting is for.
    pub purpose: String,
    /// The offences under investigation, in the codes of the jurisdiction.
    pub offence_codes: Vec<String>,
    /// The question to be answered.
    pub question: String,
    /// Less intrusive means, and why they do not suffice.
    pub less_intrusive_rejected: String,
    /// What of media is collected: `text-only`.
    pub media: String,
    /// Days that collected pages are kept.
    pub retention_days: u32,
    /// First moment of validity, RFC 3339.
    pub not_before: String,
    /// First moment after validity, RFC 3339.
    pub not_after: String,
    /// Under which name it can be revoked.
    pub revocation_id: String,
    /// The supervisors that sign.
    pub supervisors: Vec<String>,
    /// The law.
    pub legal_basis: DraftLegalBasis,
    /// The most that may be collected.
    pub ceilings: DraftCeilings,
    /// The hosts.
    pub targets: Vec<DraftTarget>,
}

/// The law under which pages are collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DraftLegalBasis {
    /// The statute or treaty.
    pub instrument: String,
    /// The provision in it.
    pub article: String,
    /// The court or prosecutor that issued the order.
    pub issuing_authority: String,
    /// The order's file number.
    pub reference: String,
}

/// The most that may be collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DraftCeilings {
    /// Pages asked for.
    pub pages: i64,
    /// Bytes of bodies received.
    pub bytes: i64,
    /// Requests in any 60 seconds, over all hosts.
    pub requests_per_minute: u32,
    /// Links from a seed to a page.
    pub depth: u32,
    /// Days from the first request.
    pub days: u32,
}

impl Default for DraftCeilings {
    fn default() -> Self {
        Self { pages: 0, bytes: 0, requests_per_minute: 0, depth: 0, days: crate::limits::DEFAULT_DAYS }
    }
}

/// One host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DraftTarget {
    /// Its exact name.
    pub host: String,
    /// `http` or `https`.
    pub scheme: String,
    /// Its ports; empty means the scheme's own.
    pub ports: Vec<u16>,
    /// Paths below which pages may be asked for.
    pub path_prefixes: Vec<String>,
    /// A label for people and records; never an address.
    pub site: String,
    /// Whether the authorising body runs the service itself.
    pub own_service: bool,
    /// Least milliseconds between two requests, if not the polite 3000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_delay_ms: Option<u32>,
    /// What is made of robots.txt.
    pub robots: DraftRobots,
    /// The account that its pages are read with, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<DraftAccount>,
}

/// The account that the pages of a host are read with: what it is called here, and why it may be used. Its name and
/// password are never part of a document; there is no key for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DraftAccount {
    /// What people and records call it; never its user name.
    pub label: String,
    /// The ground in law for using it.
    pub ground: String,
    /// Path and query of the page with the login form, if the document says it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub login: String,
    /// The extraction profile that knows that page, if the document leaves it to one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub profile: String,
}

/// What is made of a host's robots.txt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case", deny_unknown_fields)]
pub enum DraftRobots {
    /// It is obeyed.
    Obey {},
    /// It is fetched, recorded and set aside.
    SetAside {
        /// The ground in law.
        #[serde(default)]
        ground: String,
    },
}

impl Default for DraftRobots {
    fn default() -> Self {
        Self::Obey {}
    }
}

impl Draft {
    /// Reads a file without signatures.
    ///
    /// # Errors
    /// When it is too large, is not TOML, or has a key that is not known.
    pub fn parse(text: &str) -> Result<Self, Error> {
        from_toml(text)
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        to_toml(self)
    }
}

/// Reads TOML within the size bound.
pub(crate) fn from_toml<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(Error::TooLarge { bytes: text.len(), most: MAX_DOCUMENT_BYTES });
    }
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
        // The reader's first line says what; what follows would repeat the file's own text.
        let message = error.message().lines().next().unwrap_or("not TOML of the right shape").to_owned();
        Error::Syntax { line, message }
    })
}

/// Reads what is left of a file once its signatures are taken away.
pub(crate) fn from_table(table: toml::Table) -> Result<Draft, Error> {
    toml::Value::Table(table).try_into().map_err(|error: toml::de::Error| {
        let message = error.message().lines().next().unwrap_or("not TOML of the right shape").to_owned();
        Error::Syntax { line: None, message }
    })
}

pub(crate) fn to_toml<T: Serialize>(value: &T) -> String {
    toml::to_string(value).expect("texts, booleans, lists, maps and numbers within 63 bits are all TOML can say")
}
