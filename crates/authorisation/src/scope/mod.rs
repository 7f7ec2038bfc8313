//! Which URL may be asked for: the only maker of [`Target`].
//!
//! A URL is read once, by the same parser that the transport uses, and judged in the form in which it would be sent.
//! Whatever two readers could understand differently is refused, not repaired.

mod explain;
mod login;
mod path;
mod read;
mod target;
#[cfg(test)]
mod tricks;

use model::Timestamp;

pub use explain::{Explanation, explain};
pub use login::{LoginTarget, admit_login_form, admit_login_page};
pub use target::{Scheme, Target};

pub(crate) use login::normal_login;
pub(crate) use path::normal_prefix;

use crate::document::{Document, Site};
use crate::{Authorised, Protected, Refusal, Rule};
use read::Reading;

/// The target of a URL, if the authorisation is in force at `now` and the URL lies within its scope.
///
/// # Errors
/// The first rule that stands against it; a protected destination comes before all others.
pub fn admit(authorised: &Authorised, url: &str, now: Timestamp) -> Result<Target, Refusal> {
    let reading = within(authorised.document(), url)?;
    authorised.in_force(now)?;
    Ok(Target::new(authorised, reading.0, reading.1))
}

/// The `robots.txt` that speaks for a target: with the login page, the only fetch outside of the path prefixes.
///
/// # Errors
/// [`Rule::Validity`] outside of the validity window.
pub fn admit_robots(page: &Target, now: Timestamp) -> Result<Target, Refusal> {
    page.authorised().in_force(now)?;
    Ok(page.sibling("/robots.txt"))
}

/// The absolute form of a link on a page. Nothing is admitted by it: give the result to [`admit`].
///
/// # Errors
/// [`Rule::UrlSpelling`] or [`Rule::UrlLength`] if it is no link at all.
pub fn join(base: &Target, href: &str) -> Result<String, Refusal> {
    read::spelling(href)?;
    let base = url::Url::parse(base.url()).map_err(|_| Refusal::new(Rule::UrlSpelling, "the page has no URL"))?;
    let joined = base.join(href).map_err(|_| Refusal::new(Rule::UrlSpelling, "the link is no URL"))?;
    Ok(joined.into())
}

/// Reads a URL and finds the target of the document that covers it; with its index.
fn within(document: &Document, url: &str) -> Result<(Reading, usize), Refusal> {
    let reading = read::read(url)?;
    let named = |site: &Site| site.host == reading.host;
    let mut candidates = document.sites().iter().enumerate().filter(|(_, site)| named(site)).peekable();
    if candidates.peek().is_none() {
        return Err(Refusal::new(Rule::Host, "no target names this exact host"));
    }
    let Some((index, site)) = candidates.find(|(_, site)| site.scheme == reading.scheme) else {
        return Err(Refusal::new(Rule::Scheme, format!("the target is not authorised over {}", reading.scheme)));
    };
    if !site.ports.contains(&reading.port) {
        return Err(Refusal::new(Rule::Port, format!("port {} is not one that the target names", reading.port)));
    }
    if !path::inside(&reading.path, &site.path_prefixes) {
        return Err(Refusal::new(Rule::Path, "the path is below none of the target's prefixes"));
    }
    Ok((reading, index))
}

/// The refusal if a host is protected.
fn protected(host: &str) -> Result<(), Refusal> {
    match Protected::builtin().find(host) {
        Some(entry) => {
            Err(Refusal::new(Rule::ProtectedDestination, format!("the host is protected ({})", entry.category)))
        }
        None => Ok(()),
    }
}
