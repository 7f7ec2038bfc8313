//! Reading a URL: one meaning or none.

use url::{Host, Url};

use super::target::Scheme;
use super::{path, protected};
use crate::limits::MAX_URL_BYTES;
use crate::{Refusal, Rule};

/// A URL in the form in which it would be sent.
pub(super) struct Reading {
    pub(super) scheme: Scheme,
    pub(super) host: String,
    pub(super) port: u16,
    /// In normal form, from the first slash.
    pub(super) path: String,
    /// After the question mark, if there is one.
    pub(super) query: Option<String>,
}

/// Reads a URL, or says why it has no single meaning.
pub(super) fn read(text: &str) -> Result<Reading, Refusal> {
    if text.len() > MAX_URL_BYTES {
        return Err(too_long(text.len()));
    }
    let parsed = Url::parse(text);
    // Before everything else, however the rest is written.
    if let Some(host) = parsed.as_ref().ok().and_then(Url::host_str) {
        protected(host)?;
    }
    spelling(text)?;
    let url = parsed.map_err(|_| Refusal::new(Rule::UrlSpelling, "it is no absolute URL"))?;
    let scheme =
        Scheme::from_word(url.scheme()).ok_or_else(|| Refusal::new(Rule::Scheme, "it is neither http nor https"))?;
    let written = authority(text)?;
    if written.contains('@') || !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::new(Rule::Credentials, "it carries a user name or password"));
    }
    let host = host(&url, written)?;
    // The parser drops a port that is the scheme's own, and refuses what is no port.
    let port = url.port_or_known_default().unwrap_or_else(|| scheme.default_port());
    let path = path::normal(url.path())?;
    let query = url.query().map(path::escapes_in_upper_case);
    Ok(Reading { scheme, host, port, path, query })
}

/// Refuses characters that one reader drops, another turns around and a third sends.
pub(super) fn spelling(text: &str) -> Result<(), Refusal> {
    if text.len() > MAX_URL_BYTES {
        return Err(too_long(text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::new(Rule::UrlSpelling, "it has tabs, line ends or other control characters"));
    }
    let before_query = text.split(['?', '#']).next().unwrap_or_default();
    if before_query.contains('\\') {
        return Err(Refusal::new(Rule::UrlSpelling, "it has a backslash, which some read as a slash"));
    }
    Ok(())
}

/// What stands between `://` and the path, as written.
fn authority(text: &str) -> Result<&str, Refusal> {
    let wrong = || Refusal::new(Rule::UrlSpelling, "it is not written as scheme://host/path");
    let (scheme, rest) = text.trim_matches(' ').split_once(':').ok_or_else(wrong)?;
    let rest = rest.strip_prefix("//").ok_or_else(wrong)?;
    let written = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !written.is_empty() {
        Ok(written)
    } else {
        Err(wrong())
    }
}

/// The host as it would be looked up.
fn host(url: &Url, written: &str) -> Result<String, Refusal> {
    let host = match url.host() {
        Some(Host::Domain(host)) => host,
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => {
            return Err(Refusal::new(Rule::IpLiteral, "its host is an address, in whatever spelling"));
        }
        None => return Err(Refusal::new(Rule::UrlSpelling, "it has no host")),
    };
    if written.contains('%') {
        return Err(Refusal::new(Rule::UrlSpelling, "its host has escapes"));
    }
    if folds(written, host) {
        return Err(Refusal::new(Rule::UrlSpelling, "its host folds into another name"));
    }
    Ok(host.to_owned())
}

/// Whether a host was written with letters or dots that fold into others. A label in another script has its own ASCII
/// form, which must be authorised; full-width letters and dots, ligatures and soft hyphens are nobody's way of writing.
fn folds(written: &str, host: &str) -> bool {
    let written = written.split(':').next().unwrap_or_default();
    let (mut labels, mut sent) = (written.split('.'), host.split('.'));
    let folded = |(label, sent): (&str, &str)| !label.is_ascii() && !sent.starts_with("xn--");
    labels.by_ref().zip(sent.by_ref()).any(folded) || labels.next().is_some() || sent.next().is_some()
}

fn too_long(bytes: usize) -> Refusal {
    Refusal::new(Rule::UrlLength, format!("it has {bytes} bytes"))
}
